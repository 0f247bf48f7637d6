//! Mail is read from a real Dovecot over a line that is cut, delayed, split into single bytes, or stalls, and on which numbers of the server
//! are false, or by a process that is killed, while mail comes and goes. In the end, over a line as it should be, the store has what the
//! server has.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use postroom::config::{Auth, Endpoint, Secret, Security};
use postroom::store::{FolderRole, Store};
use postroom::sync::imap::{ImapAccount, Session, Waker, pass};

use super::support::desk;
use super::support::servers::dovecot::{self, Dovecot, PASSWORD};
use super::{Plan, Tally, process};

const USER: &str = "team";
/// Between two looks at what the store has.
const LOOK: usize = 25;

/// What happens to what the server says.
#[derive(Clone, Copy, Debug, Default)]
enum Line {
    #[default]
    Fine,
    /// It is cut after so many bytes.
    Cut(usize),
    /// Nothing comes any more after so many bytes, and the line stays open.
    Stall(usize),
    /// Bytes come one by one.
    Split,
    /// Each piece comes later.
    Delay,
    /// A number behind one of these words is another one.
    False(&'static str),
}

/// Numbers that only say how much there is: a server may be wrong about them at one moment and right at the next.
const NUMBERS: [&str; 4] = ["EXISTS", "RFC822.SIZE ", "MESSAGES ", "RECENT"];

pub fn run(plan: &Plan) -> Option<Tally> {
    let server = Dovecot::start()?;
    let line: Arc<Mutex<Line>> = Arc::default();
    let port = proxy(server.imap, &line);
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let mut tally = Tally::default();
    (0..20).for_each(|n| deliver(&server, n));
    for run in 0..plan.runs {
        change(&server, run, &mut random);
        *line.lock().unwrap() = match random.u8(0..16) {
            0..8 => Line::Cut(1 << random.u32(4..15) | random.usize(0..64)),
            8..11 => Line::Split,
            11..13 => Line::Delay,
            13 => Line::Stall(random.usize(0..4000)),
            _ => Line::False(NUMBERS[random.usize(0..NUMBERS.len())]),
        };
        if random.u8(0..8) == 0 {
            *line.lock().unwrap() = Line::Delay;
            kill(dir.path(), port, &mut random);
        } else {
            // What comes of it is nothing to rely on; that it ends is.
            let _ = read(&store, &account(port));
        }
        tally.runs += 1;
        tally.faults += 1;
        if run % LOOK == LOOK - 1 || run + 1 == plan.runs {
            *line.lock().unwrap() = Line::Fine;
            look(&server, &store, &mut tally, run);
        }
    }
    Some(tally)
}

fn open(dir: &Path) -> Store {
    desk::open(dir, desk::author("alice"), desk::team("support@example.com"))
}

/// Reads mail until it is killed.
pub fn child(arguments: &[String]) {
    let (store, account) = (open(Path::new(&arguments[0])), account(arguments[1].parse().unwrap()));
    loop {
        let _ = read(&store, &account);
    }
}

/// Lets a process read mail, and kills it.
fn kill(dir: &Path, port: u16, random: &mut fastrand::Rng) {
    let mut child = process("wire", &[dir.to_str().unwrap(), &port.to_string()]);
    std::thread::park_timeout(Duration::from_millis(random.u64(5..150)));
    let _ = child.kill();
    child.wait().unwrap();
}

fn account(port: u16) -> ImapAccount {
    dovecot::account(Endpoint {
        host: "127.0.0.1".into(),
        port,
        security: Security::Plain,
        user: USER.into(),
        secret: Secret::Clear(PASSWORD.into()),
        auth: Auth::Password,
        ca_file: None,
        timeout: 1,
    })
}

fn read(store: &Store, account: &ImapAccount) -> Result<(), String> {
    let mut session =
        Session::open(&account.imap, PASSWORD, &Waker::new().unwrap()).map_err(|error| error.to_string())?;
    pass(store, &mut session, account, &mut |_| {}).map_err(|error| error.to_string())?;
    session.logout();
    Ok(())
}

fn deliver(server: &Dovecot, n: usize) {
    let text = format!("Line of mail {n}.\n").repeat(1 + n % 7 * 40);
    let mail = format!(
        "From: ann{n}@x.example\nTo: support@example.com\nSubject: Mail {n}\nMessage-ID: <w{n}@wire.example>\n\n{text}"
    );
    server.deliver(USER, "INBOX", &mail);
}

/// Mail comes, goes, and is marked.
fn change(server: &Dovecot, run: usize, random: &mut fastrand::Rng) {
    match random.u8(0..6) {
        0..2 => deliver(server, 1000 + run),
        2 => {
            let mut session = server.session(USER);
            session.select("INBOX").unwrap();
            let all = session.search("ALL").unwrap();
            if let Some(uid) = random.choice(&all).filter(|_| all.len() > 15) {
                session.store_flags(&uid.to_string(), "+FLAGS", &["\\Deleted"]).unwrap();
                session.expunge(&uid.to_string()).unwrap();
            }
            session.logout();
        }
        3 => {
            let mut session = server.session(USER);
            session.select("INBOX").unwrap();
            let all = session.search("ALL").unwrap();
            if let Some(uid) = random.choice(&all) {
                let sign = if random.bool() { "+FLAGS" } else { "-FLAGS" };
                session.store_flags(&uid.to_string(), sign, &["\\Flagged"]).unwrap();
            }
            session.logout();
        }
        _ => {}
    }
}

/// Reads over a line as it should be, and compares.
fn look(server: &Dovecot, store: &Store, tally: &mut Tally, run: usize) {
    // What was put off because of what it met is read at its time, which is now.
    for _ in 0..3 {
        if let Err(why) = read(store, &account(server.imap)) {
            tally.wrong.push(format!("run {run}: {why}"));
        }
    }
    let mut session = server.session(USER);
    session.examine("INBOX").unwrap();
    let there: BTreeMap<u32, Vec<u8>> = session
        .uid_fetch_full("1:*")
        .unwrap()
        .into_iter()
        .filter_map(|fetched| Some((fetched.uid, fetched.body?)))
        .collect();
    session.logout();
    let folder = store.folder(&desk::account(), "INBOX", FolderRole::Inbox).unwrap();
    let here = store.uids(folder.id).unwrap();
    let asides: Vec<u32> = store.asides(folder.id).unwrap().iter().map(|aside| aside.uid).collect();
    tally.lost += there.keys().filter(|uid| !here.contains(uid) && !asides.contains(uid)).count();
    let extra = here.iter().filter(|uid| !there.contains_key(uid)).count();
    if extra > 0 {
        tally.wrong.push(format!("run {run}: {extra} mails are here that the server does not have"));
    }
    for (uid, body) in &there {
        let id = postroom::mime::envelope(body).message_id.unwrap();
        let kept = store.raw(&id).unwrap();
        if kept.as_ref() != Some(body) && !asides.contains(uid) {
            tally.wrong.push(format!("run {run}: {id} is not here as the server has it"));
        }
    }
    tally.wrong.extend(store.check().unwrap());
}

/// Passes connections on to the server; what comes back passes by what `line` says when the connection begins.
fn proxy(to: u16, line: &Arc<Mutex<Line>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let line = Arc::clone(line);
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(("127.0.0.1", to)).unwrap();
            let (mut from, mut up) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut from, &mut up);
                let _ = up.shutdown(Shutdown::Write);
            });
            let how = *line.lock().unwrap();
            std::thread::spawn(move || {
                let _ = back(server, &client, how);
                let _ = client.shutdown(Shutdown::Both);
            });
        }
    });
    port
}

fn back(mut server: TcpStream, client: &TcpStream, how: Line) -> std::io::Result<()> {
    let mut client = client;
    client.set_nodelay(true)?;
    let (mut buffer, mut passed) = (vec![0; 16 << 10], 0);
    loop {
        let read = server.read(&mut buffer)?;
        if read == 0 {
            return Ok(());
        }
        let bytes = &buffer[..read];
        match how {
            Line::Cut(at) if passed + read > at => {
                client.write_all(&bytes[..at.saturating_sub(passed)])?;
                return server.shutdown(Shutdown::Both);
            }
            Line::Stall(at) if passed + read > at => {
                client.write_all(&bytes[..at.saturating_sub(passed)])?;
                // The client gives up; until then the server's words go nowhere.
                while server.read(&mut buffer)? > 0 {}
                return Ok(());
            }
            Line::Split => bytes.iter().try_for_each(|byte| client.write_all(&[*byte]))?,
            Line::Delay => {
                std::thread::park_timeout(Duration::from_millis(3));
                client.write_all(bytes)?;
            }
            Line::False(word) => client.write_all(&falsified(bytes, word))?,
            _ => client.write_all(bytes)?,
        }
        passed += read;
    }
}

/// Changes the last digit of the numbers that stand beside a word.
fn falsified(bytes: &[u8], word: &str) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for at in memchr::memmem::find_iter(bytes, word.as_bytes()) {
        // `* 12 EXISTS` has it in front, `RFC822.SIZE 99` behind.
        let digit = if word.ends_with(' ') { Some(at + word.len()) } else { at.checked_sub(2) };
        if let Some(byte) = digit.and_then(|digit| out.get_mut(digit)).filter(|byte| byte.is_ascii_digit()) {
            *byte = b'0' + (*byte - b'0' + 3) % 10;
        }
    }
    out
}
