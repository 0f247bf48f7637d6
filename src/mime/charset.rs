//! Bytes to text. Mail names its charset, and often the wrong one; nothing here fails: what can't be decoded becomes U+FFFD.

use std::borrow::Cow;

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, WINDOWS_1251, WINDOWS_1252};

/// A charset that mail names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// One that the web knows too.
    Known(&'static Encoding),
    /// UTF-7 (RFC 2152).
    Utf7,
    /// HZ (RFC 1843): GB 2312 in seven bits.
    Hz,
    /// ISO-2022-KR (RFC 1557): KS X 1001 in seven bits.
    Iso2022Kr,
}

/// Names that mail uses and the WHATWG Encoding Standard does not list.
const ALIASES: &[(&str, Charset)] = &[
    ("uft-8", Charset::Known(UTF_8)),
    ("utf-8mb4", Charset::Known(UTF_8)),
    ("utf8mb4", Charset::Known(UTF_8)),
    ("cp65001", Charset::Known(UTF_8)),
    ("65001", Charset::Known(UTF_8)),
    ("latin-1", Charset::Known(WINDOWS_1252)),
    ("8859-1", Charset::Known(WINDOWS_1252)),
    ("ansi", Charset::Known(WINDOWS_1252)),
    ("cp932", Charset::Known(SHIFT_JIS)),
    ("ms932", Charset::Known(SHIFT_JIS)),
    ("windows-932", Charset::Known(SHIFT_JIS)),
    ("cp936", Charset::Known(GBK)),
    ("ms936", Charset::Known(GBK)),
    ("windows-936", Charset::Known(GBK)),
    ("eucgb2312-cn", Charset::Known(GBK)),
    ("euc-cn", Charset::Known(GBK)),
    ("gb-18030", Charset::Known(GB18030)),
    ("cp949", Charset::Known(EUC_KR)),
    ("ms949", Charset::Known(EUC_KR)),
    ("uhc", Charset::Known(EUC_KR)),
    ("cp950", Charset::Known(BIG5)),
    ("win-1251", Charset::Known(WINDOWS_1251)),
    ("utf-7", Charset::Utf7),
    ("utf7", Charset::Utf7),
    ("unicode-1-1-utf-7", Charset::Utf7),
    ("x-unicode-2-0-utf-7", Charset::Utf7),
    ("unicode-2-0-utf-7", Charset::Utf7),
    ("csunicode11utf7", Charset::Utf7),
    ("hz-gb-2312", Charset::Hz),
    ("hz", Charset::Hz),
    ("iso-2022-kr", Charset::Iso2022Kr),
    ("csiso2022kr", Charset::Iso2022Kr),
    ("iso-2022-jp-1", Charset::Known(encoding_rs::ISO_2022_JP)),
    ("iso-2022-jp-2", Charset::Known(encoding_rs::ISO_2022_JP)),
    ("iso-2022-jp-3", Charset::Known(encoding_rs::ISO_2022_JP)),
    ("iso-2022-jp-ms", Charset::Known(encoding_rs::ISO_2022_JP)),
    ("cp50220", Charset::Known(encoding_rs::ISO_2022_JP)),
    ("cp50221", Charset::Known(encoding_rs::ISO_2022_JP)),
    ("eucjp-ms", Charset::Known(encoding_rs::EUC_JP)),
    ("cp51932", Charset::Known(encoding_rs::EUC_JP)),
];

/// Finds a charset by the name that mail gives it; `None` where nobody knows it.
pub(super) fn find(label: &str) -> Option<Charset> {
    let name = label.split('*').next().unwrap_or_default();
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | '<' | '>' | '='));
    if name.is_empty() || name.len() > 40 {
        return None;
    }
    let name = name.to_ascii_lowercase();
    lookup(&name).or_else(|| {
        let dashed = name.replace(['_', ' ', ':'], "-");
        let bare = dashed.strip_prefix("x-").or_else(|| dashed.strip_prefix("charset-")).unwrap_or(&dashed);
        let spelled = respell(bare);
        lookup(&dashed).or_else(|| lookup(bare)).or_else(|| lookup(&spelled))
    })
}

/// Returns the name by which the web knows a charset; UTF-8's where it knows none of that name.
pub(super) fn web_name(label: &str) -> &'static str {
    match find(label) {
        Some(Charset::Known(encoding)) => encoding.name(),
        _ => UTF_8.name(),
    }
}

fn lookup(name: &str) -> Option<Charset> {
    if let Some((_, charset)) = ALIASES.iter().find(|(alias, _)| *alias == name) {
        return Some(*charset);
    }
    // The standard maps dangerous or dead charsets to "replacement"; those are not known here.
    Encoding::for_label_no_replacement(name.as_bytes()).map(Charset::Known)
}

/// Spells `windows1252`, `win1251`, `cp-1252` and `iso88591` as the standard does.
fn respell(name: &str) -> String {
    for prefix in ["windows", "win-", "win", "cp-", "cp", "ms-"] {
        if let Some(digits) = name.strip_prefix(prefix).map(|rest| rest.trim_start_matches('-'))
            && digits.len() >= 3
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            return format!("windows-{digits}");
        }
    }
    match name.strip_prefix("iso").map(|rest| rest.trim_start_matches('-')).and_then(|rest| rest.strip_prefix("8859")) {
        Some(part) => format!("iso-8859-{}", part.trim_start_matches('-')),
        None => name.to_owned(),
    }
}

/// Text and whether it had to be guessed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Whether bytes were lost, or the name was unknown and the bytes not plain ASCII.
    pub doubtful: bool,
}

/// Decodes bytes said to be of charset `label` (empty where nothing is said): UTF-8 where they are valid UTF-8 and the named charset
/// does not speak against it, else the named one, else windows-1252, which has a character for nearly every byte.
pub(super) fn decode<'a>(bytes: &'a [u8], label: &str) -> Decoded<'a> {
    let charset = if label.is_empty() { None } else { find(label) };
    let seven_bit = matches!(charset, Some(Charset::Utf7 | Charset::Hz | Charset::Iso2022Kr))
        || matches!(charset, Some(Charset::Known(e)) if !e.is_ascii_compatible());
    if !seven_bit
        && bytes.is_ascii()
        && !bytes.contains(&0x1b)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded { text: Cow::Borrowed(text), doubtful: false };
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        let (text, lost) = UTF_8.decode_with_bom_removal(bytes);
        return Decoded { text, doubtful: lost };
    }
    match charset {
        Some(Charset::Utf7) => Decoded { text: Cow::Owned(utf7(bytes)), doubtful: false },
        Some(Charset::Hz) => decoded(GBK, &hz(bytes)),
        Some(Charset::Iso2022Kr) => decoded(EUC_KR, &shifted(bytes)),
        Some(Charset::Known(encoding)) => known(bytes, encoding),
        None => unnamed(bytes, label),
    }
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Decoded<'static> {
    let (text, lost) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: Cow::Owned(text.into_owned()), doubtful: lost }
}

fn known<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Decoded { text: Cow::Borrowed(text), doubtful: false },
            Err(error) => broken_utf8(bytes, error.valid_up_to()),
        };
    }
    let valid_utf8 = encoding.is_ascii_compatible().then(|| std::str::from_utf8(bytes).ok()).flatten();
    if let Some(text) = valid_utf8
        && (encoding.is_single_byte() || text.is_ascii())
        && !text.contains('\u{1b}')
    {
        return Decoded { text: Cow::Borrowed(text), doubtful: false };
    }
    let (text, _, lost) = encoding.decode(bytes);
    match valid_utf8 {
        Some(utf8) if lost && !utf8.contains('\u{1b}') => Decoded { text: Cow::Borrowed(utf8), doubtful: false },
        _ => Decoded { text, doubtful: lost },
    }
}

/// Text that says it is UTF-8 and is not: mostly windows-1252 where no multibyte sequence is right, else UTF-8 with a broken spot.
fn broken_utf8(bytes: &[u8], valid_up_to: usize) -> Decoded<'_> {
    let sound = std::str::from_utf8(bytes.get(..valid_up_to).unwrap_or_default()).unwrap_or_default();
    if sound.is_ascii() {
        let lossy = String::from_utf8_lossy(bytes);
        let right = lossy.chars().any(|c| !c.is_ascii() && c != '\u{FFFD}');
        if !right {
            return Decoded { text: WINDOWS_1252.decode_without_bom_handling(bytes).0, doubtful: true };
        }
    }
    Decoded { text: String::from_utf8_lossy(bytes), doubtful: true }
}

fn unnamed<'a>(bytes: &'a [u8], label: &str) -> Decoded<'a> {
    let named = !label.is_empty();
    if bytes.contains(&0x1b) && bytes.is_ascii() {
        let (text, lost) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes);
        if !lost {
            return Decoded { text, doubtful: false };
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Borrowed(text), doubtful: named && !text.is_ascii() },
        Err(_) if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => {
            let (text, _, lost) = encoding_rs::UTF_16LE.decode(bytes);
            Decoded { text, doubtful: lost }
        }
        Err(_) => Decoded { text: WINDOWS_1252.decode_without_bom_handling(bytes).0, doubtful: true },
    }
}

/// Decodes UTF-7 (RFC 2152). What is no right sequence stands as it is.
fn utf7(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first != b'+' {
            // Bytes over 127 have no place here; they are shown as Latin-1.
            out.push(char::from(first));
            continue;
        }
        let length = rest.iter().position(|&b| sextet(b).is_none()).unwrap_or(rest.len());
        let (coded, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = after;
        if coded.is_empty() {
            out.push('+');
        } else {
            push_utf16(&mut out, coded);
        }
        if let Some(after) = rest.strip_prefix(b"-") {
            rest = after;
        }
    }
    out
}

fn push_utf16(out: &mut String, coded: &[u8]) {
    let mut units = Vec::with_capacity(coded.len() / 2);
    let (mut bits, mut held) = (0u32, 0u32);
    for value in coded.iter().filter_map(|&b| sextet(b)) {
        held = (held << 6 | u32::from(value)) & 0x00ff_ffff;
        bits += 6;
        if bits >= 16 {
            bits -= 16;
            units.push(u16::try_from(held >> bits & 0xffff).unwrap_or(0xfffd));
        }
    }
    out.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')));
}

fn sextet(b: u8) -> Option<u8> {
    match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Makes EUC-CN of HZ: `~{` begins two-byte characters, `~}` ends them, `~~` is a tilde.
fn hz(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut double = false;
    let mut iter = bytes.iter().copied().peekable();
    while let Some(b) = iter.next() {
        match (b, iter.peek().copied()) {
            (b'~', Some(next @ (b'{' | b'}' | b'~' | b'\n'))) => {
                iter.next();
                match next {
                    b'{' => double = true,
                    b'}' => double = false,
                    b'~' => out.push(b'~'),
                    _ => {}
                }
            }
            (b'\n', _) => {
                double = false;
                out.push(b);
            }
            _ => out.push(if double && b > b' ' { b | 0x80 } else { b }),
        }
    }
    out
}

/// Makes EUC-KR of ISO-2022-KR: SO begins two-byte characters, SI ends them.
fn shifted(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut double = false;
    let mut rest = bytes;
    while let Some((&b, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(b"\x1b$)C") {
            rest = after;
            continue;
        }
        rest = tail;
        match b {
            0x0e => double = true,
            0x0f => double = false,
            _ => out.push(if double && b > b' ' { b | 0x80 } else { b }),
        }
    }
    out
}

#[cfg(test)]
#[path = "charset_tests.rs"]
mod tests;
