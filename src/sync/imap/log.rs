//! The shared log: operations as mails in a folder of the team's mailbox.
//!
//! `payload` is records as text that survives servers, `values` what is taken out of it and what is let go, `codec` is the mail around it,
//! `snapshot` the whole log in one mail, `reading` what a folder says about the order, `establish` how that order is found again,
//! `restored` when it must be, `history` where imported mail ends, `sign` keys and signatures, `trust` which mails count, `keys` how keys
//! get into the folder and stay there, `adopt` how mails that don't count are taken in, `removal` what is removed once a snapshot has it,
//! `traces` how words of what was erased go, `imap_log` the way there and back, `once` that over a connection, `keywords` a mirror for
//! other programs. None of it decides what an operation means: that is the fold's.

pub mod adopt;
pub mod codec;
mod error;
mod establish;
pub mod folder;
mod history;
pub mod imap_log;
pub mod keys;
pub mod keywords;
#[cfg(test)]
mod model_folder;
pub mod once;
pub mod payload;
mod reading;
mod removal;
mod restored;
pub mod session;
pub mod sign;
mod sink;
pub mod snapshot;
mod traces;
pub mod trust;
pub mod values;
