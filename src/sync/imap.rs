//! IMAP, from the socket up: each layer hides one thing from the next, and none knows of conversations.
//!
//! `wire` is bytes with timeouts and a wake-up, `divert` is whole responses with literals and oddities taken out, `connect` is the way
//! in, `session` is commands, `plan` decides what to fetch and `fetch` does it, `trust` says whether UIDs still hold, `watch` waits for
//! changes. `meter` says how slow a server may be. `line` brings a connection back that a command ended, so that `inflow` and `bodies` can
//! find the one mail that did it, which `aside` speaks for then; `portion` fetches and `pipeline` hands to the store. The `imap` crate
//! keeps tags and logs in; everything untagged is read by us, because one line that it can't parse would end a session.
//!
//! On top of them stands what the rounds see (`crate::sync::remote`): `remote` outlives its connections, `connection` is one, and `logging`,
//! `mailing` and `filing` are its log, its mailbox and its way out, over `log`, `mover`, `eraser`, `flags` and `drafts`. `push` says whether a server
//! is believed that tells of changes.

pub mod account;
mod aside;
mod bodies;
pub mod connect;
pub mod connection;
mod crate_error;
pub mod divert;
pub mod drafts;
mod envelope;
pub mod eraser;
pub mod error;
mod examine;
pub mod fetch;
pub mod fetched;
mod filing;
pub mod flags;
mod inflow;
pub mod keep;
mod line;
pub mod log;
mod logging;
mod mailbox;
mod mailing;
pub mod meter;
pub mod mover;
pub mod names;
pub mod namespace;
pub mod once;
pub mod pass;
mod pipeline;
pub mod plan;
mod portion;
mod push;
pub mod quirks;
mod refusal;
pub mod remote;
pub mod roles;
pub mod session;
mod trust;
pub mod watch;
pub mod wire;

pub use account::ImapAccount;
pub use connection::ImapConnection;
pub use error::ImapError;
pub use examine::examine;
pub use fetched::Fetched;
pub use line::Reopen;
pub use namespace::Namespace;
pub use pass::{fetch_asked, pass, pass_over, pass_with};
pub use session::Session;

pub use super::pass::{Pass, Progress};
pub use super::waker::Waker;
