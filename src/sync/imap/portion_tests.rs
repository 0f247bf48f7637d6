use super::*;

#[test]
fn the_fields_that_matter_stand_in_front_once_and_a_line_that_was_cut_off_goes() {
    let header = b"X-Filler: a\r\nsubject: Cut\r\n off\r\n\tfurther\r\nX-More: b\r\n c\r\nX-Half: cut in the mid";
    let fields = b"Subject: Whole\r\n subject\r\nFrom: a@b.c\r\n\r\n";
    let joined = String::from_utf8(joined(fields, header)).unwrap();
    assert_eq!(joined, "Subject: Whole\r\n subject\r\nFrom: a@b.c\r\nX-Filler: a\r\nX-More: b\r\n c\r\n\r\n");
}

#[test]
fn what_is_asked_for_of_a_header_is_the_most_that_is_kept() {
    assert!(HEADERS.contains(&format!("<0.{HEADER_MAX}>")) && fields().contains(&format!("<0.{HEADER_MAX}>")));
    let long = Fetched { uid: 1, header: Some(vec![b'x'; 1 << 20]), size: Some(5 << 20), ..Fetched::default() };
    let mail = incoming(long, Timestamp(0)).unwrap();
    assert!(is_cut(&mail.content));
    assert_eq!(mail.content, Content::Headers(vec![b'x'; 64 << 10]));
    assert_eq!(mail.size, 5 << 20);
}
