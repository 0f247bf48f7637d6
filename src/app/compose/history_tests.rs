use super::*;

/// Types `text` letter by letter.
fn typed(history: &mut History, spot: Spot, text: &str) -> Spot {
    text.chars().fold(spot, |spot, c| {
        let mut after = spot.clone();
        after.text.insert(after.cursor, c);
        after.cursor += c.len_utf8();
        history.note(&spot, &after, if c == '\n' { Stroke::Whole } else { Stroke::Letter });
        after
    })
}

fn erased(history: &mut History, mut spot: Spot, count: usize) -> Spot {
    for _ in 0..count {
        let mut after = spot.clone();
        let c = after.text.get(..after.cursor).unwrap().chars().next_back().unwrap();
        after.cursor -= c.len_utf8();
        after.text.remove(after.cursor);
        history.note(&spot, &after, Stroke::Erase);
        spot = after;
    }
    spot
}

fn undone(history: &mut History, text: &str) -> Vec<String> {
    let (mut all, mut text) = (Vec::new(), text.to_owned());
    while let Some(spot) = history.undo(&text) {
        text = spot.text;
        all.push(text.clone());
    }
    all
}

#[test]
fn a_run_of_letters_and_the_space_behind_it_are_one_step() {
    let mut history = History::default();
    let spot = typed(&mut history, Spot::default(), "Hello dear Çelik, 小林 hi");
    assert_eq!(
        undone(&mut history, &spot.text),
        ["Hello dear Çelik, 小林 ", "Hello dear Çelik, ", "Hello dear ", "Hello ", ""]
    );
}

#[test]
fn a_new_line_and_a_paste_are_steps_of_their_own() {
    let mut history = History::default();
    let spot = typed(&mut history, Spot::default(), "one\ntwo");
    let after = Spot { text: format!("{}pasted words", spot.text), cursor: spot.cursor + 12 };
    history.note(&spot, &after, Stroke::Whole);
    let spot = typed(&mut history, after, "x");
    assert_eq!(undone(&mut history, &spot.text), ["one\ntwopasted words", "one\ntwo", "one\n", "one", ""]);
}

#[test]
fn what_was_undone_comes_back_until_something_else_is_typed() {
    let mut history = History::default();
    let spot = typed(&mut history, Spot::default(), "one two");
    let back = history.undo(&spot.text).unwrap();
    assert_eq!(back, Spot { text: "one ".into(), cursor: 4 });
    assert_eq!(history.redo(&back.text).unwrap(), spot);
    let back = history.undo(&spot.text).unwrap();
    let spot = typed(&mut history, back, "six");
    assert_eq!(history.redo(&spot.text), None);
    assert_eq!(undone(&mut history, &spot.text), ["one ", ""]);
}

#[test]
fn letters_in_two_places_are_two_steps_and_equal_letters_side_by_side_one() {
    let mut history = History::default();
    let spot = typed(&mut history, Spot { text: "ll".into(), cursor: 1 }, "ll");
    history.close();
    let spot = typed(&mut history, Spot { cursor: 0, ..spot }, "a");
    assert_eq!(undone(&mut history, &spot.text), ["llll", "ll"]);
}

#[test]
fn erasing_a_word_letter_by_letter_is_one_step() {
    let mut history = History::default();
    let spot = erased(&mut history, Spot { text: "one two".into(), cursor: 7 }, 5);
    assert_eq!(spot.text, "on");
    assert_eq!(undone(&mut history, &spot.text), ["one ", "one two"]);
}

#[test]
fn a_text_that_it_does_not_know_is_left_alone() {
    let mut history = History::default();
    typed(&mut history, Spot::default(), "one two");
    assert_eq!(history.undo("another text"), None);
    assert_eq!(history.undo("one two"), None, "what does not fit is forgotten");
}

#[test]
fn what_it_remembers_is_bounded() {
    let mut history = History::default();
    let mut spot = Spot::default();
    for n in 0..40 {
        let text = format!("{n}{}", "x".repeat(200_000));
        let after = Spot { cursor: text.len(), text };
        history.note(&spot, &after, Stroke::Whole);
        spot = after;
    }
    assert!(history.done.iter().map(Step::bytes).sum::<usize>() <= BYTES_MAX);
    assert!(history.done.len() > 5, "{}", history.done.len());
}

#[test]
fn words_without_spaces_between_them_are_undone_one_at_a_time_and_done_again_so() {
    let mut history = History::default();
    let spot = typed(&mut history, Spot::default(), "see สอบถามเรื่อง");
    assert_eq!(undone(&mut history, &spot.text), ["see สอบถาม", "see ", ""]);
    let again = history.redo("").unwrap();
    let again = history.redo(&again.text).unwrap();
    assert_eq!((again.text.as_str(), again.cursor), ("see สอบถาม", "see สอบถาม".len()));
}
