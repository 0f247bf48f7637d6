use super::*;
use crate::model::clock::Timestamp;
use crate::model::invitation::Answered;
use crate::model::reply::OutState;
use crate::service::compose::tests::{put, sending, store};

const LINES: &str = "UID:u1\r\nSEQUENCE:2\r\nDTSTART:20270120T090000Z\r\nSUMMARY:Talk\r\nORGANIZER;CN=Ann:mailto:ann@c.example\r\n\
    ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Help:mailto:Support+x@shop.example\r\nATTENDEE:mailto:kate@c.example\r\n";

/// A mail that is a calendar with such an event.
fn mail(method: &str, lines: &str) -> String {
    format!(
        "From: Ann <ann@c.example>\r\nSubject: Talk\r\nReferences: <a@c.example>\r\nContent-Type: text/calendar\r\n\r\n\
         BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn conversation(store: &Store) -> ConversationId {
    store.conversation_of(&MessageId::new("a@c.example").unwrap()).unwrap().unwrap()
}

fn accept(store: &Store, text: &str) -> Result<Draft, UserError> {
    let wanted = Wanted { conversation: &conversation(store), message: None, answer: Answer::Accepted, text };
    begin(store, &sending(), wanted)
}

/// Why an invitation of that mail can't be answered.
fn refusal_of(method: &str, lines: &str) -> String {
    let (_dir, store) = store(&mail(method, lines));
    accept(&store, "").unwrap_err().to_string()
}

#[test]
fn an_answer_goes_to_the_organizer_as_the_address_that_was_invited() {
    let (_dir, store) = store(&mail("REQUEST", LINES));
    let draft = accept(&store, "See you.").unwrap();
    assert_eq!(draft.to, [Address::new("Ann", "ann@c.example")]);
    assert_eq!((draft.cc.len(), draft.then, draft.identity), (0, None, Identity::SendAs));
    assert_eq!(draft.subject, "Accepted: Talk");
    assert_eq!(draft.body, "Support accepts: Talk (Wed 2027-01-20 09:00 UTC)\n\nSee you.");
    assert_eq!(draft.parent, MessageId::new("a@c.example"));
    let answer = draft.invitation.as_ref().unwrap();
    assert_eq!(answer.attendee, Address::new("Help", "Support+x@shop.example"));
    assert!(answer.invited);
    let calendar = calendar(answer, &draft.body, Timestamp(0));
    assert!(calendar.contains("\r\nUID:u1\r\nSEQUENCE:2\r\nORGANIZER;CN=Ann:mailto:ann@c.example\r\n"), "{calendar}");
    assert!(calendar.contains("\r\nCOMMENT:See you.\r\n"), "{calendar}");
    assert_eq!(review::warnings(&store, &draft).unwrap(), []);
}

#[test]
fn an_answer_as_somebody_who_was_not_invited_or_to_somebody_else_is_told() {
    let lines = "UID:u1\r\nSUMMARY:Talk\r\nORGANIZER:mailto:boss@c.example\r\nATTENDEE:mailto:kate@c.example\r\n";
    let (_dir, store) = store(&mail("REQUEST", lines));
    let draft = accept(&store, "").unwrap();
    let answer = draft.invitation.as_ref().unwrap();
    assert_eq!((answer.attendee.email.as_str(), answer.invited), ("support@shop.example", false));
    assert!(!calendar(answer, &draft.body, Timestamp(0)).contains("COMMENT"));
    let warned = review::warnings(&store, &draft).unwrap();
    let organizer = Warning::Organizer { to: "boss@c.example".into(), from: "ann@c.example".into() };
    assert_eq!(warned, [Warning::NotInvited("support@shop.example".into()), organizer]);
}

#[test]
fn what_asks_for_no_answer_is_refused_with_the_reason() {
    assert_eq!(refusal_of("CANCEL", LINES), "\"Talk\" was cancelled");
    assert_eq!(refusal_of("REQUEST", &format!("STATUS:CANCELLED\r\n{LINES}")), "\"Talk\" was cancelled");
    assert_eq!(refusal_of("PUBLISH", LINES), "\"Talk\" asks for no answer: it is to be known, not an invitation");
    assert_eq!(refusal_of("REPLY", LINES), "\"Talk\" is somebody's answer, not an invitation");
    let nobody = "UID:u1\r\nSUMMARY:Talk\r\n";
    assert_eq!(
        refusal_of("REQUEST", nobody),
        "\"Talk\" names no organizer by address: there is nobody to answer (write a reply instead)"
    );
    let urn = "UID:u1\r\nSUMMARY:Talk\r\nORGANIZER:urn:uuid:1\r\n";
    assert_eq!(
        refusal_of("REQUEST", urn),
        "\"Talk\" names no organizer by address: there is nobody to answer (write a reply instead)"
    );
    let (_dir, store) = store("From: x@c.example\r\nSubject: Hi\r\n\r\nHi\r\n");
    assert_eq!(accept(&store, "").unwrap_err().to_string(), "there is no invitation in this conversation");
}

#[test]
fn what_a_later_mail_cancels_or_changes_is_not_answered_unless_a_stranger_says_so() {
    let (_dir, store) = store(&mail("REQUEST", LINES));
    let strange = LINES.replace("ann@c.example", "mallory@m.example");
    put(&store, 2, "b@c.example", &mail("CANCEL", &strange));
    accept(&store, "").unwrap();
    put(&store, 3, "c@c.example", &mail("REQUEST", &LINES.replace("SEQUENCE:2", "SEQUENCE:3")));
    let newest = accept(&store, "").unwrap();
    assert_eq!(newest.parent, MessageId::new("c@c.example"));
    let (conversation, first) = (conversation(&store), MessageId::new("a@c.example"));
    let old = Wanted { conversation: &conversation, message: first.as_ref(), answer: Answer::Declined, text: "" };
    let refused = begin(&store, &sending(), old).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "\"Talk\" was changed by a later mail (answer the newest version, which is lower down)"
    );
    put(&store, 4, "d@c.example", &mail("CANCEL", LINES));
    assert_eq!(accept(&store, "").unwrap_err().to_string(), "\"Talk\" was cancelled");
}

/// What the conversation's first invitation says of our answer.
fn answered(store: &Store) -> Option<(Answer, bool)> {
    let whole = store.conversation(&conversation(store), 50).unwrap().unwrap();
    let first = whole.items.iter().find_map(|item| match item {
        Item::Message(message) => message.body.invitations.first().cloned(),
        _ => None,
    });
    first.unwrap().answered.map(|Answered { answer, leaving, .. }| (answer, leaving))
}

#[test]
fn an_invitation_says_what_was_answered_last() {
    let (_dir, store) = store(&mail("REQUEST", LINES));
    assert_eq!(answered(&store), None);
    store.author().clock.advance(60_000);
    let queue = |answer| {
        let wanted = Wanted { conversation: &conversation(&store), message: None, answer, text: "" };
        let draft = begin(&store, &sending(), wanted).unwrap();
        let due = store.author().clock.now();
        let mail = compose::queue(&store, &[], &[draft], due, true, None).unwrap().pop().unwrap().mail;
        assert_eq!(mail.state, OutState::Held);
        store.author().clock.advance(60_000);
    };
    queue(Answer::Accepted);
    assert_eq!(answered(&store), Some((Answer::Accepted, true)));
    queue(Answer::Declined);
    assert_eq!(answered(&store), Some((Answer::Declined, true)));
}

#[test]
fn an_answer_takes_the_place_of_one_that_was_begun_and_of_no_other_draft() {
    let (_dir, store) = store(&mail("REQUEST", LINES));
    let id = conversation(&store);
    let wanted = |answer| Wanted { conversation: &id, message: None, answer, text: "" };
    let first = take_up(&store, &sending(), wanted(Answer::Accepted)).unwrap().draft;
    let kept = store.save_draft(&Draft { body: format!("{}\n\nSee you.", first.body), ..first }).unwrap();
    let second = take_up(&store, &sending(), wanted(Answer::Declined)).unwrap().draft;
    assert_eq!((second.id, second.subject.as_str()), (kept.id, "Declined: Talk"));
    assert_eq!(second.body, "Support declines: Talk (Wed 2027-01-20 09:00 UTC)\n\nSee you.");
    store.save_draft(&Draft { invitation: None, ..second }).unwrap();
    let refused = take_up(&store, &sending(), wanted(Answer::Accepted)).unwrap_err();
    assert_eq!(refused.to_string(), "a draft stands in this conversation (send or discard it first)");
}
