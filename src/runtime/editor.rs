//! The user's own editor: a private file, the terminal lent, the file read back.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

use crate::error::{ErrorKind, UserError};
use crate::model::phrase::Phrase;
use crate::model::text::as_utf8;

/// The most bytes that are read back.
const MAX: u64 = 10_000_000;

/// Has `text` edited with `command`, which may have arguments, beginning at `line`, from 1, and returns what it became. The file lies in a
/// folder that nobody else can look into, because editors put copies beside it. It goes away, unless the editor failed and something new stands in it: then its place
/// is named; so is one that is not UTF-8.
///
/// # Errors
/// When the file can't be written, or the editor can't be started, ends with a failure, or leaves something unreadable or no UTF-8.
pub(crate) fn edit(command: &str, text: &str, line: usize) -> Result<String, UserError> {
    let dir = std::env::temp_dir().join(format!("postroom-{}", uuid::Uuid::now_v7()));
    let path = dir.join("mail.eml");
    write(&dir, &path, text).map_err(|error| {
        // What is half written helps nobody.
        let _ = std::fs::remove_dir_all(&dir);
        failed(
            phrase!("error-within", place = path.display().to_string(), what = error.to_string()),
            phrase!("hint-built-in-editor"),
        )
    })?;
    // Through the shell, so that `code --wait` and quoted paths work as they do elsewhere.
    let (shown, place) = (path.display().to_string(), place(command, line));
    let script = match &place {
        Place::Before(_) => format!("{command} \"$2\" \"$1\""),
        Place::Behind(_) | Place::Unknown => format!("{command} \"$1\""),
    };
    let path_with_place = match &place {
        Place::Behind(at) => format!("{shown}{at}"),
        Place::Before(_) | Place::Unknown => shown.clone(),
    };
    let mut run = Command::new("sh");
    run.arg("-c").arg(script).arg("sh").arg(path_with_place);
    if let Place::Before(at) = &place {
        run.arg(at);
    }
    let ended = run.status();
    let why = match ended {
        Ok(status) if status.success() => None,
        // Killed, as by a connection that was lost: what it had written to the file is all there is of the work.
        Ok(status) if was_killed(status) => None,
        Ok(status) => Some(phrase!("command-ended-with", command = command, how = status.to_string())),
        Err(error) => Some(phrase!("program-not-started", program = command, why = error.to_string())),
    };
    match (read(&path), why) {
        (Err(Unread::NotUtf8 { line, byte }), _) => {
            let what = phrase!("editor-not-utf8", line = line.to_string(), byte = byte.to_string());
            Err(failed(what, phrase!("hint-editor-utf8", path = shown)))
        }
        (Err(Unread::System(error)), _) => {
            let what = phrase!("editor-unreadable", path = shown, why = error.to_string());
            Err(failed(what, phrase!("hint-built-in-editor")))
        }
        (Ok(written), Some(why)) if written != text => Err(failed(why, phrase!("hint-written-stands", path = shown))),
        (Ok(written), why) => {
            // A leftover in the temporary folder does no harm that could be told here.
            let _ = std::fs::remove_dir_all(&dir);
            why.map_or(Ok(written), |why| Err(failed(why, phrase!("hint-built-in-editor"))))
        }
    }
}

/// How an editor is told where to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// By an argument in front of the file.
    Before(String),
    /// By what stands behind the file's name.
    Behind(String),
    /// It is none that is known: one that does not know `+5` would open a file of that name.
    Unknown,
}

/// Tells how the editor of a command is told to begin at a line, from 1.
fn place(command: &str, line: usize) -> Place {
    // The program stands behind variables that are set for it, and behind `env` or `exec`.
    let mut words = command.split_whitespace();
    let program = words.find(|word| !word.contains('=') && !matches!(*word, "env" | "exec" | "command"));
    let names_line = command.split_whitespace().skip(1).any(|word| word.starts_with('+') || word == "-c");
    let program = program.unwrap_or_default().trim_matches(['"', '\'']);
    let name = program.rsplit('/').next().unwrap_or_default();
    let name = name.split(['.', '-']).next().unwrap_or_default();
    match name {
        _ if names_line || line <= 1 => Place::Unknown,
        "vi" | "vim" | "nvim" | "gvim" | "vis" | "elvis" | "nvi" | "ex" | "view" | "kak" | "nano" | "pico"
        | "rnano" | "emacs" | "emacsclient" | "mg" | "jmacs" | "zile" | "joe" | "jed" | "ne" | "micro" | "jove"
        | "gedit" | "mcedit" | "vile" | "xemacs" => Place::Before(format!("+{line}")),
        "hx" | "helix" => Place::Behind(format!(":{line}")),
        _ => Place::Unknown,
    }
}

fn failed(what: Phrase, hint: Phrase) -> UserError {
    UserError::new(ErrorKind::Config, what).hint(hint)
}

fn write(dir: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::DirBuilder::new().mode(0o700).create(dir)?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// Tells whether a signal ended it, also where the shell around it says so by its exit code.
fn was_killed(status: std::process::ExitStatus) -> bool {
    status.signal().is_some() || status.code().is_some_and(|code| code > 128)
}

/// Why what an editor left can't be taken.
enum Unread {
    /// The system says why.
    System(std::io::Error),
    /// That byte of that line, both from 1, is no UTF-8: read in spite of it, it would go out as another letter.
    NotUtf8 { line: usize, byte: usize },
}

impl From<std::io::Error> for Unread {
    fn from(error: std::io::Error) -> Self {
        Unread::System(error)
    }
}

fn read(path: &Path) -> Result<String, Unread> {
    if std::fs::metadata(path)?.len() > MAX {
        return Err(std::io::Error::other(say!("too-long")).into());
    }
    as_utf8(std::fs::read(path)?).map_err(|(line, byte)| Unread::NotUtf8 { line, byte })
}

#[cfg(test)]
#[path = "editor_tests.rs"]
mod tests;
