//! The program as scripts and people meet it: the real binary, its output and its exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod environment;
#[path = "../support/hostile.rs"]
mod hostile_text;

mod backup;
mod batch;
mod completions;
mod config;
mod contract;
mod customer;
mod demo;
mod erase;
mod errors;
mod examples;
mod export;
mod hangup;
mod help;
mod hostile;
mod import;
mod init;
mod names;
mod news;
mod next;
mod own;
mod pipes;
mod recipes;
mod schema;
mod scripts;
mod sending;
mod shape;
mod shared;
mod targets;
mod team;
mod texts;
mod threading;
mod together;
mod triage;
mod verbs;
mod version;
mod watch;
mod wishes_writing;
