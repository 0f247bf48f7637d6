//! A conversation's row made from its messages and records; the counts move by the difference between the old row and the new one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::{OptionalExtension, Transaction, params};

use super::batch::Batch;
use super::error::StoreError;
use super::facts::{Facts, hash, message_id};
use super::record::{self, Kept};
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::message::{Direction, FoldMessage, Origin, Outcome};
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::op::fold::{self, State};
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::query::fold_text;

/// The most people kept of one conversation for search.
const PEOPLE_MAX: usize = 2000;

/// A conversation folded.
pub(super) struct Folded {
    /// Its messages, hidden ones left out, in the order of their arrival.
    pub facts: Vec<Facts>,
    /// Its records, in the order of the fold.
    pub records: Vec<(Rc<Kept>, Record)>,
    pub state: State,
}

/// Folds a conversation from what is kept. `facts` spares reading the messages where they are at hand.
pub(super) fn fold_conversation(
    tx: &Transaction<'_>,
    conversation: i64,
    facts: Option<Vec<Facts>>,
    with_records: bool,
    cache: &mut HashMap<i64, Rc<Kept>>,
) -> Result<Folded, StoreError> {
    let mut facts = match facts {
        Some(facts) => facts,
        None => Facts::of_conversation(tx, conversation)?,
    };
    facts.retain(|f| !f.hidden);
    let records = if with_records { record::of_conversation(tx, conversation, cache)? } else { Vec::new() };
    let absent = if records.is_empty() { BTreeSet::new() } else { absent(tx, conversation, &facts)? };
    let messages: Vec<FoldMessage> = firsts(&facts).map(Facts::fold_message).collect();
    let refs: Vec<&Record> = records.iter().map(|(_, record)| record).collect();
    let state = fold::fold(&messages, &absent, &refs);
    Ok(Folded { facts, records, state })
}

/// The first of the mails of each Message-ID: the others are shown, but only one speaks.
fn firsts(facts: &[Facts]) -> impl Iterator<Item = &Facts> {
    let mut seen = BTreeSet::new();
    facts.iter().filter(move |f| seen.insert(&f.id))
}

fn absent(tx: &Transaction<'_>, conversation: i64, facts: &[Facts]) -> Result<BTreeSet<MessageId>, StoreError> {
    let here: BTreeSet<&MessageId> = facts.iter().map(|f| &f.id).collect();
    let mut find = tx.prepare_cached("SELECT message_id FROM member WHERE conversation = ?1")?;
    let mut absent = BTreeSet::new();
    for id in find.query_map([conversation], |row| row.get::<_, String>(0))? {
        let id = message_id(&id?);
        if !here.contains(&id) {
            absent.insert(id);
        }
    }
    Ok(absent)
}

/// What the list shows of a conversation: the columns of its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub id: ConversationId,
    pub root: MessageId,
    pub inbox: String,
    pub status: Status,
    pub assignee: Option<String>,
    pub snoozed_until: Option<Timestamp>,
    pub active: bool,
    pub last_at: Timestamp,
    pub first_at: Timestamp,
    pub waiting_since: Option<Timestamp>,
    pub subject: String,
    pub title: Option<String>,
    pub people: String,
    pub snippet: String,
    pub messages: u32,
    pub notes: u32,
    pub attachments: bool,
    pub last_inbound: Option<Timestamp>,
    pub last_outbound: Option<Timestamp>,
    pub tags: BTreeSet<String>,
    pub followers: BTreeSet<String>,
    pub mentions: BTreeSet<String>,
    pub leases: BTreeMap<String, Timestamp>,
    pub pending: bool,
    /// Who sent the mail that came back, where nobody has dealt with that; empty where it is not known.
    pub bounced: Option<String>,
}

impl Line {
    /// Makes the row at `now`; `None` where no message is there to be shown.
    pub(super) fn of(folded: &Folded, root: &MessageId, now: Timestamp) -> Option<Self> {
        let Folded { facts, state, records } = folded;
        let (first, last) = (facts.first()?, facts.last()?);
        let named = facts.iter().find(|f| f.id == *root).unwrap_or(first);
        let status = state.status_at(now);
        let asleep = state.sleeps_at(now);
        let woke = state.snoozed_until.filter(|until| *until <= now);
        let of = |direction| {
            facts.iter().filter(move |f| f.direction == direction && f.origin == Origin::Human).map(|f| f.arrived).max()
        };
        let newest = facts.iter().map(|f| f.arrived).max()?;
        Some(Self {
            id: ConversationId::of_root(root),
            root: root.clone(),
            // Who moved it decides, not the folder that its mail stands in by now.
            inbox: state
                .moved_to
                .as_ref()
                .or(state.moved_from.as_ref())
                .map_or_else(|| inbox(facts, first), |i| i.to_string()),
            status,
            assignee: state.assignee.as_ref().map(|a| a.to_string()),
            snoozed_until: state.snoozed_until.filter(|_| asleep),
            active: status != Status::Closed && !asleep,
            last_at: woke.map_or(newest, |woke| newest.max(woke)),
            first_at: facts.iter().map(|f| f.arrived).min()?,
            waiting_since: state.waiting_since,
            // What was merged into another takes that one's subject, however old it is itself.
            subject: SafeText::line_max(&named.envelope.subject, 300).to_string(),
            title: state.title.clone(),
            people: people(facts),
            snippet: last.snippet.clone(),
            messages: u32::try_from(facts.len()).unwrap_or(u32::MAX),
            notes: u32::try_from(state.notes.len()).unwrap_or(u32::MAX),
            attachments: facts.iter().any(|f| f.attachments),
            last_inbound: of(Direction::Inbound),
            last_outbound: of(Direction::Outbound),
            tags: state.tags.iter().map(ToString::to_string).collect(),
            followers: state.followers.iter().map(ToString::to_string).collect(),
            mentions: state.mentioned.iter().map(ToString::to_string).collect(),
            leases: state.leases.iter().map(|l| (l.agent.to_string(), l.until)).collect(),
            pending: records.iter().any(|(kept, _)| kept.place.is_none()),
            bounced: bounced(folded),
        })
    }

    /// The counts that the row takes part in.
    pub(super) fn contributions(&self) -> Vec<String> {
        let mut names = vec!["all".to_owned()];
        if self.snoozed_until.is_some() {
            names.push("snoozed".into());
        }
        if self.status == Status::Closed {
            names.push("closed".into());
        } else if self.snoozed_until.is_none() {
            names.push(self.status.name().into());
        }
        if self.active {
            match &self.assignee {
                Some(agent) => names.push(format!("mine:{agent}")),
                None => names.push("unassigned".into()),
            }
            names.push(format!("inbox:{}", self.inbox));
            names.extend(self.tags.iter().map(|tag| format!("tag:{tag}")));
        }
        // Names for completion stay known while any conversation carries them, active or not.
        names.extend(self.tags.iter().map(|tag| format!("known-tag:{tag}")));
        names.push(format!("known-inbox:{}", self.inbox));
        names.extend(self.assignee.iter().map(|agent| format!("known-agent:{agent}")));
        names.extend(self.mentions.iter().map(|agent| format!("mention:{agent}")));
        names
    }
}

/// Who sent the mail of ours that a report says did not arrive, unless somebody has said how the conversation stands since it came.
fn bounced(folded: &Folded) -> Option<String> {
    let Folded { facts, state, records } = folded;
    let failed =
        |f: &&Facts| f.origin == Origin::Bounce && f.envelope.fates.iter().any(|fate| fate.outcome == Outcome::Failed);
    let reports = facts.iter().filter(failed).filter(|f| !f.history && !state.has_dealt_with(f.arrived, &f.id));
    let sender = |about: &MessageId| {
        records.iter().find_map(|(_, record)| match record.known() {
            Some(Known::Replied { message, .. }) if message == about => Some(record.actor.to_string()),
            _ => None,
        })
    };
    let ours = |about: &MessageId| facts.iter().any(|f| f.id == *about && f.direction == Direction::Outbound);
    let known = reports.filter_map(|report| {
        let about = report.envelope.about.as_ref()?;
        sender(about).or_else(|| ours(about).then(String::new))
    });
    // One whose sender is known first: that one is told.
    known.max()
}

/// The inbox of the first mail that came from outside, else of the first.
fn inbox(facts: &[Facts], first: &Facts) -> String {
    facts.iter().find(|f| f.direction == Direction::Inbound).unwrap_or(first).inbox.clone()
}

/// The customer's name, and how many more take part.
fn people(facts: &[Facts]) -> String {
    let inbound = facts.iter().filter(|f| f.direction == Direction::Inbound);
    let mut named: Option<&Address> = None;
    let mut all = BTreeSet::new();
    for fact in inbound {
        for from in &fact.envelope.from {
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

impl Batch<'_> {
    /// Folds a conversation again and writes its row, side tables and counts.
    pub(super) fn refold(&mut self, conversation: i64, mail: bool) -> Result<(), StoreError> {
        let fresh = self.fresh.contains(&conversation);
        let before = if fresh { None } else { old_line(self.tx, conversation)? };
        let alone = self.alone.remove(&conversation).map(|facts| vec![facts]);
        let with_records = self.has_targets()?;
        let folded = fold_conversation(self.tx, conversation, alone, with_records, &mut self.kept)?;
        let root = match (self.roots.get(&conversation), &before) {
            (Some(root), _) => root.clone(),
            (None, Some(before)) => before.root.clone(),
            (None, None) => match folded.facts.first() {
                Some(first) => first.id.clone(),
                None => return Ok(()),
            },
        };
        let line = Line::of(&folded, &root, self.now);
        self.lost.extend(folded.state.lost.iter().filter(|lost| self.made.contains(&lost.id)).cloned());
        if let Some(before) = &before {
            self.changed.insert(before.id.clone());
            for name in before.contributions() {
                self.tally(name, -1);
            }
            if line.as_ref().is_none_or(|line| line.id != before.id) {
                let anchor = match self.conversation_of(&before.root)? {
                    Some(_) => before.root.clone(),
                    None => {
                        self.anchors.get(&conversation).map_or_else(|| before.root.clone(), |(_, first)| first.clone())
                    }
                };
                self.keep_alias(&before.id, &anchor)?;
                self.hand_over(&before.id, line.as_ref().map(|l| &l.id), &anchor, conversation)?;
            }
        }
        let Some(line) = line else { return self.remove(conversation, before.is_some()) };
        self.fresh.remove(&conversation);
        if let Some(before) = before.as_ref().filter(|b| b.inbox != line.inbox && self.moving.contains(&conversation)) {
            self.queue_moves(conversation, &before.inbox, &line.inbox)?;
        }
        for name in line.contributions() {
            self.tally(name, 1);
        }
        self.changed.insert(line.id.clone());
        write_line(self.tx, conversation, &line)?;
        write_sides(self.tx, conversation, before.as_ref(), &line)?;
        if mail {
            write_people(self.tx, conversation, &folded.facts, fresh)?;
        }
        self.write_notes(conversation, &folded, before.as_ref().is_some_and(|b| b.notes > 0))
    }

    /// Drafts and outgoing mail follow their conversation to its new id.
    fn hand_over(
        &self,
        from: &ConversationId,
        to: Option<&ConversationId>,
        root: &MessageId,
        conversation: i64,
    ) -> Result<(), StoreError> {
        let to = match to {
            Some(to) => Some(to.to_string()),
            None => match self.conversation_of(root)?.filter(|other| *other != conversation) {
                Some(other) => self.roots.get(&other).map(|root| ConversationId::of_root(root).to_string()),
                None => None,
            },
        };
        let Some(to) = to else { return Ok(()) };
        for sql in [
            "UPDATE draft SET conversation = ?2 WHERE conversation = ?1",
            "UPDATE outgoing SET conversation = ?2 WHERE conversation = ?1",
        ] {
            self.tx.prepare_cached(sql)?.execute([from.as_str(), to.as_str()])?;
        }
        Ok(())
    }

    fn remove(&mut self, conversation: i64, had_row: bool) -> Result<(), StoreError> {
        if !had_row {
            return Ok(());
        }
        for table in ["tag", "follower", "mention", "person", "lease", "pending"] {
            let sql = format!("DELETE FROM conversation_{table} WHERE conversation = ?1");
            self.tx.prepare_cached(&sql)?.execute([conversation])?;
        }
        self.tx.prepare_cached("DELETE FROM conversation WHERE rowid = ?1")?.execute([conversation])?;
        self.forget_notes(conversation, &BTreeMap::new())
    }

    /// Keeps the notes found by search in step with the fold.
    fn write_notes(&mut self, conversation: i64, folded: &Folded, had: bool) -> Result<(), StoreError> {
        if folded.state.notes.is_empty() && !had {
            return Ok(());
        }
        let seqs: HashMap<_, _> = folded.records.iter().map(|(kept, record)| (record.id, kept.seq)).collect();
        let mut notes = BTreeMap::new();
        for note in &folded.state.notes {
            if let Some(seq) = seqs.get(&note.id) {
                notes.insert(-seq, (hash(&[&note.text]), note.text.as_str()));
            }
        }
        self.forget_notes(conversation, &notes)?;
        for (docid, (edition, text)) in &notes {
            let known: Option<i64> = self
                .tx
                .prepare_cached("SELECT edition FROM note_doc WHERE docid = ?1 LIMIT 1")?
                .query_row([docid], |row| row.get(0))
                .optional()?;
            if known != Some(*edition) {
                if known.is_some() {
                    self.tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([docid])?;
                    self.tx
                        .prepare_cached("UPDATE note_doc SET edition = ?2 WHERE docid = ?1")?
                        .execute([docid, edition])?;
                }
                self.tx
                    .prepare_cached("INSERT INTO search (rowid, notes) VALUES (?1, ?2)")?
                    .execute(params![docid, fold_text(text)])?;
            }
            self.tx
                .prepare_cached("INSERT OR IGNORE INTO note_doc (docid, conversation, edition) VALUES (?1, ?2, ?3)")?
                .execute([docid, &conversation, edition])?;
        }
        Ok(())
    }

    fn forget_notes(&mut self, conversation: i64, keep: &BTreeMap<i64, (i64, &str)>) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT docid FROM note_doc WHERE conversation = ?1")?;
        let had = find.query_map([conversation], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        for docid in had.into_iter().filter(|docid| !keep.contains_key(docid)) {
            self.tx
                .prepare_cached("DELETE FROM note_doc WHERE docid = ?1 AND conversation = ?2")?
                .execute([docid, conversation])?;
            self.tx
                .prepare_cached(
                    "DELETE FROM search WHERE rowid = ?1 AND NOT EXISTS (SELECT 1 FROM note_doc WHERE docid = ?1)",
                )?
                .execute([docid])?;
        }
        Ok(())
    }
}

pub(super) fn status_of(number: i64) -> Status {
    usize::try_from(number).ok().and_then(|n| Status::ALL.get(n)).copied().unwrap_or_default()
}

pub(super) fn status_number(status: Status) -> i64 {
    Status::ALL.iter().position(|s| *s == status).and_then(|n| i64::try_from(n).ok()).unwrap_or(0)
}

/// Reads what counts and identity need of the row as it is.
pub(super) fn old_line(tx: &Transaction<'_>, conversation: i64) -> Result<Option<Line>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT id, root, inbox, status, assignee, snoozed_until, active, last_at, first_at, waiting_since, subject, title,
             people, snippet, messages, notes, attachments, last_inbound_at, last_outbound_at, bounced
         FROM conversation WHERE rowid = ?1",
    )?;
    let time = |t: Option<i64>| t.map(Timestamp);
    let line = find
        .query_row([conversation], |row| {
            Ok(Line {
                id: ConversationId::from_kept(row.get::<_, String>(0)?),
                root: message_id(&row.get::<_, String>(1)?),
                inbox: row.get(2)?,
                status: status_of(row.get(3)?),
                assignee: row.get(4)?,
                snoozed_until: time(row.get(5)?),
                active: row.get(6)?,
                last_at: Timestamp(row.get(7)?),
                first_at: Timestamp(row.get(8)?),
                waiting_since: time(row.get(9)?),
                subject: row.get(10)?,
                title: row.get(11)?,
                people: row.get(12)?,
                snippet: row.get(13)?,
                messages: row.get(14)?,
                notes: row.get(15)?,
                attachments: row.get(16)?,
                last_inbound: time(row.get(17)?),
                last_outbound: time(row.get(18)?),
                tags: BTreeSet::new(),
                followers: BTreeSet::new(),
                mentions: BTreeSet::new(),
                leases: BTreeMap::new(),
                pending: false,
                bounced: row.get(19)?,
            })
        })
        .optional()?;
    let Some(mut line) = line else { return Ok(None) };
    line.tags = side(tx, "SELECT tag FROM conversation_tag WHERE conversation = ?1", conversation)?;
    line.followers = side(tx, "SELECT agent FROM conversation_follower WHERE conversation = ?1", conversation)?;
    line.mentions = side(tx, "SELECT agent FROM conversation_mention WHERE conversation = ?1", conversation)?;
    let mut find = tx.prepare_cached("SELECT agent, until FROM conversation_lease WHERE conversation = ?1")?;
    let leases = find.query_map([conversation], |row| Ok((row.get(0)?, Timestamp(row.get(1)?))))?;
    line.leases = leases.collect::<Result<_, _>>()?;
    line.pending = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM conversation_pending WHERE conversation = ?1)")?
        .query_row([conversation], |row| row.get(0))?;
    Ok(Some(line))
}

fn side(tx: &Transaction<'_>, sql: &str, conversation: i64) -> Result<BTreeSet<String>, StoreError> {
    let mut find = tx.prepare_cached(sql)?;
    Ok(find.query_map([conversation], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

fn write_line(tx: &Transaction<'_>, conversation: i64, line: &Line) -> Result<(), StoreError> {
    // Two conversations can trade roots in one commit: the one that comes later gives its id up until its own turn.
    tx.prepare_cached("UPDATE conversation SET id = '~' || rowid WHERE id = ?1 AND rowid <> ?2")?
        .execute(params![line.id.as_str(), conversation])?;
    tx.prepare_cached(
        "INSERT INTO conversation (rowid, id, root, inbox, status, assignee, snoozed_until, active, last_at, first_at,
             waiting_since, subject, title, people, snippet, messages, notes, attachments, last_inbound_at,
             last_outbound_at, bounced)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
         ON CONFLICT (rowid) DO UPDATE SET id = ?2, root = ?3, inbox = ?4, status = ?5, assignee = ?6,
             snoozed_until = ?7, active = ?8, last_at = ?9, first_at = ?10, waiting_since = ?11, subject = ?12,
             title = ?13, people = ?14, snippet = ?15, messages = ?16, notes = ?17, attachments = ?18,
             last_inbound_at = ?19, last_outbound_at = ?20, bounced = ?21",
    )?
    .execute(params![
        conversation,
        line.id.as_str(),
        line.root.as_str(),
        line.inbox,
        status_number(line.status),
        line.assignee,
        line.snoozed_until.map(|t| t.0),
        line.active,
        line.last_at.0,
        line.first_at.0,
        line.waiting_since.map(|t| t.0),
        line.subject,
        line.title,
        line.people,
        line.snippet,
        line.messages,
        line.notes,
        line.attachments,
        line.last_inbound.map(|t| t.0),
        line.last_outbound.map(|t| t.0),
        line.bounced,
    ])?;
    Ok(())
}

fn write_sides(tx: &Transaction<'_>, conversation: i64, before: Option<&Line>, line: &Line) -> Result<(), StoreError> {
    let same_order = before.is_some_and(|b| b.active == line.active && b.last_at == line.last_at && b.id == line.id);
    if before.map_or(!line.tags.is_empty(), |b| b.tags != line.tags || !(same_order || line.tags.is_empty())) {
        tx.prepare_cached("DELETE FROM conversation_tag WHERE conversation = ?1")?.execute([conversation])?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO conversation_tag (conversation, tag, active, last_at, id) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for tag in &line.tags {
            insert.execute(params![conversation, tag, line.active, line.last_at.0, line.id.as_str()])?;
        }
    }
    let none = BTreeSet::new();
    for (table, old, new) in [
        ("follower", before.map_or(&none, |b| &b.followers), &line.followers),
        ("mention", before.map_or(&none, |b| &b.mentions), &line.mentions),
    ] {
        if old != new {
            let delete = format!("DELETE FROM conversation_{table} WHERE conversation = ?1");
            tx.prepare_cached(&delete)?.execute([conversation])?;
            let insert = format!("INSERT INTO conversation_{table} (conversation, agent) VALUES (?1, ?2)");
            let mut insert = tx.prepare_cached(&insert)?;
            for agent in new {
                insert.execute(params![conversation, agent])?;
            }
        }
    }
    if before.map_or(!line.leases.is_empty(), |b| b.leases != line.leases) {
        tx.prepare_cached("DELETE FROM conversation_lease WHERE conversation = ?1")?.execute([conversation])?;
        let mut insert = tx.prepare_cached(
            "INSERT OR REPLACE INTO conversation_lease (conversation, agent, until) VALUES (?1, ?2, ?3)",
        )?;
        for (agent, until) in &line.leases {
            insert.execute(params![conversation, agent, until.0])?;
        }
    }
    if before.is_some_and(|b| b.pending) != line.pending {
        let sql = if line.pending {
            "INSERT OR IGNORE INTO conversation_pending (conversation) VALUES (?1)"
        } else {
            "DELETE FROM conversation_pending WHERE conversation = ?1"
        };
        tx.prepare_cached(sql)?.execute([conversation])?;
    }
    Ok(())
}

fn write_people(tx: &Transaction<'_>, conversation: i64, facts: &[Facts], fresh: bool) -> Result<(), StoreError> {
    let mut all: BTreeMap<(String, i64), String> = BTreeMap::new();
    for fact in facts {
        let envelope = &fact.envelope;
        let from = envelope.from.iter().chain(&envelope.sender).map(|a| (a, 0));
        let to = envelope.to.iter().chain(&envelope.cc).map(|a| (a, 1));
        for (address, role) in from.chain(to) {
            if all.len() >= PEOPLE_MAX {
                break;
            }
            let name = all.entry((address.key(), role)).or_default();
            if name.is_empty() && !address.name.is_empty() {
                *name = fold_text(&address.name);
            }
        }
    }
    if !fresh {
        tx.prepare_cached("DELETE FROM conversation_person WHERE conversation = ?1")?.execute([conversation])?;
    }
    let mut insert =
        tx.prepare_cached("INSERT INTO conversation_person (conversation, email, role, name) VALUES (?1, ?2, ?3, ?4)")?;
    for ((email, role), name) in &all {
        insert.execute(params![conversation, email, role, name])?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "bounce_tests.rs"]
mod tests;
