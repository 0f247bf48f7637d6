use super::*;

#[test]
fn json_on_a_terminal_moves_no_cursor_and_reads_back_the_same() {
    let text = "a\u{1b}[2J\u{9b}2J\u{7f}\u{202e}b\u{2066}\u{85} é 小林 \\ \"q\"";
    let json = harmless(serde_json::to_string(text).unwrap());
    assert!(!json.contains(|c: char| c.is_control() || is_direction_control(c)), "{json:?}");
    assert!(json.contains("é 小林"), "{json}");
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
}
