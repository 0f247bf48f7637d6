//! What came of a command that mail was given to.

use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// What a command that somebody typed made of mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piped {
    /// To how many mails.
    pub mails: usize,
    /// Why it did not end well; `None` where it did.
    pub why: Option<Phrase>,
    /// What it printed.
    pub lines: Vec<SafeText>,
    /// What it said beside that.
    pub said: Vec<SafeText>,
    /// Whether it printed more than is kept.
    pub cut: bool,
}
