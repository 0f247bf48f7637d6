use std::fmt::Write;

use super::super::testing::{Bench, START, incoming, raw};
use crate::model::clock::Timestamp;
use crate::model::customer::Customer;
use crate::model::ids::Handle;
use crate::op::operation::Known;

fn of(bench: &Bench, message: &str) -> Customer {
    bench.store.customer_of(&bench.id(message), 20).unwrap().unwrap()
}

fn others(customer: &Customer) -> Vec<String> {
    customer
        .conversations
        .iter()
        .map(|one| format!("{}{}", one.row.title, if one.is_claimed { "?" } else { "" }))
        .collect()
}

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::from_seconds(START + seconds))
}

/// A mail of our own form that says whom it is from.
fn form(bench: &Bench, uid: u32, seconds: i64, id: &str, who: &str) {
    let mail = String::from_utf8(raw(id, "support@team.example", &format!("Form {id}"), &[])).unwrap();
    let mail = mail.replace("To: ana@example.net", &format!("To: support@team.example\r\nReply-To: {who}"));
    bench.store.ingest(bench.inbox, vec![incoming(uid, seconds, mail.into_bytes())]).unwrap();
}

#[test]
fn a_customer_has_their_other_conversations_with_counts_and_times() {
    let bench = Bench::new();
    bench.mail(10, "a1@x", "Ana@Example.net", "First", &[]);
    bench.mail(20, "a2@x", "ana@example.net", "Re: First", &["a1@x"]);
    bench.mail(30, "a3@x", "ana@example.net", "Second", &[]);
    bench.mail(35, "b1@x", "ben@example.net", "Of somebody else", &[]);
    bench.mail(40, "a4@x", "ana@example.net", "Third", &[]);
    let customer = of(&bench, "a3@x");
    assert_eq!(customer.name.as_str(), "Somebody");
    let [address] = customer.addresses.as_slice() else { panic!("{customer:?}") };
    assert_eq!((address.key.as_str(), address.mails), ("ana@example.net", 4));
    assert_eq!((customer.first, customer.last), (at(10), at(40)));
    assert_eq!(customer.inboxes.iter().map(ToString::to_string).collect::<Vec<_>>(), ["support"]);
    assert_eq!(others(&customer), ["Third", "First"]);
    assert!(!customer.is_claimed && !customer.is_part && customer.more == 0);
}

#[test]
fn what_only_a_form_says_shows_nothing_of_the_person_and_counts_for_nothing() {
    let bench = Bench::new();
    bench.mail(10, "a1@x", "ana@example.net", "Her own", &[]);
    let _ = bench.act("a1@x", Known::Note { text: "pays late".into(), mentions: Default::default() });
    form(&bench, 500, 20, "f1@web", "ana@example.net");
    let claimed = of(&bench, "f1@web");
    assert!(claimed.is_claimed && claimed.conversations.is_empty() && claimed.notes.is_empty(), "{claimed:?}");
    assert_eq!((claimed.addresses[0].mails, claimed.first), (1, at(20)), "of this conversation alone");
    let known = of(&bench, "a1@x");
    assert!(!known.is_claimed);
    assert_eq!((known.addresses[0].mails, known.last), (1, at(10)));
    assert_eq!(others(&known), ["Form f1@web?"]);
    // Whoever names an address asks for it by itself.
    let asked = bench.store.customer(" ANA@example.net ", 20).unwrap().unwrap();
    assert_eq!(others(&asked), ["Form f1@web?", "Her own"]);
}

#[test]
fn whoever_answers_from_the_address_that_a_form_named_is_no_claim_any_more() {
    let bench = Bench::new();
    bench.mail(10, "a1@x", "ana@example.net", "Her own", &[]);
    form(&bench, 500, 20, "f1@web", "ana@example.net");
    bench.mail(30, "a2@x", "ana@example.net", "Re: Form f1@web", &["f1@web"]);
    let customer = of(&bench, "f1@web");
    assert!(!customer.is_claimed);
    assert_eq!(others(&customer), ["Her own"]);
}

#[test]
fn whom_we_wrote_to_first_is_the_customer_until_somebody_answers() {
    let bench = Bench::new();
    bench.mail(10, "o1@x", "support@team.example", "An offer", &[]);
    bench.mail(20, "a1@x", "ana@example.net", "Something else", &[]);
    let customer = of(&bench, "o1@x");
    assert_eq!(customer.addresses[0].key, "ana@example.net");
    assert_eq!(others(&customer), ["Something else"]);
    assert_eq!(others(&of(&bench, "a1@x")), ["An offer"]);
}

#[test]
fn a_conversation_without_anybody_from_outside_has_no_customer() {
    let bench = Bench::new();
    let mail = String::from_utf8(raw("c1@x", "bob@team.example", "Lunch", &[])).unwrap();
    let mail = mail.replace("To: ana@example.net", "To: support@team.example");
    bench.store.ingest(bench.inbox, vec![incoming(1, 0, mail.into_bytes())]).unwrap();
    assert_eq!(of(&bench, "c1@x"), Customer::default());
    assert_eq!(bench.store.customer("nobody@example.net", 20).unwrap(), None);
}

#[test]
fn the_newest_notes_of_the_other_conversations_are_told() {
    let bench = Bench::new();
    let mut wanted = String::new();
    for n in 0..4 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", &format!("Matter {n}"), &[]);
    }
    for n in 0..4 {
        for k in 0..2 {
            bench.store.author().clock.advance(1000);
            let text = format!("note {k} on {n}");
            let _ = bench.act(&format!("a{n}@x"), Known::Note { text, mentions: Default::default() });
        }
    }
    for one in of(&bench, "a3@x").notes {
        let _ = writeln!(wanted, "{} {}", one.note.actor, one.note.lines[0]);
    }
    let newest = ["note 1 on 2", "note 0 on 2", "note 1 on 1", "note 0 on 1", "note 1 on 0"];
    assert_eq!(wanted, newest.map(|text| format!("alice {text}\n")).concat(), "none of the open one, five at most");
}

#[test]
fn more_conversations_than_are_shown_are_counted() {
    let bench = Bench::new();
    for n in 0..6 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", &format!("Matter {n}"), &[]);
    }
    let customer = bench.store.customer_of(&bench.id("a0@x"), 2).unwrap().unwrap();
    assert_eq!(others(&customer), ["Matter 5", "Matter 4"]);
    assert_eq!((customer.more, customer.addresses[0].mails), (3, 6));
}

#[test]
fn others_who_wrote_here_are_named_and_a_foreign_reply_to_is_no_identity() {
    let bench = Bench::new();
    bench.mail(5, "b0@x", "desk@example.net", "The desk's own", &[]);
    bench.mail(10, "a1@x", "ana@example.net", "First", &[]);
    bench.mail(20, "b1@x", "ben@example.net", "Re: First", &["a1@x"]);
    let mail = String::from_utf8(raw("a2@x", "ana@example.net", "Re: First", &["a1@x"])).unwrap();
    let mail = mail.replace("To: support", "Reply-To: Desk\u{1b}[31m <desk@example.net>\r\nTo: support");
    bench.store.ingest(bench.inbox, vec![incoming(900, 30, mail.into_bytes())]).unwrap();
    let customer = of(&bench, "a1@x");
    assert_eq!(customer.addresses[0].key, "ana@example.net");
    assert_eq!(customer.answers_to.as_ref().map(ToString::to_string).as_deref(), Some("desk@example.net"));
    assert_eq!(customer.others.iter().map(ToString::to_string).collect::<Vec<_>>(), ["ben@example.net"]);
    assert_eq!(others(&customer), Vec::<String>::new());
}

#[test]
fn a_hostile_name_and_address_are_safe_to_draw() {
    let bench = Bench::new();
    let mail = String::from_utf8(raw("h1@x", "ana@example.net", "First", &[])).unwrap();
    let mail = mail.replace("Somebody <ana@example.net>", "\"A\u{1b}]0;x\u{7}na\u{202e}\" <an\u{1b}[2Ja@example.net>");
    bench.store.ingest(bench.inbox, vec![incoming(1, 0, mail.into_bytes())]).unwrap();
    let customer = of(&bench, "h1@x");
    let drawn = format!(
        "{} {}",
        customer.name,
        customer.addresses.first().map(|one| one.shown.to_string()).unwrap_or_default()
    );
    assert!(!drawn.chars().any(|c| c.is_control() || c == '\u{202e}'), "{drawn:?}");
}

#[test]
fn a_handle_of_a_colleague_is_nobody_from_outside() {
    let bench = Bench::new();
    bench.mail(10, "a1@x", "ana@example.net", "First", &[]);
    let _ = bench.act("a1@x", Known::Assign { to: Handle::new("bob").ok() });
    bench.mail(20, "o1@x", "bob@team.example", "Re: First", &["a1@x"]);
    assert_eq!(of(&bench, "a1@x").others, []);
}
