use super::*;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::store::testing::{Bench, context, mid};

fn names(ids: &[MessageId]) -> Vec<&str> {
    ids.iter().map(MessageId::as_str).collect()
}

#[test]
fn a_row_shows_what_a_target_and_a_list_of_all_that_match_show() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Parcel", &[]);
    bench.mail(9, "b@x", "ana@example.net", "Re: Parcel", &["a@x"]);
    bench.mail(9, "c@x", "ana@example.net", "Re: Parcel", &["a@x"]);
    let id = bench.id("a@x");
    let row = bench.row("a@x");
    assert_eq!(names(&row.as_of.as_ref().unwrap().ids), ["b@x", "c@x"]);
    assert_eq!(row.as_of, bench.store.targets(std::slice::from_ref(&id)).unwrap()[0].1.as_of);
    assert_eq!(row.as_of, bench.store.conversation(&id, 1).unwrap().unwrap().row.as_of);
    let all = bench.store.shown_of(&Query::any(), &context(&bench.store)).unwrap();
    assert_eq!(all, [Shown::from(&row)]);
    assert_eq!(bench.store.shown(&[id]).unwrap(), all);
}

#[test]
fn the_row_says_how_far_its_messages_are_here_as_the_messages_do() {
    let bench = Bench::new();
    let of_messages = |message: &str| {
        let id = bench.id(message);
        let kept = bench.row(message).as_of;
        let forget = "UPDATE conversation SET as_of = NULL WHERE id = ?1";
        bench.store.write(|tx| Ok(tx.execute(forget, [id.as_str()])?)).unwrap();
        let read = bench.row(message).as_of;
        assert_eq!(kept, read, "{message}");
        read
    };
    bench.mail(0, "a@x", "ana@example.net", "Parcel", &[]);
    assert_eq!(names(&of_messages("a@x").unwrap().ids), ["a@x"]);
    bench.mail(9, "b@x", "ana@example.net", "Re: Parcel", &["a@x"]);
    bench.mail(9, "c@x", "ana@example.net", "Re: Parcel", &["a@x"]);
    assert_eq!(names(&of_messages("a@x").unwrap().ids), ["b@x", "c@x"]);
    // An operation reads no mail, and says it all the same.
    let _ = bench.act("a@x", Known::Title { text: "Lost".into() });
    assert_eq!(names(&of_messages("a@x").unwrap().ids), ["b@x", "c@x"]);
    let _ = bench.store.commit(vec![NewOperation::new(Known::Split, vec![Target::on(mid("c@x"))])]).unwrap();
    assert_eq!(names(&of_messages("a@x").unwrap().ids), ["b@x"]);
    assert_eq!(names(&of_messages("c@x").unwrap().ids), ["c@x"]);
    bench.sound();
}

#[test]
fn later_mail_is_what_people_wrote_and_not_a_reply_that_its_record_speaks_for() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Parcel", &[]);
    let id = bench.id("a@x");
    let seen = bench.row("a@x").as_of;
    let later = || bench.store.later(&id, seen.as_ref()).unwrap();
    assert!(later().is_empty());
    bench.mail(5, "ours@x", "support@team.example", "Re: Parcel", &["a@x"]);
    assert_eq!(names(&later()), ["ours@x"]);
    let replied = Known::Replied { message: mid("ours@x"), then: None, hash: None };
    let _ = bench.store.commit(vec![NewOperation::new(replied, vec![Target::on(mid("a@x"))])]).unwrap();
    assert!(later().is_empty());
    bench.mail(9, "b@x", "ana@example.net", "Re: Parcel", &["a@x"]);
    assert_eq!(names(&later()), ["b@x"]);
    assert_eq!(names(&bench.store.later(&id, None).unwrap()), ["a@x", "b@x"]);
}
