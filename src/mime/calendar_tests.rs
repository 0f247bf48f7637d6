use super::*;

#[test]
fn an_invitation_is_a_few_lines() {
    let text = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nDTSTART:1601\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
        SUMMARY;LANGUAGE=en:Talk\\, long\r\n  one\r\nDTSTART;TZID=\"Europe/Berlin\":20260131T090000\r\nDTEND:20260131T100000Z\r\n\
        ORGANIZER;CN=\"Doe: John\":MAILTO:j@x\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=Kate:mailto:k@y\r\nBEGIN:VALARM\r\nSUMMARY:no\r\n\
        END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(
        summary(text),
        "Invitation\n  What: Talk, long one\n  Begins: 2026-01-31 09:00 (Europe/Berlin)\n  Ends: 2026-01-31 10:00 UTC\n  \
         By: Doe: John <j@x>\n  Kate <k@y>: accepted\n"
    );
}

#[test]
fn what_is_no_calendar_says_nothing() {
    assert_eq!(summary("hello"), "");
}
