use std::collections::BTreeMap;

use super::*;

#[test]
fn a_saved_reply_is_safe_and_its_cursor_stays_where_it_was() {
    let template = Template {
        subject: "About {order}".into(),
        body: "a\tb \u{1b}[2J{cursor}c {missing}".into(),
        ..Template::default()
    };
    let filled = text(&template, saved_replies::fill(&template, &BTreeMap::new()));
    assert_eq!(filled.text.split_at(filled.cursor), ("a       b ", "c {missing}"));
    assert_eq!(filled.unresolved, ["missing", "order"]);
}
