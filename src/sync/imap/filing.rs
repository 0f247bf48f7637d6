//! The mailbox as the outbox needs it: look what is new, look for one mail, put a copy away.

use std::collections::HashSet;

use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{AccountId, MessageId};
use crate::store::{Content, FolderRole, Incoming, Store};
use crate::sync::error::SyncError;
use crate::sync::imap::plan::went_back;
use crate::sync::imap::session::{Appended, uid_sets};
use crate::sync::imap::{Fetched, ImapError, Session, Waker};
use crate::sync::log::errand::read_log_once;
use crate::sync::outbox::errand::sent_folder;
use crate::sync::outbox::learned::learn_log_rights;
use crate::sync::secret::SecretProvider;

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the Sent folder.
    Sent,
    /// In the inbox: it was sent to one of our own addresses too.
    Inbox,
    /// In neither.
    Nowhere,
}

/// The mailbox behind an outbox.
pub trait Mailbox {
    /// Reads the log, the inbox and Sent once more into the store, within the time limit of a check.
    ///
    /// # Errors
    /// When that could not be done; the words are shown as the reason.
    fn refresh(&mut self) -> Result<(), UserError>;

    /// Reads the log, the inboxes and Sent of another account, in whose mailbox a conversation lies too, within the same limit.
    ///
    /// # Errors
    /// As [`Mailbox::refresh`].
    fn refresh_other(&mut self, _account: &AccountId) -> Result<(), UserError> {
        Ok(())
    }

    /// Looks on the server where a mail stands.
    ///
    /// # Errors
    /// When the server can't be asked.
    fn find(&mut self, id: &MessageId) -> Result<Place, UserError>;

    /// Looks on the server which of these mails stand in Sent.
    ///
    /// # Errors
    /// When the server can't be asked.
    fn in_sent(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        let mut there = HashSet::new();
        for id in ids {
            if self.find(id)? == Place::Sent {
                there.insert(id.clone());
            }
        }
        Ok(there)
    }

    /// Puts a copy into Sent. The caller has looked that it is not there.
    ///
    /// # Errors
    /// When it could not be done, or nobody knows whether it was.
    fn file(&mut self, id: &MessageId, copy: &[u8]) -> Result<(), UserError>;

    /// Shows the copies that were put away since the last call in their conversations. What can't be shown now comes with the next pass.
    fn show_filed(&mut self) {}
}

type Connect<'a> = Box<dyn FnMut() -> Result<Session, ImapError> + 'a>;
type Refresh<'a> = Box<dyn FnMut(&mut Session) -> Result<(), UserError> + 'a>;

/// The mailbox over IMAP. A session is opened when the first question comes, and anew after one that broke.
pub struct ImapMailbox<'a> {
    store: Store,
    account: &'a Account,
    sent: String,
    connect: Connect<'a>,
    refresh: Refresh<'a>,
    session: Option<Session>,
    filed: Vec<Appended>,
}

impl<'a> ImapMailbox<'a> {
    /// Makes the mailbox. `sent` is the name of the Sent folder in UTF-8, `refresh` reads what is new into the store.
    pub fn new(
        store: Store,
        account: &'a Account,
        sent: impl Into<String>,
        connect: impl FnMut() -> Result<Session, ImapError> + 'a,
        refresh: impl FnMut(&mut Session) -> Result<(), UserError> + 'a,
    ) -> Self {
        let (connect, refresh) = (Box::new(connect), Box::new(refresh));
        Self { store, account, sent: sent.into(), connect, refresh, session: None, filed: Vec::new() }
    }

    fn with<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T, ImapError>) -> Result<T, UserError> {
        let host = &self.account.imap.host;
        let session = match self.session.take().filter(Session::is_usable) {
            Some(session) => session,
            None => (self.connect)().map_err(|e| failed(host, &e))?,
        };
        let session = self.session.insert(session);
        work(session).map_err(|e| failed(host, &e))
    }
}

impl Mailbox for ImapMailbox<'_> {
    fn refresh(&mut self) -> Result<(), UserError> {
        self.with(Session::noop)?;
        let Some(session) = &mut self.session else { return Ok(()) };
        let done = (self.refresh)(session);
        if done.is_err() {
            self.session = None;
        }
        done
    }

    fn find(&mut self, id: &MessageId) -> Result<Place, UserError> {
        let sent = self.sent.clone();
        self.with(|session| find(session, &sent, id))
    }

    fn in_sent(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        let sent = self.sent.clone();
        self.with(|session| in_sent(session, &sent, ids))
    }

    fn file(&mut self, _id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        let sent = self.sent.clone();
        let appended = self.with(|session| append(session, &sent, copy))?;
        self.filed.push(appended);
        Ok(())
    }

    fn show_filed(&mut self) {
        let filed = std::mem::take(&mut self.filed);
        if let Some(session) = self.session.as_mut().filter(|session| session.is_usable()) {
            let _ = show(&self.store, self.account, &self.sent, session, &filed);
        }
    }
}

/// A mailbox over a session that is lent, with which new mail is read before a mail goes out.
pub struct LentMailbox<'a> {
    /// The store.
    pub store: &'a Store,
    /// The account.
    pub account: &'a Account,
    /// The Sent folder's name in UTF-8.
    pub sent: &'a str,
    /// The session.
    pub session: &'a mut Session,
    /// The other accounts that have a server.
    pub others: Others<'a>,
    filed: Vec<Appended>,
}

impl<'a> LentMailbox<'a> {
    /// Lends a session to the outbox of an account. `sent` is the name of the Sent folder in UTF-8.
    pub fn new(
        store: &'a Store,
        account: &'a Account,
        sent: &'a str,
        session: &'a mut Session,
        others: Others<'a>,
    ) -> Self {
        Self { store, account, sent, session, others, filed: Vec::new() }
    }
}

/// The accounts of the config and their secrets.
#[derive(Clone, Copy)]
pub struct Others<'a> {
    /// All of them; those without a server are not among them.
    pub accounts: &'a [Account],
    /// Their secrets.
    pub secrets: &'a dyn SecretProvider,
}

impl Others<'_> {
    /// Reads what is new of an account over a connection of its own. An account that the config does not name has nobody to ask.
    fn refresh(&self, store: &Store, id: &AccountId) -> Result<(), UserError> {
        let Some(account) = self.accounts.iter().find(|account| account.id == *id) else { return Ok(()) };
        let secret = self.secrets.secret(id, &account.imap)?;
        let read = || -> Result<(), SyncError> {
            let waker = Waker::new().map_err(ImapError::Io)?;
            let mut session = Session::open(&account.imap, &secret, &waker)?;
            read_log_once(store, account, &mut session)?;
            let sent = sent_folder(account, &mut session)?;
            read_all(store, account, &sent, &mut session)?;
            session.logout();
            Ok(())
        };
        read().map_err(|error| error.for_user(id, &account.imap))
    }
}

impl Mailbox for LentMailbox<'_> {
    fn refresh(&mut self) -> Result<(), UserError> {
        // Whoever lent the session may have failed to.
        let read = |session: &mut Session| {
            let pass = read_log_once(self.store, self.account, session)?;
            learn_log_rights(self.store, self.account, session, &pass)
        };
        read(self.session).map_err(|error| error.for_user(&self.account.id, &self.account.imap))?;
        read_all(self.store, self.account, self.sent, self.session)
    }

    fn refresh_other(&mut self, account: &AccountId) -> Result<(), UserError> {
        self.others.refresh(self.store, account)
    }

    fn find(&mut self, id: &MessageId) -> Result<Place, UserError> {
        find(self.session, self.sent, id).map_err(|e| failed(&self.account.imap.host, &e))
    }

    fn file(&mut self, _id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        let appended = append(self.session, self.sent, copy).map_err(|e| failed(&self.account.imap.host, &e))?;
        self.filed.push(appended);
        Ok(())
    }

    fn in_sent(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        in_sent(self.session, self.sent, ids).map_err(|e| failed(&self.account.imap.host, &e))
    }

    fn show_filed(&mut self) {
        let filed = std::mem::take(&mut self.filed);
        if self.session.is_usable() {
            let _ = show(self.store, self.account, self.sent, self.session, &filed);
        }
    }
}

fn find(session: &mut Session, sent: &str, id: &MessageId) -> Result<Place, ImapError> {
    let mut holds = |folder: &str| match session.examine(folder) {
        Ok(_) => session.search_message_id(id.as_str()).map(|found| !found.is_empty()),
        Err(ImapError::NoFolder(_)) => Ok(false),
        Err(error) => Err(error),
    };
    if holds(sent)? {
        return Ok(Place::Sent);
    }
    Ok(if holds("INBOX")? { Place::Inbox } else { Place::Nowhere })
}

/// Asks once for all of them; that none is there is the rule.
fn in_sent(session: &mut Session, sent: &str, ids: &[MessageId]) -> Result<HashSet<MessageId>, ImapError> {
    match session.examine(sent) {
        Ok(_) => {}
        Err(ImapError::NoFolder(_)) => return Ok(HashSet::new()),
        Err(error) => return Err(error),
    }
    let names: Vec<&str> = ids.iter().map(MessageId::as_str).collect();
    let mut there = HashSet::new();
    if !session.search_message_ids(&names)?.is_empty() {
        for id in ids {
            if !session.search_message_id(id.as_str())?.is_empty() {
                there.insert(id.clone());
            }
        }
    }
    Ok(there)
}

fn append(session: &mut Session, sent: &str, copy: &[u8]) -> Result<Appended, ImapError> {
    match session.append(sent, &["\\Seen"], None, copy) {
        Err(ImapError::NoFolder(_)) => {
            session.make_for(sent, "\\Sent")?;
            session.append(sent, &["\\Seen"], None, copy)
        }
        other => other,
    }
}

/// Shows copies in their conversations at once, where the folder is known; the next pass finds them there. Read back, because the time
/// that counts is the server's.
fn show(
    store: &Store,
    account: &Account,
    sent: &str,
    session: &mut Session,
    filed: &[Appended],
) -> Result<(), UserError> {
    let folder = store.folder(&account.id, sent, FolderRole::Sent)?;
    let known = filed.iter().filter(|appended| appended.validity.is_some() && appended.validity == folder.validity);
    let mut uids: Vec<u32> = known.filter_map(|appended| appended.uid).collect();
    uids.sort_unstable();
    if uids.is_empty() {
        return Ok(());
    }
    let host = &account.imap.host;
    session.examine(sent).map_err(|e| failed(host, &e))?;
    for set in uid_sets(&uids) {
        let found = session.uid_fetch_full(&set).map_err(|e| failed(host, &e))?;
        store.ingest(folder.id, incoming(found))?;
    }
    Ok(())
}

/// Reads what came since into INBOX, the folders that inboxes have for themselves, and Sent.
fn read_all(store: &Store, account: &Account, sent: &str, session: &mut Session) -> Result<(), UserError> {
    for folder in store.inbox_folders(&account.id)? {
        read_new(store, account, &folder.name, folder.role, session)?;
    }
    read_new(store, account, sent, FolderRole::Sent, session)
}

/// Reads what came into a folder since it was last read. A folder that was never read is left to the passes.
fn read_new(
    store: &Store,
    account: &Account,
    name: &str,
    role: FolderRole,
    session: &mut Session,
) -> Result<(), UserError> {
    let host = &account.imap.host;
    let folder = store.folder(&account.id, name, role)?;
    let selected = match session.examine(name) {
        Ok(selected) => selected,
        Err(ImapError::NoFolder(_)) if role != FolderRole::Inbox => return Ok(()),
        Err(error) => return Err(failed(host, &error)),
    };
    let (Some(known), Some(highest)) = (folder.validity, folder.highest_fetched) else { return Ok(()) };
    if selected.state.validity != Some(known) || went_back(&folder, &selected.state) {
        return Err(UserError::new(ErrorKind::Remote, phrase!("outbox-folder-remade", host = host, folder = name))
            .hint(phrase!("hint-again-by-itself")));
    }
    if selected.state.uid_next.is_some_and(|next| next <= highest.saturating_add(1)) {
        return Ok(());
    }
    let found = session.uid_fetch_full(&format!("{}:*", highest.saturating_add(1))).map_err(|e| failed(host, &e))?;
    let fresh: Vec<Fetched> = found.into_iter().filter(|mail| mail.uid > highest).collect();
    store.ingest(folder.id, incoming(fresh))?;
    Ok(())
}

fn incoming(found: Vec<Fetched>) -> Vec<Incoming> {
    found
        .into_iter()
        .filter_map(|mail| {
            let body = mail.body?;
            Some(Incoming {
                uid: mail.uid,
                flags: mail.flags.unwrap_or_default(),
                arrived: mail.date?,
                size: mail.size.unwrap_or(body.len() as u64),
                modseq: mail.modseq,
                content: Content::Whole(body),
            })
        })
        .collect()
}

fn failed(host: &str, error: &ImapError) -> UserError {
    match error {
        // RFC 5530 section 3.
        ImapError::No { code, text } if code == "OVERQUOTA" => {
            UserError::new(ErrorKind::Remote, phrase!("mailbox-full", host = host, words = text))
                .hint(phrase!("hint-make-room"))
        }
        _ => UserError::new(ErrorKind::Remote, phrase!("outbox-mailbox-failed", host = host, what = error.phrase()))
            .hint(phrase!("hint-again-by-itself")),
    }
}
