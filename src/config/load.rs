//! Where the config comes from: the paths, the layers, and what the environment says.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::reader::Reader;
use super::{Config, shape};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::Handle;

/// What flags and the environment say; a flag goes before the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    /// `--config`, `POSTROOM_CONFIG`.
    pub config: Option<PathBuf>,
    /// `--store`, `POSTROOM_STORE`.
    pub store: Option<PathBuf>,
    /// `--agent`, `POSTROOM_AGENT`.
    pub agent: Option<String>,
    /// `POSTROOM_THEME`.
    pub theme: Option<String>,
    /// `POSTROOM_KEYMAP`.
    pub keymap: Option<String>,
    /// `VISUAL`, `EDITOR`.
    pub editor: Option<String>,
    /// `USER`, where nothing names the agent.
    pub user: Option<String>,
}

impl Layers {
    /// Fills what flags left open from the environment, as `variable` reads it. An empty variable is no value.
    #[must_use]
    pub fn with_environment(mut self, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| variable(name).filter(|value| !value.is_empty());
        self.config = self.config.or_else(|| get("POSTROOM_CONFIG").map(PathBuf::from));
        self.store = self.store.or_else(|| get("POSTROOM_STORE").map(PathBuf::from));
        self.agent = self.agent.or_else(|| get("POSTROOM_AGENT"));
        self.theme = self.theme.or_else(|| get("POSTROOM_THEME"));
        self.keymap = self.keymap.or_else(|| get("POSTROOM_KEYMAP"));
        self.editor = self.editor.or_else(|| get("VISUAL")).or_else(|| get("EDITOR"));
        self.user = self.user.or_else(|| get("USER")).or_else(|| get("LOGNAME"));
        self
    }
}

/// The files and folders that postroom uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The config file.
    pub config: PathBuf,
    /// The folder of the store.
    pub data: PathBuf,
}

impl Paths {
    /// Decides the paths. A store folder that holds a `config.toml` of its own, as the demo's does, is read with that one unless another
    /// is named.
    ///
    /// # Errors
    /// When there is no home folder to put them in, and none is named.
    pub fn of(layers: &Layers) -> Result<Self, UserError> {
        let own = layers.store.as_ref().map(|dir| dir.join("config.toml")).filter(|file| file.is_file());
        let named = layers.config.clone().or(own);
        if let (Some(config), Some(data)) = (&named, &layers.store) {
            return Ok(Self { config: config.clone(), data: data.clone() });
        }
        let dirs = directories::ProjectDirs::from("", "", "postroom").ok_or_else(|| {
            UserError::new(ErrorKind::Config, "there is no home folder to keep the config and the store in")
                .hint("set HOME, or name them with --config and --store")
        })?;
        Ok(Self {
            config: named.unwrap_or_else(|| dirs.config_dir().join("config.toml")),
            data: layers.store.clone().unwrap_or_else(|| dirs.data_dir().to_path_buf()),
        })
    }
}

impl Config {
    /// Reads the config file and lays the environment and the flags over it.
    ///
    /// # Errors
    /// When the file is missing, can't be read or can be written by everybody, and for every mistake in it at once, each with line, column and remedy.
    pub fn load(layers: &Layers) -> Result<Self, UserError> {
        let paths = Paths::of(layers)?;
        let text = std::fs::read_to_string(&paths.config).map_err(|error| unreadable(&paths.config, &error))?;
        if allows(&paths.config, 0o002) {
            let shown = paths.config.display();
            let words = format!("{shown}: everybody may write this file, and it names commands that are run");
            return Err(UserError::new(ErrorKind::Config, words)
                .hint(format!("look what stands in it, then chmod o-w {shown}")));
        }
        let private = std::fs::metadata(&paths.config).is_ok() && !allows(&paths.config, 0o077);
        Self::parse(&text, &paths, layers, private)
    }

    /// Makes the config of a text. `private` tells whether the file may hold a password in clear.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, paths: &Paths, layers: &Layers, private: bool) -> Result<Self, UserError> {
        let named = layers.agent.as_deref().map(Handle::new).transpose();
        let agent =
            named.map_err(|error| UserError::new(ErrorKind::Config, format!("--agent or POSTROOM_AGENT: {error}")))?;
        let named_agent = agent.clone();
        let reader = Reader::new(&paths.config, text);
        let table = reader.parse();
        let config = shape::config(reader.root(&table), paths, layers, agent, private);
        reader.finish()?;
        let mut config =
            config.ok_or_else(|| UserError::new(ErrorKind::Internal, "the config was neither read nor refused"))?;
        if let Some(agent) = &named_agent {
            known(&config, agent)?;
        }
        config.know_me();
        Ok(config)
    }
}

/// Refuses an agent whom a config with colleagues does not know: a slip would put a stranger's name on the log.
fn known(config: &Config, agent: &Handle) -> Result<(), UserError> {
    if config.agents.len() < 2 || config.agents.iter().any(|known| known.handle == *agent) {
        return Ok(());
    }
    let names: Vec<&str> = config.agents.iter().map(|known| known.handle.as_str()).collect();
    Err(UserError::new(ErrorKind::Config, format!("--agent or POSTROOM_AGENT: nobody is called {agent}"))
        .hint(format!("the config has {}; a new colleague gets a section [agent.{agent}]", names.join(", "))))
}

/// Tells whether a file's mode has one of these bits.
fn allows(file: &Path, bits: u32) -> bool {
    std::fs::metadata(file).is_ok_and(|meta| meta.permissions().mode() & bits != 0)
}

fn unreadable(file: &Path, error: &std::io::Error) -> UserError {
    let shown = file.display();
    if error.kind() == std::io::ErrorKind::NotFound {
        return UserError::new(ErrorKind::Config, format!("there is no config yet at {shown}"))
            .hint("run `postroom init` to make one, or `postroom demo` to look around first");
    }
    if error.kind() == std::io::ErrorKind::InvalidData {
        return UserError::new(ErrorKind::Config, format!("{shown}:1:1: it is not text in UTF-8"))
            .hint("save the file as UTF-8");
    }
    UserError::new(ErrorKind::Config, format!("{shown}: can't be read: {error}"))
        .hint("check the file's owner and mode")
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
