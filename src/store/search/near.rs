//! The word of the index that is most like one that it does not hold, for "did you mean".
//!
//! The words of a million mails are too many to go through. So the words that differ from the typed one by a single slip are made, and each
//! is looked up, which costs a seek: the cost grows with the length of the word and not with the store.

use std::collections::BTreeSet;

use super::few;
use super::sql::in_column;
use crate::query::{Field, Stretch};
use crate::store::connection::Transaction;
use crate::store::{Store, StoreError};

/// A shorter word is like too many others.
const LETTERS_MIN: usize = 4;
/// A longer one is no word that somebody typed.
const LETTERS_MAX: usize = 24;
/// So many words are looked up at most.
const TRIED_MAX: usize = 2_500;
/// So many mails that hold a word are counted, to tell which of several is usual.
const COUNTED_MAX: usize = 200;
/// The letters on either side of one outside ASCII that may have been meant: those of its script.
const AROUND: u32 = 48;

/// Where a word is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordOf {
    /// What the query asks through.
    Text(Field),
    /// The names and addresses of people.
    People,
}

impl Store {
    /// Returns the folded word that mail holds and that differs by a slip of one letter from `word`: the one that most mails hold. `None`
    /// where mail holds `word` itself, or nothing like it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn near_word(&self, word: &str, of: WordOf) -> Result<Option<String>, StoreError> {
        let letters = word.chars().count();
        // A number that differs by a digit is another number.
        if !(LETTERS_MIN..=LETTERS_MAX).contains(&letters) || word.chars().any(char::is_numeric) {
            return Ok(None);
        }
        self.read(|tx| {
            if holders(tx, word, of)? > 0 {
                return Ok(None);
            }
            let mut best: Option<(usize, String)> = None;
            for near in slips(word) {
                let count = holders(tx, &near, of)?;
                if count > best.as_ref().map_or(0, |(most, _)| *most) {
                    best = Some((count, near));
                }
            }
            Ok(best.map(|(_, near)| near))
        })
    }
}

/// Returns how many mails and notes hold a word, up to a bound.
fn holders(tx: &Transaction<'_>, word: &str, of: WordOf) -> Result<usize, StoreError> {
    let (field, people) = match of {
        WordOf::Text(field) => (field, false),
        WordOf::People => (Field::Any, true),
    };
    let Some(asked) = in_column(field, &Stretch { folded: word.to_owned(), begins: false, people }) else {
        return Ok(0);
    };
    few::holders(tx, &asked, COUNTED_MAX)
}

/// Returns the words that differ by one slip: two letters the wrong way round, one too many, a wrong one, one left out.
fn slips(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    let alphabet = alphabet(&letters);
    let with = |change: &dyn Fn(&mut Vec<char>)| {
        let mut changed = letters.clone();
        change(&mut changed);
        changed.into_iter().collect::<String>()
    };
    let places = 0..letters.len();
    let mut all: Vec<String> = places.clone().skip(1).map(|at| with(&|word| word.swap(at - 1, at))).collect();
    all.extend(places.clone().map(|at| {
        with(&|word| {
            let _ = word.remove(at);
        })
    }));
    for at in places {
        let other = |letter: &char| with(&|word| word.iter_mut().skip(at).take(1).for_each(|old| *old = *letter));
        all.extend(alphabet.iter().map(other));
    }
    for at in 0..=letters.len() {
        all.extend(alphabet.iter().map(|letter| with(&|word| word.insert(at, *letter))));
    }
    let mut met = BTreeSet::from([word.to_owned()]);
    all.retain(|near| met.insert(near.clone()));
    all.truncate(TRIED_MAX);
    all
}

/// Returns the letters that may have been meant: those of the scripts that the word is written in. Scripts of thousands of signs have none.
fn alphabet(letters: &[char]) -> BTreeSet<char> {
    let mut all = BTreeSet::new();
    for letter in letters {
        let code = u32::from(*letter);
        match code {
            0..0x250 => all.extend('a'..='z'),
            0x250..0x2000 => {
                let around = (code.saturating_sub(AROUND)..=code.saturating_add(AROUND)).filter_map(char::from_u32);
                all.extend(around.filter(|c| c.is_alphabetic() && !c.is_uppercase() && !c.is_ascii()));
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
#[path = "near_tests.rs"]
mod tests;
