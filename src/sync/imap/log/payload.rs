//! Records as the text of a mail, in a form that mail servers can't spoil.
//!
//! Servers rewrite what they store: they wrap lines, re-encode, change line ends, take spaces off, turn text into HTML. So the records are
//! written with nothing but visible ASCII: every blank and every other letter inside their strings is escaped. Whatever else stands
//! between the two marker lines was put there by somebody on the way and is passed over.

use std::io::Read;

use super::sign::{Key, Keys, Seal, Sealing, Signature};
use super::values::{Value, Values, unpacked_max};
use crate::op::record::BY;

/// The version of the mail's format.
pub const FORMAT: u32 = 1;
/// Lines are broken here; RFC 5322 section 2.1.1 asks for at most 78.
const WIDTH: usize = 76;
/// Text over this many bytes is compressed.
const COMPRESS_OVER: usize = 24 * 1024;
/// The line behind the values.
const END: &str = "-- end --";
/// How the line begins that says which program wrote the mail, and that it keeps to the bounds of one. It stands behind the end, where
/// older versions have stopped reading; what records say of their makers is carried along by whoever pushes them again.
const WRITTEN_BY: &str = "-- by ";
/// The window that unpacking may take, as a power of two: what level 9 writes has half of it.
const WINDOW_LOG: u32 = 23;

/// What the records of a mail are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Operations.
    Log,
    /// A snapshot of the log.
    Snapshot,
    /// A key that the mails of the log are signed with.
    Key,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Log => "log",
            Kind::Snapshot => "snapshot",
            Kind::Key => "key",
        }
    }
}

/// What stands between the markers of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// No marker: not one of ours.
    Nothing,
    /// A format that this version can't read.
    Newer(u32),
    /// Records as JSON, each on one line as it was written.
    Values {
        /// What they are.
        kind: Kind,
        /// The records; in a snapshot its header, and in front of each record its place.
        values: Vec<Value>,
        /// Whether something after them could not be read.
        damaged: bool,
        /// Who signed them.
        signature: Signature,
    },
}

/// Writes JSON values between markers, compressed where they are many, unless that makes them so small that nobody would unpack them.
pub fn write(kind: Kind, values: &[&str]) -> String {
    write_signed(kind, values, None)
}

/// As [`write()`], signed with a key.
pub fn write_signed(kind: Kind, values: &[&str], key: Option<&Key>) -> String {
    let plain: usize = values.iter().map(|v| v.len()).sum();
    let compress = plain > COMPRESS_OVER || kind == Kind::Snapshot;
    let fits = |packed: &String| plain.saturating_add(values.len()) <= unpacked_max(packed.len());
    let packed = compress.then(|| pack(values)).flatten().filter(fits);
    let how = if packed.is_some() { ", compressed" } else { "" };
    let mut out = format!("-- postroom {}, format {FORMAT}{how} --\r\n", kind.word());
    let mut sealing = key.and_then(|key| Some((key, Sealing::new(key, kind.word(), FORMAT)?)));
    let mut seal = |text: &str| {
        if let Some((_, sealing)) = &mut sealing {
            sealing.take(text.as_bytes());
        }
    };
    match packed {
        Some(packed) => {
            wrap(&mut out, &packed);
            for value in values {
                seal(value);
                seal("\n");
            }
        }
        None => {
            for value in values {
                let escaped = escape(value);
                seal(&escaped);
                wrap(&mut out, &escaped);
            }
        }
    }
    out.push_str(&format!("{END}\r\n{WRITTEN_BY}{BY} --\r\n"));
    if let Some((key, sealing)) = sealing {
        out.push_str(&format!("{}\r\n", sealing.line(key)));
    }
    out
}

/// Reads what [`write()`] wrote out of a text, whatever happened to its white space.
pub fn read(text: &str) -> Found {
    read_signed(text, &Keys::new())
}

/// As [`read`], and tells whether one of these keys signed it. All of it is looked at for that, also what is let go.
pub fn read_signed(text: &str, keys: &Keys) -> Found {
    let mut lines = text.lines();
    let Some(marker) = lines.by_ref().find_map(marker) else { return Found::Nothing };
    if marker.format > FORMAT {
        return Found::Newer(marker.format);
    }
    let mut visible = Vec::new();
    let mut ended = false;
    for line in lines.by_ref() {
        if line.trim() == END {
            ended = true;
            break;
        }
        visible.extend(line.bytes().filter(u8::is_ascii_graphic));
    }
    let behind: Vec<&str> = if ended { lines.map(str::trim).collect() } else { Vec::new() };
    let bounded = behind.iter().any(|line| line.starts_with(WRITTEN_BY));
    let seal = behind.iter().find_map(|line| Seal::read(line));
    let key = seal.and_then(|seal| keys.get(&seal.by));
    let mut stream = Stream {
        values: Values::new(marker.kind, marker.compressed, visible.len(), bounded),
        takes: true,
        sealing: key.and_then(|key| Sealing::new(key, marker.kind.word(), marker.format)),
        left: unpacked_max(visible.len()),
    };
    let unpacked = if marker.compressed {
        unpack(&visible, &mut stream)
    } else {
        stream.left = usize::MAX;
        Some(stream.feed(&visible))
    };
    let Stream { values, sealing, .. } = stream;
    let signature = match (seal, key) {
        (None, _) => Signature::None,
        (Some(seal), None) => Signature::Unknown(seal.by),
        (Some(seal), Some(_)) if unpacked == Some(true) && sealing.is_some_and(|sealing| sealing.is(&seal)) => {
            Signature::Good(seal.by)
        }
        (Some(seal), Some(_)) => Signature::Bad(seal.by),
    };
    let (values, whole) = values.finish();
    Found::Values { kind: marker.kind, values, damaged: !(whole && unpacked.is_some() && ended), signature }
}

/// What stands between the markers, on its way to the values and under the signature.
struct Stream {
    values: Values,
    /// Whether the values want more.
    takes: bool,
    sealing: Option<Sealing>,
    /// How many bytes more are looked at for the signature alone.
    left: usize,
}

impl Stream {
    /// Takes bytes in. Returns `false` where nothing that follows is wanted.
    fn feed(&mut self, bytes: &[u8]) -> bool {
        self.takes = self.takes && self.values.feed(bytes);
        let Some(sealing) = &mut self.sealing else { return self.takes };
        sealing.take(bytes);
        self.left = self.left.saturating_sub(bytes.len());
        self.takes || self.left > 0
    }
}

struct Marker {
    kind: Kind,
    format: u32,
    compressed: bool,
}

fn marker(line: &str) -> Option<Marker> {
    let rest = line.trim().strip_prefix("-- postroom ")?.strip_suffix(" --")?;
    let (word, rest) = rest.split_once(", format ")?;
    let kind = [Kind::Log, Kind::Snapshot, Kind::Key].into_iter().find(|kind| kind.word() == word)?;
    let (number, how) = rest.split_once(", ").unwrap_or((rest, ""));
    let format = number.trim().parse().ok()?;
    Some(Marker { kind, format, compressed: how == "compressed" })
}

fn pack(values: &[&str]) -> Option<String> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 9).ok()?;
    for value in values {
        std::io::Write::write_all(&mut encoder, value.as_bytes()).ok()?;
        std::io::Write::write_all(&mut encoder, b"\n").ok()?;
    }
    Some(data_encoding::BASE64.encode(&encoder.finish().ok()?))
}

/// Unpacks as much as is wanted; tells whether that is all. `None` where it can't be unpacked to its end.
fn unpack(base64: &[u8], stream: &mut Stream) -> Option<bool> {
    let packed = data_encoding::BASE64.decode(base64).ok()?;
    let mut decoder = zstd::stream::read::Decoder::new(packed.as_slice()).ok()?;
    decoder.window_log_max(WINDOW_LOG).ok()?;
    let mut piece = vec![0; 32 * 1024];
    loop {
        let read = decoder.read(&mut piece).ok()?;
        if read == 0 {
            return Some(true);
        }
        if !stream.feed(piece.get(..read)?) {
            return Some(false);
        }
    }
}

/// Appends `text`, which is ASCII, in lines of [`WIDTH`].
fn wrap(out: &mut String, text: &str) {
    let mut column = 0;
    for c in text.chars() {
        if column == WIDTH {
            out.push_str("\r\n");
            column = 0;
        }
        out.push(c);
        column += 1;
    }
    out.push_str("\r\n");
}

/// Tells whether a character of a JSON string is written escaped: it could be wrapped at, rewritten or taken for mark-up.
fn is_fragile(c: char) -> bool {
    !c.is_ascii_graphic() || matches!(c, '<' | '>' | '&')
}

/// Rewrites JSON so that it has visible ASCII only; its meaning stays.
fn escape(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + json.len() / 8);
    let mut in_string = false;
    let mut after_backslash = false;
    for c in json.chars() {
        if !in_string {
            // Outside strings JSON has white space that means nothing.
            if c.is_ascii_graphic() {
                out.push(c);
            }
            in_string = c == '"';
            continue;
        }
        if is_fragile(c) {
            let mut units = [0u16; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
        match c {
            '"' if !after_backslash => in_string = false,
            _ => {}
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    out
}

/// Takes back what [`escape`] did: only its own escapes, so that all others stay as their author wrote them.
pub(super) fn unescape(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (taken, length) = match unit(from) {
            Some(high @ 0xD800..=0xDBFF) => {
                let low = from.get(6..).and_then(unit).unwrap_or(0);
                (char::decode_utf16([high, low]).next().and_then(Result::ok), 12)
            }
            Some(one) => (char::from_u32(u32::from(one)), 6),
            None => (None, 2),
        };
        match taken.filter(|c| is_fragile(*c) && *c >= ' ') {
            Some(c) => {
                out.push(c);
                rest = from.get(length..).unwrap_or("");
            }
            None => {
                let keep = from.char_indices().nth(2).map_or(from.len(), |(i, _)| i);
                let (kept, after) = from.split_at(keep);
                out.push_str(kept);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Returns the code unit of a `\uXXXX` that `text` begins with.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
#[path = "payload_tests.rs"]
mod tests;
