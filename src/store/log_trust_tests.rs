use super::*;
use crate::model::ids::AccountId;

fn key(fingerprint: &str, counts: bool, at: Option<(u32, u32)>) -> LogKey {
    let at = at.map(|(validity, uid)| LogKeyPlace { validity, uid, here: uid });
    LogKey { fingerprint: fingerprint.to_owned(), json: "{}".to_owned(), counts, at }
}

#[test]
fn a_key_keeps_its_lowest_place_under_one_uidvalidity_and_goes_on_counting() {
    let bench = super::super::testing::Bench::new();
    let account = AccountId::new("main").unwrap();
    let store = &bench.store;
    for found in [
        key("a", true, None),
        key("a", false, Some((1, 9))),
        key("a", false, Some((1, 4))),
        key("a", false, Some((1, 12))),
    ] {
        store.keep_log_key(&account, &found).unwrap();
    }
    let kept = store.log_keys(&account).unwrap();
    assert_eq!(kept, [LogKey { at: Some(LogKeyPlace { validity: 1, uid: 4, here: 12 }), ..key("a", true, None) }]);
    store.keep_log_key(&account, &key("a", false, Some((2, 30)))).unwrap();
    let kept = store.log_keys(&account).unwrap();
    assert_eq!(kept[0].at, Some(LogKeyPlace { validity: 2, uid: 30, here: 30 }));
}
