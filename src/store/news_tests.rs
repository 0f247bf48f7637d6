use super::super::testing::*;
use super::*;
use crate::model::clock::Timestamp;
use crate::model::news::NewsEvent;
use crate::model::status::Status;
use crate::op::operation::Known;
use crate::query;

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

/// A store whose first pass is done, with one conversation that was there before.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Parcel", &[]);
    bench.finish();
    bench
}

fn count(store: &Store, asked: &str) -> u64 {
    store.count(&query::parse(asked).unwrap(), &context(store)).unwrap()
}

/// The same store as another agent opens it.
fn other(bench: &Bench, who: &str) -> Store {
    Store::open(bench.dir.path(), options(who, 500)).unwrap()
}

fn act_as(store: &Store, bench: &Bench, message: &str, op: Known) {
    let target = store.targets(&[bench.id(message)]).unwrap().remove(0).1;
    let _ = store.commit(vec![crate::op::record::NewOperation::new(op, vec![target])]).unwrap();
}

fn look(bench: &Bench, message: &str) -> Option<Change> {
    bench.store.look(&[(bench.id(message), bench.row(message).as_of)]).unwrap()
}

#[test]
fn what_comes_with_the_first_pass_is_no_news_and_what_comes_after_it_is() {
    let bench = bench();
    assert!(!bench.row("a@x").unread);
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    assert!(bench.row("a@x").unread);
    assert_eq!(count(&bench.store, "is:unread"), 1);
    bench.sound();
}

#[test]
fn a_look_ends_it_and_writes_no_record_and_tells_the_server_nothing() {
    let bench = bench();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    assert!(look(&bench, "b@x").is_some());
    assert!(!bench.row("b@x").unread);
    assert_eq!(bench.store.unpushed_of(&main(), 10).unwrap(), []);
    assert_eq!(bench.store.flags_wanted(&main(), Timestamp(i64::MAX)).unwrap(), []);
    assert_eq!(look(&bench, "b@x"), None, "there is nothing more to look at");
}

#[test]
fn a_look_at_what_was_shown_leaves_what_came_meanwhile() {
    let bench = bench();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    let shown = bench.row("b@x").as_of;
    bench.mail(9, "c@x", "ana@example.net", "Parcel", &["b@x"]);
    bench.store.look(&[(bench.id("b@x"), shown)]).unwrap();
    assert!(bench.row("b@x").unread);
    let new = bench.store.conversation(&bench.id("b@x"), 50).unwrap().unwrap().new;
    assert_eq!(new, BTreeSet::from([ItemId::Message(mid("c@x"))]));
}

#[test]
fn each_agent_of_a_store_has_looks_of_their_own_and_begins_with_none_unread() {
    let bench = bench();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    let bob = other(&bench, "bob");
    assert_eq!(count(&bob, "is:unread"), 0);
    bench.mail(9, "c@x", "ana@example.net", "Parcel", &["b@x"]);
    look(&bench, "c@x");
    assert_eq!((count(&bench.store, "is:unread"), count(&bob, "is:unread")), (0, 1));
}

#[test]
fn a_record_of_mine_from_another_machine_shows_that_i_looked_whichever_comes_first() {
    let there = Bench::of("alice", 7);
    let here = bench();
    there.mail(0, "a@x", "ana@example.net", "Parcel", &[]);
    there.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    let _ = there.act("b@x", Known::SetStatus { to: Status::Waiting });
    let (_, json) = there.store.unpushed_of(&main(), 10).unwrap().remove(0);
    let line =
        super::super::LogLine { place: super::super::LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 }, json };
    let log_first = bench();
    here.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    assert!(here.row("b@x").unread);
    here.store.ingest_log(&main(), vec![line.clone()]).unwrap();
    log_first.store.ingest_log(&main(), vec![line]).unwrap();
    log_first.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    for one in [&here, &log_first] {
        assert!(!one.row("b@x").unread);
        one.mail(9, "c@x", "ana@example.net", "Parcel", &["b@x"]);
        assert!(one.row("b@x").unread, "that one I had not seen there");
    }
}

#[test]
fn a_conversation_marked_as_unread_stays_so_until_a_later_look() {
    let bench = bench();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    let _ = bench.act("b@x", Known::SetStatus { to: Status::Waiting });
    assert!(!bench.row("b@x").unread);
    let told = bench.store.last_telling().unwrap();
    assert_eq!(bench.store.mark_unread(&[bench.id("b@x")]).unwrap().0, 1);
    assert!(bench.row("b@x").unread);
    assert_eq!(bench.store.last_telling().unwrap(), told, "nothing happened");
    let _ = bench.act("b@x", Known::SetStatus { to: Status::Closed });
    assert!(!bench.row("b@x").unread);
}

#[test]
fn news_follow_their_mail_into_the_conversation_that_it_is_merged_into() {
    let bench = bench();
    bench.mail(5, "b@x", "eve@example.net", "Lamp", &[]);
    look(&bench, "b@x");
    bench.mail(6, "c@x", "eve@example.net", "Shade", &[]);
    assert!(!bench.row("b@x").unread && bench.row("c@x").unread);
    let _ = bench.act_blind("c@x", Known::Merge { into: mid("b@x") });
    assert!(bench.row("b@x").unread);
    look(&bench, "b@x");
    assert!(!bench.row("c@x").unread);
    bench.sound();
}

#[test]
fn the_in_tray_holds_what_was_given_to_me_mentions_and_answers_in_what_i_have() {
    let bench = bench();
    let bob = other(&bench, "bob");
    let tray = || bench.store.counts(&handle("alice")).unwrap().get(&crate::model::view::View::InTray);
    assert_eq!(tray(), 0);
    act_as(&bob, &bench, "a@x", Known::Assign { to: Some(handle("alice")) });
    assert_eq!(bench.row("a@x").news.unwrap().kind, NewsKind::Given);
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    let news = bench.row("a@x").news.unwrap();
    assert_eq!((news.kind, news.words.as_str()), (NewsKind::Answer, "The text of b@x, about a parcel."));
    act_as(&bob, &bench, "a@x", Known::Note { text: "look @alice".into(), mentions: [handle("alice")].into() });
    let news = bench.row("a@x").news.unwrap();
    assert_eq!((news.kind, news.who, news.words.as_str()), (NewsKind::Mention, Some(handle("bob")), "look @alice"));
    assert_eq!((tray(), count(&bench.store, "is:in-tray")), (1, 1));
    assert!(bench.row("a@x").mentioned);
    look(&bench, "a@x");
    assert_eq!((tray(), count(&bench.store, "is:in-tray"), count(&bench.store, "is:mentioned")), (0, 0, 0));
    assert!(!bench.row("a@x").mentioned);
    assert_eq!(bench.store.counts(&handle("alice")).unwrap().get(&crate::model::view::View::Mentions), 0);
    bench.sound();
}

#[test]
fn mail_in_what_nobody_has_is_unread_and_not_in_the_in_tray() {
    let bench = bench();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    assert_eq!((count(&bench.store, "is:unread"), count(&bench.store, "is:in-tray")), (1, 0));
}

#[test]
fn each_event_is_told_once_and_by_whoever_takes_it_first() {
    let bench = bench();
    let (bob, again) = (other(&bench, "bob"), bench.again());
    let start = bench.store.last_telling().unwrap();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    act_as(&bob, &bench, "a@x", Known::Assign { to: Some(handle("alice")) });
    let told: Vec<NewsEvent> = bench.store.take_tellings(start).unwrap().iter().map(|one| one.event).collect();
    assert_eq!(told, [NewsEvent::New, NewsEvent::Assigned]);
    assert_eq!(bench.store.take_tellings(start).unwrap(), []);
    assert_eq!(again.take_tellings(start).unwrap(), [], "the other screen on this store tells it not again");
    bench.mail(6, "c@x", "ana@example.net", "Parcel", &["a@x"]);
    let told: Vec<NewsEvent> = again.take_tellings(start).unwrap().iter().map(|one| one.event).collect();
    assert_eq!(told, [NewsEvent::Answer]);
    assert_eq!(
        bob.take_tellings(start).unwrap().iter().map(|one| one.event).collect::<Vec<_>>(),
        [NewsEvent::New, NewsEvent::New]
    );
}

#[test]
fn what_was_looked_at_before_anybody_told_it_is_not_told() {
    let bench = bench();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    look(&bench, "b@x");
    assert_eq!(bench.store.take_tellings(0).unwrap(), []);
}

#[test]
fn questions_about_news_go_through_their_indexes() {
    let bench = bench();
    let plan = |sql: &str| -> String {
        let read = |tx: &Transaction<'_>| {
            let mut find = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let lines = find.query_map(["alice"], |row| row.get::<_, String>(3))?;
            Ok(lines.collect::<Result<Vec<_>, _>>()?.join("; "))
        };
        bench.store.read(read).unwrap()
    };
    let tray = plan(&format!("SELECT count(*) FROM {TRAY_FROM} WHERE agent = ?1 AND {TRAY}"));
    assert!(tray.contains("conversation_news_tray"), "{tray}");
    let unread = plan(&format!("SELECT conversation FROM conversation_news WHERE agent = ?1 AND {UNREAD}"));
    assert!(unread.contains("PRIMARY KEY") && !unread.contains("SCAN"), "{unread}");
}

#[test]
fn a_look_at_many_touches_those_alone_in_which_something_is_new() {
    let bench = bench();
    bench.mail(5, "b@x", "ben@example.net", "Lamp", &[]);
    bench.mail(6, "c@x", "cleo@example.net", "Shade", &[]);
    look(&bench, "b@x");
    let shown = ["a@x", "b@x", "c@x"].map(|message| (bench.id(message), bench.row(message).as_of));
    let change = bench.store.look(&shown).unwrap().unwrap();
    assert_eq!(change, Change::Conversations([bench.id("c@x")].into()));
    assert!(!bench.row("c@x").unread);
}

#[test]
fn what_is_told_is_read_before_others_have_to_wait_to_write() {
    let bench = bench();
    let other = bench.again();
    let start = bench.store.last_telling().unwrap();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    // A damaged title can't be read: what can't be told is not taken either.
    let broken = rusqlite::Connection::open(bench.store.path()).unwrap();
    broken.execute_batch("ALTER TABLE conversation RENAME COLUMN title TO was_title").unwrap();
    assert!(bench.store.take_tellings(start).is_err());
    broken.execute_batch("ALTER TABLE conversation RENAME COLUMN was_title TO title").unwrap();
    assert_eq!(other.take_tellings(start).unwrap().len(), 1, "nothing was lost");
    assert_eq!(bench.store.take_tellings(start).unwrap(), []);
}

#[test]
fn however_many_are_told_none_is_told_twice_and_old_ones_go() {
    let bench = bench();
    let start = bench.store.last_telling().unwrap();
    bench.mail(5, "b@x", "ana@example.net", "Parcel", &["a@x"]);
    assert_eq!(bench.store.take_tellings(start).unwrap().len(), 1);
    let raw = rusqlite::Connection::open(bench.store.path()).unwrap();
    let now = bench.store.author().clock.now();
    let fill = |n: i64, at: i64| {
        raw.execute(
            "INSERT INTO telling (agent, key, event, message_id, who, at, taken)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             SELECT 'bob', 'old:' || ?2 || ':' || i, 'new', 'x', '', ?2, 1 FROM n",
            [n, at],
        )
        .unwrap();
    };
    fill(6_000, now.0);
    // Something is written in the conversation, which is still unread.
    bench.mail(6, "c@x", "ana@example.net", "Parcel", &["a@x"]);
    let told = bench.store.take_tellings(start).unwrap();
    assert_eq!(told.len(), 1, "of the first they were told: {told:?}");
    let kept = || raw.query_row("SELECT count(*) FROM telling", [], |row| row.get::<_, i64>(0)).unwrap();
    let before = kept();
    raw.execute("UPDATE telling SET at = at - 3 * 86400000 WHERE agent = 'bob'", []).unwrap();
    bench.mail(7, "d@x", "ana@example.net", "Parcel", &["a@x"]);
    assert!(kept() < before, "{} {before}", kept());
}
