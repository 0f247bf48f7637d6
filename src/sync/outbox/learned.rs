//! What the outbox learns of a server: whether it files sent mail by itself, and whether a reply can be put on the log.

use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::store::{Store, StoreError};
use crate::sync::error::SyncError;
use crate::sync::imap::Session;
use crate::sync::log::imap::LogPass;

/// Learns from mail that stands twice that the server files what it sends.
pub(super) fn learn_from_copies(store: &Store, account: &Account) -> Result<(), StoreError> {
    if account.server_files_sent != Some(true)
        && !store.server_files_sent(&account.id)?
        && store.sent_stands_twice(&account.id)?
    {
        tracing::info!(account = %account.id, "the server files sent mail by itself");
        store.learn_server_files_sent(&account.id)?;
    }
    Ok(())
}

/// Returns, once, what a person is to know of that.
///
/// # Errors
/// When the store can't be read or written.
pub fn server_files(store: &Store, account: &Account) -> Result<Option<UserError>, StoreError> {
    let learned = account.server_files_sent != Some(true) && store.server_files_sent(&account.id)?;
    if !learned || !store.is_news(&format!("server-files-sent:{}", account.id), "yes")? {
        return Ok(None);
    }
    let id = account.id.as_str();
    // What the config says counts; a word that it does not say is learned.
    let hint = match account.server_files_sent {
        Some(_) => phrase!("hint-server-files-set", account = id),
        None => phrase!("hint-server-files-learned"),
    };
    Ok(Some(UserError::new(ErrorKind::Remote, phrase!("server-files-sent", account = id)).hint(hint)))
}

/// Learns whether what is done here can be put on the log, whose folder a pass has just left open: without the right to insert (RFC 4314
/// section 4) it can't, though the folder can be opened for writing. Where there is no such folder nothing is learned: that has a word of
/// its own, and holds up no reply.
pub(super) fn learn_log_rights(
    store: &Store,
    account: &Account,
    session: &mut Session,
    pass: &LogPass,
) -> Result<(), SyncError> {
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
