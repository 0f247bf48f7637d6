//! What the rooms of the library promise together, over real mail and over old stores, and the laws of the house.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and prints what it skips"
)]

#[path = "../support/corpora.rs"]
mod corpora;
#[path = "../support/desk.rs"]
mod desk;
#[path = "../support/fuzz/mod.rs"]
mod targets;

mod bounces;
mod fuzz;
mod invitation_corpora;
mod laws;
mod licences;
mod mime_corpora;
mod mime_hostile;
mod old_stores;
mod query_sql;
mod quotes;
mod shown;
mod thread_corpora;
mod unicode_data;
