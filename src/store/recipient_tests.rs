use super::super::testing::{Bench, incoming, raw};
use crate::model::address::Address;
use crate::model::clock::Timestamp;

fn found(bench: &Bench, typed: &str) -> Vec<String> {
    let all = bench.store.recipients(typed, 6).unwrap();
    all.into_iter().map(|known| format!("{} {}", known.address.email, known.conversations)).collect()
}

fn mail_from(bench: &Bench, uid: u32, seconds: i64, id: &str, from: &str) {
    let mail = String::from_utf8(raw(id, "someone@else.example", &format!("About {id}"), &[])).unwrap();
    let from_line = mail.lines().find(|line| line.starts_with("From: ")).unwrap().to_owned();
    let mail = mail.replace(&from_line, &format!("From: {from}"));
    bench.store.ingest(bench.inbox, vec![incoming(uid, seconds, mail.into_bytes())]).unwrap();
}

#[test]
fn people_are_found_by_the_beginnings_of_the_words_of_their_names_and_of_their_addresses() {
    let bench = Bench::new();
    mail_from(&bench, 901, 10, "n1@x", "Nadia Petrova <nadia.petrova@shop.example>");
    mail_from(&bench, 902, 20, "n2@x", "Nadia Petrova <nadia.petrova@shop.example>");
    mail_from(&bench, 903, 30, "p1@x", "Petra Navarro <petra@navarro.example>");
    mail_from(&bench, 904, 40, "k1@x", "=?utf-8?B?5bCP5p6XIOiqoA==?= <kobayashi@makoto.example>");
    assert_eq!(found(&bench, "petr"), ["petra@navarro.example 1", "nadia.petrova@shop.example 2"], "the newest first");
    assert_eq!(found(&bench, "nadia pe"), ["nadia.petrova@shop.example 2"]);
    assert_eq!(found(&bench, "petra@nav"), ["petra@navarro.example 1"]);
    assert_eq!(found(&bench, "PETRO"), ["nadia.petrova@shop.example 2"]);
    assert_eq!(found(&bench, "小"), ["kobayashi@makoto.example 1"]);
    assert!(found(&bench, "adia").is_empty(), "inside a word nobody is meant");
    assert!(found(&bench, "\"*").is_empty() && found(&bench, " ").is_empty());
    let known = bench.store.recipients("nadia", 6).unwrap().remove(0);
    assert_eq!(
        (known.address.name.as_str(), known.last),
        ("Nadia Petrova", Some(Timestamp::from_seconds(super::super::testing::START + 20)))
    );
}

#[test]
fn whom_no_mail_knows_is_a_stranger_and_our_own_addresses_never_are() {
    let bench = Bench::new();
    mail_from(&bench, 901, 10, "n1@x", "Nadia Petrova <nadia.petrova@shop.example>");
    let all = ["Nadia.Petrova@shop.example", "bob@new.example", "support@team.example", "bob@new.example"];
    let all: Vec<Address> = all.iter().map(|one| Address::new("", *one)).collect();
    assert_eq!(bench.store.strangers(&all).unwrap(), ["bob@new.example"]);
}

#[test]
fn a_completion_reads_the_same_few_mails_however_many_there_are() {
    let bench = Bench::new();
    for n in 0..400u32 {
        mail_from(
            &bench,
            1_000 + n,
            i64::from(n),
            &format!("m{n}@x"),
            &format!("Nora Number{n} <nora{n}@shop.example>"),
        );
    }
    let plan: Vec<String> = bench
        .store
        .read(|tx| {
            let mut explain = tx.prepare(
                "EXPLAIN QUERY PLAN SELECT rowid FROM search WHERE search MATCH 'people : (\"no\" *)' ORDER BY rowid DESC LIMIT 300",
            )?;
            let rows = explain.query_map([], |row| row.get::<_, String>(3))?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .unwrap();
    assert!(plan.iter().all(|step| step.contains("VIRTUAL TABLE INDEX")), "{plan:?}");
    assert_eq!(bench.store.recipients("no", 6).unwrap().len(), 6);
    assert_eq!(found(&bench, "number399"), ["nora399@shop.example 1"]);
}
