//! One client of the team's log: a store of its own, and a connection.

use std::path::Path;

use postroom::model::address::Address;
use postroom::op::record::Author;
use postroom::store::Store;
use postroom::sync::imap::Session;
use postroom::sync::imap::log::imap_log::{ImapLog, LogSettings};
use postroom::sync::imap::log::session::{FolderName, SessionFolder};

use super::desk;

/// The address of the inbox, which the log's mails come from.
const ADDRESS: &str = "support@example.com";

/// A client. Its store is in a folder that somebody else keeps.
pub struct Client {
    pub store: Store,
    pub log: ImapLog,
    pub session: Session,
    name: FolderName,
}

impl Client {
    /// Opens the store in `dir`; a snapshot is written after so many mails.
    pub fn open(dir: &Path, author: Author, session: Session, compact_after: u64) -> Self {
        let store = desk::open(dir, author, desk::team(ADDRESS));
        let settings = LogSettings { compact_after, ..LogSettings::new(Address::new("Support", ADDRESS)) };
        let log = ImapLog::new(store.clone(), desk::account(), settings).unwrap();
        Self { store, log, session, name: FolderName::new("Postroom") }
    }

    /// Reads what is new and pushes what is here.
    pub fn sync(&mut self) {
        let _ = self.log.sync(&mut SessionFolder::new(&mut self.session, &mut self.name)).unwrap();
    }

    /// Writes a snapshot.
    pub fn compact(&mut self) {
        self.log.compact(&mut SessionFolder::new(&mut self.session, &mut self.name)).unwrap();
    }
}
