//! What the parser of arguments says of a command line that it can't read, as an error like all others.

use clap::error::ErrorKind as Wrong;

use crate::error::{ErrorKind, UserError};

/// Makes an error of the parser's. It has said what is meant in paragraphs: what is wrong, tips, the usage, where help is.
pub fn error(error: &clap::Error) -> UserError {
    let rendered = error.render().to_string();
    let mut paragraphs = rendered.split("\n\n").map(|paragraph| {
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        words.join(" ")
    });
    let first = paragraphs.next().unwrap_or_default();
    let what = first.strip_prefix("error: ").unwrap_or(&first);
    // Without what to do the last paragraph says it: where help is.
    let next = paragraphs.find(|paragraph| !paragraph.is_empty()).unwrap_or_default();
    let hint = next.strip_prefix("tip: ").unwrap_or(&next);
    UserError::new(ErrorKind::Usage, phrase!("command-line-wrong", why = what)).hint(hint)
}

/// Tells whether it is no error, but help or the version that was asked for.
pub fn is_help(error: &clap::Error) -> bool {
    matches!(error.kind(), Wrong::DisplayHelp | Wrong::DisplayVersion | Wrong::DisplayHelpOnMissingArgumentOrSubcommand)
}
