//! What needs servers: the library and the real binary against a real Dovecot and a real SMTP server, and scripted ones for faults.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise, and prints what it skips"
)]

#[path = "../cli/environment.rs"]
#[allow(dead_code)]
mod environment;
#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod backup;
mod doctor;
mod drafts;
mod erase;
mod flags_told;
mod forward_verb;
mod gone;
mod hooks;
mod imap_faults;
mod imap_restore;
mod imap_session;
mod imap_supervisor;
mod imap_sync;
mod imap_throttle;
mod imap_watch;
mod import;
mod invitations;
mod log_imap;
mod log_misplaced;
mod log_rights;
mod log_stranger;
mod log_trouble;
mod login;
mod mail_move;
mod move_turns;
mod move_verb;
mod next_verb;
mod old_clients;
mod one_connection;
mod outbox_learns;
mod recipes;
mod send;
mod send_accounts;
mod send_verb;
mod setup;
mod verbs;
mod watch_verb;
