//! A store with one inbox, and mail put into it.

use std::path::Path;

use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId};
use postroom::op::record::Author;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};

/// Mails taken in by one transaction.
const BATCH: usize = 500;

/// The account of all inboxes.
pub fn account() -> AccountId {
    AccountId::new("main").unwrap()
}

/// Who works, by the machine's clock.
pub fn author(agent: &str) -> Author {
    Author { actor: Handle::new(agent).unwrap(), host: "bench".into(), clock: Clock::System, ids: Ids::Random }
}

/// A team with one inbox, `support`, at an address.
pub fn team(address: &str) -> Team {
    let inbox = Inbox {
        id: InboxId::new("support").unwrap(),
        account: account(),
        address: Address::new("Support", address),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    Team { agents: Vec::new(), inboxes: vec![inbox], ..Team::default() }
}

/// Opens the store in a folder. No mail is so old that it would start closed.
pub fn open(dir: &Path, author: Author, team: Team) -> Store {
    Store::open(dir, StoreOptions { author, team, history_after: 36_500 * Timestamp::DAY }).unwrap()
}

/// A whole mail that comes in, read already.
pub fn incoming(uid: u32, arrived: Timestamp, raw: Vec<u8>) -> Incoming {
    let size = raw.len() as u64;
    Incoming { uid, flags: vec!["\\Seen".into()], arrived, size, modseq: None, content: Content::Whole(raw) }
}

/// Puts mail into the inbox.
pub fn fill(store: &Store, mail: impl IntoIterator<Item = Incoming>) {
    let folder = store.folder(&account(), "INBOX", FolderRole::Inbox).unwrap();
    let mut mail = mail.into_iter();
    loop {
        let batch: Vec<Incoming> = mail.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return;
        }
        store.ingest(folder.id, batch).unwrap();
    }
}
