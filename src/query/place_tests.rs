use super::*;
use proptest::prelude::*;

fn found<'t>(text: &'t str, wanted: &str) -> Vec<&'t str> {
    Placed::of(text).find(wanted).into_iter().map(|range| text.get(range).unwrap()).collect()
}

#[test]
fn what_is_found_is_told_by_its_place_in_the_text() {
    for (text, wanted, places) in [
        ("Straße und STRASSE", "strasse", &["Straße", "STRASSE"][..]),
        ("Cafe\u{301} café", "cafe", &["Cafe\u{301}", "café"]),
        ("İstanbul ısıtıcı", "isitici", &["ısıtıcı"]),
        ("الرَّحِيمِ", "الرحيم", &["الرَّحِيمِ"]),
        ("الدراجـــة", "دراجه", &["دراجـــة"]),
        ("می‌خواهم", "میخواهم", &["می‌خواهم"]),
        ("東京都と東京", "東京", &["東京", "東京"]),
        ("ｶﾞｽ ガス", "ガス", &["ｶﾞｽ", "ガス"]),
        ("กินข้าว", "ข้าว", &["ข้าว"]),
        ("Nr. ٤٤٤٠, 4440", "4440", &["٤٤٤٠", "4440"]),
        ("two  — words", "two words", &["two  — words"]),
        ("a👍b", "👍", &[]),
        ("", "x", &[]),
    ] {
        assert_eq!(found(text, wanted), places, "{wanted} in {text}");
    }
}

proptest! {
    #[test]
    fn places_are_whole_letters_in_order(text in "\\PC{0,40}", wanted in "\\PC{1,3}") {
        let mut end = 0;
        for range in Placed::of(&text).find(&wanted) {
            prop_assert!(range.start >= end && range.end > range.start && text.get(range.clone()).is_some());
            end = range.end;
        }
    }

    #[test]
    fn any_stretch_of_letters_is_found_in_its_text(text in "[a-zA-ZéßİığşÖאבהابتة東京カ ]{1,20}", from in 0usize..20, len in 1usize..10) {
        let clusters: Vec<&str> = text.graphemes(true).collect();
        let from = from.min(clusters.len() - 1);
        let part: String = clusters[from..clusters.len().min(from + len)].concat();
        prop_assert!(part.trim().is_empty() || !Placed::of(&text).find(&part).is_empty(), "{part:?} in {text:?}");
    }
}
