//! The way out of a connection, and the folder that copies go to: look what is new, look for one mail, put a copy away.

use std::collections::HashSet;

use super::account::ImapAccount;
use super::connection::ImapConnection;
use super::log::once::read_log_once;
use super::names::same_name;
use super::plan::went_back;
use super::roles;
use super::session::{Appended, uid_sets};
use super::{Fetched, ImapError, Session};
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::MessageId;
use crate::store::{Content, FolderRole, Incoming, Store};
use crate::sync::error::SyncError;
use crate::sync::remote::Filing;
use crate::sync::smtp::{self, Smtp};
use crate::sync::transport::{Envelope, Outcome, Place, Transport};

impl ImapConnection {
    fn failed(&self, error: &ImapError) -> UserError {
        failed(&self.account.imap.host, error)
    }

    /// Prepares another login in the place of one that the server of outgoing mail refused: a token may be over before its time. `None`
    /// where there is no other.
    fn log_in_anew(&mut self) -> Result<Option<&mut Smtp>, SyncError> {
        let refused = self.smtp.take();
        let (Some(endpoint), Some(old)) = (&self.account.smtp, &refused) else { return Ok(None) };
        let secrets = &self.opener.remotes.secrets;
        let Some(secret) = secrets.another(&self.account.id, endpoint, old.secret())? else {
            self.smtp = refused;
            return Ok(None);
        };
        Ok(Some(self.smtp.insert(Smtp::new(endpoint, secret))))
    }

    /// Returns the Sent folder's name.
    fn sent(&mut self) -> Result<String, UserError> {
        if let Some(sent) = &self.sent {
            return Ok(sent.clone());
        }
        let sent = sent_folder(&self.account, &mut self.session).map_err(|error| error.of_imap(&self.account))?;
        Ok(self.sent.insert(sent).clone())
    }
}

impl Transport for ImapConnection {
    fn ready(&mut self) -> Result<(), SyncError> {
        if let (None, Some(endpoint)) = (&self.smtp, &self.account.smtp) {
            let secret = self.opener.remotes.secrets.secret(&self.account.id, endpoint)?;
            self.smtp = Some(Smtp::new(endpoint, secret));
        }
        if self.sent.is_none() {
            self.sent = Some(sent_folder(&self.account, &mut self.session)?);
        }
        Ok(())
    }

    fn send(&mut self, envelope: &Envelope, bytes: &[u8], mark: &mut dyn FnMut() -> Result<(), String>) -> Outcome {
        let Some(smtp) = &mut self.smtp else {
            let account = self.account.id.as_str();
            return Outcome::Blocked(UserError::new(
                ErrorKind::Config,
                phrase!("account-read-only", account = account),
            ));
        };
        let outcome = smtp.send_marked(envelope, bytes, mark);
        if !matches!(&outcome, Outcome::Blocked(error) if error.is("smtp-login-refused")) {
            return outcome;
        }
        match self.log_in_anew() {
            Ok(Some(smtp)) => smtp.send_marked(envelope, bytes, mark),
            Ok(None) => outcome,
            // Once somebody has agreed anew it goes out.
            Err(error) => Outcome::Later { words: error.for_user(&Account::from(&*self.account)).to_string() },
        }
    }

    fn find(&mut self, id: &MessageId) -> Result<Place, UserError> {
        let sent = self.sent()?;
        let inbox = self.account.inbox_folder.clone().unwrap_or_else(|| "INBOX".to_owned());
        find(&mut self.session, [&sent, &inbox], id).map_err(|error| self.failed(&error))
    }

    fn explain(&self, words: &str) -> String {
        smtp::explain(words)
    }

    fn rest(&mut self) {
        // Servers close idle connections anyway; the next mail makes a new one.
        self.smtp = None;
    }
}

impl Filing for ImapConnection {
    fn refresh(&mut self) -> Result<(), UserError> {
        // Whoever worked on the log before may have failed to.
        read_log_once(&self.store, &self.account, &mut self.session).map_err(|error| error.of_imap(&self.account))?;
        let sent = self.sent()?;
        read_all(&self.store, &self.account, &sent, &mut self.session)
    }

    fn files_by_itself(&self) -> bool {
        self.account.server_files_sent == Some(true)
    }

    fn filed(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        let sent = self.sent()?;
        in_sent(&mut self.session, &sent, ids).map_err(|error| self.failed(&error))
    }

    fn file(&mut self, _id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        let sent = self.sent()?;
        let appended = append(&mut self.session, &sent, copy).map_err(|error| self.failed(&error))?;
        self.filed.push(appended);
        Ok(())
    }

    fn show_filed(&mut self) {
        let filed = std::mem::take(&mut self.filed);
        if let Some(sent) = self.sent.clone().filter(|_| self.session.is_usable()) {
            let _ = show(&self.store, &self.account, &sent, &mut self.session, &filed);
        }
    }
}

fn find(session: &mut Session, [sent, inbox]: [&str; 2], id: &MessageId) -> Result<Place, ImapError> {
    let mut holds = |folder: &str| match session.examine(folder) {
        Ok(_) => session.search_message_id(id.as_str()).map(|found| !found.is_empty()),
        Err(ImapError::NoFolder(_)) => Ok(false),
        Err(error) => Err(error),
    };
    if holds(sent)? {
        return Ok(Place::Sent);
    }
    Ok(if holds(inbox)? { Place::Inbox } else { Place::Nowhere })
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
    account: &ImapAccount,
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
fn read_all(store: &Store, account: &ImapAccount, sent: &str, session: &mut Session) -> Result<(), UserError> {
    for folder in store.inbox_folders(&account.id)? {
        read_new(store, account, &folder.name, folder.role, session)?;
    }
    read_new(store, account, sent, FolderRole::Sent, session)
}

/// Reads what came into a folder since it was last read. A folder that was never read is left to the passes.
fn read_new(
    store: &Store,
    account: &ImapAccount,
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

/// Returns the Sent folder's name: as configured, as found, else `Sent`, which is made when it is needed; below the prefix of servers that
/// have one.
fn sent_folder(account: &ImapAccount, session: &mut Session) -> Result<String, SyncError> {
    let listed = session.list()?;
    match (&account.sent, roles::sent(account, &listed)) {
        (Some(sent), _) => Ok(session.called(&listed, sent)?),
        (None, Some(folder)) => Ok(folder.name.clone()),
        (None, None) => {
            let inbox =
                account.inbox_folder.as_deref().and_then(|name| listed.iter().find(|l| same_name(&l.name, name)));
            let sent = inbox.and_then(|folder| roles::beside(&folder.name, folder.delimiter, "Sent"));
            Ok(session.called(&listed, sent.as_deref().unwrap_or("Sent"))?)
        }
    }
}
