//! The tree of a query.

use jiff::civil::Date;

use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::status::Status;
pub use crate::model::when::{Span, Unit};

/// The tree of a query; see README for the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Every conversation.
    Any,
    /// What the inner one does not find.
    Not(Box<Expr>),
    /// What all of them find; at least two, none of them an `And`.
    And(Vec<Expr>),
    /// What one of them finds; at least two, none of them an `Or`.
    Or(Vec<Expr>),
    /// One condition.
    Term(Term),
}

impl Expr {
    /// Joins with "and", in the form that [`super::parse`] makes: flat, and without a list of one.
    pub fn and(parts: Vec<Expr>) -> Expr {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expr::And(inner) => flat.extend(inner),
                Expr::Any => {}
                other => flat.push(other),
            }
        }
        match flat.pop() {
            None => Expr::Any,
            Some(only) if flat.is_empty() => only,
            Some(last) => {
                flat.push(last);
                Expr::And(flat)
            }
        }
    }

    /// Joins with "or", likewise.
    pub fn or(parts: Vec<Expr>) -> Expr {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Expr::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.pop() {
            None => Expr::Any,
            Some(only) if flat.is_empty() => only,
            Some(last) => {
                flat.push(last);
                Expr::Or(flat)
            }
        }
    }

    /// Negates; twice is not at all.
    pub fn negate(inner: Expr) -> Expr {
        match inner {
            Expr::Not(inner) => *inner,
            other => Expr::Not(Box::new(other)),
        }
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// `status:open,waiting`.
    Status(Vec<Status>),
    /// `assignee:bob,none`.
    Assignee(Vec<Who>),
    /// `tag:late,vip`: one of them.
    Tag(Vec<Tag>),
    /// `inbox:support,sales`.
    Inbox(Vec<InboxId>),
    /// `from:`, `to:`, `with:`.
    Person {
        /// In which part.
        role: Role,
        /// Who, one of them.
        who: Vec<Pattern>,
    },
    /// A word or quoted text.
    Text {
        /// Where to look.
        field: Field,
        /// What for, as written; a phrase where it is several words.
        text: String,
        /// Whether the last word is a beginning (`refun*`).
        prefix: bool,
        /// Whether it was quoted: only what stands there so is found, no other form of a word.
        exact: bool,
    },
    /// `is:`.
    Is(Is),
    /// `has:`.
    Has(Has),
    /// `older:2d`, `newer:3h`: the age of the last activity.
    Activity(Age),
    /// `waiting:>2d`: how long the customer has waited.
    Waiting(Age),
    /// `before:`: the last activity was before that day.
    Before(Day),
    /// `after:`: the last activity was on that day or later.
    After(Day),
    /// `on:`: the last activity was on that day.
    On(Day),
    /// `id:abcd`: the beginning of the conversation's id, normalised.
    Id(String),
    /// `messages:>10`.
    Messages(Compare, u32),
}

/// Whom `assignee:` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// The agent who asks.
    Me,
    /// Nobody.
    Nobody,
    /// An agent.
    Agent(Handle),
}

/// In which part of a mail a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `from:`.
    From,
    /// `to:`, `Cc` included.
    To,
    /// `with:`, any.
    With,
}

/// A person as a query names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A whole address, in lower case.
    Address(String),
    /// `@example.com`, in lower case, without the `@`.
    Domain(String),
    /// Part of the address, or the beginning of a word of the name.
    Part(String),
}

/// Where text is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Everywhere.
    Any,
    /// `subject:`.
    Subject,
    /// `body:`.
    Body,
    /// `note:`.
    Note,
    /// `attachment:`, the file's name.
    Attachment,
}

/// What `is:` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// Not closed and not asleep.
    Active,
    /// Asleep.
    Snoozed,
    /// Active, and nobody has it.
    Unassigned,
    /// Active, and mine.
    Mine,
    /// Every conversation.
    Any,
    /// A note mentions me and I have not seen it.
    Mentioned,
    /// Something came that I have not looked at.
    Unread,
    /// It stands in my in-tray.
    InTray,
    /// I follow it.
    Followed,
    /// A mail of ours came back, and nobody has dealt with that.
    Bounced,
    /// Another program took all of its mail away.
    Gone,
    /// The rules of a newer program changed it, or would have without the records that keep it.
    Upgraded,
}

/// What `has:` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    /// A file.
    Attachment,
    /// A note.
    Note,
    /// A draft of mine.
    Draft,
    /// A mail of ours on its way, or one that could not be sent or came back.
    Outbox,
    /// A tag.
    Tag,
}

/// More or less than a time ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// At least so long ago.
    Over(Span),
    /// Less long ago.
    Under(Span),
}

/// A day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// The day of [`super::Context::now`].
    Today,
    /// The one before.
    Yesterday,
    /// A date.
    Date(Date),
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `>`.
    Over,
    /// `>=`.
    AtLeast,
    /// `<`.
    Under,
    /// `<=`.
    AtMost,
    /// Nothing, or `=`.
    Equal,
}

/// Words of the language: `(word, value, others)`, the first spelling being the one written.
pub(super) const IS_WORDS: [(&str, Is); 12] = [
    ("active", Is::Active),
    ("snoozed", Is::Snoozed),
    ("unassigned", Is::Unassigned),
    ("mine", Is::Mine),
    ("any", Is::Any),
    ("mentioned", Is::Mentioned),
    ("unread", Is::Unread),
    ("in-tray", Is::InTray),
    ("followed", Is::Followed),
    ("bounced", Is::Bounced),
    ("gone", Is::Gone),
    ("upgraded", Is::Upgraded),
];

pub(super) const HAS_WORDS: [(&str, Has); 5] = [
    ("attachment", Has::Attachment),
    ("note", Has::Note),
    ("draft", Has::Draft),
    ("outbox", Has::Outbox),
    ("tag", Has::Tag),
];

pub(super) const COMPARES: [(&str, Compare); 5] = [
    (">=", Compare::AtLeast),
    ("<=", Compare::AtMost),
    (">", Compare::Over),
    ("<", Compare::Under),
    ("=", Compare::Equal),
];

/// Returns the word that stands for `value` in one of the tables above.
pub(super) fn word_of<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> &'static str {
    table.iter().find(|(_, v)| v == value).map_or("", |(word, _)| word)
}
