//! A copy of the store, whole and of one moment, while others go on writing; and what a copy holds.
//!
//! Two stores may come of one: the copy and the one that went on. Mail that waits in both would go out by both, so each mail of the copy's
//! outbox bears a mark: it is looked for on the server, and not only in what was fetched, before it is sent.

use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::connection::{self, MIGRATIONS};
use super::{Store, StoreError};

/// How much a copy holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyFacts {
    /// The version of the store: how many migrations it has had.
    pub version: i64,
    /// Conversations.
    pub conversations: u64,
    /// Messages that are shown.
    pub messages: u64,
    /// Drafts that nobody discarded.
    pub drafts: u64,
    /// Mails that are not filed yet, those that want somebody among them.
    pub outbox: u64,
    /// Records that are not on the server yet.
    pub to_push: u64,
}

impl Store {
    /// Writes a copy of the store as it stands now into the new file `file`, mode 0600, and returns what it holds. Nobody waits for it, and
    /// it waits for nobody: what others are about to write is not in it. It is one file, and on the disk when this returns.
    ///
    /// # Errors
    /// When the store can't be read, or the file is there already or can't be written.
    pub fn copy_to(&self, file: &Path) -> Result<CopyFacts, StoreError> {
        let new = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
        new.map_err(|source| StoreError::File { path: file.to_owned(), source })?;
        let at = |error: rusqlite::Error| StoreError::from(error).at(file);
        self.read(|from| {
            let mut to = open(file).map_err(at)?;
            copy(from, &mut to).map_err(|error| error.at(file))
        })?;
        let to = open(file).map_err(at)?;
        // A copy is one file: what is written to it later stands beside it, and not in it.
        to.execute_batch(
            "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE;
             UPDATE outgoing SET json = json_set(json, '$.copied', json('true')) WHERE json_valid(json)",
        )
        .map_err(at)?;
        facts(&to).map_err(at)
    }

    /// Looks at the copy in `file` and changes no byte of it. Returns how much it holds, and what is wrong with the file in SQLite's words:
    /// nothing where it is sound.
    ///
    /// # Errors
    /// When it can't be read at all, is no store, or a newer postroom made it.
    pub fn look_at_copy(file: &Path) -> Result<(CopyFacts, Vec<String>), StoreError> {
        look(file).map_err(|error| error.at(file))
    }
}

fn look(file: &Path) -> Result<(CopyFacts, Vec<String>), StoreError> {
    let connection = connection::connect_to_read(file)?;
    let version = version(&connection)?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if version > known {
        return Err(StoreError::Newer { path: file.to_owned(), found: version, known });
    }
    if version == 0 {
        return Err(StoreError::Damaged { path: file.to_owned(), detail: "it has no tables".to_owned() });
    }
    let mut check = connection.prepare("PRAGMA integrity_check(20)")?;
    let mut wrong = check.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    wrong.retain(|line| line != "ok");
    Ok((facts(&connection)?, wrong))
}

fn open(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// Copies page by page, in one go: in portions it would begin anew whenever somebody writes.
fn copy(from: &Connection, to: &mut Connection) -> Result<(), StoreError> {
    let backup = Backup::new(from, to)?;
    match backup.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(StoreError::Busy),
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn facts(connection: &Connection) -> rusqlite::Result<CopyFacts> {
    let count = |of: &str| {
        let count: i64 = connection.query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0))?;
        Ok::<_, rusqlite::Error>(u64::try_from(count).unwrap_or(0))
    };
    Ok(CopyFacts {
        version: version(connection)?,
        conversations: count("conversation")?,
        messages: count("message WHERE hidden = 0")?,
        drafts: count("draft WHERE discarded_at IS NULL")?,
        outbox: count("outgoing WHERE state NOT IN ('filed', 'cancelled')")?,
        to_push: count("record WHERE epoch IS NULL")?,
    })
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
