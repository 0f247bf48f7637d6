//! Who may enter the folder of a store, which holds the mail of a whole team.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::connection::file_in;
use super::error::StoreError;

/// In a folder with this bit, which many people share, nobody but a file's owner renames or deletes it (`/tmp`).
const STICKY: u32 = 0o1000;
/// What the group and everybody else may do to a file.
const OTHERS: u32 = 0o077;
/// What they may do to a folder that lets them put another file in the place of one of ours. Its files they can't read, whoever enters.
const WRITE: u32 = 0o022;
/// The files of SQLite beside `postroom.db`, which take over its mode only when they are made.
const BESIDE: [&str; 2] = ["postroom.db-wal", "postroom.db-shm"];

/// Takes from everybody else what they may do to an existing store, and tells whether that was anything.
///
/// # Errors
/// When a mode can't be changed: the store belongs to somebody else.
pub(super) fn tighten(dir: &Path) -> Result<bool, StoreError> {
    let mut was_open = false;
    for (path, mode) in open_to_others(dir) {
        let file = |source| StoreError::File { path: path.clone(), source };
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).map_err(file)?;
        was_open = true;
    }
    Ok(was_open)
}

/// Returns the folder and the files of an existing store that others may enter, each with the mode that it should have.
pub(super) fn open_to_others(dir: &Path) -> Vec<(PathBuf, u32)> {
    if !file_in(dir).is_file() {
        return Vec::new();
    }
    let files = BESIDE.iter().map(|name| dir.join(name)).chain([file_in(dir)]);
    let open = |path: PathBuf| {
        let meta = std::fs::symlink_metadata(&path).ok()?;
        let mode = meta.permissions().mode();
        let open = if meta.is_dir() { WRITE } else { OTHERS };
        let is_closed = meta.is_symlink() || mode & open == 0 || (meta.is_dir() && mode & STICKY != 0);
        (!is_closed).then_some((path, mode & 0o7777 & !open))
    };
    files.chain([dir.to_owned()]).filter_map(open).collect()
}

#[cfg(test)]
#[path = "rights_tests.rs"]
mod tests;
