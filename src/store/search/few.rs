//! Whether what is asked of the text leaves few conversations: then they are gathered, and none of the others is looked at.

use rusqlite::params;

use super::sql::phrases_asked;
use super::vocabulary::Vocabulary;
use crate::query::{Expr, Query, Stretch, Term, Wanted};
use crate::store::StoreError;
use crate::store::connection::Transaction;

/// More words than these are many.
const WORDS_FEW: usize = 8;

/// How a page of a search is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Plan {
    /// All that answer are gathered and put in order.
    Gather,
    /// Conversations are tested one by one, in the order of the list.
    Walk,
}

/// Tells how a page of a search is found: at most `few` conversations are gathered whatever they are. To test 200 before it was clear that
/// few answer made a page of a rare word, with the start of the program, 41 ms in 27,500 mails; gathered it is 15.
///
/// What begins many words is gathered in any case: each test would put all of these together, and gathering does that once (372 and 31 ms
/// for three letters).
pub(in crate::store) fn plan_of(tx: &Transaction<'_>, query: &Query, few: usize) -> Result<Plan, StoreError> {
    let look = Look { tx, vocabulary: Vocabulary::of(tx), few };
    let gathers = look.begins_many(&query.expr)? || look.at_most(&query.expr)?.is_some();
    Ok(if gathers { Plan::Gather } else { Plan::Walk })
}

struct Look<'t> {
    tx: &'t Transaction<'t>,
    vocabulary: Vocabulary<'t>,
    few: usize,
}

impl Look<'_> {
    /// Returns the phrases that are asked for; none where signs are, which no index holds.
    fn phrases(&self, text: &str, prefix: bool, exact: bool) -> Result<Option<Vec<Stretch>>, StoreError> {
        Ok(match self.vocabulary.keep_held(Wanted::of(text, prefix, exact))? {
            Wanted::Words(phrases) => Some(phrases),
            Wanted::Signs { .. } => None,
        })
    }

    /// Tells whether what begins many words is asked for anywhere.
    fn begins_many(&self, expr: &Expr) -> Result<bool, StoreError> {
        match expr {
            Expr::And(parts) | Expr::Or(parts) => any(parts, |part| self.begins_many(part)),
            Expr::Not(inner) => self.begins_many(inner),
            Expr::Term(Term::Text { text, prefix, exact, .. }) => {
                let phrases = self.phrases(text, *prefix, *exact)?.unwrap_or_default();
                any(&phrases, |phrase| self.vocabulary.begins_more_than(WORDS_FEW, phrase))
            }
            Expr::Any | Expr::Term(_) => Ok(false),
        }
    }

    /// Returns how many mails and notes can make a conversation answer; `None` where that is not known, or is more than few.
    fn at_most(&self, expr: &Expr) -> Result<Option<usize>, StoreError> {
        match expr {
            Expr::And(parts) => {
                for part in parts {
                    if let Some(few) = self.at_most(part)? {
                        return Ok(Some(few));
                    }
                }
                Ok(None)
            }
            Expr::Or(parts) => {
                let mut all = 0_usize;
                for part in parts {
                    let Some(more) = self.at_most(part)? else { return Ok(None) };
                    all = all.saturating_add(more);
                }
                Ok(Some(all).filter(|all| *all <= self.few))
            }
            Expr::Term(Term::Text { field, text, prefix, exact }) => {
                let Some(phrases) = self.phrases(text, *prefix, *exact)? else { return Ok(None) };
                let held = holders(self.tx, &phrases_asked(*field, &phrases), self.few.saturating_add(1))?;
                Ok(Some(held).filter(|held| *held <= self.few))
            }
            Expr::Any | Expr::Not(_) | Expr::Term(_) => Ok(None),
        }
    }
}

/// Tells whether any of them is so, and asks no further.
fn any<T>(all: &[T], mut is_so: impl FnMut(&T) -> Result<bool, StoreError>) -> Result<bool, StoreError> {
    for one in all {
        if is_so(one)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns how many mails and notes hold what is asked for in the language of FTS5, up to a bound.
pub(super) fn holders(tx: &Transaction<'_>, asked: &str, most: usize) -> Result<usize, StoreError> {
    let mut count = tx.prepare_cached("SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH ?1 LIMIT ?2)")?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let held: i64 = count.query_row(params![asked, most], |row| row.get(0))?;
    Ok(usize::try_from(held).unwrap_or(usize::MAX))
}

#[cfg(test)]
#[path = "few_tests.rs"]
mod tests;
