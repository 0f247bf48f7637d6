//! Answers that are kept when the questions are left half-way, and proposed the next time. What is secret is not among them.

use std::path::PathBuf;

use super::answers::Answers;
use super::file;
use crate::config::Paths;

/// The file of kept answers.
pub struct Kept(PathBuf);

impl Kept {
    /// It lies where programs keep what they can do without; beside the store on systems without such a place.
    pub fn beside(paths: &Paths) -> Self {
        let state =
            directories::ProjectDirs::from("", "", "postroom").and_then(|dirs| Some(dirs.state_dir()?.to_owned()));
        Self(state.unwrap_or_else(|| paths.data.clone()).join("init.json"))
    }

    /// Returns what was answered the last time; `None` where nothing is kept, or can't be read any more.
    pub fn load(&self) -> Option<Answers> {
        serde_json::from_str(&std::fs::read_to_string(&self.0).ok()?).ok()
    }

    /// Keeps the answers. That they can't be kept is no reason to ask no further.
    pub fn save(&self, answers: &Answers) {
        let kept = serde_json::to_string_pretty(answers).ok().map(|text| file::write(&self.0, &text));
        if let Some(Err(error)) = kept {
            tracing::warn!(%error, "the answers are not kept");
        }
    }

    /// Forgets them: the config is written.
    pub fn forget(&self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
