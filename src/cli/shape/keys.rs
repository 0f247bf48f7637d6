//! The fields of what verbs print, so that one that is not there is told before anything is done.

use crate::cli::args::Verb;

const CONVERSATION: &[&str] = &[
    "schema",
    "type",
    "id",
    "short",
    "inbox",
    "title",
    "people",
    "snippet",
    "status",
    "assignee",
    "tags",
    "snoozed_until",
    "last_at",
    "waiting_since",
    "messages",
    "notes",
    "attachments",
    "replying",
    "lease",
    "pending",
    "draft",
    "failed",
    "bounced",
    "gone",
    "mentioned",
    "followed",
    "answered",
    "created",
    "last_inbound",
    "last_outbound",
    "stats",
    "unread",
    "news",
];
const WHOLE: &[&str] = &["followers", "earlier", "context", "related", "items"];
const COUNT: &[&str] = &["schema", "type", "query", "count"];
const DONE: &[&str] = &["schema", "type", "batch", "operations", "conversations"];
const UNDONE: &[&str] = &["schema", "type", "notice", "operations"];
const REFUSED: &[&str] = &["schema", "type", "conversation", "title", "operation", "did", "why", "code", "args"];
const PLAN: &[&str] = &["schema", "type", "id", "conversation", "title", "op", "expect", "target"];
const LINE: &[&str] = &[
    "schema",
    "type",
    "line",
    "verb",
    "outcome",
    "exit",
    "changed",
    "batch",
    "operations",
    "conversations",
    "refused",
    "error",
];
const LOG: &[&str] = &[
    "schema",
    "type",
    "id",
    "batch",
    "account",
    "at",
    "actor",
    "host",
    "operation",
    "sentence",
    "conversations",
    "touched",
    "on_server",
    "undone",
    "lost_to",
    "lost",
    "op",
    "targets",
    "cursor",
];
const WHY: &[&str] =
    &["schema", "type", "conversation", "message", "subject", "why", "authorship", "author", "wrote", "new_here"];
const TOGETHER: &[&str] = &["schema", "type", "conversation", "answered", "context", "related"];
const KEY: &[&str] = &["schema", "type", "keymap", "context", "keys", "action", "does"];
const VIEW: &[&str] = &["schema", "type", "name", "query", "count", "key", "own", "sort", "reverse"];

/// Returns the fields of all that a verb prints; none where it prints many kinds of things, of which the first that is printed decides.
pub fn of(verb: &Verb) -> &'static [&'static [&'static str]] {
    match verb {
        Verb::List(_) => &[CONVERSATION],
        Verb::Show(_) => &[CONVERSATION, WHOLE],
        Verb::Count(_) => &[COUNT],
        Verb::Log(_) => &[LOG],
        Verb::Why(_) => &[WHY, TOGETHER],
        Verb::Keys(_) => &[KEY],
        Verb::Views(_) => &[VIEW],
        Verb::Undo(_) | Verb::Redo(_) => &[UNDONE, REFUSED],
        Verb::Batch(_) => &[LINE, PLAN, REFUSED],
        Verb::Triage(_)
        | Verb::Apply(_)
        | Verb::Assign(_)
        | Verb::Status(_)
        | Verb::Tag(_)
        | Verb::Note(_)
        | Verb::Seen(_)
        | Verb::Snooze(_)
        | Verb::Title(_)
        | Verb::Follow(_)
        | Verb::Move(_)
        | Verb::Merge(_)
        | Verb::Split(_) => &[DONE, REFUSED, PLAN],
        _ => &[],
    }
}
