//! Operations: everything that a person, a rule or a script does to conversations, and the pure fold that makes state of them.

pub mod describe;
pub mod fold;
pub mod holder;
pub mod news;
pub mod operation;
pub mod outcome;
pub mod record;
pub mod stats;
pub mod undo;
pub mod wish;

pub use operation::{Operation, Target};
pub use record::Record;
pub use wish::Wish;
