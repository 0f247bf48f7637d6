//! Whether the index holds a word at all: what is found beside a word that is looked for is asked for only where it stands anywhere. The
//! text of most mail has no other forms of it, and each phrase of a question is looked up again for every conversation that is tested.

use rusqlite::OptionalExtension;

use crate::query::{Stretch, Wanted, index_words};
use crate::store::StoreError;
use crate::store::connection::Transaction;

/// The words of the search index, as a transaction sees them.
pub(super) struct Vocabulary<'t>(&'t Transaction<'t>);

impl<'t> Vocabulary<'t> {
    pub(super) fn of(tx: &'t Transaction<'t>) -> Self {
        Self(tx)
    }

    /// Leaves out of what is wanted what no text can hold. One stays in any case, so that there is something to ask.
    pub(super) fn keep_held(&self, wanted: Wanted) -> Result<Wanted, StoreError> {
        let Wanted::Words(phrases) = wanted else { return Ok(wanted) };
        // To ask for it finds out as quickly.
        if phrases.len() < 2 {
            return Ok(Wanted::Words(phrases));
        }
        let first = phrases.first().cloned();
        let mut held = Vec::with_capacity(phrases.len());
        for phrase in phrases {
            if self.holds(&phrase)? {
                held.push(phrase);
            }
        }
        if held.is_empty() {
            held.extend(first);
        }
        Ok(Wanted::Words(held))
    }

    /// Tells whether all words of a phrase are held; whether they stand together is not looked at.
    fn holds(&self, phrase: &Stretch) -> Result<bool, StoreError> {
        let words = index_words(&phrase.folded);
        let Some((last, before)) = words.split_last() else { return Ok(false) };
        for word in before {
            if !self.has(word)? {
                return Ok(false);
            }
        }
        if phrase.begins { self.has_beginning(last) } else { self.has(last) }
    }

    fn has(&self, word: &str) -> Result<bool, StoreError> {
        Ok(self.0.prepare_cached(HAS)?.exists([word])?)
    }

    fn has_beginning(&self, word: &str) -> Result<bool, StoreError> {
        Ok(self.next(word)?.is_some_and(|next| next.starts_with(word)))
    }

    /// Tells whether more than `few` words begin as the last one of a phrase does, where that one may go on.
    pub(super) fn begins_more_than(&self, few: usize, phrase: &Stretch) -> Result<bool, StoreError> {
        let words = index_words(&phrase.folded);
        let Some(last) = words.last().filter(|_| phrase.begins) else { return Ok(false) };
        let mut from = last.clone();
        for _ in 0..=few {
            let Some(next) = self.next(&from)?.filter(|next| next.starts_with(last.as_str())) else { return Ok(false) };
            // Nothing stands between a word and the same with a NUL behind it.
            from = next + "\0";
        }
        Ok(true)
    }

    fn next(&self, word: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.prepare_cached(NEXT)?.query_row([word], |row| row.get(0)).optional()?)
    }
}

const HAS: &str = "SELECT 1 FROM search_word WHERE term = ?1";

/// The first word that is not before this one: only one of the same beginning can stand there, where there is any.
const NEXT: &str = "SELECT term FROM search_word WHERE term >= ?1 ORDER BY term LIMIT 1";

#[cfg(test)]
#[path = "vocabulary_tests.rs"]
mod tests;
