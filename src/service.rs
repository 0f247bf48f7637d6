//! The use cases, each written once: what a person or a program wants done, by whichever front end it came. The screen, the verbs and
//! whatever else stands on top make a wish of keys or arguments, ask here, and show what came of it. Nothing here knows a terminal or the
//! network, and what comes back are values, not sentences.

pub mod attachments;
pub mod compose;
pub mod outbox;
pub mod review;
pub mod saved_replies;
