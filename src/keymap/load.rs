//! Reads keymaps: a preset, the user's file over it, the keys of the config over both. A broken row costs that row alone: it is reported
//! with its place, and the program starts.

use std::path::Path;
use std::sync::LazyLock;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::command;
use crate::error::{ErrorKind, UserError};
use crate::keymap::{Bound, Clash, Context, Key, Keymap, Resolved, parse_keys, write_keys};
use crate::model::nearest::nearest;
use crate::model::own::OwnKey;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// The built-in keymaps. Each but the first is read over the first.
const PRESETS: [(&str, &str); 3] = [
    ("default", include_str!("../../keymaps/default.toml")),
    ("mutt", include_str!("../../keymaps/mutt.toml")),
    ("emacs", include_str!("../../keymaps/emacs.toml")),
];

/// One row of a file: what is bound where, and where that stands.
struct Line {
    context: Context,
    keys: Vec<Key>,
    name: String,
    at: Phrase,
}

impl Keymap {
    /// The names of the built-in keymaps.
    pub fn presets() -> [&'static str; 3] {
        PRESETS.map(|(name, _)| name)
    }

    /// Returns the built-in keymap, with what is wrong in it: nothing, as a test checks.
    pub fn builtin() -> Self {
        /// Read once: each preset begins with it.
        static BUILTIN: LazyLock<Keymap> = LazyLock::new(|| {
            let mut keymap = Keymap::default();
            let [(_, text), ..] = PRESETS;
            let _ = keymap.read(Path::new("keymaps/default.toml"), text);
            keymap
        });
        BUILTIN.clone()
    }

    /// Returns the preset of that name, with what is wrong in it: nothing, as a test checks.
    pub fn preset(name: &str) -> Option<(Self, Vec<UserError>)> {
        let (name, text) = PRESETS.iter().find(|(known, _)| *known == name)?;
        let mut keymap = if *name == "default" { Keymap::default() } else { Self::builtin() };
        let errors = keymap.read(Path::new(&format!("keymaps/{name}.toml")), text);
        Some((keymap, errors))
    }

    /// Reads the text of a user's file over the preset that it names by `inherits`, or else over `base`. Whatever can't be read is
    /// reported and left as it was.
    pub fn with_user(base: Self, path: &Path, text: &str) -> (Self, Vec<UserError>) {
        let mut keymap = base;
        let mut errors = Vec::new();
        let (table, _) = DeTable::parse_recoverable(text);
        if let Some((_, value)) = table.get_ref().iter().find(|(key, _)| key.get_ref() == "inherits") {
            let name = value.get_ref().as_str().unwrap_or_default();
            match Self::preset(name) {
                Some((preset, _)) => keymap = preset,
                None => errors.push(missing(name).within(place(path, text, value.span().start))),
            }
        }
        errors.extend(keymap.read(path, text));
        (keymap, errors)
    }

    /// Reads the keymap `name`: a preset, a file `NAME.toml` of `dir`, or both, the file over the preset; then the config's own keys over it.
    /// A key may run a program: what `guard` refuses is not read.
    pub fn load(
        name: &str,
        dir: &Path,
        own: &[OwnKey],
        guard: impl Fn(&Path) -> Result<(), UserError>,
    ) -> (Self, Vec<UserError>) {
        let path = dir.join(format!("{name}.toml"));
        let base = Self::preset(name);
        let is_preset = base.is_some();
        let base = base.map_or_else(Self::builtin, |(preset, _)| preset);
        let (mut keymap, mut errors) = match std::fs::read_to_string(&path) {
            Ok(text) => match guard(&path) {
                Ok(()) => Self::with_user(base, &path, &text),
                Err(refused) => (base, vec![refused]),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                (base, if is_preset { Vec::new() } else { vec![missing(name)] })
            }
            Err(error) => {
                let error = UserError::new(ErrorKind::Config, error.to_string()).within(path.display().to_string());
                (base, vec![error.hint(phrase!("hint-builtin-keymap"))])
            }
        };
        errors.extend(keymap.read_own(own));
        (keymap, errors)
    }

    /// Binds the config's own keys over what is bound.
    fn read_own(&mut self, own: &[OwnKey]) -> Vec<UserError> {
        let mut errors = Vec::new();
        let mut lines = Vec::new();
        for row in own {
            match context_of(&row.context) {
                Err((what, hint)) => {
                    errors.push(UserError::new(ErrorKind::Config, what).hint(hint).within(row.at.clone()))
                }
                Ok(context) => {
                    if let Err(error) = self.row(context, &row.keys, &row.line, &row.at, &mut lines) {
                        errors.push(error);
                    }
                }
            }
        }
        errors.extend(self.unreached(&lines));
        errors
    }

    /// Reads `text` over what is bound. A row takes the place of what it clashes with, but for rows of the same text: there the first counts.
    pub(crate) fn read(&mut self, path: &Path, text: &str) -> Vec<UserError> {
        let (table, wrong) = DeTable::parse_recoverable(text);
        let at = |offset| place(path, text, offset);
        let told = wrong.iter().map(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let what = error.message().trim_end().to_owned();
            UserError::new(ErrorKind::Config, what).within(at(offset)).hint(phrase!("hint-rest-counts"))
        });
        let mut errors: Vec<UserError> = told.collect();
        let mut lines = Vec::new();
        for (name, value) in in_order(table.get_ref()) {
            let DeValue::Table(rows) = value.get_ref() else {
                if name != "inherits" {
                    errors.push(no_part(name).within(at(value.span().start)));
                }
                continue;
            };
            let Ok(context) = context_of(name) else {
                errors.push(no_part(name).within(at(value.span().start)));
                continue;
            };
            for (keys, value) in in_order(rows) {
                let given = value.get_ref().as_str().unwrap_or_default();
                if let Err(error) = self.row(context, keys, given, &at(value.span().start), &mut lines) {
                    errors.push(error);
                }
            }
        }
        errors.extend(self.unreached(&lines));
        errors
    }

    /// Binds one row; `lines` are those of the same text that came before.
    fn row(
        &mut self,
        context: Context,
        keys: &str,
        name: &str,
        at: &Phrase,
        lines: &mut Vec<Line>,
    ) -> Result<(), UserError> {
        let bad = |what: Phrase| UserError::new(ErrorKind::Config, what).within(at.clone());
        let read = parse_keys(keys).map_err(bad)?;
        if name.is_empty() {
            return Err(bad(phrase!("keymap-no-name", keys = in_quotes(keys))));
        }
        let clash = lines.iter().find_map(|line| Some((line, clash(line, context, &read)?)));
        if let Some((line, clash)) = clash {
            let other = line.at.clone();
            return Err(bad(match clash {
                Clash::Same => phrase!("keymap-bound", keys = keys, to = &line.name, other = other),
                Clash::Prefix => phrase!("keymap-prefix", keys = keys, of = write_keys(&line.keys), other = other),
                Clash::Beyond => phrase!("keymap-beyond", keys = keys, of = write_keys(&line.keys), other = other),
            })
            .hint(phrase!("hint-other-key")));
        }
        if name == "noop" {
            self.unbind(context, &read);
            return Ok(());
        }
        if matches!(context, Context::Input | Context::Compose) && read.first().is_some_and(|key| key.typed().is_some())
        {
            let what = phrase!("keymap-typed", keys = keys, context = context.name());
            return Err(bad(what).hint(phrase!("hint-key-with-control")));
        }
        let bound = bound(name, at)?;
        lines.push(Line { context, keys: read.clone(), name: name.to_owned(), at: at.clone() });
        self.bind(context, &read, bound);
        Ok(())
    }

    /// Returns a complaint for each row whose keys lead somewhere else wherever they could be pressed: global ones that neither the list
    /// nor a conversation leaves to them.
    fn unreached(&self, lines: &[Line]) -> Vec<UserError> {
        let hidden = |line: &&Line, context| match self.resolve(context, &line.keys) {
            Resolved::Matched(bound) => bound.name() != line.name,
            _ => true,
        };
        let global = lines.iter().filter(|line| line.context == Context::Global);
        let hidden = global.filter(|line| hidden(line, Context::List) && hidden(line, Context::Conversation));
        let complaint = |line: &Line| {
            let keys = write_keys(&line.keys);
            let what = phrase!("keymap-unreached", keys = &keys, action = &line.name);
            UserError::new(ErrorKind::Config, what)
                .within(line.at.clone())
                .hint(phrase!("hint-bind-there", keys = keys))
        };
        hidden.map(complaint).collect()
    }
}

/// Returns how keys stand in the way of a row before them.
fn clash(line: &Line, context: Context, keys: &[Key]) -> Option<Clash> {
    if line.context != context {
        return None;
    }
    if line.keys == keys {
        return Some(Clash::Same);
    }
    if line.keys.starts_with(keys) {
        return Some(Clash::Prefix);
    }
    keys.starts_with(&line.keys).then_some(Clash::Beyond)
}

fn context_of(name: &str) -> Result<Context, (Phrase, Phrase)> {
    Context::ALL.into_iter().find(|context| context.name() == name).ok_or_else(|| {
        let near = nearest(name, Context::ALL.into_iter().map(Context::name));
        let hint =
            near.map_or(phrase!("hint-keymap-parts"), |near| phrase!("hint-did-you-mean", near = in_quotes(near)));
        (phrase!("keymap-no-part", name = name), hint)
    })
}

fn no_part(name: &str) -> UserError {
    let (what, hint) = context_of(name).err().unwrap_or_else(|| (phrase!("keymap-no-part", name = name), "".into()));
    UserError::new(ErrorKind::Config, what).hint(hint)
}

fn missing(name: &str) -> UserError {
    let what = phrase!("keymap-missing", name = in_quotes(name));
    UserError::new(ErrorKind::Config, what).hint(match nearest(name, Keymap::presets()) {
        Some(near) => phrase!("hint-did-you-mean", near = in_quotes(near)),
        None => phrase!("hint-keymaps", names = Keymap::presets().join(", "), name = name),
    })
}

/// Returns the entries of a table in the order of the file.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t str, &'t Spanned<DeValue<'a>>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries.into_iter().map(|(name, value)| (name.get_ref().as_ref(), value)).collect()
}

/// Reads what a row binds: an action, or a line with all that it needs.
fn bound(name: &str, at: &Phrase) -> Result<Bound, UserError> {
    let action = command::check(name).map_err(|error| {
        let hint = match error.problem {
            command::Problem::Empty | command::Problem::NoAction { near: None, .. } => Some(phrase!("hint-actions")),
            _ => error.problem.hint(),
        };
        let what = UserError::new(ErrorKind::Config, error.problem.what()).hint_any(hint);
        // Of an action alone the column says nothing.
        let placed = match error.at {
            0 => what,
            column => what.within(phrase!("keymap-column", column = column + 1, line = in_quotes(name))),
        };
        placed.within(at.clone())
    })?;
    Ok(if action.name() == name { Bound::Action(action) } else { Bound::Line(name.to_owned()) })
}

/// Returns the line of a byte of the file.
fn place(path: &Path, text: &str, at: usize) -> Phrase {
    let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    phrase!("file-row", file = path.display().to_string(), line = line.to_string())
}
