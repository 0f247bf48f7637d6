//! A large mail on its way in, piece by piece: compressed into a file at once, so that it is never in memory as a whole.
//!
//! What search and the list need of it is read from its gist: the mail without the bulk of its encoded attachments.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use zstd::stream::write::Encoder;

use super::error::StoreError;
use crate::mime::FIELDS_READ;

/// The fastest level: mail is text and halves at any.
pub(super) const LEVEL: i32 = 1;
/// So many bytes of one encoded part are in the gist. More than search reads of a text.
const RUN_MAX: usize = 1 << 20;
/// The gist is no larger than this.
const GIST_MAX: usize = 8 << 20;
/// So much of the header is in the gist with all its fields, and as much again of those that are read, wherever they stand.
const HEADER_MAX: usize = 1 << 20;
/// A line longer than this is taken in pieces.
const LINE_MAX: usize = 4096;

/// A mail that comes in pieces.
pub struct Spool {
    encoder: Encoder<'static, File>,
    gist: Gist,
    size: usize,
}

/// A mail that has come: its compressed bytes in a file that has no name any more, and what is read of it.
pub(super) struct Spooled {
    pub file: File,
    pub packed: u64,
    pub gist: Vec<u8>,
    pub size: usize,
}

impl Spool {
    /// Begins a mail in a file in `dir`; the file has no name and ends with the process at the latest.
    pub(super) fn begin(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(format!("body-{}-{:016x}.part", std::process::id(), fastrand::u64(..)));
        let failed = |source| StoreError::File { path: path.clone(), source };
        let file =
            OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        std::fs::remove_file(&path).map_err(failed)?;
        Ok(Self { encoder: Encoder::new(file, LEVEL).map_err(written)?, gist: Gist::default(), size: 0 })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.encoder.write_all(piece).map_err(written)?;
        self.gist.push(piece);
        self.size += piece.len();
        Ok(())
    }

    pub(super) fn end(self) -> Result<Spooled, StoreError> {
        let mut file = self.encoder.finish().map_err(written)?;
        let packed = file.seek(SeekFrom::End(0)).map_err(written)?;
        file.seek(SeekFrom::Start(0)).map_err(written)?;
        Ok(Spooled { file, packed, gist: self.gist.end(), size: self.size })
    }
}

/// Says what a file that holds a mail for a moment failed with.
pub(super) fn written(error: io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Content(format!("a large mail can't be put aside: {error}")),
    }
}

/// Keeps what is not base64, and the beginning of what is; of a long header what is read of it.
#[derive(Default)]
struct Gist {
    kept: Vec<u8>,
    line: Vec<u8>,
    run: usize,
    header: Header,
    /// Whether the line is the rest of one that was taken in pieces.
    inside: bool,
}

/// How far the header is.
#[derive(Default)]
struct Header {
    ended: bool,
    /// Whether the field that the line belongs to is one that is read.
    is_read: bool,
}

impl Gist {
    fn push(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") || self.line.len() > LINE_MAX {
                self.line_end();
            }
        }
    }

    /// Tells whether the line belongs to the header, and is more of it than is kept.
    fn is_too_much_header(&mut self) -> bool {
        if self.header.ended {
            return false;
        }
        if !self.inside && matches!(self.line.as_slice(), b"\r\n" | b"\n") {
            self.header.ended = true;
            return false;
        }
        if !self.inside && !self.line.starts_with(b" ") && !self.line.starts_with(b"\t") {
            let name = self.line.split(|byte| *byte == b':').next().unwrap_or_default().trim_ascii_end();
            self.header.is_read = FIELDS_READ.iter().any(|field| name.eq_ignore_ascii_case(field.as_bytes()));
        }
        let most = if self.header.is_read { 2 * HEADER_MAX } else { HEADER_MAX };
        self.kept.len() + self.line.len() > most
    }

    fn line_end(&mut self) {
        let ended = self.line.ends_with(b"\n");
        if self.is_too_much_header() {
            self.line.clear();
            self.inside = !ended;
            return;
        }
        self.inside = !ended;
        let encoded = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\r' | b'\n');
        self.run = if self.line.len() >= 40 && self.line.iter().all(encoded) { self.run + self.line.len() } else { 0 };
        if self.run <= RUN_MAX && self.kept.len() + self.line.len() <= GIST_MAX {
            self.kept.extend_from_slice(&self.line);
        }
        self.line.clear();
    }

    fn end(mut self) -> Vec<u8> {
        self.line_end();
        self.kept
    }
}

#[cfg(test)]
#[path = "spool_tests.rs"]
mod tests;
