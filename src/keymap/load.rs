//! Reads keymap files. A broken row costs that row alone: it is reported with its place, and the program starts.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;

use crate::command;
use crate::error::{ErrorKind, UserError};
use crate::keymap::{Bound, Clash, Context, Keymap, parse_keys};
use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;

const DEFAULT: &str = include_str!("../../keymaps/default.toml");

type Rows = BTreeMap<String, Spanned<BTreeMap<String, Spanned<toml::Value>>>>;

impl Keymap {
    /// Returns the built-in keymap, with what is wrong in it: nothing, as a test checks.
    pub fn builtin() -> Self {
        let mut keymap = Keymap::default();
        let _ = keymap.read(Path::new("keymaps/default.toml"), DEFAULT, false);
        keymap
    }

    /// Reads the text of the user's file over the built-in keymap. Whatever can't be read is reported and left as it was.
    pub fn with_user(path: &Path, text: &str) -> (Self, Vec<UserError>) {
        let mut keymap = Self::builtin();
        let errors = keymap.read(path, text, true);
        (keymap, errors)
    }

    /// Reads the built-in keymap and over it the file, where there is one.
    pub fn load(path: &Path) -> (Self, Vec<UserError>) {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::with_user(path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (Self::builtin(), Vec::new()),
            Err(error) => {
                let error = UserError::new(ErrorKind::Config, error.to_string()).within(path.display().to_string());
                (Self::builtin(), vec![error.hint(phrase!("hint-builtin-keymap"))])
            }
        }
    }

    /// Reads `text` over what is bound. With `over`, a row takes the place of what it clashes with; without, that is an error.
    pub(crate) fn read(&mut self, path: &Path, text: &str, over: bool) -> Vec<UserError> {
        let rows: Rows = match toml::from_str(text) {
            Ok(rows) => rows,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let error = UserError::new(ErrorKind::Config, error.message()).within(place(path, text, at));
                return vec![error.hint(phrase!("hint-file-left-out"))];
            }
        };
        let mut errors = Vec::new();
        for (name, table) in rows {
            let Some(context) = Context::ALL.into_iter().find(|context| context.name() == name) else {
                let near = nearest(&name, Context::ALL.into_iter().map(Context::name));
                let at = place(path, text, table.span().start);
                let wrong = phrase!("keymap-no-part", at = at, name = &name);
                errors.push(with_hint(wrong, near, phrase!("hint-keymap-parts")));
                continue;
            };
            for (keys, value) in table.into_inner() {
                let at = place(path, text, value.span().start);
                if let Err(error) = self.row(context, &keys, value.get_ref(), &at, over) {
                    errors.push(error);
                }
            }
        }
        errors
    }

    fn row(
        &mut self,
        context: Context,
        keys: &str,
        value: &toml::Value,
        at: &str,
        over: bool,
    ) -> Result<(), UserError> {
        let bad = |what: Phrase| UserError::new(ErrorKind::Config, what);
        let keys_read = parse_keys(keys).map_err(|why| bad(why).within(at))?;
        let Some(name) = value.as_str() else {
            return Err(bad(phrase!("keymap-no-name", at = at, keys = format!("{keys:?}"))));
        };
        if name == "noop" {
            self.unbind(context, &keys_read);
            return Ok(());
        }
        let bound = bound(name, at)?;
        match self.bind(context, &keys_read, bound) {
            Some(clash) if !over => Err(bad(match clash {
                Clash::Same(old) => phrase!("keymap-bound", at = at, keys = keys, to = old.name()),
                Clash::Prefix => phrase!("keymap-prefix", at = at, keys = keys),
                Clash::Beyond(old) => phrase!("keymap-beyond", at = at, keys = keys, of = old.name()),
            })),
            _ => Ok(()),
        }
    }
}

/// Reads what a row binds: an action, or a line with all that it needs.
fn bound(name: &str, at: &str) -> Result<Bound, UserError> {
    let action = command::check(name).map_err(|error| {
        let hint = match error.problem {
            command::Problem::Empty | command::Problem::NoAction { near: None, .. } => Some(phrase!("hint-actions")),
            _ => error.problem.hint(),
        };
        let what = UserError::new(ErrorKind::Config, error.problem.what()).hint_any(hint);
        // Of an action alone the column says nothing.
        let placed = match error.at {
            0 => what,
            column => what.within(phrase!("keymap-column", column = column + 1, line = format!("{name:?}"))),
        };
        placed.within(at)
    })?;
    Ok(if action.name() == name { Bound::Action(action) } else { Bound::Line(name.to_owned()) })
}

fn with_hint(what: Phrase, near: Option<&str>, otherwise: Phrase) -> UserError {
    let hint = near.map_or(otherwise, |near| phrase!("hint-did-you-mean", near = format!("{near:?}")));
    UserError::new(ErrorKind::Config, what).hint(hint)
}

/// Returns `file:line` of a byte of the file.
fn place(path: &Path, text: &str, at: usize) -> String {
    let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    format!("{}:{line}", path.display())
}
