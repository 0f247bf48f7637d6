use super::{TITLE_MAX, letters};

#[test]
fn a_title_leaves_nothing_that_a_file_system_would_obey() {
    for title in
        ["../../etc/passwd", "/abs", "..", ".", "a\0b", "C:\\x", "~", "-rf", ".hidden", "a/../../b", "\u{202e}x"]
    {
        let name = letters(title);
        assert!(name.chars().all(|c| c.is_alphanumeric() || c == '-') && !name.starts_with('-'), "{title:?}: {name:?}");
    }
    assert_eq!(letters("../../etc/passwd"), "etc-passwd");
    assert_eq!(letters("ติดต่อขอสัมภาษณ์"), "ติดต่อขอสัมภาษณ์");
    assert_eq!(letters("Re: Order 4411 – größer?"), "re-order-4411-größer");
}

#[test]
fn a_long_title_is_cut_between_words_or_letters() {
    assert_eq!(letters(&"word ".repeat(40)), ["word"; 12].join("-"));
    let long = letters(&"ü".repeat(200));
    assert!(long.len() <= TITLE_MAX && long.chars().all(|c| c == 'ü'), "{long}");
}
