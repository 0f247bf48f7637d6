//! A choice among many, found by typing a few of its letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::app::compose::SavedText;
use crate::app::line::Line;
use crate::app::prompt::PromptKind;
use crate::keymap::Action;
use crate::model::address::Address;
use crate::model::conversation::NoteItem;
use crate::model::ids::{Handle, InboxId, MessageId};
use crate::model::shown::Shown;
use crate::model::status::Status;
use crate::model::view::ConversationRow;

/// What is being chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picker {
    /// The words over the choices.
    pub title: String,
    /// The letters that were typed.
    pub line: Line,
    /// Every choice.
    pub choices: Vec<Choice>,
    /// The choices that match, best first, by their place.
    pub shown: Vec<usize>,
    /// The one under the cursor, by its place among those shown.
    pub at: usize,
}

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What stands on the screen, and is matched.
    pub label: String,
    /// More words about it, matched too.
    pub detail: String,
    /// Its key, shown at the right.
    pub key: String,
    /// Why it can't be chosen now.
    pub disabled: Option<String>,
    /// What choosing it means.
    pub means: Picked,
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picked {
    /// An action.
    Act(Action),
    /// A line of the command language.
    Line(String),
    /// A view, by its name.
    View(String),
    /// A theme, by its name.
    Theme(String),
    /// An assignee; `None` is nobody.
    Assign(Option<Handle>),
    /// A status.
    Status(Status),
    /// An inbox.
    Move(InboxId),
    /// A link to open.
    Link(String),
    /// A link to copy.
    CopyLink(String),
    /// An attachment.
    Attachment(MessageId, usize),
    /// To open the attachment.
    OpenFile(MessageId, usize),
    /// To save it, all of them, or to pipe it: the line that asks where to.
    Ask(PromptKind),
    /// A saved reply.
    Saved(Box<SavedText>),
    /// A file to take off the mail, by its place.
    Detach(usize),
    /// People to name in `Cc`.
    AddPeople(Vec<Address>),
    /// A note to edit.
    Note(Box<NoteItem>),
    /// A conversation to join to the open one.
    Join(Shown),
    /// The one of the marked conversations that the others are merged into.
    MergeInto(Box<ConversationRow>),
    /// The one that stays of a conversation and another one of its customer, and the one that is merged into it.
    MergeTheirs(Box<ConversationRow>, Shown),
    /// A message to split off.
    Split(MessageId),
}

impl Choice {
    /// Makes a choice that can be chosen.
    pub fn new(label: impl Into<String>, detail: impl Into<String>, means: Picked) -> Self {
        Self { label: label.into(), detail: detail.into(), key: String::new(), disabled: None, means }
    }
}

impl Picker {
    /// Makes a picker with nothing typed.
    pub fn new(title: impl Into<String>, choices: Vec<Choice>) -> Self {
        let shown = (0..choices.len()).collect();
        Self { title: title.into(), line: Line::default(), choices, shown, at: 0 }
    }

    /// Returns the choice under the cursor.
    pub fn chosen(&self) -> Option<&Choice> {
        self.shown.get(self.at).and_then(|place| self.choices.get(*place))
    }

    /// Moves the cursor, around the ends.
    pub fn step(&mut self, by: isize) {
        let count = self.shown.len() as isize;
        if count > 0 {
            self.at = (self.at as isize + by).rem_euclid(count) as usize;
        }
    }

    /// Finds anew what matches the letters.
    pub fn find(&mut self) {
        let typed = self.line.text();
        self.at = 0;
        if typed.trim().is_empty() {
            self.shown = (0..self.choices.len()).collect();
            return;
        }
        // Whoever is given work is meant, not guessed.
        if self.choices.iter().any(|choice| matches!(choice.means, Picked::Assign(_))) {
            let is_meant =
                |place: &usize| self.choices.get(*place).is_some_and(|choice| is_named(choice, typed.trim()));
            let mut shown: Vec<usize> = (0..self.choices.len()).filter(is_meant).collect();
            // Who is called so before whom another word about them names.
            shown.sort_by_key(|place| {
                let label = self.choices.get(*place).map_or("", |choice| &choice.label).to_lowercase();
                !label.starts_with(&typed.trim().to_lowercase())
            });
            self.shown = shown;
            return;
        }
        let pattern = Pattern::parse(typed.trim(), CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (place, choice) in self.choices.iter().enumerate() {
            // A match in the name counts for more than one in the words about it.
            let label = pattern.score(Utf32Str::new(&choice.label, &mut buffer), &mut matcher).map(|s| s * 2);
            let whole = format!("{} {}", choice.label, choice.detail);
            let score = label.or_else(|| pattern.score(Utf32Str::new(&whole, &mut buffer), &mut matcher));
            if let Some(score) = score {
                scored.push((score, place));
            }
        }
        scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        self.shown = scored.into_iter().map(|(_, place)| place).collect();
    }
}

/// Tells whether somebody may be called so: each word that was typed begins a word of the handle or the name, or all of it is the initials.
/// That nobody is to have it is typed in full.
fn is_named(choice: &Choice, typed: &str) -> bool {
    let typed = typed.to_lowercase();
    let label = choice.label.to_lowercase();
    if matches!(choice.means, Picked::Assign(None)) {
        return label == typed;
    }
    let about = format!("{label} {}", choice.detail.to_lowercase());
    let words = |text: &'_ str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let known = words(&about);
    let begins = |typed: &String| known.iter().any(|word| word.starts_with(typed.as_str()));
    let initials: String = choice.detail.split_whitespace().filter_map(|word| word.chars().next()).collect();
    let meant = words(&typed);
    label.starts_with(&typed)
        || (!meant.is_empty() && meant.iter().all(begins))
        || (typed.len() > 1 && initials.to_lowercase() == typed)
}
