use super::*;

#[test]
fn a_date_is_written_out_as_people_of_each_language_write_it() {
    let date = Date::new(2026, 11, 2).unwrap();
    for (language, expected) in [
        (Language::Ar, "2 نوفمبر 2026"),
        (Language::De, "2. November 2026"),
        (Language::En, "2026-11-02"),
        (Language::EnGb, "2 November 2026"),
        (Language::EnUs, "November 2, 2026"),
        (Language::Es, "2 de noviembre de 2026"),
        (Language::Fa, "2 نوامبر 2026"),
        (Language::Fr, "2 novembre 2026"),
        (Language::He, "2 בנובמבר 2026"),
        (Language::Hi, "2 नवंबर 2026"),
        (Language::It, "2 novembre 2026"),
        (Language::Ja, "2026年11月2日"),
        (Language::Ko, "2026년 11월 2일"),
        (Language::Nl, "2 november 2026"),
        (Language::Pl, "2 listopada 2026"),
        (Language::Pt, "2 de novembro de 2026"),
        (Language::Ru, "2 ноября 2026\u{202f}г."),
        (Language::Th, "2 พฤศจิกายน 2026"),
        (Language::Tr, "2 Kasım 2026"),
        (Language::Vi, "2 tháng 11, 2026"),
        (Language::ZhHans, "2026年11月2日"),
        (Language::ZhHant, "2026年11月2日"),
    ] {
        assert_eq!(long_date(language, date), expected, "{language}");
    }
}

#[test]
fn a_long_date_is_read_back_and_nothing_else() {
    for language in Language::ALL {
        for (month, day) in [(1, 31), (2, 1), (5, 12), (12, 5)] {
            let date = Date::new(2026, month, day).unwrap();
            assert_eq!(read_long_date(language, &long_date(language, date)), Some(date), "{language}");
        }
        assert_eq!(read_long_date(language, "tomorrow 2026"), None);
    }
}
