//! Takes out of a sentence what nobody else may read: passwords and tokens, as far as the config or a login knows them, and the user's name
//! in the path of the home folder.

use std::path::Path;

/// What stands in the place of a secret.
const HIDDEN: &str = "[hidden]";
/// Keys of the config whose values nobody else may read: a command may have the password in it.
const SECRET_KEYS: [&str; 4] = ["password", "client_secret", "password_command", "client_secret_command"];

/// What is taken out.
#[derive(Debug, Default)]
pub struct Redact {
    secrets: Vec<String>,
    home: Option<String>,
}

impl Redact {
    /// Finds the secrets of a config file, also of one with mistakes: its own reader may not get as far as them.
    pub fn of_config(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let mut redact = Self::of_home(directories::BaseDirs::new().map(|dirs| dirs.home_dir().display().to_string()));
        redact.add(text.lines().flat_map(secrets_of));
        redact
    }

    fn of_home(home: Option<String>) -> Self {
        Self { secrets: Vec::new(), home: home.filter(|home| home.len() > 1) }
    }

    /// Takes these out too.
    pub fn add(&mut self, secrets: impl IntoIterator<Item = String>) {
        self.secrets.extend(secrets.into_iter().filter(|secret| !secret.is_empty()));
        // The longest first: one may be a part of another.
        self.secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        self.secrets.dedup();
    }

    /// Returns a sentence without them. A secret of a few letters may be a part of a common word: it is taken out where it stands alone.
    pub fn take(&self, sentence: &str) -> String {
        let mut text = sentence.to_owned();
        for secret in &self.secrets {
            text = without(&text, secret);
        }
        match &self.home {
            Some(home) => text.replace(home.as_str(), "~"),
            None => text,
        }
    }
}

/// Returns the strings of a line of TOML that sets a secret.
fn secrets_of(line: &str) -> Vec<String> {
    let Some((key, value)) = line.split_once('=') else { return Vec::new() };
    let key = key.trim().trim_matches(['"', '\'']);
    if !SECRET_KEYS.iter().any(|secret| key.rsplit('.').next() == Some(secret)) {
        return Vec::new();
    }
    // Read as TOML where it is that; else each thing in quotes.
    let read = toml::from_str::<toml::Table>(&format!("x = {value}")).ok().and_then(|mut table| table.remove("x"));
    match read {
        Some(toml::Value::String(text)) => vec![text],
        Some(toml::Value::Array(words)) => words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect(),
        _ => value.split(['"', '\'']).skip(1).step_by(2).map(str::to_owned).collect(),
    }
}

/// Puts a sign in the place of a secret, where no letter or digit stands beside it.
fn without(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    while let Some((before, behind)) = rest.split_once(secret) {
        out.push_str(before);
        let joined = in_word(out.chars().next_back()) && in_word(secret.chars().next())
            || in_word(behind.chars().next()) && in_word(secret.chars().next_back());
        // Nobody takes eight letters for a part of a common word.
        out.push_str(if joined && secret.chars().count() < 8 { secret } else { HIDDEN });
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
