//! The programs that the config names: are they there, and can they be run? None is run.

use std::path::{Path, PathBuf};

use super::{Finding, Topic};
use crate::config::Config;
use crate::error::{ErrorKind, UserError};
use crate::model::text::in_quotes;
use crate::program;

/// Looks for the editor, the opener, and the programs of hooks, panels and news. `path` is the variable PATH.
pub fn programs(config: &Config, path: Option<&std::ffi::OsStr>) -> Vec<Finding> {
    let mut found = Vec::new();
    match &config.ui.editor {
        None => found.push(Finding::ok(Topic::Programs, phrase!("doctor-editor-none"))),
        Some(editor) => found.push(look("ui.editor", first(editor), path, true)),
    }
    found.push(look("ui.opener", first(&config.ui.opener), path, false));
    for hook in &config.hooks {
        found.push(look(&format!("hook.{}.run", hook.name), hook.run.first().cloned(), path, true));
    }
    for panel in &config.panels {
        found.push(look(&format!("panel.{}.run", panel.name), panel.run.first().cloned(), path, true));
    }
    if let Some(command) = config.notify.command.first() {
        found.push(look("notify.command", Some(command.clone()), path, true));
    }
    found
}

/// Returns the program of a line.
fn first(line: &str) -> Option<String> {
    program::words(line)?.into_iter().next()
}

/// Looks for one. Where it is not needed for answering mail, that it lacks is no fault.
fn look(key: &str, program: Option<String>, path: Option<&std::ffi::OsStr>, needed: bool) -> Finding {
    let program = program.unwrap_or_default();
    if is_there(&program, path) {
        return Finding::ok(Topic::Programs, phrase!("doctor-program", key = key, program = in_quotes(&program)));
    }
    let what = phrase!("doctor-program-missing", key = key, program = in_quotes(&program));
    let error = UserError::new(ErrorKind::Config, what).hint(phrase!("hint-doctor-program", key = key));
    if needed { Finding::fault(Topic::Programs, error) } else { Finding::mild(Topic::Programs, error) }
}

/// Tells whether a program can be started: by its path, or by its name in a folder of `path`.
fn is_there(program: &str, path: Option<&std::ffi::OsStr>) -> bool {
    let runs = |file: &Path| file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok();
    match program {
        "" => false,
        with_path if with_path.contains('/') => runs(&PathBuf::from(with_path)),
        name => path.is_some_and(|path| std::env::split_paths(path).any(|folder| runs(&folder.join(name)))),
    }
}
