use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::store::FolderRole;
use proptest::prelude::*;

fn folder(validity: u32, uid_next: Option<u32>, modseq: Option<u64>) -> Folder {
    Folder {
        id: 1,
        account: AccountId::new("main").unwrap(),
        name: "INBOX".to_owned(),
        role: FolderRole::Inbox,
        validity: Some(validity),
        uid_next,
        modseq,
        last_pass: uid_next.map(|_| Timestamp(1)),
        messages: None,
        flags_below: None,
        lowest_fetched: None,
        highest_fetched: None,
        seen_next: None,
        seen_modseq: None,
    }
}

fn state(uid_next: u32, modseq: Option<u64>, messages: u32) -> FolderState {
    FolderState { validity: Some(7), uid_next: Some(uid_next), modseq, messages: Some(messages) }
}

#[test]
fn a_folder_stays_closed_only_when_every_number_agrees() {
    let kept = folder(7, Some(11), Some(5));
    assert!(is_unchanged(Mode::Qresync, &kept, 10, &state(11, Some(5), 10)));
    assert!(!is_unchanged(Mode::Qresync, &kept, 10, &state(11, Some(6), 10)));
    assert!(!is_unchanged(Mode::Qresync, &kept, 9, &state(11, Some(5), 10)));
    assert!(!is_unchanged(Mode::Condstore, &kept, 10, &state(12, Some(5), 10)));
    assert!(!is_unchanged(Mode::Condstore, &folder(8, Some(11), Some(5)), 10, &state(11, Some(5), 10)));
    assert!(!is_unchanged(Mode::Plain, &folder(7, Some(11), None), 10, &state(11, None, 10)));
    assert!(is_unchanged(Mode::Plain, &folder(7, Some(11), None), 0, &state(11, None, 0)));
    assert!(!is_unchanged(Mode::Qresync, &folder(7, None, Some(5)), 10, &state(11, Some(5), 10)));
    assert!(!is_unchanged(Mode::Qresync, &folder(7, Some(11), Some(0)), 10, &state(11, Some(0), 10)));
}

#[test]
fn a_folder_differs_where_anything_that_was_told_is_new() {
    let mut kept = folder(7, Some(11), Some(5));
    kept.messages = Some(10);
    let nothing = FolderState::default();
    assert!(!differs(&kept, &state(11, Some(5), 10)));
    assert!(!differs(&kept, &state(11, Some(0), 10)), "a folder without MODSEQ tells 0");
    assert!(!differs(&kept, &FolderState { modseq: Some(5), ..nothing.clone() }));
    assert!(differs(&kept, &FolderState { modseq: Some(6), ..nothing.clone() }));
    assert!(differs(&kept, &FolderState { messages: Some(9), ..nothing.clone() }));
    assert!(differs(&kept, &FolderState { uid_next: Some(12), ..nothing.clone() }));
    assert!(differs(&kept, &FolderState { validity: Some(8), ..state(11, Some(5), 10) }));
    assert!(differs(&kept, &nothing), "that something happened is all that was told");
    assert!(differs(&folder(7, None, None), &state(11, Some(5), 10)), "no pass was ever completed");
}

#[test]
fn flags_of_all_messages_are_read_again_in_turn_and_those_of_the_newest_always() {
    let here: Vec<u32> = (1..=1700).map(|n| n * 3).collect();
    let (newest, mut below, mut seen) = (here[1200]..=here[1699], None, std::collections::BTreeSet::<u32>::new());
    for _ in 0..3 {
        let (windows, next) = flag_windows(&here, below);
        assert!(windows.contains(&newest), "{windows:?}");
        let read: usize = windows.iter().map(|w| here.iter().filter(|uid| w.contains(uid)).count()).sum();
        assert!(read <= FLAG_WINDOW + FLAG_STRETCH, "{windows:?}");
        seen.extend(here.iter().filter(|uid| windows.iter().any(|w| w.contains(uid))));
        below = next;
    }
    assert_eq!(seen.len(), here.len());
    assert_eq!(flag_windows(&here, below), flag_windows(&here, None), "then it begins anew");
    assert_eq!(flag_windows(&here, Some(2)), flag_windows(&here, None));
    assert_eq!(flag_windows(&[4, 9], Some(4)), (vec![4..=9], None));
    assert_eq!(flag_windows(&[], None), (vec![], None));
}

#[test]
fn another_uidvalidity_makes_kept_uids_void() {
    let told = state(5, Some(9), 4);
    assert_eq!(start(&folder(7, Some(5), None), 7, &told), Start::From(5));
    assert_eq!(start(&folder(7, Some(5), None), 8, &told), Start::Renumbered);
    assert_eq!(start(&folder(7, None, None), 7, &told), Start::Fresh);
    assert_eq!(start(&folder(7, Some(6), None), 7, &told), Start::Restored, "UIDNEXT went back");
    assert_eq!(start(&folder(7, Some(5), Some(10)), 7, &told), Start::Restored, "HIGHESTMODSEQ went back");
    let broken_off = Folder { seen_next: Some(6), ..folder(7, Some(5), Some(9)) };
    assert_eq!(start(&broken_off, 7, &told), Start::Restored, "a pass that broke off had seen more");
    let fetched = Folder { highest_fetched: Some(5), ..folder(7, Some(5), Some(9)) };
    assert_eq!(start(&fetched, 7, &told), Start::Restored, "a mail that is here has a UID that was not given yet");
    let silent = FolderState { uid_next: None, modseq: Some(0), ..told };
    assert_eq!(start(&folder(7, Some(6), Some(10)), 7, &silent), Start::From(6), "what is not told says nothing");
}

#[test]
fn large_mail_comes_as_headers_and_the_newest_first() {
    let portions = portions(vec![(1, Some(10)), (2, Some(5000)), (3, None)], 1000 << 10, true);
    assert_eq!(portions.len(), 1);
    let portions = super::portions(vec![(1, Some(10)), (2, Some(5000)), (3, Some(1))], 100, false);
    assert_eq!(portions[0].whole, [1, 3]);
    assert_eq!(portions[0].headers, [2]);
}

proptest! {
    #[test]
    fn windows_cover_every_uid_once(lowest in 0_u32..u32::MAX, span in 0_u32..10_000_000) {
        let highest = lowest.saturating_add(span);
        let windows = windows(lowest, highest);
        let mut expected = highest;
        for (at, window) in windows.iter().enumerate() {
            prop_assert_eq!(*window.end(), expected);
            prop_assert!(window.start() <= window.end());
            if at + 1 == windows.len() {
                prop_assert_eq!(*window.start(), lowest.max(1));
            } else {
                expected = window.start() - 1;
            }
        }
        prop_assert!(windows.len() < 300);
    }

    #[test]
    fn portions_hold_every_message_once_and_stay_in_bounds(
        sizes in proptest::collection::btree_map(1_u32..1_000_000, proptest::option::of(0_u64..9_000_000), 0..800),
        limit in 0_u64..4_000_000,
    ) {
        let portions = portions(sizes.clone().into_iter().collect(), limit, true);
        let mut seen: Vec<u32> = Vec::new();
        let mut lowest = u32::MAX;
        for portion in &portions {
            prop_assert!(portion.len() <= PORTION_MESSAGES && !portion.is_empty());
            prop_assert!(portion.bytes <= PORTION_BYTES.max(limit));
            let all: Vec<u32> = portion.whole.iter().chain(&portion.headers).copied().collect();
            prop_assert!(all.iter().all(|uid| *uid < lowest));
            lowest = all.iter().copied().min().unwrap();
            seen.extend(all);
        }
        seen.sort_unstable();
        prop_assert_eq!(seen, sizes.keys().copied().collect::<Vec<_>>());
        prop_assert!(portions.first().is_none_or(|p| p.len() <= FIRST_MESSAGES));
    }

    #[test]
    fn vanished_ranges_touch_only_what_is_here(
        here in proptest::collection::btree_set(1_u32..u32::MAX, 0..300),
        ranges in proptest::collection::vec((any::<u32>(), any::<u32>()), 0..10),
    ) {
        let here: Vec<u32> = here.into_iter().collect();
        let ranges: Vec<RangeInclusive<u32>> = ranges.into_iter().map(|(a, b)| a..=b).collect();
        let expected: Vec<u32> = here.iter().copied().filter(|u| ranges.iter().any(|r| r.contains(u))).collect();
        prop_assert_eq!(within(&here, &ranges), expected.clone());
        let rest = without(&here, &expected);
        prop_assert_eq!(rest.len() + expected.len(), here.len());
    }
}

#[test]
fn headers_weigh_what_may_come_of_them() {
    let large = (1..=100).map(|uid| (uid, Some(9_800_000))).collect();
    let portions = portions(large, 1 << 20, false);
    assert_eq!(portions.iter().map(|p| p.headers.len()).collect::<Vec<_>>(), [32, 32, 32, 4]);
    assert!(portions.iter().all(|p| p.bytes == HEADER_MAX * p.headers.len() as u64 && p.bytes <= PORTION_BYTES));
    let small = super::portions(vec![(1, Some(5000))], 100, false);
    assert_eq!(small[0].bytes, 5000, "no more than the mail has");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_of_a_portion_are_all_of_it_and_the_first_stands_alone(
        uids in prop::collection::btree_set(1_u32..1000, 1..40),
        at in any::<prop::sample::Index>(),
    ) {
        let uids: Vec<u32> = uids.into_iter().collect();
        let (whole, headers) = uids.split_at(at.index(uids.len() + 1));
        let portion = Portion { whole: whole.to_vec(), headers: headers.to_vec(), bytes: 9 };
        let parts = portion.split();
        let mut together: Vec<u32> = parts.iter().flat_map(|p| p.whole.iter().chain(&p.headers)).copied().collect();
        together.sort_unstable();
        prop_assert_eq!(&together, &uids);
        let last = parts.last().unwrap();
        prop_assert_eq!((last.len(), last.first()), (1, portion.first()));
        prop_assert!(parts.iter().all(|p| p.len() < portion.len() || portion.len() == 1));
        prop_assert_eq!(portion.without(&uids).len(), 0);
    }
}
