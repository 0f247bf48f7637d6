//! The shared log: operations as mails in a folder of the team's mailbox.
//!
//! `payload` is records as text that survives servers, `codec` is the mail around it, `snapshot` the whole log in one mail, `reading`
//! what a folder says about the order, `establish` how that order is found again, `imap` the way there and back, `telling` what people
//! must read of it. None of it decides what an operation means: that is the fold's.

pub mod codec;
pub mod errand;
mod establish;
pub mod folder;
pub mod imap;
#[cfg(test)]
mod model_folder;
pub mod payload;
mod reading;
pub mod session;
pub mod snapshot;
pub mod telling;
