//! The use cases, each written once: what a key, a verb, a rule or a request means is worked out here, and nowhere else is anything
//! committed.
//!
//! A front end says what is wished and what it had shown; it gets facts back and makes its own words of them. Nothing here knows a
//! terminal or the network.

pub mod attachments;
pub mod backup;
pub mod batch;
pub mod collision;
pub mod compose;
pub mod customer;
pub mod doctor;
pub mod erase;
pub mod export;
pub mod import;
pub mod invite;
pub mod known;
pub mod meant;
pub mod next;
pub mod outbox;
pub mod pipe;
pub mod queue;
pub mod reading;
pub mod review;
pub mod saved_replies;
pub mod team;
pub mod triage;
