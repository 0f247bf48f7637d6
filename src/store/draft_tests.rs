use super::*;
use crate::model::clock::{Clock, Ids};
use crate::op::record::Author;
use crate::store::StoreOptions;

fn store(dir: &std::path::Path, actor: &str) -> Store {
    let author = Author {
        actor: Handle::new(actor).unwrap(),
        host: "box".to_owned(),
        clock: Clock::fixed(Timestamp(1_000_000)),
        ids: Ids::counted(1),
    };
    Store::open(dir, StoreOptions { author, team: crate::model::agent::Team::default(), history_after: 0 }).unwrap()
}

fn draft(body: &str) -> Draft {
    Draft { conversation: Some(ConversationId::from_kept("abcd")), body: body.to_owned(), ..Draft::default() }
}

#[test]
fn a_draft_survives_the_program_and_is_the_agents_own() {
    let dir = tempfile::tempdir().unwrap();
    let kept = store(dir.path(), "alice").save_draft(&draft("half a sen")).unwrap();
    let again = store(dir.path(), "alice");
    assert_eq!(again.draft_in(&ConversationId::from_kept("abcd")).unwrap(), Some(kept.clone()));
    assert_eq!(again.drafts().unwrap(), [kept]);
    let bob = store(dir.path(), "bob");
    assert_eq!(bob.drafts().unwrap(), []);
    bob.save_draft(&draft("bob's")).unwrap();
    assert_eq!(again.drafts().unwrap().len(), 1);
}

#[test]
fn saving_again_keeps_one_draft_and_moves_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path(), "alice");
    let one = store.save_draft(&draft("a")).unwrap();
    let two = store.save_draft(&Draft { body: "ab".into(), ..one.clone() }).unwrap();
    assert_eq!(two.id, one.id);
    assert!(two.saved_at > one.saved_at);
    assert_eq!(store.drafts().unwrap(), [two]);
    assert_eq!(store.discarded_drafts().unwrap(), []);
}

#[test]
fn a_version_that_another_terminal_kept_is_put_aside_not_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path(), "alice");
    let one = store.save_draft(&draft("a")).unwrap();
    store.save_draft(&Draft { body: "from the other terminal".into(), ..one.clone() }).unwrap();
    let here = store.save_draft(&Draft { body: "from here".into(), ..one }).unwrap();
    assert_eq!(store.drafts().unwrap(), [here]);
    assert_eq!(store.discarded_drafts().unwrap()[0].body, "from the other terminal");
    let fresh = store.save_draft(&draft("begun anew")).unwrap();
    assert_eq!(store.drafts().unwrap(), [fresh]);
    assert_eq!(store.discarded_drafts().unwrap().len(), 2);
}

#[test]
fn a_draft_that_takes_the_place_of_another_names_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path(), "alice");
    let (reply, none) = store.save_draft_over(&draft("a reply")).unwrap();
    assert_eq!(none, None);
    assert_eq!(store.save_draft_over(&Draft { body: "more".into(), ..reply }).unwrap().1, None);
    let (_, aside) = store.save_draft_over(&draft("a forward")).unwrap();
    assert_eq!(store.draft(aside.unwrap()).unwrap().unwrap().body, "more");
}

#[test]
fn a_number_stays_with_its_draft_when_another_is_begun() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path(), "alice");
    let first = store.save_draft(&draft("first")).unwrap();
    let (second, aside) = store.save_draft_over(&draft("second")).unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(aside, Some(first.id));
    let bodies = [first.id, second.id].map(|id| store.draft(id).unwrap().unwrap().body);
    assert_eq!(bodies, ["first", "second"]);
    assert_eq!(store.drafts().unwrap(), std::slice::from_ref(&second));
    // A terminal that still has the first one open goes on with it.
    let (typed, aside) = store.save_draft_over(&Draft { body: "first, and more".into(), ..first.clone() }).unwrap();
    assert_eq!((typed.id, aside), (first.id, Some(second.id)));
    assert_eq!(store.drafts().unwrap(), [typed]);
    assert_eq!(store.draft(second.id).unwrap().unwrap().body, "second");
    let (again, aside) = store.save_draft_over(&draft("first, and more")).unwrap();
    assert_eq!((again.id, aside), (first.id, None), "a command that is run twice keeps one draft");
}

#[test]
fn the_number_of_a_draft_that_is_gone_is_never_given_again() {
    let dir = tempfile::tempdir().unwrap();
    let first = store(dir.path(), "alice").save_draft(&draft("first")).unwrap();
    let gone = store(dir.path(), "alice");
    gone.write(|tx| Ok(tx.execute("DELETE FROM draft", [])?)).unwrap();
    let second = store(dir.path(), "alice").save_draft(&draft("second")).unwrap();
    assert!(second.id > first.id);
    assert_ne!(gone.save_draft(&Draft { body: "typed on".into(), ..first.clone() }).unwrap().id, second.id);
    assert_eq!(store(dir.path(), "alice").draft(second.id).unwrap().unwrap().body, "second");
}

#[test]
fn a_discarded_draft_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path(), "alice");
    let one = store.save_draft(&draft("a")).unwrap();
    assert!(store.discard_draft(one.id).unwrap());
    assert!(!store.discard_draft(one.id).unwrap());
    assert_eq!(store.drafts().unwrap(), []);
    let other = store.save_draft(&draft("b")).unwrap();
    assert_eq!(store.restore_draft(one.id).unwrap().unwrap().body, "a");
    assert_eq!(store.drafts().unwrap().len(), 1);
    assert_eq!(store.discarded_drafts().unwrap()[0].id, other.id);
    store.author().clock.advance(31 * Timestamp::DAY);
    let third = store.save_draft(&Draft { conversation: None, ..draft("c") }).unwrap();
    store.discard_draft(third.id).unwrap();
    assert_eq!(store.discarded_drafts().unwrap().len(), 1, "old ones are gone");
}

#[test]
fn a_draft_that_comes_to_rest_is_noticed_once() {
    let dir = tempfile::tempdir().unwrap();
    let store = store(dir.path(), "alice");
    let kept = store.save_draft(&draft("a")).unwrap();
    let within =
        |after: i64, by: i64| store.drafts_kept_within(kept.saved_at.plus(after), kept.saved_at.plus(by)).unwrap();
    assert!(!within(-2, -1) && within(-1, 0) && !within(0, 1));
    store.discard_draft(kept.id).unwrap();
    assert!(!within(-1, 0));
}
