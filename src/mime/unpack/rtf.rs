//! The rich text that Outlook writes: unpacked (MS-OXRTFCP), and read as the HTML it was made from (MS-OXRTFEX) or as plain text.

use std::iter::Peekable;

use crate::mime::TEXT_MAX;
use crate::mime::charset;
use crate::mime::lines::slice;

/// What the dictionary holds at first (MS-OXRTFCP section 2.1.2.1).
const KNOWN: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
/// Its size; places in it go round.
const DICTIONARY: usize = 4096;
/// How deep groups may lie in one another; deeper ones are read as if they were not there.
const GROUPS_MAX: usize = 200;

/// Unpacks compressed RTF, at most `left` bytes of it, which are taken off; `None` where it is none.
pub(super) fn unpacked(bytes: &[u8], left: &mut usize) -> Option<Vec<u8>> {
    let kind = bytes.get(8..12)?;
    let body = bytes.get(16..)?;
    let text = match kind {
        b"LZFu" => expanded(body, (*left).min(TEXT_MAX)),
        b"MELA" => slice(body, 0..body.len().min(*left)).to_vec(),
        _ => return None,
    };
    *left = left.saturating_sub(text.len());
    Some(text)
}

/// Each control byte tells of eight tokens whether they are a byte or a place and a length in the dictionary.
fn expanded(body: &[u8], max: usize) -> Vec<u8> {
    let mut dictionary = [b' '; DICTIONARY];
    for (place, byte) in dictionary.iter_mut().zip(KNOWN) {
        *place = *byte;
    }
    let mut write = KNOWN.len();
    let mut out = Vec::new();
    let mut push = |out: &mut Vec<u8>, dictionary: &mut [u8; DICTIONARY], byte: u8| {
        if let Some(place) = dictionary.get_mut(write % DICTIONARY) {
            *place = byte;
        }
        write = (write + 1) % DICTIONARY;
        out.push(byte);
        write
    };
    let mut bytes = body.iter().copied();
    let mut at = KNOWN.len();
    while let Some(control) = bytes.next() {
        for bit in 0..8 {
            if control >> bit & 1 == 0 {
                let Some(byte) = bytes.next() else { return out };
                at = push(&mut out, &mut dictionary, byte);
            } else {
                let (Some(high), Some(low)) = (bytes.next(), bytes.next()) else { return out };
                let token = u16::from_be_bytes([high, low]);
                let (from, len) = (usize::from(token >> 4), usize::from(token & 0xf) + 2);
                if from == at {
                    return out;
                }
                for step in 0..len {
                    let byte = dictionary.get((from + step) % DICTIONARY).copied().unwrap_or(b' ');
                    at = push(&mut out, &mut dictionary, byte);
                }
            }
            if out.len() >= max {
                return out;
            }
        }
    }
    out
}

/// What rich text was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// HTML, which it holds whole.
    Html(String),
    /// Its letters.
    Plain(String),
}

/// Groups whose content is no text.
const SILENT: &[&[u8]] = &[
    b"fonttbl",
    b"colortbl",
    b"stylesheet",
    b"info",
    b"pict",
    b"object",
    b"header",
    b"footer",
    b"headerl",
    b"headerr",
    b"footerl",
    b"footerr",
    b"filetbl",
    b"listtable",
    b"listoverridetable",
    b"revtbl",
    b"generator",
    b"xmlnstbl",
    b"themedata",
    b"datastore",
    b"fldinst",
    b"bkmkstart",
    b"bkmkend",
    b"mhtmltag",
];

/// What a group sets for what stands in it.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// Nothing in it is text.
    silent: bool,
    /// It stands in the RTF alone, not in the HTML it was made from (`\htmlrtf`).
    beside: bool,
    /// How many bytes stand in for a `\u` character.
    fallback: u32,
}

struct Reader {
    out: String,
    /// Bytes that are not decoded yet: characters of several bytes come one by one.
    held: Vec<u8>,
    charset: String,
    groups: Vec<Group>,
    /// Groups that are too deep.
    deeper: usize,
    html: bool,
    /// Bytes to pass over behind a `\u`.
    skip: u32,
    star: bool,
}

/// Reads rich text whose bytes are in the charset of that name where it names none itself.
pub(super) fn to_text(rtf: &[u8], charset: &str) -> Text {
    let mut reader = Reader {
        out: String::new(),
        held: Vec::new(),
        charset: charset.to_owned(),
        groups: vec![Group { silent: false, beside: false, fallback: 1 }],
        deeper: 0,
        html: false,
        skip: 0,
        star: false,
    };
    let mut bytes = rtf.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' => reader.open(),
            b'}' => reader.close(),
            b'\\' => reader.control(&mut bytes),
            b'\r' | b'\n' | 0 => {}
            other => reader.byte(other),
        }
        if reader.out.len() > TEXT_MAX {
            break;
        }
    }
    reader.release();
    if reader.html { Text::Html(reader.out) } else { Text::Plain(reader.out) }
}

impl Reader {
    fn group(&self) -> Group {
        self.groups.last().copied().unwrap_or(Group { silent: true, beside: false, fallback: 1 })
    }

    /// Tells whether what stands here is text.
    fn is_heard(&self) -> bool {
        let group = self.group();
        !(group.silent || self.html && group.beside)
    }

    fn set(&mut self, set: impl FnOnce(&mut Group)) {
        if let Some(group) = self.groups.last_mut() {
            set(group);
        }
    }

    fn open(&mut self) {
        self.star = false;
        if self.groups.len() < GROUPS_MAX { self.groups.push(self.group()) } else { self.deeper += 1 }
    }

    fn close(&mut self) {
        self.release();
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if self.groups.len() > 1 {
            self.groups.pop();
        }
    }

    fn release(&mut self) {
        if !self.held.is_empty() {
            let bytes = std::mem::take(&mut self.held);
            self.out.push_str(&charset::decode(&bytes, &self.charset).text);
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        if self.is_heard() {
            self.held.push(byte);
        }
    }

    fn char(&mut self, c: char) {
        if self.is_heard() {
            self.release();
            self.out.push(c);
        }
    }

    fn control(&mut self, bytes: &mut Peekable<impl Iterator<Item = u8>>) {
        match bytes.peek().copied() {
            Some(b'\'') => {
                bytes.next();
                let digits =
                    [bytes.next(), bytes.next()].map(|digit| digit.and_then(|digit| char::from(digit).to_digit(16)));
                if let [Some(high), Some(low)] = digits {
                    self.byte(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                }
            }
            Some(b'*') => {
                bytes.next();
                self.star = true;
            }
            Some(b'~') => {
                bytes.next();
                self.char('\u{a0}');
            }
            Some(letter) if letter.is_ascii_alphabetic() => self.word(bytes),
            Some(sign @ (b'\\' | b'{' | b'}')) => {
                bytes.next();
                self.byte(sign);
            }
            Some(b'\r' | b'\n') => {
                bytes.next();
                self.char('\n');
            }
            _ => {
                bytes.next();
            }
        }
    }

    /// Reads a control word: letters, then a number, then one space.
    fn word(&mut self, bytes: &mut Peekable<impl Iterator<Item = u8>>) {
        let mut name = Vec::new();
        while let Some(letter) = bytes.next_if(u8::is_ascii_alphabetic) {
            if name.len() < 32 {
                name.push(letter);
            }
        }
        let negative = bytes.next_if_eq(&b'-').is_some();
        let mut number: Option<i32> = None;
        while let Some(digit) = bytes.next_if(u8::is_ascii_digit) {
            let digit = i32::from(digit - b'0');
            number = Some(number.unwrap_or(0).saturating_mul(10).saturating_add(digit));
        }
        bytes.next_if_eq(&b' ');
        let number = if negative { number.map(|number| -number) } else { number };
        self.act(&name, number);
    }

    fn act(&mut self, name: &[u8], number: Option<i32>) {
        let star = std::mem::take(&mut self.star);
        match name {
            b"htmltag" if self.html => self.set(|group| (group.silent, group.beside) = (false, false)),
            _ if star || SILENT.contains(&name) => self.set(|group| group.silent = true),
            b"fromhtml" => self.html = number != Some(0),
            b"htmlrtf" => {
                self.release();
                self.set(|group| group.beside = number != Some(0));
            }
            b"ansicpg" => self.charset = number.map(|page| format!("cp{page}")).unwrap_or_default(),
            b"uc" => self.set(|group| group.fallback = number.and_then(|n| u32::try_from(n).ok()).unwrap_or(1).min(16)),
            b"u" => {
                // Written as a signed 16-bit number.
                let unit = number.map_or(0xfffd, |number| number.rem_euclid(0x1_0000));
                let unit = u32::try_from(unit).unwrap_or(0xfffd);
                self.char(char::from_u32(unit).unwrap_or('\u{fffd}'));
                self.skip = self.group().fallback;
            }
            b"par" | b"line" | b"sect" | b"page" | b"row" => self.char('\n'),
            b"tab" | b"cell" => self.char('\t'),
            b"lquote" => self.char('‘'),
            b"rquote" => self.char('’'),
            b"ldblquote" => self.char('“'),
            b"rdblquote" => self.char('”'),
            b"bullet" => self.char('•'),
            b"endash" => self.char('–'),
            b"emdash" => self.char('—'),
            _ => {}
        }
    }
}

#[cfg(test)]
#[path = "rtf_tests.rs"]
mod tests;
