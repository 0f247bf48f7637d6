//! The local store: the only place with SQL.
//!
//! SQLite in WAL mode. One writer connection behind a lock, a small stack of readers, and several processes at once on one file. A
//! commit is one transaction: records appended, touched conversations folded again, counts kept, outbox rows written.

mod adrift;
mod applied;
mod author;
mod backup;
mod batch;
mod body;
mod brief;
mod change;
mod check;
mod code;
mod commit;
mod connection;
mod conversation;
mod counts;
mod customer;
mod derive;
mod draft;
mod erased;
mod error;
mod examine;
mod export;
mod facts;
mod folder;
mod gone;
mod held;
mod here;
mod history;
mod home;
mod hook;
mod identity;
mod ingest;
mod known;
mod let_go;
mod line;
mod links;
mod list;
mod location;
mod log;
mod log_claim;
mod log_content;
mod log_follow;
mod log_mail;
mod log_merge;
mod log_order;
mod log_rights;
mod log_trust;
mod mail_flag;
mod mail_move;
mod mailed;
mod message;
mod mirror;
mod news;
mod next;
mod note_draft;
mod outgoing;
mod people;
mod place;
mod recipient;
mod record;
mod refold;
mod related;
mod resolve;
mod rights;
mod search;
mod set_aside;
mod shared_reply;
mod shown;
mod spool;
mod standing;
mod stats;
mod team;
mod tell;
mod told;
mod trail;
mod types;
mod undo;
mod undone;
mod upgrade;
mod usual;
mod watch;
mod watch_run;
mod workload;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

pub use applied::Applied;
pub use backup::CopyFacts;
pub use body::{Asked, Body};
pub use connection::Keep;
pub use derive::Deriving;
pub use draft::DraftCopy;
pub use erased::{ErasedMail, ErasedRecord, LogTraces, MailTrace, Reach, SharedMail, TracesWaiting, Writer, Writing};
pub use error::StoreError;
pub use export::ConversationMail;
pub use facts::{Identity, identity_of};
pub use hook::{HOOK_AGE_MAX, HOOK_BACKLOG_MAX, HookDue, HookFailure, HookLook};
pub use identity::names_in;
pub use ingest::ReadMail;
pub use ingest::import::{ArchivedMail, Fate, Judged, MailKey};
pub use log::QueueEnd;
pub use log_content::Held;
pub use log_follow::{LogPoint, LogWanted};
pub use log_order::Overturned;
pub use log_trust::{LogKey, LogKeyPlace};
pub use mail_flag::{FlagWanted, MailFlag};
pub use mail_move::{MailMove, MailMoved, MoveTurn, MovesWaiting};
pub use mirror::Mirrored;
pub use news::looks;
pub use next::{Claim, Claimed, ClaimedOne, Wanted};
pub use outgoing::{Answer, Basis, Delivery, NewOutgoing, News, OutboxEnd, Recipient, is_step};
pub use search::WordOf;
pub use set_aside::{Aside, AsideReason, Untold, WHOLE_FOLDER};
pub use shared_reply::reply_key;
pub use spool::Spool;
pub use told::LogClient;
pub use types::{
    Committed, Content, Folder, FolderRole, Incoming, Ingested, LogFilter, LogLine, LogPlace, PassEnd, Relocated,
    Resolved, Takeback, TeamEntry, TeamSet, Undone,
};
pub use watch::{Happening, Watch, WatchEvent};
pub use watch_run::AsideEvent;

use crate::model::agent::Team;
use crate::model::change::Change;
use crate::model::stop::Stop;
use crate::op::fold::Lost;
use crate::op::record::Author;

/// What a store must know about its surroundings.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Who makes the records, with what clock and ids.
    pub author: Author,
    /// The team as the config says it.
    pub team: Team,
    /// Mail that arrived this many milliseconds before the first sync is history: it starts closed. What the log says of it outranks
    /// this.
    pub history_after: i64,
}

/// A store that is open. Cheap to clone; every clone is the same store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    options: StoreOptions,
    connections: connection::Connections,
    listeners: Mutex<Vec<change::Listener>>,
    roster: RwLock<Arc<team::Roster>>,
    /// The number of the last commit that was noticed, of whichever process.
    noticed: AtomicI64,
    ever: Mutex<known::Ever>,
    /// Conversations folded, and linked sets threaded, since the store was opened.
    #[cfg(test)]
    work: Mutex<(usize, usize)>,
}

/// What the opening of a store is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is brought to this version: so many of the steps are done.
    Migrating {
        /// So many steps.
        done: u64,
        /// Of so many.
        all: u64,
    },
    /// The search index is made anew: so many of the mails are in it.
    Indexing {
        /// So many mails.
        done: u64,
        /// Of so many.
        all: u64,
    },
    /// It is looked through once for what an older version left.
    Tidying,
}

impl Inner {
    fn listeners(&self) -> MutexGuard<'_, Vec<change::Listener>> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Tells whether there is a store in the folder `dir`, whatever it holds.
    pub fn is_at(dir: &Path) -> bool {
        connection::file_in(dir).is_file()
    }

    /// Takes from everybody else what they may do to the store in the folder `dir`, where there is one: the mail of a team is nobody else's.
    /// Returns whether that was anything.
    ///
    /// # Errors
    /// When the modes can't be changed, because the store belongs to somebody else.
    pub fn tighten(dir: &Path) -> Result<bool, StoreError> {
        rights::tighten(dir)
    }

    /// Opens the store in the folder `dir`, makes it where it is missing, and brings an old one up to date.
    ///
    /// The folder is made with mode 0700, the files with 0600.
    ///
    /// # Errors
    /// When the folder can't be written, the file is damaged, or a newer postroom made it.
    pub fn open(dir: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        Self::open_told(dir, options, &mut |_| {})
    }

    /// As [`Store::open`]: of an old or large store that takes its time, and `told` is called meanwhile.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_told(dir: &Path, options: StoreOptions, told: &mut dyn FnMut(Opening)) -> Result<Self, StoreError> {
        let path = connection::prepare_folder(dir)?;
        let connections = connection::Connections::open(&path, told)?;
        let roster = team::open(&connections, &options.team).map_err(|e| e.at(&path))?;
        let store = Self::over(path, options, connections, roster);
        store.index_as_folded_now(told)?;
        store.hide_log_mails(told)?;
        store.register_reader()?;
        Ok(store)
    }

    fn over(path: PathBuf, options: StoreOptions, connections: connection::Connections, roster: team::Roster) -> Self {
        Self {
            inner: Arc::new(Inner {
                path,
                options,
                connections,
                listeners: Mutex::default(),
                roster: RwLock::new(Arc::new(roster)),
                noticed: AtomicI64::new(-1),
                ever: Mutex::default(),
                #[cfg(test)]
                work: Mutex::default(),
            }),
        }
    }

    /// Opens the store in the folder `dir` for reading alone: it is neither made nor brought up to date, no byte of it changes, and nobody is
    /// waited for. `None` where there is none, or one of another version.
    ///
    /// # Errors
    /// When it can't be read now.
    pub fn open_to_read(dir: &Path, options: StoreOptions) -> Result<Option<Self>, StoreError> {
        let path = connection::file_in(dir);
        if !path.is_file() {
            return Ok(None);
        }
        let Some(connections) = connection::Connections::open_to_read(&path)? else { return Ok(None) };
        let roster = team::look(&connections, &options.team).map_err(|e| e.at(&path))?;
        Ok(Some(Self::over(path, options, connections, roster)))
    }

    /// Returns the path of the database file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Returns who makes the records.
    pub fn author(&self) -> &Author {
        &self.inner.options.author
    }

    /// Runs `work` in one write transaction; it is rolled back when `work` fails.
    fn write<T>(
        &self,
        work: impl FnOnce(&connection::Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.connections.write(work)
    }

    /// Runs `work` in one write transaction, which is on the disk when this returns.
    fn write_durable<T>(
        &self,
        work: impl FnOnce(&connection::Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.connections.write_durable(work)
    }

    /// Runs `work` in one write transaction, folds what it touched, and tells the listeners.
    fn change<T>(
        &self,
        work: impl FnOnce(&mut batch::Batch<'_>) -> Result<T, StoreError>,
    ) -> Result<(T, Change, Vec<Lost>), StoreError> {
        let (done, change, lost, roster) = self.write(|tx| {
            let roster = team::Roster::fresh(self.roster(), tx, self.config_team())?;
            let mut batch = batch::Batch::new(tx, self.config_team(), roster, self.author());
            let done = work(&mut batch)?;
            let change = batch.finish()?;
            #[cfg(test)]
            {
                let mut work = self.inner.work.lock().unwrap_or_else(PoisonError::into_inner);
                *work = (work.0 + batch.work.0, work.1 + batch.work.1);
            }
            Ok((done, change, std::mem::take(&mut batch.lost), batch.roster))
        })?;
        // Nobody else sees yet what is part of a larger transaction.
        if self.inner.connections.held().is_none() {
            self.keep_roster(roster);
            self.publish(Some(&change));
        }
        Ok((done, change, lost))
    }

    /// Runs `work`, and makes one transaction of everything that this thread does with the store in it: it sees what it wrote, nobody
    /// else does, and nothing stays where it fails or says [`Keep::Nothing`]. Within another such work it is a part of that, which can be
    /// undone by itself. Others wait up to ten seconds to write, so it may not wait for anything outside.
    ///
    /// # Errors
    /// Those of `work`; when the store can't be written.
    pub fn together<T, E: From<StoreError>>(&self, work: impl FnOnce() -> Result<(T, Keep), E>) -> Result<T, E> {
        let is_part = self.inner.connections.held().is_some();
        let mut keeps = Keep::Nothing;
        let done = self.inner.connections.together(|| {
            let done = work()?;
            keeps = done.1;
            Ok::<_, E>(done)
        })?;
        if !is_part && keeps == Keep::All {
            self.notice_team()?;
            self.publish(Some(&Change::Everything));
        }
        Ok(done)
    }

    /// Runs `portion` in one write transaction after the other, until it returns `false` for there is nothing left. Between two of them
    /// everybody else has their turn, and `told` is called; where it is asked to stop, the portions that are done are kept.
    fn in_portions(
        &self,
        stop: &Stop,
        mut portion: impl FnMut(&mut batch::Batch<'_>) -> Result<bool, StoreError>,
        mut told: impl FnMut(),
    ) -> Result<Option<Change>, StoreError> {
        let mut all: Option<Change> = None;
        loop {
            let (more, change, _) = self.change(|batch| {
                batch.stop = stop.clone();
                portion(batch)
            })?;
            all = Some(all.map_or_else(|| change.clone(), |before| before.and(change.clone())));
            told();
            if !more {
                return Ok(all);
            }
        }
    }

    /// Runs `work` on a reading connection, in one snapshot.
    fn read<T>(
        &self,
        work: impl FnOnce(&connection::Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.inner.connections.read(work)
    }
}

#[cfg(test)]
mod testing;

#[cfg(test)]
#[path = "store/store_tests.rs"]
mod tests;

#[cfg(test)]
mod every_plan_tests;
#[cfg(test)]
mod growth_tests;
#[cfg(test)]
mod schema_tests;

#[cfg(test)]
mod plan_tests;

#[cfg(test)]
#[path = "store/together_tests.rs"]
mod together_tests;

#[cfg(test)]
#[path = "store/accounts_tests.rs"]
mod accounts_tests;

#[cfg(test)]
#[path = "store/accounts_converge_tests.rs"]
mod accounts_converge_tests;

#[cfg(test)]
#[path = "store/converge_tests.rs"]
mod converge_tests;

#[cfg(test)]
#[path = "store/gone_converge_tests.rs"]
mod gone_converge_tests;

#[cfg(test)]
#[path = "store/history_tests.rs"]
mod history_tests;

#[cfg(test)]
#[path = "store/hostile_tests.rs"]
mod hostile_tests;

#[cfg(test)]
#[path = "store/log_work_tests.rs"]
mod log_work_tests;
