//! The next conversation to work on: whose customer has waited longest, among those that nobody has, or a team of one's own.

use crate::error::UserError;
use crate::model::ids::Handle;
use crate::model::shown::Shown;
use crate::model::view::{ConversationRow, View};
use crate::op::wish::Wish;
use crate::query::{Context, Query};
use crate::service::triage;
use crate::store::Store;

/// How many of the oldest conversations are looked at for the one that has waited longest.
const OLDEST: usize = 500;

/// Returns the query of what can be handed out to `me`: what nobody has, or a team that `me` is in.
pub fn free(store: &Store, me: &Handle) -> String {
    let team = store.team();
    let teams = team.groups_of(me).map(|group| View::Team(group.name.clone()));
    let all: Vec<String> =
        std::iter::once(View::Unassigned).chain(teams).map(|view| format!("({})", view.query())).collect();
    format!("({})", all.join(" or "))
}

/// Returns the conversations that come into question, the one that has waited longest first.
///
/// # Errors
/// When the store can't be read.
pub fn candidates(store: &Store, query: &Query, context: &Context) -> Result<Vec<ConversationRow>, UserError> {
    let ids = store.ids(query, context)?;
    let oldest: Vec<_> = ids.into_iter().rev().take(OLDEST).collect();
    let mut found = store.rows(&oldest)?;
    found.sort_by_key(|row| (row.waiting_since.unwrap_or(row.last_at), row.id.clone()));
    Ok(found)
}

/// Gives one of them to `to`, and tells whether it is theirs: somebody may have been faster.
///
/// # Errors
/// When the store can't be written.
pub fn take(store: &Store, row: &ConversationRow, to: &Handle) -> Result<bool, UserError> {
    let wish = Wish::Assign { to: Some(to.clone()) };
    let outcome = triage::plan(store, &[Shown::from(row)], &[wish])?.carry_out(store)?;
    Ok(outcome.lost.is_empty() && outcome.left_out.is_empty())
}
