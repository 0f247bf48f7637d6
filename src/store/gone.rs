//! Mail that another program took away: it stays in its conversation, with the folder that it left.

use std::cell::Cell;
use std::collections::BTreeMap;

use rusqlite::params;

use super::batch::Batch;
use super::code::Code;
use super::connection::Transaction;
use super::facts::Facts;
use super::folder::shown_as;
use super::types::FolderRole;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::phrase::Phrase;
use crate::model::stop::Stop;
use crate::model::text::SafeText;

/// Whether a mail is on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It stands in a folder that is not the archive.
    There,
    /// It stands in the archive alone.
    Archived,
    /// It stands in no folder and is looked for.
    Sought,
    /// It stands in no folder.
    Nowhere,
}

impl Standing {
    fn of(tx: &Transaction<'_>, message: i64) -> Result<Self, StoreError> {
        let mut find = tx.prepare_cached(
            "SELECT min(f.role = ?2) FROM (
                 SELECT ?1 AS id UNION ALL
                 SELECT c.id FROM message m JOIN message c ON c.beside = m.message_id AND c.copy = 1 WHERE m.id = ?1) x
             CROSS JOIN location l ON l.message = x.id CROSS JOIN folder f ON f.id = l.folder",
        )?;
        let archived: Option<bool> = find.query_row(params![message, Code(FolderRole::Archive)], |row| row.get(0))?;
        Ok(match archived {
            Some(false) => Standing::There,
            Some(true) => Standing::Archived,
            None if is_sought(tx, message)? => Standing::Sought,
            None => Standing::Nowhere,
        })
    }
}

/// Tells whether a mail is still looked for. What UIDs that became void named is found folder by folder: there are few, and each has as
/// many such mails as it held.
fn is_sought(tx: &Transaction<'_>, message: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM folder f CROSS JOIN lost_location t ON t.folder = f.id AND t.message = ?1)
             OR EXISTS (SELECT 1 FROM adrift WHERE message = ?1)",
    )?;
    Ok(find.query_row([message], |row| row.get(0))?)
}

/// Tells whether a mail stands in a folder, or is still looked for.
pub(super) fn stands(tx: &Transaction<'_>, message: i64) -> Result<bool, StoreError> {
    Ok(Standing::of(tx, message)? != Standing::Nowhere)
}

/// Returns the folder that a mail left while it is looked for.
fn sought_from(tx: &Transaction<'_>, message: i64) -> Result<Option<i64>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT coalesce((SELECT folder FROM adrift WHERE message = ?1),
             (SELECT t.folder FROM folder f CROSS JOIN lost_location t ON t.folder = f.id AND t.message = ?1))",
    )?;
    Ok(find.query_row([message], |row| row.get(0))?)
}

/// How a mail left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    /// How, for whoever reads the conversation.
    pub how: Phrase,
    /// When this client saw it; `None` where it was met in the archive.
    pub at: Option<Timestamp>,
    /// For how many days its text was kept, where it was let go.
    let_go: Option<u32>,
}

impl Departure {
    /// Reads how a mail left; `None` where it stands as ever.
    pub(super) fn of(tx: &Transaction<'_>, facts: &Facts) -> Result<Option<Self>, StoreError> {
        if !facts.has_left() {
            return Ok(None);
        }
        let mut find = tx.prepare_cached(
            "SELECT f.name, m.left_at, m.let_go FROM message m LEFT JOIN folder f ON f.id = m.gone_from WHERE m.id = ?1",
        )?;
        let (folder, at, let_go): (Option<String>, Option<i64>, _) =
            find.query_row([facts.row], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let how = match (folder, facts.archived) {
            (Some(folder), true) => phrase!("mail-archived", folder = folder),
            (None, true) => phrase!("mail-in-archive"),
            (Some(folder), false) => phrase!("mail-left", folder = folder),
            (None, false) => phrase!("mail-left-all"),
        };
        Ok(Some(Self { how, at: at.map(Timestamp), let_go }))
    }

    /// Says why the text of a mail that is not here can't be had any more; `None` where it can.
    pub(super) fn why_missing(&self, facts: &Facts) -> Option<Phrase> {
        if !facts.partial || facts.gone_at.is_none() {
            return None;
        }
        Some(match self.let_go {
            Some(days) => phrase!("mail-let-go", days = days),
            None => phrase!("mail-gone-unfetched"),
        })
    }
}

impl Facts {
    /// Tells whether another program took it away: it stands in no folder, or in the archive alone.
    pub(super) fn has_left(&self) -> bool {
        self.gone_at.is_some() || self.archived
    }
}

impl Batch<'_> {
    /// Keeps where a mail is, after it was taken out of a folder, `left`, or put into one. What only stood for a mail that could not be
    /// had is no message without a place.
    pub(super) fn see_standing(&mut self, message: i64, left: Option<i64>) -> Result<(), StoreError> {
        // Where it stands says whose it is.
        if let Some(known) = Facts::by_row(self.tx, message)? {
            self.contest(&known)?;
        }
        self.keep_standing(message, left)
    }

    /// Keeps where a mail is, without asking which mail it is.
    pub(super) fn keep_standing(&mut self, message: i64, left: Option<i64>) -> Result<(), StoreError> {
        // Where a copy stands, the mail does that it is a copy of.
        let message = shown_as(self.tx, message)?.map_or(message, |shown| shown.row);
        let standing = Standing::of(self.tx, message)?;
        if standing != Standing::Nowhere {
            self.derive_again(message)?;
        }
        let Some(known) = Facts::by_row(self.tx, message)? else { return Ok(()) };
        let (gone_at, archived) = match standing {
            Standing::Sought => return Ok(()),
            Standing::There => (None, false),
            Standing::Archived => (None, true),
            Standing::Nowhere if known.hidden => return Ok(()),
            Standing::Nowhere if known.id.is_stand_in() => {
                return self.update(&known, &Facts { hidden: true, ..known.clone() });
            }
            Standing::Nowhere => (known.gone_at.or(Some(self.now)), false),
        };
        if (gone_at, archived) == (known.gone_at, known.archived) {
            return Ok(());
        }
        let left = match left {
            Some(left) => Some(left),
            None => sought_from(self.tx, message)?,
        };
        let left = left.filter(|_| standing != Standing::There);
        let keeps = standing != Standing::There;
        self.tx
            .prepare_cached(
                "UPDATE message SET gone_from = coalesce(?2, CASE WHEN ?3 THEN gone_from END) WHERE id = ?1",
            )?
            .execute(params![message, left, keeps])?;
        self.update(&known, &Facts { gone_at, archived, ..known.clone() })
    }

    /// Returns when a mail left, and whether it stands in the archive.
    pub(super) fn left(&self, message: i64) -> Result<(Option<Timestamp>, bool), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT gone_at, archived FROM message WHERE id = ?1")?;
        Ok(find.query_row([message], |row| Ok((row.get::<_, Option<i64>>(0)?.map(Timestamp), row.get(1)?)))?)
    }

    /// Keeps where a mail is that stood in `folder` before its UIDs became void. Where it stands nowhere, the server lost it, and nobody
    /// took it away.
    pub(super) fn see_found(&mut self, message: i64, folder: i64) -> Result<(), StoreError> {
        if Standing::of(self.tx, message)? == Standing::Nowhere {
            Ok(())
        } else {
            self.see_standing(message, Some(folder))
        }
    }

    /// Notes that a conversation was closed because its mail left, for its assignee to be told.
    pub(super) fn note_departed(&self, id: &ConversationId, assignee: &str) -> Result<(), StoreError> {
        self.tx
            .prepare_cached("INSERT OR REPLACE INTO departed (conversation, assignee) VALUES (?1, ?2)")?
            .execute([id.as_str(), assignee])?;
        Ok(())
    }
}

/// Returns the conversations of `me` that were closed because another program took their mail away, and of which `me` was not told, with
/// their titles.
pub(super) fn departed(tx: &Transaction<'_>, me: &Handle) -> Result<BTreeMap<ConversationId, SafeText>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT c.id, coalesce(c.title, c.subject) FROM departed d CROSS JOIN conversation c ON c.id = d.conversation
         WHERE d.assignee = ?1 AND c.assignee = ?1 AND c.gone = 1",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok((ConversationId::from_kept(row.get::<_, String>(0)?), SafeText::line_max(&row.get::<_, String>(1)?, 500)))
    };
    Ok(find.query_map([me.as_str()], read)?.collect::<Result<_, _>>()?)
}

/// So many mails are looked at in one transaction, where a folder becomes the archive or is it no more.
const SEEN: usize = 200;

impl Store {
    /// Keeps anew where the mails of a folder are, because it became the archive or is it no more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub(super) fn see_all_standing(&self, folder: i64) -> Result<(), StoreError> {
        let last = Cell::new(0_u32);
        let portion = |batch: &mut Batch<'_>| {
            let mut find = batch.tx.prepare_cached(
                "SELECT uid, message FROM location WHERE folder = ?1 AND uid > ?2 ORDER BY uid LIMIT ?3",
            )?;
            let most = i64::try_from(SEEN).unwrap_or(i64::MAX);
            let found = find
                .query_map(params![folder, last.get(), most], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<Vec<(u32, i64)>, _>>()?;
            for (uid, message) in &found {
                batch.see_standing(*message, None)?;
                last.set(*uid);
            }
            batch.place_linked()?;
            Ok(found.len() == SEEN)
        };
        self.in_portions(&Stop::never(), portion, || {})?;
        Ok(())
    }

    /// Notes that the assignee was told of these of [`crate::model::view::Counts::departed`].
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn departed_are_told(&self, told: &[ConversationId]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut delete = tx.prepare_cached("DELETE FROM departed WHERE conversation = ?1")?;
            for id in told {
                delete.execute([id.as_str()])?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
#[path = "gone_tests.rs"]
mod tests;
