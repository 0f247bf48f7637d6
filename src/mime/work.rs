//! Work counted in tests: that hostile mail costs no more than its bytes is shown by a number, and not by a clock.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts steps of a search: bytes, lines or words looked at. Costs nothing outside tests.
#[inline]
pub(super) fn step(steps: usize) {
    #[cfg(test)]
    STEPS.set(STEPS.get() + steps);
    let _ = steps;
}

/// Returns how many steps something takes.
#[cfg(test)]
pub(in crate::mime) fn steps_of<T>(work: impl FnOnce() -> T) -> usize {
    let before = STEPS.get();
    let _ = work();
    STEPS.get() - before
}
