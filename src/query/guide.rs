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
pub fn guide() -> [(&'static str, String); 27] {
    [
        ("refund order", say!("finds-words")),
        ("\"second reminder\"", say!("finds-phrase")),
        ("refun*", say!("finds-prefix")),
        ("a or b", say!("finds-or")),
        ("-tag:spam", say!("finds-not")),
        ("(a or b) c", say!("finds-group")),
        ("status:open,waiting", say!("finds-status")),
        ("assignee:bob", say!("finds-assignee")),
        ("tag:vip,late", say!("finds-tag")),
        ("inbox:support", say!("finds-inbox")),
        ("from:eve@example.com", say!("finds-from")),
        ("to:sales@example.com", say!("finds-to")),
        ("with:eve", say!("finds-with")),
        ("subject:invoice", say!("finds-subject")),
        ("body:invoice", say!("finds-body")),
        ("note:invoice", say!("finds-note")),
        ("attachment:invoice", say!("finds-attachment")),
        ("is:mine", say!("finds-is")),
        ("has:attachment", say!("finds-has")),
        ("older:2d", say!("finds-older")),
        ("newer:3h", say!("finds-newer")),
        ("before:2026-01-31", say!("finds-before")),
        ("after:2026-01-31", say!("finds-after")),
        ("on:yesterday", say!("finds-on")),
        ("waiting:>2d", say!("finds-waiting")),
        ("messages:>10", say!("finds-messages")),
        ("id:ab12", say!("finds-id")),
    ]
}

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
