//! How one line, or a few together, tell that a quote may begin.

use unicode_normalization::UnicodeNormalization;

use super::labels::{FROM, SENT, SUBJECT, TO};
use super::words::{FORWARDED, ON, ORIGINAL, SPEAKERS, WROTE, YOU_WROTE};
use crate::mime::lines::cut;

/// The longest attribution, in bytes; long display names and addresses in several scripts fit.
const ATTRIBUTION_MAX: usize = 600;
/// The most lines that one attribution is broken into.
const ATTRIBUTION_LINES: usize = 5;

/// What an attribution ends in: a colon of any script.
const COLONS: [char; 5] = [':', '：', '︰', '៖', '\u{589}'];

/// The digits of all scripts.
fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// Returns a line in lower case without marks of bold, direction and width.
fn plain(line: &str) -> String {
    let line = cut(line.trim(), ATTRIBUTION_MAX * 2);
    if line.is_ascii() {
        let mut lower = line.to_ascii_lowercase();
        lower.retain(|c| c != '*');
        return lower;
    }
    // Some programs of macOS write letters and their marks apart.
    line.nfc()
        .filter(|c| !matches!(c, '*' | '\u{200b}' | '\u{feff}') && !crate::model::text::is_direction_control(*c))
        .map(|c| if c == '\u{a0}' || c == '\u{202f}' { ' ' } else { c })
        .flat_map(char::to_lowercase)
        // What İ leaves behind in lower case.
        .filter(|c| *c != '\u{307}')
        .collect()
}

/// Tells whether a line can be the first of an attribution: a word of a date, a number, a name with an address.
fn can_begin(text: &str) -> bool {
    let first_digit = text.starts_with(|c: char| c.is_ascii_digit() || c == '(' || c == '[');
    first_digit
        || text.contains('@')
        || text.starts_with(['"', '\'', '“', '<'])
        || ON.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| ends_word(word, rest)))
}

/// Tells whether a line begins as attributions do, whatever stands in it.
fn begins_dated(text: &str) -> bool {
    starts_digit(text) || ON.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| ends_word(word, rest)))
}

/// Tells whether a word that something begins with ends there. Thai has no spaces between words.
fn ends_word(word: &str, rest: &str) -> bool {
    rest.starts_with([' ', ',', '.', '\u{5be}'])
        || starts_digit(rest)
        || word.starts_with(|c| ('\u{e00}'..='\u{e7f}').contains(&c))
}

fn starts_digit(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_numeric())
}

/// Tells whether a whole attribution stands in `text`: it ends in a colon and has a verb of writing with a date or an address, or
/// both of these without one (Gmail in Japanese and Korean).
fn is_attribution(text: &str) -> bool {
    if text.len() > ATTRIBUTION_MAX || text.len() < 6 {
        return false;
    }
    let end = text.trim_end_matches(['>', ' ', '-', '_']);
    if text.starts_with("--") && text.ends_with("--") {
        return text.split_whitespace().count() <= 10 && WROTE.iter().any(|verb| end.ends_with(verb));
    }
    let colon = end.ends_with(COLONS);
    let address = text.contains('@');
    let digits = digits(text);
    if !(colon || address && digits >= 4) {
        return false;
    }
    let verb = WROTE.iter().any(|verb| holds_word(text, verb));
    let begins = can_begin(text);
    if colon {
        return verb && (address || begins && digits >= 2) || begins && address && text.contains('<') && has_time(text);
    }
    // `2013/7/20 X <x@example.com>`, as Gmail once wrote.
    let dated = text.starts_with("20") && text.get(4..5).is_some_and(|mark| mark == "/" || mark == "-");
    if dated && address && text.ends_with('>') && digits >= 6 {
        return true;
    }
    // `Am 1.2.2016 schrieb X`, `… a écrit`: without a colon everything else must be there, and the verb near the end.
    verb && begins && address && digits >= 4 && has_time(text) && WROTE.iter().any(|verb| end.ends_with(verb))
}

fn has_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).any(|w| matches!(w, [a, b':' | b'.' | b'h', b, c] if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit()))
}

/// Tells whether `text` holds `word` and not inside a longer word, where the script has spaces.
fn holds_word(text: &str, word: &str) -> bool {
    let spaced = word.chars().all(|c| c.is_ascii() || ('\u{c0}'..='\u{52f}').contains(&c) || c == ' ');
    text.match_indices(word).any(|(at, _)| {
        !spaced
            || (!text.get(..at).unwrap_or_default().ends_with(char::is_alphanumeric)
                && !text.get(at + word.len()..).unwrap_or_default().starts_with(char::is_alphabetic))
    })
}

/// Returns how many lines the attribution takes that begins at the front of `lines`; `None` where none does.
fn attribution(lines: &[&str]) -> Option<usize> {
    // Every attribution has an address in it or ends in a colon: most lines of a mail are told by that alone.
    if !lines.iter().take(ATTRIBUTION_LINES).any(|line| may_end(line)) {
        return None;
    }
    let first = plain(lines.first()?);
    if first.is_empty() || first.starts_with('>') {
        return None;
    }
    if is_attribution(&first) {
        return Some(1);
    }
    if !can_begin(&first) || first.len() > ATTRIBUTION_MAX {
        return None;
    }
    let mut joined = first;
    for (at, line) in lines.iter().enumerate().take(ATTRIBUTION_LINES).skip(1) {
        let next = plain(line);
        // A line broken inside an address goes on with its closing bracket: `>:`, `> wrote:`.
        let closes = joined.contains('<') && next.len() < 40 && next.ends_with(':');
        if next.is_empty() || (next.starts_with('>') && !closes) || joined.len() + next.len() > ATTRIBUTION_MAX {
            return None;
        }
        // A shorter one that begins further down is the attribution; this line is text above it.
        let open = joined.trim_end().ends_with(['<', '(', ',']);
        if !open && begins_dated(&next) && attribution_ahead(lines.get(at..).unwrap_or_default()) {
            return None;
        }
        joined.push(' ');
        joined.push_str(&next);
        if is_attribution(&joined) {
            return Some(at + 1);
        }
    }
    None
}

fn may_end(line: &str) -> bool {
    let passed = |c: char| {
        matches!(c, '>' | '-' | '_' | '*' | '\u{200b}' | '\u{feff}')
            || c.is_whitespace()
            || crate::model::text::is_direction_control(c)
    };
    line.trim_end_matches(passed).ends_with(COLONS)
        || line.starts_with("--")
        || memchr::memchr(b'@', line.as_bytes()).is_some()
}

fn attribution_ahead(lines: &[&str]) -> bool {
    let mut joined = String::new();
    for line in lines.iter().take(3) {
        let next = plain(line);
        if next.is_empty() || next.starts_with('>') {
            return false;
        }
        joined.push_str(&next);
        joined.push(' ');
        if is_attribution(joined.trim_end()) {
            return true;
        }
    }
    false
}

/// What begins here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// "On … X wrote:"; `sole` where nothing of the author's own can stand in its lines.
    Attribution { sole: bool },
    /// The headers of a mail, with nothing above that says so.
    Headers,
    /// A client's separator; `full` with a full header block below.
    Separator { forwards: bool, full: bool },
}

/// Returns what begins at the front of `lines`, and how many lines it takes; `None` where nothing does.
pub(super) fn mark(lines: &[&str]) -> Option<(Mark, usize)> {
    let first = lines.first()?;
    if let Some(forwards) = announces(first) {
        let below = headers_below(lines);
        let full = below.is_some_and(|head| head.is_full());
        return Some((Mark::Separator { forwards, full }, below.map_or(1, |head| head.length)));
    }
    if let Some(markup) = outlook_rule(first)
        && let Some(head) = headers_below(lines)
    {
        return Some((Mark::Separator { forwards: false, full: markup || head.is_full() }, head.length));
    }
    if let Some(head) = Head::read(lines) {
        return Some((Mark::Headers, head.length));
    }
    let length = attribution(lines)?;
    let whole: Vec<String> = lines.iter().take(length).map(|line| plain(line)).collect();
    Some((Mark::Attribution { sole: is_sole(&whole.join(" ")) }, length))
}

/// The most words before the address of an attribution that begins with a date, or in all of one without an address.
const WORDS_BEFORE: usize = 14;
/// The most words behind the address: "님이 작성", "tarihinde şunu yazdı".
const WORDS_BEHIND: usize = 8;
/// The most words where there is no date with numbers, or none at the front: a name.
const WORDS_BARE: usize = 6;

/// Tells whether an attribution, joined and in lower case, can't hold a sentence of the author's own beside what a program writes.
fn is_sole(text: &str) -> bool {
    if text.starts_with("--") && text.ends_with("--") {
        return true;
    }
    let bare = text.trim_start_matches(['"', '\'', '“', '<', '(', '[', ' ']);
    let (before, behind) = match bare.rfind('@') {
        Some(at) => bare.split_at(at),
        None => (bare, ""),
    };
    let said = YOU_WROTE.iter().find_map(|words| bare.strip_suffix(words)).unwrap_or(bare);
    let speaks = said.split([' ', ',']).any(|word| SPEAKERS.contains(&word));
    if speaks || has_sentence(before) || before.contains(['!', '?', '؟', '。', '！', '？']) {
        return false;
    }
    let words = |text: &str| text.split_whitespace().filter(|word| !word.chars().any(char::is_numeric)).count();
    let name = before.rfind(['<', '(', ' ']).map_or("", |at| before.get(..at).unwrap_or_default());
    let digits = digits(name);
    let most = match (begins_dated(bare), digits) {
        (true, 3..) => WORDS_BEFORE,
        (false, 1..) => return false,
        _ => WORDS_BARE,
    };
    words(before) <= most && words(behind) <= WORDS_BEHIND
}

/// Tells whether a sentence ends inside: a full stop behind a long word and a word behind it. Months and titles are cut short.
fn has_sentence(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let word = text.get(..at).unwrap_or_default().rsplit(' ').next().unwrap_or_default();
        let next = text.get(at + 2..).unwrap_or_default().trim_start();
        let short = word.chars().count() < 4 || ["prof", "dipl", "corp", "nachm", "vorm"].contains(&word);
        !short && !next.starts_with(|c: char| c.is_ascii_digit())
    })
}

/// What a line of a quoted header block is about, and what it says.
fn label(line: &str) -> Option<(u8, &str)> {
    // Most lines have no colon near their front; they cost nothing.
    let (head, rest) = cut(line, 400).split_once([':', '：'])?;
    if rest.starts_with("//") || head.len() > 120 {
        return None;
    }
    let text = plain(head);
    let label = text.trim_start_matches(['>', ' ', '|']).trim().trim_end_matches('/');
    if label.len() > 40 {
        return None;
    }
    // `از/من` and the like give two languages.
    let is = |list: &[&str]| list.contains(&label);
    let bit = [(FROM, 1u8), (SENT, 2), (SUBJECT, 8), (TO, 4)].into_iter().find(|(list, _)| is(list))?.1;
    Some((bit, rest))
}

/// The headers of a mail as clients write them above its text.
#[derive(Clone, Copy, Debug)]
struct Head {
    /// How many lines they take, from the mark on.
    length: usize,
    /// Whether who wrote it has an address.
    address: bool,
    /// Whether a date with a number stands in it.
    dated: bool,
    labels: u8,
}

impl Head {
    /// Reads headers at the front of `lines`: who, and two of when, to whom and what about.
    fn read(lines: &[&str]) -> Option<Self> {
        let mut head = Self { length: 0, address: false, dated: false, labels: 0 };
        let (mut blanks, mut strange) = (0, 0);
        for (at, line) in lines.iter().enumerate().take(20) {
            if line.trim().is_empty() {
                blanks += 1;
            } else if let Some((bit, value)) = label(line) {
                head.labels |= bit;
                head.address |= bit == 1 && value.contains('@');
                head.dated |= bit == 2 && value.chars().any(char::is_numeric);
                (head.length, blanks) = (at + 1, 0);
            } else if at == 0 || blanks > 0 || strange == 2 {
                break;
            } else {
                // A long list of recipients goes on.
                strange += 1;
            }
            if blanks > 2 {
                break;
            }
        }
        (head.labels & 1 == 1 && head.labels.count_ones() >= 3).then_some(head)
    }

    /// Tells whether it is what clients write and hardly anybody else: who with an address, when, and to whom or what about.
    fn is_full(&self) -> bool {
        self.address && self.dated && self.labels & 2 == 2 && self.labels & 12 != 0
    }
}

/// Returns who wrote the mail that these headers are of: what stands before the `@`, in lower case.
pub(super) fn author(head: &[&str]) -> Option<String> {
    let value = head.iter().filter_map(|line| label(line)).find(|(bit, _)| *bit == 1)?.1;
    let before = value.split_once('@')?.0;
    let name = before.rsplit(|c: char| !(c.is_alphanumeric() || "._+-".contains(c))).next()?;
    Some(name.to_lowercase())
}

/// Reads headers below the first of `lines`, behind two empty ones at most.
fn headers_below(lines: &[&str]) -> Option<Head> {
    let from = lines.iter().skip(1).take(3).position(|line| !line.trim().is_empty())? + 1;
    let head = Head::read(lines.get(from..)?)?;
    Some(Head { length: head.length + from, ..head })
}

/// Tells whether a line announces a quoted mail (`-----Original Message-----`), and whether a forwarded one (`Begin forwarded message:`).
fn announces(line: &str) -> Option<bool> {
    let trimmed = line.trim_matches([' ', '*', '\u{a0}']);
    if line.len() > 300 || !(trimmed.ends_with([':', '：']) || trimmed.starts_with(['-', '_', '=', '.', '—'])) {
        return None;
    }
    let text = plain(line);
    if text.len() > 200 {
        return None;
    }
    let bare = text.trim_matches(['-', '_', '=', ' ', '.', '>', '—', '–', '﹣', '~', ':', '#', '+']);
    let framed = ["--", "__", "==", "——", ".."].iter().any(|mark| text.starts_with(mark));
    let begins = |words: &&str| {
        let inner = bare.strip_prefix("begin ").unwrap_or(bare);
        (bare.starts_with(*words) || inner.starts_with(*words))
            && (framed || text.ends_with(':'))
            && bare.len() < words.len() + 60
    };
    if FORWARDED.iter().any(begins) {
        return Some(true);
    }
    ORIGINAL.iter().any(begins).then_some(false)
}

/// Tells whether the first of quoted lines, their marks taken off, announces a forwarded mail.
pub(super) fn forwards_inside(line: &str) -> bool {
    announces(line.trim_start_matches(['>', ' '])) == Some(true)
}

/// What stands for Outlook's own markup in a text made of HTML; nobody types it.
pub const OUTLOOK_MARK: &str = "――――――――――――――――――――――――";

/// Tells whether a line is the rule that Outlook puts above the mail that it quotes, and whether it was markup: in plain text it is 32
/// underscores.
fn outlook_rule(line: &str) -> Option<bool> {
    let text = line.trim();
    let markup = text == OUTLOOK_MARK;
    (markup || text.len() >= 30 && text.bytes().all(|b| b == b'_')).then_some(markup)
}
