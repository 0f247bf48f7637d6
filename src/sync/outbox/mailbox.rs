//! The mailbox as the outbox needs it: look what is new, look for one mail, put a copy away.

use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::MessageId;
use crate::store::{Content, FolderRole, Incoming, Store};
use crate::sync::imap::session::Appended;
use crate::sync::imap::{ImapError, Session};

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

    /// Looks on the server where a mail stands.
    ///
    /// # Errors
    /// When the server can't be asked.
    fn find(&mut self, id: &MessageId) -> Result<Place, UserError>;

    /// Puts a copy into Sent. The caller has looked that it is not there.
    ///
    /// # Errors
    /// When it could not be done, or nobody knows whether it was.
    fn file(&mut self, id: &MessageId, copy: &[u8]) -> Result<(), UserError>;
}

/// The mailbox over IMAP. A session is opened when the first question comes, and anew after one that broke.
pub struct ImapMailbox<'a> {
    store: Store,
    account: &'a Account,
    sent: String,
    connect: Box<dyn FnMut() -> Result<Session, ImapError> + 'a>,
    refresh: Box<dyn FnMut(&mut Session) -> Result<(), UserError> + 'a>,
    session: Option<Session>,
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
        Self { store, account, sent: sent.into(), connect, refresh, session: None }
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

    /// Shows the copy in the conversation at once, where the folder is known; the next pass finds it there. Read back, because the time
    /// that counts is the server's.
    fn ingest(&mut self, appended: Appended) -> Result<(), UserError> {
        let (Some(uid), Some(validity)) = (appended.uid, appended.validity) else { return Ok(()) };
        let folder = self.store.folder(&self.account.id, &self.sent, FolderRole::Sent)?;
        if folder.validity != Some(validity) {
            return Ok(());
        }
        let sent = self.sent.clone();
        let found = self.with(|session| {
            session.examine(&sent)?;
            session.uid_fetch_full(&uid.to_string())
        })?;
        let batch: Vec<Incoming> = found
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
            .collect();
        self.store.ingest(folder.id, batch)?;
        Ok(())
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
        self.with(|session| {
            let in_folder = |session: &mut Session, folder: &str| match session.examine(folder) {
                Ok(_) => session.search_message_id(id.as_str()).map(|found| !found.is_empty()),
                Err(ImapError::NoFolder(_)) => Ok(false),
                Err(error) => Err(error),
            };
            if in_folder(session, &sent)? {
                return Ok(Place::Sent);
            }
            Ok(if in_folder(session, "INBOX")? { Place::Inbox } else { Place::Nowhere })
        })
    }

    fn file(&mut self, _id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        let sent = self.sent.clone();
        let appended = self.with(|session| match session.append(&sent, &["\\Seen"], None, copy) {
            Err(ImapError::NoFolder(_)) => {
                session.create(&sent)?;
                let _ = session.subscribe(&sent);
                session.append(&sent, &["\\Seen"], None, copy)
            }
            other => other,
        })?;
        // The mail is filed; what can't be shown now comes with the next pass.
        let _ = self.ingest(appended);
        Ok(())
    }
}

fn failed(host: &str, error: &ImapError) -> UserError {
    UserError::new(ErrorKind::Remote, format!("{host}: {error}")).hint("it is tried again by itself")
}
