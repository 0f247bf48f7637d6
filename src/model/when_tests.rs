use super::*;
use proptest::prelude::*;

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// A Sunday, 10:15 in Berlin.
fn now() -> Timestamp {
    let now: Zoned = "2026-11-22T10:15[Europe/Berlin]".parse().unwrap();
    Timestamp(now.timestamp().as_millisecond())
}

fn read_as(text: &str) -> String {
    let then = parse_when(text, now(), &zone()).unwrap_or_else(|e| panic!("{e}"));
    let then = Instant::from_millisecond(then.0).unwrap().to_zoned(zone());
    then.strftime("%a %F %H:%M").to_string()
}

#[test]
fn times_are_read_as_people_write_them() {
    for (text, expected) in [
        ("3h", "Sun 2026-11-22 13:15"),
        ("in 90 minutes", "Sun 2026-11-22 11:45"),
        ("2d", "Tue 2026-11-24 10:15"),
        ("2d 9:00", "Tue 2026-11-24 09:00"),
        ("1mo", "Tue 2026-12-22 10:15"),
        ("tomorrow", "Mon 2026-11-23 09:00"),
        ("tomorrow 9", "Mon 2026-11-23 09:00"),
        ("Tomorrow at 3pm", "Mon 2026-11-23 15:00"),
        ("tomorrow evening", "Mon 2026-11-23 18:00"),
        ("tonight", "Sun 2026-11-22 20:00"),
        ("tonight 22", "Sun 2026-11-22 22:00"),
        ("today 18:00", "Sun 2026-11-22 18:00"),
        ("18:00", "Sun 2026-11-22 18:00"),
        ("9:00", "Mon 2026-11-23 09:00"),
        ("12am", "Mon 2026-11-23 00:00"),
        ("noon", "Sun 2026-11-22 12:00"),
        ("mon", "Mon 2026-11-23 09:00"),
        ("mon 14:30", "Mon 2026-11-23 14:30"),
        ("sunday", "Sun 2026-11-29 09:00"),
        ("next fri", "Fri 2026-11-27 09:00"),
        ("next week", "Mon 2026-11-23 09:00"),
        ("next month", "Tue 2026-12-01 09:00"),
        ("weekend", "Sat 2026-11-28 09:00"),
        ("1 dec", "Tue 2026-12-01 09:00"),
        ("march 3rd 8:30", "Wed 2027-03-03 08:30"),
        ("2026-12-01", "Tue 2026-12-01 09:00"),
        ("2026-12-01 14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01T14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01T14:00:00Z", "Tue 2026-12-01 15:00"),
        ("2026-12-01T14:00+03:00", "Tue 2026-12-01 12:00"),
        ("mon 5pm", "Mon 2026-11-23 17:00"),
        ("tues", "Tue 2026-11-24 09:00"),
        ("tmr 9:30", "Mon 2026-11-23 09:30"),
    ] {
        assert_eq!(read_as(text), expected, "{text:?}");
    }
}

#[test]
fn a_time_that_the_clock_skips_is_the_next_one_there_is() {
    // Clocks go forward at 02:00.
    assert_eq!(read_as("2027-03-28 02:30"), "Sun 2027-03-28 03:30");
}

#[test]
fn errors_say_what_is_accepted_or_that_it_has_passed() {
    for text in
        ["", "soon", "9", "0h x", "25:00", "2026-13-01", "tomorrow 99", "13pm", "31 feb", "m", "99999999999h", "today"]
    {
        let error = parse_when(text, now(), &zone()).unwrap_err();
        assert!(
            matches!(error, WhenError::Unreadable(_)) && error.to_string().contains("tomorrow 9"),
            "{text:?}: {error}"
        );
    }
    for text in ["2026-11-22 10:15", "today 9:00", "0h", "1999-01-01"] {
        assert!(matches!(parse_when(text, now(), &zone()), Err(WhenError::Past(_))), "{text:?}");
    }
}

proptest! {
    #[test]
    fn what_is_read_lies_in_the_future(
        text in "(in |at |next )?(mon|tomorrow|tonight|[0-9]{1,6}|2026-1[0-9]-[0-9]{2}|dec|week)[ :T]?([0-9]{1,3}|pm|h|d|mo|y)?[ :]?[0-9]{0,2}|\\PC{0,20}",
        at in -70_000_000_000_000i64..300_000_000_000_000,
    ) {
        if let Ok(then) = parse_when(&text, Timestamp(at), &zone()) {
            prop_assert!(then.0 > at);
        }
    }
}
