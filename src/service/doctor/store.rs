//! The store: its file, who may enter it, the room on its disk, and what waits in it.

use std::path::Path;

use super::{Finding, Topic};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::reply::OutState;
use crate::store::{Store, StoreError};
use crate::text;

/// With less room than this on the disk mail of a day may not fit.
const ROOM_LEAST: u64 = 256 << 20;
/// So many mails of the team's log that wait to be pushed are more than a moment's work.
const WAITING_MANY: u64 = 1000;

/// Looks at the store in a folder: its file, rights and disk.
pub fn store(dir: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    let path = dir.display().to_string();
    match Store::examine(dir) {
        Ok(None) => found.push(Finding::ok(Topic::Store, phrase!("doctor-store-none", path = path))),
        Ok(Some(seen)) => {
            let size = text::size(seen.bytes);
            found.push(match seen.damage {
                Some(words) => Finding::fault(
                    Topic::Store,
                    UserError::new(ErrorKind::Store, phrase!("store-damaged", path = path, why = words))
                        .hint(phrase!("hint-move-store-away")),
                ),
                None if seen.version > seen.known => {
                    let (found, known) = (seen.version.to_string(), seen.known.to_string());
                    let what = phrase!("store-newer", path = path, found = found, known = known);
                    Finding::fault(Topic::Store, UserError::new(ErrorKind::Store, what).hint(phrase!("hint-update")))
                }
                None if seen.version < seen.known => {
                    Finding::ok(Topic::Store, phrase!("doctor-store-older", path = path, size = size))
                }
                None => Finding::ok(Topic::Store, phrase!("doctor-store-sound", path = path, size = size)),
            });
        }
        Err(StoreError::Busy) => found.push(Finding::ok(Topic::Store, phrase!("doctor-store-busy", path = path))),
        Err(error) => found.push(Finding::fault(Topic::Store, error.into())),
    }
    found.extend(rights(dir));
    found.extend(room(dir));
    found
}

/// Looks whether the store lets others in, or us out.
fn rights(dir: &Path) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, mode) in Store::open_to_others(dir) {
        let path = path.display().to_string();
        let remedy = phrase!("hint-doctor-chmod", mode = format!("{mode:o}"), path = &path);
        found.push(Finding::warning(Topic::Rights, phrase!("doctor-rights-open", path = path), remedy));
    }
    // Where the store is yet to be made, the nearest folder that is there decides.
    let Some(there) = dir.ancestors().find(|folder| folder.is_dir()) else { return found };
    let writable = rustix::fs::access(there, rustix::fs::Access::WRITE_OK);
    if writable.is_err() {
        let what = phrase!("doctor-rights-unwritable", path = there.display().to_string());
        let error = UserError::new(ErrorKind::Store, what).hint(phrase!("hint-own-store"));
        found.push(Finding::fault(Topic::Rights, error));
    } else if found.is_empty() {
        found.push(Finding::ok(Topic::Rights, phrase!("doctor-rights-fine", path = dir.display().to_string())));
    }
    found
}

/// Looks how much room the disk has.
fn room(dir: &Path) -> Option<Finding> {
    let there = dir.ancestors().find(|folder| folder.is_dir())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    (free < ROOM_LEAST).then(|| {
        Finding::warning(Topic::Store, phrase!("doctor-disk", size = text::size(free)), phrase!("hint-free-space"))
    })
}

/// Looks at what the store knows of an account: its log's keys, whether that may be written, what waits, and when mail was last fetched.
///
/// # Errors
/// When the store can't be read.
pub fn account(store: &Store, account: &AccountId, now: Timestamp) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    let keys = store.log_keys(account)?.into_iter().filter(|key| key.counts).count();
    found.push(match keys {
        0 => Finding::ok(Topic::Log, phrase!("doctor-log-no-key")),
        keys => Finding::ok(Topic::Log, phrase!("doctor-log-keys", count = keys)),
    });
    if store.may_write_log(account)? == Some(false) {
        let error =
            UserError::new(ErrorKind::Remote, phrase!("doctor-log-read-only")).hint(phrase!("hint-doctor-log-rights"));
        found.push(Finding::fault(Topic::Log, error));
    }
    let waiting = store.counts(&store.author().actor)?.waiting;
    let waiting = waiting.get(account.as_str()).copied().unwrap_or(0);
    if waiting >= WAITING_MANY {
        let what = phrase!("doctor-log-waits", count = waiting);
        found.push(Finding::warning(Topic::Log, what, phrase!("hint-doctor-sync", account = account.as_str())));
    }
    let last = store.folders(account)?.into_iter().filter_map(|folder| folder.last_pass).max();
    found.push(match last {
        None => Finding::ok(Topic::Sync, phrase!("doctor-sync-never")),
        Some(at) if now.since(at) > Timestamp::DAY => {
            let what = phrase!("doctor-sync-old", span = text::span(now.since(at)));
            Finding::warning(Topic::Sync, what, phrase!("hint-doctor-sync", account = account.as_str()))
        }
        Some(at) => Finding::ok(Topic::Sync, phrase!("doctor-sync-last", span = text::span(now.since(at).max(0)))),
    });
    Ok(found.into_iter().map(|finding| finding.of(account)).collect())
}

/// Looks whether mail stands in the outbox that goes nowhere by itself.
///
/// # Errors
/// When the store can't be read.
pub fn outbox(store: &Store) -> Result<Finding, StoreError> {
    let stuck = [OutState::Stopped, OutState::Uncertain, OutState::Failed];
    let count = store.outgoing()?.iter().filter(|mail| stuck.contains(&mail.state)).count();
    Ok(match count {
        0 => Finding::ok(Topic::Outbox, phrase!("doctor-outbox-fine")),
        count => Finding::warning(
            Topic::Outbox,
            phrase!("doctor-outbox-stuck", count = count),
            phrase!("hint-doctor-outbox"),
        ),
    })
}
