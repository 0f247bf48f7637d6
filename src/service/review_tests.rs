use super::*;
use crate::service::compose::tests::{answer, put, store};

fn warned(store: &Store, draft: &Draft) -> Vec<Warning> {
    warnings(store, &Draft { body: "Thank you.".into(), ..draft.clone() }).unwrap()
}

#[test]
fn an_answer_that_goes_to_another_domain_than_the_mail_came_from_is_told() {
    let told = |headers: &str| {
        let (_dir, store) = store(&format!("{headers}\r\nSubject: Invoice\r\n\r\nPay there.\r\n"));
        warned(&store, &answer(&store))
    };
    let redirected = Warning::Redirected { to: "carla@c-example.evil".into(), from: "carla@c.example".into() };
    assert_eq!(told("From: Carla <carla@c.example>\r\nReply-To: carla@c-example.evil"), [redirected]);
    assert_eq!(told("From: Carla <carla@c.example>\r\nReply-To: help@desk.C.example"), []);
    assert_eq!(told("From: Carla <carla@c.example>"), []);
}

#[test]
fn whoever_wrote_or_was_written_to_before_is_no_stranger() {
    let (_dir, store) = store("From: Carla <carla@c.example>\r\nCc: dave@d.example\r\nSubject: Refund\r\n\r\nHi\r\n");
    let again = "From: eve@e.example\r\nSubject: Re: Refund\r\nReferences: <a@c.example>\r\n\r\nMe too\r\n";
    put(&store, 2, "b@e.example", again);
    let to = |emails: &[&str]| Draft { to: emails.iter().map(|e| Address::new("", *e)).collect(), ..answer(&store) };
    assert_eq!(warned(&store, &to(&["Carla@C.example", "dave@d.example ", "eve@e.example"])), []);
    let frank = Warning::Stranger("frank@f.example".into());
    assert_eq!(warned(&store, &to(&["eve@e.example", "frank@f.example"])), [frank]);
    let forward = Draft { kind: DraftKind::Forward, ..to(&["frank@f.example"]) };
    assert_eq!(warned(&store, &forward), [], "what is forwarded goes to others");
}

#[test]
fn what_keeps_a_mail_from_going_out_is_told_apart_from_what_is_to_be_thought_over() {
    let (_dir, store) = store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let draft = Draft { body: "> quoted\n-- \nus".into(), subject: " ".into(), to: Vec::new(), ..answer(&store) };
    let found = warnings(&store, &draft).unwrap();
    assert_eq!(found, [Warning::NoRecipient, Warning::NoSubject, Warning::NoText]);
    assert_eq!(found.iter().map(Warning::stops).collect::<Vec<_>>(), [true, false, false]);
    let unfilled = Draft { body: "Hello {customer.first_name}, {link.calendar}".into(), ..answer(&store) };
    let names = vec!["customer.first_name".to_owned(), "link.calendar".to_owned()];
    assert_eq!(warnings(&store, &unfilled).unwrap(), [Warning::Unfilled(names)]);
}

#[test]
fn an_answer_goes_to_whom_a_form_or_a_group_names_and_to_nobody_else() {
    for headers in [
        "From: Website <support@shop.example>\r\nReply-To: Sam Lee <sam@s.example>",
        "From: \"'Sam' via Support\" <support@shop.example>\r\nX-Original-From: Sam Lee <sam@s.example>\r\nReply-To: support@shop.example",
    ] {
        let (_dir, store) = store(&format!("{headers}\r\nSubject: Contact form\r\n\r\nWhere is it?\r\n"));
        let draft = answer(&store);
        assert_eq!((&draft.to, &draft.cc), (&vec![Address::new("Sam Lee", "sam@s.example")], &vec![]));
        assert!(draft.body.contains("Sam Lee wrote:"), "{}", draft.body);
        assert_eq!(warned(&store, &draft), []);
    }
}

#[test]
fn an_answer_that_would_reach_only_ourselves_is_stopped() {
    let (_dir, store) = store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let to = |kind, emails: &[&str]| {
        let to = emails.iter().map(|email| Address::new("", *email)).collect();
        Draft { kind, to, body: "Thank you.".into(), ..answer(&store) }
    };
    let ours = to(DraftKind::Reply, &["Support+x@shop.example"]);
    let stopped = Warning::OnlyOurselves("Support+x@shop.example".into());
    assert!(stopped.stops());
    assert!(warnings(&store, &ours).unwrap().contains(&stopped));
    let refused = crate::service::compose::prepare(&store, &ours, Default::default(), true).unwrap_err();
    assert_eq!(refused.message(), "this goes to nobody but ourselves: Support+x@shop.example");
    assert_eq!(refused.advice(), "add --to");
    for fine in [
        to(DraftKind::Reply, &["support@shop.example", "carla@c.example"]),
        to(DraftKind::Forward, &["support@shop.example"]),
    ] {
        assert!(!warnings(&store, &fine).unwrap().contains(&stopped), "{fine:?}");
    }
}

#[test]
fn what_we_wrote_to_ourselves_has_nobody_to_answer() {
    let (_dir, store) = store("From: support@shop.example\r\nSubject: Alarm\r\n\r\nThe disk is full.\r\n");
    let draft = answer(&store);
    assert_eq!((&draft.to, &draft.cc), (&vec![], &vec![]));
    assert_eq!(warned(&store, &draft), [Warning::NoRecipient]);
}
