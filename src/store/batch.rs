//! One write transaction's work: what it has touched is collected, each touched conversation is folded once at the end, and the counts
//! move with the rows.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use rusqlite::params;

use super::connection::Transaction;
use super::error::StoreError;
use super::facts::Facts;
use super::news::Reader;
use super::record::Kept;
use super::team::Roster;
use super::undone::Undos;
use super::upgrade::Upgrade;
use crate::model::agent::Team;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId, OpId};
use crate::model::stop::Stop;
use crate::op::fold::Lost;
use crate::op::record::Author;

pub(super) struct Batch<'t> {
    pub tx: &'t Transaction<'t>,
    /// The team as the config says it.
    pub config: &'t Team,
    pub roster: Arc<Roster>,
    /// Who makes the records.
    pub author: &'t Author,
    pub now: Timestamp,
    /// Conversations to fold again; `true` where messages changed, not only records.
    pub dirty: BTreeMap<i64, bool>,
    /// Roots that threading found, of conversations that have no row yet or another root.
    pub roots: HashMap<i64, MessageId>,
    /// Of conversations that were threaded again: the root that they had, and the first message.
    pub anchors: HashMap<i64, (MessageId, MessageId)>,
    /// The first message of each conversation that was threaded again, by the root that it had.
    pub heads: HashMap<MessageId, MessageId>,
    /// Conversations that have no row, record or count yet.
    pub fresh: HashSet<i64>,
    /// Messages of fresh conversations that hold no other, so that they need not be read back.
    pub alone: HashMap<i64, Facts>,
    /// Conversations of the new mail that is linked with other mail, to be threaded.
    pub unplaced: BTreeSet<i64>,
    /// Message-IDs that several mails bear, of which it is to be decided whose they are.
    pub contested: BTreeSet<MessageId>,
    /// What copies of our own mail share, of which it is to be decided which is the mail.
    pub sent: BTreeSet<i64>,
    /// Drafts whose mail has another id now, each with that.
    pub draft_parents: Vec<(i64, MessageId)>,
    /// What changed, by the ids before and after.
    pub changed: BTreeSet<ConversationId>,
    /// Claims that lost, of the records made in this batch.
    pub lost: Vec<Lost>,
    /// The records made in this batch.
    pub made: HashSet<OpId>,
    /// Conversations that records made in this batch move to another inbox.
    pub moving: HashSet<i64>,
    /// Records read, by number: a bulk touches many conversations with the same ones.
    pub kept: HashMap<i64, Rc<Kept>>,
    /// Conversations whose row gave its id up to another's, with the id; their turn comes.
    pub displaced: HashMap<i64, ConversationId>,
    /// Ids that conversations have no more, each with a message that leads to where it went.
    pub left: Vec<(ConversationId, MessageId)>,
    /// Conversations of records that got their place on the log and were the next to get one: nothing else about them changed.
    pub placed: BTreeSet<i64>,
    tally: HashMap<String, i64>,
    next_conversation: Option<i64>,
    pub has_repairs: Option<bool>,
    /// Whether anything was ever erased, where that was looked at.
    pub any_erased: Option<bool>,
    has_targets: Option<bool>,
    undos: Option<Undos>,
    /// Whether there is any `team` record.
    pub has_team: Option<bool>,
    /// What was there before, while rows that older rules made are derived again.
    pub upgrade: Option<Upgrade>,
    /// Notices to many that other conversations answer, or answered before this work.
    pub notices: BTreeSet<MessageId>,
    /// Conversations whose mail is other mail now: their notices may be others.
    pub recounted: BTreeSet<i64>,
    /// Whether any conversation names an id that is not of it.
    pub has_related: Option<bool>,
    /// Whether one came, moved or may have been taken back.
    pub team_touched: bool,
    /// Whether any record says that a mail was sent, where that was looked at.
    pub has_sending: Option<bool>,
    /// Mails that records of this batch are about, or were, as ones that were sent.
    pub sending: BTreeSet<MessageId>,
    /// Messages that merges and splits named, taken back ones among them: what they link is threaded at the end, all at once.
    pub repaired: BTreeSet<MessageId>,
    /// Merges that keep whole what mail held together that left: of a message with another.
    pub parted: BTreeSet<(MessageId, MessageId)>,
    /// What undos of this batch named, all the way down: looked up once.
    pub undone: BTreeSet<OpId>,
    /// Conversations of which it is to be seen anew what undos took back.
    pub unjudged: HashSet<i64>,
    /// Whether threading is left to [`super::Store::thread_pending`], so that it can be interrupted without losing the records.
    pub threads_later: bool,
    /// Asked in every loop that a log can make long.
    pub stop: Stop,
    /// Who uses this store, where that was looked at.
    pub readers: Option<Rc<[Reader]>>,
    /// Whether anything is news to anybody, where that was looked at.
    pub has_news: Option<bool>,
    /// Conversations folded, and threadings of linked sets: what the work is measured by.
    #[cfg(test)]
    pub work: (usize, usize),
}

impl<'t> Batch<'t> {
    pub(super) fn new(tx: &'t Transaction<'t>, config: &'t Team, roster: Arc<Roster>, author: &'t Author) -> Self {
        Self {
            tx,
            config,
            roster,
            author,
            now: author.clock.now(),
            dirty: BTreeMap::new(),
            roots: HashMap::new(),
            anchors: HashMap::new(),
            heads: HashMap::new(),
            fresh: HashSet::new(),
            alone: HashMap::new(),
            unplaced: BTreeSet::new(),
            contested: BTreeSet::new(),
            sent: BTreeSet::new(),
            draft_parents: Vec::new(),
            changed: BTreeSet::new(),
            lost: Vec::new(),
            made: HashSet::new(),
            moving: HashSet::new(),
            kept: HashMap::new(),
            displaced: HashMap::new(),
            left: Vec::new(),
            placed: BTreeSet::new(),
            tally: HashMap::new(),
            next_conversation: None,
            has_repairs: None,
            any_erased: None,
            has_targets: None,
            undos: None,
            has_team: None,
            upgrade: None,
            notices: BTreeSet::new(),
            recounted: BTreeSet::new(),
            has_related: None,
            team_touched: false,
            has_sending: None,
            sending: BTreeSet::new(),
            repaired: BTreeSet::new(),
            parted: BTreeSet::new(),
            undone: BTreeSet::new(),
            unjudged: HashSet::new(),
            threads_later: false,
            stop: Stop::never(),
            readers: None,
            has_news: None,
            #[cfg(test)]
            work: (0, 0),
        }
    }

    /// Ends the work where it is asked to: nothing of this batch is kept then.
    pub(super) fn go_on(&self) -> Result<(), StoreError> {
        if self.stop.is_asked() { Err(StoreError::Stopped) } else { Ok(()) }
    }

    /// Marks a conversation to be folded again.
    pub(super) fn touch(&mut self, conversation: i64, mail: bool) {
        *self.dirty.entry(conversation).or_insert(false) |= mail;
        // Another message can bring records with it.
        if mail {
            self.unjudged.insert(conversation);
        }
    }

    /// Adds to a count.
    pub(super) fn tally(&mut self, name: impl Into<String>, n: i64) {
        *self.tally.entry(name.into()).or_insert(0) += n;
    }

    /// Returns a conversation number that was never used: those of hidden conversations have no row but stay theirs.
    pub(super) fn new_conversation(&mut self) -> Result<i64, StoreError> {
        let next = match self.next_conversation {
            Some(next) => next,
            None => get_meta(self.tx, "conversations")?.and_then(|n| n.parse().ok()).unwrap_or(1),
        };
        self.next_conversation = Some(next + 1);
        self.fresh.insert(next);
        Ok(next)
    }

    /// Tells whether anybody ever merged or split anything, or what did says something else by now and is still to be threaded.
    pub(super) fn has_repairs(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.has_repairs {
            return Ok(known);
        }
        let found =
            self.tx.query_row("SELECT EXISTS (SELECT 1 FROM repair) OR EXISTS (SELECT 1 FROM family)", [], |row| {
                row.get(0)
            })?;
        self.has_repairs = Some(found);
        Ok(found)
    }

    /// Tells whether there is any record with a target.
    pub(super) fn has_targets(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.has_targets {
            return Ok(known);
        }
        let found = self.tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM target) OR EXISTS (SELECT 1 FROM undo_target)",
            [],
            |row| row.get(0),
        )?;
        self.has_targets = Some(found);
        Ok(found)
    }

    /// Returns what is to be asked of undos.
    pub(super) fn undos(&mut self) -> Result<Undos, StoreError> {
        if let Some(known) = self.undos {
            return Ok(known);
        }
        let found = Undos::of(self.tx)?;
        self.undos = Some(found);
        Ok(found)
    }

    /// Notes that what undos took back is kept of a conversation.
    pub(super) fn undone_is_kept(&mut self) {
        self.undos = Some(Undos::SomeKept);
    }

    /// Forgets what was known of records, because some were added.
    pub(super) fn records_changed(&mut self) {
        self.has_repairs = None;
        self.has_targets = None;
        self.undos = None;
        self.has_team = None;
    }

    /// Returns the conversation that an id belongs to.
    pub(super) fn conversation_of(&self, id: &MessageId) -> Result<Option<i64>, StoreError> {
        conversation_of(self.tx, id)
    }

    /// Folds what was touched.
    pub(super) fn refold_dirty(&mut self) -> Result<(), StoreError> {
        while let Some((conversation, mail)) = self.dirty.pop_first() {
            self.go_on()?;
            self.refold(conversation, mail)?;
        }
        Ok(())
    }

    /// Folds what was touched, writes the counts, and returns what changed.
    pub(super) fn finish(&mut self) -> Result<Change, StoreError> {
        let is_other_team = self.settle_team()?;
        self.derive_sent()?;
        self.thread_repaired()?;
        self.settle_upgrade()?;
        self.refold_dirty()?;
        self.follow_ids()?;
        self.count_answered()?;
        self.follow_parents()?;
        self.settle_pending()?;
        if let Some(next) = self.next_conversation {
            set_meta(self.tx, "conversations", &next.to_string())?;
        }
        let mut add = self.tx.prepare_cached(
            "INSERT INTO tally (name, n) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET n = n + excluded.n",
        )?;
        for (name, n) in self.tally.drain().filter(|(_, n)| *n != 0) {
            add.execute(params![name, n])?;
        }
        self.tx.prepare_cached("DELETE FROM tally WHERE n = 0")?.execute([])?;
        self.number_changes()?;
        let change = Change::of(std::mem::take(&mut self.changed));
        // Names and lists beside the conversations are other ones too.
        Ok(if is_other_team { Change::Everything } else { change })
    }
}

pub(super) fn conversation_of(tx: &Transaction<'_>, id: &MessageId) -> Result<Option<i64>, StoreError> {
    let mut find = tx.prepare_cached("SELECT conversation FROM member WHERE message_id = ?1")?;
    Ok(find.query_map([id.as_str()], |row| row.get(0))?.next().transpose()?)
}

pub(super) fn get_meta(tx: &Transaction<'_>, name: &str) -> Result<Option<String>, StoreError> {
    let mut find = tx.prepare_cached("SELECT value FROM meta WHERE name = ?1")?;
    Ok(find.query_map([name], |row| row.get(0))?.next().transpose()?)
}

pub(super) fn set_meta(tx: &Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?
        .execute([name, value])?;
    Ok(())
}
