//! Seed, keys, screen: the whole program on a screen in memory, through the loop that also runs in production.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

#[path = "../support/corpora.rs"]
mod corpora;
#[path = "../support/hostile.rs"]
mod hostile_text;

mod assigning;
mod bodies;
mod bulk;
mod bytes;
mod composer;
mod conversation;
mod counted;
mod cursor;
mod customer;
mod directions;
mod files;
mod frame;
mod hostile;
mod invitations;
mod keymaps;
mod keys;
mod linear;
mod looking;
mod looks;
mod motion;
mod mouse;
mod news;
mod next;
mod operations;
mod pipe;
mod presence;
mod queue;
mod quit;
mod quotes;
mod random;
mod rows;
mod scripts;
mod seed;
mod senders;
mod shared_replies;
mod sheets;
mod shots;
mod sorting;
mod table;
mod taking;
mod teams;
mod texts;
mod themes;
mod together;
mod told;
mod trouble;
mod undo;
mod views;
mod widths;
mod wishes;
mod writing;
mod writing_shots;
