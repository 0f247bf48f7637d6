//! Opens the screen on a made-up desk in a temporary folder: `cargo run --example sandbox -- 10000` makes so many conversations.

use std::path::PathBuf;
use std::sync::Arc;

use postroom::config::{AfterClose, Config, Glyphs, Sending, Ui};
use postroom::error::{ErrorKind, UserError};
use postroom::keymap::Keymap;
use postroom::model::address::Address;
use postroom::model::agent::{Agent, Inbox};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId};
use postroom::model::reply::Identity;
use postroom::model::view::Sort;
use postroom::op::record::Author;
use postroom::runtime::{self, Setup, backend::StoreBackend};
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::theme::Themes;

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

const SUBJECTS: [&str; 8] = [
    "Refund for order",
    "The lamp flickers",
    "请问我的包裹什么时候到",
    "לא מצליחה להתחבר",
    "ขอเงินคืนสำหรับคำสั่งซื้อ",
    "Invoice has the wrong address",
    "A quote for 200 lamps",
    "Can't log in since yesterday",
];

fn main() -> Anything<()> {
    let count: u32 = std::env::args().nth(1).map_or(Ok(200), |n| n.parse())?;
    let kept = std::env::args().nth(2).map(PathBuf::from);
    let dir = kept.unwrap_or_else(|| std::env::temp_dir().join(format!("postroom-sandbox-{}", std::process::id())));
    let config = config(dir.clone())?;
    let clock = Clock::System;
    let author = Author { actor: config.me.clone(), host: "sandbox".into(), clock: clock.clone(), ids: Ids::Random };
    let options = StoreOptions { author, team: config.team(), history_after: 30 * Timestamp::DAY };
    let store = Store::open(&dir, options)?;
    seed(&store, &clock, count)?;
    let backend = Arc::new(StoreBackend::new(store, jiff::tz::TimeZone::system()));
    let (keymap, problems) = Keymap::load("default", &dir.join("keymaps"), &[], postroom::config::guard);
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let themes = Themes::new(dir.join("themes"), no_color);
    runtime::run(Setup { config, backend, keymap, themes, problems, clock, sync: None })?;
    Ok(())
}

fn seed(store: &Store, clock: &Clock, count: u32) -> Anything<()> {
    let folder = store.folder(&AccountId::new("main")?, "INBOX", FolderRole::Inbox)?;
    if !store.uids(folder.id)?.is_empty() {
        return Ok(());
    }
    let now = clock.now();
    let numbers: Vec<u32> = (0..count).collect();
    for chunk in numbers.chunks(1000) {
        let mails = chunk.iter().map(|n| {
            let subject = SUBJECTS.get(*n as usize % SUBJECTS.len()).copied().unwrap_or_default();
            let mut body = format!("Hello,\r\n\r\nthis is about number {n}: {subject}.\r\n\r\n");
            (0..n % 40).for_each(|k| body.push_str(&format!("Line {k} of a mail that goes on for a while, as mails do.\r\n")));
            let raw = format!(
                "Message-ID: <m{n}@sandbox.example>\r\nFrom: Person {n} <p{n}@x.example>\r\nTo: support@team.example\r\n\
                 Subject: {subject} {n}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Transfer-Encoding: 8bit\r\n\r\n{body}-- \r\nPerson {n}\r\n"
            );
            let arrived = now.plus(-i64::from(*n) * 7_000);
            let raw = raw.into_bytes();
            let size = raw.len() as u64;
            Incoming { uid: n + 1, flags: Vec::new(), arrived, size, modseq: None, content: Content::Whole(raw) }
        });
        store.ingest(folder.id, mails.collect())?;
    }
    Ok(())
}

fn config(dir: PathBuf) -> Anything<Config> {
    let agent = |name: &str| -> Anything<Agent> {
        let address = Some(Address::new(name, format!("{name}@team.example")));
        Ok(Agent {
            handle: Handle::new(name)?,
            name: name.into(),
            address,
            title: None,
            addresses: std::collections::BTreeSet::new(),
        })
    };
    let inbox = |name: &str| -> Anything<Inbox> {
        let address = Address::new("", format!("{name}@team.example"));
        let (id, account) = (InboxId::new(name)?, AccountId::new("main")?);
        Ok(Inbox { id, account, address, aliases: Vec::new(), folder: None, language: None })
    };
    if dir.as_os_str().is_empty() {
        return Err(Box::new(UserError::new(ErrorKind::Usage, "name a folder")));
    }
    Ok(Config {
        file: dir.join("config.toml"),
        replies_dir: dir.join("replies"),
        data_dir: dir,
        me: Handle::new("alice")?,
        agents: vec![agent("alice")?, agent("bob")?, agent("cleo")?],
        inboxes: vec![inbox("support")?, inbox("sales")?],
        teams: Vec::new(),
        accounts: Vec::new(),
        sender_names: [].into(),
        ui: Ui {
            theme: "dark".into(),
            keymap: "default".into(),
            editor: None,
            external_editor_first: false,
            after_close: AfterClose::default(),
            reply_takes: true,
            glyphs: Glyphs::Auto,
            sort: Sort::Waiting,
            mouse: false,
            linear: false,
            reduced_motion: false,
            look: Default::default(),
            terminal_bidi: postroom::model::screen_order::TerminalBidi::Auto,
            language: None,
            layout: None,
            opener: "xdg-open".into(),
        },
        sending: Sending {
            undo_seconds: 10,
            quote: true,
            identity: Identity::SendAs,
            company: String::new(),
            variables: [].into(),
            signatures: [].into(),
            copy_drafts: false,
        },
        timezone: None,
        keys: Vec::new(),
        views: Vec::new(),
        problems: Vec::new(),
        older: Vec::new(),
        environment: Vec::new(),
        hooks: Vec::new(),
        notify: Default::default(),
        panels: Vec::new(),
    })
}
