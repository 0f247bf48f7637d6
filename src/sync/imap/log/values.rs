//! JSON values out of a stream: records are kept up to bounds, everything else is let go as it passes.
//!
//! What a mail of the log may cost is bounded by its own bytes, because anybody who can write to the mailbox can send one, and every
//! client reads it. A few hundred bytes of compressed text can unpack to gigabytes, so nothing is unpacked as a whole.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::payload::Kind;
use crate::model::ids::OpId;
use crate::op::operation::TARGETS_MAX;

/// A mail may unpack to so many times its own bytes, and [`UNPACKED_FREE`] more.
const UNPACKED_TIMES: usize = 64;
/// Bytes that any mail may unpack to.
const UNPACKED_FREE: usize = 64 * 1024;
/// Records of one mail that does not say who wrote it: what clients wrote before mails said so.
const UNSIGNED_RECORDS: usize = 5_000;
/// Bytes of records of one such mail. One record alone may be larger.
pub(super) const UNSIGNED_BYTES: usize = 8 * 1024 * 1024;
/// The most bytes of one record: as many targets as it may have, each with the longest Message-ID and what was seen of it.
const RECORD_MAX: usize = 24 * 1024 * 1024;
/// What a place adds to a record of a snapshot, as those count it who write parts of [`UNSIGNED_BYTES`].
pub(super) const PLACE_BYTES: usize = 32;
/// The most bytes of a place.
const PLACE_MAX: usize = 64;
/// A record says its id within so many bytes; so much of anything else is held.
const ID_WITHIN: usize = 64 * 1024;

/// A value that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// How many values of the mail stand before it, those that were let go among them: the places of records count them.
    pub index: u32,
    /// Its text, as it was written.
    pub json: String,
}

/// Tells how many bytes a mail whose payload has `size` may unpack to.
pub(super) fn unpacked_max(size: usize) -> usize {
    size.saturating_mul(UNPACKED_TIMES).saturating_add(UNPACKED_FREE)
}

#[derive(Deserialize)]
struct Glance {
    #[serde(rename = "id")]
    _id: OpId,
}

#[derive(Deserialize)]
struct HeaderGlance {
    #[serde(rename = "snapshot")]
    _snapshot: OpId,
}

#[derive(Deserialize)]
struct Targets {
    // These take no memory.
    on: Vec<IgnoredAny>,
}

/// Tells how many targets the record of this text has; nothing of it is held.
pub(super) fn targets(json: &str) -> usize {
    serde_json::from_str::<Targets>(json).map_or(0, |targets| targets.on.len())
}

/// Tells whether a text is a record, of this version or another: an object with an id.
pub(super) fn is_record(json: &str) -> bool {
    serde_json::from_str::<Glance>(json).is_ok()
}

/// Where in the stream we are.
#[derive(Debug)]
enum At {
    /// Between values.
    Top,
    /// In a number or a word.
    Word,
    /// In an object, an array or a text. `held` is `None` where it is let go.
    Inside { held: Option<Vec<u8>>, depth: usize, in_text: bool, escaped: bool },
}

/// Takes values out of a stream of bytes.
#[derive(Debug)]
pub(super) struct Values {
    kind: Kind,
    compressed: bool,
    /// The most bytes that may be let go, and that the whole may have where it is bounded.
    most: usize,
    at: At,
    kept: Vec<Value>,
    count: u32,
    /// Bytes that came.
    came: usize,
    /// Bytes of those that were let go.
    dropped: usize,
    /// Bytes of records that are held.
    held: usize,
    records: usize,
    targets: usize,
    /// The place that the next record of a snapshot claims.
    place: Option<Value>,
    /// Whether the mail says which program wrote it, which then keeps to the bounds of a mail.
    bounded: bool,
    whole: bool,
    stopped: bool,
}

impl Values {
    /// Begins with the values of a mail whose payload has `size` bytes.
    pub(super) fn new(kind: Kind, compressed: bool, size: usize, bounded: bool) -> Self {
        Self {
            kind,
            compressed,
            most: unpacked_max(size),
            at: At::Top,
            kept: Vec::new(),
            count: 0,
            came: 0,
            dropped: 0,
            held: 0,
            records: 0,
            targets: 0,
            place: None,
            bounded,
            whole: true,
            stopped: false,
        }
    }

    /// Takes bytes in. Returns `false` where nothing that follows is wanted.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.stopped {
                return false;
            }
            self.came += 1;
            self.take(*byte);
            if self.dropped > self.most || (self.bounded && self.came > self.most) {
                self.stop();
            }
        }
        !self.stopped
    }

    /// Returns what was kept, and whether that is all.
    pub(super) fn finish(mut self) -> (Vec<Value>, bool) {
        match self.at {
            At::Inside { .. } => self.whole = false,
            At::Word => self.let_go(0),
            At::Top => {}
        }
        // Who says which program wrote it keeps to the bounds: this is somebody else, and nothing of it counts.
        if self.bounded && (self.came > self.most || self.targets > TARGETS_MAX) {
            return (Vec::new(), false);
        }
        (self.kept, self.whole)
    }

    fn stop(&mut self) {
        self.stopped = true;
        self.whole = false;
    }

    fn take(&mut self, byte: u8) {
        match &mut self.at {
            At::Top => self.begin(byte),
            At::Word if is_word(byte) => self.dropped += 1,
            At::Word => {
                self.at = At::Top;
                self.let_go(0);
                self.begin(byte);
            }
            At::Inside { held, depth, in_text, escaped } => {
                match held {
                    Some(held) => held.push(byte),
                    None => self.dropped += 1,
                }
                if *in_text {
                    *in_text = *escaped || byte != b'"';
                    *escaped = byte == b'\\' && !*escaped;
                } else {
                    match byte {
                        b'"' => *in_text = true,
                        b'{' | b'[' => *depth += 1,
                        b'}' | b']' => *depth = depth.saturating_sub(1),
                        _ => {}
                    }
                }
                if *depth == 0 && !*in_text {
                    self.end();
                } else {
                    self.look();
                }
            }
        }
    }

    fn begin(&mut self, byte: u8) {
        match byte {
            b'{' => self.inside(Some(vec![byte]), 1),
            b'[' if self.kind == Kind::Snapshot => self.inside(Some(vec![byte]), 1),
            b'[' => self.inside(None, 1),
            b'"' => self.inside(None, 0),
            b' ' | b'\t' | b'\r' | b'\n' => self.dropped += 1,
            _ if is_word(byte) => {
                self.dropped += 1;
                self.at = At::Word;
            }
            // No value begins so: what follows can't be told apart.
            _ => self.stop(),
        }
    }

    fn inside(&mut self, held: Option<Vec<u8>>, depth: usize) {
        self.dropped += usize::from(held.is_none());
        self.at = At::Inside { held, depth, in_text: depth == 0, escaped: false };
    }

    /// Lets go what can be no record, and stops at one that is too large, before it is at its end.
    fn look(&mut self) {
        let At::Inside { held: Some(held), .. } = &self.at else { return };
        let is_array = held.first() == Some(&b'[');
        let says_no_id = || self.wants_header() || memchr::memmem::find(held, b"\"id\"").is_none();
        let no_record = (is_array && held.len() > PLACE_MAX) || (held.len() == ID_WITHIN && says_no_id());
        // What is not compressed is no larger than the mail.
        let most = if self.records == 0 { RECORD_MAX } else { UNSIGNED_BYTES };
        let too_large = self.compressed && held.len() > most;
        let length = held.len();
        if no_record {
            self.dropped += length;
            if let At::Inside { held, .. } = &mut self.at {
                *held = None;
            }
        } else if too_large {
            self.stop();
        }
    }

    fn wants_header(&self) -> bool {
        self.kind == Kind::Snapshot && self.count == 0
    }

    fn end(&mut self) {
        let At::Inside { held, .. } = std::mem::replace(&mut self.at, At::Top) else { return };
        let length = held.as_ref().map_or(0, Vec::len);
        let text = held.and_then(|held| String::from_utf8(held).ok());
        let Some(json) = text.map(|text| super::payload::unescape(&text)) else { return self.let_go(length) };
        if self.wants_header() {
            return self.header(json, length);
        }
        if json.starts_with('[') {
            let is_place = serde_json::from_str::<(u32, u32, u32, u32)>(&json).is_ok();
            self.place = is_place.then_some(Value { index: self.count, json });
            self.count = self.count.saturating_add(1);
            return;
        }
        if is_record(&json) {
            return self.record(json);
        }
        self.place = None;
        self.let_go(length);
    }

    fn header(&mut self, json: String, length: usize) {
        if serde_json::from_str::<HeaderGlance>(&json).is_err() {
            self.let_go(length);
            return self.stop();
        }
        self.kept.push(Value { index: self.count, json });
        self.count = self.count.saturating_add(1);
    }

    fn record(&mut self, json: String) {
        let in_snapshot = self.kind == Kind::Snapshot;
        let beside = if in_snapshot { PLACE_BYTES } else { 0 };
        let over = self.held + json.len() > UNSIGNED_BYTES || (!in_snapshot && self.records >= UNSIGNED_RECORDS);
        if !self.bounded && self.records > 0 && over {
            return self.stop();
        }
        let place = self.place.take();
        if in_snapshot && place.is_none() {
            return self.let_go(json.len());
        }
        self.targets += targets(&json);
        self.records += 1;
        self.held += json.len() + beside;
        self.kept.extend(place);
        self.kept.push(Value { index: self.count, json });
        self.count = self.count.saturating_add(1);
    }

    /// Counts a value that is not kept. In a snapshot it was taken from a log, whose readers passed it over.
    fn let_go(&mut self, bytes: usize) {
        self.dropped += bytes;
        self.count = self.count.saturating_add(1);
        self.whole &= self.kind == Kind::Snapshot;
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

#[cfg(test)]
#[path = "values_tests.rs"]
mod tests;
