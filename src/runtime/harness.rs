//! Drives the production loop without a terminal: seed, keys in our notation, screen.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use ratatui::layout::Size;

use crate::app::{App, Event, Surroundings};
use crate::error::UserError;
use crate::keymap::parse_keys;
use crate::model::clock::Clock;
use crate::model::news::Telling;
use crate::model::text::SafeText;
use crate::runtime::backend::Backend;
use crate::runtime::engine::Engine;
use crate::runtime::executor::{Executor, Sender};
use crate::runtime::host::Host;
use crate::runtime::wire::{Ability, Memory, Repeats, Wire};
use crate::text;
use crate::theme::Themes;

/// How long an answer of the store may stay out before a test is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the program asked of the world.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Texts that were copied.
    pub copied: Vec<String>,
    /// Links that were opened.
    pub opened: Vec<String>,
    /// How often it went to the background.
    pub suspended: usize,
    /// How often the terminal rang.
    pub rung: usize,
    /// Notifications of the desktop.
    pub notified: Vec<String>,
    /// Titles of the window.
    pub titles: Vec<String>,
    /// Events that the program of the config was run for.
    pub run_for: Vec<crate::model::news::NewsEvent>,
    /// Texts that were handed to the editor.
    pub edited: Vec<String>,
    /// The line that the editor began at in each.
    pub edited_at: Vec<usize>,
    /// What the editor makes of the next one; without, it fails.
    pub editor: Option<String>,
}

#[derive(Default)]
struct TestHost(Rc<RefCell<Asked>>);

impl Host for TestHost {
    fn copy(&mut self, text: &str) {
        self.0.borrow_mut().copied.push(text.to_owned());
    }

    fn ring(&mut self) {
        self.0.borrow_mut().rung += 1;
    }

    fn notify(&mut self, words: &SafeText) {
        self.0.borrow_mut().notified.push(words.to_string());
    }

    fn entitle(&mut self, words: &SafeText) {
        self.0.borrow_mut().titles.push(words.to_string());
    }

    fn run_notifier(&mut self, told: &Telling, _: Sender) {
        self.0.borrow_mut().run_for.push(told.event);
    }

    fn open(&mut self, target: &str) -> Result<(), UserError> {
        self.0.borrow_mut().opened.push(target.to_owned());
        Ok(())
    }

    fn edit(&mut self, text: &str, line: usize) -> Result<String, UserError> {
        let mut asked = self.0.borrow_mut();
        asked.edited.push(text.to_owned());
        asked.edited_at.push(line);
        let answer = asked.editor.take();
        answer.ok_or_else(|| UserError::new(crate::error::ErrorKind::Config, phrase!("editor-failed")))
    }

    fn suspend(&mut self) {
        self.0.borrow_mut().suspended += 1;
    }
}

/// The program on a screen in memory.
pub struct Harness {
    /// The loop.
    pub engine: Engine<Memory>,
    sender: Sender,
    asked: Rc<RefCell<Asked>>,
    clock: Clock,
    /// Dropped behind the loop.
    lent: Vec<Box<dyn Any>>,
}

impl Harness {
    /// Starts the program on a screen of `size` (columns, rows) and waits until it is idle.
    ///
    /// # Errors
    /// When an answer of the backend stays out.
    pub fn start(
        backend: Arc<dyn Backend>,
        around: Surroundings,
        clock: Clock,
        size: (u16, u16),
    ) -> std::io::Result<Self> {
        let (sender, queue) = channel();
        let sender = Sender::new(sender);
        let asked = Rc::new(RefCell::new(Asked::default()));
        let memory = Memory { written: Vec::new(), size: size.into() };
        let wire = Wire::new(memory, Ability { repeats: Repeats::Nothing, colours: true });
        let theme = Themes::default().load(&around.theme).0;
        let (app, first) = App::new(around, clock.now(), size);
        let executor = Executor::start(backend, sender.clone(), String::new());
        let host = Box::new(TestHost(Rc::clone(&asked)));
        let mut engine = Engine::new(app, theme, wire, queue, executor, host, clock.clone())?;
        engine.perform(first);
        let mut harness = Self { engine, sender, asked, clock, lent: Vec::new() };
        harness.settle()?;
        Ok(harness)
    }

    /// Keeps something for as long as the program runs: the folder of its store, which further connections are made to.
    #[must_use]
    pub fn with(mut self, lent: impl Any) -> Self {
        self.lent.push(Box::new(lent));
        self
    }

    /// Presses keys, one after the other, each when the program has become idle after the one before.
    ///
    /// # Errors
    /// When the keys can't be read or an answer stays out.
    pub fn keys(&mut self, keys: &str) -> std::io::Result<&mut Self> {
        for key in parse_keys(keys).map_err(|why| std::io::Error::other(text::render(&why)))? {
            self.read_sheet()?;
            self.sender.send(Event::Key(key));
            self.settle()?;
        }
        Ok(self)
    }

    /// Presses keys as fast as they come: none waits for what came up to be read.
    ///
    /// # Errors
    /// When the keys can't be read or an answer stays out.
    pub fn keys_at_once(&mut self, keys: &str) -> std::io::Result<&mut Self> {
        for key in parse_keys(keys).map_err(|why| std::io::Error::other(text::render(&why)))? {
            self.sender.send(Event::Key(key));
            self.settle()?;
        }
        Ok(self)
    }

    /// Lets the time pass that it takes to look at a sheet which just came up.
    fn read_sheet(&mut self) -> std::io::Result<()> {
        match self.app().sheet_opens_in() {
            0 => Ok(()),
            left => self.wait(left).map(drop),
        }
    }

    /// Types text as it is, letter by letter.
    ///
    /// # Errors
    /// When an answer stays out.
    pub fn text(&mut self, text: &str) -> std::io::Result<&mut Self> {
        for c in text.chars() {
            self.sender.send(Event::Key(crate::keymap::Key::char(c)));
        }
        self.settle()?;
        Ok(self)
    }

    /// Types text, and lets something happen before any timer runs out: as it is when typing goes on until the end.
    ///
    /// # Errors
    /// When an answer stays out.
    pub fn typed_and_then(&mut self, text: &str, event: Event) -> std::io::Result<&mut Self> {
        for c in text.chars() {
            self.sender.send(Event::Key(crate::keymap::Key::char(c)));
        }
        self.happen(event)
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// When an answer stays out.
    pub fn happen(&mut self, event: Event) -> std::io::Result<&mut Self> {
        if let Event::Resize(columns, rows) = event {
            self.engine.wire.device_mut().size = Size::new(columns, rows);
        }
        self.sender.send(event);
        self.settle()?;
        Ok(self)
    }

    /// Lets the program look at what other processes did, as it does every second.
    ///
    /// # Errors
    /// When an answer stays out.
    pub fn look(&mut self) -> std::io::Result<&mut Self> {
        self.engine.look(PATIENCE);
        self.settle()?;
        Ok(self)
    }

    /// Lets so many milliseconds pass.
    ///
    /// # Errors
    /// When an answer stays out.
    pub fn wait(&mut self, milliseconds: i64) -> std::io::Result<&mut Self> {
        self.clock.advance(milliseconds);
        let now = self.clock.now();
        self.happen(Event::Tick(now))
    }

    fn settle(&mut self) -> std::io::Result<()> {
        self.engine.settle(PATIENCE)
    }

    /// Returns the text of the screen, a line each, without spaces at the ends.
    pub fn screen(&self) -> String {
        let mut out = String::new();
        let Some(buffer) = self.engine.wire.shown() else { return out };
        for y in 0..buffer.area.height {
            let mut line = String::new();
            let mut covered = 0;
            for x in 0..buffer.area.width {
                let Some(cell) = buffer.cell((x, y)) else { continue };
                if covered > 0 {
                    covered -= 1;
                    continue;
                }
                line.push_str(cell.symbol());
                covered = crate::view::layout::width(cell.symbol()).saturating_sub(1);
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// Takes the bytes that were written to the terminal since the last time.
    pub fn written(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.engine.wire.device_mut().written)
    }

    /// Returns the cells of the screen, once something was drawn.
    pub fn buffer(&self) -> Option<&ratatui::buffer::Buffer> {
        self.engine.wire.shown()
    }

    /// Returns the column and the row of the cursor; `None` where it is hidden.
    pub fn cursor(&self) -> Option<(u16, u16)> {
        self.engine.wire.cursor().map(|at| (at.x, at.y))
    }

    /// Returns the row of what was told; empty where it has none.
    pub fn status(&self) -> String {
        self.app().geometry().status.map_or_else(String::new, |place| self.row(place.y))
    }

    /// Returns the last row of the screen: the keys that work now.
    pub fn hints(&self) -> String {
        self.row(self.app().geometry().hints.y)
    }

    fn row(&self, y: u16) -> String {
        self.screen().lines().nth(usize::from(y)).unwrap_or_default().trim().to_owned()
    }

    /// Returns the state.
    pub fn app(&self) -> &App {
        &self.engine.app
    }

    /// Lets the editor make `text` of whatever it is handed next.
    pub fn editor(&mut self, text: &str) -> &mut Self {
        self.asked.borrow_mut().editor = Some(text.to_owned());
        self
    }

    /// Returns what the program asked of the world.
    pub fn asked(&self) -> Asked {
        self.asked.borrow().clone()
    }
}
