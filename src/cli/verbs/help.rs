//! `postroom help`: a verb's help, or a topic from the Markdown in `src/help`.

use clap::CommandFactory;

use crate::cli::args::Args;
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::schema;
use crate::cli::words::usage;
use crate::error::UserError;
use crate::keymap::{Keymap, table_markdown};
use crate::model::nearest::nearest;
use crate::model::text::in_quotes;
use crate::query::guide;

/// The topics, each with what it is about.
pub const TOPICS: &[(&str, &str)] = &[
    ("accounts", "the kinds of accounts, and what the config says of each"),
    ("backup", "what is only on this machine, backups, putting them back, another server"),
    ("batch", "what verbs are done to, many at once, work from a queue, and scripts"),
    ("commands", "actions with what they need, as keys are bound to them"),
    ("customer", "who the customer is, their other conversations, and panels: programs whose lines stand beside"),
    ("doctor", "what `postroom doctor` looks at, what its lines mean, and what may be shown to strangers"),
    ("exit-codes", "how a verb ended, and what that means"),
    ("export", "conversations as mbox, eml, JSON, CSV and Markdown, and how an export goes on"),
    ("forward", "what goes along with a mail that is forwarded, and how it is left out"),
    ("hooks", "programs of the config that are run when something happens"),
    ("import", "archives into an account: mbox, Maildir, mails; how they stand, what is passed over"),
    ("install", "one command to build it, what it needs, and what goes beside it"),
    ("invitations", "what of a calendar is shown, and how an invitation is answered and saved"),
    ("json", "what --json prints, errors among it, and how fields are chosen: --fields, --jq"),
    ("keys", "every key and what it does"),
    ("keymaps", "keys as in mutt or Emacs, keys of your own, and what is told of those that can't be"),
    ("languages", "right-to-left text, the language of replies and moments, other keyboards, search in each script"),
    ("log", "how the team's log works, what it costs, and what happens when its folder changes"),
    ("news", "what came and was not looked at, the in-tray, and how somebody is told"),
    ("oauth2", "logging in to Google, Microsoft and others without a password, also over SSH"),
    (
        "performance",
        "how fast it is beside mbsync, notmuch, mu, neomutt and aerc, with how much mail, and how that is measured",
    ),
    ("query", "the search language, whole"),
    ("queue", "taking what waits longest, one after the other, and giving it back"),
    ("quotes", "what of a mail is shown, what is folded as quote or signature, and by what"),
    ("reading", "what is shown of a mail: plain text or HTML, signed, encrypted and packed mail, charsets"),
    ("reply", "who gets a reply, what is told before it is sent, and what is not sent"),
    ("screen", "the list, what a key acts on, and what becomes of it when a colleague is faster"),
    ("security", "who can do what to whom: what postroom promises against each, and what not"),
    ("shared-box", "several users on one machine: a config for all, a store each, units of systemd"),
    ("start", "from nothing to your own mailbox: providers, app passwords, logins of your own on a shared mailbox"),
    ("sync", "what a sync does, without a screen and beside others, and how it stands"),
    ("team", "what the log says of addresses, agents and teams, how it is set, and what teams do"),
    ("themes", "the colours, how they follow the terminal's background, and a theme of your own"),
    ("threading", "which messages belong together and why, notices to many, related conversations"),
    ("troubleshooting", "what is told when something does not work, and what to do"),
    ("views", "the views, and named queries of your own"),
    ("watch", "following what enters, changes and leaves a query, and what is done; a command for it"),
    ("who-wrote", "whom a mail is taken to be from, how that is known, and what is marked"),
];

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct HelpArgs {
    /// A topic or a verb; without one, both are listed
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// When there is neither a topic nor a verb of that name; names the nearest.
pub fn run(_: &Surroundings, out: &mut Output, args: &HelpArgs) -> Result<Exit, UserError> {
    let mut program = Args::command();
    let text = match args.topic.as_deref() {
        None => format!("{}\n{}", program.render_help(), topics()),
        Some(name) => match (topic(name), of_verb(&mut program, name)) {
            (Some(text), Ok(verb)) => format!("{text}\n{verb}"),
            (Some(text), Err(_)) => text,
            (None, verb) => verb?,
        },
    };
    out.own(&text);
    Ok(Exit::Done)
}

fn topics() -> String {
    let lines: String = TOPICS.iter().map(|(name, about)| format!("  {name:<16} {about}\n")).collect();
    format!("Topics (postroom help TOPIC):\n{lines}")
}

/// Returns the text of a topic.
fn topic(name: &str) -> Option<String> {
    Some(match name {
        "accounts" => include_str!("../../help/accounts.md").to_owned(),
        "oauth2" => include_str!("../../help/oauth2.md").to_owned(),
        "backup" => include_str!("../../help/backup.md").to_owned(),
        "batch" => include_str!("../../help/batch.md").to_owned(),
        "commands" => include_str!("../../help/commands.md").to_owned(),
        "customer" => include_str!("../../help/customer.md").to_owned(),
        "doctor" => include_str!("../../help/doctor.md").to_owned(),
        "exit-codes" => include_str!("../../help/exit-codes.md").to_owned(),
        "export" => include_str!("../../help/export.md").to_owned(),
        "forward" => include_str!("../../help/forward.md").to_owned(),
        "hooks" => include_str!("../../help/hooks.md").to_owned(),
        "import" => include_str!("../../help/import.md").to_owned(),
        "install" => include_str!("../../help/install.md").to_owned(),
        "invitations" => include_str!("../../help/invitations.md").to_owned(),
        "json" => format!("{}\n## Types\n{}", include_str!("../../help/json.md"), schema::table()),
        "keys" => format!("# Keys\n\n{}", table_markdown(&Keymap::builtin())),
        "keymaps" => include_str!("../../help/keymaps.md").to_owned(),
        "languages" => include_str!("../../help/languages.md").to_owned(),
        "log" => include_str!("../../help/log.md").to_owned(),
        "news" => include_str!("../../help/news.md").to_owned(),
        "performance" => include_str!("../../help/performance.md").to_owned(),
        "query" => queries(),
        "queue" => include_str!("../../help/queue.md").to_owned(),
        "quotes" => include_str!("../../help/quotes.md").to_owned(),
        "reading" => include_str!("../../help/reading.md").to_owned(),
        "reply" => include_str!("../../help/reply.md").to_owned(),
        "screen" => include_str!("../../help/screen.md").to_owned(),
        "security" => include_str!("../../help/security.md").to_owned(),
        "shared-box" => include_str!("../../help/shared-box.md").to_owned(),
        "start" => include_str!("../../help/start.md").to_owned(),
        "sync" => include_str!("../../help/sync.md").to_owned(),
        "team" => include_str!("../../help/team.md").to_owned(),
        "themes" => include_str!("../../help/themes.md").to_owned(),
        "threading" => include_str!("../../help/threading.md").to_owned(),
        "troubleshooting" => include_str!("../../help/troubleshooting.md").to_owned(),
        "views" => include_str!("../../help/views.md").to_owned(),
        "watch" => include_str!("../../help/watch.md").to_owned(),
        "who-wrote" => include_str!("../../help/who-wrote.md").to_owned(),
        _ => return None,
    })
}

/// The search language, from its own list.
fn queries() -> String {
    let rows: String =
        guide().iter().map(|(form, finds)| format!("| `{}` | {finds} |\n", form.replace('|', "\\|"))).collect();
    let names = include_str!("../../help/query.md");
    format!("# The search language\n\n| query | finds |\n|---|---|\n{rows}\n{names}")
}

fn of_verb(program: &mut clap::Command, name: &str) -> Result<String, UserError> {
    program.build();
    if let Some(verb) = program.find_subcommand_mut(name) {
        return Ok(verb.render_long_help().to_string());
    }
    let known: Vec<String> = program
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .chain(TOPICS.iter().map(|(topic, _)| (*topic).to_owned()))
        .collect();
    let hint = match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => phrase!("hint-did-you-mean", near = near.to_owned()),
        None => phrase!("hint-topics"),
    };
    Err(usage(phrase!("no-topic", name = in_quotes(name))).hint(hint))
}

#[cfg(test)]
#[path = "help_tests.rs"]
mod tests;
