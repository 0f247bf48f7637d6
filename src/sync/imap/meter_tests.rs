use super::*;

/// Feeds a meter with `bytes` after each of `times` waits of `wait`, all within one response; tells after how many it had enough.
fn enough(wait: Duration, bytes: u64, times: usize) -> Option<usize> {
    let mut meter = Meter::default();
    (0..times).find(|_| meter.received(wait, bytes, true).is_err())
}

#[test]
fn a_line_of_64_kbit_passes_for_hours_and_a_byte_a_second_ends_after_a_minute() {
    assert_eq!(enough(Duration::from_secs(1), 8000, 20_000), None);
    assert_eq!(enough(Duration::from_millis(20), 160, 500_000), None);
    assert_eq!(enough(Duration::from_secs(1), 1, 1000), Some(59));
    assert_eq!(enough(Duration::from_secs(19), 100, 1000), Some(3));
    assert_eq!(enough(Duration::from_secs(1), 1023, 1000), Some(59), "just below the rate");
    assert_eq!(enough(Duration::from_secs(1), 1024, 10_000), None, "just the rate");
}

#[test]
fn a_quick_beginning_buys_no_slow_end() {
    let mut meter = Meter::default();
    for _ in 0..60 {
        meter.received(Duration::from_secs(1), 1 << 20, true).unwrap();
    }
    let error = (0..61).find_map(|_| meter.received(Duration::from_secs(1), 1, true).err()).unwrap();
    assert!(matches!(error, ImapError::TooSlow { bytes: 60, seconds: 60 }), "{error:?}");
    assert!(error.to_string().contains("60 bytes in 60 seconds"), "{error}");
    assert!(error.to_string().contains("1024 bytes a second"), "{error}");
}

#[test]
fn lines_that_keep_us_waiting_are_no_slowness_until_half_an_hour_has_gone() {
    let mut meter = Meter::default();
    let late = (0..1000).find(|_| meter.received(Duration::from_secs(10), 20, false).is_err());
    assert_eq!(late, Some(179));
    meter.begin();
    meter.received(Duration::from_secs(10), 20, false).unwrap();
}
