//! One pass over an account: every folder that it syncs, then bodies that were left out.

use std::collections::BTreeSet;

use super::fetch::{self, FolderPass, FolderRun, Progress};
use super::keep::Keep;
use super::plan::Mode;
use super::roles::{self, Missing, Wanted};
use super::session::{FolderState, Listed, Session};
use super::{ImapError, quirks};
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::op::describe::grouped;
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
                    known.lost += folder.lost;
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
    let mut tour = Tour { keep, session, account, progress, report: Pass::default(), done: Vec::new() };
    tour.asked()?;
    tour.round()?;
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
    tour.asked()?;
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

/// Fetches the bodies that somebody asked for, and nothing else. Returns how many came.
///
/// # Errors
/// What ended it; what came until then is stored.
pub fn fetch_asked<K: Keep>(keep: &K, session: &mut Session, account: &AccountId) -> Result<usize, SyncError> {
    fetch::asked_bodies(keep, session, account)
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
    /// Fetches the bodies that somebody waits for.
    fn asked(&mut self) -> Result<(), SyncError> {
        self.report.bodies += fetch::asked_bodies(self.keep, self.session, &self.account.id)?;
        Ok(())
    }

    /// Looks at every folder that the account syncs.
    fn round(&mut self) -> Result<(), SyncError> {
        let listed = self.session.list()?;
        let (wanted, missing) = roles::chosen(self.session, self.account, &listed)?;
        missing.into_iter().for_each(|folder| self.warn_of(folder));
        for want in wanted {
            let folder = self.keep.folder(&self.account.id, &want.name, want.role)?;
            match folder_state(self.session, &want, &listed) {
                Ok(state) => self.visit(folder, &state)?,
                Err(error @ ImapError::NoFolder(_)) => self.warn(error),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Lets go what left a folder and stands in no other. It may have been moved into one that had been looked at already, or that was
    /// not to be looked at, so all are looked at once more before.
    fn settle(&mut self) -> Result<(), SyncError> {
        let id = &self.account.id;
        let adrift = self.keep.adrift(id)?;
        if !adrift.is_empty() && self.keep.folders(id)?.len() > 1 {
            let (report, done) = (std::mem::take(&mut self.report), std::mem::take(&mut self.done));
            self.round()?;
            let again = std::mem::replace(&mut self.report, report);
            self.report.add(again);
            self.done = done;
        }
        self.keep.settle_adrift(id, &adrift)?;
        Ok(())
    }

    fn visit(&mut self, folder: Folder, state: &FolderState) -> Result<(), SyncError> {
        self.asked()?;
        let run = FolderRun {
            keep: self.keep,
            session: &mut *self.session,
            folder: folder.clone(),
            body_limit: self.account.body_limit,
            progress: &mut *self.progress,
        };
        match run.run(state) {
            Ok(folder_report) => {
                self.report.warnings.extend(lost(&self.account.id, &folder_report));
                self.report.folders.push(folder_report);
            }
            // One folder that the server will not open must not keep the others from coming.
            Err(SyncError::Imap(error)) if error.leaves_session_usable() && !quirks::stops_everything(&error) => {
                self.warn(error);
            }
            Err(error) => return Err(error),
        }
        self.done.push(folder);
        Ok(())
    }

    fn warn_of(&mut self, missing: Missing) {
        let mut error = ImapError::NoFolder(missing.name.clone()).for_user(&self.account.id, &self.account.imap);
        if let Some(called) = missing.called {
            error.hint = format!("this server calls it {called:?}: write that into the config for {:?}", missing.name);
        }
        self.report.warnings.push(error);
    }

    fn warn(&mut self, error: ImapError) {
        self.report.warnings.push(error.for_user(&self.account.id, &self.account.imap));
    }

    /// Settles what is in no folder, fetches bodies that were left out, and returns the report.
    fn end(mut self) -> Result<Pass, SyncError> {
        self.settle()?;
        for folder in &self.done {
            self.report.bodies += fetch::bodies(self.keep, self.session, folder, BODIES, BODY_BYTES)?;
        }
        self.report.commands = self.session.commands();
        Ok(self.report)
    }
}

/// Says that a server lost mail which is here.
fn lost(account: &AccountId, folder: &FolderPass) -> Option<UserError> {
    let many = match folder.lost {
        0 => return None,
        1 => "1 mail that was".to_owned(),
        n => format!("{} mails that were", grouped(n)),
    };
    let text = format!(
        "{account}: {} was remade or restored from a backup on the server: {many} there before stay here, marked as gone",
        folder.name
    );
    Some(
        UserError::new(ErrorKind::Remote, text)
            .hint("nothing is lost here; what is needed on the server can be forwarded"),
    )
}

fn folder_state(session: &mut Session, want: &Wanted, listed: &[Listed]) -> Result<FolderState, ImapError> {
    let told = listed.iter().find(|l| l.name == want.name).and_then(|l| l.state.clone());
    match told {
        Some(state) if state.modseq.is_some() || Mode::of(session.capabilities()) == Mode::Plain => Ok(state),
        _ => session.status(&want.name),
    }
}
