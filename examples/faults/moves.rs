//! Clients are killed while they move mail on a real Dovecot, and colleagues move the same conversations back and on: in the end each mail
//! stands once on the server.
//!
//! With MOVE and without it, where a move is a copy and a removal, two work at once, of whom one or the other is killed. Without it also one
//! after the other: one is killed, and the other works before the first is back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use postroom::config::Security;
use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::Clock;
use postroom::model::ids::{InboxId, MessageId};
use postroom::op::operation::{Known, Target};
use postroom::op::record::{Author, NewOperation};
use postroom::store::Store;
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::imap::mover::move_due;
use postroom::sync::imap::{ImapAccount, Session, Waker, pass};

use super::support::desk;
use super::support::servers::dovecot::{self, Dovecot, PASSWORD};
use super::{Plan, Tally, process};

const USER: &str = "team";
/// Folders, and the inboxes whose they are.
const FOLDERS: [(&str, &str); 3] = [("support", "INBOX"), ("returns", "Returns"), ("press", "Press")];
/// Conversations of one mail each.
const MAILS: usize = 12;
/// In milliseconds.
const HOUR: i64 = 3_600_000;
const EVER: postroom::model::clock::Timestamp = postroom::model::clock::Timestamp(i64::MAX);

fn id(n: usize) -> MessageId {
    MessageId::new(&format!("m{n}@moves.example")).unwrap()
}

fn open(dir: &Path, agent: &str) -> Store {
    open_at(dir, desk::author(agent))
}

fn open_at(dir: &Path, author: Author) -> Store {
    let inboxes = FOLDERS.map(|(name, folder)| Inbox {
        id: InboxId::new(name).unwrap(),
        account: desk::account(),
        address: Address::new("", format!("{name}@example.com")),
        aliases: Vec::new(),
        folder: (folder != "INBOX").then(|| folder.to_owned()),
        language: None,
    });
    desk::open(dir, author, Team { inboxes: inboxes.into(), ..Team::default() })
}

fn account(imap: u16) -> ImapAccount {
    let endpoint = postroom::config::Endpoint {
        host: "127.0.0.1".into(),
        port: imap,
        security: Security::Plain,
        user: USER.into(),
        secret: postroom::config::Secret::Clear(PASSWORD.into()),
        auth: postroom::config::Auth::Password,
        ca_file: None,
        timeout: 20,
    };
    let mut account = dovecot::account(endpoint);
    account.folders = vec!["Returns".into(), "Press".into()];
    account
}

fn sync(store: &Store, account: &ImapAccount) {
    let mut session = Session::open(&account.imap, PASSWORD, &Waker::new().unwrap()).unwrap();
    sync_log_once(store, account, &mut session).unwrap();
    pass(store, &mut session, account, &mut |_| {}).unwrap();
    move_due(store, &desk::account(), &mut session, EVER).unwrap();
    session.logout();
}

fn move_one(store: &Store, random: &mut fastrand::Rng) {
    let (n, inbox) = (random.usize(0..MAILS), FOLDERS[random.usize(0..3)].0);
    let op = Known::Move { inbox: InboxId::new(inbox).unwrap(), from: None };
    let _ = store.commit(vec![NewOperation::new(op, vec![Target::on(id(n))])]).unwrap();
}

/// Moves mail until it is killed.
pub fn child(arguments: &[String]) {
    let store = open(Path::new(&arguments[0]), &arguments[1]);
    let account = account(arguments[2].parse().unwrap());
    let mut random = fastrand::Rng::with_seed(arguments[3].parse().unwrap());
    loop {
        (0..3).for_each(|_| move_one(&store, &mut random));
        sync(&store, &account);
    }
}

pub fn run(plan: &Plan) -> Option<Tally> {
    let mut tally = Tally::default();
    let third = plan.runs.div_ceil(3);
    together(&Dovecot::start()?, third, plan.seed, &mut tally);
    together(&Dovecot::without(&["MOVE"])?, third, plan.seed, &mut tally);
    in_turn(&Dovecot::without(&["MOVE"])?, plan.runs.saturating_sub(2 * third), plan.seed, &mut tally);
    Some(tally)
}

fn prepare(server: &Dovecot) {
    let mut session = server.session(USER);
    for folder in ["Returns", "Press"] {
        session.create(folder).unwrap();
    }
    session.logout();
    for n in 0..MAILS {
        let mail = format!(
            "From: ann{n}@x.example\nTo: support@example.com\nSubject: Parcel {n}\nMessage-ID: <{}>\n\nIt is number {n}.\n",
            id(n)
        );
        server.deliver(USER, "INBOX", &mail);
    }
}

/// Two who work at once, of whom one or the other is killed.
fn together(server: &Dovecot, kills: usize, seed: u64, tally: &mut Tally) {
    prepare(server);
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let agents = ["alice", "bob"];
    let folder = |agent: &str| dir.path().join(agent);
    let account = account(server.imap);
    agents.iter().for_each(|agent| sync(&open(&folder(agent), agent), &account));
    let begin = |agent: &str, seed: u64| {
        process("moves", &[folder(agent).to_str().unwrap(), agent, &server.imap.to_string(), &seed.to_string()])
    };
    let mut children = agents.map(|agent| begin(agent, random.u64(..)));
    for kill in 0..kills {
        std::thread::park_timeout(Duration::from_millis(random.u64(50..400)));
        let n = kill % 2;
        let _ = children[n].kill();
        children[n].wait().unwrap();
        children[n] = begin(agents[n], random.u64(..));
        tally.faults += 1;
    }
    for child in &mut children {
        let _ = child.kill();
        child.wait().unwrap();
    }
    tally.runs += kills;
    settle(server, agents.map(|agent| (folder(agent), agent)), &account, tally);
}

/// One is killed, then the other moves the same conversations, then the first comes back.
fn in_turn(server: &Dovecot, kills: usize, seed: u64, tally: &mut Tally) {
    prepare(server);
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let agents = ["alice", "bob"];
    let folder = |agent: &str| dir.path().join(agent);
    let account = account(server.imap);
    agents.iter().for_each(|agent| sync(&open(&folder(agent), agent), &account));
    for kill in 0..kills {
        let (first, second) = (agents[kill % 2], agents[(kill + 1) % 2]);
        let seed = random.u64(..);
        let mut child =
            process("moves", &[folder(first).to_str().unwrap(), first, &server.imap.to_string(), &seed.to_string()]);
        std::thread::park_timeout(Duration::from_millis(random.u64(20..300)));
        let _ = child.kill();
        child.wait().unwrap();
        tally.faults += 1;
        let colleague = open(&folder(second), second);
        sync(&colleague, &account);
        (0..4).for_each(|_| move_one(&colleague, &mut random));
        sync(&colleague, &account);
        sync(&open(&folder(first), first), &account);
    }
    tally.runs += kills;
    settle(server, agents.map(|agent| (folder(agent), agent)), &account, tally);
}

/// Lets both come to rest, and compares what they say with each other and with the server.
fn settle(server: &Dovecot, of: [(PathBuf, &str); 2], account: &ImapAccount, tally: &mut Tally) {
    let clock = Clock::fixed(Clock::System.now());
    let stores = of.map(|(dir, agent)| open_at(&dir, Author { clock: clock.clone(), ..desk::author(agent) }));
    for _ in 0..5 {
        // Nobody waits any more for one that was killed.
        clock.advance(HOUR);
        stores.iter().for_each(|store| sync(store, account));
    }
    for store in &stores {
        let waiting = store.mail_moves(&desk::account(), EVER, usize::MAX).unwrap();
        tally.wrong.extend(waiting.iter().map(|mail| format!("{} still waits to be moved", mail.message)));
    }
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut session = server.session(USER);
    for (_, folder) in FOLDERS {
        session.examine(folder).unwrap();
        for n in 0..MAILS {
            let found = session.search_message_id(id(n).as_str()).unwrap();
            places.entry(id(n).to_string()).or_default().extend(found.iter().map(|_| folder));
        }
    }
    for (mail, folders) in &places {
        match folders.as_slice() {
            [_] => {}
            [] => tally.lost += 1,
            several => {
                tally.doubled += several.len() - 1;
                println!("  {mail} stands in {several:?}");
            }
        }
    }
    for n in 0..MAILS {
        let inbox = |store: &Store| {
            let conversation = store.conversation_of(&id(n)).unwrap().unwrap();
            store.rows(&[conversation]).unwrap().remove(0).inbox.to_string()
        };
        let said = [inbox(&stores[0]), inbox(&stores[1])];
        if said[0] != said[1] {
            tally.wrong.push(format!("{}: {said:?}", id(n)));
        }
    }
    stores.iter().for_each(|store| tally.wrong.extend(store.check().unwrap()));
}
