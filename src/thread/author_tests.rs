//! Who wrote, rule by rule, and what nobody can forge.

use proptest::prelude::*;

use super::*;
use crate::model::agent::Inbox;
use crate::model::ids::{Handle, InboxId};

fn account() -> AccountId {
    AccountId::new("main").unwrap()
}

fn addresses(list: &[&str]) -> Vec<Address> {
    list.iter().map(|email| Address::new("", *email)).collect()
}

fn team() -> Team {
    let inbox = |name: &str| Inbox {
        id: InboxId::new(name).unwrap(),
        account: account(),
        address: Address::new("", format!("{name}@example.com")),
        aliases: vec![],
        folder: None,
        language: None,
    };
    let bob = Agent {
        handle: Handle::new("bob").unwrap(),
        name: "Bob Chen".into(),
        address: Some(Address::new("Bob", "bob@example.com")),
        title: None,
        addresses: ["bob@home.example".to_owned()].into(),
    };
    Team {
        agents: vec![bob],
        inboxes: vec![inbox("support"), inbox("sales")],
        authserv: [(account(), "MX.example.com".to_owned())].into(),
        ..Team::default()
    }
}

/// A mail of these addresses: From, To.
fn mail(from: &[&str], to: &[&str]) -> Envelope {
    Envelope { from: addresses(from), to: addresses(to), ..Envelope::default() }
}

fn vouch(by: &str, passed: &[&str], failed: &[&str]) -> Vouch {
    let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
    Vouch { by: by.into(), passed: list(passed), failed: list(failed) }
}

fn stand(is_sent: bool, is_delivered: bool, vouches: Vec<Vouch>) -> Stand {
    Stand { account: account(), is_sent, copy: CopySays { is_delivered, vouches, ..CopySays::default() } }
}

fn inbox() -> Stand {
    stand(false, true, vec![])
}

fn sent() -> Stand {
    stand(true, false, vec![])
}

fn of(envelope: &Envelope, stands: &[Stand], sent: &[Option<String>]) -> Authorship {
    let stands: Vec<Stand> = stands.iter().map(|stand| written_out(stand, envelope)).collect();
    let envelope = as_it_stands(envelope, &stands);
    authorship(
        &Evidence { envelope: &envelope, stands: &stands, sent, text: Some("text"), is_outranked: false },
        &team(),
    )
}

/// A place whose copy names the same recipients as the mail.
fn written_out(stand: &Stand, envelope: &Envelope) -> Stand {
    let CopySays { is_delivered, vouches, bcc, .. } = stand.copy.clone();
    Stand { copy: CopySays { is_delivered, vouches, bcc, ..CopySays::of(envelope) }, ..stand.clone() }
}

fn emails(list: Vec<&Address>) -> Vec<&str> {
    list.into_iter().map(|address| address.email.as_str()).collect()
}

#[test]
fn what_names_nobody_outside_is_inbound_wherever_it_stands() {
    let plain = |from: &str| mail(&[from], &["support@example.com"]);
    let form = Envelope { reply_to: addresses(&["sam@s.example"]), ..plain("support@example.com") };
    let rewritten = Envelope {
        original: addresses(&["rosa@r.example"]),
        reply_to: addresses(&["sales@example.com", "rosa@r.example"]),
        ..plain("support@example.com")
    };
    let record = [Some("text".to_owned()), None];
    for stands in [vec![inbox()], vec![sent()], vec![sent(), inbox()], vec![]] {
        for sent in [&[][..], &record] {
            for (mail, expected, author, answer) in [
                (&plain("zoe@x.org"), Authorship::Sender, "zoe@x.org", &["zoe@x.org"][..]),
                (&form, Authorship::Form, "sam@s.example", &["sam@s.example"]),
                (&rewritten, Authorship::Form, "rosa@r.example", &["rosa@r.example"]),
                (&plain("Bob@example.com"), Authorship::Colleague, "Bob@example.com", &["Bob@example.com"]),
                (&plain("bob@home.example"), Authorship::Colleague, "bob@home.example", &["bob@home.example"]),
                (&plain("sales@example.com"), Authorship::Ourselves, "sales@example.com", &[]),
                (&mail(&["support+x@example.com"], &[]), Authorship::Ourselves, "support+x@example.com", &[]),
            ] {
                assert_eq!(of(mail, &stands, sent), expected, "{mail:?} {stands:?}");
                assert_eq!(expected.direction(), Direction::Inbound);
                assert_eq!(emails(authors(mail, expected, &team())), [author]);
                assert_eq!(emails(answer_to(mail, expected, &team())), answer);
            }
        }
    }
}

#[test]
fn what_stands_among_sent_mail_and_was_not_delivered_is_ours() {
    for from in ["support@example.com", "bob@example.com", "alias@elsewhere.example"] {
        let mail = mail(&[from], &["zoe@x.org", "support@example.com"]);
        assert_eq!(of(&mail, &[inbox(), sent()], &[]), Authorship::Filed);
        assert_eq!(emails(answer_to(&mail, Authorship::Filed, &team())), ["zoe@x.org"]);
    }
    let blind = mail(&["support@example.com"], &["support@example.com"]);
    let stand = Stand { copy: CopySays { bcc: addresses(&["ann@a.example"]), ..CopySays::default() }, ..sent() };
    assert_eq!(of(&blind, &[inbox(), stand], &[]), Authorship::Filed, "the sender's own copy names whom it went to");
}

#[test]
fn what_a_server_delivered_into_sent_is_not_ours_for_that() {
    let delivered = stand(true, true, vec![]);
    let strange = mail(&["eve@evil.example"], &["support+Sent@example.com", "zoe@x.org"]);
    assert_eq!(of(&strange, std::slice::from_ref(&delivered), &[]), Authorship::Sender);
    let forged = mail(&["support@example.com"], &["support+Sent@example.com", "zoe@x.org"]);
    assert_eq!(of(&forged, &[delivered], &[]), Authorship::Unproven);
    let vouched = stand(true, true, vec![vouch("mx.example.com", &["example.com"], &[])]);
    assert_eq!(of(&forged, &[vouched], &[]), Authorship::Vouched);
}

#[test]
fn a_record_makes_the_mail_with_its_text_ours() {
    let ours = mail(&["support@example.com"], &["zoe@x.org"]);
    let foreign = mail(&["eve@evil.example"], &["zoe@x.org"]);
    let with = |envelope, sent: &[Option<String>], text, is_outranked| {
        authorship(&Evidence { envelope, stands: &[inbox()], sent, text, is_outranked }, &team())
    };
    let (same, other) = ([Some("text".to_owned())], [Some("other".to_owned())]);
    assert_eq!(with(&ours, &same, Some("text"), false), Authorship::Recorded);
    assert_eq!(with(&ours, &[None], Some("text"), false), Authorship::Recorded, "older programs say no hash");
    assert_eq!(with(&ours, &other, Some("text"), false), Authorship::Unproven);
    assert_eq!(with(&ours, &[other[0].clone(), same[0].clone()], Some("text"), false), Authorship::Recorded);
    assert_eq!(with(&ours, &same, None, false), Authorship::Recorded, "its text is not here yet");
    assert_eq!(with(&foreign, &same, None, false), Authorship::Sender);
    assert_eq!(with(&foreign, &same, Some("text"), false), Authorship::Recorded);
    assert_eq!(with(&ours, &same, Some("text"), true), Authorship::Unproven);
    assert_eq!(with(&foreign, &[None], Some("text"), true), Authorship::Sender);
}

#[test]
fn a_foreign_reply_to_takes_the_answer_and_never_changes_a_foreign_author() {
    let mail = Envelope {
        reply_to: addresses(&["support@example.com", "zoe@home.example"]),
        original: addresses(&["other@o.example"]),
        ..mail(&["relay@shop.example"], &["support@example.com", "max@m.example"])
    };
    let found = of(&mail, &[inbox()], &[]);
    assert_eq!(found, Authorship::Sender);
    assert_eq!(emails(authors(&mail, found, &team())), ["relay@shop.example"]);
    assert_eq!(emails(answer_to(&mail, found, &team())), ["zoe@home.example"]);
    assert_eq!(customer_key(&mail, found, &team()), "relay@shop.example\nzoe@home.example");
}

#[test]
fn of_a_mixed_from_the_foreign_one_is_the_author() {
    let mail = mail(&["support@example.com", "zoe@x.org"], &["support@example.com"]);
    let found = of(&mail, &[inbox()], &[]);
    assert_eq!((found, emails(authors(&mail, found, &team()))), (Authorship::Sender, vec!["zoe@x.org"]));
    assert_eq!(customer_key(&mail, found, &team()), "zoe@x.org");
}

#[test]
fn group_mail_with_a_second_recipient_is_from_whom_it_names() {
    let mail = Envelope {
        original: addresses(&["rosa@r.example"]),
        ..mail(&["support@example.com"], &["support@example.com", "max@m.example"])
    };
    let vouched = stand(false, true, vec![vouch("mx.example.com", &["example.com"], &[])]);
    for stands in [[inbox()], [vouched]] {
        let found = of(&mail, &stands, &[]);
        assert_eq!(found, Authorship::Form);
        let to = |all| recipients(&mail, found, &team(), all);
        assert_eq!((to(false).to, to(false).cc), (addresses(&["rosa@r.example"]), vec![]));
        assert_eq!((to(true).to, to(true).cc), (addresses(&["rosa@r.example"]), addresses(&["max@m.example"])));
    }
}

#[test]
fn only_our_own_server_vouches_and_only_for_the_domain_of_from() {
    let claims = mail(&["bob@example.com"], &["zoe@x.org"]);
    let found = |vouches: Vec<Vouch>| of(&claims, &[stand(false, true, vouches)], &[]);
    assert_eq!(found(vec![vouch("mx.example.com", &["example.com"], &[])]), Authorship::Vouched);
    assert_eq!(found(vec![vouch("mx.example.com", &["example.com"], &["example.com"])]), Authorship::Vouched);
    assert_eq!(found(vec![vouch("mx.example.com", &["evil.example"], &["example.com"])]), Authorship::Forged);
    assert_eq!(found(vec![vouch("mx.example.com", &["evil.example"], &[])]), Authorship::Unproven);
    assert_eq!(found(vec![vouch("mx.evil.example", &["example.com"], &[])]), Authorship::Unproven);
    assert_eq!(found(vec![vouch("mx.evil.example", &[], &["example.com"])]), Authorship::Unproven);
    assert_eq!(found(vec![vouch("mx.example.com", &["ample.com"], &[])]), Authorship::Unproven);
    assert_eq!(found(vec![vouch("mx.example.com", &["com"], &[])]), Authorship::Vouched, "it lies below");
    assert_eq!(found(vec![]), Authorship::Unproven);
    let two = mail(&["bob@example.com", "bob@home.example"], &["zoe@x.org"]);
    let one = stand(false, true, vec![vouch("mx.example.com", &["example.com"], &[])]);
    assert_eq!(of(&two, &[one], &[]), Authorship::Unproven, "of several authors each needs it");
    assert_eq!(emails(answer_to(&claims, Authorship::Forged, &team())), Vec::<&str>::new());
}

#[test]
fn an_answer_goes_to_the_others_and_to_nobody_twice() {
    let mail = Envelope {
        cc: addresses(&["ZOE@x.org", "eve@c.example"]),
        ..mail(&["zoe@x.org"], &["support@example.com", "dave@c.example"])
    };
    let one = recipients(&mail, Authorship::Sender, &team(), false);
    assert_eq!((one.to, one.cc), (addresses(&["zoe@x.org"]), vec![]));
    let all = recipients(&mail, Authorship::Sender, &team(), true);
    assert_eq!(all.cc, addresses(&["dave@c.example", "eve@c.example"]));
    assert_eq!(recipients(&mail, Authorship::Filed, &team(), false).to, addresses(&["dave@c.example"]));
    assert_eq!(customer_key(&mail, Authorship::Filed, &team()), "dave@c.example");
    let alone = Envelope { from: addresses(&["sales@example.com"]), ..Envelope::default() };
    assert_eq!(recipients(&alone, Authorship::Ourselves, &team(), true), Recipients::default());
}

fn some_addresses() -> impl Strategy<Value = Vec<Address>> {
    let all = vec![
        "support@example.com",
        "bob@example.com",
        "bob@home.example",
        "zoe@x.org",
        "eve@evil.example",
        "undisclosed",
        "",
    ];
    proptest::collection::vec(
        proptest::sample::select(all).prop_map(|email| Address::new("support@example.com", email)),
        0..3,
    )
}

fn any_mail() -> impl Strategy<Value = Envelope> {
    let sender = proptest::option::of(proptest::sample::select(vec!["support@example.com", "eve@evil.example"]));
    let lists = (some_addresses(), some_addresses(), some_addresses(), some_addresses(), some_addresses());
    (lists, sender).prop_map(|((from, to, cc, reply_to, original), sender)| Envelope {
        from,
        to,
        cc,
        reply_to,
        original,
        sender: sender.map(|email| Address::new("", email)),
        ..Envelope::default()
    })
}

fn any_stand() -> impl Strategy<Value = Stand> {
    let domains = || proptest::sample::subsequence(vec!["example.com".to_owned(), "evil.example".to_owned()], 0..=2);
    let vouch = (proptest::sample::select(vec!["mx.example.com", "mx.evil.example"]), domains(), domains());
    let vouch = vouch.prop_map(|(by, passed, failed)| Vouch { by: by.to_owned(), passed, failed });
    (any::<bool>(), any::<bool>(), proptest::collection::vec(vouch, 0..3))
        .prop_map(|(is_sent, is_delivered, vouches)| stand(is_sent, is_delivered, vouches))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_folders_and_records_makes_no_difference(
        mail in any_mail(),
        stands in proptest::collection::vec(any_stand(), 0..4),
        sent in proptest::collection::vec(proptest::option::of("text|other"), 0..3),
        seed in any::<u64>(),
    ) {
        let (mut other_stands, mut other_sent) = (stands.clone(), sent.clone());
        let mut random = fastrand::Rng::with_seed(seed);
        random.shuffle(&mut other_stands);
        random.shuffle(&mut other_sent);
        other_stands.extend(stands.first().cloned());
        prop_assert_eq!(of(&mail, &stands, &sent), of(&mail, &other_stands, &other_sent));
    }

    #[test]
    fn what_was_delivered_is_ours_only_where_a_record_or_our_server_says_so(
        mail in any_mail(),
        stands in proptest::collection::vec(any_stand(), 1..4),
    ) {
        let delivered = stands.into_iter().map(|mut stand| {
            stand.copy.is_delivered = true;
            stand.copy.vouches.retain(|vouch| vouch.by != "mx.example.com");
            stand
        });
        let found = of(&mail, &delivered.collect::<Vec<_>>(), &[Some("other".to_owned())]);
        prop_assert_eq!(found.direction(), Direction::Inbound);
        prop_assert_ne!(found, Authorship::Forged);
    }

    #[test]
    fn an_answer_goes_to_none_of_our_inboxes(mail in any_mail(), stands in proptest::collection::vec(any_stand(), 0..3)) {
        let found = of(&mail, &stands, &[]);
        for all in [false, true] {
            let Recipients { to, cc } = recipients(&mail, found, &team(), all);
            for address in to.iter().chain(&cc) {
                let is_colleague = found == Authorship::Colleague && address.email.starts_with("bob@");
                prop_assert!(is_colleague || !team().owns(&address.email), "{}", address.email);
            }
        }
    }
}
