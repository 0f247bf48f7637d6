use crate::mime::parse;
use crate::model::message::{Fate, Outcome};

fn report(status: &str) -> Vec<Fate> {
    let raw = format!(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered Mail\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n{status}\n\
         --b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <reply@shop.example>\nSubject: Re: Refund\n\n--b--\n"
    );
    let envelope = parse(raw.as_bytes()).envelope;
    assert_eq!(envelope.about.unwrap().as_str(), "reply@shop.example");
    envelope.fates
}

fn fate(recipient: &str, outcome: Outcome, status: &str, words: &str) -> Fate {
    Fate { recipient: recipient.into(), outcome, status: status.into(), words: words.into() }
}

#[test]
fn each_recipient_that_failed_is_told_with_status_and_words() {
    let found = report(
        "Reporting-MTA: dns; mx.example\nArrival-Date: Fri, 20 Nov 2026 10:00:00 +0000\n\n\
         Final-Recipient: rfc822; ana@lima.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1\n <ana@lima.example>: user\n unknown\n\n\
         Final-Recipient: rfc822; bob@lima.example\nAction: relayed\nStatus: 2.0.0\n\n\
         Original-Recipient: rfc822;cleo@lima.example\nFinal-Recipient: rfc822; x17@inside.example\nAction: failed\nStatus: 5.2.2",
    );
    assert_eq!(
        found,
        [
            fate("ana@lima.example", Outcome::Failed, "5.1.1", "user unknown"),
            fate("cleo@lima.example", Outcome::Failed, "5.2.2", "")
        ]
    );
    assert_eq!(crate::text::render(&found[1].phrase()), "cleo@lima.example 5.2.2 the mailbox is full");
}

#[test]
fn a_delay_is_no_failure() {
    let found = report(
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ana@lima.example\nAction: delayed\nStatus: 4.4.1\n\
         Diagnostic-Code: smtp; 421 4.4.1 connection timed out\nWill-Retry-Until: Sat, 21 Nov 2026 10:00:00 +0000",
    );
    assert_eq!(found, [fate("ana@lima.example", Outcome::Delayed, "4.4.1", "connection timed out")]);
}

#[test]
fn a_report_that_all_went_well_tells_of_nobody() {
    let found =
        report("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ana@lima.example\nAction: delivered\nStatus: 2.1.5");
    assert_eq!(found, []);
}

#[test]
fn a_status_that_only_the_words_carry_is_found_there_and_a_missing_action_is_read_from_it() {
    let found = report("X: y\n\nFinal-Recipient: rfc822; a@b.example\nDiagnostic-Code: smtp; 452 4.2.2 over quota");
    assert_eq!(found, [fate("a@b.example", Outcome::Delayed, "4.2.2", "over quota")]);
}

#[test]
fn reports_without_a_part_for_machines_name_their_recipient_in_a_header_or_in_the_text() {
    let exim = "From: Mail Delivery System <Mailer-Daemon@mx.example>\nSubject: Mail delivery failed: returning message to sender\nX-Failed-Recipients: ana@lima.example, bob@lima.example\n\nSorry.\n";
    let named: Vec<String> = parse(exim.as_bytes()).envelope.fates.into_iter().map(|f| f.recipient).collect();
    assert_eq!(named, ["ana@lima.example", "bob@lima.example"]);
    let qmail = "From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nHi. This is the qmail-send program at mx.example.\n\n<ana@lima.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <reply@shop.example>\n";
    let found = parse(qmail.as_bytes()).envelope.fates;
    assert_eq!(found, [fate("ana@lima.example", Outcome::Failed, "", "Sorry, no mailbox here by that name. (#5.1.1)")]);
    let list = "From: postmaster@mx.example\nReturn-Path: <>\nSubject: Undeliverable mail\n\nNot delivered to:\n\n    ana@lima.example\n\nReturn-Path: <support@shop.example>\nFrom: support@shop.example\n";
    assert_eq!(parse(list.as_bytes()).envelope.fates, [fate("ana@lima.example", Outcome::Failed, "", "")]);
    let said =
        qmail.replace("Sorry, no", "192.0.2.1 failed.\nRemote host said:\n550: 5.1.1 no").replace(" failed.\n", " ");
    assert_eq!(parse(said.as_bytes()).envelope.fates[0].words, "no mailbox here by that name. (#5.1.1)");
    let late = qmail.replace("failure notice", "Warning: message still undelivered after 4 hours");
    assert_eq!(parse(late.as_bytes()).envelope.fates[0].outcome, Outcome::Delayed);
}

#[test]
fn a_persons_mail_tells_of_no_failure_whatever_stands_in_it() {
    let raw = "From: ana@lima.example\nSubject: Hi\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@y.example\nAction: failed\n";
    let envelope = parse(raw.replace("message/delivery-status", "text/plain").as_bytes()).envelope;
    assert_eq!((envelope.fates, envelope.about), (vec![], None));
}
