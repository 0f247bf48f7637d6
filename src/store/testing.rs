//! A store with a fixed clock and counted ids, for the tests of this room.

use std::cell::Cell;

use super::*;
use crate::model::address::Address;
use crate::model::agent::{Agent, Inbox};
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{AccountId, ConversationId, Handle, InboxId, MessageId};
use crate::model::view::View;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::query::Context;

pub(super) const START: i64 = 1_800_000_000;

pub(super) fn context(store: &Store) -> Context {
    Context { me: store.author().actor.clone(), now: store.author().clock.now(), zone: jiff::tz::TimeZone::UTC }
}

/// The account that a bench has.
pub(super) fn main() -> AccountId {
    AccountId::new("main").unwrap()
}

pub(super) fn mid(id: &str) -> MessageId {
    MessageId::new(id).unwrap()
}

pub(super) fn options(actor: &str, seed: u64) -> StoreOptions {
    let agent = |name: &str| Agent {
        handle: Handle::new(name).unwrap(),
        name: name.into(),
        address: Some(Address::new(name, format!("{name}@team.example"))),
        title: None,
        addresses: std::collections::BTreeSet::new(),
    };
    let inbox = Inbox {
        id: InboxId::new("support").unwrap(),
        account: AccountId::new("main").unwrap(),
        address: Address::new("Support", "support@team.example"),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    StoreOptions {
        author: Author {
            actor: Handle::new(actor).unwrap(),
            host: "box".into(),
            clock: Clock::fixed(Timestamp::from_seconds(START)),
            ids: Ids::counted(seed),
        },
        team: Team {
            agents: vec![agent("alice"), agent("bob")],
            inboxes: vec![inbox],
            authserv: [(main(), "mx.team.example".to_owned())].into(),
            ..Team::default()
        },
        history_after: 30 * Timestamp::DAY,
    }
}

/// A mail. One from `team.example` or `home.example` is to a customer, and our server vouches for its domain.
pub(super) fn raw(id: &str, from: &str, subject: &str, refs: &[&str]) -> Vec<u8> {
    let domain = from.rsplit('@').next().unwrap_or_default();
    let (to, vouch) = match domain {
        "team.example" | "home.example" => {
            ("ana@example.net", format!("Authentication-Results: mx.team.example; dkim=pass header.d={domain}\r\n"))
        }
        _ => ("support@team.example", String::new()),
    };
    let refs = refs.iter().map(|r| format!("<{r}>")).collect::<Vec<_>>().join(" ");
    let refs = if refs.is_empty() { String::new() } else { format!("References: {refs}\r\n") };
    format!(
        "{vouch}Message-ID: <{id}>\r\nFrom: Somebody <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\n{refs}\
         Date: Thu, 14 Jan 2027 08:00:00 +0000\r\n\r\nThe text of {id}, about a parcel.\r\n"
    )
    .into_bytes()
}

pub(super) fn incoming(uid: u32, seconds: i64, raw: Vec<u8>) -> Incoming {
    Incoming {
        uid,
        flags: vec!["\\Seen".into()],
        arrived: Timestamp::from_seconds(START + seconds),
        size: raw.len() as u64,
        modseq: None,
        content: Content::Whole(raw),
    }
}

/// What a log says of the team that a bench has.
pub(super) fn team_record() -> crate::model::agent::TeamRecord {
    let team = options("alice", 1).team;
    crate::model::team::proposal(&team, &main(), None)
}

/// An inbox of an account, with the address of its name.
pub(super) fn inbox(name: &str, account: &str) -> Inbox {
    Inbox {
        id: InboxId::new(name).unwrap(),
        account: AccountId::new(account).unwrap(),
        address: Address::new(name, format!("{name}@team.example")),
        aliases: Vec::new(),
        folder: None,
        language: None,
    }
}

/// A client whose inboxes lie in several accounts, each with a folder INBOX.
pub(super) struct Desk {
    pub bench: Bench,
    /// The account and the folder of each inbox.
    pub places: Vec<(String, AccountId, i64)>,
}

impl Desk {
    /// `inboxes` are the names of inboxes and of their accounts.
    pub fn new(actor: &str, seed: u64, inboxes: &[(&str, &str)]) -> Self {
        Self::with(options(actor, seed), inboxes)
    }

    pub fn with(mut options: StoreOptions, inboxes: &[(&str, &str)]) -> Self {
        options.team.inboxes = inboxes.iter().map(|(name, account)| inbox(name, account)).collect();
        let accounts = options.team.inboxes.iter().map(|inbox| inbox.account.clone());
        options.team.authserv = accounts.map(|account| (account, "mx.team.example".to_owned())).collect();
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), options).unwrap();
        let place = |(name, account): &(&str, &str)| {
            let account = AccountId::new(account).unwrap();
            let folder = store.folder(&account, "INBOX", FolderRole::Inbox).unwrap().id;
            ((*name).to_owned(), account, folder)
        };
        let places: Vec<_> = inboxes.iter().map(place).collect();
        let bench = Bench { inbox: places[0].2, dir, store, next: Cell::new(1), opened: Cell::new(0) };
        Self { bench, places }
    }

    /// Alice with support@ on one account and sales@ on another.
    pub fn both(actor: &str, seed: u64) -> Self {
        Self::new(actor, seed, &[("support", "main"), ("sales", "second")])
    }

    pub fn place(&self, inbox: &str) -> Option<&(String, AccountId, i64)> {
        self.places.iter().find(|(name, _, _)| name == inbox)
    }

    pub fn account(&self, inbox: &str) -> &AccountId {
        &self.place(inbox).unwrap().1
    }

    /// Takes in one mail to an inbox.
    pub fn mail(&self, inbox: &str, seconds: i64, id: &str, refs: &[&str]) {
        self.mail_to(inbox, &format!("{inbox}@team.example"), seconds, id, refs);
    }

    /// Takes in one mail to these addresses, as it lies in the mailbox of an inbox.
    pub fn mail_to(&self, inbox: &str, to: &str, seconds: i64, id: &str, refs: &[&str]) {
        let uid = self.bench.next.get();
        self.bench.next.set(uid + 1);
        let raw = String::from_utf8(raw(id, "ana@example.net", &format!("About {id}"), refs)).unwrap();
        let raw = raw.replace("To: support@team.example", &format!("To: {to}")).into_bytes();
        let folder = self.place(inbox).unwrap().2;
        self.bench.store.ingest(folder, vec![incoming(uid, seconds, raw)]).unwrap();
    }

    /// The records that wait for an inbox's log.
    pub fn waiting(&self, inbox: &str) -> Vec<crate::op::record::Record> {
        let waiting = self.bench.store.unpushed_of(self.account(inbox), 100_000).unwrap();
        waiting.iter().map(|(_, json)| crate::op::record::Record::parse(json).unwrap()).collect()
    }

    /// Puts what waits for an inbox's log behind what is there, and reads all of it.
    pub fn sync(&self, inbox: &str, log: &mut Vec<LogLine>) {
        for (_, json) in self.bench.store.unpushed_of(self.account(inbox), 100_000).unwrap() {
            let uid = u32::try_from(log.len()).unwrap() + 1;
            log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
        }
        let _ = self.bench.store.ingest_log(self.account(inbox), log.clone()).unwrap();
    }
}

/// A store in a folder that goes away with it.
pub(super) struct Bench {
    pub dir: tempfile::TempDir,
    pub store: Store,
    pub inbox: i64,
    next: Cell<u32>,
    opened: Cell<u64>,
}

impl Bench {
    pub fn new() -> Self {
        Self::of("alice", 1)
    }

    pub fn of(actor: &str, seed: u64) -> Self {
        Self::with(options(actor, seed))
    }

    pub fn with(options: StoreOptions) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), options).unwrap();
        let inbox = store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap().id;
        Self { dir, store, inbox, next: Cell::new(1), opened: Cell::new(0) }
    }

    /// Opens the store again, as another process would.
    pub fn again(&self) -> Store {
        self.opened.set(self.opened.get() + 1);
        Store::open(self.dir.path(), options("alice", 1000 + self.opened.get())).unwrap()
    }

    /// Opens it again as a process that has another config, in the place of the one before.
    pub fn opened_with(self, options: StoreOptions) -> Self {
        let store = Store::open(self.dir.path(), options).unwrap();
        Self { store, ..self }
    }

    /// Takes in one mail that arrived `seconds` after the start.
    pub fn mail(&self, seconds: i64, id: &str, from: &str, subject: &str, refs: &[&str]) -> Ingested {
        let uid = self.next.get();
        self.next.set(uid + 1);
        self.store.ingest(self.inbox, vec![incoming(uid, seconds, raw(id, from, subject, refs))]).unwrap()
    }

    pub fn finish(&self) {
        let end = PassEnd {
            validity: 1,
            uid_next: 1000,
            modseq: None,
            messages: None,
            flags_below: None,
            at: Timestamp::from_seconds(START),
        };
        self.store.finish_pass(self.inbox, end).unwrap();
    }

    pub fn id(&self, message: &str) -> ConversationId {
        self.store.conversation_of(&mid(message)).unwrap().unwrap()
    }

    pub fn row(&self, message: &str) -> crate::model::view::ConversationRow {
        self.store.rows(&[self.id(message)]).unwrap().remove(0)
    }

    /// Does something to the conversation of a message, having seen all of it.
    pub fn act(&self, message: &str, op: Known) -> Committed {
        let target = self.store.targets(&[self.id(message)]).unwrap().remove(0).1;
        self.store.commit(vec![NewOperation::new(op, vec![target])]).unwrap()
    }

    pub fn act_blind(&self, message: &str, op: Known) -> Committed {
        self.store.commit(vec![NewOperation::new(op, vec![Target::on(mid(message))])]).unwrap()
    }

    /// Everything that all clients must agree on, as text.
    pub fn dump(&self) -> String {
        self.store
            .read(|tx| {
                let mut lines = Vec::new();
                for sql in [
                    "SELECT 'c', id, root, inbox, status, ifnull(assignee, '-'), ifnull(snoozed_until, 0), active, last_at,
                         first_at, ifnull(waiting_since, 0), subject, ifnull(title, '-'), people, snippet, messages, notes,
                         attachments, ifnull(bounced, '-'), answered FROM conversation",
                    "SELECT 'm', c.id, m.message_id, m.why FROM message m JOIN conversation c ON c.rowid = m.conversation",
                    "SELECT 'i', c.id, b.message_id FROM member b JOIN conversation c ON c.rowid = b.conversation",
                    "SELECT 'r', c.id, r.message_id, r.class, r.is_notice FROM related r JOIN conversation c ON c.rowid = r.conversation",
                    "SELECT 't', c.id, s.tag FROM conversation_tag s JOIN conversation c ON c.rowid = s.conversation",
                    "SELECT 'f', c.id, s.agent FROM conversation_follower s JOIN conversation c ON c.rowid = s.conversation",
                    "SELECT '@', c.id, s.agent FROM conversation_mention s JOIN conversation c ON c.rowid = s.conversation",
                    "SELECT 'p', c.id, s.email, s.role, s.name FROM conversation_person s JOIN conversation c ON c.rowid = s.conversation",
                    "SELECT 'n', name, n FROM tally",
                ] {
                    let mut find = tx.prepare(sql)?;
                    let width = find.column_count();
                    let mut rows = find.query([])?;
                    while let Some(row) = rows.next()? {
                        let cells: Vec<String> =
                            (0..width)
                                .map(|n| match row.get_ref(n).unwrap() {
                                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                                    rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                                    other => format!("{other:?}"),
                                })
                                .collect();
                        lines.push(cells.join(" | "));
                    }
                }
                lines.sort();
                Ok(lines.join("\n"))
            })
            .unwrap()
    }

    pub fn sound(&self) {
        assert_eq!(self.store.check().unwrap(), Vec::<String>::new());
    }
}

/// The views that hold much in a store that holds much.
pub(super) fn large_views() -> [View; 10] {
    [
        View::Mine,
        View::Unassigned,
        View::Open,
        View::InProgress,
        View::Waiting,
        View::Closed,
        View::Snoozed,
        View::All,
        View::Team(Handle::new("billing").unwrap()),
        View::Inbox(InboxId::new("support").unwrap()),
    ]
}

/// What the team shares as saved replies, `name: text`.
pub(super) fn shared(store: &Store) -> Vec<String> {
    store.saved_replies().unwrap().iter().map(|reply| format!("{}: {}", reply.name, reply.text)).collect()
}
