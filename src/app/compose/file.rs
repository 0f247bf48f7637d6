//! A draft as the text of a file for an external editor, and addresses and paths as people write them.

use crate::model::address::Address;
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

/// Writes addresses as a list that [`parse_addresses`] reads back.
pub fn write_addresses(list: &[Address]) -> String {
    let one = |address: &Address| {
        let name = crate::model::text::SafeText::line(address.name.trim());
        let email = crate::model::text::SafeText::line(&address.email);
        if name.is_empty() {
            return email.to_string();
        }
        let plain = !name.as_str().contains(['"', ',', ';', '<', '>', '(', ')', '@', ':', '\\']);
        if plain {
            format!("{name} <{email}>")
        } else {
            format!("\"{}\" <{email}>", name.as_str().replace('\\', "\\\\").replace('"', "\\\""))
        }
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Reads addresses as people write them: `ana@x.example, "Berg, Jonas" <jonas@x.example>; li@x.example`. What is no address is kept as it
/// is, so that the review can name it.
pub fn parse_addresses(text: &str) -> Vec<Address> {
    let mut list = Vec::new();
    let (mut item, mut quoted, mut escaped, mut angle) = (String::new(), false, false, false);
    for c in text.chars().chain(std::iter::once(',')) {
        if escaped {
            escaped = false;
            item.push(c);
            continue;
        }
        match c {
            '\\' if quoted => {
                escaped = true;
                item.push(c);
                continue;
            }
            '"' => quoted = !quoted,
            '<' if !quoted => angle = true,
            '>' if !quoted => angle = false,
            ',' | ';' | '\n' if !quoted && !angle => {
                list.extend(one_address(&item));
                item.clear();
                continue;
            }
            _ => {}
        }
        item.push(c);
    }
    // A quote that was never closed swallowed the comma at the end.
    list.extend(one_address(item.trim_end_matches(',')));
    list
}

fn one_address(item: &str) -> Option<Address> {
    let item = item.trim();
    if item.is_empty() {
        return None;
    }
    let angled = item.strip_suffix('>').and_then(|item| item.rsplit_once('<'));
    Some(match angled {
        Some((name, email)) => {
            let name = name.trim();
            let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            let name = match bare {
                Some(bare) => bare.replace("\\\"", "\"").replace("\\\\", "\\"),
                None => name.to_owned(),
            };
            Address::new(name, email.trim())
        }
        None => Address::new("", item),
    })
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
