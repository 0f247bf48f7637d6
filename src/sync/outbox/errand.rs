//! The outbox as an errand of the supervisor, and as one go of a command.

use std::sync::Arc;

use super::{Drained, LentMailbox, Others, drain, learned};
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::change::Part;
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::store::{Store, StoreError};
use crate::sync::errand::Errand;
use crate::sync::error::SyncError;
use crate::sync::imap::{Session, roles};
use crate::sync::mover::OnTold;
use crate::sync::secret::SecretProvider;
use crate::sync::smtp::Smtp;
use crate::text;

/// Mails that are looked at to say why they wait.
const WAITING_MAX: usize = 1000;

/// Sends what is due whenever the supervisor calls. It belongs behind the errand of the team's log, so that the log is read before.
pub struct OutboxErrand {
    store: Store,
    account: Account,
    others: Vec<Account>,
    secrets: Arc<dyn SecretProvider>,
    smtp: Option<Smtp>,
    sent: Option<String>,
    /// Whether what was filed long ago was forgotten; once a run of the program is enough.
    cleaned: bool,
    /// Why mail waits.
    trouble: Option<UserError>,
    on_told: OnTold,
}

impl OutboxErrand {
    /// Makes the errand of an account; `others` are the accounts of the config, in whose mailboxes a conversation can lie too.
    pub fn new(store: Store, account: Account, others: Vec<Account>, secrets: Arc<dyn SecretProvider>) -> Self {
        Self {
            store,
            account,
            others,
            secrets,
            smtp: None,
            sent: None,
            cleaned: false,
            trouble: None,
            on_told: Arc::new(|_| {}),
        }
    }

    /// Has somebody told what a person must read once.
    #[must_use]
    pub fn telling(self, on_told: OnTold) -> Self {
        Self { on_told, ..self }
    }

    /// Does what is due.
    fn work(&mut self, session: &mut Session) -> Result<(), SyncError> {
        if !self.has_work()? {
            // Servers close idle connections anyway; the next mail makes a new one.
            self.smtp = None;
            if !self.cleaned {
                self.store.clean_outbox()?;
                learned::learn_from_copies(&self.store, &self.account)?;
                self.cleaned = true;
            }
            return Ok(());
        }
        let Some(endpoint) = &self.account.smtp else { return Ok(()) };
        let mut smtp = match self.smtp.take() {
            Some(smtp) => smtp,
            None => Smtp::new(endpoint, self.secrets.secret(&self.account.id, endpoint)?),
        };
        let sent = match &self.sent {
            Some(sent) => sent.clone(),
            None => sent_folder(&self.account, session)?,
        };
        self.sent = Some(sent.clone());
        let others = Others { accounts: &self.others, secrets: &*self.secrets };
        let mut mailbox = LentMailbox::new(&self.store, &self.account, &sent, session, others);
        drain(&self.store, &self.account, &mut smtp, &mut mailbox)?;
        self.smtp = Some(smtp);
        Ok(())
    }

    /// Tells whether there is anything to do, so that an idle outbox asks for no password and opens no connection.
    fn has_work(&self) -> Result<bool, SyncError> {
        let now = self.store.author().clock.now();
        let any = |state, by| self.store.outgoing_due(state, by, 1).map(|found| !found.is_empty());
        let ever = crate::model::clock::Timestamp(i64::MAX);
        Ok(any(OutState::Held, now)?
            || any(OutState::Sent, now)?
            || any(OutState::Sending, ever)?
            || any(OutState::Uncertain, ever)?)
    }
}

impl Errand for OutboxErrand {
    fn run(&mut self, session: &mut Session) -> Result<(), SyncError> {
        let done = self.work(session);
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

/// Works on the outbox once, over a session that is open: what a command does that sends. `others` are all accounts of the config. `None`
/// where another process does it.
///
/// # Errors
/// As [`drain`], and where the account has no way to send or its secret can't be had.
pub fn drain_over(
    store: &Store,
    account: &Account,
    others: Others<'_>,
    session: &mut Session,
) -> Result<Option<Drained>, SyncError> {
    let Some(endpoint) = &account.smtp else { return Ok(Some(Drained::default())) };
    let mut smtp = Smtp::new(endpoint, others.secrets.secret(&account.id, endpoint)?);
    let sent = sent_folder(account, session)?;
    let mut mailbox = LentMailbox::new(store, account, &sent, session, others);
    let drained = drain(store, account, &mut smtp, &mut mailbox)?;
    store.clean_outbox()?;
    Ok(drained)
}

/// Returns the Sent folder's name: as configured, as found, else `Sent`, which is made when it is needed; below the prefix of servers that
/// have one.
pub(super) fn sent_folder(account: &Account, session: &mut Session) -> Result<String, SyncError> {
    let listed = session.list()?;
    match (&account.sent, roles::sent(&listed)) {
        (Some(sent), _) => Ok(session.called(&listed, sent)?),
        (None, Some(folder)) => Ok(folder.name.clone()),
        (None, None) => Ok(session.called(&listed, "Sent")?),
    }
}
