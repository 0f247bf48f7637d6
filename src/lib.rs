//! postroom: a terminal client for team inboxes.
//!
//! Everything that a person does is an operation, a conversation is a fold over its operations and messages, and the mailbox
//! carries the operations from client to client.
//!
//! The rooms form a ladder. Each may name only what stands to its left, and `tests/rooms/laws.rs` checks it:
//!
//! ```text
//! model <- text <- op <- mime, thread, query <- command <- store <- service <- sync
//! model, text, op, query, command <- keymap, theme, config <- app <- view
//! program, which runs other programs, stands beside op; service, sync, runtime and cli name it
//! runtime, cli and server stand on top; app and view never name store, service or sync
//! ```

// What the two rooms at the bottom have macros for: `phrase!` and `say!`.
#[macro_use]
pub mod model;
#[macro_use]
pub mod text;

pub mod app;
pub mod cli;
pub mod command;
pub mod config;
pub mod error;
pub mod keymap;
pub mod log;
pub mod mime;
pub mod op;
pub mod program;
pub mod query;
pub mod runtime;
pub mod service;
pub mod store;
pub mod sync;
pub mod theme;
pub mod thread;
pub mod view;
