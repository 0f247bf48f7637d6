//! What mail alone says in the row of a conversation: read from the messages, or taken from the row where they are as they were.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::brief::Brief;
use super::facts::Facts;
use super::line::Line;
use super::record::Kept;
use super::shown::as_of_text;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::message::{Direction, Fate, Origin, Outcome};
use crate::model::text::SafeText;
use crate::op::fold::State;
use crate::op::operation::Known;
use crate::op::record::Record;

/// What mail alone says in a row.
#[derive(Clone, Debug)]
pub(super) struct Mailed {
    pub inbox: String,
    pub newest: Timestamp,
    pub first_at: Timestamp,
    pub subject: String,
    pub people: String,
    pub snippet: String,
    pub messages: u32,
    pub attachments: bool,
    pub last_inbound: Option<Timestamp>,
    pub last_outbound: Option<Timestamp>,
    pub as_of: String,
    reports: Vec<Report>,
}

/// A report that a mail did not arrive.
#[derive(Clone, Debug)]
struct Report {
    id: MessageId,
    arrived: Timestamp,
    about: MessageId,
    /// Whether what it is about is here, as mail of ours.
    ours: bool,
}

impl Mailed {
    /// Reads it from the messages; `None` where none is there to be shown.
    pub(super) fn of(facts: &[Facts], root: &MessageId) -> Option<Self> {
        let (first, last) = (facts.first()?, facts.last()?);
        let named = facts.iter().find(|f| f.id == *root).unwrap_or(first);
        let of = |direction| {
            facts.iter().filter(move |f| f.direction == direction && f.origin == Origin::Human).map(|f| f.arrived).max()
        };
        // The inbox of the first mail that came from outside, else of the first.
        let inbox = facts.iter().find(|f| f.direction == Direction::Inbound).unwrap_or(first).inbox.clone();
        Some(Self {
            inbox,
            newest: facts.iter().map(|f| f.arrived).max()?,
            first_at: facts.iter().map(|f| f.arrived).min()?,
            // What was merged into another takes that one's subject, however old it is itself.
            subject: SafeText::line_max(&named.envelope.subject, 300).to_string(),
            people: people(facts),
            snippet: last.snippet.clone(),
            messages: u32::try_from(facts.len()).unwrap_or(u32::MAX),
            attachments: facts.iter().any(|f| f.attachments),
            last_inbound: of(Direction::Inbound),
            last_outbound: of(Direction::Outbound),
            as_of: as_of_text(facts.iter().map(|f| (f.arrived, &f.id))),
            reports: reports(facts),
        })
    }

    /// Takes it from the row as it is, where the same messages are there as when it was written and no report is among them. Only what
    /// the row does not tell by itself, since a move or the end of a snooze covers it, is looked up again.
    pub(super) fn as_before(before: &Line, briefs: &[Brief]) -> Option<Self> {
        let first = briefs.first()?;
        Some(Self {
            inbox: briefs.iter().find(|b| b.direction == Direction::Inbound).unwrap_or(first).inbox.clone(),
            newest: briefs.iter().map(|b| b.arrived).max()?,
            first_at: before.first_at,
            subject: before.subject.clone(),
            people: before.people.clone(),
            snippet: before.snippet.clone(),
            messages: before.messages,
            attachments: before.attachments,
            last_inbound: before.last_inbound,
            last_outbound: before.last_outbound,
            as_of: as_of_text(briefs.iter().map(|b| (b.arrived, &b.id))),
            reports: Vec::new(),
        })
    }

    /// Who sent the mail of ours that a report says did not arrive, unless somebody has said how the conversation stands since it came.
    pub(super) fn bounced(&self, state: &State, records: &[(Rc<Kept>, Record)]) -> Option<String> {
        let sender = |about: &MessageId| {
            records.iter().find_map(|(_, record)| match record.known() {
                Some(Known::Replied { message, .. }) if message == about => Some(record.actor.to_string()),
                _ => None,
            })
        };
        let open = self.reports.iter().filter(|report| !state.has_dealt_with(report.arrived, &report.id));
        let known = open.filter_map(|report| sender(&report.about).or_else(|| report.ours.then(String::new)));
        // One whose sender is known first: that one is told.
        known.max()
    }
}

/// The reports that a mail of ours failed. What names only people to whom that mail never went tells nothing of it ([`Fate::is_of`]): anybody
/// who knows its id can write such a report, and lists report of members whom we don't know. While our copy is not here, the record of its
/// sending vouches; once it comes in, it is looked at again.
fn reports(facts: &[Facts]) -> Vec<Report> {
    let known = facts.iter().filter(|f| f.origin == Origin::Bounce && !f.history).filter_map(|f| {
        let about = f.envelope.about.clone()?;
        let mail = facts.iter().find(|f| f.id == about && f.direction == Direction::Outbound);
        let failed = |fate: &&Fate| fate.outcome == Outcome::Failed;
        let ours = |fate: &Fate| mail.is_none_or(|mail| fate.is_of_mail(&mail.envelope));
        let counts = f.envelope.fates.iter().filter(failed).any(ours);
        counts.then(|| Report { id: f.id.clone(), arrived: f.arrived, about, ours: mail.is_some() })
    });
    known.collect()
}

/// The customer's name, and how many more take part.
fn people(facts: &[Facts]) -> String {
    let inbound = facts.iter().filter(|f| f.direction == Direction::Inbound);
    let mut named: Option<&Address> = None;
    let mut all = BTreeSet::new();
    for fact in inbound {
        for from in fact.authors() {
            let better = fact.origin == Origin::Human && !from.email.is_empty();
            if named.is_none() || (better && named.is_some_and(|n| n.name.is_empty() && n.key() == from.key())) {
                named = Some(from);
            }
            all.insert(from.key());
        }
    }
    if named.is_none() {
        let outbound = facts.iter().flat_map(|f| f.envelope.to.iter().chain(&f.envelope.cc));
        for to in outbound {
            named = named.or(Some(to));
            all.insert(to.key());
            if all.len() > 999 {
                break;
            }
        }
    }
    let name = named.map(|a| SafeText::line_max(a.short(), 80).to_string()).unwrap_or_default();
    match all.len() {
        0 | 1 => name,
        n => format!("{name} +{}", n - 1),
    }
}

#[cfg(test)]
#[path = "bounce_tests.rs"]
mod tests;
