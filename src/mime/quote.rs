//! What of a plain text its author wrote, what is quoted, and what is the signature.
//!
//! It goes by what mail programs write, in many languages (`words`), and is right most of the time; so nothing is ever dropped: every line
//! is in one of the runs.

mod marks;
mod sent_from;
mod words;

/// How many lines a signature under a bare `--` may have: longer ones are text.
const SIGNATURE_LINES: usize = 25;

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

/// Splits a text into runs of lines, in order; every line is in exactly one.
pub fn split(text: &str) -> Vec<(Kind, Vec<&str>)> {
    split_as(text, false)
}

/// Splits the text of a delivery report likewise. A program names the mail that it is about by some of its headers and goes on with what became
/// of it: such a block ends where it stops.
pub fn split_report(text: &str) -> Vec<(Kind, Vec<&str>)> {
    split_as(text, true)
}

fn split_as(text: &str, report: bool) -> Vec<(Kind, Vec<&str>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut kinds = vec![Kind::Text; lines.len()];
    mark_quotes(&lines, &mut kinds, report);
    mark_signatures(&lines, &mut kinds);
    join_blanks(&lines, &mut kinds);
    let mut out: Vec<(Kind, Vec<&str>)> = Vec::new();
    for (line, kind) in lines.into_iter().zip(kinds) {
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

fn fill(kinds: &mut [Kind], from: usize, to: usize, kind: Kind) {
    if let Some(range) = kinds.get_mut(from..to.max(from)) {
        range.fill(kind);
    }
}

fn mark_quotes(lines: &[&str], kinds: &mut [Kind], report: bool) {
    let mut at = 0;
    while at < lines.len() {
        let rest = lines.get(at..).unwrap_or_default();
        let line = rest.first().copied().unwrap_or_default();
        if is_quoted(line) {
            let end = lines.iter().skip(at).position(|line| !is_quoted(line)).map_or(lines.len(), |n| n + at);
            fill(kinds, at, end, Kind::Quote);
            // Outlook frames only the headers: what follows them is quoted too.
            if at > 0 && marks::only_headers(lines.get(at..end).unwrap_or_default()) {
                fill(kinds, end, lines.len(), Kind::Quote);
                return;
            }
            at = end;
            continue;
        }
        let (begins, length) = match opening(rest) {
            Some(length) => (true, length),
            None => (false, 1),
        };
        if begins {
            let after = at + length;
            let next = lines.iter().skip(after).position(|line| !line.trim().is_empty()).map(|n| n + after);
            if let Some(next) = next.filter(|next| lines.get(*next).is_some_and(|line| is_quoted(line))) {
                // What stands behind `>` ends by itself; text may follow.
                fill(kinds, at, next, Kind::Quote);
                at = next;
                continue;
            }
            let top = report && marks::header_block(rest) || lines.iter().take(at).all(|line| line.trim().is_empty());
            if !top {
                fill(kinds, at, lines.len(), Kind::Quote);
                return;
            }
            // Nothing stands above: what follows is what the mail is about, forwarded or answered below. Only its head is folded.
            let head =
                if length > 1 || marks::attribution(rest).is_none() { head_length(rest).max(length) } else { length };
            fill(kinds, at, at + head, Kind::Quote);
            at += head;
            continue;
        }
        at += length;
    }
}

/// Returns how many lines a mark and the headers under it take: to the first empty line after text.
fn head_length(lines: &[&str]) -> usize {
    let first = lines
        .iter()
        .take(4)
        .position(|line| marks::header_block(std::slice::from_ref(line)) || line.contains(':'))
        .unwrap_or(0);
    lines.iter().skip(first).take(20).position(|line| line.trim().is_empty()).map_or(first + 1, |n| n + first)
}

/// Returns how many lines the mark takes by which a quote without `>` begins at the front of `lines`.
fn opening(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    if first.trim().is_empty() {
        return None;
    }
    if let Some(length) = marks::attribution(lines) {
        return Some(length);
    }
    let header_at = |from: usize| {
        let skip = lines.iter().skip(from).take(4).position(|line| !line.trim().is_empty())? + from;
        marks::header_block(lines.get(skip..)?).then_some(skip + 1)
    };
    if marks::header_block(lines) {
        return Some(1);
    }
    if marks::announces(first) || marks::rule(first) && first.trim().len() >= 5 {
        let headers = header_at(1);
        if headers.is_some() || marks::announces(first) {
            return headers.or(Some(1));
        }
    }
    None
}

fn mark_signatures(lines: &[&str], kinds: &mut [Kind]) {
    let mut at = 0;
    while at < lines.len() {
        if kinds.get(at) != Some(&Kind::Text) {
            at += 1;
            continue;
        }
        let end = kinds.iter().skip(at).position(|kind| *kind != Kind::Text).map_or(lines.len(), |n| n + at);
        let run = lines.get(at..end).unwrap_or_default();
        if let Some(begin) = signature(run) {
            fill(kinds, at + begin, end, Kind::Signature);
        }
        at = end;
    }
}

/// Returns where the signature begins in a run of text; `None` where there is none.
fn signature(run: &[&str]) -> Option<usize> {
    let mut begin = run.len();
    if let Some(mark) = run.iter().position(|line| *line == "-- " || *line == "--\u{a0}") {
        begin = mark;
    }
    let bare = run.iter().rposition(|line| matches!(line.trim_end(), "--" | "—" | "---" | "__" | "-- "));
    if let Some(mark) = bare.filter(|mark| run.len() - mark <= SIGNATURE_LINES && *mark < begin) {
        begin = mark;
    }
    if let Some(mark) = list_footer(run).filter(|mark| *mark < begin) {
        begin = mark;
    }
    // Lines that programs add stand last; several may.
    loop {
        let head = run.get(..begin).unwrap_or_default();
        let Some(last) = head.iter().rposition(|line| !line.trim().is_empty()) else { break };
        let added =
            head.get(last).is_some_and(|line| marks::sent_from(line) || (marks::rule(line) && line.trim() != "*"));
        if !added {
            break;
        }
        begin = last;
    }
    (begin < run.len()).then_some(begin)
}

/// Finds what a mailing list puts under every mail: a long rule and a word of itself.
fn list_footer(run: &[&str]) -> Option<usize> {
    let from = run.len().saturating_sub(SIGNATURE_LINES);
    run.iter().enumerate().skip(from).find_map(|(at, line)| {
        let long = line.trim().len() >= 30 && marks::rule(line);
        let says = run.iter().skip(at + 1).take(3).any(|line| {
            let lower = line.to_lowercase();
            lower.contains("mailing list")
                || lower.contains("unsubscribe")
                || lower.contains("listinfo")
                || lower.contains("@lists.")
        });
        (long && says).then_some(at)
    })
}

/// Gives empty lines between two runs of one kind to them, and others to the text above.
fn join_blanks(lines: &[&str], kinds: &mut [Kind]) {
    let mut before: Option<Kind> = None;
    let mut at = 0;
    while at < lines.len() {
        let blank = lines.get(at).is_some_and(|line| line.trim().is_empty());
        if !blank {
            before = kinds.get(at).copied();
            at += 1;
            continue;
        }
        let end = lines.iter().skip(at).position(|line| !line.trim().is_empty()).map_or(lines.len(), |n| n + at);
        let kind = before.or_else(|| kinds.get(end).copied()).unwrap_or(Kind::Text);
        fill(kinds, at, end, kind);
        at = end;
    }
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
