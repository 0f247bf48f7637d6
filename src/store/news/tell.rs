//! What an agent is to be told of, each once.

use rusqlite::{Row, params};

use super::found::Found;
use super::{ANSWER, BOUNCED, kinds_of};
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId};
use crate::model::news::{NewsEvent, Telling};
use crate::op::news::Kind;
use crate::store::batch::{Batch, conversation_of};
use crate::store::connection::Transaction;
use crate::store::facts::message_id;
use crate::store::line::Line;
use crate::store::list::row_by_number;
use crate::store::{Store, StoreError};

/// What happened longer ago is told to nobody: whoever comes back from a holiday looks into the in-tray.
const TOLD_AGE_MAX: i64 = Timestamp::DAY;
/// So long a telling is kept, so that none is told twice: longer than anything is told, also where clocks differ.
const KEPT: i64 = 2 * Timestamp::DAY;
/// So many are looked at for ones to drop whenever one may come.
const DROPPED_AT_ONCE: i64 = 20;

impl Store {
    /// Returns the number of the newest event that somebody was to be told of: what comes behind it is new.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn last_telling(&self) -> Result<i64, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT max(n) FROM telling")?;
            Ok(find.query_row([], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0))
        })
    }

    /// Takes what the author is to be told of behind that number. Whoever takes it first tells it: no other process gets it again.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn take_tellings(&self, behind: i64) -> Result<Vec<Telling>, StoreError> {
        let (me, now) = (self.author().actor.clone(), self.author().clock.now());
        // What is said of each is read first: others wait to write while it is taken.
        let waiting = self.read(|tx| {
            let mut all = Vec::new();
            for one in waiting(tx, &me, behind)? {
                let is_young = one.at >= now.plus(-TOLD_AGE_MAX);
                all.push((one.n, if is_young { one.told(tx, now, &me)? } else { None }));
            }
            Ok(all)
        })?;
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|tx| {
            let mut take = tx.prepare_cached("UPDATE telling SET taken = 1 WHERE n = ?1 AND taken = 0")?;
            let mut taken = Vec::new();
            for (n, told) in waiting {
                // Of two who read it one takes it.
                if take.execute([n])? > 0 {
                    taken.extend(told);
                }
            }
            Ok(taken)
        })
    }
}

/// An event that nobody took yet.
struct Waiting {
    n: i64,
    event: String,
    message: MessageId,
    who: String,
    at: Timestamp,
}

impl Waiting {
    /// Returns it with what is said of its conversation now; `None` where that is gone, or was looked at meanwhile.
    fn told(self, tx: &Transaction<'_>, now: Timestamp, me: &Handle) -> Result<Option<Telling>, StoreError> {
        let Some(event) = NewsEvent::named(&self.event) else { return Ok(None) };
        let Some(number) = conversation_of(tx, &self.message)? else { return Ok(None) };
        if kinds_of(tx, number, me)? == 0 {
            return Ok(None);
        }
        let row = row_by_number(tx, number, now, me)?;
        Ok(row.map(|row| Telling {
            event,
            conversation: row.id,
            short: row.short,
            title: row.title,
            people: row.people,
            who: Handle::new(&self.who).ok(),
            at: self.at,
        }))
    }
}

fn waiting(tx: &Transaction<'_>, me: &Handle, behind: i64) -> Result<Vec<Waiting>, StoreError> {
    let read = |row: &Row<'_>| {
        Ok(Waiting {
            n: row.get(0)?,
            event: row.get(1)?,
            message: message_id(&row.get::<_, String>(2)?),
            who: row.get(3)?,
            at: Timestamp(row.get(4)?),
        })
    };
    let mut find = tx.prepare_cached(
        "SELECT n, event, message_id, who, at FROM telling WHERE agent = ?1 AND n > ?2 AND taken = 0 ORDER BY n",
    )?;
    Ok(find.query_map(params![me.as_str(), behind], read)?.collect::<Result<_, _>>()?)
}

impl Batch<'_> {
    /// Keeps what an agent is to be told of it; `before` is what was news to them until now.
    pub(super) fn note_tellings(
        &self,
        agent: &Handle,
        line: &Line,
        found: &Found,
        before: i64,
    ) -> Result<(), StoreError> {
        let put = |key: String, event: NewsEvent, message: &MessageId, who: &str, at: Timestamp| {
            if at < self.now.plus(-TOLD_AGE_MAX) {
                return Ok(());
            }
            // A mail dated far ahead would else be kept till then, and all behind it.
            let at = at.min(self.now);
            self.tx
                .prepare_cached(
                    "INSERT OR IGNORE INTO telling (agent, key, event, message_id, who, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![agent.as_str(), key, event.name(), message.as_str(), who, at.0])?;
            Ok::<_, StoreError>(())
        };
        let mail = if found.kinds & ANSWER != 0 { NewsEvent::Answer } else { NewsEvent::New };
        // What the agent marked as unread is nothing that happened.
        for one in found.mails.iter().filter(|one| !one.by_hand) {
            put(format!("mail:{}", one.id), mail, &one.id, "", one.arrived)?;
        }
        for one in &found.records {
            let event = match one.kind {
                Kind::Mention => NewsEvent::Mention,
                Kind::Given => NewsEvent::Assigned,
                Kind::Lost => NewsEvent::Lost,
            };
            let who = one.who.as_ref().map_or("", Handle::as_str);
            put(format!("record:{}", one.record), event, &line.root, who, one.at)?;
        }
        if found.kinds & BOUNCED & !before != 0 {
            put(format!("bounce:{}:{}", line.id, line.last_at.0), NewsEvent::Bounce, &line.root, "", line.last_at)?;
        }
        self.tx
            .prepare_cached("DELETE FROM telling WHERE n < (SELECT min(n) FROM telling) + ?1 AND at < ?2")?
            .execute([DROPPED_AT_ONCE, self.now.plus(-KEPT).0])?;
        Ok(())
    }
}
