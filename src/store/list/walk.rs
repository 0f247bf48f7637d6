//! A page of a search for common words: conversations are tested one by one in the order of the list. To gather all that match and sort
//! them, for fifty rows, would take a second in a million.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::super::connection::Transaction;
use super::Seek;
use crate::query::{Context, Query};
use crate::store::StoreError;
use crate::store::search::condition_for_one;

/// So many conversations are tested at most.
const WALK_MAX: usize = 2000;
/// After so many it is clear whether the words are common.
const FIRST: usize = 200;

/// Returns the numbers of a page of `limit`, or `None` where too few of the nearest conversations match and the list must be found by
/// gathering all.
pub(super) fn walk(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    seek: &Seek<'_>,
    limit: usize,
) -> Result<Option<Vec<i64>>, StoreError> {
    if !query.asks_words() || limit >= WALK_MAX || !seek.is_plain() {
        return Ok(None);
    }
    let (bound, order) = seek.sql("c");
    let sql = format!("SELECT c.rowid FROM conversation c WHERE {bound} ORDER BY {order} LIMIT {WALK_MAX}");
    let mut near = tx.prepare_cached(&sql)?;
    let sql = condition_for_one(tx, query, context)?;
    let mut test = tx.prepare_cached(&format!(
        "SELECT EXISTS (SELECT 1 FROM conversation c WHERE ({}) AND c.rowid = ?)",
        sql.condition
    ))?;
    let mut asked: Vec<Value> = sql.values;
    let (mut found, mut tested) = (Vec::new(), 0);
    let mut rows = near.query(params_from_iter(seek.values()))?;
    while let Some(row) = rows.next()? {
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
    // Fewer than were wanted are all there are, where the walk came to the end of the list.
    Ok((tested < WALK_MAX).then_some(found))
}
