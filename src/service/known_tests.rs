use super::*;
use crate::model::ids::ConversationId;
use crate::op::operation::{Known as Op, Target};
use crate::op::record::NewOperation;
use crate::query::parse;
use crate::service::compose::tests::store;

const MAIL: &str = "From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n";

fn said(store: &Store, query: &str) -> Vec<(String, bool, Option<String>)> {
    let unknown = unknown(store, &parse(query).unwrap()).unwrap();
    unknown.into_iter().map(|one| (one.asked.name.clone(), one.is_slip(), one.near)).collect()
}

fn act(store: &Store, op: Op) {
    let message = crate::model::ids::MessageId::new("a@c.example").unwrap();
    let _ = store.commit(vec![NewOperation::new(op, vec![Target::on(message)])]).unwrap();
}

#[test]
fn known_is_whatever_is_or_ever_was_in_use() {
    let (_dir, store) = store(MAIL);
    let name = |name: &str, slip, near: Option<&str>| (name.to_owned(), slip, near.map(str::to_owned));
    assert_eq!(said(&store, "inbox:support is:mine assignee:me"), []);
    assert_eq!(
        said(&store, "inbox:suport assignee:bob tag:late -tag:late"),
        [
            name("suport", true, Some("support")),
            name("bob", true, None),
            name("late", false, None),
            name("late", true, None),
        ]
    );
    let bob = Handle::new("bob").unwrap();
    act(&store, Op::Assign { to: Some(bob) });
    let late = BTreeSet::from([Tag::new("late").unwrap()]);
    act(&store, Op::Tag { add: late.clone(), remove: BTreeSet::new() });
    assert_eq!(said(&store, "assignee:bob tag:late -tag:lat"), [name("lat", true, Some("late"))]);
    act(&store, Op::Assign { to: None });
    act(&store, Op::Tag { add: BTreeSet::new(), remove: late });
    assert_eq!(said(&store, "assignee:bob tag:late -tag:late"), []);
    // Whoever acted is known: alice did.
    assert_eq!(said(&store, "assignee:alice assignee:alcie"), [name("alcie", true, Some("alice"))]);
    let all: Vec<ConversationId> = store.ids(&parse("is:any").unwrap(), &context(&store)).unwrap();
    assert_eq!(all.len(), 1);
}

fn context(store: &Store) -> crate::query::Context {
    let author = store.author();
    crate::query::Context { me: author.actor.clone(), now: author.clock.now(), zone: jiff::tz::TimeZone::UTC }
}
