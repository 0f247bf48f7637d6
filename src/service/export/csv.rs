//! The CSV form (RFC 4180): a header line, CRLF at every end, quotes where they are needed. Times are RFC 3339 in UTC.

use super::Rows;
use crate::model::clock::Timestamp;
use crate::model::conversation::{Conversation, Item, MessageItem};
use crate::model::message::{Block, Direction, Origin};
use crate::model::view::ConversationRow;
use crate::text;

const CONVERSATIONS: [&str; 14] = [
    "conversation",
    "inbox",
    "title",
    "people",
    "status",
    "assignee",
    "tags",
    "snoozed_until",
    "last_at",
    "waiting_since",
    "messages",
    "notes",
    "attachments",
    "gone",
];

const MESSAGES: [&str; 13] = [
    "conversation",
    "message",
    "at",
    "direction",
    "origin",
    "author",
    "from",
    "to",
    "cc",
    "subject",
    "attachments",
    "partial",
    "text",
];

const HISTORY: [&str; 7] = ["conversation", "id", "at", "kind", "actor", "void", "text"];

/// Returns the first line.
pub fn header(rows: Rows) -> String {
    let names: &[&str] = match rows {
        Rows::Conversations => &CONVERSATIONS,
        Rows::Messages => &MESSAGES,
        Rows::History => &HISTORY,
    };
    line(names.iter().map(|name| (*name).to_owned()))
}

/// Returns the line of a conversation.
pub fn conversation(row: &ConversationRow) -> String {
    let tags: Vec<&str> = row.tags.iter().map(AsRef::as_ref).collect();
    line([
        row.id.to_string(),
        row.inbox.to_string(),
        row.title.to_string(),
        row.people.to_string(),
        row.status.name().to_owned(),
        row.assignee.as_ref().map(ToString::to_string).unwrap_or_default(),
        tags.join(" "),
        row.snoozed_until.map(moment).unwrap_or_default(),
        moment(row.last_at),
        row.waiting_since.map(moment).unwrap_or_default(),
        row.messages.to_string(),
        row.notes.to_string(),
        row.attachments.to_string(),
        row.gone.to_string(),
    ])
}

/// Returns a line for each message of a conversation.
pub fn messages(of: &Conversation) -> String {
    of.items
        .iter()
        .filter_map(|item| if let Item::Message(mail) = item { Some(message(of, mail)) } else { None })
        .collect()
}

fn message(of: &Conversation, mail: &MessageItem) -> String {
    let written = mail.body.blocks.iter().filter(|block| matches!(block, Block::Text(_)));
    let lines: Vec<&str> = written.flat_map(Block::lines).map(|line| line.as_str()).collect();
    line([
        of.row.id.to_string(),
        mail.id.to_string(),
        moment(mail.at),
        direction(mail.direction).to_owned(),
        origin(mail.origin).to_owned(),
        mail.author.to_string(),
        mail.from.to_string(),
        mail.to.to_string(),
        mail.cc.to_string(),
        mail.subject.to_string(),
        mail.body.attachments.len().to_string(),
        mail.partial.to_string(),
        lines.join("\n").trim_end().to_owned(),
    ])
}

/// Returns a line for each note and event of a conversation.
pub fn history(of: &Conversation) -> String {
    let entry = |item: &Item| match item {
        Item::Message(_) => None,
        Item::Note(note) => {
            let lines: Vec<&str> = note.lines.iter().map(|line| line.as_str()).collect();
            let (id, at, actor) = (note.id.to_string(), moment(note.at), note.actor.to_string());
            Some([of.row.id.to_string(), id, at, "note".to_owned(), actor, String::new(), lines.join("\n")])
        }
        Item::Event(event) => {
            let void = event.void.as_ref().map(text::english).unwrap_or_default();
            let (id, at, said) = (event.id.to_string(), moment(event.at), event.sentence.to_string());
            Some([of.row.id.to_string(), id, at, "event".to_owned(), String::new(), void, said])
        }
    };
    of.items.iter().filter_map(entry).map(line).collect()
}

fn direction(of: Direction) -> &'static str {
    match of {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
    }
}

fn origin(of: Origin) -> &'static str {
    match of {
        Origin::Human => "human",
        Origin::Automatic => "automatic",
        Origin::Bounce => "bounce",
        Origin::Loop => "loop",
    }
}

fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default()
}

fn line(fields: impl IntoIterator<Item = String>) -> String {
    let fields: Vec<String> = fields.into_iter().map(|field| quoted(&field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// Writes a field. What a spreadsheet would take for a formula gets an apostrophe in front: subjects and names come from outside.
fn quoted(field: &str) -> String {
    let formula = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if !field.contains(['"', ',', '\r', '\n']) {
        return format!("{formula}{field}");
    }
    format!("\"{formula}{}\"", field.replace('"', "\"\""))
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
