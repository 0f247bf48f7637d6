//! Records that no honest client writes: each is taken in or set aside, and the store stays readable.

use serde_json::json;

use super::testing::*;
use super::*;
use crate::model::status::Status;
use crate::op::operation::Known;
use crate::op::record::NewOperation;

fn line(uid: u32, json: &serde_json::Value) -> LogLine {
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json: json.to_string() }
}

fn record(n: u32, op: &serde_json::Value, on: &serde_json::Value) -> serde_json::Value {
    json!({
        "v": 1, "id": format!("00000000-0000-7000-8000-{n:012x}"), "actor": "eve", "host": "h",
        "at": 1_800_000_000_000i64, "lamport": 1, "on": on, "op": op,
    })
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Parcel", &[]);
    bench.mail(60, "b@x", "ben@example.net", "Invoice", &[]);
    bench.finish();
    bench
}

/// Takes the lines in, and looks whether everything still works.
fn survives(lines: Vec<LogLine>) -> Bench {
    let bench = bench();
    bench.store.ingest_log(&main(), lines).unwrap();
    bench.sound();
    bench.store.log(&LogFilter { conversation: None, before: None, limit: 1000 }).unwrap();
    let _ = bench.act("a@x", Known::SetStatus { to: Status::Closed });
    assert_eq!(bench.row("a@x").status, Status::Closed);
    bench.sound();
    bench
}

#[test]
fn absurd_numbers_times_and_names_hurt_nobody() {
    let on = json!([{ "on": "a@x", "as_of": { "at": i64::MAX, "ids": [] } }]);
    let mut lines = Vec::new();
    let close = json!({"kind": "set-status", "to": "closed"});
    for (n, (field, value)) in [
        ("lamport", json!(u64::MAX)),
        ("at", json!(i64::MIN)),
        ("at", json!(i64::MAX)),
        ("v", json!(u32::MAX)),
        ("actor", json!("\u{130}".repeat(64))),
        ("actor", json!("bob\u{1b}[2J")),
        ("host", json!("\u{1b}]0;pwned\u{7}".repeat(10_000))),
        ("after", json!({"validity": u32::MAX, "uid": u32::MAX})),
        ("batch", json!("00000000-0000-7000-8000-000000000001")),
        ("on", json!([{"on": "", "expect": {"agent": "x"}}])),
    ]
    .into_iter()
    .enumerate()
    {
        let mut record = record(n as u32 + 1, &close, &on);
        record[field] = value;
        lines.push(line(n as u32 + 1, &record));
    }
    for (n, op) in [
        json!({"kind": "snooze", "until": i64::MAX}),
        json!({"kind": "snooze", "until": i64::MIN}),
        json!({"kind": "replying", "until": i64::MAX}),
        json!({"kind": "title", "text": "\u{202e}gpj.exe\r\nBcc: x"}),
        json!({"kind": "note", "text": "\u{1b}]52;c;cm0gLXJmIH4=\u{7}".repeat(2000)}),
        json!({"kind": "tag", "add": ["\u{130}".repeat(64)]}),
        json!({"kind": "history-before", "mailbox": "support@team.example", "before": i64::MAX}),
        json!({"kind": "history-before", "mailbox": "", "before": i64::MIN}),
        json!({"kind": "saved-reply", "name": "../../.ssh/authorized_keys", "text": "x"}),
        json!({"kind": "undo", "of": "00000000-0000-7000-8000-000000000040"}),
        json!({"kind": null}),
    ]
    .into_iter()
    .enumerate()
    {
        lines.push(line(n as u32 + 50, &record(n as u32 + 64, &op, &on)));
    }
    let bench = survives(lines);
    let counter = bench.store.read(record::lamport).unwrap();
    assert!(counter < 1 << 40, "one client's counter leaves room for the others: {counter}");
}

#[test]
fn circles_of_merges_splits_and_undos_end() {
    let id = |n: u32| format!("00000000-0000-7000-8000-{n:012x}");
    let mut lines = Vec::new();
    for n in 0..40u32 {
        let (from, to) = if n % 2 == 0 { ("a@x", "b@x") } else { ("b@x", "a@x") };
        let op = match n % 4 {
            0 | 1 => json!({"kind": "merge", "into": to}),
            2 => json!({"kind": "split"}),
            _ => json!({"kind": "undo", "of": id(n + 8)}),
        };
        lines.push(line(n + 1, &record(n + 1, &op, &json!([{"on": from}]))));
    }
    // Undos that name each other, and one that names itself.
    for (n, of) in [(100, 101), (101, 100), (102, 102)] {
        lines.push(line(n, &record(n, &json!({"kind": "undo", "of": id(of)}), &json!([{"on": "a@x"}]))));
    }
    survives(lines);
}

#[test]
fn a_record_on_too_many_conversations_is_set_aside_and_carried() {
    let on: Vec<_> = (0..30_000).map(|n| json!({"on": format!("m{n}@x")})).collect();
    let bench = survives(vec![line(1, &record(1, &json!({"kind": "split"}), &json!(on)))]);
    let kept = bench.store.log_lines(&main(), None, 10).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].json.contains("m29999@x"));
}

#[test]
fn more_records_at_one_place_than_a_page_has_are_all_carried() {
    let op = json!({"kind": "tag", "add": ["x"]});
    let mut lines: Vec<LogLine> = (1..=23).map(|n| line(7, &record(n, &op, &json!([{"on": "a@x"}])))).collect();
    lines.insert(0, line(3, &record(50, &op, &json!([{"on": "a@x"}]))));
    lines.extend((60..=65).map(|n| line(n, &record(n, &op, &json!([{"on": "a@x"}])))));
    let of_two_validities = lines.iter().cloned().enumerate().map(|(n, mut line)| {
        line.place.validity = 1 + u32::from(n % 2 == 0);
        line
    });
    for lines in [lines.clone(), of_two_validities.collect()] {
        all_are_carried(&survives(lines), 30);
    }
}

fn all_are_carried(bench: &Bench, count: usize) {
    for page in [1, 2, 5, 22, 23, 24, 100] {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let lines = bench.store.log_lines(&main(), after, page).unwrap();
            let Some(last) = lines.last() else { break };
            after = Some(last.place);
            all.extend(lines);
        }
        all.dedup();
        assert_eq!(all.len(), count, "pages of {page}");
    }
}

#[test]
fn what_two_clients_wrote_under_one_id_counts_once_and_as_the_first_says() {
    let op = |tag: &str| json!({"kind": "tag", "add": [tag]});
    let on = json!([{"on": "a@x"}]);
    let bench = survives(vec![line(1, &record(1, &op("first"), &on)), line(2, &record(1, &op("second"), &on))]);
    let row = bench.row("a@x");
    assert_eq!(row.tags.iter().map(|t| t.as_str().to_owned()).collect::<Vec<_>>(), ["first"]);
}

#[test]
fn json_that_is_deep_or_long_or_none_is_set_aside() {
    let raw = |uid, json: String| LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json };
    survives(vec![
        raw(1, "[".repeat(100_000)),
        raw(2, format!("{{\"op\":{}{}}}", "{\"a\":".repeat(5000), "1".to_owned() + &"}".repeat(5000))),
        raw(3, String::new()),
        raw(4, "\u{0}".to_owned()),
        raw(5, format!("\"{}\"", "x".repeat(3_000_000))),
    ]);
}

#[test]
fn what_other_clients_would_not_take_is_not_committed() {
    let bench = bench();
    let target = || vec![crate::op::operation::Target::on(mid("a@x"))];
    let tags = |n: usize| (0..n).map(|n| crate::model::ids::Tag::new(&format!("t{n}")).unwrap()).collect();
    for op in [
        Known::Title { text: "x".repeat(2001) },
        Known::Note { text: "x".repeat(400_001), mentions: Default::default() },
        Known::Tag { add: tags(150), remove: tags(51) },
    ] {
        let error = bench.store.commit(vec![NewOperation::new(op, target())]).unwrap_err();
        assert!(matches!(error, StoreError::TooLong(_)), "{error}");
    }
    assert!(bench.store.unpushed(10).unwrap().is_empty());
}
