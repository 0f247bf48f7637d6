//! What answering costs: from `r` to the editor, from sending to the server's OK, and a thousand replies by one command.
//!
//! `cargo run --release --example bench_send -- [KEYS] [MAILS] [REPLIES]`, 50, 100 and 1000 unless said. `--brief` takes seconds, for CI.
//!
//! The servers are a Dovecot and an SMTP server of the tests' own, on this machine. The replies by command are sent by postroom in a
//! process of its own: this program, started again, does what `main.rs` does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use postroom::config::{Config, Endpoint, Layers, Security, Sending};
use postroom::keymap::Keymap;
use postroom::model::clock::{Clock, Timestamp};
use postroom::model::ids::{AccountId, InboxId};
use postroom::model::reply::{Draft, DraftKind, OutState};
use postroom::query;
use postroom::runtime::backend::StoreBackend;
use postroom::runtime::{Harness, surroundings};
use postroom::service::compose::{begin, prepare};
use postroom::store::Store;
use postroom::sync::imap::ImapConnection;
use postroom::sync::outbox::{Others, drain_over};
use postroom::sync::{Configured, Remotes};
use support::desk;
use support::servers::dovecot::{Dovecot, PASSWORD};
use support::servers::smtp::SmtpServer;
use support::times::{load, number, percentiles};

/// Set for the process that is to be postroom itself.
const PLAY_POSTROOM: &str = "POSTROOM_BENCH_PLAYS_POSTROOM";
/// Messages of the conversation that is answered by key.
const LONG: u32 = 500;

fn main() -> ExitCode {
    if std::env::var_os(PLAY_POSTROOM).is_some() {
        return postroom::cli::main();
    }
    let (keys, mails, replies) = (number(0, 50, 3), number(1, 100, 3), number(2, 1_000, 5));
    println!("load of the machine before: {}", load());
    key_to_editor(keys);
    let Some(dovecot) = Dovecot::start() else { return ExitCode::SUCCESS };
    let server = SmtpServer::start();
    let taken: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let times = Arc::clone(&taken);
    server.deliver(move |_| times.lock().unwrap().push(Instant::now()));
    let dir = tempfile::tempdir().unwrap();
    let play = Play { dir: dir.path(), dovecot: &dovecot, server: &server, taken: &taken };
    play.receive(mails.max(replies));
    play.one_by_one(mails);
    play.by_command(replies);
    ExitCode::SUCCESS
}

/// Presses `r` in a long conversation, in the production loop on a screen in memory, until its answer is drawn.
fn key_to_editor(rounds: usize) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.toml"), config(0, 0)).unwrap();
    let layers = Layers { store: Some(dir.path().to_owned()), ..Layers::default() };
    let config = Config::load(&layers).unwrap();
    let store = desk::open(dir.path(), desk::author("alice"), config.team());
    let now = Clock::System.now();
    desk::fill(&store, (0..LONG).map(|n| desk::incoming(n + 1, now.plus(-60_000 * i64::from(LONG - n)), long(n))));
    let around = surroundings(&config, Keymap::builtin());
    let backend = Arc::new(StoreBackend::new(store.clone(), around.zone.clone()));
    let mut screen = Harness::start(backend, around, Clock::System, (160, 50)).unwrap();
    screen.keys("<enter>").unwrap();
    let mut took = Vec::new();
    for _ in 0..rounds {
        let begun = Instant::now();
        screen.keys("r").unwrap();
        took.push(begun.elapsed());
        assert!(screen.screen().contains("Re: Matter"), "no editor:\n{}", screen.screen());
        // The next one begins anew, not with what was kept of this one.
        screen.text("x").unwrap().keys("<esc>").unwrap();
        for draft in store.drafts().unwrap() {
            store.discard_draft(draft.id).unwrap();
        }
    }
    println!("`r` to the editor, in a conversation of {LONG} messages: {}", percentiles(&took));
}

fn long(n: u32) -> Vec<u8> {
    let references =
        if n == 0 { String::new() } else { format!("References: <l0@c.example> <l{}@c.example>\r\n", n - 1) };
    format!(
        "Message-ID: <l{n}@c.example>\r\nFrom: Carla <carla@c.example>\r\nTo: support@shop.example\r\nSubject: Matter\r\n{references}\r\n{}",
        "A line of a mail that goes on for a while, as mails do.\r\n".repeat(20)
    )
    .into_bytes()
}

fn config(imap: u16, smtp: u16) -> String {
    let account = if imap == 0 {
        "[account.main]\nlocal = true\n".to_owned()
    } else {
        format!(
            "[account.main]\nhistory_days = 30\n\n[account.main.imap]\nhost = \"localhost\"\nport = {imap}\nsecurity = \"plain\"\n\
             user = \"support\"\npassword_env = \"SECRET\"\n\n\
             [account.main.smtp]\nhost = \"localhost\"\nport = {smtp}\nsecurity = \"plain\"\n"
        )
    };
    format!("[me]\nhandle = \"alice\"\n\n{account}\n[inbox.support]\naddress = \"support@shop.example\"\n")
}

struct Play<'a> {
    dir: &'a Path,
    dovecot: &'a Dovecot,
    server: &'a SmtpServer,
    taken: &'a Mutex<Vec<Instant>>,
}

impl Play<'_> {
    /// Lets customers write, and takes their mail in.
    fn receive(&self, customers: usize) {
        std::fs::write(self.dir.join("config.toml"), config(self.dovecot.imap, self.server.port)).unwrap();
        let mut session = self.dovecot.session("support");
        for n in 0..customers {
            let mail = format!(
                "Message-ID: <q{n}@c.example>\r\nFrom: Carla <carla{n}@c.example>\r\nTo: support@shop.example\r\nSubject: Matter {n}\r\n\r\nWhere?\r\n"
            );
            session.append("INBOX", &[], None, mail.as_bytes()).unwrap();
        }
        session.logout();
        self.postroom(&["sync"]);
    }

    fn postroom(&self, args: &[&str]) {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(args)
            .arg("--quiet")
            .env(PLAY_POSTROOM, "1")
            .env("SECRET", PASSWORD)
            .env("POSTROOM_CONFIG", self.dir.join("config.toml"))
            .env("POSTROOM_STORE", self.dir.join("store"))
            .status()
            .unwrap();
        assert!(status.success(), "{args:?}: {status}");
    }

    fn open(&self) -> Store {
        desk::open(&self.dir.join("store"), desk::author("alice"), desk::team("support@shop.example"))
    }

    /// Sends mail after mail, each as soon as the one before is filed, over connections that are open already.
    fn one_by_one(&self, mails: usize) {
        let store = self.open();
        let mut account = self.dovecot.account("support");
        account.smtp = Some(self.server.endpoint(Security::Plain));
        let secrets = Arc::new(Configured { prompt: |_: &AccountId, _: &Endpoint| None, grants: None });
        let remotes = Remotes { store: store.clone(), secrets, stay: false };
        let mut connection = ImapConnection::over(self.dovecot.session("support"), &remotes, &account).unwrap();
        let (now, me) = (store.author().clock.now(), store.author().actor.clone());
        let context = query::Context { me, now, zone: jiff::tz::TimeZone::UTC };
        let ids = store.ids(&query::parse("is:any").unwrap(), &context).unwrap();
        let inbox = InboxId::new("support").unwrap();
        let alone = Others { accounts: Vec::new(), remotes };
        let (mut sent, mut filed) = (Vec::new(), Vec::new());
        for id in ids.iter().take(mails) {
            let (_, target) = store.targets(std::slice::from_ref(id)).unwrap().remove(0);
            let draft = begin(&store, &sending(), DraftKind::Reply, id, &inbox, &target.on).unwrap();
            let body = format!("It left today.\n\n{}", draft.body);
            let draft = store.save_draft(&Draft { body, ..draft }).unwrap();
            let begun = Instant::now();
            let mail = prepare(&store, &draft, Timestamp(0), false).unwrap();
            let queued = store.queue(&mail).unwrap().id;
            drain_over(&store, &(&account).into(), &alone, &mut connection).unwrap();
            filed.push(begun.elapsed());
            sent.push(self.taken.lock().unwrap().pop().unwrap().duration_since(begun));
            assert_eq!(store.outgoing_by_id(queued).unwrap().unwrap().state, OutState::Filed);
        }
        println!("send to the server's OK: {}", percentiles(&sent));
        println!("send to filed:           {}", percentiles(&filed));
    }

    /// Answers as many conversations by one command.
    fn by_command(&self, replies: usize) {
        self.taken.lock().unwrap().clear();
        let begun = Instant::now();
        let max = replies.to_string();
        self.postroom(&[
            "reply",
            "subject:matter",
            "--body",
            "On its way, {customer.first_name}.",
            "--max",
            &max,
            "--send",
        ]);
        let took = begun.elapsed().as_secs_f64();
        let times = self.taken.lock().unwrap();
        assert_eq!(times.len(), replies, "each went out once");
        let last = times.iter().max().unwrap().duration_since(begun).as_secs_f64();
        println!(
            "{replies} replies by one command: the last at the server after {last:.1} s, all filed and on the log after {took:.1} s"
        );
        let store = self.open();
        let open = store.outgoing().unwrap().into_iter().filter(|mail| mail.state != OutState::Filed).count();
        assert_eq!(open, 0, "all are filed");
    }
}

fn sending() -> Sending {
    Sending {
        undo_seconds: 0,
        quote: true,
        identity: Default::default(),
        company: String::new(),
        variables: [].into(),
        signatures: [].into(),
        copy_drafts: false,
    }
}
