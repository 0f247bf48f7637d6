use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn days(days: i64) -> Option<Timestamp> {
    Some(NOW.plus(-days * Timestamp::DAY))
}

#[test]
fn the_archive_s_time_counts_where_the_mail_s_own_is_near() {
    assert_eq!(Some(of(days(10), days(11), None, NOW)), days(10));
    assert_eq!(Some(of(days(1), days(300), None, NOW)), days(300), "when it was stored, not when it came");
    assert_eq!(Some(of(days(10), None, days(1), NOW)), days(10));
    assert_eq!(Some(of(None, days(5), days(1), NOW)), days(5));
    assert_eq!(Some(of(None, None, days(1), NOW)), days(1));
}

#[test]
fn nothing_comes_from_the_future() {
    assert_eq!(of(None, days(-400), None, NOW), NOW);
    assert_eq!(Some(of(None, days(-400), days(3), NOW)), days(3));
    assert_eq!(Some(of(days(2), days(-400), None, NOW)), days(2));
    assert_eq!(of(days(-1), days(-1), days(-1), NOW), NOW);
}

#[test]
fn names_of_files_tell_a_time() {
    assert_eq!(of_name("1796133600.M1P2.host:2,S"), Some(Timestamp::from_seconds(1_796_133_600)));
    assert_eq!(of_name("20261201T140000Z-0a1b.eml"), Some(Timestamp::from_seconds(1_796_133_600)));
    for name in ["", "mail.eml", "123.eml", "2026-12-01.eml", "99999999T999999Z-x.eml", "1796133600"] {
        assert_eq!(of_name(name), None, "{name}");
    }
}
