//! The team's log against a real server: Dovecot, or what `POSTROOM_TEST_SERVER` names.

use std::sync::Arc;

use crate::support::desk::{author, main};
use crate::support::dovecot::{Dovecot, PASSWORD};
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::Timestamp;
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::{MessageId, OpId, Tag};
use postroom::model::status::Status;
use postroom::op::operation::{Expect, Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::sync::imap::Session;
use postroom::sync::imap::log::imap_log::{ImapLog, LogPass, LogSettings};
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::imap::log::session::{FolderName, SessionFolder};
use postroom::sync::imap::once::sync_once;
use postroom::sync::imap::{ImapAccount, ImapConnection};
use postroom::sync::log::errand::LogErrand;
use postroom::sync::{Errand as _, Remotes, Waker};

const USER: &str = "team";

struct Client {
    _dir: tempfile::TempDir,
    store: Store,
    log: ImapLog,
    name: FolderName,
    session: Session,
}

impl Client {
    fn new(server: &Dovecot, agent: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let author = author(agent, Clock::System, Ids::Random);
        let store =
            Store::open(dir.path(), StoreOptions { author, team: Team::default(), history_after: 86_400_000 }).unwrap();
        let log =
            ImapLog::new(store.clone(), main(), LogSettings::new(Address::new("", "support@example.com"))).unwrap();
        Self { _dir: dir, store, log, name: FolderName::new("Postroom"), session: server.session(USER) }
    }

    fn sync(&mut self) -> LogPass {
        self.log.sync(&mut SessionFolder::new(&mut self.session, &mut self.name)).unwrap()
    }

    fn reconnect(&mut self, server: &Dovecot) {
        self.session = server.session(USER);
        self.log = ImapLog::new(self.store.clone(), main(), LogSettings::new(Address::new("", "support@example.com")))
            .unwrap();
        self.name = FolderName::new("Postroom");
    }

    /// Connects again, as a program does that goes on running.
    fn go_on(&mut self, server: &Dovecot) {
        self.session = server.session(USER);
    }

    /// Puts a mail into the store, so that there is a conversation.
    fn deliver(&self, n: u32) {
        let folder = self.store.folder(&main(), "INBOX", FolderRole::Inbox).unwrap();
        let raw =
            format!("From: c@example.org\r\nSubject: Lamp {n}\r\nMessage-ID: <m{n}@example.org>\r\n\r\nHello\r\n");
        let mail = Incoming {
            uid: n,
            flags: Vec::new(),
            arrived: Timestamp::from_seconds(1_800_000_000),
            size: raw.len() as u64,
            modseq: None,
            content: Content::Whole(raw.into_bytes()),
        };
        self.store.ingest(folder.id, vec![mail]).unwrap();
    }

    fn assignee(&self, on: usize) -> String {
        let on = MessageId::new(&format!("m{on}@example.org")).unwrap();
        let id = self.store.conversation_of(&on).unwrap().unwrap();
        let row = self.store.conversation(&id, 1).unwrap().unwrap().row;
        row.assignee.map(|agent| agent.as_str().to_owned()).unwrap_or_default()
    }

    fn act(&self, op: Known, on: usize) -> OpId {
        let on = MessageId::new(&format!("m{on}@example.org")).unwrap();
        let target = Target { expect: Some(Expect::Nobody), ..Target::on(on) };
        self.store.commit(vec![NewOperation::new(op, vec![target])]).unwrap().records[0].id
    }

    fn claim(&self, on: usize) -> OpId {
        self.act(Known::Assign { to: Some(self.store.author().actor.clone()) }, on)
    }

    fn order(&self) -> Vec<OpId> {
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.log_lines(&main(), after, 100).unwrap();
            let Some(last) = page.last() else { return all };
            after = Some(last.place);
            all.extend(page.iter().map(|line| Record::parse(&line.json).unwrap().id));
        }
    }

    fn waiting(&self) -> usize {
        self.store.unpushed(1000).unwrap().len()
    }
}

fn folders(server: &Dovecot) -> Vec<String> {
    server.session(USER).list().unwrap().into_iter().map(|folder| folder.name).collect()
}

#[test]
fn two_clients_that_claim_at_once_agree_on_who_was_first() {
    let Some(server) = Dovecot::start() else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    let a = alice.claim(1);
    let b = bob.claim(1);
    let pass = bob.sync();
    assert_eq!((pass.pushed, pass.appended), (1, 2), "behind the key");
    let _ = alice.sync();
    let _ = bob.sync();
    assert_eq!(alice.order(), [b, a]);
    assert_eq!(bob.order(), [b, a]);
    assert!(folders(&server).contains(&server.named("Postroom")));
}

#[test]
fn the_folder_is_made_below_inbox_where_the_server_wants_that() {
    let config = "namespace inbox {\n  prefix = INBOX.\n  separator = .\n}\n";
    let Some(server) = Dovecot::with(config) else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    let a = alice.claim(1);
    let _ = alice.sync();
    let _ = bob.sync();
    assert_eq!(bob.order(), [a]);
    assert!(folders(&server).contains(&"INBOX.Postroom".to_owned()), "{:?}", folders(&server));
}

#[test]
fn a_server_without_extensions_is_enough() {
    let bare =
        ["UIDPLUS", "LITERAL+", "CONDSTORE", "QRESYNC", "LIST-EXTENDED", "LIST-STATUS", "ESEARCH", "SPECIAL-USE"];
    let Some(server) = Dovecot::without(&bare) else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    let a = alice.claim(1);
    let b = bob.claim(2);
    assert_eq!(alice.sync().pushed, 1);
    assert_eq!(bob.sync().pushed, 1);
    let _ = alice.sync();
    assert_eq!(alice.order(), [a, b]);
    assert_eq!(bob.order(), [a, b]);
}

#[test]
fn a_day_offline_goes_out_as_one_mail_and_the_others_come_in() {
    let Some(server) = Dovecot::start() else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    let _ = alice.sync();
    for n in 0..100 {
        alice.claim(n);
        bob.claim(n + 50);
        let _ = bob.sync();
    }
    alice.reconnect(&server);
    let pass = alice.sync();
    assert_eq!((pass.pushed, pass.appended), (100, 1));
    let _ = bob.sync();
    assert_eq!(alice.order().len(), 200);
    assert_eq!(alice.order(), bob.order());
}

#[test]
fn a_deleted_folder_is_rebuilt_from_the_copies() {
    let Some(server) = Dovecot::start() else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    for n in 0..5 {
        alice.claim(n);
        let _ = alice.sync();
    }
    let _ = bob.sync();
    let order = alice.order();
    // Dovecot gives a folder that is made again in the same second the same UIDVALIDITY, and that must not matter.
    let mut other = server.session(USER);
    other.delete(&server.named("Postroom")).unwrap();
    alice.reconnect(&server);
    bob.reconnect(&server);
    let last = bob.claim(9);
    let _ = bob.sync();
    let _ = alice.sync();
    let expected: Vec<OpId> = order.into_iter().chain([last]).collect();
    assert_eq!(alice.order(), expected);
    assert_eq!(bob.order(), expected);
    let mut carol = Client::new(&server, "carol");
    let _ = carol.sync();
    assert_eq!(carol.order(), expected);
}

#[test]
fn a_changed_uidvalidity_keeps_the_order_for_all() {
    let Some(server) = Dovecot::start() else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    for n in 0..20 {
        alice.claim(n);
        let _ = alice.sync();
        bob.claim(n);
        let _ = bob.sync();
    }
    let _ = alice.sync();
    let order = alice.order();
    // The same mails in another order in a folder of the same name: what a lost dovecot-uidlist leaves.
    let mut other = server.session(USER);
    other.create(&server.named("Scrambled")).unwrap();
    other.select(&server.named("Postroom")).unwrap();
    let mut uids = other.search("ALL").unwrap();
    fastrand::Rng::with_seed(7).shuffle(&mut uids);
    for uid in uids {
        other.uid_copy(&uid.to_string(), &server.named("Scrambled")).unwrap();
    }
    let mut other = server.session(USER);
    other.delete(&server.named("Postroom")).unwrap();
    other.create(&server.named("Postroom")).unwrap();
    other.select(&server.named("Scrambled")).unwrap();
    other.uid_copy("1:*", &server.named("Postroom")).unwrap();
    alice.reconnect(&server);
    bob.reconnect(&server);
    let pass = bob.sync();
    let _ = alice.sync();
    let _ = bob.sync();
    assert!(pass.reordered);
    assert_eq!(bob.order(), order);
    assert_eq!(alice.order(), order);
    let mut carol = Client::new(&server, "carol");
    let _ = carol.sync();
    assert_eq!(carol.order(), order);
    assert_eq!(carol.waiting(), 0);
}

/// Three clients with a log of three claims, of 1 to 3, and three more, of 4 to 6, that a restored backup has not.
fn restored(server: &Dovecot, indexes: bool) -> Vec<Client> {
    let mut team: Vec<Client> = ["alice", "bob", "carol"].map(|agent| Client::new(server, agent)).into();
    team.iter().for_each(|client| (1..=6).for_each(|n| client.deliver(n)));
    let mut claim = |first: usize| {
        for (n, client) in team.iter_mut().enumerate() {
            client.claim(first + n);
            let _ = client.sync();
        }
        team.iter_mut().for_each(|client| drop(client.sync()));
    };
    claim(1);
    let backup = server.back_up(USER);
    claim(4);
    if indexes {
        backup.restore()
    } else {
        backup.restore_without_indexes()
    }
    team.iter_mut().for_each(|client| client.go_on(server));
    team
}

fn assert_same(team: &mut [Client], what: &str) {
    for _ in 0..3 {
        team.iter_mut().for_each(|client| drop(client.sync()));
    }
    for client in &*team {
        assert_eq!(client.waiting(), 0, "{what}");
        assert_eq!(client.order(), team[0].order(), "{what}");
        for on in 1..=6 {
            assert_eq!(client.assignee(on), team[0].assignee(on), "{what}: {on}");
        }
    }
}

#[test]
fn a_restored_folder_of_the_log_gets_back_what_it_lost() {
    let bare: &[&str] = &["CONDSTORE", "QRESYNC", "UIDPLUS"];
    for (lacks, indexes) in [(&[][..], true), (&[], false), (bare, true)] {
        for away in 0..3 {
            let what = format!("{lacks:?}, indexes {indexes}, {away} is away");
            let Some(server) = Dovecot::without(lacks) else { return };
            let mut team = restored(&server, indexes);
            let order = team[0].order();
            let late = team.remove(away);
            let told: Vec<_> = team.iter_mut().flat_map(|client| client.sync().told()).collect();
            assert_eq!(told, [], "{what}: nobody lost anything");
            assert_same(&mut team, &what);
            team.push(late);
            assert_same(&mut team, &what);
            assert_eq!(team[0].order(), order, "{what}");
            let mut dora = Client::new(&server, "dora");
            let _ = dora.sync();
            assert_eq!(dora.order(), order, "{what}");
        }
    }
}

#[test]
fn a_claim_that_a_restored_server_lost_and_another_took_is_told_to_its_actor() {
    let Some(server) = Dovecot::start() else { return };
    for more in [0, 5] {
        let mut team = restored(&server, true);
        let mut dora = Client::new(&server, "dora");
        (1..=6).for_each(|n| dora.deliver(n));
        for on in [4, 9, 9, 9, 9].into_iter().take(1 + more) {
            dora.claim(on);
            let _ = dora.sync();
        }
        let mut alice = team.remove(0);
        let account = server.account(USER);
        let pass = sync_log_once(&alice.store, &account, &mut alice.session).unwrap();
        let told: Vec<String> = pass.told().into_iter().map(|error| error.message()).collect();
        assert!(told.len() == 1 && told[0].contains("dora has \"Lamp 4\""), "{told:?}");
        assert!(pass.refused.is_empty(), "{more}: once is enough");
        alice.reconnect(&server);
        team.extend([alice, dora]);
        assert_same(&mut team, &format!("{more} more"));
        assert_eq!(
            (1..=6).map(|on| team[0].assignee(on)).collect::<Vec<_>>(),
            ["alice", "bob", "carol", "dora", "bob", "carol"]
        );
        server.session(USER).delete(&server.named("Postroom")).unwrap();
    }
}

#[test]
fn a_mailbox_that_can_not_be_written_is_said_so() {
    let acl = "protocol imap {\n  mail_plugins = acl\n}\nplugin {\n  acl = vfile\n}\n";
    let Some(server) = Dovecot::with(acl) else { return };
    let mut alice = Client::new(&server, "alice");
    alice.claim(1);
    let _ = alice.sync();
    let dir = server.certificate().parent().unwrap().parent().unwrap().join("mail").join(USER).join("mail/.Postroom");
    for (rights, second) in [("lr", 2), ("lrsw", 3)] {
        std::fs::write(dir.join("dovecot-acl"), format!("owner {rights}\n")).unwrap();
        alice.reconnect(&server);
        alice.claim(second);
        let pass = alice.sync();
        assert!(pass.read_only, "{rights}");
        assert_eq!(alice.waiting(), second - 1);
    }
}

#[test]
fn a_bulk_of_ten_thousand_conversations_is_one_mail() {
    let Some(server) = Dovecot::start() else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    let on = (0..10_000).map(|n| Target::on(MessageId::new(&format!("m{n}@example.org")).unwrap())).collect();
    let _ = alice.store.commit(vec![NewOperation::new(Known::Assign { to: None }, on)]).unwrap();
    assert_eq!(alice.sync().appended, 2, "behind the key");
    assert_eq!(bob.sync().pulled, 2);
    assert_eq!(alice.order(), bob.order());
}

#[test]
fn large_mails_that_somebody_put_into_the_folder_stop_nobody() {
    let Some(server) = Dovecot::start() else { return };
    let (mut alice, mut bob) = (Client::new(&server, "alice"), Client::new(&server, "bob"));
    alice.claim(1);
    let _ = (alice.sync(), bob.sync());
    // One that is larger than any command's answer may be, and some that are so together.
    let folder = server.named("Postroom");
    let mut session = server.session(USER);
    for megabytes in [70, 30, 30, 30] {
        let mail = format!("Subject: film\r\n\r\n{}", "x\r\n".repeat(megabytes << 20).split_at(megabytes << 20).0);
        session.append(&folder, &[], None, mail.as_bytes()).unwrap();
    }
    bob.claim(2);
    let lost = bob.log.sync(&mut SessionFolder::new(&mut bob.session, &mut bob.name)).is_err();
    assert!(lost, "a client that is up to date asks for everything new at once");
    bob.session = server.session(USER);
    let _ = bob.sync();
    // A program that begins anew, and a newcomer.
    alice.reconnect(&server);
    let _ = alice.sync();
    let mut carol = Client::new(&server, "carol");
    assert_eq!(carol.sync().foreign, 4);
    assert_eq!((alice.order(), carol.order()), (bob.order(), bob.order()));
    assert_eq!(bob.order().len(), 2);
}

#[test]
fn keywords_mirror_the_states_where_the_account_asks_for_it() {
    let Some(server) = Dovecot::start() else { return };
    for n in 1..=2 {
        let _ =
            server.deliver(USER, "INBOX", &format!("From: c@example.org\nMessage-ID: <m{n}@example.org>\n\nHi {n}\n"));
    }
    let alice = Client::new(&server, "alice");
    let mut account = server.account(USER);
    let waker = Waker::new().unwrap();
    let _ = sync_once(&alice.store, &account, PASSWORD, &mut |_| {}, &waker).unwrap();
    let keywords = |uid: usize| -> Vec<String> {
        let mut session = server.session(USER);
        session.examine("INBOX").unwrap();
        let fetched = session.uid_fetch(&uid.to_string(), "(UID FLAGS)").unwrap().remove(0);
        let mut words: Vec<String> = fetched.flags.unwrap_or_default();
        words.retain(|word| !word.starts_with('\\'));
        words.sort();
        words
    };
    let run = |account: &ImapAccount| {
        let remotes = Remotes { stay: true, ..crate::support::syncing::remotes(&alice.store) };
        let mut connection = ImapConnection::over(server.session(USER), &remotes, account).unwrap();
        LogErrand::new(&alice.store, Arc::new(|_| {})).run(&mut connection).unwrap();
    };
    alice.claim(1);
    run(&account);
    assert_eq!(keywords(1), [""; 0], "it is off unless it is asked for");
    account.mirror_keywords = true;
    run(&account);
    assert_eq!((keywords(1), keywords(2)), (words("assigned open"), words("open")));
    // A close counts for the mail that was seen.
    let id = alice.store.conversation_of(&MessageId::new("m1@example.org").unwrap()).unwrap().unwrap();
    let target = alice.store.targets(&[id]).unwrap().remove(0).1;
    let _ = alice.store.commit(vec![NewOperation::new(Known::SetStatus { to: Status::Closed }, vec![target])]).unwrap();
    alice.act(Known::Tag { add: [Tag::new("billing").unwrap()].into(), remove: Default::default() }, 2);
    run(&account);
    assert_eq!(keywords(1), words("assigned closed"));
    assert_eq!(keywords(2), [words("open"), vec!["billing".to_owned()]].concat());
}

fn words(ours: &str) -> Vec<String> {
    ours.split(' ').map(|word| format!("$postroom-{word}")).collect()
}
