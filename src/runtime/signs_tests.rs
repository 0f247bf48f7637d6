use super::*;

fn keys(text: &str) -> Vec<Key> {
    text.chars().map(Key::char).collect()
}

#[test]
fn the_column_of_the_cursor_tells_how_wide_a_sign_is() {
    assert_eq!(taken_apart(b"\x1b[1;2R"), (Some(2), Vec::new()));
    assert_eq!(taken_apart(b"\x1b[24;3R"), (Some(3), Vec::new()));
    assert_eq!(taken_apart(b"\x1b[24;"), (None, Vec::new()));
}

#[test]
fn what_was_typed_while_the_terminal_answered_is_not_lost() {
    assert_eq!(taken_apart(b"jj\x1b[1;2Re"), (Some(2), keys("jje")));
    assert_eq!(taken_apart(b"jk"), (None, keys("jk")));
    assert_eq!(taken_apart(b"j\x1b[A"), (None, keys("j")));
    assert_eq!(taken_apart(b"\r").1, [Key::plain(Code::Enter)]);
}

#[test]
fn a_locale_without_utf_8_gets_ascii_and_the_first_variable_that_is_set_counts() {
    let locale = |all: &str, ctype: &str, lang: &str| {
        is_utf8(|name| {
            let value = match name {
                "LC_ALL" => all,
                "LC_CTYPE" => ctype,
                _ => lang,
            };
            Some(value.to_owned())
        })
    };
    assert!(locale("", "", "en_GB.UTF-8"));
    assert!(locale("C.utf8", "", ""));
    assert!(locale("", "de_DE.utf8", "C"));
    assert!(!locale("C", "", "en_GB.UTF-8"));
    assert!(!locale("", "de_DE@euro", "en_GB.UTF-8"));
    assert!(!locale("", "", "POSIX"));
    assert!(is_utf8(|_| None));
}
