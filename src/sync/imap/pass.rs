//! One pass over an account: every folder that it syncs, then bodies that were left out.

use super::fetch::{self, FolderPass, FolderRun, Progress};
use super::keep::Keep;
use super::plan::Mode;
use super::roles::{self, Wanted};
use super::session::{FolderState, Listed, Session};
use super::{ImapError, quirks};
use crate::config::Account;
use crate::error::UserError;
use crate::store::Folder;
use crate::sync::error::SyncError;

/// The most bodies that one pass fetches after the folders are done.
const BODIES: usize = 32;
/// The most bytes that those bodies have.
const BODY_BYTES: u64 = 32 << 20;

/// What a pass over an account did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Folder by folder.
    pub folders: Vec<FolderPass>,
    /// Large bodies that were fetched.
    pub bodies: usize,
    /// Commands sent since the login.
    pub commands: u32,
    /// What a person should know: a folder of the config that the server does not have.
    pub warnings: Vec<UserError>,
}

impl Pass {
    /// Returns how many messages were fetched.
    pub fn fetched(&self) -> usize {
        self.folders.iter().map(|f| f.fetched).sum()
    }

    /// Returns how many messages were not known before.
    pub fn new_messages(&self) -> usize {
        self.folders.iter().map(|f| f.new).sum()
    }

    /// Adds what a second round over the folders did.
    fn add(&mut self, again: Pass) {
        for folder in again.folders {
            match self.folders.iter_mut().find(|known| known.name == folder.name) {
                Some(known) => {
                    known.fetched += folder.fetched;
                    known.new += folder.new;
                    known.expunged += folder.expunged;
                    known.flagged += folder.flagged;
                    known.unchanged &= folder.unchanged;
                    known.newest = known.newest.max(folder.newest);
                }
                None => self.folders.push(folder),
            }
        }
    }
}

/// Runs a pass.
///
/// # Errors
/// What ended it. Everything up to there is stored, and the next pass goes on from it.
pub fn pass<K: Keep>(
    keep: &K,
    session: &mut Session,
    account: &Account,
    progress: &mut dyn FnMut(Progress),
) -> Result<Pass, SyncError> {
    let mut report = Pass::default();
    let done = round(keep, session, account, progress, &mut report)?;
    let adrift = keep.adrift(&account.id)?;
    if !adrift.is_empty() && done.len() > 1 {
        // They may have been moved into a folder that had been looked at already.
        let mut again = Pass::default();
        round(keep, session, account, progress, &mut again)?;
        report.add(again);
    }
    keep.settle_adrift(&account.id, &adrift)?;
    for folder in &done {
        report.bodies += fetch::bodies(keep, session, folder, BODIES, BODY_BYTES)?;
    }
    report.commands = session.commands();
    Ok(report)
}

/// Looks at every folder once; returns those that are there.
fn round<K: Keep>(
    keep: &K,
    session: &mut Session,
    account: &Account,
    progress: &mut dyn FnMut(Progress),
    report: &mut Pass,
) -> Result<Vec<Folder>, SyncError> {
    let listed = session.list()?;
    let (wanted, missing) = roles::choose(account, &listed);
    for name in missing {
        report.warnings.push(ImapError::NoFolder(name).for_user(&account.id, &account.imap));
    }
    let mut done: Vec<Folder> = Vec::new();
    for want in wanted {
        let folder = keep.folder(&account.id, &want.name, want.role)?;
        let state = match folder_state(session, &want, &listed) {
            Ok(state) => state,
            Err(error @ ImapError::NoFolder(_)) => {
                report.warnings.push(error.for_user(&account.id, &account.imap));
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let run = FolderRun {
            keep,
            session,
            folder: folder.clone(),
            body_limit: account.body_limit,
            progress: &mut *progress,
        };
        match run.run(&state) {
            Ok(folder_report) => report.folders.push(folder_report),
            // One folder that the server will not open must not keep the others from coming.
            Err(SyncError::Imap(error)) if error.leaves_session_usable() && !quirks::stops_everything(&error) => {
                report.warnings.push(error.for_user(&account.id, &account.imap));
            }
            Err(error) => return Err(error),
        }
        done.push(folder);
    }
    Ok(done)
}

fn folder_state(session: &mut Session, want: &Wanted, listed: &[Listed]) -> Result<FolderState, ImapError> {
    let told = listed.iter().find(|l| l.name == want.name).and_then(|l| l.state.clone());
    match told {
        Some(state) if state.modseq.is_some() || Mode::of(session.capabilities()) == Mode::Plain => Ok(state),
        _ => session.status(&want.name),
    }
}
