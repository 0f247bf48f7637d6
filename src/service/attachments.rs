//! Files that go out with a mail: read, named and typed in one way, whichever front end they come by.

use std::io::Read;
use std::path::Path;

pub use crate::mime::compose::File;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// The most bytes of one file: as many as of all.
pub const SIZE_MAX: u64 = crate::model::warning::FILES_BYTES_MAX;

/// Why a file can't be attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It is a folder, a pipe or a device.
    NoFile,
    /// It has more than [`SIZE_MAX`] bytes.
    TooLarge,
    /// It can't be read: why, as the system says it.
    Unreadable(String),
}

impl Unfit {
    /// Returns what it says.
    pub fn phrase(&self) -> Phrase {
        match self {
            Unfit::NoFile => phrase!("file-no-file"),
            Unfit::TooLarge => phrase!("file-too-large", mebibytes = SIZE_MAX >> 20),
            Unfit::Unreadable(why) => Phrase::said(why),
        }
    }

    /// Returns what to do instead; `None` where that is plain.
    pub fn hint(&self) -> Option<Phrase> {
        (*self == Unfit::TooLarge).then(|| phrase!("hint-send-link"))
    }
}

impl From<std::io::Error> for Unfit {
    fn from(error: std::io::Error) -> Self {
        Unfit::Unreadable(error.to_string())
    }
}

/// Reads the file at a path. A pipe or a device, which might never end, is refused.
///
/// # Errors
/// When it is no file, too large, or can't be read.
pub fn read(path: &Path) -> Result<File, Unfit> {
    // Asked of what a link leads to, and before it is opened: opening a pipe would wait for whoever writes to it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(Unfit::NoFile);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    read_from(&mut std::fs::File::open(path)?, &name)
}

/// Reads a file from a stream; `name` is what the recipient is to see.
///
/// # Errors
/// When it is too large or can't be read.
pub fn read_from(stream: &mut dyn Read, name: &str) -> Result<File, Unfit> {
    let mut bytes = Vec::new();
    stream.take(SIZE_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SIZE_MAX {
        return Err(Unfit::TooLarge);
    }
    let name = clean_name(name);
    let media = media_type(&name);
    Ok(File { name, media, bytes, cid: String::new() })
}

/// Makes a name that hides nothing: no folder, no control or direction characters, never empty.
fn clean_name(name: &str) -> String {
    let last = Path::new(name).file_name().unwrap_or_default().to_string_lossy();
    let clean = SafeText::line(&last);
    if clean.is_empty() { "file".to_owned() } else { clean.to_string() }
}

/// Returns the media type that a name's ending tells, else `application/octet-stream`.
fn media_type(name: &str) -> String {
    mime_guess::from_path(name).first_or_octet_stream().essence_str().to_owned()
}

#[cfg(test)]
#[path = "attachments_tests.rs"]
mod tests;
