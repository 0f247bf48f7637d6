//! What this client still has to remove from servers: mails that it erased, and words of records in the folders of logs.
//!
//! The rows are written in the transaction of the erasure and die when a server has done it, as those of moves do. What colleagues erase,
//! their clients remove.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::params;

use super::super::batch::Batch;
use super::super::connection::Transaction;
use super::super::facts::{Facts, message_id};
use super::super::{Store, StoreError};
use super::{MESSAGE, RECORD};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId, OpId};
use crate::op::operation::Known;
use crate::op::record::Record;

/// An erased mail that may still stand on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailTrace {
    /// Its Message-ID; a derived one where it has none, or where others bear the same.
    pub message: MessageId,
    /// The id that it bears, where others bear it too: only a mail with its text is the one.
    pub bears: Option<MessageId>,
    /// Where it stands as far as we know: folder, UIDVALIDITY and UID.
    pub places: Vec<(String, u32, u32)>,
}

/// Mails, or words on a log, that wait to be removed from a server, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracesWaiting {
    /// The account.
    pub account: AccountId,
    /// Why the last try failed; empty where there was none.
    pub reason: String,
    /// How many mails; 0 where it is words on the log.
    pub mails: u64,
}

/// What words of the erased are to be looked for in a log's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogTraces {
    /// Records whose words were erased.
    pub records: HashSet<OpId>,
    /// Messages of conversations some of whose mails were erased, each with UIDVALIDITY and UID of the `erase` on the log: mails of before
    /// name their subjects. Without a place it is not there yet.
    pub subjects: HashMap<MessageId, Option<(u32, u32)>>,
}

impl Batch<'_> {
    /// Notes what is to be removed from servers after an erasure of this client.
    pub(super) fn queue_erased(&self, account: &str, record: &Record) -> Result<(), StoreError> {
        let Some(Known::Erase { messages, .. }) = record.known() else { return Ok(()) };
        ask_log(self.tx, account)?;
        let mut find = self.tx.prepare_cached(
            "SELECT DISTINCT f.account FROM message m JOIN location l ON l.message = m.id JOIN folder f ON f.id = l.folder
             WHERE m.id = (SELECT message FROM member WHERE message_id = ?1)",
        )?;
        let mut put = self.tx.prepare_cached(
            "INSERT INTO erased_mail (account, message_id) VALUES (?1, ?2)
             ON CONFLICT (account, message_id) DO UPDATE SET due = 0",
        )?;
        for id in messages {
            let mut accounts: BTreeSet<String> =
                find.query_map([id.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
            accounts.insert(account.to_owned());
            for account in accounts {
                put.execute([account.as_str(), id.as_str()])?;
            }
        }
        Ok(())
    }

    /// Notes that words of an erased record stand on the log again, where it was this client's agent who erased them.
    pub(in crate::store) fn words_came_back(&self, account: &str, record: &Record, me: &str) -> Result<(), StoreError> {
        let note = match record.known() {
            Some(Known::EditNote { note, .. }) => *note,
            _ => record.id,
        };
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM erased e JOIN record r ON r.seq = e.record
                            WHERE e.kind = ?3 AND e.id IN (?1, ?2) AND r.actor = ?4)",
        )?;
        let mine = params![record.id.to_string(), note.to_string(), RECORD, me];
        if find.query_row(mine, |row| row.get(0))? { ask_log(self.tx, account) } else { Ok(()) }
    }
}

fn ask_log(tx: &Transaction<'_>, account: &str) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO erased_log (account) VALUES (?1) ON CONFLICT (account) DO UPDATE SET due = 0")?
        .execute([account])?;
    Ok(())
}

fn records(tx: &Transaction<'_>) -> Result<HashSet<OpId>, StoreError> {
    let mut find = tx.prepare_cached("SELECT id FROM erased WHERE kind = ?1")?;
    let mut all = HashSet::new();
    for id in find.query_map([RECORD], |row| row.get::<_, String>(0))? {
        all.extend(id?.parse::<OpId>().ok());
    }
    Ok(all)
}

impl Store {
    /// Returns the records whose words were erased.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn erased_records(&self) -> Result<HashSet<OpId>, StoreError> {
        self.read(records)
    }

    /// Returns erased mails of an account that may still stand on its server and whose time has come. `by` may lie in the future for a
    /// person who does not want to wait.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn mail_traces(&self, account: &AccountId, by: Timestamp) -> Result<Vec<MailTrace>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT message_id FROM erased_mail WHERE account = ?1 AND due <= ?2 ORDER BY message_id",
            )?;
            let mut places = tx.prepare_cached(
                "SELECT f.name, f.validity, l.uid FROM message m JOIN location l ON l.message = m.id
                     JOIN folder f ON f.id = l.folder
                 WHERE m.id = (SELECT message FROM member WHERE message_id = ?1) AND f.account = ?2
                   AND f.validity IS NOT NULL ORDER BY f.name, l.uid",
            )?;
            let ids = find
                .query_map(params![account.as_str(), by.0], |row| row.get(0))?
                .collect::<Result<Vec<String>, _>>()?;
            let mut all = Vec::with_capacity(ids.len());
            for id in ids {
                let found =
                    places.query_map([&id, account.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
                let message = message_id(&id);
                let known = if message.is_derived() { Facts::by_id(tx, &message)? } else { None };
                let bears = known.map(|known| known.borne().clone()).filter(|bears| *bears != message);
                all.push(MailTrace { places: found.collect::<Result<_, _>>()?, message, bears });
            }
            Ok(all)
        })
    }

    /// Notes that mails stand in no folder of an account's server any more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn end_mail_traces(&self, account: &AccountId, mails: &[MessageId]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut end = tx.prepare_cached("DELETE FROM erased_mail WHERE account = ?1 AND message_id = ?2")?;
            for id in mails {
                end.execute([account.as_str(), id.as_str()])?;
            }
            Ok(())
        })
    }

    /// Notes why mails could not be removed, in words for a person, and when it is tried again.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn put_off_mail_traces(
        &self,
        account: &AccountId,
        mails: &[MessageId],
        reason: &str,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut put = tx.prepare_cached(
                "UPDATE erased_mail SET reason = ?3, due = ?4 WHERE account = ?1 AND message_id = ?2",
            )?;
            for id in mails {
                put.execute(params![account.as_str(), id.as_str(), reason, due.0])?;
            }
            Ok(())
        })
    }

    /// Tells what waits to be removed from servers, for all accounts.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn traces_waiting(&self) -> Result<Vec<TracesWaiting>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT account, reason, count(*) FROM erased_mail GROUP BY 1, 2
                 UNION ALL SELECT account, reason, 0 FROM erased_log ORDER BY 1, 3, 2",
            )?;
            let mut all = Vec::new();
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                let Ok(account) = AccountId::new(&row.get::<_, String>(0)?) else { continue };
                let mails = u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
                all.push(TracesWaiting { account, reason: row.get(1)?, mails });
            }
            Ok(all)
        })
    }

    /// Returns what is to be looked for in the folder of an account's log; `None` where nothing is, or its time has not come.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_traces(&self, account: &AccountId) -> Result<Option<LogTraces>, StoreError> {
        let now = self.author().clock.now();
        self.read(|tx| {
            let mut find =
                tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM erased_log WHERE account = ?1 AND due <= ?2)")?;
            if !find.query_row(params![account.as_str(), now.0], |row| row.get::<_, bool>(0))? {
                return Ok(None);
            }
            let mut traces = LogTraces { records: records(tx)?, ..LogTraces::default() };
            let mut find = tx.prepare_cached(
                "SELECT b.message_id, r.validity, r.uid FROM erased e JOIN record r ON r.seq = e.record
                     JOIN member m ON m.message_id = e.id JOIN member b ON b.conversation = m.conversation
                 WHERE e.kind = ?1
                 UNION ALL
                 SELECT e.id, r.validity, r.uid FROM erased e JOIN record r ON r.seq = e.record WHERE e.kind = ?1",
            )?;
            let mut rows = find.query([MESSAGE])?;
            while let Some(row) = rows.next()? {
                let place = row.get::<_, Option<u32>>(1)?.zip(row.get::<_, Option<u32>>(2)?);
                let known = traces.subjects.entry(message_id(&row.get::<_, String>(0)?)).or_insert(place);
                // The last erasure counts; one that is not on the log yet before all.
                *known = known.zip(place).map(|(known, place)| known.max(place));
            }
            Ok(Some(traces))
        })
    }

    /// Notes that no word of what was erased stands in the folder of an account's log any more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn end_log_traces(&self, account: &AccountId) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute("DELETE FROM erased_log WHERE account = ?1", [account.as_str()])?;
            Ok(())
        })
    }

    /// Notes why words can't be removed from the folder of an account's log, in words for a person, and when it is tried again.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn put_off_log_traces(&self, account: &AccountId, reason: &str, due: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.execute(
                "UPDATE erased_log SET reason = ?2, due = ?3 WHERE account = ?1",
                params![account.as_str(), reason, due.0],
            )?;
            Ok(())
        })
    }

    /// Forgets what waits of an account that has no server.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn end_traces_here(&self, account: &AccountId) -> Result<(), StoreError> {
        if !self.traces_waiting()?.iter().any(|waiting| waiting.account == *account) {
            return Ok(());
        }
        self.write(|tx| {
            for sql in ["DELETE FROM erased_mail WHERE account = ?1", "DELETE FROM erased_log WHERE account = ?1"] {
                tx.execute(sql, [account.as_str()])?;
            }
            Ok(())
        })
    }
}
