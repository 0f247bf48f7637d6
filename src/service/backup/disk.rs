//! A backup on the disk: written beside its place, readable by its owner alone, and moved there when it is whole.
//!
//! Whatever moment it is interrupted at, the next one can tell what lies there: the folder beside the place bears a mark from its first
//! moment to its last, and so does an older backup before it is moved. A folder without the mark is somebody's, unless it is empty or a
//! whole backup.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FlockOperation, OFlags, RenameFlags, flock, renameat_with};

use super::{DATABASE, LIST, shown};
use crate::error::{ErrorKind, UserError};

/// The mark of a folder that is not in its place; it is locked while somebody writes there.
const LOCK: &str = ".postroom-backup";
/// What an older backup is called while it is moved away.
const OLD: &str = ".old";
/// A file beside the store is larger than this by mistake only, in bytes.
const SIZE_MAX: u64 = 16 << 20;

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> UserError {
    let what = phrase!("file-unreadable", file = shown(path), why = error.to_string());
    UserError::new(ErrorKind::Store, what).hint(phrase!("hint-owner-and-mode"))
}

fn failed(path: &Path, error: &std::io::Error) -> UserError {
    let what = phrase!("export-unwritable", path = shown(path), why = error.to_string());
    UserError::new(ErrorKind::Store, what).hint(phrase!("hint-room"))
}

fn is_other(path: &Path) -> UserError {
    let what = phrase!("backup-other-there", path = shown(path));
    UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-backup-path"))
}

/// Reads a file that is small.
pub(super) fn read_small(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(SIZE_MAX).read_to_string(&mut text)?;
    Ok(text)
}

/// Opens a file for writing that is new, private and no link.
fn private(path: &Path) -> std::io::Result<File> {
    let nofollow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
    OpenOptions::new().write(true).create_new(true).mode(0o600).custom_flags(nofollow).open(path)
}

/// Makes a folder that only its owner reads, unless it is there.
fn folder(path: &Path) -> std::io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == IoKind::AlreadyExists => Ok(()),
        made => made,
    }
}

/// Returns the files of a folder that end so, sorted; hidden ones are none. A folder that is not there has none.
///
/// # Errors
/// When the folder is there and can't be read.
pub(super) fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>, UserError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), IoKind::NotFound | IoKind::NotADirectory) => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    let is_one = |path: &PathBuf| {
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        // Asked of what a link leads to: a pipe or a device would be read for ever.
        !hidden && path.extension().is_some_and(|own| own == ending) && path.is_file()
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_one).collect();
    found.sort();
    Ok(found)
}

/// Says whether a backup can be written to `to`.
///
/// # Errors
/// When something stands there that is not to be replaced, is no backup, or is one that a program works with.
pub(super) fn is_free(to: &Path, overwrite: bool) -> Result<(), UserError> {
    if to.file_name().is_none() {
        let what = phrase!("backup-wants-name", path = shown(to));
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-backup-path")));
    }
    let Ok(about) = to.symlink_metadata() else { return Ok(()) };
    if about.is_dir() && is_empty(to) {
        return Ok(());
    }
    if !about.is_dir() || !to.join(LIST).is_file() {
        // Never replaced: it is nothing of ours.
        return Err(is_other(to));
    }
    if is_live(to) {
        let what = phrase!("backup-live-there", path = shown(to));
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-backup-path")));
    }
    if !overwrite {
        let what = phrase!("backup-there", path = shown(to));
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-backup-there")));
    }
    Ok(())
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut inside| inside.next().is_none())
}

/// Tells whether somebody worked with the store in a backup's folder: it was put back, and is no copy any more. A copy is in no WAL mode,
/// and the first program that opens it as a store puts it into that, for good.
fn is_live(folder: &Path) -> bool {
    let database = folder.join(DATABASE);
    let beside = |ending: &str| folder.join(format!("{DATABASE}{ending}")).exists();
    beside("-wal") || beside("-shm") || is_in_wal_mode(&database)
}

/// Reads the version that SQLite wants of whoever writes the file (bytes 18 and 19 of its header): 2 is WAL.
fn is_in_wal_mode(database: &Path) -> bool {
    let mut header = [0u8; 20];
    let read = File::open(database).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok() && matches!(header, [.., 2, _] | [.., 2])
}

/// Tells whether a folder beside the place of a backup is of one that was interrupted.
fn is_left_over(folder: &Path) -> bool {
    let is_folder = folder.symlink_metadata().is_ok_and(|about| about.is_dir());
    let is_whole = || folder.join(LIST).is_file() && !is_live(folder);
    is_folder && (folder.join(LOCK).is_file() || is_empty(folder) || is_whole())
}

/// Returns the path of what stands beside `to` under its name and this ending.
fn beside(to: &Path, ending: &str) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    to.with_file_name(name)
}

/// Holds the folder that backups stand in, for the moment in which one begins or takes its place: no other does either then.
struct Turn(Option<File>);

impl Turn {
    fn take(to: &Path) -> Self {
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = File::open(parent).ok();
        // Where a file system has no such locks, the lock on the mark has to do.
        Self(folder.filter(|folder| flock(folder, FlockOperation::LockExclusive).is_ok()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            let _ = flock(folder, FlockOperation::Unlock);
        }
    }
}

/// A backup that is not whole yet.
pub(super) struct Part {
    path: PathBuf,
    lock: File,
}

impl Drop for Part {
    fn drop(&mut self) {
        // A program that is being started has the file open too, for a moment: closing it alone would leave the lock there.
        let _ = flock(&self.lock, FlockOperation::Unlock);
    }
}

/// Puts the mark into a folder.
fn mark(folder: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(folder.join(LOCK))
}

impl Part {
    /// Begins a folder beside `to`; what an interrupted backup left there goes.
    pub(super) fn begin(to: &Path, overwrite: bool) -> Result<Self, UserError> {
        let _turn = Turn::take(to);
        bring_back(to)?;
        // Asked in turn: another backup may have come to stand there just now.
        is_free(to, overwrite)?;
        let path = beside(to, ".part");
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {}
            Err(error) if error.kind() != IoKind::AlreadyExists => return Err(failed(&path, &error)),
            Err(_) if is_left_over(&path) => {}
            Err(_) => return Err(is_other(&path)),
        }
        let lock = mark(&path).map_err(|error| failed(&path.join(LOCK), &error))?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            let what = phrase!("backup-busy", path = shown(to));
            return Err(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-backup-busy")));
        }
        let part = Self { path, lock };
        part.empty().map_err(|error| failed(&part.path, &error))?;
        Ok(part)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn empty(&self) -> std::io::Result<()> {
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else if entry.file_name() != LOCK {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Writes a file of the backup.
    pub(super) fn write(&self, file: &str, bytes: &[u8]) -> Result<(), UserError> {
        let path = self.path.join(file);
        let put = || {
            if let Some(parent) = path.parent() {
                folder(parent)?;
            }
            let mut open = private(&path)?;
            open.write_all(bytes)?;
            open.sync_all()
        };
        put().map_err(|error| failed(&path, &error))
    }

    /// Copies a file into the backup.
    pub(super) fn copy(&self, from: &Path, file: &str) -> Result<(), UserError> {
        let mut bytes = Vec::new();
        let read = File::open(from).and_then(|open| open.take(SIZE_MAX + 1).read_to_end(&mut bytes));
        read.map_err(|error| unreadable(from, &error))?;
        if bytes.len() as u64 > SIZE_MAX {
            let what = phrase!("backup-too-large", path = shown(from));
            return Err(UserError::new(ErrorKind::Store, what).hint(phrase!("hint-backup-too-large")));
        }
        self.write(file, &bytes)
    }

    /// Gives the backup its place.
    pub(super) fn finish(self, to: &Path, overwrite: bool) -> Result<(), UserError> {
        let _turn = Turn::take(to);
        // Somebody may have begun to work with the one that is there.
        is_free(to, overwrite)?;
        let moved = || {
            File::open(&self.path)?.sync_all()?;
            if to.join(LIST).is_file() {
                self.replace(to)?;
            } else {
                // A folder takes the place of an empty one, and of nothing else.
                std::fs::rename(&self.path, to)?;
            }
            // Last: until now the mark says whose it is.
            std::fs::remove_file(to.join(LOCK))
        };
        moved().map_err(|error| failed(to, &error))
    }

    /// Takes the place of an older backup, at no moment of which neither is there; where the file system can't do that, for a moment.
    fn replace(&self, to: &Path) -> std::io::Result<()> {
        mark(to)?;
        if renameat_with(CWD, &self.path, CWD, to, RenameFlags::EXCHANGE).is_ok() {
            return std::fs::remove_dir_all(&self.path);
        }
        let old = beside(to, OLD);
        std::fs::rename(to, &old)?;
        // The old one stays in its place where the new one can't have it.
        std::fs::rename(&self.path, to).inspect_err(|_| drop(std::fs::rename(&old, to)))?;
        std::fs::remove_dir_all(&old)
    }
}

/// Puts an older backup back that was moved away for one that did not come, or takes it away where the new one came.
fn bring_back(to: &Path) -> Result<(), UserError> {
    let old = beside(to, OLD);
    if !old.join(LOCK).is_file() || old.is_symlink() {
        return Ok(());
    }
    let done = if to.symlink_metadata().is_err() { std::fs::rename(&old, to) } else { std::fs::remove_dir_all(&old) };
    done.map_err(|error| failed(&old, &error))
}
