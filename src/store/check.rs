//! Compares what is kept with what can be computed from messages and records. For tests and for whoever doubts a store.

use std::collections::BTreeMap;

use super::connection::Transaction;
use super::line::{Line, read_line};
use super::mailed::Mailed;
use super::refold::fold_conversation;
use super::undone::{self, Undos};
use super::{Store, StoreError};
use crate::model::clock::Timestamp;

/// The most complaints that are told.
const TOLD_MAX: usize = 100;

impl Store {
    /// Folds every conversation anew and returns where the kept rows and counts differ, each a sentence; nothing where all is well.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let now = self.author().clock.now();
        self.read(|tx| {
            let mut wrong = Vec::new();
            let mut find =
                tx.prepare("SELECT conversation FROM message WHERE hidden = 0 UNION SELECT rowid FROM conversation")?;
            let numbers = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            let mut tally: BTreeMap<String, i64> = BTreeMap::new();
            for number in numbers {
                for name in check_row(tx, number, now, &mut wrong)? {
                    *tally.entry(name).or_insert(0) += 1;
                }
            }
            let to_push: i64 = tx.query_row("SELECT count(*) FROM record WHERE epoch IS NULL", [], |row| row.get(0))?;
            if to_push > 0 {
                tally.insert("to-push".into(), to_push);
            }
            let mut find = tx.prepare("SELECT name, n FROM tally")?;
            let kept: BTreeMap<String, i64> =
                find.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            for name in tally.keys().chain(kept.keys()) {
                let (counted, kept) = (tally.get(name).copied().unwrap_or(0), kept.get(name).copied().unwrap_or(0));
                if counted != kept {
                    wrong.push(format!("count {name}: kept {kept}, counted {counted}"));
                }
            }
            let adrift: i64 = tx.query_row(
                "SELECT count(*) FROM message m LEFT JOIN member b ON b.message_id = m.message_id
                 WHERE b.conversation IS NOT m.conversation",
                [],
                |row| row.get(0),
            )?;
            if adrift > 0 {
                wrong.push(format!("{adrift} messages are in another conversation than their ids"));
            }
            // FTS5 checks its index by the structure that this connection read last, though others have changed it since (fts5IntegrityMethod in
            // SQLite 3.54.1): pages that were merged away are corruption to it then. A cursor has it look anew.
            tx.query_row("SELECT EXISTS (SELECT 1 FROM search WHERE rowid = 0)", [], |_| Ok(()))?;
            let sound: String = tx.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if sound != "ok" {
                wrong.push(format!("the file: {sound}"));
            }
            wrong.truncate(TOLD_MAX);
            Ok(wrong)
        })
    }
}

/// Compares one row; returns the counts that it takes part in.
fn check_row(
    tx: &Transaction<'_>,
    number: i64,
    now: Timestamp,
    wrong: &mut Vec<String>,
) -> Result<Vec<String>, StoreError> {
    let Some(kept) = read_line(tx, number)? else {
        wrong.push(format!("conversation {number} has messages but no row"));
        return Ok(Vec::new());
    };
    let (facts, folded) = fold_conversation(tx, number)?;
    let judged = undone::judged(tx, number, &folded.records, Undos::SomeKept)?;
    if judged != undone::found(tx, number, &folded.records)? {
        wrong.push(format!("what is kept of the undos of conversation {} is not what they say", kept.id));
    }
    // What has woken since the row was written is no mistake: `wake` sees to it.
    let at = match kept.snoozed_until {
        Some(until) if until <= now => Timestamp(until.0 - 1),
        _ => now,
    };
    let mut told = Mailed::of(&facts, &kept.root).map(|mailed| Line::of(mailed, &folded, &kept.root, at));
    if kept.as_of.is_none() {
        // A row of before this was kept says nothing of it.
        told.iter_mut().for_each(|told| told.as_of = None);
    }
    if told.as_ref() != Some(&kept) {
        wrong.push(format!("conversation {} is not what its messages and records say", kept.id));
    }
    Ok(kept.contributions())
}
