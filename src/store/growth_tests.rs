//! What a screen asks for costs the same in a store of any size: SQLite's own steps are counted in a small store and in one five times as
//! large, where what is asked for lies behind all the rest.

use std::collections::BTreeMap;

use super::plan_tests::steps_of;
use super::testing::*;
use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, Tag};
use crate::model::status::Status;
use crate::model::view::{ListOrder, PageKey, Sort};
use crate::op::operation::Known;
use crate::op::record::NewOperation;
use crate::query;

/// So many conversations of each kind are in the small store and in the large one.
const SMALL: i64 = 40;
const LARGE: i64 = 200;
const PAGE: usize = 10;

/// A store with so many conversations of each kind, the kinds behind one another: waiting ones first, then closed, in progress, alice's,
/// snoozed, a team's, and new ones. In the oldest quarter of each kind nobody waits any more.
fn store(each: i64) -> Bench {
    let bench = Bench::new();
    let mut mails = Vec::new();
    // All of it came before anybody did anything: mail that comes later opens a conversation again.
    let at = |n: i64| n * 2 - 14 * each - 10;
    for n in 0..7 * each {
        let uid = u32::try_from(n * 2).unwrap() + 1;
        let from = format!("c{}@example.net", n % 5);
        mails.push(incoming(uid, at(n), raw(&format!("m{n}@x"), &from, "Order", &[])));
        if n % each < each / 4 {
            let answer = raw(&format!("r{n}@x"), "support@team.example", "Re: Order", &[&format!("m{n}@x")]);
            mails.push(incoming(uid + 1, at(n) + 1, answer));
        }
    }
    bench.store.ingest(bench.inbox, mails).unwrap();
    bench.finish();
    // Done by somebody who has seen all of it: else it would be open again.
    let on = |kind: i64| {
        let ids: Vec<_> = (kind * each..(kind + 1) * each).map(|n| bench.id(&format!("m{n}@x"))).collect();
        bench.store.targets(&ids).unwrap().into_iter().map(|(_, target)| target).collect()
    };
    let assign = |who: &str| Known::Assign { to: Handle::new(who).ok() };
    let deeds = [
        Known::SetStatus { to: Status::Waiting },
        Known::SetStatus { to: Status::Closed },
        Known::SetStatus { to: Status::InProgress },
        assign("alice"),
        Known::Snooze { until: Some(Timestamp::from_seconds(START + 90_000)) },
        assign("billing"),
        Known::Tag { add: [Tag::new("late").unwrap()].into(), remove: Default::default() },
    ];
    let new = deeds.into_iter().zip(0..).map(|(deed, kind)| NewOperation::new(deed, on(kind)));
    let _ = bench.store.commit(new.collect()).unwrap();
    bench
}

/// What some work on a small store and on a large one takes: the steps of each.
fn both(stores: &[Bench; 2], work: impl Fn(&Store)) -> [i64; 2] {
    stores.each_ref().map(|bench| steps_of(bench, &work))
}

/// Tells whether the large store takes more than the small one: the last pages of trees a level higher take a few steps more.
fn grows([small, large]: [i64; 2]) -> bool {
    large > small + small / 4 + 50
}

#[test]
fn a_page_of_a_view_takes_the_same_steps_in_any_order_however_many_conversations_there_are() {
    let stores = [store(SMALL), store(LARGE)];
    let mut wrong = Vec::new();
    for view in large_views() {
        let query = query::parse(&view.query()).unwrap();
        for (sort, reverse) in ORDERS {
            let order = ListOrder { sort, reverse };
            let page = |store: &Store| drop(store.page_in(&query, &context(store), order, None, PAGE).unwrap());
            let end = |store: &Store| {
                drop(store.page_before(&query, &context(store), &PageKey::end(order), PAGE).unwrap());
            };
            let filled = stores[0].store.page_in(&query, &context(&stores[0].store), order, None, PAGE).unwrap();
            assert_eq!(filled.len(), PAGE, "{view:?} {order:?}");
            for (what, steps) in [("page", both(&stores, page)), ("end", both(&stores, end))] {
                if grows(steps) {
                    wrong.push(format!("{view:?} {order:?} {what}: {steps:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const ORDERS: [(Sort, bool); 6] = [
    (Sort::Activity, false),
    (Sort::Activity, true),
    (Sort::Waiting, false),
    (Sort::Waiting, true),
    (Sort::Created, false),
    (Sort::Created, true),
];

#[test]
fn a_search_in_any_order_takes_the_same_steps_where_it_finds_enough_in_front() {
    let stores = [store(SMALL), store(LARGE)];
    let mut wrong = Vec::new();
    // The newest have the tag; what is asked for of people and of the text stands in all.
    for text in ["parcel", "parcel from:c1", "is:any tag:late", "tag:late", "with:c1@example.net", "parcel -has:draft"]
    {
        let query = query::parse(text).unwrap();
        for (sort, reverse) in [(Sort::Created, false), (Sort::Activity, false)] {
            // In the list's own order only words are walked.
            if sort == Sort::Activity && !query.asks_words() {
                continue;
            }
            let order = ListOrder { sort, reverse };
            let steps = both(&stores, |store| {
                assert_eq!(store.page_in(&query, &context(store), order, None, PAGE).unwrap().len(), PAGE, "{text}");
            });
            if grows(steps) {
                wrong.push(format!("{text} {order:?}: {steps:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_a_screen_asks_beside_its_list_takes_the_same_steps_however_many_conversations_there_are() {
    let stores = [store(SMALL), store(LARGE)];
    let mut asked: BTreeMap<&str, [i64; 2]> = BTreeMap::new();
    asked.insert("counts", both(&stores, |store| drop(store.counts(&store.author().actor).unwrap())));
    asked.insert("who is a stranger", {
        both(&stores, |store| {
            let known = crate::model::address::Address::new("", "c1@example.net");
            assert!(store.strangers(&[known]).unwrap().is_empty());
        })
    });
    let since = Timestamp::from_seconds(START);
    let nothing_is_dealt_with = |store: &Store| assert_eq!(store.dealt_with_since(since).unwrap(), 0);
    asked.insert("what is dealt with today", both(&stores, nothing_is_dealt_with));
    asked.insert("what is next", {
        both(&stores, |store| {
            let (query, context) = (query::Query::any(), context(store));
            let wanted = Wanted { query: &query, context: &context, teams: &[], count: 1 };
            assert_eq!(store.next_up(&wanted).unwrap().len(), 1);
        })
    });
    let wrong: Vec<_> = asked.into_iter().filter(|(_, steps)| grows(*steps)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_conversations_of_somebody_are_counted_in_the_same_steps_beyond_a_hundred() {
    let stores = [store(90), store(270)];
    let steps = both(&stores, |store| {
        let found = store.recipients("c", 1).unwrap();
        assert!(found[0].many && found[0].conversations == 100, "{found:?}");
    });
    assert!(!grows(steps), "{steps:?}");
}

#[test]
fn the_usual_wait_is_told_from_the_same_number_of_conversations_however_many_there_are() {
    let stores = [store(150), store(300)];
    let steps = both(&stores, |store| {
        store.usual_wait().unwrap();
    });
    assert!(!grows(steps), "{steps:?}");
}

#[test]
fn what_a_worker_dealt_with_today_takes_the_same_steps_however_much_it_ever_dealt_with() {
    let done = |bench: &Bench, many: i64| {
        let (query, now) = (query::Query::any(), context(&bench.store));
        let count = usize::try_from(many).unwrap();
        let wanted = Wanted { query: &query, context: &now, teams: &[], count };
        let claim = Claim { worker: "w".into(), until: Timestamp::from_seconds(START + 60) };
        let claimed = bench.store.claim_next(&wanted, &claim).unwrap().ids;
        assert_eq!(claimed.len(), count);
        let targets = bench.store.targets(&claimed).unwrap().into_iter().map(|(_, target)| target).collect();
        let close = NewOperation::new(Known::SetStatus { to: Status::Closed }, targets);
        let _ = bench.store.commit(vec![close]).unwrap();
    };
    let stores = [store(SMALL), store(LARGE)];
    done(&stores[0], SMALL);
    done(&stores[1], LARGE);
    let tomorrow = Timestamp::from_seconds(START + 86_400);
    let steps = both(&stores, |store| assert_eq!(store.dealt_with_since(tomorrow).unwrap(), 0));
    assert!(!grows(steps), "{steps:?}");
}
