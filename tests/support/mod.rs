//! What the tests against real and scripted servers share.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

pub mod desk;
pub mod dovecot;
pub mod faulty_imap;
pub mod header_bombs;
pub mod memory;
pub mod oauth;
pub mod person;
pub mod previous;
pub mod python;
pub mod scripted_imap;
pub mod smtp;
pub mod syncing;
pub mod terminal;
