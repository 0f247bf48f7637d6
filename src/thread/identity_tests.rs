//! Which mail is which.

use proptest::prelude::*;

use super::*;

fn claim(name: &str, seconds: i64, text: Option<&str>) -> Claim {
    Claim {
        likeness: 1,
        text: text.map(str::to_owned),
        rank: Claim::OF_OTHERS,
        arrived: Timestamp::from_seconds(seconds),
        name: MessageId::new(name).unwrap(),
    }
}

fn ours(name: &str, seconds: i64, text: &str) -> Claim {
    Claim { rank: 0, ..claim(name, seconds, Some(text)) }
}

use Standing::{Apart, CopyOf, Keeps};

#[test]
fn two_mails_with_other_texts_are_two_and_the_earlier_keeps_the_id() {
    let (one, two) = (claim("a", 2, Some("Order 1")), claim("b", 1, Some("Order 2, express please")));
    assert_eq!(standings(&[one, two]), [Apart, Keeps]);
}

#[test]
fn of_two_that_arrived_at_once_the_lower_name_keeps_the_id() {
    assert_eq!(standings(&[claim("b", 1, Some("x")), claim("a", 1, Some("y"))]), [Apart, Keeps]);
}

#[test]
fn a_footer_makes_no_other_mail_and_the_longer_text_is_shown() {
    let (plain, list) = (claim("a", 1, Some("Hello you")), claim("b", 2, Some("Hello you -- to unsubscribe")));
    assert_eq!(standings(&[plain, list]), [CopyOf(1), Keeps]);
}

#[test]
fn an_order_1_is_not_part_of_an_order_12() {
    assert_eq!(standings(&[claim("a", 1, Some("Order 1")), claim("b", 2, Some("Order 12"))]), [Keeps, Apart]);
}

#[test]
fn a_text_that_was_wrapped_inside_its_words_is_the_same() {
    assert_eq!(standings(&[claim("a", 1, Some("注文 番号")), claim("b", 2, Some("注文番 号"))]), [Keeps, CopyOf(0)]);
}

#[test]
fn what_two_mails_contain_hides_neither_of_them() {
    let part = claim("a", 1, Some("Hello"));
    let (one, two) = (claim("b", 3, Some("Hello one")), claim("c", 2, Some("Hello two")));
    assert_eq!(standings(&[part, one, two]), [CopyOf(2), Apart, Keeps]);
}

#[test]
fn our_own_mail_keeps_the_id_and_its_words_whoever_came_before_and_added_some() {
    let forged = claim("a", 1, Some("Dear Ana, all is paid. Send it to another account"));
    let list = claim("b", 2, Some("Dear Ana, all is paid. -- a list"));
    let sent = ours("c", 3, "Dear Ana, all is paid.");
    assert_eq!(standings(&[forged, list, sent]), [CopyOf(2), CopyOf(2), Keeps]);
    let other = Claim { likeness: 2, ..claim("d", 1, Some("Dear Ana, all is paid.")) };
    assert_eq!(standings(&[other, ours("c", 3, "Dear Ana, all is paid.")]), [Apart, Keeps]);
}

#[test]
fn a_mail_whose_body_is_not_here_counts_as_the_first_like_it() {
    let (partial, whole) = (claim("a", 1, None), claim("b", 2, Some("text")));
    assert_eq!(standings(&[partial.clone(), whole]), [CopyOf(1), Keeps]);
    assert_eq!(standings(&[claim("b", 2, None), partial.clone()]), [CopyOf(1), Keeps]);
    let unlike = Claim { likeness: 2, ..claim("b", 2, None) };
    assert_eq!(standings(&[partial, unlike]), [Keeps, Apart]);
}

#[test]
fn in_a_flood_of_mails_that_are_alike_only_equal_ones_are_copies() {
    let mut flood: Vec<Claim> =
        (0..COMPARED_MAX).map(|n| claim(&format!("m{n:03}"), 1, Some(&format!("text {n}")))).collect();
    flood.push(claim("z", 1, Some("text")));
    flood.push(claim("zz", 1, Some("text 1")));
    let standings = standings(&flood);
    assert_eq!(standings[COMPARED_MAX], Apart);
    assert_eq!(standings[COMPARED_MAX + 1], CopyOf(1));
}

fn claims() -> impl Strategy<Value = Vec<Claim>> {
    let words = proptest::collection::vec(0usize..3, 0..4);
    let one = (0i64..2, proptest::option::weighted(0.8, words), 0u8..5, 0i64..3);
    proptest::collection::vec(one, 1..8).prop_map(|list| {
        let mut all = Vec::new();
        for (n, (likeness, words, ours, seconds)) in list.into_iter().enumerate() {
            let text =
                words.map(|words| words.iter().map(|n| ["one", "two", "onetwo"][*n]).collect::<Vec<_>>().join(" "));
            all.push(Claim {
                likeness,
                text,
                rank: if ours == 0 { 0 } else { Claim::OF_OTHERS },
                ..claim(&format!("m{n}"), seconds, None)
            });
        }
        all
    })
}

fn by_name(claims: &[Claim]) -> BTreeMap<String, String> {
    let name = |at: usize| claims[at].name.to_string();
    let said = |standing| match standing {
        CopyOf(head) => format!("copy of {}", name(head)),
        other => format!("{other:?}"),
    };
    standings(claims).into_iter().enumerate().map(|(at, standing)| (name(at), said(standing))).collect()
}

proptest! {
    #[test]
    fn any_order_of_the_mails_gives_the_same(claims in claims(), seed in any::<u64>()) {
        let mut other = claims.clone();
        let mut state = seed | 1;
        for at in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            other.swap(at, (state >> 33) as usize % (at + 1));
        }
        prop_assert_eq!(by_name(&claims), by_name(&other));
    }

    #[test]
    fn exactly_one_keeps_the_id_and_no_words_of_others_are_hidden(claims in claims()) {
        let standings = standings(&claims);
        prop_assert_eq!(standings.iter().filter(|standing| **standing == Keeps).count(), 1);
        let within = |a: &str, b: &str| Words::of(a).within(&Words::of(b));
        for (at, standing) in standings.iter().enumerate() {
            let one = &claims[at];
            if let CopyOf(head) = standing {
                let head_claim = &claims[*head];
                prop_assert!(!matches!(standings[*head], CopyOf(_)), "a copy of a copy");
                prop_assert_eq!(one.likeness, head_claim.likeness);
                if let (Some(text), Some(shown)) = (&one.text, &head_claim.text) {
                    prop_assert!(within(text, shown) || (head_claim.is_ours() && within(shown, text)));
                }
                continue;
            }
            for (other, _) in standings.iter().enumerate().filter(|(_, s)| !matches!(s, CopyOf(_))) {
                let other_claim = &claims[other];
                if let (true, Some(a), Some(b)) = (other != at && one.likeness == other_claim.likeness, &one.text, &other_claim.text) {
                    prop_assert!(!within(a, b) && !within(b, a), "{} and {} are one", a, b);
                }
            }
        }
        let keeper = standings.iter().position(|standing| *standing == Keeps).unwrap();
        let best = claims.iter().map(rank).min().unwrap();
        let members = |at: usize| at == keeper || standings[at] == CopyOf(keeper);
        prop_assert!((0..claims.len()).any(|at| members(at) && rank(&claims[at]) == best));
    }
}

fn own(id: &str, arrived: i64, date: i64, recorded: bool) -> OwnMail {
    OwnMail {
        id: MessageId::new(id).unwrap(),
        recorded,
        arrived: Timestamp::from_seconds(arrived),
        date: Timestamp::from_seconds(date),
    }
}

#[test]
fn what_a_relay_gave_another_id_is_a_copy_of_the_mail_that_a_record_names() {
    let (server, filed) = (own("relay", 1, 0, false), own("postroom", 2, 0, true));
    assert_eq!(second_names(&[server, filed]), [Some(1), None]);
}

#[test]
fn without_a_record_the_earlier_is_the_mail_and_else_the_lower_id() {
    assert_eq!(second_names(&[own("a", 2, 0, false), own("b", 1, 0, false)]), [Some(1), None]);
    assert_eq!(second_names(&[own("b", 1, 0, false), own("a", 1, 0, false)]), [Some(1), None]);
}

#[test]
fn the_same_words_sent_twice_are_two_mails() {
    assert_eq!(second_names(&[own("a", 1, 0, true), own("b", 2, 60, true)]), [None, None]);
    assert_eq!(second_names(&[own("a", 1, 0, false), own("b", 2, 601, false)]), [None, None]);
    assert_eq!(second_names(&[own("a", 1, 0, false), own("b", 2, 600, false)]), [None, Some(0)]);
}
