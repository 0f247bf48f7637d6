use super::*;

fn ids(names: &[&str]) -> Vec<MessageId> {
    names.iter().map(|name| MessageId::new(name).unwrap()).collect()
}

fn as_of(at: i64, names: &[&str]) -> AsOf {
    AsOf { at, ids: ids(names) }
}

#[test]
fn a_mark_gives_back_what_was_shown() {
    for at in [0, -3, 1_795_168_800, (1 << 47) - 1] {
        for who in [None, Some("alice"), Some("søren")] {
            let who = who.map(|who| Handle::new(who).unwrap());
            let seen = as_of(at, &["a@x", "b@x"]);
            let mark = Mark::parse(&Mark::of(Some(&seen), who.as_ref()).to_string()).unwrap();
            assert_eq!(mark.assignee, who);
            assert_eq!(mark.as_of(ids(&["b@x", "a@x"])), Some(seen));
        }
    }
}

#[test]
fn another_mail_of_the_same_second_makes_the_whole_second_unseen() {
    let mark = Mark::of(Some(&as_of(5, &["a@x"])), None);
    assert_eq!(mark.as_of(ids(&["a@x", "b@x"])), Some(as_of(5, &[])));
}

#[test]
fn a_conversation_without_messages_has_a_mark_too() {
    let mark = Mark::parse(&Mark::of(None, None).to_string()).unwrap();
    assert_eq!(mark.as_of(Vec::new()), None);
}

#[test]
fn no_domain_and_no_broken_mark_is_taken_for_one() {
    for text in ["", "example.com", "localhost", "mail", "0000000000000000000"] {
        assert_eq!(Mark::parse(text), None, "{text}");
    }
    let good = Mark::of(Some(&as_of(1_795_168_800, &["a@x"])), None).to_string();
    assert!(Mark::parse(&good.to_uppercase()).is_none());
    assert!(Mark::parse(good.strip_suffix(|_: char| true).unwrap()).is_none());
}
