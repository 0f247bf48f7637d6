use super::*;

/// Long enough for what ends a rest at once; nothing is measured by it.
const WAIT: Duration = Duration::from_millis(20);
const LONG: Duration = Duration::from_secs(60);

fn link() -> Link {
    Link::new(Waker::new().unwrap(), Waker::new().unwrap())
}

#[test]
fn what_is_done_meanwhile_ends_no_rest_that_a_server_or_a_person_is_given() {
    for side in [Side::Mail, Side::Errands] {
        for remedy in [Remedy::Person, Remedy::WaitAtLeast(WAIT)] {
            let link = link();
            link.waker(side).wake();
            link.want_pass();
            assert_eq!(link.rest(side, WAIT, remedy), Rested::Whole, "{side:?} {remedy:?}");
            link.nudge();
            assert_eq!(link.rest(side, LONG, remedy), Rested::Asked, "{side:?} {remedy:?}");
            link.waker(side).wake();
            assert_eq!(link.rest(side, WAIT, remedy), Rested::Whole, "{side:?} {remedy:?}: asked once");
            link.waker(side).stop();
            assert_eq!(link.rest(side, LONG, remedy), Rested::Stopped, "{side:?} {remedy:?}");
        }
    }
}

#[test]
fn what_mends_itself_is_tried_again_when_something_is_done() {
    for side in [Side::Mail, Side::Errands] {
        let link = link();
        link.waker(side).wake();
        assert_eq!(link.rest(side, LONG, Remedy::Wait), Rested::Woken, "{side:?}");
        assert_eq!(link.rest(side, WAIT, Remedy::Wait), Rested::Whole, "{side:?}");
    }
}

#[test]
fn who_asks_is_not_forgotten_by_the_run_that_comes_next() {
    let link = link();
    link.nudge();
    link.urge();
    assert_eq!(link.take_urge(), Urge::Asked);
    assert_eq!(link.take_urge(), Urge::Due);
    link.urge();
    assert_eq!(link.take_urge(), Urge::Done);
}

#[test]
fn errands_that_rest_after_a_wrong_password_go_on_when_the_other_thread_is_let_in() {
    let link = link();
    link.mail_is_refused(true);
    assert!(link.is_refused());
    link.mail_is_refused(true);
    assert_eq!(link.rest(Side::Errands, WAIT, Remedy::Person), Rested::Whole);
    link.mail_is_refused(false);
    assert!(!link.is_refused());
    assert_eq!(link.rest(Side::Errands, LONG, Remedy::Person), Rested::Asked);
    link.mail_is_refused(false);
    assert_eq!(link.rest(Side::Errands, WAIT, Remedy::Person), Rested::Whole);
}
