//! Bytes to text. Mail names its charset, and often the wrong one or none, and then it is guessed. Nothing here
//! fails: what can't be decoded becomes U+FFFD.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
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
    ("cp20866", Charset::Known(encoding_rs::KOI8_R)),
    ("cp21866", Charset::Known(encoding_rs::KOI8_U)),
    ("cp28591", Charset::Known(WINDOWS_1252)),
    ("cp28592", Charset::Known(encoding_rs::ISO_8859_2)),
    ("cp28605", Charset::Known(encoding_rs::ISO_8859_15)),
    ("cp51949", Charset::Known(EUC_KR)),
    ("cp20932", Charset::Known(encoding_rs::EUC_JP)),
    ("cp54936", Charset::Known(GB18030)),
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

/// Text, and what had to be done to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Whether bytes stand for no character: they are U+FFFD in the text.
    pub lost: bool,
    /// The charset that was guessed, by the name that the web gives it; `None` where the named one was taken, or UTF-8.
    pub guessed: Option<&'static str>,
}

impl<'a> Decoded<'a> {
    fn sound(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), lost: false, guessed: None }
    }

    fn guess(bytes: &'a [u8]) -> Self {
        let encoding = guess(bytes);
        let (text, lost) = encoding.decode_without_bom_handling(bytes);
        Self { text, lost, guessed: Some(encoding.name()) }
    }
}

/// Decodes bytes said to be of charset `label` (empty where nothing is said): UTF-8 where they are valid UTF-8 and the named charset
/// does not speak against it, else the named one. Where none is named, or one of those that programs write without looking (`us-ascii`,
/// `iso-8859-1`, `unknown-8bit`) and the bytes speak against it, it is guessed.
pub(super) fn decode<'a>(bytes: &'a [u8], label: &str) -> Decoded<'a> {
    let charset = if is_vague(label) { None } else { find(label) };
    let seven_bit = matches!(charset, Some(Charset::Utf7 | Charset::Hz | Charset::Iso2022Kr))
        || matches!(charset, Some(Charset::Known(e)) if !e.is_ascii_compatible());
    if !seven_bit
        && bytes.is_ascii()
        && !bytes.contains(&0x1b)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Decoded::sound(text);
    }
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        let (text, lost) = UTF_8.decode_with_bom_removal(bytes);
        return Decoded { text, lost, guessed: None };
    }
    match charset {
        Some(Charset::Utf7) => Decoded::sound(utf7(bytes)),
        Some(Charset::Hz) => decoded(GBK, &hz(bytes)),
        Some(Charset::Iso2022Kr) => decoded(EUC_KR, &shifted(bytes)),
        Some(Charset::Known(encoding)) => known(bytes, encoding),
        None => unnamed(bytes),
    }
}

/// Tells whether a name says nothing of bytes over 127: none of a charset that is known, or ASCII.
pub(super) fn is_vague(label: &str) -> bool {
    let name = label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).to_ascii_lowercase();
    matches!(name.as_str(), "" | "us-ascii" | "ascii" | "ansi_x3.4-1968" | "ansi-x3.4-1968" | "iso646-us" | "cp367")
        || find(&name).is_none()
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Decoded<'static> {
    let (text, lost) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: Cow::Owned(text.into_owned()), lost, guessed: None }
}

fn known<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Decoded<'a> {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Decoded::sound(text),
            Err(_) => broken_utf8(bytes),
        };
    }
    let valid_utf8 = encoding.is_ascii_compatible().then(|| std::str::from_utf8(bytes).ok()).flatten();
    if let Some(text) = valid_utf8
        && (encoding.is_single_byte() || text.is_ascii())
        && !text.contains('\u{1b}')
    {
        return Decoded::sound(text);
    }
    if encoding == WINDOWS_1252 && is_no_latin(bytes) && !is_latin(guess(bytes)) {
        return Decoded::guess(bytes);
    }
    let (text, _, lost) = encoding.decode(bytes);
    match valid_utf8 {
        Some(utf8) if lost && !utf8.contains('\u{1b}') => Decoded::sound(utf8),
        _ => Decoded { text, lost, guessed: None },
    }
}

/// Text that says it is UTF-8 and is not: in another charset where few of its sequences are right, else UTF-8 with a broken spot.
fn broken_utf8(bytes: &[u8]) -> Decoded<'_> {
    let lossy = String::from_utf8_lossy(bytes);
    let wrong = lossy.chars().filter(|c| *c == '\u{FFFD}').count();
    let right = lossy.chars().filter(|c| !c.is_ascii()).count() - wrong;
    if right > wrong || right > 0 && is_latin(guess(bytes)) {
        Decoded { text: lossy, lost: true, guessed: None }
    } else {
        Decoded::guess(bytes)
    }
}

fn unnamed(bytes: &[u8]) -> Decoded<'_> {
    if bytes.contains(&0x1b) && bytes.is_ascii() {
        let (text, lost) = encoding_rs::ISO_2022_JP.decode_without_bom_handling(bytes);
        if !lost {
            return Decoded::sound(text);
        }
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded::sound(text),
        Err(_) if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") => {
            let (text, _, lost) = encoding_rs::UTF_16LE.decode(bytes);
            Decoded { text, lost, guessed: None }
        }
        Err(_) => Decoded::guess(bytes),
    }
}

/// How much of a text its charset is guessed by: of its lines that are not UTF-8. The detector feeds every byte to 27 charsets.
const GUESSED_BY: usize = 32 * 1024;
/// How much of a text is looked through for them.
const LOOKED_AT: usize = 1024 * 1024;
/// So many different bytes over 127 tell one Latin alphabet from another; fewer may be a pound sign, and then it is windows-1252.
const TELLING: usize = 4;

/// Guesses the charset of text that is not UTF-8. Where its bytes over 127 stand alone and are few, as in the languages of western Europe, it
/// is windows-1252, which has a character for nearly every byte: so short a text tells too little to the detector.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    let bytes = bytes.get(..bytes.len().min(LOOKED_AT)).unwrap_or_default();
    let mut sample: Vec<u8> = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n').filter(|line| std::str::from_utf8(line).is_err()) {
        sample.extend_from_slice(line.get(..line.len().min(GUESSED_BY - sample.len())).unwrap_or_default());
        if sample.len() >= GUESSED_BY {
            break;
        }
    }
    let (high, together) = high_bytes(&sample);
    if high < 3 && together == 0 {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&sample, sample.len() < GUESSED_BY);
    let found = detector.guess(None, Utf8Detection::Deny);
    let different: std::collections::BTreeSet<u8> = sample.iter().copied().filter(|b| !b.is_ascii()).collect();
    let unlikely = match found {
        _ if is_latin(found) => different.len() < TELLING,
        _ if found == SHIFT_JIS => is_half_width(&sample),
        _ => 2 * together < high && !found.is_single_byte(),
    };
    if unlikely { WINDOWS_1252 } else { found }
}

/// Tells whether text would be of half-width letters, read as Shift_JIS: nobody writes so, and most bytes over 127 of other charsets are such
/// letters.
fn is_half_width(bytes: &[u8]) -> bool {
    let (text, _) = SHIFT_JIS.decode_without_bom_handling(bytes);
    let wide = text.chars().filter(|c| matches!(c, '\u{3000}'..='\u{9fff}')).count();
    let half = text.chars().filter(|c| matches!(c, '\u{ff61}'..='\u{ff9f}')).count();
    wide < 2 * half
}

/// Counts the bytes over 127, and those of them that stand beside another.
fn high_bytes(bytes: &[u8]) -> (usize, usize) {
    let high = bytes.iter().filter(|b| !b.is_ascii()).count();
    let runs = bytes.split(u8::is_ascii).map(<[u8]>::len).filter(|run| *run > 1);
    (high, runs.sum())
}

/// Tells whether text can't well be of a Latin script: there two bytes over 127 seldom stand together, and in Cyrillic, Greek, Korean and
/// Chinese text nearly all do, in Japanese about half.
fn is_no_latin(bytes: &[u8]) -> bool {
    let (high, together) = high_bytes(bytes.get(..bytes.len().min(4 * GUESSED_BY)).unwrap_or_default());
    high >= 6 && 5 * together >= 2 * high
}

fn is_latin(encoding: &'static Encoding) -> bool {
    use encoding_rs::{
        ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, ISO_8859_16,
        WINDOWS_1250, WINDOWS_1254, WINDOWS_1257, WINDOWS_1258,
    };
    [
        WINDOWS_1252,
        WINDOWS_1250,
        WINDOWS_1254,
        WINDOWS_1257,
        WINDOWS_1258,
        ISO_8859_2,
        ISO_8859_3,
        ISO_8859_4,
        ISO_8859_10,
        ISO_8859_13,
        ISO_8859_14,
        ISO_8859_15,
        ISO_8859_16,
    ]
    .contains(&encoding)
}

/// Finds the charset that a mail names in the first header of a part that names one: what its raw header bytes are in too. Empty where it
/// names none that says anything.
pub(super) fn named_in(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(GUESSED_BY)).unwrap_or_default().to_ascii_lowercase();
    for at in memchr::memmem::find_iter(&head, b"charset=") {
        let rest = head.get(at + 8..).unwrap_or_default();
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
        let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b))).unwrap_or(rest.len());
        let label = String::from_utf8_lossy(rest.get(..end.min(40)).unwrap_or_default()).into_owned();
        if !is_vague(&label) {
            return label;
        }
    }
    String::new()
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
