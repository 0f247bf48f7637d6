//! What crosses the wire: fetches mail, pushes operations, sends replies. It commits through the store and reports its state; it never
//! calls the screen.

mod account;
pub mod bulletin;
mod deriving;
pub mod drafts;
pub mod eraser;
mod errand;
mod errands;
pub mod error;
pub mod flags;
pub mod hooks;
pub mod imap;
mod link;
pub mod local;
pub mod lock;
pub mod log;
pub mod mover;
pub mod notice;
pub mod once;
pub mod outbox;
mod refusal;
pub mod retry;
pub mod round;
pub mod secret;
pub mod smtp;
pub mod supervisor;
mod tasks;
mod teller;

pub use errand::{Errand, ErrandMaker};
pub use imap::{Pass, Progress, Waker};
pub use once::{Discovered, sync_once, test_login};
pub use secret::{Configured, SecretProvider};
pub use supervisor::Supervisor;
