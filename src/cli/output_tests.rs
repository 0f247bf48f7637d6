use super::*;

#[test]
fn json_on_a_terminal_moves_no_cursor_and_reads_back_the_same() {
    let text = "a\u{1b}[2J\u{9b}2J\u{7f}\u{202e}b\u{2066}\u{85} é 小林 \\ \"q\"";
    let json = harmless(serde_json::to_string(text).unwrap());
    assert!(!json.contains(|c: char| c.is_control() || crate::model::text::is_direction_control(c)), "{json:?}");
    assert!(json.contains("é 小林"), "{json}");
    assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
}

#[test]
fn names_and_ids_in_json_that_are_not_the_same_never_look_the_same_for_a_letter_that_nobody_sees() {
    for unseen in [
        "\u{200b}",
        "\u{200c}",
        "\u{200d}",
        "\u{2060}",
        "\u{feff}",
        "\u{ad}",
        "\u{34f}",
        "\u{fe0f}",
        "\u{e0041}",
        "\u{1d173}",
    ] {
        let id = format!("order-1{unseen}@shop.example");
        let json = json_line(&serde_json::json!({ "id": &id }));
        assert!(json.is_ascii(), "{json}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&json).unwrap()["id"], *id, "it is found by its id");
    }
    let seen = "小林 é ❤ می 👍 e\u{301}";
    assert!(json_line(&seen).contains(seen), "what is seen stands as it is");
}
