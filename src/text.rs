//! The one place where words are made: a catalogue of sentences by id, filled with arguments, in the language of whoever reads.
//!
//! # How to add a sentence
//! 1. Write it into `src/text/en.ftl`, under the heading of its room, in the syntax of Fluent (<https://projectfluent.org>):
//!    `files-attached = Attached { $name }`. A number is a plain argument; singular and plural are the catalogue's business:
//!    `{ $count -> [one] 1 mail *[other] { $count } mails }`. What only stands before or behind other text keeps its space as `{" "}`.
//! 2. Say it. Where words are shown at once (the screen): `say!("files-attached", name = &file.name)`, which is a `String`. Where it
//!    travels, is stored, or is decided by (errors, the reason of a mail in the outbox): `phrase!("files-attached", name = …)`, a
//!    [`Phrase`], which says its words only in the end. Errors take phrases:
//!    `UserError::new(ErrorKind::Store, phrase!("file-unreadable", path = …, why = …)).hint(phrase!("hint-check-rights"))`.
//! 3. Decide by the code, never by the words: `phrase.is("outgoing-refused")`.
//!
//! # How to turn an error or a notice into one
//! `UserError::new(kind, format!("{path}: {error}"))` goes on working: the words become the argument of the code `said`. To give it a code of
//! its own, write the sentence into `en.ftl` with `{ $path }` and `{ $why }` in the holes, and put `phrase!("…", path = …, why = …)` where
//! the words stood; the same in `.hint(…)`. What is a name, a path or another program's words is handed over as text (`.to_string()`), a
//! number as a number. What came up in front of other words, such as `file:line: `, is [`crate::error::UserError::within`]. Codes that
//! are stored (the outbox) or printed in JSON never change; others may.
//!
//! `text_tests.rs` fails where an id is said that the catalogue lacks, where the arguments differ from those of the catalogue, where a
//! sentence of the catalogue is said nowhere, and where one can't be made. `tests/rooms/laws.rs` fails where anything else decides by a
//! sentence.
//!
//! Words of people, servers and older stores are no sentences of ours: they are arguments, or [`Phrase::said`].

/// Says something at once: `say!("id", name = value)` is `render(&phrase!("id", name = value))`.
macro_rules! say {
    ($($phrase:tt)*) => {
        $crate::text::render(&phrase!($($phrase)*))
    };
}

mod date;
mod describe;
mod errors;
mod invitation;
mod news;
mod number;
mod when;

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use unic_langid::LanguageIdentifier;

use crate::model::phrase::{Arg, Phrase};
pub use date::{long_date, read_long_date};
pub use describe::{
    SayTime, did_as_you, did_phrase, english_sentence, past_erasure, planned, planned_for, refusal, sentence,
    sort_sentence, undo_notice, undo_notice_of,
};
pub use invitation::{invitation, invitation_answer, invitation_repeats, invitation_subject, invitation_title};
pub use news::{NEWS_SIGN, news, news_event, telling};
pub use number::{conversations, count, number, size};
pub use when::{age, brief, clock, day, day_number, minute, moment, since, span, zone};

/// The time zone of whoever reads, where they chose one.
static ZONE: OnceLock<TimeZone> = OnceLock::new();

/// Has sentences name moments in this time zone where they are made with none at hand. The first call counts.
pub fn read_in(zone: TimeZone) {
    ZONE.get_or_init(|| zone);
}

/// Returns the time zone of whoever reads: the chosen one, else the machine's.
pub fn readers_zone() -> TimeZone {
    ZONE.get().cloned().unwrap_or_else(TimeZone::system)
}

/// The English sentences, part of the program.
const ENGLISH: &str = include_str!("text/en.ftl");

/// Sentences in one language, read once.
pub struct Catalogue {
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// Reads a catalogue. What can't be read of it is missing from it: those sentences are said by their ids.
    fn read(language: LanguageIdentifier, source: &str) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolates (U+2068, U+2069) around arguments are for sentences that run from right to left. English does without: where an
        // argument is right-to-left, the screen lays the line out itself, and the marks would stand in logs, pipes and mails.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(number::grouped(number.value)),
            _ => None,
        }));
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partly, errors)| {
            tracing::error!(?errors, "the catalogue of sentences has mistakes");
            partly
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(?errors, "the catalogue of sentences names one twice");
        }
        Self { bundle }
    }

    /// Returns the catalogue in English, in which JSON, the log's mails and the trace are written whoever reads them.
    pub fn english() -> &'static Self {
        static READ: OnceLock<Catalogue> = OnceLock::new();
        READ.get_or_init(|| Self::read(LanguageIdentifier::from_bytes(b"en").unwrap_or_default(), ENGLISH))
    }

    /// Makes the sentence. A code that the catalogue lacks, such as one that a newer program stored, is said by itself with its arguments.
    pub fn render(&self, phrase: &Phrase) -> String {
        let mut args = FluentArgs::with_capacity(phrase.args.len());
        for (name, arg) in &phrase.args {
            args.set(name.as_ref(), self.value(arg));
        }
        let pattern = self.bundle.get_message(&phrase.code).and_then(|message| message.value());
        let Some(pattern) = pattern else { return self.unknown(phrase) };
        let mut faults = Vec::new();
        let made = self.bundle.format_pattern(pattern, Some(&args), &mut faults).into_owned();
        if !faults.is_empty() {
            tracing::error!(code = %phrase.code, ?faults, "a sentence lacks something");
        }
        made
    }

    fn value<'a>(&self, arg: &'a Arg) -> FluentValue<'a> {
        match arg {
            Arg::Count(count) => FluentValue::from(*count),
            Arg::Text(text) => FluentValue::from(text.as_str()),
            Arg::Span { span } => FluentValue::from(when::span(*span)),
            Arg::Phrase(phrase) => FluentValue::from(self.render(phrase)),
            Arg::All(all) => {
                FluentValue::from(all.iter().map(|phrase| self.render(phrase)).collect::<Vec<_>>().join("; "))
            }
        }
    }

    fn unknown(&self, phrase: &Phrase) -> String {
        let args: Vec<String> = phrase
            .args
            .iter()
            .map(|(name, arg)| match self.value(arg) {
                FluentValue::String(text) => format!(" {name}={text}"),
                FluentValue::Number(number) => format!(" {name}={}", number.value),
                _ => String::new(),
            })
            .collect();
        format!("{}{}", phrase.code, args.concat())
    }
}

/// Makes the sentence in the language of the one who sits there. English is the only one yet.
pub fn render(phrase: &Phrase) -> String {
    Catalogue::english().render(phrase)
}

/// Returns a title or a subject as it is shown: an empty one is said to be none.
pub fn titled(title: &str) -> String {
    if title.trim().is_empty() { say!("no-subject") } else { title.to_owned() }
}

/// As [`render`]; empty where there is nothing to say.
pub fn render_any(phrase: Option<&Phrase>) -> String {
    phrase.map_or_else(String::new, render)
}

/// Makes the sentence in English, for JSON, the log's mails and the trace.
pub fn english(phrase: &Phrase) -> String {
    Catalogue::english().render(phrase)
}

#[cfg(test)]
#[path = "text/text_tests.rs"]
mod tests;
