use super::*;
use crate::mime::work::steps_of;

fn readable(text: &str) -> Readable {
    crate::mime::readable(format!("From: a@x\nContent-Type: text/plain; charset=utf-8\n\n{text}\n").as_bytes())
}

fn mail<'m>(key: &'m str, author: &'m str, order: i64) -> Mail<'m> {
    Mail { key, author, order: (order, 0, 0) }
}

fn quoted(theirs: &str, lines: &[&str]) -> Option<Vec<Option<bool>>> {
    let mut held = Held::default();
    held.add(mail("held", "a@x", 1), &readable(theirs));
    held.beside(mail("this", "b@x", 2)).quoted(lines)
}

#[test]
fn white_space_case_marks_and_addresses_make_no_difference() {
    let theirs =
        "It's \"here\": https://shop.example/pay?x=1 and waits for you [1] until Friday, says ana@example.org.";
    let lines =
        ["IT’S “here”: and *waits*   for you", "", "until Friday, says ana@example.org<mailto:ana@example.org>."];
    assert_eq!(quoted(theirs, &lines), Some(vec![Some(true), None, Some(true)]));
}

#[test]
fn scripts_without_spaces_are_compared_by_character() {
    let theirs = "お世話になっております。注文番号4412を取り消してください。よろしくお願いいたします。";
    assert_eq!(
        quoted(theirs, &["お世話になっております。注文番", "号4412を取り消してください。"]),
        Some(vec![Some(true), Some(true)])
    );
    assert_eq!(quoted(theirs, &["よろしく"]), None, "too little to say anything");
}

#[test]
fn an_address_or_a_picture_that_answers_a_question_is_new() {
    let theirs = "Which page of our shop is broken? See https://shop.example/help.\n\nDo you agree with the terms that we sent to you?";
    let lines = [
        "Which page of our shop is broken? See https://shop.example/help.",
        "https://shop.example/broken",
        "",
        "Do you agree with the terms that we sent to you? 👍",
        "✓",
    ];
    assert_eq!(quoted(theirs, &lines), Some(vec![Some(true), Some(false), None, Some(false), Some(false)]));
}

#[test]
fn what_came_later_is_not_quoted() {
    let theirs = "You get the money back by the end of the month.";
    let mut held = Held::default();
    held.add(mail("held", "a@x", 2), &readable(theirs));
    assert_eq!(held.beside(mail("this", "b@x", 1)).quoted(&[theirs]), None);
    assert_eq!(held.beside(mail("this", "b@x", 3)).quoted(&[theirs]), Some(vec![Some(true)]));
}

#[test]
fn few_words_prove_nothing() {
    assert_eq!(quoted("Hi Ana, thanks and bye now", &["Hi Ana,", "no thanks", "thanks"]), None);
    assert_eq!(quoted("Thanks", &["Thanks"]), None);
}

#[test]
fn of_hostile_texts_no_more_words_are_compared_than_of_long_ones() {
    let mut held = Held::default();
    let same = "la ".repeat(300_000);
    let mut count = 0;
    while held.add(mail(&format!("m{count}"), "a@x", 1), &readable(&same)) {
        count += 1;
    }
    assert!(count < TEXTS_MAX);
    let many = "On 3 May 2026 a@x wrote:\nla la la la la la\n".repeat(10_000);
    let mut around = super::super::Around { beside: Some(held.beside(mail("this", "b@x", 2))), ..Default::default() };
    let steps = steps_of(|| assert!(super::super::split(&many, &mut around).len() > 1));
    // Each word that may be compared is looked for at so many places, of which those without success end within a row.
    let most = COMPARED_MAX * 8 * 2 + many.lines().count() * (PLACES_MAX + 1);
    assert!(steps > 10_000 && steps <= most, "{steps} of {most}");
}
