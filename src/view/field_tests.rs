use super::*;

fn at(line: &Line, room: usize) -> (String, usize) {
    let seen = seen(line, room, false);
    // Marks of what is in place take no cell.
    let plain = seen.text.chars().filter(|c| !crate::model::text::is_direction_control(*c)).collect();
    (plain, seen.cursor)
}

#[test]
fn a_line_longer_than_its_field_shows_what_is_being_typed() {
    let mut line = Line::new("one two three 小林");
    assert_eq!(at(&line, 10), ("hree 小林".to_owned(), 9));
    line.left();
    assert_eq!(at(&line, 10), ("three 小林".to_owned(), 8));
    line.start();
    assert_eq!(at(&line, 10), ("one two th".to_owned(), 0));
    assert_eq!(at(&line, 1).1, 0);
    assert_eq!(at(&Line::default(), 0), (String::new(), 0));
}

#[test]
fn a_line_from_right_to_left_stands_at_the_right_with_the_cursor_left_of_what_was_typed() {
    let mut line = Line::new("שלום");
    assert_eq!(at(&line, 10), ("      םולש".to_owned(), 5));
    line.left();
    assert_eq!(at(&line, 10).1, 6);
    line.start();
    assert_eq!(at(&line, 10).1, 9);
    line.insert("a ");
    assert_eq!(at(&line, 10), ("a םולש".to_owned(), 5), "it begins with a Latin letter now");
    assert_eq!(at(&Line::new("שלום "), 10), ("      םולש".to_owned(), 4));
}

#[test]
fn a_long_line_from_right_to_left_shows_what_is_being_typed() {
    let mut line = Line::new("אבגדהוזחטיכלמנ");
    assert_eq!(at(&line, 6), (" נמלכי".to_owned(), 0));
    line.start();
    assert_eq!(at(&line, 6), ("והדגבא".to_owned(), 5));
}

#[test]
fn a_terminal_that_orders_text_itself_is_given_it_as_it_is_read() {
    let seen = seen(&Line::new("שלום"), 10, true);
    assert_eq!((seen.text.as_str(), seen.cursor), ("שלום", 4));
}

#[test]
fn a_field_with_a_thousand_recipients_is_drawn() {
    let line = Line::new(&"somebody@somewhere.example, ".repeat(40_000));
    let (shown, column) = at(&line, 60);
    assert!(shown.ends_with("somebody@somewhere.example,") && column == 59, "{shown}");
    let mut line = line;
    line.start();
    assert!(at(&line, 60).0.starts_with("somebody@somewhere.example, "));
}
