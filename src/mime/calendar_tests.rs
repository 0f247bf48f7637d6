use jiff::tz::TimeZone;

use super::*;
use crate::mime::work::steps_of;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::invitation::{Answer, InvitationAnswer, Later};
use crate::text;

/// A calendar with these lines of an event.
fn calendar(method: &str, lines: &str) -> String {
    let event = lines.lines().map(str::trim).collect::<Vec<_>>().join("\r\n");
    format!(
        "BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:u1\r\n{event}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

/// What somebody in Berlin reads.
fn read(text: &str) -> String {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let all = invitations(text, "").iter().flat_map(|one| text::invitation(one, Some(&zone))).collect::<Vec<_>>();
    all.iter().map(|line| format!("{line}\n")).collect()
}

fn event(lines: &str) -> String {
    read(&calendar("REQUEST", lines))
}

/// The line that says when.
fn when(lines: &str) -> String {
    let all = event(lines);
    all.lines()
        .filter(|line| line.starts_with("  When") || line.starts_with("  There"))
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// The words for a rule.
fn rule(rule: &str) -> String {
    let all = event(&format!("DTSTART:20260105T080000Z\nRRULE:{rule}"));
    all.lines().find_map(|line| line.strip_prefix("  Repeats: ")).unwrap().to_owned()
}

#[test]
fn an_invitation_says_what_when_where_who_and_what_of_it() {
    let text = calendar(
        "REQUEST",
        "SUMMARY;LANGUAGE=en:Talk\\, long
         DTSTART;TZID=Europe/London:20260131T090000
         DTEND;TZID=Europe/London:20260131T103000
         LOCATION:Gate 4\\; left
         CONFERENCE;VALUE=URI;LABEL=Video:https://meet.example/j/1
         URL:https://a.example/talk
         ORGANIZER;CN=\"Doe: John\":MAILTO:j%40x@a.example
         ATTENDEE;PARTSTAT=ACCEPTED;CN=Kate:mailto:k@y.example
         ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=support@shop.example:mailto:support@shop.example
         ATTENDEE;CUTYPE=ROOM;CN=Hall:mailto:hall@y.example
         DESCRIPTION:Bring\\nthe papers\\, please.
         BEGIN:VALARM
         SUMMARY:no
         END:VALARM",
    );
    assert_eq!(
        read(&text),
        "Invitation: Talk, long\n  When: Sat 2026-01-31 10:00–11:30 CET\n  There: Sat 2026-01-31 09:00–10:30 (Europe/London)\n  \
         Where: Gate 4; left\n  Link: https://a.example/talk\n  Link: https://meet.example/j/1\n  \
         Organizer: Doe: John <j@x@a.example>\n  Invited: 3\n    Kate <k@y.example>: accepted\n    \
         support@shop.example: no answer yet\n    Hall <hall@y.example>: a room or thing\n\n  Bring\n  the papers, please.\n"
    );
}

#[test]
fn the_heading_says_what_the_mail_is() {
    let heading = |method: &str, lines: &str| read(&calendar(method, lines)).lines().next().unwrap().to_owned();
    let by = "SUMMARY:Talk\nATTENDEE;PARTSTAT=DECLINED;CN=Kate:mailto:k@y.example";
    assert_eq!(heading("REQUEST", "SUMMARY:Talk"), "Invitation: Talk");
    assert_eq!(heading("REQUEST", "SUMMARY:Talk\nSEQUENCE:2"), "Changed invitation: Talk");
    assert_eq!(heading("CANCEL", "SUMMARY:Talk"), "Cancelled: Talk");
    assert_eq!(heading("REQUEST", "SUMMARY:Talk\nSTATUS:CANCELLED"), "Cancelled: Talk");
    assert_eq!(heading("REPLY", by), "Kate <k@y.example> declines: Talk");
    assert_eq!(heading("COUNTER", by), "Kate <k@y.example> proposes something else: Talk");
    assert_eq!(heading("PUBLISH", ""), "Event: an event without a title");
    assert_eq!(heading("nonsense", "SUMMARY:Talk"), "Event: Talk");
}

#[test]
fn times_are_said_in_ones_own_zone_and_the_authors_where_that_differs() {
    assert_eq!(when("DTSTART:20260131T090000Z\nDTEND:20260131T100000Z"), "When: Sat 2026-01-31 10:00–11:00 CET");
    assert_eq!(when("DTSTART:20260131T230000Z\nDURATION:PT2H"), "When: Sun 2026-02-01 00:00–02:00 CET");
    assert_eq!(when("DTSTART;TZID=Europe/Paris:20260131T090000"), "When: Sat 2026-01-31 09:00 CET");
    assert_eq!(
        when("DTSTART;TZID=America/New_York:20260131T200000\nDURATION:P1DT30M"),
        "When: Sun 2026-02-01 02:00 – Mon 2026-02-02 02:30 CET | There: Sat 2026-01-31 20:00 – Sun 2026-02-01 20:30 (America/New_York)"
    );
    assert_eq!(
        when("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/London:20260701T090000"),
        "When: Wed 2026-07-01 10:00 CEST | There: Wed 2026-07-01 09:00 (Europe/London)"
    );
    assert_eq!(
        when("DTSTART;TZID=Tokyo Standard Time:20260701T090000"),
        "When: Wed 2026-07-01 02:00 CEST | There: Wed 2026-07-01 09:00 (Tokyo Standard Time)"
    );
    assert_eq!(when("DTSTART:20260701T090000"), "When: Wed 2026-07-01 09:00, in whichever zone one is");
    assert_eq!(when("DTSTART;TZID=Mine:20260701T090000"), "When: Wed 2026-07-01 09:00 (Mine)");
    assert_eq!(when("DTSTART:2026-07-01T09:00:00Z"), "When: Wed 2026-07-01 11:00 CEST");
    assert_eq!(when("DTSTART:soon"), "");
}

#[test]
fn days_end_on_their_last_one() {
    assert_eq!(when("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260702"), "When: Wed 2026-07-01, all day");
    assert_eq!(
        when("DTSTART;VALUE=DATE:20260701\nDTEND;VALUE=DATE:20260704"),
        "When: Wed 2026-07-01 – Fri 2026-07-03, all day"
    );
    assert_eq!(when("DTSTART;VALUE=DATE:20260701\nDURATION:P2D"), "When: Wed 2026-07-01 – Thu 2026-07-02, all day");
    let outlook = "DTSTART;TZID=X:20260701T000000\nDTEND;TZID=X:20260702T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE";
    assert_eq!(when(outlook), "When: Wed 2026-07-01, all day");
}

#[test]
fn a_zone_of_the_calendars_own_counts_by_its_offsets() {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n\
        RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\n\
        TZOFFSETTO:-0400\r\nRRULE:FREQ=YEARLY;BYMONTHDAY=8,9,10,11,12,13,14;BYDAY=SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
    let at = |time: &str| {
        let text = calendar("REQUEST", &format!("DTSTART;TZID=Mine:{time}"));
        let text = text.replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1);
        read(&text).lines().nth(1).unwrap().trim().to_owned()
    };
    assert_eq!(at("20260131T090000"), "When: Sat 2026-01-31 15:00 CET");
    assert_eq!(at("20260308T010000"), "When: Sun 2026-03-08 07:00 CET");
    assert_eq!(at("20260308T030000"), "When: Sun 2026-03-08 08:00 CET");
    assert_eq!(at("20260701T090000"), "When: Wed 2026-07-01 15:00 CEST");
    assert_eq!(at("20261101T040000"), "When: Sun 2026-11-01 10:00 CET");
}

#[test]
fn rules_are_said_in_words_and_rare_ones_stand_as_they_are() {
    assert_eq!(rule("FREQ=DAILY;WKST=SU;COUNT=3;INTERVAL=1"), "every day, 3 times");
    assert_eq!(rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR"), "every 2 weeks on Monday, Wednesday and Friday");
    assert_eq!(rule("FREQ=WEEKLY;UNTIL=20260401T220000Z"), "every week, until Thu 2026-04-02 00:00 CEST");
    assert_eq!(rule("FREQ=WEEKLY;UNTIL=20260401"), "every week, until Wed 2026-04-01");
    assert_eq!(rule("FREQ=MONTHLY;BYDAY=-1FR"), "every month on the last Friday");
    assert_eq!(rule("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2"), "every month on the second Monday");
    assert_eq!(rule("FREQ=MONTHLY;BYMONTHDAY=15,-1"), "every month on day 15 and the last day");
    assert_eq!(rule("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24"), "every year on day 24 in December");
    assert_eq!(rule("FREQ=HOURLY;INTERVAL=6"), "every 6 hours");
    let rare =
        ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=9,12", "INTERVAL=0"];
    rare.into_iter().for_each(|rare| assert_eq!(rule(rare), rare));
    let all = event(
        "DTSTART:20260105T080000Z\nRRULE:FREQ=DAILY\nRDATE:20270101T080000Z\nEXDATE:20260106T080000Z,20260107T080000Z",
    );
    assert!(all.contains("Repeats: every day, and on 1 more date, except 2 dates\n"), "{all}");
}

#[test]
fn folded_lines_are_joined_also_within_a_character() {
    let folded = "SUMMARY:Lieferung f\u{fc}r Anna".as_bytes();
    let at = folded.iter().position(|b| *b == 0xc3).unwrap() + 1;
    let torn = [&folded[..at], b"\r\n ", &folded[at..], b"\r\n\t!\r\nX:1\r\n"].concat();
    assert_eq!(String::from_utf8(unfold(&torn)).unwrap(), "SUMMARY:Lieferung für Anna!\r\nX:1\r\n");
}

#[test]
fn a_text_that_is_broken_without_folding_goes_on_where_it_broke() {
    let all = event("SUMMARY:One\n19:15 - two\n- three\nURL:https://a.example");
    assert!(all.starts_with("Invitation: One 19:15 - two - three\n  Link: https://a.example\n"), "{all}");
}

#[test]
fn a_description_in_html_is_read_as_text() {
    let all = event(
        "DESCRIPTION:A <b>bold</b> word.&nbsp\\;<br>More <a href=\"https://a.example/x\">here</a>\\n-::~:~::~:~:~:~:~:~:~::~:~::-",
    );
    assert!(all.ends_with("\n  A bold word.\n  More here <https://a.example/x>\n"), "{all}");
}

#[test]
fn what_is_hostile_is_bounded_and_safe() {
    assert_eq!(read("hello"), "");
    assert_eq!(read("BEGIN:VEVENT\nSUMMARY:cut o"), "Event: cut o\n");
    let many = "BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n".repeat(50);
    assert_eq!(invitations(&many, "").len(), EVENTS_MAX);
    assert!(read(&many).ends_with("The calendar holds 30 more events; save the file to see them.\n"));
    let crowd = "ATTENDEE;CN=A:mailto:a@a.example\n".repeat(1_500);
    let all = event(&crowd);
    assert!(all.contains("Invited: 1,500\n") && all.contains("and 1,470 more") && all.lines().count() < 40, "{all}");
    let escape = event("SUMMARY:a\\nb\u{1b}[2Jc\u{202e}d\nLOCATION:e\\nf");
    assert!(escape.starts_with("Invitation: a bcd\n  Where: e f\n"), "{escape}");
    let long = event(&format!("DESCRIPTION:{}", "x\\n".repeat(100_000)));
    assert!(long.lines().count() < 220, "{}", long.lines().count());
    let deep = format!("BEGIN:VEVENT\n{}SUMMARY:in\nEND:VEVENT\n", "BEGIN:X\n".repeat(10_000));
    assert_eq!(invitations(&deep, "").len(), 1);
    for rule in ["FREQ=WEEKLY;BYDAY=€", "FREQ=WEEKLY;BYDAY=,", "FREQ=YEARLY;BYMONTH=99;BYMONTHDAY=200", "FREQ"] {
        event(&format!("DTSTART:20260105T080000Z\nRRULE:{rule}"));
    }
    for date in ["99999999", "20260230", "20261301T000000", "00000000T999999Z", "-2026", "T", "20260101T"] {
        event(&format!("DTSTART;TZID=../../etc/passwd:{date}\nDURATION:PT99999999999999999H\nRECURRENCE-ID:{date}"));
    }
}

#[test]
fn a_hostile_calendar_costs_its_bytes_and_makes_no_more_than_is_told() {
    let one = |lines: &str| format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n");
    let stamp = "DTSTART;TZID=/a/b:20260101T090000\nDTEND;TZID=/a/b:20260101T100000";
    let dates = format!("RDATE:{}\n", vec!["20260101T000000"; 4_000].join(","));
    let change = format!("BEGIN:STANDARD\nDTSTART:20250101T000000\nTZOFFSETTO:+0100\n{dates}END:STANDARD\n");
    let zone = format!("BEGIN:VTIMEZONE\nTZID:/a/b\n{}END:VTIMEZONE\n", change.repeat(300));
    for text in [
        "BEGIN:VEVENT\n".repeat(50_000),
        one(&format!("{stamp}\nSUMMARY:x")).repeat(5_000),
        one(&"ATTENDEE;CN=x:mailto:a@x\n".repeat(5_000)).repeat(10),
        one(&format!("DTSTART;TZID={}:20260101T090000", "/a".repeat(30_000))),
        one(&format!("DESCRIPTION:{}", "\\n".repeat(400_000))),
        one(&format!("SUMMARY{}:x", ";A=\"".repeat(200_000))),
        format!("{zone}{}", one(stamp).repeat(20)),
        "x\n".repeat(500_000),
    ] {
        let mut found = Vec::new();
        let steps = steps_of(|| found = invitations(&text, ""));
        // Each of twenty events asks for some forty names among its lines; two moments of each are looked for in the changes of a zone.
        let most = 8 * text.len() + EVENTS_MAX * 40 * EVENT_LINES_MAX + EVENTS_MAX * 3 * 200 * 401;
        assert!(steps > 1_000 && steps <= most, "{steps} of {most}");
        assert!(found.len() <= EVENTS_MAX);
        for told in found {
            let lines: usize = told.description.iter().chain(&told.comment).map(|line| line.as_str().len()).sum();
            let people: usize = told.attendees.iter().map(|one| one.who.email.as_str().len()).sum();
            assert!(lines <= 4 * 200 * 2_000 && people <= 4 * 320 * 1_000, "{lines} {people}");
        }
    }
}

fn answer(source: Source) -> InvitationAnswer {
    InvitationAnswer {
        answer: Answer::Accepted,
        attendee: Address::new("Shop \"Support\"", "support@shop.example"),
        invited: true,
        organizer: "ann@a.example".to_owned(),
        said: String::new(),
        events: source.events,
        zones: source.zones,
    }
}

#[test]
fn an_answer_takes_over_what_tells_the_event_and_names_one_attendee() {
    let zone =
        "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let text = calendar(
        "REQUEST",
        "SEQUENCE:3\nRECURRENCE-ID;TZID=Mine:20260701T090000\nORGANIZER;CN=Ann:mailto:ann@a.example\nSUMMARY:Talk\\, long
         ATTENDEE:mailto:other@a.example\nDESCRIPTION:no\nDTSTART;TZID=Mine:20260701T100000",
    );
    let text = text.replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1);
    let made = reply(&answer(source(&text, "u1").unwrap()), "See you;\nBob", Timestamp::from_seconds(1_795_000_000));
    assert_eq!(
        made.replace("\r\n", "\n"),
        "BEGIN:VCALENDAR\nPRODID:-//postroom//postroom//EN\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\n\
         TZOFFSETTO:+0300\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:u1\nSEQUENCE:3\nRECURRENCE-ID;TZID=Mine:20260701T090000\n\
         ORGANIZER;CN=Ann:mailto:ann@a.example\nDTSTART;TZID=Mine:20260701T100000\nSUMMARY:Talk\\, long\nDTSTAMP:20261118T110640Z\n\
         ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Shop Support\":mailto:support@shop.example\nCOMMENT:See you\\;\\nBob\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    assert_eq!(source(&text, "u2"), None);
}

#[test]
fn an_answer_has_no_long_line_and_no_line_of_anybodys_making() {
    let text = calendar("REQUEST", &format!("SUMMARY:{}\u{7}\nORGANIZER:mailto:a@a.example", "ü".repeat(400)));
    let mut answer = answer(source(&text, "u1").unwrap());
    answer.attendee = Address::new("x\r\nATTENDEE:evil", "a@b.example\r\nX:1");
    let made = reply(&answer, &"é".repeat(300), Timestamp(0));
    assert!(made.split("\r\n").all(|line| line.len() <= 75), "{made}");
    assert!(made.split("\r\n").all(|line| !line.starts_with("X:") && !line.starts_with("ATTENDEE:")), "{made}");
    let read = &invitations(&made, "")[0];
    assert_eq!(read.method, Method::Reply);
    assert_eq!(read.attendees[0].answer, Some(Answer::Accepted));
    assert_eq!(read.later, Later::Stands);
}

#[test]
fn a_series_with_dates_that_differ_is_answered_as_a_series() {
    let one = |lines: &str| format!("BEGIN:VEVENT\nUID:u\nORGANIZER:mailto:a@a.example\n{lines}END:VEVENT\n");
    let dates = format!("{}{}", one("RECURRENCE-ID:20260101\n"), one("RECURRENCE-ID:20260102\n"));
    assert_eq!(source(&dates, "u").unwrap().events.len(), 2);
    assert_eq!(source(&format!("{dates}{}", one("RRULE:FREQ=DAILY\n")), "u").unwrap().events.len(), 1);
}
