//! One file a verb: its arguments, and what it does with them.

pub mod apply;
pub mod assign;
pub mod attachment;
pub mod config;
pub mod count;
pub mod demo;
pub mod draft;
pub mod follow;
pub mod forward;
pub mod init;
pub mod keys;
pub mod list;
pub mod log;
pub mod merge;
pub mod move_to;
pub mod new;
pub mod next;
pub mod note;
pub mod outbox;
pub mod replies;
pub mod reply;
pub mod seen;
pub mod show;
pub mod snooze;
pub mod split;
pub mod status;
pub mod sync;
pub mod tag;
pub mod title;
pub mod triage;
pub mod undo;
pub mod why;

use super::args::{Args, Verb};
use super::desk::Surroundings;
use super::exit::Exit;
use super::output::Output;
use crate::error::UserError;

/// Runs the verb that was asked for; without one, the screen.
///
/// # Errors
/// Those of the verb.
pub fn run(args: Args, around: &Surroundings, out: &mut Output) -> Result<Exit, UserError> {
    let Some(verb) = args.verb else { return super::screen::open(around, around.config()?) };
    match verb {
        Verb::Demo(args) => demo::run(around, out, &args),
        Verb::Init(args) => init::run(around, out, &args),
        Verb::Sync(args) => sync::run(around, out, &args),
        Verb::List(args) => list::run(around, out, &args),
        Verb::Show(args) => show::run(around, out, &args),
        Verb::Count(args) => count::run(around, out, &args),
        Verb::Next(args) => next::run(around, out, &args),
        Verb::Triage(args) => triage::run(around, out, &args),
        Verb::Apply(args) => apply::run(around, out, &args),
        Verb::Assign(args) => assign::run(around, out, &args),
        Verb::Status(args) => status::run(around, out, &args),
        Verb::Tag(args) => tag::run(around, out, &args),
        Verb::Note(args) => note::run(around, out, &args),
        Verb::Reply(args) => reply::run(around, out, &args),
        Verb::Forward(args) => forward::run(around, out, &args),
        Verb::New(args) => new::run(around, out, &args),
        Verb::Draft(args) => draft::run(around, out, &args),
        Verb::Outbox(args) => outbox::run(around, out, &args),
        Verb::Replies(args) => replies::run(around, out, &args),
        Verb::Attachment(args) => attachment::run(around, out, &args),
        Verb::Seen(args) => seen::run(around, out, &args),
        Verb::Snooze(args) => snooze::run(around, out, &args),
        Verb::Title(args) => title::run(around, out, &args),
        Verb::Follow(args) => follow::run(around, out, &args),
        Verb::Move(args) => move_to::run(around, out, &args),
        Verb::Merge(args) => merge::run(around, out, &args),
        Verb::Split(args) => split::run(around, out, &args),
        Verb::Undo(args) => undo::undo(around, out, &args),
        Verb::Redo(args) => undo::redo(around, out, &args),
        Verb::Log(args) => log::run(around, out, &args),
        Verb::Why(args) => why::run(around, out, &args),
        Verb::Config(args) => config::run(around, out, &args),
        Verb::Keys(args) => keys::run(around, out, &args),
    }
}
