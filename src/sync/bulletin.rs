//! What the process that syncs a store tells the others on it: how each account stands.
//!
//! It lies in a file beside the store, and not in it: a commit would wake every process, and how a connection stands is worth nothing
//! once the lock of the sync is free. A file that can't be written or read is as good as none.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use crate::model::change::SyncStatus;
use crate::store::Store;

fn path(store: &Store, account: &str) -> PathBuf {
    let name: String = account.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    store.path().with_file_name(format!("sync-{name}.json"))
}

/// Says how an account stands. Whoever calls it holds the lock of the sync.
pub fn post(store: &Store, status: &SyncStatus) {
    let path = path(store, &status.account);
    let new = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let text = serde_json::to_vec(status)?;
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&text)?;
        // Nobody ever reads half of it.
        std::fs::rename(&new, &path)
    };
    if let Err(error) = write() {
        tracing::debug!(%error, path = %path.display(), "other processes are not told how the sync stands");
    }
}

/// Takes back what was said of an account: nobody syncs it from here any more.
pub fn withdraw(store: &Store, account: &str) {
    // Where there is none, there is nothing to take back.
    let _ = std::fs::remove_file(path(store, account));
}

/// Reads how an account stands by the word of the process that syncs; `None` where it said nothing.
pub fn read(store: &Store, account: &str) -> Option<SyncStatus> {
    let text = std::fs::read(path(store, account)).ok()?;
    serde_json::from_slice(&text).ok()
}
