//! Keys that are typed while a mail is being opened. Whoever presses `r` and types on means the answer, however long the store takes to begin
//! it: what was typed waits, and is typed there. Where nothing opens it is dropped, and so is what is typed on: as commands the letters
//! would do what nobody meant.

use crate::app::closing::Dropped;
use crate::app::event::Event;
use crate::app::tickets::Purpose;
use crate::app::{App, Effect, Severity};
use crate::keymap::Context;
use crate::model::text::SafeText;

/// So many keys and pastes wait at most.
const WAITING_MAX: usize = 10_000;

impl App {
    /// Tells whether this is meant for what is being opened.
    pub(super) fn is_typed_ahead(&self, event: &Event) -> bool {
        matches!(event, Event::Key(_) | Event::Paste(_)) && self.is_opening()
    }

    /// Tells whether something to type in is on its way.
    pub(super) fn is_opening(&self) -> bool {
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
    pub(super) fn go_on_typing(&mut self, was_opening: bool) -> Vec<Effect> {
        let mut effects = Vec::new();
        if was_opening && !self.is_opening() && self.compose().is_none() {
            self.give_up_typing();
        }
        while !self.ahead.is_empty() && !self.is_opening() {
            if self.compose().is_none() {
                self.give_up_typing();
                break;
            }
            effects.extend(self.ahead.pop_front().map(|event| self.take_now(event)).unwrap_or_default());
        }
        effects
    }

    /// Drops what was typed ahead, and what is typed on where its letters would be commands.
    pub(super) fn give_up_typing(&mut self) {
        let count = u32::try_from(std::mem::take(&mut self.ahead).len()).unwrap_or(u32::MAX);
        if count > 0 {
            let why = self.notices.last().map(|notice| notice.text.clone()).unwrap_or_default();
            self.tell(Severity::Warning, &say!("keys-not-taken", count = count), why.as_str());
        }
        if self.context() != Context::Compose {
            self.closing.refuse(self.now, count);
        }
    }

    /// Tells how many keys were not taken, in the place of what was told of the key before.
    pub(super) fn tell_dropped(&mut self, dropped: Dropped) {
        let (count, words): (u32, fn(u32) -> String) = match dropped {
            Dropped::Closed(count) => (count, |count| say!("keys-dropped", count = count)),
            Dropped::NotOpened(count) => (count, |count| say!("keys-not-taken", count = count)),
        };
        let before = SafeText::line_max(&words(count.saturating_sub(1)), 500);
        let last = self.notices.pop_if(|last| count > 1 && last.text == before);
        let why = match (dropped, last) {
            (_, Some(last)) => last.hint,
            // Why nothing opened was told just before.
            (Dropped::NotOpened(_), None) => self.notices.last().map(|last| last.text.clone()).unwrap_or_default(),
            (Dropped::Closed(_), None) => SafeText::default(),
        };
        self.tell(Severity::Warning, &words(count), why.as_str());
    }
}
