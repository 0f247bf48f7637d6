//! The team's record, shown, proposed and set.

