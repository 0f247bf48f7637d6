//! What the keyword mirror needs to know: the state of the conversation that each message of a folder belongs to.

use rusqlite::params;

use super::code::Code;
use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::ids::Tag;
use crate::model::status::Status;

/// A message of a folder, with the state of its conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mirrored {
    /// Its UID.
    pub uid: u32,
    /// Its flags and keywords, as last seen.
    pub flags: Vec<String>,
    /// The conversation's status.
    pub status: Status,
    /// Whether somebody has it.
    pub assigned: bool,
    /// Its tags.
    pub tags: Vec<String>,
}

impl Store {
    /// Returns the messages of a folder whose conversations a change touched. Where it touched everything, those of active conversations
    /// and those that carry a keyword with this prefix.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn mirrored(&self, folder: i64, change: &Change, prefix: &str) -> Result<Vec<Mirrored>, StoreError> {
        const COLUMNS: &str = "SELECT l.uid, l.flags, c.status, c.assignee IS NOT NULL,
                coalesce((SELECT group_concat(tag, char(31)) FROM conversation_tag t WHERE t.conversation = c.rowid), '')
             FROM location l JOIN message m ON m.id = l.message JOIN conversation c ON c.rowid = m.conversation
             WHERE l.folder = ?1";
        self.read(|tx| {
            let read = |row: &rusqlite::Row<'_>| {
                Ok(Mirrored {
                    uid: row.get(0)?,
                    flags: row.get::<_, String>(1)?.split_ascii_whitespace().map(str::to_owned).collect(),
                    status: row.get::<_, Code<_>>(2)?.0,
                    assigned: row.get(3)?,
                    tags: row
                        .get::<_, String>(4)?
                        .split('\u{1f}')
                        .filter(|t| !t.is_empty())
                        .map(str::to_owned)
                        .collect(),
                })
            };
            let mut all = Vec::new();
            match change {
                Change::Counts => {}
                Change::Conversations(ids) => {
                    let mut find = tx.prepare_cached(&format!("{COLUMNS} AND c.id = ?2"))?;
                    for id in ids {
                        all.extend(find.query_map(params![folder, id.as_str()], read)?.collect::<Result<Vec<_>, _>>()?);
                    }
                }
                Change::Everything => {
                    let mut find =
                        tx.prepare_cached(&format!("{COLUMNS} AND (c.active = 1 OR instr(l.flags, ?2) > 0)"))?;
                    all = find.query_map(params![folder, prefix], read)?.collect::<Result<_, _>>()?;
                }
            }
            Ok(all)
        })
    }

    /// Returns the tags that most conversations have, the most used first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn top_tags(&self, limit: usize) -> Result<Vec<Tag>, StoreError> {
        self.read(|tx| {
            let mut find = tx
                .prepare_cached("SELECT tag FROM conversation_tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ?1")?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let names = find.query_map([limit], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(names.iter().filter_map(|name| Tag::new(name).ok()).collect())
        })
    }
}
