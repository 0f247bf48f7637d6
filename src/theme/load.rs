//! Reads theme files. A broken row costs that row alone; a theme that can't be read at all gives way to a built-in one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use toml::Spanned;

use crate::error::{ErrorKind, UserError};
use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::theme::{Role, Theme};

const BUILTIN: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("high-contrast-light", include_str!("../../themes/high-contrast-light.toml")),
    ("16-colour", include_str!("../../themes/16-colour.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    inherits: Option<Spanned<String>>,
    #[serde(default)]
    roles: BTreeMap<String, Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    bold: bool,
    #[serde(default)]
    dim: bool,
    #[serde(default)]
    italic: bool,
    #[serde(default)]
    underline: bool,
    #[serde(default)]
    reverse: bool,
}

impl Theme {
    /// The names of the built-in themes.
    pub(crate) fn builtin_names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Returns a built-in theme, by its name.
    pub fn builtin(name: &str) -> Option<Self> {
        BUILTIN.iter().any(|(known, _)| *known == name).then(|| Self::read(name, &|_| None).0)
    }

    /// Reads the theme `name`, with the user's files found by `find`. Mistakes are returned beside a theme that can be used.
    pub(crate) fn read(name: &str, find: &dyn Fn(&str) -> Option<(PathBuf, String)>) -> (Self, Vec<UserError>) {
        let mut theme = Theme { name: name.to_owned(), styles: BTreeMap::new() };
        let mut errors = Vec::new();
        let mut chain = Vec::new();
        layer(&mut theme.styles, name, find, &mut chain, &mut errors);
        (theme, errors)
    }
}

/// Reads `name` and, beneath it, what it inherits.
fn layer(
    styles: &mut BTreeMap<Role, Style>,
    name: &str,
    find: &dyn Fn(&str) -> Option<(PathBuf, String)>,
    chain: &mut Vec<String>,
    errors: &mut Vec<UserError>,
) {
    let mut bad = |what: Phrase, hint: Phrase| errors.push(UserError::new(ErrorKind::Config, what).hint(hint));
    // A user's `dark` may inherit the built-in `dark`.
    let own = if chain.iter().any(|seen| seen == name) { None } else { find(name) };
    let from_user = own.is_some();
    let builtin = BUILTIN.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    let Some((path, text)) =
        own.or_else(|| builtin.map(|t| (PathBuf::from(format!("themes/{name}.toml")), t.to_owned())))
    else {
        if chain.iter().any(|seen| seen == name) {
            bad(phrase!("theme-inherits-itself", name = name), phrase!("hint-take-inherits-out-dark"));
            return layer(styles, "dark", &|_| None, chain, errors);
        }
        let near = nearest(name, Theme::builtin_names()).unwrap_or("dark");
        bad(phrase!("theme-missing", name = in_quotes(name)), phrase!("hint-theme-used", name = near));
        return layer(styles, near, &|_| None, chain, errors);
    };
    if chain.len() > 8 {
        return bad(phrase!("theme-too-deep", file = path.display().to_string()), phrase!("hint-take-inherits-out"));
    }
    chain.push(name.to_owned());
    let file: File = match toml::from_str(&text) {
        Ok(file) => file,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            bad(
                phrase!("error-within", place = place(&path, &text, at), what = error.message()),
                phrase!("hint-builtin-dark"),
            );
            return layer(styles, "dark", &|_| None, chain, errors);
        }
    };
    if let Some(parent) = &file.inherits {
        let below = |wanted: &str| if from_user { find(wanted) } else { None };
        layer(styles, parent.get_ref(), &below, chain, errors);
    }
    for (role_name, value) in file.roles {
        let at = place(&path, &text, value.span().start);
        match row(&role_name, value.into_inner()) {
            Ok((role, style)) => {
                styles.insert(role, style);
            }
            Err((what, hint)) => {
                errors.push(UserError::new(ErrorKind::Config, what).hint(hint).within(at));
            }
        }
    }
}

fn row(name: &str, value: toml::Value) -> Result<(Role, Style), (Phrase, Phrase)> {
    let Some(role) = Role::ALL.iter().copied().find(|role| role.name() == name) else {
        let near = nearest(name, Role::ALL.iter().map(|role| role.name()));
        return Err((
            phrase!("theme-no-role", name = in_quotes(name)),
            near.map_or(Phrase::said(""), |n| phrase!("hint-did-you-mean", near = in_quotes(n))),
        ));
    };
    let look: Look = value.try_into().map_err(|error: toml::de::Error| (error.message().into(), Phrase::said("")))?;
    let mut style = Style::new();
    if let Some(fg) = &look.fg {
        style = style.fg(colour(fg)?);
    }
    if let Some(bg) = &look.bg {
        style = style.bg(colour(bg)?);
    }
    let flags = [
        (look.bold, Modifier::BOLD),
        (look.dim, Modifier::DIM),
        (look.italic, Modifier::ITALIC),
        (look.underline, Modifier::UNDERLINED),
        (look.reverse, Modifier::REVERSED),
    ];
    for (_, modifier) in flags.into_iter().filter(|(on, _)| *on) {
        style = style.add_modifier(modifier);
    }
    Ok((role, style))
}

fn colour(text: &str) -> Result<Color, (Phrase, Phrase)> {
    text.parse().map_err(|_| (phrase!("theme-no-colour", given = in_quotes(text)), phrase!("hint-colour")))
}

fn place(path: &Path, text: &str, at: usize) -> Phrase {
    let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    phrase!("file-row", file = path.display().to_string(), line = line.to_string())
}
