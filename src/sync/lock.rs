//! One process syncs a store; the others commit to it and leave the wire alone.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::error::{ErrorKind, UserError};
use crate::store::Store;

/// The right to sync a store. It ends with the value, and with the process however that ends.
#[derive(Debug)]
pub struct SyncLock {
    _file: File,
    /// Says to whoever asks that it is held. Asking takes this one for a moment, and so never keeps anybody from the other.
    _held: Option<File>,
}

impl SyncLock {
    /// Takes the lock; `None` where another process has it.
    ///
    /// # Errors
    /// When the lock file, beside the store's, can't be made.
    pub fn try_take(store: &Store) -> Result<Option<Self>, UserError> {
        let file = open(store, LOCK)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _held: hold(store), _file: file })),
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
        let file = open(store, LOCK)?;
        let (send, receive) = channel();
        let kept = store.clone();
        let wait = move || {
            if file.lock().is_ok() && send.send(Self { _held: hold(&kept), _file: file }).is_ok() {
                told();
            }
        };
        let spawned = std::thread::Builder::new().name("sync-lock".to_owned()).spawn(wait);
        spawned.map_err(|error| failed(store, &error))?;
        Ok(receive)
    }
}

/// The file whose lock is the right to sync.
const LOCK: &str = "sync.lock";
/// The file whose lock says that somebody has it.
const HELD: &str = "sync.held";
/// The file whose lock says that a process without a screen syncs, or waits to.
const WATCH: &str = "sync.watch";
/// So often is asked again whether a process watches, before that is believed.
const ASKED_AT_ONCE: usize = 3;
/// So long somebody is given who asks at the same moment.
const ASKING: Duration = Duration::from_millis(2);
/// The file that grows with each nudge.
const NUDGE: &str = "sync.nudge";

/// Tells whether a process syncs the store, and takes nothing from any that is about to.
///
/// # Errors
/// As [`SyncLock::try_take`].
pub fn is_held(store: &Store) -> Result<bool, UserError> {
    match open(store, HELD)?.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(failed(store, &error)),
    }
}

/// Says, as long as the value lives, that a postroom without a screen runs on this store until somebody stops it: it has the sync, or takes
/// it over when the one that has it ends.
///
/// # Errors
/// As [`SyncLock::try_take`].
pub fn keep_watch(store: &Store) -> Result<impl Sized + use<>, UserError> {
    let file = open(store, WATCH)?;
    // Two that watch share it, and whoever asks keeps it for a moment at most.
    file.lock_shared().map_err(|error| failed(store, &error))?;
    Ok(file)
}

/// Tells whether such a process runs. Whoever asks keeps none from beginning.
///
/// # Errors
/// As [`SyncLock::try_take`].
pub fn is_watched(store: &Store) -> Result<bool, UserError> {
    let file = open(store, WATCH)?;
    for _ in 0..ASKED_AT_ONCE {
        match file.try_lock() {
            Ok(()) => return Ok(false),
            // It may be another one who asks.
            Err(TryLockError::WouldBlock) => std::thread::park_timeout(ASKING),
            Err(TryLockError::Error(error)) => return Err(failed(store, &error)),
        }
    }
    Ok(true)
}

/// Says that the lock is held. Whoever asks keeps it for a moment at most; where it can't be said, only that is not known.
fn hold(store: &Store) -> Option<File> {
    open(store, HELD).ok().filter(|file| file.lock().is_ok())
}

fn open(store: &Store, name: &str) -> Result<File, UserError> {
    let path = store.path().with_file_name(name);
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
    let _ = open(store, NUDGE).map(|mut file| file.write_all(b"."));
}

/// How often other processes have asked: two that ask in one tick of the clock are two.
pub fn nudges(store: &Store) -> u64 {
    std::fs::metadata(store.path().with_file_name(NUDGE)).map_or(0, |file| file.len())
}
