use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::folder::FolderError;
use super::super::model_folder::{Fault, ModelFolder, Server};
use super::*;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{AccountId, Handle, MessageId, Tag};
use crate::model::message::{Direction, FoldMessage, Origin};
use crate::model::status::Status;
use crate::op::fold::{State as Folded, fold};
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::{Author, NewOperation};
use crate::store::{Content, FolderRole, Incoming, StoreOptions};

const MESSAGES: usize = 4;

pub(in crate::sync::imap::log) struct Client {
    _dir: tempfile::TempDir,
    pub store: Store,
    pub folder: ModelFolder,
    pub log: ImapLog,
    pub clock: Clock,
}

fn settings() -> LogSettings {
    LogSettings { compact_after: 12, keep_days: Some(1), ..LogSettings::new(Address::new("", "support@shop.example")) }
}

pub(in crate::sync::imap::log) fn main() -> AccountId {
    AccountId::new("main").unwrap()
}

/// The mail of these records, which comes from this address and is signed with this key.
pub(in crate::sync::imap::log) fn log_mail(lines: &[String], from: &str, key: Option<&Key>) -> Vec<u8> {
    let from = Address::new("", from);
    let setting = Setting { from: &from, subject_of: &|_| None, names: Names::NONE, time: &say, key };
    codec::encode(&lines.iter().map(String::as_str).collect::<Vec<_>>(), &setting).unwrap()
}

/// A log with one claim on it, and the client that made it.
pub(in crate::sync::imap::log) fn one_claim() -> (Server, Client) {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    client.act(claim(1), 0, None);
    client.sync().unwrap();
    (server, client)
}

pub(in crate::sync::imap::log) fn message(n: usize) -> MessageId {
    MessageId::new(&format!("m{n}@shop.example")).unwrap()
}

impl Client {
    pub fn new(server: &Server, n: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
        let author = Author {
            actor: Handle::new(&format!("agent{n}")).unwrap(),
            host: "box".into(),
            clock: clock.clone(),
            ids: Ids::counted(n),
        };
        let options = StoreOptions { author, team: Team::default(), history_after: Timestamp::DAY };
        let store = Store::open(dir.path(), options).unwrap();
        let log = ImapLog::new(store.clone(), main(), settings()).unwrap();
        Self { _dir: dir, store, folder: ModelFolder::new(server), log, clock }
    }

    pub fn act(&self, op: Known, on: usize, expect: Option<Expect>) -> OpId {
        self.act_as(None, op, on, expect)
    }

    /// Acts with an id that others may give to something else.
    pub fn act_as(&self, id: Option<OpId>, op: Known, on: usize, expect: Option<Expect>) -> OpId {
        let target = Target { expect, ..Target::on(message(on)) };
        self.clock.advance(1000);
        let operation = NewOperation { id, ..NewOperation::new(op, vec![target]) };
        let made = self.store.commit(vec![operation]).unwrap().records;
        made.first().map(|record| record.id).or(id).unwrap()
    }

    /// Puts a mail into the store, so that there is a conversation.
    pub fn deliver(&self, n: usize) {
        self.deliver_saying(n, "Carol", "Lamp", "Hello");
    }

    /// Puts a mail that says this into the store.
    pub fn deliver_saying(&self, n: usize, from: &str, subject: &str, text: &str) {
        let folder = self.store.folder(&main(), "INBOX", FolderRole::Inbox).unwrap();
        let id = message(n);
        let raw = format!("From: {from} <c@example.org>\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n\r\n{text}\r\n");
        let mail = Incoming {
            uid: n as u32 + 1,
            flags: Vec::new(),
            arrived: self.clock.now(),
            size: raw.len() as u64,
            modseq: None,
            content: Content::Whole(raw.into_bytes()),
        };
        self.store.ingest(folder.id, vec![mail]).unwrap();
    }

    pub fn sync(&mut self) -> Result<LogPass, LogError> {
        self.log.sync(&mut self.folder)
    }

    pub fn compact(&mut self) {
        drop(self.log.compact(&mut self.folder).unwrap());
    }

    pub fn restart(&mut self) {
        self.log = ImapLog::new(self.store.clone(), main(), settings()).unwrap();
    }

    /// Every record in the order that this client folds them in.
    fn records(&self) -> Vec<Record> {
        let mut lines = Vec::new();
        let mut after = None;
        loop {
            let page = self.store.log_lines(&main(), after, 7).unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.place);
            lines.extend(page.into_iter().map(|line| line.json));
        }
        lines.extend(self.store.unpushed(100_000).unwrap().into_iter().map(|(_, json)| json));
        lines.iter().map(|json| Record::parse(json).unwrap()).collect()
    }

    pub fn states(&self) -> Vec<Folded> {
        let records = self.records();
        let refs: Vec<&Record> = records.iter().collect();
        (0..MESSAGES)
            .map(|n| {
                let mail = FoldMessage {
                    id: message(n),
                    direction: Direction::Inbound,
                    origin: Origin::Human,
                    arrived: Timestamp(0),
                    history: false,
                    gone: false,
                };
                fold(&[mail], &BTreeSet::new(), &refs)
            })
            .collect()
    }

    pub fn order(&self) -> Vec<OpId> {
        self.records().iter().map(|record| record.id).collect()
    }
}

pub(in crate::sync::imap::log) fn claim(n: u64) -> Known {
    Known::Assign { to: Handle::new(&format!("agent{n}")).ok() }
}

/// An id that several clients give.
fn shared(n: u8) -> OpId {
    OpId::derived("rule", &message(n.into()))
}

/// A mail of the log with this record.
fn mail(json: &str) -> Vec<u8> {
    let setting = Setting {
        from: &Address::new("", "support@shop.example"),
        subject_of: &|_| None,
        names: Names { subject: &|_| None, behind: &|_| Vec::new() },
        time: &say,
        key: None,
    };
    codec::encode(&[json], &setting).unwrap()
}

/// The mail of somebody who had not read that the id is taken.
fn strange(op: Known, on: usize, id: OpId) -> Vec<u8> {
    let author = Author {
        actor: Handle::new("stranger").unwrap(),
        host: "elsewhere".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)),
        ids: Ids::counted(99),
    };
    let operation = NewOperation::new(op, vec![Target::on(message(on))]).with_id(id);
    mail(&author.batch(0, None, vec![operation])[0].to_json())
}

fn settle(clients: &mut [Client]) {
    for client in clients.iter_mut() {
        client.folder.offline = false;
        client.folder.fault = Fault::None;
    }
    for _ in 0..4 {
        for client in clients.iter_mut() {
            client.sync().unwrap();
        }
    }
}

fn assert_agree(clients: &[Client]) {
    let records = clients[0].records();
    for client in clients {
        assert_eq!(client.store.unpushed(10).unwrap(), [], "all is pushed");
        assert_eq!(client.records(), records);
        assert_eq!(client.states(), clients[0].states());
    }
}

#[test]
fn the_first_claim_in_the_folder_has_it_on_both_sides() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    clients[0].act(claim(1), 0, Some(Expect::Nobody));
    clients[1].act(claim(2), 0, Some(Expect::Nobody));
    clients[1].sync().unwrap();
    settle(&mut clients);
    assert_agree(&clients);
    let state = clients[0].states().remove(0);
    assert_eq!(state.assignee.unwrap().as_str(), "agent2");
    assert_eq!(state.lost.len(), 1);
}

#[test]
fn of_two_contents_of_one_id_the_one_in_front_counts_on_both_sides_and_for_newcomers() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    settle(&mut clients);
    clients[0].act_as(Some(shared(0)), claim(1), 0, None);
    server.put(&strange(claim(3), 1, shared(0)));
    clients[1].sync().unwrap();
    settle(&mut clients);
    server.put(&strange(claim(4), 2, shared(0)));
    settle(&mut clients);
    let who = |client: &Client| {
        client.states().into_iter().map(|s| s.assignee.map(|who| who.to_string())).collect::<Vec<_>>()
    };
    for (expected, then_moved) in [("agent3", true), ("agent4", false)] {
        assert_agree(&clients);
        let on = usize::from(expected == "agent4") + 1;
        let mut all = vec![None; MESSAGES];
        all[on] = Some(expected.to_owned());
        assert_eq!(who(&clients[0]), all);
        let mut newcomer = Client::new(&server, 9);
        newcomer.sync().unwrap();
        assert_eq!(newcomer.records(), clients[0].records());
        if then_moved {
            // Two replicas are joined: the one in front goes behind.
            server.move_to_new_uid(0);
            settle(&mut clients);
        }
    }
}

#[test]
fn a_lost_answer_is_looked_up_before_anything_is_sent_again() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1)];
    clients[0].act(claim(1), 0, None);
    clients[0].sync().unwrap();
    clients[0].act(claim(2), 0, None);
    clients[0].folder.fault = Fault::After;
    assert!(matches!(clients[0].sync(), Err(LogError::Folder(FolderError::Lost(_)))));
    clients[0].restart();
    clients[0].sync().unwrap();
    assert_eq!(server.uids().len(), 3, "the key, and one for each");
    assert_agree(&clients);
}

#[test]
fn a_server_without_uidplus_is_read_back_by_the_records_id() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    clients[0].act(claim(1), 0, None);
    clients[0].folder.fault = Fault::NoUid;
    assert_eq!(clients[0].sync().unwrap().pushed, 1);
    settle(&mut clients);
    assert_agree(&clients);
}

#[test]
fn a_day_offline_is_one_mail() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    settle(&mut clients);
    clients[0].folder.offline = true;
    for n in 0..200 {
        clients[0].act(Known::SetStatus { to: Status::Waiting }, n % MESSAGES, None);
        assert!(clients[0].sync().is_err());
    }
    clients[0].folder.offline = false;
    let pass = clients[0].sync().unwrap();
    assert_eq!((pass.pushed, pass.appended), (200, 2), "behind the key");
    settle(&mut clients);
    assert_agree(&clients);
}

#[test]
fn a_deleted_folder_comes_back_from_the_copies() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    for n in 0..6 {
        clients[n % 2].act(claim(1), n % MESSAGES, None);
        settle(&mut clients);
    }
    let order = clients[0].order();
    server.delete_folder();
    settle(&mut clients);
    assert_eq!(clients[1].order(), order);
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order);
}

#[test]
fn a_lost_order_is_the_old_one_again_for_all_and_newcomers() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    for n in 0..9 {
        clients[n % 2].act(claim(n as u64 % 2), n % MESSAGES, Some(Expect::Nobody));
        clients[n % 2].sync().unwrap();
    }
    settle(&mut clients);
    let order = clients[0].order();
    server.lose_order(5);
    settle(&mut clients);
    assert_agree(&clients);
    assert_eq!(clients[0].order(), order);
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order);
}

#[test]
fn who_says_the_order_anew_keeps_to_what_older_snapshots_in_the_folder_say() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2), Client::new(&server, 3)];
    clients[1].sync().unwrap();
    clients[2].act(claim(3), 0, None);
    clients[2].sync().unwrap();
    clients[0].sync().unwrap();
    // In the new folder the second client's record stands in front, and the third client, who was away, has not read it.
    clients[1].act(claim(2), 0, None);
    server.delete_folder();
    clients[1].sync().unwrap();
    clients[0].sync().unwrap();
    server.lose_order(1);
    clients[2].sync().unwrap();
    let order = clients[2].order();
    server.lose_order(2);
    settle(&mut clients);
    assert_agree(&clients);
    assert_eq!(clients[0].order(), order);
    for no_search in [false, true] {
        let mut newcomer = Client::new(&server, 9);
        newcomer.folder.no_search = no_search;
        newcomer.sync().unwrap();
        assert_eq!(newcomer.order(), order);
    }
}

#[test]
fn a_claim_that_the_server_overturned_is_told() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    clients.iter().for_each(|client| client.deliver(0));
    clients[0].act(claim(1), 0, Some(Expect::Nobody));
    clients[0].sync().unwrap();
    clients[1].act(claim(2), 0, Some(Expect::Nobody));
    settle(&mut clients);
    server.move_to_new_uid(1);
    let pass = clients[0].sync().unwrap();
    let told: Vec<String> = pass.told().into_iter().map(|error| error.message()).collect();
    let words =
        "Your claim was overturned: agent2 has \"Lamp\", since the server put the log in another order".to_owned();
    assert_eq!(told, [words]);
    settle(&mut clients);
    assert_agree(&clients);
    assert_eq!(clients[0].sync().unwrap().told(), [], "once is enough");
}

/// Four clients, the last of which tells nothing but UIDs, with a log of six mails, of which the backup has two.
fn restored(server: &Server) -> Vec<Client> {
    let mut clients: Vec<Client> = (1..=4).map(|n| Client::new(server, n)).collect();
    clients[3].folder.bare = true;
    clients.iter().for_each(|client| (0..MESSAGES).for_each(|n| client.deliver(n)));
    settle(&mut clients);
    for client in &mut clients[..2] {
        client.act(Known::Assign { to: None }, 9, None);
        client.sync().unwrap();
    }
    settle(&mut clients);
    server.back_up();
    for (n, client) in clients.iter_mut().enumerate() {
        client.act(claim(n as u64 + 1), n, Some(Expect::Nobody));
        client.sync().unwrap();
    }
    settle(&mut clients);
    server.restore();
    clients
}

fn assignees(client: &Client) -> Vec<String> {
    client.states().into_iter().map(|state| state.assignee.unwrap().as_str().to_owned()).collect()
}

#[test]
fn what_a_restored_server_lost_of_the_log_is_pushed_again_in_its_order() {
    for offline in 0..4 {
        let server = Server::new();
        let mut clients = restored(&server);
        let order = clients[0].order();
        let away = clients.remove(offline);
        settle(&mut clients);
        assert_agree(&clients);
        let told: Vec<_> = clients.iter_mut().map(|client| client.sync().unwrap().told()).collect();
        assert!(told.iter().all(Vec::is_empty), "everybody has what they had: {told:?}");
        clients.push(away);
        settle(&mut clients);
        assert_agree(&clients);
        assert_eq!(clients[0].order(), order);
        assert_eq!(assignees(&clients[0]), ["agent1", "agent2", "agent3", "agent4"]);
    }
}

#[test]
fn a_claim_that_fell_with_a_restored_server_is_told_to_its_actor() {
    for more in [0, 3, 12] {
        for first in 0..4 {
            let server = Server::new();
            let mut clients = restored(&server);
            // Somebody who had not read the lost ones takes what agent 1 had, under the UID that agent 1's claim had.
            let mut dora = Client::new(&server, 5);
            dora.deliver(0);
            dora.act(claim(5), 0, Some(Expect::Nobody));
            for _ in 0..more {
                dora.act(Known::Assign { to: None }, 9, None);
                dora.sync().unwrap();
            }
            dora.sync().unwrap();
            clients.push(dora);
            clients.rotate_left(first);
            let mut told = Vec::new();
            for client in &mut clients {
                told.extend(client.sync().unwrap().told().into_iter().map(|error| error.message()));
            }
            settle(&mut clients);
            assert_agree(&clients);
            assert_eq!(assignees(&clients[0]), ["agent5", "agent2", "agent3", "agent4"], "{more} {first}");
            assert_eq!(told.len(), 1, "{more} {first}: {told:?}");
            assert!(told[0].contains("agent5 has \"Lamp\""), "{told:?}");
            let mut newcomer = Client::new(&server, 9);
            newcomer.sync().unwrap();
            assert_eq!(newcomer.order(), clients[0].order());
        }
    }
}

#[test]
fn a_claim_that_fell_is_told_though_the_pass_that_saw_it_broke_off() {
    let server = Server::new();
    let mut clients = restored(&server);
    let mut dora = Client::new(&server, 5);
    dora.act(claim(5), 0, Some(Expect::Nobody));
    dora.sync().unwrap();
    clients[1].sync().unwrap();
    clients[0].act(Known::Assign { to: None }, 9, None);
    clients[0].folder.fault = Fault::Before;
    assert!(clients[0].sync().is_err());
    clients[0].restart();
    let told = clients[0].sync().unwrap().told();
    assert!(told.len() == 1 && told[0].message().contains("agent5 has"), "{told:?}");
    assert_eq!(clients[0].sync().unwrap().told(), [], "once is enough");
}

#[test]
fn an_emptied_folder_is_filled_by_whoever_was_there_all_the_time() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    for n in 0..3 {
        clients[n % 2].act(claim(1), n, None);
        settle(&mut clients);
    }
    let order = clients[0].order();
    server.empty();
    clients[0].sync().unwrap();
    assert!(!server.uids().is_empty(), "within one pass");
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), order);
    settle(&mut clients);
    assert_agree(&clients);
    let mails = server.uids().len();
    settle(&mut clients);
    assert_eq!(server.uids().len(), mails, "and once is enough");
}

#[test]
fn many_mails_are_taken_in_by_few_transactions() {
    let server = Server::new();
    let mut writer = Client::new(&server, 1);
    let settings = LogSettings { compact_after: 1_000, ..settings() };
    writer.log = ImapLog::new(writer.store.clone(), main(), settings).unwrap();
    for _ in 0..40 {
        let note = |n: usize| Known::Note { text: format!("{n}"), mentions: Default::default() };
        let operations = (0..60).map(|n| NewOperation::new(note(n), vec![Target::on(message(n % MESSAGES))]));
        let _ = writer.store.commit(operations.collect()).unwrap();
        writer.sync().unwrap();
    }
    assert_eq!(server.uids().len(), 41, "the key, and forty of records");
    let mut newcomer = Client::new(&server, 2);
    let told = newcomer.store.subscribe();
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order().len(), 2_400);
    assert_eq!(told.try_iter().count(), 1);
}

#[test]
fn a_read_only_mailbox_is_said_so_and_keeps_the_work_here() {
    let server = Server::new();
    let mut client = Client::new(&server, 1);
    server.set_read_only(true);
    client.act(claim(1), 0, None);
    let pass = client.sync().unwrap();
    assert!(pass.read_only);
    let told = pass.told().remove(0);
    assert_eq!(told.message(), "the mailbox lets you read the team's log but not write to it");
    assert!(told.advice().contains("the right to insert"), "{}", told.advice());
    assert_eq!(client.store.unpushed(9).unwrap().len(), 1);
}

#[test]
fn a_long_log_is_compacted_and_old_mails_are_removed_later() {
    let server = Server::new();
    let mut clients = [Client::new(&server, 1), Client::new(&server, 2)];
    settle(&mut clients);
    for n in 0..20 {
        clients[0].act(claim(n), n as usize % MESSAGES, None);
        clients[0].sync().unwrap();
    }
    server.put(b"From: a@b\r\nSubject: [postroom] from a person\r\n\r\nHello\r\n");
    let mails = server.uids().len();
    clients[0].clock.advance(2 * Timestamp::DAY);
    clients[0].restart();
    clients[0].sync().unwrap();
    assert!(server.uids().len() < mails, "{:?}", server.uids());
    assert!(server.uids().contains(&(mails as u32)), "the person's mail stays");
    settle(&mut clients);
    assert_agree(&clients);
    let mut newcomer = Client::new(&server, 3);
    newcomer.sync().unwrap();
    assert_eq!(newcomer.order(), clients[0].order());
    assert!(newcomer.store.unpushed(9).unwrap().is_empty());
}

#[derive(Clone, Debug)]
enum Step {
    Act(usize, usize, u8),
    Sync(usize),
    Offline(usize, bool),
    Fault(usize, u8),
    Restart(usize),
    Duplicate(usize),
    Strange(usize, u8),
    Junk,
    LoseOrder(u64),
    DeleteFolder,
    DeleteMail(usize),
    MoveUid(usize),
    Empty,
    BackUp,
    Restore,
    Rotate(usize),
    Unsigned(usize),
    Redelivered(usize),
    Stranger(u64),
}

fn step(clients: usize) -> impl Strategy<Value = Step> {
    let who = 0..clients;
    prop_oneof![
        8 => (who.clone(), 0..MESSAGES, any::<u8>()).prop_map(|(c, m, k)| Step::Act(c, m, k)),
        8 => who.clone().prop_map(Step::Sync),
        2 => (who.clone(), any::<bool>()).prop_map(|(c, on)| Step::Offline(c, on)),
        2 => (who.clone(), 0u8..3).prop_map(|(c, k)| Step::Fault(c, k)),
        1 => who.clone().prop_map(Step::Restart),
        1 => who.clone().prop_map(Step::Rotate),
        1 => who.prop_map(Step::Unsigned),
        1 => (0usize..50).prop_map(Step::Redelivered),
        1 => any::<u64>().prop_map(Step::Stranger),
        1 => (0usize..50).prop_map(Step::Duplicate),
        2 => (0..MESSAGES, any::<u8>()).prop_map(|(m, k)| Step::Strange(m, k)),
        1 => Just(Step::Junk),
        1 => any::<u64>().prop_map(Step::LoseOrder),
        1 => Just(Step::DeleteFolder),
        1 => (0usize..50).prop_map(Step::DeleteMail),
        1 => (0usize..50).prop_map(Step::MoveUid),
        1 => Just(Step::Empty),
        1 => Just(Step::BackUp),
        2 => Just(Step::Restore),
    ]
}

fn operation(kind: u8, client: usize) -> (Known, Option<Expect>) {
    let tag = |n: u8| Tag::new(&format!("t{}", n % 3)).into_iter().collect();
    match kind % 5 {
        0 | 1 => (claim(client as u64 + 1), Some(Expect::Nobody)),
        2 => (Known::Assign { to: None }, None),
        3 => (Known::Tag { add: tag(kind / 5), remove: tag(kind / 7) }, None),
        _ => (Known::Note { text: format!("note {kind} …"), mentions: BTreeSet::new() }, None),
    }
}

/// What a server writes on top of a mail that it delivers.
const DELIVERED: &str = "Return-Path: <eve@evil.example>\r\nReceived: from evil.example\r\n";

/// A mail with a record that counts for nobody.
fn stranger(seed: u64) -> Vec<u8> {
    let id = uuid::Uuid::from_u64_pair(seed, seed | 1);
    let record = serde_json::json!({
        "v": 1, "id": id, "actor": "agent1", "host": "h", "at": 0, "lamport": 1, "on": [{"on": message(0)}],
        "op": {"kind": "assign", "to": "eve"},
    });
    let text =
        crate::sync::imap::log::payload::write(crate::sync::imap::log::payload::Kind::Log, &[&record.to_string()]);
    format!("{DELIVERED}Subject: hi\r\n\r\n{text}").into_bytes()
}

fn run(clients: &mut [Client], server: &Server, step: &Step, made: &mut BTreeSet<OpId>) {
    match *step {
        Step::Act(c, m, k) => {
            let (op, expect) = operation(k, c);
            let given = (k % 4 == 0).then(|| shared(k / 4 % 3));
            made.insert(clients[c].act_as(given, op, m, expect));
        }
        Step::Sync(c) => drop(clients[c].sync()),
        Step::Offline(c, on) => clients[c].folder.offline = on,
        Step::Fault(c, k) => clients[c].folder.fault = [Fault::Before, Fault::After, Fault::NoUid][k as usize % 3],
        Step::Restart(c) => clients[c].restart(),
        Step::Duplicate(n) => server.duplicate(n),
        Step::Strange(m, k) if server.is_there() => drop(server.put(&strange(operation(k, 7).0, m, shared(k / 4 % 3)))),
        Step::Strange(..) => {}
        Step::Junk => drop(server.put(b"Subject: hi\r\n\r\nhello")),
        Step::LoseOrder(seed) => server.lose_order(seed),
        Step::DeleteFolder => server.delete_folder(),
        Step::DeleteMail(n) => server.delete_mail(n),
        Step::MoveUid(n) => server.move_to_new_uid(n),
        Step::Empty => server.empty(),
        Step::BackUp => server.back_up(),
        Step::Restore => server.restore(),
        Step::Rotate(c) => {
            let Client { log, folder, .. } = &mut clients[c];
            drop(log.rotate(folder));
        }
        Step::Unsigned(c) => {
            // As an older version writes it: its answer is lost.
            let waiting = clients[c].store.unpushed_of(&main(), 100).unwrap();
            if let Some(raw) = clients[c].log.mail_of(&waiting, None) {
                server.put(&raw);
            }
        }
        Step::Redelivered(n) => server.redeliver_one(n, DELIVERED),
        Step::Stranger(seed) => drop(server.put(&stranger(seed))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_agree_whatever_happens_to_them_and_the_server(
        steps in prop::collection::vec(step(3), 1..60),
        strange in any::<bool>(),
    ) {
        let server = Server::new();
        let mut clients: Vec<Client> = (1..=3).map(|n| Client::new(&server, n)).collect();
        // Who is told neither UIDNEXT nor HIGHESTMODSEQ takes a folder that was restored for one that was emptied, until its UIDs name
        // other mails, and holds what it had read. After a second restore nothing may be left that bears witness of what it had, and it
        // reads no further; RFC 3501 section 6.3.1 has servers tell UIDNEXT, and no server is known that tells neither.
        let restores = steps.iter().filter(|step| matches!(step, Step::Restore)).count();
        clients[2].folder.bare = !strange && restores < 2;
        let mut made = BTreeSet::new();
        for step in steps.iter().filter(|step| strange || !matches!(step, Step::Strange(..))) {
            run(&mut clients, &server, step, &mut made);
        }
        for client in &mut clients {
            client.restart();
        }
        settle(&mut clients);
        assert_agree(&clients);
        let order = clients[0].order();
        let there = order.iter().copied().collect::<BTreeSet<_>>();
        let strange: BTreeSet<OpId> = (0..3).map(shared).collect();
        prop_assert!(made.is_subset(&there), "nothing is lost");
        prop_assert!(there.difference(&made).all(|id| strange.contains(id)), "nothing comes from nowhere");
        prop_assert_eq!(order.len(), order.iter().collect::<BTreeSet<_>>().len(), "nothing counts twice");
        let mut newcomer = Client::new(&server, 9);
        newcomer.folder.no_search = steps.len() % 2 == 0;
        newcomer.sync().unwrap();
        prop_assert_eq!(newcomer.records(), clients[0].records());
    }
}
