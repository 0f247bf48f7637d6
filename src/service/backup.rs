//! Backups: a folder with a copy of the store and what lies beside the config, which can stand in for the store's own.
//!
//! What is in it, and how it was when it was written, stands in a list of its own: a backup that changed since is none, be it by a disk that
//! forgets or by somebody who worked with it. It is written beside its place and moved there when it is whole.

mod disk;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{ErrorKind, UserError};
use crate::model::phrase::Phrase;
use crate::store::{CopyFacts, Store};
use disk::Part;

/// The list of what is in a backup.
pub(super) const LIST: &str = "backup.json";
/// The copy of the store.
const DATABASE: &str = "postroom.db";
/// The copy of the config; a store that has it in its folder is read with it.
const CONFIG: &str = "config.toml";
/// The version of the list.
const VERSION: u32 = 1;
/// After so many bytes it is told how far the summing up is.
const SUMMED: u64 = 16 << 20;

/// What is to be backed up.
pub struct Source<'a> {
    /// The store.
    pub store: &'a Store,
    /// The config file; keymaps and themes lie beside it.
    pub config: &'a Path,
    /// The folder of the saved replies.
    pub replies: &'a Path,
}

/// A backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// When it was made (RFC 3339, UTC).
    pub at: String,
    /// What the copy of the store holds.
    pub facts: CopyFacts,
    /// Its files, but for the list.
    pub files: Vec<String>,
    /// How large they are, in bytes.
    pub size: u64,
    /// What is wrong with it; nothing where it is as it was written.
    pub faults: Vec<Phrase>,
}

/// The list, as it stands in the backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct List {
    /// The version of the list.
    backup: u32,
    at: String,
    /// The program that wrote it.
    by: String,
    files: Vec<Entry>,
}

/// A file of a backup.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    /// Its path within the folder.
    file: String,
    size: u64,
    /// In hexadecimal digits.
    sha256: String,
}

/// What a backup is at, while it is made or looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// The store, which has so many bytes, is copied.
    Copies(u64),
    /// What the files hold is summed up, so many bytes of so many.
    Sums {
        /// So many.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// The copy of the store is examined, which has so many bytes.
    Examines(u64),
}

/// Writes a backup into the folder `to`, which is new or empty, or with `overwrite` an older backup, whose place it takes once it is whole.
///
/// # Errors
/// When there is something else, another backup is being written there, or a file can't be read or written.
pub fn make(from: &Source<'_>, to: &Path, overwrite: bool, told: &mut dyn FnMut(Doing)) -> Result<Backup, UserError> {
    if to.join(LIST).is_file() && is_of(from.store, to) {
        let what = phrase!("backup-live-there", path = shown(to));
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-backup-path")));
    }
    let part = Part::begin(to, overwrite)?;
    told(Doing::Copies(length(from.store.path())));
    let facts = from.store.copy_to(&part.path().join(DATABASE))?;
    let mut files = vec![DATABASE.to_owned()];
    copy_config(from, &part, &mut files)?;
    let total = files.iter().fold(0, |sum: u64, file| sum.saturating_add(length(&part.path().join(file))));
    let mut sums = Sums { done: 0, total, told };
    let entries = files.iter().map(|file| entry(part.path(), file, &mut sums)).collect::<Result<Vec<_>, _>>()?;
    let at = jiff::Timestamp::from_millisecond(from.store.author().clock.now().0).unwrap_or_default().to_string();
    let by = concat!("postroom/", env!("CARGO_PKG_VERSION")).to_owned();
    let size = size_of(&entries);
    let list = List { backup: VERSION, at: at.clone(), by, files: entries };
    let text = serde_json::to_string_pretty(&list).unwrap_or_default();
    part.write(LIST, format!("{text}\n").as_bytes())?;
    part.finish(to, overwrite)?;
    Ok(Backup { at, facts, files, size, faults: Vec::new() })
}

/// Tells whether a folder is the one of the store itself, by whatever path.
fn is_of(store: &Store, to: &Path) -> bool {
    let own = store.path().parent().and_then(|own| own.canonicalize().ok());
    own.is_some() && own == to.canonicalize().ok()
}

/// Copies what people wrote beside the store: the config, saved replies, keymaps, themes.
fn copy_config(from: &Source<'_>, part: &Part, files: &mut Vec<String>) -> Result<(), UserError> {
    part.copy(from.config, CONFIG)?;
    files.push(CONFIG.to_owned());
    let beside = |name: &str| from.config.with_file_name(name);
    let folders = [
        (from.replies.to_owned(), "replies", "md"),
        (beside("keymaps"), "keymaps", "toml"),
        (beside("themes"), "themes", "toml"),
    ];
    for (folder, name, ending) in folders {
        for file in disk::files(&folder, ending)? {
            let Some(own) = file.file_name().and_then(|own| own.to_str()) else { continue };
            let within = format!("{name}/{own}");
            part.copy(&file, &within)?;
            files.push(within);
        }
    }
    Ok(())
}

/// Returns how large the files of a list are together. A damaged list can name any sizes.
fn size_of(entries: &[Entry]) -> u64 {
    entries.iter().fold(0, |sum: u64, entry| sum.saturating_add(entry.size))
}

fn length(file: &Path) -> u64 {
    file.metadata().map_or(0, |meta| meta.len())
}

fn entry(folder: &Path, file: &str, sums: &mut Sums<'_>) -> Result<Entry, UserError> {
    let path = folder.join(file);
    let (size, sha256) = hash(&path, sums).map_err(|error| disk::unreadable(&path, &error))?;
    Ok(Entry { file: file.to_owned(), size, sha256 })
}

/// Returns the length of a file, and a hash of what it holds.
fn hash(path: &Path, sums: &mut Sums<'_>) -> std::io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut file = std::fs::File::open(path)?;
    let size = std::io::copy(&mut file, &mut Hashing(&mut hash, sums))?;
    Ok((size, data_encoding::HEXLOWER.encode(&hash.finalize())))
}

/// How far the summing up is.
struct Sums<'a> {
    done: u64,
    total: u64,
    told: &'a mut dyn FnMut(Doing),
}

impl Sums<'_> {
    /// Tells it after each so many bytes, which is often enough to be seen.
    fn take(&mut self, bytes: usize) {
        let before = self.done / SUMMED;
        self.done = self.done.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if self.done / SUMMED > before {
            (self.told)(Doing::Sums { done: self.done, total: self.total.max(self.done) });
        }
    }
}

struct Hashing<'a, 's>(&'a mut Sha256, &'a mut Sums<'s>);

impl std::io::Write for Hashing<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        self.1.take(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Looks at the backup in `folder` and changes nothing: whether each file is there as it was written, and whether the store in it is sound.
///
/// # Errors
/// When there is no backup, or the store in it can't be read at all.
pub fn check(folder: &Path, told: &mut dyn FnMut(Doing)) -> Result<Backup, UserError> {
    let list = read_list(folder)?;
    let mut faults = Vec::new();
    let mut sums = Sums { done: 0, total: size_of(&list.files), told };
    for entry in &list.files {
        faults.extend(fault(folder, entry, &mut sums));
    }
    let database = folder.join(DATABASE);
    (sums.told)(Doing::Examines(length(&database)));
    let looked = Store::look_at_copy(&database).map_err(|error| {
        // A file that is not what was written is the cause, whatever SQLite makes of it.
        let error = UserError::from(error);
        match faults.first() {
            Some(fault) => UserError::new(ErrorKind::Store, fault.clone()).hint(phrase!("hint-backup-anew")),
            None => error,
        }
    })?;
    let (facts, wrong) = looked;
    faults.extend(wrong.into_iter().map(|why| phrase!("backup-unsound", path = shown(&database), why = why)));
    let size = size_of(&list.files);
    let files = list.files.into_iter().map(|entry| entry.file).collect();
    Ok(Backup { at: list.at, facts, files, size, faults })
}

/// Says what is wrong with a file of a backup.
fn fault(folder: &Path, entry: &Entry, sums: &mut Sums<'_>) -> Option<Phrase> {
    let Some(path) = within(folder, &entry.file) else {
        return Some(phrase!("backup-outside", path = entry.file.as_str()));
    };
    match hash(&path, sums) {
        Err(error) => Some(phrase!("backup-lacks", path = shown(&path), why = error.to_string())),
        Ok((size, sha256)) if size == entry.size && sha256 == entry.sha256 => None,
        Ok(_) => Some(phrase!("backup-changed", path = shown(&path))),
    }
}

/// Returns where a file of the list stands; nothing where its name leads out of the folder.
fn within(folder: &Path, file: &str) -> Option<PathBuf> {
    let is_plain = Path::new(file).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    is_plain.then(|| folder.join(file))
}

fn read_list(folder: &Path) -> Result<List, UserError> {
    let path = folder.join(LIST);
    let none = |why: String| {
        let what = phrase!("backup-none", path = shown(folder), why = why);
        UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-backup-none"))
    };
    let text = disk::read_small(&path).map_err(|error| none(error.to_string()))?;
    let list: List = serde_json::from_str(&text).map_err(|error| none(error.to_string()))?;
    if list.backup != VERSION {
        let what = phrase!("backup-newer", path = shown(folder), by = list.by);
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-update")));
    }
    Ok(list)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
