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
fn a_name_in_several_encoded_words_is_read_as_one() {
    // RFC 2047 section 6.2: the white space between two of them is none of the name.
    let folded = "=?utf-8?b?4LiY4LiZ4Liy4LiE4Liy4Lij4LmB4Lir4LmI4LiH4Lib4Lij4Liw4LmA4LiX?=\r\n \
                  =?utf-8?b?4Lio4LmE4LiX4Lii4LiI4Liz4LiB4Lix4LiU4Lih4Lir4Liy4LiK4LiZ4Liq4Liz?=\r\n \
                  =?utf-8?b?4LiZ4Lix4LiB4LiH4Liy4LiZ4LmD4Lir4LiN4LmI?= <bank@x>";
    assert_eq!(read(folded), [pair("ธนาคารแห่งประเทศไทยจำกัดมหาชนสำนักงานใหญ่", "bank@x")]);
    assert_eq!(read("=?utf-8?q?Ay=C5=9F?= \t =?utf-8?q?e?= Kaya <a@x>"), [pair("Ayşe Kaya", "a@x")]);
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
