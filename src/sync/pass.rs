//! What a pass over an account's mail does, and how far it is.

use crate::error::UserError;
use crate::model::clock::Timestamp;

/// No body larger than this is fetched: it could not be shown either.
pub const BODY_MAX: usize = 128 << 20;

/// Tells whether a mail of so many bytes is never fetched whole.
pub fn is_too_large(size: u64) -> bool {
    usize::try_from(size).map_or(true, |n| n > BODY_MAX)
}

/// How far a pass is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The folder.
    pub folder: String,
    /// Messages fetched in this pass over the folder.
    pub done: u64,
    /// Messages that it will fetch, as far as is known.
    pub total: u64,
}

/// What a pass over one folder did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderPass {
    /// The folder.
    pub name: String,
    /// Messages fetched.
    pub fetched: usize,
    /// Messages that were not known before, in any folder.
    pub new: usize,
    /// Messages that went.
    pub expunged: usize,
    /// Messages that the server lost. They stay readable here.
    pub lost: usize,
    /// Messages of which other marks were told.
    pub flagged: usize,
    /// Whether the folder did not even have to be opened.
    pub unchanged: bool,
    /// When the latest of the new messages arrived, by the remote's clock.
    pub newest: Option<Timestamp>,
}

/// What a pass over an account did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Folder by folder.
    pub folders: Vec<FolderPass>,
    /// Large bodies that were fetched.
    pub bodies: usize,
    /// Commands sent since the login.
    pub commands: u32,
    /// What a person should know: a folder that is not there or can't be read, mail that the server lost or that can't be fetched.
    pub warnings: Vec<UserError>,
    /// Whether one of the warnings is of more than mails that were set aside, of which each is told once.
    pub incomplete: bool,
    /// How often the connection was opened anew, because it had ended on the way.
    pub reopened: u32,
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

    /// Tells of something that keeps this from being a pass over all that there is.
    pub fn warn(&mut self, warning: UserError) {
        self.incomplete = true;
        self.warnings.push(warning);
    }

    /// Adds what a second round over the folders did.
    pub(super) fn add(&mut self, again: Pass) {
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
