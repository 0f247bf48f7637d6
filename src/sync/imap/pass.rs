//! One pass over an account: every folder that it syncs, then bodies that were left out.

use std::collections::BTreeSet;

use super::account::ImapAccount;
use super::aside::{self, Fault};
use super::fetch::FolderRun;
use super::keep::Keep;
use super::line::{Line, Reopen};
use super::plan::Mode;
use super::roles::{self, Missing, Wanted};
use super::session::{FolderState, Listed, Session};
use super::{ImapError, bodies, pipeline, quirks};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::store::{Folder, FolderRole, WHOLE_FOLDER};
use crate::sync::error::SyncError;
use crate::sync::pass::{FolderPass, Pass, Progress};

/// The most bodies that one pass fetches after the folders are done.
const BODIES: usize = 32;
/// The most bytes that those bodies have.
const BODY_BYTES: u64 = 32 << 20;

/// Runs a pass over one connection: what ends it ends the pass.
///
/// # Errors
/// What ended it. Everything up to there is stored, and the next pass goes on from it.
pub fn pass<K: Keep>(
    keep: &K,
    session: &mut Session,
    account: &ImapAccount,
    progress: &mut dyn FnMut(Progress),
) -> Result<Pass, SyncError> {
    Tour::new(keep, Line::new(session, None), account, progress).over_all()
}

/// Runs a pass, over those folders of the account that are known and named in `names` where there are such. `reopen` opens a connection to
/// the account where a command ends the one in use, which is left in `session`: so a fault of one mail or folder is told from one of the
/// connection, and does not keep the others from coming.
///
/// # Errors
/// As [`pass`].
pub fn pass_with<K: Keep>(
    keep: &K,
    session: &mut Session,
    account: &ImapAccount,
    names: Option<&BTreeSet<String>>,
    progress: &mut dyn FnMut(Progress),
    reopen: &mut Reopen<'_>,
) -> Result<Pass, SyncError> {
    let tour = Tour::new(keep, Line::new(session, Some(reopen)), account, progress);
    match names {
        Some(names) => tour.over(names),
        None => tour.over_all(),
    }
}

/// Runs a pass over those folders of the account that are known and named in `names`.
///
/// # Errors
/// As [`pass`].
pub fn pass_over<K: Keep>(
    keep: &K,
    session: &mut Session,
    account: &ImapAccount,
    names: &BTreeSet<String>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Pass, SyncError> {
    Tour::new(keep, Line::new(session, None), account, progress).over(names)
}

/// Fetches the bodies that somebody asked for, and nothing else. Returns how many came.
///
/// # Errors
/// What ended it; what came until then is stored.
pub fn fetch_asked<K: Keep>(keep: &K, session: &mut Session, account: &AccountId) -> Result<usize, SyncError> {
    bodies::asked(keep, &mut Line::new(session, None), account)
}

/// A pass on its way from folder to folder.
struct Tour<'a, 's, K> {
    keep: &'a K,
    line: Line<'s>,
    account: &'a ImapAccount,
    progress: &'a mut dyn FnMut(Progress),
    report: Pass,
    done: Vec<Folder>,
    /// Folders that ended the connection twice, with the last error.
    failed: Vec<(Folder, ImapError)>,
}

impl<'a, 's, K: Keep> Tour<'a, 's, K> {
    fn new(keep: &'a K, line: Line<'s>, account: &'a ImapAccount, progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self { keep, line, account, progress, report: Pass::default(), done: Vec::new(), failed: Vec::new() }
    }

    fn over_all(mut self) -> Result<Pass, SyncError> {
        self.asked()?;
        self.round()?;
        self.end()
    }

    fn over(mut self, names: &BTreeSet<String>) -> Result<Pass, SyncError> {
        let folders = self.keep.folders(&self.account.id)?;
        self.asked()?;
        for folder in folders.into_iter().filter(|folder| names.contains(&folder.name)) {
            // Opening it tells all that STATUS does; but not UIDNEXT, on some servers without MODSEQ.
            let name = folder.name.clone();
            self.visit(folder, |session| match Mode::of(session.capabilities()) {
                Mode::Plain => session.status(&name),
                Mode::Qresync | Mode::Condstore => Ok(FolderState::default()),
            })?;
        }
        self.end()
    }

    /// Fetches the bodies that somebody waits for.
    fn asked(&mut self) -> Result<(), SyncError> {
        self.report.bodies += bodies::asked(self.keep, &mut self.line, &self.account.id)?;
        Ok(())
    }

    /// Looks at every folder that the account syncs.
    fn round(&mut self) -> Result<(), SyncError> {
        let listed = match self.account.inbox_folder {
            None => self.line.session.list_with_states()?,
            // The rest of the mailbox is a person's own.
            Some(_) => self.line.session.list()?,
        };
        let (wanted, missing) = roles::chosen(self.line.session, self.account, &listed)?;
        missing.into_iter().for_each(|folder| self.miss(folder, &listed));
        self.leave_inboxes(&wanted)?;
        for want in wanted {
            let folder = self.keep.folder(&self.account.id, &want.name, want.role)?;
            self.visit(folder, |session| folder_state(session, &want, &listed))?;
        }
        Ok(())
    }

    /// Takes no folder for the one that mail comes into which is that no longer: the config names another now.
    fn leave_inboxes(&mut self, wanted: &[Wanted]) -> Result<(), SyncError> {
        if self.account.inbox_folder.is_none() {
            return Ok(());
        }
        let is_wanted = |folder: &Folder| wanted.iter().any(|want| want.name == folder.name);
        let known = self.keep.folders(&self.account.id)?;
        for folder in known.iter().filter(|folder| folder.role == FolderRole::Inbox && !is_wanted(folder)) {
            self.keep.folder(&self.account.id, &folder.name, FolderRole::Other)?;
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

    /// Passes over one folder, of which `state` asks how it stands. One that can't be read must not keep the others from coming.
    fn visit(
        &mut self,
        folder: Folder,
        mut state: impl FnMut(&mut Session) -> Result<FolderState, ImapError>,
    ) -> Result<(), SyncError> {
        self.asked()?;
        if self.failed.iter().any(|(failed, _)| failed.id == folder.id) || self.is_left_out(&folder)? {
            return Ok(());
        }
        let mut last = None;
        for _ in 0..2 {
            let error = match self.attempt(&folder, &mut state) {
                Ok(report) => {
                    self.line.fruitful();
                    self.keep.forget_asides(folder.id, &[WHOLE_FOLDER])?;
                    if let Some(warning) = lost(&self.account.id, &report) {
                        self.report.warn(warning);
                    }
                    self.report.folders.push(report);
                    self.done.push(folder);
                    return Ok(());
                }
                Err(error @ SyncError::Remote(_)) => error.into_imap()?,
                Err(SyncError::Store(error)) if pipeline::is_of_mail(&error) => {
                    self.report.warn(error.into());
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            if self.line.session.is_usable() && !quirks::stops_everything(&error) {
                self.warn(error);
                self.done.push(folder);
                return Ok(());
            }
            last = Some(self.line.survive(error)?);
        }
        self.failed.extend(last.map(|error| (folder, error)));
        Ok(())
    }

    fn attempt(
        &mut self,
        folder: &Folder,
        state: &mut impl FnMut(&mut Session) -> Result<FolderState, ImapError>,
    ) -> Result<FolderPass, SyncError> {
        let state = state(self.line.session)?;
        let run = FolderRun {
            keep: self.keep,
            line: &mut self.line,
            folder: folder.clone(),
            body_limit: self.account.body_limit,
            progress: &mut *self.progress,
            flags_fault: None,
        };
        run.run(&state)
    }

    /// Tells whether a folder has ended the connection twice and is not to be tried again yet; that is told.
    fn is_left_out(&mut self, folder: &Folder) -> Result<bool, SyncError> {
        let asides = self.keep.asides(folder.id)?;
        let Some(aside) = asides.iter().find(|a| a.uid == WHOLE_FOLDER && a.next_try > self.keep.now()) else {
            return Ok(false);
        };
        self.report.warn(aside::folder_warning(self.account, &folder.name, aside));
        Ok(true)
    }

    fn warn(&mut self, error: ImapError) {
        self.report.warn(error.for_user(&self.account.id, &self.account.imap));
    }

    /// Tells that the server does not have a folder of the config, and which one may be meant.
    fn miss(&mut self, missing: Missing, listed: &[Listed]) {
        let Missing { name, called } = missing;
        let mut error = ImapError::NoFolder(name.clone()).for_user(&self.account.id, &self.account.imap);
        if let Some(called) = called {
            let (called, name) = (in_quotes(called), in_quotes(name));
            error = error.hint(phrase!("hint-imap-called", called = called, name = name));
        } else if let Some(near) = roles::nearest(&name, listed) {
            let otherwise = error.remedy.clone().unwrap_or_else(|| Phrase::said(""));
            error = error.hint(phrase!("hint-imap-near", near = in_quotes(near), otherwise = otherwise));
        }
        self.report.warn(error);
    }

    /// Sets the folders aside that ended the connection twice. Where nothing else could be read, it was the connection.
    fn set_folders_aside(&mut self) -> Result<(), SyncError> {
        let failed = std::mem::take(&mut self.failed);
        if self.done.is_empty() {
            if let Some((_, error)) = failed.into_iter().next() {
                return Err(error.into());
            }
            return Ok(());
        }
        for (folder, error) in failed {
            let before = self.keep.asides(folder.id)?.into_iter().find(|aside| aside.uid == WHOLE_FOLDER);
            let aside = aside::new(before.as_ref(), WHOLE_FOLDER, 0, Fault::of(&error), self.keep.now());
            self.report.warn(aside::folder_warning(self.account, &folder.name, &aside));
            self.keep.set_aside(folder.id, &[aside])?;
        }
        Ok(())
    }

    /// Settles what is in no folder, fetches bodies that were left out, and returns the report.
    fn end(mut self) -> Result<Pass, SyncError> {
        self.set_folders_aside()?;
        self.settle()?;
        // As the pass left them.
        let known = self.keep.folders(&self.account.id)?;
        let left = |done: &Folder| known.iter().find(|folder| folder.id == done.id);
        for folder in self.done.iter().filter_map(left) {
            self.report.bodies += bodies::bodies(self.keep, &mut self.line, folder, BODIES, BODY_BYTES)?;
        }
        self.keep.let_go(&self.account.id, self.account.gone_days)?;
        let told = self.keep.tell_asides(&self.account.id)?;
        // Told once, and nothing to wait for: no reason to say of every pass that it failed.
        self.report.warnings.extend(told.iter().map(|untold| aside::warning(self.account, untold)));
        self.report.commands = self.line.session.commands();
        self.report.reopened = self.line.reopened();
        Ok(self.report)
    }
}

/// Says that a server lost mail which is here.
fn lost(account: &AccountId, folder: &FolderPass) -> Option<UserError> {
    if folder.lost == 0 {
        return None;
    }
    let (account, name) = (account.as_str(), &folder.name);
    let what = phrase!("folder-lost-mails", count = folder.lost, account = account, folder = name);
    Some(UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-folder-lost-mails")))
}

fn folder_state(session: &mut Session, want: &Wanted, listed: &[Listed]) -> Result<FolderState, ImapError> {
    let told = listed.iter().find(|l| l.name == want.name).and_then(|l| l.state.clone());
    match told {
        Some(state) if state.modseq.is_some() || Mode::of(session.capabilities()) == Mode::Plain => Ok(state),
        _ => session.status(&want.name),
    }
}
