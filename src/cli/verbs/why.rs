//! `postroom why`.

use super::show;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{TogetherJson, WhyJson};
use crate::cli::output::Output;
use crate::cli::targets;
use crate::error::UserError;
use crate::model::conversation::Conversation;
use crate::model::text::SafeText;
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct WhyArgs {
    /// The conversation
    #[arg(value_name = "ID")]
    conversation: String,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &WhyArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let id = targets::one(&desk, &args.conversation)?;
    for (n, item) in desk.store.why(&id)?.iter().enumerate() {
        let wrote = item.authorship.reason(item.author.as_str());
        match out.format() {
            Format::Json => out.json(&WhyJson::new(id.as_str(), item, text::english(&wrote))),
            Format::Ids => out.line(&SafeText::line(item.id.as_str())),
            Format::Table => {
                out.line(&SafeText::line(&format!("{:>3}  {}", n + 1, item.subject)));
                out.line(&SafeText::line(&format!("     <{}>", item.id)));
                out.line(&SafeText::line(&format!("     {}", text::render(&wrote))));
                out.line(&SafeText::line(&format!("     {}", item.why)));
            }
        }
    }
    if let Some(conversation) = desk.store.conversation(&id, 0)? {
        together(&desk, out, &conversation);
    }
    Ok(Exit::Done)
}

/// Tells what the conversation has to do with others, where it has.
fn together(desk: &Desk, out: &mut Output, conversation: &Conversation) {
    let Conversation { row, context, related, .. } = conversation;
    if row.answered == 0 && context.is_empty() && related.is_empty() {
        return;
    }
    match out.format() {
        Format::Json => out.json(&TogetherJson::from(conversation)),
        Format::Ids => {}
        Format::Table => show::print_together(desk, out, conversation, None),
    }
}
