//! What somebody may have meant whose search found nothing: the same query with the words, names and tags that nothing here has taken for
//! the ones most like them.

use crate::error::UserError;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::query::{self, Context, Expr, NameAsked, Naming, Pattern, Query, Term, Who};
use crate::service::known;
use crate::store::{Store, WordOf};

/// So many words of a query are looked at: who types more does not mistype them all.
const WORDS_MAX: usize = 8;

/// What may have been meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    /// The query.
    pub query: String,
    /// How many conversations it finds.
    pub count: u64,
}

/// Returns what may have been meant by a query that finds nothing; `None` where nothing like it finds anything.
///
/// # Errors
/// When the store can't be read.
pub fn meant(store: &Store, asked: &Query, context: &Context) -> Result<Option<Meant>, UserError> {
    let mut mending = Mending { store, left: WORDS_MAX };
    let mut expr = asked.expr.clone();
    if !mending.expr(&mut expr)? {
        return Ok(None);
    }
    let query = Query { expr };
    let count = store.count(&query, context)?;
    let text = query.to_string();
    // What is offered is typed as it stands: it must read as what was counted.
    let reads_back = query::parse(&text).is_ok_and(|read| read == query);
    Ok((count > 0 && reads_back).then_some(Meant { query: text, count }))
}

struct Mending<'s> {
    store: &'s Store,
    left: usize,
}

impl Mending<'_> {
    /// Puts what is like them in the place of words that nothing has, and tells whether there was any. What is not to be found is left alone.
    fn expr(&mut self, expr: &mut Expr) -> Result<bool, UserError> {
        match expr {
            Expr::Any | Expr::Not(_) => Ok(false),
            Expr::And(parts) | Expr::Or(parts) => {
                let mut any = false;
                for part in parts {
                    any |= self.expr(part)?;
                }
                Ok(any)
            }
            Expr::Term(term) => self.term(term),
        }
    }

    fn term(&mut self, term: &mut Term) -> Result<bool, UserError> {
        match term {
            Term::Text { field, text, prefix: false, exact: false } => self.word(text, WordOf::Text(*field)),
            Term::Person { who, .. } => {
                let mut any = false;
                for pattern in who {
                    if let Pattern::Part(part) = pattern {
                        any |= self.word(part, WordOf::People)?;
                    }
                }
                Ok(any)
            }
            Term::Tag(tags) => self.names(tags, Naming::Tag, Tag::as_str, |name| Tag::new(name).ok()),
            Term::Inbox(inboxes) => self.names(inboxes, Naming::Inbox, InboxId::as_str, |name| InboxId::new(name).ok()),
            Term::Assignee(list) => {
                let name = |who: &Who| match who {
                    Who::Agent(agent) => agent.as_str().to_owned(),
                    Who::Me | Who::Nobody => String::new(),
                };
                let mut any = false;
                for who in list {
                    let name = name(who);
                    if name.is_empty() {
                        continue;
                    }
                    if let Some(near) = self.near(Naming::Agent, &name)?.and_then(|near| Handle::new(&near).ok()) {
                        (*who, any) = (Who::Agent(near), true);
                    }
                }
                Ok(any)
            }
            _ => Ok(false),
        }
    }

    fn names<T>(
        &self,
        list: &mut [T],
        naming: Naming,
        name: impl Fn(&T) -> &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<bool, UserError> {
        let mut any = false;
        for one in list {
            if let Some(near) = self.near(naming, name(one))?.and_then(|near| read(&near)) {
                (*one, any) = (near, true);
            }
        }
        Ok(any)
    }

    /// Returns the name that is most like one that is not known.
    fn near(&self, naming: Naming, name: &str) -> Result<Option<String>, UserError> {
        let asked = NameAsked { naming, name: name.to_owned(), negated: false };
        Ok(known::unknown_name(self.store, asked)?.and_then(|unknown| unknown.near))
    }

    /// Puts the word that is most like it in the place of one that mail does not hold.
    fn word(&mut self, text: &mut String, of: WordOf) -> Result<bool, UserError> {
        let words = query::index_words(&query::fold_text(text));
        let [word] = words.as_slice() else { return Ok(false) };
        if self.left == 0 {
            return Ok(false);
        }
        self.left -= 1;
        let near = self.store.near_word(word, of)?;
        let any = near.is_some();
        near.into_iter().for_each(|near| *text = near);
        Ok(any)
    }
}

#[cfg(test)]
#[path = "meant_tests.rs"]
mod tests;
