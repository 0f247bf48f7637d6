//! Side panels: programs of the reader's own config whose lines stand beside a conversation.

use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// The most panels that a config may have.
pub const PANELS_MAX: usize = 8;
/// The most lines of one that are shown.
pub const PANEL_LINES_MAX: usize = 60;
/// The most characters of a line.
pub const PANEL_LINE_MAX: usize = 200;

/// A program that is asked about a conversation and its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Its name in the config.
    pub name: String,
    /// What stands above its lines.
    pub title: SafeText,
    /// The program and its words.
    pub run: Vec<String>,
    /// The query that the conversation must answer; empty for every one.
    pub when: String,
    /// Seconds after which it is killed.
    pub timeout: u32,
    /// For so many seconds what it said of a conversation is shown again without asking it.
    pub keep: u32,
    /// Whether it is run for somebody whom only a form names.
    pub claims: bool,
}

impl Panel {
    /// Returns what the screen knows of it.
    pub fn head(&self) -> PanelHead {
        let Self { name, title, keep, .. } = self;
        PanelHead { name: name.clone(), title: title.clone(), keep: *keep }
    }
}

/// What the screen knows of a panel: how it runs does not concern it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelHead {
    /// Its name in the config.
    pub name: String,
    /// What stands above its lines.
    pub title: SafeText,
    /// For so many seconds what it said of a conversation is shown again without asking it.
    pub keep: u32,
}

/// What came of asking a panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PanelSaid {
    /// It printed lines; `cut` where there were more.
    Lines {
        /// At most [`PANEL_LINES_MAX`], without empty ones at the ends.
        lines: Vec<SafeText>,
        /// Whether there were more.
        cut: bool,
    },
    /// It was killed after so many seconds.
    Slow(u64),
    /// It failed, or could not be run: why.
    Failed(Phrase),
    /// It was stopped, because nobody waits for it any more.
    Stopped,
}
