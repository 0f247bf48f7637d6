//! The errands of an account: they run in turn over a connection that is lent, and the trouble of one holds up no other.

use std::time::{Duration, Instant};

use super::errand::Errand;
use super::error::SyncError;
use super::remote::Connection;
use super::retry::Backoff;
use super::teller::Teller;
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::Part;

/// One errand, and how its last run ended.
struct Slot {
    errand: Box<dyn Errand>,
    trouble: Option<UserError>,
    /// Not before this, after a run that failed.
    again: Option<Instant>,
    backoff: Backoff,
}

/// How much a run is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urge {
    /// It is time for one.
    #[default]
    Due,
    /// Somebody did something: what failed is tried again, unless the server wants to hear nothing.
    Done,
    /// Somebody asked for everything now.
    Asked,
}

/// The errands of an account, in the order in which they run.
pub(super) struct Tasks {
    account: Account,
    teller: Teller,
    slots: Vec<Slot>,
    pause: Pause,
}

/// When a server wants to hear nothing, and what is wanted of it meanwhile.
#[derive(Default)]
struct Pause {
    until: Option<Instant>,
    urge: Urge,
}

impl Pause {
    /// Returns how much a run is wanted, by what was missed in the pause too; `None` where it has to wait.
    fn admit(&mut self, urge: Urge, now: Instant) -> Option<Urge> {
        self.urge = self.urge.max(urge);
        if self.urge < Urge::Asked && self.until.is_some_and(|until| until > now) {
            return None;
        }
        self.until = None;
        Some(std::mem::take(&mut self.urge))
    }
}

impl Tasks {
    pub(super) fn new(account: Account, teller: Teller, errands: Vec<Box<dyn Errand>>) -> Self {
        let slot = |errand| Slot { errand, trouble: None, again: None, backoff: Backoff::default() };
        Self { account, teller, slots: errands.into_iter().map(slot).collect(), pause: Pause::default() }
    }

    /// Runs what is to run now.
    ///
    /// # Errors
    /// What ended the connection, or the store's. What the server refuses is told, and none.
    pub(super) fn run(&mut self, connection: &mut dyn Connection, urge: Urge) -> Result<(), SyncError> {
        let now = Instant::now();
        let Some(urge) = self.pause.admit(urge, now) else { return Ok(()) };
        let began = self.teller.now();
        if urge > Urge::Due {
            self.slots.iter_mut().for_each(Slot::urge);
        }
        let mut ended = Ok(());
        for slot in self.slots.iter_mut().filter(|slot| slot.again.is_none_or(|again| again <= now)) {
            let Err(error) = slot.errand.run(connection) else {
                (slot.trouble, slot.again) = (None, None);
                slot.backoff.reset();
                continue;
            };
            if !error.is_of_one_part() || !connection.is_usable() {
                ended = Err(error);
                break;
            }
            let throttled = error.is_throttle();
            let again = now + slot.backoff.next(error.remedy(), fastrand::f64());
            slot.again = Some(again);
            slot.trouble = Some(error.for_user(&self.account));
            if throttled {
                self.pause.until = Some(again);
                break;
            }
        }
        self.tell();
        // Nobody asks for what is done because it is time.
        if ended.is_ok() && urge > Urge::Due {
            self.teller.ran(began);
        }
        ended
    }

    fn tell(&self) {
        for part in [Part::Log, Part::Outbox, Part::Other] {
            let of_it = self.slots.iter().filter(|slot| slot.errand.part() == part);
            let troubles: Vec<UserError> =
                of_it.flat_map(|slot| slot.trouble.iter().cloned().chain(slot.errand.troubles())).collect();
            self.teller.troubles(part, &troubles);
        }
    }

    /// Returns how long it is until something runs again that failed; `None` where nothing waits so.
    pub(super) fn next_try(&self) -> Option<Duration> {
        let waits = self.slots.iter().filter_map(|slot| slot.again).min();
        self.pause.until.max(waits).map(|again| again.saturating_duration_since(Instant::now()))
    }
}

impl Slot {
    fn urge(&mut self) {
        self.again = None;
        self.errand.urge();
    }
}

#[cfg(test)]
#[path = "tasks_tests.rs"]
mod tests;
