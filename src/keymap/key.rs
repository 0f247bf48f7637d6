//! One key press, and the notation in which people and tests write it: `j`, `G`, `<enter>`, `<c-d>`, `<lt>` for `<`.

use std::fmt;

use crate::model::keyboard::{Layout, narrow};
use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, as it arrives: shifted letters are capitals.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, from 1.
    F(u8),
}

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held; never needed by the default keymap.
    pub alt: bool,
}

const NAMES: &[(&str, Code)] = &[
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("s-tab", Code::BackTab),
    ("bs", Code::Backspace),
    ("del", Code::Delete),
    ("ins", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("space", Code::Char(' ')),
    ("lt", Code::Char('<')),
    ("gt", Code::Char('>')),
];

impl Key {
    /// Makes a key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// Makes the key of a character.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// Returns the character that the key types into a text field.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// Returns the key that this one is on a Latin keyboard, for commands: full-width signs by themselves, letters by the layout; `None` where
    /// it is one of a Latin keyboard already, or nothing is known of it.
    pub fn on_latin(self, layout: Option<Layout>) -> Option<Self> {
        let Code::Char(c) = self.code else { return None };
        let latin = layout.and_then(|layout| layout.latin(c)).or_else(|| narrow(c))?;
        Some(Self { code: Code::Char(latin), ..self })
    }

    /// Orders keys by how easy they are to guess: Enter and Escape first, then letters, then named keys, then Control.
    pub(crate) fn rank(self) -> (bool, bool, bool, Code) {
        let known = matches!(self.code, Code::Enter | Code::Esc);
        (self.ctrl || self.alt, !known, !matches!(self.code, Code::Char(_)), self.code)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = NAMES.iter().find(|(_, code)| *code == self.code).map(|(name, _)| (*name).to_owned());
        let name = name.or_else(|| if let Code::F(n) = self.code { Some(format!("f{n}")) } else { None });
        let prefix = match (self.ctrl, self.alt) {
            (true, true) => "c-a-",
            (true, false) => "c-",
            (false, true) => "a-",
            (false, false) => "",
        };
        match (name, self.code) {
            (Some(name), _) => write!(f, "<{prefix}{name}>"),
            (None, Code::Char(c)) if prefix.is_empty() => write!(f, "{c}"),
            (None, Code::Char(c)) => write!(f, "<{prefix}{c}>"),
            (None, _) => Ok(()),
        }
    }
}

/// Writes keys in our notation.
pub fn write_keys(keys: &[Key]) -> String {
    let between = if is_f(&keys.iter().map(Key::to_string).collect::<String>()).is_some() { " " } else { "" };
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(between)
}

/// Reads `F1` to `F12`, written whole: the function key. Who means the letter and then the digit writes `F 1`.
fn is_f(text: &str) -> Option<Key> {
    let number: u8 = text.strip_prefix('F').filter(|digits| !digits.starts_with(['0', '+']))?.parse().ok()?;
    (1..=12).contains(&number).then(|| Key::plain(Code::F(number)))
}

/// Reads keys in our notation; spaces between keys don't count (the space bar is `<space>`), and `F1` is the function key.
///
/// # Errors
/// Names the part that is no key, and the nearest name that is one.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, Phrase> {
    if let Some(key) = is_f(text) {
        return Ok(vec![key]);
    }
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some((inside, after)) = rest.strip_prefix('<').and_then(|r| r.split_once('>'))
        {
            keys.push(named(inside)?);
            rest = after;
            continue;
        }
        if c != ' ' {
            keys.push(Key::char(c));
        }
        rest = rest.strip_prefix(c).unwrap_or_default();
    }
    if keys.is_empty() { Err(phrase!("keys-none")) } else { Ok(keys) }
}

fn named(inside: &str) -> Result<Key, Phrase> {
    let mut key = Key::char(' ');
    let mut name = inside;
    loop {
        let lower = name.to_ascii_lowercase();
        if lower.starts_with("c-") && name.chars().count() > 2 {
            key.ctrl = true;
        } else if lower.starts_with("a-") && name.chars().count() > 2 {
            key.alt = true;
        } else {
            break;
        }
        name = name.get(2..).unwrap_or_default();
    }
    let lower = name.to_ascii_lowercase();
    let mut chars = name.chars();
    key.code = match (NAMES.iter().find(|(known, _)| *known == lower), chars.next(), chars.next()) {
        (Some((_, code)), ..) => *code,
        (None, Some(c), None) => Code::Char(if key.ctrl { c.to_ascii_lowercase() } else { c }),
        (None, Some('f' | 'F'), Some(_))
            if lower.trim_start_matches('f').parse::<u8>().is_ok_and(|n| (1..=12).contains(&n)) =>
        {
            Code::F(lower.trim_start_matches('f').parse().unwrap_or(1))
        }
        _ => {
            let near = nearest(&lower, NAMES.iter().map(|(known, _)| *known));
            return Err(match near {
                Some(near) => phrase!("keys-near", key = inside, near = near),
                None => phrase!("keys-unknown", key = inside),
            });
        }
    };
    Ok(key)
}
