//! Sends replies while everything breaks, and counts what arrives.
//!
//! Each run queues one reply and lets a process of its own send it, while one thing goes wrong: the SMTP server cuts, stalls, says no or
//! has the process killed (SIGKILL) at one of its steps; the IMAP connection is cut before, in or after APPEND; or the process is killed
//! at a random moment. Then the outbox is worked on undisturbed. Each reply must have arrived exactly once, with one copy in Sent and one
//! `replied` record, or stand uncertain and have arrived at most once.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use postroom::config::{Auth, Endpoint, Secret, Security};
use postroom::model::address::Address;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, ConversationId, InboxId, MessageId};
use postroom::model::reply::{Draft, OutState};
use postroom::op::record::Author;
use postroom::service::compose::prepare;
use postroom::store::{FolderRole, Store};
use postroom::sync::imap::{ImapAccount, ImapConnection};
use postroom::sync::imap::{Session, Waker};
use postroom::sync::outbox::{self, Others};
use postroom::sync::{Configured, Remotes};

use super::support::desk;
use super::support::servers::dovecot::{self, Dovecot};
use super::support::servers::smtp::{At, How, PASSWORD, SmtpServer};
use super::{Plan, Tally, process};

/// Runs at a time.
const WORKERS: u64 = 4;
const QUESTION: &str = "Message-ID: <q1@c.example>\r\nFrom: carla@c.example\r\nTo: support@shop.example\r\nSubject: Refund\r\n\r\nWhere?\r\n";

fn open(dir: &Path, now: i64) -> Store {
    let clock = Clock::fixed(Timestamp(now));
    desk::open(dir, Author { clock, ids: Ids::default(), ..desk::author("alice") }, desk::team("support@shop.example"))
}

fn endpoint(port: u16, user: &str) -> Endpoint {
    Endpoint {
        host: "127.0.0.1".into(),
        port,
        security: Security::Plain,
        user: user.into(),
        secret: Secret::Clear(PASSWORD.into()),
        auth: Auth::Password,
        ca_file: None,
        timeout: 1,
    }
}

fn account(imap: u16, smtp: u16, user: &str) -> ImapAccount {
    let mut account = dovecot::account(endpoint(imap, user));
    account.smtp = Some(endpoint(smtp, "support"));
    account
}

/// The process that sends, and is killed.
pub fn child(arguments: &[String]) {
    let port = |n: usize| arguments[n].parse().unwrap();
    let store = open(Path::new(&arguments[0]), arguments[3].parse().unwrap());
    drain(&store, &account(port(1), port(2), &arguments[4]));
}

fn drain(store: &Store, account: &ImapAccount) {
    let secrets = Arc::new(Configured { prompt: |_: &AccountId, _: &Endpoint| None, grants: None });
    let remotes = Remotes { store: store.clone(), secrets, stay: false };
    let Ok(session) = Session::open(&account.imap, PASSWORD, &Waker::new().unwrap()) else { return };
    let mut connection = ImapConnection::over(session, &remotes, account).unwrap();
    let others = Others { accounts: Vec::new(), remotes };
    // What was cut is tried again; what came of it is looked at in the end.
    let _ = outbox::drain_over(store, &account.into(), &others, &mut connection);
}

/// What the proxy before Dovecot does when an APPEND passes.
#[derive(Clone, Copy, Debug)]
enum Append {
    CutBefore,
    CutAfter,
    Stall,
    /// The process is killed when the command passes.
    Kill,
    /// The process is killed when the answer has passed: the copy is filed, and nobody has written that down.
    KillAnswered,
}

/// What is to go wrong with an APPEND, and the process that works.
#[derive(Default)]
struct Fault {
    append: Mutex<Option<Append>>,
    victim: AtomicU32,
}

impl Fault {
    fn kill(&self) {
        let pid = i32::try_from(self.victim.load(Ordering::SeqCst)).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    }
}

/// Passes connections on to Dovecot, and breaks them when told to.
fn proxy(to: u16) -> (u16, Arc<Fault>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let fault: Arc<Fault> = Arc::default();
    let shared = Arc::clone(&fault);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", to)).unwrap());
            let (back_from, back_to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            let fault = Arc::clone(&shared);
            std::thread::spawn(move || pump_back(back_from, back_to, &fault));
            let fault = Arc::clone(&shared);
            std::thread::spawn(move || pump(client, server, &fault));
        }
    });
    (port, fault)
}

fn pump_back(mut from: TcpStream, mut to: TcpStream, fault: &Fault) {
    let mut buffer = vec![0; 65536];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..n]).is_err() {
            break;
        }
        let mut append = fault.append.lock().unwrap();
        if buffer[..n].windows(9).any(|w| w == b"APPENDUID") && matches!(*append, Some(Append::KillAnswered)) {
            *append = None;
            fault.kill();
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

fn pump(mut from: TcpStream, mut to: TcpStream, fault: &Fault) {
    let mut buffer = vec![0; 65536];
    while let Ok(n) = from.read(&mut buffer) {
        if n == 0 {
            break;
        }
        let bytes = &buffer[..n];
        let mut armed = fault.append.lock().unwrap();
        let meets = bytes.windows(7).any(|w| w == b"APPEND ") && !matches!(*armed, Some(Append::KillAnswered));
        let met = if meets { armed.take() } else { None };
        drop(armed);
        match met {
            Some(Append::Kill) => {
                fault.kill();
                break;
            }
            Some(Append::CutBefore) => break,
            Some(Append::Stall) => {
                let _ = from.read_to_end(&mut Vec::new());
                break;
            }
            Some(Append::CutAfter) => {
                let _ = to.write_all(bytes);
                // The client's side ends now; what it had sent is still Dovecot's to store.
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Write);
                return;
            }
            None | Some(Append::KillAnswered) if to.write_all(bytes).is_err() => break,
            None | Some(Append::KillAnswered) => {}
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

/// Lets workers make the runs, each with mailboxes, servers and a store of its own: most of a run is waiting.
pub fn run(plan: &Plan) -> Option<Tally> {
    let dovecot = &Dovecot::start()?;
    let next = AtomicU64::new(0);
    let take: &(dyn Fn() -> Option<u64> + Sync) =
        &|| Some(next.fetch_add(1, Ordering::SeqCst)).filter(|n| *n < plan.runs as u64);
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|n| scope.spawn(move || work(dovecot, n, plan.seed, take))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    });
    let mut sum = Tally::default();
    for tally in tallies {
        sum.runs += tally.runs;
        sum.faults += tally.faults;
        sum.lost += tally.lost;
        sum.doubled += tally.doubled;
        sum.wrong.extend(tally.wrong);
    }
    Some(sum)
}

fn work(dovecot: &Dovecot, worker: u64, seed: u64, take: &(dyn Fn() -> Option<u64> + Sync)) -> Tally {
    let (us, them) = (format!("support{worker}"), format!("carla{worker}"));
    let server = SmtpServer::start();
    let customer = endpoint(dovecot.imap, &them);
    server.deliver(move |mail| {
        let mut session =
            Session::open(&Endpoint { timeout: 20, ..customer.clone() }, PASSWORD, &Waker::new().unwrap()).unwrap();
        session.append("INBOX", &[], None, &mail.bytes).unwrap();
        session.logout();
    });
    let (imap, append_fault) = proxy(dovecot.imap);
    let dir = tempfile::tempdir().unwrap();
    let mut now = 1_795_000_000_000;
    seed_store(&open(dir.path(), now), dovecot, &us);
    let account = account(imap, server.port, &us);
    let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(WORKERS).wrapping_add(worker));
    let mut tally = Tally::default();
    while let Some(n) = take() {
        tally.runs += 1;
        tally.faults += 1;
        let store = open(dir.path(), now);
        let id = queue(&store, n);
        let name = disturb(&server, &append_fault, &mut random);
        let (dir_name, ports) = (dir.path().to_str().unwrap(), (imap.to_string(), server.port.to_string()));
        let mut process = process("send", &[dir_name, &ports.0, &ports.1, &now.to_string(), &us]);
        server.victim(process.id());
        append_fault.victim.store(process.id(), Ordering::SeqCst);
        if name == "killed at random" {
            std::thread::park_timeout(Duration::from_millis(random.u64(0..120)));
            let _ = process.kill();
        }
        process.wait().unwrap();
        server.clear_faults();
        *append_fault.append.lock().unwrap() = None;
        for _ in 0..2 {
            now += 7_200_000;
            drain(&open(dir.path(), now), &account);
        }
        let mail = store.outgoing_by_id(id).unwrap().unwrap();
        let arrived = count(dovecot, &them, "INBOX", &mail.message_id);
        let copies = count(dovecot, &us, "Sent", &mail.message_id);
        let records = replied(dir.path(), &mail.message_id);
        let good = match mail.state {
            OutState::Filed => (arrived, copies, records) == (1, 1, 1),
            OutState::Uncertain => arrived <= 1 && (copies, records) == (0, 0),
            _ => false,
        };
        tally.doubled += arrived.saturating_sub(1) + copies.saturating_sub(1);
        tally.lost += usize::from(mail.state == OutState::Filed && arrived == 0);
        if !good {
            let why = postroom::text::render_any(mail.reason.as_ref());
            let state = mail.state;
            tally.wrong.push(format!(
                "run {n}, {name}: {state} ({why}), arrived {arrived}, copies {copies}, records {records}"
            ));
        }
        now += 1000;
    }
    tally
}

fn seed_store(store: &Store, dovecot: &Dovecot, user: &str) {
    desk::fill(store, [desk::incoming(1, Timestamp(1_794_999_000_000), QUESTION.as_bytes().to_vec())]);
    let sent = store.folder(&desk::account(), "Sent", FolderRole::Sent).unwrap();
    let mut session = dovecot.session(user);
    let validity = session.examine("Sent").unwrap().state.validity.unwrap();
    store.reset_folder(sent.id, validity).unwrap();
}

fn queue(store: &Store, n: u64) -> i64 {
    let conversation = ConversationId::of_root(&MessageId::new("q1@c.example").unwrap());
    let basis = store.basis(&conversation).unwrap().unwrap();
    let draft = Draft {
        conversation: Some(conversation),
        parent: MessageId::new("q1@c.example"),
        inbox: InboxId::new("support").ok(),
        to: vec![Address::new("", "carla@c.example")],
        subject: format!("Re: Refund {n}"),
        body: "On its way.\n".repeat(1 + usize::try_from(n % 3).unwrap() * 20_000),
        as_of: basis.as_of,
        seen_op: basis.seen_op,
        ..Draft::default()
    };
    let draft = store.save_draft(&draft).unwrap();
    let mail = prepare(store, &draft, store.author().clock.now(), false).unwrap();
    store.queue(&mail).unwrap().id
}

/// Arms one fault and names it.
fn disturb(server: &SmtpServer, fault: &Fault, random: &mut fastrand::Rng) -> String {
    match random.u8(0..10) {
        0..6 => {
            let at = At::ALL[random.usize(0..At::ALL.len())];
            let how = match random.u8(0..4) {
                0 => How::Cut,
                1 => How::Stall,
                2 if !matches!(at, At::Connect | At::Body | At::Stored | At::Answered) => {
                    How::Say("451 4.3.0 not now".into())
                }
                _ => How::Kill,
            };
            let name = format!("SMTP {at:?}: {}", format!("{how:?}").split('(').next().unwrap());
            server.fault(at, how);
            name
        }
        6..8 => {
            let all = [Append::CutBefore, Append::CutAfter, Append::Stall, Append::Kill, Append::KillAnswered];
            let append = all[random.usize(0..all.len())];
            *fault.append.lock().unwrap() = Some(append);
            format!("APPEND: {append:?}")
        }
        _ => "killed at random".to_owned(),
    }
}

fn count(dovecot: &Dovecot, user: &str, folder: &str, id: &MessageId) -> usize {
    let mut session = dovecot.session(user);
    session.examine(folder).unwrap();
    session.search_message_id(id.as_str()).unwrap().len()
}

fn replied(dir: &Path, id: &MessageId) -> i64 {
    let db = rusqlite::Connection::open(dir.join("postroom.db")).unwrap();
    let sql = "SELECT count(*) FROM record WHERE kind = 'replied' AND instr(op, ?1) > 0";
    db.query_row(sql, [id.as_str()], |row| row.get(0)).unwrap()
}
