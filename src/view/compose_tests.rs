use super::*;

#[test]
fn a_line_longer_than_its_field_shows_what_is_being_typed() {
    let mut line = Line::new("one two three 小林");
    assert_eq!(window(&line, 10, true, true), ("hree 小林".to_owned(), 9));
    line.left();
    assert_eq!(window(&line, 10, true, true), (" three 小…".to_owned(), 9));
    assert_eq!(window(&line, 1, true, true).1, 0);
    assert_eq!(window(&Line::default(), 0, true, true), (String::new(), 0));
}

#[test]
fn a_field_with_a_thousand_recipients_is_drawn() {
    let line = Line::new(&"somebody@somewhere.example, ".repeat(40_000));
    let (shown, column) = window(&line, 60, true, true);
    assert!(shown.ends_with("somebody@somewhere.example, ") && column < 60, "{shown}");
}
