use super::*;
use crate::model::screen_order::{Order, ScreenOrder};
use crate::model::text::SafeText;

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

/// What is seen of a line of a field on a terminal that shows cells where they are put.
fn seen(text: &str) -> String {
    written(&field(text), ScreenOrder::UNKNOWN)
}

/// What is seen of a line of our own words.
fn said(text: &str) -> String {
    written(text, ScreenOrder::UNKNOWN)
}

/// What is seen of the lines of a paragraph, each with whether it begins at the right.
fn paragraph(text: &str, columns: usize) -> Vec<(String, bool)> {
    lay_out(text, columns, false).into_iter().map(|line| (said(&line.text), line.right)).collect()
}

const PLAIN: ScreenOrder = ScreenOrder { order: Order::Ours, fences: false, joins: true };
const WORDS: ScreenOrder = ScreenOrder { order: Order::Words, fences: false, joins: false };
const FENCED: ScreenOrder = ScreenOrder { order: Order::Words, fences: true, joins: false };
const TERMINAL: ScreenOrder = ScreenOrder { order: Order::Terminal, fences: true, joins: false };

#[test]
fn hebrew_is_put_in_the_order_of_the_screen_and_begins_at_the_right() {
    assert_eq!(paragraph("שלום (abc) 12", 40), [("12 (abc) םולש".into(), true)]);
}

#[test]
fn marks_stay_behind_their_letter_when_a_run_is_turned_round() {
    assert_eq!(seen("בּא"), "אבּ");
}

#[test]
fn english_with_a_hebrew_word_stays_at_the_left() {
    assert_eq!(paragraph("name: שלום ok", 40), [("name: םולש ok".into(), false)]);
}

#[test]
fn a_terminal_that_orders_text_itself_is_given_it_as_it_is() {
    assert_eq!(written(&field("שלום"), ScreenOrder { fences: false, ..TERMINAL }), "שלום");
}

#[test]
fn wrapped_right_to_left_lines_are_ordered_one_by_one() {
    assert_eq!(paragraph("אבג דהו זחט", 8), [("והד גבא".into(), true), ("טחז".into(), true)]);
}

#[test]
fn a_line_is_ordered_by_the_whole_paragraph_that_it_is_of() {
    // The second line has no strong letter, and the third begins with a Latin one.
    let lines = paragraph("אבגד 12 + 34 abc!", 7);
    assert_eq!(lines, [("12 דגבא".into(), true), ("34 +".into(), true), ("!abc".into(), true)]);
}

#[test]
fn what_is_laid_out_is_not_turned_again_where_it_is_drawn() {
    let laid = lay_out("שלום abc (x)", 40, false);
    assert_eq!(said(&format!(" > {} · {}", laid[0].text, "עוד")), " > abc (x) םולש · דוע");
}

#[test]
fn a_name_written_from_right_to_left_stays_in_front_of_its_address() {
    assert_eq!(said("< אבג <a@b.example> · 03:20"), "< גבא <a@b.example> · 03:20");
    assert_eq!(said("< Ana <a@b.example>"), "< Ana <a@b.example>");
}

#[test]
fn a_number_behind_a_name_stays_behind_it_and_whole() {
    assert_eq!(said("answered עמר 30m ago"), "answered רמע 30m ago");
    assert_eq!(said("#عاجل 4412"), "#لجاع 4412");
    assert_eq!(said("عمر · 2026-01-05 · 3"), "رمع · 2026-01-05 · 3");
}

#[test]
fn names_of_a_list_keep_their_places() {
    assert_eq!(said("to: עמר, דנה, Bob"), "to: רמע, הנד, Bob");
    assert_eq!(said("דנה  #דחוף  #לקוח"), "הנד  #ףוחד  #חוקל");
}

#[test]
fn a_name_with_brackets_keeps_them_around_what_stands_in_them() {
    assert_eq!(said("from דנה (תמיכה) at 3"), "from (הכימת) הנד at 3");
}

#[test]
fn a_field_runs_as_its_first_strong_letter_does() {
    assert_eq!(seen("טופס PDF!"), "!PDF ספוט");
    assert_eq!(seen("PDF טופס 3."), "PDF 3 ספוט.");
    assert_eq!(said(&format!("about {} now", field("טופס PDF."))), "about .PDF ספוט now");
}

#[test]
fn the_senders_marks_of_direction_count_and_are_not_drawn() {
    let price = SafeText::line("السعر \u{200e}$25.00\u{200e} فقط");
    assert_eq!(price.as_str(), "السعر $25.00 فقط");
    assert_eq!(seen(&price.directed()), "طقف $25.00 رعسلا");
    assert_eq!(seen("\u{200f}PDF טוב"), "בוט PDF");
}

#[test]
fn signs_that_have_a_mirror_image_are_turned_round() {
    assert_eq!(seen("א ⟨ב⟩ ≤ ג «ד»"), "«ד» ג ≥ ⟨ב⟩ א");
    assert_eq!(seen("אב (גד)"), "(דג) בא");
}

#[test]
fn a_web_address_in_right_to_left_text_stays_as_it_is_written() {
    assert_eq!(seen("ראו https://a.example/x/12?y=1 כאן"), "ןאכ https://a.example/x/12?y=1 ואר");
    assert_eq!(seen("ראו https://a.example/x/ כאן"), "ןאכ https://a.example/x/ ואר");
}

#[test]
fn what_is_cut_off_is_the_end() {
    assert_eq!(seen(&cut("שלום עולם", 6)), "… םולש");
    assert_eq!(said(&cut(&format!("about {} and", field("שלום עולם")), 12)), "about … םולש");
    assert_eq!(said(&format!("{} 12", cut("שלום עולם", 6))), "… םולש 12");
    assert_eq!(said(&format!("{} 12", cut(&field("שלום עולם"), 6))), "… םולש 12");
}

#[test]
fn a_text_of_too_many_lines_loses_its_end() {
    assert_eq!(shortened("the quick brown fox jumps", 10, 2), "the quick brown fox…");
    assert_eq!(shortened("the quick", 10, 2), "the quick");
    assert_eq!(said(&lay_out_said(&shortened("שלום לכל העולם", 6, 1), 6, false)[0].text), "…םולש");
}

#[test]
fn arabic_letters_are_joined_for_a_terminal_that_joins_none() {
    assert_eq!(written(&field("بيت 12"), PLAIN), "12 \u{FE96}\u{FEF4}\u{FE91}");
    assert_eq!(width(&written(&field("السلام"), PLAIN)), width("السلام"));
}

/// A look is a number here, the other face of it its negative.
impl Look for isize {
    fn in_other_face(self) -> Self {
        -self
    }
}

#[test]
fn joining_goes_on_where_a_word_changes_its_look() {
    let laid = lay_out_marked("بيت", 20, false, std::slice::from_ref(&(2..4)));
    let parts: Vec<(&str, isize)> = laid[0].pieces.iter().zip(1..).map(|((text, _), n)| (text.as_str(), n)).collect();
    let row: String = arranged(&parts, PLAIN).into_iter().map(|(cell, _)| cell).collect();
    assert_eq!(row, "\u{FE96}\u{FEF4}\u{FE91}");
}

#[test]
fn a_terminal_that_turns_words_gets_them_as_they_are_read_where_they_are_seen() {
    assert_eq!(written(&field("שלום עולם abc"), WORDS), "abc עולם שלום");
    assert_eq!(written("דנה <a@b.example>", WORDS), "דנה <a@b.example>");
}

#[test]
fn a_terminal_that_turns_words_turns_digits_of_arabic_and_signs_with_them() {
    // What is written; such a terminal shows it turned.
    assert_eq!(written("٤٤١٢ x", WORDS), "٢١٤٤ x");
    assert_eq!(written("۴۱ x", WORDS), "۱۴ x");
    assert_eq!(written(&field("(عمر) ok"), WORDS), "ok (عمر)");
    // Each run of them is turned by itself, so that a word in two scripts has its parts where they are seen.
    assert_eq!(written("x ה-SMS", WORDS), "x ה-SMS");
    assert_eq!(written(&field("ה-SMS טוב"), WORDS), "טוב SMS-ה");
}

#[test]
fn what_touches_a_word_that_a_terminal_turns_is_in_another_face_of_its_font() {
    let faces = |text: &str| -> String {
        let row = arranged(&[(text, 1isize)], WORDS);
        row.iter().map(|(cell, look)| if *look < 0 { format!("[{cell}]") } else { cell.to_string() }).collect()
    };
    assert_eq!(faces("x ה-SMS (y)"), "x ה[-]SMS (y)");
    assert_eq!(faces(&field("(عمر). ok")), "ok .[(]عمر[)]");
    assert_eq!(faces(&field("رقم2026 X-2")), "X-2 [2][0][2][6]رقم");
    assert_eq!(faces(&field("שלום רב")), "רב שלום");
}

#[test]
fn a_fence_stands_behind_each_run_that_a_terminal_turns_and_before_the_first() {
    assert_eq!(written(&field("שלום עולם 12"), FENCED), "12 \u{200E}שלום עולם\u{200E}");
    assert_eq!(written("abc 12", FENCED), "abc 12");
    assert_eq!(written("a דנה · 30m", TERMINAL), "a\u{200E} דנה\u{200E} · 30m".replace("a\u{200E} ", "a \u{200E}"));
}

#[test]
#[ignore = "a measurement, which prints what a row of the screen costs"]
fn what_a_row_costs() {
    let plain = "  7h  O Refund for order 4412, please: the lamp came broken, and so did the bulb";
    // What one sign that is not ASCII costs is what every row did.
    let rows = [plain, &plain.replace(',', "…"), &plain.replace("lamp", "مصباح")];
    for row in rows {
        let start = std::time::Instant::now();
        let cells: usize = (0..2_000).map(|_| arranged(&[(row, ())], ScreenOrder::UNKNOWN).len()).sum();
        let placed: usize = (0..2_000).map(|_| lay_out(row, 100, false).len()).sum();
        println!("{} ns a row of {} cells: {row}", start.elapsed().as_nanos() / 2_000, cells / placed);
    }
}
