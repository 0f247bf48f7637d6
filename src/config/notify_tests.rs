use super::*;

fn at(text: &str) -> Zoned {
    text.parse().unwrap()
}

#[test]
fn quiet_hours_go_over_midnight_and_are_those_of_the_zone() {
    let night = Notify { quiet: Quiet::parse("20:00-07:00"), ..Notify::default() };
    for (moment, is_quiet) in [
        ("2026-11-30T19:59:59[Europe/Berlin]", false),
        ("2026-11-30T20:00:00[Europe/Berlin]", true),
        ("2026-11-30T02:00:00[Europe/Berlin]", true),
        ("2026-11-30T07:00:00[Europe/Berlin]", false),
        ("2026-11-30T20:30:00[UTC]", true),
    ] {
        assert_eq!(night.is_quiet(&at(moment)), is_quiet, "{moment}");
    }
    let noon = Notify { quiet: Quiet::parse("12:00-13:30"), ..Notify::default() };
    assert!(noon.is_quiet(&at("2026-11-30T13:29:00[UTC]")) && !noon.is_quiet(&at("2026-11-30T11:59:00[UTC]")));
}

#[test]
fn quiet_days_are_quiet_all_day_and_others_are_not() {
    let weekend = Notify { quiet_days: vec![Weekday::Saturday, Weekday::Sunday], ..Notify::default() };
    assert!(weekend.is_quiet(&at("2026-11-28T12:00:00[UTC]")));
    assert!(!weekend.is_quiet(&at("2026-11-30T12:00:00[UTC]")));
}

#[test]
fn what_is_no_span_of_a_day_is_none() {
    for wrong in ["", "20-7", "20:00", "25:00-07:00", "08:00-08:00", "a:b-c:d", "20:00-07:60"] {
        assert_eq!(Quiet::parse(wrong), None, "{wrong:?}");
    }
}
