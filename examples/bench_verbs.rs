//! What scripts wait for: verbs as processes of their own on a large store, beside notmuch on the same mails in the same run.
//!
//! `cargo run --release --example bench_verbs -- [CONVERSATIONS] [CHANGED]`, 100000 and 10000 unless said. `--brief` takes seconds, for CI.
//! `--keep DIR` leaves the store and the mails there. Without notmuch its column stays empty. Times are wall clock from start to end of the process, the least of several runs; what changes
//! something is run once.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use postroom::model::clock::Timestamp;
use support::desk;
use support::times::{Watch, brief, load, number, option};

/// Set for the processes that are to be postroom itself.
const PLAY_POSTROOM: &str = "POSTROOM_BENCH_PLAYS_POSTROOM";

const CONFIG: &str = "[me]\nhandle = \"alice\"\n\n[agent.alice]\nname = \"Alice Moor\"\n\n[agent.bob]\nname = \"Bob Dale\"\n\n\
                      [account.main]\nkind = \"local\"\n\n[inbox.support]\naddress = \"support@team.example\"\n";

fn main() -> ExitCode {
    if std::env::var_os(PLAY_POSTROOM).is_some() {
        return postroom::cli::main();
    }
    let (conversations, changed) = (number(0, 100_000, 300), number(1, 10_000, 50));
    let temporary = tempfile::tempdir().unwrap();
    let dir = option("--keep").map_or(temporary.path().to_owned(), PathBuf::from);
    let bench = Bench::new(&dir, conversations);
    println!("{conversations} conversations; load of the machine before: {}", load());
    println!("{:<58} {:>10} {:>10}", "", "postroom", "notmuch");
    bench.reading();
    bench.changing(conversations, changed);
    ExitCode::SUCCESS
}

/// The two programs on the same mail.
struct Bench {
    store: PathBuf,
    /// notmuch's config, where it is installed.
    notmuch: Option<PathBuf>,
}

impl Bench {
    fn new(dir: &Path, conversations: usize) -> Self {
        let store = dir.join("store");
        std::fs::create_dir_all(&store).unwrap();
        std::fs::write(store.join("config.toml"), CONFIG).unwrap();
        let watch = Watch::start();
        let open = desk::open(&store, desk::author("alice"), desk::team("support@team.example"));
        desk::fill(&open, (0..conversations).map(|n| desk::incoming(uid(n), arrived(n), mail(n).into_bytes())));
        println!("postroom took them in: {watch}");
        Self { store, notmuch: notmuch(dir, conversations) }
    }

    fn postroom(&self, args: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(args).env(PLAY_POSTROOM, "1").env("POSTROOM_STORE", &self.store).env_remove("POSTROOM_CONFIG");
        command
    }

    fn other(&self, args: &[&str]) -> Option<Command> {
        let config = self.notmuch.as_ref()?;
        let mut command = Command::new("notmuch");
        command.args(args).env("NOTMUCH_CONFIG", config);
        Some(command)
    }

    fn reading(&self) {
        let rows: [(&str, &[&str], &[&str]); 6] = [
            ("the newest 50", &["list", "-n", "50"], &["search", "--limit=50", "*"]),
            ("50 of a word that all have", &["list", "order", "-n", "50"], &["search", "--limit=50", "order"]),
            ("one by two words", &["list", "order 4711"], &["search", "order and 4711"]),
            ("how many have a word", &["count", "late"], &["count", "--output=threads", "late"]),
            ("all as JSON", &["list", "is:any", "--json"], &["search", "--format=json", "*"]),
            (
                "one whole conversation as JSON",
                &["show", "order 4711", "--json"],
                &["show", "--format=json", "order and 4711"],
            ),
        ];
        for (what, ours, theirs) in rows {
            let ours = least(|| run(self.postroom(ours), ""));
            let theirs = self.notmuch.as_ref().map(|_| least(|| run(self.other(theirs).unwrap(), "")));
            row(what, ours, theirs);
        }
    }

    fn changing(&self, conversations: usize, changed: usize) {
        let ids = self.ids(conversations);
        let looked_up = run(self.postroom(&["tag", "seen", "-", "--dry-run", "--max", "1"]), &ids);
        row(&format!("{conversations} distinct ids from stdin looked up"), looked_up, None);
        let tag = run(self.postroom(&["tag", "seen", "-"]), &ids);
        row(&format!("tag {conversations} distinct ids from stdin"), tag, None);
        let some: String = ids.lines().take(changed).flat_map(|id| [id, "\n"]).collect();
        let theirs = |word: &str| {
            let lines: String = (0..changed).fold(String::new(), |mut all, n| {
                writeln!(all, "+{word} -- id:m{n}@bench.example").unwrap();
                all
            });
            self.other(&["tag", "--batch"]).map(|command| run(command, &lines))
        };
        let ours = run(self.postroom(&["tag", "late", "-"]), &some);
        row(&format!("tag {changed} ids from stdin; a line each"), ours, theirs("late"));
        let lines = some.lines().fold(String::new(), |mut all, id| {
            writeln!(all, "tag vip {id}").unwrap();
            all
        });
        row(
            &format!("batch of {changed} lines, a tag each"),
            run(self.postroom(&["batch", "-"]), &lines),
            theirs("vip"),
        );
        let ours = run(self.postroom(&["status", "closed", "-"]), &some);
        row(&format!("status of {changed} ids from stdin"), ours, None);
        row("undo of that", run(self.postroom(&["undo"]), ""), None);
        let file = self.store.join("all.mbox");
        let export = run(self.postroom(&["export", "is:any", "--format", "mbox", "--to", file.to_str().unwrap()]), "");
        let dump = self.other(&["show", "--format=mbox", "*"]).map(|command| run(command, ""));
        row("all as an mbox", export, dump);
    }

    /// The ids of so many conversations, a line each.
    fn ids(&self, count: usize) -> String {
        let output = self.postroom(&["list", "is:any", "--format", "ids"]).output().unwrap();
        let ids = String::from_utf8(output.stdout).unwrap();
        assert_eq!(ids.lines().count(), count);
        ids
    }
}

/// Runs a process to its end, and returns how long it took.
fn run(mut command: Command, input: &str) -> Duration {
    let watch = Watch::start();
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap_or_default();
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(0 | 1 | 4)), "{command:?}: {status}");
    watch.elapsed()
}

fn least(mut once: impl FnMut() -> Duration) -> Duration {
    (0..if brief() { 1 } else { 5 }).map(|_| once()).min().unwrap_or_default()
}

fn row(what: &str, ours: Duration, theirs: Option<Duration>) {
    let theirs = theirs.map_or("-".to_owned(), |time| format!("{:.2} s", time.as_secs_f64()));
    println!("{what:<58} {:>8.2} s {theirs:>10}", ours.as_secs_f64());
}

/// Puts the same mails into a Maildir, and lets notmuch read them.
fn notmuch(dir: &Path, conversations: usize) -> Option<PathBuf> {
    let box_ = dir.join("mail");
    for sub in ["cur", "new", "tmp"] {
        std::fs::create_dir_all(box_.join(sub)).unwrap();
    }
    for n in 0..conversations {
        std::fs::write(box_.join(format!("cur/{n}.bench:2,")), mail(n)).unwrap();
    }
    let config = dir.join("notmuch-config");
    let text = format!("[database]\npath={}\n[user]\nname=a\nprimary_email=a@b.example\n", box_.display());
    std::fs::write(&config, text).unwrap();
    let watch = Watch::start();
    let mut new = Command::new("notmuch");
    let done = new.arg("new").env("NOTMUCH_CONFIG", &config).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let installed = done.is_ok_and(|status| status.success());
    println!("notmuch {}", if installed { format!("took them in: {watch}") } else { "is not installed".to_owned() });
    installed.then_some(config)
}

fn uid(n: usize) -> u32 {
    u32::try_from(n).unwrap() + 1
}

fn arrived(n: usize) -> Timestamp {
    Timestamp::from_seconds(1_700_000_000 + i64::try_from(n).unwrap())
}

fn mail(n: usize) -> String {
    format!(
        "From: Customer {n} <c{n}@example.org>\r\nTo: support@team.example\r\nSubject: Order {n} is late\r\n\
         Message-ID: <m{n}@bench.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nHello,\r\n\r\n\
         my order {n} has not come. What now?\r\n\r\nCustomer {n}\r\n"
    )
}
