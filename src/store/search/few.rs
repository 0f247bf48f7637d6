//! Whether what is asked of the text leaves few conversations: then they are gathered, and none of the others is looked at.

use rusqlite::params;

use super::sql::phrases_asked;
use super::vocabulary::Vocabulary;
use crate::query::{Expr, Query, Term, Wanted};
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
    let count = Count { tx, vocabulary: Vocabulary::of(tx), few };
    let mut begins_many = false;
    let at_most = count.at_most(&query.expr, &mut begins_many)?;
    Ok(if begins_many || at_most.is_some() { Plan::Gather } else { Plan::Walk })
}

struct Count<'t> {
    tx: &'t Transaction<'t>,
    vocabulary: Vocabulary<'t>,
    few: usize,
}

impl Count<'_> {
    /// Returns how many mails and notes can make a conversation answer; `None` where that is not known, or is more than few.
    fn at_most(&self, expr: &Expr, begins_many: &mut bool) -> Result<Option<usize>, StoreError> {
        match expr {
            Expr::And(parts) => {
                let mut least = None;
                for part in parts {
                    let found = self.at_most(part, begins_many)?;
                    least = least.into_iter().chain(found).min();
                }
                Ok(least)
            }
            Expr::Or(parts) => {
                let mut all = Some(0_usize);
                for part in parts {
                    all = all.zip(self.at_most(part, begins_many)?).map(|(sum, more)| sum.saturating_add(more));
                }
                Ok(all.filter(|sum| *sum <= self.few))
            }
            Expr::Term(Term::Text { field, text, prefix, exact }) => {
                let wanted = self.vocabulary.keep_held(Wanted::of(text, *prefix, *exact))?;
                let Wanted::Words(phrases) = &wanted else { return Ok(None) };
                for phrase in phrases {
                    *begins_many |= self.vocabulary.begins_more_than(WORDS_FEW, phrase)?;
                }
                let held = holders(self.tx, &phrases_asked(*field, phrases), self.few.saturating_add(1))?;
                Ok(Some(held).filter(|held| *held <= self.few))
            }
            Expr::Not(inner) => {
                self.at_most(inner, begins_many)?;
                Ok(None)
            }
            Expr::Any | Expr::Term(_) => Ok(None),
        }
    }
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
