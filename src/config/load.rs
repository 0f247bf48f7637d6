//! Reads the config file, and lays the environment and the flags over it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::layers::{Layers, Paths};
use super::reader::{Reader, Under};
use super::{Config, shape, trust, views};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::Handle;

impl Config {
    /// Reads the config file over those for all users of this machine, and lays the environment and the flags over both.
    ///
    /// # Errors
    /// When the file is missing, can't be read or can be changed by somebody else, and for every mistake in it at once, each with line, column and remedy.
    pub fn load(layers: &Layers) -> Result<Self, UserError> {
        let paths = Paths::of(layers)?;
        let mut shared = Vec::with_capacity(paths.shared.len());
        for file in &paths.shared {
            trust::guard(file)?;
            let text = std::fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
            shared.push((file.clone(), text));
        }
        let text = match std::fs::read_to_string(&paths.config) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !shared.is_empty() => String::new(),
            read => read.map_err(|error| unreadable(&paths.config, &error))?,
        };
        trust::guard(&paths.config)?;
        let private = std::fs::metadata(&paths.config).is_ok() && !allows(&paths.config, 0o077);
        let under = Under::all(&text, shared);
        let mut config = Self::read(Reader::over(&paths.config, &text, &under), &paths, layers, private)?;
        let (saved, wrong) = views::saved(&paths.config.with_file_name(views::VIEWS_FILE), &config.views);
        config.views.extend(saved);
        config.problems.extend(wrong);
        Ok(config)
    }

    /// Makes the config of a text. `private` tells whether the file may hold a password in clear.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, paths: &Paths, layers: &Layers, private: bool) -> Result<Self, UserError> {
        Self::read(Reader::new(&paths.config, text), paths, layers, private)
    }

    fn read(reader: Reader<'_>, paths: &Paths, layers: &Layers, private: bool) -> Result<Self, UserError> {
        let named = layers.agent.as_deref().map(Handle::new).transpose();
        let agent =
            named.map_err(|error| UserError::new(ErrorKind::Config, phrase!("agent-bad", why = error.to_string())))?;
        let named_agent = agent.clone();
        let table = reader.parse();
        let config = shape::config(reader.root(&table), paths, layers, agent, private);
        let older = reader.older();
        let problems = reader.finish()?;
        let mut config = config.ok_or_else(|| UserError::new(ErrorKind::Internal, phrase!("config-neither")))?;
        if let Some(agent) = &named_agent {
            known(&config, agent)?;
        }
        config.know_me();
        config.problems = problems;
        config.older = older;
        Ok(config)
    }
}

/// Refuses an agent whom a config with colleagues does not know: a slip would put a stranger's name on the log.
fn known(config: &Config, agent: &Handle) -> Result<(), UserError> {
    if config.agents.len() < 2 || config.agents.iter().any(|known| known.handle == *agent) {
        return Ok(());
    }
    let names: Vec<&str> = config.agents.iter().map(|known| known.handle.as_str()).collect();
    Err(UserError::new(ErrorKind::Config, phrase!("agent-unknown", agent = agent.to_string())).hint(phrase!(
        "hint-agents",
        names = names.join(", "),
        agent = agent.to_string()
    )))
}

/// Tells whether a file's mode has one of these bits.
fn allows(file: &Path, bits: u32) -> bool {
    std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & bits != 0)
}

fn unreadable(file: &Path, error: &std::io::Error) -> UserError {
    let shown = file.display().to_string();
    if error.kind() == std::io::ErrorKind::NotFound {
        return UserError::new(ErrorKind::Config, phrase!("config-missing", file = shown))
            .hint(phrase!("hint-init-or-demo"));
    }
    if error.kind() == std::io::ErrorKind::InvalidData {
        return UserError::new(ErrorKind::Config, phrase!("config-not-utf8", file = shown)).hint(phrase!("hint-utf8"));
    }
    UserError::new(ErrorKind::Config, phrase!("file-unreadable", file = shown, why = error.to_string()))
        .hint(phrase!("hint-owner-and-mode"))
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
