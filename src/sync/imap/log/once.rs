//! An account's log over a connection: one keeper of it, whoever asks.

use super::imap_log::{ImapLog, LogPass, LogSettings};
use super::keywords;
use super::session::{FolderName, SessionFolder};
use crate::model::change::Change;
use crate::model::ids::{AccountId, ConversationId};
use crate::store::{Store, StoreError};
use crate::sync::error::SyncError;
use crate::sync::imap::Session;
use crate::sync::imap::account::ImapAccount;
use crate::sync::log::keys::{KeyLine, UpTo, Waiting};

/// An account's log: what is known of it, which outlives a connection, and what the server calls its folder.
pub struct LogKeeper {
    store: Store,
    log: ImapLog,
    name: FolderName,
    mirror: Mirror,
}

impl LogKeeper {
    /// Takes up an account's log where the store left it. The log's mails come from the address of the account's first inbox. Where the
    /// keywords of all conversations are to be compared once, the keeper `stays`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new(store: &Store, account: &ImapAccount, stays: bool) -> Result<Self, StoreError> {
        let log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
        let name = FolderName::new(account.log_folder.clone());
        let mirror = Mirror { account: account.id.clone(), on: account.mirror_keywords, begun: !stays };
        Ok(Self { store: store.clone(), log, name, mirror })
    }

    /// Returns what the server calls the folder, once it was found or made.
    pub fn folder(&self) -> Option<&String> {
        self.name.found.as_ref()
    }

    /// Reads what is new, and pushes what is not there.
    ///
    /// # Errors
    /// What ended it; what was done is kept and goes on at the next call.
    pub fn append(&mut self, session: &mut Session) -> Result<LogPass, SyncError> {
        self.pass(session, true)
    }

    /// Reads what is new, with what of the agent's own work did not stand, and writes nothing.
    ///
    /// # Errors
    /// What ended it.
    pub fn read(&mut self, session: &mut Session) -> Result<LogPass, SyncError> {
        self.pass(session, false)
    }

    fn pass(&mut self, session: &mut Session, write: bool) -> Result<LogPass, SyncError> {
        run(&self.store, &mut self.log, &mut SessionFolder::new(session, &mut self.name), write)
    }

    /// Mirrors to keywords what a pass changed, after it was told: what was read counts even where keywords fail.
    ///
    /// # Errors
    /// What ended it.
    pub fn mirror(&mut self, session: &mut Session, change: Option<&Change>) -> Result<(), SyncError> {
        self.mirror.follow(&self.store, session, change)
    }

    /// Lists who wrote what in mails of the log that don't count; see [`ImapLog::adoptable`].
    ///
    /// # Errors
    /// What ended it.
    pub fn adoptable(&mut self, session: &mut Session, up_to: Option<UpTo>) -> Result<Waiting, SyncError> {
        Ok(self.log.adoptable(&mut SessionFolder::new(session, &mut self.name), up_to)?)
    }

    /// Takes in the mails of the log that don't count, up to the one that somebody looked at; see [`ImapLog::adopt`].
    ///
    /// # Errors
    /// What ended it.
    pub fn adopt(&mut self, session: &mut Session, up_to: UpTo) -> Result<Option<LogPass>, SyncError> {
        Ok(self.log.adopt(&mut SessionFolder::new(session, &mut self.name), up_to)?)
    }

    /// Lists the keys of the log, after reading what is new; where it is to `rotate`, once a new one has taken their place.
    ///
    /// # Errors
    /// What ended it.
    pub fn keys(&mut self, session: &mut Session, rotate: bool) -> Result<(LogPass, Vec<KeyLine>), SyncError> {
        let mut folder = SessionFolder::new(session, &mut self.name);
        let pass = if rotate { self.log.rotate(&mut folder)? } else { self.log.pull(&mut folder)? };
        Ok((pass, self.log.keys()?))
    }
}

/// Reads and pushes an account's log once.
///
/// # Errors
/// What ended it; what was done is kept and goes on at the next call.
pub fn sync_log_once(store: &Store, account: &ImapAccount, session: &mut Session) -> Result<LogPass, SyncError> {
    let mut keeper = LogKeeper::new(store, account, false)?;
    let pass = keeper.append(session)?;
    keeper.mirror(session, pass.change.as_ref())?;
    Ok(pass)
}

/// Reads what is new on an account's log, and writes nothing there: what the check before sending asks. Learns whether a reply could be put
/// there.
///
/// # Errors
/// What ended it.
pub fn read_log_once(store: &Store, account: &ImapAccount, session: &mut Session) -> Result<(), SyncError> {
    let mut keeper = LogKeeper::new(store, account, false)?;
    let pass = keeper.log.pull(&mut SessionFolder::new(session, &mut keeper.name))?;
    learn_rights(store, account, session, &pass)
}

/// Learns whether what is done here can be put on the log, whose folder a pass has just left open: without the right to insert (RFC 4314
/// section 4) it can't, though the folder can be opened for writing. Where there is no such folder nothing is learned: that has a word of
/// its own, and holds up no reply.
fn learn_rights(store: &Store, account: &ImapAccount, session: &mut Session, pass: &LogPass) -> Result<(), SyncError> {
    if pass.trouble.is_some() {
        return Ok(());
    }
    let mut may_write = !pass.read_only;
    if let Some(name) = session.selected().map(|selected| selected.name.clone()).filter(|_| may_write) {
        match session.my_rights(&name) {
            Ok(rights) => may_write = rights.is_none_or(|rights| rights.contains('i')),
            // Whoever is not told tries.
            Err(error) if error.leaves_session_usable() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(store.note_log_rights(&account.id, may_write)?)
}

/// The keyword mirror of an account.
struct Mirror {
    account: AccountId,
    on: bool,
    /// Whether everything was compared once.
    begun: bool,
}

impl Mirror {
    fn follow(&mut self, store: &Store, session: &mut Session, change: Option<&Change>) -> Result<(), SyncError> {
        let change = if self.begun { change } else { Some(&Change::Everything) };
        if let Some(change) = change.filter(|_| self.on) {
            keywords::mirror(store, session, &self.account, change)?;
            self.begun = true;
        }
        Ok(())
    }
}

/// One pass, with what of the agent's own work did not stand. Where it is not to `write`, the log is only read.
fn run(store: &Store, log: &mut ImapLog, folder: &mut SessionFolder<'_>, write: bool) -> Result<LogPass, SyncError> {
    store.remember_waiting(log.account())?;
    let mut pass = if write { log.sync(folder)? } else { log.pull(folder)? };
    if write && !pass.read_only && pass.trouble.is_none() {
        log.settle_history(folder, &mut pass)?;
    }
    if pass.read_only || pass.pushed > 0 {
        store.note_log_rights(log.account(), !pass.read_only)?;
    }
    pass.refused = store.refusals(log.account(), false)?;
    // What is told as a change that does not stand need not be told as a claim that fell.
    let told = |of: &ConversationId| pass.refused.listed.iter().any(|refusal| refusal.conversation == *of);
    pass.notices.retain(|fallen| !told(&fallen.conversation));
    Ok(pass)
}

fn settings(store: &Store, account: &ImapAccount) -> LogSettings {
    let team = store.team();
    let inbox = team.default_inbox(&account.id);
    // The config was checked for what is no fingerprint.
    let named = account.log_keys.iter().filter_map(|key| key.parse().ok()).collect();
    LogSettings { named, ..LogSettings::new(inbox.map(|inbox| inbox.address.clone()).unwrap_or_default()) }
}
