//! What must hold for any messages and repairs.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;
use crate::model::ids::OpId;

fn id(number: usize) -> MessageId {
    MessageId::new(&format!("m{number}@x")).unwrap()
}

fn node() -> impl Strategy<Value = Node> {
    let refs = proptest::collection::vec(0usize..14, 0..5);
    let what = (0usize..10, refs, 0usize..3, any::<bool>(), 0usize..3, 0i64..12, 0u8..6);
    let whose = (0usize..4, 0usize..5, 0u8..5);
    (what, whose).prop_map(|((name, refs, subject, is_reply, customer, half_day, bounce), (list, outside, notice))| {
        Node {
            id: id(name),
            parents: refs.into_iter().map(id).collect(),
            base_subject: ["", "refund", "order"][subject].into(),
            is_reply,
            bound: Vec::new(),
            customer: ["", "eve@x", "bob@x"][customer].into(),
            author: ["", "eve@x", "bob@x"][customer].into(),
            outside: match outside {
                0 => Outside::Nobody,
                1 => Outside::Several,
                2 => Outside::One("bob@x".into()),
                _ => Outside::One("eve@x".into()),
            },
            list_id: ["", "", "", "list.x"][list].into(),
            notice: (notice == 0).then(|| BTreeSet::from(["bob@x".to_owned()])),
            arrived: Timestamp(half_day * Timestamp::DAY / 2),
            direction: Direction::Inbound,
            origin: if bounce == 0 { Origin::Bounce } else { Origin::Human },
        }
    })
}

/// Each message once.
fn nodes() -> impl Strategy<Value = Vec<Node>> {
    proptest::collection::vec(node(), 1..10).prop_map(|list| {
        let by_id: BTreeMap<MessageId, Node> = list.into_iter().map(|node| (node.id.clone(), node)).collect();
        by_id.into_values().collect()
    })
}

fn repairs() -> impl Strategy<Value = Vec<Repair>> {
    many_repairs(7)
}

fn many_repairs(most: usize) -> impl Strategy<Value = Vec<Repair>> {
    let repair = (any::<bool>(), 0usize..14, 0usize..14);
    proptest::collection::vec(repair, 0..most).prop_map(|list| {
        let make = |(n, (merge, a, b)): (usize, (bool, usize, usize))| {
            let record = OpId(uuid::Uuid::from_u128(n as u128 + 1));
            if merge {
                Repair::Merge { record, message: id(a), into: id(b) }
            } else {
                Repair::Split { record, message: id(a) }
            }
        };
        list.into_iter().enumerate().map(make).collect()
    })
}

fn placed(nodes: &[Node], repairs: &[Repair]) -> BTreeMap<MessageId, Placement> {
    thread(nodes, &HashSet::new(), repairs)
        .placements
        .into_iter()
        .map(|placement| (placement.message.clone(), placement))
        .collect()
}

fn root_of(placed: &BTreeMap<MessageId, Placement>, id: &MessageId) -> Option<MessageId> {
    placed.get(id).map(|placement| placement.root.clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_does_not_matter(nodes in nodes(), repairs in repairs(), seed in any::<u64>()) {
        let mut other = nodes.clone();
        other.extend(nodes.first().cloned());
        fastrand::Rng::with_seed(seed).shuffle(&mut other);
        prop_assert_eq!(placed(&other, &repairs), placed(&nodes, &repairs));
    }

    #[test]
    fn the_quick_way_agrees_with_merging_and_splitting_one_by_one(nodes in nodes(), repairs in many_repairs(60)) {
        let graph = graph::Graph::build(&nodes, &HashSet::new(), &repairs);
        let groups = naive::Groups::build(&graph, &repairs);
        let naive: Vec<Placement> = nodes.iter().map(|node| groups.place(&graph, &node.id)).collect();
        prop_assert_eq!(thread(&nodes, &HashSet::new(), &repairs).placements, naive);
    }

    #[test]
    fn two_different_copies_of_a_message_count_as_one_of_them(a in node(), b in node(), rest in nodes()) {
        let mut nodes: Vec<Node> = rest.into_iter().filter(|node| node.id != a.id).collect();
        nodes.extend([a.clone(), Node { id: a.id.clone(), ..b }]);
        let mut other = nodes.clone();
        other.reverse();
        prop_assert_eq!(placed(&other, &[]), placed(&nodes, &[]));
    }

    #[test]
    fn messages_of_other_conversations_change_nothing(nodes in nodes(), other in nodes(), repairs in repairs()) {
        let far = |id: &MessageId| MessageId::new(&format!("far-{id}")).unwrap();
        let mut all = nodes.clone();
        all.extend(other.into_iter().map(|node| Node {
            id: far(&node.id),
            parents: node.parents.iter().map(far).collect(),
            customer: format!("far-{}", node.customer),
            ..node
        }));
        let together = placed(&all, &repairs);
        for (id, placement) in placed(&nodes, &repairs) {
            prop_assert_eq!(together.get(&id), Some(&placement));
        }
    }

    #[test]
    fn what_answers_a_message_that_is_here_is_together_with_it_unless_that_went_to_many(nodes in nodes()) {
        let placed = placed(&nodes, &[]);
        for node in &nodes {
            let held = node.parents.iter().rev().filter(|id| **id != node.id);
            let mut held = held.filter_map(|id| nodes.iter().find(|other| other.id == *id));
            if let Some(last) = held.next() && last.notice.is_none() {
                prop_assert_eq!(root_of(&placed, &node.id), root_of(&placed, &last.id));
            }
        }
    }

    #[test]
    fn an_id_that_nobody_holds_joins_no_two_strangers(nodes in nodes()) {
        let strangers: Vec<Node> = nodes.into_iter().enumerate().map(|(n, node)| Node {
            parents: vec![id(13)],
            customer: format!("{n}@x"),
            list_id: String::new(),
            ..node
        }).collect();
        for placement in thread(&strangers, &HashSet::new(), &[]).placements {
            prop_assert!(placement.root == placement.message || strangers.len() == 1);
            prop_assert!(strangers.len() == 1 || placement.related == [id(13)]);
        }
    }

    #[test]
    fn a_subject_alone_never_joins_two_customers(nodes in nodes()) {
        let nodes: Vec<Node> = nodes.into_iter().map(|node| Node { parents: Vec::new(), ..node }).collect();
        let placed = placed(&nodes, &[]);
        for a in &nodes {
            for b in &nodes {
                if root_of(&placed, &a.id) == root_of(&placed, &b.id) {
                    prop_assert_eq!(&a.customer, &b.customer);
                }
            }
        }
    }

    #[test]
    fn the_message_above_is_in_the_same_conversation_and_there_is_no_circle(nodes in nodes(), repairs in repairs()) {
        let placed = placed(&nodes, &repairs);
        for placement in placed.values() {
            let mut at = placement;
            for _ in 0..=placed.len() {
                let Some(above) = &at.parent else { break };
                prop_assert_eq!(&placed[above].root, &placement.root);
                at = &placed[above];
            }
            prop_assert_eq!(&at.parent, &None, "a circle above {}", placement.message);
        }
    }

    #[test]
    fn a_root_is_a_member_so_no_two_conversations_share_one(nodes in nodes(), repairs in repairs()) {
        let placed = placed(&nodes, &repairs);
        for placement in placed.values() {
            if let Some(root) = placed.get(&placement.root) {
                prop_assert_eq!(&root.root, &placement.root);
            }
        }
    }

    #[test]
    fn the_last_merge_holds(nodes in nodes(), repairs in repairs(), a in 0usize..10, b in 0usize..10) {
        let before = placed(&nodes, &repairs);
        let mut more = repairs.clone();
        more.push(Repair::Merge { record: OpId(uuid::Uuid::from_u128(99)), message: id(a), into: id(b) });
        let after = placed(&nodes, &more);
        if let (Some(one), Some(two)) = (root_of(&after, &id(a)), root_of(&after, &id(b))) {
            prop_assert_eq!(&one, &two);
            prop_assert_eq!(Some(two), root_of(&before, &id(b)), "the root is that of what was merged into");
        }
    }

    #[test]
    fn the_last_split_holds_and_leaves_the_others_where_they_were(nodes in nodes(), repairs in repairs(), at in any::<prop::sample::Index>()) {
        let before = placed(&nodes, &repairs);
        let id = |()| at.get(&nodes).id.clone();
        let mut more = repairs.clone();
        more.push(Repair::Split { record: OpId(uuid::Uuid::from_u128(99)), message: id(()) });
        let after = placed(&nodes, &more);
        let conversation = |placed: &BTreeMap<MessageId, Placement>| -> BTreeSet<MessageId> {
            let root = root_of(placed, &id(()));
            placed.values().filter(|p| Some(&p.root) == root.as_ref()).map(|p| p.message.clone()).collect()
        };
        prop_assert!(conversation(&after).is_subset(&conversation(&before)));
        for placement in after.values().filter(|p| p.parent.as_ref() == Some(&id(()))) {
            prop_assert_eq!(&placement.root, &after[&id(())].root, "answers go along");
        }
    }
}
