//! The program as scripts and people meet it: the real binary, its output and its exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "cli/environment.rs"]
mod environment;

#[path = "cli/backup.rs"]
mod backup;
#[path = "cli/batch.rs"]
mod batch;
#[path = "cli/completions.rs"]
mod completions;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/contract.rs"]
mod contract;
#[path = "cli/customer.rs"]
mod customer;
#[path = "cli/demo.rs"]
mod demo;
#[path = "cli/erase.rs"]
mod erase;
#[path = "cli/errors.rs"]
mod errors;
#[path = "cli/export.rs"]
mod export;
#[path = "cli/hangup.rs"]
mod hangup;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/import.rs"]
mod import;
#[path = "cli/init.rs"]
mod init;
#[path = "cli/names.rs"]
mod names;
#[path = "cli/news.rs"]
mod news;
#[path = "cli/next.rs"]
mod next;
#[path = "cli/own.rs"]
mod own;
#[path = "cli/pipes.rs"]
mod pipes;
#[path = "cli/recipes.rs"]
mod recipes;
#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/scripts.rs"]
mod scripts;
#[path = "cli/sending.rs"]
mod sending;
#[path = "cli/shape.rs"]
mod shape;
#[path = "cli/targets.rs"]
mod targets;
#[path = "cli/team.rs"]
mod team;
#[path = "cli/texts.rs"]
mod texts;
#[path = "cli/threading.rs"]
mod threading;
#[path = "cli/together.rs"]
mod together;
#[path = "cli/triage.rs"]
mod triage;
#[path = "cli/verbs.rs"]
mod verbs;
#[path = "cli/watch.rs"]
mod watch;
