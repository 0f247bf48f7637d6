//! `postroom draft`.

use clap::Subcommand;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::mail_json::DraftJson;
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::cli::words::{self, usage};
use crate::cli::{post, writing};
use crate::error::{ErrorKind, UserError};
use crate::model::address::Address;
use crate::model::reply::Draft;
use crate::model::text::SafeText;
use crate::service::compose::queue;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct DraftArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List your drafts
    List {
        /// List those that were discarded in the last thirty days
        #[arg(long)]
        discarded: bool,
    },
    /// Show drafts in full
    Show {
        /// The drafts' numbers
        #[arg(required = true, value_name = "DRAFT")]
        drafts: Vec<i64>,
    },
    /// Discard drafts; `restore` brings them back
    Discard {
        /// The drafts' numbers
        #[arg(required = true, value_name = "DRAFT")]
        drafts: Vec<i64>,
    },
    /// Bring discarded drafts back
    Restore {
        /// The drafts' numbers
        #[arg(required = true, value_name = "DRAFT")]
        drafts: Vec<i64>,
    },
    /// Send drafts
    Send {
        /// The drafts' numbers
        #[arg(required = true, value_name = "DRAFT")]
        drafts: Vec<i64>,
        /// Send at this moment: 2h, "tomorrow 8"
        #[arg(long, value_name = "WHEN")]
        later: Option<String>,
        /// Send whatever happened in the conversation since the draft was begun
        #[arg(long)]
        anyway: bool,
    },
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &DraftArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    match &args.what {
        What::List { discarded } => list(&desk, out, *discarded),
        What::Show { drafts } => each(&desk, drafts, |draft| {
            show(out, &draft);
            Ok(())
        }),
        What::Discard { drafts } => each(&desk, drafts, |draft| {
            let id = draft.id.to_string();
            out.talk(&match desk.store.discard_draft(draft.id)? {
                true => say!("told-draft-discarded", id = id),
                false => say!("told-draft-discarded-already", id = id),
            });
            Ok(())
        }),
        What::Restore { drafts } => each(&desk, drafts, |draft| {
            if let Some(back) = desk.store.restore_draft(draft.id)? {
                writing::tell_draft(out, &back, None);
            }
            Ok(())
        }),
        What::Send { drafts, later, anyway } => send(around, &desk, out, drafts, later.as_deref(), *anyway),
    }
}

fn each(desk: &Desk, ids: &[i64], mut work: impl FnMut(Draft) -> Result<(), UserError>) -> Result<Exit, UserError> {
    for id in ids {
        work(one(desk, *id)?)?;
    }
    Ok(Exit::Done)
}

fn one(desk: &Desk, id: i64) -> Result<Draft, UserError> {
    desk.store.draft(id)?.ok_or_else(|| {
        UserError::new(ErrorKind::Nothing, phrase!("no-such-draft", id = id.to_string()))
            .hint(phrase!("hint-draft-list"))
    })
}

fn list(desk: &Desk, out: &mut Output, discarded: bool) -> Result<Exit, UserError> {
    let drafts = if discarded { desk.store.discarded_drafts()? } else { desk.store.drafts()? };
    if drafts.is_empty() {
        out.talk(&if discarded { say!("told-no-discarded-drafts") } else { say!("told-no-drafts") });
        return Ok(Exit::Nothing);
    }
    match out.format() {
        Format::Json => drafts.iter().for_each(|draft| out.json(&DraftJson::from(draft))),
        Format::Ids => drafts.iter().for_each(|draft| out.line(&SafeText::line(&draft.id.to_string()))),
        Format::Table => {
            let columns = [Column::FIXED, Column::FIXED, Column::between(10, 30), Column::between(10, 400)];
            let cells: Vec<Vec<SafeText>> = drafts
                .iter()
                .map(|draft| {
                    let to: Vec<&str> = draft.to.iter().map(Address::short).collect();
                    let at = discarded.then_some(draft.discarded_at).flatten().unwrap_or(draft.saved_at);
                    [draft.id.to_string(), desk.minute(at), to.join(", "), crate::text::titled(&draft.subject)]
                        .map(|cell| SafeText::line(&cell))
                        .to_vec()
                })
                .collect();
            out.table(&columns, &cells);
        }
    }
    Ok(Exit::Done)
}

fn show(out: &mut Output, draft: &Draft) {
    match out.format() {
        Format::Json => out.json(&DraftJson::from(draft)),
        Format::Ids => out.line(&SafeText::line(&draft.id.to_string())),
        Format::Table => {
            out.line(&SafeText::line(&format!("--- draft {}", draft.id)));
            for (name, list) in [("To", &draft.to), ("Cc", &draft.cc), ("Bcc", &draft.bcc)] {
                writing::field(out, name, list);
            }
            out.line(&SafeText::line(&format!("Subject: {}", crate::text::titled(&draft.subject))));
            for file in &draft.files {
                out.line(&SafeText::line(&format!("Attached: {} ({} bytes)", file.name, file.size)));
            }
            out.own("\n");
            SafeText::lines(&draft.body).iter().for_each(|line| out.line(line));
            out.own("\n");
        }
    }
}

fn send(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    ids: &[i64],
    later: Option<&str>,
    anyway: bool,
) -> Result<Exit, UserError> {
    let due = later.map(|word| words::moment(desk, word)).transpose()?.flatten().unwrap_or_else(|| desk.clock.now());
    let mut drafts = Vec::new();
    for id in ids {
        let draft = one(desk, *id)?;
        if draft.discarded_at.is_some() {
            return Err(usage(phrase!("draft-is-discarded", id = id.to_string()))
                .hint(phrase!("hint-draft-restore", id = id.to_string())));
        }
        drafts.push(draft);
    }
    let queued = queue(&desk.store, &desk.config.accounts, &drafts, due, anyway, None)?;
    let (mails, new) = writing::newly_queued(out, &queued);
    let delivered = post::deliver(around, desk, out, &mails);
    writing::tell_queued(desk, out, &new)?;
    delivered
}
