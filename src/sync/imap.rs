//! IMAP, from the socket up: each layer hides one thing from the next, and none knows of conversations.
//!
//! `wire` is bytes with timeouts and a wake-up, `divert` is whole responses with literals and oddities taken out, `connect` is the way
//! in, `session` is commands, `plan` decides what to fetch and `fetch` does it. The `imap` crate keeps tags and logs in; everything
//! untagged is read by us, because one line that it can't parse would end a session.

pub mod connect;
pub mod divert;
pub mod error;
pub mod fetched;
pub mod names;
pub mod quirks;
pub mod session;
pub mod wire;

pub use error::ImapError;
pub use fetched::Fetched;
pub use session::Session;
pub use wire::Waker;
