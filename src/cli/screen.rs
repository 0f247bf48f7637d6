//! From the command line to the screen.

use std::io::IsTerminal;
use std::sync::Arc;

use super::customer_json::payload;
use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::syncing;
use crate::config::{Config, VIEWS_FILE};
use crate::error::{ErrorKind, UserError};
use crate::keymap::Keymap;
use crate::runtime::backend::StoreBackend;
use crate::runtime::{self, Setup, Writing};
use crate::service::customer::Panels;
use crate::theme::Themes;

/// Opens the screen and returns when it is left.
///
/// # Errors
/// When there is no terminal, or the store can't be opened.
pub fn open(around: &Surroundings, config: Config) -> Result<Exit, UserError> {
    if !is_possible() {
        return Err(UserError::new(ErrorKind::Usage, phrase!("screen-no-terminal")).hint(phrase!("hint-use-verb")));
    }
    if !config.ui.linear && std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb") {
        return Err(UserError::new(ErrorKind::Usage, phrase!("screen-dumb-terminal")).hint(phrase!("hint-set-term")));
    }
    let desk = around.open_with(config)?;
    let themes = themes(&desk.config);
    let (keymap, wrong) = keymap(&desk.config);
    let mut problems = desk.config.problems.clone();
    problems.extend(wrong);
    let sync = if around.global.offline { None } else { Some(syncing::start(&desk)) };
    let backend = StoreBackend::new(desk.store.clone(), desk.zone.clone()).with_writing(Writing::of(&desk.config));
    let backend = backend.with_panels(panels(&desk));
    let backend = backend.with_views(desk.config.file.with_file_name(VIEWS_FILE));
    let backend = Arc::new(backend);
    runtime::run(Setup { config: desk.config, backend, keymap, themes, problems, clock: desk.clock, sync })?;
    Ok(Exit::Done)
}

/// Returns the panels of the config, with what they are given.
fn panels(desk: &Desk) -> Panels {
    Panels { all: desk.config.panels.clone(), payload: Arc::new(payload), variables: desk.variables() }
}

/// Reads the keymap that the config names: a preset, `keymaps/NAME.toml` beside the config, or both, and the config's own keys over it.
pub fn keymap(config: &Config) -> (Keymap, Vec<UserError>) {
    Keymap::load(&config.ui.keymap, &config.file.with_file_name("keymaps"), &config.keys, crate::config::guard)
}

/// Returns the themes that there are: the built-in ones, and `themes/NAME.toml` beside the config.
pub fn themes(config: &Config) -> Themes {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Themes::new(config.file.with_file_name("themes"), no_color)
}

/// Tells whether there is a terminal to draw on.
pub fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}
