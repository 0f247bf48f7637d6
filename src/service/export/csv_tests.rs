use super::{Rows, header, line, quoted};

#[test]
fn a_field_is_quoted_where_rfc_4180_asks_for_it() {
    assert_eq!(quoted("plain words; ' too"), "plain words; ' too");
    assert_eq!(quoted("a,b"), "\"a,b\"");
    assert_eq!(quoted("say \"no\""), "\"say \"\"no\"\"\"");
    assert_eq!(quoted("one\ntwo\r\n"), "\"one\ntwo\r\n\"");
    assert_eq!(line(["a".to_owned(), String::new(), "b".to_owned()]), "a,,b\r\n");
}

#[test]
fn no_field_is_a_formula() {
    for sign in ["=", "+", "-", "@", "\t", "\r"] {
        let field = quoted(&format!("{sign}HYPERLINK(\"x\")"));
        assert!(field.starts_with("\"'"), "{field}");
    }
    assert_eq!(quoted("=1"), "'=1");
}

#[test]
fn the_columns_are_those_that_are_documented() {
    let help = include_str!("../../help/export.md");
    for rows in [Rows::Conversations, Rows::Messages, Rows::History] {
        let names = header(rows);
        let names: Vec<String> = names.trim_end().split(',').map(|name| format!("`{name}`")).collect();
        assert!(help.contains(&format!("| `{}` | {} |", rows.name(), names.join(", "))), "{names:?}");
    }
}
