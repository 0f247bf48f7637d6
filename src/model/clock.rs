//! Time and fresh ids, handed in from outside so that tests can fix both.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::ids::OpId;

/// A moment: milliseconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// One day, in milliseconds.
    pub const DAY: i64 = 86_400_000;

    /// Returns the moment `seconds` after 1970, saturating at the ends.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Returns whole seconds since 1970, rounded down.
    pub fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Returns the moment `milliseconds` later (earlier when negative), saturating at the ends.
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Returns milliseconds from `earlier` to this, negative when this is before it.
    pub fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Where "now" comes from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// A clock that a test sets, in milliseconds since 1970.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// Returns a clock that stands at `at` until [`Clock::advance`] moves it.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.0)))
    }

    /// Returns the present moment.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Fixed(at) => Timestamp(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock by `milliseconds`; the machine's clock is left alone.
    pub fn advance(&self, milliseconds: i64) {
        if let Self::Fixed(at) = self {
            at.fetch_add(milliseconds, Ordering::SeqCst);
        }
    }
}

/// Where fresh operation ids come from.
#[derive(Clone, Debug, Default)]
pub enum Ids {
    /// UUIDv7 of the present moment (RFC 9562 section 5.7).
    #[default]
    Random,
    /// 1, 2, 3 … below a seed, for tests: ids of different seeds never meet.
    Counted {
        /// The upper half of every id.
        seed: u64,
        /// The last number handed out.
        last: Arc<AtomicU64>,
    },
}

impl Ids {
    /// Returns a test's source of ids.
    pub fn counted(seed: u64) -> Self {
        Self::Counted { seed, last: Arc::new(AtomicU64::new(0)) }
    }

    /// Returns an id that was never given out before.
    pub fn next(&self) -> OpId {
        match self {
            Self::Random => OpId(Uuid::now_v7()),
            Self::Counted { seed, last } => {
                let n = last.fetch_add(1, Ordering::SeqCst).wrapping_add(1);
                OpId(Uuid::from_u64_pair(*seed, n))
            }
        }
    }
}
