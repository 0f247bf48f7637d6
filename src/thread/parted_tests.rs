use std::collections::BTreeSet;

use super::super::Outside;
use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::OpId;
use crate::model::message::{Direction, Origin};

fn id(name: &str) -> MessageId {
    MessageId::new(name).unwrap()
}

fn node(name: &str, minute: i64, parents: &[&str]) -> Node {
    Node {
        id: id(name),
        parents: parents.iter().map(|p| id(p)).collect(),
        base_subject: name.to_owned(),
        is_reply: !parents.is_empty(),
        bound: Vec::new(),
        customer: format!("{name}@example.com"),
        author: format!("{name}@example.com"),
        outside: Outside::One(format!("{name}@example.com")),
        list_id: String::new(),
        notice: None,
        arrived: Timestamp(minute * 60_000),
        direction: Direction::Inbound,
        origin: Origin::Human,
    }
}

fn merges(nodes: &[Node], repairs: &[Repair], gone: &[&str]) -> Vec<(String, String)> {
    let gone: Vec<MessageId> = gone.iter().map(|name| id(name)).collect();
    let gone: BTreeSet<&MessageId> = gone.iter().collect();
    let found = parted(nodes, &HashSet::new(), repairs, &thread(nodes, &HashSet::new(), repairs).placements, &gone);
    found.iter().map(|(message, into)| (message.to_string(), into.to_string())).collect()
}

fn pair(message: &str, into: &str) -> (String, String) {
    (message.to_owned(), into.to_owned())
}

#[test]
fn a_mail_between_two_others_that_left_leaves_a_link_and_one_at_the_end_none() {
    let chain = [node("a@x", 1, &[]), node("b@x", 2, &["a@x"]), node("c@x", 3, &["b@x"])];
    assert_eq!(merges(&chain, &[], &["b@x"]), [pair("c@x", "a@x")]);
    assert_eq!(merges(&chain, &[], &["c@x"]), []);
    assert_eq!(merges(&chain, &[], &["a@x"]), []);
    assert_eq!(merges(&chain, &[], &["a@x", "b@x", "c@x"]), []);
}

#[test]
fn mail_that_names_all_before_it_needs_no_link() {
    let chain = [node("a@x", 1, &[]), node("b@x", 2, &["a@x"]), node("c@x", 3, &["a@x", "b@x"])];
    assert_eq!(merges(&chain, &[], &["b@x"]), []);
}

#[test]
fn each_part_is_joined_to_the_earliest_whatever_order_the_mail_came_in() {
    let mut all = vec![
        node("a@x", 1, &[]),
        node("b@x", 2, &["a@x"]),
        node("c@x", 3, &["b@x"]),
        node("d@x", 4, &["c@x"]),
        node("e@x", 5, &["d@x"]),
        node("z@x", 6, &[]),
    ];
    let wanted = [pair("c@x", "a@x"), pair("e@x", "a@x")];
    for _ in 0..all.len() {
        all.rotate_left(1);
        assert_eq!(merges(&all, &[], &["b@x", "d@x"]), wanted);
    }
}

#[test]
fn what_is_merged_or_split_already_is_left_as_it_is() {
    let chain = [node("a@x", 1, &[]), node("b@x", 2, &["a@x"]), node("c@x", 3, &["b@x"])];
    let record = OpId(uuid::Uuid::from_u128(1));
    let merge = Repair::Merge { record, message: id("c@x"), into: id("a@x") };
    assert_eq!(merges(&chain, &[merge], &["b@x"]), []);
    assert_eq!(merges(&chain, &[Repair::Split { record, message: id("c@x") }], &["b@x"]), []);
}
