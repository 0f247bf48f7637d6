//! A mail being written, as the screen holds it: header fields, the text area, and how far the store has it.
//!
//! The text holds only what passed the sanitiser, because it is drawn as it stands.

mod body;
pub mod complete;
mod file;
mod history;
mod outgoing;
mod place;
mod rest;
mod typed;

use crate::app::line::Line;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId};
use crate::model::reply::{
    ComposeSession, Draft, DraftKind, Identity, OutgoingFile, Review, Sender, Under, split_forwarded,
};
use crate::model::shared_reply::{Difference, SharedReply};
use crate::model::shown::Shown;
use crate::model::template::{Unresolved, placeholders_among};
use crate::model::text::SafeText;
use crate::model::view::Lease;
use crate::text;

pub use body::Body;
pub use complete::Completion;
pub use file::{from_file, parse_addresses, paths_in, to_file, write_addresses};
pub use history::Stroke;
pub use outgoing::{Answered, DraftRow, Leaving, OnTheWay, OutList, OutRow, Quitting};
pub use place::{Desk, SPARE};
pub use rest::{Folded, rest_at};
pub use typed::{Shape, Typed};

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

/// What the letters do while a mail is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hand {
    /// They are typed.
    #[default]
    Typing,
    /// They act on the mail as a whole; any other goes back to the text.
    Mail,
    /// The conversation is read in the place of the text; any letter goes back to it.
    Reading,
}

/// Where the cursor goes in a mail that is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caret {
    /// Where it stood when the mail was sent, in bytes of its text.
    At(usize),
    /// Behind the author's own words.
    OwnEnd,
}

/// What is to happen as soon as the store has the draft.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Leave the screen.
    Leave,
    /// Look the mail over.
    Review,
    /// Hand it to the external editor.
    Editor,
    /// End the program: the terminal is gone, or somebody ends it from outside.
    Quit,
    /// Show another mail in its place.
    Open(Box<ComposeSession>),
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
    /// When it came on the screen: a key that was on its way then was not meant for it.
    pub since: Timestamp,
    /// Whether a red line stands there that no key to send has met yet.
    pub unmet: bool,
}

impl Looking {
    /// Begins to look a mail over.
    pub fn new(review: Review, since: Timestamp) -> Self {
        let unmet = review.has_red();
        Self { review, scroll: 0, since, unmet }
    }
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
    pub body: Body,
    /// What has the keys.
    pub field: Field,
    /// What the letters do.
    pub hand: Hand,
    /// What an address that is being typed can become.
    pub completion: Option<Completion>,
    /// Recipients whom no mail here knows and whom nobody has looked at since they were typed.
    pub strangers: Vec<String>,
    /// Those who were looked at.
    pub met: Vec<String>,
    /// The quote with its attribution.
    pub quote: String,
    /// What is new since the draft began.
    pub news: Vec<Under>,
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
    /// Whether the first letter takes the conversation, which nobody had when the reply began: as it was shown.
    pub takes: Option<Shown>,
    /// Whether it was taken by that.
    pub took: bool,
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
            body: Body::new(&draft.body, attribution(draft.kind, &quote)),
            hand: Hand::default(),
            completion: None,
            strangers: Vec::new(),
            met: Vec::new(),
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
            takes: None,
            took: false,
        };
        if let Some(variable) = compose.unfilled().first() {
            compose.body.take_in_hand(variable);
        }
        compose
    }

    /// Puts the cursor into the text of a mail that came back.
    pub fn put_caret(&mut self, caret: Caret) {
        let text = self.text();
        let own = text.get(..rest_at(&text, self.attribution())).unwrap_or(&text).trim_end();
        let place = match caret {
            Caret::At(place) if text.is_char_boundary(place) => place,
            _ => own.len(),
        };
        self.body.moved();
        self.body.area.cancel_selection();
        self.body.jump(place);
    }

    /// Returns the text as it stands in the editor.
    pub fn text(&self) -> String {
        self.body.whole()
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
        let (unfilled, here) = (self.unfilled(), self.body.offset());
        let is_in_hand = self.body.area.held().is_some();
        let next = unfilled.iter().find(|one| one.offset > here || (one.offset == here && !is_in_hand));
        let Some(next) = next.or(unfilled.first()) else { return false };
        self.body.take_in_hand(next);
        true
    }

    /// Returns how it is sent, in words.
    pub fn sender(&self) -> SafeText {
        let chosen = self.senders.iter().find(|s| self.is_chosen(s));
        chosen.map(|s| SafeText::line_max(&text::render(&s.phrase()), 200)).unwrap_or_default()
    }

    /// Returns as whom it is sent, as a title says it: `Alice at Support · support@example.com`.
    pub fn sender_short(&self) -> SafeText {
        let chosen = self.senders.iter().find(|s| self.is_chosen(s));
        match chosen {
            Some(Sender { identity: Identity::SendAs, address, .. }) if !address.name.is_empty() => {
                SafeText::line_max(&format!("{} · {}", address.name, address.email), 200)
            }
            _ => self.sender(),
        }
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
        self.tidy();
        let now = Field::ALL.iter().position(|field| *field == self.field).unwrap_or(0) as isize;
        let next = (now + by).rem_euclid(Field::ALL.len() as isize) as usize;
        self.field = Field::ALL.get(next).copied().unwrap_or(Field::Body);
    }

    /// Returns the people of earlier mails whom the last left out and who are not named meanwhile.
    pub fn still_left_out(&self) -> Vec<&Address> {
        let named = [&self.to, &self.cc, &self.bcc].map(|line| parse_addresses(&line.text())).concat();
        self.left_out.iter().filter(|who| !named.iter().any(|one| one.key() == who.key())).collect()
    }

    /// Takes away the comma that a completed address left at the end of a line, for the next.
    pub fn tidy(&mut self) {
        let is_addresses = matches!(self.field, Field::To | Field::Cc | Field::Bcc);
        if let Some(line) = self.line().filter(|_| is_addresses) {
            complete::tidy(line);
        }
    }

    /// Names people in `Cc`.
    pub fn add_people(&mut self, people: &[Address]) {
        let mut all = parse_addresses(&self.cc.text());
        all.extend(people.iter().cloned());
        self.cc = Line::new(&write_addresses(&all));
    }

    /// Returns the text without the mail in it that is forwarded, or with it.
    fn with_forwarded(&self, text: &str) -> String {
        match split_forwarded(text) {
            (own, Some(_)) => own.trim_end_matches('\n').to_owned(),
            (own, None) => format!("{}\n\n{}", own.trim_end_matches('\n'), self.quote.trim_end()),
        }
    }

    /// Returns the text without the quote, or with it.
    fn with_quote(&self, text: &str) -> String {
        let attribution = attribution(self.draft.kind, &self.quote);
        let quoted = |line: &str| line.starts_with('>') || (!attribution.is_empty() && line == attribution);
        if text.lines().any(quoted) {
            let kept: Vec<&str> = text.split('\n').filter(|line| !quoted(line)).collect();
            kept.join("\n")
        } else if let Some((above, signature)) = text.split_once("\n-- \n") {
            format!("{}\n\n{}\n-- \n{signature}", above.trim_end(), self.quote)
        } else {
            format!("{}\n\n{}", text.trim_end(), self.quote)
        }
    }

    /// Puts the quote in, or takes every quoted line out; the same with a mail that is forwarded.
    pub fn toggle_quote(&mut self) {
        let text = self.text();
        let new = match self.draft.kind {
            DraftKind::Forward => self.with_forwarded(&text),
            _ => self.with_quote(&text),
        };
        self.body.replace(&new, self.body.offset());
    }

    /// Takes note of recipients whom no mail here knows: those who were looked at are told no more.
    pub fn take_strangers(&mut self, mut who: Vec<String>) {
        who.retain(|one| !self.met.contains(one));
        self.strangers = who;
    }

    /// Takes note that the recipients are looked at.
    pub fn meet_strangers(&mut self) {
        self.met.append(&mut self.strangers);
    }

    /// Returns the line above the quote; empty where nothing is answered.
    pub fn attribution(&self) -> &str {
        attribution(self.draft.kind, &self.quote)
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
        // The hand comes back to the place it left.
        let place = self.body.offset();
        self.body.replace(&found.body, place);
    }
}

/// Returns the line above the quote of an answer; empty where there is none.
fn attribution(kind: DraftKind, quote: &str) -> &str {
    match kind {
        DraftKind::Forward => "",
        _ => quote.lines().next().unwrap_or_default(),
    }
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
