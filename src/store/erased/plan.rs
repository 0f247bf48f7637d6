//! What an erasure would reach: the mails, the records and what is being written, for each account whose log tells it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::params;

use super::super::connection::Transaction;
use super::super::facts::{Facts, row_of};
use super::super::home::Homes;
use super::super::{Store, StoreError, batch, conversation, identity, record};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::record::Record;

/// A mail that would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedMail {
    /// Its Message-ID; a derived one where it has none, or where others bear the same: it names just this one.
    pub id: MessageId,
    /// From whom.
    pub from: SafeText,
    /// When it arrived.
    pub at: Timestamp,
    /// Its subject.
    pub subject: SafeText,
    /// Where it stands as far as we know: account and folder.
    pub folders: Vec<(AccountId, String)>,
    /// The ids of its copies, which go with it.
    pub copies: Vec<MessageId>,
    /// The Message-ID that it bears, and the ids of other mails that bear the same; they stay unless they are named too.
    pub shares: (MessageId, Vec<SharedMail>),
}

/// A mail that bears the same Message-ID as one that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedMail {
    /// What names just this one.
    pub id: MessageId,
    /// From whom.
    pub from: SafeText,
    /// When it arrived.
    pub at: Timestamp,
    /// Its subject.
    pub subject: SafeText,
}

/// A record whose words would go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasedRecord {
    /// Its id.
    pub id: OpId,
    /// What kind of operation it is.
    pub kind: SafeText,
    /// Who wrote it.
    pub actor: SafeText,
    /// When.
    pub at: Timestamp,
    /// Whether it says the same of conversations that stay: then its words stay too.
    pub shared: bool,
}

/// What an erasure would reach by the log of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// A message of each conversation: one that stays where there is one.
    pub targets: BTreeSet<MessageId>,
    /// The mails, oldest first.
    pub mails: Vec<ErasedMail>,
    /// The records that hold words, in the order of the log.
    pub records: Vec<ErasedRecord>,
}

/// A client that wrote records lately, by what the newest of them says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Whose.
    pub actor: SafeText,
    /// On which machine.
    pub host: SafeText,
    /// Program and version; `None` where the record says none.
    pub by: Option<String>,
}

/// Drafts, notes that are being typed, and mails of the outbox that an erasure would reach here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// Drafts, discarded ones among them.
    pub drafts: u64,
    /// Notes that somebody was typing.
    pub notes: u64,
    /// Mails that wait to be sent.
    pub held: u64,
    /// Mails that are on their way this moment: these stay until they are sent.
    pub leaving: u64,
}

impl Store {
    /// Returns what an erasure of whole conversations reaches, by the account on whose log it is told.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn reach_of(&self, ids: &[ConversationId]) -> Result<BTreeMap<String, Reach>, StoreError> {
        self.read(|tx| {
            let mut numbers = BTreeSet::new();
            for id in ids {
                numbers.extend(conversation::find(tx, id)?.map(|(number, _)| number));
            }
            let team = self.team();
            let homes = Homes::of(tx, &team)?;
            let mut all = BTreeMap::new();
            for number in &numbers {
                add_conversation(tx, &homes, *number, &numbers, &mut all)?;
            }
            Ok(all)
        })
    }

    /// Returns what the erasure of one message reaches; nothing where it is not here. Records of its conversation stay.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn reach_of_message(&self, id: &MessageId) -> Result<BTreeMap<String, Reach>, StoreError> {
        self.read(|tx| {
            let Some(number) = batch::conversation_of(tx, id)? else { return Ok(BTreeMap::new()) };
            let facts = Facts::of_conversation(tx, number)?;
            let row = row_of(tx, id)?;
            let (of_it, others): (Vec<Facts>, Vec<Facts>) =
                facts.into_iter().partition(|facts| Some(facts.row) == row || facts.id == *id);
            if of_it.is_empty() {
                return Ok(BTreeMap::new());
            }
            let team = self.team();
            let homes = Homes::of(tx, &team)?;
            let stays = others.iter().find(|facts| !facts.hidden).map_or(id, |facts| &facts.id);
            let mails = of_it.iter().map(|facts| mail(tx, facts)).collect::<Result<_, _>>()?;
            let reach = Reach { targets: BTreeSet::from([stays.clone()]), mails, records: Vec::new() };
            Ok(BTreeMap::from([(homes.of_message(stays)?, reach)]))
        })
    }

    /// Returns what the erasure of one record reaches; nothing where it is not here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn reach_of_record(&self, id: OpId) -> Result<BTreeMap<String, Reach>, StoreError> {
        self.read(|tx| {
            let Some(standing) = record::standing(tx, id)? else { return Ok(BTreeMap::new()) };
            let Some(record) = record::whole(tx, standing.seq)? else { return Ok(BTreeMap::new()) };
            let targets = record.on.iter().map(|target| target.on.clone()).collect();
            let records = vec![erased_record(&record, false)];
            Ok(BTreeMap::from([(standing.account, Reach { targets, mails: Vec::new(), records })]))
        })
    }

    /// Returns what is being written in conversations that would be erased.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn writing_in(&self, ids: &[ConversationId]) -> Result<Writing, StoreError> {
        self.read(|tx| {
            let mut all = Writing::default();
            let count = |sql: &str, id: &ConversationId| -> Result<u64, StoreError> {
                let n: i64 = tx.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0))?;
                Ok(u64::try_from(n).unwrap_or(0))
            };
            for id in ids {
                all.drafts += count("SELECT count(*) FROM draft WHERE conversation = ?1", id)?;
                all.notes += count("SELECT count(*) FROM note_draft WHERE place = ?1", id)?;
                all.held += count(
                    "SELECT count(*) FROM outgoing WHERE conversation = ?1 AND state IN ('held', 'stopped', 'failed', 'uncertain')",
                    id,
                )?;
                all.leaving +=
                    count("SELECT count(*) FROM outgoing WHERE conversation = ?1 AND state IN ('sending', 'sent')", id)?;
            }
            Ok(all)
        })
    }

    /// Returns the clients that wrote records after `since`, each with what its newest record says of the program.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn writers_since(&self, since: Timestamp) -> Result<Vec<Writer>, StoreError> {
        self.read(|tx| {
            // SQLite takes the other columns of the row that has the maximum.
            let mut find = tx.prepare_cached(
                "SELECT actor, host, json, max(at) FROM record WHERE at > ?1 GROUP BY actor, host ORDER BY actor, host",
            )?;
            let mut all = Vec::new();
            let mut rows = find.query([since.0])?;
            while let Some(row) = rows.next()? {
                let by = Record::parse(&row.get::<_, String>(2)?).ok().and_then(|record| record.by);
                all.push(Writer {
                    actor: SafeText::line_max(&row.get::<_, String>(0)?, 64),
                    host: SafeText::line_max(&row.get::<_, String>(1)?, 255),
                    by,
                });
            }
            Ok(all)
        })
    }
}

/// Adds what goes of one of the conversations `of_all`.
fn add_conversation(
    tx: &Transaction<'_>,
    homes: &Homes<'_>,
    number: i64,
    of_all: &BTreeSet<i64>,
    all: &mut BTreeMap<String, Reach>,
) -> Result<(), StoreError> {
    let facts = Facts::of_conversation(tx, number)?;
    let mut anchors: BTreeMap<String, MessageId> = BTreeMap::new();
    for facts in &facts {
        anchors.entry(homes.of_message(&facts.id)?).or_insert_with(|| facts.id.clone());
    }
    let Some(first) = facts.first() else { return Ok(()) };
    let records = records(tx, number, of_all)?;
    for (account, _) in &records {
        if !anchors.contains_key(account) {
            anchors.insert(account.clone(), first.id.clone());
        }
    }
    // Who shares only one of the accounts reads just its log: each tells of all.
    for (account, anchor) in anchors {
        let reach = all.entry(account).or_default();
        reach.targets.insert(anchor);
        for facts in facts.iter().filter(|facts| !facts.copy) {
            reach.mails.push(mail(tx, facts)?);
        }
        reach.records.extend(records.iter().map(|(_, record)| record.clone()));
    }
    Ok(())
}

fn mail(tx: &Transaction<'_>, facts: &Facts) -> Result<ErasedMail, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT DISTINCT f.account, f.name FROM location l JOIN folder f ON f.id = l.folder
         WHERE l.message = ?1 OR l.message IN (SELECT id FROM message WHERE copy = 1 AND beside = ?2) ORDER BY 1, 2",
    )?;
    let mut folders = Vec::new();
    let mut rows = find.query(params![facts.row, facts.id.as_str()])?;
    while let Some(row) = rows.next()? {
        if let Ok(account) = AccountId::new(&row.get::<_, String>(0)?) {
            folders.push((account, row.get(1)?));
        }
    }
    let SharedMail { id, from, at, subject } = named(tx, facts)?;
    let (mut copies, other) = identity::copies_of(tx, &facts.id)?;
    copies.extend(other);
    let others = identity::others_of(tx, facts)?.iter().map(|other| named(tx, other)).collect::<Result<_, _>>()?;
    Ok(ErasedMail { id, from, at, subject, folders, copies, shares: (facts.borne().clone(), others) })
}

fn named(tx: &Transaction<'_>, facts: &Facts) -> Result<SharedMail, StoreError> {
    let from = facts.envelope.from.first().map(|from| SafeText::line_max(from.short(), 80));
    Ok(SharedMail {
        id: identity::own_name(tx, facts)?,
        from: from.unwrap_or_default(),
        at: facts.arrived,
        subject: SafeText::line_max(&facts.envelope.subject, 200),
    })
}

/// Returns the records of a conversation that hold words, each with its account.
fn records(
    tx: &Transaction<'_>,
    number: i64,
    of_all: &BTreeSet<i64>,
) -> Result<Vec<(String, ErasedRecord)>, StoreError> {
    let mut found = Vec::new();
    for (kept, record) in record::of_conversation(tx, number, &mut HashMap::new())? {
        if record.op.clone().without_words() == record.op {
            continue;
        }
        let mut others = tx.prepare_cached(
            "SELECT DISTINCT m.conversation FROM target t JOIN member m ON m.message_id = t.message_id WHERE t.record = ?1",
        )?;
        let on = others.query_map(params![kept.seq], |row| row.get(0))?.collect::<Result<BTreeSet<i64>, _>>()?;
        found.push((kept.account.clone(), erased_record(&record, !on.is_subset(of_all))));
    }
    Ok(found)
}

fn erased_record(record: &Record, shared: bool) -> ErasedRecord {
    ErasedRecord {
        id: record.id,
        kind: SafeText::line_max(record.op.name(), 64),
        actor: SafeText::line_max(record.actor.as_str(), 64),
        at: record.at,
        shared,
    }
}
