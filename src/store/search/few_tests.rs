use super::super::super::testing::{Bench, context};
use super::*;
use crate::query;

/// How a page of a search is found, in a store of twelve mails of which one holds `unlike`, and each a word that begins with `parcel`.
fn ways(texts: &[&str], few: usize) -> Vec<Plan> {
    let bench = Bench::new();
    let words = ["parcela", "parcelb", "parcelc", "parceld", "parcele", "parcelf", "parcelg", "parcelh", "parceli"];
    for n in 0..12_usize {
        let subject = format!("{} {}", words[n % words.len()], if n == 3 { "unlike usual" } else { "usual" });
        bench.mail(i64::try_from(n).unwrap(), &format!("m{n}@x"), "ana@example.net", &subject, &[]);
    }
    let of = |text: &&str| bench.store.read(|tx| plan_of(tx, &query::parse(text).unwrap(), few)).unwrap();
    let found = texts.iter().map(of).collect();
    for text in texts {
        let query = query::parse(text).unwrap();
        let (all, page) = (
            bench.store.ids(&query, &context(&bench.store)),
            bench.store.page(&query, &context(&bench.store), None, 5),
        );
        let first: Vec<_> = all.unwrap().into_iter().take(5).collect();
        assert_eq!(page.unwrap().into_iter().map(|row| row.id).collect::<Vec<_>>(), first, "{text}");
    }
    found
}

#[test]
fn what_few_mails_hold_is_gathered_and_what_many_do_is_looked_for_in_the_lists_order() {
    let few = [
        "unlike",
        "unlike usual",
        "usual unlike",
        "unlike or parcela",
        "nothing",
        "\"unlike usual\"",
        "status:open unlike",
    ];
    assert_eq!(ways(&few, 5), [Plan::Gather; 7]);
    let many = ["usual", "-unlike", "unlike or usual", "subject:usual", "usual -unlike", "unlike or status:closed"];
    assert_eq!(ways(&many, 5), [Plan::Walk; 6]);
}

#[test]
fn what_begins_many_words_is_gathered_however_many_mails_hold_them() {
    assert_eq!(ways(&["parcel*", "-parcel*", "usual parce*", "usual or p*"], 5), [Plan::Gather; 4]);
    assert_eq!(ways(&["usua*", "usual -unlik*"], 5), [Plan::Walk; 2], "one word begins so");
}
