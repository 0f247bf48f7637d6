//! Whether the log's folder was put back to an older state under the same UIDVALIDITY, so that UIDs name other mails than before.
//!
//! UIDNEXT and HIGHESTMODSEQ that go back say so. Where they have grown beyond the old ones by the time somebody looks, or the server
//! does not tell them, the mails with the highest UIDs that were read bear witness: a restore takes a stretch at the end, so if the
//! highest one that is still there is the same mail, all below it are.

use super::folder::{LogFolder, Opened, Witness};
use super::imap_log::{ImapLog, LogError, State};

/// After this time, in milliseconds, the witnesses are asked for though nothing seems to have changed.
const ASK_AFTER: i64 = 10 * 60_000;

impl State {
    /// Tells whether UIDNEXT or HIGHESTMODSEQ is less than it was under the same UIDVALIDITY.
    fn went_back(&self, opened: &Opened) -> bool {
        let next = self.seen_next.max(self.head.saturating_add(1));
        opened.uid_next.is_some_and(|told| told < next) || opened.modseq.is_some_and(|told| told < self.seen_modseq)
    }

    /// Remembers the highest numbers that the server told.
    pub(super) fn note_seen(&mut self, opened: &Opened) {
        self.seen_next = self.seen_next.max(opened.uid_next.unwrap_or(0));
        self.seen_modseq = self.seen_modseq.max(opened.modseq.unwrap_or(0));
    }
}

impl ImapLog {
    /// Tells whether the server was put back to an older state under the same UIDVALIDITY: its numbers are less than they were, or the
    /// highest UIDs that we have read name other mails.
    pub(super) fn was_restored(&mut self, folder: &mut dyn LogFolder, opened: &Opened) -> Result<bool, LogError> {
        let Some(state) = self.state.as_ref().filter(|state| state.validity == opened.validity) else {
            return Ok(false);
        };
        if state.went_back(opened) {
            return Ok(true);
        }
        let now = self.store.author().clock.now();
        let same = !opened.first
            && opened.uid_next == Some(state.seen_next)
            && opened.modseq.unwrap_or(0) == state.seen_modseq
            && self.counted.is_some()
            && self.counted == opened.messages;
        if same && self.asked.is_some_and(|at| now.since(at) < ASK_AFTER) {
            return Ok(false);
        }
        self.asked = Some(now);
        let uids: Vec<u32> = state.witnesses.iter().map(|(uid, _)| *uid).collect();
        let found = folder.identities(&uids)?;
        let is_another = |(uid, id): &Witness| state.witnesses.iter().any(|(known, was)| known == uid && was != id);
        Ok(found.iter().any(is_another))
    }
}
