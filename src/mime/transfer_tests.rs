use super::*;
use proptest::prelude::*;

proptest! {
    #[test]
    fn the_decoded_length_needs_no_decoding(body in "[a-dXZ059+/]{0,24}={0,3}(\r\n)?|[aGVs+/= !_\r\n]{0,24}") {
        prop_assert_eq!(Transfer::Base64.decoded_len(body.as_bytes()), base64(body.as_bytes()).len() as u64);
    }
}

#[test]
fn base64_is_read_with_rubbish_breaks_and_joins_in_it() {
    assert_eq!(base64(b"aGVs\r\nbG8="), b"hello");
    assert_eq!(base64(b"aGVs!bG8"), b"hello");
    assert_eq!(base64(b"aGVsbG8=d29ybGQ="), b"helloworld");
    assert_eq!(base64(b""), b"");
}

#[test]
fn the_decoded_length_is_that_of_what_is_decoded() {
    for body in [&b""[..], b"a", b"aG", b"aGV", b"aGVs", b"aGVsbG8=", b"aGVsbG8=d29ybGQ=", b"=\n=", b"aG=VsbG8"] {
        assert_eq!(Transfer::Base64.decoded_len(body), base64(body).len() as u64, "{body:?}");
    }
}

#[test]
fn quoted_printable_keeps_what_is_broken() {
    assert_eq!(quoted(b"caf=C3=A9 =\r\nand=20so=", false), "café and so".as_bytes());
    assert_eq!(quoted(b"100=% =ZZ =  \nx", false), b"100=% =ZZ x");
    assert_eq!(quoted(b"a_b=5F", true), b"a b_");
}

#[test]
fn a_uuencoded_file_is_found_and_a_sentence_is_not() {
    let body = b"see\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n";
    let block = uu_find(body).expect("a file");
    assert_eq!(block.name, b"cat.txt");
    assert_eq!(uu_decode(&body[block.data.clone()]), b"Cat");
    assert_eq!(&body[block.whole.end..], b"bye\n");
    assert_eq!(uu_find(b"begin 100 days from now\nand then we shall see what comes of it all\n"), None);
}

#[test]
fn encodings_are_known_by_their_broken_names_too() {
    assert_eq!(Transfer::of(b" BASE64 (really)"), Transfer::Base64);
    assert_eq!(Transfer::of(b"\"quoted-printable\""), Transfer::Quoted);
    assert_eq!(Transfer::of(b"x-nobody"), Transfer::Plain);
}
