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
