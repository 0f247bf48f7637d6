//! Saved replies: a text with variables, kept as a file that people edit and share.
//!
//! ```text
//! name: Refund accepted
//! subject: Your refund for order {order}
//! tags: billing, refund
//! language: en
//! inboxes: support
//! fill: order
//! ---
//! Hello {customer.first_name|there},
//! ```
//!
//! A variable stands in braces, `{{` and `}}` are braces, and what follows `|` stands where the variable has no value. Nothing is ever
//! filled in silently: a variable without value and fallback stays as it is and is reported, and such a text is not sent. `fill` names those
//! that whoever writes is to fill in.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::language::Language;
use crate::model::phrase::Phrase;

/// The variables that postroom fills in by itself; others come from the config and the command line.
pub const BUILT_IN: [&str; 13] = [
    "customer.name",
    "customer.first_name",
    "customer.email",
    "agent.name",
    "agent.first_name",
    "agent.title",
    "agent.email",
    "inbox.address",
    "company",
    "conversation.id",
    "conversation.subject",
    "date",
    "cursor",
];

/// The variable that marks where the cursor goes; it leaves no text.
const CURSOR: &str = "cursor";
/// The longest name of a variable, in bytes.
const NAME_MAX: usize = 64;

/// A saved reply.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Template {
    /// The name that it is picked by.
    pub name: String,
    /// The subject for a new conversation; empty keeps the conversation's.
    pub subject: String,
    /// Tags to find it by.
    pub tags: Vec<String>,
    /// The language, such as `en`.
    pub language: String,
    /// The inboxes that it is for; empty means all.
    pub inboxes: Vec<String>,
    /// The variables that whoever writes fills in: that nothing is known for them is no mistake.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fill: Vec<String>,
    /// The text.
    pub body: String,
}

/// A text with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// The variables that have no value, each with its place in `text` in bytes.
    pub unresolved: Vec<Unresolved>,
    /// Where the cursor goes, in bytes of `text`: `{cursor}`, else the first variable without a value, else the end.
    pub cursor: usize,
}

/// A variable without a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unresolved {
    /// Its name.
    pub name: String,
    /// Where it stands, in bytes.
    pub offset: usize,
    /// How long it is with its braces, in bytes.
    pub length: usize,
}

/// Something wrong with a saved reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what to do.
    pub message: Phrase,
}

/// One piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Brace(char),
    Variable { name: &'a str, fallback: Option<&'a str>, whole: &'a str },
}

impl Template {
    /// Reads a saved reply. `stem` is the file's name without `.md`, used where the header names none. A text without a header is all
    /// body. A key that is not known is passed over, and [`lint`] tells of it.
    pub fn parse(stem: &str, file: &str) -> Self {
        let file = file.strip_prefix('\u{feff}').unwrap_or(file).replace("\r\n", "\n");
        let mut template = Template { name: stem.to_owned(), ..Template::default() };
        let (header, body) = split_header(&file);
        for (key, value) in header.iter().filter_map(|line| field(line)) {
            let list = || value.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect();
            match key.as_str() {
                "name" => template.name = value.to_owned(),
                "subject" => template.subject = value.to_owned(),
                "tags" => template.tags = list(),
                "language" | "lang" => template.language = value.to_owned(),
                "inboxes" | "inbox" => template.inboxes = list(),
                "fill" => template.fill = list().iter().map(|name: &String| bare(name).to_owned()).collect(),
                _ => {}
            }
        }
        template.body = body.to_owned();
        template
    }

    /// Returns the file that [`Template::parse`] reads back.
    pub fn to_file(&self) -> String {
        let mut out = format!("name: {}\n", self.name);
        let lists =
            [("tags", self.tags.join(", ")), ("inboxes", self.inboxes.join(", ")), ("fill", self.fill.join(", "))];
        let fields = [("subject", self.subject.clone()), ("language", self.language.clone())];
        for (key, value) in fields.into_iter().chain(lists).filter(|(_, value)| !value.is_empty()) {
            out.push_str(&format!("{key}: {value}\n"));
        }
        out.push_str("---\n");
        out.push_str(&self.body);
        out
    }

    /// Tells whether the reply is meant for this inbox.
    pub fn is_for(&self, inbox: &str) -> bool {
        self.inboxes.is_empty() || self.inboxes.iter().any(|name| name.eq_ignore_ascii_case(inbox))
    }

    /// Fills in the text's variables.
    pub fn render(&self, values: &BTreeMap<String, String>) -> Rendered {
        render(&self.body, values)
    }
}

/// Fills in the variables of a text. A value of white space alone counts as none.
pub fn render(text: &str, values: &BTreeMap<String, String>) -> Rendered {
    let mut out = Rendered::default();
    let mut cursor = None;
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => out.text.push_str(text),
            Piece::Brace(brace) => out.text.push(brace),
            Piece::Variable { name: CURSOR, .. } => cursor = Some(out.text.len()),
            Piece::Variable { name, fallback, whole } => {
                let value = values.get(name).map(String::as_str).filter(|v| !v.trim().is_empty()).or(fallback);
                if let Some(value) = value {
                    out.text.push_str(value);
                } else {
                    let offset = out.text.len();
                    out.text.push_str(whole);
                    out.unresolved.push(Unresolved { name: name.to_owned(), offset, length: whole.len() });
                }
            }
        }
    }
    let first = out.unresolved.first().map(|u| u.offset);
    out.cursor = cursor.or(first).unwrap_or(out.text.len());
    out
}

/// Returns the placeholders that still stand in a text which is about to be sent. Only what is surely a variable counts, so that code in
/// a mail is no obstacle: the names of [`BUILT_IN`] and words joined by dots such as `{link.calendar}`. Quoted lines are passed over.
pub fn placeholders(text: &str) -> Vec<Unresolved> {
    placeholders_among(text, &[])
}

/// As [`placeholders`]; the names in `known` count too.
pub fn placeholders_among(text: &str, known: &[String]) -> Vec<Unresolved> {
    let mut found = Vec::new();
    let mut offset = 0usize;
    for line in text.split_inclusive('\n') {
        if !line.starts_with('>') {
            let mut at = offset;
            for piece in pieces(line) {
                at += match piece {
                    Piece::Text(text) => text.len(),
                    Piece::Brace(_) => 2,
                    Piece::Variable { name, whole, .. } => {
                        if is_variable(name) || known.iter().any(|k| k == name) {
                            found.push(Unresolved { name: name.to_owned(), offset: at, length: whole.len() });
                        }
                        whole.len()
                    }
                };
            }
        }
        offset += line.len();
    }
    found
}

/// Checks a saved reply's file. `known` are the variables that the config adds to [`BUILT_IN`].
pub fn lint(file: &str, known: &[String]) -> Vec<Fault> {
    let file = file.strip_prefix('\u{feff}').unwrap_or(file).replace("\r\n", "\n");
    let (header, body) = split_header(&file);
    let mut faults = Vec::new();
    let mut fault = |line: usize, message| faults.push(Fault { line, message });
    for (index, line) in header.iter().enumerate() {
        match field(line) {
            Some((key, _))
                if !["name", "subject", "tags", "language", "lang", "inboxes", "inbox", "fill"]
                    .contains(&key.as_str()) =>
            {
                fault(index + 1, phrase!("template-no-key", key = key));
            }
            Some((key, value)) if ["language", "lang"].contains(&key.as_str()) && !value.is_empty() => {
                if let Err(unknown) = value.parse::<Language>() {
                    fault(index + 1, phrase!("template-language", what = unknown.phrase(), hint = unknown.hint()));
                }
            }
            _ => {}
        }
    }
    if body.trim().is_empty() {
        fault(header.len() + 1, phrase!("template-no-text"));
    }
    let named: Vec<(usize, &str)> = filled_in(&header);
    let variable = |piece: Piece<'_>| match piece {
        Piece::Variable { name, .. } => Some(name.to_owned()),
        Piece::Text(_) | Piece::Brace(_) => None,
    };
    let standing: BTreeSet<String> = pieces(&file).into_iter().filter_map(variable).collect();
    let fills: BTreeSet<&str> = named.iter().map(|(_, name)| *name).collect();
    for (line, name) in &named {
        if !standing.contains(*name) {
            fault(*line, phrase!("template-fill-unused", name = format!("{{{name}}}")));
        }
    }
    let first = if header.is_empty() { 0 } else { header.len() + 1 };
    let subject = header.iter().enumerate().filter(|(_, line)| field(line).is_some_and(|(key, _)| key == "subject"));
    let lines = subject
        .map(|(n, line)| (n + 1, *line))
        .chain(body.split('\n').enumerate().map(|(n, line)| (first + n + 1, line)));
    for (number, line) in lines {
        for piece in pieces(line) {
            match piece {
                Piece::Variable { name, fallback, .. } => {
                    let own = known.iter().any(|k| k == name) || BUILT_IN.contains(&name) || fills.contains(name);
                    if !own && fallback.is_none() {
                        fault(number, unknown_variable(name, known));
                    }
                }
                Piece::Text(text) if text.contains(['{', '}']) => {
                    fault(number, phrase!("template-single-brace"));
                }
                _ => {}
            }
        }
    }
    faults
}

/// Returns the variables that a header leaves to whoever writes, each with its line, from 1.
fn filled_in<'a>(header: &[&'a str]) -> Vec<(usize, &'a str)> {
    let lines = header.iter().enumerate().filter_map(|(n, line)| Some((n + 1, field(line)?)));
    let lines = lines.filter(|(_, (key, _))| key == "fill");
    lines
        .flat_map(|(n, (_, names))| names.split(',').map(move |name| (n, bare(name))))
        .filter(|(_, name)| !name.is_empty())
        .collect()
}

/// Takes the braces from the name of a variable, where there are any.
fn bare(name: &str) -> &str {
    name.trim().trim_start_matches('{').trim_end_matches('}').trim()
}

fn unknown_variable(name: &str, known: &[String]) -> Phrase {
    let all = BUILT_IN.iter().copied().chain(known.iter().map(String::as_str));
    let best = all.map(|k| (strsim::damerau_levenshtein(k, name), k)).min();
    let (shown, fallback) = (format!("{{{name}}}"), format!("{{{name}|…}}"));
    match best.filter(|(distance, _)| *distance <= 3) {
        Some((_, near)) => {
            phrase!("template-near-variable", name = shown, near = format!("{{{near}}}"), fallback = fallback)
        }
        None => phrase!("template-no-variable", name = shown, fallback = fallback),
    }
}

/// Splits a file into the lines of its header and its body. A header is lines of `key: value` up to a line `---`; one may stand before
/// it too.
fn split_header(file: &str) -> (Vec<&str>, &str) {
    let mut header = Vec::new();
    let mut at = 0usize;
    for (index, whole) in file.split_inclusive('\n').enumerate() {
        at += whole.len();
        let line = whole.trim_end();
        if line == "---" && index > 0 {
            return (header, file.get(at..).unwrap_or_default());
        }
        if line != "---" && !line.is_empty() && field(line).is_none() {
            break;
        }
        header.push(line);
        if header.len() > 20 {
            break;
        }
    }
    (Vec::new(), file)
}

fn field(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once(':')?;
    let word = !key.is_empty() && key.trim().chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    word.then(|| (key.trim().to_ascii_lowercase(), value.trim()))
}

/// Cuts a text at its braces.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(at) = rest.find(['{', '}']) else {
            out.push(Piece::Text(rest));
            break;
        };
        let (before, after) = rest.split_at(at);
        if !before.is_empty() {
            out.push(Piece::Text(before));
        }
        rest = after;
        let (piece, used) = piece_at_brace(after);
        out.push(piece);
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// Reads what begins with the brace at the start of `text`, and tells how many bytes it took.
fn piece_at_brace(text: &str) -> (Piece<'_>, usize) {
    if text.starts_with("{{") {
        return (Piece::Brace('{'), 2);
    }
    if text.starts_with("}}") {
        return (Piece::Brace('}'), 2);
    }
    let variable = text.strip_prefix('{').and_then(|inner| {
        let end = inner.find(['}', '{', '\n'])?;
        let content = inner.get(..end).filter(|_| inner.get(end..).is_some_and(|r| r.starts_with('}')))?;
        let (name, fallback) = match content.split_once('|') {
            Some((name, fallback)) => (name.trim(), Some(fallback)),
            None => (content, None),
        };
        let whole = text.get(..end + 2)?;
        is_name(name).then_some((Piece::Variable { name, fallback, whole }, end + 2))
    });
    variable.unwrap_or_else(|| (Piece::Text(text.get(..1).unwrap_or_default()), 1))
}

/// Tells whether a name can only be that of a variable.
fn is_variable(name: &str) -> bool {
    BUILT_IN.contains(&name) || (name.contains('.') && name.split('.').all(|word| !word.is_empty()))
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME_MAX
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
