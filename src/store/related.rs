//! Conversations that may have to do with each other: a message of one names a mail of the other, or an id that nobody holds and that both
//! name; and a notice that went to many, with the conversations of those who answered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::{Facts, id_of};
use super::folder::shown_as;
use super::place::Closure;
use crate::model::conversation::Relation;
use crate::model::ids::{ConversationId, MessageId};
use crate::thread::Threads;

impl Batch<'_> {
    /// Tells whether any conversation names an id that is not of it.
    pub(super) fn has_related(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.has_related {
            return Ok(known);
        }
        let found = self.tx.query_row("SELECT EXISTS (SELECT 1 FROM related)", [], |row| row.get(0))?;
        self.has_related = Some(found);
        Ok(found)
    }

    /// Tells whether an id is named by a conversation that it does not belong to.
    pub(super) fn is_shared(&mut self, id: &MessageId) -> Result<bool, StoreError> {
        if !self.has_related()? {
            return Ok(false);
        }
        let mut find = self.tx.prepare_cached("SELECT 1 FROM related WHERE message_id = ?1 LIMIT 1")?;
        Ok(find.exists([id.as_str()])?)
    }

    /// Returns the conversations that name an id which does not belong to them.
    pub(super) fn naming(&mut self, id: &MessageId) -> Result<BTreeSet<i64>, StoreError> {
        if !self.has_related()? {
            return Ok(BTreeSet::new());
        }
        let mut find = self.tx.prepare_cached("SELECT conversation FROM related WHERE message_id = ?1")?;
        Ok(find.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Returns those of one of these classes.
    pub(super) fn namers(&mut self, id: &MessageId, classes: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let mut find =
            self.tx.prepare_cached("SELECT conversation FROM related WHERE message_id = ?1 AND class = ?2")?;
        let mut all = BTreeSet::new();
        for class in classes {
            for conversation in find.query_map(params![id.as_str(), class], |row| row.get(0))? {
                all.insert(conversation?);
            }
        }
        Ok(all)
    }

    /// Returns the conversations of the same customers that name a message of this one. Others can't become one with it.
    pub(super) fn linking(&mut self, conversation: i64, facts: &[Facts]) -> Result<BTreeSet<i64>, StoreError> {
        if !self.has_related()? {
            return Ok(BTreeSet::new());
        }
        let classes: BTreeSet<i64> = facts.iter().flat_map(Facts::classes).collect();
        let mut find = self.tx.prepare_cached(
            "SELECT r.conversation FROM message m CROSS JOIN related r ON r.message_id = m.message_id
             WHERE m.conversation = ?1 AND r.class = ?2 AND r.is_notice = 0",
        )?;
        let mut all = BTreeSet::new();
        for class in classes {
            for other in find.query_map([conversation, class], |row| row.get(0))? {
                all.insert(other?);
            }
        }
        Ok(all)
    }

    /// Returns the conversation that names an id which does not belong to it, where it is the only one: what it makes of the id may be
    /// otherwise once another names it too.
    pub(super) fn sole_namer(&self, id: &MessageId) -> Result<Option<i64>, StoreError> {
        let mut find =
            self.tx.prepare_cached("SELECT DISTINCT conversation FROM related WHERE message_id = ?1 LIMIT 2")?;
        let found = find.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        Ok(match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }

    /// Tells whether a conversation that is not among these names an id.
    pub(super) fn is_named_outside(&self, id: &MessageId, among: &BTreeSet<i64>) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT conversation FROM related WHERE message_id = ?1")?;
        for conversation in find.query_map([id.as_str()], |row| row.get::<_, i64>(0))? {
            if !among.contains(&conversation?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes that a message of a conversation names an id that is not of it.
    pub(super) fn relate(
        &mut self,
        id: &MessageId,
        by: &Facts,
        conversation: i64,
        is_notice: bool,
    ) -> Result<(), StoreError> {
        let mut classes = by.classes();
        if classes.is_empty() {
            classes.push(0);
        }
        let mut put = self.tx.prepare_cached(
            "INSERT OR REPLACE INTO related (message_id, class, conversation, is_notice) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for class in classes {
            put.execute(params![id.as_str(), class, conversation, is_notice])?;
        }
        self.has_related = Some(true);
        Ok(())
    }

    /// Writes anew what the conversations of a set name that is not of them.
    pub(super) fn relate_all(
        &mut self,
        closure: &Closure,
        firsts: &HashMap<MessageId, usize>,
        threads: &Threads,
        groups: &BTreeMap<&MessageId, Vec<usize>>,
        numbers: &BTreeMap<&MessageId, i64>,
    ) -> Result<(), StoreError> {
        let mut named = BTreeSet::new();
        if self.has_related()? {
            for conversation in &closure.conversations {
                self.note_answered(*conversation)?;
                named.extend(self.named_by(*conversation)?);
            }
            let mut delete = self.tx.prepare_cached("DELETE FROM related WHERE conversation = ?1")?;
            for conversation in &closure.conversations {
                delete.execute([conversation])?;
            }
        }
        let mut home: HashMap<&MessageId, i64> = HashMap::new();
        for (root, at) in groups {
            let number = numbers.get(root).copied().unwrap_or_default();
            home.extend(at.iter().filter_map(|n| closure.facts.get(*n)).map(|fact| (&fact.id, number)));
        }
        let absent = &threads.absent;
        home.extend(absent.iter().filter_map(|(id, root)| Some((id, *numbers.get(root)?))));
        for fact in &closure.facts {
            let Some(number) = home.get(&fact.id).copied() else { continue };
            let placed = firsts.get(&fact.id).and_then(|at| threads.placements.get(*at));
            for id in fact.parents() {
                let theirs = home.get(&id);
                if theirs == Some(&number) {
                    continue;
                }
                let is_notice = theirs.is_some() && placed.is_some_and(|placed| !placed.related.contains(&id));
                self.relate(&id, fact, number, is_notice)?;
                if is_notice {
                    self.notices.insert(id);
                }
            }
        }
        self.let_own(&named, &closure.conversations)
    }

    /// Returns the ids that a conversation names and that are not of it.
    fn named_by(&self, conversation: i64) -> Result<Vec<MessageId>, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT DISTINCT message_id FROM related WHERE conversation = ?1")?;
        Ok(find.query_map([conversation], |row| id_of(row, 0))?.collect::<Result<_, _>>()?)
    }

    /// Has a conversation threaded again that alone still names one of these ids, which some of `among` named too: a mail that turned out
    /// to be a copy names nothing, and an id that one conversation names is of that conversation, whichever mail came first.
    fn let_own(&mut self, ids: &BTreeSet<MessageId>, among: &BTreeSet<i64>) -> Result<(), StoreError> {
        for id in ids {
            if let Some(only) = self.sole_namer(id)?
                && !among.contains(&only)
                && self.conversation_of(id)?.is_none()
            {
                self.unplaced.insert(only);
            }
        }
        Ok(())
    }

    /// Notes the notices that a conversation answers: what is counted of them may be another number then.
    fn note_answered(&mut self, conversation: i64) -> Result<(), StoreError> {
        let mut find =
            self.tx.prepare_cached("SELECT message_id FROM related WHERE conversation = ?1 AND is_notice = 1")?;
        for id in find.query_map([conversation], |row| id_of(row, 0))? {
            self.notices.insert(id?);
        }
        Ok(())
    }

    /// Counts anew how many conversations answer the notices of others.
    pub(super) fn count_answered(&mut self) -> Result<(), StoreError> {
        let mut count = self.tx.prepare_cached(
            "UPDATE conversation SET answered = n FROM (
                 SELECT count(DISTINCT r.conversation) AS n FROM message m CROSS JOIN related r ON r.message_id = m.message_id
                 WHERE m.conversation = ?1 AND r.is_notice = 1)
             WHERE rowid = ?1 AND answered <> n RETURNING id",
        )?;
        let mut conversations = std::mem::take(&mut self.recounted);
        for id in std::mem::take(&mut self.notices) {
            conversations.extend(self.conversation_of(&id)?);
        }
        for conversation in conversations {
            let changed = count.query_row([conversation], |row| row.get::<_, String>(0)).optional()?;
            self.changed.extend(changed.map(ConversationId::from_kept));
        }
        Ok(())
    }
}

/// The most related conversations that are told of one.
const TOLD_MAX: i64 = 20;

/// Returns the messages of other conversations that are notices which this one answers, the oldest first.
pub(super) fn notices(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<Facts>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT DISTINCT b.message FROM related r JOIN member b ON b.message_id = r.message_id
         WHERE r.conversation = ?1 AND r.is_notice = 1 AND b.message IS NOT NULL LIMIT ?2",
    )?;
    let rows = find.query_map(params![conversation, TOLD_MAX], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        // Of a copy under another Message-ID the mail that it is a copy of.
        all.extend(shown_as(tx, row)?.filter(|facts| !facts.hidden));
    }
    all.sort_by(|a, b| a.order().cmp(&b.order()));
    all.dedup_by_key(|facts| facts.row);
    Ok(all)
}

/// How a conversation may have to do with another: by whose mail, and SQL that finds the others.
const WAYS: [(Relation, &str); 3] = [
    (
        Relation::Names,
        "SELECT DISTINCT b.conversation FROM related r JOIN member b ON b.message_id = r.message_id
         WHERE r.conversation = ?1 AND r.is_notice = 0 LIMIT ?2",
    ),
    (
        Relation::NamedBy,
        "SELECT DISTINCT r.conversation FROM message m CROSS JOIN related r ON r.message_id = m.message_id
         WHERE m.conversation = ?1 AND r.is_notice = 0 LIMIT ?2",
    ),
    (
        Relation::Shares,
        "SELECT DISTINCT o.conversation FROM related r CROSS JOIN related o ON o.message_id = r.message_id
         WHERE r.conversation = ?1 AND r.is_notice = 0
           AND NOT EXISTS (SELECT 1 FROM member b WHERE b.message_id = r.message_id) LIMIT ?2",
    ),
];

/// Returns the conversations that may have to do with one, each with how: those whose mail it names, those that name its mail, those that
/// name the same mail which nobody holds; at most [`TOLD_MAX`], the newest first of each kind.
pub(super) fn related(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<(i64, Relation)>, StoreError> {
    let mut all: Vec<(i64, Relation)> = Vec::new();
    for (relation, sql) in WAYS {
        let mut found: Vec<i64> = tx
            .prepare_cached(sql)?
            .query_map(params![conversation, TOLD_MAX + 1], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        found.sort_unstable_by(|a, b| b.cmp(a));
        for other in found {
            if other != conversation
                && !all.iter().any(|(known, _)| *known == other)
                && i64::try_from(all.len()).is_ok_and(|n| n < TOLD_MAX)
            {
                all.push((other, relation));
            }
        }
    }
    Ok(all)
}

/// How messages of two conversations meet: SQL that finds the ids by which they do, of the first and the second.
fn meeting(relation: Relation) -> &'static str {
    match relation {
        Relation::Names => {
            "SELECT DISTINCT r.message_id FROM related r JOIN member b ON b.message_id = r.message_id
             WHERE r.conversation = ?1 AND b.conversation = ?2 AND r.is_notice = 0"
        }
        Relation::NamedBy => {
            "SELECT DISTINCT r.message_id FROM message m CROSS JOIN related r ON r.message_id = m.message_id
             WHERE m.conversation = ?1 AND r.conversation = ?2 AND r.is_notice = 0"
        }
        Relation::Shares => {
            "SELECT DISTINCT r.message_id FROM related r CROSS JOIN related o ON o.message_id = r.message_id
             WHERE r.conversation = ?1 AND o.conversation = ?2 AND r.is_notice = 0
               AND NOT EXISTS (SELECT 1 FROM member b WHERE b.message_id = r.message_id)"
        }
    }
}

/// Returns the messages of a conversation by which it has to do with another, of `facts`, which are its own.
pub(super) fn meet(
    tx: &Transaction<'_>,
    conversation: i64,
    (other, relation): (i64, Relation),
    facts: &[Facts],
) -> Result<BTreeSet<MessageId>, StoreError> {
    let mut find = tx.prepare_cached(meeting(relation))?;
    let by = params![conversation, other];
    let ids: BTreeSet<MessageId> = find.query_map(by, |row| id_of(row, 0))?.collect::<Result<_, _>>()?;
    let is_met = |fact: &&Facts| match relation {
        Relation::NamedBy => ids.contains(&fact.id),
        Relation::Names | Relation::Shares => fact.parents().iter().any(|id| ids.contains(id)),
    };
    Ok(facts.iter().filter(is_met).map(|fact| fact.id.clone()).collect())
}

#[cfg(test)]
#[path = "related_tests.rs"]
mod tests;
