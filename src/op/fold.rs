//! The fold: a conversation's state as a pure function of its messages and its records.
//!
//! No clock takes part. What an agent had seen when acting (`as_of`) decides whether a message reopens the conversation, so that
//! closing it while the customer's next mail is in flight can't lose that mail.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, MessageId, OpId, Tag};
use crate::model::message::{AsOf, Direction, FoldMessage, Origin};
use crate::model::status::Status;
use crate::model::view::Lease;
use crate::op::operation::{Known, Target};
use crate::op::record::Record;
use crate::op::undo;

/// What a conversation is, once folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The status that operations and messages led to; see [`State::status_at`] for one that has woken.
    pub status: Status,
    /// Until when it sleeps; may lie in the past, see [`State::status_at`].
    pub snoozed_until: Option<Timestamp>,
    /// Who has it.
    pub assignee: Option<Handle>,
    /// Who gave it to the assignee, and when: what the loser of a race is told.
    pub assigned_by: Option<(Handle, Timestamp)>,
    /// The tags.
    pub tags: BTreeSet<Tag>,
    /// The title that the team gave.
    pub title: Option<String>,
    /// The inbox that it was moved to.
    pub moved_to: Option<InboxId>,
    /// The inbox that it was in before it was first moved, also where that was undone: its mail may stand elsewhere on the server.
    pub moved_from: Option<InboxId>,
    /// Who follows it.
    pub followers: BTreeSet<Handle>,
    /// The notes, oldest first.
    pub notes: Vec<Note>,
    /// Whose mentions are not yet seen.
    pub mentioned: BTreeSet<Handle>,
    /// The newest lease of a worker; compare `until` with the clock.
    pub worker: Option<WorkerLease>,
    /// Leases that were neither ended nor answered, newest last; compare `until` with the clock.
    pub leases: Vec<Lease>,
    /// Since when the customer waits: the first human inbound message after our last one, unless closed since.
    pub waiting_since: Option<Timestamp>,
    /// Claims that lost, in log order.
    pub lost: Vec<Lost>,
    /// Records that have no effect because they were undone.
    pub undone: BTreeSet<OpId>,
    /// How far those had read who said how the conversation stands: what lies behind it, nobody has dealt with.
    pub seen: Option<AsOf>,
    /// Whether another program took all of its mail away. That closes it, unless somebody who knew of it says otherwise.
    pub gone: bool,
}

/// An internal note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The record that wrote it.
    pub id: OpId,
    /// Who wrote it.
    pub actor: Handle,
    /// When.
    pub at: Timestamp,
    /// The newest text.
    pub text: String,
    /// Whom it mentions.
    pub mentions: BTreeSet<Handle>,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
}

/// A worker's lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerLease {
    /// The record that took it: the next one names it.
    pub id: OpId,
    /// Whose worker.
    pub agent: Handle,
    /// The worker.
    pub worker: String,
    /// When it was taken.
    pub at: Timestamp,
    /// When it ends by itself; not behind `at` where it gives the conversation back.
    pub until: Timestamp,
    /// Who had the conversation before: a team's goes back to the team.
    pub before: Option<Handle>,
    /// Whether somebody has dealt with the conversation since: it is then the assignee's as any other.
    pub dealt_with: bool,
}

/// A claim or a worker's lease that came second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The record.
    pub id: OpId,
    /// Who made the claim.
    pub actor: Handle,
    /// Who should have had it.
    pub wanted: Option<Handle>,
    /// Who had it instead, and since when.
    pub held_by: Option<(Handle, Timestamp)>,
}

impl State {
    /// Returns the status at `now`: a conversation whose snooze has ended is open again, unless somebody is on it.
    pub fn status_at(&self, now: Timestamp) -> Status {
        match self.snoozed_until {
            Some(until) if until <= now && self.status != Status::InProgress => Status::Open,
            _ => self.status,
        }
    }

    /// Tells whether it sleeps at `now`.
    pub fn sleeps_at(&self, now: Timestamp) -> bool {
        self.snoozed_until.is_some_and(|until| until > now)
    }

    /// Returns the newest lease of a worker where it has not been dealt with, given back or given away: until it ends by itself nobody else
    /// is to get the conversation from `next`, and from then on anybody is.
    pub fn worker_at_work(&self) -> Option<&WorkerLease> {
        let is_theirs = |held: &&WorkerLease| self.assignee.as_ref() == Some(&held.agent);
        self.worker.as_ref().filter(|held| !held.dealt_with && held.until > held.at).filter(is_theirs)
    }

    /// Tells whether somebody who knew of a message has since said how the conversation stands.
    pub fn has_dealt_with(&self, arrived: Timestamp, id: &MessageId) -> bool {
        self.seen.as_ref().is_some_and(|seen| arrived.seconds() < seen.at || seen.ids.contains(id))
    }
}

/// Folds one conversation. `messages` may come in any order; `absent` are the ids that belong to it though their mail is not here (yet):
/// a root that others refer to. `records` are those with a target in it, in log order, those not on the log last; a record's other
/// targets are passed over.
pub fn fold(messages: &[FoldMessage], absent: &BTreeSet<MessageId>, records: &[&Record]) -> State {
    let mut seen = BTreeSet::new();
    let once: Vec<&Record> = records.iter().copied().filter(|r| seen.insert(r.id)).collect();
    let active = undo::active(&once);
    fold_judged(messages, absent, once.into_iter().zip(active))
}

/// As [`fold`], of records of which it is known whether each counts; of these the undos may be left out, since they say nothing else.
pub fn fold_judged<'r>(
    messages: &[FoldMessage],
    absent: &BTreeSet<MessageId>,
    records: impl IntoIterator<Item = (&'r Record, bool)>,
) -> State {
    let mut folding = Folding::new(messages, absent);
    for (record, active) in records {
        folding.remember_home(record);
        if active {
            folding.apply(record);
        } else {
            folding.state.undone.insert(record.id);
        }
    }
    folding.finish()
}

/// Arrival order: the server's clock, to the second, then the id.
type Arrival<'a> = (i64, &'a MessageId);

struct Folding<'a> {
    state: State,
    messages: BTreeMap<&'a MessageId, &'a FoldMessage>,
    absent: &'a BTreeSet<MessageId>,
    /// The newest second up to which everything had been seen, itself excluded.
    seen_before: i64,
    /// Messages seen by name: the newest ones, which share a second with others.
    seen: BTreeSet<MessageId>,
    /// Outbound messages that a `replied` record speaks for.
    recorded: BTreeSet<MessageId>,
    /// Whether any operation has spoken about the status.
    spoken: bool,
    /// What had been seen when it was last closed: `seen_before` and `seen` of that moment.
    closed_seen: Option<(i64, BTreeSet<MessageId>)>,
    /// How those say that it stands who knew that its mail had left: the status, and until when it sleeps.
    knowing: Option<(Status, Option<Timestamp>)>,
}

impl<'a> Folding<'a> {
    fn new(messages: &'a [FoldMessage], absent: &'a BTreeSet<MessageId>) -> Self {
        Self {
            state: State::default(),
            messages: messages.iter().map(|m| (&m.id, m)).collect(),
            absent,
            seen_before: i64::MIN,
            seen: BTreeSet::new(),
            recorded: BTreeSet::new(),
            spoken: false,
            closed_seen: None,
            knowing: None,
        }
    }

    fn apply(&mut self, record: &Record) {
        let Some(known) = record.known() else { return };
        let here: Vec<&Target> = record.on.iter().filter(|t| self.is_member(&t.on)).collect();
        if here.is_empty() {
            return;
        }
        self.end_worker(record, known);
        if known.covers_messages() {
            here.iter().for_each(|target| self.cover(target));
            if here.iter().any(|target| target.gone) {
                self.know(known);
            }
        }
        match known {
            Known::Assign { to } => self.assign(record, to.as_ref(), &here),
            Known::SetStatus { to } => self.set_status(*to),
            Known::Snooze { until } => {
                self.spoken = true;
                self.state.snoozed_until = *until;
            }
            Known::Tag { add, remove } => {
                self.state.tags.extend(add.iter().cloned());
                self.state.tags.retain(|tag| !remove.contains(tag) || add.contains(tag));
            }
            Known::Note { text, mentions } => self.note(record, text, mentions),
            Known::EditNote { note, text, mentions } => self.edit_note(record, *note, text, mentions),
            Known::SeenMentions => {
                self.state.mentioned.remove(&record.actor);
            }
            Known::Replied { message, then, .. } => self.replied(record, message, *then),
            Known::Title { text } => self.state.title = Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
            Known::Move { inbox, .. } => self.state.moved_to = Some(inbox.clone()),
            Known::Follow { who, on: true } => {
                self.state.followers.insert(who.clone());
            }
            Known::Follow { who, on: false } => {
                self.state.followers.remove(who);
            }
            Known::Replying { until, waiting } => {
                self.end_leases(&record.actor);
                let (agent, until, waiting) = (record.actor.clone(), *until, *waiting);
                self.state.leases.push(Lease { agent, until, waiting });
            }
            Known::StopReplying => self.end_leases(&record.actor),
            Known::Lease { worker, until, over } => self.lease(record, worker, *until, *over),
            Known::Merge { .. }
            | Known::Split
            | Known::Undo { .. }
            | Known::SavedReply { .. }
            | Known::HistoryBefore { .. }
            | Known::Team(_)
            | Known::Runner { .. }
            | Known::Claim { .. }
            | Known::Erase { .. } => {}
        }
    }

    /// Keeps where the conversation was before anybody moved it.
    fn remember_home(&mut self, record: &Record) {
        if let Some(Known::Move { from: Some(from), .. }) = record.known()
            && self.state.moved_from.is_none()
            && record.on.iter().any(|target| self.is_member(&target.on))
        {
            self.state.moved_from = Some(from.clone());
        }
    }

    /// Takes in what the author of a target had seen.
    fn cover(&mut self, target: &Target) {
        if let Some(as_of) = &target.as_of {
            self.seen_before = self.seen_before.max(as_of.at);
            self.seen.extend(as_of.ids.iter().cloned());
        }
    }

    /// Takes in what somebody says of how it stands who knew that its mail had left.
    fn know(&mut self, known: &Known) {
        let status = self.knowing.map_or(Status::Closed, |(status, _)| status);
        self.knowing = match known {
            Known::SetStatus { to } | Known::Replied { then: Some(to), .. } => Some((*to, None)),
            Known::Snooze { until } => Some((status, *until)),
            _ => self.knowing,
        };
    }

    fn is_member(&self, id: &MessageId) -> bool {
        self.messages.contains_key(id) || self.absent.contains(id)
    }

    fn is_covered(&self, message: &FoldMessage) -> bool {
        message.arrived.seconds() < self.seen_before || self.seen.contains(&message.id)
    }

    fn assign(&mut self, record: &Record, to: Option<&Handle>, here: &[&Target]) {
        let now = self.state.assignee.as_ref();
        let holds = here.iter().all(|t| t.expect.as_ref().is_none_or(|expect| expect.holds(now)));
        // Claiming what one already has is no loss.
        if holds || now == to {
            if now != to {
                self.state.assignee = to.cloned();
                self.state.assigned_by = Some((record.actor.clone(), record.at));
            }
            return;
        }
        let held_by = self.state.assignee.clone().map(|who| {
            let since = self.state.assigned_by.as_ref().map_or(record.at, |(_, at)| *at);
            (who, since)
        });
        self.state.lost.push(Lost { id: record.id, actor: record.actor.clone(), wanted: to.cloned(), held_by });
    }

    /// A lease follows the one that it names; no clock says whether that one was over.
    fn lease(&mut self, record: &Record, worker: &str, until: Timestamp, over: Option<OpId>) {
        if let Some(held) = self.state.worker.as_ref().filter(|held| over != Some(held.id)) {
            let held_by = Some((held.agent.clone(), held.at));
            let (actor, wanted) = (record.actor.clone(), Some(record.actor.clone()));
            self.state.lost.push(Lost { id: record.id, actor, wanted, held_by });
            return;
        }
        let (agent, worker) = (record.actor.clone(), worker.to_owned());
        // Of one taken over from a worker that is still the assignee, it goes back to where that one had it from.
        let assignee = self.state.assignee.clone();
        let before = match self.state.worker.take() {
            Some(held) if assignee.as_ref() == Some(&held.agent) => held.before,
            _ => assignee.filter(|who| *who != agent),
        };
        let dealt_with = false;
        self.state.worker =
            Some(WorkerLease { id: record.id, agent, worker, at: record.at, until, before, dealt_with });
    }

    /// A worker's lease is used up by an answer, a status and a snooze, whoever's, and by what its own agent writes there. Tags, titles and
    /// followers leave it: they are put on in passing.
    fn end_worker(&mut self, record: &Record, known: &Known) {
        let Some(held) = &mut self.state.worker else { return };
        let by_agent = matches!(known, Known::Note { .. } | Known::Move { .. }) && record.actor == held.agent;
        held.dealt_with |= known.covers_messages() || by_agent;
    }

    fn set_status(&mut self, to: Status) {
        self.spoken = true;
        self.state.status = to;
        self.state.snoozed_until = None;
        self.closed_seen = (to == Status::Closed).then(|| (self.seen_before, self.seen.clone()));
    }

    fn note(&mut self, record: &Record, text: &str, mentions: &BTreeSet<Handle>) {
        self.state.mentioned.extend(mentions.iter().filter(|who| **who != record.actor).cloned());
        self.state.notes.push(Note {
            id: record.id,
            actor: record.actor.clone(),
            at: record.at,
            text: text.to_owned(),
            mentions: mentions.clone(),
            edited: None,
        });
    }

    fn edit_note(&mut self, record: &Record, id: OpId, text: &str, mentions: &BTreeSet<Handle>) {
        if let Some(note) = self.state.notes.iter_mut().find(|note| note.id == id) {
            let new = mentions.difference(&note.mentions).filter(|who| **who != record.actor).cloned();
            self.state.mentioned.extend(new);
            text.clone_into(&mut note.text);
            note.mentions = mentions.clone();
            note.edited = Some(record.at);
        }
    }

    fn replied(&mut self, record: &Record, message: &MessageId, then: Option<Status>) {
        self.recorded.insert(message.clone());
        self.end_leases(&record.actor);
        if let Some(status) = then {
            self.set_status(status);
        }
    }

    fn end_leases(&mut self, agent: &Handle) {
        self.state.leases.retain(|lease| &lease.agent != agent);
    }

    /// Lets the messages that nobody had seen when acting speak, in the order of their arrival.
    fn finish(mut self) -> State {
        let mut messages: Vec<&FoldMessage> = self.messages.values().copied().collect();
        messages.sort_by_key(|m| arrival(m));
        if !self.spoken {
            self.state.status = if self.is_history(&messages) { Status::Closed } else { Status::Open };
        }
        for message in messages.iter().filter(|m| !m.history && m.origin == Origin::Human) {
            if self.is_covered(message) || self.recorded.contains(&message.id) {
                continue;
            }
            self.state.status = match message.direction {
                Direction::Inbound => Status::Open,
                Direction::Outbound => Status::Waiting,
            };
            self.state.snoozed_until = None;
        }
        if has_left(&messages) {
            self.state.gone = true;
            (self.state.status, self.state.snoozed_until) = self.knowing.unwrap_or((Status::Closed, None));
        }
        self.state.waiting_since = self.waiting_since(&messages);
        let named = self.seen.into_iter().collect();
        self.state.seen = (self.seen_before > i64::MIN).then_some(AsOf { at: self.seen_before, ids: named });
        self.state
    }

    /// Tells whether all that people wrote is imported history. A machine's mail since then opens nothing, and a reply of ours speaks
    /// through its record.
    fn is_history(&self, messages: &[&FoldMessage]) -> bool {
        let mut written = messages.iter().filter(|m| m.origin == Origin::Human && !self.recorded.contains(&m.id));
        messages.iter().any(|m| m.history) && written.all(|m| m.history)
    }

    fn waiting_since(&self, ordered: &[&FoldMessage]) -> Option<Timestamp> {
        if self.state.status == Status::Closed {
            return None;
        }
        let mut since = None;
        for message in ordered.iter().filter(|m| m.origin == Origin::Human) {
            let seen = |(before, named): &(i64, BTreeSet<MessageId>)| {
                message.arrived.seconds() < *before || named.contains(&message.id)
            };
            // Imported history starts closed: nobody waits since then.
            let closed = message.history || self.closed_seen.as_ref().is_some_and(seen);
            match message.direction {
                Direction::Outbound => since = None,
                Direction::Inbound if closed => {}
                Direction::Inbound => since = since.or(Some(message.arrived)),
            }
        }
        since
    }
}

/// Tells whether all mail has left: what machines wrote is looked at only where people wrote nothing, since it opens nothing either.
fn has_left(messages: &[&FoldMessage]) -> bool {
    let by_people = messages.iter().any(|m| m.origin == Origin::Human);
    !messages.is_empty() && messages.iter().all(|m| m.gone || (by_people && m.origin != Origin::Human))
}

fn arrival(message: &FoldMessage) -> Arrival<'_> {
    (message.arrived.seconds(), &message.id)
}

#[cfg(test)]
#[path = "laws_tests.rs"]
mod laws;
#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
