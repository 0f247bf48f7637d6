//! format=flowed (RFC 3676): paragraphs are broken where the line ends, and the reader's program joins them again.

use crate::model::text::columns;

/// Columns of a line, its trailing space included; RFC 3676 section 4.2 asks for 78 at most.
const WIDTH: usize = 74;
/// The separator before a signature (RFC 3676 section 4.3): a fixed line although it ends in a space.
const SIGNATURE: &str = "-- ";

/// Breaks the lines of a text, without line ends in the result. Each line of `text` is a paragraph; lines that begin with `>` are quotes.
pub fn flow(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for line in clean(text).split('\n') {
        let (depth, content) = quote_depth(line);
        if content == SIGNATURE {
            out.push(format!("{}{SIGNATURE}", prefix(depth)));
            continue;
        }
        let content = content.trim_end_matches([' ', '\t']);
        for piece in pieces(content, WIDTH.saturating_sub(depth + 1).max(20)) {
            out.push(stuffed(depth, piece));
        }
    }
    // The line end of the last line is the mail's own.
    while out.len() > 1 && out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out
}

/// Joins what [`flow`] broke: one paragraph a line, quotes with `>` in front.
pub fn unflow(lines: &[&str]) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut open: Option<usize> = None;
    for line in lines {
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let content = line.get(depth..).unwrap_or_default();
        let content = content.strip_prefix(' ').unwrap_or(content);
        let signature = content == SIGNATURE;
        match (open, out.last_mut()) {
            (Some(before), Some(last)) if before == depth && !signature => last.push_str(content),
            _ => out.push(format!("{}{content}", prefix(depth))),
        }
        open = (content.ends_with(' ') && !signature).then_some(depth);
    }
    out.join("\n")
}

/// Unix line ends, no control characters but tabs.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

/// Takes quote marks off a line, whether they stand together or with spaces between, as people's programs write them.
fn quote_depth(line: &str) -> (usize, &str) {
    let mut depth = 0;
    let mut rest = line;
    while let Some(inner) = rest.strip_prefix('>') {
        depth += 1;
        rest = match inner.strip_prefix(' ') {
            Some(after) => after,
            None => inner,
        };
    }
    (depth, rest)
}

fn prefix(depth: usize) -> String {
    let mut marks = ">".repeat(depth);
    if depth > 0 {
        marks.push(' ');
    }
    marks
}

/// Space-stuffing (RFC 3676 section 4.4): what would be taken for a quote, a stuffed line or an mbox separator gets a space in front.
fn stuffed(depth: usize, piece: &str) -> String {
    if depth > 0 {
        // A quote's empty line stays without its space, so that the line does not read as one that flows on.
        return if piece.is_empty() { ">".repeat(depth) } else { format!("{}{piece}", prefix(depth)) };
    }
    let needs = piece.starts_with([' ', '>']) || piece.starts_with("From ");
    if needs { format!(" {piece}") } else { piece.to_owned() }
}

/// Cuts a paragraph behind spaces; all pieces but the last end in one. A word that is too long stays whole.
fn pieces(paragraph: &str, width: usize) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0usize;
    let mut column = 0usize;
    let mut at = 0usize;
    for word in paragraph.split_inclusive(' ') {
        let wide = columns(word);
        let so_far = paragraph.get(start..at).unwrap_or_default();
        // A piece of spaces alone, or one that reads as the signature's separator, must not stand as a line.
        if column + wide > width && !so_far.trim().is_empty() && so_far != SIGNATURE {
            out.push(so_far);
            start = at;
            column = 0;
        }
        column += wide;
        at += word.len();
    }
    out.push(paragraph.get(start..).unwrap_or_default());
    out
}
