use super::*;
use crate::query::parse;

fn found<'a>(line: &'a str, typed: &str) -> Vec<&'a str> {
    let needles = Needle::typed(typed);
    find_in(line, &needles, false).into_iter().map(|range| line.get(range).unwrap()).collect()
}

fn of_search<'a>(line: &'a str, query: &str) -> Vec<&'a str> {
    let needles = Needle::of_query(&parse(query).unwrap());
    find_in(line, &needles, false).into_iter().map(|range| line.get(range).unwrap()).collect()
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

#[test]
fn a_search_shows_the_words_of_another_form_that_it_finds() {
    assert_eq!(of_search("وصلت الطلبات والطلب", "طلب"), ["الطلبات", "والطلب"]);
    assert_eq!(of_search("أين طلب الزبون؟", "الطلب"), ["طلب"]);
    assert_eq!(of_search("נכנסתי לאתר אתמול", "אתר"), ["לאתר"]);
    assert_eq!(of_search("Die Größe passt nicht, GRÖSSE 42", "groesse"), ["Größe", "GRÖSSE"]);
    assert_eq!(of_search("Welche Groesse?", "Größe"), ["Groesse"]);
    assert_eq!(of_search("हिन्दी में", "हिंदी"), ["हिन्दी"]);
    assert_eq!(of_search("您的訂單已發貨", "订单"), ["訂單"]);
    assert_eq!(of_search("サポートの方へ", "さぽーと"), ["サポート"]);
    assert_eq!(of_search("thanks 👍🏽", "👍"), ["👍🏽"]);
    assert_eq!(of_search("Größen und Größe", "\"groesse\""), Vec::<&str>::new(), "in quotes nothing else is meant");
}

#[test]
fn a_turkish_word_is_shown_in_its_other_forms_where_the_text_is_turkish() {
    assert_eq!(of_search("Siparişimi hâlâ almadım, şimdi ne yapayım?", "sipariş"), ["Siparişimi"]);
    let needles = Needle::of_query(&parse("kargo").unwrap());
    let line = "Kargolar geldi";
    let shown = |turkish| find_in(line, &needles, turkish).into_iter().map(|range| line.get(range).unwrap()).collect();
    let (alone, among): (Vec<&str>, Vec<&str>) = (shown(false), shown(true));
    assert_eq!((alone, among), (vec![], vec!["Kargolar"]), "one line may have none of the letters that tell");
}

#[test]
fn what_is_typed_in_a_conversation_finds_other_forms_too() {
    assert_eq!(found("Die Größe, größer", "groesse"), ["Größe"]);
    assert_eq!(found("وصل والطلب", "طلب"), ["والطلب"]);
    assert_eq!(found("أين طلب الزبون؟", "الطلب"), ["طلب"]);
    assert_eq!(found("您的訂單", "订单"), ["訂單"]);
}
