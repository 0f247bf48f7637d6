//! Mail as bytes made into what can be read, searched and threaded; and back. Pure, and never fails on outside data: what can't be read
//! is shown as what it is.

pub mod compose;

use crate::model::message::{Envelope, Readable};

/// A mail taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The headers.
    pub envelope: Envelope,
    /// What a person reads.
    pub readable: Readable,
    /// What search finds: the body text and attachment names, at most 256 KiB.
    pub search_text: String,
}

/// The bytes of one attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentBytes {
    /// The cleaned file name: no path, no control or direction marks, never empty, never `.` or `..`.
    pub name: String,
    /// The media type in lower case.
    pub media: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

/// Reads the headers of a mail; `raw` may be the headers alone or the whole mail.
pub fn envelope(_raw: &[u8]) -> Envelope {
    todo!()
}

/// Takes a whole mail apart.
pub fn parse(_raw: &[u8]) -> Parsed {
    todo!()
}

/// Returns the bytes of the attachment with that index, as counted in [`Readable::attachments`].
pub fn attachment(_raw: &[u8], _index: usize) -> Option<AttachmentBytes> {
    todo!()
}

/// Makes only the readable part, for the screen.
pub fn readable(raw: &[u8]) -> Readable {
    parse(raw).readable
}
