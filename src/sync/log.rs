//! The shared log: operations as mails in a folder of the team's mailbox.
//!
//! `payload` is records as text that survives servers, `codec` is the mail around it, `snapshot` the whole log in one mail, `place` the
//! order of the log, `imap` the way there and back. None of it decides what an operation means: that is the fold's.

pub mod codec;
pub mod folder;
pub mod payload;
pub mod snapshot;
