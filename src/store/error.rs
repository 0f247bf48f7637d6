//! What can go wrong with the store, in words that tell what to do.

use std::path::PathBuf;

use crate::error::{ErrorKind, UserError};
use crate::model::phrase::Phrase;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or file can't be made or read.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A newer postroom made the file.
    #[error("{path} was made by a newer postroom (store version {found}, this one reads up to {known})")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest that we know.
        known: i64,
    },
    /// The file is no database, or damaged.
    #[error("{path} is damaged or is no postroom store: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// The disk is full.
    #[error("the disk is full: nothing was changed")]
    Full,
    /// The disk failed, or is so full that SQLite has no room for its own files.
    #[error("{path} can't be read or written: nothing was changed ({detail})")]
    Disk {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        detail: String,
    },
    /// An operation is longer than other clients take it.
    #[error("the {0} is too long: nothing was changed")]
    TooLong(&'static str),
    /// It was asked to end. What was done in portions before is kept.
    #[error("stopped before it was done: what was done is kept, and the next try goes on from there")]
    Stopped,
    /// Another process held the store for too long.
    #[error("another postroom has been writing to the store for over ten seconds")]
    Busy,
    /// What was asked for can't be done to what is there; nothing was changed.
    #[error("{}", crate::text::render(message))]
    Refused {
        /// Why.
        message: Phrase,
        /// What to do instead.
        hint: Phrase,
    },
    /// Anything else that SQLite says.
    #[error("store: {0}")]
    Sqlite(rusqlite::Error),
    /// What was kept can't be read back.
    #[error("store: {0}")]
    Content(String),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, ReadOnly,
            SystemIoFailure,
        };
        match error.sqlite_error_code() {
            Some(DiskFull) => Self::Full,
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy,
            Some(DatabaseCorrupt | NotADatabase) => {
                Self::Damaged { path: PathBuf::from("the store"), detail: error.to_string() }
            }
            Some(SystemIoFailure | CannotOpen | ReadOnly) => {
                Self::Disk { path: PathBuf::from("the store"), detail: error.to_string() }
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl StoreError {
    /// Names the file in an error that did not know it.
    #[must_use]
    pub fn at(self, path: &std::path::Path) -> Self {
        match self {
            Self::Damaged { detail, .. } => Self::Damaged { path: path.to_owned(), detail },
            Self::Disk { detail, .. } => Self::Disk { path: path.to_owned(), detail },
            other => other,
        }
    }

    /// Tells whether trying again later can help without anybody doing something.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy)
    }

    /// Tells whether somebody has to make room on the disk, or mend it.
    pub fn is_of_disk(&self) -> bool {
        matches!(self, Self::Full | Self::Disk { .. })
    }
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        let shown = |path: &PathBuf| path.display().to_string();
        let (what, hint) = match &error {
            StoreError::File { path, source } if source.kind() == std::io::ErrorKind::PermissionDenied => {
                (phrase!("store-file", path = shown(path), why = source.to_string()), phrase!("hint-own-store"))
            }
            StoreError::File { path, source } => {
                (phrase!("store-file", path = shown(path), why = source.to_string()), phrase!("hint-own-folder"))
            }
            StoreError::Newer { path, found, known } => {
                let (found, known) = (found.to_string(), known.to_string());
                (phrase!("store-newer", path = shown(path), found = found, known = known), phrase!("hint-update"))
            }
            StoreError::Damaged { path, detail } => {
                (phrase!("store-damaged", path = shown(path), why = detail), phrase!("hint-move-store-away"))
            }
            StoreError::Disk { path, detail } => {
                (phrase!("store-disk", path = shown(path), why = detail), phrase!("hint-disk-full"))
            }
            StoreError::Full => (phrase!("store-full"), phrase!("hint-free-space")),
            StoreError::Stopped => (phrase!("store-stopped"), phrase!("hint-run-again")),
            StoreError::Busy => (phrase!("store-busy"), phrase!("hint-end-the-other")),
            StoreError::Sqlite(why) => (phrase!("store-failed", why = why.to_string()), phrase!("hint-store-stays")),
            StoreError::Content(why) => (phrase!("store-failed", why = why), phrase!("hint-store-stays")),
            StoreError::Refused { message, hint } => {
                return UserError::new(ErrorKind::Usage, message.clone()).hint(hint.clone());
            }
            StoreError::TooLong(what) => {
                return UserError::new(ErrorKind::Usage, phrase!("store-too-long", what = *what))
                    .hint(phrase!("hint-shorter"));
            }
        };
        UserError::new(ErrorKind::Store, what).hint(hint)
    }
}
