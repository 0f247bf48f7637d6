use super::*;

#[test]
fn every_key_of_a_layout_is_one_of_a_latin_keyboard_and_writes_one_letter_of_its_own() {
    for layout in LAYOUTS {
        for pair in layout.keys.split(' ') {
            let [latin, own] = pair.chars().collect::<Vec<_>>()[..] else { panic!("{}: {pair}", layout.name) };
            assert!(latin.is_ascii_graphic() && !own.is_ascii(), "{}: {pair}", layout.name);
            assert_eq!(layout.latin(own), Some(latin), "{}: {pair}", layout.name);
        }
    }
}

#[test]
fn a_letter_is_the_key_that_stands_there_on_a_latin_keyboard() {
    for (name, own, latin) in [
        ("ru", "о", 'j'),
        ("ru", "Ж", ':'),
        ("ru", "П", 'G'),
        ("uk", "ї", ']'),
        ("el", "ξ", 'j'),
        ("el", "Γ", 'G'),
        ("ar", "ت", 'j'),
        ("ar", "ق", 'r'),
        ("ar", "ن", 'k'),
        ("ar", "ظ", '/'),
        ("ar", "؟", '?'),
        ("ar", "أ", 'H'),
        ("fa", "ر", 'v'),
        ("fa", "د", 'n'),
        ("fa", "آ", 'H'),
        ("he", "ח", 'j'),
        ("he", "ץ", '.'),
        ("th", "่", 'j'),
        ("th", "พ", 'r'),
        ("th", "ฝ", '/'),
        ("th", "ฦ", '?'),
        ("th", "ซ", ':'),
        ("th", "๐", 'Q'),
        ("th", "ู", '^'),
        ("ko", "ㅓ", 'j'),
        ("ko", "ㅃ", 'Q'),
        ("ko", "ㅖ", 'P'),
        ("tr", "ı", 'i'),
        ("tr", "ç", '.'),
    ] {
        let own = own.chars().next().unwrap();
        assert_eq!(Layout::named(name).unwrap().latin(own), Some(latin), "{name} {own}");
    }
    // What a Latin keyboard writes too is what it is.
    assert_eq!(Layout::named("ru").unwrap().latin('.'), None);
    assert_eq!(Layout::named("he").unwrap().latin('Q'), None);
}

#[test]
fn full_width_signs_are_those_of_a_latin_keyboard() {
    for (wide, expected) in [('？', '?'), ('／', '/'), ('：', ':'), ('ｊ', 'j'), ('　', ' '), ('؟', '?')] {
        assert_eq!(narrow(wide), Some(expected));
    }
    assert_eq!(narrow('j'), None);
    assert_eq!(narrow('語'), None);
}
