use proptest::prelude::*;
use serde_json::json;

use super::super::payload::{self, Found};
use super::*;

fn id(n: usize) -> String {
    format!("00000000-0000-7000-8000-{n:012x}")
}

fn record(n: usize, targets: usize) -> String {
    json!({"v": 1, "id": id(n), "on": (0..targets).map(|n| json!({"on": format!("m{n}")})).collect::<Vec<_>>()})
        .to_string()
}

fn by(n: usize, targets: usize) -> String {
    record(n, targets).replacen("{", "{\"by\":\"postroom/9\",", 1)
}

/// The mail as somebody writes it who says that it keeps to the bounds.
fn bounded(text: &str) -> String {
    format!("{text}-- by postroom/9 --\n")
}

/// The mail as somebody writes it who keeps to nothing.
fn packed(kind: &str, values: &str) -> String {
    let packed = data_encoding::BASE64.encode(&zstd::encode_all(values.as_bytes(), 9).unwrap());
    format!("-- postroom {kind}, format 1, compressed --\n{packed}\n-- end --\n")
}

fn read(text: &str) -> (Vec<Value>, bool) {
    match payload::read(text) {
        Found::Values { values, damaged, .. } => (values, damaged),
        other => panic!("{other:?}"),
    }
}

/// How many bytes of a stream are taken, and how many are held at most.
fn taken(values: &mut Values, stream: impl Iterator<Item = u8>) -> (usize, usize) {
    let (mut came, mut most) = (0, 0);
    for byte in stream {
        came += 1;
        let going_on = values.feed(&[byte]);
        let inside = match &values.at {
            At::Inside { held: Some(held), .. } => held.len(),
            _ => 0,
        };
        most = most.max(inside + values.held);
        if !going_on {
            break;
        }
    }
    (came, most)
}

#[test]
fn values_that_are_no_records_are_let_go_and_end_the_reading_soon() {
    let numbers = || std::iter::repeat_n(*b"1 ", 40_000_000).flatten();
    let array = || std::iter::once(b'[').chain(std::iter::repeat_n(*b"1,", 40_000_000).flatten());
    let object = || br#"{"a":["#.iter().copied().chain(std::iter::repeat_n(*b"1,", 40_000_000).flatten());
    let text = || std::iter::once(b'"').chain(std::iter::repeat_n(b'a', 80_000_000));
    for kind in [Kind::Log, Kind::Snapshot] {
        let streams: [Box<dyn Iterator<Item = u8>>; 4] =
            [Box::new(numbers()), Box::new(array()), Box::new(object()), Box::new(text())];
        for stream in streams {
            let mut values = Values::new(kind, true, 417, false);
            let (came, held) = taken(&mut values, stream);
            assert!(came <= 2 * (unpacked_max(417) + ID_WITHIN), "{came}");
            assert!(held <= ID_WITHIN, "{held}");
            assert_eq!(values.finish(), (Vec::new(), false));
        }
    }
    let mut values = Values::new(Kind::Log, true, 417, false);
    let (came, _) = taken(&mut values, std::iter::repeat_n(*b"1,", 40_000_000).flatten());
    assert_eq!(came, 2, "no value begins with a comma");
}

#[test]
fn places_count_what_was_let_go() {
    let (values, damaged) =
        read(&packed("log", &format!("1 {{\"a\":1}}\n{}\n\"x\" [1]{}", record(1, 1), record(2, 1))));
    let found: Vec<u32> = values.iter().map(|value| value.index).collect();
    assert_eq!((found, damaged), (vec![2, 5], true));
}

#[test]
fn a_mail_that_does_not_say_who_made_it_has_five_thousand_records() {
    let text: String = (0..6_000).map(|n| record(n, 1) + "\n").collect();
    let (values, damaged) = read(&packed("log", &text));
    assert_eq!((values.len(), damaged), (5_000, true));
    let text: String = (0..5_000).map(|n| record(n, 1) + "\n").collect();
    let (values, damaged) = read(&packed("log", &text));
    assert_eq!((values.len(), damaged), (5_000, false));
}

#[test]
fn a_mail_that_does_not_say_who_made_it_has_eight_mebibytes_or_one_record() {
    let text: String = (0..210).map(|n| record(n, 20_000) + "\n").collect();
    let (values, damaged) = read(&packed("log", &text));
    let bytes: usize = values.iter().map(|value| value.json.len()).sum();
    assert!(damaged && bytes <= UNSIGNED_BYTES && bytes > UNSIGNED_BYTES / 2, "{bytes}");
    let alone = json!({"id": id(1), "on": (0..20_000).map(|n| json!({"on": format!("{n:0500}")})).collect::<Vec<_>>()});
    let alone = alone.to_string();
    assert!(alone.len() > UNSIGNED_BYTES);
    assert_eq!(read(&packed("log", &alone)).0.len(), 1);
    let (values, damaged) = read(&packed("log", &format!("{}\n{alone}", record(2, 1))));
    assert_eq!((values.len(), damaged), (1, true));
}

#[test]
fn one_record_can_not_be_without_end() {
    let text = format!("{{\"id\":\"{}\",\"text\":\"{}\"}}", id(1), "a".repeat(RECORD_MAX));
    assert_eq!(read(&packed("log", &text)), (Vec::new(), true));
}

#[test]
fn a_mail_that_says_who_made_it_and_unpacks_to_more_than_its_bound_is_refused() {
    let record = json!({"by": "postroom/9", "id": id(1), "text": "a".repeat(400_000)}).to_string();
    let text = format!("{record}\n");
    let mail = bounded(&packed("log", &text));
    let size = mail.lines().nth(1).unwrap().len();
    assert!(text.len() > unpacked_max(size), "{} {size}", text.len());
    assert_eq!(read(&mail), (Vec::new(), true));
    assert_eq!(read(&payload::write(Kind::Log, &[&record])).0.len(), 1, "as it is written it is taken");
}

#[test]
fn a_mail_that_says_who_made_it_has_twenty_thousand_targets_in_all() {
    let mail = |records: &[String]| payload::write(Kind::Log, &records.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(read(&mail(&[by(1, 15_000), by(2, 5_000)])).0.len(), 2);
    assert_eq!(read(&mail(&[by(1, 15_000), record(2, 5_001)])), (Vec::new(), true));
}

#[test]
fn a_snapshot_that_says_who_made_it_keeps_to_the_same_bounds() {
    let header = json!({"snapshot": id(9), "part": 0}).to_string();
    let text = format!("{header}\n[1,2,3,0]\n{}\n[1,2,4,0]\n{}\n", by(1, 15_000), by(2, 5_001));
    assert_eq!(read(&packed("snapshot", &text)).0.len(), 5);
    assert_eq!(read(&bounded(&packed("snapshot", &text))), (Vec::new(), true));
}

#[test]
fn records_that_an_older_client_pushes_again_are_read_whoever_made_them() {
    let mail = packed("log", &format!("{}\n{}\n", by(1, 20_000), by(2, 5_000)));
    assert!(!read(&mail).1);
    assert_eq!(read(&mail).0.len(), 2, "the records say which program made them, and not which one wrote the mail");
    let many: Vec<String> = (0..200).map(|n| by(n, 500)).collect();
    let mail = packed("log", &many.join("\n"));
    assert!(many.iter().map(String::len).sum::<usize>() > unpacked_max(mail.len()));
    assert_eq!(read(&mail).0.len(), 200);
}

#[test]
fn a_snapshot_of_a_client_that_said_nothing_keeps_its_records_and_lets_go_the_others() {
    let header = json!({"snapshot": id(9), "part": 0}).to_string();
    let text =
        format!("{header}\n[1,2,3,0]\n{}\n[1,2,3,1]\n{{\"n\":1}}\n[1,2,4,0]\n{}\n", by(1, 19_000), by(2, 19_000));
    let (values, damaged) = read(&packed("snapshot", &text));
    let found: Vec<String> = values.into_iter().map(|value| value.json).collect();
    assert_eq!(found, [header, "[1,2,3,0]".into(), by(1, 19_000), "[1,2,4,0]".into(), by(2, 19_000)]);
    assert!(!damaged);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The quick way agrees with taking all of it in and cutting it up.
    #[test]
    fn what_is_kept_is_what_a_parser_of_the_whole_finds(
        parts in prop::collection::vec(prop_oneof![
            (0usize..9, 0usize..4).prop_map(|(n, targets)| record(n, targets)),
            Just("{\"a\": {\"id\": [1, \"}\"]}}".to_owned()),
            Just("[1, {\"id\": 2}]".to_owned()),
            Just("\"te{xt \\\" \\\\\"".to_owned()),
            Just("-1.5e+3".to_owned()),
            Just("null".to_owned()),
        ], 0..12),
        piece in 1usize..9,
    ) {
        let text = parts.join("\n");
        let mut values = Values::new(Kind::Log, true, 1000, false);
        text.as_bytes().chunks(piece).for_each(|bytes| { values.feed(bytes); });
        let (found, _) = values.finish();
        let mut whole = Vec::new();
        let stream = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
        for (value, index) in stream.map(Result::unwrap).zip(0..) {
            if value.get("id").is_some_and(serde_json::Value::is_string) {
                whole.push((index, value));
            }
        }
        let found: Vec<(u32, serde_json::Value)> =
            found.iter().map(|value| (value.index, serde_json::from_str(&value.json).unwrap())).collect();
        prop_assert_eq!(found, whole);
    }
}
