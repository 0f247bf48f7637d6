use crate::model::message::Origin;
use crate::model::status::Status;
use crate::op::operation::Known;
use crate::store::testing::{Bench, incoming, mid};

/// A closed conversation: ana asked, we answered.
fn closed() -> Bench {
    let bench = Bench::new();
    bench.mail(0, "q@x", "ana@example.net", "Order 4412", &[]);
    bench.mail(60, "r@team.example", "support@team.example", "Re: Order 4412", &["q@x"]);
    let _ = bench.act("q@x", Known::SetStatus { to: Status::Closed });
    bench
}

/// What comes of a closed conversation when a mail with these headers and this text joins it.
fn after(head: &str, text: &str) -> (Option<Origin>, Status) {
    let bench = closed();
    let from = if head.contains("From: ") { "" } else { "From: Ana <ana@example.net>\r\n" };
    let head = head.replace('\n', "\r\n");
    let raw = format!(
        "Message-ID: <late@x>\r\n{from}To: support@team.example\r\n{head}\r\nIn-Reply-To: <r@team.example>\r\n\r\n{text}\r\n"
    );
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, raw.into_bytes())]).unwrap();
    let row = bench.row("q@x");
    assert_eq!(row.messages, 3, "it belongs there: {head}");
    bench.sound();
    (bench.store.origin(&mid("late@x")).unwrap(), row.status)
}

#[test]
fn a_machine_never_reopens_a_closed_conversation() {
    const AWAY: &str = "I will be out of the office starting 04/20/2027 and will not return until 05/01/2027.";
    for (head, text) in [
        ("Return-Path: <>\nSubject: Re: Order 4412", "I am away until Monday."),
        ("Auto-Submitted: auto-replied\nSubject: Re: Order 4412", "Away."),
        (
            "Subject: AUTO: Smith, John is out of the office. (returning 05/01/2027)",
            "Note: This is an automated response to your message.",
        ),
        ("Subject: John Smith is out of the office.", AWAY),
        ("Subject: Vacation: Order 4412", "I am on vacation until Monday."),
        ("Subject: Automatic reply: Order 4412", AWAY),
        ("Subject: Re: Order 4412\nX-Autoreply: yes\nPrecedence: bulk", "Away."),
        ("Subject: Auto reply: Order 4412\nX-Apple-Action: VACATION", "I'm only sleeping."),
    ] {
        assert_eq!(after(head, text), (Some(Origin::Automatic), Status::Closed), "{head}");
    }
    for (head, text) in [
        (
            "From: InterScan MSS <postmaster@example.co.jp>\nSubject: メッセージを配信できません。",
            "Sent <<< RCPT TO:<ana@example.net>\r\nReceived >>> 550 5.1.1 User unknown",
        ),
        (
            "From: System Administrator <postmaster@example.net>\nSubject: Delivery Status\nReturn-Path: <>",
            "Your message was not delivered to:\r\n\r\n  ana@example.net\r\n\r\nbecause: mailbox full",
        ),
    ] {
        assert_eq!(after(head, text), (Some(Origin::Bounce), Status::Closed), "{head}");
    }
}

#[test]
fn a_person_reopens_a_closed_conversation_whatever_single_mark_the_mail_bears() {
    for (head, text) in [
        ("Precedence: bulk\nSubject: Re: Order 4412", "Hello, any news about order 4412? I have waited a week."),
        (
            "From: Ann via RT <help@corp.example>\nPrecedence: bulk\nRT-Ticket: corp #1\nManaged-BY: RT 5\nSubject: Re: Order 4412",
            "STILL wrong",
        ),
        ("Subject: Out of office chairs I ordered, two came broken", "Please send two new ones."),
        ("Subject: Out of office: the chairs\nPrecedence: bulk", "Two came broken."),
        ("Subject: Automatic reply: is it?", "Hello"),
        ("Auto-Submitted: no\nSubject: Re: Order 4412", "Hello"),
        ("X-Auto-Response-Suppress: All\nSubject: Re: Order 4412", "I am away until Monday, call me before."),
    ] {
        assert_eq!(after(head, text), (Some(Origin::Human), Status::Open), "{head}");
    }
}

#[test]
fn who_wrote_a_mail_does_not_hang_on_what_came_first() {
    let head = "From: Ana <ana@example.net>\r\nTo: support@team.example\r\nSubject: Out of office: the chairs\r\nPrecedence: bulk\r\n";
    let late = format!("Message-ID: <late@x>\r\n{head}In-Reply-To: <r@team.example>\r\n\r\nTwo came broken.\r\n");
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, late.into_bytes())]).unwrap();
    assert_eq!(bench.store.origin(&mid("late@x")).unwrap(), Some(Origin::Human));
    let new = format!("Message-ID: <new@x>\r\n{head}\r\nTwo came broken.\r\n");
    bench.store.ingest(bench.inbox, vec![incoming(51, 130, new.into_bytes())]).unwrap();
    assert_eq!(bench.store.origin(&mid("new@x")).unwrap(), Some(Origin::Automatic));
    assert_eq!(bench.store.origin(&mid("nothing@x")).unwrap(), None);
}
