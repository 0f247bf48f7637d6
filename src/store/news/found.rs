//! What of a conversation is news, to each agent of this store.

use std::rc::Rc;

use rusqlite::{Row, params};

use super::{ANSWER, BOUNCED, GIVEN, LOST, MAIL, MENTION, kinds_of};
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId};
use crate::model::message::{Direction, Origin};
use crate::model::text::SafeText;
use crate::op::news::{Brought, Kind, brought, saw};
use crate::op::record::Record;
use crate::store::StoreError;
use crate::store::batch::Batch;
use crate::store::code::Code;
use crate::store::connection::Transaction;
use crate::store::facts::{Facts, id_of};
use crate::store::line::Line;
use crate::store::refold::Folded;

/// The most characters kept of a note or a mail.
const WORDS_MAX: usize = 300;

/// An agent who uses this store.
#[derive(Clone, Debug)]
pub(in crate::store) struct Reader {
    agent: Handle,
    since: Timestamp,
}

/// Mail that waits for a look.
pub(super) struct Waiting {
    pub row: i64,
    pub id: MessageId,
    pub arrived: Timestamp,
    snippet: String,
    behind: i64,
    pub by_hand: bool,
}

/// What of a conversation is news to one agent.
pub(super) struct Found {
    pub kinds: i64,
    who: String,
    words: String,
    pub mails: Vec<Waiting>,
    pub records: Vec<Brought>,
}

impl Batch<'_> {
    /// Notes a mail of a person that came: it waits for everybody who uses this store and did not write it.
    pub(in crate::store) fn note_news(&mut self, row: i64, facts: &Facts) -> Result<(), StoreError> {
        self.has_news = Some(true);
        let mut put = self.tx.prepare_cached(
            "INSERT OR IGNORE INTO news_mail (message, agent, behind, by_hand)
             VALUES (?1, ?2, coalesce((SELECT max(seq) FROM record), 0), 0)",
        )?;
        for reader in self.readers()?.iter() {
            if !wrote(self.team(), &reader.agent, &facts.author) {
                put.execute(params![row, reader.agent.as_str()])?;
            }
        }
        Ok(())
    }

    /// Writes what of a conversation is news, to each agent of this store.
    pub(in crate::store) fn write_news(
        &mut self,
        conversation: i64,
        folded: &Folded,
        line: &Line,
    ) -> Result<(), StoreError> {
        // A first sync folds conversation after conversation of which none can be news.
        if folded.records.is_empty() && line.bounced.is_none() && !self.has_news()? {
            return Ok(());
        }
        for reader in self.readers()?.iter() {
            let found = found(self.tx, conversation, folded, line, reader)?;
            let before = kinds_of(self.tx, conversation, &reader.agent)?;
            if found.kinds & !before != 0 || found.kinds & MAIL != 0 {
                self.note_tellings(&reader.agent, line, &found, before)?;
            }
            write_found(self.tx, conversation, &reader.agent, &found, before)?;
            write_mention(self.tx, conversation, &reader.agent, folded, &found)?;
        }
        Ok(())
    }
    fn has_news(&mut self) -> Result<bool, StoreError> {
        if let Some(known) = self.has_news {
            return Ok(known);
        }
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM news_mail) OR EXISTS (SELECT 1 FROM conversation_news)
                 OR EXISTS (SELECT 1 FROM conversation_mention_looked)",
        )?;
        let found = find.query_row([], |row| row.get(0))?;
        self.has_news = Some(found);
        Ok(found)
    }

    /// Returns who uses this store.
    fn readers(&mut self) -> Result<Rc<[Reader]>, StoreError> {
        if let Some(known) = &self.readers {
            return Ok(Rc::clone(known));
        }
        let mut find = self.tx.prepare_cached("SELECT agent, since FROM reader WHERE agent > ''")?;
        let rows = find.query_map([], |row| Ok((row.get::<_, String>(0)?, Timestamp(row.get(1)?))))?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        let all =
            rows.into_iter().filter_map(|(agent, since)| Some(Reader { agent: Handle::new(&agent).ok()?, since }));
        let all: Rc<[Reader]> = all.collect();
        self.readers = Some(Rc::clone(&all));
        Ok(all)
    }
}

/// Tells whether an address, as messages keep their author's, is the agent's own.
fn wrote(team: &Team, agent: &Handle, author: &str) -> bool {
    let own = team.agents.iter().find(|one| one.handle == *agent);
    own.is_some_and(|one| {
        one.address.as_ref().is_some_and(|address| address.key() == author) || one.addresses.contains(author)
    })
}

/// Finds what of a conversation is news to an agent.
fn found(
    tx: &Transaction<'_>,
    conversation: i64,
    folded: &Folded,
    line: &Line,
    reader: &Reader,
) -> Result<Found, StoreError> {
    let agent = &reader.agent;
    let mails = waiting(tx, conversation, agent)?;
    let seen = |one: &Waiting| {
        folded.records.iter().any(|(kept, record)| {
            let is_later = kept.seq > one.behind;
            (is_later || !one.by_hand) && saw(record, agent, &one.id, one.arrived, is_later)
        })
    };
    let (seen, mails): (Vec<Waiting>, Vec<Waiting>) = mails.into_iter().partition(seen);
    let mut drop = tx.prepare_cached("DELETE FROM news_mail WHERE message = ?1 AND agent = ?2")?;
    for one in seen {
        drop.execute(params![one.row, agent.as_str()])?;
    }
    let records = unlooked(tx, reader, folded)?;
    let is_mine = line.assignee.as_deref() == Some(agent.as_str()) || line.followers.contains(agent.as_str());
    let mut kinds = 0;
    kinds |= if mails.is_empty() { 0 } else { MAIL };
    kinds |= if is_mine && !mails.is_empty() { ANSWER } else { 0 };
    kinds |= records.iter().fold(0, |all, one| all | bit(one.kind));
    kinds |= if is_told_of_bounce(line, agent) { BOUNCED } else { 0 };
    let pressing = [Kind::Mention, Kind::Given, Kind::Lost];
    let of = |kind: Kind| records.iter().rev().find(|one| one.kind == kind);
    let (who, words) = match pressing.into_iter().find_map(of) {
        Some(one) if one.kind == Kind::Mention || kinds & ANSWER == 0 => {
            (one.who.as_ref().map(ToString::to_string).unwrap_or_default(), one.words.clone())
        }
        _ => (String::new(), mails.last().map(|one| one.snippet.clone()).unwrap_or_default()),
    };
    let words = SafeText::line_max(&words, WORDS_MAX).to_string();
    Ok(Found { kinds, who, words, mails, records })
}

fn bit(kind: Kind) -> i64 {
    match kind {
        Kind::Mention => MENTION,
        Kind::Given => GIVEN,
        Kind::Lost => LOST,
    }
}

/// Tells whether mail that came back is this agent's to deal with: they sent it or have the conversation, or nobody knows who did.
fn is_told_of_bounce(line: &Line, agent: &Handle) -> bool {
    let mine = |sender: &String| sender.is_empty() || sender == agent.as_str();
    line.bounced.as_ref().is_some_and(mine)
        || (line.bounced.is_some() && line.assignee.as_deref() == Some(agent.as_str()))
}

/// Returns what records bring to an agent that they did not look at. What was given and lost before they used this store is past.
fn unlooked(tx: &Transaction<'_>, reader: &Reader, folded: &Folded) -> Result<Vec<Brought>, StoreError> {
    let records: Vec<&Record> = folded.records.iter().map(|(_, record)| record).collect();
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let mut looked = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM news_looked WHERE agent = ?1 AND record = ?2)")?;
    let mut all = Vec::new();
    for one in brought(&reader.agent, &folded.state, &records) {
        let is_past = one.kind != Kind::Mention && one.at < reader.since;
        let is_looked_at: bool =
            looked.query_row([reader.agent.as_str(), &one.record.to_string()], |row| row.get(0))?;
        if !is_past && !is_looked_at {
            all.push(one);
        }
    }
    Ok(all)
}

/// Returns the mail of a conversation that waits for an agent's look, in the order of its arrival.
pub(super) fn waiting(tx: &Transaction<'_>, conversation: i64, agent: &Handle) -> Result<Vec<Waiting>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT m.id, m.message_id, m.arrived, m.snippet, n.behind, n.by_hand FROM message m
             CROSS JOIN news_mail n ON n.message = m.id AND n.agent = ?2
         WHERE m.conversation = ?1 AND m.hidden = 0 AND m.direction = ?3 AND m.origin = ?4 AND m.history = 0
         ORDER BY m.arrived, m.message_id",
    )?;
    let read = |row: &Row<'_>| {
        Ok(Waiting {
            row: row.get(0)?,
            id: id_of(row, 1)?,
            arrived: Timestamp(row.get(2)?),
            snippet: row.get(3)?,
            behind: row.get(4)?,
            by_hand: row.get(5)?,
        })
    };
    let human = params![conversation, agent.as_str(), Code(Direction::Inbound), Code(Origin::Human)];
    Ok(find.query_map(human, read)?.collect::<Result<_, _>>()?)
}

fn write_found(
    tx: &Transaction<'_>,
    conversation: i64,
    agent: &Handle,
    found: &Found,
    before: i64,
) -> Result<(), StoreError> {
    if found.kinds == 0 {
        if before != 0 {
            tx.prepare_cached("DELETE FROM conversation_news WHERE agent = ?1 AND conversation = ?2")?
                .execute(params![agent.as_str(), conversation])?;
        }
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO conversation_news (agent, conversation, kinds, who, words) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (agent, conversation) DO UPDATE SET kinds = ?3, who = ?4, words = ?5",
    )?
    .execute(params![agent.as_str(), conversation, found.kinds, found.who, found.words])?;
    Ok(())
}

/// Keeps whether an agent looked at the notes that mention them.
fn write_mention(
    tx: &Transaction<'_>,
    conversation: i64,
    agent: &Handle,
    folded: &Folded,
    found: &Found,
) -> Result<(), StoreError> {
    let looked = folded.state.mentioned.contains(agent) && found.kinds & MENTION == 0;
    let sql = match looked {
        true => "INSERT OR IGNORE INTO conversation_mention_looked (agent, conversation) VALUES (?1, ?2)",
        false => "DELETE FROM conversation_mention_looked WHERE agent = ?1 AND conversation = ?2",
    };
    tx.prepare_cached(sql)?.execute(params![agent.as_str(), conversation])?;
    Ok(())
}
