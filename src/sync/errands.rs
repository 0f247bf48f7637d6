//! The thread of an account that runs errands, over a connection of its own where the server has place for one. Where it has not, it lends
//! them to the thread that brings mail in, and asks again now and then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Remedy, SyncError};
use super::link::{Link, Side};
use super::remote::{Alone, Connection, Remote, Waited};
use super::retry::Backoff;
use super::tasks::{Tasks, Urge};
use super::teller::Teller;
use super::waker::Waker;
use crate::config::Account;
use crate::model::change::Part;

/// How long an errand waits for news.
const WAIT: Duration = Duration::from_secs(120);
/// How often it is looked whether the errands come back.
const POLL: Duration = Duration::from_secs(5);
/// How long the first connection is left to the thread that brings mail in.
const FIRST_COME: Duration = Duration::from_secs(10);
/// How long one connection does before a second one is asked for again.
const SECOND: Duration = Duration::from_secs(300);
/// So many failures in a row of this connection alone are told: one or two are the other's too, or pass.
const TOLD_AFTER: u32 = 2;

/// The thread that runs errands.
pub(super) struct Errands {
    account: Account,
    remote: Arc<dyn Remote>,
    link: Arc<Link>,
    teller: Teller,
    /// `None` while they are lent.
    tasks: Option<Tasks>,
    backoff: Backoff,
    failures: u32,
}

/// How the work over a connection ended without an error.
#[derive(PartialEq, Eq)]
enum Ended {
    Stopped,
    /// The other thread needs the connection.
    GivenUp,
}

impl Errands {
    pub(super) fn new(
        account: Account,
        remote: Arc<dyn Remote>,
        link: Arc<Link>,
        teller: Teller,
        tasks: Tasks,
    ) -> Self {
        Self { account, remote, link, teller, tasks: Some(tasks), backoff: Backoff::default(), failures: 0 }
    }

    fn open(&self) -> Result<Box<dyn Connection>, SyncError> {
        self.remote.connect(self.waker(), Arc::new(Alone))
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
        let ended = match self.open() {
            Err(error) if error.is_of_too_many() && self.link.is_mail_up() => {
                tracing::info!(account = %self.account.id, %error, "one connection has to do");
                return self.link.lend(tasks);
            }
            Err(error) => Err(error),
            Ok(connection) => self.connected(connection, &mut tasks),
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
        let Ok(connection) = self.open() else { return };
        // A run over the other connection is waited for.
        while !self.waker().is_stopped() {
            if let Some(mut tasks) = self.link.take_back() {
                tracing::info!(account = %self.account.id, "there is place for a second connection");
                match self.connected(connection, &mut tasks) {
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

    fn connected(&mut self, mut connection: Box<dyn Connection>, tasks: &mut Tasks) -> Result<Ended, SyncError> {
        self.link.errands_are_up(true);
        let ended = self.work(&mut *connection, tasks);
        if ended.is_ok() {
            connection.close();
        }
        self.link.errands_are_up(false);
        ended
    }

    fn work(&mut self, connection: &mut dyn Connection, tasks: &mut Tasks) -> Result<Ended, SyncError> {
        let mut least = Urge::Done;
        while !self.waker().is_stopped() {
            if self.link.is_alone() {
                return Ok(Ended::GivenUp);
            }
            self.link.is_asked(Side::Errands);
            tasks.run(connection, self.link.take_urge().max(least))?;
            // Waits until there is something to do.
            let again = tasks.next_try().unwrap_or(WAIT).max(Duration::from_millis(500));
            let ended = connection.log().wait(WAIT.min(again))?;
            least = if ended == Waited::Woken { Urge::Done } else { Urge::Due };
            self.backoff.reset();
            self.failures = 0;
        }
        Ok(Ended::Stopped)
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
        let both = matches!(error, SyncError::Remote(_)) && !self.link.is_mail_up();
        if !passes && !both {
            let error = error.for_user(&self.account);
            self.teller.troubles(Part::Log, &[error]);
        }
        self.link.rest(Side::Errands, wait, remedy);
    }
}
