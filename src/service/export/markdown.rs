//! The Markdown form: a page for each conversation, to be read by people. What others wrote stands in fences, so that no mail or note can
//! draw headings, load pictures or look like another entry.

use jiff::tz::TimeZone;

use crate::model::conversation::{Conversation, EventItem, Item, MessageItem, NoteItem};
use crate::model::text::SafeText;
use crate::text::{self, moment, size};

/// Returns the page of a conversation; times are in `zone`.
pub fn page(of: &Conversation, zone: &TimeZone) -> String {
    let mut page = head(of, zone);
    let mut listed = false;
    for item in &of.items {
        let is_event = matches!(item, Item::Event(_));
        // Events that follow each other are one list.
        page.push_str(if is_event && listed { "" } else { "\n" });
        listed = is_event;
        page.push_str(&match item {
            Item::Message(mail) => message(mail, zone),
            Item::Note(one) => note(one, zone),
            Item::Event(one) => event(one, zone),
        });
    }
    page
}

fn head(of: &Conversation, zone: &TimeZone) -> String {
    let row = &of.row;
    let joined = |names: Vec<&str>| names.join(", ");
    let mut page = format!("# {}\n\n", plain(&text::titled(row.title.as_str())));
    let facts = [
        (say!("export-conversation"), row.id.to_string()),
        (say!("export-inbox"), row.inbox.to_string()),
        (say!("export-people"), row.people.to_string()),
        (say!("export-status"), row.status.name().to_owned()),
        (say!("export-assignee"), row.assignee.as_ref().map(ToString::to_string).unwrap_or_default()),
        (say!("export-tags"), joined(row.tags.iter().map(AsRef::as_ref).collect())),
        (say!("export-snoozed"), row.snoozed_until.map(|at| moment(at, zone)).unwrap_or_default()),
        (say!("export-followers"), joined(of.followers.iter().map(AsRef::as_ref).collect())),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        page.push_str(&format!("- {name}: {}\n", plain(value)));
    }
    page
}

fn message(mail: &MessageItem, zone: &TimeZone) -> String {
    let at = moment(mail.at, zone);
    let mut page = format!("## {}\n\n", plain(&say!("export-mail", who = &mail.from, at = at)));
    let said = |name: String, value: &SafeText| match value.is_empty() {
        true => String::new(),
        false => format!("- {name}: {}\n", plain(value.as_str())),
    };
    page.push_str(&said(say!("export-to"), &mail.to));
    page.push_str(&said(say!("export-cc"), &mail.cc));
    page.push_str(&said(say!("export-subject"), &mail.subject));
    let mark = mail.authorship.mark(mail.author.as_str()).map(|mark| text::render(&mark));
    let asides = [mark, mail.sending.as_ref().map(ToString::to_string), mail.left.as_ref().map(text::render)];
    for aside in mail.doubts.iter().map(ToString::to_string).chain(asides.into_iter().flatten()) {
        page.push_str(&format!("- {}\n", plain(&aside)));
    }
    page.push('\n');
    match &mail.missing {
        Some(why) => page.push_str(&format!("*{}*\n", plain(&text::render(why)))),
        None if mail.partial => page.push_str(&format!("*{}*\n", say!("export-no-text"))),
        None => page.push_str(&fenced(mail.body.blocks.iter().flat_map(|block| block.lines()))),
    }
    let files: Vec<String> = mail
        .body
        .attachments
        .iter()
        .map(|file| {
            format!(
                "- {}: {} ({}, {})\n",
                say!("export-file"),
                plain(file.name.as_str()),
                plain(file.media.as_str()),
                size(file.size)
            )
        })
        .collect();
    let links = mail.body.links.iter().map(|link| format!("- \\[{}\\] {}\n", link.number, plain(link.target.as_str())));
    let below: String = files.into_iter().chain(links).collect();
    if !below.is_empty() {
        page.push_str(&format!("\n{below}"));
    }
    page
}

fn note(note: &NoteItem, zone: &TimeZone) -> String {
    let (who, at) = (note.actor.to_string(), moment(note.at, zone));
    let mut page = format!("## {}\n\n", plain(&say!("export-note", who = who, at = at)));
    match &note.erased {
        Some(by) => {
            let words = say!("note-erased", who = by.who.to_string(), at = moment(by.at, zone));
            page.push_str(&format!("*{}*\n", plain(&words)));
        }
        None => page.push_str(&fenced(&note.lines)),
    }
    page
}

fn event(event: &EventItem, zone: &TimeZone) -> String {
    let void = event.void.as_ref().map(|why| format!(" ({})", text::render(why))).unwrap_or_default();
    format!("- {}: {}\n", plain(&moment(event.at, zone)), plain(&format!("{}{void}", event.sentence)))
}

/// Writes lines as they are, in a fence that none of them can end (CommonMark 4.5): longer than any run of backticks in them.
fn fenced<'t>(lines: impl IntoIterator<Item = &'t SafeText>) -> String {
    let lines: Vec<&str> = lines.into_iter().map(|line| line.as_str()).collect();
    let lines = lines.join("\n");
    let run = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(run.saturating_add(1).max(3));
    let text = lines.trim_end();
    if text.is_empty() { String::new() } else { format!("{fence}text\n{text}\n{fence}\n") }
}

/// Escapes what Markdown would obey, so that the words of a line are read as they were written.
fn plain(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if "\\`*_[]<>#|~&!".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
#[path = "markdown_tests.rs"]
mod tests;
