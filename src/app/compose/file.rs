//! A draft as the text of a file for an external editor, and addresses and paths as people write them.

use crate::model::address::Address;
pub use crate::model::addresses::{parse_addresses, write_addresses};
use crate::model::reply::Draft;

/// What was read back from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FromFile {
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Bcc`.
    pub bcc: Vec<Address>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Writes a draft as a file with its headers on top, and a line between them and the text that tells the author what is what.
pub fn to_file(draft: &Draft) -> String {
    let list = write_addresses;
    let subject = draft.subject.replace(['\n', '\r'], " ");
    let headers = [("To", list(&draft.to)), ("Cc", list(&draft.cc)), ("Bcc", list(&draft.bcc)), ("Subject", subject)];
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    format!("{headers}# {}\n\n{}\n", say!("editor-help"), draft.body)
}

/// Reads such a file. Where its headers were deleted, all of it is text.
pub fn from_file(text: &str) -> FromFile {
    let text = text.replace("\r\n", "\n");
    let mut found = FromFile::default();
    let mut rest = text.as_str();
    let mut any = false;
    loop {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let (key, value) = line.split_once(':').unwrap_or(("", ""));
        match key.trim().to_ascii_lowercase().as_str() {
            "to" => found.to.extend(parse_addresses(value)),
            "cc" => found.cc.extend(parse_addresses(value)),
            "bcc" => found.bcc.extend(parse_addresses(value)),
            "subject" => found.subject = value.trim().to_owned(),
            _ if line.starts_with('#') && any => {}
            _ if line.trim().is_empty() && any => {
                rest = after;
                break;
            }
            _ => break,
        }
        any = true;
        rest = after;
        if after.is_empty() {
            break;
        }
    }
    found.body = rest.strip_suffix('\n').unwrap_or(rest).to_owned();
    found
}

/// Reads the paths of a line as a shell would, and as terminals write them when files are dropped on them: in quotes, with `\ ` for a
/// space, as `file://` addresses, several with spaces or lines between.
pub fn paths_in(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let (mut word, mut any, mut quote) = (String::new(), false, None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => (quote, any) = (Some(c), true),
            (None | Some('"'), '\\') => {
                word.extend(chars.next());
                any = true;
            }
            (None, c) if c.is_whitespace() => {
                if any {
                    paths.push(std::mem::take(&mut word));
                }
                any = false;
            }
            (_, c) => {
                word.push(c);
                any = true;
            }
        }
    }
    if any {
        paths.push(word);
    }
    paths.into_iter().map(|path| local_path(&path)).filter(|path| !path.is_empty()).collect()
}

/// Turns `file:///a%20b` into a path.
fn local_path(word: &str) -> String {
    let Some(rest) = word.strip_prefix("file://") else { return word.to_owned() };
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or(rest);
    let mut bytes = Vec::new();
    let mut left = path.bytes();
    while let Some(byte) = left.next() {
        let mut ahead = left.clone();
        let pair = (ahead.next(), ahead.next());
        let hex = |byte: Option<u8>| byte.and_then(|b| char::from(b).to_digit(16));
        match (byte, hex(pair.0), hex(pair.1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                left = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}
