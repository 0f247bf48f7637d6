//! The links of a mail: each target has one number, and those that hide where they lead are told.

use std::collections::HashMap;

use super::link;
use crate::model::message::Link;

/// The most links numbered.
const LINKS_MAX: usize = 5_000;
/// The most bytes kept of what is shown of a link.
const SHOWN_MAX: usize = 1_000;

/// A link that is being read.
pub(super) struct Anchor {
    target: String,
    shown: String,
    /// Whether it holds a picture.
    pub image: bool,
}

impl Anchor {
    /// Begins a link.
    pub fn to(target: &str) -> Self {
        Self { target: target.trim().to_owned(), shown: String::new(), image: false }
    }

    /// Adds what a person sees of it.
    pub fn shows(&mut self, text: &str) {
        if self.shown.len() < SHOWN_MAX {
            self.shown.push_str(text);
        }
    }
}

/// The links so far.
#[derive(Default)]
pub(super) struct Links {
    /// The links, in the order of their numbers.
    pub links: Vec<Link>,
    /// What a person should know of them.
    pub warnings: Vec<&'static str>,
    number: usize,
    numbers: HashMap<String, usize>,
}

impl Links {
    /// Numbers on from `number`.
    pub fn after(number: usize) -> Self {
        Self { number, ..Self::default() }
    }

    /// Returns a link's number, and whether all that was shown of it is a picture; `None` where it needs none.
    pub fn number(&mut self, anchor: &Anchor) -> Option<(usize, bool)> {
        let Anchor { target, shown, image } = anchor;
        let plain = shown.trim();
        if target.is_empty() || target.starts_with('#') || (plain.is_empty() && !image) {
            return None;
        }
        if target.strip_prefix("mailto:").is_some_and(|address| address.eq_ignore_ascii_case(plain)) {
            return None;
        }
        let number = match self.numbers.get(target) {
            // The picture and the text of one link are one.
            Some(known) if plain.is_empty() => return Some((*known, false)),
            Some(known) if !self.links.iter().any(|link| link.number == *known && link.warning.is_some()) => *known,
            _ if self.links.len() >= LINKS_MAX => return None,
            _ => self.add(target, plain),
        };
        Some((number, plain.is_empty()))
    }

    fn add(&mut self, target: &str, plain: &str) -> usize {
        self.number += 1;
        let (link, warning_of_it) = link::make(self.number, target, plain);
        let warning = "A link's text shows another address than the one it leads to.";
        if warning_of_it.is_some_and(|warning| warning.is("link-lies")) && !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
        self.links.push(link);
        self.numbers.insert(target.to_owned(), self.number);
        self.number
    }
}
