use super::super::testing::{Bench, main, mid, options};
use super::super::{LogLine, LogPlace, Takeback};
use super::*;
use crate::model::ids::{Handle, OpId};
use crate::model::status::Status;
use crate::op::operation::{Expect, Target};
use crate::op::record::{Author, NewOperation};

fn close() -> Known {
    Known::SetStatus { to: Status::Closed }
}

fn all(bench: &Bench, conversation: Option<ConversationId>) -> Vec<LogEntry> {
    bench.store.log(&LogFilter { conversation, before: None, limit: 50 }).unwrap()
}

fn place(uid: u32) -> LogPlace {
    LogPlace { epoch: 0, validity: 1, uid, index: 0 }
}

/// A claim of bob's on `message`, as the log brings it.
fn claim_of_bob(message: &str) -> Record {
    let author: Author = options("bob", 900).author;
    let mut target = Target::on(mid(message));
    target.expect = Some(Expect::Nobody);
    let to = Some(Handle::new("bob").unwrap());
    author.batch(0, None, vec![NewOperation::new(Known::Assign { to }, vec![target])]).remove(0)
}

/// Alice claims first by her own clock, but bob's claim stands first on the log.
fn raced() -> (Bench, OpId) {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Order", &[]);
    let mine = bench.act("a@x", Known::Assign { to: Some(Handle::new("alice").unwrap()) }).records.remove(0);
    let bobs = claim_of_bob("a@x");
    let lines =
        vec![LogLine { place: place(1), json: bobs.to_json() }, LogLine { place: place(2), json: mine.to_json() }];
    bench.store.ingest_log(&main(), lines).unwrap();
    (bench, mine.id)
}

#[test]
fn the_trail_is_in_the_order_of_the_log_and_says_who_was_first() {
    let (bench, _) = raced();
    for conversation in [None, Some(bench.id("a@x"))] {
        let said: Vec<(String, Option<String>)> =
            all(&bench, conversation).into_iter().map(|e| (e.sentence.to_string(), e.lost_to)).collect();
        let lost = ("alice took this".to_owned(), Some("bob".to_owned()));
        assert_eq!(said, [lost, ("bob took this".to_owned(), None)]);
    }
}

#[test]
fn every_page_of_the_trail_begins_behind_the_last_entry_of_the_one_before() {
    let (bench, _) = raced();
    let _ = bench.act("a@x", close());
    let _ = bench.act("a@x", Known::Title { text: "Lamp".into() });
    for conversation in [None, Some(bench.id("a@x"))] {
        let whole: Vec<OpId> = all(&bench, conversation.clone()).iter().map(|e| e.id).collect();
        let mut paged = Vec::new();
        let mut before = None;
        loop {
            let page = bench.store.log(&LogFilter { conversation: conversation.clone(), before, limit: 1 }).unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            paged.extend(page.iter().map(|e| e.id));
        }
        assert_eq!(paged, whole);
        assert_eq!(whole.len(), 4);
    }
}

#[test]
fn an_undo_is_told_by_what_it_took_back() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("a@x", close());
    let _ = bench.store.undo().unwrap();
    let _ = bench.store.redo().unwrap();
    let said: Vec<String> = all(&bench, None).iter().map(|e| e.sentence.to_string()).collect();
    assert_eq!(said, ["alice brought back: closed this", "alice took back: closed this", "alice closed this"]);
}

#[test]
fn an_operation_that_is_undone_already_is_not_undone_again() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Order", &[]);
    let closed = bench.act("a@x", close()).records.remove(0).id;
    assert!(matches!(bench.store.undo_operation(closed).unwrap(), Takeback::Done(_)));
    let records = all(&bench, None).len();
    let again = bench.store.undo_operation(closed).unwrap();
    assert!(matches!(&again, Takeback::Already(what) if what.as_str() == "alice closed this"), "{again:?}");
    assert_eq!(all(&bench, None).len(), records);
    assert_eq!(bench.store.undo_operation(OpId(uuid::Uuid::from_u128(99))).unwrap(), Takeback::Unknown);
    let seen = bench.act("a@x", Known::SeenMentions).records.remove(0).id;
    assert!(matches!(bench.store.undo_operation(seen).unwrap(), Takeback::Never(_)));
}

#[test]
fn the_time_line_says_why_something_has_no_effect() {
    let (bench, _) = raced();
    let closed = bench.act("a@x", close()).records.remove(0).id;
    let _ = bench.store.undo_operation(closed).unwrap();
    let items = bench.store.conversation(&bench.id("a@x"), 50).unwrap().unwrap().items;
    let reasons: Vec<(String, String)> = items
        .iter()
        .filter_map(|item| match item {
            crate::model::conversation::Item::Event(e) => {
                Some((e.sentence.to_string(), text::render_any(e.void.as_ref())))
            }
            _ => None,
        })
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert!(reasons.contains(&pair("alice took this", "bob was first")), "{reasons:?}");
    assert!(reasons.contains(&pair("alice closed this", "undone")), "{reasons:?}");
    assert!(reasons.contains(&pair("bob took this", "")), "{reasons:?}");
}

#[test]
fn what_is_merged_into_another_takes_that_ones_subject_however_old_it_is() {
    let bench = Bench::new();
    bench.mail(0, "old@x", "ana@example.net", "Older", &[]);
    bench.mail(100, "new@x", "eve@example.net", "Newer", &[]);
    let _ = bench.act("old@x", Known::Merge { into: mid("new@x") });
    assert_eq!(bench.row("old@x").title.as_str(), "Newer");
    assert_eq!(bench.row("old@x").messages, 2);
    bench.sound();
}

#[test]
fn a_claim_of_several_tells_how_many_of_them_it_lost() {
    let bench = Bench::new();
    let messages = ["a@x", "b@x", "c@x"];
    for (n, message) in messages.iter().enumerate() {
        bench.mail(n as i64, message, &format!("ana{n}@example.net"), &format!("Order {n}"), &[]);
    }
    let on = messages.map(|message| Target { expect: Some(Expect::Nobody), ..Target::on(mid(message)) });
    let to = Some(Handle::new("alice").unwrap());
    let mine =
        bench.store.commit(vec![NewOperation::new(Known::Assign { to }, on.to_vec())]).unwrap().records.remove(0);
    let lines = vec![
        LogLine { place: place(1), json: claim_of_bob("b@x").to_json() },
        LogLine { place: place(2), json: mine.to_json() },
    ];
    bench.store.ingest_log(&main(), lines).unwrap();
    let told = |conversation| {
        let entries = all(&bench, conversation);
        let entry = entries.iter().find(|entry| entry.id == mine.id).unwrap();
        (entry.touched, entry.lost, entry.lost_to.clone())
    };
    assert_eq!(told(None), (3, 1, None));
    assert_eq!(told(Some(bench.id("a@x"))), (3, 1, None));
    assert_eq!(told(Some(bench.id("b@x"))), (3, 1, Some("bob".to_owned())));
}
