//! The sample team inbox: made by the same code paths that real mail and real people go through.

mod mail;
mod script;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::desk::{Surroundings, options};
use crate::config::{Config, Layers, Paths};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{AccountId, Handle, InboxId, MessageId, Tag};
use crate::model::message::AsOf;
use crate::model::status::Status;
use crate::op::operation::{Known, Target, mentions_in};
use crate::op::record::{Author, NewOperation};
use crate::store::{FolderRole, Store, StoreError};

use mail::{Ends, Made};
use script::{Deed, Script};

/// The conversations of the sample.
const SCRIPTS: [&str; 5] = [
    include_str!("demo/support.txt"),
    include_str!("demo/sales.txt"),
    include_str!("demo/info.txt"),
    include_str!("demo/long.txt"),
    include_str!("demo/more.txt"),
];

/// The config that lies beside the sample's store.
const CONFIG: &str = include_str!("demo/config.toml");

/// Where the sample lies: a folder that the user named, or one that goes away with the program.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    kept: bool,
}

impl Place {
    /// Takes the folder that was named, or makes one of its own.
    ///
    /// # Errors
    /// When neither can be made.
    pub fn new(named: Option<&Path>) -> Result<Self, UserError> {
        use std::os::unix::fs::DirBuilderExt;
        let (dir, kept) = match named {
            Some(dir) => (dir.to_owned(), true),
            None => (std::env::temp_dir().join(format!("postroom-demo-{}", uuid::Uuid::now_v7())), false),
        };
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir);
        made.map_err(|error| {
            UserError::new(ErrorKind::Store, error.to_string())
                .within(dir.display().to_string())
                .hint(phrase!("hint-writable-folder"))
        })?;
        Ok(Self { dir, kept })
    }

    /// Returns the folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Tells whether the folder outlives the program.
    pub fn is_kept(&self) -> bool {
        self.kept
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing can be done about a folder in /tmp that can't be removed.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// Makes the sample in `dir`; one that is there already is left as it is.
///
/// # Errors
/// When the folder can't be written, or holds another store.
pub fn build(around: &Surroundings, dir: &Path) -> Result<(), UserError> {
    let file = dir.join("config.toml");
    if std::fs::read_to_string(&file).is_ok_and(|text| text == CONFIG) {
        return Ok(());
    }
    if file.exists() || dir.join("postroom.db").exists() {
        return Err(UserError::new(ErrorKind::Usage, phrase!("folder-no-sample", folder = dir.display().to_string()))
            .hint(phrase!("hint-empty-folder")));
    }
    let paths = Paths { config: file.clone(), data: dir.to_owned(), shared: Vec::new() };
    let config = Config::parse(CONFIG, &paths, &Layers::default(), true)?;
    fill(around.clock.now(), dir, &config)?;
    // The config comes last: a folder without it is half made, and is not taken for the sample.
    let mut options = std::fs::OpenOptions::new();
    let written = options.write(true).create_new(true).mode(0o600).open(&file);
    written
        .and_then(|mut open| open.write_all(CONFIG.as_bytes()))
        .map_err(|error| UserError::new(ErrorKind::Store, error.to_string()).within(file.display().to_string()))
}

/// Something that happens to the sample: one operation of one agent at one moment.
struct Happening {
    at: Timestamp,
    agent: String,
    op: NewOperation,
}

fn fill(now: Timestamp, dir: &Path, config: &Config) -> Result<(), UserError> {
    let scripts: Vec<Script> = SCRIPTS.iter().flat_map(|text| script::read(text)).collect();
    let mut mails = Vec::new();
    let mut happenings = Vec::new();
    for (number, script) in scripts.iter().enumerate() {
        let made = mails_of(script, number, config, now);
        happenings.extend(happenings_of(script, &made, now));
        mails.extend(made);
    }
    happenings.sort_by_key(|happening| happening.at);
    let clock = Clock::fixed(now);
    let open = |agent: &Handle, seed: u64| -> Result<Store, StoreError> {
        let author = Author {
            actor: agent.clone(),
            host: format!("{agent}-desk"),
            clock: clock.clone(),
            ids: Ids::counted(0x00de_3000_0000_7000 + seed),
        };
        Store::open(dir, options(config, author))
    };
    let mut stores: BTreeMap<String, Store> = BTreeMap::new();
    for (seed, agent) in (1u64..).zip(&config.agents) {
        stores.insert(agent.handle.to_string(), open(&agent.handle, seed)?);
    }
    let Some(store) = stores.values().next() else { return Ok(()) };
    take_in(store, mails)?;
    for Happening { at, agent, op } in happenings {
        clock.advance(at.since(clock.now()));
        if let Some(store) = stores.get(&agent) {
            // The script has no races, so nothing is lost.
            let _committed = store.commit(vec![op])?;
        }
    }
    if let Some(store) = stores.values().next() {
        crate::sync::serverless::settle(store, &config.accounts)?;
    }
    Ok(())
}

fn mails_of(script: &Script, number: usize, config: &Config, now: Timestamp) -> Vec<Made> {
    let inbox = InboxId::new(&script.inbox).ok();
    let inbox = config.inboxes.iter().find(|known| Some(&known.id) == inbox.as_ref()).or(config.inboxes.first());
    let Some(inbox) = inbox else { return Vec::new() };
    let name = |handle: Option<&String>| {
        let agent = config.agents.iter().find(|agent| Some(agent.handle.as_str()) == handle.map(String::as_str));
        agent.map(|agent| agent.name.clone()).unwrap_or_default()
    };
    let make = |(n, mail): (usize, &script::Mail)| {
        let agent = name(mail.agent.as_ref());
        mail::make(script, number, n, &Ends { inbox: &inbox.address, agent: &agent }, now)
    };
    script.mails.iter().enumerate().filter_map(make).collect()
}

fn take_in(store: &Store, mut mails: Vec<Made>) -> Result<(), StoreError> {
    let Ok(account) = AccountId::new("demo") else { return Ok(()) };
    mails.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    for (name, role, ours) in [("INBOX", FolderRole::Inbox, false), ("Sent", FolderRole::Sent, true)] {
        let batch = mails.iter().filter(|mail| mail.ours == ours).map(|mail| (mail.at, mail.raw.clone()));
        store.take_in_mail(&account, (name, role), batch.collect())?;
    }
    Ok(())
}

fn happenings_of(script: &Script, made: &[Made], now: Timestamp) -> Vec<Happening> {
    let Some(first) = made.first() else { return Vec::new() };
    let mut happenings = Vec::new();
    for deed in &script.deeds {
        let at = now.plus(-deed.age);
        let Some(op) = operation(deed, now) else { continue };
        let op = NewOperation::new(op, vec![target(&first.id, made, at)]);
        happenings.push(Happening { at, agent: deed.agent.clone(), op });
    }
    for (mail, made_mail) in script.mails.iter().zip(made) {
        let Some(agent) = &mail.agent else { continue };
        let then = match mail.then.as_str() {
            "close" => Some(Status::Closed),
            "keep" => None,
            _ => Some(Status::Waiting),
        };
        let op = Known::Replied { message: made_mail.id.clone(), then, hash: None };
        let at = made_mail.at.plus(1000);
        let op = NewOperation::new(op, vec![target(&first.id, made, at)]);
        happenings.push(Happening { at, agent: agent.clone(), op });
    }
    happenings
}

/// Makes the target of somebody who had read all that had arrived by `at`.
fn target(anchor: &MessageId, made: &[Made], at: Timestamp) -> Target {
    let seen = made.iter().filter(|mail| mail.at <= at).map(|mail| (mail.at, &mail.id));
    Target { on: anchor.clone(), as_of: AsOf::all_of(seen), expect: None, gone: false }
}

fn operation(deed: &Deed, now: Timestamp) -> Option<Known> {
    let words = deed.words.trim();
    Some(match deed.verb.as_str() {
        "assign" => Known::Assign { to: Handle::new(words).ok() },
        "tag" => Known::Tag {
            add: words.split(' ').filter_map(|word| Tag::new(word).ok()).collect(),
            remove: std::collections::BTreeSet::new(),
        },
        "status" => Known::SetStatus { to: words.parse().ok()? },
        "note" => Known::Note { text: words.to_owned(), mentions: mentions_in(words) },
        "follow" => Known::Follow { who: Handle::new(&deed.agent).ok()?, on: true },
        "title" => Known::Title { text: words.to_owned() },
        "snooze" => {
            let span = script::span(words);
            Known::Snooze { until: Some(now.plus(if words.starts_with('-') { -span } else { span })) }
        }
        _ => return None,
    })
}
