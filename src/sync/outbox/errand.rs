//! The outbox as an errand of the supervisor, and as one go of a command.

use std::sync::Arc;

use super::{Drained, Others, drain, learned};
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::change::Part;
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::store::{Store, StoreError};
use crate::sync::errand::Errand;
use crate::sync::error::SyncError;
use crate::sync::moves::OnTold;
use crate::sync::remote::Connection;
use crate::sync::remotes::Remotes;
use crate::sync::secret::SecretProvider;
use crate::text;

/// Mails that are looked at to say why they wait.
const WAITING_MAX: usize = 1000;

/// Sends what is due whenever the supervisor calls. It belongs behind the errand of the team's log, so that the log is read before.
pub struct OutboxErrand {
    store: Store,
    account: Account,
    others: Others,
    /// Whether what was filed long ago was forgotten; once a run of the program is enough.
    cleaned: bool,
    /// Why mail waits.
    trouble: Option<UserError>,
    on_told: OnTold,
}

impl OutboxErrand {
    /// Makes the errand of an account; `others` are the accounts of the config, in whose mailboxes a conversation can lie too.
    pub fn new(store: Store, account: Account, others: Vec<Account>, secrets: Arc<dyn SecretProvider>) -> Self {
        let remotes = Remotes { store: store.clone(), secrets, stay: false };
        let others = Others { accounts: others, remotes };
        Self { store, account, others, cleaned: false, trouble: None, on_told: Arc::new(|_| {}) }
    }

    /// Has somebody told what a person must read once.
    #[must_use]
    pub fn telling(self, on_told: OnTold) -> Self {
        Self { on_told, ..self }
    }

    /// Does what is due.
    fn work(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let post = connection.post();
        if !has_work(&self.store)? {
            post.rest();
            if !self.cleaned {
                self.store.clean_outbox()?;
                learned::learn_from_copies(&self.store, &self.account)?;
                self.cleaned = true;
            }
            return Ok(());
        }
        post.ready()?;
        drain(&self.store, &self.account, post, &self.others)?;
        Ok(())
    }
}

/// Tells whether there is anything to do, so that an idle outbox asks for no password and opens no connection.
///
/// # Errors
/// When the store can't be read.
pub fn has_work(store: &Store) -> Result<bool, StoreError> {
    let now = store.author().clock.now();
    let any = |state, by| store.outgoing_due(state, by, 1).map(|found| !found.is_empty());
    let ever = crate::model::clock::Timestamp(i64::MAX);
    Ok(any(OutState::Held, now)?
        || any(OutState::Sent, now)?
        || any(OutState::Sending, ever)?
        || any(OutState::Uncertain, ever)?)
}

impl Errand for OutboxErrand {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let done = self.work(connection);
        self.trouble = waiting(&self.store, &self.account)?;
        if let Some(told) = learned::server_files(&self.store, &self.account)? {
            (self.on_told)(told);
        }
        done
    }

    fn part(&self) -> Part {
        Part::Outbox
    }

    fn troubles(&self) -> Vec<UserError> {
        self.trouble.iter().cloned().collect()
    }
}

/// Returns why mail of an account waits for another try: what was tried and put off, and copies that found no place in Sent.
///
/// # Errors
/// When the store can't be read.
pub fn waiting(store: &Store, account: &Account) -> Result<Option<UserError>, StoreError> {
    let now = store.author().clock.now();
    let ever = crate::model::clock::Timestamp(i64::MAX);
    let held = store.outgoing_due(OutState::Held, ever, WAITING_MAX)?;
    let sent = store.outgoing_due(OutState::Sent, ever, WAITING_MAX)?;
    let mut waiting = Vec::new();
    for mail in held.into_iter().chain(sent).filter(|mail| mail.due > now && mail.reason.is_some()) {
        if store.delivery(mail.id)?.account == account.id {
            waiting.push(mail);
        }
    }
    let Some(first) = waiting.first() else { return Ok(None) };
    // The words of a server stand in it.
    let why = SafeText::line_max(&text::render_any(first.reason.as_ref()), 400);
    let to = SafeText::line_max(&first.to, 200);
    let what = phrase!("outbox-waits", count = waiting.len(), to = to, why = why);
    Ok(Some(UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-outbox-waits"))))
}

/// Works on the outbox once, over a connection that is open: what a command does that sends. `None` where another process does it.
///
/// # Errors
/// As [`drain`], and where the secret of the way out can't be had.
pub fn drain_over(
    store: &Store,
    account: &Account,
    others: &Others,
    connection: &mut dyn Connection,
) -> Result<Option<Drained>, SyncError> {
    if !account.can_send() {
        return Ok(Some(Drained::default()));
    }
    let post = connection.post();
    post.ready()?;
    let drained = drain(store, account, post, others)?;
    store.clean_outbox()?;
    Ok(drained)
}
