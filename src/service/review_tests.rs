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
    assert_eq!(found, [Warning::NoRecipient, Warning::NoSubject, Warning::Silent]);
    assert_eq!(found.iter().map(Warning::stops).collect::<Vec<_>>(), [true, false, true]);
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

#[test]
fn an_answer_without_a_word_of_its_own_is_stopped_and_one_that_brings_a_file_or_forwards_is_not() {
    let (_dir, store) = store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let draft = answer(&store);
    assert!(draft.body.contains("Carla wrote:\n> Hi"), "{}", draft.body);
    for body in [&draft.body, &format!("{}\n-- \nThe shop", draft.body), " \n\u{200b}\n", "-- \nThe shop", "--\nShop"] {
        let silent = Draft { body: body.to_owned(), ..draft.clone() };
        assert_eq!(warnings(&store, &silent).unwrap(), [Warning::Silent], "{body:?}");
        let refused = crate::service::compose::prepare(&store, &silent, Default::default(), true).unwrap_err();
        assert_eq!(refused.message(), "there is no word of your own: nothing but quote and signature");
    }
    for body in ["ok", "👍", "> Hi\nYes"] {
        let said = Draft { body: body.to_owned(), ..draft.clone() };
        assert_eq!(warnings(&store, &said).unwrap(), [], "{body}");
    }
    let files = vec![store.put_file("bill.pdf", "application/pdf", b"%PDF").unwrap()];
    let brings = Draft { files, ..draft.clone() };
    assert_eq!(warnings(&store, &brings).unwrap(), [Warning::NoText]);
    crate::service::compose::prepare(&store, &brings, Default::default(), true).unwrap();
}

#[test]
fn an_address_that_can_not_be_written_to_is_refused_with_its_field_and_place() {
    let (_dir, store) = store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let bad = || vec![Address::new("X", "x@exa mple.net")];
    let draft = Draft { body: "Yes.".into(), ..answer(&store) };
    for (field, draft) in [
        ("To", Draft { to: bad(), ..draft.clone() }),
        ("Cc", Draft { cc: bad(), ..draft.clone() }),
        ("Bcc", Draft { bcc: bad(), ..draft.clone() }),
    ] {
        let words = format!(
            "{field}: \"x@exa mple.net\" is no mail address: a space stands at character 6; take it out, or put a comma between two addresses"
        );
        let found = warnings(&store, &draft).unwrap();
        assert!(found.iter().any(|one| one.stops() && crate::text::render(&one.words()) == words), "{found:?}");
        let refused = crate::service::compose::prepare(&store, &draft, Default::default(), true).unwrap_err();
        assert_eq!(refused.message(), words);
    }
}

#[test]
fn an_answer_to_all_names_whom_the_last_mail_left_out_and_no_side_thread() {
    let (_dir, store) = store(
        "From: Carla <carla@c.example>\r\nCc: Dave Day <dave@d.example>, eve@e.example\r\nSubject: Refund\r\n\r\nHi\r\n",
    );
    put(
        &store,
        2,
        "b@c.example",
        "From: carla@c.example\r\nCc: Eve <eve@e.example>\r\nReferences: <a@c.example>\r\nSubject: Re: Refund\r\n\r\nWell?\r\n",
    );
    let of = |kind| {
        let parent = crate::model::ids::MessageId::new("b@c.example").unwrap();
        let conversation = store.conversation_of(&parent).unwrap().unwrap();
        let draft = crate::service::compose::begin_in(
            &store,
            &crate::service::compose::tests::sending(),
            kind,
            &conversation,
            Some(&parent),
        );
        Draft { body: "Yes.".into(), ..draft.unwrap() }
    };
    let all = of(DraftKind::ReplyAll);
    assert_eq!(left_out(&store, &all).unwrap(), [Address::new("Dave Day", "dave@d.example")]);
    assert_eq!(warned(&store, &all), [Warning::LeftOut("Dave Day".into())]);
    assert_eq!(left_out(&store, &of(DraftKind::Reply)).unwrap(), []);
    let named = Draft { bcc: vec![Address::new("", "Dave@D.example")], ..all.clone() };
    assert_eq!(left_out(&store, &named).unwrap(), []);
    // Whom something was forwarded to was never on a mail with the customer.
    let forward = "From: support@shop.example\r\nTo: factory@f.example\r\nReferences: <a@c.example>\r\nSubject: Fwd: Refund\r\n\r\nYours?\r\n";
    put(&store, 3, "fwd@shop.example", forward);
    put(
        &store,
        4,
        "fac@f.example",
        "From: factory@f.example\r\nIn-Reply-To: <fwd@shop.example>\r\nSubject: Re: Fwd: Refund\r\n\r\nNo.\r\n",
    );
    assert_eq!(left_out(&store, &of(DraftKind::ReplyAll)).unwrap(), [Address::new("Dave Day", "dave@d.example")]);
}
