use super::Pace;
use crate::model::clock::Timestamp;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_000 + seconds)
}

#[test]
fn what_is_left_takes_as_long_as_what_was_done_says() {
    let pace = Pace::begin(at(0), 0);
    assert_eq!((pace.rate(at(10), 400), pace.left(at(10), 400, 4_400)), (Some(40), Some(100_000)));
    // What was done before it began says nothing of the pace.
    let later = Pace::begin(at(0), 300);
    assert_eq!((later.rate(at(10), 400), later.left(at(10), 400, 500)), (Some(10), Some(10_000)));
}

#[test]
fn nothing_is_said_that_is_not_known_yet() {
    let pace = Pace::begin(at(0), 0);
    assert_eq!(pace.left(at(2), 400, 4_400), None, "too early");
    assert_eq!(pace.left(at(10), 0, 4_400), None, "nothing done");
    assert_eq!(pace.left(at(10), 400, 400), None, "nothing left");
    assert_eq!(pace.rate(at(-60), 400), None, "a clock that was set back");
    assert_eq!(pace.left(at(i64::from(u32::MAX)), 1, u64::MAX), None, "no number");
}
