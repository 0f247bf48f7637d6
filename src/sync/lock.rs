//! One process syncs a store; the others commit to it and leave the wire alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;

use crate::error::{ErrorKind, UserError};
use crate::store::Store;

/// The right to sync a store. It ends with the value, and with the process however that ends.
#[derive(Debug)]
pub struct SyncLock {
    _file: File,
}

impl SyncLock {
    /// Takes the lock; `None` where another process has it.
    ///
    /// # Errors
    /// When the lock file, beside the store's, can't be made.
    pub fn try_take(store: &Store) -> Result<Option<Self>, UserError> {
        let path = store.path().with_file_name("sync.lock");
        let failed = |e: std::io::Error| {
            let what = phrase!("store-file", path = path.display().to_string(), why = e.to_string());
            UserError::new(ErrorKind::Store, what).hint(phrase!("hint-folder-and-disk"))
        };
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}
