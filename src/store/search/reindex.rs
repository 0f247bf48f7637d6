//! The search index follows the folding of text: where that changed, all is indexed anew.

use super::text::search_text;
use crate::mime;
use crate::query::FOLD_VERSION;
use crate::store::batch::{get_meta, set_meta};
use crate::store::message::get_raw;
use crate::store::{Opening, Store, StoreError};

/// After so many mails it is told how far it is.
const TOLD: u64 = 100;

/// The name of the version in `meta`.
const NAME: &str = "fold-version";

impl Store {
    /// Indexes everything anew where the index was made by another version of the folding. Does nothing in all other cases.
    pub(in crate::store) fn index_as_folded_now(&self, told: &mut dyn FnMut(Opening)) -> Result<(), StoreError> {
        let now = FOLD_VERSION.to_string();
        match self.read(|tx| get_meta(tx, NAME))? {
            Some(kept) if kept == now => return Ok(()),
            None => return self.write(|tx| set_meta(tx, NAME, &now)),
            Some(_) => {}
        }
        self.change(|batch| {
            batch.tx.execute("INSERT INTO search (search) VALUES ('delete-all')", [])?;
            batch.tx.execute("DELETE FROM note_doc", [])?;
            let mut find = batch.tx.prepare("SELECT id FROM message")?;
            let rows = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            let all = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            for (done, row) in (0..).zip(rows) {
                if u64::is_multiple_of(done, TOLD) {
                    told(Opening::Indexing { done, all });
                }
                if let Some(raw) = get_raw(batch.tx, row, u64::MAX)? {
                    batch.index(row, &search_text(&mime::parse(&raw)))?;
                }
            }
            // Folding a conversation writes the names of its people and its notes.
            let mut find = batch.tx.prepare("SELECT rowid FROM conversation")?;
            let all = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for conversation in all {
                batch.touch(conversation, true);
            }
            set_meta(batch.tx, NAME, &now)
        })?;
        Ok(())
    }
}
