use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::command::Action;
use crate::model::clock::Timestamp;

/// Returns each message of the catalogue with its source.
fn entries() -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for line in ENGLISH.lines() {
        match line.split_once(" = ").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            Some((id, text)) => {
                assert!(all.insert(id.to_owned(), text.to_owned()).is_none(), "{id} stands twice");
                last = Some(id.to_owned());
            }
            None if line.starts_with(' ') => all.get_mut(last.as_ref().unwrap()).unwrap().push_str(line),
            None => last = None,
        }
    }
    all
}

fn words_behind(text: &str, sign: &str) -> BTreeSet<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
    text.split(sign).skip(1).map(word).filter(|word: &String| !word.is_empty()).collect()
}

/// Returns the arguments of a message, with those of the messages that stand in it, and notes which those are.
fn arguments(id: &str, all: &BTreeMap<String, String>, named: &mut BTreeSet<String>) -> BTreeSet<String> {
    let source = all.get(id).unwrap_or_else(|| panic!("{id} stands in another message, but not in the catalogue"));
    let mut found: BTreeSet<String> = words_behind(source, "{ $");
    for other in words_behind(source, "{ ") {
        named.insert(other.clone());
        found.extend(arguments(&other, all, named));
    }
    found
}

/// Returns every file of the program with its text, tests left out.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.to_str().unwrap().to_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if name.ends_with(".rs") && !name.ends_with("_tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            found.push((name, code));
        }
    }
}

/// Splits what stands between the brackets of a macro at its commas, and returns it with what stands behind.
fn split_call(call: &str) -> Vec<String> {
    let (mut parts, mut depth, mut part, mut chars) = (Vec::new(), 0, String::new(), call.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                part.push(c);
                while let Some(inner) = chars.next() {
                    part.push(inner);
                    match inner {
                        '\\' => part.extend(chars.next()),
                        '"' => break,
                        _ => {}
                    }
                }
                continue;
            }
            ')' | ']' | '}' if depth == 0 => break,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(std::mem::take(&mut part));
                continue;
            }
            _ => {}
        }
        part.push(c);
    }
    parts.push(part);
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Returns what code says: the place, the id, the arguments.
fn said_in_code() -> Vec<(String, String, BTreeSet<String>)> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut found = Vec::new();
    for (name, code) in files {
        // The last one names the count by itself.
        for (sign, named) in [("say!(", None), ("phrase!(", None), ("deed!(", Some("count"))] {
            for (_, call) in code.match_indices(sign).map(|(at, _)| code.split_at(at + sign.len())) {
                let parts = split_call(call);
                let Some(id) = parts.first().and_then(|id| id.strip_prefix('"')?.strip_suffix('"')) else { continue };
                let args = parts[1..].iter().map(|part| part.split(" =").next().unwrap());
                found.push((name.clone(), id.to_owned(), args.chain(named).map(str::to_owned).collect()));
            }
        }
    }
    // What no macro makes, and what only a migration does.
    found.push(("model/phrase.rs".to_owned(), "said".to_owned(), ["text".to_owned()].into()));
    let actions = Action::ALL.iter().map(|action| format!("action-{}", action.name()));
    found.extend(actions.map(|id| ("command/action.rs".to_owned(), id, BTreeSet::new())));
    found
}

#[test]
fn everything_that_code_says_stands_in_the_catalogue_with_its_arguments_and_nothing_else_does() {
    let all = entries();
    let mut unused: BTreeSet<String> = all.keys().cloned().collect();
    let mut wrong = Vec::new();
    for (place, id, given) in said_in_code() {
        if !all.contains_key(&id) {
            wrong.push(format!("{place} says {id}, which en.ftl lacks"));
            continue;
        }
        let mut named = BTreeSet::new();
        let wanted = arguments(&id, &all, &mut named);
        if wanted != given {
            wrong.push(format!("{place} says {id} with {given:?}, en.ftl wants {wanted:?}"));
        }
        unused.remove(&id);
        unused.retain(|id| !named.contains(id));
    }
    wrong.extend(unused.into_iter().map(|id| format!("nothing says {id}")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_catalogue_says_of_each_action_what_its_documentation_says() {
    for action in Action::ALL {
        assert_eq!(action.sentence(), action.documented(), "{}", action.name());
    }
}

#[test]
fn every_sentence_of_the_catalogue_can_be_made_for_one_and_for_many() {
    let catalogue = Catalogue::english();
    let all = entries();
    for id in all.keys() {
        let pattern = catalogue.bundle.get_message(id).and_then(|message| message.value());
        let pattern = pattern.unwrap_or_else(|| panic!("{id} can't be read"));
        for count in [1, 2, 10_000] {
            let mut args = FluentArgs::new();
            for name in arguments(id, &all, &mut BTreeSet::new()) {
                match name.as_str() {
                    "count" => args.set(name, count),
                    _ => args.set(name, "x"),
                }
            }
            let mut faults = Vec::new();
            let made = catalogue.bundle.format_pattern(pattern, Some(&args), &mut faults);
            assert!(faults.is_empty(), "{id}: {made}: {faults:?}");
            assert!(!made.contains(['{', '}', '\u{2068}']) || id.contains("brace"), "{id}: {made}");
        }
    }
}

#[test]
fn numbers_are_set_apart_and_choose_their_words() {
    assert_eq!(conversations(1), "1 conversation");
    assert_eq!(conversations(0), "0 conversations");
    assert_eq!(conversations(1_204_311), "1,204,311 conversations");
    assert_eq!(number(1_204_311), "1,204,311");
    assert_eq!((size(812), size(14_999), size(2_345_678)), ("812 B".into(), "14 KB".into(), "2.3 MB".into()));
}

#[test]
fn a_phrase_keeps_its_code_and_arguments_through_json() {
    let inner = phrase!("did-assigned", count = 2_u64, who = "bob");
    let phrase = phrase!("undo-undid", what = inner).with("span", Arg::Span { span: 5_000 });
    let json = serde_json::to_string(&phrase).unwrap();
    assert_eq!(serde_json::from_str::<Phrase>(&json).unwrap(), phrase, "{json}");
    assert_eq!(render(&phrase), "Undid: assigned 2 conversations to bob");
}

#[test]
fn a_code_of_a_newer_program_is_said_by_itself() {
    let newer: Phrase = serde_json::from_str(r#"{"code":"far-ahead","args":{"n":3,"who":"bob"}}"#).unwrap();
    assert_eq!(render(&newer), "far-ahead n=3 who=bob");
}

#[test]
fn words_that_were_there_already_come_out_as_they_are() {
    for words in ["550 { $mailbox } {\"x\"} = none", "", "  two\nlines "] {
        assert_eq!(render(&Phrase::said(words)), words);
    }
}

#[test]
fn lengths_of_time_are_short() {
    let ago = |minutes: i64| age(Timestamp(0), Timestamp(minutes * 60_000));
    assert_eq!([ago(-5), ago(0), ago(5), ago(180), ago(17_280)], ["now", "now", "5m", "3h", "12d"]);
    assert_eq!([ago(80_640), ago(1_051_200)], ["8w", "2y"]);
    assert_eq!([span(2_000), span(300_000), span(10_800_000), span(345_600_000)], ["2 s", "5 min", "3 h", "4 days"]);
}

/// What a status line costs: `cargo test --release --lib text -- --ignored --nocapture`.
#[test]
#[ignore = "a benchmark"]
fn saying_something_is_cheap() {
    let begun = std::time::Instant::now();
    let catalogue = Catalogue::read("en".parse().unwrap(), ENGLISH);
    println!("read in {:?}", begun.elapsed());
    let phrase = phrase!("did-assigned", count = 12_u64, who = "bob");
    let begun = std::time::Instant::now();
    for _ in 0..100_000 {
        std::hint::black_box(catalogue.render(std::hint::black_box(&phrase)));
    }
    println!("said in {:?} each", begun.elapsed() / 100_000);
}
