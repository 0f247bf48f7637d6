//! `postroom replies`: the saved replies, and sharing them with the team through its log.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::mail_json::{FaultJson, SavedJson};
use crate::cli::output::Output;
use crate::cli::saved;
use crate::cli::table::Column;
use crate::cli::words::usage;
use crate::cli::{act, remote};
use crate::error::{ErrorKind, UserError};
use crate::model::template::{Template, lint};
use crate::model::text::{SafeText, in_quotes};
use crate::op::operation::TEXT_MAX;
use crate::runtime::files::write_free;
use crate::service::saved_replies::{self, SavedReply, Shared, Shelf};
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct RepliesArgs {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the saved replies and whether the team has them
    List,
    /// Print a saved reply with its header
    Show {
        /// Its name
        name: String,
    },
    /// Check saved replies: unknown variables, single braces, empty texts
    Lint {
        /// Their names; all unless named
        names: Vec<String>,
        /// A variable that is given on sending
        #[arg(long, value_name = "NAME")]
        with: Vec<String>,
    },
    /// Share saved replies with the team
    Push {
        /// Their names; all that the team has otherwise or not at all unless named
        names: Vec<String>,
        /// Take this one from the team
        #[arg(long, value_name = "NAME", conflicts_with = "names")]
        withdraw: Option<String>,
    },
    /// Write what the team shares into the folder
    Pull {
        /// Their names; all unless named
        names: Vec<String>,
        /// Write over files that hold something else
        #[arg(long)]
        force: bool,
    },
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and files, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &RepliesArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    match args.what.as_ref().unwrap_or(&What::List) {
        What::List => list(&desk, out),
        What::Show { name } => show(&desk, out, name),
        What::Lint { names, with } => check(&desk, out, names, with),
        What::Push { names, withdraw } => push(around, &desk, out, names, withdraw.as_deref()),
        What::Pull { names, force } => pull(around, &desk, out, names, *force),
    }
}

/// Returns those that are named, or all.
fn chosen<'a>(desk: &Desk, shelf: &'a Shelf, names: &[String]) -> Result<Vec<&'a SavedReply>, UserError> {
    match names {
        [] => Ok(shelf.replies.iter().collect()),
        names => names.iter().map(|name| saved::find(desk, shelf, name)).collect(),
    }
}

fn list(desk: &Desk, out: &mut Output) -> Result<Exit, UserError> {
    let all = saved::all(desk, out)?.replies;
    if all.is_empty() {
        out.talk(&say!("told-no-replies", path = desk.config.replies_dir.display().to_string()));
        return Ok(Exit::Nothing);
    }
    match out.format() {
        Format::Json => all.iter().for_each(|reply| out.json(&SavedJson::from(reply))),
        Format::Ids => all.iter().for_each(|reply| out.line(&SafeText::line(&reply.template.name))),
        Format::Table => {
            let columns = [
                Column::between(8, 40),
                Column::FIXED,
                Column::FIXED,
                Column::FIXED,
                Column::between(4, 30),
                Column::between(8, 400),
            ];
            let cells: Vec<Vec<SafeText>> = all
                .iter()
                .map(|reply| {
                    let of = &reply.template;
                    [
                        of.name.clone(),
                        of.language.clone(),
                        reply.shared.word().to_owned(),
                        saved::origin(desk, reply),
                        of.tags.join(", "),
                        of.subject.clone(),
                    ]
                    .map(|cell| SafeText::line(&cell))
                    .to_vec()
                })
                .collect();
            out.table(&columns, &cells);
        }
    }
    Ok(Exit::Done)
}

fn show(desk: &Desk, out: &mut Output, name: &str) -> Result<Exit, UserError> {
    let shelf = saved_replies::all(&desk.store, &desk.config.replies_dir)?;
    let reply = saved::find(desk, &shelf, name)?;
    out.talk(&say!("told-reply-origin", name = &reply.template.name, origin = saved::origin(desk, reply)));
    match out.format() {
        Format::Json => out.json(&SavedJson::from(reply)),
        _ => SafeText::lines(&reply.text).iter().for_each(|line| out.line(line)),
    }
    Ok(Exit::Done)
}

fn check(desk: &Desk, out: &mut Output, names: &[String], with: &[String]) -> Result<Exit, UserError> {
    let known: Vec<String> = desk.config.sending.variables.keys().chain(with).cloned().collect();
    let shelf = saved::all(desk, out)?;
    let replies = chosen(desk, &shelf, names)?;
    // What can't be read is no good saved reply either; it was told already.
    let troubles = if names.is_empty() { shelf.troubles.as_slice() } else { &[] };
    if out.format() == Format::Json {
        troubles.iter().for_each(|trouble| out.json(&FaultJson::new(&trouble.name(), 1, &trouble.error().what)));
    }
    let mut faults = troubles.len();
    for reply in &replies {
        for fault in lint(&reply.text, &known) {
            faults += 1;
            match out.format() {
                Format::Json => out.json(&FaultJson::new(&reply.template.name, fault.line, &fault.message)),
                _ => {
                    let place =
                        reply.file.as_ref().map_or_else(|| reply.template.name.clone(), |f| f.display().to_string());
                    out.line(&SafeText::line(&format!("{place}:{}: {}", fault.line, text::render(&fault.message))));
                }
            }
        }
    }
    out.talk(&format!("{}, {}", say!("replies-of", count = replies.len()), say!("faults-of", count = faults)));
    Ok(if faults == 0 { Exit::Done } else { Exit::Precondition })
}

fn push(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    names: &[String],
    withdraw: Option<&str>,
) -> Result<Exit, UserError> {
    let mut texts = Vec::new();
    let shelf = saved::all(desk, out)?;
    if let Some(name) = withdraw {
        let reply = saved::find(desk, &shelf, name)?;
        if reply.shared == Shared::No {
            return Err(UserError::new(ErrorKind::Nothing, phrase!("reply-not-shared", name = in_quotes(name))));
        }
        texts.push((reply.template.name.clone(), String::new()));
    } else {
        let known: Vec<String> = desk.config.sending.variables.keys().cloned().collect();
        let here = |reply: &&SavedReply| reply.file.is_some() && reply.shared != Shared::Same;
        for reply in chosen(desk, &shelf, names)?.into_iter().filter(here) {
            if reply.text.chars().count() > TEXT_MAX {
                return Err(usage(phrase!(
                    "reply-too-long",
                    name = &reply.template.name,
                    bound = TEXT_MAX.to_string()
                )));
            }
            // A variable that is unknown here can be given on sending, so it is said and no reason to refuse.
            for fault in lint(&reply.text, &known) {
                let (name, fault) = (&reply.template.name, text::render(&fault.message));
                out.warn(&say!("told-shared-fault", name = name, fault = fault));
            }
            texts.push((reply.template.name.clone(), reply.text.clone()));
        }
    }
    if texts.is_empty() {
        out.talk(&say!("told-replies-same"));
        return Ok(Exit::Done);
    }
    let said: Vec<String> = texts
        .iter()
        .map(|(name, text)| match text.is_empty() {
            true => say!("told-withdrawn", name = name),
            false => say!("told-shared", name = name),
        })
        .collect();
    saved_replies::share(&desk.store, texts)?;
    said.iter().for_each(|line| out.talk(line));
    remote::bring(around, desk, out, Exit::Done)
}

fn pull(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    names: &[String],
    force: bool,
) -> Result<Exit, UserError> {
    // What colleagues shared meanwhile comes first.
    let exit = remote::bring(around, desk, out, Exit::Done)?;
    let shared = desk.store.saved_replies()?;
    let shelf = saved::all(desk, out)?;
    let here = chosen(desk, &shelf, names)?;
    if here.is_empty() {
        return act::nothing(out);
    }
    let mut refused = false;
    for reply in here {
        let name = &reply.template.name;
        let Some(team) = shared.iter().find(|shared| shared.name == *name) else { continue };
        let text = &team.text;
        if Template::parse(name, text).name != *name {
            out.warn(&say!("told-reply-of-another", name = name));
            continue;
        }
        if reply.file.is_none() && shelf.trouble_of(&stem(name)).is_some() {
            // Its file is there and can't be read: a second one beside it would come anew with each pull.
            refused = true;
            continue;
        }
        // From here on it is an own file, which nobody is asked about: what is other in it is told now.
        let change = match (&reply.file, reply.shared) {
            (Some(_), Shared::Differs) if force => Some(saved_replies::difference(&reply.text, text)),
            (Some(_), _) => None,
            (None, _) => reply.change(),
        };
        let written = match (&reply.file, reply.shared) {
            (Some(_), Shared::Same) => continue,
            (Some(file), _) if force => std::fs::write(file, text).map(|()| file.clone()),
            (Some(file), _) => {
                out.warn(&say!("told-reply-differs", path = file.display().to_string(), name = name));
                refused = true;
                continue;
            }
            (None, _) => write_new(&desk.config.replies_dir, name, text),
        };
        match written {
            Ok(file) => {
                let said = say!("told-written", path = file.display().to_string());
                match &change {
                    Some(change) => {
                        out.warn(&said);
                        saved::tell_change(desk, out, reply, change);
                    }
                    None => out.talk(&said),
                }
                saved_replies::remember(&desk.store, team)?;
            }
            Err(error) => {
                return Err(usage(phrase!("reply-not-written", name = name, why = error.to_string()))
                    .hint(phrase!("hint-replies-folder")));
            }
        }
    }
    Ok(if refused && exit == Exit::Done { Exit::Precondition } else { exit })
}

/// Writes a reply into a file of a name that is free: names that differ in marks alone make the same file name.
fn write_new(dir: &Path, name: &str, text: &str) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(dir)?;
    write_free(dir, &format!("{}.md", stem(name)), text.as_bytes(), 0o644)
}

/// The longest stem in bytes; file systems take 255 for a whole name.
const STEM_MAX: usize = 200;

/// Returns a file name for a reply's name: letters, digits and dashes alone, so that a name from the log leads nowhere else.
fn stem(name: &str) -> String {
    let mut out = String::new();
    for c in name.to_lowercase().chars() {
        if out.len() + c.len_utf8() > STEM_MAX {
            break;
        }
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let stem = out.trim_end_matches('-');
    if stem.is_empty() { "reply".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
#[path = "replies_tests.rs"]
mod tests;
