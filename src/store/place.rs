//! Which conversation each message is in: keeps what `thread` says as rows, and threads again only what a change can reach.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rusqlite::params;

use super::batch::Batch;
use super::error::StoreError;
use super::facts::{Facts, message_id};
use super::{record, undone};
use crate::model::ids::{ConversationId, MessageId, OpId};
use crate::op::operation::Known;
use crate::thread::{self, Node, Placement, Repair, SUBJECT_WINDOW, Threads, Why};

/// All that can be linked with some conversations.
#[derive(Default)]
pub(super) struct Closure {
    pub conversations: BTreeSet<i64>,
    pub facts: Vec<Facts>,
    /// The ids that belong to them, also of mail that is not here, each with its conversation.
    pub ids: BTreeMap<MessageId, i64>,
    walk: Walk,
    /// Absent ids that messages of other conversations name too, in this set or outside of it.
    shared: HashSet<MessageId>,
}

/// A walk along merges and splits from message to message, also through mail that is not here: a split of it changes what a merge with
/// it does. Everything is visited once.
#[derive(Default)]
pub(super) struct Walk {
    seen: HashSet<MessageId>,
    repairs: BTreeSet<i64>,
    families: HashSet<i64>,
}

/// What belongs to a conversation.
#[derive(Default)]
struct Members {
    ids: Vec<MessageId>,
    /// Second names of its messages.
    second: Vec<MessageId>,
    /// The conversations of mails of these ids that are not placed yet: a mail that a merge had named comes in a conversation of its own.
    apart: BTreeSet<i64>,
}

impl Batch<'_> {
    /// Puts a message that is already a row where it belongs. `facts.conversation` is a fresh conversation of its own.
    pub(super) fn place_new(&mut self, facts: Facts) -> Result<(), StoreError> {
        let own = facts.conversation;
        let mut linked = BTreeSet::new();
        let parents = facts.parents();
        for id in std::iter::once(&facts.id).chain(&parents) {
            linked.extend(self.conversation_of(id)?);
        }
        linked.extend(self.subject_neighbours(&facts)?);
        linked.extend(self.naming(&facts.id)?);
        self.join(&facts.id, own, Some(facts.row))?;
        let mut is_shared = false;
        for id in &parents {
            if self.is_shared(id)? {
                is_shared = true;
                linked.extend(self.sole_namer(id)?);
                linked.extend(self.namers(id, &facts.classes())?);
                self.relate(id, &facts, own, false)?;
            } else {
                self.join(id, own, None)?;
            }
        }
        linked.remove(&own);
        // A merge with mail that is not here changes the root all the same.
        let repaired = self.has_repairs()? && self.is_repaired(std::iter::once(&facts.id).chain(&parents))?;
        linked.remove(&own);
        self.touch(own, true);
        if repaired || is_shared || !linked.is_empty() {
            linked.insert(own);
            self.alone.remove(&own);
            self.unplaced.extend(linked);
            return Ok(());
        }
        let node = facts.node();
        let placed = thread::thread(&[node], &HashSet::new(), &[]).placements.into_iter().next();
        let root = placed.map_or_else(|| facts.id.clone(), |placed| placed.root);
        self.join(&root, own, None)?;
        self.roots.insert(own, root);
        self.alone.insert(own, facts);
        Ok(())
    }

    /// Threads all that [`Batch::place_new`] found linked.
    pub(super) fn place_linked(&mut self) -> Result<(), StoreError> {
        loop {
            self.settle_contested()?;
            self.thread_unplaced()?;
            self.settle_sent()?;
            if self.unplaced.is_empty() && self.contested.is_empty() {
                return Ok(());
            }
        }
    }

    /// Threads what waits for it, all at once: many can be linked with one, which each by itself would read again.
    fn thread_unplaced(&mut self) -> Result<(), StoreError> {
        while !self.unplaced.is_empty() {
            let unplaced = std::mem::take(&mut self.unplaced);
            let _ = self.rethread(unplaced, Walk::default())?;
        }
        Ok(())
    }

    /// Threads what merges and splits of this batch link, once all of them are here; or notes that it is to be done.
    pub(super) fn thread_repaired(&mut self) -> Result<(), StoreError> {
        if self.threads_later {
            let mut note = self.tx.prepare_cached("INSERT OR IGNORE INTO rethread (message_id) VALUES (?1)")?;
            for id in std::mem::take(&mut self.repaired) {
                note.execute([id.as_str()])?;
            }
            return Ok(());
        }
        while let Some(id) = self.repaired.pop_first() {
            for done in self.thread_from(id)?.seen {
                self.repaired.remove(&done);
            }
        }
        self.thread_unplaced()
    }

    /// Threads what was left to be threaded, linked set by linked set, until about `most` conversations were. Returns `false` where
    /// nothing is left.
    pub(super) fn thread_some(&mut self, most: usize) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT message_id FROM rethread LIMIT 1")?;
        let mut done = self.tx.prepare_cached("DELETE FROM rethread WHERE message_id = ?1")?;
        let mut threaded = 0;
        while threaded < most {
            self.go_on()?;
            let Some(id) = find.query_map([], |row| row.get::<_, String>(0))?.next().transpose()? else {
                return Ok(false);
            };
            done.execute([&id])?;
            let walk = self.thread_from(message_id(&id))?;
            self.thread_unplaced()?;
            threaded += walk.seen.len();
            for id in walk.seen {
                done.execute([id.as_str()])?;
            }
        }
        Ok(true)
    }

    /// Threads what merges and splits link with a message. Returns what they linked.
    fn thread_from(&mut self, id: MessageId) -> Result<Walk, StoreError> {
        let mut walk = Walk::default();
        let start = self.walk(&mut walk, [id])?;
        self.rethread(start, walk)
    }

    /// Makes an id belong to a conversation, where it belongs to none yet; says that its mail is here.
    fn join(&self, id: &MessageId, conversation: i64, message: Option<i64>) -> Result<(), StoreError> {
        let sql = match message {
            Some(_) => {
                "INSERT INTO member (message_id, conversation, message) VALUES (?1, ?2, ?3)
                 ON CONFLICT (message_id) DO UPDATE SET message = coalesce(message, excluded.message)"
            }
            None => "INSERT OR IGNORE INTO member (message_id, conversation, message) VALUES (?1, ?2, ?3)",
        };
        self.tx.prepare_cached(sql)?.execute(params![id.as_str(), conversation, message])?;
        Ok(())
    }

    /// Returns the conversations with mail of the same customer and subject that a subject alone could join.
    fn subject_neighbours(&self, facts: &Facts) -> Result<Vec<i64>, StoreError> {
        let Some(key) = facts.subject_key() else { return Ok(Vec::new()) };
        let mut find = self.tx.prepare_cached(
            "SELECT DISTINCT conversation FROM message
             WHERE subject_key = ?1 AND arrived BETWEEN ?2 AND ?3 AND (is_reply = 1 OR ?4) AND id <> ?5",
        )?;
        let from = facts.arrived.plus(-SUBJECT_WINDOW);
        let to = facts.arrived.plus(SUBJECT_WINDOW);
        let found = find
            .query_map(params![key, from.0, to.0, facts.is_reply, facts.row], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(found)
    }

    /// Tells whether a merge or a split names one of these ids.
    fn is_repaired<'i>(&self, ids: impl Iterator<Item = &'i MessageId>) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT 1 FROM repair WHERE message_id = ?1 LIMIT 1")?;
        for id in ids {
            if find.exists([id.as_str()])? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Goes on with a walk from these ids. Returns the conversations that it came to.
    fn walk(&self, walk: &mut Walk, ids: impl IntoIterator<Item = MessageId>) -> Result<BTreeSet<i64>, StoreError> {
        let mut conversations = BTreeSet::new();
        let mut by_message = self.tx.prepare_cached("SELECT record FROM repair WHERE message_id = ?1")?;
        let mut by_record = self.tx.prepare_cached("SELECT message_id FROM repair WHERE record = ?1")?;
        let mut open: Vec<MessageId> = ids.into_iter().collect();
        while let Some(id) = open.pop() {
            if walk.seen.contains(&id) {
                continue;
            }
            self.go_on()?;
            match self.conversation_of(&id)? {
                Some(conversation) => conversations.insert(conversation),
                // What only a mail names that was split off belongs to no conversation before a merge makes it part of one; that mail
                // says what else belongs there.
                None => self.sole_namer(&id)?.is_some_and(|namer| conversations.insert(namer)),
            };
            let found = by_message.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            walk.seen.insert(id);
            for record in found {
                if walk.repairs.insert(record) {
                    for other in by_record.query_map([record], |row| row.get::<_, String>(0))? {
                        open.push(message_id(&other?));
                    }
                }
            }
        }
        Ok(conversations)
    }

    /// Threads again what these conversations hold and all that it can be linked with.
    fn rethread(&mut self, start: BTreeSet<i64>, walk: Walk) -> Result<Walk, StoreError> {
        if start.is_empty() {
            return Ok(walk);
        }
        let closure = self.closure(start, walk)?;
        for conversation in &closure.conversations {
            self.unplaced.remove(conversation);
        }
        let repairs = self.repairs(&closure.walk.repairs)?;
        let (nodes, firsts) = nodes(&closure.facts);
        let threads = thread::thread(&nodes, &closure.shared, &repairs);
        self.note_parted(&closure.facts, &nodes, &closure.shared, &repairs, &threads.placements);
        #[cfg(test)]
        {
            self.work.1 += 1;
        }
        self.note_upgrade(&closure, &firsts, &threads)?;
        self.regroup(&closure, &firsts, &threads, !repairs.is_empty())?;
        Ok(closure.walk)
    }

    fn closure(&mut self, start: BTreeSet<i64>, walk: Walk) -> Result<Closure, StoreError> {
        let mut closure = Closure { walk, ..Closure::default() };
        let has_repairs = self.has_repairs()?;
        let mut open = start;
        while let Some(conversation) = open.pop_first() {
            if !closure.conversations.insert(conversation) {
                continue;
            }
            self.go_on()?;
            let mut facts = Facts::of_conversation(self.tx, conversation)?;
            if self.derive_older(&facts)? {
                facts = Facts::of_conversation(self.tx, conversation)?;
            }
            let Members { ids, second, apart } = self.members(conversation)?;
            open.extend(apart);
            closure.ids.extend(ids.iter().map(|id| (id.clone(), conversation)));
            open.extend(self.linking(conversation, &facts)?);
            for fact in &facts {
                for id in fact.parents() {
                    if self.is_shared(&id)? {
                        open.extend(self.sole_namer(&id)?);
                        open.extend(self.namers(&id, &fact.classes())?);
                        closure.shared.insert(id);
                    }
                }
                for id in std::iter::once(fact.id.clone()).chain(fact.parents()) {
                    if (id == fact.id || !closure.ids.contains_key(&id))
                        && let Some(other) = self.conversation_of(&id)?
                    {
                        open.insert(other);
                    }
                }
                open.extend(self.subject_neighbours(fact)?);
            }
            if has_repairs {
                // What a merge names can be an id that several name, and that is no member of any.
                let named = facts.iter().flat_map(Facts::parents);
                open.extend(self.walk(&mut closure.walk, ids.into_iter().chain(second).chain(named))?);
                open.extend(self.family(conversation, &mut closure.walk)?);
            }
            closure.facts.extend(facts);
        }
        closure.facts.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut shared = std::mem::take(&mut closure.shared);
        let mut outside = Ok(());
        shared.retain(|id| {
            let found = self.is_named_outside(id, &closure.conversations);
            found.unwrap_or_else(|error| {
                outside = Err(error);
                false
            })
        });
        outside?;
        closure.shared = shared;
        Ok(closure)
    }

    fn members(&self, conversation: i64) -> Result<Members, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT m.message_id, x.conversation, m.second FROM member m LEFT JOIN message x ON x.id = m.message
             WHERE m.conversation = ?1",
        )?;
        let mut rows = find.query([conversation])?;
        let mut members = Members::default();
        while let Some(row) = rows.next()? {
            let ids = if row.get(2)? { &mut members.second } else { &mut members.ids };
            ids.push(message_id(&row.get::<_, String>(0)?));
            members.apart.extend(row.get::<_, Option<i64>>(1)?.filter(|other| *other != conversation));
        }
        Ok(members)
    }

    /// Returns the conversations of a family, the first time that one of them is met.
    fn family(&self, conversation: i64, walk: &mut Walk) -> Result<Vec<i64>, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT family FROM family WHERE conversation = ?1")?;
        let family: Option<i64> = find.query_map([conversation], |row| row.get(0))?.next().transpose()?;
        let Some(family) = family.filter(|family| walk.families.insert(*family)) else { return Ok(Vec::new()) };
        let mut find = self.tx.prepare_cached("SELECT conversation FROM family WHERE family = ?1")?;
        Ok(find.query_map([family], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// Returns the merges and splits that count, in log order.
    fn repairs(&self, seqs: &BTreeSet<i64>) -> Result<Vec<Repair>, StoreError> {
        let mut repairs = Vec::new();
        for (kept, active) in undone::with_active(self.tx, seqs)? {
            if !active {
                continue;
            }
            let Some(whole) = record::whole(self.tx, kept.seq)? else { continue };
            for target in &whole.on {
                let message = self.first_name(&target.on)?;
                match whole.known() {
                    Some(Known::Merge { into }) => {
                        let into = self.first_name(into)?;
                        repairs.push(Repair::Merge { record: whole.id, message, into })
                    }
                    Some(Known::Split) => repairs.push(Repair::Split { record: whole.id, message }),
                    _ => {}
                }
            }
        }
        Ok(repairs)
    }

    /// Writes where messages are now. A group keeps the number of the conversation that had its root, else of one that had a message.
    fn regroup(
        &mut self,
        closure: &Closure,
        firsts: &HashMap<MessageId, usize>,
        threads: &Threads,
        repaired: bool,
    ) -> Result<(), StoreError> {
        let placements = &threads.placements;
        let before = self.rows_before(&closure.conversations)?;
        let mut groups: BTreeMap<&MessageId, Vec<usize>> = BTreeMap::new();
        for (at, fact) in closure.facts.iter().enumerate() {
            let placed = firsts.get(&fact.id).and_then(|n| placements.get(*n));
            groups.entry(placed.map_or(&fact.id, |p| &p.root)).or_default().push(at);
        }
        let mut heads: HashMap<i64, &MessageId> = HashMap::new();
        for fact in &closure.facts {
            heads.entry(fact.conversation).or_insert(&fact.id);
        }
        for (root, conversation) in &before {
            if let Some(first) = heads.get(conversation) {
                self.heads.insert(root.clone(), (*first).clone());
                self.anchors.insert(*conversation, (root.clone(), (*first).clone()));
            }
        }
        let numbers = self.numbers(&groups, closure, &before)?;
        for (root, at) in &groups {
            self.go_on()?;
            let number = numbers.get(root).copied().unwrap_or_default();
            // What holds the same mail under the same root is as it was.
            let mut is_other = before.get(*root) != Some(&number);
            for fact in at.iter().filter_map(|n| closure.facts.get(*n)) {
                let placed = firsts.get(&fact.id).and_then(|n| placements.get(*n));
                is_other |= self.put(fact, number, placed)?;
                // Mail that was named before it came was part of what named it.
                if let Some(had) = closure.ids.get(&fact.id).filter(|had| **had != number) {
                    self.touch(*had, true);
                }
            }
            self.roots.insert(number, (*root).clone());
            if is_other {
                self.touch(number, true);
            }
        }
        self.put_ids(closure, &threads.absent, &numbers)?;
        self.relate_all(closure, firsts, threads, &groups, &numbers)?;
        let used: HashSet<i64> = numbers.values().copied().collect();
        for conversation in &closure.conversations {
            self.alone.remove(conversation);
            if !used.contains(conversation) {
                self.roots.remove(conversation);
                self.touch(*conversation, true);
            }
        }
        self.write_family(&closure.conversations, &numbers, repaired)
    }

    fn rows_before(&self, conversations: &BTreeSet<i64>) -> Result<HashMap<MessageId, i64>, StoreError> {
        let mut before = HashMap::new();
        let mut find = self.tx.prepare_cached("SELECT root FROM conversation WHERE rowid = ?1")?;
        for conversation in conversations {
            if let Some(root) = find.query_map([conversation], |row| row.get::<_, String>(0))?.next().transpose()? {
                before.insert(message_id(&root), *conversation);
            }
        }
        Ok(before)
    }

    /// Gives each group its conversation number.
    fn numbers<'g>(
        &mut self,
        groups: &BTreeMap<&'g MessageId, Vec<usize>>,
        closure: &Closure,
        before: &HashMap<MessageId, i64>,
    ) -> Result<BTreeMap<&'g MessageId, i64>, StoreError> {
        let mut numbers = BTreeMap::new();
        let mut free = closure.conversations.clone();
        for root in groups.keys() {
            if let Some(number) = before.get(*root)
                && free.remove(number)
            {
                numbers.insert(*root, *number);
            }
        }
        for (root, at) in groups {
            if numbers.contains_key(root) {
                continue;
            }
            let had = at.iter().filter_map(|n| closure.facts.get(*n)).map(|f| f.conversation);
            // One that has a row before one that was only just made: its id stays with its mail.
            let mut had: Vec<i64> = had.filter(|n| free.contains(n)).collect();
            had.sort_by_key(|n| (self.fresh.contains(n), *n));
            let number = match had.first() {
                Some(number) => *number,
                None => self.new_conversation()?,
            };
            free.remove(&number);
            numbers.insert(*root, number);
        }
        Ok(numbers)
    }

    /// Puts a message where it belongs. Tells whether that is another conversation than before.
    fn put(&mut self, fact: &Facts, number: i64, placed: Option<&Placement>) -> Result<bool, StoreError> {
        let why = placed.map_or_else(String::new, |p| why_kept(&p.why));
        let parent = placed.and_then(|p| p.parent.as_ref());
        if fact.conversation != number || fact.why != why {
            self.tx
                .prepare_cached("UPDATE message SET conversation = ?2, why = ?3, parent = ?4 WHERE id = ?1")?
                .execute(params![fact.row, number, why, parent.map(MessageId::as_str)])?;
        }
        // The id can be known from another conversation that named it before the mail came.
        let named = self
            .tx
            .prepare_cached("UPDATE member SET conversation = ?2 WHERE message_id = ?1 AND conversation <> ?2")?
            .execute(params![fact.id.as_str(), number])?;
        self.tx
            .prepare_cached(
                "UPDATE member SET conversation = ?2 WHERE message = ?1 AND second = 1 AND conversation <> ?2",
            )?
            .execute([fact.row, number])?;
        if fact.conversation != number {
            self.touch(fact.conversation, true);
        }
        Ok(fact.conversation != number || named > 0)
    }

    /// Ids of mail that is not here go where threading says, so that all clients agree.
    fn put_ids(
        &mut self,
        closure: &Closure,
        absent: &BTreeMap<MessageId, MessageId>,
        numbers: &BTreeMap<&MessageId, i64>,
    ) -> Result<(), StoreError> {
        let here: BTreeSet<&MessageId> = closure.facts.iter().map(|f| &f.id).collect();
        let owner: BTreeMap<&MessageId, i64> =
            absent.iter().filter_map(|(id, root)| Some((id, *numbers.get(root)?))).collect();
        let mut write = self.tx.prepare_cached(
            "INSERT INTO member (message_id, conversation) VALUES (?1, ?2)
             ON CONFLICT (message_id) DO UPDATE SET conversation = ?2 WHERE conversation <> ?2",
        )?;
        for (id, number) in &owner {
            let had = closure.ids.get(*id);
            if had != Some(number) {
                write.execute(params![id.as_str(), number])?;
                had.into_iter().chain([number]).for_each(|conversation| self.touch(*conversation, true));
            }
        }
        // What a merge named and nobody names any more belongs nowhere: whether it was ever here must make no difference. Former ids
        // that led through it lead to a message that is here.
        let mut delete = self.tx.prepare_cached("DELETE FROM member WHERE message_id = ?1")?;
        let mut lead = self.tx.prepare_cached("UPDATE conversation_alias SET message_id = ?2 WHERE message_id = ?1")?;
        for (id, had) in closure.ids.iter().filter(|(id, _)| !here.contains(id) && !owner.contains_key(*id)) {
            delete.execute([id.as_str()])?;
            self.touch(*had, true);
            if let Some(first) = self.heads.get(id).or(closure.facts.first().map(|f| &f.id)) {
                lead.execute([id.as_str(), first.as_str()])?;
            }
        }
        Ok(())
    }

    fn write_family(
        &self,
        before: &BTreeSet<i64>,
        numbers: &BTreeMap<&MessageId, i64>,
        repaired: bool,
    ) -> Result<(), StoreError> {
        if self.has_repairs == Some(false) {
            return Ok(());
        }
        let mut delete = self.tx.prepare_cached("DELETE FROM family WHERE conversation = ?1")?;
        for conversation in before {
            delete.execute([conversation])?;
        }
        if repaired && numbers.len() > 1 {
            let family = numbers.values().min().copied();
            let mut insert =
                self.tx.prepare_cached("INSERT OR REPLACE INTO family (conversation, family) VALUES (?1, ?2)")?;
            for number in numbers.values() {
                insert.execute(params![number, family])?;
            }
        }
        Ok(())
    }

    /// Keeps a conversation's former id resolving.
    pub(super) fn keep_alias(&self, id: &ConversationId, root: &MessageId) -> Result<(), StoreError> {
        self.tx
            .prepare_cached("INSERT OR IGNORE INTO conversation_alias (id, message_id) VALUES (?1, ?2)")?
            .execute([id.as_str(), root.as_str()])?;
        Ok(())
    }
}

/// One node for each Message-ID: two mails with one id stay together. Returns where each id's node is.
fn nodes(facts: &[Facts]) -> (Vec<Node>, HashMap<MessageId, usize>) {
    let mut nodes = Vec::with_capacity(facts.len());
    let mut firsts = HashMap::with_capacity(facts.len());
    for fact in facts {
        if !firsts.contains_key(&fact.id) {
            firsts.insert(fact.id.clone(), nodes.len());
            nodes.push(fact.node());
        }
    }
    (nodes, firsts)
}

/// How a reason is kept: a letter, and the id that it names.
fn why_kept(why: &Why) -> String {
    match why {
        Why::First => String::new(),
        Why::Refers(id) => format!("r{id}"),
        Why::SharesReference(id) => format!("s{id}"),
        Why::SharesOnList(id) => format!("l{id}"),
        Why::Notice(id) => format!("n{id}"),
        Why::Linked(id) => format!("k{id}"),
        Why::Twin(id) => format!("w{id}"),
        Why::SameSubject(id) => format!("t{id}"),
        Why::Bounce(id) => format!("b{id}"),
        Why::Merged(id) => format!("m{id}"),
        Why::Split(id) => format!("x{id}"),
    }
}

/// Takes a reason back from where it was kept.
pub(super) fn why_of(kept: &str) -> Why {
    let mut chars = kept.chars();
    let kind = chars.next();
    let rest = chars.as_str();
    let op = || rest.parse().unwrap_or(OpId(uuid::Uuid::nil()));
    match kind {
        Some('r') => Why::Refers(message_id(rest)),
        Some('s') => Why::SharesReference(message_id(rest)),
        Some('l') => Why::SharesOnList(message_id(rest)),
        Some('n') => Why::Notice(message_id(rest)),
        Some('k') => Why::Linked(message_id(rest)),
        Some('w') => Why::Twin(message_id(rest)),
        Some('t') => Why::SameSubject(message_id(rest)),
        Some('b') => Why::Bounce(message_id(rest)),
        Some('m') => Why::Merged(op()),
        Some('x') => Why::Split(op()),
        _ => Why::First,
    }
}
