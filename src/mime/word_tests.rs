use super::*;

#[test]
fn encoded_words_are_decoded() {
    assert_eq!(decode(b"=?iso-8859-1?Q?caf=E9?= =?utf-8?B?4pi6?= ok"), "café☺ ok");
}

#[test]
fn a_character_cut_in_two_words_is_whole_again() {
    assert_eq!(decode(b"=?utf-8?Q?caf=C3?=\r\n =?utf-8?Q?=A9?="), "café");
    assert_eq!(decode(b"=?UTF-8?B?4pg=?= =?utf-8?B?ug==?="), "☺");
}

#[test]
fn broken_words_are_read_as_far_as_they_go() {
    assert_eq!(decode(b"=?utf-8?Q?hello big world?="), "hello big world");
    assert_eq!(decode(b"=?utf-8?Q?never closed"), "=?utf-8?Q?never closed");
    assert_eq!(decode(b"=?x-unknown?Q?caf=E9?="), "café");
    assert_eq!(decode(b"pre=?utf-8?Q?=41?=post"), "preApost");
    assert_eq!(decode(b"=?=?utf-8?q?x?="), "=?x");
}

#[test]
fn unencoded_bytes_are_read_as_utf8_or_windows_1252() {
    assert_eq!(decode("größe".as_bytes()), "größe");
    assert_eq!(decode(b"gr\xf6\xdfe"), "größe");
    assert_eq!(decode(b"gr\xf6\xdfe =?utf-8?q?=C3=A9?="), "größe é");
}

#[test]
fn folds_become_one_space() {
    assert_eq!(decode(b"one\r\n\ttwo\r\n   three"), "one two three");
}
