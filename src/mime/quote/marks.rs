//! How one line, or a few together, tell that a quote or a signature begins.

use super::sent_from::{SENT_FROM, SENT_FROM_INSIDE};
use super::words::{FROM, ON, ORIGINAL, SENT, SUBJECT, TO, WROTE};
use crate::mime::lines::cut;

/// The longest attribution, in bytes; long display names and addresses in several scripts fit.
const ATTRIBUTION_MAX: usize = 600;
/// The most lines that one attribution is broken into.
const ATTRIBUTION_LINES: usize = 5;

/// Returns a line in lower case without marks of bold, direction and width.
fn plain(line: &str) -> String {
    let line = cut(line.trim(), ATTRIBUTION_MAX * 2);
    if line.is_ascii() {
        let mut lower = line.to_ascii_lowercase();
        lower.retain(|c| c != '*');
        return lower;
    }
    line.chars()
        .filter(|c| !matches!(c, '*' | '\u{200b}' | '\u{feff}') && !crate::model::text::is_direction_control(*c))
        .map(|c| if c == '\u{a0}' || c == '\u{202f}' { ' ' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Tells whether a line can be the first of an attribution: a word of a date, a number, a name with an address.
fn can_begin(text: &str) -> bool {
    let first_digit = text.starts_with(|c: char| c.is_ascii_digit() || c == '(' || c == '[');
    first_digit
        || text.contains('@')
        || text.starts_with(['"', '\'', '“', '<'])
        || ON.iter().any(|word| {
            text.strip_prefix(word)
                .is_some_and(|rest| rest.starts_with([' ', ',', '.', '\u{5be}']) || starts_digit(rest))
        })
}

/// Tells whether a line begins as attributions do, whatever stands in it.
fn begins_dated(text: &str) -> bool {
    starts_digit(text)
        || ON.iter().any(|word| text.strip_prefix(word).is_some_and(|rest| rest.starts_with(' ') || starts_digit(rest)))
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
    let colon = end.ends_with([':', '：', '︰']);
    let address = text.contains('@');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
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
pub(super) fn attribution(lines: &[&str]) -> Option<usize> {
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
    line.trim_end_matches(passed).ends_with([':', '：', '︰']) || memchr::memchr(b'@', line.as_bytes()).is_some()
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

/// What a line of a quoted header block is about.
fn label(line: &str) -> Option<u8> {
    // Most lines have no colon near their front; they cost nothing.
    let (head, rest) = cut(line, 120).split_once([':', '：'])?;
    if rest.starts_with("//") {
        return None;
    }
    let text = plain(head);
    let label = text.trim_start_matches(['>', ' ', '|']).trim().trim_end_matches('/');
    if label.len() > 40 {
        return None;
    }
    // `از/من` and the like give two languages.
    let is = |list: &[&str]| list.contains(&label);
    [(FROM, 1u8), (SENT, 2), (SUBJECT, 8), (TO, 4)].into_iter().find(|(list, _)| is(list)).map(|(_, bit)| bit)
}

/// Tells whether a quoted mail's headers begin at the front of `lines`: who, and two of when, to whom and what about.
pub(super) fn header_block(lines: &[&str]) -> bool {
    let Some(first) = lines.first().and_then(|line| label(line)) else { return false };
    let mut found = first;
    let mut blanks = 0;
    for line in lines.iter().skip(1).take(14) {
        if line.trim().is_empty() {
            blanks += 1;
            if blanks > 4 {
                break;
            }
        } else if let Some(bit) = label(line) {
            found |= bit;
        }
    }
    found & 1 == 1 && found.count_ones() >= 3
}

/// Tells whether lines behind quote marks are a header block and nothing else.
pub(super) fn only_headers(lines: &[&str]) -> bool {
    let full: Vec<&str> = lines
        .iter()
        .take(16)
        .map(|line| line.trim_start_matches(['>', ' ']))
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines.len() < 16 && full.iter().all(|line| label(line).is_some()) && header_block(&full)
}

/// Tells whether a line announces a quoted or forwarded mail: `-----Original Message-----`, `Begin forwarded message:`.
pub(super) fn announces(line: &str) -> bool {
    let trimmed = line.trim_matches([' ', '*', '\u{a0}']);
    if line.len() > 300 || !(trimmed.ends_with([':', '：']) || trimmed.starts_with(['-', '_', '=', '.', '—'])) {
        return false;
    }
    let text = plain(line);
    if text.len() > 200 {
        return false;
    }
    let bare = text.trim_matches(['-', '_', '=', ' ', '.', '>', '—', '–', '﹣', '~', ':', '#', '+']);
    let framed = text.starts_with("--")
        || text.starts_with("__")
        || text.starts_with("==")
        || text.starts_with("——")
        || text.starts_with("..");
    ORIGINAL
        .iter()
        .any(|words| bare.starts_with(words) && (framed || text.ends_with(':')) && bare.len() < words.len() + 60)
}

/// Tells whether a line is only a rule: `----`, `____`, `****`.
pub(super) fn rule(line: &str) -> bool {
    let text = line.trim();
    let first = text.chars().next();
    matches!(first, Some('-' | '_' | '*' | '#' | '=' | '~' | '+' | '—' | '\u{1427}'))
        && text.chars().all(|c| Some(c) == first)
}

/// Tells whether a line is one that a mail program added by itself, such as `Sent from my iPhone`.
pub(super) fn sent_from(line: &str) -> bool {
    let text = plain(line);
    let text = text.trim_start_matches(['<', '(', '[', '-', '~', ' ', '«', '"']);
    if text.is_empty() || text.len() > 200 {
        return false;
    }
    SENT_FROM.iter().any(|words| text.starts_with(words)) && text.split_whitespace().count() <= 16
        || SENT_FROM_INSIDE.iter().any(|words| text.contains(words) && text.len() < 100)
}
