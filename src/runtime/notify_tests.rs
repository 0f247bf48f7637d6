use proptest::prelude::*;

use super::*;

fn words(text: &str) -> SafeText {
    SafeText::line(text)
}

#[test]
fn each_kind_of_notification_is_just_its_sequence() {
    let said = words("Ana Lima: Refund; now");
    assert_eq!(notification(Desktop::Osc9, &said, false), "\x1b]9;postroom: Ana Lima: Refund; now\x1b\\");
    assert_eq!(notification(Desktop::Osc777, &said, false), "\x1b]777;notify;postroom;Ana Lima: Refund, now\x1b\\");
    assert_eq!(
        notification(Desktop::Osc99, &words("hi"), false),
        "\x1b]99;i=postroom:d=0:e=1;cG9zdHJvb20=\x1b\\\x1b]99;i=postroom:d=1:e=1:p=body;aGk=\x1b\\"
    );
    assert_eq!(title(&words("postroom · 5 new")), "\x1b]2;postroom · 5 new\x1b\\");
}

#[test]
fn tmux_hands_a_notification_on_with_its_escapes_doubled() {
    assert_eq!(notification(Desktop::Osc9, &words("x"), true), "\x1bPtmux;\x1b\x1b]9;postroom: x\x1b\x1b\\\x1b\\");
}

proptest! {
    /// Whatever a customer writes into a subject, nothing of it is a control sign to the terminal.
    #[test]
    fn no_words_smuggle_a_sequence(text in "[\\PC\u{0}-\u{1f}\u{7f}-\u{9f}]{0,60}") {
        let said = words(&text);
        for desktop in [Desktop::Osc9, Desktop::Osc777, Desktop::Osc99] {
            let all = notification(desktop, &said, false);
            let controls: Vec<char> = all.chars().filter(|c| c.is_control()).collect();
            let sequences = if desktop == Desktop::Osc99 { 2 } else { 1 };
            prop_assert_eq!(controls, vec!['\u{1b}'; 2 * sequences]);
        }
        let controls = title(&said).chars().filter(|c| c.is_control()).count();
        prop_assert_eq!(controls, 2);
    }
}
