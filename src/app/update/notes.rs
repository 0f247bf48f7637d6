//! Notes while they are typed: kept on every pause, on Escape and at the end, and taken up again.

use crate::app::compose::KEEP_AFTER;
use crate::app::line::Line;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Prompt, PromptKind, Severity, Timer};

/// The place of a note on all that is marked.
const MARKED: &str = "marked";

impl App {
    /// Opens the line for a note, with what was typed of it before.
    pub(super) fn open_note(&mut self) -> Vec<Effect> {
        let place = match self.current_id() {
            Some(id) if self.marks.is_empty() => id.to_string(),
            _ => MARKED.to_owned(),
        };
        self.open_note_at(PromptKind::Note, "", place)
    }

    /// Opens the line for a note at a place.
    pub(super) fn open_note_at(&mut self, kind: PromptKind, text: &str, place: String) -> Vec<Effect> {
        let prompt = Prompt { place: Some(place.clone()), ..Prompt::new(kind, text) };
        let mut effects = self.push(Layer::Prompt(prompt));
        effects.push(self.ask(Purpose::KeptNote(place.clone()), Ask::KeptNote(place)));
        effects
    }

    /// Puts what was typed before into the line, in front of what was typed since.
    pub(super) fn take_kept_note(&mut self, place: &str, text: &str) {
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return };
        if prompt.place.as_deref() != Some(place) {
            return;
        }
        let typed = if prompt.dirty { prompt.line.text() } else { String::new() };
        prompt.line = Line::new(&if typed.is_empty() { text.to_owned() } else { format!("{text}\n{typed}") });
        self.tell(Severity::Info, &say!("note-typed-before"), &say!("hint-erases"));
    }

    /// Notes that something was typed, and sets about keeping it.
    pub(super) fn touch_note(&mut self) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Prompt(prompt)) if prompt.place.is_some() => prompt.dirty = true,
            _ => return Vec::new(),
        }
        vec![Effect::SetTimer(Timer::Keep(self.tickets.newest()), KEEP_AFTER)]
    }

    /// Keeps what is typed of a note, unless the store has it.
    pub(super) fn keep_note(&mut self) -> Vec<Effect> {
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return Vec::new() };
        let Some(place) = prompt.place.clone().filter(|_| std::mem::take(&mut prompt.dirty)) else { return Vec::new() };
        let text = prompt.line.text();
        vec![self.ask(Purpose::KeepNote, Ask::KeepNote { place, text })]
    }

    /// Tells whether a note would still be written where its line was opened. Its conversation may have gone from under it, and what is
    /// current then is another one.
    pub(super) fn note_has_its_place(&self, prompt: &Prompt) -> bool {
        match prompt.place.as_deref() {
            None | Some(MARKED) => true,
            Some(place) => self.marks.is_empty() && self.current_id().is_some_and(|id| id.as_str() == place),
        }
    }

    /// Leaves the line; a note that was begun stays, and that is said.
    pub(super) fn leave_line(&mut self) -> Vec<Effect> {
        let effects = self.keep_note();
        let left = self.pop_layer();
        if let Some(Layer::Prompt(prompt)) = left
            && prompt.place.is_some()
            && prompt.kind == PromptKind::Note
            && !prompt.line.text().trim().is_empty()
        {
            let key = self.key_of(crate::keymap::Action::Note);
            self.tell(Severity::Info, &say!("note-kept"), &say!("hint-takes-up", key = key));
        }
        effects
    }
}
