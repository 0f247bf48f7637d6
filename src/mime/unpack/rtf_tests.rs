use proptest::prelude::*;
use proptest::string::string_regex;

use super::*;

fn plain(rtf: &str) -> String {
    match to_text(rtf.as_bytes(), "") {
        Text::Plain(text) => text,
        Text::Html(html) => panic!("HTML: {html}"),
    }
}

/// The example of MS-OXRTFCP section 4.1.
const SIMPLE: &[u8] = &[
    0x2d, 0, 0, 0, 0x2b, 0, 0, 0, 0x4c, 0x5a, 0x46, 0x75, 0xf1, 0xc5, 0xc7, 0xa7, 0x03, 0, 0x0a, 0, 0x72, 0x63, 0x70,
    0x67, 0x31, 0x32, 0x35, 0x42, 0x32, 0x0a, 0xf3, 0x20, 0x68, 0x65, 0x6c, 0x09, 0, 0x20, 0x62, 0x77, 0x05, 0xb0,
    0x6c, 0x64, 0x7d, 0x0a, 0x80, 0x0f, 0xa0,
];

#[test]
fn compressed_rtf_is_unpacked() {
    let text = unpacked(SIMPLE, &mut 1000).unwrap();
    assert_eq!(text, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    assert_eq!(plain(std::str::from_utf8(&text).unwrap()), "hello world");
    let stored = [&[0; 8][..], b"MELA", &[0; 4], b"{\\rtf1 x}"].concat();
    assert_eq!(unpacked(&stored, &mut 1000).as_deref(), Some(&b"{\\rtf1 x}"[..]));
    assert_eq!(unpacked(b"nothing of that kind", &mut 1000), None);
}

#[test]
fn unpacking_makes_no_more_than_is_left() {
    // Each two bytes stand for seventeen.
    let bomb = [
        &[0; 8][..],
        b"LZFu",
        &[0; 4],
        &[0xff, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf, 0, 0xf].repeat(500_000),
    ]
    .concat();
    let mut left = 100_000;
    let made = unpacked(&bomb, &mut left).unwrap();
    assert!(made.len() > 50_000 && made.len() < 100_000 + 20 && left == 100_000usize.saturating_sub(made.len()));
}

#[test]
fn letters_of_rich_text_are_read_and_what_is_no_text_is_left_out() {
    let rtf = r"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 Arial;}}{\colortbl;\red0\green0\blue0;}{\*\generator Riched20;}\pard Hi\par\'cf\'f0\'e8\tab \u8364?\uc0\u8364\emdash\{\}\par}";
    assert_eq!(plain(rtf), "Hi\nПри\t€€—{}\n");
}

#[test]
fn html_that_was_made_rich_text_is_html_again() {
    let rtf = r"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Tom {\*\htmltag84 &amp;}\htmlrtf &\htmlrtf0  Ann{\*\htmltag84 <a href=https://x.example/>}link{\*\htmltag92 </a>}\htmlrtf\par}\htmlrtf0{\*\htmltag72 </p>}}";
    assert_eq!(
        to_text(rtf.as_bytes(), ""),
        Text::Html("<p>Tom &amp; Ann<a href=https://x.example/>link</a></p>".to_owned())
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(noise in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = to_text(&noise, "cp932");
        let packed = [&[0; 8][..], b"LZFu", &[0; 4], &noise].concat();
        if let Some(text) = unpacked(&packed, &mut 10_000) {
            prop_assert!(text.len() <= 10_020);
            let _ = to_text(&text, "");
        }
    }

    #[test]
    fn no_control_words_make_it_fail(words in proptest::collection::vec(string_regex("[{}\\\\]|\\\\(htmlrtf|htmltag|fromhtml1|u|uc|'|\\*|par|ansicpg)-?[0-9]{0,12} ?|[a-z0-9]{1,4}").unwrap(), 0..60)) {
        let _ = to_text(words.concat().as_bytes(), "");
    }
}
