use super::{decode, encode, quote};
use proptest::prelude::*;

#[test]
fn the_examples_of_the_standard_read_and_write_the_same() {
    for (name, wire) in [
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("Entwürfe", "Entw&APw-rfe"),
        ("R&D", "R&-D"),
        ("Входящие", "&BBIERQQ+BDQETwRJBDgENQ-"),
        ("😀", "&2D3eAA-"),
        ("", ""),
    ] {
        assert_eq!(encode(name), wire);
        assert_eq!(decode(wire).as_deref(), Some(name));
    }
}

#[test]
fn what_breaks_the_rules_is_not_guessed() {
    for wire in ["&", "a&b", "&!!-", "&2D0-", "&AAA"] {
        assert_eq!(decode(wire), None, "{wire}");
    }
}

#[test]
fn quotes_and_backslashes_are_escaped_and_line_ends_refused() {
    assert_eq!(quote("a\"b\\c").as_deref(), Some("\"a\\\"b\\\\c\""));
    assert_eq!(quote("a\r\nb"), None);
}

proptest! {
    #[test]
    fn every_name_survives_the_way_there_and_back(name in any::<String>()) {
        let wire = encode(&name);
        prop_assert!(wire.bytes().all(|b| (0x20..0x7f).contains(&b)));
        prop_assert_eq!(decode(&wire), Some(name));
    }

    #[test]
    fn no_wire_name_makes_it_panic(wire in any::<String>()) {
        let _ = decode(&wire);
    }
}
