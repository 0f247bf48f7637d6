//! The user's own editor: a private file, the terminal lent, the file read back.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::Command;

use crate::error::{ErrorKind, UserError};

/// The most bytes that are read back.
const MAX: u64 = 10_000_000;

/// Has `text` edited with `command`, which may have arguments, and returns what it became. The file goes away unless it can't be read
/// back: then its place is named.
///
/// # Errors
/// When the file can't be written, or the editor can't be started, ends with a failure, or leaves something unreadable.
pub(crate) fn edit(command: &str, text: &str) -> Result<String, UserError> {
    let path = std::env::temp_dir().join(format!("postroom-{}.eml", uuid::Uuid::now_v7()));
    let failed = |what: String| {
        UserError::new(ErrorKind::Config, what).hint("the draft is as it was; go on in the built-in editor")
    };
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| failed(format!("{}: {error}", path.display())))?;
    // Through the shell, so that `code --wait` and quoted paths work as they do elsewhere.
    let ended = Command::new("sh").arg("-c").arg(format!("{command} \"$1\"")).arg("sh").arg(&path).status();
    let done = match ended {
        Ok(status) if status.success() => read(&path),
        // Killed, as by a connection that was lost: what it had written to the file is all there is of the work.
        Ok(status) if was_killed(status) => read(&path),
        Ok(status) => {
            let _ = std::fs::remove_file(&path);
            return Err(failed(format!("{command} ended with {status}")));
        }
        Err(error) => {
            let _ = std::fs::remove_file(&path);
            return Err(failed(format!("{command} can't be started: {error}")));
        }
    };
    if done.is_ok() {
        // A leftover in the temporary folder does no harm that could be told here.
        let _ = std::fs::remove_file(&path);
    }
    done.map_err(|error| failed(format!("{} can't be read back: {error}", path.display())))
}

/// Tells whether a signal ended it, also where the shell around it says so by its exit code.
fn was_killed(status: std::process::ExitStatus) -> bool {
    status.signal().is_some() || status.code().is_some_and(|code| code > 128)
}

fn read(path: &Path) -> std::io::Result<String> {
    if std::fs::metadata(path)?.len() > MAX {
        return Err(std::io::Error::other("it is too long"));
    }
    Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
}

#[cfg(test)]
#[path = "editor_tests.rs"]
mod tests;
