use super::*;
use crate::model::clock::Clock;
use crate::model::conversation::{Item, MessageItem};
use crate::query;
use crate::store::testing::{Bench, START, context, incoming, main, mid, options, raw};
use crate::store::{Body, StoreOptions};
use crate::text;

fn later(days: i64) -> StoreOptions {
    let mut options = options("alice", 500);
    options.author.clock = Clock::fixed(Timestamp::from_seconds(START + days * 86_400));
    options
}

fn with_file(id: &str) -> Vec<u8> {
    let raw = String::from_utf8(raw(id, "ana@example.net", "Order", &[])).unwrap();
    let (head, text) = raw.split_once("\r\n\r\n").unwrap();
    format!(
        "{head}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=xx\r\n\r\n--xx\r\n\r\n{text}\r\n--xx\r\n\
         Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=invoice.pdf\r\n\r\npdf\r\n--xx--\r\n"
    )
    .into_bytes()
}

fn gone() -> Bench {
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, with_file("a@x"))]).unwrap();
    let _ = bench.store.expunge(bench.inbox, &[1]).unwrap();
    bench
}

fn message(bench: &Bench) -> MessageItem {
    let items = bench.store.conversation(&bench.id("a@x"), 9).unwrap().unwrap().items;
    let mail = items.into_iter().find_map(|item| if let Item::Message(mail) = item { Some(mail) } else { None });
    *mail.unwrap()
}

fn found(bench: &Bench, words: &str) -> usize {
    bench.store.ids(&query::parse(words).unwrap(), &context(&bench.store)).unwrap().len()
}

fn hash(bench: &Bench) -> Option<String> {
    let read = |tx: &Transaction<'_>| {
        Ok(tx.query_row("SELECT text_hash FROM message WHERE message_id = 'a@x'", [], |row| row.get(0))?)
    };
    bench.store.read(read).unwrap()
}

#[test]
fn the_text_of_mail_that_left_is_kept_as_long_as_the_config_says() {
    let bench = gone().opened_with(later(29));
    bench.store.let_go(&main(), 30).unwrap();
    assert_eq!(bench.store.body(&mid("a@x")).unwrap(), Body::Here);
    assert_eq!((found(&bench, "parcel"), found(&bench, "attachment:invoice")), (1, 1));
    let before = hash(&bench);
    let bench = bench.opened_with(later(30));
    bench.store.let_go(&main(), 30).unwrap();
    assert_eq!(bench.store.body(&mid("a@x")).unwrap(), Body::LetGo(30));
    assert_eq!(
        (found(&bench, "parcel"), found(&bench, "attachment:invoice"), found(&bench, "subject:order")),
        (0, 0, 1)
    );
    let mail = message(&bench);
    let why = text::render(&mail.missing.unwrap());
    assert_eq!(why, "its text was let go 30 days after it left the server, and can't be had again");
    assert_eq!(mail.subject.as_str(), "Order");
    let row = bench.row("a@x");
    assert_eq!((row.snippet.as_str(), row.attachments, row.messages), ("", false, 1));
    let raw = String::from_utf8(bench.store.raw(&mid("a@x")).unwrap().unwrap()).unwrap();
    assert!(raw.starts_with("Message-ID: <a@x>") && !raw.contains("parcel"), "{raw}");
    assert!(before.is_some() && before == hash(&bench), "another copy is still told from another mail");
    bench.sound();
}

#[test]
fn no_days_let_it_go_at_once_and_another_accounts_mail_is_left_alone() {
    let bench = gone();
    bench.store.let_go(&AccountId::new("other").unwrap(), 0).unwrap();
    assert_eq!(bench.store.body(&mid("a@x")).unwrap(), Body::Here);
    bench.store.let_go(&main(), 0).unwrap();
    assert_eq!(bench.store.body(&mid("a@x")).unwrap(), Body::LetGo(0));
    assert_eq!(
        text::render(&message(&bench).missing.unwrap()),
        "its text was let go when it left the server, and can't be had again"
    );
}

#[test]
fn mail_that_comes_back_has_its_text_again() {
    let bench = gone();
    bench.store.let_go(&main(), 0).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(5, 1, with_file("a@x"))]).unwrap();
    assert_eq!((found(&bench, "parcel"), bench.row("a@x").attachments), (1, true));
    let mail = message(&bench);
    assert!(mail.missing.is_none() && mail.left.is_none() && !mail.partial);
    bench.store.let_go(&main(), 0).unwrap();
    assert_eq!(bench.store.body(&mid("a@x")).unwrap(), Body::Here);
    bench.sound();
}

#[test]
fn of_a_folder_full_of_mail_all_is_let_go_in_one_round() {
    let bench = Bench::new();
    let mails = (1..=120).map(|n| incoming(n, 1, raw(&format!("{n}@x"), "ana@example.net", "Order", &[])));
    bench.store.ingest(bench.inbox, mails.collect()).unwrap();
    let _ = bench.store.expunge(bench.inbox, &(1..=120).collect::<Vec<u32>>()).unwrap();
    bench.store.let_go(&main(), 0).unwrap();
    assert_eq!(found(&bench, "parcel"), 0);
    bench.sound();
}

#[test]
fn what_only_the_text_said_is_known_after_other_rules_read_the_headers_again() {
    let bench = Bench::new();
    let report = "Message-ID: <a@x>\r\nFrom: mailer-daemon@mx.example.net\r\nTo: support@team.example\r\nSubject: Undelivered\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=xx\r\n\r\n--xx\r\n\r\nIt failed.\r\n\
        --xx\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n\
        Final-Recipient: rfc822; ana@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n\
        --xx\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@team.example>\r\n\r\n--xx--\r\n";
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, report.into())]).unwrap();
    let _ = bench.store.expunge(bench.inbox, &[1]).unwrap();
    let bench = bench.opened_with(later(31));
    bench.store.let_go(&main(), 30).unwrap();
    let read = |bench: &Bench| {
        let facts = bench.store.read(|tx| crate::store::facts::Facts::by_id(tx, &mid("a@x"))).unwrap().unwrap();
        (facts.envelope, facts.text_hash, facts.snippet, facts.origin, facts.partial)
    };
    let before = read(&bench);
    assert!(before.0.about.is_some() && !before.0.fates.is_empty() && before.1.is_some());
    let old = "UPDATE message SET derived = 0; DELETE FROM edition; INSERT INTO edition (number, rules, team) VALUES (0, 1, 0);";
    bench.store.write(|tx| Ok(tx.execute_batch(old)?)).unwrap();
    let bench = bench.opened_with(later(32));
    assert_eq!(bench.store.to_derive().unwrap(), 1);
    bench.store.derive_behind(u64::MAX, &crate::model::stop::Stop::never(), &mut |_| {}).unwrap();
    assert_eq!(read(&bench), before);
    bench.sound();
}
