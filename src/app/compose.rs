//! A mail being written, as the screen holds it: header fields, the text area, and how far the store has it.
//!
//! The text holds only what passed the sanitiser, because the text area draws it as it stands.

mod file;
mod outgoing;

use ratatui_textarea::{CursorMove, TextArea, WrapMode};

use crate::app::line::Line;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId};
use crate::model::reply::{ComposeSession, Draft, DraftKind, OutgoingFile, Review, Sender, split_forwarded};
use crate::model::shared_reply::{Difference, SharedReply};
use crate::model::template::{Unresolved, placeholders_among};
use crate::model::text::SafeText;
use crate::model::view::Lease;
use crate::text;

pub use file::{from_file, parse_addresses, paths_in, to_file, write_addresses};
pub use outgoing::{Answered, DraftRow, Leaving, OnTheWay, OutList, OutRow, Quitting};

/// Milliseconds of rest after which a draft is kept.
pub const KEEP_AFTER: u64 = 1_000;
/// How long the others see that somebody is replying, in milliseconds; it is renewed while typing goes on.
pub const LEASE: i64 = 300_000;

/// A part of the mail that has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// From whom it goes out.
    From,
    /// `To`.
    To,
    /// `Cc`.
    Cc,
    /// `Bcc`.
    Bcc,
    /// The subject.
    Subject,
    /// The text.
    Body,
}

impl Field {
    /// Every field, in the order of the screen.
    pub const ALL: [Field; 6] = [Field::From, Field::To, Field::Cc, Field::Bcc, Field::Subject, Field::Body];

    /// Returns the words in front of it.
    pub fn label(self) -> String {
        match self {
            Field::From => say!("label-from"),
            Field::To => say!("label-to"),
            Field::Cc => say!("label-cc"),
            Field::Bcc => say!("label-bcc"),
            Field::Subject => say!("label-subject"),
            Field::Body => String::new(),
        }
    }
}

/// What is to happen as soon as the store has the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Leave the screen.
    Leave,
    /// Look the mail over.
    Review,
    /// Hand it to the external editor.
    Editor,
    /// End the program: the terminal is gone, or somebody ends it from outside.
    Quit,
    /// Put it into the outbox.
    Send {
        /// Not before; `None` is after the undo window.
        at: Option<Timestamp>,
    },
}

/// The look at a mail before it goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looking {
    /// What is shown.
    pub review: Review,
    /// Lines that are scrolled away at the top.
    pub scroll: usize,
    /// Whether news came in while it was looked at, and no key has acknowledged them.
    pub unread: bool,
}

/// A saved reply with its variables filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedText {
    /// Its name.
    pub name: String,
    /// Tags and language in words.
    pub about: String,
    /// The subject, empty where it names none.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Where the cursor goes, in bytes of the text.
    pub cursor: usize,
    /// The variables that nothing is known for.
    pub unresolved: Vec<String>,
    /// What the team shares, where it is used; `None` for an own file.
    pub team: Option<SharedReply>,
    /// What is other than what I last used, to be looked at before it is put in.
    pub change: Option<Difference>,
}

/// A mail being written.
#[derive(Clone, Debug)]
pub struct Compose {
    /// The draft as the store last had it; the fields below are newer.
    pub draft: Draft,
    /// How it can be sent.
    pub senders: Vec<Sender>,
    /// `To`, as typed.
    pub to: Line,
    /// `Cc`, as typed.
    pub cc: Line,
    /// `Bcc`, as typed.
    pub bcc: Line,
    /// The subject, as typed.
    pub subject: Line,
    /// The text.
    pub area: TextArea<'static>,
    /// What has the keys.
    pub field: Field,
    /// The quote with its attribution.
    pub quote: String,
    /// What is new since the draft began.
    pub news: Vec<SafeText>,
    /// Who else is replying.
    pub other: Option<Lease>,
    /// The account that it goes out by, where colleagues would not learn of it.
    pub unrecorded: Option<AccountId>,
    /// People of earlier mails whom the one that is answered left out.
    pub left_out: Vec<Address>,
    /// Whether anything was ever written: what was only opened leaves no draft.
    pub touched: bool,
    /// Whether the store lacks something.
    pub dirty: bool,
    /// Whether the store is keeping it just now.
    pub saving: bool,
    /// What waits for the store to have it.
    pub next: Option<Next>,
    /// The review, while it is shown.
    pub review: Option<Looking>,
    /// Whether it is asked if the draft is to be discarded.
    pub asking: bool,
    /// When the others no longer see that this is being written.
    pub lease: Option<Timestamp>,
}

impl Compose {
    /// Shows a draft.
    pub fn new(begun: ComposeSession) -> Self {
        let ComposeSession { draft, resumed, senders, quote, news, other, left_out, unrecorded, instead: _ } = begun;
        let mut compose = Self {
            to: Line::new(&write_addresses(&draft.to)),
            cc: Line::new(&write_addresses(&draft.cc)),
            bcc: Line::new(&write_addresses(&draft.bcc)),
            subject: Line::new(SafeText::line(&draft.subject).as_str()),
            area: area(&draft.body),
            field: if draft.to.is_empty() { Field::To } else { Field::Body },
            draft,
            senders,
            quote,
            news,
            other,
            unrecorded,
            left_out,
            touched: resumed,
            dirty: false,
            saving: false,
            next: None,
            review: None,
            asking: false,
            lease: None,
        };
        if let Some(variable) = compose.unfilled().first() {
            compose.take_in_hand(variable);
        }
        compose
    }

    /// Returns the text as it stands in the editor.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Returns the draft with everything that was typed.
    pub fn whole(&self) -> Draft {
        Draft {
            to: parse_addresses(&self.to.text()),
            cc: parse_addresses(&self.cc.text()),
            bcc: parse_addresses(&self.bcc.text()),
            subject: self.subject.text(),
            body: self.text(),
            ..self.draft.clone()
        }
    }

    /// Returns the conversation that it belongs to.
    pub fn conversation(&self) -> Option<&ConversationId> {
        self.draft.conversation.as_ref()
    }

    /// Returns the line that has the keys; `None` in the text and among the senders.
    pub fn line(&mut self) -> Option<&mut Line> {
        match self.field {
            Field::To => Some(&mut self.to),
            Field::Cc => Some(&mut self.cc),
            Field::Bcc => Some(&mut self.bcc),
            Field::Subject => Some(&mut self.subject),
            Field::From | Field::Body => None,
        }
    }

    /// Returns the variables that still stand in the own text, each at every place where it does.
    pub fn unfilled(&self) -> Vec<Unresolved> {
        let own = Draft { body: self.text(), ..self.draft.clone() };
        placeholders_among(own.own(), &self.draft.variables)
    }

    /// Tells whether the key to the next field goes to a variable that is to be filled in.
    pub fn fills_in(&self) -> bool {
        self.field == Field::Body && !self.unfilled().is_empty()
    }

    /// Takes the next variable behind the cursor in hand, or around the end the first: what is typed takes its place. Tells whether there
    /// is one.
    pub fn take_next_unfilled(&mut self) -> bool {
        let (unfilled, here) = (self.unfilled(), self.offset());
        let is_in_hand = self.area.is_selecting();
        let next = unfilled.iter().find(|one| one.offset > here || (one.offset == here && !is_in_hand));
        let Some(next) = next.or(unfilled.first()) else { return false };
        self.take_in_hand(next);
        true
    }

    /// Selects a variable of the text.
    pub(crate) fn take_in_hand(&mut self, variable: &Unresolved) {
        self.area.cancel_selection();
        self.jump(variable.offset + variable.length);
        self.area.start_selection();
        self.jump(variable.offset);
    }

    /// Returns how it is sent, in words.
    pub fn sender(&self) -> SafeText {
        let chosen = self.senders.iter().find(|s| self.is_chosen(s));
        chosen.map(|s| SafeText::line_max(&text::render(&s.phrase()), 200)).unwrap_or_default()
    }

    fn is_chosen(&self, sender: &Sender) -> bool {
        Some(&sender.inbox) == self.draft.inbox.as_ref() && sender.identity == self.draft.identity
    }

    /// Goes to the next way of sending, or with -1 to the previous one.
    pub fn turn_sender(&mut self, by: isize) {
        let now = self.senders.iter().position(|s| self.is_chosen(s)).unwrap_or(0) as isize;
        let count = self.senders.len() as isize;
        if count > 0
            && let Some(sender) = self.senders.get((now + by).rem_euclid(count) as usize)
        {
            self.draft.inbox = Some(sender.inbox.clone());
            self.draft.identity = sender.identity;
        }
    }

    /// Goes to the next field, or with -1 to the previous one.
    pub fn turn_field(&mut self, by: isize) {
        let now = Field::ALL.iter().position(|field| *field == self.field).unwrap_or(0) as isize;
        let next = (now + by).rem_euclid(Field::ALL.len() as isize) as usize;
        self.field = Field::ALL.get(next).copied().unwrap_or(Field::Body);
    }

    /// Puts `text` where the cursor of the text is.
    pub fn insert(&mut self, text: &str) {
        self.area.insert_str(clean(text).join("\n"));
    }

    /// Puts `text` in the place of the whole text; undo brings the old one back.
    pub fn replace(&mut self, text: &str) {
        self.area.select_all();
        self.area.insert_str(clean(text).join("\n"));
        self.area.cancel_selection();
        self.area.move_cursor(CursorMove::Jump(0, 0));
    }

    /// Moves the cursor to a place in the text, in bytes.
    pub fn jump(&mut self, offset: usize) {
        let text = self.text();
        let before = text.get(..offset).unwrap_or(&text);
        let row = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let (row, column) = (u16::try_from(row).unwrap_or(u16::MAX), u16::try_from(column).unwrap_or(u16::MAX));
        self.area.move_cursor(CursorMove::Jump(row, column));
    }

    /// Returns the place of the cursor in the text, in bytes.
    pub fn offset(&self) -> usize {
        let cursor = self.area.cursor();
        let above: usize = self.area.lines().iter().take(cursor.0).map(|line| line.len() + 1).sum();
        let line = self.area.lines().get(cursor.0).map(String::as_str).unwrap_or_default();
        above + line.chars().take(cursor.1).map(char::len_utf8).sum::<usize>()
    }

    /// Returns the people of earlier mails whom the last left out and who are not named meanwhile.
    pub fn still_left_out(&self) -> Vec<&Address> {
        let named = [&self.to, &self.cc, &self.bcc].map(|line| parse_addresses(&line.text())).concat();
        self.left_out.iter().filter(|who| !named.iter().any(|one| one.key() == who.key())).collect()
    }

    /// Names people in `Cc`.
    pub fn add_people(&mut self, people: &[Address]) {
        let mut all = parse_addresses(&self.cc.text());
        all.extend(people.iter().cloned());
        self.cc = Line::new(&write_addresses(&all));
    }

    /// Puts the mail in that is forwarded, or takes it out.
    fn toggle_forwarded(&mut self) {
        let (text, place) = (self.text(), self.offset());
        match split_forwarded(&text) {
            (own, Some(_)) => self.replace(own.trim_end_matches('\n')),
            (own, None) => self.replace(&format!("{}\n\n{}", own.trim_end_matches('\n'), self.quote.trim_end())),
        }
        self.jump(place.min(self.text().len()));
    }

    /// Puts the quote in, or takes every quoted line out; the same with a mail that is forwarded.
    pub fn toggle_quote(&mut self) {
        if self.draft.kind == DraftKind::Forward {
            return self.toggle_forwarded();
        }
        let text = self.text();
        let attribution = self.quote.lines().next().unwrap_or_default();
        let quoted = |line: &str| line.starts_with('>') || (!attribution.is_empty() && line == attribution);
        let place = self.offset();
        if text.lines().any(quoted) {
            let kept: Vec<&str> = text.split('\n').filter(|line| !quoted(line)).collect();
            self.replace(&kept.join("\n"));
        } else if let Some((above, signature)) = text.split_once("\n-- \n") {
            self.replace(&format!("{}\n\n{}\n-- \n{signature}", above.trim_end(), self.quote));
        } else {
            self.replace(&format!("{}\n\n{}", text.trim_end(), self.quote));
        }
        self.jump(place.min(self.text().len()));
    }

    /// Adds files.
    pub fn attach(&mut self, files: Vec<OutgoingFile>) {
        for file in files {
            if !self.draft.files.contains(&file) {
                self.draft.files.push(file);
            }
        }
    }

    /// Takes what was read from the external editor's file.
    pub fn take_file(&mut self, text: &str) {
        let found = from_file(text);
        let line = |addresses: &[Address]| Line::new(&write_addresses(addresses));
        self.to = line(&found.to);
        self.cc = line(&found.cc);
        self.bcc = line(&found.bcc);
        self.subject = Line::new(SafeText::line(&found.subject).as_str());
        self.replace(&found.body);
    }
}

/// Makes text fit for the text area: nothing in it may reach the terminal as a command.
fn clean(text: &str) -> Vec<String> {
    SafeText::lines(text).iter().map(ToString::to_string).collect()
}

fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(clean(text));
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_max_histories(500);
    area.set_cursor_line_style(ratatui::style::Style::default());
    area.set_cursor_style(ratatui::style::Style::default());
    area.set_selection_style(ratatui::style::Style::default().reversed());
    area
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
