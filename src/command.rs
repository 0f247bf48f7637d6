//! The language of commands: one table of what can be asked for, and the reading of a line such as `assign bob`, `tag +vip -new` or
//! `snooze tomorrow 9` into what is wished.
//!
//! Verbs hand over their words one by one ([`wish`]); keymaps, the palette, batches, macros and rules have a line ([`parse`]). Both read
//! the same table with the same rules, so that what one takes the others take, and an error is worded once. This room reads; it does
//! nothing, and knows no store: whom and what there is comes with the [`Context`].

mod action;
mod complete;
mod lex;
mod param;
mod preset;
mod problem;

use jiff::tz::TimeZone;

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::list_look::{Column, Density};
use crate::model::nearest::nearest;
use crate::model::status::Status;
use crate::model::view::Sort;
use crate::model::when::WhenError;
use crate::op::wish::Wish;

pub use action::{Action, Need};
pub use complete::{Completion, Offer, complete};
pub use param::{Kind, Param, Params, inbox, moment};
pub use preset::moment as preset;
pub use problem::{CommandError, Problem};

use lex::{Word, rest, words};

/// The most characters of a line. A note is longer than anything else in it.
pub const CHARS_MAX: usize = crate::op::operation::TEXT_MAX + 100;

/// What the words of a line can mean.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who `me` is.
    pub me: &'a Handle,
    /// Now.
    pub now: Timestamp,
    /// The time zone of `tomorrow 9`.
    pub zone: &'a TimeZone,
    /// Everybody whom the config or the log knows. Where that is nobody but `me`, any handle is taken.
    pub agents: &'a [Handle],
    /// The names of the teams: each can be assigned to and mentioned.
    pub teams: &'a [Handle],
    /// The inboxes of the config.
    pub inboxes: &'a [InboxId],
    /// The tags in use, for completion.
    pub tags: &'a [Tag],
    /// The names of the views.
    pub views: &'a [String],
    /// The names of the themes.
    pub themes: &'a [String],
    /// The names of the saved replies.
    pub replies: &'a [String],
    /// Conversations that are in sight, for completion: the short id, and who wrote.
    pub conversations: &'a [(String, String)],
}

/// What a line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Something that is to be so with the conversations that it is done to.
    Wish(Wish),
    /// An action without what it needs for a wish: the screen asks for the rest, or does it by itself.
    Action(Action),
    /// Something that changes the screen and no conversation.
    Screen(Screen),
}

/// What the screen is to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The view of that name.
    View(String),
    /// The theme of that name.
    Theme(String),
    /// The list, sorted by that.
    Sort(Sort),
    /// The list, with rows of so many lines.
    Density(Density),
    /// The list with that column, or without it.
    Column(Column),
    /// The search that is shown, kept as a view of that name.
    SaveView(String),
    /// What a search finds.
    Search(String),
    /// A reply with the saved reply of that name in it.
    Reply(String),
    /// What a line of the shell makes of the mail.
    Pipe(String),
}

/// Reads a line.
///
/// # Errors
/// Names the column, what is wrong, and the nearest name.
pub fn parse(line: &str, context: &Context<'_>) -> Result<Command, CommandError> {
    let (action, args) = action_of(line)?;
    if args.is_empty() && !stands_alone(action) {
        return Ok(Command::Action(action));
    }
    if let (Some(word), Some(screen)) = (args.first(), screen_of(action, &args, context)) {
        too_many(action, &args)?;
        return screen.map(Command::Screen).map_err(|problem| CommandError::new(word.at, problem));
    }
    read(action, &args, context).map(|wish| wish.map_or(Command::Action(action), Command::Wish))
}

/// Reads what is to be shown; `None` for an action that asks for nothing of the kind.
fn screen_of(action: Action, args: &[Word], context: &Context<'_>) -> Option<Result<Screen, Problem>> {
    let word = args.first().map_or("", |word| word.text.as_str());
    Some(match action {
        Action::View => param::view(word, context).map(Screen::View),
        Action::Theme => param::theme(word, context).map(Screen::Theme),
        Action::Sort => param::sort(word).map(Screen::Sort),
        Action::Density => param::density(word).map(Screen::Density),
        Action::Columns => param::column(word).map(Screen::Column),
        Action::SaveView => Ok(Screen::SaveView(word.to_owned())),
        Action::Search => Ok(Screen::Search(word.to_owned())),
        Action::Pipe => Ok(Screen::Pipe(word.to_owned())),
        Action::Reply => param::reply(word, context).map(Screen::Reply),
        _ => return None,
    })
}

/// Reads a line that has to be a whole wish, with nothing left to ask for.
///
/// # Errors
/// As [`parse`]; names what is missing, and what is for the screen alone.
pub fn parse_wish(line: &str, context: &Context<'_>) -> Result<Wish, CommandError> {
    let (action, args) = action_of(line)?;
    read(action, &args, context)?.ok_or_else(|| CommandError::new(0, Problem::ScreenOnly(action)))
}

/// Checks a line without knowing agents, inboxes and moments, as files are checked: the action, and how many words stand behind it.
///
/// # Errors
/// Names the column, what is wrong, and the nearest name.
pub fn check(line: &str) -> Result<Action, CommandError> {
    let (action, args) = action_of(line)?;
    too_many(action, &args)?;
    match (action.params(), args.as_slice()) {
        ([Param { kind: Kind::Status, .. }], [word]) => {
            param::status(&word.text).map_err(|problem| CommandError::new(word.at, problem))?;
        }
        ([Param { kind: Kind::Tags, .. }], [word]) => {
            param::tags(&word.text).map_err(|problem| CommandError::new(word.at, problem))?;
        }
        _ => {}
    }
    Ok(action)
}

/// Makes a wish of an action and the words that a verb was given for its parameters, in their order.
///
/// # Errors
/// As [`parse_wish`]; the column counts for nothing.
pub fn wish(action: Action, given: &[&str], context: &Context<'_>) -> Result<Wish, CommandError> {
    let args: Vec<Word> = given.iter().map(|text| Word { at: 0, text: (*text).to_owned() }).collect();
    read(action, &args, context)?.ok_or_else(|| CommandError::new(0, Problem::ScreenOnly(action)))
}

/// Tells whether an action without words is a wish all the same.
fn stands_alone(action: Action) -> bool {
    // `follow` alone turns about on the screen what stands there.
    action.params().is_empty() || action == Action::Unfollow
}

/// Splits a line into its action and the words that its parameters take.
fn action_of(line: &str) -> Result<(Action, Vec<Word>), CommandError> {
    if line.chars().count() > CHARS_MAX {
        return Err(CommandError::new(0, Problem::TooLong));
    }
    let Some(name) = words(line, 1)?.into_iter().next() else {
        return Err(CommandError::new(0, Problem::Empty));
    };
    let Some(action) = Action::from_name(&name.text) else {
        let near = nearest(&name.text, Action::ALL.iter().map(|action| action.name()));
        let word = crate::model::when::shorten(&name.text);
        return Err(CommandError::new(name.at, Problem::NoAction { word, near }));
    };
    let params = action.params();
    let behind = rest(line, 1);
    // The last parameter takes what is left where it is of several words.
    let single = match params.last() {
        Some(last) if last.kind.takes_rest() => params.len().saturating_sub(1),
        _ => usize::MAX,
    };
    let mut args = words(behind.text, single)?;
    if args.len() == single {
        let left = rest(behind.text, single);
        if !left.text.is_empty() {
            args.push(lex::whole(left)?);
        }
    }
    for arg in &mut args {
        arg.at += behind.at;
    }
    Ok((action, args))
}

fn too_many(action: Action, args: &[Word]) -> Result<(), CommandError> {
    match args.get(action.params().len()) {
        Some(over) => {
            Err(CommandError::new(over.at, Problem::TooMany { action, word: crate::model::when::shorten(&over.text) }))
        }
        None => Ok(()),
    }
}

/// Reads an action's words; `None` for an action that is no wish.
fn read(action: Action, args: &[Word], context: &Context<'_>) -> Result<Option<Wish>, CommandError> {
    too_many(action, args)?;
    let missing = action.params().iter().skip(args.len()).find(|param| !param.optional);
    if let Some(param) = missing {
        let at = args.last().map_or(0, |last| last.at + last.text.chars().count());
        return Err(CommandError::new(at, Problem::Missing { action, param: param.name }));
    }
    let first = args.first();
    let at = first.map_or(0, |word| word.at);
    let wish = wish_of(action, args, context).map_err(|problem| CommandError::new(at, problem))?;
    if let Some(wish) = &wish {
        wish.check().map_err(|unfit| CommandError::new(at, Problem::Unfit(unfit)))?;
    }
    Ok(wish)
}

fn wish_of(action: Action, args: &[Word], context: &Context<'_>) -> Result<Option<Wish>, Problem> {
    let text = |n: usize| args.get(n).map_or("", |word| word.text.as_str());
    let follower = || if args.is_empty() { Ok(context.me.clone()) } else { param::agent(text(0), context) };
    let status = |to| Wish::Status { to };
    Ok(Some(match action {
        Action::Status => status(param::status(text(0))?),
        Action::StatusOpen => status(Status::Open),
        Action::StatusInProgress => status(Status::InProgress),
        Action::StatusWaiting => status(Status::Waiting),
        Action::StatusClosed | Action::Close => status(Status::Closed),
        Action::Assign => Wish::Assign { to: param::assignee(text(0), context)? },
        Action::AssignMe => Wish::Assign { to: Some(context.me.clone()) },
        Action::Unassign => Wish::Assign { to: None },
        Action::Tag => {
            let (add, remove) = param::tags(text(0))?;
            Wish::Tag { add, remove }
        }
        Action::Note => Wish::Note { text: text(0).trim_end().to_owned() },
        Action::EditNote => Wish::EditNote { note: param::note(text(0))?, text: text(1).trim_end().to_owned() },
        Action::Snooze => Wish::Snooze { until: param::moment(text(0), context)? },
        Action::Wake => Wish::Snooze { until: None },
        _ if preset::of(action).is_some() => {
            let until = preset::moment(action, context.now, context.zone);
            Wish::Snooze { until: Some(until.ok_or_else(|| WhenError::Past(action.name().to_owned()))?) }
        }
        Action::Title => Wish::Title { text: text(0).trim().to_owned() },
        Action::Move => Wish::Move { inbox: param::inbox(text(0), context)? },
        Action::Follow => Wish::Follow { who: follower()?, on: true },
        Action::Unfollow => Wish::Follow { who: follower()?, on: false },
        Action::Merge => Wish::Merge { into: param::conversation(text(0))? },
        Action::Split => Wish::Split { message: param::message(text(0))? },
        Action::Seen => Wish::SeenMentions,
        _ => return Ok(None),
    }))
}

#[cfg(test)]
#[path = "command_tests.rs"]
mod tests;
