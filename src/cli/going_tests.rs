use super::*;
use crate::model::clock::Timestamp;

#[test]
fn it_is_said_how_fast_it_goes_and_how_long_the_rest_takes_once_that_is_known() {
    let clock = Clock::fixed(Timestamp::from_seconds(1_795_339_200));
    let mut going = Going::new(&clock);
    assert_eq!(going.pace("copy", 0, 1000), "");
    clock.advance(10_000);
    assert_eq!(going.pace("copy", 200, 1000), ", 20/s, 40 s left");
    assert_eq!(going.left("copy", 200, 1000), ", 40 s left");
    assert_eq!(going.pace("sum", 0, 10), "", "another piece of work begins anew");
}

#[test]
fn the_opening_of_a_store_is_told_step_by_step() {
    let clock = Clock::fixed(Timestamp::from_seconds(1_795_339_200));
    let mut going = Going::new(&clock);
    let told = going.opening(Opening::Migrating { done: 0, all: 4 });
    assert!(told.contains("1 of 4"), "{told}");
    let _ = going.opening(Opening::Indexing { done: 0, all: 600 });
    clock.advance(6_000);
    let told = going.opening(Opening::Indexing { done: 60, all: 600 });
    assert!(told.contains("60 of 600") && told.ends_with(", 10/s, 54 s left"), "{told}");
}
