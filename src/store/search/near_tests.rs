use super::*;
use crate::store::testing::*;

fn bench() -> Bench {
    let bench = Bench::new();
    bench.mail(1, "m1@x", "ana@example.net", "Refund for order 4412", &[]);
    bench.mail(2, "m2@x", "bo@example.net", "Refund again", &[]);
    bench.mail(3, "m3@x", "cy@example.net", "The refunds", &[]);
    bench.mail(4, "m4@x", "dimitri@example.net", "Возврат денег", &[]);
    bench.mail(5, "m5@x", "dimitri@example.net", "החזר כספי", &[]);
    bench
}

#[test]
fn a_slip_of_one_letter_finds_the_word_that_most_mails_hold() {
    let bench = bench();
    for (typed, meant) in [
        ("refnud", Some("refund")),
        ("refun", Some("refund")),
        ("reefund", Some("refund")),
        ("rafund", Some("refund")),
        ("refundz", Some("refund")),
        ("возврит", Some("возврат")),
        ("возрат", Some("возврат")),
        ("כספ", None),
        ("כספיי", Some("כספי")),
        ("dimtri", Some("dimitri")),
        // It is held itself, a number, too short, or like nothing.
        ("refunds", None),
        ("4413", None),
        ("ord", None),
        ("qwertz", None),
        ("", None),
    ] {
        let near = bench.store.near_word(typed, WordOf::Text(Field::Any)).unwrap();
        assert_eq!(near.as_deref(), meant, "{typed}");
    }
}

#[test]
fn who_is_meant_is_looked_for_among_people_alone() {
    let bench = bench();
    assert_eq!(bench.store.near_word("dimitry", WordOf::People).unwrap().as_deref(), Some("dimitri"));
    assert_eq!(bench.store.near_word("refnud", WordOf::People).unwrap(), None);
    assert_eq!(bench.store.near_word("dimitry", WordOf::Text(Field::Subject)).unwrap(), None);
}

#[test]
fn what_is_looked_up_is_bounded_however_a_word_is_written() {
    for word in [
        "a".repeat(LETTERS_MAX),
        "жшщ".repeat(8),
        "añд".repeat(8),
        "漢字漢字".into(),
        "abcdefghijklmnopqrstuvwx".into(),
    ] {
        let slips = slips(&word);
        assert!(slips.len() <= TRIED_MAX && !slips.contains(&word), "{word}: {}", slips.len());
    }
    let slips = slips("cat");
    for near in ["act", "at", "cut", "cart", "cats"] {
        assert!(slips.iter().any(|slip| slip == near), "{near}");
    }
}
