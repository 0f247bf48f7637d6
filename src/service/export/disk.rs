//! An export on the disk: one file or a folder, readable by their owner alone, and beside them what is in them so far.
//!
//! A file is written as `NAME.part` and gets its name when it is whole. Both kinds note each conversation that is in them whole, with the
//! length of the file then, in a file of their own: an export that is begun again goes on behind the last, and cuts off what an
//! interruption left behind that. The note is locked while it is written to.

use std::collections::HashSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind as IoKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, OFlags, flock};
use serde::{Deserialize, Serialize};

use super::{Destination, Name};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::ConversationId;

/// The note in a folder.
const NOTE: &str = ".postroom-export";
/// A file of a folder, until it is whole.
const UNFINISHED: &str = ".postroom-unfinished";

/// The first line of a note.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    /// The version of the note.
    export: u32,
    /// What is exported.
    what: String,
}

/// The note of what is in an export so far.
struct Progress {
    path: PathBuf,
    file: File,
    done: HashSet<ConversationId>,
    /// The length of the file behind the last of them.
    length: u64,
}

fn failed(path: &Path, error: &std::io::Error) -> UserError {
    let what = phrase!("export-unwritable", path = path.display().to_string(), why = error.to_string());
    UserError::new(ErrorKind::Store, what).hint(phrase!("hint-room"))
}

fn taken(path: &Path) -> UserError {
    let what = phrase!("export-there", path = path.display().to_string());
    UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-export-there"))
}

/// Opens a file for writing that is private and no link.
fn private(path: &Path, new: bool) -> std::io::Result<File> {
    let nofollow = i32::try_from(OFlags::NOFOLLOW.bits()).unwrap_or(0);
    OpenOptions::new().read(true).write(true).create_new(new).mode(0o600).custom_flags(nofollow).open(path)
}

impl Drop for Progress {
    fn drop(&mut self) {
        // A program that is being started has the file open too, for a moment: closing it alone would leave the lock there.
        let _ = flock(&self.file, FlockOperation::Unlock);
    }
}

impl Progress {
    /// Takes up the note that is there, or begins one; `None` where there was none.
    fn open(path: PathBuf, what: &str, overwrite: bool) -> Result<Option<Self>, UserError> {
        let file = match private(&path, false) {
            Ok(file) => file,
            Err(error) if error.kind() == IoKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&path, &error)),
        };
        let mut note = Self { path, file, done: HashSet::new(), length: 0 };
        note.lock()?;
        let head = note.read()?;
        if head.is_some_and(|head| head == of(what)) {
            return Ok(Some(note));
        }
        if !overwrite {
            let what = phrase!("export-of-other", path = note.path.display().to_string());
            return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-export-of-other")));
        }
        note.write_head(what)?;
        Ok(Some(note))
    }

    fn begin(path: PathBuf, what: &str) -> Result<Self, UserError> {
        let file = private(&path, true).map_err(|error| failed(&path, &error))?;
        let mut note = Self { path, file, done: HashSet::new(), length: 0 };
        note.lock()?;
        note.write_head(what)?;
        Ok(note)
    }

    fn lock(&self) -> Result<(), UserError> {
        flock(&self.file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            let what = phrase!("export-busy", path = self.path.display().to_string());
            UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-export-busy"))
        })
    }

    fn write_head(&mut self, what: &str) -> Result<(), UserError> {
        let head = serde_json::to_string(&of(what)).unwrap_or_default();
        self.done.clear();
        self.length = 0;
        let begun = self.file.set_len(0).and_then(|()| self.file.rewind());
        begun.map_err(|error| failed(&self.path, &error))?;
        self.line(&head)
    }

    /// Reads the note. A last line without an end was cut by an interruption, and is cut off.
    fn read(&mut self) -> Result<Option<Head>, UserError> {
        let mut bytes = Vec::new();
        self.file.read_to_end(&mut bytes).map_err(|error| failed(&self.path, &error))?;
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        bytes.truncate(whole);
        let length = u64::try_from(whole).unwrap_or(0);
        let cut = self.file.set_len(length).and_then(|()| self.file.seek(SeekFrom::Start(length)));
        cut.map_err(|error| failed(&self.path, &error))?;
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        let head = lines.next().and_then(|line| serde_json::from_str(line).ok());
        for (id, length) in lines.filter_map(|line| line.split_once(' ')) {
            if let Ok(length) = length.parse() {
                self.done.insert(ConversationId::from_kept(id));
                self.length = length;
            }
        }
        Ok(head)
    }

    fn line(&mut self, line: &str) -> Result<(), UserError> {
        self.file.write_all(format!("{line}\n").as_bytes()).map_err(|error| failed(&self.path, &error))
    }

    fn note(&mut self, id: &ConversationId, length: u64) -> Result<(), UserError> {
        self.line(&format!("{id} {length}"))?;
        self.done.insert(id.clone());
        Ok(())
    }

    fn remove(&self) -> Result<(), UserError> {
        std::fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error))
    }
}

fn of(what: &str) -> Head {
    Head { export: 1, what: what.to_owned() }
}

/// One file.
pub struct FileTo {
    path: PathBuf,
    part: PathBuf,
    file: File,
    length: u64,
    overwrite: bool,
    progress: Progress,
}

impl FileTo {
    /// Opens the file that is to be `path`, or goes on where an export of the same was interrupted.
    ///
    /// # Errors
    /// As [`super::open`].
    pub fn open(path: PathBuf, what: &str, overwrite: bool) -> Result<Self, UserError> {
        match path.symlink_metadata() {
            // What is no file, such as a device, is never replaced.
            Ok(about) if !overwrite || !about.is_file() => return Err(taken(&path)),
            _ => {}
        }
        let beside = |ending: &str| {
            let mut name = path.clone().into_os_string();
            name.push(ending);
            PathBuf::from(name)
        };
        let (part, note) = (beside(".part"), beside(".part.done"));
        let progress = match Progress::open(note.clone(), what, overwrite)? {
            Some(progress) => progress,
            None if part.symlink_metadata().is_ok() && !overwrite => return Err(taken(&part)),
            None => Progress::begin(note, what)?,
        };
        let opened = match private(&part, false) {
            Err(error) if error.kind() == IoKind::NotFound => private(&part, true),
            opened => opened,
        };
        let file = opened.map_err(|error| failed(&part, &error))?;
        let mut to = Self { path, part, file, length: 0, overwrite, progress };
        to.go_on(what)?;
        Ok(to)
    }

    /// Cuts off what is behind the last conversation that is whole; begins anew where less is there than was noted.
    fn go_on(&mut self, what: &str) -> Result<(), UserError> {
        let there = self.file.metadata().map_err(|error| failed(&self.part, &error))?.len();
        if self.progress.length > there {
            self.progress.write_head(what)?;
        }
        self.length = self.progress.length;
        let cut = self.file.set_len(self.length).and_then(|()| self.file.seek(SeekFrom::End(0)));
        cut.map(|_| ()).map_err(|error| failed(&self.part, &error))
    }
}

impl Destination for FileTo {
    fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn has(&self, id: &ConversationId) -> bool {
        self.progress.done.contains(id)
    }

    fn put(&mut self, _: &Name, bytes: &[u8]) -> Result<bool, UserError> {
        self.file.write_all(bytes).map_err(|error| failed(&self.part, &error))?;
        self.length += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(true)
    }

    fn done(&mut self, id: &ConversationId) -> Result<(), UserError> {
        self.progress.note(id, self.length)
    }

    fn finish(&mut self) -> Result<(), UserError> {
        self.file.sync_all().map_err(|error| failed(&self.part, &error))?;
        if self.overwrite {
            std::fs::rename(&self.part, &self.path).map_err(|error| failed(&self.path, &error))?;
            return self.progress.remove();
        }
        // A second name, unlike a new one, replaces nothing that came to stand there meanwhile.
        match std::fs::hard_link(&self.part, &self.path) {
            Ok(()) => std::fs::remove_file(&self.part).map_err(|error| failed(&self.part, &error))?,
            Err(error) if error.kind() == IoKind::AlreadyExists => return Err(taken(&self.path)),
            // There are file systems without second names.
            Err(_) => std::fs::rename(&self.part, &self.path).map_err(|error| failed(&self.path, &error))?,
        }
        self.progress.remove()
    }
}

/// A folder of files.
pub struct FolderTo {
    path: PathBuf,
    progress: Progress,
}

impl FolderTo {
    /// Opens the folder `path`, which is new or empty, or goes on where an export of the same was interrupted.
    ///
    /// # Errors
    /// As [`super::open`].
    pub fn open(path: PathBuf, what: &str, overwrite: bool) -> Result<Self, UserError> {
        if path.symlink_metadata().is_ok() && !path.is_dir() {
            return Err(taken(&path));
        }
        folder(&path).map_err(|error| failed(&path, &error))?;
        let note = path.join(NOTE);
        let progress = match Progress::open(note.clone(), what, overwrite)? {
            Some(progress) => progress,
            None => {
                let mut inside = std::fs::read_dir(&path).map_err(|error| failed(&path, &error))?;
                if inside.next().is_some() && !overwrite {
                    return Err(taken(&path));
                }
                Progress::begin(note, what)?
            }
        };
        Ok(Self { path, progress })
    }

    fn write(&self, name: &Name, bytes: &[u8]) -> std::io::Result<()> {
        let mut place = self.path.clone();
        if let Some(within) = &name.folder {
            place.push(within);
            folder(&place)?;
            if !place.symlink_metadata()?.is_dir() {
                return Err(IoKind::NotADirectory.into());
            }
        }
        let unfinished = self.path.join(UNFINISHED);
        match std::fs::remove_file(&unfinished) {
            Err(error) if error.kind() != IoKind::NotFound => return Err(error),
            _ => {}
        }
        private(&unfinished, true)?.write_all(bytes)?;
        std::fs::rename(&unfinished, place.join(&name.file))
    }
}

/// Makes a folder that only its owner reads, unless it is there.
fn folder(path: &Path) -> std::io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == IoKind::AlreadyExists => Ok(()),
        made => made,
    }
}

impl Destination for FolderTo {
    fn is_empty(&self) -> bool {
        self.progress.done.is_empty()
    }

    fn has(&self, id: &ConversationId) -> bool {
        self.progress.done.contains(id)
    }

    fn put(&mut self, name: &Name, bytes: &[u8]) -> Result<bool, UserError> {
        self.write(name, bytes).map(|()| true).map_err(|error| failed(&self.path.join(&name.file), &error))
    }

    fn done(&mut self, id: &ConversationId) -> Result<(), UserError> {
        self.progress.note(id, 0)
    }

    fn finish(&mut self) -> Result<(), UserError> {
        let unfinished = self.path.join(UNFINISHED);
        match std::fs::remove_file(&unfinished) {
            Err(error) if error.kind() != IoKind::NotFound => Err(failed(&unfinished, &error)),
            _ => self.progress.remove(),
        }
    }
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
