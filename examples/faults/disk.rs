//! A store whose process is killed, whose disk is full, whose files are damaged, whose WAL is gone, or which can only be read: what was
//! remembered before a kill or a full disk is there; what is damaged is told, and nothing ends the program but its own words.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postroom::model::ids::MessageId;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::{Store, StoreError, StoreOptions};

use super::support::desk;
use super::{Plan, Tally, compare, process, remember, remembered};

const DATABASE: &str = "postroom.db";
/// What a look at a damaged store may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is done to a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Harm {
    Kill,
    Full,
    Bytes,
    Cut,
    NoWal,
    OldWal,
    ReadOnly,
}

const ALL: [Harm; 7] = [Harm::Kill, Harm::Full, Harm::Bytes, Harm::Cut, Harm::NoWal, Harm::OldWal, Harm::ReadOnly];

pub fn run(plan: &Plan) -> Option<Tally> {
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let mut tally = Tally::default();
    for run in 0..plan.runs {
        let dir = tempfile::tempdir().unwrap();
        let harm = ALL[run % ALL.len()];
        // Something that was done before.
        worker(dir.path(), 20).wait().unwrap();
        one(harm, dir.path(), &mut random, &mut tally, run);
        tally.runs += 1;
        tally.faults += 1;
    }
    Some(tally)
}

fn one(harm: Harm, dir: &Path, random: &mut fastrand::Rng, tally: &mut Tally, run: usize) {
    let store = dir.join("store");
    let database = store.join(DATABASE);
    match harm {
        Harm::Kill => {
            let mut child = worker(dir, usize::MAX);
            std::thread::park_timeout(Duration::from_millis(random.u64(5..150)));
            let _ = child.kill();
            child.wait().unwrap();
        }
        Harm::Full => {
            // No file may grow beyond this: in blocks of 512 bytes, and without the signal that would end the process.
            let size = std::fs::metadata(&database).map_or(0, |meta| meta.len()) / 512 + random.u64(0..200);
            let me = std::env::current_exe().unwrap();
            let limited = format!("trap '' XFSZ; ulimit -f {size}; exec \"$@\"");
            let status = Command::new("sh")
                .args(["-c", &limited, "sh"])
                .arg(me)
                .args(["child", "disk", "work", dir.to_str().unwrap(), "400"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            if status.code().is_none_or(|code| code == 101) {
                tally.wrong.push(format!("run {run}: a full disk ended the program: {status}"));
            }
        }
        Harm::Bytes => {
            let length = std::fs::metadata(&database).unwrap().len();
            let mut file = std::fs::File::options().write(true).open(&database).unwrap();
            for _ in 0..1 << random.u32(0..8) {
                file.seek(SeekFrom::Start(random.u64(0..length))).unwrap();
                file.write_all(&[random.u8(..)]).unwrap();
            }
        }
        Harm::Cut => {
            let length = std::fs::metadata(&database).unwrap().len();
            let file = std::fs::File::options().write(true).open(&database).unwrap();
            file.set_len(random.u64(0..length)).unwrap();
        }
        Harm::NoWal | Harm::OldWal => {
            let mut child = worker(dir, usize::MAX);
            std::thread::park_timeout(Duration::from_millis(random.u64(20..150)));
            let _ = child.kill();
            child.wait().unwrap();
            let wal = store.join(format!("{DATABASE}-wal"));
            if harm == Harm::NoWal {
                let _ = std::fs::remove_file(wal);
            } else if let Ok(mut bytes) = std::fs::read(&wal)
                && !bytes.is_empty()
            {
                let at = random.usize(0..bytes.len());
                bytes[at] ^= 0x55;
                std::fs::write(&wal, bytes).unwrap();
            }
            let _ = std::fs::remove_file(store.join(format!("{DATABASE}-shm")));
        }
        Harm::ReadOnly => {}
    }
    look_at(harm, dir, tally, run);
    // Where the files are as they were written, all that was remembered is there, once.
    if matches!(harm, Harm::Kill | Harm::Full | Harm::ReadOnly) {
        let store = open(&store).unwrap();
        let there: Vec<String> = store.unpushed(1 << 30).unwrap().into_iter().map(|(id, _)| id.to_string()).collect();
        compare(&there, &remembered(dir), tally);
        tally.wrong.extend(store.check().unwrap());
    }
}

/// Has a process of its own open the store and look at all of it.
fn look_at(harm: Harm, dir: &Path, tally: &mut Tally, run: usize) {
    let (store, me) = (dir.join("store"), std::env::current_exe().unwrap());
    let mut command = Command::new(&me);
    // For root nothing is read-only: there another user looks.
    if harm == Harm::ReadOnly {
        read_only(dir, true);
        if rustix::process::geteuid().is_root() {
            command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(me);
        }
    }
    let child = command.args(["child", "disk", "look"]).arg(&store).stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = child.stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            child.wait().unwrap();
            break None;
        }
        std::thread::park_timeout(Duration::from_millis(2));
    };
    if harm == Harm::ReadOnly {
        read_only(dir, false);
    }
    match status.map(|status| status.code()) {
        None => tally.wrong.push(format!("run {run}, {harm:?}: it has no end")),
        Some(Some(0 | 3)) => {}
        Some(code) => tally.wrong.push(format!("run {run}, {harm:?}: it ended with {code:?}")),
    }
}

fn read_only(dir: &Path, yes: bool) {
    use std::os::unix::fs::PermissionsExt as _;
    let store = dir.join("store");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    for entry in std::fs::read_dir(&store).unwrap().flatten().filter(|entry| entry.path().is_file()) {
        mode(&entry.path(), if yes { 0o444 } else { 0o600 });
    }
    mode(&store, if yes { 0o555 } else { 0o700 });
    mode(dir, if yes { 0o755 } else { 0o700 });
}

fn worker(dir: &Path, turns: usize) -> std::process::Child {
    process("disk", &["work", dir.to_str().unwrap(), &turns.to_string()])
}

fn open(dir: &Path) -> Result<Store, StoreError> {
    let team = desk::team("support@example.com");
    Store::open(dir, StoreOptions { author: desk::author("alice"), team, history_after: i64::MAX })
}

/// `work DIR TURNS` takes mail in and commits records, and ends with 3 where the store refuses; `look STORE` reads all of it.
pub fn child(arguments: &[String]) {
    let done = match arguments {
        [verb, dir, turns] if verb == "work" => work(Path::new(dir), turns.parse().unwrap()),
        [_, dir] => look(Path::new(dir)),
        _ => return,
    };
    if done.is_err() {
        std::process::exit(3);
    }
}

fn work(dir: &Path, turns: usize) -> Result<(), StoreError> {
    let store = open(&dir.join("store"))?;
    let folder = store.folder(&desk::account(), "INBOX", postroom::store::FolderRole::Inbox)?;
    let first = store.uids(folder.id)?.last().copied().unwrap_or(0);
    for turn in 0..turns {
        let uid = first + u32::try_from(turn).unwrap() + 1;
        let raw = format!(
            "From: ann@x.example\r\nTo: support@example.com\r\nSubject: {uid}\r\nMessage-ID: <d{uid}@disk.example>\r\n\r\n{}\r\n",
            "word ".repeat(300)
        );
        store.ingest(folder.id, vec![desk::incoming(uid, store.author().clock.now(), raw.into_bytes())])?;
        let on = MessageId::new(&format!("d{uid}@disk.example")).unwrap();
        let op = Known::Title { text: format!("turn {turn}") };
        let made = store.commit(vec![NewOperation::new(op, vec![Target::on(on)])])?;
        remember(dir, made.records.iter().map(|record| record.id.to_string()));
    }
    Ok(())
}

fn look(dir: &Path) -> Result<(), StoreError> {
    let store = open(dir)?;
    let folder = store.folder(&desk::account(), "INBOX", postroom::store::FolderRole::Inbox)?;
    for uid in store.uids(folder.id)? {
        let id = MessageId::new(&format!("d{uid}@disk.example")).unwrap();
        store.raw(&id)?;
        if let Some(conversation) = store.conversation_of(&id)? {
            store.conversation(&conversation, 50)?;
            store.rows(&[conversation])?;
        }
    }
    store.check()?;
    store.unpushed(1000)?;
    let on = MessageId::new("d1@disk.example").unwrap();
    let op = Known::Title { text: "looked".into() };
    let _ = store.commit(vec![NewOperation::new(op, vec![Target::on(on)])])?;
    Ok(())
}
