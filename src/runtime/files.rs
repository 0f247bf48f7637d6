//! Attachments of received mail: opened, saved, piped. Nothing is overwritten, and what a mail calls its file never names a folder.

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::app::Saving;
use crate::error::{ErrorKind, UserError};
use crate::mime::AttachmentBytes;
use crate::model::ids::MessageId;
use crate::program::{self, Program};
use crate::runtime::backend::Backend;

/// Saves an attachment among the downloads and opens it with `opener`; without one it is only saved.
pub(crate) fn open(
    backend: &dyn Backend,
    message: &MessageId,
    index: usize,
    opener: &str,
) -> Result<String, UserError> {
    let Some(file) = backend.attachment(message, index)? else { return Ok(say!("file-being-fetched")) };
    let path = put(&downloads(), &file)?;
    let shown = path.display().to_string();
    let Some(program) = opener.split_whitespace().next() else { return Ok(say!("file-saved", path = shown)) };
    let words = opener.split_whitespace().map(OsString::from).chain([path.into_os_string()]);
    match Program::new(words).of_session().launch() {
        Ok(()) => Ok(say!("file-opened", path = shown)),
        Err(end) => Err(UserError::new(
            ErrorKind::Config,
            phrase!("program-not-run", program = program, why = end.why().unwrap_or("".into())),
        )
        .hint(phrase!("hint-opener", path = shown))),
    }
}

/// Saves attachments, or pipes them to a command.
pub(crate) fn save(backend: &dyn Backend, chosen: &[(MessageId, usize)], saving: &Saving) -> Result<String, UserError> {
    let mut files = Vec::new();
    for (message, index) in chosen {
        match backend.attachment(message, *index)? {
            Some(file) => files.push(file),
            None => return Ok(say!("file-being-fetched")),
        }
    }
    match (saving, files.as_slice()) {
        (Saving::Pipe(command), files) => {
            files.iter().try_for_each(|file| pipe(command, file))?;
            Ok(say!("file-piped", command = command))
        }
        (Saving::To(to), [file]) if !expand(to).is_dir() && !to.ends_with('/') => {
            let path = expand(to);
            create(&path, &file.bytes, PRIVATE).map_err(|error| {
                let hint = if error.kind() == std::io::ErrorKind::AlreadyExists {
                    phrase!("hint-another-name")
                } else {
                    phrase!("hint-room")
                };
                UserError::new(ErrorKind::Store, error.to_string()).within(path.display().to_string()).hint(hint)
            })?;
            Ok(say!("file-saved", path = path.display().to_string()))
        }
        (Saving::To(to), files) => {
            let folder = expand(to);
            let paths: Vec<PathBuf> = files.iter().map(|file| put(&folder, file)).collect::<Result<_, _>>()?;
            Ok(match paths.as_slice() {
                [path] => say!("file-saved", path = path.display().to_string()),
                paths => say!("files-saved", count = paths.len(), folder = folder.display().to_string()),
            })
        }
    }
}

fn downloads() -> PathBuf {
    let home = directories::UserDirs::new();
    let folder = home.as_ref().and_then(|dirs| dirs.download_dir().map(Path::to_owned));
    folder.or_else(|| home.map(|dirs| dirs.home_dir().to_owned())).unwrap_or_else(std::env::temp_dir)
}

/// Puts the home folder in the place of `~`.
pub(crate) fn expand(path: &str) -> PathBuf {
    let home = directories::UserDirs::new().map(|dirs| dirs.home_dir().to_owned());
    match (path.strip_prefix('~'), home) {
        (Some(""), Some(home)) => home,
        (Some(rest), Some(home)) if rest.starts_with('/') => home.join(rest.trim_start_matches('/')),
        _ => PathBuf::from(path),
    }
}

/// Puts a file into a folder, under another name where its own is taken.
fn put(folder: &Path, file: &AttachmentBytes) -> Result<PathBuf, UserError> {
    let written = std::fs::create_dir_all(folder).and_then(|()| write_free(folder, &file.name, &file.bytes, PRIVATE));
    written.map_err(|error| {
        let folder = folder.display().to_string();
        let what = phrase!("file-not-saved", name = &file.name, folder = folder, why = error.to_string());
        UserError::new(ErrorKind::Store, what).hint(phrase!("hint-room"))
    })
}

/// The mode of files that hold mail.
pub(crate) const PRIVATE: u32 = 0o600;
/// The longest name in bytes that common file systems take.
const NAME_MAX: usize = 255;

/// Writes a file under a name that is free, which it returns: `a.pdf`, `a-2.pdf`, … Nothing is written over, no link is followed, and
/// no half of a file stays.
pub(crate) fn write_free(folder: &Path, name: &str, bytes: &[u8], mode: u32) -> std::io::Result<PathBuf> {
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem, format!(".{end}")),
        _ => (name, String::new()),
    };
    let mut number = 1u32;
    loop {
        let tail = if number == 1 { end.clone() } else { format!("-{number}{end}") };
        let room = NAME_MAX.saturating_sub(tail.len());
        let room = (0..=room.min(stem.len())).rev().find(|at| stem.is_char_boundary(*at)).unwrap_or(0);
        let path = folder.join(format!("{}{tail}", stem.get(..room).unwrap_or_default()));
        match create(&path, bytes, mode) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists && number < 10_000 => number += 1,
            Err(error) => return Err(error),
        }
    }
}

/// Writes a file that must not be there yet, whole or not at all.
fn create(path: &Path, bytes: &[u8], mode: u32) -> std::io::Result<()> {
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes).inspect_err(|_| {
        // The failure to write is what is told.
        let _ = std::fs::remove_file(path);
    })
}

fn pipe(command: &str, file: &AttachmentBytes) -> Result<(), UserError> {
    match program::behind_screen(command, &file.bytes).why() {
        None => Ok(()),
        Some(why) => Err(UserError::new(ErrorKind::Usage, why).within(command)),
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
