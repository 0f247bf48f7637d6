use super::*;

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
