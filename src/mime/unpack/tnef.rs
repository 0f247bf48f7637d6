//! Outlook's Transport Neutral Encapsulation Format (MS-OXTNEF): the text of a mail and its files. Linear in the bytes; what is cut off or
//! damaged is read as far as it goes.

use super::rtf;
use crate::mime::TEXT_MAX;
use crate::mime::charset;
use crate::mime::html;
use crate::mime::lines::{cut, slice};
use crate::mime::work::step;

/// The first bytes of every TNEF.
const SIGNATURE: &[u8] = &[0x78, 0x9f, 0x3e, 0x22];
/// The most files read of one.
const FILES_MAX: usize = 1_000;
/// The most properties read of one list.
const PROPERTIES_MAX: u32 = 10_000;

/// What stands in a TNEF.
#[derive(Debug, Default)]
pub(super) struct Tnef<'a> {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub plain: Option<String>,
    /// Its text as HTML.
    pub html: Option<String>,
    /// Its files.
    pub files: Vec<File<'a>>,
    /// Whether it could be read to its end.
    pub whole: bool,
    code_page: String,
}

/// A file in a TNEF.
#[derive(Debug, Default)]
pub(super) struct File<'a> {
    /// Its name; of a mail its subject.
    pub name: String,
    /// Its bytes; of a mail another TNEF.
    pub bytes: &'a [u8],
    /// Whether it is a mail.
    pub is_mail: bool,
    /// The id by which HTML names it.
    pub content_id: Option<String>,
    media: String,
    /// Whether its bytes, none perhaps, stood there.
    has_bytes: bool,
    long_name: bool,
}

impl File<'_> {
    /// Returns its media type: the one that it says, where that is one of a single part, else by its name.
    pub fn media(&self) -> String {
        let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | '_');
        let said = self.media.split_once('/').filter(|(kind, of)| {
            !kind.is_empty()
                && !of.is_empty()
                && kind.chars().chain(of.chars()).all(sound)
                && !matches!(*kind, "multipart" | "message")
        });
        match said {
            Some(_) => self.media.clone(),
            None => mime_guess::from_path(&self.name).first_or_octet_stream().essence_str().to_owned(),
        }
    }
}

/// Reads bytes in order.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        step(1);
        let end = self.at.checked_add(len)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    fn number(&mut self, len: usize) -> Option<u32> {
        let bytes = self.take(len)?;
        Some(bytes.iter().rev().fold(0, |number, b| number << 8 | u32::from(*b)))
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number(4)?).ok()
    }

    /// Values of a property are filled up to a multiple of four bytes.
    fn padded(&mut self, len: usize) -> Option<&'a [u8]> {
        let taken = self.take(len)?;
        let fill = len.wrapping_neg() & 3;
        self.at = self.at.saturating_add(fill).min(self.bytes.len());
        Some(taken)
    }
}

/// Reads a TNEF, at most `left` bytes of whose text come of compressed text; `None` where it is none.
pub(super) fn read<'a>(bytes: &'a [u8], left: &mut usize) -> Option<Tnef<'a>> {
    attributes(bytes, left).map(Tnef::finished)
}

/// Reads a TNEF without naming its files: that looks into the mails among them, and those may be in one another as deep as there are bytes.
fn attributes<'a>(bytes: &'a [u8], left: &mut usize) -> Option<Tnef<'a>> {
    let rest = bytes.strip_prefix(SIGNATURE)?;
    let mut cursor = Cursor::new(rest);
    cursor.take(2)?;
    let mut tnef = Tnef::default();
    while cursor.at < rest.len() {
        if tnef.attribute(&mut cursor, left).is_none() {
            return Some(tnef);
        }
    }
    tnef.whole = true;
    Some(tnef)
}

/// A property's value.
enum Value<'a> {
    /// Of a fixed size.
    Number(u32),
    /// Text in the code page.
    Narrow(&'a [u8]),
    /// Text in UTF-16.
    Wide(&'a [u8]),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Something in something: 16 bytes tell what.
    Object(&'a [u8]),
}

impl<'a> Tnef<'a> {
    fn finished(mut self) -> Self {
        self.files.retain(|file| file.has_bytes);
        for (at, file) in self.files.iter_mut().enumerate() {
            if file.is_mail {
                let inner =
                    attributes(file.bytes, &mut 0).map(|inner| inner.subject).filter(|subject| !subject.is_empty());
                file.name = inner.unwrap_or_else(|| file.name.clone());
            }
            if file.name.trim().is_empty() {
                file.name = format!("attachment-{}", at + 1);
            }
        }
        self
    }

    /// Reads one attribute: a level, an id with a type, a length, the data, a checksum.
    fn attribute(&mut self, cursor: &mut Cursor<'a>, left: &mut usize) -> Option<()> {
        let level = cursor.number(1)?;
        let id = cursor.number(4)? & 0xffff;
        let len = cursor.size()?;
        if !matches!(level, 1 | 2) {
            return None;
        }
        // What is cut off is taken as far as it goes.
        let short = cursor.bytes.len().saturating_sub(cursor.at) < len;
        let data = if short { slice(cursor.bytes, cursor.at..cursor.bytes.len()) } else { cursor.take(len)? };
        match id {
            0x9007 => self.code_page = Cursor::new(data).number(4).map(|page| format!("cp{page}")).unwrap_or_default(),
            0x8004 => self.subject = self.narrow(data),
            0x800c => self.plain = Some(self.narrow(data)).filter(|text| !text.trim().is_empty()),
            0x9003 => self.properties(data, left),
            0x9002 => self.begin_file()?,
            0x8010 => {
                let name = self.narrow(data);
                if self.files.is_empty() {
                    self.begin_file()?;
                }
                if let Some(file) = self.files.last_mut().filter(|file| !file.long_name) {
                    file.name = name;
                }
            }
            0x800f => {
                // Some programs begin a file with its bytes.
                if self.files.last().is_none_or(|file| file.has_bytes) {
                    self.begin_file()?;
                }
                if let Some(file) = self.files.last_mut() {
                    (file.bytes, file.has_bytes) = (data, true);
                }
            }
            0x9005 => self.file_properties(data),
            _ => {}
        }
        if short {
            return None;
        }
        cursor.take(2).map(|_| ())
    }

    fn begin_file(&mut self) -> Option<()> {
        (self.files.len() < FILES_MAX).then(|| self.files.push(File::default()))
    }

    fn narrow(&self, bytes: &[u8]) -> String {
        let bytes = bytes.split(|b| *b == 0).next().unwrap_or_default();
        let text = charset::decode(slice(bytes, 0..bytes.len().min(4 * TEXT_MAX)), &self.code_page).text;
        cut(&text, TEXT_MAX).to_owned()
    }

    fn text(&self, value: &Value<'_>) -> String {
        match value {
            Value::Narrow(bytes) | Value::Bytes(bytes) => self.narrow(bytes),
            Value::Wide(bytes) => {
                let (text, _) =
                    encoding_rs::UTF_16LE.decode_without_bom_handling(slice(bytes, 0..bytes.len().min(4 * TEXT_MAX)));
                cut(text.trim_end_matches('\0'), TEXT_MAX).to_owned()
            }
            Value::Number(_) | Value::Object(_) => String::new(),
        }
    }

    /// Takes the mail's own properties: plain text, HTML, compressed RTF.
    fn properties(&mut self, data: &'a [u8], left: &mut usize) {
        let mut page = String::new();
        let (mut markup, mut packed) = (None, None);
        for (id, value) in properties(data) {
            match (id, &value) {
                (0x0037, _) => self.subject = self.text(&value),
                (0x1000, _) => self.plain = Some(self.text(&value)).filter(|text| !text.trim().is_empty()),
                (0x1013, Value::Wide(_)) => self.html = Some(self.text(&value)),
                (0x1013, Value::Narrow(bytes) | Value::Bytes(bytes)) => markup = Some(*bytes),
                (0x1009, Value::Bytes(bytes)) => packed = Some(*bytes),
                (0x3fde, Value::Number(number)) => page = format!("cp{number}"),
                _ => {}
            }
        }
        if let Some(markup) = markup {
            let label = if charset::is_vague(&page) { html::meta_charset(markup) } else { page };
            let text = charset::decode(slice(markup, 0..markup.len().min(4 * TEXT_MAX)), &label).text;
            self.html = Some(cut(&text, 2 * TEXT_MAX).to_owned());
        }
        if let Some(text) =
            packed.filter(|_| self.html.is_none() && *left > 0).and_then(|packed| rtf::unpacked(packed, left))
        {
            match rtf::to_text(&text, &self.code_page) {
                rtf::Text::Html(markup) => self.html = Some(markup),
                rtf::Text::Plain(text) if self.plain.is_none() => {
                    self.plain = Some(text).filter(|text| !text.trim().is_empty())
                }
                rtf::Text::Plain(_) => {}
            }
        }
    }

    /// Takes the properties of the file that was begun last.
    fn file_properties(&mut self, data: &'a [u8]) {
        let mut file = self.files.pop().unwrap_or_default();
        for (id, value) in properties(data) {
            match (id, &value) {
                (0x3707, _) => {
                    file.name = self.text(&value);
                    file.long_name = !file.name.is_empty();
                }
                (0x3704 | 0x3001, _) if file.name.is_empty() => file.name = self.text(&value),
                (0x370e, _) => file.media = self.text(&value).to_ascii_lowercase(),
                (0x3712, _) => {
                    let id: String =
                        self.text(&value).chars().filter(|c| c.is_ascii_graphic() && !"<>".contains(*c)).collect();
                    file.content_id = Some(cut(&id, 200).to_owned()).filter(|id| !id.is_empty());
                }
                (0x3701, Value::Object(bytes)) => {
                    let inner = bytes.get(16..).unwrap_or_default();
                    file.is_mail = inner.starts_with(SIGNATURE);
                    (file.bytes, file.has_bytes) = (if file.is_mail { inner } else { bytes }, true);
                }
                (0x3701, Value::Bytes(bytes)) => (file.bytes, file.has_bytes) = (bytes, true),
                _ => {}
            }
        }
        self.files.push(file);
    }
}

/// Reads a list of properties as far as it goes. Of several values of one property the first counts.
fn properties<'a>(data: &'a [u8]) -> Vec<(u32, Value<'a>)> {
    let mut cursor = Cursor::new(data);
    let count = cursor.number(4).unwrap_or(0).min(PROPERTIES_MAX);
    let mut found = Vec::new();
    for _ in 0..count {
        match property(&mut cursor) {
            Some((id, Some(value))) => found.push((id, value)),
            Some((_, None)) => {}
            None => break,
        }
    }
    found
}

fn property<'a>(cursor: &mut Cursor<'a>) -> Option<(u32, Option<Value<'a>>)> {
    let kind = cursor.number(2)?;
    let id = cursor.number(2)?;
    if id >= 0x8000 {
        cursor.take(16)?;
        if cursor.number(4)? == 0 {
            cursor.take(4)?;
        } else {
            let len = cursor.size()?;
            cursor.padded(len)?;
        }
    }
    let several = kind & 0x1000 != 0;
    let kind = kind & 0x0fff;
    let variable = matches!(kind, 0x000d | 0x001e | 0x001f | 0x0102);
    let count = if several || variable { cursor.number(4)? } else { 1 };
    let mut first = None;
    for _ in 0..count {
        let value = value(cursor, kind, variable)?;
        first = first.or(Some(value));
    }
    Some((id, first))
}

fn value<'a>(cursor: &mut Cursor<'a>, kind: u32, variable: bool) -> Option<Value<'a>> {
    if variable {
        // What is cut off is taken as far as it goes.
        let len = cursor.size()?.min(cursor.bytes.len().saturating_sub(cursor.at));
        let bytes = cursor.padded(len)?;
        return Some(match kind {
            0x000d => Value::Object(bytes),
            0x001e => Value::Narrow(bytes),
            0x001f => Value::Wide(bytes),
            _ => Value::Bytes(bytes),
        });
    }
    let size = match kind {
        0x0002 | 0x0003 | 0x0004 | 0x000a | 0x000b => 4,
        0x0005 | 0x0006 | 0x0007 | 0x0014 | 0x0040 => 8,
        0x0048 => 16,
        _ => return None,
    };
    Cursor::new(cursor.take(size)?).number(4).map(Value::Number)
}

#[cfg(test)]
#[path = "tnef_tests.rs"]
pub(in crate::mime) mod tests;
