//! Reads keys, pastes and sizes from the terminal on a thread of its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crossterm::event::{self, KeyCode, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};

use crate::app::Event;
use crate::app::mouse::{Did, Mouse};
use crate::keymap::{Code, Key};
use crate::runtime::background::{Answers, HELD};
use crate::runtime::executor::Sender;

/// How long the reader holds the terminal at most before it looks whether somebody else wants it.
const HOLD: Duration = Duration::from_millis(250);

/// Keeps the reader away from the terminal while another program, such as an editor, has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<()>>);

impl Gate {
    /// Runs `work` while the reader reads nothing.
    pub(crate) fn closed<T>(&self, work: impl FnOnce() -> T) -> T {
        let _held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}

/// Starts the reader. Where the terminal was `asked` for its background, what it answers is no key.
pub(crate) fn read_keys(sender: Sender, asked: bool) -> Gate {
    let gate = Gate::default();
    let own = gate.clone();
    std::thread::spawn(move || {
        let mut answers = asked.then(Answers::default);
        loop {
            let hold = if answers.as_ref().is_some_and(Answers::holds) { HELD } else { HOLD };
            let read = own.closed(|| match event::poll(hold) {
                Ok(true) => event::read().map(Some),
                Ok(false) => Ok(None),
                Err(error) => Err(error),
            });
            let (event, rests) = match read {
                Ok(Some(event)) => (translate(event), false),
                Ok(None) => (None, true),
                // The terminal is gone.
                Err(_) => return sender.send(Event::Quit),
            };
            let events = match (&mut answers, event) {
                (Some(answers), Some(event)) => answers.take(event),
                (Some(answers), None) if rests => answers.rest(),
                (_, event) => event.into_iter().collect(),
            };
            events.into_iter().for_each(|event| sender.send(event));
            if rests {
                std::thread::yield_now();
            }
        }
    });
    gate
}

fn translate(event: event::Event) -> Option<Event> {
    match event {
        event::Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(Event::Key),
        event::Event::Paste(text) => Some(Event::Paste(text)),
        event::Event::Resize(columns, rows) => Some(Event::Resize(columns, rows)),
        event::Event::Mouse(mouse) => {
            let did = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Did::Press,
                MouseEventKind::Drag(MouseButton::Left) => Did::Drag,
                MouseEventKind::Up(MouseButton::Left) => Did::Release,
                MouseEventKind::ScrollDown => Did::WheelDown,
                MouseEventKind::ScrollUp => Did::WheelUp,
                _ => return None,
            };
            Some(Event::Mouse(Mouse { column: mouse.column, row: mouse.row, did }))
        }
        _ => None,
    }
}

fn translate_key(key: event::KeyEvent) -> Option<Key> {
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(Key { code, ctrl, alt })
}
