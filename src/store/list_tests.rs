use super::*;
use crate::store::testing::{Bench, context, large_views};

fn plan(sql: &str, values: &[Value], tx: &Transaction<'_>) -> String {
    let mut explain = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let rows = explain.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
    rows.map(Result::unwrap).collect::<Vec<_>>().join("\n")
}

fn page_plan(view: &View, key: Option<&PageKey>, way: Way) -> String {
    let bench = Bench::new();
    let query = query::parse(&view.query()).unwrap();
    let seek = Seek::new(ListOrder::default(), key, way);
    let planned = bench.store.read(|tx| {
        let (sql, values) = page_sql(tx, &query, &context(&bench.store), &seek, 50)?;
        Ok(plan(&sql, &values, tx))
    });
    planned.unwrap()
}

fn key() -> PageKey {
    PageKey { last_at: Timestamp(5), id: ConversationId::from_kept("abc"), order: ListOrder::default(), by: 0 }
}

#[test]
fn a_page_of_every_large_view_walks_an_index_and_sorts_nothing() {
    for view in large_views().into_iter().chain([View::Tag(Tag::new("vip").unwrap())]) {
        for (key, way) in [(None, Way::Behind), (Some(key()), Way::Behind), (Some(key()), Way::Before)] {
            let plan = page_plan(&view, key.as_ref(), way);
            assert!(!plan.contains("TEMP B-TREE"), "{view:?}: {plan}");
            for line in plan.lines() {
                let walks = !line.starts_with("SCAN") || line.contains("USING") && line.contains("INDEX");
                assert!(walks, "{view:?}: {plan}");
            }
        }
    }
}

#[test]
fn a_page_of_a_large_view_in_any_order_walks_an_index_and_sorts_nothing() {
    let bench = Bench::new();
    let asked = context(&bench.store);
    let mut wrong = Vec::new();
    for sort in [Sort::Activity, Sort::Waiting, Sort::Created] {
        // What stands beside a tag is the activity alone.
        let tag = (sort == Sort::Activity).then(|| View::Tag(Tag::new("vip").unwrap()));
        let views: Vec<View> = large_views().into_iter().chain(tag).collect();
        for (view, reverse) in views.iter().flat_map(|view| [(view, false), (view, true)]) {
            let order = ListOrder { sort, reverse };
            let query = query::parse(&view.query()).unwrap();
            for by in [5, i64::MAX] {
                let key = PageKey { order, by, ..key() };
                for (key, way) in [(None, Way::Behind), (Some(&key), Way::Behind), (Some(&key), Way::Before)] {
                    for stretch in Seek::new(order, key, way).stretches() {
                        let planned = bench.store.read(|tx| {
                            let (sql, values) = page_sql(tx, &query, &asked, &stretch, 50)?;
                            Ok(plan(&sql, &values, tx))
                        });
                        let plan = planned.unwrap();
                        let scans = plan.lines().any(|line| line.starts_with("SCAN") && !line.contains(" INDEX "));
                        if scans || plan.contains("TEMP B-TREE") {
                            wrong.push(format!("{view:?} {order:?} {way:?} {:?}: {plan}", stretch.waits));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_page_of_a_small_view_never_scans_the_conversations() {
    for view in [View::Mentions, View::Drafts, View::Outbox] {
        let plan = page_plan(&view, None, Way::Behind);
        assert!(!plan.lines().any(|line| line == "SCAN c"), "{view:?}: {plan}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition_in_both_directions() {
    let bench = Bench::new();
    for n in 0..25 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", "Hello", &[]);
    }
    let query = query::parse("").unwrap();
    let context = context(&bench.store);
    let all = bench.store.ids(&query, &context).unwrap();
    assert_eq!(all.len(), 25);
    let mut walked = Vec::new();
    let mut after: Option<PageKey> = None;
    loop {
        let rows = bench.store.page(&query, &context, after.as_ref(), 10).unwrap();
        let Some(last) = rows.last() else { break };
        after = Some(last.key());
        walked.extend(rows.iter().map(|row| row.id.clone()));
    }
    assert_eq!(walked, all);
    let middle = bench.store.rows(&all[12..13]).unwrap().remove(0);
    let before = bench.store.page_before(&query, &context, &middle.key(), 5).unwrap();
    assert_eq!(before.iter().map(|row| row.id.clone()).collect::<Vec<_>>(), all[7..12]);
    assert_eq!(bench.store.count(&query, &context).unwrap(), 25);
}

#[test]
fn a_short_id_is_the_shortest_that_means_one_conversation() {
    let bench = Bench::new();
    for n in 0..200 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", "Hello", &[]);
    }
    let query = query::parse("").unwrap();
    for row in bench.store.page(&query, &context(&bench.store), None, 200).unwrap() {
        assert!(row.short.len() >= 4 && row.id.as_str().starts_with(&row.short));
        assert_eq!(bench.store.resolve(&row.short).unwrap(), super::super::Resolved::One(row.id));
    }
}

#[test]
fn a_row_is_read_without_a_temporary_table() {
    let bench = Bench::new();
    let sql = format!("SELECT {ROW}, {AS_OF} FROM conversation c WHERE c.id = ?3");
    let values = [Value::Integer(1), Value::Text("alice".into()), Value::Text("abc".into())];
    let told = bench.store.read(|tx| Ok(plan(&sql, &values, tx))).unwrap();
    assert!(!told.contains("TEMP B-TREE"), "{told}");
    assert!(told.contains("outgoing_conversation"), "{told}");
}

#[test]
fn an_anchor_is_found_without_reading_the_other_messages() {
    let bench = Bench::new();
    let told = |sql: &str| bench.store.read(|tx| Ok(plan(sql, &[Value::Text("abc".into())], tx))).unwrap();
    for sql in ANCHOR {
        let told = told(sql);
        assert!(!told.contains("SCAN") && !told.contains("TEMP B-TREE"), "{told}");
    }
    assert!(told(ANCHOR[0]).contains("SEARCH m USING INTEGER PRIMARY KEY"), "{}", told(ANCHOR[0]));
}

#[test]
fn an_answer_answers_what_a_person_wrote_to_us_last() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "alice@team.example", "Offer", &[]);
    let answered = |bench: &Bench| bench.store.to_answer(&bench.id("a@x")).unwrap().unwrap().1;
    assert_eq!(answered(&bench).as_str(), "a@x", "where nobody wrote to us, our own");
    bench.mail(5, "b@x", "ana@example.net", "Re: Offer", &["a@x"]);
    bench.mail(9, "c@x", "ana@example.net", "Re: Offer", &["a@x", "b@x"]);
    bench.mail(12, "d@x", "alice@team.example", "Re: Offer", &["a@x", "c@x"]);
    assert_eq!(answered(&bench).as_str(), "c@x");
    assert_eq!(bench.store.to_answer(&ConversationId::from_kept("nothing")).unwrap(), None);
}

#[test]
fn a_search_for_a_common_word_tests_the_nearest_and_finds_what_gathering_all_finds() {
    let bench = Bench::new();
    for n in 0..30 {
        bench.mail(n, &format!("a{n}@x"), "ana@example.net", "Hello", &[]);
    }
    let asked = context(&bench.store);
    for text in ["parcel", "parcel -hello", "parcel subject:hello", "hello or zzz", "zzz", "-parcel"] {
        let query = query::parse(text).unwrap();
        let all = bench.store.ids(&query, &asked).unwrap();
        for limit in [7, 100] {
            let mut seen = Vec::new();
            let mut key = None;
            loop {
                let walked = bench.store.read(|tx| {
                    walk::walk(tx, &query, &asked, &Seek::new(ListOrder::default(), key.as_ref(), Way::Behind), limit)
                });
                assert!(walked.unwrap().is_some(), "{text}: so few conversations are walked to the end");
                let page = bench.store.page(&query, &asked, key.as_ref(), limit).unwrap();
                let Some(last) = page.last() else { break };
                key = Some(last.key());
                seen.extend(page.into_iter().map(|row| row.id));
            }
            assert_eq!(seen, all, "{text}");
        }
    }
}

#[test]
fn pages_of_every_order_are_the_whole_list_once_whichever_way_they_run() {
    let bench = Bench::new();
    for n in 0..23_i64 {
        // Several of one moment; some are answered, and nobody waits there.
        bench.mail(n / 3, &format!("m{n}@x"), "ana@example.net", "Hello", &[]);
        if n % 4 == 0 {
            bench.mail(40 + n, &format!("r{n}@x"), "support@example.org", "Re: Hello", &[&format!("m{n}@x")]);
        }
    }
    let (query, asked) = (query::parse("is:any").unwrap(), context(&bench.store));
    for sort in [Sort::Activity, Sort::Waiting, Sort::Created] {
        for reverse in [false, true] {
            let order = ListOrder { sort, reverse };
            let whole = bench.store.ids_by(&query, &asked, sort, reverse).unwrap();
            assert_eq!(whole.len(), 23);
            let mut key: Option<PageKey> = None;
            let mut paged = Vec::new();
            loop {
                let page = bench.store.page_in(&query, &asked, order, key.as_ref(), 4).unwrap();
                let Some(last) = page.last() else { break };
                key = Some(last.key_in(order));
                paged.extend(page.iter().map(|row| row.id.clone()));
            }
            assert_eq!(paged, whole, "{order:?}");
            let (mut key, mut back) = (PageKey::end(order), Vec::new());
            loop {
                let page = bench.store.page_before(&query, &asked, &key, 4).unwrap();
                let Some(first) = page.first() else { break };
                key = first.key_in(order);
                back.splice(0..0, page.iter().map(|row| row.id.clone()));
            }
            assert_eq!(back, whole, "{order:?}");
            let rows = bench.store.page_in(&query, &asked, order, None, 23).unwrap();
            let places: Vec<_> = rows.iter().map(|row| row.key_in(order)).collect();
            assert!(places.windows(2).all(|two| two[0].compare(&two[1]).is_lt()), "{order:?}");
            let again = bench.store.page_in(&query, &asked, order, Some(&PageKey::before(&rows[7], order)), 1).unwrap();
            assert_eq!(again[0].last_at, rows[7].last_at, "{order:?}");
        }
    }
}
