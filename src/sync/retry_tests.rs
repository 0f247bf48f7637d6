use super::*;

#[test]
fn waits_double_up_to_five_minutes_and_begin_anew_after_a_success() {
    let mut backoff = Backoff::default();
    let waits: Vec<u64> = (0..12).map(|_| backoff.next(Remedy::Wait, 1.0).as_secs()).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    backoff.reset();
    assert_eq!(backoff.next(Remedy::Wait, 0.0), Duration::from_millis(500));
}

#[test]
fn a_server_that_names_a_time_gets_it_and_a_wrong_password_is_not_tried_in_a_loop() {
    let mut backoff = Backoff::default();
    assert_eq!(backoff.next(Remedy::WaitAtLeast(Duration::from_secs(299)), 0.5), Duration::from_secs(299));
    assert_eq!(backoff.next(Remedy::Person, 0.0), PERSON);
    for _ in 0..100 {
        assert!(backoff.next(Remedy::Wait, 0.7) <= LONGEST);
    }
}

#[test]
fn an_idle_that_keeps_missing_mail_is_replaced_by_asking() {
    let mut push = Push::default();
    push.quiet(0);
    push.quiet(1);
    push.quiet(2);
    assert!(!push.must_poll());
    push.quiet(3);
    assert!(push.must_poll());
    push.told();
    assert!(!push.must_poll());
}

#[test]
fn an_idle_that_was_never_quick_gets_short_waits() {
    let mut trust = Trust::default();
    assert_eq!(trust.wait(), Some(SHORT));
    for _ in 0..20 {
        trust.learn(false, true);
    }
    trust.learn(true, true);
    assert_eq!(trust.wait(), Some(SHORT));
}

#[test]
fn an_idle_that_tells_is_relied_on_though_a_mail_came_at_the_end_of_a_wait() {
    let mut trust = Trust::default();
    trust.learn(false, false);
    trust.learn(true, true);
    trust.learn(true, true);
    assert_eq!(trust.wait(), None);
    for _ in 0..3 {
        trust.learn(true, true);
    }
    trust.learn(false, true);
    assert_eq!(trust.wait(), None);
}
