//! What the benchmarks and the fault runs share: a desk with mail on it, clients of the team's log, servers, and how times are told.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

pub mod client;
pub mod corpus;
pub mod desk;
pub mod fetching;
pub mod letter;
pub mod process;
pub mod pty;
#[path = "../../tests/support/mod.rs"]
pub mod servers;
pub mod times;
