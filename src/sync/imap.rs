//! IMAP, from the socket up: each layer hides one thing from the next, and none knows of conversations.
//!
//! `wire` is bytes with timeouts and a wake-up, `divert` is whole responses with literals and oddities taken out, `connect` is the way
//! in, `session` is commands, `plan` decides what to fetch and `fetch` does it, `trust` says whether UIDs still hold, `watch` waits for
//! changes. `meter` says how slow a server may be. `line` brings a connection back that a command ended, so that `inflow` and `bodies` can
//! find the one mail that did it, which `aside` speaks for then; `portion` fetches and `pipeline` hands to the store. The `imap` crate
//! keeps tags and logs in; everything
//! untagged is read by us, because one line that it can't parse would end a session.

mod aside;
mod bodies;
pub mod connect;
mod crate_error;
pub mod divert;
mod envelope;
pub mod error;
pub mod fetch;
pub mod fetched;
mod inflow;
pub mod keep;
mod line;
mod mailbox;
pub mod meter;
pub mod names;
pub mod namespace;
pub mod pass;
mod pipeline;
pub mod plan;
mod portion;
pub mod quirks;
pub mod roles;
pub mod session;
mod trust;
pub mod watch;
pub mod wire;

pub use bodies::is_too_large;
pub use error::ImapError;
pub use fetch::Progress;
pub use fetched::Fetched;
pub use line::Reopen;
pub use namespace::Namespace;
pub use pass::{Pass, fetch_asked, pass, pass_over, pass_with};
pub use session::Session;
pub use wire::Waker;
