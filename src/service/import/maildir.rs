//! Maildirs, with the folders that Maildir++ puts below one: `.Sent`, `.Archive.2025`.

use std::path::{Path, PathBuf};

/// What programs call the folder of sent mail, in lower case.
const SENT: [&str; 7] =
    ["sent", "sent items", "sent messages", "sent mail", "sent-mail", "gesendet", "gesendete elemente"];
/// What programs call folders whose mails are no customers'.
const LEFT_OUT: [&str; 11] = [
    "drafts",
    "trash",
    "junk",
    "spam",
    "junk e-mail",
    "deleted items",
    "deleted messages",
    "entwürfe",
    "papierkorb",
    "templates",
    "postroom",
];

/// One folder of a Maildir.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// The last level of its name; empty for the Maildir itself.
    name: String,
}

impl Folder {
    /// Tells whether it holds what was sent.
    pub fn is_sent(&self) -> bool {
        is_sent(&self.name)
    }

    /// Tells whether its mails are taken only where it is named itself.
    pub fn is_left_out(&self) -> bool {
        LEFT_OUT.contains(&self.name.to_lowercase().as_str())
    }
}

/// Tells whether a folder of that name holds what was sent.
pub fn is_sent(name: &str) -> bool {
    SENT.contains(&name.to_lowercase().as_str())
}

/// Tells whether a folder is a Maildir.
pub fn is_one(path: &Path) -> bool {
    path.join("cur").is_dir() && path.join("new").is_dir()
}

/// Returns the Maildir itself and the folders below it, by name. One that was named itself is never left out.
pub fn folders(path: &Path) -> Vec<Folder> {
    let own = path.file_name().unwrap_or_default().to_string_lossy();
    let own = own.rsplit('.').next().filter(|name| is_sent(name)).unwrap_or_default().to_owned();
    let mut found = vec![Folder { path: path.to_owned(), name: own }];
    let inside = std::fs::read_dir(path).into_iter().flatten().flatten();
    for entry in inside {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && name.starts_with('.') && is_one(&entry.path()) {
            let last = name.rsplit('.').next().unwrap_or_default().to_owned();
            found.push(Folder { path: entry.path(), name: last });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
