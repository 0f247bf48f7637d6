use super::*;
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::Handle;
use crate::op::record::{Author, NewOperation};

fn by(actor: &str, op: Known) -> Record {
    let author = Author {
        actor: Handle::new(actor).unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp(0)),
        ids: Ids::counted(actor.bytes().map(u64::from).sum()),
    };
    author.batch(0, None, vec![NewOperation::new(op, Vec::new())]).remove(0)
}

fn run(actor: &str, over: Option<&Record>) -> Record {
    by(actor, Known::Runner { host: "box".into(), until: Timestamp(60_000), over: over.map(|record| record.id) })
}

fn claim(actor: &str, key: &str, over: Option<&Record>) -> Record {
    by(actor, Known::Claim { what: "mail".into(), key: key.into(), over: over.map(|record| record.id) })
}

#[test]
fn of_two_that_would_run_the_first_on_the_log_does() {
    let (alice, bob) = (run("alice", None), run("bob", None));
    assert_eq!(runner([&alice, &bob]), Some(&alice));
    assert_eq!(runner([&bob, &alice]), Some(&bob));
    assert_eq!(runner([]), None);
}

#[test]
fn a_runner_is_followed_by_the_first_who_names_it() {
    let alice = run("alice", None);
    let (bob, carol) = (run("bob", Some(&alice)), run("carol", Some(&alice)));
    assert_eq!(runner([&alice, &bob, &carol]), Some(&bob));
    assert_eq!(runner([&alice, &carol, &bob]), Some(&carol));
    let dave = run("dave", Some(&bob));
    assert_eq!(runner([&alice, &bob, &carol, &dave]), Some(&dave));
}

#[test]
fn a_claim_holds_for_what_it_names_and_nothing_else() {
    let (one, other) = (claim("alice", "greeting 1", None), claim("bob", "greeting 2", None));
    let again = claim("carol", "greeting 1", None);
    let records = [&one, &other, &again];
    assert_eq!(claimant(records, "mail", "greeting 1"), Some(&one));
    assert_eq!(claimant(records, "mail", "greeting 2"), Some(&other));
    assert_eq!(claimant(records, "webhook", "greeting 1"), None);
}
