//! Where history ends, said by founders with wrong clocks over a folder whose server has the right time.

use super::super::imap_log::LogSettings;
use super::super::model_folder::{ModelFolder, Server};
use super::*;
use crate::model::address::Address;
use crate::model::agent::{Inbox, Team};
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{AccountId, Handle, InboxId, MessageId};
use crate::model::status::Status;
use crate::op::record::Author;
use crate::store::{Content, FolderRole, Incoming, Store, StoreOptions};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

struct Client {
    _dir: tempfile::TempDir,
    store: Store,
    folder: ModelFolder,
    log: ImapLog,
}

impl Client {
    /// A client whose clock is so many days off.
    fn new(server: &Server, n: u64, days: i64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let author = Author {
            actor: Handle::new(&format!("agent{n}")).unwrap(),
            host: "box".into(),
            clock: Clock::fixed(NOW.plus(days * Timestamp::DAY)),
            ids: Ids::counted(n),
        };
        let account = AccountId::new(&format!("account{n}")).unwrap();
        let address = Address::new("", "support@shop.example");
        let inbox = Inbox {
            id: InboxId::new("support").unwrap(),
            account: account.clone(),
            address: address.clone(),
            aliases: Vec::new(),
            folder: None,
            language: None,
        };
        let team = Team { agents: Vec::new(), inboxes: vec![inbox], ..Team::default() };
        let options = StoreOptions { author, team, history_after: 30 * Timestamp::DAY };
        let store = Store::open(dir.path(), options).unwrap();
        let log = ImapLog::new(store.clone(), account, LogSettings::new(address)).unwrap();
        let client = Self { _dir: dir, store, folder: ModelFolder::new(server), log };
        let folder = client.store.folder(client.log.account(), "INBOX", FolderRole::Inbox).unwrap();
        client.store.ingest(folder.id, [0, 10, 50].into_iter().zip(1..).map(mail).collect()).unwrap();
        client
    }

    fn sync(&mut self) -> LogPass {
        let mut pass = self.log.sync(&mut self.folder).unwrap();
        self.log.settle_history(&mut self.folder, &mut pass).unwrap();
        pass
    }

    /// Which of the mails are work.
    fn open(&self) -> Vec<i64> {
        let status = |days: &i64| {
            let id = self.store.conversation_of(&message(*days)).unwrap().unwrap();
            self.store.rows(&[id]).unwrap().remove(0).status
        };
        [0, 10, 50].into_iter().filter(|days| status(days) == Status::Open).collect()
    }
}

fn message(days: i64) -> MessageId {
    MessageId::new(&format!("m{days}@shop.example")).unwrap()
}

/// A mail that came so many days ago.
fn mail((days, uid): (i64, u32)) -> Incoming {
    let raw = format!(
        "From: C{days} <c{days}@example.org>\r\nTo: support@shop.example\r\nSubject: Lamp {days}\r\nMessage-ID: <{}>\r\n\r\nHello\r\n",
        message(days)
    );
    Incoming {
        uid,
        flags: Vec::new(),
        arrived: NOW.plus(-days * Timestamp::DAY),
        size: raw.len() as u64,
        modseq: None,
        content: Content::Whole(raw.into_bytes()),
    }
}

#[test]
fn history_is_closed_and_the_mail_of_today_is_open_whatever_the_founders_clock_says() {
    for days in [-4000, -365, 0, 365, 4000] {
        let server = Server::new();
        server.set_clock(NOW);
        let mut founder = Client::new(&server, 1, days);
        founder.sync();
        assert_eq!(founder.open(), [0, 10], "{days}");
        let mails = server.uids().len();
        assert_eq!(mails, if days == 0 { 2 } else { 3 }, "the key, and what says it");
        let mut clients =
            [founder, Client::new(&server, 2, 0), Client::new(&server, 3, 365), Client::new(&server, 4, -365)];
        for _ in 0..2 {
            for client in &mut clients {
                client.sync();
                assert_eq!(client.open(), [0, 10], "{days}");
            }
        }
        assert_eq!(server.uids().len(), mails, "nothing more is said");
        // A newcomer reads the snapshot.
        clients[1].log.compact(&mut clients[1].folder).unwrap();
        let mut newcomer = Client::new(&server, 5, 1);
        newcomer.sync();
        assert_eq!(newcomer.open(), [0, 10], "{days}");
    }
}

#[test]
fn a_founder_that_broke_off_behind_the_first_word_is_set_right_by_who_reads_it() {
    let server = Server::new();
    server.set_clock(NOW);
    let mut founder = Client::new(&server, 1, 700);
    founder.log.sync(&mut founder.folder).unwrap();
    assert!(founder.store.settle_history(founder.log.account()).unwrap());
    founder.log.sync(&mut founder.folder).unwrap();
    assert_eq!((server.uids().len(), founder.open()), (2, vec![]), "behind the key");
    let mut reader = Client::new(&server, 2, 0);
    reader.sync();
    assert_eq!(reader.open(), [0, 10]);
    founder.sync();
    assert_eq!(founder.open(), [0, 10]);
}
