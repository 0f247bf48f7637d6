use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn paused(now: Instant) -> Pause {
    Pause { until: Some(now + MINUTE), urge: Urge::Due }
}

#[test]
fn what_is_done_in_a_pause_waits_for_its_end_and_is_urged_then() {
    let now = Instant::now();
    let mut pause = paused(now);
    assert_eq!(pause.admit(Urge::Done, now), None);
    assert_eq!(pause.admit(Urge::Due, now + MINUTE / 2), None);
    assert_eq!(pause.admit(Urge::Due, now + MINUTE), Some(Urge::Done));
    assert_eq!(pause.admit(Urge::Due, now + MINUTE), Some(Urge::Due), "urged once");
}

#[test]
fn somebody_who_asks_ends_a_pause() {
    let now = Instant::now();
    let mut pause = paused(now);
    assert_eq!(pause.admit(Urge::Asked, now), Some(Urge::Asked));
    assert_eq!(pause.admit(Urge::Due, now), Some(Urge::Due));
}
