use super::*;

#[test]
fn tags_and_locales_name_languages_and_their_regions_only_where_it_matters() {
    for (tag, expected) in [
        ("ar", Some(Language::Ar)),
        ("ar_EG.UTF-8", Some(Language::Ar)),
        ("pt-BR", Some(Language::Pt)),
        ("zh-TW", Some(Language::ZhHant)),
        ("zh_CN.UTF-8", Some(Language::ZhHans)),
        ("zh-Hans-HK", Some(Language::ZhHans)),
        ("zh-Hant", Some(Language::ZhHant)),
        ("EN_us", Some(Language::EnUs)),
        ("en-AU", Some(Language::EnGb)),
        ("en", Some(Language::En)),
        ("iw", Some(Language::He)),
        ("C.UTF-8", None),
        ("", None),
        ("tlh", None),
    ] {
        assert_eq!(Language::of(tag), expected, "{tag}");
    }
    for language in Language::ALL {
        assert_eq!(Language::of(language.tag()), Some(language));
    }
}

#[test]
fn the_environment_names_the_language_in_the_order_of_posix() {
    let of = |set: &[(&str, &str)]| {
        Language::of_environment(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into()))
    };
    assert_eq!(of(&[("LANG", "tr_TR.UTF-8")]), Some(Language::Tr));
    assert_eq!(of(&[("LANG", "tr_TR.UTF-8"), ("LC_MESSAGES", "th_TH")]), Some(Language::Th));
    assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "th_TH")]), None, "C is no language, and goes before LANG");
    assert_eq!(of(&[("LC_ALL", ""), ("LANG", "de_DE")]), Some(Language::De), "what is empty is not set");
}

#[test]
fn an_unknown_language_is_told_with_the_nearest_or_all() {
    let error = "zh-Hanz1".parse::<Language>();
    assert_eq!(error, Ok(Language::ZhHans));
    let error = "klingon".parse::<Language>().unwrap_err();
    assert!(error.phrase().text("given").is_some_and(|given| given == "\"klingon\""));
    assert!(error.hint().is("hint-languages"));
}
