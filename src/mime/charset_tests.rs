use super::*;

fn text(bytes: &[u8], label: &str) -> String {
    decode(bytes, label).text.into_owned()
}

#[test]
fn utf8_wins_over_a_single_byte_charset_that_was_named_by_mistake() {
    assert_eq!(text("café".as_bytes(), "iso-8859-1"), "café");
    assert_eq!(text(b"caf\xe9", "iso-8859-1"), "café");
}

#[test]
fn text_that_is_not_the_utf8_it_says_is_read_as_windows_1252() {
    assert_eq!(text(b"caf\xe9 \x80", "utf-8"), "café €");
}

#[test]
fn names_are_found_however_they_are_spelled() {
    for label in ["UTF8", "uft-8", "\"utf-8\"", "utf-8*en", "x-utf-8"] {
        assert_eq!(find(label), Some(Charset::Known(UTF_8)), "{label}");
    }
    for label in ["win1251", "cp1251", "Windows_1251", "windows-1251"] {
        assert_eq!(find(label), Some(Charset::Known(WINDOWS_1251)), "{label}");
    }
    for label in ["ks_c_5601-1987", "cp949", "EUC-KR"] {
        assert_eq!(find(label), Some(Charset::Known(EUC_KR)), "{label}");
    }
    assert_eq!(find("x-unknown"), None);
}

#[test]
fn seven_bit_charsets_are_decoded() {
    assert_eq!(text(b"\x1b$B4A;z\x1b(B", "iso-2022-jp"), "漢字");
    assert_eq!(text(b"\x1b$B4A;z\x1b(B", ""), "漢字");
    assert_eq!(text(b"Hi Mom -+Jjo--!", "utf-7"), "Hi Mom -☺-!");
    assert_eq!(text(b"1 +- 1 +AGE-", "unicode-1-1-utf-7"), "1 + 1 a");
    assert_eq!(text(b"~{<:Ky2;6T~}.~~", "hz-gb-2312").chars().last(), Some('~'));
    assert_eq!(text(b"~{Dc:C~} ok", "hz"), "你好 ok");
    assert_eq!(text(b"\x1b$)C\x0e0!\x0f ok", "iso-2022-kr"), "가 ok");
}

#[test]
fn multibyte_charsets_are_decoded() {
    assert_eq!(text(b"\xc4\xe3\xba\xc3", "gb2312"), "你好");
    assert_eq!(text(b"\xc1\xaa\xcd\xa8", "gbk"), "联通");
    assert_eq!(text(b"\xd0\xd2\xc9\xd7\xc5\xd4", "koi8-r"), "привет");
    assert_eq!(text(b"\x81\x30\x81\x30", "gb18030"), "\u{80}");
}

#[test]
fn an_unknown_charset_falls_back_and_says_so() {
    let decoded = decode(b"caf\xe9", "x-unknown");
    assert_eq!(decoded.text, "café");
    assert!(decoded.doubtful);
}
