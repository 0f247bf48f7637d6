//! The thread of an account that runs errands, over a connection of its own where the server has place for one. Where it has not, it lends
//! them to the thread that brings mail in, and asks again now and then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::account::Shared;
use super::error::SyncError;
use super::imap::divert::IdleEnd;
use super::imap::error::Remedy;
use super::imap::{Session, Waker, quirks};
use super::link::{Link, Side};
use super::retry::{Backoff, Trust};
use super::tasks::{Tasks, Urge};
use super::teller::Teller;
use crate::config::Account;
use crate::model::change::Part;

/// How long an errand waits for news.
const WAIT: Duration = Duration::from_secs(120);
/// How long it waits between questions where IDLE is missing.
const POLL: Duration = Duration::from_secs(5);
/// How long the first connection is left to the thread that brings mail in.
const FIRST_COME: Duration = Duration::from_secs(10);
/// How long one connection does before a second one is asked for again.
const SECOND: Duration = Duration::from_secs(300);
/// So many failures in a row of this connection alone are told: one or two are the other's too, or pass.
const TOLD_AFTER: u32 = 2;

/// The thread that runs errands.
pub(super) struct Errands {
    shared: Shared,
    account: Account,
    link: Arc<Link>,
    teller: Teller,
    /// `None` while they are lent.
    tasks: Option<Tasks>,
    backoff: Backoff,
    failures: u32,
    trust: Trust,
}

/// How the work over a connection ended without an error.
#[derive(PartialEq, Eq)]
enum Ended {
    Stopped,
    /// The other thread needs the connection.
    GivenUp,
}

impl Errands {
    pub(super) fn new(shared: Shared, account: Account, link: Arc<Link>, teller: Teller, tasks: Tasks) -> Self {
        Self {
            shared,
            account,
            link,
            teller,
            tasks: Some(tasks),
            backoff: Backoff::default(),
            failures: 0,
            trust: Trust::default(),
        }
    }

    fn waker(&self) -> &Waker {
        &self.link.errands
    }

    pub(super) fn run(mut self) {
        let end = Instant::now() + FIRST_COME;
        while !self.link.is_mail_up() && !self.waker().is_stopped() && Instant::now() < end {
            self.waker().wait(end.saturating_duration_since(Instant::now()));
        }
        while !self.waker().is_stopped() {
            if self.link.is_refused() {
                // The other thread tries now and then, and it wakes this one when that is over.
                if self.waker().wait(WAIT) && self.tasks.is_none() {
                    self.link.urge();
                }
                continue;
            }
            match self.tasks.take() {
                Some(tasks) => self.own(tasks),
                None => self.wait_for_place(),
            }
        }
    }

    /// Runs the errands over a connection of their own until it ends.
    fn own(&mut self, mut tasks: Tasks) {
        // Whoever asked until now gets this try.
        self.link.is_asked(Side::Errands);
        let ended = match self.shared.open(&self.account, self.waker()) {
            Err(error) if error.is_of_too_many() && self.link.is_mail_up() => {
                tracing::info!(account = %self.account.id, %error, "one connection has to do");
                return self.link.lend(tasks);
            }
            Err(error) => Err(error),
            Ok(session) => self.connected(session, &mut tasks),
        };
        match ended {
            Ok(Ended::GivenUp) => self.link.lend(tasks),
            Ok(Ended::Stopped) => {}
            Err(error) => {
                self.tasks = Some(tasks);
                self.failed(error);
            }
        }
    }

    /// While the errands are lent: passes on whoever wakes them, and asks for a second connection when it is time.
    fn wait_for_place(&mut self) {
        let again = Instant::now() + SECOND;
        while self.waker().wait(again.saturating_duration_since(Instant::now())) {
            if self.waker().is_stopped() {
                return;
            }
            self.link.urge();
            if self.link.is_asked(Side::Errands) {
                break;
            }
        }
        if self.link.is_refused() {
            return;
        }
        let Ok(session) = self.shared.open(&self.account, self.waker()) else { return };
        // A run over the other connection is waited for.
        while !self.waker().is_stopped() {
            if let Some(mut tasks) = self.link.take_back() {
                tracing::info!(account = %self.account.id, "there is place for a second connection");
                match self.connected(session, &mut tasks) {
                    Ok(Ended::GivenUp) => self.link.lend(tasks),
                    Ok(Ended::Stopped) => {}
                    Err(error) => {
                        self.tasks = Some(tasks);
                        self.failed(error);
                    }
                }
                return;
            }
            self.waker().wait(POLL);
        }
    }

    fn connected(&mut self, mut session: Session, tasks: &mut Tasks) -> Result<Ended, SyncError> {
        self.link.errands_are_up(true);
        let ended = self.work(&mut session, tasks);
        if ended.is_ok() {
            session.logout();
        }
        self.link.errands_are_up(false);
        ended
    }

    fn work(&mut self, session: &mut Session, tasks: &mut Tasks) -> Result<Ended, SyncError> {
        let mut ended = None;
        while !self.waker().is_stopped() {
            if self.link.is_alone() {
                return Ok(Ended::GivenUp);
            }
            self.link.is_asked(Side::Errands);
            let woken = ended.is_none_or(|ended| ended == IdleEnd::Woken);
            let least = if woken { Urge::Done } else { Urge::Due };
            tasks.run(session, self.link.take_urge().max(least))?;
            // The first run finds what came while there was no connection.
            if let Some(ended) = ended {
                self.trust.learn(ended == IdleEnd::Changed, tasks.found());
            }
            ended = Some(self.wait(session, tasks)?);
            self.backoff.reset();
            self.failures = 0;
        }
        Ok(Ended::Stopped)
    }

    /// Waits until there is something to do.
    fn wait(&self, session: &mut Session, tasks: &Tasks) -> Result<IdleEnd, SyncError> {
        let again = tasks.next_try().unwrap_or(WAIT).max(Duration::from_millis(500));
        let Some(folder) = tasks.watched() else { return Ok(self.rest(WAIT.min(again))) };
        if !session.capabilities().has("IDLE") {
            return Ok(self.rest(POLL.min(again)));
        }
        if session.selected().is_none_or(|s| s.name != folder) {
            match session.examine(&folder) {
                // What the errands say of it is told; it is not watched meanwhile.
                Err(error) if error.leaves_session_usable() && session.is_usable() => return Ok(self.rest(POLL)),
                opened => drop(opened?),
            }
        }
        let at_most = self.trust.wait().unwrap_or(WAIT).min(again);
        let end = session.idle(at_most.min(quirks::IDLE_FOR))?;
        session.take_events();
        Ok(end)
    }

    fn rest(&self, at_most: Duration) -> IdleEnd {
        if self.waker().wait(at_most) { IdleEnd::Woken } else { IdleEnd::Timeout }
    }

    /// Tells of a failure that is not the other thread's too, and waits.
    fn failed(&mut self, error: SyncError) {
        let remedy = error.remedy();
        if remedy == Remedy::Stop {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let wait = self.backoff.next(remedy, fastrand::f64());
        let passes = self.failures < TOLD_AFTER;
        let both = matches!(error, SyncError::Imap(_)) && !self.link.is_mail_up();
        if !passes && !both {
            let error = error.for_user(&self.account.id, &self.account.imap);
            self.teller.troubles(Part::Log, &[error]);
        }
        self.link.rest(Side::Errands, wait, remedy);
    }
}
