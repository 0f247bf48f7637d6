//! What flags and the environment say about the config, and where it lies.

use std::path::PathBuf;

use crate::error::{ErrorKind, UserError};
use crate::model::language::Language;

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
    /// `LC_ALL`, `LC_MESSAGES`, `LANG`.
    pub language: Option<Language>,
    /// `USER`, where nothing names the agent.
    pub user: Option<String>,
    /// The folders of `XDG_CONFIG_DIRS`, the most important first; `/etc/xdg` where it says nothing.
    pub shared: Vec<PathBuf>,
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
        self.language = self.language.or_else(|| Language::of_environment(get));
        let shared = get("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".to_owned());
        // What is no absolute path is to be passed over (XDG Base Directory Specification).
        self.shared = std::env::split_paths(&shared).filter(|folder| folder.is_absolute()).collect();
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
    /// The configs for all users of this machine that lie under it, the most important first.
    pub shared: Vec<PathBuf>,
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
            return Ok(Self { config: config.clone(), data: data.clone(), shared: Vec::new() });
        }
        let dirs = directories::ProjectDirs::from("", "", "postroom").ok_or_else(|| {
            UserError::new(ErrorKind::Config, phrase!("config-no-home")).hint(phrase!("hint-set-home"))
        })?;
        // A config that is named is whole: a demo's, or one for a job, has nothing to do with the accounts of all.
        let shared = match named {
            Some(_) => Vec::new(),
            None => layers.shared.iter().map(|folder| folder.join("postroom/config.toml")).collect(),
        };
        Ok(Self {
            shared: shared.into_iter().filter(|file: &PathBuf| file.is_file()).collect(),
            config: named.unwrap_or_else(|| dirs.config_dir().join("config.toml")),
            data: layers.store.clone().unwrap_or_else(|| dirs.data_dir().to_path_buf()),
        })
    }
}
