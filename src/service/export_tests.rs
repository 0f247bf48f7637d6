use std::cell::RefCell;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::*;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{AccountId, Handle};
use crate::op::record::Author;
use crate::query::{self, Context};
use crate::store::{Content, FolderRole, Incoming, StoreOptions};

#[path = "../../tests/support/corpora.rs"]
mod corpora;

const START: i64 = 1_800_000_000;

struct Bench {
    dir: TempDir,
    store: Store,
}

/// Fetches nothing and keeps in mind what it was asked for.
#[derive(Default)]
struct Nobody {
    asked: RefCell<Vec<MessageId>>,
    damaged: RefCell<Vec<String>>,
}

impl Caller for Nobody {
    fn fetch(&self, mails: &[MessageId]) -> Result<(), UserError> {
        self.asked.borrow_mut().extend_from_slice(mails);
        Ok(())
    }

    fn is_too_large(&self, size: u64) -> bool {
        size > 1_000_000
    }

    fn document(&self, conversation: &Conversation) -> String {
        conversation.row.id.to_string()
    }

    fn told(&self, _: usize) {}

    fn is_damaged(&self, what: &str, _: &UserError) {
        self.damaged.borrow_mut().push(what.to_owned());
    }
}

impl Bench {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let author = Author {
            actor: Handle::new("alice").unwrap(),
            host: "box".into(),
            clock: Clock::fixed(Timestamp::from_seconds(START)),
            ids: Ids::counted(1),
        };
        let options = StoreOptions { author, team: Team::default(), history_after: 0 };
        let store = Store::open(&dir.path().join("store"), options).unwrap();
        Self { dir, store }
    }

    fn take(&self, mails: Vec<(Content, u64)>) {
        let account = AccountId::new("main").unwrap();
        let folder = self.store.folder(&account, "INBOX", FolderRole::Inbox).unwrap();
        let incoming = |(n, (content, size)): (usize, (Content, u64))| Incoming {
            uid: u32::try_from(n).unwrap() + 1,
            flags: Vec::new(),
            arrived: Timestamp::from_seconds(START + i64::try_from(n).unwrap()),
            size,
            modseq: None,
            content,
        };
        let mut all: Vec<Incoming> = mails.into_iter().enumerate().map(incoming).collect();
        while !all.is_empty() {
            let rest = all.split_off(all.len().min(200));
            self.store.ingest(folder.id, std::mem::replace(&mut all, rest)).unwrap();
        }
    }

    fn ids(&self) -> Vec<ConversationId> {
        let now = self.store.author().clock.now();
        let context = Context { me: Handle::new("alice").unwrap(), now, zone: TimeZone::UTC };
        self.store.ids(&query::parse("is:any").unwrap(), &context).unwrap()
    }

    /// Exports all of it into a file or folder of that name.
    fn export(&self, form: Form, name: &str, caller: &Nobody) -> (Summary, PathBuf) {
        let ids = self.ids();
        let job = Job { store: &self.store, ids: &ids, form, zone: &TimeZone::UTC };
        let path = self.dir.path().join(name);
        let mut to = open(form, path.clone(), form.name(), false).unwrap();
        (run(&job, caller, to.as_mut()).unwrap(), path)
    }
}

fn whole(raw: &[u8]) -> (Content, u64) {
    (Content::Whole(raw.to_vec()), u64::try_from(raw.len()).unwrap())
}

fn mail(id: &str, text: &str) -> Vec<u8> {
    let head =
        format!("Message-ID: <{id}>\r\nFrom: Ana <ana@example.org>\r\nTo: team@example.com\r\nSubject: {id}\r\n");
    format!("{head}Date: Thu, 14 Jan 2027 08:00:00 +0000\r\n\r\n{text}\r\n").into_bytes()
}

#[test]
fn a_mail_whose_text_is_not_here_is_asked_for_counted_and_left_out_of_mailboxes() {
    let bench = Bench::new();
    let head = |id: &str| Content::Headers(mail(id, "").to_vec());
    bench.take(vec![whole(&mail("here@x", "text")), (head("away@x"), 5000), (head("large@x"), 2_000_000)]);
    for (form, name) in [(Form::Mbox, "a.mbox"), (Form::Eml, "eml"), (Form::Json, "a.json"), (Form::Markdown, "md")] {
        let caller = Nobody::default();
        let (summary, path) = bench.export(form, name, &caller);
        assert_eq!(caller.asked.take(), [MessageId::new("away@x").unwrap()], "{form:?}");
        assert_eq!((summary.conversations, summary.mails), (3, 1), "{form:?}");
        assert_eq!(summary.missing, Missing { on_server: 1, too_large: 1, ..Missing::default() }, "{form:?}");
        if form == Form::Mbox {
            let mbox = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
            assert_eq!(mbox.matches("Message-ID: ").count(), 1, "{mbox}");
        }
    }
    let caller = Nobody::default();
    assert_eq!(bench.export(Form::Csv(Rows::Conversations), "a.csv", &caller).0.missing, Missing::default());
    assert!(caller.asked.take().is_empty(), "what needs no text fetches none");
}

/// Goes away, as a process that is killed, when so many files or pieces were written.
struct Killed<'a>(&'a mut dyn Destination, usize);

impl Destination for Killed<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, id: &ConversationId) -> bool {
        self.0.has(id)
    }

    fn put(&mut self, name: &Name, bytes: &[u8]) -> Result<bool, UserError> {
        if self.1 == 0 {
            // Half of it was written.
            self.0.put(name, bytes.get(..bytes.len() / 2).unwrap())?;
            return Ok(false);
        }
        self.1 -= 1;
        self.0.put(name, bytes)
    }

    fn done(&mut self, id: &ConversationId) -> Result<(), UserError> {
        self.0.done(id)
    }

    fn finish(&mut self) -> Result<(), UserError> {
        self.0.finish()
    }
}

/// Every file below a path with its bytes, by its path within.
fn contents(path: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let files = if path.is_dir() { corpora::files(path) } else { vec![path.to_owned()] };
    let named = |file: PathBuf| (file.strip_prefix(path).unwrap().display().to_string(), std::fs::read(&file).unwrap());
    files.into_iter().map(named).collect()
}

#[test]
fn an_export_interrupted_anywhere_ends_as_one_that_was_not() {
    let bench = Bench::new();
    let ids: Vec<String> = (0..6).map(|n| format!("mail{n}@x")).collect();
    bench.take(ids.iter().map(|id| whole(&mail(id, "From here\r\n"))).collect());
    let forms =
        [Form::Mbox, Form::Eml, Form::Json, Form::Csv(Rows::Messages), Form::Csv(Rows::History), Form::Markdown];
    for form in forms {
        let caller = Nobody::default();
        let (_, in_one) = bench.export(form, &format!("{form:?}"), &caller);
        let conversations = bench.ids();
        let job = Job { store: &bench.store, ids: &conversations, form, zone: &TimeZone::UTC };
        for stop in 0..8 {
            let path = bench.dir.path().join(format!("{form:?}-{stop}"));
            let mut to = open(form, path.clone(), form.name(), false).unwrap();
            run(&job, &caller, &mut Killed(to.as_mut(), stop)).unwrap();
            drop(to);
            if !path.exists() || path.is_dir() {
                let again = open(form, path.clone(), form.name(), false);
                // What ended before it was interrupted is whole.
                if let Ok(mut to) = again {
                    let summary = run(&job, &caller, to.as_mut()).unwrap();
                    assert_eq!(summary.before + summary.conversations, 6, "{form:?} {stop}");
                }
            }
            assert!(contents(&path) == contents(&in_one), "{form:?} stopped after {stop}");
        }
    }
}

/// Returns each mail of an mbox as Python's `mailbox` reads it, mboxrd quoting taken off; `None` where there is no Python.
fn read_by_python(mbox: &std::path::Path) -> Option<Vec<Vec<u8>>> {
    let script = "import mailbox, re, sys\n\
        box = mailbox.mbox(sys.argv[1], create=False)\n\
        for key in box.keys():\n\
        \x20   raw = re.sub(rb'(?m)^>(>*From )', rb'\\1', box.get_bytes(key))\n\
        \x20   sys.stdout.buffer.write(b'%d\\n' % len(raw) + raw)\n";
    let started = Command::new("python3").arg("-c").arg(script).arg(mbox).stdout(Stdio::piped()).spawn();
    let Ok(child) = started else {
        println!("skipped: there is no python3");
        return None;
    };
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "Python can't read this mbox");
    let mut mails = Vec::new();
    let mut rest = output.stdout.as_slice();
    while let Some(end) = memchr::memchr(b'\n', rest) {
        let length: usize = std::str::from_utf8(&rest[..end]).unwrap().parse().unwrap();
        let (mail, behind) = rest[end + 1..].split_at(length);
        mails.push(mail.to_vec());
        rest = behind;
    }
    assert!(rest.is_empty(), "Python told half a length");
    Some(mails)
}

/// Exports everything as mbox and eml, and compares what is read back with what is kept.
fn round_trip(bench: &Bench) {
    let caller = Nobody::default();
    let (summary, mbox) = bench.export(Form::Mbox, "all.mbox", &caller);
    let (_, folder) = bench.export(Form::Eml, "all", &caller);
    let mut kept = Vec::new();
    for id in bench.ids() {
        kept.extend(
            bench.store.mails_of(&id).unwrap().into_iter().map(|mail| bench.store.whole(&mail.id).unwrap().unwrap()),
        );
    }
    assert_eq!(summary.mails, kept.len());
    if let Some(read) = read_by_python(&mbox) {
        let ended = |raw: &Vec<u8>| {
            if raw.is_empty() || raw.ends_with(b"\n") { raw.clone() } else { [raw.as_slice(), b"\n"].concat() }
        };
        let wrong = read.iter().zip(&kept).position(|(read, kept)| *read != ended(kept));
        assert!(
            wrong.is_none() && read.len() == kept.len(),
            "mail {wrong:?} of {} ({} were read)",
            kept.len(),
            read.len()
        );
    }
    let is_eml = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "eml");
    let files = corpora::files(&folder).into_iter().filter(is_eml);
    let mut written: Vec<Vec<u8>> = files.map(|file| std::fs::read(file).unwrap()).collect();
    written.sort();
    kept.sort();
    assert!(written == kept, "the files are not the mails");
}

#[test]
fn python_reads_back_what_was_exported_byte_for_byte() {
    let bench = Bench::new();
    let mut mails: Vec<Vec<u8>> =
        ["From me to you\r\n>From them\r\n\r\n\r\nFrom eve@x Tue Dec  1 14:00:00 2026\r\n", "", "\r\n\r\n", ">>From "]
            .iter()
            .enumerate()
            .map(|(n, text)| mail(&format!("m{n}@x"), text))
            .collect();
    mails.push(mail("last@x", "no end").strip_suffix(b"\r\n").unwrap().to_vec());
    mails.push(b"From: a@x\nMessage-ID: <lf@x>\nSubject: lf\n\nFrom here\nbinary \x00\xff\rFrom lone\n\n".to_vec());
    bench.take(mails.iter().map(|raw| whole(raw)).collect());
    round_trip(&bench);
}

/// Exports the real mail of a category, and compares it with what is read back.
fn comes_back(category: &str) {
    let Some(dir) = corpora::category(category) else { return };
    let mut mails = Vec::new();
    for file in corpora::files(dir.path()) {
        let bytes = std::fs::read(file).unwrap();
        mails.extend(corpora::mails(&bytes).into_iter().filter(|raw| raw.len() < 1 << 20).map(whole));
    }
    println!("{category}: {} mails", mails.len());
    let bench = Bench::new();
    bench.take(mails);
    round_trip(&bench);
}

#[test]
fn real_mail_that_is_hard_to_read_comes_back_byte_for_byte() {
    comes_back("nasty");
}

#[test]
fn real_bounces_come_back_byte_for_byte() {
    comes_back("bounces");
}

#[test]
fn real_mail_in_many_languages_comes_back_byte_for_byte() {
    comes_back("languages");
}

#[test]
fn a_damaged_mail_is_named_and_all_others_are_exported() {
    let bench = Bench::new();
    let mail = |n: u32| {
        let text = format!("Message-ID: <m{n}@x>\r\nFrom: ana@example.org\r\nSubject: Order {n}\r\n\r\nText {n}\r\n");
        (Content::Whole(text.clone().into_bytes()), text.len() as u64)
    };
    bench.take((1..=3).map(mail).collect());
    let broken = rusqlite::Connection::open(bench.store.path()).unwrap();
    let changed = broken.execute(
        "UPDATE raw SET zstd = x'00112233' WHERE message = (SELECT id FROM message WHERE message_id = 'm2@x')",
        [],
    );
    assert_eq!(changed.unwrap(), 1);
    for (form, name) in [
        (Form::Mbox, "out.mbox"),
        (Form::Eml, "out"),
        (Form::Json, "out.json"),
        (Form::Csv(Rows::Messages), "out.csv"),
        (Form::Markdown, "pages"),
    ] {
        let nobody = Nobody::default();
        let (summary, path) = bench.export(form, name, &nobody);
        assert_eq!((summary.conversations, summary.missing.damaged), (3, 1), "{form:?}");
        assert_eq!(summary.mails, 2, "{form:?}: the damaged one is in none");
        assert_eq!((summary.missing.never(), nobody.damaged.borrow().len()), (1, 1), "{form:?}");
        assert!(path.exists(), "{form:?}");
    }
    let written = std::fs::read_to_string(bench.dir.path().join("out.mbox")).unwrap();
    assert!(written.contains("Text 1") && written.contains("Text 3") && !written.contains("Text 2"), "{written}");
}
