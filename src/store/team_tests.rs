//! Whose team it is when configs and logs say different things.

