use super::*;

/// Sunday 2026-11-22, 10:00 in Berlin.
const NOW: &str = "2026-11-22T09:00:00Z";

fn read(text: &str) -> String {
    let now = Timestamp(NOW.parse::<jiff::Timestamp>().unwrap().as_millisecond());
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    match parse(text, now, &zone) {
        Ok(at) => write(at, &zone),
        Err(error) => error.to_string(),
    }
}

#[test]
fn spans_count_from_now_and_days_keep_the_hour() {
    assert_eq!(read("45m"), "Sun 2026-11-22 10:45 CET");
    assert_eq!(read("3h"), "Sun 2026-11-22 13:00 CET");
    assert_eq!(read("in 2 days"), "Tue 2026-11-24 10:00 CET");
    assert_eq!(read("20w"), "Sun 2027-04-11 10:00 CEST");
}

#[test]
fn a_day_without_a_time_means_the_morning() {
    assert_eq!(read("tomorrow"), "Mon 2026-11-23 09:00 CET");
    assert_eq!(read("mon"), "Mon 2026-11-23 09:00 CET");
    assert_eq!(read("sunday"), "Sun 2026-11-29 09:00 CET");
    assert_eq!(read("next week"), "Mon 2026-11-23 09:00 CET");
    assert_eq!(read("2026-12-01"), "Tue 2026-12-01 09:00 CET");
    assert_eq!(read("tonight"), "Sun 2026-11-22 20:00 CET");
}

#[test]
fn a_day_takes_a_time_in_the_forms_that_people_write() {
    assert_eq!(read("tomorrow 9"), "Mon 2026-11-23 09:00 CET");
    assert_eq!(read("Tomorrow at 14:30"), "Mon 2026-11-23 14:30 CET");
    assert_eq!(read("tue 5pm"), "Tue 2026-11-24 17:00 CET");
    assert_eq!(read("2026-12-01 14:00"), "Tue 2026-12-01 14:00 CET");
    assert_eq!(read("2026-12-01T14:00"), "Tue 2026-12-01 14:00 CET");
    assert_eq!(read("2026-12-01T14:00:00Z"), "Tue 2026-12-01 15:00 CET");
}

#[test]
fn a_time_alone_is_the_next_such_time() {
    assert_eq!(read("17:00"), "Sun 2026-11-22 17:00 CET");
    assert_eq!(read("9am"), "Mon 2026-11-23 09:00 CET");
}

#[test]
fn what_is_no_moment_or_has_passed_is_refused_with_what_to_write() {
    assert!(read("soonish").contains("write 3h"));
    assert!(read("25:00").contains("is no moment"));
    assert!(read("today 8").contains("has passed"));
    assert!(read("2020-01-01").contains("has passed"));
    assert!(read("").contains("is no moment"));
}
