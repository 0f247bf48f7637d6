//! Attachments that another program opens: each in a folder of its own inside the store's, until that program can no longer need it.
//!
//! Commands like `xdg-open` return before the program they start has read the file, so it can't be taken away at once.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use super::files::{PRIVATE, write_free};
use crate::mime::AttachmentBytes;
use crate::model::clock::Timestamp;

/// The folder inside the store's.
const FOLDER: &str = "opened";
/// How long a file stays for whoever reads it.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Writes an attachment where another program can open it and returns its path.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn lay(data: &Path, file: &AttachmentBytes) -> std::io::Result<PathBuf> {
    let folder = folder(data);
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let own = folder.join(uuid::Uuid::now_v7().to_string());
    std::fs::DirBuilder::new().mode(0o700).create(&own)?;
    write_free(&own, &file.name, &file.bytes, PRIVATE)
}

/// Takes away what [`lay`] wrote: nobody will read it.
pub(crate) fn take_away(path: &Path) {
    if let Some(own) = path.parent() {
        // What stays is swept a day later.
        let _ = std::fs::remove_dir_all(own);
    }
}

/// Takes away what was written more than a day before `now`.
pub(crate) fn sweep(data: &Path, now: Timestamp) {
    let Ok(entries) = std::fs::read_dir(folder(data)) else { return };
    let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
    for entry in entries.flatten() {
        let made = entry.metadata().and_then(|meta| meta.modified());
        let is_old = made.is_ok_and(|made| now.duration_since(made).is_ok_and(|age| age > KEPT));
        if is_old && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            // The next sweep tries again.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// Returns where attachments lie while others read them.
pub(crate) fn folder(data: &Path) -> PathBuf {
    data.join(FOLDER)
}

#[cfg(test)]
#[path = "opened_tests.rs"]
mod tests;
