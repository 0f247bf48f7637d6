//! Whether a conversation answers a query, told from plain values. The store's SQL finds the same ones: `tests/rooms/query_sql.rs` compares
//! the two on random stores.

use super::ast::{Age, Expr, Field, Has, Is, Pattern, Role, Term, Who};
use super::facts::{ConversationFacts, Part, Person, Side};
use super::words::{Wanted, holds_words, without_nul};
use super::{Context, Query};
use crate::model::clock::Timestamp;
use crate::model::ids::Handle;

impl Query {
    /// Tells whether a conversation answers this query. For rules, for whoever watches what changes, and for the server: none of them
    /// needs a store for it.
    ///
    /// - A word is found where it stands as a whole word of a passage, both folded by [`super::fold_text`]; `refun*` where a word begins so.
    ///   Without quotes it is also found where another of its forms stands, see [`super::indexed_text`].
    /// - Quoted text is found where its words stand one behind the other in one passage: one part of one mail, or one note.
    /// - A run of a script without spaces (`東京都`) is looked for as the overlapping pairs of its letters, so any part of a run is found.
    /// - Text of which folding leaves nothing (`€`) is looked for, as it is, in the subject with the title behind it.
    ///
    /// All words of the language are evaluated; words of the text only as far as [`ConversationFacts::text`] is filled.
    pub fn matches(&self, facts: &ConversationFacts, context: &Context) -> bool {
        Asked { facts, context }.holds(&self.expr)
    }
}

struct Asked<'a> {
    facts: &'a ConversationFacts,
    context: &'a Context,
}

impl Asked<'_> {
    fn holds(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Any => true,
            Expr::Not(inner) => !self.holds(inner),
            Expr::And(parts) => parts.iter().all(|part| self.holds(part)),
            Expr::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Expr::Term(term) => self.term(term),
        }
    }

    fn term(&self, term: &Term) -> bool {
        let facts = self.facts;
        match term {
            Term::Status(list) => list.contains(&facts.status),
            Term::Assignee(list) => list.iter().any(|who| self.assigned(who)),
            Term::Tag(list) => list.iter().any(|tag| facts.tags.contains(tag)),
            Term::Inbox(list) => list.contains(&facts.inbox),
            Term::Person { role, who } => {
                let there = facts.people.iter().filter(|person| stands(*role, person.side));
                there.into_iter().any(|person| who.iter().any(|pattern| is_person(pattern, person)))
            }
            Term::Text { field, text, prefix, exact } => self.text(*field, &Wanted::of(text, *prefix, *exact)),
            Term::Is(is) => self.is(*is),
            Term::Has(has) => self.has(*has),
            Term::Activity(age) => self.aged(*age, facts.last_at),
            Term::Waiting(age) => facts.waiting_since.is_some_and(|since| self.aged(*age, since)),
            Term::Before(day) => facts.last_at < self.context.begin_of(*day),
            Term::After(day) => facts.last_at >= self.context.begin_of(*day),
            Term::On(day) => facts.last_at >= self.context.begin_of(*day) && facts.last_at < self.context.end_of(*day),
            Term::Id(prefix) => {
                let mut ids = std::iter::once(&facts.id).chain(&facts.former_ids);
                ids.any(|id| id.as_str().starts_with(prefix.as_str()))
            }
            Term::Messages(compare, count) => compare.holds(facts.messages, *count),
        }
    }

    fn has_it(&self, agent: &Handle) -> bool {
        self.facts.assignee.as_ref() == Some(agent)
    }

    fn assigned(&self, who: &Who) -> bool {
        match who {
            Who::Me => self.has_it(&self.context.me),
            Who::Nobody => self.facts.assignee.is_none(),
            Who::Agent(agent) => self.has_it(agent),
        }
    }

    fn is(&self, is: Is) -> bool {
        let (facts, me) = (self.facts, &self.context.me);
        match is {
            Is::Any => true,
            Is::Active => facts.is_active(),
            Is::Snoozed => facts.snoozed_until.is_some(),
            Is::Unassigned => facts.is_active() && facts.assignee.is_none(),
            Is::Mine => facts.is_active() && self.has_it(me),
            Is::Mentioned => facts.mentions.contains(me),
            Is::Unread => facts.unread.contains(me),
            Is::InTray => facts.in_tray.contains(me),
            Is::Followed => facts.followers.contains(me),
            Is::Bounced => facts.bounced,
            Is::Gone => facts.gone,
            Is::Upgraded => facts.upgraded,
        }
    }

    fn has(&self, has: Has) -> bool {
        let facts = self.facts;
        match has {
            Has::Attachment => facts.attachments,
            Has::Note => facts.notes > 0,
            Has::Draft => facts.drafts.contains(&self.context.me),
            Has::Outbox => facts.bounced || facts.outgoing,
            Has::Tag => !facts.tags.is_empty(),
        }
    }

    fn aged(&self, age: Age, at: Timestamp) -> bool {
        match age {
            Age::Over(span) => at <= self.context.ago(span),
            Age::Under(span) => at > self.context.ago(span),
        }
    }

    fn text(&self, field: Field, wanted: &Wanted) -> bool {
        let facts = self.facts;
        let mut asked = facts.text.iter().filter(|passage| is_asked(field, passage.part));
        match wanted {
            Wanted::Signs { signs, picture } => {
                let title = facts.title.as_deref().unwrap_or_default();
                let pictured = |name: &String| asked.any(|passage| holds_words(&passage.folded, name, false));
                contains(&format!("{} {title}", facts.subject), signs) || picture.as_ref().is_some_and(pictured)
            }
            Wanted::Words(phrases) => asked.any(|passage| {
                let mut found = phrases.iter().filter(|phrase| !phrase.people || passage.part == Part::People);
                found.any(|phrase| holds_words(&passage.folded, &phrase.folded, phrase.begins))
            }),
        }
    }
}

fn is_asked(field: Field, part: Part) -> bool {
    match field {
        Field::Any => true,
        Field::Subject => part == Part::Subject,
        Field::Body => part == Part::Body,
        Field::Note => part == Part::Note,
        Field::Attachment => part == Part::Attachments,
    }
}

fn stands(role: Role, side: Side) -> bool {
    match role {
        Role::From => side == Side::Author,
        Role::To => side == Side::Recipient,
        Role::With => true,
    }
}

fn is_person(pattern: &Pattern, person: &Person) -> bool {
    match pattern {
        Pattern::Address(email) => person.email == *email,
        Pattern::Domain(domain) => {
            // An address is in lower case already, as far as ASCII goes.
            visible(&person.email).to_ascii_lowercase().ends_with(&format!("@{}", wanted(domain)))
        }
        Pattern::Part(part) => {
            let begins_a_word = |name: &String| format!(" {}", person.name).contains(&format!(" {name}"));
            contains(&person.email, &part.to_lowercase()) || Wanted::names(part).iter().any(begins_a_word)
        }
    }
}

/// As SQL's LIKE finds it: ASCII letters in any case, and nothing behind a NUL.
fn contains(text: &str, part: &str) -> bool {
    visible(text).to_ascii_lowercase().contains(&wanted(part))
}

fn wanted(part: &str) -> String {
    without_nul(part).to_ascii_lowercase()
}

fn visible(text: &str) -> &str {
    text.split('\0').next().unwrap_or_default()
}

#[cfg(test)]
#[path = "matches_tests.rs"]
mod tests;
