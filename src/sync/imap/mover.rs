//! Brings mail to the folder of the inbox that its conversation was moved to.
//!
//! A mail is removed from the old folder only when it stands in the new one, and copied only when it does not: between the two a crash
//! leaves it in both, and the row in the store, which says from which UID on a copy of ours can be, tells the next try. Nothing is
//! removed but the very mails that were moved.

mod places;
mod turns;

use std::collections::{BTreeMap, HashSet};

use self::places::{Copies, Located, look_in_target};
use super::refusal::{REFUSED, Refusal, ask_to_delete, ask_to_insert, select_to_change};
use super::session::{Copied, uid_sets};
use super::{ImapError, Session};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::store::{MailMove, MailMoved, Store};
use crate::sync::error::SyncError;
use crate::sync::moves::Moves;

/// Mails moved by one command: so many are done again at most when a crash comes in between.
const CHUNK: usize = 200;
/// A mail that is not where it was is looked for again after this time, in milliseconds: by then a pass has found it.
const ASTRAY: i64 = 60_000;
/// So often are the moves read again in one go: what was moved on, or found elsewhere, comes after the others.
const ROUNDS: usize = 3;

/// Moves the mails of an account whose time has come by `by`.
///
/// # Errors
/// When the connection ends or the store fails; what was not done is done by the next call. That the server refuses is none: it stands
/// in [`Store::moves_waiting`].
pub fn move_due(store: &Store, account: &AccountId, session: &mut Session, by: Timestamp) -> Result<Moves, SyncError> {
    let can_move = session.capabilities().has("MOVE");
    let mut mover = Mover { store, account, session, can_move, moves: Moves::default(), tried: HashSet::new() };
    for _ in 0..ROUNDS {
        let mut groups: BTreeMap<(String, String), Vec<MailMove>> = BTreeMap::new();
        for mail in store.mail_moves(account, by, usize::MAX)? {
            if !mover.tried.contains(&mail.id) {
                groups.entry((mail.source.clone(), mail.target.clone())).or_default().push(mail);
            }
        }
        if groups.is_empty() {
            break;
        }
        for ((source, target), mails) in groups {
            mover.group(&source, &target, &mails)?;
        }
    }
    Ok(mover.moves)
}

struct Mover<'a> {
    store: &'a Store,
    account: &'a AccountId,
    session: &'a mut Session,
    /// Whether the server moves by itself.
    can_move: bool,
    moves: Moves,
    /// What need not be looked at again in this go.
    tried: HashSet<i64>,
}

/// What is to be done with the mails of one chunk.
#[derive(Default)]
struct Plan<'a> {
    /// To be copied and removed: the mail, and its UID in the source.
    whole: Vec<(&'a MailMove, u32)>,
    /// Copied already: to be removed; the last is the UID in the target.
    rest: Vec<(&'a MailMove, u32, u32)>,
    /// In the target and no longer in the source; the UID in the target.
    there: Vec<(&'a MailMove, u32)>,
    /// In the source only, and wanted elsewhere by now: the number, and the folder.
    redirected: Vec<(i64, &'a str)>,
    /// In the source only, and wanted by a colleague in the folder that is named last: they may have brought our copy there.
    carried: Vec<(&'a MailMove, u32, &'a str)>,
    /// In neither.
    astray: Vec<&'a MailMove>,
}

impl Mover<'_> {
    fn now(&self) -> Timestamp {
        self.store.author().clock.now()
    }

    /// Moves what goes from one folder to another.
    fn group(&mut self, source: &str, target: &str, mails: &[MailMove]) -> Result<(), SyncError> {
        let mut chunks = mails.chunks(CHUNK);
        let mut refused = self.rights(source, target).err();
        while refused.is_none()
            && let Some(chunk) = chunks.next()
        {
            self.tried.extend(chunk.iter().map(|mail| mail.id));
            refused = self.chunk(source, target, chunk).err();
        }
        match refused {
            None => Ok(()),
            Some(Refusal::Failed(error)) => Err(error),
            Some(Refusal::No(reason)) => {
                tracing::warn!(source, target, %reason, "mails can't be moved");
                let ids: Vec<i64> = mails.iter().map(|mail| mail.id).collect();
                self.tried.extend(&ids);
                Ok(self.store.put_off_moves(&ids, &reason, self.now().plus(REFUSED))?)
            }
        }
    }

    /// Asks first, so that no copy is made of what can't be removed (RFC 4314 section 4).
    fn rights(&mut self, source: &str, target: &str) -> Result<(), Refusal> {
        ask_to_delete(self.session, source)?;
        ask_to_insert(self.session, target)
    }

    fn chunk(&mut self, source: &str, target: &str, mails: &[MailMove]) -> Result<(), Refusal> {
        let begun: Vec<&MailMove> = mails.iter().filter(|mail| mail.begun.is_some()).collect();
        let mut copies = look_in_target(self.session, target, &begun)?;
        let (validity, next) = self.ends_at(target)?;
        let selected = select_to_change(self.session, source)?;
        let located = Located::find(self.session, selected.state.validity, mails)?;
        let mut plan = plan(mails, &located, &mut copies);
        let was = |uid: u32| selected.state.validity.map(|validity| (validity, uid));
        self.finish_rest(source, &plan, copies.validity, &was)?;
        self.take_turns(source, &mut plan, &was)?;
        self.move_whole(source, target, &plan, (validity, next), &was)?;
        self.finish_carried(source, &mut plan, &was)?;
        self.store.redirect_moves(&plan.redirected)?;
        self.tried.retain(|id| !plan.redirected.iter().any(|(redirected, _)| redirected == id));
        for mail in plan.astray {
            let reason = format!("it is not in {source} any more; the next pass looks for it");
            if self.store.move_astray(mail.id, &reason, self.now().plus(ASTRAY))? {
                self.tried.remove(&mail.id);
            }
        }
        Ok(())
    }

    /// Ends what a crash interrupted.
    fn finish_rest(
        &mut self,
        source: &str,
        plan: &Plan<'_>,
        validity: Option<u32>,
        was: &dyn Fn(u32) -> Option<(u32, u32)>,
    ) -> Result<(), Refusal> {
        let uids: Vec<u32> = plan.rest.iter().map(|(_, uid, _)| *uid).collect();
        let kept = self.remove(source, &uids)?;
        let in_target = |uid: u32| validity.map(|validity| (validity, uid));
        let rest = plan.rest.iter().map(|(mail, old, new)| MailMoved {
            id: mail.id,
            was: was(*old),
            now: in_target(*new),
            kept,
        });
        let there = plan.there.iter().map(|(mail, new)| MailMoved {
            id: mail.id,
            was: mail.at,
            now: in_target(*new),
            kept: false,
        });
        self.finish(&rest.chain(there).collect::<Vec<_>>())
    }

    /// Ends what a crash interrupted between the copy and the removal, where a colleague has brought the copy on: back to the source, or
    /// elsewhere. Without the same mail there our copy was never made. Nothing is removed of which not an identical one stays.
    fn finish_carried(
        &mut self,
        source: &str,
        plan: &mut Plan<'_>,
        was: &dyn Fn(u32) -> Option<(u32, u32)>,
    ) -> Result<(), Refusal> {
        for (mail, uid, wanted) in std::mem::take(&mut plan.carried) {
            if wanted != source {
                self.session.examine(wanted)?;
            }
            let others = places::of_size(self.session, mail.size)?;
            let others: Vec<u32> = others.into_iter().filter(|other| wanted != source || *other != uid).collect();
            let there = places::bodies(self.session, &others)?;
            if wanted != source {
                select_to_change(self.session, source)?;
            }
            let here = places::bodies(self.session, &[uid])?;
            if here.first().is_some_and(|here| there.contains(here)) {
                let kept = self.remove(source, &[uid])?;
                self.finish(&[MailMoved { id: mail.id, was: was(uid), now: None, kept }])?;
            } else {
                plan.redirected.push((mail.id, wanted));
            }
        }
        Ok(())
    }

    /// Moves mails that stand in the source only. `end` is where the target's UIDs end.
    fn move_whole(
        &mut self,
        source: &str,
        target: &str,
        plan: &Plan<'_>,
        end: (u32, u32),
        was: &dyn Fn(u32) -> Option<(u32, u32)>,
    ) -> Result<(), Refusal> {
        let mut uids: Vec<u32> = plan.whole.iter().map(|(_, uid)| *uid).collect();
        uids.sort_unstable();
        if uids.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = plan.whole.iter().map(|(mail, _)| mail.id).collect();
        self.store.begin_moves(&ids, end.0, end.1)?;
        let mut copied = Copied::default();
        for set in uid_sets(&uids) {
            let Some(more) = self.move_or_copy(&set, target)? else {
                // They are copied in the next round, those whose turn it is.
                ids.iter().for_each(|id| _ = self.tried.remove(id));
                return Ok(());
            };
            copied.validity = more.validity;
            copied.uids.extend(more.uids);
        }
        let kept = if self.can_move { false } else { self.remove(source, &uids)? };
        let mut copies = Copies::default();
        if copied.uids.is_empty() {
            let begun: Vec<MailMove> =
                plan.whole.iter().map(|(mail, _)| MailMove { begun: Some(end), ..(*mail).clone() }).collect();
            copies = look_in_target(self.session, target, &begun.iter().collect::<Vec<_>>())?;
        }
        let mut done = Vec::new();
        for (mail, uid) in &plan.whole {
            let told = copied.uids.iter().find(|(old, _)| old == uid).map(|(_, new)| *new);
            let now = match told {
                Some(new) => copied.validity.map(|validity| (validity, new)),
                None => copies.validity.zip(copies.take(mail, None)),
            };
            // What the server leaves out of its list went in that very moment: the next round looks where to.
            if now.is_none() && (!copied.uids.is_empty() || self.session.capabilities().has("UIDPLUS")) {
                self.tried.remove(&mail.id);
                continue;
            }
            done.push(MailMoved { id: mail.id, was: was(*uid), now, kept });
        }
        self.finish(&done)
    }

    /// Moves mails by the command that does (RFC 6851), as long as the server takes it; else copies them, and they are to be removed. `None`
    /// where it turned out that the server moves none: what it did of it is not in the source any more and is not copied again.
    fn move_or_copy(&mut self, set: &str, target: &str) -> Result<Option<Copied>, ImapError> {
        if !self.can_move {
            return self.session.uid_copy(set, target).map(Some);
        }
        match self.session.uid_move(set, target) {
            Err(error @ (ImapError::No { .. } | ImapError::Bad(_))) => {
                tracing::info!(%error, "the server offers MOVE and refuses it");
                self.can_move = false;
                Ok(None)
            }
            moved => moved.map(Some),
        }
    }

    fn finish(&mut self, done: &[MailMoved]) -> Result<(), Refusal> {
        if !done.is_empty() {
            self.store.finish_moves(done)?;
            self.moves.moved += done.len() as u64;
        }
        Ok(())
    }

    /// Removes mails from the source, which is open. Tells whether they stay there, marked as deleted: without UIDPLUS an expunge would
    /// take along what others have marked.
    fn remove(&mut self, source: &str, uids: &[u32]) -> Result<bool, Refusal> {
        let mut sorted = uids.to_vec();
        sorted.sort_unstable();
        self.session.remove(&sorted)?;
        let kept = !uids.is_empty() && !self.session.capabilities().has("UIDPLUS");
        if kept && !self.moves.kept.iter().any(|folder| folder == source) {
            self.moves.kept.push(source.to_owned());
        }
        Ok(kept)
    }

    /// Where the target's UIDs end now: UIDVALIDITY and UIDNEXT.
    fn ends_at(&mut self, target: &str) -> Result<(u32, u32), Refusal> {
        let state = self.session.status(target)?;
        let next = match state.uid_next {
            Some(next) => next,
            None => {
                self.session.examine(target)?;
                self.session.search("ALL")?.last().map_or(1, |last| last.saturating_add(1))
            }
        };
        Ok((state.validity.unwrap_or(0), next))
    }
}

/// Decides by where the mails stand.
fn plan<'a>(mails: &'a [MailMove], located: &Located, copies: &mut Copies) -> Plan<'a> {
    let mut plan = Plan::default();
    for mail in mails {
        let here = located.get(mail.id);
        // Where both are there, only one of the same size is the same mail: two mails can share a Message-ID.
        let copy = mail.begun.and_then(|_| copies.take(mail, here.map(|(_, size)| size)));
        match (here, copy) {
            (Some((uid, _)), Some(copy)) => plan.rest.push((mail, uid, copy)),
            (Some((uid, _)), None) => match (&mail.carried, &mail.onward) {
                (Some(wanted), _) => plan.carried.push((mail, uid, wanted)),
                (None, Some(onward)) => plan.redirected.push((mail.id, onward)),
                (None, None) => plan.whole.push((mail, uid)),
            },
            (None, Some(copy)) => plan.there.push((mail, copy)),
            (None, None) => plan.astray.push(mail),
        }
    }
    plan
}
