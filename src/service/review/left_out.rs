//! People of earlier mails whom the last mail left out: somebody who answers it to all may not know of them.

use std::collections::BTreeSet;

use super::{LOOKED_AT, recipients};
use crate::mime;
use crate::model::address::Address;
use crate::model::message::{Envelope, Origin};
use crate::model::reply::{Draft, DraftKind};
use crate::store::{Store, StoreError};

/// The most people who are named.
const NAMED_MAX: usize = 20;

/// Returns the people outside who were on an earlier mail of the conversation together with somebody who gets this answer to all, and get it
/// neither by it nor got the mail that it answers. To whom we forwarded it, and who answered that, was never on a mail with them.
///
/// # Errors
/// When the store can't be read.
pub fn left_out(store: &Store, draft: &Draft) -> Result<Vec<Address>, StoreError> {
    let (DraftKind::ReplyAll, Some(conversation)) = (draft.kind, &draft.conversation) else { return Ok(Vec::new()) };
    let team = store.team();
    let mut gets: BTreeSet<String> = recipients(draft).map(Address::key).collect();
    gets.retain(|key| !team.owns(key));
    let last = super::parent(store, draft)?;
    let known: BTreeSet<String> = people(&last).map(Address::key).collect();
    let mut found: Vec<Address> = Vec::new();
    for message in store.message_ids(conversation)?.iter().rev().take(LOOKED_AT) {
        if Some(message) == draft.parent.as_ref() || store.origin(message)? != Some(Origin::Human) {
            continue;
        }
        let Some(raw) = store.raw(message)? else { continue };
        let of = mime::envelope(&raw);
        if !people(&of).any(|one| gets.contains(&one.key())) {
            continue;
        }
        for one in people(&of) {
            let (key, listed) = (one.key(), found.iter().any(|other| other.key() == one.key()));
            let fits = one.email.contains('@') && !team.owns(&one.email);
            if fits && !listed && !gets.contains(&key) && !known.contains(&key) && found.len() < NAMED_MAX {
                found.push(one.clone());
            }
        }
    }
    Ok(found)
}

/// The people whom a mail names to all who get it.
fn people(of: &Envelope) -> impl Iterator<Item = &Address> {
    of.from.iter().chain(&of.to).chain(&of.cc)
}
