//! A store with one inbox, and mail put into it.

use std::path::Path;

use postroom::config::{Account, Config, Layers, Remote};
use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId};
use postroom::op::record::Author;
use postroom::query::Context;
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

/// The beginning of the config of such a team: alice, who lists as other programs do, the newest in front, and inboxes of these names.
pub fn config(inboxes: &[&str]) -> String {
    let inbox = |name: &&str| format!("\n[inbox.{name}]\naddress = \"{name}@team.example\"\n");
    format!(
        "[me]\nhandle = \"alice\"\n\n[agent.alice]\nname = \"Alice Moor\"\n\n[account.main]\nlocal = true\n{}\n\
         [ui]\nsort = \"activity\"\n",
        inboxes.iter().map(inbox).collect::<String>()
    )
}

/// Reads the config of the store in a folder.
pub fn read_config(dir: &Path) -> Config {
    Config::load(&Layers { store: Some(dir.to_owned()), ..Layers::default() }).unwrap()
}

/// Settles the store as that of a team without a server.
pub fn settle(store: &Store) {
    postroom::sync::serverless::settle(store, &[Account { id: account(), remote: Remote::Local }]).unwrap();
}

/// What a query means to whoever the store belongs to, in the store's own time.
pub fn context(store: &Store) -> Context {
    Context { me: store.author().actor.clone(), now: store.author().clock.now(), zone: jiff::tz::TimeZone::UTC }
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
