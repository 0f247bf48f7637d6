//! The thread of an account that brings mail in, over one connection that it makes anew when that breaks. Where the server has no place for
//! a second one, it runs the errands too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::{Remedy, SyncError};
use super::link::{Link, Side};
use super::pass::{Pass, Progress};
use super::remote::{Connection, Gate, Look, News, Remote};
use super::retry::Backoff;
use super::teller::Teller;
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::SyncStatus;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::store::Store;

/// How long the other thread is given to give up its connection.
const YIELD: Duration = Duration::from_secs(10);

/// What both threads of all accounts share.
#[derive(Clone)]
pub(super) struct Shared {
    pub store: Store,
    pub on_status: Arc<dyn Fn(SyncStatus) + Send + Sync>,
}

impl Shared {
    pub(super) fn now(&self) -> Timestamp {
        self.store.author().clock.now()
    }
}

/// The thread that brings mail in.
pub(super) struct Mail {
    account: Account,
    remote: Arc<dyn Remote>,
    link: Arc<Link>,
    teller: Teller,
    backoff: Backoff,
    /// What the last complete pass had to say.
    warnings: Vec<UserError>,
    /// Whether lent errands come before the pass: the last connection ended in a pass.
    errands_first: bool,
}

impl Mail {
    pub(super) fn new(account: Account, remote: Arc<dyn Remote>, link: Arc<Link>, teller: Teller) -> Self {
        Self { account, remote, link, teller, backoff: Backoff::default(), warnings: Vec::new(), errands_first: false }
    }

    pub(super) fn run(mut self) {
        while !self.link.mail.is_stopped() {
            self.teller.connecting();
            let ended = self.connected();
            self.link.mail_is_up(false);
            let Err(error) = ended else { continue };
            let remedy = error.remedy();
            let Some(wait) = self.teller.failed(error, &self.account, &mut self.backoff) else { return };
            self.link.rest(Side::Mail, wait, remedy);
        }
    }

    /// Works until something breaks, or forever; returns where a new connection is wanted.
    fn connected(&mut self) -> Result<(), SyncError> {
        // Whoever asked until now gets this try.
        self.link.is_asked(Side::Mail);
        let gate = OnlyOne { account: self.account.id.clone(), link: Arc::clone(&self.link) };
        let mut connection = self.remote.connect(&self.link.mail, Arc::new(gate))?;
        self.link.mail_is_up(true);
        self.work(&mut *connection)?;
        connection.close();
        Ok(())
    }

    fn work(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let mut look = Look::All;
        if std::mem::take(&mut self.errands_first) {
            self.errands(connection)?;
        }
        while !self.link.mail.is_stopped() {
            self.link.is_asked(Side::Mail);
            let pass = self.pass(connection, &look)?;
            if pass.fetched() + pass.bodies > 0 {
                self.backoff.reset();
            }
            if pass.reopened > 0 && matches!(look, Look::Into(_)) {
                // What is waited for is said anew, after a pass over everything.
                look = Look::All;
                continue;
            }
            self.errands(connection)?;
            if pass.bodies > 0 {
                // Where bodies came, there may be more of them.
                look = Look::All;
                continue;
            }
            match self.wait(connection)? {
                Some(next) => look = next,
                None => break,
            }
        }
        Ok(())
    }

    fn pass(&mut self, connection: &mut dyn Connection, look: &Look) -> Result<Pass, SyncError> {
        if *look == Look::Nowhere {
            return connection.mailbox().fetch(look, &mut |_| {});
        }
        self.errands_first = true;
        let teller = &self.teller;
        let progress: &mut dyn FnMut(Progress) = &mut |p| teller.progress(p);
        let began = (*look == Look::All).then(|| self.teller.now());
        let pass = connection.mailbox().fetch(look, progress)?;
        self.errands_first = false;
        if *look == Look::All || !pass.warnings.is_empty() {
            self.warnings.clone_from(&pass.warnings);
        }
        self.teller.current(&self.warnings, began);
        tracing::debug!(account = %self.account.id, fetched = pass.fetched(), bodies = pass.bodies, "pass");
        Ok(pass)
    }

    /// Runs the errands, where they are lent; then news of the log end the waits too, counted from before the run, so that what comes
    /// meanwhile is news afterwards.
    fn errands(&self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let Some((mut tasks, urge)) = self.link.take() else {
            connection.log().unfollow();
            return Ok(());
        };
        let mut run = || -> Result<(), SyncError> {
            let follows = connection.log().follow()?;
            tasks.run(connection, urge)?;
            if !follows {
                connection.log().follow()?;
            }
            Ok(())
        };
        let ended = run();
        self.link.put_back(tasks);
        ended
    }

    /// Waits for news; returns where to look, or `None` where a new connection is wanted.
    fn wait(&mut self, connection: &mut dyn Connection) -> Result<Option<Look>, SyncError> {
        let news = connection.mailbox().wait()?;
        if !matches!(news, News::Before(_) | News::Anew) {
            // A connection that ends with each pass, or as soon as it is to wait, works no better than one that is refused.
            self.backoff.reset();
        }
        Ok(match news {
            News::Look(look) | News::Before(look) => Some(look),
            // What was done goes out first. Where nobody asked for mail, the errands alone were woken.
            News::Woken if self.link.is_pass_wanted() => {
                self.errands(connection)?;
                Some(Look::All)
            }
            News::Woken => Some(Look::Nowhere),
            News::Anew => None,
        })
    }
}

/// The one who needs a connection most: where the remote lets no further one in and the other thread has one, that one gives it up.
struct OnlyOne {
    account: AccountId,
    link: Arc<Link>,
}

impl Gate for OnlyOne {
    fn make_room(&self) -> bool {
        let link = &self.link;
        if !link.are_errands_up() {
            return false;
        }
        tracing::info!(account = %self.account, "one connection has to do");
        link.ask_alone();
        let end = Instant::now() + YIELD;
        while link.are_errands_up() && Instant::now() < end && !link.mail.is_stopped() {
            link.mail.wait(end.saturating_duration_since(Instant::now()));
        }
        true
    }

    /// Notes whether a person has to do something about it.
    fn ended(&self, failure: Option<&SyncError>) {
        self.link.mail_is_refused(failure.is_some_and(|error| error.remedy() == Remedy::Person));
    }
}
