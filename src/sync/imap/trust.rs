//! Whether the UIDs that are kept still name the mails that they named, and finding mails again where they don't.
//!
//! UIDs are believed while UIDVALIDITY, UIDNEXT and HIGHESTMODSEQ never go back. A server that is restored from a backup keeps UIDVALIDITY
//! and gives the UIDs that the backup lost to other mails. Where UIDNEXT and HIGHESTMODSEQ have grown beyond the old ones by the time
//! somebody looks, the mails with the highest known UIDs bear witness: a restore takes a stretch at the end, so if the highest one that
//! is still there is the same mail, all below it are.

use super::fetch::{Begun, FolderRun};
use super::fetched::Fetched;
use super::keep::Keep;
use super::plan::{self, Start};
use super::session::{FolderState, Selected, uid_sets};
use crate::model::ids::MessageId;
use crate::store::{Identity, Relocated};
use crate::sync::error::SyncError;

/// What tells which mail it is, see [`Identity`].
const IDENTITY: &str = "(UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID FROM DATE SUBJECT)]<0.16384>)";
/// So many bytes of it come; where it fills them, it was cut off and says nothing.
const IDENTITY_MAX: usize = 16_384;
/// The most bytes of it in one answer: those of a whole window, of the usual length twice.
const IDENTITIES_MAX: u64 = 16 << 20;
/// How many of the highest known UIDs bear witness: some of them may have been deleted meanwhile.
const WITNESSES: usize = 4;

impl<K: Keep> FolderRun<'_, '_, K> {
    /// Finds out how the UIDs kept relate to the server's, after the folder was opened.
    pub(super) fn trust(&mut self, told: &FolderState, validity: u32) -> Result<Start, SyncError> {
        let start = plan::start(&self.folder, validity, told);
        match start {
            Start::Renumbered | Start::Restored => Ok(start),
            Start::Fresh | Start::From(_) if self.witnesses_agree(validity)? => Ok(start),
            Start::Fresh | Start::From(_) => Ok(Start::Restored),
        }
    }

    /// Asks for the mails with the highest known UIDs. Those that are gone say nothing, nor do those that can't be had.
    fn witnesses_agree(&mut self, validity: u32) -> Result<bool, SyncError> {
        let known = self.keep.highest(self.folder.id, WITNESSES)?;
        let mut uids: Vec<u32> = known.iter().map(|(uid, ..)| *uid).collect();
        uids.sort_unstable();
        for set in uid_sets(&uids) {
            let (told, fault) = self.line.session.uid_fetch_as_far(&set, IDENTITY, IDENTITIES_MAX);
            if let Some(fault) = fault {
                self.line.survive(fault)?;
                self.line.at(&self.folder.name, validity)?;
            }
            for fetched in told {
                let Some((_, message, variant)) = known.iter().find(|(uid, ..)| *uid == fetched.uid) else { continue };
                let Some(found) = identity(&fetched) else { continue };
                if !is_same(&found, message, *variant) {
                    tracing::warn!(folder = %self.folder.name, uid = fetched.uid, "this UID names another mail now");
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Gets the UIDs straight, and remembers what the server told before anything is taken from it.
    pub(super) fn begin(
        &mut self,
        start: Start,
        told: &FolderState,
        (validity, uid_next): (u32, u32),
        here: Vec<u32>,
    ) -> Result<Begun, SyncError> {
        let id = self.folder.id;
        let void = matches!(start, Start::Renumbered | Start::Restored);
        if self.folder.validity.is_none() || void {
            self.keep.reset_folder(id, validity)?;
        }
        let modseq = told.modseq.filter(|n| *n > 0);
        if void || plan::went_on(&self.folder, uid_next, modseq) {
            self.keep.note_seen(id, uid_next, modseq)?;
        }
        match start {
            Start::From(next) => Ok(Begun { here, lowest: next, listed: None }),
            Start::Fresh => Ok(Begun { here, lowest: 1, listed: None }),
            Start::Renumbered | Start::Restored => {
                let missing = self.find_again(uid_next, validity)?;
                Ok(Begun { here: self.keep.uids(id)?, lowest: 1, listed: Some(missing) })
            }
        }
    }

    /// Finds messages under their present UIDs by who they are; returns the UIDs of those that have to be fetched.
    fn find_again(&mut self, uid_next: u32, validity: u32) -> Result<Vec<u32>, SyncError> {
        let mut missing = Vec::new();
        for window in plan::windows(1, uid_next.saturating_sub(1)) {
            let set = format!("{}:{}", window.start(), window.end());
            let (told, fault) = self.line.session.uid_fetch_as_far(&set, IDENTITY, IDENTITIES_MAX);
            if let Some(fault) = fault {
                // What does not say who it is has to be fetched.
                self.line.survive(fault)?;
                self.line.at(&self.folder.name, validity)?;
                let mut known: Vec<u32> = told.iter().map(|fetched| fetched.uid).collect();
                known.sort_unstable();
                let all = self.line.session.search(&format!("UID {set}"))?;
                missing.extend(plan::without(&all, &known));
            }
            let mut found = Vec::new();
            for fetched in told.into_iter().filter(|f| window.contains(&f.uid)) {
                match identity(&fetched).and_then(|identity| Some((identity.message?, identity.variant))) {
                    Some((message, variant)) => found.push(Relocated {
                        uid: fetched.uid,
                        message,
                        variant: Some(variant),
                        flags: fetched.flags.unwrap_or_default(),
                        size: fetched.size.unwrap_or(0),
                    }),
                    None => missing.push(fetched.uid),
                }
            }
            if !found.is_empty() {
                missing.extend(self.keep.relocate(self.folder.id, found)?);
            }
        }
        missing.sort_unstable();
        missing.dedup();
        Ok(missing)
    }
}

/// What the server tells of a folder that was just opened; what only STATUS told fills in.
pub(super) fn told(selected: &Selected, state: &FolderState) -> FolderState {
    FolderState {
        validity: selected.state.validity.or(state.validity),
        uid_next: selected.state.uid_next.or(state.uid_next),
        modseq: selected.state.modseq.or(state.modseq),
        messages: selected.state.messages.or(state.messages),
    }
}

/// Reads who a mail is, where all of it came.
fn identity(fetched: &Fetched) -> Option<Identity> {
    fetched.header.as_deref().filter(|header| header.len() < IDENTITY_MAX).map(Identity::read)
}

/// Tells whether a mail is the one that is known by this id. One without a Message-ID goes by an id of our own, so only the rest counts.
fn is_same(found: &Identity, message: &MessageId, variant: i64) -> bool {
    let same_id = match &found.message {
        Some(id) => id == message,
        None => message.is_derived(),
    };
    same_id && found.variant == variant
}
