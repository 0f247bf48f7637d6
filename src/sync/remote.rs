//! What stands behind an account, whatever its kind: a connection to it yields the team's log, the mailbox and the way out.
//!
//! The cut is the coarse one. A kind reads what is new into the store and brings there what the store says is waiting; how it finds the
//! order of the log, names a mail or proves that one was taken is its own business. Above it nobody asks which kind it is.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::error::SyncError;
use super::log::LogPass;
use super::log::keys::{KeyLine, UpTo, Waiting};
use super::moves::Moves;
use super::pass::{Pass, Progress};
use super::transport::Transport;
use super::waker::Waker;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::stop::Stop;
use crate::store::ArchivedMail;

/// What stands behind an account. It outlives its connections, and keeps what they learned.
pub trait Remote: Send + Sync {
    /// Connects and logs in. [`Waker::stop`] ends the connection and all that is done over it. `gate` is asked where there is no place for
    /// another connection, also where this one is made anew in the middle of something.
    ///
    /// # Errors
    /// What kept it from that.
    fn connect(&self, waker: &Waker, gate: Arc<dyn Gate>) -> Result<Box<dyn Connection>, SyncError>;
}

/// Who hears how tries to connect end.
pub trait Gate: Send + Sync {
    /// Makes room for a connection where the remote has no place; tells whether another try is worth it.
    fn make_room(&self) -> bool {
        false
    }

    /// A try to connect ended, the last one of its kind for now.
    fn ended(&self, _failure: Option<&SyncError>) {}
}

/// Whoever has only one connection and nobody to tell.
pub struct Alone;

impl Gate for Alone {}

/// A connection that is logged in.
pub trait Connection: Send {
    /// Tells whether it can be used further.
    fn is_usable(&self) -> bool;

    /// Asks the remote whether the connection still stands.
    fn stands(&mut self) -> bool;

    /// Tells work on what it brought when to end: once its [`Waker`] is stopped.
    fn stop(&self) -> Stop;

    /// The team's log.
    fn log(&mut self) -> &mut dyn Log;

    /// The mailbox.
    fn mailbox(&mut self) -> &mut dyn Mailbox;

    /// What the outbox needs: the way out, and where copies are kept.
    fn post(&mut self) -> &mut dyn Post;

    /// Says goodbye.
    fn close(self: Box<Self>);
}

/// The team's log: a remote that gives records one order, which every client sees.
pub trait Log {
    /// Reads what is new into the store; writes nothing.
    ///
    /// # Errors
    /// What ended it; what was read counts.
    fn read(&mut self) -> Result<LogPass, SyncError>;

    /// Reads what is new, and appends the records of the store that have no place yet. A record has its place when the remote shows it there,
    /// not when it says so. What the remote refuses is no error: it stands in [`LogPass::trouble`].
    ///
    /// # Errors
    /// What ended it; what was done is kept and goes on at the next call.
    fn append(&mut self) -> Result<LogPass, SyncError>;

    /// Shows to other programs, where the config wants that, what a pass changed.
    ///
    /// # Errors
    /// What ended it.
    fn show(&mut self, _pass: &LogPass) -> Result<(), SyncError> {
        Ok(())
    }

    /// Tells whether there is a log to read and to wait for: it was found, or could be made.
    fn is_there(&self) -> bool {
        true
    }

    /// Waits until something is new on the log, somebody wakes us, or `at_most` is over.
    ///
    /// # Errors
    /// What ended the connection.
    fn wait(&mut self, at_most: Duration) -> Result<Waited, SyncError>;

    /// From here on news of the log end a wait for mail too ([`Mailbox::wait`]). Tells whether they will.
    ///
    /// # Errors
    /// What ended the connection.
    fn follow(&mut self) -> Result<bool, SyncError>;

    /// They do so no more: another connection waits for them.
    fn unfollow(&mut self);

    /// Its signatures; `None` where the remote itself says who wrote what.
    fn signatures(&mut self) -> Option<&mut dyn Signatures> {
        None
    }
}

/// What people decide of a log whose records are signed because anybody could write there.
pub trait Signatures {
    /// Lists who wrote what that does not count, up to where somebody looked.
    ///
    /// # Errors
    /// What ended it.
    fn adoptable(&mut self, up_to: Option<UpTo>) -> Result<Waiting, SyncError>;

    /// Takes in what does not count, up to where somebody looked; `None` where the log is another by now.
    ///
    /// # Errors
    /// What ended it.
    fn adopt(&mut self, up_to: UpTo) -> Result<Option<LogPass>, SyncError>;

    /// Lists the keys, after reading what is new; where it is to `rotate`, once a new one has taken their place.
    ///
    /// # Errors
    /// What ended it.
    fn keys(&mut self, rotate: bool) -> Result<(LogPass, Vec<KeyLine>), SyncError>;
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    /// Something is new.
    Changed,
    /// Somebody woke us.
    Woken,
    /// The time is over.
    Timeout,
}

/// Where a pass over the mail looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Everywhere.
    All,
    /// Into these folders.
    Into(BTreeSet<String>),
    /// Nowhere: only the log has news.
    Nowhere,
}

/// What ended a wait for mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It is time to look there.
    Look(Look),
    /// It was time to look there before the wait began.
    Before(Look),
    /// Somebody woke us.
    Woken,
    /// What is to be waited for needs a new connection.
    Anew,
}

/// Where customers' mail stands.
pub trait Mailbox {
    /// Brings mail into the store, text that somebody waits for first.
    ///
    /// # Errors
    /// What ended it; what came until then is stored, and the next call goes on from it.
    fn fetch(&mut self, look: &Look, progress: &mut dyn FnMut(Progress)) -> Result<Pass, SyncError>;

    /// Fetches the mails whose text somebody asked for, and nothing else. Returns how many came.
    ///
    /// # Errors
    /// What ended it; what came until then is stored.
    fn fetch_asked(&mut self) -> Result<usize, SyncError>;

    /// Waits for news, after a fetch.
    ///
    /// # Errors
    /// What ended the connection.
    fn wait(&mut self) -> Result<News, SyncError>;

    /// Puts a mail of an archive into a folder, with its flags and the time at which it arrived. The caller has looked that it is not there.
    ///
    /// # Errors
    /// What ended it, or what the remote says against this mail; after the end of a connection nobody knows whether it is there.
    fn put(&mut self, _folder: &str, _mail: &ArchivedMail) -> Result<(), SyncError> {
        Err(SyncError::Refused(UserError::new(ErrorKind::Usage, phrase!("import-not-there"))))
    }

    /// Moves the mails whose time has come by `by` to the folders of the inboxes that their conversations were moved to. A mail goes from the
    /// old place only when it stands in the new one.
    ///
    /// # Errors
    /// When the connection ends or the store fails. That the remote refuses is none: it stands in [`crate::store::Store::moves_waiting`].
    fn move_due(&mut self, by: Timestamp) -> Result<Moves, SyncError>;

    /// Removes the erased mails whose time has come by `by`, wherever they stand. Returns how many.
    ///
    /// # Errors
    /// When the connection ends or the store fails. That the remote refuses is none: it stands in [`crate::store::Store::traces_waiting`].
    fn erase_due(&mut self, by: Timestamp) -> Result<u64, SyncError>;

    /// Tells the remote which mails were opened, dealt with and answered here, as far as the time to tell it has come by `by`. Returns how
    /// many such marks it was told. Where other programs see none, what waits is forgotten.
    ///
    /// # Errors
    /// When the connection ends or the store fails. That the remote refuses is none: it is told again later, a few times.
    fn tell_flags(&mut self, by: Timestamp) -> Result<u64, SyncError>;

    /// Makes the remote hold copies of the drafts that were kept last by `rested`, and no others of ours; where it is not `on`, none.
    ///
    /// # Errors
    /// When the store or the remote fails; what was begun is gone on with the next time.
    fn copy_drafts(&mut self, on: bool, rested: Timestamp) -> Result<(), SyncError>;
}

/// Where copies of sent mail are kept, beside what customers and colleagues wrote.
pub trait Filing {
    /// Reads into the store what is new on the log, in the inboxes and among what was sent, within the time limit of a check. Where the
    /// remote tells, the store learns too whether a reply can be put on the log ([`crate::store::Store::may_write_log`]).
    ///
    /// # Errors
    /// When that could not be done; the words are shown as the reason.
    fn refresh(&mut self) -> Result<(), UserError>;

    /// Tells whether the remote keeps a copy of what is sent by itself.
    fn files_by_itself(&self) -> bool {
        false
    }

    /// Looks at the remote which of these mails stand among what was sent.
    ///
    /// # Errors
    /// When the remote can't be asked.
    fn filed(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError>;

    /// Puts a copy there. The caller has looked that it is not there.
    ///
    /// # Errors
    /// When it could not be done, or nobody knows whether it was.
    fn file(&mut self, id: &MessageId, copy: &[u8]) -> Result<(), UserError>;

    /// Shows the copies that were put away since the last call in their conversations. What can't be shown now comes with the next pass.
    fn show_filed(&mut self) {}
}

/// What the outbox needs of a connection.
pub trait Post: Transport + Filing {}

impl<T: Transport + Filing> Post for T {}
