use super::*;

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
