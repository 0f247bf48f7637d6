use super::*;

fn lines(text: &str, columns: usize) -> Vec<&str> {
    wrap(text, columns).into_iter().map(|range| text.get(range).unwrap().trim_end()).collect()
}

#[test]
fn text_is_cut_by_columns_and_never_inside_a_grapheme() {
    assert_eq!(cut("退款申请", 5), "退款…");
    assert_eq!(cut("退款申请", 4), "退…");
    assert_eq!(cut("e\u{301}te\u{301}", 2), "e\u{301}…");
    assert_eq!(cut("abc", 3), "abc");
    assert_eq!(cut("abc", 0), "");
    assert_eq!(fit("退", 4), "退  ");
}

#[test]
fn words_go_to_the_next_line_whole() {
    assert_eq!(lines("the quick brown fox", 10), ["the quick", "brown fox"]);
    assert_eq!(lines("", 10), [""]);
}

#[test]
fn a_word_that_is_longer_than_the_line_is_broken() {
    assert_eq!(lines("example.com/abcdefghijkl", 12), ["example.com/", "abcdefghijkl"]);
    assert_eq!(lines("aaaaaaaaaaaaaaa", 6), ["aaaaaa", "aaaaaa", "aaa"]);
}

#[test]
fn a_web_address_stays_in_one_piece_and_is_broken_only_where_no_line_holds_it() {
    let address = "https://a.example/orders/4412?pay=now";
    assert_eq!(lines(&format!("Please pay at {address} today"), 40), ["Please pay at", address, "today"]);
    assert_eq!(lines(&format!("at {address}/"), 12).concat(), format!("at {address}/"));
    assert_eq!(lines("https://example.com/abcdefghijkl", 12), ["https://exam", "ple.com/abcd", "efghijkl"]);
}

#[test]
fn chinese_and_japanese_break_anywhere_but_not_before_a_full_stop() {
    assert_eq!(lines("我想退款请帮忙。", 8), ["我想退款", "请帮忙。"]);
    assert_eq!(lines("我想退款。请", 8), ["我想退", "款。请"]);
}

#[test]
fn thai_fills_the_line_and_keeps_vowels_with_their_consonants() {
    let text = "ฉันต้องการขอเงินคืนสำหรับคำสั่งซื้อ";
    let broken = lines(text, 10);
    assert_eq!(broken.concat(), text);
    for line in &broken {
        assert!(width(line) <= 10, "{line}");
        let first = line.chars().next().unwrap();
        assert!(!('\u{0E30}'..='\u{0E3A}').contains(&first), "{line} begins with a vowel sign");
        let last = line.chars().next_back().unwrap();
        assert!(!('\u{0E40}'..='\u{0E44}').contains(&last), "{line} ends with a leading vowel");
    }
}

#[test]
fn hebrew_is_put_in_the_order_of_the_screen_and_begins_at_the_right() {
    let laid = lay_out("שלום (abc) 12", 40, false);
    assert_eq!(laid, [Laid { text: "12 (abc) םולש".into(), right: true }]);
}

#[test]
fn marks_stay_behind_their_letter_when_a_run_is_turned_round() {
    assert_eq!(visual("בּא", false), "אבּ");
}

#[test]
fn english_with_a_hebrew_word_stays_at_the_left() {
    let laid = lay_out("name: שלום ok", 40, false);
    assert_eq!(laid, [Laid { text: "name: םולש ok".into(), right: false }]);
}

#[test]
fn a_terminal_that_orders_text_itself_is_given_it_as_it_is() {
    assert_eq!(visual("שלום", true), "שלום");
}

#[test]
fn wrapped_right_to_left_lines_are_ordered_one_by_one() {
    let laid = lay_out("אבג דהו זחט", 8, false);
    let texts: Vec<&str> = laid.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["והד גבא", "טחז"]);
}

#[test]
fn a_name_written_from_right_to_left_stays_in_front_of_its_address() {
    assert_eq!(visual_fields("< אבג <a@b.example> · 03:20", false), "< גבא <a@b.example> · 03:20");
    assert_eq!(visual_fields("< Ana <a@b.example>", false), "< Ana <a@b.example>");
}
