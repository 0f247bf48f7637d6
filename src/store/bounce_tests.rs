use crate::model::clock::Timestamp;
use crate::model::conversation::{Item, MessageItem};
use crate::model::ids::Handle;
use crate::model::reply::OutState;
use crate::model::status::Status;
use crate::model::view::View;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::query;
use crate::store::testing::{Bench, START, context, incoming, mid, raw};
use crate::store::{Delivery, NewOutgoing, Recipient};

/// A report as Postfix writes it. The mail it is about stands in it by its headers alone.
fn report(id: &str, about: &str, action: &str, status: &str, said: &str) -> Vec<u8> {
    format!(
        "Return-Path: <>\r\nMessage-ID: <{id}>\r\nFrom: MAILER-DAEMON@team.example (Mail Delivery System)\r\nTo: support@team.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"B\"\r\n\r\n\
         --B\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\r\n\
         --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.team.example\r\n\r\n\
         Final-Recipient: rfc822; ana@example.net\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\r\n\
         --B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{about}>\r\nFrom: support@team.example\r\nSubject: Re: Order\r\n\r\n--B--\r\n"
    )
    .into_bytes()
}

fn failed(about: &str) -> Vec<u8> {
    report("dsn@mx", about, "failed", "5.1.1", "550 5.1.1 <ana@example.net>: user unknown")
}

/// A conversation whose last word is a reply of alice's that waits for the customer.
fn replied() -> Bench {
    let bench = Bench::new();
    bench.mail(0, "q@x", "ana@example.net", "Order", &[]);
    bench.mail(60, "r@team", "support@team.example", "Re: Order", &["q@x"]);
    let _ = bench.act("q@x", Known::Replied { message: mid("r@team"), then: Some(Status::Waiting), hash: None });
    bench
}

fn message(bench: &Bench, id: &str) -> MessageItem {
    let conversation = bench.store.conversation(&bench.id(id), 100).unwrap().unwrap();
    let found = conversation.items.into_iter().find_map(|item| match item {
        Item::Message(message) if message.id == mid(id) => Some(*message),
        _ => None,
    });
    found.unwrap()
}

fn bounced_for(bench: &Bench, who: &str) -> u64 {
    bench.store.counts(&Handle::new(who).unwrap()).unwrap().bounced
}

fn found(bench: &Bench, text: &str) -> usize {
    bench.store.ids(&query::parse(text).unwrap(), &context(&bench.store)).unwrap().len()
}

#[test]
fn a_bounce_stands_with_the_reply_that_came_back_and_its_sender_is_told() {
    let bench = replied();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("r@team"))]).unwrap();
    let row = bench.row("q@x");
    assert_eq!(
        (row.status, row.bounced, row.messages),
        (Status::Waiting, true, 3),
        "it is no answer of the customer's"
    );
    let words: Vec<String> = message(&bench, "r@team").bounced.iter().map(ToString::to_string).collect();
    assert_eq!(words, ["ana@example.net 5.1.1 user unknown"]);
    assert_eq!(message(&bench, "r@team").delayed, []);
    assert_eq!((bounced_for(&bench, "alice"), bounced_for(&bench, "bob")), (1, 0));
    assert_eq!((found(&bench, "is:bounced"), found(&bench, "has:outbox")), (1, 1));
    assert_eq!(bench.store.counts(&Handle::new("alice").unwrap()).unwrap().get(&View::Outbox), 1);
    bench.sound();
}

#[test]
fn a_bounce_shouts_until_somebody_who_knew_of_it_says_how_the_conversation_stands() {
    let bench = replied();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("r@team"))]).unwrap();
    let _ = bench.act_blind("q@x", Known::SetStatus { to: Status::Closed });
    assert!(bench.row("q@x").bounced, "whoever closed it had not seen the report");
    let _ = bench.act("q@x", Known::SetStatus { to: Status::Closed });
    assert!(!bench.row("q@x").bounced);
    assert_eq!((bounced_for(&bench, "alice"), found(&bench, "is:bounced")), (0, 0));
    assert_eq!(message(&bench, "r@team").bounced.len(), 1, "what happened stays to be seen");
    bench.store.undo().unwrap();
    assert!(bench.row("q@x").bounced);
    bench.sound();
}

#[test]
fn the_next_reply_deals_with_a_bounce_and_its_own_bounce_shouts_again() {
    let bench = replied();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("r@team"))]).unwrap();
    let as_of = bench.store.basis(&bench.id("q@x")).unwrap().unwrap().as_of;
    bench.mail(180, "r2@team", "support@team.example", "Re: Order", &["q@x", "r@team"]);
    let replied = Known::Replied { message: mid("r2@team"), then: None, hash: None };
    let _ = bench
        .store
        .commit(vec![NewOperation::new(replied, vec![Target { on: mid("q@x"), as_of, expect: None, gone: false }])])
        .unwrap();
    assert!(!bench.row("q@x").bounced);
    let second = report("dsn2@mx", "r2@team", "failed", "5.2.2", "552 5.2.2 mailbox full");
    bench.store.ingest(bench.inbox, vec![incoming(51, 240, second)]).unwrap();
    assert!(bench.row("q@x").bounced);
    assert_eq!(message(&bench, "r2@team").bounced[0].as_str(), "ana@example.net 5.2.2 mailbox full");
    bench.sound();
}

#[test]
fn a_delay_is_shown_and_shouts_at_nobody_until_it_becomes_a_failure() {
    let bench = replied();
    let late = report("late@mx", "r@team", "delayed", "4.4.1", "421 4.4.1 connection timed out");
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, late)]).unwrap();
    let shown = message(&bench, "r@team");
    assert_eq!(shown.delayed[0].as_str(), "ana@example.net 4.4.1 connection timed out");
    assert_eq!((shown.bounced.len(), bench.row("q@x").bounced, bounced_for(&bench, "alice")), (0, false, 0));
    bench.store.ingest(bench.inbox, vec![incoming(51, 999, failed("r@team"))]).unwrap();
    let shown = message(&bench, "r@team");
    assert_eq!((shown.delayed.len(), shown.bounced.len(), bench.row("q@x").bounced), (0, 1, true));
    bench.sound();
}

#[test]
fn a_bounce_that_comes_before_the_copy_in_sent_is_known_by_the_reply_on_the_log() {
    let bench = Bench::new();
    bench.mail(0, "q@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("q@x", Known::Replied { message: mid("r@team"), then: Some(Status::Waiting), hash: None });
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("r@team"))]).unwrap();
    bench.mail(60, "r@team", "support@team.example", "Re: Order", &["q@x"]);
    assert_eq!((bench.row("q@x").bounced, bench.row("q@x").status), (true, Status::Waiting));
    assert_eq!(bounced_for(&bench, "alice"), 1);
    bench.sound();
}

#[test]
fn a_report_about_a_mail_that_is_not_ours_marks_nothing() {
    let bench = replied();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("q@x"))]).unwrap();
    bench
        .store
        .ingest(bench.inbox, vec![incoming(51, 130, report("d@mx", "elsewhere@y", "failed", "5.1.1", "no"))])
        .unwrap();
    assert_eq!((bench.row("q@x").bounced, bench.row("d@mx").bounced), (false, false));
    assert_eq!(found(&bench, "is:bounced"), 0);
    bench.sound();
}

/// The report of [`failed`] with another recipient than ana.
fn failed_for(recipient: &str) -> Vec<u8> {
    String::from_utf8(failed("r@team")).unwrap().replace("rfc822; ana@example.net", recipient).into_bytes()
}

/// Whether a report marks a conversation whose reply went to ana, with cleo in copy and dora in blind copy.
fn marks(report: Vec<u8>) -> (bool, usize) {
    let bench = replied();
    let bare = String::from_utf8(raw("r2@team", "support@team.example", "Re: Order", &["q@x"])).unwrap();
    let people = "To: Ana <Ana@Example.net>\r\nCc: cleo+shop@example.net\r\nBcc: dora@bücher.example";
    let sent = bare.replace("To: ana@example.net", people).into_bytes();
    bench.store.ingest(bench.inbox, vec![incoming(49, 90, sent)]).unwrap();
    let _ = bench.act("q@x", Known::Replied { message: mid("r2@team"), then: Some(Status::Waiting), hash: None });
    let report = String::from_utf8(report).unwrap().replace("<r@team>", "<r2@team>").into_bytes();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, report)]).unwrap();
    let row = bench.row("q@x");
    assert_eq!((row.status, row.messages), (Status::Waiting, 4), "it stands there and reopens nothing");
    bench.sound();
    (row.bounced, message(&bench, "r2@team").bounced.len())
}

#[test]
fn a_report_marks_a_mail_of_ours_only_where_it_went_to_whom_the_report_names() {
    for named in [
        "rfc822; ana@example.net",
        "rfc822; ANA@EXAMPLE.NET",
        "rfc822; ana+orders@example.net",
        "rfc822; cleo@example.net",
        "rfc822; dora@xn--bcher-kva.example",
        "rfc822; ana@forwarded.example\r\nOriginal-Recipient: rfc822; ana@example.net",
        "rfc822; |/usr/bin/sort-mail eve@example.org /home/eve",
        "",
    ] {
        assert_eq!(marks(failed_for(named)), (true, 1), "{named:?}");
    }
    for other in [
        "rfc822; eve@example.org",
        "rfc822; ana@example.org",
        "rfc822; banana@example.net",
        "rfc822; ana@example.net.evil.example",
        "rfc822; member@example.org\r\nOriginal-Recipient: rfc822; member@example.org",
        "rfc822; support@team.example",
    ] {
        assert_eq!(marks(failed_for(other)), (false, 0), "{other:?}");
    }
}

#[test]
fn a_report_of_two_recipients_tells_of_the_one_to_whom_the_mail_went() {
    let two = "rfc822; eve@example.org\r\nAction: failed\r\n\r\nFinal-Recipient: rfc822; ana@example.net";
    assert_eq!(marks(failed_for(two)), (true, 1));
}

#[test]
fn a_report_that_came_before_the_copy_of_a_mail_to_somebody_else_marks_nothing_once_that_is_here() {
    let bench = Bench::new();
    bench.mail(0, "q@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("q@x", Known::Replied { message: mid("r@team"), then: Some(Status::Waiting), hash: None });
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed_for("rfc822; eve@example.org"))]).unwrap();
    bench.mail(60, "r@team", "support@team.example", "Re: Order", &["q@x"]);
    assert_eq!((bench.row("q@x").bounced, bounced_for(&bench, "alice")), (false, 0));
    bench.sound();
}

#[test]
fn the_outbox_says_nothing_of_people_to_whom_the_mail_never_went() {
    let bench = Bench::new();
    bench.mail(0, "q@x", "ana@example.net", "Order", &[]);
    let id = bench.store.queue(&answer(&bench, "r@team")).unwrap().id;
    bench.store.advance(id, OutState::Held, OutState::Sending, None, None).unwrap();
    bench.store.advance(id, OutState::Sending, OutState::Sent, None, None).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed_for("rfc822; eve@example.org"))]).unwrap();
    assert_eq!(bench.store.outgoing_by_id(id).unwrap().unwrap().reason, None);
}

#[test]
fn a_bounce_of_the_first_import_is_history() {
    let bench = Bench::new();
    let long_ago = -40 * Timestamp::DAY / 1000;
    bench.mail(long_ago, "r@team", "support@team.example", "Order", &[]);
    bench.store.ingest(bench.inbox, vec![incoming(50, long_ago + 60, failed("r@team"))]).unwrap();
    assert_eq!((bench.row("r@team").bounced, bench.row("r@team").status), (false, Status::Closed));
}

/// An answer to q@x that is to go out.
fn answer(bench: &Bench, id: &str) -> NewOutgoing {
    let delivery = Delivery {
        account: crate::model::ids::AccountId::new("main").unwrap(),
        from: "support@team.example".into(),
        recipients: vec![Recipient::new("ana@example.net")],
        utf8: false,
        anchor: Some(mid("q@x")),
        as_of: None,
        seen_op: None,
        then: None,
        waits_since: Timestamp::from_seconds(START),
        anyway: false,
        draft: None,
        out: false,
        fixed: false,
        gone: false,
        copied: false,
    };
    NewOutgoing {
        message_id: mid(id),
        conversation: Some(bench.id("q@x")),
        to: "Ana".into(),
        subject: "Re: Order".into(),
        due: Timestamp::from_seconds(START),
        copy: b"Subject: Re: Order\r\n\r\nhello\r\n".to_vec(),
        delivery,
    }
}

#[test]
fn what_came_back_and_is_answered_again_counts_once_in_the_outbox() {
    let bench = replied();
    bench.mail(90, "other@x", "eve@example.net", "Lamp", &[]);
    let outbox = || {
        let counted = bench.store.counts(&Handle::new("alice").unwrap()).unwrap().get(&View::Outbox);
        (counted, found(&bench, "has:outbox"))
    };
    let first = bench.store.queue(&answer(&bench, "a1@team")).unwrap().id;
    let _ = bench.store.queue(&answer(&bench, "a2@team")).unwrap();
    assert_eq!(outbox(), (1, 1));
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("r@team"))]).unwrap();
    assert_eq!(outbox(), (1, 1));
    let _ = bench.act("q@x", Known::SetStatus { to: Status::Closed });
    assert_eq!((bench.row("q@x").bounced, outbox()), (false, (1, 1)));
    bench.store.advance(first, OutState::Held, OutState::Sending, None, None).unwrap();
    assert_eq!(outbox(), (1, 1));
}

#[test]
fn the_outbox_says_what_came_back() {
    let bench = Bench::new();
    bench.mail(0, "q@x", "ana@example.net", "Order", &[]);
    let new = answer(&bench, "r@team");
    let id = bench.store.queue(&new).unwrap().id;
    bench.store.advance(id, OutState::Held, OutState::Sending, None, None).unwrap();
    bench.store.advance(id, OutState::Sending, OutState::Sent, None, None).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(50, 120, failed("r@team"))]).unwrap();
    let reason = bench.store.outgoing_by_id(id).unwrap().unwrap().reason;
    assert_eq!(crate::text::render_any(reason.as_ref()), "bounced: ana@example.net 5.1.1 user unknown");
}
