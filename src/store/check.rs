//! Compares what is kept with what can be computed.
