//! What of the author's own work did not stand once the log of all is known: after a day offline, and after a race of seconds.
//!
//! What waits to be looked at is kept in the store, so that a pass that breaks off in the middle loses no word of it. Only reads the
//! records; whoever runs the pass tells what is found.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::batch::{conversation_of, get_meta, set_meta};
use super::brief::Brief;
use super::code::Code;
use super::connection::Transaction;
use super::folder::last_inbox_pass;
use super::list::row_by_id;
use super::record::{self, Kept};
use super::refold::{Folded, fold_one_of_many};
use super::tell::{say_moment, with_names};
use super::undone::Undos;
use super::{Store, StoreError, undone};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, Handle};
use crate::model::message::{Direction, Origin};
use crate::model::phrase::{Arg, Phrase};
use crate::model::refusal::{Refusal, Refusals};
use crate::model::status::Status;
use crate::op::describe::{self, Names};
use crate::op::fold::State;
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::text;

/// What of an account is still to be looked at, by the numbers of the records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Untold {
    /// The newest record at the last look: what stands behind it is news.
    seen: i64,
    /// Records of the author that were on their way.
    waiting: BTreeSet<i64>,
    /// Those that reached the log while mail that arrived before may still be on the server, and when they did.
    watched: BTreeMap<i64, Timestamp>,
}

impl Untold {
    fn name(account: &AccountId) -> String {
        format!("untold:{account}")
    }

    fn read(tx: &Transaction<'_>, account: &AccountId) -> Result<Option<Self>, StoreError> {
        Ok(get_meta(tx, &Self::name(account))?.and_then(|json| serde_json::from_str(&json).ok()))
    }

    fn write(&self, store: &Store, account: &AccountId) -> Result<(), StoreError> {
        // Numbers in lists and maps always serialise.
        let json = serde_json::to_string(self).unwrap_or_default();
        store.write(|tx| set_meta(tx, &Self::name(account), &json))
    }
}

impl Store {
    /// Remembers what of the author an account's log does not have yet. To be called before a pass over that log.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn remember_waiting(&self, account: &AccountId) -> Result<(), StoreError> {
        let me = &self.author().actor;
        let (before, now) = self.read(|tx| {
            let before = Untold::read(tx, account)?;
            let mut now = match &before {
                Some(before) => before.clone(),
                None => Untold { seen: newest(tx)?, ..Untold::default() },
            };
            let mut find =
                tx.prepare_cached("SELECT seq FROM record WHERE account = ?1 AND epoch IS NULL AND actor = ?2")?;
            for seq in find.query_map([account.as_str(), me.as_str()], |row| row.get(0))? {
                now.waiting.insert(seq?);
            }
            Ok((before, now))
        })?;
        if before.as_ref() == Some(&now) { Ok(()) } else { now.write(self, account) }
    }

    /// Returns what of the author's work does not stand, each once. To be called after a pass over an account's log. Whether the
    /// customer had written meanwhile is said when the mail was looked at since too, which `mail_is_in` vouches for.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn refusals(&self, account: &AccountId, mail_is_in: bool) -> Result<Refusals, StoreError> {
        let me = &self.author().actor;
        let now = self.author().clock.now();
        let Some(before) = self.read(|tx| Untold::read(tx, account))? else { return Ok(Refusals::default()) };
        let (found, after) = self.read(|tx| {
            let mut looking = Looking::new(tx, me, now);
            let mut after = Untold { seen: newest(tx)?, watched: before.watched.clone(), ..Untold::default() };
            looking.taken_back(account, &before)?;
            for seq in &before.waiting {
                match record::by_seq(tx, *seq)? {
                    Some(kept) if kept.place.is_none() => {
                        after.waiting.insert(*seq);
                    }
                    // What somebody else said first under its id was not the author's work.
                    Some(kept) if kept.record.actor != *me => {}
                    Some(kept) => {
                        looking.ask(*seq, None)?;
                        if matches!(kept.record.known(), Some(Known::SetStatus { .. } | Known::Snooze { .. })) {
                            after.watched.insert(*seq, now);
                        }
                    }
                    None => {}
                }
            }
            let passed = last_inbox_pass(tx, account)?;
            for (seq, since) in std::mem::take(&mut after.watched) {
                if mail_is_in || passed.is_some_and(|at| at > since) {
                    looking.ask(seq, Some(since))?;
                } else {
                    after.watched.insert(seq, since);
                }
            }
            looking.answer()?;
            Ok((looking.found, after))
        })?;
        if before != after {
            after.write(self, account)?;
        }
        Ok(found)
    }
}

fn newest(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    Ok(tx.query_row("SELECT coalesce(max(seq), 0) FROM record", [], |row| row.get(0))?)
}

/// One look at what was done.
struct Looking<'a> {
    tx: &'a Transaction<'a>,
    me: &'a Handle,
    now: Timestamp,
    /// Which records were told of which conversation.
    done: BTreeSet<(i64, i64)>,
    found: Refusals,
    /// Records by their numbers: a bulk is looked at once for each of its thousands of conversations.
    cache: HashMap<i64, Rc<Kept>>,
    /// What is asked, in order.
    asked: Vec<Question>,
    /// Which of these the row of a conversation does not answer.
    unsure: BTreeMap<i64, Vec<usize>>,
}

/// Whether a record stands.
struct Question {
    seq: i64,
    /// The record without its targets.
    record: Record,
    /// Against mail that had arrived by then, or else against records.
    until: Option<Timestamp>,
}

impl<'a> Looking<'a> {
    fn new(tx: &'a Transaction<'a>, me: &'a Handle, now: Timestamp) -> Self {
        let (done, found, cache) = (BTreeSet::new(), Refusals::default(), HashMap::new());
        Self { tx, me, now, done, found, cache, asked: Vec::new(), unsure: BTreeMap::new() }
    }

    /// Asks whether a record of the author stands: against the records of others or, with `until`, against mail that had arrived by then.
    /// Of most conversations their rows tell; the others are answered for all records at once.
    fn ask(&mut self, seq: i64, until: Option<Timestamp>) -> Result<(), StoreError> {
        let Some(mut record) = record::whole(self.tx, seq)? else { return Ok(()) };
        let on = std::mem::take(&mut record.on);
        let Some(known) = record.known().filter(|known| !fields(known).is_empty()) else { return Ok(()) };
        let question = self.asked.len();
        for target in &on {
            let Some(conversation) = conversation_of(self.tx, &target.on)? else { continue };
            if self.done.contains(&(conversation, seq)) || row_agrees(self.tx, conversation, known)? {
                continue;
            }
            let questions = self.unsure.entry(conversation).or_default();
            if questions.last() != Some(&question) {
                questions.push(question);
            }
        }
        self.asked.push(Question { seq, record, until });
        Ok(())
    }

    /// Folds each conversation whose row did not tell, once for all that was asked of it: of a day's bulks each names thousands, and all of
    /// them the same.
    fn answer(&mut self) -> Result<(), StoreError> {
        let undos = Undos::of(self.tx)?;
        let asked = std::mem::take(&mut self.asked);
        let mut told = Vec::new();
        for (conversation, questions) in std::mem::take(&mut self.unsure) {
            let (briefs, folded) = fold_one_of_many(self.tx, conversation, &mut self.cache, undos)?;
            for number in questions {
                let Some(Question { record, until, .. }) = asked.get(number) else { continue };
                let Some(known) = record.known() else { continue };
                let why = match until {
                    None => against_records(&folded, record, known, self.me, self.now),
                    Some(until) => against_mail(&briefs, &folded, record, known, *until),
                };
                told.extend(why.map(|why| (number, conversation, why)));
            }
        }
        // As the records were asked for, the work of one after that of another.
        told.sort_by_key(|(number, ..)| *number);
        for (number, conversation, why) in told {
            if let Some(Question { seq, record, .. }) = asked.get(number) {
                self.tell(conversation, *seq, record, why)?;
            }
        }
        Ok(())
    }

    /// Looks what others took back of what the author had done before.
    fn taken_back(&mut self, account: &AccountId, before: &Untold) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT seq FROM record
             WHERE seq > ?1 AND kind = 'undo' AND account = ?2 AND actor <> ?3 AND epoch IS NOT NULL ORDER BY seq",
        )?;
        let undos = find.query_map(params![before.seen, account.as_str(), self.me.as_str()], |row| row.get(0))?;
        let mut taken = Vec::new();
        for seq in undos.collect::<Result<Vec<i64>, _>>()? {
            let Some(undo) = record::by_seq(self.tx, seq)? else { continue };
            let Some(Known::Undo { of }) = undo.record.known() else { continue };
            let here = |kept: &Kept| kept.seq <= before.seen || before.waiting.contains(&kept.seq);
            let mine = record::of_id(self.tx, *of)?.into_iter().filter(|k| k.record.actor == *self.me && here(k));
            taken.push((undo, mine.collect::<Vec<Kept>>()));
        }
        // All at once: undos of undos lie on each other's way.
        let mine: BTreeSet<i64> = taken.iter().flat_map(|(_, mine)| mine).map(|kept| kept.seq).collect();
        let active = undone::with_active(self.tx, &mine)?;
        let active: BTreeSet<i64> =
            active.into_iter().filter(|(_, active)| *active).map(|(kept, _)| kept.seq).collect();
        for (undo, mine) in taken {
            for kept in mine {
                if active.contains(&kept.seq) || self.took_back_myself(&kept)? {
                    continue;
                }
                let Some(record) = record::whole(self.tx, kept.seq)? else { continue };
                for target in &record.on {
                    if let Some(conversation) = conversation_of(self.tx, &target.on)? {
                        let why = phrase!("stands-taken-back", who = undo.record.actor.to_string());
                        self.tell(conversation, kept.seq, &record, why)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn took_back_myself(&self, kept: &Kept) -> Result<bool, StoreError> {
        let mut find =
            self.tx.prepare_cached("SELECT 1 FROM record WHERE undoes IN (?1, ?2) AND actor = ?3 LIMIT 1")?;
        let id = kept.record.id.to_string();
        let batch = kept.record.batch.map_or_else(|| id.clone(), |batch| batch.to_string());
        Ok(find.exists([&id, &batch, self.me.as_str()])?)
    }

    fn tell(&mut self, conversation: i64, seq: i64, record: &Record, why: Phrase) -> Result<(), StoreError> {
        if !self.done.insert((conversation, seq)) {
            return Ok(());
        }
        if self.found.listed.len() >= Refusals::LISTED_MAX {
            self.found.more += 1;
            return Ok(());
        }
        let mut find = self.tx.prepare_cached("SELECT id FROM conversation WHERE rowid = ?1")?;
        let id: Option<String> = find.query_row([conversation], |row| row.get(0)).optional()?;
        let Some(id) = id.map(ConversationId::from_kept) else { return Ok(()) };
        let Some(row) = row_by_id(self.tx, &id, self.now, self.me)? else { return Ok(()) };
        let Some(known) = record.known() else { return Ok(()) };
        let act = with_names(self.tx, |names| describe::act(known, &record.actor, names));
        let did = text::did_phrase(&act, 1, &say_moment);
        self.found.push(Refusal {
            conversation: row.id,
            short: row.short,
            title: row.title,
            operation: record.op.name().to_owned(),
            did,
            why,
        });
        Ok(())
    }
}

/// What the row of a conversation says of what operations write.
struct Stands {
    status: Status,
    assignee: Option<String>,
    inbox: String,
    title: Option<String>,
    snoozed_until: Option<Timestamp>,
}

impl Stands {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            status: row.get::<_, Code<_>>(0)?.0,
            assignee: row.get(1)?,
            inbox: row.get(2)?,
            title: row.get(3)?,
            snoozed_until: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        })
    }
}

/// Tells by the row alone whether a conversation stands as the operation wanted it: most do, and need no fold. Values are compared as
/// what they are, never as what stands for them in a column.
fn row_agrees(tx: &Transaction<'_>, conversation: i64, known: &Known) -> Result<bool, StoreError> {
    let has = |sql: &str, value: &str| -> Result<bool, StoreError> {
        Ok(tx.prepare_cached(sql)?.exists(params![conversation, value])?)
    };
    let tagged = "SELECT 1 FROM conversation_tag WHERE conversation = ?1 AND tag = ?2";
    let mut find =
        tx.prepare_cached("SELECT status, assignee, inbox, title, snoozed_until FROM conversation WHERE rowid = ?1")?;
    let Some(row) = find.query_row([conversation], Stands::read).optional()? else { return Ok(false) };
    Ok(match known {
        Known::Assign { to } => row.assignee.as_deref() == to.as_ref().map(Handle::as_str),
        Known::SetStatus { to } => row.status == *to,
        Known::Snooze { until } => until.is_some() && row.snoozed_until == *until,
        Known::Title { text } => row.title.as_deref().unwrap_or_default() == text.trim(),
        Known::Move { inbox, .. } => row.inbox == inbox.as_str(),
        Known::Follow { who, on } => {
            let follows = "SELECT 1 FROM conversation_follower WHERE conversation = ?1 AND agent = ?2";
            has(follows, who.as_str())? == *on
        }
        Known::Tag { add, remove } => {
            let mut agrees = true;
            for tag in add {
                agrees &= has(tagged, tag.as_str())?;
            }
            for tag in remove.difference(add) {
                agrees &= !has(tagged, tag.as_str())?;
            }
            agrees
        }
        _ => false,
    })
}

/// Tells whether the state is what the operation wanted.
fn agrees(state: &State, known: &Known) -> bool {
    match known {
        Known::Assign { to } => state.assignee == *to,
        Known::SetStatus { to } => state.status == *to,
        Known::Snooze { until } => state.snoozed_until == *until,
        Known::Tag { add, remove } => {
            add.is_subset(&state.tags) && !remove.difference(add).any(|tag| state.tags.contains(tag))
        }
        Known::Title { text } => state.title.as_deref().unwrap_or_default() == text.trim(),
        Known::Move { inbox, .. } => state.moved_to.as_ref() == Some(inbox),
        Known::Follow { who, on } => state.followers.contains(who) == *on,
        Known::EditNote { note, text, .. } => state.notes.iter().all(|n| n.id != *note || n.text == *text),
        _ => true,
    }
}

/// What an operation writes, as the last writer of it: none for what only adds.
fn fields(known: &Known) -> BTreeSet<String> {
    let one = |field: &str| BTreeSet::from([field.to_owned()]);
    match known {
        Known::Assign { .. } => one("assignee"),
        Known::SetStatus { .. } | Known::Snooze { .. } | Known::Replied { then: Some(_), .. } => one("status"),
        Known::Title { .. } => one("title"),
        Known::Move { .. } => one("inbox"),
        Known::Tag { add, remove } => add.iter().chain(remove).map(|tag| format!("#{tag}")).collect(),
        Known::Follow { who, .. } => one(&format!("@{who}")),
        Known::EditNote { note, .. } => one(&note.to_string()),
        _ => BTreeSet::new(),
    }
}

/// Returns the records behind this one, last first, that count and write what it wrote.
fn behind<'a>(folded: &'a Folded, record: &'a Record, known: &Known) -> impl Iterator<Item = (&'a Record, &'a Known)> {
    let mine = fields(known);
    let counts = |id| !folded.state.undone.contains(&id) && folded.state.lost.iter().all(|lost| lost.id != id);
    folded
        .records
        .iter()
        .rev()
        .map(|(_, other)| other)
        .take_while(|other| other.id != record.id)
        .filter(move |other| counts(other.id))
        .filter_map(|other| Some((other, other.known()?)))
        .filter(move |(_, other)| !fields(other).is_disjoint(&mine))
}

/// Says who was first with what the author did, who took it back, or who did otherwise since; `None` where it stands, or gave way to
/// what the author did later.
fn against_records(folded: &Folded, record: &Record, known: &Known, me: &Handle, now: Timestamp) -> Option<Phrase> {
    if agrees(&folded.state, known) || behind(folded, record, known).any(|(other, _)| other.actor == *me) {
        return None;
    }
    if let Some(lost) = folded.state.lost.iter().find(|lost| lost.id == record.id) {
        return Some(match &lost.held_by {
            Some((who, since)) => {
                phrase!("stands-taken-first", who = who.to_string(), ago = Arg::Span { span: now.since(*since) })
            }
            None => phrase!("stands-nobody"),
        });
    }
    if folded.state.undone.contains(&record.id) {
        let undo = folded.undone_by(record.id);
        return undo.filter(|who| *who != me).map(|who| phrase!("stands-taken-back", who = who.to_string()));
    }
    let (other, what) = behind(folded, record, known).next()?;
    let did = text::did_phrase(&describe::act(what, &other.actor, Names::NONE), 1, &say_moment);
    Some(phrase!("stands-then", who = other.actor.to_string(), did = did))
}

/// Says that mail which had arrived `until` then, and which the author had not seen, opened the conversation again.
fn against_mail(briefs: &[Brief], folded: &Folded, record: &Record, known: &Known, until: Timestamp) -> Option<Phrase> {
    let state = &folded.state;
    if agrees(state, known) || state.undone.contains(&record.id) || behind(folded, record, known).next().is_some() {
        return None;
    }
    let ours = |id| {
        folded.records.iter().any(|(_, r)| matches!(r.known(), Some(Known::Replied { message, .. }) if message == id))
    };
    let unseen = briefs.iter().rev().find(|f| {
        let speaks = f.origin == Origin::Human && !f.history && !ours(&f.id);
        speaks && !state.has_dealt_with(f.arrived, &f.id) && f.arrived.seconds() <= until.seconds()
    })?;
    let stands = state.status;
    Some(match unseen.direction {
        Direction::Inbound => phrase!("stands-customer", status = stands.name()),
        Direction::Outbound => phrase!("stands-our-mail", status = stands.name()),
    })
}

#[cfg(test)]
#[path = "standing_tests.rs"]
mod tests;
