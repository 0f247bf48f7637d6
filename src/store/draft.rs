//! Drafts: one per agent and conversation, kept on every pause, never overwritten by a version that did not know them.

mod copy;

use rusqlite::{OptionalExtension, Row, params};

use super::batch::{get_meta, set_meta};
use super::connection::Transaction;
use super::{Store, StoreError, erased};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::reply::Draft;
pub use copy::DraftCopy;

/// The name in `meta` of the highest number that a draft had.
const NUMBERED: &str = "drafts";
/// How long a discarded draft can be brought back.
const DISCARDED_KEPT: i64 = 30 * Timestamp::DAY;

impl Store {
    /// Keeps a draft and returns it with its number and time.
    ///
    /// Where another terminal has meanwhile kept a version that this one has not seen (its `saved_at` differs), that version is put among
    /// the discarded ones under a number of its own. So is another draft of the same agent that stands in the conversation, under the
    /// number that it has: nothing that was typed is lost, and no number ever means another draft.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn save_draft(&self, draft: &Draft) -> Result<Draft, StoreError> {
        Ok(self.save_draft_over(draft)?.0)
    }

    /// As [`Store::save_draft`], and returns the number of the one that was put among the discarded ones for it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn save_draft_over(&self, draft: &Draft) -> Result<(Draft, Option<i64>), StoreError> {
        let author = self.author();
        let saved = self.write(|tx| save_over(tx, &author.actor, author.clock.now(), draft))?;
        self.tell(&saved.0.conversation);
        Ok(saved)
    }

    /// Returns the draft of that number, discarded ones too.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn draft(&self, id: i64) -> Result<Option<Draft>, StoreError> {
        self.read(|tx| by_id(tx, id))
    }

    /// Returns this agent's draft in a conversation.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn draft_in(&self, conversation: &ConversationId) -> Result<Option<Draft>, StoreError> {
        self.read(|tx| active_in(tx, &self.author().actor, conversation))
    }

    /// Returns this agent's drafts, the last kept first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.list_drafts("discarded_at IS NULL")
    }

    /// Returns this agent's discarded drafts, the last kept first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn discarded_drafts(&self) -> Result<Vec<Draft>, StoreError> {
        self.list_drafts("discarded_at IS NOT NULL")
    }

    /// Discards a draft; [`Store::restore_draft`] brings it back within thirty days. Returns whether there was one.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn discard_draft(&self, id: i64) -> Result<bool, StoreError> {
        let now = self.author().clock.now();
        let gone = self.write(|tx| {
            tx.execute(
                "DELETE FROM draft WHERE discarded_at IS NOT NULL AND discarded_at < ?1",
                [now.plus(-DISCARDED_KEPT).0],
            )?;
            let found = by_id(tx, id)?.filter(|d| d.discarded_at.is_none());
            tx.execute(
                "UPDATE draft SET discarded_at = ?2 WHERE id = ?1 AND discarded_at IS NULL",
                params![id, now.0],
            )?;
            Ok(found)
        })?;
        if let Some(draft) = &gone {
            self.tell(&draft.conversation);
        }
        Ok(gone.is_some())
    }

    /// Brings a discarded draft back and returns it. A draft that has since been begun in the same conversation takes its place among
    /// the discarded ones.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn restore_draft(&self, id: i64) -> Result<Option<Draft>, StoreError> {
        let author = self.author();
        let restored = self.write(|tx| {
            let Some(draft) = by_id(tx, id)? else { return Ok(None) };
            let now = author.clock.now();
            if let Some(other) =
                draft.conversation.as_ref().map(|c| active_in(tx, &author.actor, c)).transpose()?.flatten()
            {
                if other.id == id {
                    return Ok(Some(draft));
                }
                tx.execute("UPDATE draft SET discarded_at = ?2 WHERE id = ?1", params![other.id, now.0])?;
            }
            tx.execute("UPDATE draft SET discarded_at = NULL WHERE id = ?1", [id])?;
            by_id(tx, id)
        })?;
        if let Some(draft) = &restored {
            self.tell(&draft.conversation);
        }
        Ok(restored)
    }

    fn list_drafts(&self, which: &str) -> Result<Vec<Draft>, StoreError> {
        self.read(|tx| {
            let sql =
                format!("SELECT {COLUMNS} FROM draft WHERE actor = ?1 AND {which} ORDER BY saved_at DESC, id DESC");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([self.author().actor.as_str()], kept)?.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(Kept::read).collect()
        })
    }

    /// Tells listeners that drafts or the outbox of a conversation changed.
    pub(super) fn tell(&self, conversation: &Option<ConversationId>) {
        let change = match conversation {
            Some(id) => Change::of(std::iter::once(id.clone()).collect()),
            None => Change::Counts,
        };
        self.publish(Some(&change));
    }
}

const COLUMNS: &str = "id, json, saved_at, discarded_at, conversation";

struct Kept {
    id: i64,
    json: String,
    saved_at: i64,
    discarded_at: Option<i64>,
    conversation: Option<String>,
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        id: row.get(0)?,
        json: row.get(1)?,
        saved_at: row.get(2)?,
        discarded_at: row.get(3)?,
        conversation: row.get(4)?,
    })
}

impl Kept {
    fn read(self) -> Result<Draft, StoreError> {
        let draft: Draft = serde_json::from_str(&self.json)
            .map_err(|e| StoreError::Content(format!("draft {} can't be read: {e}", self.id)))?;
        let (saved_at, discarded_at) = (Timestamp(self.saved_at), self.discarded_at.map(Timestamp));
        // The column follows the conversation when its id changes.
        let conversation = self.conversation.map(ConversationId::from_kept);
        Ok(Draft { id: self.id, conversation, saved_at, discarded_at, ..draft })
    }
}

fn by_id(tx: &Transaction<'_>, id: i64) -> Result<Option<Draft>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM draft WHERE id = ?1");
    tx.prepare_cached(&sql)?.query_row([id], kept).optional()?.map(Kept::read).transpose()
}

fn active_in(tx: &Transaction<'_>, actor: &Handle, conversation: &ConversationId) -> Result<Option<Draft>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM draft WHERE conversation = ?1 AND actor = ?2 AND discarded_at IS NULL ORDER BY id DESC"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    statement.query_row([conversation.as_str(), actor.as_str()], kept).optional()?.map(Kept::read).transpose()
}

/// Keeps `draft` within a transaction, as [`Store::save_draft`] does.
pub(super) fn save(tx: &Transaction<'_>, actor: &Handle, now: Timestamp, draft: &Draft) -> Result<Draft, StoreError> {
    Ok(save_over(tx, actor, now, draft)?.0)
}

fn save_over(
    tx: &Transaction<'_>,
    actor: &Handle,
    now: Timestamp,
    draft: &Draft,
) -> Result<(Draft, Option<i64>), StoreError> {
    erased::refuse_draft(tx, draft)?;
    let known = if draft.id == 0 { None } else { by_id(tx, draft.id)? };
    let active = draft.conversation.as_ref().map(|at| active_in(tx, actor, at)).transpose()?.flatten();
    let (known, other) = match (known, active) {
        (None, Some(active)) if is_again(&active, draft) => (Some(active), None),
        (known, active) => {
            let other = active.filter(|active| known.as_ref().is_none_or(|known| known.id != active.id));
            (known, other)
        }
    };
    // Strictly rising, so that the time tells versions apart.
    let before = known.iter().chain(&other).map(|standing| standing.saved_at.0 + 1).max();
    let saved_at = Timestamp(now.0.max(before.unwrap_or(0)));
    let fresh = Draft { saved_at, discarded_at: None, ..draft.clone() };
    let unseen = known.as_ref().filter(|known| known.saved_at != draft.saved_at && differs(known, draft));
    let aside = |known: &Draft| insert(tx, actor, &Draft { discarded_at: Some(now), ..known.clone() });
    let mut put_aside = unseen.map(aside).transpose()?;
    if let Some(other) = other {
        // It keeps its number: whoever noted that means it, and nothing else.
        tx.prepare_cached("UPDATE draft SET discarded_at = ?2 WHERE id = ?1")?.execute([other.id, now.0])?;
        put_aside = differs(&other, draft).then_some(other.id).or(put_aside);
    }
    let Some(known) = known else {
        let id = insert(tx, actor, &fresh)?;
        return Ok((Draft { id, ..fresh }, put_aside));
    };
    let fresh = Draft { id: known.id, ..fresh };
    let conversation = fresh.conversation.as_ref().map(ConversationId::as_str);
    tx.prepare_cached(
        "UPDATE draft SET conversation = ?2, json = ?3, saved_at = ?4, discarded_at = NULL WHERE id = ?1",
    )?
    .execute(params![fresh.id, conversation, json(&fresh)?, fresh.saved_at.0])?;
    Ok((fresh, put_aside))
}

/// Tells whether a version holds words that the other lacks.
fn differs(standing: &Draft, new: &Draft) -> bool {
    (&standing.body, &standing.subject, &standing.files) != (&new.body, &new.subject, &new.files)
        && !standing.body.trim().is_empty()
}

/// Tells whether a draft is the one that stands there once more, as a command that is run twice makes it.
fn is_again(standing: &Draft, new: &Draft) -> bool {
    let people = |of: &Draft| (of.to.clone(), of.cc.clone(), of.bcc.clone());
    (&standing.body, &standing.subject, &standing.files) == (&new.body, &new.subject, &new.files)
        && (standing.kind, &standing.parent, people(standing)) == (new.kind, &new.parent, people(new))
}

/// Puts a draft into the table under a number that no other draft ever had, those included that were sent or forgotten since.
pub(super) fn insert(tx: &Transaction<'_>, actor: &Handle, draft: &Draft) -> Result<i64, StoreError> {
    let last: i64 = get_meta(tx, NUMBERED)?.and_then(|n| n.parse().ok()).unwrap_or(0);
    let highest: i64 = tx
        .prepare_cached(
            "SELECT max(coalesce((SELECT max(id) FROM draft), 0), coalesce((SELECT max(draft) FROM draft_copy), 0))",
        )?
        .query_row([], |row| row.get(0))?;
    let id = last.max(highest) + 1;
    set_meta(tx, NUMBERED, &id.to_string())?;
    tx.prepare_cached(
        "INSERT INTO draft (id, actor, conversation, json, saved_at, discarded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id,
        actor.as_str(),
        draft.conversation.as_ref().map(ConversationId::as_str),
        json(draft)?,
        draft.saved_at.0,
        draft.discarded_at.map(|t| t.0)
    ])?;
    Ok(id)
}

fn json(draft: &Draft) -> Result<String, StoreError> {
    serde_json::to_string(draft).map_err(|e| StoreError::Content(e.to_string()))
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
