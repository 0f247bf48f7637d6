//! A query's text as tokens, each with its column.

use super::QueryError;
use super::signs::{closings, is_colon, is_comma, is_minus, is_question, is_star, plain};

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    /// Its first character, counted from 0.
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    /// `-` in front of something.
    Minus,
    /// A word as it stands: no quotes anywhere in it.
    Word(String),
    /// Quoted text, with a `*` behind it.
    Quoted {
        text: String,
        star: bool,
    },
    /// `key:` with its values.
    Pair {
        key: String,
        values: Vec<Piece>,
    },
}

/// A value behind a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) at: usize,
    pub(super) text: String,
    pub(super) quoted: bool,
    /// Whether `*` stands behind its closing quote.
    pub(super) star: bool,
}

pub(super) struct Lexer {
    chars: Vec<char>,
    at: usize,
}

impl Lexer {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0 }
    }

    pub(super) fn tokens(mut self) -> Result<Vec<Token>, QueryError> {
        let mut tokens = Vec::new();
        while let Some(c) = self.peek() {
            let at = self.at;
            let kind = match c {
                c if c.is_whitespace() => {
                    self.at += 1;
                    continue;
                }
                '(' | '（' => self.one(Kind::Open),
                ')' | '）' => self.one(Kind::Close),
                c if is_minus(c) => self.one(Kind::Minus),
                c if self.opens_quote(c) => {
                    let text = self.quoted()?;
                    let star = self.star();
                    Kind::Quoted { text, star }
                }
                _ => self.word()?,
            };
            tokens.push(Token { at, kind });
        }
        Ok(tokens)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn one(&mut self, kind: Kind) -> Kind {
        self.at += 1;
        kind
    }

    fn star(&mut self) -> bool {
        let star = self.peek().is_some_and(is_star);
        self.at += usize::from(star);
        star
    }

    /// Tells whether a quote begins here. A sign that is one in some language only does where it ends too.
    fn opens_quote(&self, c: char) -> bool {
        let rest = || self.chars.get(self.at + 1..).unwrap_or_default();
        c == '"' || (!closings(c).is_empty() && rest().iter().any(|c| closings_of(self.chars.get(self.at)).contains(c)))
    }

    /// Reads from an opening quote to its end; a backslash takes the next character as it is.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        let ends = closings_of(self.peek().as_ref());
        self.at += 1;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            let inside = self.is_inside_word();
            self.at += 1;
            match c {
                c if inside => text.push(c),
                c if ends.contains(&c) && text.is_empty() => {
                    return Err(QueryError::new(start, phrase!("query-empty-quotes"), None));
                }
                c if ends.contains(&c) => return Ok(text),
                '\\' => {
                    text.extend(self.peek());
                    self.at += 1;
                }
                c => text.push(c),
            }
        }
        Err(QueryError::new(start, phrase!("query-open-quote"), phrase!("hint-query-quote")))
    }

    /// Tells whether a quote stands here that is part of a Hebrew word: `צה"ל`.
    fn is_inside_word(&self) -> bool {
        let is_hebrew = |c: Option<&char>| c.is_some_and(|c| ('\u{5D0}'..='\u{5EA}').contains(c));
        let before = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        self.peek() == Some('"') && is_hebrew(before) && is_hebrew(self.chars.get(self.at + 1))
    }

    fn run(&mut self, stop: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| (!ends_word(c) && !stop(c)) || self.is_inside_word()) {
            self.at += 1;
        }
        self.chars.get(start..self.at).unwrap_or_default().iter().collect()
    }

    fn word(&mut self) -> Result<Kind, QueryError> {
        let word = self.run(is_colon);
        let key = plain(&word);
        let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        // `http://…` is text.
        let is_url = self.chars.get(self.at + 1) == Some(&'/') && self.chars.get(self.at + 2) == Some(&'/');
        if self.peek().is_some_and(is_colon) && is_key && !is_url {
            self.at += 1;
            return self.values(key);
        }
        let rest = self.run(|_| false);
        Ok(Kind::Word(word + &rest))
    }

    fn values(&mut self, key: String) -> Result<Kind, QueryError> {
        let mut values = Vec::new();
        loop {
            let at = self.at;
            let quoted = self.peek().is_some_and(|c| self.opens_quote(c));
            let text =
                if quoted { self.quoted()? } else { self.run(is_comma).trim_end_matches(is_question).to_owned() };
            let star = quoted && self.star();
            if quoted || !text.is_empty() {
                values.push(Piece { at, text, quoted, star });
            }
            if !self.peek().is_some_and(is_comma) {
                return Ok(Kind::Pair { key, values });
            }
            self.at += 1;
        }
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '"' | '（' | '）')
}

fn closings_of(open: Option<&char>) -> &'static [char] {
    open.map_or(&[], |open| closings(*open))
}
