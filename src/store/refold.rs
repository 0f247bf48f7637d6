//! A conversation's row made from its messages and records; the counts move by the difference between the old row and the new one.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::brief::{Brief, fold_messages};
use super::code::Code;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::{Facts, hash};
use super::line::{Line, end_pending, read_line};
use super::mailed::Mailed;
use super::record::{self, Kept};
use super::undone::{self, Judged, Undos};
use crate::model::ids::{ConversationId, Handle, OpId};
use crate::model::status::Status;
use crate::op::fold::{self, State};
use crate::op::record::Record;
use crate::query::{Side, TWIN_VERSION, indexed_text};

/// The most people kept of one conversation for search.
const PEOPLE_MAX: usize = 2000;

#[cfg(test)]
thread_local! {
    /// Conversations folded with their records: what the work is measured by.
    pub(super) static FOLDS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// A conversation folded.
pub(super) struct Folded {
    /// Its records, undos left out, in the order of the fold.
    pub records: Vec<(Rc<Kept>, Record)>,
    pub state: State,
    /// Who last took back each record that is taken back, where it was folded to be read.
    undone_by: HashMap<OpId, Handle>,
    undos_wait: bool,
}

impl Folded {
    /// Tells who last took back a record that is taken back.
    pub(super) fn undone_by(&self, record: OpId) -> Option<&Handle> {
        self.undone_by.get(&record)
    }

    /// Tells whether any record, undos among them, has no place on its log.
    pub(super) fn waits(&self) -> bool {
        self.undos_wait || self.records.iter().any(|(kept, _)| kept.place.is_none())
    }
}

/// Folds a conversation of these messages with its records, asked of `undos` what is to be asked.
fn fold_with_records(
    tx: &Transaction<'_>,
    conversation: i64,
    briefs: &[Brief],
    cache: &mut HashMap<i64, Rc<Kept>>,
    undos: Undos,
) -> Result<(Folded, Judged), StoreError> {
    #[cfg(test)]
    FOLDS.set(FOLDS.get() + 1);
    let here: HashSet<&str> = briefs.iter().map(|brief| brief.id.as_str()).collect();
    let (mut records, absent) = record::with_absent(tx, conversation, &here, cache)?;
    let judged = undone::judged(tx, conversation, &records, undos)?;
    judged.put_in_order(&mut records);
    let with_word = records.iter().map(|(kept, record)| (record, !judged.undone.contains_key(&kept.seq)));
    let state = fold::fold_judged(&fold_messages(briefs), &absent, with_word);
    Ok((Folded { records, state, undone_by: HashMap::new(), undos_wait: judged.waits }, judged))
}

/// Folds a conversation from what is kept. Returns also its messages, hidden ones left out, in the order of their arrival.
pub(super) fn fold_conversation(tx: &Transaction<'_>, conversation: i64) -> Result<(Vec<Facts>, Folded), StoreError> {
    let mut facts = Facts::of_conversation(tx, conversation)?;
    facts.retain(|f| !f.hidden);
    let briefs: Vec<Brief> = facts.iter().map(Facts::brief).collect();
    let cache = &mut HashMap::new();
    let (mut folded, judged) = fold_with_records(tx, conversation, &briefs, cache, Undos::SomeKept)?;
    folded.undone_by = judged.who(tx, &folded.records, cache)?;
    Ok((facts, folded))
}

/// Folds one conversation of many that share records, each of which is read once, from no more of its messages than the fold needs.
pub(super) fn fold_one_of_many(
    tx: &Transaction<'_>,
    conversation: i64,
    cache: &mut HashMap<i64, Rc<Kept>>,
    undos: Undos,
) -> Result<(Vec<Brief>, Folded), StoreError> {
    let briefs = Brief::of_conversation(tx, conversation)?;
    let (mut folded, judged) = fold_with_records(tx, conversation, &briefs, cache, undos)?;
    folded.undone_by = judged.who(tx, &folded.records, cache)?;
    Ok((briefs, folded))
}

fn with_briefs(facts: Vec<Facts>) -> (Option<Vec<Facts>>, Vec<Brief>) {
    let briefs = facts.iter().map(Facts::brief).collect();
    (Some(facts), briefs)
}

impl Batch<'_> {
    /// Folds a conversation again and writes its row, side tables and counts. `mail` says that messages changed: else only what the fold
    /// needs of them is read, unless a report is among them.
    pub(super) fn refold(&mut self, conversation: i64, mail: bool) -> Result<(), StoreError> {
        #[cfg(test)]
        {
            self.work.0 += 1;
        }
        let fresh = self.fresh.contains(&conversation);
        let mut before = if fresh { None } else { read_line(self.tx, conversation)? };
        if let (Some(before), Some(id)) = (&mut before, self.displaced.remove(&conversation)) {
            before.id = id;
        }
        let (facts, briefs) = match &before {
            Some(_) if !mail => self.briefs_of(conversation)?,
            _ => with_briefs(self.facts_of(conversation)?),
        };
        let folded = self.fold(conversation, &briefs)?;
        let root = match (self.roots.get(&conversation), &before, briefs.first()) {
            (Some(root), ..) => root.clone(),
            (None, Some(before), _) => before.root.clone(),
            (None, None, Some(first)) => first.id.clone(),
            (None, None, None) => return Ok(()),
        };
        let mailed = match (&facts, &before) {
            (None, Some(before)) => Mailed::as_before(before, &briefs),
            (facts, _) => Mailed::of(facts.as_deref().unwrap_or_default(), &root),
        };
        let line = mailed.map(|mailed| Line::of(mailed, &folded, &root, self.now));
        self.lost.extend(folded.state.lost.iter().filter(|lost| self.made.contains(&lost.id)).cloned());
        self.count(before.as_ref(), line.as_ref());
        if let Some(before) = before.as_ref().filter(|before| line.as_ref().is_none_or(|line| line.id != before.id)) {
            self.leave_id(conversation, before)?;
        }
        let Some(line) = line else { return self.remove(conversation, before.is_some()) };
        if before.as_ref().is_none_or(|before| before.id != line.id) {
            self.take_id(conversation, &line.id)?;
        }
        if let Some(before) = before.as_ref().filter(|b| b.inbox != line.inbox && self.moving.contains(&conversation)) {
            self.queue_moves(conversation, &before.inbox, &line.inbox)?;
        }
        self.note_opened(&line, &briefs);
        if let Some(assignee) = before.as_ref().and_then(|before| closed_by_leaving(before, &line)) {
            self.note_departed(&line.id, &assignee)?;
        }
        self.fresh.remove(&conversation);
        line.write(self.tx, conversation, before.as_ref())?;
        self.write_news(conversation, &folded, &line)?;
        if let Some(facts) = facts.filter(|_| mail || before.is_none()) {
            write_people(self.tx, conversation, &facts, fresh)?;
            if self.has_related()? {
                self.recounted.insert(conversation);
            }
        }
        self.write_notes(conversation, &folded, before.as_ref().is_some_and(|b| b.notes > 0))
    }

    /// Returns the messages of a conversation, hidden ones left out; those at hand need not be read.
    fn facts_of(&mut self, conversation: i64) -> Result<Vec<Facts>, StoreError> {
        let mut facts = match self.alone.remove(&conversation) {
            Some(facts) => vec![facts],
            None => Facts::of_conversation(self.tx, conversation)?,
        };
        facts.retain(|f| !f.hidden);
        Ok(facts)
    }

    /// Returns what the fold needs of the messages of a conversation, and all of them only where one says what became of another.
    fn briefs_of(&mut self, conversation: i64) -> Result<(Option<Vec<Facts>>, Vec<Brief>), StoreError> {
        let briefs = Brief::of_conversation(self.tx, conversation)?;
        if briefs.iter().any(Brief::is_report) {
            return Ok(with_briefs(self.facts_of(conversation)?));
        }
        Ok((None, briefs))
    }

    fn fold(&mut self, conversation: i64, briefs: &[Brief]) -> Result<Folded, StoreError> {
        if self.has_targets()? {
            let undos = self.undos()?;
            if self.unjudged.remove(&conversation) && undos == Undos::SomeKept {
                undone::forget(self.tx, conversation)?;
            }
            let (folded, judged) = fold_with_records(self.tx, conversation, briefs, &mut self.kept, undos)?;
            if judged.keep(self.tx, conversation)? {
                self.undone_is_kept();
            }
            return Ok(folded);
        }
        let state = fold::fold(&fold_messages(briefs), &Default::default(), &[]);
        Ok(Folded { records: Vec::new(), state, undone_by: HashMap::new(), undos_wait: false })
    }

    /// Tells what changed, and moves the counts by the difference.
    fn count(&mut self, before: Option<&Line>, line: Option<&Line>) {
        self.changed.extend(before.into_iter().chain(line).map(|line| line.id.clone()));
        if before == line {
            return;
        }
        for (line, n) in [(before, -1), (line, 1)] {
            for name in line.map(Line::contributions).unwrap_or_default() {
                self.tally(name, n);
            }
        }
    }

    /// Notes that a conversation has its id no more, and the message that leads to where it is now: its old root, else its first message.
    fn leave_id(&mut self, conversation: i64, before: &Line) -> Result<(), StoreError> {
        let anchor = match self.conversation_of(&before.root)? {
            Some(_) => before.root.clone(),
            None => self.anchors.get(&conversation).map_or_else(|| before.root.clone(), |(_, first)| first.clone()),
        };
        self.left.push((before.id.clone(), anchor));
        Ok(())
    }

    /// Conversations can trade their roots in one commit: one that has the id still, and whose turn comes later, gives it up until then.
    fn take_id(&mut self, conversation: i64, id: &ConversationId) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT rowid FROM conversation WHERE id = ?1 AND rowid <> ?2")?;
        let holder: Option<i64> = find.query_row(params![id.as_str(), conversation], |row| row.get(0)).optional()?;
        if let Some(holder) = holder {
            self.tx.prepare_cached("UPDATE conversation SET id = '~' || rowid WHERE rowid = ?1")?.execute([holder])?;
            self.displaced.insert(holder, id.clone());
        }
        Ok(())
    }

    /// Keeps former ids resolving; drafts and outgoing mail follow the mail to its new id. An id that another conversation has taken over
    /// is none of the former ones: where the mail went that it stood for, it went too.
    pub(super) fn follow_ids(&mut self) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT c.id FROM member m JOIN conversation c ON c.rowid = m.conversation WHERE m.message_id = ?1",
        )?;
        for (from, anchor) in std::mem::take(&mut self.left) {
            let to: Option<String> = find.query_row([anchor.as_str()], |row| row.get(0)).optional()?;
            if to.as_deref() == Some(from.as_str()) {
                continue;
            }
            self.keep_alias(&from, &anchor)?;
            let Some(to) = to else { continue };
            for sql in [
                "UPDATE draft SET conversation = ?2 WHERE conversation = ?1",
                "UPDATE outgoing SET conversation = ?2 WHERE conversation = ?1",
                "UPDATE OR REPLACE departed SET conversation = ?2 WHERE conversation = ?1",
            ] {
                self.tx.prepare_cached(sql)?.execute([from.as_str(), to.as_str()])?;
            }
        }
        Ok(())
    }

    /// Sees which conversations have nothing more for the log, after records got their places.
    pub(super) fn settle_pending(&mut self) -> Result<(), StoreError> {
        let placed = std::mem::take(&mut self.placed);
        if placed.is_empty() {
            return Ok(());
        }
        let waits = record::any_unplaced(self.tx)?;
        let mut find = self.tx.prepare_cached("SELECT id FROM conversation WHERE rowid = ?1")?;
        for conversation in placed {
            if !waits || !record::has_unplaced(self.tx, conversation)? {
                end_pending(self.tx, conversation)?;
            }
            // Also where others wait still: the time line marks each of them.
            let id = find.query_row([conversation], |row| row.get::<_, String>(0)).optional()?;
            self.changed.extend(id.map(ConversationId::from_kept));
        }
        Ok(())
    }

    fn remove(&mut self, conversation: i64, had_row: bool) -> Result<(), StoreError> {
        if !had_row {
            return Ok(());
        }
        for table in ["tag", "follower", "mention", "person", "lease", "worker", "pending", "news", "mention_looked"] {
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
                notes.insert(-seq, (hash(&[&note.text, TWIN_VERSION]), note.text.as_str()));
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
                    .execute(params![docid, indexed_text(text, false)])?;
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

/// Returns who is to be told that a conversation is closed because its mail left.
fn closed_by_leaving(before: &Line, line: &Line) -> Option<String> {
    let closed = line.gone && !before.gone && before.status != Status::Closed && line.status == Status::Closed;
    line.assignee.clone().filter(|_| closed)
}

fn write_people(tx: &Transaction<'_>, conversation: i64, facts: &[Facts], fresh: bool) -> Result<(), StoreError> {
    let mut all: BTreeMap<(String, Side), String> = BTreeMap::new();
    for fact in facts {
        let envelope = &fact.envelope;
        // Who wrote it, though it may bear another's name, and whose name it bears.
        let from = fact.authors().into_iter().chain(&envelope.from).chain(&envelope.sender).map(|a| (a, Side::Author));
        let to = envelope.to.iter().chain(&envelope.cc).map(|a| (a, Side::Recipient));
        for (address, role) in from.chain(to) {
            if all.len() >= PEOPLE_MAX {
                break;
            }
            let name = all.entry((address.key(), role)).or_default();
            if name.is_empty() && !address.name.is_empty() {
                *name = indexed_text(&address.name, false);
            }
        }
    }
    if !fresh {
        tx.prepare_cached("DELETE FROM conversation_person WHERE conversation = ?1")?.execute([conversation])?;
    }
    let mut insert =
        tx.prepare_cached("INSERT INTO conversation_person (conversation, email, role, name) VALUES (?1, ?2, ?3, ?4)")?;
    for ((email, role), name) in &all {
        insert.execute(params![conversation, email, Code(*role), name])?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "refold_tests.rs"]
mod tests;
