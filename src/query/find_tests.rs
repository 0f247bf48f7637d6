use super::*;
use crate::query::parse;

fn found<'a>(line: &'a str, typed: &str) -> Vec<&'a str> {
    let needles: Vec<Needle> = Needle::new(typed, Bounds::Anywhere).into_iter().collect();
    find_in(line, &needles).into_iter().map(|range| line.get(range).unwrap()).collect()
}

fn of_search<'a>(line: &'a str, query: &str) -> Vec<&'a str> {
    let needles = Needle::of_query(&parse(query).unwrap());
    find_in(line, &needles).into_iter().map(|range| line.get(range).unwrap()).collect()
}

#[test]
fn case_accents_and_width_make_no_difference_and_no_grapheme_is_cut() {
    assert_eq!(found("Der Straßenpreis, STRASSE", "strass"), ["Straß", "STRASS"]);
    assert_eq!(found("café Cafe\u{301} ＣＡＦＥ", "cafe"), ["café", "Cafe\u{301}", "ＣＡＦＥ"]);
    assert_eq!(found("İstanbul ıssız", "ist"), ["İst"]);
    assert_eq!(found("مُحَمَّد كـتاب", "محمد"), ["مُحَمَّد"]);
    assert_eq!(found("كـتاب", "كتاب"), ["كـتاب"]);
}

#[test]
fn signs_between_words_count_as_one_space_and_signs_alone_as_themselves() {
    assert_eq!(found("It costs 1,996.50 in all", "1.996 50"), ["1,996.50"]);
    assert_eq!(found("It costs 20 € or 20€.", "€"), ["€", "€"]);
    assert_eq!(found("nothing", "  "), Vec::<&str>::new());
}

#[test]
fn scripts_without_spaces_are_found_in_any_part_of_a_run() {
    assert_eq!(found("営業時間のお問い合わせ", "時間"), ["時間"]);
    assert_eq!(of_search("営業時間のお問い合わせ", "時間"), ["時間"]);
}

#[test]
fn a_search_shows_whole_words_beginnings_and_phrases_but_nothing_that_it_rules_out() {
    assert_eq!(of_search("refund, refunds and a Refund", "refund"), ["refund", "Refund"]);
    assert_eq!(of_search("refund, refunds", "refun*"), ["refun", "refun"]);
    assert_eq!(of_search("order 4412 of the order", "\"order 4412\""), ["order 4412"]);
    assert_eq!(of_search("refund and lamp", "refund -lamp is:open"), ["refund"]);
}

#[test]
fn hits_do_not_overlap() {
    assert_eq!(found("aaaa", "aa"), ["aa", "aa"]);
    assert_eq!(of_search("order 4412", "order or \"order 4412\""), ["order 4412"]);
}
