//! One pass over an account: every folder that it syncs, then bodies that were left out.

use std::collections::BTreeSet;

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
    let listed = session.list()?;
    let (wanted, missing) = roles::choose(account, &listed);
    let mut report = Pass::default();
    for name in missing {
        report.warnings.push(ImapError::NoFolder(name).for_user(&account.id, &account.imap));
    }
    let mut tour = Tour { keep, session, account, progress, report, done: Vec::new() };
    for want in wanted {
        let folder = tour.keep.folder(&account.id, &want.name, want.role)?;
        match folder_state(tour.session, &want, &listed) {
            Ok(state) => tour.visit(folder, &state)?,
            Err(error @ ImapError::NoFolder(_)) => tour.warn(error),
            Err(error) => return Err(error.into()),
        }
    }
    tour.end()
}

/// Runs a pass over those folders of the account that are known and named in `names`.
///
/// # Errors
/// As [`pass`].
pub fn pass_over<K: Keep>(
    keep: &K,
    session: &mut Session,
    account: &Account,
    names: &BTreeSet<String>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Pass, SyncError> {
    let folders = keep.folders(&account.id)?;
    let mut tour = Tour { keep, session, account, progress, report: Pass::default(), done: Vec::new() };
    for folder in folders.into_iter().filter(|folder| names.contains(&folder.name)) {
        // Opening it tells all that STATUS does; but not UIDNEXT, on some servers without MODSEQ.
        let state = match Mode::of(tour.session.capabilities()) {
            Mode::Plain => tour.session.status(&folder.name),
            Mode::Qresync | Mode::Condstore => Ok(FolderState::default()),
        };
        match state {
            Ok(state) => tour.visit(folder, &state)?,
            Err(error @ ImapError::NoFolder(_)) => tour.warn(error),
            Err(error) => return Err(error.into()),
        }
    }
    tour.end()
}

/// A pass on its way from folder to folder.
struct Tour<'a, K> {
    keep: &'a K,
    session: &'a mut Session,
    account: &'a Account,
    progress: &'a mut dyn FnMut(Progress),
    report: Pass,
    done: Vec<Folder>,
}

impl<K: Keep> Tour<'_, K> {
    fn visit(&mut self, folder: Folder, state: &FolderState) -> Result<(), SyncError> {
        let run = FolderRun {
            keep: self.keep,
            session: &mut *self.session,
            folder: folder.clone(),
            body_limit: self.account.body_limit,
            progress: &mut *self.progress,
        };
        match run.run(state) {
            Ok(folder_report) => self.report.folders.push(folder_report),
            // One folder that the server will not open must not keep the others from coming.
            Err(SyncError::Imap(error)) if error.leaves_session_usable() && !quirks::stops_everything(&error) => {
                self.warn(error);
            }
            Err(error) => return Err(error),
        }
        self.done.push(folder);
        Ok(())
    }

    fn warn(&mut self, error: ImapError) {
        self.report.warnings.push(error.for_user(&self.account.id, &self.account.imap));
    }

    /// Fetches bodies that were left out, and returns the report.
    fn end(mut self) -> Result<Pass, SyncError> {
        for folder in &self.done {
            self.report.bodies += fetch::bodies(self.keep, self.session, folder, BODIES, BODY_BYTES)?;
        }
        self.report.commands = self.session.commands();
        Ok(self.report)
    }
}

fn folder_state(session: &mut Session, want: &Wanted, listed: &[Listed]) -> Result<FolderState, ImapError> {
    let told = listed.iter().find(|l| l.name == want.name).and_then(|l| l.state.clone());
    match told {
        Some(state) if state.modseq.is_some() || Mode::of(session.capabilities()) == Mode::Plain => Ok(state),
        _ => session.status(&want.name),
    }
}
