//! A choice among many, found by typing how it begins.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::compose::SavedText;
use crate::app::line::Line;
use crate::app::prompt::PromptKind;
use crate::keymap::Action;
use crate::model::address::Address;
use crate::model::conversation::NoteItem;
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId, Tag};
use crate::model::list_look::Column;
use crate::model::shown::Shown;
use crate::model::status::Status;
use crate::model::view::ConversationRow;
use crate::op::wish::Wish;

/// The key that compares what becomes one, whatever that is called: no id and no name begins with it.
pub const COMPARES: char = '=';

/// What is being chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picker {
    /// Of which kind it is.
    pub kind: PickerKind,
    /// The words over the choices, in front of what is typed.
    pub title: String,
    /// The letters that were typed.
    pub line: Line,
    /// Every choice.
    pub choices: Vec<Choice>,
    /// The choices that match, best first, by their place.
    pub shown: Vec<usize>,
    /// How many of those shown begin as was typed; behind them stand those in which it only occurs, under a heading.
    pub begins: usize,
    /// The one under the cursor, by its place among those shown; `None` where nobody chose one and none begins as was typed.
    pub at: Option<usize>,
    /// Of tags: those that were set or taken off here.
    pub set: BTreeMap<Tag, bool>,
}

/// Kinds of pickers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickerKind {
    /// One of a few.
    Choice,
    /// Who is to have it: whoever is given work is meant, not guessed.
    Assign,
    /// Tags, several at once.
    Tags,
    /// Saved replies, each with a look at its text.
    Saved,
    /// Conversations of different customers that become one: the ids of all are typed, and the cursor is on the one that stays.
    Merge,
    /// The palette, which is the command line.
    Palette,
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
    /// What choosing it acts on; empty where that is plain.
    pub target: String,
    /// What else is told of it in columns of their own; nothing that is typed matches that.
    pub facts: Vec<String>,
    /// Whether it is hardly meant, and stands back.
    pub quiet: bool,
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
    /// A conversation that is in sight, to be opened.
    Row(Box<ConversationRow>),
    /// What was asked about, as it is for many.
    Wish(Box<Wish>),
    /// A view, by its name.
    View(String),
    /// A theme, by its name.
    Theme(String),
    /// A column of the list, to be shown or hidden.
    Column(Column),
    /// A tag.
    Tag(Tag),
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
    /// To save these attachments: the line that asks where to.
    SaveAll(Vec<(MessageId, usize)>),
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
        Self {
            label: label.into(),
            detail: detail.into(),
            key: String::new(),
            disabled: None,
            target: String::new(),
            facts: Vec::new(),
            quiet: false,
            means,
        }
    }
}

impl Picker {
    /// Makes a picker with nothing typed.
    pub fn new(title: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::of(PickerKind::Choice, title, choices)
    }

    /// Makes a picker of a kind with nothing typed.
    pub fn of(kind: PickerKind, title: impl Into<String>, choices: Vec<Choice>) -> Self {
        let mut picker = Self {
            kind,
            title: title.into(),
            line: Line::default(),
            choices: Vec::new(),
            shown: Vec::new(),
            begins: 0,
            at: None,
            set: BTreeMap::new(),
        };
        let count = choices.len();
        picker.show(choices, count);
        picker
    }

    /// Shows these choices and no others, of which the first so many begin as was typed.
    pub fn show(&mut self, choices: Vec<Choice>, begins: usize) {
        self.shown = (0..choices.len()).collect();
        self.begins = begins;
        self.choices = choices;
        self.at = (begins > 0).then_some(0);
    }

    /// Returns the conversations that become one by a choice.
    pub fn rows_to_merge(&self) -> impl Iterator<Item = &ConversationRow> {
        self.choices.iter().filter_map(|choice| match &choice.means {
            Picked::MergeInto(row) | Picked::MergeTheirs(row, _) => Some(&**row),
            _ => None,
        })
    }

    /// Returns the ids that are to be typed where conversations of different customers become one.
    pub fn ids_to_merge(&self) -> Vec<&str> {
        self.rows_to_merge().map(|row| row.short.as_str()).collect()
    }

    /// Tells whether these ids were typed, in any order, and nothing else. They are read as ids are everywhere: capitals and the letters
    /// that look like digits are taken for what they stand for.
    pub fn is_merge_typed(&self) -> bool {
        let typed = self.line.text();
        let typed: Option<BTreeSet<String>> = typed.split_whitespace().map(ConversationId::normalise).collect();
        typed == Some(self.ids_to_merge().into_iter().map(str::to_owned).collect())
    }

    /// Returns the key that shows what becomes one side by side, where the choice is about that: `p`, but where what is typed may begin
    /// with it.
    pub fn compare_key(&self) -> Option<char> {
        self.rows_to_merge().next()?;
        let begins = match self.kind {
            PickerKind::Merge => self.rows_to_merge().any(|row| row.short.starts_with('p')),
            _ => self.choices.iter().any(|choice| is_meant(choice, "p")),
        };
        Some(if begins { COMPARES } else { 'p' })
    }

    /// Tells whether it is the question before something is done to many.
    pub fn is_deed_on_many(&self) -> bool {
        matches!(self.choices.as_slice(), [only] if matches!(only.means, Picked::Wish(_)))
    }

    /// Returns the choice under the cursor.
    pub fn chosen(&self) -> Option<&Choice> {
        self.at.and_then(|at| self.shown.get(at)).and_then(|place| self.choices.get(*place))
    }

    /// Moves the cursor, around the ends.
    pub fn step(&mut self, by: isize) {
        let count = self.shown.len() as isize;
        if count > 0 {
            let from = self.at.map_or(if by > 0 { -1 } else { 0 }, |at| at as isize);
            self.at = Some((from + by).rem_euclid(count) as usize);
        }
    }

    /// Finds anew what begins with the letters: nothing matches by letters that are scattered over it.
    pub fn find(&mut self) {
        let typed = self.line.text();
        let typed = typed.trim();
        let mut shown: Vec<usize> = (0..self.choices.len()).collect();
        if !typed.is_empty() {
            shown.retain(|place| self.choices.get(*place).is_some_and(|choice| is_meant(choice, typed)));
            // Who is called so before whom another word about them names.
            let typed = typed.to_lowercase();
            let rank = |place: &usize| {
                let label = self.choices.get(*place).map_or(String::new(), |choice| choice.label.to_lowercase());
                (label != typed, !label.trim_start_matches('#').starts_with(typed.trim_start_matches('#')))
            };
            shown.sort_by_key(rank);
        }
        self.begins = shown.len();
        self.at = (!shown.is_empty()).then_some(0);
        self.shown = shown;
    }
}

/// Tells whether a choice may be meant: each word that was typed begins a word of its label or of what is said about it, or all of it is
/// the initials. That nobody is to have it is typed in full.
fn is_meant(choice: &Choice, typed: &str) -> bool {
    let typed = typed.to_lowercase();
    let label = choice.label.to_lowercase();
    if matches!(choice.means, Picked::Assign(None)) {
        return label == typed;
    }
    let initials: String = choice.detail.split_whitespace().filter_map(|word| word.chars().next()).collect();
    label.starts_with(&typed)
        || begin_all(&typed, &format!("{label} {}", choice.detail))
        || (typed.chars().count() > 1 && initials.to_lowercase() == typed)
}

/// Tells whether each word of `typed` begins a word of `text`.
pub(crate) fn begin_all(typed: &str, text: &str) -> bool {
    begin_in(&words(typed), &words(text))
}

/// Returns the words of a text, as they are compared.
pub(crate) fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Tells whether each of the meant words begins one of the known.
pub(crate) fn begin_in(meant: &[String], known: &[String]) -> bool {
    let begins = |typed: &String| known.iter().any(|word| word.starts_with(typed.as_str()));
    !meant.is_empty() && meant.iter().all(begins)
}

#[cfg(test)]
#[path = "picker_tests.rs"]
mod tests;
