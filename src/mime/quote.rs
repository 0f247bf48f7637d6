//! What of a plain text its author wrote, what is quoted, and what is the signature.
//!
//! What a customer wrote is never hidden on a guess. Certain are lines marked by `>` (the reader of HTML marks so what stands in a client's own
//! markup), with the attribution right above them; what stands below a client's separator with a full header block; and what stands under
//! `-- `. Anything else that may be a quote is one only where its words stand in another mail that is held. Forwarded text is no quote,
//! since nobody here has seen it. Nothing is ever dropped: every line is in one of the runs.

mod held;
mod labels;
mod marks;
mod words;

use super::work::step;
pub use held::{Beside, Held, Mail, TEXTS_MAX};
use marks::Mark;
pub(super) use marks::OUTLOOK_MARK;

/// How many lines a signature may have: more are text.
const SIGNATURE_LINES: usize = 12;

/// What stands behind a signature in a text made of HTML, where the element ends; nobody types it, and it is not shown.
pub(super) const SIGNATURE_END: &str = "\u{2060}\u{2060}";

/// What a run of lines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The author's own words.
    Text,
    /// Somebody else's, with its attribution.
    Quote,
    /// The signature.
    Signature,
}

/// What is known beside a text that is split.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'h> {
    /// Whether its subject says that it is forwarded.
    pub forwarded: bool,
    /// Whether its mail answers none, so that `>` in front of a line may be its author's own: a list, a prompt, an arrow.
    pub first: bool,
    /// Whom its mail goes to, each by what stands before the `@`, in lower case: a team has the same name in several domains.
    pub to: &'h [String],
    /// Whether it was made of HTML, where `>` stands for a client's own markup.
    pub markup: bool,
    /// What is held of other mails.
    pub beside: Option<Beside<'h>>,
    /// What was asked of them so far, whether any are held or not.
    pub asks: Asks,
}

/// What of a text other mails that are held can tell. Where it asks nothing, it reads the same whatever is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// Whether lines stand in it that are a quote, or are none, only where another mail says the same.
    pub quotes: bool,
    /// Whether lines stand in it that are a signature where the same person put them under another mail.
    pub signature: bool,
}

impl Asks {
    /// Asks what either of two texts does.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { quotes: self.quotes || other.quotes, signature: self.signature || other.signature }
    }
}

/// A place where a quote may begin: the line, how many lines its mark takes, and what it is.
type Found = (usize, usize, Mark);

/// Tells whether the last of these lines, with those above it, are an attribution.
pub(super) fn ends_in_attribution(lines: &[&str]) -> bool {
    (0..lines.len()).any(|from| {
        let rest = lines.get(from..).unwrap_or_default();
        matches!(marks::mark(rest), Some((Mark::Attribution { .. }, length)) if length == rest.len())
    })
}

/// Splits a text into runs of lines, in order; every line is in exactly one.
pub fn split<'t>(text: &'t str, around: &mut Around<'_>) -> Vec<(Kind, Vec<&'t str>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut kinds = vec![Kind::Text; lines.len()];
    let (found, bare) = mark_certain(&lines, &mut kinds, around);
    mark_held(&lines, &mut kinds, &found, around);
    if around.first || !around.markup {
        show_bare(&lines, &mut kinds, &bare, around);
    }
    mark_signatures(&lines, &mut kinds, around);
    join_blanks(&lines, &mut kinds);
    let mut out: Vec<(Kind, Vec<&str>)> = Vec::new();
    for (line, kind) in lines.into_iter().zip(kinds).filter(|(line, _)| !line.ends_with(SIGNATURE_END)) {
        match out.last_mut() {
            Some((last, run)) if *last == kind => run.push(line),
            _ => out.push((kind, vec![line])),
        }
    }
    out
}

fn is_quoted(line: &str) -> bool {
    let text = line.trim_start_matches([' ', '\u{feff}']);
    // `>From` at a line's start is an mbox's escape, not a quote.
    text.starts_with('>') && !text.starts_with(">From ") && line.len() - text.len() <= 4
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn fill(kinds: &mut [Kind], from: usize, to: usize, kind: Kind) {
    if let Some(range) = kinds.get_mut(from..to.max(from)) {
        range.fill(kind);
    }
}

/// Returns the first line from `from` on of which `is` holds, or the end.
fn next(lines: &[&str], from: usize, is: impl Fn(&str) -> bool) -> usize {
    let found = lines.iter().skip(from).position(|line| is(line)).map_or(lines.len(), |n| n + from);
    step(found.saturating_sub(from) + 1);
    found
}

/// Marks what is a quote for certain, and returns all places where others may begin, and the marked lines above which nothing is announced.
fn mark_certain(lines: &[&str], kinds: &mut [Kind], around: &Around<'_>) -> (Vec<Found>, Vec<usize>) {
    let (found, bare) = mark_quoted(lines, kinds);
    // Below a separator that says "forwarded" all is of a mail that nobody here has seen, whatever stands further down.
    let separator =
        found.iter().find(|(_, _, mark)| matches!(mark, Mark::Separator { forwards, full } if *forwards || *full));
    if let Some((at, length, Mark::Separator { forwards: false, .. })) = separator
        && !around.forwarded
        && !(around.first && forwards_silently(lines.get(*at..at + length).unwrap_or_default(), around.to))
    {
        fill(kinds, *at, lines.len(), Kind::Quote);
    }
    (found, bare)
}

/// Tells whether a separator in a mail that answers none stands above mail of somebody else than whom that goes to: programs that put the same
/// separator above forwarded mail leave the subject to its author.
fn forwards_silently(head: &[&str], to: &[String]) -> bool {
    let author = marks::author(head);
    !to.iter().any(|name| Some(name) == author.as_ref())
}

/// Marks lines that are marked by `>`, and what announces them.
fn mark_quoted(lines: &[&str], kinds: &mut [Kind]) -> (Vec<Found>, Vec<usize>) {
    let (mut found, mut bare) = (Vec::new(), Vec::new());
    let (mut at, mut forwards, mut above) = (0, false, false);
    while let Some(line) = lines.get(at) {
        if is_blank(line) {
            at += 1;
        } else if is_quoted(line) {
            let end = next(lines, at, |line| !is_quoted(line));
            let first = lines.iter().skip(at).take(end - at).find(|line| !line.trim_matches(['>', ' ']).is_empty());
            let announced = first.is_some_and(|line| marks::forwards_inside(line));
            let attributed = at > 0 && kinds.get(at - 1) == Some(&Kind::Quote);
            above |= attributed || is_introduced(lines, at);
            // Apple's and Yahoo's marks stand around what is forwarded too.
            if !(forwards || announced && !attributed) {
                fill(kinds, at, end, Kind::Quote);
                bare.extend((at..end).filter(|_| !above));
            }
            (at, forwards) = (end, false);
        } else if let Some((mark, length)) = marks::mark(lines.get(at..).unwrap_or_default()) {
            let below = next(lines, at + length, |line| !is_blank(line));
            forwards = matches!(mark, Mark::Separator { forwards: true, .. });
            let sole = match mark {
                Mark::Attribution { sole } => sole,
                Mark::Separator { forwards: false, full } => full || length == 1,
                _ => false,
            };
            if sole && lines.get(below).is_some_and(|line| is_quoted(line)) {
                fill(kinds, at, below, Kind::Quote);
            } else {
                found.push((at, length, mark));
            }
            above = true;
            at += length;
        } else {
            (at, forwards) = (at + 1, false);
        }
    }
    (found, bare)
}

/// Tells whether the line above one names an address and ends in a colon: an attribution in a language that is not known here.
fn is_introduced(lines: &[&str], at: usize) -> bool {
    let above = lines.get(..at).unwrap_or_default().iter().rev().take(3).find(|line| !is_blank(line));
    above.is_some_and(|line| line.contains('@') && line.trim_end().ends_with([':', '：', '៖']))
}

/// Shows marked lines above which nothing announces a quote, unless they stand in a mail that is held. Where none is held, a mail that answers
/// one quotes it, and others quote nothing.
fn show_bare(lines: &[&str], kinds: &mut [Kind], bare: &[usize], around: &mut Around<'_>) {
    let texts: Vec<&str> =
        bare.iter().filter_map(|at| lines.get(*at)).map(|line| line.trim_start_matches(['>', ' '])).collect();
    around.asks.quotes |= !texts.is_empty();
    let knows = around.beside.as_ref().is_some_and(Beside::holds_earlier);
    if texts.is_empty() || !(around.first || knows) {
        return;
    }
    let stands = around.beside.as_mut().and_then(|beside| beside.quoted(&texts));
    let mut last = if stands.is_some() { Kind::Quote } else { Kind::Text };
    for (n, at) in bare.iter().enumerate() {
        last = match stands.as_ref().and_then(|stands| stands.get(n).copied().flatten()) {
            Some(true) => Kind::Quote,
            Some(false) => Kind::Text,
            None => last,
        };
        fill(kinds, *at, *at + 1, last);
    }
}

/// Marks what stands in another mail that is held, and shows again what does not inside a quote of one.
fn mark_held(lines: &[&str], kinds: &mut [Kind], found: &[Found], around: &mut Around<'_>) {
    let ends = found.iter().skip(1).map(|(at, ..)| *at).chain([lines.len()]);
    for ((at, length, mark), end) in found.iter().zip(ends) {
        let begin = at + length;
        let inside = || (begin..end).filter(|n| lines.get(*n).is_some_and(|line| !is_quoted(line)));
        let own: Vec<&str> = inside().filter_map(|n| lines.get(n).copied()).collect();
        around.asks.quotes |= own.iter().any(|line| !is_blank(line));
        let Some(stands) = around.beside.as_mut().and_then(|beside| beside.quoted(&own)) else { continue };
        if !matches!(mark, Mark::Attribution { sole: false }) {
            fill(kinds, *at, begin, Kind::Quote);
        }
        let mut last = Kind::Quote;
        for (n, stands) in inside().zip(stands) {
            last = match stands {
                Some(true) => Kind::Quote,
                Some(false) => Kind::Text,
                None => last,
            };
            fill(kinds, n, n + 1, last);
        }
    }
}

fn mark_signatures(lines: &[&str], kinds: &mut [Kind], around: &mut Around<'_>) {
    let mut at = 0;
    while at < lines.len() {
        if kinds.get(at) != Some(&Kind::Text) {
            at += 1;
            continue;
        }
        let end = kinds.iter().skip(at).position(|kind| *kind != Kind::Text).map_or(lines.len(), |n| n + at);
        let run = lines.get(at..end).unwrap_or_default();
        if let Some((from, to)) = signature(run, around) {
            fill(kinds, at + from, at + to, Kind::Signature);
        }
        at = end;
    }
}

/// Returns where the signature begins and ends in a run of text; `None` where there is none.
fn signature(run: &[&str], around: &mut Around<'_>) -> Option<(usize, usize)> {
    let last = run.iter().rposition(|line| !is_blank(line) && *line != SIGNATURE_END)? + 1;
    let lines = run.get(..last).unwrap_or_default();
    // RFC 3676 section 4.3.
    if let Some(mark) = lines.iter().rposition(|line| *line == "-- " || *line == "--\u{a0}") {
        let end = next(lines, mark, |line| line == SIGNATURE_END);
        if end - mark - 1 <= SIGNATURE_LINES {
            return Some((mark, end));
        }
    }
    let after_gap = |from: &usize| lines.get(from - 1).is_some_and(|line| is_blank(line));
    let mut begins = (last.saturating_sub(SIGNATURE_LINES).max(1)..last).filter(after_gap).peekable();
    around.asks.signature |= begins.peek().is_some();
    let beside = around.beside.as_ref()?;
    let from = begins.find(|from| beside.is_signature(lines.get(*from..).unwrap_or_default()))?;
    Some((from, last))
}

/// Gives empty lines between two runs of one kind to them, and others to the text above.
fn join_blanks(lines: &[&str], kinds: &mut [Kind]) {
    let mut before: Option<Kind> = None;
    let mut at = 0;
    while at < lines.len() {
        if !lines.get(at).is_some_and(|line| is_blank(line)) {
            before = kinds.get(at).copied();
            at += 1;
            continue;
        }
        let end = next(lines, at, |line| !is_blank(line));
        let kind = before.or_else(|| kinds.get(end).copied()).unwrap_or(Kind::Text);
        fill(kinds, at, end, kind);
        at = end;
    }
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
