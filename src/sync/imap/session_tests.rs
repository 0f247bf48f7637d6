use super::{may_delete, uid_sets};
use proptest::prelude::*;

#[test]
fn neighbours_become_ranges() {
    assert_eq!(uid_sets(&[1, 2, 3, 5, 7, 8]), ["1:3,5,7:8"]);
    assert_eq!(uid_sets(&[u32::MAX - 1, u32::MAX]), ["4294967294:4294967295"]);
    assert!(uid_sets(&[]).is_empty());
}

#[test]
fn deleting_wants_both_rights_and_the_old_one_counts_on_old_servers_only() {
    for (rights, may) in [
        ("lrswite", true),
        ("lrswit", false),
        ("lrswi", false),
        ("lrswid", true),
        ("lrswitd", false),
        ("lrekxd", false),
    ] {
        assert_eq!(may_delete(rights), may, "{rights}");
    }
}

proptest! {
    #[test]
    fn sets_name_each_uid_once_and_stay_short(uids in proptest::collection::btree_set(1_u32..5_000_000, 0..2500)) {
        let uids: Vec<u32> = uids.into_iter().collect();
        let mut named = Vec::new();
        for set in uid_sets(&uids) {
            prop_assert!(set.len() < 6100);
            for part in set.split(',') {
                let (a, b) = part.split_once(':').unwrap_or((part, part));
                named.extend(a.parse::<u32>().unwrap()..=b.parse::<u32>().unwrap());
            }
        }
        prop_assert_eq!(named, uids);
    }
}
