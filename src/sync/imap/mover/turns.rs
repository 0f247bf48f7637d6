//! Who moves a mail first. Two who copy one at the same moment leave two, and so do two who move it on a server whose MOVE copies and then
//! removes, as Dovecot's does. So the log says whose turn it is: its order is the same for all, and a client's own move has its place there
//! only once all before it was read.

use std::collections::BTreeMap;

use super::places::{bodies, same};
use super::{Mover, Plan};
use crate::model::clock::Timestamp;
use crate::store::{MailMove, MailMoved};
use crate::sync::imap::ImapError;
use crate::sync::imap::refusal::{Refusal, select_to_change};

/// So long each colleague has who comes first, in milliseconds. It is the removal of the old mail that ends it: of what is gone nobody
/// makes another copy, however late they come. Whoever is killed or asleep must not hold up mail for good.
const HEAD_START: i64 = 60_000;

/// A mail whose turn came because a colleague let theirs pass: it, its UID in the source, and the folders they were bringing it to.
type Passed<'a> = (&'a MailMove, u32, Vec<String>);

impl Mover<'_> {
    /// Leaves in the plan to be moved only what nobody else moves now, and ends what a colleague began and left.
    pub(super) fn take_turns(
        &mut self,
        source: &str,
        plan: &mut Plan<'_>,
        was: &dyn Fn(u32) -> Option<(u32, u32)>,
    ) -> Result<(), Refusal> {
        if plan.whole.is_empty() {
            return Ok(());
        }
        // Where nothing of ours gets on the log, nobody can know whose turn it is. What the server moves stands twice for a blink only.
        let waits_for_log = !self.can_move && self.store.may_write_log(self.account)? != Some(false);
        let now = self.now();
        let mut passed: Vec<Passed<'_>> = Vec::new();
        let mut waiting: BTreeMap<Timestamp, Vec<i64>> = BTreeMap::new();
        let ids: Vec<i64> = plan.whole.iter().map(|(mail, _)| mail.id).collect();
        let turns = self.store.move_turns(&ids)?;
        for ((mail, uid), turn) in std::mem::take(&mut plan.whole).into_iter().zip(turns) {
            if !turn.is_placed && waits_for_log {
                tracing::debug!(mail = mail.message.as_str(), "is moved once that is on the log");
            } else if turn.ahead.is_empty() {
                plan.whole.push((mail, uid));
            } else if turn.due.0 == 0 {
                let places = i64::try_from(turn.ahead.len()).unwrap_or(i64::MAX);
                waiting.entry(now.plus(HEAD_START.saturating_mul(places))).or_default().push(mail.id);
            } else if turn.due <= now {
                passed.push((mail, uid, turn.ahead));
            }
        }
        for (due, ids) in waiting {
            self.store.put_off_moves(&ids, "", due)?;
        }
        for (mail, uid, folders) in passed {
            if self.can_move || !self.finish_theirs(source, (mail, uid), &folders, was)? {
                plan.whole.push((mail, uid));
            }
        }
        Ok(())
    }

    /// Ends what a colleague left between the copy and the removal: where the same mail stands in a folder that they were bringing it to,
    /// it is removed from the source, and goes on from there. Tells whether it was so.
    fn finish_theirs(
        &mut self,
        source: &str,
        (mail, uid): (&MailMove, u32),
        folders: &[String],
        was: &dyn Fn(u32) -> Option<(u32, u32)>,
    ) -> Result<bool, Refusal> {
        let Some(here) = bodies(self.session, &[uid])?.pop() else { return Ok(false) };
        let mut found = None;
        for folder in folders.iter().filter(|folder| !folder.is_empty() && *folder != source) {
            let selected = match self.session.examine(folder) {
                Err(ImapError::NoFolder(_)) => continue,
                opened => opened?,
            };
            if let Some(there) = same(self.session, mail.size, &here)? {
                found = selected.state.validity.map(|validity| (folder, (validity, there)));
            }
        }
        select_to_change(self.session, source)?;
        let Some((folder, at)) = found else { return Ok(false) };
        let kept = self.remove(source, &[uid])?;
        self.store.finish_elsewhere(&MailMoved { id: mail.id, was: was(uid), now: Some(at), kept }, folder)?;
        self.moves.moved += 1;
        Ok(true)
    }
}
