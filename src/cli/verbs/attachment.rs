//! `postroom attachment`: list, save, open and pipe the attachments of a conversation.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::app::words::size;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::mail_json::AttachmentJson;
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::cli::words::usage;
use crate::cli::{act, bodies, targets};
use crate::error::{ErrorKind, UserError};
use crate::mime::{self, AttachmentBytes};
use crate::model::ids::MessageId;
use crate::model::message::Attachment;
use crate::model::text::{SafeText, in_quotes};
use crate::program::{self, End};
use crate::runtime::files::{PRIVATE, write_free};
use crate::runtime::opened;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct AttachmentArgs {
    /// The conversation
    #[arg(value_name = "ID")]
    conversation: String,
    /// Only this one, by its number in the list
    #[arg(value_name = "N")]
    number: Option<usize>,
    /// Save into this folder, under names that are free
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// Open with the command of the config
    #[arg(long, conflicts_with = "save", requires = "number")]
    open: bool,
    /// Hand to a shell command on its stdin
    #[arg(long, value_name = "CMD", conflicts_with_all = ["save", "open"], requires = "number")]
    pipe: Option<String>,
}

/// An attachment and the message that it came with.
struct Found {
    number: usize,
    message: MessageId,
    about: Attachment,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and the store, of writing files and running commands.
pub fn run(around: &Surroundings, out: &mut Output, args: &AttachmentArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let id = targets::one(&desk, &args.conversation)?;
    let messages = desk.store.message_ids(&id)?;
    // Only a whole mail tells what is attached to it.
    let brought = bodies::bring(around, &desk, out, &messages)?;
    let mut all = Vec::new();
    for message in messages {
        let Some(raw) = desk.store.whole(&message)? else { continue };
        for about in mime::readable(&raw).attachments {
            all.push(Found { number: all.len() + 1, message: message.clone(), about });
        }
    }
    let count = all.len();
    // The numbers are those of the whole list.
    if brought != Exit::Done && (all.is_empty() || args.number.is_some()) {
        return Ok(brought);
    }
    if let Some(number) = args.number {
        all.retain(|found| found.number == number);
        if all.is_empty() {
            return Err(UserError::new(ErrorKind::Nothing, phrase!("attachment-missing", number = number.to_string()))
                .hint(phrase!("hint-attachments-there", count = count)));
        }
    }
    if all.is_empty() {
        return act::nothing(out);
    }
    let done = match (&args.save, args.open, &args.pipe, all.first()) {
        (Some(dir), ..) => save(&desk, out, dir, &all),
        (None, true, _, Some(found)) => open(&desk, found),
        (None, false, Some(command), Some(found)) => pipe(&desk, out, found, command),
        _ => Ok(list(out, &all)),
    };
    done.map(|exit| if exit == Exit::Done { brought } else { exit })
}

fn list(out: &mut Output, all: &[Found]) -> Exit {
    match out.format() {
        Format::Json => all.iter().for_each(|f| out.json(&AttachmentJson::new(f.number, &f.message, &f.about, None))),
        Format::Ids => all.iter().for_each(|f| out.line(&SafeText::line(&f.number.to_string()))),
        Format::Table => {
            let columns = [Column::FIXED, Column::FIXED, Column::between(8, 40), Column::between(8, 400)];
            let cells: Vec<Vec<SafeText>> = all
                .iter()
                .map(|f| {
                    let size = SafeText::line(&size(f.about.size));
                    vec![SafeText::line(&f.number.to_string()), size, f.about.media.clone(), f.about.name.clone()]
                })
                .collect();
            out.table(&columns, &cells);
        }
    }
    Exit::Done
}

fn bytes(desk: &Desk, found: &Found) -> Result<AttachmentBytes, UserError> {
    let raw = desk.store.whole(&found.message)?;
    raw.and_then(|raw| mime::attachment(&raw, found.about.index)).ok_or_else(|| {
        UserError::new(ErrorKind::Precondition, phrase!("attachment-not-here", number = found.number.to_string()))
            .hint(phrase!("hint-sync"))
    })
}

fn unwritable(path: &Path, error: &std::io::Error) -> UserError {
    usage(error.to_string()).within(path.display().to_string())
}

fn save(desk: &Desk, out: &mut Output, dir: &Path, all: &[Found]) -> Result<Exit, UserError> {
    std::fs::create_dir_all(dir).map_err(|error| unwritable(dir, &error))?;
    for found in all {
        let attachment = bytes(desk, found)?;
        let path =
            write_free(dir, &attachment.name, &attachment.bytes, PRIVATE).map_err(|error| unwritable(dir, &error))?;
        let shown = path.display().to_string();
        match out.format() {
            Format::Json => out.json(&AttachmentJson::new(found.number, &found.message, &found.about, Some(shown))),
            _ => out.line(&SafeText::line(&shown)),
        }
    }
    Ok(Exit::Done)
}

fn open(desk: &Desk, found: &Found) -> Result<Exit, UserError> {
    let attachment = bytes(desk, found)?;
    let words = || desk.config.ui.opener.split_whitespace();
    let program =
        words().next().ok_or_else(|| usage(phrase!("no-opener-set")).hint(phrase!("hint-opener-under-ui")))?;
    let path = opened::lay(&desk.config.data_dir, &attachment)
        .map_err(|error| unwritable(&opened::folder(&desk.config.data_dir), &error))?;
    let command = words().map(OsString::from).chain([path.clone().into_os_string()]);
    // What opens it may read it after it has returned; where it failed nobody will.
    ended(program, &program::attended(command)).inspect_err(|_| opened::take_away(&path))
}

fn pipe(desk: &Desk, out: &mut Output, found: &Found, command: &str) -> Result<Exit, UserError> {
    let attachment = bytes(desk, found)?;
    out.flush();
    ended(command, &program::on_terminal(command, &attachment.bytes))
}

fn ended(command: &str, end: &End) -> Result<Exit, UserError> {
    let shown = in_quotes(command);
    match end {
        End::Well => Ok(Exit::Done),
        End::NotStarted(why) | End::Broke(why) => Err(usage(phrase!("command-not-run", command = shown, why = why))),
        _ => Err(UserError::new(ErrorKind::Precondition, phrase!("command-failed", command = shown))),
    }
}
