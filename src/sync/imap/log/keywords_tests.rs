use super::*;
use crate::model::status::Status;

fn message(uid: u32, flags: &[&str], status: Status, assigned: bool, tags: &[&str]) -> Mirrored {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    Mirrored { uid, flags: owned(flags), status, assigned, tags: owned(tags) }
}

#[test]
fn keywords_follow_states_and_those_of_others_stay() {
    let tags = BTreeSet::from(["billing".to_owned(), "late".to_owned()]);
    let messages = [
        message(1, &["\\Seen", "$postroom-open", "$Junk", "late"], Status::Closed, true, &["Billing", "rare"]),
        message(2, &["$Postroom-Open", "work"], Status::Open, false, &[]),
    ];
    let expected = Steps::from([
        ("$postroom-assigned".to_owned(), (vec![1], vec![])),
        ("$postroom-closed".to_owned(), (vec![1], vec![])),
        ("$postroom-open".to_owned(), (vec![], vec![1])),
        ("billing".to_owned(), (vec![1], vec![])),
        ("late".to_owned(), (vec![], vec![1])),
    ]);
    assert_eq!(steps(&messages, &tags), expected);
}

#[test]
fn a_tag_becomes_an_atom_and_one_without_letters_nothing() {
    assert_eq!(keyword_of("Late Fee (EU)").as_deref(), Some("late_fee__eu_"));
    assert_eq!(keyword_of("日本"), None);
}
