//! `postroom log`.

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::log_json::LogJson;
use crate::cli::output::Output;
use crate::cli::table::{Column, lay_out};
use crate::cli::{act, targets};
use crate::error::UserError;
use crate::model::conversation::LogEntry;
use crate::model::text::SafeText;
use crate::store::LogFilter;

/// How many entries are read at a time.
const PAGE: usize = 500;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct LogArgs {
    /// Only what was done to this conversation
    #[arg(value_name = "ID")]
    conversation: Option<String>,
    /// Print at most so many
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &LogArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let conversation = args.conversation.as_deref().map(|word| targets::one(&desk, word)).transpose()?;
    let mut left = args.limit.unwrap_or(usize::MAX);
    let mut before = None;
    let mut any = false;
    while left > 0 && !out.is_closed() {
        let filter = LogFilter { conversation: conversation.clone(), before, limit: left.min(PAGE) };
        let page = desk.store.log(&filter)?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        left = left.saturating_sub(page.len());
        any = true;
        print(&desk, out, &page)?;
    }
    if any { Ok(Exit::Done) } else { act::nothing(out) }
}

fn print(desk: &Desk, out: &mut Output, entries: &[LogEntry]) -> Result<(), UserError> {
    match out.format() {
        Format::Json => {
            for entry in entries {
                out.json(&LogJson::new(entry, &desk.store.log_targets(entry.id)?));
            }
        }
        Format::Ids => entries.iter().for_each(|entry| out.line(&SafeText::line(&entry.id.to_string()))),
        Format::Table => {
            let columns = [Column::FIXED, Column::FIXED, Column::FIXED, Column::between(24, 400), Column::FIXED];
            let cells: Vec<Vec<SafeText>> = entries.iter().map(|entry| cells(desk, entry)).collect();
            lay_out(&columns, &cells, out.width()).iter().for_each(|line| out.line(line));
        }
    }
    Ok(())
}

fn cells(desk: &Desk, entry: &LogEntry) -> Vec<SafeText> {
    let whom = match entry.conversations.as_slice() {
        [one] if entry.touched == 1 => one.clone(),
        // Some are about no conversation, such as the team's record, and of an erased one no id is left.
        _ if entry.touched == 0 => "-".to_owned(),
        _ if entry.touched == 1 => "1 conv".to_owned(),
        _ => format!("{} convs", entry.touched),
    };
    // In a column of its own: a long sentence is cut, what became of it never.
    let mut became = match &entry.lost_to {
        _ if entry.undone => "undone".to_owned(),
        Some(who) if who == "nobody" => "nobody had it".to_owned(),
        Some(who) => format!("{who} was first"),
        None if entry.lost > 0 => {
            let said = crate::text::number;
            format!("lost {} of {}", said(entry.lost), said(entry.touched))
        }
        None => String::new(),
    };
    if entry.on_server.is_none() && !desk.config.accounts.is_empty() {
        became = if became.is_empty() { "unsent".to_owned() } else { format!("{became}, unsent") };
    }
    vec![
        SafeText::line(&desk.minute(entry.at)),
        SafeText::line(&whom),
        SafeText::line(&became),
        entry.sentence.clone(),
        SafeText::line(&entry.id.to_string()),
    ]
}
