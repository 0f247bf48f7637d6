//! Searches in many scripts over mails that people could have written: `tests/languages`.

use std::path::Path;

use super::super::testing::{Bench, context, incoming, mid, raw};
use crate::mime;
use crate::model::stop::Stop;
use crate::op::operation::Known;
use crate::query::{self, fold_text};
use crate::store::Store;
use crate::store::facts::hash;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/languages")
}

/// A store with all the mails.
fn filled() -> Bench {
    filled_from(&folder())
}

fn filled_from(folder: &Path) -> Bench {
    let bench = Bench::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    files.sort();
    let mails =
        files.iter().zip(1..).map(|(path, uid)| incoming(uid, uid.into(), std::fs::read(path).unwrap())).collect();
    bench.store.ingest(bench.inbox, mails).unwrap();
    bench
}

fn found(store: &Store, text: &str) -> Vec<crate::model::ids::ConversationId> {
    let query = query::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
    let ids = store.ids(&query, &context(store)).unwrap();
    let facts = store.query_facts(&ids, true).unwrap();
    assert!(facts.iter().all(|one| query.matches(one, &context(store))), "{text}: SQL and evaluation agree");
    ids
}

#[test]
fn each_search_of_the_table_finds_its_mail() {
    assert_eq!(wrong_of(&filled(), &folder()), Vec::<String>::new());
}

#[test]
fn each_search_of_the_table_finds_its_mail_among_all_cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/languages");
    if !folder.is_dir() {
        println!("skipped: no {}", folder.display());
        return;
    }
    assert_eq!(wrong_of(&filled_from(&folder), &folder), Vec::<String>::new());
}

/// Returns the lines of the table that do not find what they are to, or find what they rightly do not.
fn wrong_of(bench: &Bench, folder: &Path) -> Vec<String> {
    let table = std::fs::read_to_string(folder.join("search.tsv")).unwrap();
    let mut wrong = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let ids = found(&bench.store, fields[2]);
        let misses = fields.get(4).is_some_and(|mark| mark.trim() == "miss");
        for name in fields[3].trim().split(',').filter(|name| *name != "-") {
            if ids.contains(&bench.id(&format!("{}@lang.example", name.trim()))) == misses {
                wrong.push(line.to_owned());
            }
        }
    }
    wrong
}

#[test]
fn names_are_found_in_other_spellings_and_parted_otherwise() {
    let bench = filled();
    for (text, name) in [
        ("from:田中太郎", "ja1"),
        ("田中太郎", "ja1"),
        ("from:Juergen", "de1"),
        ("from:「田中」", "ja1"),
        ("from:الأحمد؟ or from:احمد؟", "ar1"),
    ] {
        assert!(found(&bench.store, text).contains(&bench.id(&format!("{name}@lang.example"))), "{text}");
    }
    assert!(found(&bench.store, "from:中太郎田").is_empty());
}

#[test]
fn what_an_older_program_indexed_is_found_as_before_until_it_is_indexed_anew() {
    let bench = Bench::new();
    let subject = "=?utf-8?q?Gr=C3=B6=C3=9Fe_M?=";
    let mail = String::from_utf8(raw("a@x", "ana@example.net", subject, &[])).unwrap();
    let mail = mail.replace("From: Somebody", "From: =?utf-8?q?J=C3=BCrgen?=");
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, mail.into_bytes())]).unwrap();
    let text = "Şu siparişi kargoya verin, ağır.";
    let _ = bench.act("a@x", Known::Note { text: text.into(), mentions: [].into() });
    // As the rules before these made it.
    bench
        .store
        .write(|tx| {
            tx.execute_batch(
                "INSERT INTO search (search) VALUES ('delete-all'); UPDATE edition SET rules = rules - 1",
            )?;
            let insert =
                "INSERT INTO search (rowid, subject, people, notes) SELECT id, ?1, '', '' FROM message LIMIT 1";
            tx.execute(insert, [fold_text("Größe M")])?;
            tx.execute("INSERT INTO search (rowid, notes) SELECT docid, ?1 FROM note_doc", [fold_text(text)])?;
            tx.execute("UPDATE note_doc SET edition = ?1", [hash(&[text])])?;
            tx.execute("UPDATE conversation_person SET name = ?1 WHERE name <> ''", [fold_text("Jürgen")])?;
            Ok(())
        })
        .unwrap();
    let again = bench.again();
    for word in ["Größe", "siparişi", "from:Jürgen"] {
        assert_eq!(found_by_sql(&again, word), 1, "{word}: the old index answers");
    }
    for word in ["Groesse", "sipariş", "from:Juergen"] {
        assert_eq!(found_by_sql(&again, word), 0, "{word}: not in it yet");
    }
    again.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    for word in ["Größe", "siparişi", "from:Jürgen", "Groesse", "sipariş", "from:Juergen"] {
        assert_eq!(found_by_sql(&again, word), 1, "{word}: both are in it");
    }
    bench.sound();
}

fn found_by_sql(store: &Store, text: &str) -> usize {
    store.ids(&query::parse(text).unwrap(), &context(store)).unwrap().len()
}

#[test]
fn a_mail_is_found_by_every_word_of_it_as_it_stands() {
    let bench = filled();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "eml") {
            continue;
        }
        let parsed = mime::parse(&std::fs::read(&path).unwrap());
        let id = bench
            .store
            .conversation_of(&mid(&format!("{}@lang.example", path.file_stem().unwrap().display())))
            .unwrap()
            .unwrap();
        let text = format!("{} {}", parsed.envelope.subject, parsed.search_text);
        for word in
            text.split(|c: char| c.is_whitespace() || "()\"“”".contains(c)).filter(|word| !fold_text(word).is_empty())
        {
            for asked in [
                format!("\"{}\"", word.replace('\\', "")),
                word.trim_matches(|c: char| fold_text(c.encode_utf8(&mut [0; 4])).is_empty()).to_owned(),
            ] {
                let Ok(query) = query::parse(&asked) else { continue };
                if !query.asks_words() || fold_text(&asked).is_empty() {
                    continue;
                }
                let ids = bench.store.ids(&query, &context(&bench.store)).unwrap();
                assert!(ids.contains(&id), "{asked} in {}", path.display());
            }
        }
    }
}
