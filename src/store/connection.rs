//! Connections: one writer, a stack of readers, and how each is set up.
//!
//! A second writer in one process would only meet SQLITE_BUSY, so there is one, behind a lock. Readers are a stack, the last used first,
//! because its page cache is warm. Between processes SQLite's own lock decides, with a wait of ten seconds.
//!
//! Several commands of one thread can be made one transaction ([`Connections::together`]): then all that the thread reads and writes runs
//! on a connection of its own, each write as a savepoint.

use std::cell::RefCell;
use std::ops::Deref;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::Opening;
use super::error::StoreError;

/// The schema of a new store: what all of the migrations together make.
pub(super) const SCHEMA: &str = include_str!("schema.sql");

/// The migrations, in order; the version of a store is how many of them it has had.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_mail.sql"),
    include_str!("migrations/0002_outgoing_file.sql"),
    include_str!("migrations/0003_log_account.sql"),
    include_str!("migrations/0004_mail_move.sql"),
    include_str!("migrations/0005_draft_copy.sql"),
    include_str!("migrations/0006_folder_watch.sql"),
    include_str!("migrations/0007_note_draft.sql"),
    include_str!("migrations/0008_rethread.sql"),
    include_str!("migrations/0009_folder_trust.sql"),
    include_str!("migrations/0010_set_aside.sql"),
    include_str!("migrations/0011_undone.sql"),
    include_str!("migrations/0012_outgoing_reason.sql"),
    include_str!("migrations/0013_as_of.sql"),
    include_str!("migrations/0014_copy_content.sql"),
    include_str!("migrations/0015_log_key.sql"),
    include_str!("migrations/0016_derived.sql"),
    include_str!("migrations/0017_reply_seen.sql"),
    include_str!("migrations/0018_erased.sql"),
    include_str!("migrations/0019_who_wrote.sql"),
    include_str!("migrations/0020_sending.sql"),
    include_str!("migrations/0021_related.sql"),
    include_str!("migrations/0022_identity.sql"),
    include_str!("migrations/0023_gone.sql"),
    include_str!("migrations/0024_upgraded.sql"),
    include_str!("migrations/0025_mail_flag.sql"),
    include_str!("migrations/0026_next.sql"),
    include_str!("migrations/0027_watch.sql"),
    include_str!("migrations/0028_hook.sql"),
    include_str!("migrations/0029_import.sql"),
    include_str!("migrations/0030_news.sql"),
    include_str!("migrations/0031_sort.sql"),
    include_str!("migrations/0032_unassigned_waiting.sql"),
    include_str!("migrations/0033_search_word.sql"),
    include_str!("migrations/0034_list_order.sql"),
    include_str!("migrations/0035_workable.sql"),
];

/// How long a process waits for another's write.
const BUSY: Duration = Duration::from_secs(10);

/// Readers kept open beyond those in use.
const READERS_KEPT: usize = 3;

/// A connection in a transaction, which this room alone begins and ends.
pub(super) struct Transaction<'c>(&'c Connection);

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

thread_local! {
    /// The transactions that hold all that this thread does to a store, each with the store's file.
    static HELD: RefCell<Vec<(PathBuf, Rc<Connection>)>> = const { RefCell::new(Vec::new()) };
}

/// Ends the holding, also where the work panicked.
struct Holding;

impl Holding {
    fn begin(path: &Path, connection: &Rc<Connection>) -> Self {
        HELD.with_borrow_mut(|held| held.push((path.to_owned(), Rc::clone(connection))));
        Self
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        HELD.with_borrow_mut(Vec::pop);
    }
}

/// Whether what was done stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// It does.
    All,
    /// It was only to be looked at.
    Nothing,
}

pub(super) struct Connections {
    path: PathBuf,
    /// What makes a further connection.
    connect: fn(&Path) -> Result<Connection, StoreError>,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// Asked for `data_version` only, which tells of other connections' commits.
    watcher: Mutex<Connection>,
}

impl Connections {
    pub(super) fn open(path: &Path, told: &mut dyn FnMut(Opening)) -> Result<Self, StoreError> {
        let mut writer = connect(path).map_err(|e| e.at(path))?;
        migrate(&mut writer, path, told).map_err(|e| e.at(path))?;
        let watcher = connect(path).map_err(|e| e.at(path))?;
        for_writing(&writer).map_err(|e| e.at(path))?;
        watcher.execute_batch("PRAGMA cache_size = -64").map_err(|e| StoreError::from(e).at(path))?;
        Ok(Self {
            path: path.to_owned(),
            connect,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            watcher: Mutex::new(watcher),
        })
    }

    /// Opens a store of this very version for reading: no byte of it changes, and no file is made beside it. `None` where it is of another
    /// version.
    pub(super) fn open_to_read(path: &Path) -> Result<Option<Self>, StoreError> {
        let first = connect_to_read(path).map_err(|e| e.at(path))?;
        let version: i64 = first.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        if usize::try_from(version).ok() != Some(MIGRATIONS.len()) {
            return Ok(None);
        }
        let watcher = connect_to_read(path).map_err(|e| e.at(path))?;
        Ok(Some(Self {
            path: path.to_owned(),
            connect: connect_to_read,
            writer: Mutex::new(first),
            readers: Mutex::new(Vec::new()),
            watcher: Mutex::new(watcher),
        }))
    }

    /// Returns a number that another one follows when any connection but the watcher commits.
    pub(super) fn data_version(&self) -> Result<i64, StoreError> {
        let version = lock(&self.watcher).query_row("PRAGMA data_version", [], |row| row.get(0));
        version.map_err(|e| StoreError::from(e).at(&self.path))
    }

    #[cfg(test)]
    pub(super) fn writer_pragma(&self, sql: &str) -> Result<(), StoreError> {
        let writer = lock(&self.writer);
        let mut pragma = writer.prepare(sql)?;
        let mut rows = pragma.query([])?;
        while rows.next()?.is_some() {}
        Ok(())
    }

    /// Runs `work`, and makes one transaction of all that this thread reads and writes in it: it sees what it wrote, nobody else does,
    /// and where it fails or says so nothing stays. Within another one it is a part of that, which can be undone by itself. Others wait
    /// to write meanwhile, so it may not wait for anything outside. It is on the disk when this returns.
    pub(super) fn together<T, E: From<StoreError>>(&self, work: impl FnOnce() -> Result<(T, Keep), E>) -> Result<T, E> {
        let run = |connection: &Connection, sql: &str| {
            connection.execute_batch(sql).map_err(|e| StoreError::from(e).at(&self.path))
        };
        if let Some(held) = self.held() {
            return saved(&held, work);
        }
        // Other threads wait here, and not for SQLite's lock.
        let _writer = lock(&self.writer);
        let connection = connect(&self.path).and_then(|connection| for_writing(&connection).map(|()| connection));
        let connection = Rc::new(connection.map_err(|e| e.at(&self.path))?);
        run(&connection, "PRAGMA synchronous = FULL; BEGIN IMMEDIATE")?;
        let holding = Holding::begin(&self.path, &connection);
        let done = work();
        drop(holding);
        if matches!(done, Ok((_, Keep::All))) {
            run(&connection, "COMMIT")?;
        }
        // Else the connection takes everything back as it goes.
        done.map(|(done, _)| done)
    }

    /// Returns the connection that holds all that this thread does to the store.
    pub(super) fn held(&self) -> Option<Rc<Connection>> {
        HELD.with_borrow(|held| {
            held.iter().find(|(path, _)| *path == self.path).map(|(_, connection)| Rc::clone(connection))
        })
    }

    /// Refuses what can't be part of a transaction.
    fn refuse_held(&self) -> Result<(), StoreError> {
        if self.held().is_some() { Err(StoreError::Busy) } else { Ok(()) }
    }

    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(held) = self.held() {
            return saved(&held, || Ok((work(&Transaction(&held))?, Keep::All)))
                .map_err(|e: StoreError| e.at(&self.path));
        }
        let mut writer = lock(&self.writer);
        let run = |writer: &mut Connection| {
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&Transaction(&transaction))?;
            transaction.commit()?;
            Ok(done)
        };
        run(&mut writer).map_err(|e: StoreError| e.at(&self.path))
    }

    /// Like [`Connections::write`], and the commit is on the disk when this returns: WAL otherwise syncs only at checkpoints, and a mail
    /// must not go out on the strength of a line that a power cut takes back.
    pub(super) fn write_durable<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.held().is_some() {
            // On the disk when all of it is.
            return self.write(work);
        }
        let mut writer = lock(&self.writer);
        let run = |writer: &mut Connection| {
            writer.execute_batch("PRAGMA synchronous = FULL")?;
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = work(&Transaction(&transaction))?;
            transaction.commit()?;
            Ok(done)
        };
        let done = run(&mut writer).map_err(|e: StoreError| e.at(&self.path));
        writer.execute_batch("PRAGMA synchronous = NORMAL").map_err(StoreError::from)?;
        done
    }

    /// Writes the whole file anew, so that nothing is left in it of what was deleted.
    pub(super) fn write_anew(&self) -> Result<(), StoreError> {
        self.refuse_held()?;
        let writer = lock(&self.writer);
        // The copy goes through a file: a store is larger than the memory that we may take.
        let done = writer.execute_batch("PRAGMA temp_store = FILE; VACUUM");
        writer.execute_batch("PRAGMA temp_store = MEMORY").map_err(StoreError::from)?;
        done.map_err(|e| StoreError::from(e).at(&self.path))
    }

    /// Brings the log of writes into the file and empties it. Returns `false` where somebody reads what it holds.
    pub(super) fn empty_log(&self) -> Result<bool, StoreError> {
        self.refuse_held()?;
        let writer = lock(&self.writer);
        let busy = writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        Ok(busy.map_err(|e| StoreError::from(e).at(&self.path))? == 0)
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(held) = self.held() {
            return work(&Transaction(&held)).map_err(|e| e.at(&self.path));
        }
        let kept = lock(&self.readers).pop();
        let mut reader = match kept {
            Some(reader) => reader,
            None => (self.connect)(&self.path).map_err(|e| e.at(&self.path))?,
        };
        let done = {
            let snapshot = reader.transaction().map_err(StoreError::from)?;
            work(&Transaction(&snapshot)).map_err(|e| e.at(&self.path))
        };
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(reader);
        }
        done
    }
}

/// Runs `work` as a part of the transaction that can be undone by itself.
fn saved<T, E: From<StoreError>>(connection: &Connection, work: impl FnOnce() -> Result<(T, Keep), E>) -> Result<T, E> {
    let run = |sql: &str| connection.execute_batch(sql).map_err(|e| E::from(e.into()));
    run("SAVEPOINT part")?;
    let done = work();
    if matches!(done, Ok((_, Keep::All))) {
        run("RELEASE part")?;
    } else {
        // Where SQLite had to take back all, as on a full disk, there is no part left, and what went wrong is told already.
        let undone = run("ROLLBACK TO part; RELEASE part");
        if done.is_ok() {
            undone?;
        }
    }
    done.map(|(done, _)| done)
}

/// Writing touches many indexes at random places; reading touches few pages. Each checkpoint waits for the disk, so they are few.
fn for_writing(connection: &Connection) -> Result<(), StoreError> {
    connection
        .execute_batch("PRAGMA cache_size = -8192; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY")
        .map_err(StoreError::from)
}

/// A panic while a lock was held leaves SQLite's transaction rolled back, so the connection is still good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    #[cfg(test)]
    let connection = super::plan_tests::heard(connection)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Beside partial indexes SQLite plans a kept statement anew for other values, because one of them could fit an index: a fifth of the
    // time of opening a conversation. No index of ours depends on a value that is bound.
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // 2 MiB of page cache a connection: the whole program is to stay under 40 MiB. What a search of a reader finds, maybe a million row
    // numbers, goes to a temporary file beyond that.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = NORMAL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -2048;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(connection)
}

/// Connects for reading alone, and waits for nobody.
pub(super) fn connect_to_read(path: &Path) -> Result<Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let mut uri = std::ffi::OsString::from(path);
    if !with_end(path, "-wal").exists() {
        // Nobody has it open: without the word SQLite would make the files of whoever has.
        uri = format!("file:{}?immutable=1", percent_encoded(path)).into();
    } else {
        flags.remove(OpenFlags::SQLITE_OPEN_URI);
    }
    let connection = Connection::open_with_flags(uri, flags)?;
    connection.busy_timeout(Duration::ZERO)?;
    Ok(connection)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Writes a path as SQLite reads it in a URI.
fn percent_encoded(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes.map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn migrate(connection: &mut Connection, path: &Path, told: &mut dyn FnMut(Opening)) -> Result<(), StoreError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    let version = |c: &Connection| c.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    let found = version(connection)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    if found == known {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    // Another process may have migrated while this one waited for the lock.
    match usize::try_from(version(&transaction)?).unwrap_or(0) {
        // In one go: step by step, SQLite reads all of the schema again after each column that is added.
        0 => transaction.execute_batch(SCHEMA)?,
        done => {
            let steps = MIGRATIONS.get(done..).unwrap_or_default();
            for (at, sql) in steps.iter().enumerate() {
                told(Opening::Migrating { done: wide(at), all: wide(steps.len()) });
                transaction.execute_batch(sql)?;
            }
        }
    }
    transaction.execute_batch(&format!("PRAGMA user_version = {known}"))?;
    transaction.commit()?;
    Ok(())
}

/// Returns the file of the store in a folder.
pub(super) fn file_in(dir: &Path) -> PathBuf {
    dir.join("postroom.db")
}

/// Makes the folder and an empty file with the right modes and returns the file's path.
pub(super) fn prepare_folder(dir: &Path) -> Result<PathBuf, StoreError> {
    let file = |path: &Path, source| StoreError::File { path: path.to_owned(), source };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|e| file(dir, e))?;
    let path = file_in(dir);
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path).map_err(|e| file(&path, e))?;
    let mode = std::fs::metadata(&path).map_err(|e| file(&path, e))?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).map_err(|e| file(&path, e))?;
    }
    Ok(path)
}
