//! What can go wrong with the store, in words that tell what to do.

use std::path::PathBuf;

use crate::error::{ErrorKind, UserError};

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
    #[error("{message}")]
    Refused {
        /// Why.
        message: String,
        /// What to do instead.
        hint: String,
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
        let hint = match &error {
            StoreError::Refused { hint, .. } => {
                return UserError::new(ErrorKind::Usage, error.to_string()).hint(hint.clone());
            }
            StoreError::File { .. } => "check that the folder exists and is yours",
            StoreError::Newer { .. } => "update postroom, or name another store with --store",
            StoreError::Damaged { .. } => {
                "keep the file, move it away and run `postroom sync`: mail and the team's log come back from the server, \
                 drafts and what was not sent yet are in the file alone"
            }
            StoreError::Disk { .. } => "is the disk full, or may it not be written? make room and try again",
            StoreError::Full => "free some space and try again; postroom goes on by itself",
            StoreError::TooLong(_) => {
                return UserError::new(ErrorKind::Usage, error.to_string()).hint("make it shorter, or several of it");
            }
            StoreError::Stopped => "run it again",
            StoreError::Busy => "end the other one, or try again",
            StoreError::Sqlite(_) | StoreError::Content(_) => {
                "try again; if it stays, keep the file, move it away and run `postroom sync`: drafts and what was not sent yet \
                 are in the file alone"
            }
        };
        UserError::new(ErrorKind::Store, error.to_string()).hint(hint)
    }
}
