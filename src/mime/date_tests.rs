use super::*;

fn seconds(text: &str) -> Option<i64> {
    parse(text.as_bytes()).map(Timestamp::seconds)
}

#[test]
fn dates_as_they_should_be_are_read() {
    assert_eq!(seconds("Thu, 1 Jan 1970 00:00:10 +0000"), Some(10));
    assert_eq!(seconds("Mon, 20 Nov 2023 10:30:00 +0530"), Some(1_700_456_400));
    assert_eq!(seconds("20 Nov 2023 05:00:00 GMT (comment (nested))"), Some(1_700_456_400));
}

#[test]
fn dates_as_they_come_are_read() {
    let want = Some(1_700_456_400);
    for text in [
        "Mon,20 Nov 2023 05:00:00",
        "2023-11-20 05:00:00 +0000",
        "2023-11-20T05:00:00Z",
        "2023-11-20T07:00:00+02:00",
        "Mon Nov 20 05:00:00 2023",
        "Mon, 20 Nov 23 05:00 UT",
        "20-Nov-2023 05:00:00 +0000",
        "Mon, 20 November 2023 05:00:00 -0000",
        "Mon, 20 Nov 2023 05:00:00 +9999",
        "11/20/2023 5:00:00 AM",
        "Mon, 20 Nov 2023 00:00:00 EST",
        "Montag, 20 Nov 2023 05:00:00 +0000",
    ] {
        assert_eq!(seconds(text), want, "{text}");
    }
}

#[test]
fn what_names_no_day_is_none() {
    for text in ["", "yesterday", "Mon, 20", "99 Nov 2023 05:00:00", "1 Jan 1850 00:00:00 +0000"] {
        assert_eq!(seconds(text), None, "{text}");
    }
}
