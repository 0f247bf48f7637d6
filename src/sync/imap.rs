//! IMAP, from the socket up: each layer hides one thing from the next, and none knows of conversations.
//!
//! `wire` is bytes with timeouts and a wake-up, `divert` is whole responses with literals and oddities taken out, `connect` is the way
//! in, `session` is commands, `plan` decides what to fetch and `fetch` does it,
//! `trust` says whether UIDs still hold, `watch` waits for changes. The `imap` crate keeps tags and logs in; everything
//! untagged is read by us, because one line that it can't parse would end a session.

pub mod connect;
mod crate_error;
pub mod divert;
pub mod error;
pub mod fetch;
pub mod fetched;
pub mod keep;
pub mod names;
pub mod namespace;
pub mod pass;
pub mod plan;
pub mod quirks;
pub mod roles;
pub mod session;
mod trust;
pub mod watch;
pub mod wire;

pub use error::ImapError;
pub use fetch::{Progress, is_too_large};
pub use fetched::Fetched;
pub use namespace::Namespace;
pub use pass::{Pass, fetch_asked, pass, pass_over};
pub use session::Session;
pub use wire::Waker;
