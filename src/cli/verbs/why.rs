//! `postroom why`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::WhyJson;
use crate::cli::output::Output;
use crate::cli::targets;
use crate::error::UserError;
use crate::model::text::SafeText;

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
    for (n, (message, subject, why)) in desk.store.why(&id)?.iter().enumerate() {
        match out.format() {
            Format::Json => out.json(&WhyJson::new(id.as_str(), message, subject, why)),
            Format::Ids => out.line(&SafeText::line(message.as_str())),
            Format::Table => {
                out.line(&SafeText::line(&format!("{:>3}  {subject}", n + 1)));
                out.line(&SafeText::line(&format!("     <{message}>")));
                out.line(&SafeText::line(&format!("     {why}")));
            }
        }
    }
    Ok(Exit::Done)
}
