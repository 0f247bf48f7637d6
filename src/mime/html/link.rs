//! What a link hides: another host than its text shows, letters that look like others.

use super::cut;
use crate::model::message::Link;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::text;

/// The most bytes of a target that are kept.
const TARGET_MAX: usize = 4_000;

/// Makes a link of a target and the text that stood on it, and returns what its warning says too.
pub(in crate::mime) fn make(number: usize, target: &str, shown: &str) -> (Link, Option<Phrase>) {
    let target = cut(target.trim(), TARGET_MAX);
    let flat: String = target.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let warning = warning(&flat, shown);
    let words = warning.as_ref().map(|warning| SafeText::line_max(&text::render(warning), 300));
    (Link { number, target: SafeText::line(&flat), warning: words }, warning)
}

/// Takes the host out of a web address; `None` where it is none.
fn host(target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once(':')?;
    if !matches!(scheme.trim().to_ascii_lowercase().as_str(), "http" | "https" | "ftp") {
        return None;
    }
    let rest = rest.trim_start_matches(['/', '\\']);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    let host = host.trim_end_matches('.').to_lowercase();
    (!host.is_empty()).then_some(host)
}

fn warning(target: &str, shown: &str) -> Option<Phrase> {
    let scheme = target.split(':').next().unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(scheme.as_str(), "javascript" | "data" | "vbscript" | "file") {
        return Some(phrase!("link-no-web", scheme = scheme));
    }
    let real = host(target)?;
    if let Some(look) = strange_letters(&real) {
        return Some(look);
    }
    if let Some(shown) = shown_host(shown)
        && !same_site(&shown, &real)
    {
        return Some(phrase!("link-lies", shown = shown, real = real));
    }
    let authority = target.split(':').nth(1).unwrap_or_default().trim_start_matches('/');
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some(phrase!("link-at", real = real));
    }
    real.split('.')
        .all(|piece| !piece.is_empty() && piece.bytes().all(|b| b.is_ascii_digit()))
        .then(|| phrase!("link-number", real = real))
}

/// Finds a host that a link's text claims to lead to.
fn shown_host(shown: &str) -> Option<String> {
    let shown = cut(shown.trim(), 500);
    let word = shown.split_whitespace().find(|word| word.contains('.') && !word.contains('@'))?;
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    if let Some(host) = host(word) {
        return host.contains('.').then_some(host);
    }
    let bare = word.split(['/', '?', '#', ':']).next().unwrap_or_default().to_lowercase();
    let (name, top) = bare.rsplit_once('.')?;
    // File names and abbreviations have dots too: only what ends like a domain and looks like a name counts.
    let known = ["com", "org", "net", "edu", "gov", "info", "biz", "io", "co", "app", "dev", "me", "eu"].contains(&top)
        || (top.len() == 2
            && top.bytes().all(|b| b.is_ascii_lowercase())
            && (bare.starts_with("www.") || shown == word));
    let plausible = name.len() >= 2 && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.'));
    (known && plausible).then_some(bare)
}

fn same_site(shown: &str, real: &str) -> bool {
    let shown = shown.trim_start_matches("www.");
    let real = real.trim_start_matches("www.");
    let shown = idna::domain_to_unicode(shown).0;
    let real = idna::domain_to_unicode(real).0;
    shown == real || real.ends_with(&format!(".{shown}")) || shown.ends_with(&format!(".{real}"))
}

/// The script of a letter, as far as look-alikes go.
fn script(c: char) -> Option<&'static str> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Some("Latin"),
        '\u{370}'..='\u{3ff}' => Some("Greek"),
        '\u{400}'..='\u{52f}' => Some("Cyrillic"),
        '\u{530}'..='\u{58f}' => Some("Armenian"),
        '\u{590}'..='\u{5ff}' => Some("Hebrew"),
        '\u{600}'..='\u{6ff}' => Some("Arabic"),
        '\u{13a0}'..='\u{13ff}' => Some("Cherokee"),
        _ => None,
    }
}

fn strange_letters(host: &str) -> Option<Phrase> {
    if host.is_ascii() && !host.contains("xn--") {
        return None;
    }
    let written = idna::domain_to_ascii(host).unwrap_or_else(|_| host.to_owned());
    let read = idna::domain_to_unicode(host).0;
    for label in read.split('.') {
        let mut scripts: Vec<&str> = label.chars().filter_map(script).collect();
        scripts.sort_unstable();
        scripts.dedup();
        if scripts.len() > 1 {
            return Some(phrase!("link-mixes", written = written, scripts = scripts.join(" and ")));
        }
    }
    Some(phrase!("link-letters", read = read, written = written))
}
