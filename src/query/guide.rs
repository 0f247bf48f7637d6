//! The language as a list, for help screens, completion and the README.

use super::ast::{HAS_WORDS, IS_WORDS};
use crate::model::status::Status;

/// The words that stand before a colon.
pub const KEYS: [&str; 21] = [
    "status",
    "assignee",
    "tag",
    "inbox",
    "from",
    "to",
    "with",
    "subject",
    "body",
    "note",
    "attachment",
    "is",
    "has",
    "older",
    "newer",
    "before",
    "after",
    "on",
    "waiting",
    "id",
    "messages",
];

/// Each form of the language with what it finds.
pub const GUIDE: [(&str, &str); 27] = [
    ("refund order", "conversations with both words, anywhere in mail, notes, names and attachment names"),
    ("\"second reminder\"", "the words side by side"),
    ("refun*", "words that begin so"),
    ("a or b", "one or the other; stronger than it is the space between words"),
    ("-tag:spam", "the opposite; also `not tag:spam`"),
    ("(a or b) c", "parentheses group"),
    ("status:open,waiting", "open, in-progress, waiting or closed"),
    ("assignee:bob", "who has it; also `me` and `none`"),
    ("tag:vip,late", "one of the tags"),
    ("inbox:support", "the inbox"),
    ("from:eve@example.com", "an author by address, `@example.com` by domain, `eve` by part of the name or address"),
    ("to:sales@example.com", "a recipient, likewise"),
    ("with:eve", "author or recipient, likewise"),
    ("subject:invoice", "words of the subject"),
    ("body:invoice", "words of the text"),
    ("note:invoice", "words of the team's notes"),
    ("attachment:invoice", "words of the names of attached files"),
    ("is:mine", "also active, unassigned, snoozed, mentioned, followed, any; `is:bounced`: a mail of ours came back"),
    ("has:attachment", "also note, draft, outbox, tag"),
    ("older:2d", "nothing happened for so long: m, h, d, w, mo, y"),
    ("newer:3h", "something happened within that time"),
    ("before:2026-01-31", "nothing happened from that day on; also `today`, `yesterday`"),
    ("after:2026-01-31", "something happened on that day or later"),
    ("on:yesterday", "the last thing happened on that day"),
    ("waiting:>2d", "the customer has waited longer than that"),
    ("messages:>10", "so many messages"),
    ("id:ab12", "a conversation by its id"),
];

/// Returns the values that a key can have, where they are a closed list.
pub fn values_of(key: &str) -> Vec<&'static str> {
    match key {
        "status" => Status::ALL.map(Status::name).to_vec(),
        "is" => IS_WORDS.iter().map(|(word, _)| *word).collect(),
        "has" => HAS_WORDS.iter().map(|(word, _)| *word).collect(),
        "before" | "after" | "on" => vec!["today", "yesterday"],
        "assignee" => vec!["me", "none"],
        _ => Vec::new(),
    }
}
