use super::{NameAsked, Naming};
use crate::query::parse;

fn names(text: &str) -> Vec<(Naming, String, bool)> {
    let asked = parse(text).unwrap().names();
    asked.into_iter().map(|NameAsked { naming, name, negated }| (naming, name, negated)).collect()
}

#[test]
fn each_name_is_found_with_whether_it_is_negated() {
    let name = |naming, name: &str, negated| (naming, name.to_owned(), negated);
    assert_eq!(
        names("assignee:bob,me,none -(tag:late or -inbox:support) from:eve tag:late"),
        [
            name(Naming::Agent, "bob", false),
            name(Naming::Tag, "late", true),
            name(Naming::Inbox, "support", false),
            name(Naming::Tag, "late", false),
        ]
    );
    assert_eq!(names("refund is:mine status:open"), []);
}
