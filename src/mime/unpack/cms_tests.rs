use proptest::prelude::*;

use super::*;
use crate::mime::work::steps_of;

/// An element with a length.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let len = content.len();
    let head = if len < 128 {
        vec![tag, len as u8]
    } else {
        let digits = (len as u32).to_be_bytes();
        [&[tag, 0x84][..], &digits].concat()
    };
    [&head, content].concat()
}

/// An element without, as streaming clients write it.
fn ber(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

fn object(id: &[u8], last: u8) -> Vec<u8> {
    der(OBJECT, &[id, &[last]].concat())
}

/// A message of that kind of content; `element` writes what may be of either form.
fn message(element: fn(u8, &[u8]) -> Vec<u8>, octets: &[u8]) -> Vec<u8> {
    let data = [object(PKCS7, 1), element(EXPLICIT_0, octets)].concat();
    let digests = element(0x31, &element(SEQUENCE, &object(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2], 1)));
    let signed = [der(2, &[1]), digests, element(SEQUENCE, &data), der(0x31, b"")].concat();
    element(SEQUENCE, &[object(PKCS7, 2), element(EXPLICIT_0, &element(SEQUENCE, &signed))].concat())
}

#[test]
fn what_was_signed_is_found_in_der_and_in_ber_with_strings_in_pieces() {
    assert_eq!(signed_content(&message(der, &der(OCTETS, b"hello"))).as_deref(), Some(&b"hello"[..]));
    let pieces = [der(OCTETS, b"he"), ber(OCTETS_IN_PIECES, &der(OCTETS, b"l")), der(OCTETS, b"lo")].concat();
    for element in [der, ber] {
        for whole in [der(OCTETS_IN_PIECES, &pieces), ber(OCTETS_IN_PIECES, &pieces)] {
            assert_eq!(signed_content(&message(element, &whole)).as_deref(), Some(&b"hello"[..]));
        }
    }
    let long = vec![b'x'; 100_000];
    assert_eq!(signed_content(&message(ber, &der(OCTETS, &long))), Some(long));
}

#[test]
fn kinds_are_told_and_what_is_none_is_none() {
    let of =
        |id: &[u8], last: u8| kind(&der(SEQUENCE, &[object(id, last), der(EXPLICIT_0, &der(SEQUENCE, b""))].concat()));
    assert_eq!(of(PKCS7, 2), Some(Cms::Signed));
    assert_eq!(of(PKCS7, 3), Some(Cms::Encrypted));
    assert_eq!(of(SMIME, 23), Some(Cms::Encrypted));
    assert_eq!(of(SMIME, 9), Some(Cms::Compressed));
    assert_eq!(of(PKCS7, 1), None);
    assert_eq!(kind(b""), None);
    assert_eq!(kind(b"hello"), None);
    assert_eq!(signed_content(&der(SEQUENCE, &[object(PKCS7, 3), der(EXPLICIT_0, b"")].concat())), None);
}

#[test]
fn a_bundle_of_certificates_holds_no_content() {
    let signed = [der(2, &[1]), der(0x31, b""), der(SEQUENCE, &object(PKCS7, 1)), der(0x31, b"")].concat();
    let whole = der(SEQUENCE, &[object(PKCS7, 2), der(EXPLICIT_0, &der(SEQUENCE, &signed))].concat());
    assert_eq!(kind(&whole), Some(Cms::Signed));
    assert_eq!(signed_content(&whole), None);
}

#[test]
fn a_message_cut_off_anywhere_gives_what_is_there() {
    for whole in
        [message(der, &der(OCTETS, b"hello world")), message(ber, &ber(OCTETS_IN_PIECES, &der(OCTETS, b"hello world")))]
    {
        for length in 0..whole.len() {
            let found = signed_content(&whole[..length]).unwrap_or_default();
            assert!(b"hello world".starts_with(&found[..]), "{length}: {found:?}");
        }
    }
}

#[test]
fn elements_that_never_end_are_each_read_once() {
    let deep = [message(ber, b""), [0x24, 0x80].repeat(2_000_000)].concat();
    let open =
        [&[0x30, 0x80, 0x06, 9][..], PKCS7, &[2, 0xa0, 0x80, 0x30, 0x80, 2, 1, 1], &[0x31, 0x80].repeat(2_000_000)]
            .concat();
    let pieces = message(ber, &ber(OCTETS_IN_PIECES, &[OCTETS, 0].repeat(1_000_000)));
    for (bytes, least) in [(&deep, 1), (&open, 1), (&pieces, 1_000_000)] {
        let steps = steps_of(|| {
            assert!(signed_content(bytes).is_none_or(|content| content.is_empty()));
        });
        assert!(steps >= least && steps <= bytes.len() / 2 + 100, "{steps} elements of {} bytes", bytes.len());
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(noise in proptest::collection::vec(any::<u8>(), 0..400), at in any::<prop::sample::Index>(), byte: u8) {
        let _ = (kind(&noise), signed_content(&noise));
        let mut whole = message(ber, &ber(OCTETS_IN_PIECES, &der(OCTETS, b"hello world")));
        let place = at.index(whole.len());
        whole[place] = byte;
        let _ = signed_content(&whole);
        let _ = signed_content(&[&message(der, b"")[..], &noise].concat());
    }
}
