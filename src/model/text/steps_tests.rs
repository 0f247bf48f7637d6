use super::*;

const FAMILY: &str = "👨\u{200D}👩\u{200D}👧";

/// Returns what stands between the places that a step comes to, from the beginning to the end.
fn walked(text: &str, step: impl Fn(&str, usize) -> usize) -> Vec<&str> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = step(text, at);
        out.push(text.get(at..end).unwrap());
        at = end;
    }
    out
}

fn walked_back(text: &str, step: impl Fn(&str, usize) -> usize) -> Vec<&str> {
    let mut out = Vec::new();
    let mut at = text.len();
    while at > 0 {
        let start = step(text, at);
        out.push(text.get(start..at).unwrap());
        at = start;
    }
    out
}

#[test]
fn a_cursor_goes_over_what_is_one_letter_to_a_reader() {
    for letters in
        [&["ที่", "นี่"][..], &["क्ष", "त्रि", "य"], &[FAMILY, "🇩🇪", "🇹🇭", "👍🏽"], &["e\u{301}", "x"], &["각", "ᄀ\u{1161}"]]
    {
        let text = letters.concat();
        assert_eq!(walked(&text, next), letters, "{text}");
        let mut backwards = walked_back(&text, back);
        backwards.reverse();
        assert_eq!(backwards, letters, "{text}");
    }
}

#[test]
fn backspace_takes_a_vowel_sign_and_leaves_its_letter_but_takes_a_picture_whole() {
    let left = |text: &str| text.get(..erased_back(text, text.len())).unwrap().to_owned();
    assert_eq!(left("ที่"), "ที");
    assert_eq!(left("कि"), "क");
    assert_eq!(left("e\u{301}"), "e");
    assert_eq!(left("שָ"), "ש");
    for whole in [FAMILY, "🇩🇪", "👍🏽", "❤\u{FE0F}", "1\u{FE0F}\u{20E3}", "각", "ᄀ\u{1161}"] {
        assert_eq!(left(&format!("a{whole}")), "a", "{whole}");
    }
    assert_eq!(erased_back("", 0), 0);
}

#[test]
fn words_end_as_a_shell_has_it_or_as_an_editor_has_it() {
    let text = "from:ana@lima.example  to-do";
    assert_eq!(walked_back(text, |text, at| word_back(text, at, Words::Spaces)), ["to-do", "from:ana@lima.example  "]);
    assert_eq!(walked_back("see foo.bar ", |text, at| word_back(text, at, Words::Signs)), ["bar ", ".", "foo", "see "]);
    assert_eq!(walked("see foo.bar", |text, at| word_on(text, at, Words::Signs)), ["see", " foo", ".", "bar"]);
}

#[test]
fn words_without_spaces_between_them_go_one_at_a_time() {
    for words in [Words::Spaces, Words::Signs] {
        let step = |text: &str, at: usize| word_on(text, at, words);
        assert_eq!(walked("สอบถามเรื่องสินค้า", step), ["สอบถาม", "เรื่อง", "สินค้า"]);
        assert_eq!(walked("ราคา100บาท", step), ["ราคา", "100", "บาท"]);
        assert_eq!(walked("ຂ້ອຍຢາກ ສອບຖາມ", step), ["ຂ້ອຍ", "ຢາກ", " ສອບຖາມ"]);
        assert_eq!(walked("東京に住んで", step), ["東京に", "住んで"]);
        let step = |text: &str, at: usize| word_back(text, at, words);
        assert_eq!(walked_back("สอบถามเรื่อง สินค้า", step), ["สินค้า", "เรื่อง ", "สอบถาม"]);
    }
}

#[test]
fn words_end_at_the_end_of_a_line() {
    assert_eq!(walked_back("one\n\ntwo", |text, at| word_back(text, at, Words::Signs)), ["two", "\n", "\n", "one"]);
    assert_eq!(walked("one\n\ntwo", |text, at| word_on(text, at, Words::Signs)), ["one", "\n", "\n", "two"]);
}
