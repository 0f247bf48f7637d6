use super::super::super::testing::{Bench, context, incoming};
use super::super::{condition, condition_for_one};
use super::*;
use crate::query;

/// A store of mails with these bodies.
fn bench_of(bodies: &[&str]) -> Bench {
    let bench = Bench::new();
    let mails = bodies.iter().zip(1..).map(|(body, n)| {
        let mail = format!(
            "Message-ID: <m{n}@x>\r\nFrom: Ana <ana@example.net>\r\nTo: support@team.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
        );
        incoming(n, n.into(), mail.into_bytes())
    });
    bench.store.ingest(bench.inbox, mails.collect()).unwrap();
    bench
}

/// What the index is asked for, where a text is looked for in all mail and in one conversation.
fn asked(bench: &Bench, text: &str) -> Vec<usize> {
    let (query, context) = (query::parse(text).unwrap(), context(&bench.store));
    let both = bench
        .store
        .read(|tx| Ok([condition(tx, &query, &context)?, condition_for_one(tx, &query, &context)?]))
        .unwrap();
    let values = both.into_iter().map(|sql| format!("{:?}", sql.values));
    values.map(|values| values.split(" OR ").count()).collect()
}

#[test]
fn a_word_is_asked_for_alone_where_no_mail_holds_another_form_of_it() {
    let bench = bench_of(&["The parcel came late.", "Die Größe passt nicht."]);
    for text in ["parcel", "ordered", "parc*", "nothing", "\"parcel came\"", "subject:parcel", "طلب", "网络"] {
        assert_eq!(asked(&bench, text), [1, 1], "{text}");
    }
    // `Größe` alone is here.
    assert_eq!((asked(&bench, "groesse"), asked(&bench, "groes*")), (vec![1, 1], vec![1, 1]));
    let found = |text: &str| bench.store.ids(&query::parse(text).unwrap(), &context(&bench.store)).unwrap().len();
    assert_eq!((found("groesse"), found("groes*"), found("parcel"), found("nothing")), (1, 1, 1, 0));
    let both = bench_of(&["Die Größe passt nicht.", "Welche Groesse?"]);
    assert_eq!(asked(&both, "groesse"), [2, 2]);
}

#[test]
fn a_form_that_comes_with_the_next_mail_is_asked_for_from_then_on() {
    let bench = bench_of(&["Where is my parcel?"]);
    assert_eq!(asked(&bench, "sipariş"), [1, 1]);
    let turkish = "Siparişi aldım, teşekkürler. Şimdi değiştirmek için başvuruyorum.";
    let mail = format!(
        "Message-ID: <t@x>\r\nFrom: Ana <ana@example.net>\r\nTo: support@team.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{turkish}\r\n"
    );
    bench.store.ingest(bench.inbox, vec![incoming(9, 9, mail.into_bytes())]).unwrap();
    assert_eq!(asked(&bench, "kargo"), [1, 1]);
    assert_eq!(bench.store.ids(&query::parse("sipariş").unwrap(), &context(&bench.store)).unwrap().len(), 1);
}

#[test]
fn a_phrase_is_held_where_each_of_its_words_is_and_a_beginning_where_a_word_begins_so() {
    let bench = bench_of(&["The parcel came late."]);
    let holds = |folded: &str, begins: bool| {
        let phrase = Stretch { folded: folded.into(), begins, people: false };
        bench.store.read(|tx| Vocabulary::of(tx).holds(&phrase)).unwrap()
    };
    for (folded, begins, is_held) in [
        ("parcel", false, true),
        ("parce", false, false),
        ("parce", true, true),
        ("parcel late", false, true),
        ("parcel later", false, false),
        ("parcel lat", true, true),
        ("zzz", true, false),
        ("", true, false),
    ] {
        assert_eq!(holds(folded, begins), is_held, "{folded} {begins}");
    }
}

#[test]
fn a_look_for_a_word_seeks_it_and_reads_none_of_the_others() {
    let bench = bench_of(&["one", "two"]);
    let steps = |sql: &str| {
        let plan = bench.store.read(|tx| {
            let mut explain = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let steps = explain.query_map(["x"], |row| row.get::<_, String>(3))?;
            Ok(steps.collect::<Result<Vec<_>, _>>()?)
        });
        plan.unwrap()
    };
    // 256 seeks a word, 512 the first that is not before it, 1 reads its text; no sorting is needed.
    assert_eq!(steps(HAS), ["SCAN search_word VIRTUAL TABLE INDEX 257:"]);
    assert_eq!(steps(NEXT), ["SCAN search_word VIRTUAL TABLE INDEX 513:"]);
}
