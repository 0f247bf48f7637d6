use super::*;

#[test]
fn every_word_that_a_search_offers_can_be_searched_for() {
    let words = search_offers("", &[], &[], &[]);
    for key in query::KEYS {
        assert!(words.iter().any(|word| word.starts_with(&format!("{key}:"))), "{key} is never offered");
    }
    for word in words {
        let given = ["", "2d", "2026-01-31", "3", "abcd"].map(|value| query::parse(&format!("{word}{value}")));
        assert!(given.iter().any(Result::is_ok), "{word}: {:?}", given[0]);
    }
}

#[test]
fn a_word_that_the_language_does_not_know_is_not_offered() {
    assert!(search_offers("foll", &[], &[], &[]).is_empty());
    assert_eq!(search_offers("is:fo", &[], &[], &[]), ["is:followed"]);
}
