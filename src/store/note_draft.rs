//! Notes that are being typed: kept so that a lost connection or a wrong key loses none. They are nobody's business but their author's and
//! go on no log.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};

impl Store {
    /// Keeps the text of a note that this agent is typing at a place; an empty text forgets it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn keep_note(&self, place: &str, text: &str) -> Result<(), StoreError> {
        let author = self.author();
        let text = text.trim_end();
        self.write(|tx| {
            if text.is_empty() {
                tx.prepare_cached("DELETE FROM note_draft WHERE actor = ?1 AND place = ?2")?
                    .execute([author.actor.as_str(), place])?;
                return Ok(());
            }
            tx.prepare_cached(
                "INSERT INTO note_draft (actor, place, text, saved_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (actor, place) DO UPDATE SET text = ?3, saved_at = ?4",
            )?
            .execute(params![author.actor.as_str(), place, text, author.clock.now().0])?;
            Ok(())
        })
    }

    /// Returns the text that this agent was typing at a place.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn kept_note(&self, place: &str) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT text FROM note_draft WHERE actor = ?1 AND place = ?2")?;
            Ok(find.query_row([self.author().actor.as_str(), place], |row| row.get(0)).optional()?)
        })
    }

    /// Forgets what this agent was typing, now that it is a note.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn note_is_written(&self, text: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached("DELETE FROM note_draft WHERE actor = ?1 AND text = ?2")?
                .execute([self.author().actor.as_str(), text.trim_end()])?;
            Ok(())
        })
    }
}

#[cfg(test)]
#[path = "note_draft_tests.rs"]
mod tests;
