use super::*;
use crate::model::screen_order::Order;

fn cells(texts: &[&str]) -> Vec<SafeText> {
    texts.iter().map(|text| SafeText::line(text)).collect()
}

#[test]
fn columns_stand_under_one_another_whatever_the_script() {
    let rows = [cells(&["a", "山田", "x"]), cells(&["bb", "Ana", "y"])];
    let lines = lay_out(&[Column::FIXED, Column::FIXED, Column::FIXED], &rows, 80, None);
    assert_eq!(lines[0].as_str(), "a   山田  x");
    assert_eq!(lines[1].as_str(), "bb  Ana   y");
}

#[test]
fn a_table_that_is_too_wide_is_cut_from_the_right() {
    let rows = [cells(&["id12", "A very long name", "A very long subject indeed"])];
    let columns = [Column::FIXED, Column::between(6, 20), Column::between(8, 200)];
    let lines = lay_out(&columns, &rows, 34, None);
    assert_eq!(lines[0].as_str(), "id12  A very long name  A very lo…");
    let lines = lay_out(&columns, &rows, 24, None);
    assert_eq!(lines[0].as_str(), "id12  A very …  A very …");
}

#[test]
fn a_wide_character_is_never_cut_in_half() {
    assert_eq!(cut("日本語", 4), "日…");
    assert_eq!(cut("日本語", 6), "日本語");
    assert_eq!(cut("abc", 0), "");
}

#[test]
fn columns_stay_where_a_terminal_turns_text_around() {
    let rows = [cells(&["a1", "محمد علي", "طلب 1042"]), cells(&["b2", "Ana", "y"])];
    let columns = [Column::FIXED, Column::FIXED, Column::FIXED];
    let logical = ScreenOrder { order: Order::Terminal, fences: true, joins: false };
    let lines = lay_out(&columns, &rows, 80, Some(logical));
    assert_eq!(lines[0], "\u{200e}a1\u{200e}  محمد علي\u{200e}  طلب 1042\u{200e}");
    assert_eq!(lines[1], "b2  Ana       y", "what runs from left to right needs no mark");
    // A terminal that puts cells where it is told gets the order of the screen.
    let ours = ScreenOrder { order: Order::Ours, fences: false, joins: true };
    let lines = lay_out(&columns, &rows, 80, Some(ours));
    assert_eq!(lines[0], format!("a1  {}  {}", written(&field("محمد علي"), ours), written(&field("طلب 1042"), ours)));
    // In the forms that the letters have in their words, since such a terminal joins none.
    assert!(lines[0].contains("\u{FEF2}\u{FEE0}\u{FECB} \u{FEAA}\u{FEE4}\u{FEA4}\u{FEE3}"), "{}", lines[0]);
    // A program reads what was written.
    assert_eq!(lay_out(&columns, &rows, 80, None)[0], "a1  محمد علي  طلب 1042");
}

#[test]
fn an_age_is_short_and_becomes_a_date() {
    let zone = jiff::tz::TimeZone::UTC;
    let now = Timestamp::from_seconds(1_800_000_000);
    let ago = |seconds: i64| age(now.plus(-seconds * 1000), now, &zone);
    assert_eq!(ago(5), "now");
    assert_eq!(ago(600), "10m");
    assert_eq!(ago(7200), "2h");
    assert_eq!(ago(3 * 86_400), "3d");
    assert_eq!(ago(40 * 86_400), "Dec 06");
    assert_eq!(ago(400 * 86_400), "2025-12-11");
}
