//! Conversations that may have to do with each other: a message of one names a mail of the other, or an id that nobody holds and that both
//! name; and a notice that went to many, with the conversations of those who answered.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::params;

use super::batch::Batch;
use super::error::StoreError;
use super::facts::Facts;
use super::place::Closure;
use crate::model::ids::MessageId;
use crate::thread::Threads;

impl Batch<'_> {
    /// Tells whether any conversation names an id that is not of it.
    fn has_related(&mut self) -> Result<bool, StoreError> {
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
        if self.has_related()? {
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
            }
        }
        Ok(())
    }
}
