//! What new rules may change of work that is there. A program that decides otherwise who wrote and what belongs together must not tear what
//! people worked on, nor open old conversations in numbers: merges, splits and statuses that follow from the mail keep them. Their ids are
//! derived, so whichever clients write them, each counts once; older programs understand them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::{OptionalExtension, params};

use super::Store;
use super::batch::{Batch, get_meta, set_meta};
use super::brief::Brief;
use super::code::Code;
use super::commit::append_new;
use super::connection::Transaction;
use super::derive::is_behind;
use super::error::StoreError;
use super::facts::Facts;
use super::home::Homes;
use super::line::Line;
use super::place::Closure;
use super::record;
use crate::model::clock::Timestamp;
use crate::model::ids::{MessageId, OpId};
use crate::model::message::{AsOf, Direction, Origin};
use crate::model::status::Status;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::thread::Threads;

/// A conversation that only new rules would open does open where the newest mail that says so is younger, in milliseconds.
const OPENS_WITHIN: i64 = 14 * Timestamp::DAY;

/// What is known of the work that was there, while rows made by older rules are derived again.
#[derive(Debug, Default)]
pub(super) struct Upgrade {
    /// Messages whose conversation of before was looked at.
    seen: HashSet<i64>,
    /// How the conversations stood whose mail has this root now.
    stood: HashMap<MessageId, Stood>,
    /// Messages that are split off, before any is merged, so that conversations stay as they were.
    splits: Vec<MessageId>,
    /// Messages that are merged into others.
    merges: Vec<(MessageId, MessageId)>,
    /// The merges of what these splits take apart. One that an earlier portion wrote stands in front of them and does not hold any more.
    rejoined: Vec<(MessageId, MessageId)>,
    /// The statuses that are kept.
    statuses: Vec<(OpId, Target, Known)>,
    /// A message of each conversation that is otherwise now, or was kept from it.
    touched: BTreeSet<MessageId>,
}

#[derive(Clone, Copy, Debug)]
struct Stood {
    status: Status,
    asleep_until: Option<Timestamp>,
}

/// What was told of the upgrade: how many messages the table held then.
const TOLD: &str = "told:upgrade";

impl Store {
    /// Returns how many conversations the rules of this program changed, or would have without the records that keep them; `is:upgraded`
    /// lists them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn upgraded(&self) -> Result<u64, StoreError> {
        self.read(conversations)
    }

    /// Notes that it was told of [`crate::model::view::Counts::upgraded`].
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn upgrade_is_told(&self) -> Result<(), StoreError> {
        self.write(|tx| set_meta(tx, TOLD, &rows(tx)?.to_string()))
    }
}

fn conversations(tx: &Transaction<'_>) -> Result<u64, StoreError> {
    let mut count = tx.prepare_cached(
        "SELECT count(DISTINCT m.conversation) FROM upgraded u CROSS JOIN member m ON m.message_id = u.message_id",
    )?;
    let found: i64 = count.query_row([], |row| row.get(0))?;
    Ok(u64::try_from(found).unwrap_or(0))
}

fn rows(tx: &Transaction<'_>) -> Result<i64, StoreError> {
    Ok(tx.prepare_cached("SELECT count(*) FROM upgraded")?.query_row([], |row| row.get(0))?)
}

/// Returns how many conversations were upgraded and not told of yet; 0 while any are to be looked at.
pub(super) fn untold(tx: &Transaction<'_>) -> Result<u64, StoreError> {
    let rows = rows(tx)?;
    if rows == 0 || get_meta(tx, TOLD)?.is_some_and(|told| told == rows.to_string()) || is_behind(tx)? {
        return Ok(0);
    }
    conversations(tx)
}

/// Tells whether `is:upgraded` lists a conversation.
pub(super) fn is_upgraded(tx: &Transaction<'_>, conversation: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM member m CROSS JOIN upgraded u ON u.message_id = m.message_id WHERE m.conversation = ?1)",
    )?;
    Ok(find.query_row([conversation], |row| row.get(0))?)
}

impl Batch<'_> {
    /// Begins to note what was there, because rows that older rules made are derived again.
    pub(super) fn begin_upgrade(&mut self) {
        self.upgrade.get_or_insert_default();
    }

    /// Keeps what other rules would change of work that is there: first what belongs together, then how it stands.
    pub(super) fn settle_upgrade(&mut self) -> Result<(), StoreError> {
        if self.upgrade.is_none() {
            return Ok(());
        }
        self.keep_upgrade()?;
        self.thread_repaired()?;
        self.refold_dirty()?;
        self.keep_upgrade()?;
        self.upgrade = None;
        Ok(())
    }

    /// Notes, before a set is grouped as threading says, what of it would tear conversations that people worked on or put them together,
    /// and how its conversations stood.
    pub(super) fn note_upgrade(
        &mut self,
        closure: &Closure,
        firsts: &HashMap<MessageId, usize>,
        threads: &Threads,
    ) -> Result<(), StoreError> {
        let Some(mut upgrade) = self.upgrade.take() else { return Ok(()) };
        let place = |fact: &Facts| firsts.get(&fact.id).and_then(|at| threads.placements.get(*at));
        // By the conversation of before, and by the root of now: its messages in the order of their arrival.
        let mut parts: BTreeMap<i64, BTreeMap<&MessageId, Vec<&Facts>>> = BTreeMap::new();
        for fact in closure.facts.iter().filter(|fact| !fact.hidden) {
            if upgrade.seen.insert(fact.row) {
                let root = place(fact).map_or(&fact.id, |placed| &placed.root);
                parts.entry(fact.conversation).or_default().entry(root).or_default().push(fact);
            }
        }
        let mut worked: BTreeMap<i64, bool> = BTreeMap::new();
        for (conversation, parts) in &parts {
            let Some(stood) = self.stood(*conversation)? else { continue };
            worked.insert(*conversation, self.is_worked_on(*conversation)?);
            for root in parts.keys() {
                let known = upgrade.stood.entry((*root).clone()).or_insert(stood);
                // Of several that are one now, one that was open stays so.
                if stood.status == Status::Open && stood.asleep_until.is_none() {
                    *known = stood;
                }
            }
            if worked.get(conversation) == Some(&true) {
                upgrade.keep_whole(parts);
            }
        }
        let mut joined: BTreeMap<&MessageId, Vec<(i64, &Vec<&Facts>)>> = BTreeMap::new();
        for (conversation, parts) in parts.iter().filter(|(conversation, _)| worked.contains_key(conversation)) {
            for (root, facts) in parts {
                joined.entry(root).or_default().push((*conversation, facts));
            }
        }
        for parts in joined.values().filter(|parts| parts.len() > 1) {
            if parts.iter().any(|(conversation, _)| worked.get(conversation) == Some(&true)) {
                let above = |fact: &Facts| place(fact).and_then(|placed| placed.parent.clone());
                upgrade.keep_apart(parts.iter().map(|(_, facts)| facts.as_slice()).collect(), &above);
            }
        }
        self.upgrade = Some(upgrade);
        Ok(())
    }

    /// Returns how a conversation stands by its row; `None` where it has none.
    fn stood(&self, conversation: i64) -> Result<Option<Stood>, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT status, snoozed_until FROM conversation WHERE rowid = ?1")?;
        let read = |row: &rusqlite::Row<'_>| {
            let asleep_until = row.get::<_, Option<i64>>(1)?.map(Timestamp);
            Ok(Stood { status: row.get::<_, Code<_>>(0)?.0, asleep_until })
        };
        Ok(find.query_row([conversation], read).optional()?)
    }

    /// Tells whether anybody ever did anything to a conversation. What programs put on the log by themselves is no work: else what keeps
    /// one conversation would make another of those beside it one to be kept, on clients that have read of it and on no others.
    fn is_worked_on(&self, conversation: i64) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM member m CROSS JOIN target t ON t.message_id = m.message_id
                                CROSS JOIN record r ON r.seq = t.record
                            WHERE m.conversation = ?1 AND r.actor <> ?2)",
        )?;
        Ok(find.query_row(params![conversation, record::system()?.as_str()], |row| row.get(0))?)
    }

    /// Looks at a conversation that was folded again, and keeps its status where only the new rules open it and all that they say so by
    /// is old.
    pub(super) fn note_opened(&mut self, line: &Line, briefs: &[Brief]) {
        let now = self.now;
        let Some(upgrade) = &mut self.upgrade else { return };
        let Some(stood) = upgrade.stood.get(&line.root).copied() else { return };
        let was_open = stood.status == Status::Open && stood.asleep_until.is_none();
        let is_open = line.status == Status::Open && line.snoozed_until.is_none();
        if was_open || !is_open {
            return;
        }
        let asks =
            |brief: &&Brief| brief.direction == Direction::Inbound && brief.origin == Origin::Human && !brief.history;
        let Some(newest) = briefs.iter().filter(asks).map(|brief| brief.arrived).max() else { return };
        let Some(first) = briefs.iter().find(|brief| brief.id == line.root).or(briefs.first()) else { return };
        upgrade.touched.insert(first.id.clone());
        if now.since(newest) < OPENS_WITHIN {
            return;
        }
        let as_of = AsOf::all_of(briefs.iter().map(|brief| (brief.arrived, &brief.id)));
        let op = match stood.asleep_until {
            Some(until) => Known::Snooze { until: Some(until) },
            None => Known::SetStatus { to: stood.status },
        };
        let target = Target { as_of, ..Target::on(first.id.clone()) };
        upgrade.statuses.push((OpId::derived("upgrade-status", &first.id), target, op));
    }

    /// Writes what keeps conversations as they were.
    fn keep_upgrade(&mut self) -> Result<(), StoreError> {
        let Some(mut upgrade) = self.upgrade.take() else { return Ok(()) };
        let mut operations = Vec::new();
        for message in upgrade.splits.drain(..) {
            operations.push((self.free_id("upgrade-split", &message)?, Target::on(message), Known::Split));
        }
        for (message, into) in upgrade.merges.drain(..) {
            let id = OpId::derived(&format!("upgrade-merge\n{into}"), &message);
            operations.push((id, Target::on(message), Known::Merge { into }));
        }
        for (message, into) in upgrade.rejoined.drain(..) {
            let id = self.free_id(&format!("upgrade-rejoin\n{into}"), &message)?;
            operations.push((id, Target::on(message), Known::Merge { into }));
        }
        operations.append(&mut upgrade.statuses);
        let mut put = self.tx.prepare_cached("INSERT OR IGNORE INTO upgraded (message_id) VALUES (?1)")?;
        for id in std::mem::take(&mut upgrade.touched) {
            put.execute(params![id.as_str()])?;
        }
        self.upgrade = Some(upgrade);
        let mut homed = Vec::with_capacity(operations.len());
        for (id, target, op) in operations {
            let account = Homes::of(self.tx, self.team())?.of_message(&target.on)?;
            homed.push((account, NewOperation::new(op, vec![target]).with_id(id).by(record::system()?)));
        }
        let author = self.author;
        append_new(self, author, homed)?;
        Ok(())
    }
}

impl Batch<'_> {
    /// Returns the first id of a rule and a message that no record has. An earlier portion may have split the message off what that one
    /// knew of and merged it elsewhere: where mail of a later portion joins the two again, the same must be said once more behind that.
    fn free_id(&self, rule: &str, message: &MessageId) -> Result<OpId, StoreError> {
        let mut id = OpId::derived(rule, message);
        let mut again = 1;
        while record::standing(self.tx, id)?.is_some() {
            id = OpId::derived(&format!("{rule}\nagain {again}"), message);
            again += 1;
        }
        Ok(id)
    }
}

impl Upgrade {
    /// Merges the parts of a conversation that would fall apart.
    fn keep_whole(&mut self, parts: &BTreeMap<&MessageId, Vec<&Facts>>) {
        let mut firsts: Vec<&Facts> = parts.values().filter_map(|part| part.first().copied()).collect();
        firsts.sort_by(|a, b| a.order().cmp(&b.order()));
        let Some((main, others)) = firsts.split_first().filter(|(_, others)| !others.is_empty()) else { return };
        self.touched.insert(main.id.clone());
        for other in others {
            self.merges.push((other.id.clone(), main.id.clone()));
        }
    }

    /// Keeps apart what were several conversations: each message that answers none of its own is split off, and joined to the first of
    /// them. Of the conversation that came first only what answers one of another need be: the others are split from it.
    fn keep_apart(&mut self, mut parts: Vec<&[&Facts]>, above: &dyn Fn(&Facts) -> Option<MessageId>) {
        parts.sort_by(|a, b| a.first().map(|fact| fact.order()).cmp(&b.first().map(|fact| fact.order())));
        for (at, part) in parts.iter().enumerate() {
            let is_below = |above: &Option<MessageId>| part.iter().any(|other| Some(&other.id) == above.as_ref());
            let tops: Vec<(&MessageId, Option<MessageId>)> =
                part.iter().map(|fact| (&fact.id, above(fact))).filter(|(_, above)| !is_below(above)).collect();
            let splits = tops.iter().filter(|(_, above)| at > 0 || above.is_some());
            self.splits.extend(splits.map(|(id, _)| (*id).clone()));
            let Some(((first, _), others)) = tops.split_first() else { continue };
            if at > 0 {
                self.touched.insert((*first).clone());
            }
            self.rejoined.extend(others.iter().map(|(other, _)| ((*other).clone(), (*first).clone())));
        }
    }
}

#[cfg(test)]
#[path = "upgrade_tests.rs"]
mod tests;
