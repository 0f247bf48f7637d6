//! How a conversation came to be what it is, as reports count it: a pure function of the messages and records that the fold reads.
//!
//! At each moment at which something happened the conversation is folded from what there was by then. So what reports say can't differ from
//! what the fold says: the last of these folds is the conversation as it stands.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId};
use crate::model::message::{Direction, FoldMessage, Origin};
use crate::model::stats::{Closing, Reply, Stats, Wait, WaitEnd};
use crate::model::status::Status;
use crate::op::fold::fold_judged;
use crate::op::operation::{Known, Target};
use crate::op::record::Record;

/// Returns what happened in a conversation; who its customers are is left open. The arguments are those of [`fold_judged`], messages in any
/// order. What was taken back never happened. A record counts at its author's time, but never before a message came that its author had seen: clocks differ.
///
/// The cost is the square of the number of messages, closings and answers.
pub fn stats(messages: &[FoldMessage], absent: &BTreeSet<MessageId>, records: &[(&Record, bool)]) -> Stats {
    let now = fold_judged(messages, absent, records.iter().copied());
    // That another program took mail away has no time that all clients know: until then it was there.
    let mut there: Vec<FoldMessage> = messages.iter().map(|one| FoldMessage { gone: false, ..one.clone() }).collect();
    // So what had come by a moment is the beginning of them.
    there.sort_by_key(|one| one.arrived);
    let timed: Vec<(Timestamp, &Record, bool)> =
        records.iter().map(|(record, active)| (time_of(record, &there), *record, *active)).collect();
    let mut telling = Telling::new(&there, &timed);
    for at in telling.moments() {
        let came = there.get(..there.partition_point(|one| one.arrived <= at)).unwrap_or_default();
        let done = timed.iter().filter(|(when, ..)| *when <= at).map(|(_, record, active)| (*record, *active));
        let state = fold_judged(came, absent, done);
        telling.step(at, state.status, state.waiting_since);
    }
    telling.finish(now.waiting_since.is_some())
}

/// Returns when a record was made, at the earliest when the newest of the messages came that its author had seen.
fn time_of(record: &Record, messages: &[FoldMessage]) -> Timestamp {
    let seen = |target: &Target| {
        let as_of = target.as_of.as_ref()?;
        let covered = |one: &&FoldMessage| one.arrived.seconds() < as_of.at || as_of.ids.contains(&one.id);
        messages.iter().filter(covered).map(|one| one.arrived).max()
    };
    let seen = record.on.iter().filter_map(seen).max();
    let anchors: Option<Vec<Timestamp>> = record.on.iter().map(|target| arrival(messages, &target.on)).collect();
    let anchored = anchors.and_then(|anchors| anchors.into_iter().min());
    [seen, anchored].into_iter().flatten().fold(record.at, Timestamp::max)
}

fn arrival(messages: &[FoldMessage], id: &MessageId) -> Option<Timestamp> {
    messages.iter().find(|one| one.id == *id).map(|one| one.arrived)
}

struct Telling<'a> {
    messages: &'a [FoldMessage],
    records: &'a [(Timestamp, &'a Record, bool)],
    /// The status at the moment before; `None` before the first.
    status: Option<Status>,
    waiting_since: Option<Timestamp>,
    stats: Stats,
}

impl<'a> Telling<'a> {
    fn new(messages: &'a [FoldMessage], records: &'a [(Timestamp, &'a Record, bool)]) -> Self {
        let stats = Stats { replies: replies(messages, records), ..Stats::default() };
        let mut telling = Self { messages, records, status: None, waiting_since: None, stats };
        telling.stats.first_reply = telling.first_reply();
        telling
    }

    fn first_reply(&self) -> Option<Timestamp> {
        let asked = |one: &&FoldMessage| one.direction == Direction::Inbound && one.origin == Origin::Human;
        let asked = self.messages.iter().filter(asked).map(|one| (one.arrived.seconds(), &one.id)).min()?;
        let answers = |reply: &&Reply| (reply.at.seconds(), &reply.message) > asked;
        self.stats.replies.iter().find(answers).map(|reply| reply.at)
    }

    /// The moments at which status or waiting can change.
    fn moments(&self) -> BTreeSet<Timestamp> {
        let came = self.messages.iter().map(|one| one.arrived);
        let said = self.records.iter().filter(|(_, record, _)| record.known().is_some_and(Known::covers_messages));
        came.chain(said.map(|(at, ..)| *at)).collect()
    }

    fn step(&mut self, at: Timestamp, status: Status, waiting_since: Option<Timestamp>) {
        let closer = self.closer(at);
        match (self.status, status) {
            (Some(Status::Closed), Status::Closed) => {}
            // What begins closed was closed by somebody, or is imported history.
            (None, Status::Closed) if closer.is_none() => {}
            (_, Status::Closed) => self.stats.closed.push(Closing { at, actor: closer, until: None }),
            (Some(Status::Closed), _) => {
                if let Some(last) = self.stats.closed.last_mut() {
                    last.until = Some(at);
                }
            }
            _ => {}
        }
        match (self.waiting_since, waiting_since) {
            (Some(before), Some(since)) if before == since => {}
            (None, None) => {}
            (None, Some(_)) => self.wait(at),
            (Some(_), None) => self.end_wait(at, status),
            // An answer and the next mail came at one moment.
            (Some(_), Some(_)) => {
                self.end_wait(at, status);
                self.wait(at);
            }
        }
        (self.status, self.waiting_since) = (Some(status), waiting_since);
    }

    fn wait(&mut self, from: Timestamp) {
        self.stats.waits.push(Wait { from, to: None, end: None });
    }

    fn end_wait(&mut self, at: Timestamp, status: Status) {
        let answered = self.stats.replies.iter().any(|reply| reply.at == at) || self.has_replied(at);
        let end = if answered || status != Status::Closed { WaitEnd::Replied } else { WaitEnd::Closed };
        if let Some(wait) = self.stats.waits.last_mut() {
            (wait.to, wait.end) = (Some(at), Some(end));
        }
    }

    fn at(&self, at: Timestamp) -> impl Iterator<Item = (&'a Record, &'a Known)> {
        let here = self.records.iter().filter(move |(when, _, active)| *when == at && *active);
        here.filter_map(|(_, record, _)| Some((*record, record.known()?)))
    }

    fn has_replied(&self, at: Timestamp) -> bool {
        self.at(at).any(|(_, known)| matches!(known, Known::Replied { .. }))
    }

    /// Who closed it at a moment: the last who said so.
    fn closer(&self, at: Timestamp) -> Option<Handle> {
        let closes = |known: &Known| match known {
            Known::SetStatus { to } => *to == Status::Closed,
            Known::Replied { then, .. } => *then == Some(Status::Closed),
            _ => false,
        };
        self.at(at).filter(|(_, known)| closes(known)).last().map(|(record, _)| record.actor.clone())
    }

    /// Ends it; `waits` says whether the customer waits as it stands.
    fn finish(mut self, waits: bool) -> Stats {
        if let Some(last) = self.stats.waits.last_mut().filter(|last| last.end.is_none() && !waits) {
            last.end = Some(WaitEnd::Gone);
        }
        self.stats
    }
}

/// Returns the mails of ours that people wrote, each with who sent it as a record says.
fn replies(messages: &[FoldMessage], records: &[(Timestamp, &Record, bool)]) -> Vec<Reply> {
    let mut senders: BTreeMap<&MessageId, &Handle> = BTreeMap::new();
    for (_, record, _) in records {
        if let Some(Known::Replied { message, .. }) = record.known() {
            senders.entry(message).or_insert(&record.actor);
        }
    }
    let ours = messages.iter().filter(|one| one.direction == Direction::Outbound && one.origin == Origin::Human);
    let mut ours: Vec<&FoldMessage> = ours.collect();
    ours.sort_by_key(|one| (one.arrived.seconds(), &one.id));
    let reply = |one: &FoldMessage| Reply {
        message: one.id.clone(),
        at: one.arrived,
        actor: senders.get(&one.id).map(|actor| (*actor).clone()),
    };
    ours.into_iter().map(reply).collect()
}

#[cfg(test)]
#[path = "stats_tests.rs"]
mod tests;
