//! The command line as a whole: the list of verbs, what stands below their help, and who runs each.

use clap::{Parser, Subcommand};

use super::desk::Surroundings;
use super::exit::Exit;
use super::global::Global;
use super::output::Output;
use super::verbs::demo::DemoArgs;
use super::verbs::init::{First, InitArgs};
use super::{examples, screen, verbs};
use crate::error::UserError;

/// A terminal client for team inboxes. Without a verb it opens the screen.
#[derive(Debug, Parser)]
#[command(name = "postroom", version = VERSION, about, max_term_width = 100, after_help = AFTER, disable_help_subcommand = true)]
pub struct Args {
    /// What every verb takes.
    #[command(flatten)]
    pub global: Global,
    /// Tell the screen in lines, for screen readers: no boxes, nothing drawn anew
    #[arg(long)]
    pub linear: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

/// Which version this is: that of the package, and of a release build from a git tree the commit (`src/build.rs`).
pub const VERSION: &str = env!("POSTROOM_VERSION");

const AFTER: &str = "A TARGET is a conversation's id, a query such as 'status:open tag:billing', or - to read ids from stdin.\n\
Exit codes: 0 done, 1 nothing matched, 2 usage or config, 3 the server failed (work is queued), \
4 something no longer held, 5 the store or the output, 70 a mistake of ours.\n\
`postroom help` lists topics, such as troubleshooting.";

/// What stands below the help of the verb for exports.
const EXPORTS: &str = "Examples:\n  \
  postroom export is:any --format mbox --to archive.mbox\n  \
  postroom export 'inbox:support older:90d' --format eml --to support-2026\n  \
  postroom export tag:press --format csv --rows messages > press.csv\n\
An export that was interrupted goes on where it was when the same command is given again. `postroom help export` has the rest.";

/// What stands below the help of the verb for completions.
const COMPLETIONS: &str = "Verbs, options, keys of queries, and from the store tags, agents, inboxes and ids:\n  \
  postroom completions bash --install                     # or zsh, fish: where that shell looks by itself
  echo 'source <(postroom completions bash)' >> ~/.bashrc\n  \
  echo 'source <(postroom completions zsh)' >> ~/.zshrc   # behind compinit\n  \
  postroom completions fish > ~/.config/fish/completions/postroom.fish";

/// Every verb.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Open the screen on a sample team inbox: no account, no network
    #[command(after_help = examples::DEMO)]
    Demo(verbs::demo::DemoArgs),
    /// Set up an account: asks, tests the login, writes the config
    #[command(after_help = examples::INIT)]
    Init(Box<verbs::init::InitArgs>),
    /// Look whether everything is as postroom needs it, and say what mends what is not
    #[command(after_help = examples::DOCTOR)]
    Doctor(verbs::doctor::DoctorArgs),
    /// Log an account in by OAuth2: agree in a browser or by a code, once
    #[command(after_help = examples::LOGIN)]
    Login(verbs::login::LoginArgs),
    /// Fetch mail, and bring what was done to the server
    #[command(after_help = examples::SYNC)]
    Sync(verbs::sync::SyncArgs),
    /// List conversations
    #[command(visible_alias = "ls")]
    #[command(after_help = examples::LIST)]
    List(verbs::list::ListArgs),
    /// Show conversations with their messages, notes and history
    #[command(after_help = examples::SHOW)]
    Show(verbs::show::ShowArgs),
    /// Count conversations
    #[command(after_help = examples::COUNT)]
    Count(verbs::count::CountArgs),
    /// Show who a customer is, with their conversations and the notes in these
    #[command(after_help = examples::CUSTOMER)]
    Customer(verbs::customer::CustomerArgs),
    /// List the views: those of every team, and your own
    #[command(after_help = examples::VIEWS)]
    Views(verbs::views::ViewsArgs),
    /// Print what enters, changes or leaves a query, as it comes, and run a command for it
    Watch(Box<verbs::watch::WatchArgs>),
    /// Take the conversation that has waited longest
    #[command(after_help = examples::NEXT)]
    Next(verbs::next::NextArgs),
    /// Do several things to all conversations that match, or plan to
    #[command(after_help = examples::TRIAGE)]
    Triage(verbs::triage::TriageArgs),
    /// Carry out a plan of `triage --dry-run --json`
    #[command(after_help = examples::APPLY)]
    Apply(verbs::apply::ApplyArgs),
    /// Carry out many lines of verbs, targets and arguments
    #[command(after_help = examples::BATCH)]
    Batch(verbs::batch::BatchArgs),
    /// Give conversations to an agent or a team, to `me`, or to `nobody`
    #[command(after_help = examples::ASSIGN)]
    Assign(verbs::assign::AssignArgs),
    /// Set the status: open, in-progress, waiting, closed
    #[command(after_help = examples::STATUS)]
    Status(verbs::status::StatusArgs),
    /// Put tags on and take them off
    #[command(after_help = examples::TAG)]
    Tag(verbs::tag::TagArgs),
    /// Write an internal note
    #[command(after_help = examples::NOTE)]
    Note(verbs::note::NoteArgs),
    /// Count conversations as looked at and mentions as seen, or mark them as unread
    #[command(after_help = examples::SEEN)]
    Seen(verbs::seen::SeenArgs),
    /// Answer conversations
    #[command(after_help = examples::REPLY)]
    Reply(Box<verbs::reply::ReplyArgs>),
    /// Forward a message of conversations, with its files
    #[command(after_help = examples::FORWARD)]
    Forward(Box<verbs::forward::ForwardArgs>),
    /// Answer an invitation: accept, decline, tentative
    #[command(after_help = examples::INVITE)]
    Invite(verbs::invite::InviteArgs),
    /// Write to somebody new
    #[command(visible_alias = "compose")]
    #[command(after_help = examples::NEW)]
    New(Box<verbs::new::NewArgs>),
    /// List, show, discard, restore and send drafts
    #[command(after_help = examples::DRAFT)]
    Draft(verbs::draft::DraftArgs),
    /// Show and handle mail on its way out
    #[command(after_help = examples::OUTBOX)]
    Outbox(verbs::outbox::OutboxArgs),
    /// List and check saved replies, and share them with the team
    #[command(after_help = examples::REPLIES)]
    Replies(verbs::replies::RepliesArgs),
    /// List, save, open and pipe attachments
    #[command(visible_alias = "attachments")]
    #[command(after_help = examples::ATTACHMENT)]
    Attachment(verbs::attachment::AttachmentArgs),
    /// Put conversations to sleep until a moment or the customer's next mail
    #[command(after_help = examples::SNOOZE)]
    Snooze(verbs::snooze::SnoozeArgs),
    /// Give a conversation a title; an empty one takes it away
    #[command(after_help = examples::TITLE)]
    Title(verbs::title::TitleArgs),
    /// Follow conversations, or stop
    #[command(after_help = examples::FOLLOW)]
    Follow(verbs::follow::FollowArgs),
    /// Move conversations, and their mail, to another inbox of the account
    #[command(after_help = examples::MOVE)]
    Move(verbs::move_to::MoveArgs),
    /// Join conversations into one
    #[command(after_help = examples::MERGE)]
    Merge(verbs::merge::MergeArgs),
    /// Make a message and its answers a conversation of their own
    #[command(after_help = examples::SPLIT)]
    Split(verbs::split::SplitArgs),
    /// Take back the last thing that you did, or any operation by its id
    #[command(after_help = examples::UNDO)]
    Undo(verbs::undo::UndoArgs),
    /// Bring back what undo took back
    #[command(after_help = examples::REDO)]
    Redo(verbs::undo::RedoArgs),
    /// Erase mails and the words of records for good, here, on the server and at every colleague's
    #[command(after_help = examples::ERASE)]
    Erase(verbs::erase::EraseArgs),
    /// Write conversations to files: mbox, eml, JSON, CSV, Markdown
    #[command(after_help = EXPORTS)]
    Export(verbs::export::ExportArgs),
    /// Take the mails of archives into an account: mbox, Maildir, .eml files
    #[command(after_help = examples::IMPORT)]
    Import(verbs::import::ImportArgs),
    /// Write a copy of the store and of what lies beside the config, or look whether one is sound
    #[command(after_help = examples::BACKUP)]
    Backup(verbs::backup::BackupArgs),
    /// Show who did what, newest first
    #[command(after_help = examples::LOG)]
    Log(verbs::log::LogArgs),
    /// Show and set what holds for the whole team: addresses, agents, teams, the keys of its log
    #[command(after_help = examples::TEAM)]
    Team(verbs::team::TeamArgs),
    /// Tell why each message is in its conversation
    #[command(after_help = examples::WHY)]
    Why(verbs::why::WhyArgs),
    /// Show, check or locate the config
    #[command(after_help = examples::CONFIG)]
    Config(verbs::config::ConfigArgs),
    /// Print the keys
    #[command(after_help = examples::KEYS)]
    Keys(verbs::keys::KeysArgs),
    /// Print the schema (JSON Schema) of what --json prints
    #[command(after_help = examples::SCHEMA)]
    Schema(verbs::schema::SchemaArgs),
    /// Print what makes a shell complete command lines: bash, zsh, fish
    #[command(after_help = COMPLETIONS)]
    Completions(verbs::completions::CompletionsArgs),
    /// Explain a topic, such as troubleshooting, or a verb
    #[command(after_help = examples::HELP)]
    Help(verbs::help::HelpArgs),
}

impl Args {
    /// Runs the verb that was asked for; without one, the screen.
    ///
    /// # Errors
    /// Those of the verb.
    pub fn run(self, around: &Surroundings, out: &mut Output) -> Result<Exit, UserError> {
        let Some(verb) = self.verb else {
            let mut config = match around.config() {
                Err(error) if error.is("config-missing") => match verbs::init::first_of_all()? {
                    None => return Err(error),
                    Some(First::Demo) => {
                        return verbs::demo::run(around, out, &DemoArgs::on_screen(self.linear));
                    }
                    Some(First::Init) => {
                        verbs::init::run(around, out, &InitArgs::default())?;
                        around.config()?
                    }
                },
                config => config?,
            };
            config.ui.linear |= self.linear;
            return screen::open(around, config);
        };
        match verb {
            Verb::Demo(args) => verbs::demo::run(around, out, &args),
            Verb::Init(args) => verbs::init::run(around, out, &args),
            Verb::Doctor(args) => verbs::doctor::run(around, out, &args),
            Verb::Login(args) => verbs::login::run(around, out, &args),
            Verb::Sync(args) => verbs::sync::run(around, out, &args),
            Verb::List(args) => verbs::list::run(around, out, &args),
            Verb::Show(args) => verbs::show::run(around, out, &args),
            Verb::Count(args) => verbs::count::run(around, out, &args),
            Verb::Customer(args) => verbs::customer::run(around, out, &args),
            Verb::Views(args) => verbs::views::run(around, out, &args),
            Verb::Watch(args) => verbs::watch::run(around, out, &args),
            Verb::Next(args) => verbs::next::run(around, out, &args),
            Verb::Triage(args) => verbs::triage::run(around, out, &args),
            Verb::Apply(args) => verbs::apply::run(around, out, &args),
            Verb::Batch(args) => verbs::batch::run(around, out, &args),
            Verb::Assign(args) => verbs::assign::run(around, out, &args),
            Verb::Status(args) => verbs::status::run(around, out, &args),
            Verb::Tag(args) => verbs::tag::run(around, out, &args),
            Verb::Note(args) => verbs::note::run(around, out, &args),
            Verb::Reply(args) => verbs::reply::run(around, out, &args),
            Verb::Forward(args) => verbs::forward::run(around, out, &args),
            Verb::Invite(args) => verbs::invite::run(around, out, &args),
            Verb::New(args) => verbs::new::run(around, out, &args),
            Verb::Draft(args) => verbs::draft::run(around, out, &args),
            Verb::Outbox(args) => verbs::outbox::run(around, out, &args),
            Verb::Replies(args) => verbs::replies::run(around, out, &args),
            Verb::Team(args) => verbs::team::run(around, out, &args),
            Verb::Attachment(args) => verbs::attachment::run(around, out, &args),
            Verb::Seen(args) => verbs::seen::run(around, out, &args),
            Verb::Snooze(args) => verbs::snooze::run(around, out, &args),
            Verb::Title(args) => verbs::title::run(around, out, &args),
            Verb::Follow(args) => verbs::follow::run(around, out, &args),
            Verb::Move(args) => verbs::move_to::run(around, out, &args),
            Verb::Merge(args) => verbs::merge::run(around, out, &args),
            Verb::Split(args) => verbs::split::run(around, out, &args),
            Verb::Erase(args) => verbs::erase::run(around, out, &args),
            Verb::Undo(args) => verbs::undo::undo(around, out, &args),
            Verb::Redo(args) => verbs::undo::redo(around, out, &args),
            Verb::Export(args) => verbs::export::run(around, out, &args),
            Verb::Import(args) => verbs::import::run(around, out, &args),
            Verb::Backup(args) => verbs::backup::run(around, out, &args),
            Verb::Log(args) => verbs::log::run(around, out, &args),
            Verb::Why(args) => verbs::why::run(around, out, &args),
            Verb::Config(args) => verbs::config::run(around, out, &args),
            Verb::Keys(args) => verbs::keys::run(around, out, &args),
            Verb::Schema(args) => verbs::schema::run(around, out, &args),
            Verb::Completions(args) => verbs::completions::run(around, out, &args),
            Verb::Help(args) => verbs::help::run(around, out, &args),
        }
    }
}
