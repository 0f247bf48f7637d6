//! Copies of drafts in the account's Drafts folder, for whoever wants to go on writing in another mail program. The drafts themselves live
//! in the store: nothing here is needed to keep one, and what goes wrong here must never hold up the log or the outbox.
//!
//! A new version is put there before the old one is removed, and only a mail that the store itself noted is ever removed. Each step is on
//! the disk before the step over the network that it allows:
//!
//! ```text
//! noted -> APPEND -> placed -> doomed -> STORE \Deleted, UID EXPUNGE -> forgotten
//! ```

use super::account::ImapAccount;
use super::{ImapError, Session, roles};
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::reply::Draft;
use crate::service::compose;
use crate::store::{DraftCopy, Store};
use crate::sync::error::SyncError;

/// Files of more bytes in all are not copied: every version of the text would carry them again.
const FILES_MAX: u64 = 2 << 20;

/// Makes the Drafts folder hold the drafts that were kept last by `rested`, and nothing else of ours. Where nothing is to be done it asks
/// the server nothing.
///
/// # Errors
/// When the store or the server fails; what was begun is gone on with the next time.
pub fn copy(
    store: &Store,
    account: &ImapAccount,
    session: &mut Session,
    on: bool,
    rested: Timestamp,
) -> Result<(), SyncError> {
    let drafts = if on { drafts_of(store, account)? } else { Vec::new() };
    let mut work = Work { store, account, session, folder: None };
    let known = store.draft_copies(&account.id)?;
    for draft in drafts.iter().filter(|draft| draft.saved_at <= rested) {
        let of_it = |copy: &&DraftCopy| copy.draft == draft.id && copy.version == draft.saved_at && !copy.doomed;
        match known.iter().find(of_it) {
            Some(copy) if copy.place.is_some() => {}
            noted => match work.put(draft, noted) {
                // A draft that no mail can be made of stays where it is, and the others have their turn.
                Err(SyncError::User(error)) => tracing::warn!(draft = draft.id, %error, "a draft is not copied"),
                other => other?,
            },
        }
    }
    let known = store.draft_copies(&account.id)?;
    for copy in known.iter().filter(|copy| is_over(copy, &known, &drafts)) {
        work.remove(copy)?;
    }
    Ok(())
}

/// Tells whether a copy is to go: its draft is gone, or a newer copy stands.
fn is_over(copy: &DraftCopy, all: &[DraftCopy], drafts: &[Draft]) -> bool {
    let Some(draft) = drafts.iter().find(|draft| draft.id == copy.draft) else { return true };
    let newer =
        |other: &DraftCopy| other.draft == copy.draft && other.id > copy.id && other.place.is_some() && !other.doomed;
    // One that may or may not be there, and that nobody goes on with.
    let adrift = copy.place.is_none() && copy.version != draft.saved_at;
    copy.doomed || adrift || all.iter().any(newer)
}

/// Returns the drafts that go out by this account.
fn drafts_of(store: &Store, account: &ImapAccount) -> Result<Vec<Draft>, SyncError> {
    let goes_by =
        |draft: &Draft| compose::inbox_of(&store.team(), draft).is_ok_and(|inbox| inbox.account == account.id);
    Ok(store.drafts_of_all()?.into_iter().filter(goes_by).collect())
}

struct Work<'a> {
    store: &'a Store,
    account: &'a ImapAccount,
    session: &'a mut Session,
    folder: Option<String>,
}

impl Work<'_> {
    /// Puts a version there, once: one that was `noted` before may have arrived though nobody heard of it.
    fn put(&mut self, draft: &Draft, noted: Option<&DraftCopy>) -> Result<(), SyncError> {
        let folder = self.folder()?;
        let write = |id: &MessageId| compose::draft_copy(self.store, draft, id, FILES_MAX);
        let (number, id, bytes, folder) = match noted {
            Some(copy) => {
                if let Some(place) = self.find(&copy.folder, &copy.message_id)? {
                    return Ok(self.store.place_draft_copy(copy.id, place.0, place.1)?);
                }
                (copy.id, copy.message_id.clone(), write(&copy.message_id)?, copy.folder.clone())
            }
            None => {
                let id = compose::draft_copy_id(self.store, draft)?;
                let bytes = write(&id)?;
                (self.store.begin_draft_copy(&self.account.id, draft, &folder, &id)?, id, bytes, folder)
            }
        };
        let flags = ["\\Draft", "\\Seen"];
        let appended = match self.session.append(&folder, &flags, None, &bytes) {
            Err(ImapError::NoFolder(_)) => {
                self.session.make_for(&folder, "\\Drafts")?;
                self.session.append(&folder, &flags, None, &bytes)?
            }
            other => other?,
        };
        let place = match (appended.validity, appended.uid) {
            (Some(validity), Some(uid)) => (validity, uid),
            // Without UIDPLUS the server does not say where.
            _ => self.find(&folder, &id)?.unwrap_or((0, 0)),
        };
        Ok(self.store.place_draft_copy(number, place.0, place.1)?)
    }

    /// Removes one of our copies, and nothing else, whatever stands there under its UID or its id by now.
    fn remove(&mut self, copy: &DraftCopy) -> Result<(), SyncError> {
        self.store.doom_draft_copy(copy.id)?;
        let selected = match self.session.select(&copy.folder) {
            Ok(selected) => selected,
            Err(ImapError::NoFolder(_)) => return Ok(self.store.forget_draft_copy(copy.id)?),
            Err(error) => return Err(error.into()),
        };
        let mut found = self.session.search_message_id(copy.message_id.as_str())?;
        if let Some((validity, uid)) = copy.place.filter(|(_, uid)| *uid > 0)
            && selected.state.validity == Some(validity)
        {
            // Another program may have gone on writing on our copy and kept its id: that one is not ours.
            found.retain(|other| *other == uid);
        }
        self.session.remove(&found)?;
        Ok(self.store.forget_draft_copy(copy.id)?)
    }

    /// Returns UIDVALIDITY and UID of a copy.
    fn find(&mut self, folder: &str, id: &MessageId) -> Result<Option<(u32, u32)>, SyncError> {
        let selected = match self.session.examine(folder) {
            Ok(selected) => selected,
            Err(ImapError::NoFolder(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let found = self.session.search_message_id(id.as_str())?;
        Ok(selected.state.validity.zip(found.first().copied()))
    }

    /// Returns the Drafts folder: as found, else `Drafts`, which is made when it is needed, below the prefix of servers that have one.
    fn folder(&mut self) -> Result<String, SyncError> {
        if let Some(folder) = &self.folder {
            return Ok(folder.clone());
        }
        let listed = self.session.list()?;
        let folder = match roles::drafts(&listed) {
            Some(folder) => folder.name.clone(),
            None => self.session.called(&listed, "Drafts")?,
        };
        self.folder = Some(folder.clone());
        Ok(folder)
    }
}
