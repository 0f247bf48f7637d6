use super::*;

#[test]
fn backspace_takes_a_sign_and_delete_the_whole_letter() {
    let mut line = Line::new("ที่นี่");
    line.erase_back();
    assert_eq!(line.text(), "ที่นี");
    line.start();
    line.erase_forward();
    assert_eq!(line.text(), "นี");
}

#[test]
fn a_word_is_erased_by_spaces_and_in_thai_by_its_words() {
    let mut line = Line::new("tag:vip from:ana@lima.example ");
    line.erase_word();
    assert_eq!(line.text(), "tag:vip ");
    let mut line = Line::new("สอบถามเรื่อง");
    line.erase_word();
    assert_eq!(line.text(), "สอบถาม");
}

#[test]
fn the_cursor_goes_from_word_to_word() {
    let mut line = Line::new("see สอบถามเรื่อง");
    line.word_left();
    line.word_left();
    assert_eq!(line.before(), "see ");
    line.word_right();
    assert_eq!(line.before(), "see สอบถาม");
}

#[test]
fn what_is_typed_in_front_of_a_mark_makes_one_letter_with_it_that_the_cursor_leaves_whole() {
    let mut line = Line::at("\u{301}x", 0);
    line.insert("e");
    assert_eq!((line.before(), line.after()), ("e", "\u{301}x"));
    line.right();
    assert_eq!(line.after(), "x");
    line.left();
    assert_eq!(line.before(), "");
}
