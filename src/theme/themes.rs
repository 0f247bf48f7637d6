//! The themes that there are, and the choice among them by what the terminal says.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::Theme;
use super::floor::{self, Rgb};
use crate::error::UserError;

/// The name of the choice by the terminal's background.
pub const AUTO: &str = "auto";

/// Every theme: the built-in ones, and the user's own of a folder, which go first.
#[derive(Clone, Debug, Default)]
pub struct Themes {
    dir: PathBuf,
    no_color: bool,
    ground: Option<Rgb>,
}

impl Themes {
    /// Takes the folder of the user's themes. With `no_color` (<https://no-color.org>) all are `mono`.
    pub fn new(dir: PathBuf, no_color: bool) -> Self {
        Self { dir, no_color, ground: None }
    }

    /// Takes what the terminal says its background is.
    pub fn set_ground(&mut self, ground: Rgb) {
        self.ground = Some(ground);
    }

    /// Tells whether the theme `name` depends on what the terminal says.
    pub fn wants_ground(&self, name: &str) -> bool {
        name == AUTO && !self.no_color && self.ground.is_none()
    }

    /// Returns every name that can be asked for, the user's own last.
    pub fn names(&self) -> Vec<String> {
        let own = std::fs::read_dir(&self.dir).into_iter().flatten().flatten().filter_map(|entry| {
            let path = entry.path();
            let name = path.file_stem()?.to_str()?.to_owned();
            path.extension().is_some_and(|ending| ending == "toml").then_some(name)
        });
        let known: Vec<String> = std::iter::once(AUTO).chain(Theme::builtin_names()).map(str::to_owned).collect();
        let own: BTreeSet<String> = own.filter(|name| !known.contains(name)).collect();
        known.into_iter().chain(own).collect()
    }

    /// Loads a theme. Where the terminal told its background, nothing that is read has less contrast to it than 4.5:1. Mistakes are
    /// returned beside a theme that can be used.
    pub fn load(&self, name: &str) -> (Theme, Vec<UserError>) {
        let name = match (name, self.ground) {
            _ if self.no_color => "mono",
            (AUTO, None) => "16-colour",
            (AUTO, Some(ground)) if floor::is_dark(ground) => "dark",
            (AUTO, Some(_)) => "light",
            (name, _) => name,
        };
        let (theme, errors) = Theme::read(name, &|wanted| {
            let path = self.dir.join(format!("{wanted}.toml"));
            std::fs::read_to_string(&path).ok().map(|text| (path, text))
        });
        (self.ground.map_or(theme.clone(), |ground| theme.readable_on(ground)), errors)
    }
}
