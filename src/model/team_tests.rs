//! Configs and records that differ.

