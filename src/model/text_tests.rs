use super::*;

fn line(raw: &str) -> String {
    SafeText::line(raw).to_string()
}

#[test]
fn escape_sequences_vanish_with_their_parameters() {
    assert_eq!(line("a\x1b[31;1mred\x1b[0m b"), "ared b");
    assert_eq!(line("t\x1b]0;owned\x07x"), "tx");
    assert_eq!(line("t\x1b]8;;http://e\x1b\\link\x1b]8;;\x1b\\x"), "tlinkx");
    assert_eq!(line("a\x1bP1$r\x1b\\b"), "ab");
    assert_eq!(line("a\u{9b}2Jb"), "ab");
}

#[test]
fn an_unfinished_string_sequence_does_not_swallow_the_text_after_it() {
    assert_eq!(line("\x1b]0;order 4412"), "0;order 4412");
}

#[test]
fn control_bytes_vanish_and_line_ends_become_one_space() {
    assert_eq!(line("a\0b\x08c\r\n\t d"), "abc  d");
    assert_eq!(line("one\n\ntwo"), "one two");
}

#[test]
fn direction_overrides_vanish() {
    assert_eq!(line("invoice\u{202e}fdp.exe"), "invoicefdp.exe");
    assert_eq!(line("\u{2066}x\u{2069}"), "x");
}

#[test]
fn honest_combining_marks_stay_and_towers_of_them_are_cut() {
    assert_eq!(line("กี่"), "กี่");
    let tower = format!("e{}", "\u{301}".repeat(500));
    assert_eq!(line(&tower).chars().count(), 9);
}

#[test]
fn the_joiners_of_persian_and_emoji_stay() {
    assert_eq!(line("می\u{200c}خواهم"), "می\u{200c}خواهم");
    assert_eq!(line("👩\u{200d}💻"), "👩\u{200d}💻");
}

#[test]
fn a_long_line_is_cut_with_an_ellipsis() {
    assert_eq!(SafeText::line_max("abcdefgh", 5).as_str(), "abcd…");
    assert_eq!(SafeText::line_max("abc", 5).as_str(), "abc");
}

#[test]
fn tabs_in_a_body_go_to_the_next_stop() {
    let lines = SafeText::lines("a\tb\r\n\tc");
    assert_eq!(lines.iter().map(SafeText::as_str).collect::<Vec<_>>(), ["a       b", "        c"]);
}

#[test]
fn an_arabic_lam_and_alef_take_two_columns_as_terminals_draw_them() {
    assert_eq!(columns("سلام"), 4);
    assert_eq!(columns("小林"), 4);
    assert_eq!(columns("👩\u{200d}💻"), 2);
    assert_eq!(cut("سلام", 3).chars().count(), 3);
}
