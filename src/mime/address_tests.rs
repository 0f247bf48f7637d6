use super::*;

fn read(text: &str) -> Vec<(String, String)> {
    let mut list = List::default();
    list.read(text.as_bytes(), "");
    list.kept.into_iter().map(|address| (address.name, address.email)).collect()
}

fn pair(name: &str, email: &str) -> (String, String) {
    (name.to_owned(), email.to_owned())
}

#[test]
fn names_quotes_and_comments_are_read() {
    assert_eq!(
        read("Joe <j@x>, \"Doe, John\" <d@y>, k@z (Kate)"),
        [pair("Joe", "j@x"), pair("Doe, John", "d@y"), pair("Kate", "k@z")]
    );
    assert_eq!(read("=?utf-8?Q?J=C3=BCrgen?= <j@x>"), [pair("Jürgen", "j@x")]);
    assert_eq!(read("\"=?utf-8?Q?J=C3=BCrgen?=\" <j@x>"), [pair("Jürgen", "j@x")]);
    assert_eq!(read("=?utf-8?Q?Doe, John?= <j@x>"), [pair("Doe, John", "j@x")]);
    assert_eq!(read("\"a b\"@example.com"), [pair("", "\"a b\"@example.com")]);
}

#[test]
fn groups_are_opened_and_empty_ones_are_nobody() {
    assert_eq!(read("Team: a@x, b@y;, c@z"), [pair("", "a@x"), pair("", "b@y"), pair("", "c@z")]);
    assert_eq!(read("undisclosed-recipients:;"), []);
}

#[test]
fn broken_lists_are_read_as_far_as_they_go() {
    assert_eq!(read("\"never closed <a@x>, b@y"), [pair("never closed", "a@x"), pair("", "b@y")]);
    assert_eq!(read("Joe (the one <a@x>"), [pair("Joe (the one", "a@x")]);
    assert_eq!(read("Joe <a@x, b@y"), [pair("Joe", "a@x"), pair("", "b@y")]);
    assert_eq!(read("a@x; b@y"), [pair("", "a@x"), pair("", "b@y")]);
    assert_eq!(read("Joe Doe joe@x"), [pair("Joe Doe", "joe@x")]);
    assert_eq!(read("nobody"), [pair("", "nobody")]);
    assert_eq!(read("<@relay,@other:a@x>").last(), Some(&pair("", "a@x")));
    assert_eq!(read("<mailto:a@x>"), [pair("", "a@x")]);
    assert_eq!(read(""), []);
}
