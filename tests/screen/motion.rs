//! Reduced motion: what is shown changes by a key, or by what happens, and not by time alone.

use super::seed::Desk;

fn calm() -> Desk {
    let mut desk = Desk::new();
    desk.reduced_motion = true;
    desk
}

#[test]
fn no_digit_counts_down_to_when_a_mail_goes_out() {
    let desk = calm();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("Hi").unwrap().keys("<c-s><enter>").unwrap();
    assert!(screen.status().contains("Goes to Ana Lima at 10:00"), "{}", screen.status());
    // Also where something else has the list drawn again meanwhile.
    assert!(screen.screen().contains("held 10:00"), "{}", screen.screen());
    screen.written();
    screen.wait(1_000).unwrap().wait(3_000).unwrap();
    assert_eq!(screen.written().len(), 0, "{}", screen.screen());
}

#[test]
fn ages_grow_by_a_key_and_not_by_time_alone() {
    let desk = calm();
    let mut screen = desk.screen((80, 24));
    assert!(screen.screen().contains("12m"), "{}", screen.screen());
    screen.written();
    screen.wait(5 * 60_000).unwrap();
    assert_eq!(screen.written().len(), 0, "{}", screen.screen());
    screen.keys("j").unwrap();
    assert!(screen.screen().contains("17m"), "{}", screen.screen());
}

#[test]
fn a_screen_at_rest_writes_nothing_but_for_ages() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    // Up to the next full minute of any age nothing changes.
    screen.wait(1_000).unwrap();
    screen.written();
    for _ in 0..58 {
        screen.wait(1_000).unwrap();
    }
    assert_eq!(screen.written().len(), 0);
    screen.wait(1_000).unwrap();
    let written = screen.written().len();
    assert!(written > 0 && written <= 14 * screen.app().list.rows.len() + 40, "{written}");
}
