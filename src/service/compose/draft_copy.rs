//! Copies of drafts, for other mail programs to show.

use super::{domain, files, inbox_of, mail, no_id, refused};
use crate::error::UserError;
use crate::mime::compose;
use crate::model::ids::MessageId;
use crate::model::reply::Draft;
use crate::store::Store;

/// Makes the Message-ID of a copy of a draft. The mail itself gets another one when it is queued.
///
/// # Errors
/// When there is no inbox for it.
pub fn draft_copy_id(store: &Store, draft: &Draft) -> Result<MessageId, UserError> {
    let team = store.team();
    let inbox = inbox_of(&team, draft)?;
    MessageId::of_draft_copy(store.author().ids.next().0, &domain(inbox)).ok_or_else(no_id)
}

/// Makes the bytes of a copy of a draft, for other mail programs to show. Files of more than `files_max` bytes in all are left out.
///
/// # Errors
/// When there is no inbox for it, or the store can't be read.
pub fn draft_copy(store: &Store, draft: &Draft, id: &MessageId, files_max: u64) -> Result<Vec<u8>, UserError> {
    let team = store.team();
    let inbox = inbox_of(&team, draft)?;
    let small = draft.files.iter().map(|file| file.size).sum::<u64>() <= files_max;
    let files = if small { files(store, draft)? } else { Vec::new() };
    let mail = mail(store, draft, inbox, Some(id.clone()), draft.saved_at, files)?;
    compose::build_draft(&mail).map_err(|e| refused(&e))
}
