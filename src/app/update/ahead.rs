//! Keys that are typed while a mail is being opened. Whoever presses `r` and types on means the answer, however long the store takes to begin
//! it: what was typed waits, and is typed there.

use crate::app::event::Event;
use crate::app::tickets::Purpose;
use crate::app::{App, Effect, Severity};

/// So many keys and pastes wait at most.
const WAITING_MAX: usize = 10_000;

impl App {
    /// Tells whether this is meant for what is being opened.
    pub(super) fn is_typed_ahead(&self, event: &Event) -> bool {
        matches!(event, Event::Key(_) | Event::Paste(_)) && self.is_opening()
    }

    fn is_opening(&self) -> bool {
        self.tickets.has(&Purpose::Begin) || self.tickets.has(&Purpose::SavedReplies)
    }

    /// Lets it wait.
    pub(super) fn keep_for_later(&mut self, event: Event) -> Vec<Effect> {
        if self.ahead.len() < WAITING_MAX {
            self.ahead.push_back(event);
        }
        Vec::new()
    }

    /// Types what waited, once it is open. Where nothing came of it the keys would act on something else: they are dropped, and counted.
    pub(super) fn go_on_typing(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while !self.ahead.is_empty() && !self.is_opening() {
            if self.compose().is_none() {
                let count = u32::try_from(std::mem::take(&mut self.ahead).len()).unwrap_or(u32::MAX);
                self.tell(Severity::Warning, &say!("keys-not-taken", count = count), "");
                break;
            }
            effects.extend(self.ahead.pop_front().map(|event| self.take_now(event)).unwrap_or_default());
        }
        effects
    }
}
