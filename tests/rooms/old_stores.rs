//! Stores that programs of earlier versions made open, show what those showed, and can be worked on.

use std::path::{Path, PathBuf};

use postroom::model::address::Address;
use postroom::model::agent::{Agent, Inbox, Team};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId};
use postroom::model::status::Status;
use postroom::model::stop::Stop;
use postroom::model::view::{ConversationRow, View};
use postroom::op::operation::Known;
use postroom::op::record::{Author, NewOperation};
use postroom::query::{Context, Query, parse};
use postroom::store::{Store, StoreOptions};

/// When the old program had done its last operation: 2026-11-22T09:12:00Z.
const NOW: i64 = 1_795_338_720;

/// Versions of which no program ever made a store, because their migrations came together with the next.
const NEVER_MADE: [u32; 25] =
    [4, 5, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31, 32, 33];

/// The merged conversation. Before version 6 its subject was that of its oldest mail, not of its root.
const MERGED: &str = "conversation 29g4g2rzw0ywhxtt3819r5yjnw";

struct Old {
    version: u32,
    store: Store,
    listed: String,
    _dir: tempfile::TempDir,
}

fn file(version: u32, end: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores").join(format!("v{version}.{end}"))
}

/// Every version before the newest, and the newest too where its store is kept already.
fn kept_versions() -> Vec<u32> {
    let newest = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/migrations")).unwrap().count();
    let newest = u32::try_from(newest).unwrap();
    let wanted = |version: &u32| *version < newest || file(*version, "db.zst").exists();
    (1..=newest).filter(|version| !NEVER_MADE.contains(version)).filter(wanted).collect()
}

fn account() -> AccountId {
    AccountId::new("demo").unwrap()
}

fn options() -> StoreOptions {
    let agent = |name: &str| Agent {
        handle: Handle::new(name).unwrap(),
        name: name.into(),
        address: Some(Address::new(name, format!("{name}@example.com"))),
        title: None,
        addresses: std::collections::BTreeSet::new(),
    };
    let inbox = |name: &str| Inbox {
        id: InboxId::new(name).unwrap(),
        account: account(),
        address: Address::new("Tidewater Bikes", format!("{name}@example.com")),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    StoreOptions {
        author: Author {
            actor: Handle::new("alice").unwrap(),
            host: "box".into(),
            clock: Clock::fixed(Timestamp::from_seconds(NOW)),
            ids: Ids::counted(1 << 30),
        },
        team: Team {
            groups: Vec::new(),
            agents: ["alice", "bob", "carol", "deniz"].map(agent).into(),
            inboxes: ["support", "sales", "info"].map(inbox).into(),
            ..Team::default()
        },
        history_after: i64::MAX,
    }
}

/// Opens a store of each earlier version, as the program does at its start.
fn each(work: impl Fn(&Old)) {
    for version in kept_versions() {
        let packed = std::fs::read(file(version, "db.zst"))
            .unwrap_or_else(|e| panic!("tests/stores/README.md: there is no store of version {version}: {e}"));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("postroom.db");
        std::fs::write(&path, zstd::decode_all(packed.as_slice()).unwrap()).unwrap();
        let made_by = rusqlite::Connection::open(&path).unwrap();
        let made_by: u32 = made_by.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(made_by, version);
        let store = Store::open(dir.path(), options()).unwrap();
        store.adopt_log(&account()).unwrap();
        store.wake().unwrap();
        store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
        work(&Old { version, store, listed: std::fs::read_to_string(file(version, "txt")).unwrap(), _dir: dir });
    }
}

impl Old {
    fn context(&self) -> Context {
        let zone = jiff::tz::TimeZone::UTC;
        Context { me: self.store.author().actor.clone(), now: self.store.author().clock.now(), zone }
    }

    fn rows(&self, query: &str) -> Vec<ConversationRow> {
        self.store.page(&parse(query).unwrap(), &self.context(), None, 1000).unwrap()
    }

    /// What the store keeps of a conversation is what its messages and records say, but for what is written anew with its next mail.
    fn sound(&self) {
        let mut wrong = self.store.check().unwrap();
        if self.version < 6 {
            wrong.retain(|told| !told.contains(MERGED));
        }
        assert_eq!(wrong, Vec::<String>::new(), "version {}", self.version);
    }
}

/// A row as the `vN.txt` have it.
fn line(row: &ConversationRow) -> String {
    let tags: Vec<&str> = row.tags.iter().map(AsRef::as_ref).collect();
    let assignee = row.assignee.as_ref().map_or("-", Handle::as_str);
    let tags = if tags.is_empty() { "-".to_owned() } else { tags.join(",") };
    format!("{} {} {assignee} {} {tags} {} {}\n", row.id, row.status, row.inbox, row.messages, row.notes)
}

#[test]
fn a_store_of_every_earlier_version_lists_what_its_own_program_listed() {
    each(|old| {
        let now: String = old.rows("is:any").iter().map(line).collect();
        assert_eq!(now, old.listed, "version {}", old.version);
        old.sound();
    });
}

#[test]
fn what_new_rules_make_of_the_sample_of_every_earlier_version_needs_no_record() {
    each(|old| {
        assert_eq!(old.store.to_derive().unwrap(), 0, "version {}", old.version);
        assert_eq!(old.store.upgraded().unwrap(), 0, "version {}", old.version);
        let waiting = old.store.unpushed(1000).unwrap();
        let made: Vec<&String> =
            waiting.iter().map(|(_, json)| json).filter(|json| json.contains("\"postroom\",")).collect();
        assert!(made.is_empty(), "version {}: {made:?}", old.version);
    });
}

#[test]
fn the_counts_of_every_earlier_version_agree_with_the_lists() {
    each(|old| {
        let counts = old.store.counts(&old.context().me).unwrap();
        for view in View::FIXED {
            let listed = old.rows(&view.query()).len() as u64;
            let counted = counts.of.get(&view).copied().unwrap_or(0);
            assert_eq!(counted, listed, "version {}: {view:?}", old.version);
        }
    });
}

#[test]
fn every_conversation_of_an_earlier_version_can_be_read_and_found() {
    each(|old| {
        for row in old.rows("is:any") {
            let shown = old.store.conversation(&row.id, 1000).unwrap().unwrap();
            assert!(shown.items.len() as u64 >= u64::from(row.messages), "version {}: {}", old.version, row.id);
        }
        for words in ["gift", "note:\"call back\"", "subject:workshop or body:workshop", "tag:late", "from:marsh"] {
            assert!(!old.rows(words).is_empty(), "version {}: {words}", old.version);
        }
        let all = old.store.ids(&Query::any(), &old.context()).unwrap();
        let facts = old.store.query_facts(&all, true).unwrap();
        assert_eq!(facts.len(), all.len());
        let query = parse("gift").unwrap();
        let found = facts.iter().filter(|facts| query.matches(facts, &old.context())).count();
        assert_eq!(found, old.rows("gift").len(), "version {}", old.version);
    });
}

#[test]
fn what_was_done_by_an_earlier_version_can_be_undone_and_worked_on() {
    each(|old| {
        let store = &old.store;
        let before: String = old.rows("is:any").iter().map(line).collect();
        // Its last operation set a conversation to waiting.
        let undone = store.undo().unwrap().expect("there is something to undo");
        assert!(undone.notice.as_str().contains("waiting"), "version {}: {}", old.version, undone.notice);
        let after: String = old.rows("is:any").iter().map(line).collect();
        assert_ne!(after, before, "version {}", old.version);
        let _ = store.redo().unwrap().expect("there is something to redo");
        let again: String = old.rows("is:any").iter().map(line).collect();
        assert_eq!(again, before, "version {}", old.version);
        let ids = store.ids(&parse("is:open").unwrap(), &old.context()).unwrap();
        let targets = store.targets(&ids).unwrap().into_iter().map(|(_, target)| target).collect();
        let close = Known::SetStatus { to: Status::Closed };
        let _ = store.commit(vec![NewOperation::new(close, targets)]).unwrap();
        assert!(old.rows("is:open").is_empty(), "version {}", old.version);
        old.sound();
    });
}

#[test]
fn drafts_and_the_outbox_of_earlier_versions_are_kept() {
    each(|old| {
        let drafts = old.store.drafts().unwrap();
        assert_eq!(drafts.len(), usize::from(old.version >= 2), "version {}", old.version);
        assert!(drafts.iter().all(|draft| draft.body.contains("A draft that waits")));
        let outgoing = old.store.outgoing().unwrap();
        assert_eq!(outgoing.len(), usize::from(old.version >= 6), "version {}", old.version);
    });
}
