use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::model::clock::{Clock, Ids};
use crate::model::message::{AsOf, Direction, FoldMessage, Origin};
use crate::model::status::Status;
use crate::op::fold::fold;
use crate::op::operation::Target;
use crate::op::record::{Author, NewOperation};

fn id(name: &str) -> MessageId {
    MessageId::new(name).unwrap()
}

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn record(who: &str, number: u64, op: Known, as_of: Option<AsOf>) -> Record {
    let author = Author {
        actor: handle(who),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1000)),
        ids: Ids::counted(number + 1),
    };
    let target = Target { as_of, ..Target::on(id("root")) };
    author.batch(number, None, vec![NewOperation::new(op, vec![target])]).remove(0)
}

fn inbound(name: &str, second: i64) -> FoldMessage {
    FoldMessage {
        id: id(name),
        direction: Direction::Inbound,
        origin: Origin::Human,
        arrived: Timestamp::from_seconds(second),
        history: false,
        gone: false,
    }
}

fn note(text: &str, mentions: &str) -> Known {
    Known::Note { text: text.into(), mentions: BTreeSet::from([handle(mentions)]) }
}

fn assign(to: &str) -> Known {
    Known::Assign { to: Some(handle(to)) }
}

fn kinds(who: &str, records: &[Record]) -> Vec<Kind> {
    let all: Vec<&Record> = records.iter().collect();
    let state = fold(&[inbound("root", 10)], &BTreeSet::new(), &all);
    brought(&handle(who), &state, &all).into_iter().map(|one| one.kind).collect()
}

#[test]
fn what_a_colleague_gives_me_is_brought_to_me_and_to_nobody_else() {
    let given = [record("bob", 0, assign("alice"), None)];
    assert_eq!(kinds("alice", &given), [Kind::Given]);
    assert_eq!(kinds("bob", &given), []);
}

#[test]
fn what_i_take_myself_is_not_brought_to_me() {
    assert_eq!(kinds("alice", &[record("alice", 0, assign("alice"), None)]), []);
}

#[test]
fn what_was_taken_from_me_again_is_not_brought_to_me() {
    let records = [record("bob", 0, assign("alice"), None), record("bob", 1, assign("cleo"), None)];
    assert_eq!(kinds("alice", &records), []);
}

#[test]
fn the_newest_mention_is_brought_with_its_words_and_my_own_answer_to_it_ends_that() {
    let mut records = vec![
        record("bob", 0, note("first @alice", "alice"), None),
        record("bob", 1, note("now @alice", "alice"), None),
    ];
    let all: Vec<&Record> = records.iter().collect();
    let state = fold(&[inbound("root", 10)], &BTreeSet::new(), &all);
    let found = brought(&handle("alice"), &state, &all);
    assert_eq!(
        found.iter().map(|one| (one.kind, one.words.as_str())).collect::<Vec<_>>(),
        [(Kind::Mention, "now @alice")]
    );
    records.push(record("alice", 2, note("done", "bob"), None));
    assert_eq!(kinds("alice", &records), []);
    assert_eq!(kinds("bob", &records), [Kind::Mention]);
}

#[test]
fn tags_and_titles_of_mine_show_no_look() {
    let tag =
        Known::Tag { add: BTreeSet::from([crate::model::ids::Tag::new("vip").unwrap()]), remove: BTreeSet::new() };
    let records = [
        record("bob", 0, note("@alice", "alice"), None),
        record("alice", 1, tag, None),
        record("alice", 2, Known::Title { text: "x".into() }, None),
    ];
    assert_eq!(kinds("alice", &records), [Kind::Mention]);
}

#[test]
fn a_record_shows_a_look_at_the_mail_that_its_author_had_read_and_at_no_later_one() {
    let as_of = AsOf::all_of([(Timestamp::from_seconds(20), &id("b"))]);
    let close = record("alice", 0, Known::SetStatus { to: Status::Closed }, as_of);
    let saw =
        |name: &str, second| super::saw(&close, &handle("alice"), &id(name), Timestamp::from_seconds(second), true);
    assert!(saw("a", 19) && saw("b", 20));
    assert!(!saw("c", 20) && !saw("d", 21));
    assert!(!super::saw(&close, &handle("bob"), &id("a"), Timestamp::from_seconds(1), true));
}

#[test]
fn a_record_that_says_not_how_far_its_author_had_read_shows_a_look_at_what_was_here_before_it() {
    let taken = record("alice", 0, assign("alice"), None);
    let saw = |came_before| super::saw(&taken, &handle("alice"), &id("a"), Timestamp::from_seconds(10), came_before);
    assert!(saw(true) && !saw(false));
}

proptest! {
    /// Whatever colleagues do afterwards, a look of mine at all of it leaves nothing of what was before.
    #[test]
    fn nothing_from_before_my_newest_look_is_brought(steps in proptest::collection::vec((0usize..3, 0u8..5), 0..20)) {
        const AGENTS: [&str; 3] = ["alice", "bob", "cleo"];
        let mut records = Vec::new();
        for (number, (who, what)) in steps.iter().enumerate() {
            let to = AGENTS[(who + usize::from(*what)) % 3];
            let op = match what {
                0 | 1 => note("x", to),
                2 | 3 => assign(to),
                _ => Known::SetStatus { to: Status::Open },
            };
            records.push(record(AGENTS[*who], number as u64, op, None));
        }
        let all: Vec<&Record> = records.iter().collect();
        let state = fold(&[inbound("root", 10)], &BTreeSet::new(), &all);
        for name in AGENTS {
            let me = handle(name);
            let look = all.iter().rposition(|record| record.actor == me && is_a_look(record));
            for one in brought(&me, &state, &all) {
                let place = all.iter().position(|record| record.id == one.record).unwrap();
                prop_assert!(look.is_none_or(|look| place >= look));
                prop_assert!(one.kind == Kind::Lost || all[place].actor != me, "what I did is no news to me");
            }
        }
    }
}
