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
    assert_eq!((decoded.lost, decoded.guessed), (false, Some("windows-1252")));
}

/// A few sentences of a support mail, as they are written.
const RUSSIAN: &str =
    "Здравствуйте, я получил посылку, но в ней нет второй детали. Пришлите её, пожалуйста, или верните деньги.";
const KOREAN: &str = "안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 언제 받을 수 있는지 알려 주세요.";
const JAPANESE: &str =
    "お問い合わせいただきありがとうございます。注文した商品がまだ届いていません。いつ届くか教えてください。";
const CHINESE: &str = "您好，我订购的商品还没有收到，请问什么时候可以发货？如果没有货，请退款。谢谢。";
const TAIWANESE: &str = "您好，我訂購的商品還沒有收到，請問什麼時候可以出貨？如果沒有貨，請退款。謝謝。";

#[test]
fn text_of_an_undeclared_or_wrongly_declared_charset_is_guessed_and_said_to_be() {
    use encoding_rs::{KOI8_R, KOI8_U};
    let all = [
        (RUSSIAN, KOI8_R),
        (RUSSIAN, WINDOWS_1251),
        (KOREAN, EUC_KR),
        (JAPANESE, SHIFT_JIS),
        (JAPANESE, encoding_rs::EUC_JP),
    ];
    for (words, encoding) in all.into_iter().chain([(CHINESE, GBK), (TAIWANESE, BIG5)]) {
        let bytes = encoding.encode(words).0;
        for label in ["", "us-ascii", "iso-8859-1", "windows-1252", "unknown-8bit", "x-unknown", "default", "utf-8"] {
            let decoded = decode(&bytes, label);
            assert_eq!(decoded.text, words, "{} as {label:?}", encoding.name());
            let named = if encoding == KOI8_R { KOI8_U.name() } else { encoding.name() };
            assert_eq!((decoded.lost, decoded.guessed), (false, Some(named)), "{label:?}");
        }
        assert_eq!(decode(&bytes, encoding.name()).guessed, None);
    }
}

#[test]
fn text_of_western_europe_stays_what_it_says() {
    for words in [
        "El 12 de octubre es el día de la Hispanidad en España.",
        "Größe, Maß und Übergang: £97 «déjà vu» ÀÉÎÕÜ",
        "ÆØÅ ÆØÅ æøå",
    ] {
        let bytes = WINDOWS_1252.encode(words).0;
        for label in ["iso-8859-1", "", "us-ascii"] {
            assert_eq!(text(&bytes, label), words, "{label:?}");
        }
        assert_eq!(decode(&bytes, "iso-8859-1").guessed, None);
    }
    assert_eq!(text(b"\xa397m pay bill, \xa312m", ""), "£97m pay bill, £12m");
}

#[test]
fn one_bad_byte_spoils_nothing_but_itself() {
    for (words, encoding) in
        [(KOREAN, EUC_KR), (JAPANESE, SHIFT_JIS), (CHINESE, GBK), (TAIWANESE, BIG5), (RUSSIAN, UTF_8)]
    {
        let mut bytes = encoding.encode(words).0.into_owned();
        bytes.extend_from_slice(b" \xff ");
        bytes.extend_from_slice(&encoding.encode(words).0);
        let decoded = decode(&bytes, encoding.name());
        assert!(decoded.lost && decoded.guessed.is_none());
        let others: String = decoded.text.chars().filter(|c| *c != '\u{FFFD}').collect();
        assert_eq!(others.replace("  ", " "), format!("{words} {words}"), "{}", encoding.name());
    }
}

#[test]
fn the_charset_that_a_mail_names_is_found() {
    assert_eq!(named_in(b"Content-Type: text/plain; charset=\"EUC-KR\"\n"), "euc-kr");
    assert_eq!(
        named_in(b"text/plain; charset=us-ascii\n\n--b\nContent-Type: text/html; Charset=Windows-1251"),
        "windows-1251"
    );
    assert_eq!(named_in(b"nothing"), "");
}
