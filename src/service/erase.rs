//! Erasing for good: what it would reach, who would not follow, and the records that do it.
//!
//! What a plan names is what was shown: mail that comes meanwhile is not erased with it. Nothing of it can be undone.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId, OpId};
use crate::op::operation::{Known, TARGETS_MAX, Target};
use crate::op::record::NewOperation;
use crate::store::{Committed, ErasedMail, ErasedRecord, Reach, SharedMail, Store, Writer, Writing};

/// How [`crate::op::record::BY`] begins.
const PROGRAM: &str = "postroom/";
/// The first version that knows what was erased.
const KNOWN_SINCE: (u32, u32, u32) = (0, 2, 0);
/// Whose records are older than this, in milliseconds, is not waited for.
const LATELY: i64 = 30 * Timestamp::DAY;

/// What is to be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Whole conversations: their mails, and the words of their records.
    pub conversations: Vec<ConversationId>,
    /// Single mails.
    pub messages: Vec<MessageId>,
    /// Single records, such as a note; edits of a note go with it.
    pub records: Vec<OpId>,
}

/// What an erasure reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "commit it, or show it"]
pub struct ErasePlan {
    /// By the account on whose log it is told.
    reaches: BTreeMap<String, Reach>,
    /// What is being written there, by agents of this store.
    pub writing: Writing,
    /// Clients that wrote lately and don't know what was erased: the words stay there until they are replaced.
    pub outdated: Vec<Writer>,
    /// Records that were named and whose words are gone already.
    pub gone: Vec<OpId>,
}

/// Works out what an erasure reaches.
///
/// # Errors
/// When the store can't be read.
pub fn plan(store: &Store, wanted: &Wanted) -> Result<ErasePlan, UserError> {
    let mut reaches = store.reach_of(&wanted.conversations)?;
    for id in &wanted.messages {
        add(&mut reaches, store.reach_of_message(id)?);
    }
    let erased =
        if wanted.records.is_empty() { BTreeSet::new() } else { store.erased_records()?.into_iter().collect() };
    let (gone, there): (Vec<OpId>, Vec<OpId>) = wanted.records.iter().partition(|id| erased.contains(*id));
    for id in &there {
        add(&mut reaches, store.reach_of_record(*id)?);
    }
    let since = store.author().clock.now().plus(-LATELY);
    let mut outdated = store.writers_since(since)?;
    outdated.retain(|writer| !knows(writer.by.as_deref()));
    Ok(ErasePlan { reaches, writing: store.writing_in(&wanted.conversations)?, outdated, gone })
}

fn add(all: &mut BTreeMap<String, Reach>, more: BTreeMap<String, Reach>) {
    for (account, reach) in more {
        let known = all.entry(account).or_default();
        known.targets.extend(reach.targets);
        known.mails.extend(reach.mails);
        known.records.extend(reach.records);
    }
}

/// Tells whether what wrote a record knows what was erased.
fn knows(by: Option<&str>) -> bool {
    let Some(version) = by.and_then(|by| by.strip_prefix(PROGRAM)) else { return false };
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= KNOWN_SINCE
}

impl ErasePlan {
    /// Returns the mails, each once.
    pub fn mails(&self) -> Vec<&ErasedMail> {
        let mut seen = BTreeSet::new();
        let mut mails: Vec<&ErasedMail> =
            self.reaches.values().flat_map(|reach| &reach.mails).filter(|mail| seen.insert(&mail.id)).collect();
        mails.sort_by_key(|mail| (mail.at, &mail.id));
        mails
    }

    /// Returns the mails that stay though they bear the Message-ID of one that goes: whoever named that one may not know of them.
    pub fn sharing_ids(&self) -> BTreeMap<&MessageId, Vec<&SharedMail>> {
        let mails = self.mails();
        let go: BTreeSet<&MessageId> = mails.iter().map(|mail| &mail.id).collect();
        let mut by: BTreeMap<&MessageId, Vec<&SharedMail>> = BTreeMap::new();
        for (bears, others) in mails.iter().map(|mail| &mail.shares) {
            let known = by.entry(bears).or_default();
            known.extend(others.iter().filter(|other| !go.contains(&other.id)));
            known.sort_by_key(|other| (other.at, &other.id));
            known.dedup();
        }
        by.retain(|_, others| !others.is_empty());
        by
    }

    /// Returns the records that hold words, each once; those that say the same of conversations that stay keep them.
    pub fn records(&self) -> Vec<&ErasedRecord> {
        let mut seen = BTreeSet::new();
        self.reaches.values().flat_map(|reach| &reach.records).filter(|record| seen.insert(record.id)).collect()
    }

    /// Tells whether there is nothing to erase.
    pub fn is_empty(&self) -> bool {
        self.mails().is_empty() && self.records().iter().all(|record| record.shared)
    }

    /// Commits it: the words go from this store at once, from servers and from colleagues' stores as they are reached.
    ///
    /// # Errors
    /// While a mail of these conversations is on its way out; when the store can't be written.
    pub fn carry_out(self, store: &Store) -> Result<Committed, UserError> {
        if self.writing.leaving > 0 {
            let what = phrase!("erase-while-sending", count = self.writing.leaving);
            return Err(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-erase-while-sending")));
        }
        let mut operations = Vec::new();
        for reach in self.reaches.into_values() {
            let on: Vec<Target> = reach.targets.into_iter().map(Target::on).collect();
            let ids = |mail: ErasedMail| mail.copies.into_iter().chain([mail.id]);
            let messages: BTreeSet<MessageId> = reach.mails.into_iter().flat_map(ids).collect();
            let records: BTreeSet<OpId> =
                reach.records.into_iter().filter(|record| !record.shared).map(|record| record.id).collect();
            for op in erasures(records, messages) {
                operations.push(NewOperation::new(op, on.clone()));
            }
        }
        Ok(store.commit(operations)?)
    }
}

/// Makes operations within bounds.
fn erasures(records: BTreeSet<OpId>, messages: BTreeSet<MessageId>) -> Vec<Known> {
    if records.len().saturating_add(messages.len()) <= TARGETS_MAX {
        return vec![Known::Erase { records, messages }];
    }
    let records: Vec<OpId> = records.into_iter().collect();
    let messages: Vec<MessageId> = messages.into_iter().collect();
    let of_records = records.chunks(TARGETS_MAX);
    let of_records =
        of_records.map(|ids| Known::Erase { records: ids.iter().copied().collect(), messages: BTreeSet::new() });
    let of_messages = messages.chunks(TARGETS_MAX);
    let of_messages =
        of_messages.map(|ids| Known::Erase { records: BTreeSet::new(), messages: ids.iter().cloned().collect() });
    of_records.chain(of_messages).collect()
}

#[cfg(test)]
#[path = "erase_tests.rs"]
mod tests;
