//! What stands for the server of an account without one: the demo, and whoever works alone. The log's order is that of the commits, and
//! it is "on the server" as soon as it is in the store. Mail goes nowhere: when its time has come, the copy is filed as if it had been
//! sent, so that everything else happens as it would.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;

use super::outbox::{accept_pending, operations};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::model::reply::OutState;
use crate::model::stop::Stop;
use crate::op::record::LogPosition;
use crate::store::{Content, FolderRole, Incoming, LogLine, LogPlace, Store, StoreError};

/// How many records are taken at a time.
const BATCH: usize = 1000;

/// How many messages are derived again by one look, about.
const DERIVED: u64 = 2_000;

/// The UIDVALIDITY of a log that is no folder.
const VALIDITY: u32 = 1;

/// Takes the lock under which one process at a time stands for the server. It is not that of the sync, which may run beside it for the
/// accounts that have one.
fn lock(store: &Store) -> Result<File, StoreError> {
    let path = store.path().with_file_name("local.lock");
    let failed = |source| StoreError::File { path: path.clone(), source };
    let lock = File::options().create(true).append(true).mode(0o600).open(&path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    Ok(lock)
}

/// Files every mail whose time has come, unless somebody answered meanwhile. Returns how many were filed.
///
/// # Errors
/// When the store can't be read or written.
pub fn deliver(store: &Store) -> Result<usize, StoreError> {
    let _lock = lock(store)?;
    let now = store.author().clock.now();
    for mail in store.outgoing_due(OutState::Held, now, BATCH)? {
        let delivery = store.delivery(mail.id)?;
        let news = if delivery.anyway { Vec::new() } else { store.news(&delivery)? };
        if news.is_empty() {
            store.advance(mail.id, OutState::Held, OutState::Sending, None, None)?;
        } else {
            let news: Vec<Phrase> = news.into_iter().map(|news| news.what).collect();
            let why = phrase!("outgoing-news", news = news);
            store.advance(mail.id, OutState::Held, OutState::Stopped, Some(why), None)?;
        }
    }
    // What a process that ended has left behind went nowhere either.
    for mail in store.outgoing_due(OutState::Sending, Timestamp(i64::MAX), BATCH)? {
        let mut delivery = store.delivery(mail.id)?;
        accept_pending(&mut delivery);
        store.record_delivery(mail.id, OutState::Sent, None, None, &delivery)?;
    }
    let mut filed = 0;
    for mail in store.outgoing_due(OutState::Sent, now, BATCH)? {
        let delivery = store.delivery(mail.id)?;
        if let Some(copy) = store.outgoing_bytes(mail.id)? {
            let folder = store.folder(&delivery.account, "Sent", FolderRole::Sent)?;
            let uid = store.uids(folder.id)?.last().map_or(1, |last| last.saturating_add(1));
            let (size, content) = (copy.len() as u64, Content::Whole(copy));
            store.ingest(
                folder.id,
                vec![Incoming { uid, flags: vec!["\\Seen".to_owned()], arrived: now, size, modseq: None, content }],
            )?;
        }
        filed += usize::from(store.file(mail.id, operations(store, &mail, &delivery)?)?);
    }
    Ok(filed)
}

/// Gives every record that has no place on its account's log the next one there, and lets the mail of moved conversations stand where
/// they are: no account of the store has a server.
///
/// # Errors
/// When the store can't be written.
pub fn settle(store: &Store) -> Result<Change, StoreError> {
    let moving = store.moves_waiting()?.into_iter().map(|waiting| waiting.account);
    let derived = derive_some(store)?;
    let mut accounts: Vec<AccountId> = store.unpushed_accounts()?.into_iter().chain(moving).collect();
    accounts.sort_unstable();
    accounts.dedup();
    Ok(derived.and(settle_of(store, &accounts)?))
}

/// Derives again some of what the team's record changes: few enough that nobody who waits for a command notices. The next look goes on.
///
/// # Errors
/// When the store can't be read or written.
pub fn derive_some(store: &Store) -> Result<Change, StoreError> {
    Ok(store.derive_behind(DERIVED, &Stop::never(), &mut |_| {})?.unwrap_or(Change::Counts))
}

/// Does so for these accounts alone.
///
/// # Errors
/// When the store can't be written.
pub fn settle_of(store: &Store, accounts: &[AccountId]) -> Result<Change, StoreError> {
    let mut change = Change::Counts;
    for account in accounts {
        // Two processes must not give one place twice.
        let _lock = lock(store)?;
        store.move_here(account)?;
        store.forget_flags(account)?;
        store.end_traces_here(account)?;
        loop {
            let records = store.unpushed_of(account, BATCH)?;
            let head = store.log_head(account)?.map_or(0, |head| head.uid);
            let lines: Vec<LogLine> = records
                .into_iter()
                .zip(head.saturating_add(1)..)
                .map(|((_, json), uid)| LogLine {
                    place: LogPlace { epoch: 0, validity: VALIDITY, uid, index: 0 },
                    json,
                })
                .collect();
            let Some(last) = lines.last().map(|line| line.place.uid) else { break };
            change = change.and(store.ingest_log(account, lines)?);
            store.set_log_head(account, LogPosition { validity: VALIDITY, uid: last })?;
        }
    }
    Ok(change)
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
