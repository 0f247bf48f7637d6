//! What a command line that is still being typed can go on with: verbs and options as clap knows them, and what the store knows of agents,
//! tags, inboxes and conversations.
//!
//! Nothing here fails or says anything: whoever pressed a key in a shell wants no error there.

mod known;

use clap::{Arg, Command};

pub use known::{Known, OfStore};

use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::query;

/// The most that is offered at once.
const OFFERS_MAX: usize = 500;

/// The most characters of what is said of an offer.
const ABOUT_MAX: usize = 60;

/// One thing that can stand in place of the last word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The whole word.
    pub word: String,
    /// What it is; may be empty.
    pub about: SafeText,
}

/// Returns what the last of `words` can become; they stand behind the program's name. Nothing where files are wanted, or where nothing fits.
pub fn complete(program: &mut Command, words: &[String], known: &dyn Known) -> Vec<Offer> {
    program.build();
    let Some((last, before)) = words.split_last() else { return Vec::new() };
    let place = Place::behind(program, before);
    let mut offers = place.offers(last, known);
    offers.retain(|offer| offer.word.starts_with(last.as_str()));
    offers.truncate(OFFERS_MAX);
    offers
}

/// What stands in front of the word that is typed.
struct Place<'a> {
    verb: &'a Command,
    /// The option whose value is typed.
    option: Option<&'a Arg>,
    /// How many words without an option stand behind the verb.
    words: usize,
    /// Whether a `--` says that no option follows.
    bare: bool,
}

impl<'a> Place<'a> {
    fn behind(program: &'a Command, words: &[String]) -> Self {
        let mut place = Self { verb: program, option: None, words: 0, bare: false };
        for word in words {
            place.step(word);
        }
        place
    }

    fn step(&mut self, word: &str) {
        if self.option.take().is_some() {
            return;
        }
        let verb = self.verb;
        if !self.bare && word == "--" {
            self.bare = true;
        } else if let Some(long) = word.strip_prefix("--").filter(|_| !self.bare) {
            self.option = verb.get_arguments().find(|arg| arg.get_long() == Some(long) && wants_value(arg));
        } else if let Some(short) = one_letter(word).filter(|_| !self.bare) {
            self.option = verb.get_arguments().find(|arg| arg.get_short() == Some(short) && wants_value(arg));
        } else if let Some(next) = verb.find_subcommand(word).filter(|_| self.words == 0) {
            self.verb = next;
        } else {
            self.words += 1;
        }
    }

    fn offers(&self, typed: &str, known: &dyn Known) -> Vec<Offer> {
        if let Some(option) = self.option {
            return values(option, typed, known);
        }
        let option = typed.split_once('=').filter(|(name, _)| !self.bare && name.starts_with("--"));
        if let Some((name, value)) = option {
            let named = |arg: &&Arg| name.strip_prefix("--").is_some_and(|long| arg.get_long() == Some(long));
            let found = self.verb.get_arguments().find(named);
            let whole = |offer: Offer| Offer { word: format!("{name}={}", offer.word), ..offer };
            return found.map_or_else(Vec::new, |arg| values(arg, value, known).into_iter().map(whole).collect());
        }
        let mut offers = Vec::new();
        if typed.starts_with('-') && !self.bare {
            offers.extend(self.verb.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(long));
        }
        if self.words == 0 {
            offers.extend(self.verb.get_subcommands().filter(|verb| !verb.is_hide_set()).map(verb_offer));
        }
        // The last takes all words that follow, where it takes several.
        let arg = self.verb.get_positionals().filter(|arg| !arg.is_hide_set()).nth(self.words);
        let last = self.verb.get_positionals().filter(|arg| takes_many(arg)).last();
        offers.extend(arg.or(last).map_or_else(Vec::new, |arg| values(arg, typed, known)));
        offers
    }
}

/// Returns the letter of `-n`.
fn one_letter(word: &str) -> Option<char> {
    let mut letters = word.strip_prefix('-')?.chars();
    letters.next().filter(|_| letters.next().is_none())
}

fn wants_value(arg: &Arg) -> bool {
    arg.get_action().takes_values() && !arg.is_require_equals_set()
}

fn takes_many(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|range| range.max_values() > 1)
}

fn offer(word: impl Into<String>, about: &str) -> Offer {
    Offer { word: word.into(), about: SafeText::line_max(about, ABOUT_MAX) }
}

fn long(arg: &Arg) -> Option<Offer> {
    let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
    Some(offer(format!("--{}", arg.get_long()?), &about))
}

fn verb_offer(verb: &Command) -> Offer {
    offer(verb.get_name(), &verb.get_about().map(ToString::to_string).unwrap_or_default())
}

/// Returns what an argument can be, going by the name of its value in the help.
fn values(arg: &Arg, typed: &str, known: &dyn Known) -> Vec<Offer> {
    let listed: Vec<Offer> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| offer(value.get_name(), &value.get_help().map(ToString::to_string).unwrap_or_default()))
        .collect();
    if !listed.is_empty() && arg.get_action().takes_values() {
        return listed;
    }
    let name =
        arg.get_value_names().and_then(|names| names.first()).map_or(arg.get_id().as_str(), |name| name.as_str());
    let plain = |words: Vec<String>| words.into_iter().map(|word| offer(word, "")).collect::<Vec<_>>();
    match name {
        "TARGET" | "QUERY" => query_words(typed, known),
        "ID" => known.ids(typed),
        "WHO" | "HANDLE" => plain(agents(known)),
        "TAG" | "TAGS" => tags(typed, known),
        "INBOX" => plain(known.inboxes()),
        "ACCOUNT" => plain(known.accounts()),
        "STATUS" => plain(Status::ALL.map(|status| status.name().to_owned()).to_vec()),
        "VIEW" => plain(known.views()),
        "TOPIC" => known.topics(),
        _ => Vec::new(),
    }
}

/// Everybody whom a conversation can be given to.
fn agents(known: &dyn Known) -> Vec<String> {
    ["me", "nobody"].map(str::to_owned).into_iter().chain(known.agents()).collect()
}

/// Of `late,-ne` the last is completed.
fn tags(typed: &str, known: &dyn Known) -> Vec<Offer> {
    let at = typed.rfind(',').map_or(0, |at| at + 1);
    let sign = typed.get(at..).and_then(|last| last.chars().next()).filter(|first| "+-#".contains(*first));
    let front = format!("{}{}", typed.get(..at).unwrap_or_default(), sign.map(String::from).unwrap_or_default());
    known.tags().into_iter().map(|tag| offer(format!("{front}{tag}"), "")).collect()
}

/// Of a query the last word is completed: the key, or behind `key:` and each comma a value.
fn query_words(typed: &str, known: &dyn Known) -> Vec<Offer> {
    let begin = typed.rfind(|c: char| c.is_whitespace() || c == '(').map_or(0, |at| at + 1);
    let (front, word) = typed.split_at_checked(begin).unwrap_or(("", typed));
    let bare = word.trim_start_matches('-');
    let front = format!("{front}{}", word.strip_suffix(bare).unwrap_or_default());
    if let Some((key, value)) = bare.split_once(':') {
        let at = value.rfind(',').map_or(0, |at| at + 1);
        let front = format!("{front}{key}:{}", value.get(..at).unwrap_or_default());
        let last = value.get(at..).unwrap_or_default();
        let values = of_key(key, last, known).into_iter();
        return values.map(|one| Offer { word: format!("{front}{}", one.word), ..one }).collect();
    }
    let keys = query::KEYS.iter().map(|key| offer(format!("{front}{key}:"), ""));
    let mut offers: Vec<Offer> = keys.collect();
    // An id stands alone.
    if front.is_empty() {
        offers.extend(known.ids(bare));
    }
    offers
}

fn of_key(key: &str, typed: &str, known: &dyn Known) -> Vec<Offer> {
    let words = match key {
        "assignee" | "follower" => query::values_of(key).into_iter().map(str::to_owned).chain(known.agents()).collect(),
        "tag" => known.tags(),
        "inbox" => known.inboxes(),
        "id" => return known.ids(typed),
        _ => query::values_of(key).into_iter().map(str::to_owned).collect(),
    };
    words.into_iter().map(|word| offer(word, "")).collect()
}

#[cfg(test)]
#[path = "completing_tests.rs"]
mod tests;
