//! What the two threads of an account agree on: who has a connection, and who runs the errands.
//!
//! Two connections are wanted. Where the server lets only one in, the thread that watches the mail has it and runs the errands too; the
//! other one asks for its own connection now and then.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::imap::Waker;
use super::tasks::Tasks;

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
    /// Whether somebody asked for a second connection now.
    second_wanted: bool,
    /// Whether somebody woke the errands since they ran last.
    urged: bool,
    lent: Option<Tasks>,
}

impl Link {
    pub(super) fn new(mail: Waker, errands: Waker) -> Self {
        Self { state: Mutex::default(), mail, errands }
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
        self.state().second_wanted = true;
        self.want_pass();
        self.errands.wake();
    }

    /// Tells whether somebody asked for a second connection since this was asked last.
    pub(super) fn is_second_wanted(&self) -> bool {
        std::mem::take(&mut self.state().second_wanted)
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
            state.urged = true;
            state.lent = Some(tasks);
        }
        self.mail.wake();
    }

    /// Notes that the errands are to run now.
    pub(super) fn urge(&self) {
        self.state().urged = true;
        self.mail.wake();
    }

    /// Takes the lent errands for a run, with whether somebody woke them; [`Link::put_back`] ends it.
    pub(super) fn take(&self) -> Option<(Tasks, bool)> {
        let mut state = self.state();
        let tasks = state.lent.take()?;
        Some((tasks, std::mem::take(&mut state.urged)))
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
