//! What crosses the wire: fetches mail, pushes operations, sends replies. It commits through the store and reports its state; it never
//! calls the screen.

pub mod compose;
pub mod imap;
pub mod outbox;
pub mod smtp;
