use super::super::Keep;
use super::super::testing::*;
use super::*;
use crate::op::operation::Known;

fn tagged(name: &str) -> Known {
    Known::Tag { add: [Tag::new(name).unwrap()].into(), remove: BTreeSet::new() }
}

fn untagged(name: &str) -> Known {
    Known::Tag { add: BTreeSet::new(), remove: [Tag::new(name).unwrap()].into() }
}

#[test]
fn a_tag_that_was_ever_put_on_is_known_and_its_record_is_read_once() {
    let bench = Bench::new();
    let other = bench.again();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let knows = |name: &str| bench.store.knows_tag(&Tag::new(name).unwrap()).unwrap();
    let _ = bench.act("a@x", tagged("early"));
    let _ = bench.act("a@x", untagged("early"));
    assert!(knows("early") && !knows("late"));
    let plan = |sql: &str| -> String {
        let read = |tx: &Transaction<'_>| {
            let mut find = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let lines = find.query_map([1], |row| row.get::<_, String>(3))?;
            Ok(lines.collect::<Result<Vec<_>, _>>()?.join("; "))
        };
        bench.store.read(read).unwrap()
    };
    for sql in [TAGGED, ASSIGNED] {
        assert!(plan(sql).contains("(rowid>?)"), "{}", plan(sql));
    }
    // By another process.
    let target = other.targets(&[bench.id("a@x")]).unwrap().remove(0).1;
    for op in [tagged("late"), untagged("late")] {
        let _ = other.commit(vec![crate::op::record::NewOperation::new(op, vec![target.clone()])]).unwrap();
    }
    assert!(knows("late") && knows("early"));
}

#[test]
fn what_is_taken_back_was_never_known() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let name = Tag::new("never").unwrap();
    let known = bench.store.together(|| {
        let _ = bench.act("a@x", tagged("never"));
        let _ = bench.act("a@x", untagged("never"));
        Ok::<_, StoreError>((bench.store.knows_tag(&name)?, Keep::Nothing))
    });
    assert!(known.unwrap());
    assert!(!bench.store.knows_tag(&name).unwrap());
}
