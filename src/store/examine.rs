//! A look at the file of a store without opening it: nothing is made, brought up to date, or waited for.

use std::path::{Path, PathBuf};

use super::connection::{MIGRATIONS, connect_to_read, file_in};
use super::error::StoreError;
use super::{Store, rights};

/// What a look at a store's file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// Which version it is: how many migrations it has had.
    pub version: i64,
    /// The version of this program.
    pub known: i64,
    /// What SQLite finds wrong with the file, in its words, which name pages and tables only; `None` where it is sound.
    pub damage: Option<String>,
    /// The bytes of the file and of what SQLite keeps beside it.
    pub bytes: u64,
}

impl Store {
    /// Looks at the store in the folder `dir`: whole, as `PRAGMA quick_check` reads each page once. `None` where there is none.
    ///
    /// # Errors
    /// When the file can't be read, or is no store.
    pub fn examine(dir: &Path) -> Result<Option<Examined>, StoreError> {
        let path = file_in(dir);
        if !path.is_file() {
            return Ok(None);
        }
        let bytes = ["postroom.db", "postroom.db-wal"].iter().filter_map(|name| dir.join(name).metadata().ok());
        let bytes = bytes.map(|meta| meta.len()).sum();
        let look = || -> Result<Examined, StoreError> {
            let connection = connect_to_read(&path)?;
            let version = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            let said: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
            Ok(Examined { version, known, damage: (said != "ok").then_some(said), bytes })
        };
        look().map(Some).map_err(|error| error.at(&path))
    }

    /// Returns what of the store in the folder `dir` lets others in, each with the mode that it should have.
    pub fn open_to_others(dir: &Path) -> Vec<(PathBuf, u32)> {
        rights::open_to_others(dir)
    }
}
