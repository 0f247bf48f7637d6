use proptest::prelude::*;

use super::*;

fn read_back(text: &str) -> Vec<String> {
    match read(text) {
        Found::Values { values, damaged: false, .. } => values.into_iter().map(|value| value.json).collect(),
        other => panic!("{other:?}"),
    }
}

fn refs(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

const ID: &str = r#"{"id":"00000000-0000-7000-8000-000000000001"}"#;

fn json() -> impl Strategy<Value = String> {
    (any::<String>(), ".{0,300}", any::<i64>(), any::<bool>()).prop_map(|(a, b, n, t)| {
        serde_json::json!({ "id": "00000000-0000-7000-8000-000000000001", "a b": a, "note": b, "n": n, "deep": [{ "t": t, "x": "\\u0020 \\ \" \u{1} <é> &amp;" }] })
            .to_string()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back_word_for_word(values in prop::collection::vec(json(), 0..6)) {
        prop_assert_eq!(read_back(&write(Kind::Log, &refs(&values))), values);
    }

    #[test]
    fn compressed_values_are_read_back_word_for_word(values in prop::collection::vec(json(), 1..6)) {
        let mut all = vec![r#"{"snapshot":"00000000-0000-7000-8000-000000000001"}"#.to_owned()];
        values.into_iter().for_each(|value| all.extend(["[1,2,3,4]".to_owned(), value]));
        prop_assert_eq!(read_back(&write(Kind::Snapshot, &refs(&all))), all);
    }

    #[test]
    fn white_space_that_servers_put_in_or_take_away_changes_nothing(
        values in prop::collection::vec(json(), 1..4),
        width in 8usize..40,
    ) {
        let text = write(Kind::Log, &refs(&values));
        let mut spoiled = String::from("\u{feff}Some words\n");
        for line in text.lines() {
            if line.starts_with("-- ") {
                spoiled.push_str(&format!("{line}  \n"));
                continue;
            }
            let letters: Vec<char> = line.chars().collect();
            for part in letters.chunks(width) {
                spoiled.push_str(&format!(" \u{a0}{} \t\n\n", part.iter().collect::<String>()));
            }
        }
        spoiled.push_str("\nThis mail was scanned.\n");
        prop_assert_eq!(read_back(&spoiled), values);
    }

    #[test]
    fn any_text_is_read_without_trouble(text in any::<String>(), tail in "[ -~\n]{0,400}") {
        let _ = read(&text);
        let _ = read(&format!("-- postroom log, format 1 --\n{tail}\n-- end --"));
        let _ = read(&format!("-- postroom snapshot, format 1, compressed --\n{tail}\n-- end --"));
    }
}

#[test]
fn lines_are_short_visible_ascii() {
    let text = write(Kind::Log, &[&serde_json::json!({ "note": "مرحبا ".repeat(300) }).to_string()]);
    assert!(text.is_ascii());
    assert!(text.lines().all(|line| line.len() <= 76));
}

#[test]
fn what_was_cut_off_keeps_the_whole_values_before_it() {
    let text = write(Kind::Log, &[ID, r#"{"b":2}"#]);
    let cut = text.split_once("\"b\"").unwrap().0;
    let Found::Values { values, damaged, .. } = read(cut) else { panic!() };
    assert_eq!((values, damaged), (vec![Value { index: 0, json: ID.to_owned() }], true));
}

#[test]
fn a_quoted_log_mail_is_not_one() {
    let quoted: String = write(Kind::Log, &[ID]).lines().map(|l| format!("> {l}\n")).collect();
    assert_eq!(read(&quoted), Found::Nothing);
}

#[test]
fn a_newer_format_is_told_apart() {
    assert_eq!(read("-- postroom log, format 2, folded --\nxyz"), Found::Newer(2));
}

#[test]
fn what_would_unpack_to_more_than_readers_take_is_written_as_it_is() {
    let record =
        serde_json::json!({ "id": "00000000-0000-7000-8000-000000000001", "by": "x", "text": "a".repeat(400_000) });
    let text = write(Kind::Log, &[&record.to_string()]);
    assert!(text.starts_with("-- postroom log, format 1 --"));
    assert_eq!(read_back(&text), [record.to_string()]);
}
