//! Two accounts, each with a folder that misbehaves: what happens to one log is no matter of the other's.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::model_folder::{Fault, ModelFolder, Server};
use super::*;
use crate::model::agent::{Inbox, Team};
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{Handle, InboxId, MessageId, Tag};
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::{Author, NewOperation};
use crate::store::{Content, FolderRole, Incoming, StoreOptions};

const NAMES: [&str; 2] = ["support", "sales"];

/// One account of a client.
struct Side {
    /// Which of the two.
    which: usize,
    account: AccountId,
    folder: ModelFolder,
    log: ImapLog,
}

struct Client {
    _dir: tempfile::TempDir,
    store: Store,
    sides: Vec<Side>,
}

fn settings() -> LogSettings {
    LogSettings { compact_after: 8, keep_days: Some(1), ..LogSettings::new(Address::new("", "team@shop.example")) }
}

/// The even ones are mails of support, the odd ones of sales.
fn message(n: usize) -> MessageId {
    MessageId::new(&format!("{}{n}@shop.example", NAMES[n % 2])).unwrap()
}

impl Client {
    fn new(servers: &[Server; 2], n: u64, accounts: &[usize]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let author = Author {
            actor: Handle::new(&format!("agent{n}")).unwrap(),
            host: "box".into(),
            clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)),
            ids: Ids::counted(n),
        };
        // Each client calls the accounts as it likes.
        let account = |which: usize| AccountId::new(&format!("account-{}", (which as u64 + n) % 7)).unwrap();
        let inboxes = accounts.iter().map(|which| Inbox {
            id: InboxId::new(NAMES[*which]).unwrap(),
            account: account(*which),
            address: Address::new("", format!("{}@shop.example", NAMES[*which])),
            aliases: Vec::new(),
            folder: None,
            language: None,
        });
        let team = Team { agents: Vec::new(), inboxes: inboxes.collect(), ..Team::default() };
        let store = Store::open(dir.path(), StoreOptions { author, team, history_after: Timestamp::DAY }).unwrap();
        let sides = accounts
            .iter()
            .map(|which| Side {
                which: *which,
                account: account(*which),
                folder: ModelFolder::new(&servers[*which]),
                log: ImapLog::new(store.clone(), account(*which), settings()).unwrap(),
            })
            .collect();
        let client = Self { _dir: dir, store, sides };
        client.sides.iter().for_each(|side| client.deliver(side));
        client
    }

    fn deliver(&self, side: &Side) {
        let folder = self.store.folder(&side.account, "INBOX", FolderRole::Inbox).unwrap();
        let mails = (side.which..4).step_by(2).map(|n| {
            let (id, to) = (message(n), NAMES[side.which]);
            let raw = format!(
                "From: C{n} <c{n}@example.org>\r\nTo: {to}@shop.example\r\nSubject: Lamp {n}\r\nMessage-ID: <{id}>\r\n\r\nHello\r\n"
            );
            Incoming {
                uid: n as u32 + 1,
                flags: Vec::new(),
                arrived: Timestamp::from_seconds(1_799_999_000),
                size: raw.len() as u64,
                modseq: None,
                content: Content::Whole(raw.into_bytes()),
            }
        });
        self.store.ingest(folder.id, mails.collect()).unwrap();
    }

    fn act(&self, kind: u8, on: usize) {
        let tag: BTreeSet<Tag> = Tag::new(&format!("t{}", kind % 3)).into_iter().collect();
        let (op, expect) = match kind % 4 {
            0 => (Known::Assign { to: Some(self.store.author().actor.clone()) }, Some(Expect::Nobody)),
            1 => (Known::Assign { to: None }, None),
            2 => (Known::Tag { add: tag, remove: BTreeSet::new() }, None),
            _ => (Known::Tag { add: BTreeSet::new(), remove: tag }, None),
        };
        // What a client does not have it can't act on; a bulk lies in both accounts.
        let has = |n: &usize| self.sides.iter().any(|side| side.which == n % 2);
        let wanted = if kind > 128 { vec![on, (on + 1) % 4] } else { vec![on] };
        let on: Vec<Target> = wanted
            .iter()
            .filter(|n| has(n))
            .map(|n| Target { expect: expect.clone(), ..Target::on(message(*n)) })
            .collect();
        // Some ids are given by several clients, for other things: one for each account, or for a bulk that lies in both.
        let which = match wanted.as_slice() {
            [one] => Some(one % 2),
            _ => Some(2).filter(|_| on.len() == wanted.len()),
        };
        let id = which
            .filter(|_| kind.is_multiple_of(5))
            .map(|which| OpId::derived("rule", &message(which + usize::from(kind % 3) * 3)));
        if !on.is_empty() {
            let _ = self.store.commit(vec![NewOperation { id, ..NewOperation::new(op, on) }]).unwrap();
        }
    }

    fn sync(&mut self, which: usize) -> Result<LogPass, LogError> {
        match self.sides.iter_mut().find(|side| side.which == which) {
            Some(side) => side.log.sync(&mut side.folder),
            None => Ok(LogPass::default()),
        }
    }

    fn restart(&mut self) {
        for side in &mut self.sides {
            side.folder.offline = false;
            side.folder.fault = Fault::None;
            side.log = ImapLog::new(self.store.clone(), side.account.clone(), settings()).unwrap();
        }
    }

    /// The records of a log, in its order.
    fn order(&self, which: usize) -> Option<Vec<Record>> {
        let side = self.sides.iter().find(|side| side.which == which)?;
        let lines = self.store.log_lines(&side.account, None, 100_000).unwrap();
        Some(lines.iter().map(|line| Record::parse(&line.json).unwrap()).collect())
    }

    /// What the screen shows of a mail, where it is here.
    fn shown(&self, n: usize) -> Option<(Option<Handle>, Vec<Tag>)> {
        let id = self.store.conversation_of(&message(n)).unwrap()?;
        let row = self.store.rows(&[id]).unwrap().remove(0);
        Some((row.assignee, row.tags))
    }
}

fn settle(clients: &mut [Client]) {
    clients.iter_mut().for_each(Client::restart);
    for _ in 0..4 {
        for client in clients.iter_mut() {
            for which in 0..2 {
                client.sync(which).unwrap();
            }
        }
    }
}

fn assert_agree(clients: &[Client]) {
    for client in clients {
        assert_eq!(client.store.unpushed(10).unwrap(), [], "all is pushed");
        assert_eq!(client.store.check().unwrap(), Vec::<String>::new());
    }
    for (which, name) in NAMES.into_iter().enumerate() {
        let orders: Vec<_> = clients.iter().filter_map(|client| client.order(which)).collect();
        assert!(orders.windows(2).all(|two| two[0] == two[1]), "{name}");
        for record in orders.iter().flatten() {
            assert!(record.on.iter().all(|on| on.on.as_str().starts_with(name)), "{record:?}");
        }
    }
    for n in 0..4 {
        let shown: Vec<_> = clients.iter().filter_map(|client| client.shown(n)).collect();
        assert!(shown.windows(2).all(|two| two[0] == two[1]), "{n}: {shown:?}");
    }
}

#[test]
fn a_folder_that_was_deleted_comes_back_without_what_the_other_account_holds() {
    let servers = [Server::new(), Server::new()];
    let mut clients = [Client::new(&servers, 1, &[0, 1]), Client::new(&servers, 2, &[0, 1])];
    for n in 0..12 {
        clients[n % 2].act(n as u8 * 21, n % 4);
        settle(&mut clients);
    }
    let before: Vec<_> = (0..2).map(|which| clients[0].order(which)).collect();
    assert!(before.iter().flatten().all(|order| order.len() > 3));
    servers[1].delete_folder();
    settle(&mut clients);
    assert_agree(&clients);
    let newcomer = &mut [Client::new(&servers, 3, &[1])];
    settle(newcomer);
    assert_eq!((newcomer[0].order(0), newcomer[0].order(1)), (None, before[1].clone()));
    assert_eq!(clients[0].order(0), before[0]);
}

#[test]
fn a_pass_says_which_account_it_was_of_where_there_are_several() {
    let servers = [Server::new(), Server::new()];
    let (mut both, mut one) = (Client::new(&servers, 0, &[0, 1]), Client::new(&servers, 0, &[1]));
    servers[1].set_read_only(true);
    both.act(0, 1);
    one.act(0, 1);
    let told = |pass: LogPass| pass.told().remove(0).message();
    assert_eq!(
        told(both.sync(1).unwrap()),
        "the mailbox of account-1 lets you read the team's log but not write to it"
    );
    assert_eq!(told(one.sync(1).unwrap()), "the mailbox lets you read the team's log but not write to it");
    assert_eq!(both.sync(0).unwrap().told(), []);
}

#[derive(Clone, Debug)]
enum Step {
    Act(usize, u8, usize),
    Undo(usize),
    Sync(usize, usize),
    Fault(usize, u8),
    Restart(usize),
    Duplicate(usize, usize),
    LoseOrder(usize, u64),
    DeleteFolder(usize),
    DeleteMail(usize, usize),
    MoveUid(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (who, which) = (0..4usize, 0..2usize);
    prop_oneof![
        8 => (who.clone(), any::<u8>(), 0..4usize).prop_map(|(c, k, n)| Step::Act(c, k, n)),
        2 => who.clone().prop_map(Step::Undo),
        8 => (who.clone(), which.clone()).prop_map(|(c, w)| Step::Sync(c, w)),
        2 => (who.clone(), 0..3u8).prop_map(|(c, k)| Step::Fault(c, k)),
        1 => who.prop_map(Step::Restart),
        1 => (which.clone(), 0..50usize).prop_map(|(w, n)| Step::Duplicate(w, n)),
        1 => (which.clone(), any::<u64>()).prop_map(|(w, seed)| Step::LoseOrder(w, seed)),
        1 => which.clone().prop_map(Step::DeleteFolder),
        1 => (which.clone(), 0..50usize).prop_map(|(w, n)| Step::DeleteMail(w, n)),
        1 => (which, 0..50usize).prop_map(|(w, n)| Step::MoveUid(w, n)),
    ]
}

fn run(clients: &mut [Client], servers: &[Server; 2], step: &Step) {
    match *step {
        Step::Act(c, kind, n) => clients[c].act(kind, n),
        Step::Undo(c) => drop(clients[c].store.undo().unwrap()),
        Step::Sync(c, w) => drop(clients[c].sync(w)),
        Step::Fault(c, k) => {
            clients[c].sides[0].folder.fault = [Fault::Before, Fault::After, Fault::NoUid][k as usize % 3];
        }
        Step::Restart(c) => clients[c].restart(),
        Step::Duplicate(w, n) => servers[w].duplicate(n),
        Step::LoseOrder(w, seed) => servers[w].lose_order(seed),
        Step::DeleteFolder(w) => servers[w].delete_folder(),
        Step::DeleteMail(w, n) => servers[w].delete_mail(n),
        Step::MoveUid(w, n) => servers[w].move_to_new_uid(n),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_of_both_accounts_and_of_one_agree_whatever_happens_to_the_folders(steps in prop::collection::vec(step(), 1..50)) {
        let servers = [Server::new(), Server::new()];
        let mut clients = [
            Client::new(&servers, 1, &[0, 1]),
            Client::new(&servers, 2, &[1, 0]),
            Client::new(&servers, 3, &[0]),
            Client::new(&servers, 4, &[1]),
        ];
        for step in &steps {
            run(&mut clients, &servers, step);
        }
        settle(&mut clients);
        assert_agree(&clients);
        let newcomer = &mut [Client::new(&servers, 9, &[1, 0])];
        settle(newcomer);
        for which in 0..2 {
            prop_assert_eq!(newcomer[0].order(which), clients[0].order(which));
        }
    }
}
