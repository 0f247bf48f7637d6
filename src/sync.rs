//! What crosses the wire: fetches mail, pushes operations, sends replies. It commits through the store and reports its state; it never
//! calls the screen.
//!
//! `round` is the recipe of a visit to an account; `supervisor` keeps accounts in sync with two threads each, `account` and `errands`, and
//! `serverless` those that wait for no server. All of them work over the traits of `remote`, whatever stands behind an account: `imap` (with
//! `smtp` to send by), `local`, and in tests `scripted`. `remotes` makes it, and nothing else asks for the kind.

mod account;
pub mod bulletin;
mod clock;
mod deriving;
pub mod discover;
pub mod drafts;
pub mod erasures;
mod errand;
mod errands;
pub mod error;
pub mod flags;
pub mod hooks;
pub mod imap;
mod link;
mod local;
pub mod lock;
pub mod log;
pub mod moves;
pub mod notice;
pub mod oauth;
pub mod outbox;
pub mod pass;
pub mod remote;
pub mod remotes;
pub mod retry;
pub mod round;
#[cfg(test)]
mod scripted;
pub mod secret;
pub mod serverless;
pub mod smtp;
pub mod supervisor;
mod tasks;
mod teller;
mod tls;
pub mod transport;
pub mod waker;

pub use errand::{Errand, ErrandMaker};
pub use pass::{Pass, Progress};
pub use remotes::{
    Found, FoundFolder, Remotes, Rights, examine, folder_beside, send_to_oneself, test_login, test_outgoing,
    test_sending,
};
pub use secret::{Configured, SecretProvider};
pub use supervisor::Supervisor;
pub use waker::Waker;
