use proptest::prelude::*;

use super::{Fit, SUBJECT, Said, Word, span};
use crate::theme::Role;
use crate::view::layout::width;

fn words(text: &str, role: Role) -> Vec<Word> {
    text.split_whitespace().map(|word| (word.to_owned(), role)).collect()
}

fn said(subject: &str, strong: &str, weak: &str, tags: &str) -> Said {
    Said {
        subject: subject.into(),
        snippet: "Hello there, this is what the customer wrote".into(),
        strong: words(strong, Role::Error),
        weak: words(weak, Role::Dim),
        tags: tags.split_whitespace().map(str::to_owned).collect(),
    }
}

fn any_said() -> impl Strategy<Value = Said> {
    let word = "[a-z小م]{1,9}";
    let many = move |max| proptest::collection::vec(word, 0..max).prop_map(|words| words.join(" "));
    ("[a-zA-Z小 ]{0,60}", many(3), many(4), many(4))
        .prop_map(|(subject, strong, weak, tags)| said(&subject, &strong, &weak, &tags))
}

/// What is drawn beside the subject: strong words, weak ones, tags, the snippet.
fn fields(fit: Fit) -> [usize; 3] {
    [fit.weak, fit.tags, usize::from(fit.snippet > 0)]
}

proptest! {
    #[test]
    fn one_column_more_never_takes_a_field_away(said in any_said(), room in 10usize..120) {
        let (narrow, wide) = (said.fit(room, true), said.fit(room + 1, true));
        for (was, is) in fields(narrow).into_iter().zip(fields(wide)) {
            prop_assert!(was <= is, "{narrow:?} {wide:?}");
        }
    }

    #[test]
    fn the_snippet_goes_first_then_tags_then_weak_words_and_strong_ones_never(said in any_said(), room in 10usize..120) {
        let fit = said.fit(room, true);
        let whole = width(&said.subject);
        let strong = span(said.strong.iter().map(|(word, _)| word.as_str()));
        prop_assert!(fit.snippet == 0 || (fit.tags == said.tags.len() && fit.weak == said.weak.len()));
        prop_assert!(fit.snippet == 0 || fit.subject >= whole);
        prop_assert!(fit.tags == 0 || fit.weak == said.weak.len());
        prop_assert!(fit.weak + fit.tags == 0 || fit.subject >= whole.min(SUBJECT));
        let weak = span(said.weak.iter().take(fit.weak).map(|(word, _)| word.as_str()));
        let tags = span(said.tags.iter().take(fit.tags).map(String::as_str));
        prop_assert!(fit.subject + strong + weak + tags == room || strong > room);
    }
}

#[test]
fn a_row_gives_way_in_the_stated_order() {
    let said = said("Bikes for the Harbour Lights parade", "bounced", "note", "#b2b #rental");
    let drawn = |room| fields(said.fit(room, true));
    assert_eq!(drawn(90), [1, 2, 1]);
    assert_eq!(drawn(60), [1, 2, 0]);
    assert_eq!(drawn(18 + 8 + 5 + 13), [1, 2, 0]);
    assert_eq!(drawn(18 + 8 + 5 + 12), [1, 1, 0]);
    assert_eq!(drawn(18 + 8 + 5), [1, 0, 0]);
    assert_eq!(drawn(18 + 8 + 4), [0, 0, 0]);
    assert_eq!(said.fit(20, true).subject, 12);
}
