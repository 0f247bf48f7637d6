use std::collections::BTreeMap;

use super::*;
use crate::model::template::Template;
use crate::service::saved_replies::Shared;

#[test]
fn a_saved_reply_is_safe_and_its_cursor_stays_where_it_was() {
    let template = Template {
        subject: "About {order}".into(),
        body: "a\tb \u{1b}[2J{cursor}c {missing}".into(),
        ..Template::default()
    };
    let filled = saved_replies::fill(&template, &BTreeMap::new());
    let reply =
        SavedReply { template, text: String::new(), file: None, shared: Shared::Same, by: None, last_used: None };
    let filled = text(&reply, filled);
    assert_eq!(filled.text.split_at(filled.cursor), ("a       b ", "c {missing}"));
    assert_eq!(filled.unresolved, ["missing", "order"]);
}
