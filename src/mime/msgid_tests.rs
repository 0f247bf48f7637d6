use super::*;

fn texts(ids: &[MessageId]) -> Vec<&str> {
    ids.iter().map(MessageId::as_str).collect()
}

#[test]
fn references_keep_the_first_16_and_the_last_48() {
    let field: Vec<String> = (0..100).map(|n| format!("<{n}@x>")).collect();
    let ids = references(field.join("\r\n ").as_bytes());
    assert_eq!(ids.len(), 64);
    assert_eq!(texts(&ids)[15..17], ["15@x", "52@x"]);
    assert_eq!(ids.last().map(MessageId::as_str), Some("99@x"));
}

#[test]
fn references_are_read_without_spaces_and_without_brackets() {
    assert_eq!(texts(&references(b"<a@x><b@y>\r\n\t<a@x>")), ["a@x", "b@y"]);
    assert_eq!(texts(&references(b"a@x b@y")), ["a@x", "b@y"]);
    assert_eq!(texts(&references(b"<a@\r\n x>")), ["a@x"]);
}

#[test]
fn talk_in_in_reply_to_is_no_id() {
    assert_eq!(texts(&in_reply_to(b"Your message of \"Mon, 1 Jan 2001\" <a@x>")), ["a@x"]);
    assert_eq!(texts(&in_reply_to(b"Message from Joe <joe@example.com> of Monday <a@x>")), ["a@x"]);
    assert_eq!(texts(&in_reply_to(b"your message of Mon by joe@example.com")), [] as [&str; 0]);
    assert_eq!(texts(&in_reply_to(b"<a@x> <b@y>")), ["a@x", "b@y"]);
    assert_eq!(texts(&in_reply_to(b"a@x")), ["a@x"]);
}
