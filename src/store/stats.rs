//! What reports ask of conversations, from their messages and records.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use rusqlite::params;

use super::brief::{Brief, fold_messages};
use super::code::Code;
use super::connection::Transaction;
use super::conversation::find;
use super::record::{self, Kept};
use super::undone::{self, Undos};
use super::{Store, StoreError};
use crate::model::ids::ConversationId;
use crate::model::message::Authorship;
use crate::model::stats::Stats;
use crate::model::text::SafeText;
use crate::op::record::Record;
use crate::op::stats::stats;

impl Store {
    /// Returns what happened in each of these conversations, in their order; of one that is not here, or no more, nothing. Records that
    /// several of them share are read once, and no mail is opened.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn stats(&self, ids: &[ConversationId]) -> Result<Vec<Stats>, StoreError> {
        self.read(|tx| {
            let mut cache = HashMap::new();
            let mut of = |id| match find(tx, id)? {
                Some((number, _)) => stats_of(tx, number, &mut cache),
                None => Ok(Stats::default()),
            };
            ids.iter().map(&mut of).collect()
        })
    }
}

fn stats_of(tx: &Transaction<'_>, conversation: i64, cache: &mut HashMap<i64, Rc<Kept>>) -> Result<Stats, StoreError> {
    // What another program archived was dealt with from then on, and waited before: when that was, nobody knows.
    let mut briefs = Brief::of_conversation(tx, conversation)?;
    briefs.iter_mut().for_each(|brief| brief.gone |= std::mem::take(&mut brief.archived));
    let here: HashSet<&str> = briefs.iter().map(|brief| brief.id.as_str()).collect();
    let (mut records, absent) = record::with_absent(tx, conversation, &here, cache)?;
    let judged = undone::judged(tx, conversation, &records, Undos::SomeKept)?;
    judged.put_in_order(&mut records);
    let with_word: Vec<(&Record, bool)> =
        records.iter().map(|(kept, record)| (record, !judged.undone.contains_key(&kept.seq))).collect();
    let customers = customers(tx, conversation)?;
    Ok(Stats { customers, ..stats(&fold_messages(&briefs), &absent, &with_word) })
}

fn customers(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<SafeText>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT author FROM message WHERE conversation = ?1 AND hidden = 0 AND author <> '' AND authorship IN (?2, ?3)
         GROUP BY author ORDER BY min(arrived), author",
    )?;
    let by = params![conversation, Code(Authorship::Sender), Code(Authorship::Form)];
    let found = find.query_map(by, |row| row.get::<_, String>(0))?;
    found.map(|author| Ok(SafeText::line_max(&author?, 320))).collect()
}

#[cfg(test)]
#[path = "stats_tests.rs"]
mod tests;
