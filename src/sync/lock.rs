//! One process syncs a store; the others commit to it and leave the wire alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::mpsc::{Receiver, channel};
use std::time::SystemTime;

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
        let file = open(store)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(store, &error)),
        }
    }

    /// Waits for the lock on a thread of its own, so that whoever waits has it the moment that it is free. `told` is called when it stands
    /// in the channel; whoever drops that waits no more.
    ///
    /// # Errors
    /// As [`SyncLock::try_take`].
    pub fn wait(store: &Store, told: impl FnOnce() + Send + 'static) -> Result<Receiver<Self>, UserError> {
        let file = open(store)?;
        let (send, receive) = channel();
        let wait = move || {
            if file.lock().is_ok() && send.send(Self { _file: file }).is_ok() {
                told();
            }
        };
        let spawned = std::thread::Builder::new().name("sync-lock".to_owned()).spawn(wait);
        spawned.map_err(|error| failed(store, &error))?;
        Ok(receive)
    }
}

fn open(store: &Store) -> Result<File, UserError> {
    let path = store.path().with_file_name("sync.lock");
    let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    opened.map_err(|error| failed(store, &error))
}

fn failed(store: &Store, error: &std::io::Error) -> UserError {
    let path = store.path().with_file_name("sync.lock").display().to_string();
    UserError::new(ErrorKind::Store, phrase!("store-file", path = path, why = error.to_string()))
        .hint(phrase!("hint-folder-and-disk"))
}

/// Asks the process that syncs the store for everything now, as a person does who asks for it on its screen.
pub fn nudge(store: &Store) {
    // A file that can't be written is as good as none: the next pass comes by itself.
    let _ = std::fs::write(store.path().with_file_name("sync.nudge"), b"");
}

/// When another process asked last.
pub fn nudged(store: &Store) -> Option<SystemTime> {
    std::fs::metadata(store.path().with_file_name("sync.nudge")).and_then(|file| file.modified()).ok()
}
