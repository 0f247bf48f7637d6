use super::*;

#[test]
fn a_name_is_read_from_the_letters_on_that_tell_it_apart_and_in_any_case() {
    assert_eq!((month("jan"), month("JUNE"), month("Jul"), month("december")), (Some(1), Some(6), Some(7), Some(12)));
    assert_eq!((month("ju"), month("junes"), month(""), month("juñ")), (None, None, None, None));
    assert_eq!(
        (weekday("mo"), weekday("Thu"), weekday("SUNDAY")),
        (Some(Weekday::Monday), Some(Weekday::Thursday), Some(Weekday::Sunday))
    );
    assert_eq!((weekday("t"), weekday("mondays"), weekday("sö")), (None, None, None));
}

#[test]
fn every_name_is_read_again_and_the_short_ones_differ() {
    for (name, at) in MONTHS.iter().zip(1..) {
        assert_eq!((month(name), month(short(name)), month_name(at)), (Some(at), Some(at), Some(*name)));
    }
    for (name, day) in WEEKDAYS {
        assert_eq!((weekday(name), weekday(short(name)), weekday_name(day)), (Some(day), Some(day), name));
    }
    assert_eq!((month_name(0), month_name(13)), (None, None));
    assert_eq!(short_weekdays().map(|(name, _)| name), ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
}

#[test]
fn english_has_the_same_names_where_dates_are_written_for_people() {
    let english =
        crate::model::language::NAMES.iter().find(|names| names.language == crate::model::language::Language::En);
    let english = english.unwrap();
    assert_eq!(english.months.map(str::to_lowercase), MONTHS);
    let days = english.weekdays.map(|forms| forms.split('|').next().unwrap_or_default().to_lowercase());
    assert_eq!(days, WEEKDAYS.map(|(name, _)| name.to_owned()));
}
