//! What an action takes behind its name, and how each kind of it is read.

use std::collections::BTreeSet;

use super::{Context, Problem};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId, OpId, Tag};
use crate::model::language::Language;
use crate::model::list_look::{Column, Density};
use crate::model::nearest::nearest;
use crate::model::status::Status;
use crate::model::view::Sort;
use crate::model::when::{examples, parse_when, shorten};
use crate::text;

/// What an action takes, in the order in which it is written.
pub type Params = &'static [Param];

/// One thing that an action takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// What it is called in help: `agent`, `until`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it can be left out of a whole line.
    pub optional: bool,
}

impl Param {
    /// One that a whole line has to have.
    pub const fn must(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: false }
    }

    /// One that can be left out.
    pub const fn may(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: true }
    }
}

/// What a word or a text behind an action's name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An agent's handle, with or without `@`, or `me`.
    Agent,
    /// Likewise, or a team, or `nobody`.
    Assignee,
    /// A status.
    Status,
    /// Tags with commas or blanks between; one with `-` in front is taken off.
    Tags,
    /// When to wake: a moment to come in words, or `now`.
    Moment,
    /// A text of at least one letter.
    Text,
    /// A title; empty for none.
    Title,
    /// An inbox.
    Inbox,
    /// A conversation's id, or the beginning of one.
    Conversation,
    /// A Message-ID (RFC 5322 section 3.6.4), with or without `<>`.
    Message,
    /// The id of the record that wrote a note.
    Note,
    /// A view: of every team, of an inbox or a tag, or one's own.
    View,
    /// A theme.
    Theme,
    /// By what a list is sorted.
    Sort,
    /// How many lines a row of a list takes.
    Density,
    /// A column of a list.
    Column,
    /// A new name of one's own.
    Name,
    /// A saved reply, by its name.
    Reply,
    /// A search, in the language of queries.
    Query,
}

impl Kind {
    /// Tells whether it takes all that is left of a line, blanks included.
    pub fn takes_rest(self) -> bool {
        matches!(self, Kind::Tags | Kind::Moment | Kind::Text | Kind::Title | Kind::Reply | Kind::Query)
    }
}

/// Reads `me`, or a handle. One whom nobody knows is refused, unless no colleague is known at all.
pub(super) fn agent(word: &str, context: &Context<'_>) -> Result<Handle, Problem> {
    match word {
        "me" => return Ok(context.me.clone()),
        "nobody" | "none" | "-" => return Err(Problem::Nobody),
        _ => {}
    }
    let handle = Handle::new(word.trim_start_matches('@'))?;
    if handle == *context.me || context.agents.contains(&handle) || !has_colleagues(context) {
        return Ok(handle);
    }
    if context.teams.contains(&handle) {
        return Err(Problem::Team(handle));
    }
    Err(unknown(handle, names(context)))
}

fn unknown(handle: Handle, known: Vec<Handle>) -> Problem {
    let near = nearest(handle.as_str(), known.iter().map(Handle::as_str)).map(str::to_owned);
    Problem::NoAgent { near, known, handle }
}

fn has_colleagues(context: &Context<'_>) -> bool {
    context.agents.iter().any(|agent| agent != context.me)
}

/// Returns everybody whom an agent parameter can name, each once, in order.
pub(super) fn names(context: &Context<'_>) -> Vec<Handle> {
    let all: BTreeSet<&Handle> = context.agents.iter().chain([context.me]).collect();
    all.into_iter().cloned().collect()
}

/// Reads an agent or a team, or `nobody`.
pub(super) fn assignee(word: &str, context: &Context<'_>) -> Result<Option<Handle>, Problem> {
    if matches!(word, "nobody" | "none" | "-") {
        return Ok(None);
    }
    match agent(word, context) {
        Err(Problem::Team(team)) => Ok(Some(team)),
        Err(Problem::NoAgent { handle, mut known, .. }) => {
            known.extend(context.teams.iter().cloned());
            Err(unknown(handle, known))
        }
        read => read.map(Some),
    }
}

pub(super) fn status(word: &str) -> Result<Status, Problem> {
    word.parse().map_err(|_| {
        let near = nearest(&word.to_lowercase(), Status::ALL.map(Status::name)).map(str::to_owned);
        Problem::NoStatus { word: shorten(word), near }
    })
}

/// Reads tags to put on and tags to take off. One that is named both ways counts as it was named last.
pub(super) fn tags(text: &str) -> Result<(BTreeSet<Tag>, BTreeSet<Tag>), Problem> {
    let (mut add, mut remove) = (BTreeSet::new(), BTreeSet::new());
    for word in text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty()) {
        let (off, name) = word.strip_prefix('-').map_or((false, word.trim_start_matches('+')), |name| (true, name));
        let tag = Tag::new(name.trim_start_matches('#'))?;
        let (to, from) = if off { (&mut remove, &mut add) } else { (&mut add, &mut remove) };
        from.remove(&tag);
        to.insert(tag);
    }
    if add.is_empty() && remove.is_empty() {
        return Err(Problem::NoTag);
    }
    Ok((add, remove))
}

/// Reads a moment to come in words; `None` for `now`, `wake` and `off`.
///
/// # Errors
/// Says what is accepted, or that the moment has passed.
pub fn moment(text: &str, context: &Context<'_>) -> Result<Option<Timestamp>, Problem> {
    match text.trim() {
        "now" | "wake" | "off" => Ok(None),
        text => Ok(Some(parse_when(text, context.now, context.zone)?)),
    }
}

/// Reads the name of an inbox.
///
/// # Errors
/// Names the nearest that the config has.
pub fn inbox(word: &str, context: &Context<'_>) -> Result<InboxId, Problem> {
    let inbox = InboxId::new(word)?;
    if context.inboxes.contains(&inbox) {
        return Ok(inbox);
    }
    let near = nearest(inbox.as_str(), context.inboxes.iter().map(InboxId::as_str)).map(str::to_owned);
    Err(Problem::NoInbox { known: context.inboxes.to_vec(), near, inbox })
}

pub(super) fn conversation(word: &str) -> Result<ConversationId, Problem> {
    let id = ConversationId::normalise(word).ok_or_else(|| Problem::NoId { word: shorten(word) })?;
    Ok(ConversationId::from_kept(id))
}

pub(super) fn message(word: &str) -> Result<MessageId, Problem> {
    MessageId::new(word).ok_or_else(|| Problem::NoMessageId { word: shorten(word) })
}

/// Reads the name of a view.
pub(super) fn view(word: &str, context: &Context<'_>) -> Result<String, Problem> {
    known(word, context.views).map_err(|near| Problem::NoView { word: shorten(word), near })
}

/// Reads the name of a theme.
pub(super) fn theme(word: &str, context: &Context<'_>) -> Result<String, Problem> {
    known(word, context.themes).map_err(|near| Problem::NoTheme { word: shorten(word), near })
}

/// Reads the name of a saved reply. Where none is known here, any name is taken.
pub(super) fn reply(word: &str, context: &Context<'_>) -> Result<String, Problem> {
    if context.replies.is_empty() {
        return Ok(word.to_owned());
    }
    known(word, context.replies).map_err(|near| Problem::NoReply { word: shorten(word), near })
}

/// Returns the name that is written, in whatever case; else the nearest, where there is one.
fn known(word: &str, names: &[String]) -> Result<String, Option<String>> {
    let same = |name: &&String| name.to_lowercase() == word.to_lowercase();
    match names.iter().find(same) {
        Some(name) => Ok(name.clone()),
        None => Err(nearest(word, names.iter().map(String::as_str)).map(str::to_owned)),
    }
}

/// Reads by what a list is sorted.
pub(super) fn sort(word: &str) -> Result<Sort, Problem> {
    let is_meant = |sort: &Sort| sort.name() == word.to_lowercase();
    Sort::ALL.into_iter().find(is_meant).ok_or_else(|| Problem::NoSort {
        word: shorten(word),
        near: nearest(&word.to_lowercase(), Sort::ALL.map(Sort::name)).map(str::to_owned),
    })
}

/// Reads how many lines a row of a list takes.
pub(super) fn density(word: &str) -> Result<Density, Problem> {
    let is_meant = |density: &Density| density.name() == word.to_lowercase();
    Density::ALL.into_iter().find(is_meant).ok_or_else(|| Problem::NoDensity {
        word: shorten(word),
        near: nearest(&word.to_lowercase(), Density::ALL.map(Density::name)).map(str::to_owned),
    })
}

/// Reads a column of a list.
pub(super) fn column(word: &str) -> Result<Column, Problem> {
    let is_meant = |column: &Column| column.name() == word.to_lowercase();
    Column::ALL.into_iter().find(is_meant).ok_or_else(|| Problem::NoColumn {
        word: shorten(word),
        near: nearest(&word.to_lowercase(), Column::ALL.map(Column::name)).map(str::to_owned),
    })
}

pub(super) fn note(word: &str) -> Result<OpId, Problem> {
    word.parse().map_err(|_| Problem::NoOperationId { word: shorten(word) })
}

/// Returns what can stand where a word of this kind is expected, each with what it means.
pub(super) fn offers(kind: Kind, context: &Context<'_>) -> Vec<(String, String)> {
    let plain = |all: Vec<String>| all.into_iter().map(|word| (word, String::new())).collect::<Vec<_>>();
    let me = || ("me".to_owned(), say!("offer-me"));
    let agents = |mut all: Vec<(String, String)>| {
        all.extend(plain(names(context).iter().map(ToString::to_string).collect()));
        all
    };
    match kind {
        Kind::Agent => agents(vec![me()]),
        Kind::Assignee => {
            let mut all = agents(vec![me(), ("nobody".to_owned(), say!("offer-nobody"))]);
            all.extend(teams(context));
            all
        }
        Kind::Status => plain(Status::ALL.iter().map(|status| status.name().to_owned()).collect()),
        Kind::Tags => plain(context.tags.iter().map(ToString::to_string).collect()),
        Kind::Moment => {
            let mut all = plain(["1h", "3h", "tomorrow 9:00", "2d", "mon", "next week"].map(str::to_owned).to_vec());
            let own = examples(Language::readers()).into_iter().flat_map(|all| all.split(", "));
            all.extend(plain(own.map(str::to_owned).collect()));
            all.push(("now".to_owned(), say!("offer-now")));
            all
        }
        Kind::Inbox => plain(context.inboxes.iter().map(ToString::to_string).collect()),
        Kind::View => plain(context.views.to_vec()),
        Kind::Theme => plain(context.themes.to_vec()),
        Kind::Sort => Sort::ALL.map(|sort| (sort.name().to_owned(), text::sort_sentence(sort))).to_vec(),
        Kind::Density => {
            Density::ALL.map(|density| (density.name().to_owned(), text::render(&density.phrase()))).to_vec()
        }
        Kind::Column => Column::ALL.map(|column| (column.name().to_owned(), text::render(&column.phrase()))).to_vec(),
        Kind::Reply => plain(context.replies.to_vec()),
        Kind::Conversation => context.conversations.to_vec(),
        Kind::Name | Kind::Text | Kind::Title | Kind::Message | Kind::Note | Kind::Query => Vec::new(),
    }
}

/// Returns the teams as offers.
pub(super) fn teams(context: &Context<'_>) -> impl Iterator<Item = (String, String)> {
    context.teams.iter().map(|team| (team.to_string(), say!("offer-team")))
}
