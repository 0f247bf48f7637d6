use super::*;
use crate::model::agent::{Agent, Inbox};
use crate::model::ids::{AccountId, Handle, InboxId};

/// Reads a mail of these headers and this text.
fn read(head: &str, text: &str) -> Envelope {
    crate::mime::parse(format!("{head}\n\n{text}\n").as_bytes()).envelope
}

fn origin(head: &str, text: &str) -> Origin {
    let from = if head.contains("From: ") { "" } else { "From: Ana <ana@example.org>\n" };
    read(&format!("{from}{head}"), text).origin
}

fn team() -> Team {
    let inbox = Inbox {
        id: InboxId::new("support").unwrap(),
        account: AccountId::new("main").unwrap(),
        address: Address::new("", "support@bücher.example"),
        aliases: vec!["help@shop.example".to_owned()],
        folder: None,
        language: None,
    };
    let agent = Agent {
        handle: Handle::new("bob").unwrap(),
        name: "Bob".to_owned(),
        address: Some(Address::new("Bob", "bob@people.example")),
        title: None,
        addresses: std::collections::BTreeSet::from(["b@old.example".to_owned()]),
    };
    Team { inboxes: vec![inbox], agents: vec![agent], ..Team::default() }
}

#[test]
fn one_certain_mark_makes_a_machine_whatever_else_the_mail_says() {
    for head in [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=y",
        "Auto-Submitted: (by the cron) auto-notified (RFC 5436)",
        "AUTO-SUBMITTED: Auto-Replied (vacation)",
        "Auto-Submitted: something-new",
        "Auto-Submitted: no\nAuto-Submitted: auto-replied",
        "Return-Path: <>",
        "Return-Path: < > (added by mx)",
        "Return-Path: <MAILER-DAEMON>",
        "Return-Path: <MAILER-DAEMON@mx.example>",
        "Return-Path: <>\nIn-Reply-To: <ours@shop.example>\nSubject: Re: Order 4412",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=x",
        "Content-Type: multipart/report; report-type=feedback-report; boundary=x",
    ] {
        let of = read(&format!("From: Ana <ana@example.org>\n{head}"), "I am away until Monday.");
        assert_eq!((of.origin, of.marks, in_team(&of, &team())), (Origin::Automatic, 0, Origin::Automatic), "{head}");
    }
}

#[test]
fn a_header_by_which_a_program_names_itself_makes_a_machine() {
    for head in [
        "X-Autoreply: yes",
        "X-Autorespond: Re: Order",
        "Precedence: auto_reply",
        "Subject: Auto reply: Order\nX-Apple-Action: VACATION\nIn-Reply-To: <a@elsewhere.example>",
    ] {
        assert_eq!(origin(head, "Hello"), Origin::Automatic, "{head}");
    }
}

#[test]
fn two_strong_marks_of_different_kinds_make_a_machine() {
    const AWAY: &str = "I will be out of the office starting 04/20/2027 and will not return until 05/01/2027.";
    for (head, text) in [
        (
            "Subject: AUTO: Smith, John is out of the office. (returning 05/01/2027)",
            "I will return on 05/01/2027.\n\nNote: This is an automated response to your message \"Your order\" sent on 4/1/2027.",
        ),
        ("Subject: John Smith is out of the office.", AWAY),
        ("Subject: AUTO: John Smith is out of the office (returning Mon 03/05/2027)", AWAY),
        ("Subject: Vacation: Order 4412", "I am on vacation until Monday."),
        ("Subject: Vacation: Order 4412\nPrecedence: junk", "Bye."),
        ("Subject: [EXTERNAL] Automatic reply: Where is my lamp?", "I'm out of the office and read this on Monday."),
        ("Subject: Out of Office: Order 4412", "Thank you for your email. I'm back on Monday."),
        ("Subject: Out of Office AutoReply: Order", "I am out of the office until 3 May."),
        ("Subject: =?utf-8?Q?R=C3=A9ponse_automatique?= : Commande", "Je suis en congé jusqu'au 3 mai."),
        ("Subject: Automatische Antwort: Bestellung", "Ich bin bis zum 3. Mai nicht im Büro."),
        ("Subject: Abwesenheit: Bestellung", "Ich bin im Urlaub und ab dem 3. Mai wieder da."),
        ("Subject: 自動返信：ご注文", "お問い合わせいただきありがとうございます。"),
        ("Subject: תגובה אוטומטית: הזמנה 4412", "אני בחופשה עד יום ראשון."),
        ("Subject: Trả lời tự động: Đơn hàng", "Tôi đang nghỉ phép đến ngày 3 tháng 5."),
        ("Subject: پاسخ خودکار: سفارش", "من تا ۳ مه در مرخصی هستم."),
        ("Subject: خارج المكتب: الطلب", "أنا في إجازة حتى الأحد."),
        ("Subject: Ofis dışında: Sipariş", "3 Mayıs'a kadar izinde olacağım, sonra döneceğim."),
        ("Subject: Automatic reply: Order\nX-Auto-Response-Suppress: All", "Bye."),
        ("From: no-reply@parcel.example\nSubject: Your parcel\nPrecedence: bulk", "It is on its way."),
        (
            "Subject: [corp #1] Order\nPrecedence: bulk",
            "This message has been automatically generated in response to your mail.",
        ),
    ] {
        assert_eq!(origin(head, text), Origin::Automatic, "{head}");
    }
}

#[test]
fn people_are_not_taken_for_machines() {
    for (head, text) in [
        ("Auto-Submitted: no", "Hello"),
        ("Auto-Submitted: no; reason=x", "Hello"),
        ("Auto-Submitted: (a person) no", "Hello"),
        ("X-Autoreply: no", "Hello"),
        ("X-Auto-Response-Suppress: All", "I am away until Monday: please call me before."),
        ("Precedence: list", "Hello"),
        ("Precedence: bulk", "Hello, any news about order 4412? I have waited a week."),
        ("Precedence: junk", "Hello"),
        ("Precedence: bulk\nX-Auto-Response-Suppress: OOF", "Hello"),
        ("Precedence: bulk\nList-Id: <users.example.com>", "This is an automated response, said the shop."),
        ("Precedence: bulk\nRT-Ticket: corp #1\nManaged-BY: RT 5\nSubject: Re: Invoice 9", "STILL wrong"),
        ("Precedence: bulk\nSubject: Order", "I am on vacation until Monday, so please deliver on Tuesday."),
        ("Subject: Re: the automatic reply that I got", "This is an automated response\n\nis all I ever get from you."),
        ("Subject: Re: Automatic reply: Order", "This is an automated response. What does it mean?"),
        ("Subject: Automatic reply: hello", "Hello"),
        ("Subject: תגובה אוטומטית: הזמנה", "איפה ההזמנה שלי?"),
        ("Subject: Trả lời tự động: xin chào", "Đơn hàng của tôi đâu?"),
        ("Subject: پاسخ خودکار: سلام", "سفارش من کجاست؟"),
        ("Subject: خارج المكتب الذي طلبته", "أنا في إجازة حتى الأحد، أرسلوه بعد ذلك."),
        ("Subject: Out of office chairs I ordered, two came broken", "I am away until Monday. Send two new ones then."),
        ("Subject: Vacation rental 12", "We are on vacation until Monday."),
        ("Subject: Is Bob out of the office?", "He does not answer."),
        ("Subject: Nobody is out of the office, and nobody answers", "I will return the lamp."),
        ("Subject: Holiday homes", "I am on holiday until Monday."),
        (
            "From: noreply@shop.example\nReply-To: Ana <ana@example.org>\nPrecedence: bulk\nSubject: Contact form",
            "Where is it?",
        ),
        ("From: noreply@shop.example\nSubject: Contact form", "Name: Ana\nWhere is it?"),
        ("From: postmaster@school.example\nSubject: Order 4412", "Please send two lamps to our school."),
        ("Subject: Mail could not be delivered", "Your answer came back: 550 5.1.1 user unknown"),
        ("Subject: Fwd: Returned mail: see transcript for details", "550 5.1.1 user unknown"),
        ("From: noreply@parcel.example\nSubject: Delivery failure", "Your parcel could not be delivered."),
    ] {
        assert_eq!(origin(head, text), Origin::Human, "{head}");
    }
}

#[test]
fn what_answers_our_own_mail_is_a_persons_unless_three_marks_speak_against_it() {
    let judged =
        |head: &str, text: &str| in_team(&read(&format!("From: Ana <ana@example.org>\n{head}"), text), &team());
    const TWO: &str = "Precedence: bulk\nSubject: Out of office: the chairs";
    for ours in [
        "In-Reply-To: <1@shop.example>",
        "References: <q@example.org> <1@SHOP.example>\nIn-Reply-To: <q@example.org>",
        "In-Reply-To: <1@xn--bcher-kva.example>",
        "In-Reply-To: <1@people.example>",
        "In-Reply-To: <1@old.example>",
    ] {
        assert_eq!(judged(&format!("{ours}\n{TWO}"), "Two came broken."), Origin::Human, "{ours}");
        let away = "I am on vacation until Monday.";
        assert_eq!(judged(&format!("{ours}\nSubject: Vacation: Order"), away), Origin::Automatic, "{ours}");
        let gmail = "X-Autoreply: yes\nPrecedence: bulk\nSubject: Re: Order";
        assert_eq!(judged(&format!("{ours}\n{gmail}"), away), Origin::Automatic, "{ours}");
    }
    for other in
        ["In-Reply-To: <1@example.org>", "In-Reply-To: <1@shop.example.evil>", "In-Reply-To: <shop.example>", ""]
    {
        assert_eq!(judged(format!("{other}\n{TWO}").trim_start(), "Two came broken."), Origin::Automatic, "{other}");
    }
}

#[test]
fn bounces_are_known() {
    for (head, text) in [
        ("From: MAILER-DAEMON@x", ""),
        ("From: Mail Delivery Subsystem <md@x>", ""),
        ("From: a@x\nX-Failed-Recipients: b@y", ""),
        ("From: a@x\nContent-Type: multipart/report; report-type=delivery-status; boundary=x", ""),
        ("From: postmaster@x\nSubject: Undeliverable: hello", ""),
        ("From: system@x\nReturn-Path: <>\nSubject: Delivery Status Notification (Failure)", ""),
        (
            "From: InterScan MSS <postmaster@example.co.jp>\nSubject: メッセージを配信できません。",
            "Sent <<< RCPT TO:<ana@example.org>\nReceived >>> 550 5.1.1 User unknown\n\nUnable to deliver message to <ana@example.org>.",
        ),
        (
            "From: InterScan Notification <imss@example.co.jp>\nSubject: E",
            "Unable to deliver message to <ana@example.org>.",
        ),
        ("From: post_master@example.net\nSubject: Re: Order", "550 - Requested action not taken: no such user here"),
        (
            "From: System Administrator <postmaster@example.net>\nSubject: Delivery Status\nReturn-Path: <>",
            "Your message\n\n  To:      ana@example.org\n  Subject: Offer\n\nwas not delivered to:\n\n  ana@example.org\n\nbecause: mailbox full",
        ),
        ("From: Gateway <gw@example.net>\nSubject: Sorry\nReturn-Path: <>", "Undeliverable: no such user here."),
        (
            "From: System Administrator <postmaster@example.net>\nSubject: Non delivery report: 5.9.8 (Spam)",
            "Your message has encountered a delivery problem.",
        ),
        (
            "From: no-reply@carrier.example\nSubject: メールエラー通知",
            "送信先のメールボックスが一杯のため、送信できませんでした。",
        ),
    ] {
        assert_eq!(read(head, text).origin, Origin::Bounce, "{head}");
    }
}

#[test]
fn a_notice_of_absence_with_an_empty_return_path_is_no_report() {
    let away = "I am away. My mailbox is full of mail that is not delivered to others.";
    let head = "From: ana@example.org\nReturn-Path: <>\nSubject: Automatic reply: Undelivered lamp";
    assert_eq!(read(head, away).origin, Origin::Automatic);
}

#[test]
fn headers_alone_never_say_less_than_two_of_their_own_marks() {
    let of = |head: &str| crate::mime::envelope(format!("From: a@x\n{head}\n\n").as_bytes());
    assert_eq!((of("Subject: Vacation: Order").origin, of("Subject: Vacation: Order").marks), (Origin::Human, 1));
    assert_eq!(of("Subject: Vacation: Order\nPrecedence: junk").origin, Origin::Automatic);
}
