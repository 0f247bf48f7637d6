use super::*;

#[test]
fn who_wrote_by_an_older_program_or_says_nothing_does_not_know() {
    for (by, known) in [
        (None, false),
        (Some("postroom/0.1.0"), false),
        (Some("postroom/0.1.9-rc1"), false),
        (Some("other/9.0.0"), false),
        (Some("postroom/0.2.0"), true),
        (Some("postroom/0.2.0-dev"), true),
        (Some("postroom/1.0"), true),
        (Some(crate::op::record::BY), true),
    ] {
        assert_eq!(knows(by), known, "{by:?}");
    }
}

#[test]
fn an_erasure_over_the_bound_of_a_record_is_several() {
    let messages = (0..TARGETS_MAX).map(|n| MessageId::new(&format!("{n}@x")).unwrap()).collect();
    let records = (0..30).map(|n| OpId(uuid::Uuid::from_u128(n))).collect();
    let all = erasures(records, messages);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(Known::is_within_bounds));
}
