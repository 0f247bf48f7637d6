use super::*;
use crate::model::clock::{Clock, Ids};
use crate::op::operation::{Known, Target};
use crate::op::record::{Author, NewOperation};
use crate::store::testing::{Bench, START, main, mid};
use crate::store::{LogLine, LogPlace};

#[test]
fn what_was_told_is_news_again_only_where_it_is_otherwise() {
    let bench = Bench::new();
    let is_news = |words: &str| bench.store.is_news("team:main", words).unwrap();
    assert!(!is_news(""), "that all is well needs no telling");
    assert!(is_news("bob is missing"));
    assert!(!is_news("bob is missing"));
    assert!(is_news("carol is missing"));
    assert!(is_news(""));
    assert!(!is_news(""));
}

/// Puts a record of somebody on the log, some days ago, as the program `by` wrote it.
fn wrote(bench: &Bench, uid: u32, actor: &str, days: i64, by: Option<&str>) {
    let author = Author {
        actor: Handle::new(actor).unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(START).plus(-days * Timestamp::DAY)),
        ids: Ids::counted(u64::from(uid) * 100),
    };
    let note = Known::Note { text: "hello".into(), mentions: Default::default() };
    let mut record =
        author.batch(u64::from(uid), None, vec![NewOperation::new(note, vec![Target::on(mid("a@x"))])]).remove(0);
    record.by = by.map(str::to_owned);
    let place = LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    bench.store.ingest_log(&main(), vec![LogLine { place, json: record.to_json() }]).unwrap();
}

#[test]
fn an_author_signs_whose_program_does_and_who_wrote_long_ago_is_not_asked() {
    let bench = Bench::new();
    wrote(&bench, 1, "bob", 40, None);
    wrote(&bench, 2, "carol", 20, None);
    wrote(&bench, 3, "carol", 2, Some("postroom/0.2.0"));
    wrote(&bench, 4, "dave", 3, Some("postroom/0.1.0"));
    wrote(&bench, 5, "erin", 3, None);
    let since = Timestamp::from_seconds(START).plus(-30 * Timestamp::DAY);
    let found = bench.store.signers(&main(), since).unwrap();
    let found: Vec<(&str, bool)> = found.iter().map(|(who, signs)| (who.as_str(), *signs)).collect();
    assert_eq!(found, [("carol", true), ("dave", false), ("erin", false)]);
}
