//! A page of a list that no index has in its order: of a search for common words, and of any query in an order of its own. Conversations
//! are tested one by one in the order of the list. To gather all that match and sort them, for fifty rows, would take a second in a million.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::super::connection::Transaction;
use super::{Seek, view_of};
use crate::model::view::{Sort, View};
use crate::query::{Context, Query};
use crate::store::StoreError;
use crate::store::search::{Plan, condition_for_one, plan_of};

/// So many conversations are tested at most.
const WALK_MAX: usize = 2000;
/// After so many it is clear whether what is asked for is common.
const FIRST: usize = 200;
/// What a search finds is gathered where it is on so many pages at most.
const FEW_PAGES: usize = 20;

/// Tells whether a list has to be gathered and sorted where it is not walked.
fn is_sorted(query: &Query, seek: &Seek<'_>) -> bool {
    // Of the views those have no index of these orders whose conversations are listed beside them; a tag's may be many.
    query.asks_words() || seek.order.sort != Sort::Activity && matches!(view_of(query), None | Some(View::Tag(_)))
}

/// Returns the numbers of a page, or `None` where all that answer are to be gathered: where they are few, none of the others is looked at.
pub(super) fn page(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    seek: &Seek<'_>,
    limit: usize,
) -> Result<Option<Vec<i64>>, StoreError> {
    if limit >= WALK_MAX || !is_sorted(query, seek) {
        return Ok(None);
    }
    if query.asks_words() && plan_of(tx, query, limit.saturating_mul(FEW_PAGES))? == Plan::Gather {
        return Ok(None);
    }
    walk(tx, query, context, seek, limit)
}

/// Returns the numbers of a page of `limit`, which is less than [`WALK_MAX`], or `None` where too few of the nearest conversations match and the list must be found by
/// gathering all.
pub(super) fn walk(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    seek: &Seek<'_>,
    limit: usize,
) -> Result<Option<Vec<i64>>, StoreError> {
    let sql = condition_for_one(tx, query, context)?;
    let mut test = tx.prepare_cached(&format!(
        "SELECT EXISTS (SELECT 1 FROM conversation c WHERE ({}) AND c.rowid = ?)",
        sql.condition
    ))?;
    let mut asked: Vec<Value> = sql.values;
    let (mut found, mut tested) = (Vec::new(), 0);
    for stretch in seek.stretches() {
        let (bound, order) = stretch.sql("c");
        let near = format!("SELECT c.rowid FROM conversation c WHERE {bound} ORDER BY {order} LIMIT {WALK_MAX}");
        let mut near = tx.prepare_cached(&near)?;
        let mut rows = near.query(params_from_iter(stretch.values()))?;
        while tested < WALK_MAX
            && let Some(row) = rows.next()?
        {
            let number: i64 = row.get(0)?;
            asked.push(Value::Integer(number));
            if test.query_row(params_from_iter(&asked), |row| row.get(0))? {
                found.push(number);
            }
            asked.pop();
            tested += 1;
            if found.len() == limit {
                return Ok(Some(found));
            }
            if tested == FIRST && found.len() * WALK_MAX < FIRST * limit {
                return Ok(None);
            }
        }
    }
    // Fewer than were wanted are all there are, where the walk came to the end of the list.
    Ok((tested < WALK_MAX).then_some(found))
}
