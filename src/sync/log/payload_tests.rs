use proptest::prelude::*;

use super::*;

fn read_back(text: &str) -> Vec<String> {
    match read(text) {
        Found::Values { lines, damaged: false, .. } => lines,
        other => panic!("{other:?}"),
    }
}

fn refs(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

fn json() -> impl Strategy<Value = String> {
    (any::<String>(), ".{0,300}", any::<i64>(), any::<bool>()).prop_map(|(a, b, n, t)| {
        serde_json::json!({ "a b": a, "note": b, "n": n, "deep": [{ "t": t, "x": "\\u0020 \\ \" \u{1} <é> &amp;" }] })
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
    fn compressed_values_are_read_back_word_for_word(values in prop::collection::vec(json(), 0..6)) {
        prop_assert_eq!(read_back(&write(Kind::Snapshot, &refs(&values))), values);
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
    let text = write(Kind::Log, &[r#"{"a":1}"#, r#"{"b":2}"#]);
    let cut = text.split_once("\"b\"").unwrap().0;
    let Found::Values { lines, damaged, .. } = read(cut) else { panic!() };
    assert_eq!((lines, damaged), (vec![r#"{"a":1}"#.to_owned()], true));
}

#[test]
fn a_quoted_log_mail_is_not_one() {
    let quoted: String = write(Kind::Log, &[r#"{"a":1}"#]).lines().map(|l| format!("> {l}\n")).collect();
    assert_eq!(read(&quoted), Found::Nothing);
}

#[test]
fn a_newer_format_is_told_apart() {
    assert_eq!(read("-- postroom log, format 2, folded --\nxyz"), Found::Newer(2));
}

#[test]
fn a_small_mail_can_not_unpack_to_more_than_the_bound() {
    let zeros = vec![b' '; (UNPACKED_MAX + 10) as usize];
    let packed = data_encoding::BASE64.encode(&zstd::encode_all(zeros.as_slice(), 1).unwrap());
    let text = format!("-- postroom log, format 1, compressed --\n{packed}\n-- end --");
    assert_eq!(read(&text), Found::Values { kind: Kind::Log, lines: vec![], damaged: true });
}

#[test]
fn a_small_mail_can_not_become_millions_of_values() {
    let many = "1 ".repeat(3_000_000);
    let packed = data_encoding::BASE64.encode(&zstd::encode_all(many.as_bytes(), 1).unwrap());
    let text = format!("-- postroom log, format 1, compressed --\n{packed}\n-- end --");
    assert!(text.len() < 10_000);
    let Found::Values { lines, damaged, .. } = read(&text) else { panic!() };
    assert!(lines.len() <= VALUES_MAX && damaged, "{}", lines.len());
}
