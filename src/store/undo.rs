//! Taking back and bringing back what was done, across restarts: the log itself remembers.

use std::collections::{BTreeMap, BTreeSet};

use super::connection::Transaction;
use super::record::{self, Kept};
use super::tell::{say_moment, with_names};
use super::types::{Committed, Takeback, Undone};
use super::{
    Store, StoreError,
    batch::{Batch, conversation_of},
    commit::append_new,
    list::row_by_number,
    undone,
};
use crate::model::ids::{ConversationId, Handle, MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::describe::{self, Names};
use crate::op::operation::Known;
use crate::op::record::{Author, Record};
use crate::op::undo;
use crate::text;

/// How many of the own newest records are looked through.
const LOOKED_AT_MAX: i64 = 2000;
/// The most conversations that are named of what was taken back.
const LISTED_MAX: usize = 50;
/// The most characters of a name.
const NAME_MAX: usize = 40;

impl Store {
    /// Takes back the newest own command that can be taken back; `None` where there is none.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn undo(&self) -> Result<Option<Undone>, StoreError> {
        self.take_back(|tx, me| {
            let mut past = None;
            for (kept, active) in newest_own(tx, me)? {
                let done = kept.record.known().filter(|known| known.is_undoable() || is_erasure(known));
                past = past.or(done.map(is_erasure));
                let plain = kept.record.known().is_some_and(|k| k.is_undoable() && !matches!(k, Known::Undo { .. }));
                if plain && active {
                    let of = kept.record.command();
                    return Ok(Some(Choice { of, past_erasure: past == Some(true) }));
                }
            }
            Ok(None)
        })
    }

    /// Brings back what the newest own undo took back, unless something was done since.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn redo(&self) -> Result<Option<Undone>, StoreError> {
        self.take_back(|tx, me| {
            for (kept, active) in newest_own(tx, me)? {
                match kept.record.known() {
                    Some(Known::Undo { of }) if active && !is_redo(tx, *of)? => {
                        return Ok(Some(Choice::plain(kept.record.command())));
                    }
                    Some(known) if known.is_undoable() && !matches!(known, Known::Undo { .. }) => return Ok(None),
                    _ => {}
                }
            }
            Ok(None)
        })
    }

    /// Takes back one record, or a batch, whoever made it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn undo_operation(&self, of: OpId) -> Result<Takeback, StoreError> {
        let refused = self.read(|tx| {
            let known = record::of_id(tx, of)?;
            let Some(first) = known.first() else { return Ok(Some(Takeback::Unknown)) };
            let what = with_names(tx, |names| describe::describe(&first.record, 1, names));
            let said = text::sentence(&what, &say_moment);
            if !known.iter().any(|kept| kept.record.known().is_some_and(Known::is_undoable)) {
                return Ok(Some(Takeback::Never(said)));
            }
            let active = undone::with_active(tx, &known.iter().map(|kept| kept.seq).collect())?;
            let can = |kept: &Kept| kept.record.known().is_some_and(Known::is_undoable);
            let gone = active.iter().filter(|(kept, _)| can(kept)).all(|(_, active)| !active);
            Ok(gone.then_some(Takeback::Already(said)))
        })?;
        match refused {
            Some(refused) => Ok(refused),
            None => Ok(self
                .take_back(|_, _| Ok(Some(Choice::plain(of))))?
                .map_or(Takeback::Unknown, |undone| Takeback::Done(Box::new(undone)))),
        }
    }

    fn take_back(
        &self,
        choose: impl FnOnce(&Transaction<'_>, &Handle) -> Result<Option<Choice>, StoreError>,
    ) -> Result<Option<Undone>, StoreError> {
        let author = self.author();
        let (done, change, lost) = self.change(|batch| {
            let Some(Choice { of, past_erasure }) = choose(batch.tx, &author.actor)? else { return Ok(None) };
            let by_account = whole_of(batch, of)?;
            // Each undo goes to the log of what it takes back, so that whoever saw that sees this.
            let undone = |(account, taken): (&String, &Vec<Record>)| Some((account.clone(), undo::undo_of(taken)?));
            let operations: Vec<_> = by_account.iter().filter_map(undone).collect();
            if operations.is_empty() {
                return Ok(None);
            }
            let records = append_new(batch, author, operations)?;
            let taken: Vec<Record> = by_account.into_values().flatten().collect();
            Ok(Some((taken, past_erasure, records)))
        })?;
        let Some((taken, past_erasure, records)) = done else { return Ok(None) };
        let (about, undone, notice) = self.read(|tx| {
            // As they stand by now: a merge that is taken back leaves two.
            let about = about(tx, &taken, author)?;
            let (undone, notice) = with_names(tx, |names| {
                let undone = describe::undone(&taken, names);
                let notice = text::undo_notice(&undone, &say_moment);
                let notice = match past_erasure {
                    true => text::past_erasure(&notice, only_subject(&taken, names).as_deref()),
                    false => notice,
                };
                (undone, notice)
            });
            Ok((about, undone, notice))
        })?;
        let About { known: about, more } = about;
        let mut commands: Vec<OpId> = taken.iter().map(Record::command).collect();
        commands.sort();
        commands.dedup();
        let committed = Committed { records, change, lost };
        Ok(Some(Undone { notice, undone, past_erasure, about, more, commands, committed }))
    }
}

/// The conversations that records are about.
struct About {
    /// The first of them, by name.
    known: Vec<(ConversationId, String)>,
    /// How many more there are.
    more: usize,
}

/// Returns which conversations records are about.
fn about(tx: &Transaction<'_>, taken: &[Record], author: &Author) -> Result<About, StoreError> {
    let now = author.clock.now();
    let (mut seen, mut known) = (BTreeSet::new(), Vec::new());
    for target in taken.iter().flat_map(|record| &record.on) {
        let Some(number) = conversation_of(tx, &target.on)? else { continue };
        if seen.insert(number)
            && known.len() < LISTED_MAX
            && let Some(row) = row_by_number(tx, number, now, &author.actor)?
        {
            let who = SafeText::line_max(row.people.as_str(), NAME_MAX);
            known.push((row.id, format!("{who} {}", row.short)));
        }
    }
    Ok(About { more: seen.len().saturating_sub(known.len()), known })
}

/// What is to be taken back.
struct Choice {
    of: OpId,
    /// Whether the newest thing that was done is an erasure, which stays: who wants that back must read so.
    past_erasure: bool,
}

impl Choice {
    fn plain(of: OpId) -> Self {
        Self { of, past_erasure: false }
    }
}

fn is_erasure(known: &Known) -> bool {
    matches!(known, Known::Erase { .. })
}

/// Returns the subject of the conversation that records are about, if it is one.
fn only_subject(taken: &[Record], names: Names<'_>) -> Option<String> {
    let about: BTreeSet<&MessageId> = taken.iter().flat_map(|record| &record.on).map(|target| &target.on).collect();
    let mut about = about.into_iter();
    let (first, more) = (about.next()?, about.next());
    more.is_none().then(|| (names.subject)(first)).flatten()
}

/// Returns the records of an id, or of a batch, with their targets, by account.
fn whole_of(batch: &Batch<'_>, of: OpId) -> Result<BTreeMap<String, Vec<Record>>, StoreError> {
    let mut all: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for kept in record::of_id(batch.tx, of)? {
        all.entry(kept.account).or_default().extend(record::whole(batch.tx, kept.seq)?);
    }
    Ok(all)
}

/// Returns the own newest records, newest first, and whether each counts. What a worker took or gave back is no command of a person: that
/// is given back, or taken again, and what was done before stays within reach of one undo.
fn newest_own(tx: &Transaction<'_>, me: &Handle) -> Result<Vec<(Kept, bool)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT seq FROM record WHERE actor = ?1 ORDER BY seq DESC LIMIT ?2")?;
    let seqs = find
        .query_map(rusqlite::params![me.as_str(), LOOKED_AT_MAX], |row| row.get(0))?
        .collect::<Result<BTreeSet<i64>, _>>()?;
    let mut all = undone::with_active(tx, &seqs)?;
    let is_lease = |kept: &Kept| matches!(kept.record.known(), Some(Known::Lease { .. }));
    let leases: BTreeSet<OpId> =
        all.iter().filter(|(kept, _)| is_lease(kept)).filter_map(|(kept, _)| kept.record.batch).collect();
    all.retain(|(kept, _)| kept.record.batch.is_none_or(|batch| !leases.contains(&batch)));
    all.sort_by_key(|(kept, _)| std::cmp::Reverse(kept.seq));
    Ok(all)
}

/// Tells whether what an undo took back was itself an undo.
fn is_redo(tx: &Transaction<'_>, of: OpId) -> Result<bool, StoreError> {
    let behind = record::of_id(tx, of)?;
    Ok(!behind.is_empty() && behind.iter().all(|kept| matches!(kept.record.known(), Some(Known::Undo { .. }))))
}
