//! Mail on the standard input of a command that somebody typed: nothing of a mail or of the log ever chooses what is run.
//!
//! One mail is handed over as it came, several as an mbox. The command has a time limit, and what it prints a bound.

use std::time::Duration;

use super::export::mbox;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{ConversationId, MessageId};
use crate::model::phrase::Phrase;
use crate::model::piped::Piped;
use crate::model::stop::Stop;
use crate::model::text::SafeText;
use crate::program::{End, Program};
use crate::store::Store;

/// A command is killed after so long.
const LIMIT: Duration = Duration::from_secs(60);
/// So much of what it prints is shown.
const OUTPUT_MAX: usize = 256 << 10;
/// And so many lines of it.
const LINES_MAX: usize = 5_000;
/// So many mails are handed over at most, and so many bytes: they are held in memory.
const MAILS_MAX: usize = 1_000;
const INPUT_MAX: usize = 64 << 20;

/// The mails of conversations in time order, one conversation after the other.
///
/// # Errors
/// When the store can't be read.
pub fn mails_of(store: &Store, conversations: &[ConversationId]) -> Result<Vec<MessageId>, UserError> {
    let mut all = Vec::new();
    for id in conversations {
        all.extend(store.mails_of(id)?.into_iter().map(|mail| mail.id));
        if all.len() > MAILS_MAX {
            break;
        }
    }
    Ok(all)
}

/// Runs a line of the shell with these mails on its standard input, and waits for its end or until `stop` says that nobody waits any more.
///
/// # Errors
/// When a mail is not whole here, they are too many or too large, or the store can't be read. A command that fails is no error of ours.
pub fn to_command(store: &Store, line: &str, mails: &[MessageId], stop: &Stop) -> Result<Piped, UserError> {
    let input = input(store, mails)?;
    let program = Program::new(["sh", "-c", line]).of_session().input(input);
    let ended = program.limit(LIMIT).output_max(OUTPUT_MAX).until(stop.clone()).run();
    let mut cut = ended.cut;
    let mut lines = |bytes: &[u8]| -> Vec<SafeText> {
        let text = String::from_utf8_lossy(bytes);
        let mut some = text.trim_end_matches('\n').split('\n');
        let shown: Vec<&str> = some.by_ref().take(LINES_MAX).collect();
        cut |= some.next().is_some();
        if shown == [""] { Vec::new() } else { SafeText::lines(&shown.join("\n")) }
    };
    let (printed, said) = (lines(&ended.stdout), lines(&ended.stderr));
    Ok(Piped { mails: mails.len(), why: why(&ended.end), lines: printed, said, cut })
}

/// Says why a line of the shell did not end well. A shell tells of what it ran by its own status (POSIX, 2.8.2).
fn why(end: &End) -> Option<Phrase> {
    match end {
        End::Status(127) => Some(phrase!("pipe-no-program")),
        End::Status(126) => Some(phrase!("pipe-no-right")),
        End::Status(status @ 129..=192) => End::Signal(status - 128).why(),
        other => other.why(),
    }
}

/// Returns what the command reads.
fn input(store: &Store, mails: &[MessageId]) -> Result<Vec<u8>, UserError> {
    let too_much = || {
        let what = phrase!("pipe-too-much", mails = MAILS_MAX, size = "64 MB");
        UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-pipe-fewer"))
    };
    if mails.is_empty() {
        return Err(UserError::new(ErrorKind::Nothing, phrase!("pipe-no-mail")));
    }
    if mails.len() > MAILS_MAX {
        return Err(too_much());
    }
    let mut input = Vec::new();
    let mut missing: usize = 0;
    for id in mails {
        match store.whole(id)? {
            Some(raw) if mails.len() == 1 => input = raw,
            Some(raw) => input.extend(mbox::entry(&raw, store.author().clock.now())),
            None => {
                // It is fetched, where it can be.
                let _ = store.want_body(id)?;
                missing += 1;
            }
        }
        if input.len() > INPUT_MAX {
            return Err(too_much());
        }
    }
    match missing {
        0 => Ok(input),
        count => Err(UserError::new(ErrorKind::Precondition, phrase!("pipe-not-here", count = count))
            .hint(phrase!("hint-pipe-not-here"))),
    }
}

#[cfg(test)]
#[path = "pipe_tests.rs"]
mod tests;
