//! Words of a line: divided by blanks, or in double quotes, in which `\"` and `\\` stand for themselves.

use super::{CommandError, Problem};

/// A word, without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it begins, in characters from the beginning of the text, from 0.
    pub at: usize,
    /// What it says.
    pub text: String,
}

/// What is left of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rest<'a> {
    /// Where it begins, in characters from the beginning of the text, from 0.
    pub at: usize,
    /// It, without the blanks around it.
    pub text: &'a str,
}

/// Returns the first words of a text, at most `most`.
pub(super) fn words(text: &str, most: usize) -> Result<Vec<Word>, CommandError> {
    let mut found = Vec::new();
    let mut left = trimmed(text, 0);
    while !left.text.is_empty() && found.len() < most {
        let (word, behind) = one(left)?;
        found.push(word);
        left = behind;
    }
    Ok(found)
}

/// Returns what stands behind the first `skip` words.
pub(super) fn rest(text: &str, skip: usize) -> Rest<'_> {
    let mut left = trimmed(text, 0);
    for _ in 0..skip {
        match one(left) {
            Ok((_, behind)) => left = behind,
            Err(_) => break,
        }
    }
    left
}

/// Takes all that is left as one word; quotes count where they stand around the whole.
pub(super) fn whole(left: Rest<'_>) -> Result<Word, CommandError> {
    if left.text.starts_with('"') {
        let (word, behind) = one(left)?;
        if behind.text.is_empty() {
            return Ok(word);
        }
    }
    Ok(Word { at: left.at, text: left.text.to_owned() })
}

fn trimmed(text: &str, at: usize) -> Rest<'_> {
    let text_left = text.trim_start();
    let blanks = text.chars().count() - text_left.chars().count();
    Rest { at: at + blanks, text: text_left.trim_end() }
}

/// Returns the first word of what is left, which is not empty, and what stands behind it.
fn one(left: Rest<'_>) -> Result<(Word, Rest<'_>), CommandError> {
    let Some(quoted) = left.text.strip_prefix('"') else {
        let end = left.text.find(char::is_whitespace).unwrap_or(left.text.len());
        let (word, behind) = left.text.split_at_checked(end).unwrap_or((left.text, ""));
        let at = left.at + word.chars().count();
        return Ok((Word { at: left.at, text: word.to_owned() }, trimmed(behind, at)));
    };
    let mut text = String::new();
    let mut chars = quoted.char_indices();
    let mut read = 1;
    while let Some((offset, c)) = chars.next() {
        read += 1;
        match c {
            '"' => {
                let behind = quoted.get(offset + 1..).unwrap_or_default();
                return Ok((Word { at: left.at, text }, trimmed(behind, left.at + read)));
            }
            '\\' => match chars.next() {
                Some((_, next @ ('"' | '\\'))) => {
                    read += 1;
                    text.push(next);
                }
                Some((_, next)) => {
                    read += 1;
                    text.extend(['\\', next]);
                }
                None => text.push('\\'),
            },
            c => text.push(c),
        }
    }
    Err(CommandError::new(left.at, Problem::OpenQuote))
}
