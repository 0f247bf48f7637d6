//! Tells the server which mail was opened, dealt with and answered here, so that other mail programs show it so (RFC 3501 section 2.3.2).
//!
//! It only ever adds flags, and what a mail's flags say is never read back as a state. What waits lies in the store. It is sent in few
//! commands: one for each folder and each set of flags, and nothing for what the server already has.

use std::collections::{BTreeMap, BTreeSet};

use super::account::ImapAccount;
use super::plan::went_back;
use super::session::{Selected, uid_sets};
use super::{ImapError, Session};
use crate::model::clock::Timestamp;
use crate::store::{FlagWanted, Folder, MailFlag, Store};
use crate::sync::error::SyncError;

/// What a server refused is told again so much later, in milliseconds.
const AGAIN: i64 = 5 * 60_000;

/// Tells an account's server the flags whose time has come by `by`; where it is not to be told, forgets them. Returns how many it was told.
/// Where nothing waits the server is asked nothing.
///
/// # Errors
/// When the connection ends or the store fails. That the server refuses is none: it is told again later, a few times.
pub fn tell(store: &Store, account: &ImapAccount, session: &mut Session, by: Timestamp) -> Result<u64, SyncError> {
    if !account.mirror_flags {
        store.forget_flags(&account.id)?;
        return Ok(0);
    }
    let mut by_folder: BTreeMap<i64, Vec<FlagWanted>> = BTreeMap::new();
    for wanted in store.flags_wanted(&account.id, by)? {
        by_folder.entry(wanted.folder).or_default().push(wanted);
    }
    if by_folder.is_empty() {
        return Ok(0);
    }
    let folders = store.folders(&account.id)?;
    let mut done = Done::default();
    for (id, wanted) in by_folder {
        let Some(folder) = folders.iter().find(|folder| folder.id == id) else { continue };
        if let Err(error) = tell_in(session, folder, wanted, &mut done) {
            done.keep(store, account, by)?;
            return Err(error.into());
        }
    }
    let told = done.told.len() as u64;
    done.keep(store, account, by)?;
    Ok(told)
}

/// What became of the flags that were wanted.
#[derive(Default)]
struct Done {
    /// The server has them since.
    told: Vec<FlagWanted>,
    /// It has them, or never takes them there.
    over: Vec<FlagWanted>,
    refused: Vec<FlagWanted>,
}

impl Done {
    /// Writes it down. A flag that one folder refused waits, though others took it.
    fn keep(self, store: &Store, account: &ImapAccount, now: Timestamp) -> Result<(), SyncError> {
        let Self { told, mut over, refused } = self;
        over.extend(told.iter().cloned());
        let waits: BTreeSet<(i64, MailFlag)> = refused.iter().map(|wanted| (wanted.message, wanted.flag)).collect();
        over.retain(|wanted| !waits.contains(&(wanted.message, wanted.flag)));
        store.flags_told(&account.id, &told, &over)?;
        if !refused.is_empty() {
            store.put_off_flags(&refused, now.plus(AGAIN))?;
        }
        Ok(())
    }
}

/// Tells what is wanted in one folder.
fn tell_in(session: &mut Session, folder: &Folder, wanted: Vec<FlagWanted>, done: &mut Done) -> Result<(), ImapError> {
    let (there, missing): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|wanted| wanted.is_there);
    done.over.extend(there);
    if missing.is_empty() {
        return Ok(());
    }
    let selected = match session.select(&folder.name) {
        Ok(selected) => selected,
        Err(error) if error.leaves_session_usable() => {
            tracing::info!(%error, folder = folder.name, "flags can't be told in a folder");
            done.refused.extend(missing);
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    // UIDs of before would name other mails; the next pass knows the new ones.
    if selected.state.validity != folder.validity || went_back(folder, &selected.state) {
        done.refused.extend(missing);
        return Ok(());
    }
    for (flags, wanted) in by_flags(missing, &selected, done) {
        match store_flags(session, &flags, &wanted) {
            Ok(()) => done.told.extend(wanted),
            Err(error) if error.leaves_session_usable() => {
                tracing::info!(%error, folder = folder.name, "the server refused flags");
                done.refused.extend(wanted);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Puts together what gets the same flags. Those that the folder does not take are over: it would forget them with the connection.
fn by_flags(
    missing: Vec<FlagWanted>,
    selected: &Selected,
    done: &mut Done,
) -> BTreeMap<BTreeSet<MailFlag>, Vec<FlagWanted>> {
    let mut by_uid: BTreeMap<u32, Vec<FlagWanted>> = BTreeMap::new();
    for wanted in missing {
        if selected.takes(wanted.flag.name()) {
            by_uid.entry(wanted.uid).or_default().push(wanted);
        } else {
            done.over.push(wanted);
        }
    }
    let mut groups: BTreeMap<BTreeSet<MailFlag>, Vec<FlagWanted>> = BTreeMap::new();
    for wanted in by_uid.into_values() {
        groups.entry(wanted.iter().map(|one| one.flag).collect()).or_default().extend(wanted);
    }
    groups
}

fn store_flags(session: &mut Session, flags: &BTreeSet<MailFlag>, wanted: &[FlagWanted]) -> Result<(), ImapError> {
    let names: Vec<&str> = flags.iter().map(|flag| flag.name()).collect();
    let uids: Vec<u32> = wanted.iter().map(|wanted| wanted.uid).collect();
    uid_sets(&uids).iter().try_for_each(|set| session.store_flags(set, "+FLAGS", &names))
}
