//! The team's record, shown, proposed and set.

use super::*;
use crate::model::address::Address;
use crate::model::agent::Inbox;
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{Handle, InboxId};
use crate::op::record::Author;
use crate::store::StoreOptions;

fn account(name: &str) -> AccountId {
    AccountId::new(name).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let inbox = |name: &str, of: &str| Inbox {
        id: InboxId::new(name).unwrap(),
        account: account(of),
        address: Address::new("", format!("{name}@shop.example")),
        aliases: Vec::new(),
        folder: None,
        language: None,
    };
    let team = Team { inboxes: vec![inbox("support", "main"), inbox("sales", "second")], ..Team::default() };
    let author = Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1_800_000_000)),
        ids: Ids::counted(1),
    };
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path(), StoreOptions { author, team, history_after: 0 }).unwrap();
    (dir, store)
}

#[test]
fn what_is_set_is_on_the_log_of_its_account_and_shown_with_who_set_it() {
    let (_dir, store) = store();
    let second = account("second");
    let mut record = proposal(&store, &second).unwrap();
    record.inboxes[0].aliases.insert("shop@shop.example".into());
    let TeamSet::Set(committed) = set(&store, &second, None, record.clone()).unwrap() else { panic!("it is new") };
    assert_eq!(store.unpushed_of(&second, 10).unwrap().len(), 1);
    assert_eq!(store.unpushed_of(&account("main"), 10).unwrap(), []);

    let shown = show(&store).unwrap();
    let [main, second_shown] = shown.as_slice() else { panic!("{shown:?}") };
    assert_eq!((&main.entry, main.differences.as_slice()), (&None, [].as_slice()));
    let entry = second_shown.entry.as_ref().unwrap();
    assert_eq!((&entry.record, entry.by.as_str(), entry.id), (&record, "alice", committed.records[0].id));
    assert!(matches!(second_shown.differences.as_slice(), [Difference::InboxAliases { .. }]));

    assert_eq!(set(&store, &second, Some(&record), record.clone()).unwrap(), TeamSet::Already);
    assert_eq!(store.unpushed_of(&second, 10).unwrap().len(), 1);
}

#[test]
fn an_account_without_an_inbox_takes_no_record() {
    let (_dir, store) = store();
    let error = set(&store, &account("gone"), None, TeamRecord::default()).unwrap_err();
    assert!(error.what.is("team-no-account"));
}
