use super::{Fetched, internal_date, is_fetch, parse, to_internal_date};
use crate::model::clock::Timestamp;
use proptest::prelude::*;

fn read(line: &[u8], literals: &[&[u8]]) -> Fetched {
    let (seq, rest) = is_fetch(line).unwrap();
    parse(seq, rest, literals.iter().map(|l| l.to_vec()).collect())
}

#[test]
fn everything_that_was_asked_for_is_read() {
    let line = b"* 7 FETCH (UID 12 FLAGS (\\Seen $Done a]b) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 5 MODSEQ (99) BODY[] \0 BODY[HEADER.FIELDS (MESSAGE-ID)] \0)\r\n";
    let fetched = read(line, &[b"hello", b"Message-ID: <a@b>\r\n\r\n"]);
    assert_eq!((fetched.seq, fetched.uid, fetched.size, fetched.modseq), (7, 12, Some(5), Some(99)));
    assert_eq!(fetched.flags.unwrap(), ["\\Seen", "$Done", "a]b"]);
    assert_eq!(fetched.date, Some(Timestamp::from_seconds(837_596_665)));
    assert_eq!(fetched.body.unwrap(), b"hello");
    assert_eq!(fetched.header.unwrap(), b"Message-ID: <a@b>\r\n\r\n");
}

#[test]
fn items_that_nobody_knows_are_stepped_over() {
    let line = b"* 1 FETCH (PREVIEW \"a (b) \\\" c\" X-GM-LABELS (\"\\\\Sent\" (x)) BODYSTRUCTURE ((\"TEXT\" \"PLAIN\" NIL) \"MIXED\") EMAILID (M1) UID 3 BODY[]<0> \"quoted\")\r\n";
    let fetched = read(line, &[]);
    assert_eq!((fetched.uid, fetched.body.as_deref()), (3, Some(&b"quoted"[..])));
}

#[test]
fn a_line_that_breaks_off_keeps_what_came_before() {
    assert_eq!(read(b"* 1 FETCH (UID 3 FLAGS (\\Seen", &[]).uid, 3);
    assert_eq!(read(b"* 1 FETCH (UID 3 BODY[] \0)", &[]).body, None);
    assert!(is_fetch(b"* 1 FETCHED x").is_none());
    assert!(is_fetch(b"* 99999999999 FETCH ()").is_none());
}

#[test]
fn a_date_goes_there_and_back() {
    let at = Timestamp::from_seconds(1_795_318_527);
    assert_eq!(internal_date(&to_internal_date(at)), Some(at));
    assert_eq!(internal_date(" 1-Jan-1970 00:00:00 +0000"), Some(Timestamp(0)));
    let far = "1-Jan-1970 00:00:00 +9223372036854775807";
    for bad in ["", far, "31-Feb-2020 00:00:00 +0000", "1-Jan-1970", "x-y-z 1:2:3 +0", "1-Jan-1970 00:00:00 é"] {
        assert_eq!(internal_date(bad), None, "{bad}");
    }
}

proptest! {
    #[test]
    fn nothing_that_a_server_sends_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut line = b"* 1 FETCH (UID 1 ".to_vec();
        line.extend(&bytes);
        let _ = read(&line, &[b"x"]);
        let _ = is_fetch(&bytes);
    }
}
