//! What the two threads of an account agree on: who has a connection, and who runs the errands.
//!
//! Two connections are wanted. Where the server lets only one in, the thread that watches the mail has it and runs the errands too; the
//! other one asks for its own connection now and then.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::error::Remedy;
use super::tasks::{Tasks, Urge};
use super::waker::Waker;

/// One of the two threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that brings mail in.
    Mail,
    /// The one that runs errands.
    Errands,
}

/// What ended a rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rested {
    /// The time is over.
    Whole,
    /// There is something new to do.
    Woken,
    /// Somebody asked for a try now.
    Asked,
    Stopped,
}

pub(super) struct Link {
    state: Mutex<State>,
    /// Wakes the thread that brings mail in.
    pub(super) mail: Waker,
    /// Wakes the thread that runs errands.
    pub(super) errands: Waker,
}

#[derive(Default)]
struct State {
    mail_up: bool,
    errands_up: bool,
    /// Whether one connection has to do.
    alone: bool,
    /// Whether somebody asked for a pass since the last wait.
    pass_wanted: bool,
    /// Whether somebody asked for everything now, since the thread that brings mail in looked last.
    mail_asked: bool,
    /// The same of the thread that runs errands.
    errands_asked: bool,
    /// Whether the thread that brings mail in was not let in, and a person has to do something about it.
    refused: bool,
    /// How much the errands are wanted since they ran last.
    urge: Urge,
    lent: Option<Tasks>,
}

impl Link {
    pub(super) fn new(mail: Waker, errands: Waker) -> Self {
        Self { state: Mutex::default(), mail, errands }
    }

    fn waker(&self, side: Side) -> &Waker {
        match side {
            Side::Mail => &self.mail,
            Side::Errands => &self.errands,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes whether the thread that brings mail in has a connection.
    pub(super) fn mail_is_up(&self, up: bool) {
        self.state().mail_up = up;
        if up {
            self.errands.wake();
        }
    }

    /// Notes whether a person has to do something before the thread that brings mail in gets a connection. Where that is over, the other
    /// thread tries too.
    pub(super) fn mail_is_refused(&self, refused: bool) {
        let over = {
            let mut state = self.state();
            let over = state.refused && !refused;
            state.refused = refused;
            state.errands_asked |= over;
            over
        };
        if over {
            self.errands.wake();
        }
    }

    /// Tells whether a person has to do something. Then one thread tries now and then, because servers count wrong passwords.
    pub(super) fn is_refused(&self) -> bool {
        self.state().refused
    }

    /// Tells whether it has one.
    pub(super) fn is_mail_up(&self) -> bool {
        self.state().mail_up
    }

    /// Notes whether the thread that runs errands has a connection.
    pub(super) fn errands_are_up(&self, up: bool) {
        self.state().errands_up = up;
    }

    /// Tells whether it has one.
    pub(super) fn are_errands_up(&self) -> bool {
        self.state().errands_up
    }

    /// Asks the thread that runs errands to give up its connection and to lend them.
    pub(super) fn ask_alone(&self) {
        self.state().alone = true;
        self.errands.wake();
    }

    /// Tells whether one connection has to do.
    pub(super) fn is_alone(&self) -> bool {
        self.state().alone
    }

    /// Asks for a pass over the mail now.
    pub(super) fn want_pass(&self) {
        self.state().pass_wanted = true;
        self.mail.wake();
    }

    /// Somebody asked for everything now: a pass, the errands, and a second connection where there is one only.
    pub(super) fn nudge(&self) {
        {
            let mut state = self.state();
            (state.mail_asked, state.errands_asked, state.urge) = (true, true, Urge::Asked);
        }
        self.want_pass();
        self.errands.wake();
    }

    /// Tells whether somebody asked for everything since the thread looked last.
    pub(super) fn is_asked(&self, side: Side) -> bool {
        let mut state = self.state();
        std::mem::take(match side {
            Side::Mail => &mut state.mail_asked,
            Side::Errands => &mut state.errands_asked,
        })
    }

    /// Rests after a failure, for as long as `wait`. What mends itself is tried again when there is something new to do. Where a server or a
    /// person is to be given time only somebody who asks ends the rest: a wrong password that is tried with all that is done meanwhile
    /// locks an account.
    pub(super) fn rest(&self, side: Side, wait: Duration, remedy: Remedy) -> Rested {
        let (waker, end) = (self.waker(side), Instant::now() + wait);
        while waker.wait(end.saturating_duration_since(Instant::now())) {
            if waker.is_stopped() {
                return Rested::Stopped;
            }
            if self.is_asked(side) {
                return Rested::Asked;
            }
            if remedy == Remedy::Wait {
                return Rested::Woken;
            }
        }
        Rested::Whole
    }

    /// Tells whether somebody asked for a pass since this was asked last.
    pub(super) fn is_pass_wanted(&self) -> bool {
        std::mem::take(&mut self.state().pass_wanted)
    }

    /// Lends the errands to the thread that brings mail in.
    pub(super) fn lend(&self, tasks: Tasks) {
        {
            let mut state = self.state();
            state.alone = true;
            state.urge = state.urge.max(Urge::Done);
            state.lent = Some(tasks);
        }
        self.mail.wake();
    }

    /// Notes that the lent errands are to run now.
    pub(super) fn urge(&self) {
        {
            let mut state = self.state();
            state.urge = state.urge.max(Urge::Done);
        }
        self.mail.wake();
    }

    /// Returns how much a run is wanted that begins now, whoever begins it.
    pub(super) fn take_urge(&self) -> Urge {
        std::mem::take(&mut self.state().urge)
    }

    /// Takes the lent errands for a run, with how much it is wanted; [`Link::put_back`] ends it.
    pub(super) fn take(&self) -> Option<(Tasks, Urge)> {
        let mut state = self.state();
        let tasks = state.lent.take()?;
        Some((tasks, std::mem::take(&mut state.urge)))
    }

    /// Ends a run of lent errands.
    pub(super) fn put_back(&self, tasks: Tasks) {
        self.state().lent = Some(tasks);
    }

    /// Takes the errands back for good, because there is a second connection; `None` while they run.
    pub(super) fn take_back(&self) -> Option<Tasks> {
        let mut state = self.state();
        let tasks = state.lent.take()?;
        state.alone = false;
        Some(tasks)
    }
}

#[cfg(test)]
#[path = "link_tests.rs"]
mod tests;
