//! What the outbox learns of a server: whether it files sent mail by itself.

use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::store::{Store, StoreError};

/// Learns from mail that stands twice that the server files what it sends.
pub(super) fn learn_from_copies(store: &Store, account: &Account) -> Result<(), StoreError> {
    if account.has_server()
        && account.server_files_sent() != Some(true)
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
    let learned = account.server_files_sent() != Some(true) && store.server_files_sent(&account.id)?;
    if !learned || !store.is_news(&format!("server-files-sent:{}", account.id), "yes")? {
        return Ok(None);
    }
    let id = account.id.as_str();
    // What the config says counts; a word that it does not say is learned.
    let hint = match account.server_files_sent() {
        Some(_) => phrase!("hint-server-files-set", account = id),
        None => phrase!("hint-server-files-learned"),
    };
    Ok(Some(UserError::new(ErrorKind::Remote, phrase!("server-files-sent", account = id)).hint(hint)))
}
