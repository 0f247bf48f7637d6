//! How far the clock of this machine is from that of a server.

use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::service::doctor::{Finding, Topic};
use crate::text;

/// By so many seconds clocks may differ before it is told.
pub(super) const FINE: i64 = 60;
/// By so many tokens and certificates begin to be refused, and moments on the log to mislead.
const WRONG: i64 = 300;

/// Says how far `now`, the time here, is from `there`, the seconds of a server's clock.
pub(super) fn compared(now: Timestamp, there: i64) -> Finding {
    let off = now.seconds().saturating_sub(there);
    if off.saturating_abs() <= FINE {
        return Finding::ok(Topic::Clock, phrase!("doctor-clock-fine"));
    }
    let span = text::span(off.saturating_abs().saturating_mul(1000));
    let what = match off > 0 {
        true => phrase!("doctor-clock-ahead", span = span),
        false => phrase!("doctor-clock-behind", span = span),
    };
    if off.saturating_abs() < WRONG {
        return Finding::warning(Topic::Clock, what, phrase!("hint-doctor-clock"));
    }
    // None of the exit codes is that of a clock: what was expected of it does not hold.
    Finding::fault(Topic::Clock, UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-doctor-clock")))
}
