use super::*;

#[test]
fn lines_get_the_ends_that_mails_have_where_the_archive_has_others() {
    assert_eq!(within_lines(b"A: b\n\nText\n".to_vec()), b"A: b\r\n\r\nText\r\n");
    assert_eq!(within_lines(b"A: b\n\nText\r\nmore".to_vec()), b"A: b\r\n\r\nText\r\nmore");
    assert_eq!(within_lines(b"A: b\r\n\r\nbare\n".to_vec()), b"A: b\r\n\r\nbare\n", "as it was sent");
    assert_eq!(within_lines(Vec::new()), b"");
}

#[test]
fn a_field_of_a_header_has_a_name_without_spaces() {
    for (line, is) in [
        (&b"Subject: x"[..], true),
        (b"X-Y:z", true),
        (b"Subject : x", true),
        (b"From ana", false),
        (b": x", false),
        (b"a b: c", false),
        (b"", false),
    ] {
        assert_eq!(is_field(line), is, "{}", String::from_utf8_lossy(line));
    }
}
