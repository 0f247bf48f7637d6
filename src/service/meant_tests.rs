use super::*;
use crate::op::operation::{Known as Op, Target};
use crate::op::record::NewOperation;
use crate::query::parse;
use crate::service::compose::tests::store;

const MAIL: &str = "From: Carla Diaz <carla@c.example>\r\nSubject: Refund for the lamp\r\n\r\nHello there\r\n";

fn said(store: &Store, query: &str) -> Option<(String, u64)> {
    let author = store.author();
    let context = Context { me: author.actor.clone(), now: author.clock.now(), zone: jiff::tz::TimeZone::UTC };
    meant(store, &parse(query).unwrap(), &context).unwrap().map(|meant| (meant.query, meant.count))
}

#[test]
fn words_names_and_tags_that_nothing_has_are_taken_for_those_most_like_them() {
    let (_dir, store) = store(MAIL);
    let tag = Tag::new("urgent").unwrap();
    let message = crate::model::ids::MessageId::new("a@c.example").unwrap();
    let op = Op::Tag { add: [tag].into(), remove: Default::default() };
    let _ = store.commit(vec![NewOperation::new(op, vec![Target::on(message)])]).unwrap();
    for (typed, meant) in [
        ("refnud", "refund"),
        ("Refnud lmap", "refund lamp"),
        ("subject:refnud", "subject:refund"),
        ("from:crala", "from:carla"),
        ("crala", "carla"),
        ("tag:urgnet", "tag:urgent"),
        ("inbox:suport", "inbox:support"),
        ("refnud or nothing", "refund or nothing"),
        ("refnud -tag:spam", "refund -tag:spam"),
    ] {
        assert_eq!(said(&store, typed), Some((meant.to_owned(), 1)), "{typed}");
    }
}

#[test]
fn nothing_is_offered_that_finds_nothing_or_was_typed_as_it_is_meant() {
    let (_dir, store) = store(MAIL);
    for typed in ["refund tag:nosuch", "qwertz", "\"refnud\"", "refnud*", "-refnud", "subject:helo", "4412", "is:mine"]
    {
        assert_eq!(said(&store, typed), None, "{typed}");
    }
}
