//! Languages that mail is answered in, and in which moments are read.

mod cldr;

use std::fmt;
use std::sync::OnceLock;

use crate::model::nearest::nearest;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
pub(crate) use cldr::{NAMES, Names};

/// A language that postroom writes dates and attributions in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Arabic.
    Ar,
    /// German.
    De,
    /// English of no region, with dates that everybody reads alike: 2026-11-22.
    En,
    /// British English.
    EnGb,
    /// American English.
    EnUs,
    /// Spanish.
    Es,
    /// Persian.
    Fa,
    /// French.
    Fr,
    /// Hebrew.
    He,
    /// Hindi.
    Hi,
    /// Italian.
    It,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Dutch.
    Nl,
    /// Polish.
    Pl,
    /// Portuguese.
    Pt,
    /// Russian.
    Ru,
    /// Thai.
    Th,
    /// Turkish.
    Tr,
    /// Vietnamese.
    Vi,
    /// Chinese in simplified characters.
    ZhHans,
    /// Chinese in traditional characters.
    ZhHant,
}

/// The language of whoever sits here, where it is known.
static READERS: OnceLock<Language> = OnceLock::new();

/// What is no language that postroom writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLanguage(String);

impl UnknownLanguage {
    /// Returns what it says, without the remedy.
    pub fn phrase(&self) -> Phrase {
        phrase!("language-unknown", given = in_quotes(&self.0))
    }

    /// Returns what to write instead.
    pub fn hint(&self) -> Phrase {
        match nearest(&self.0, Language::ALL.iter().map(|language| language.tag())) {
            Some(near) if self.0.chars().count() > 2 => phrase!("hint-use", words = near),
            _ => phrase!("hint-languages", names = Language::ALL.map(Language::tag).join(", ")),
        }
    }
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 22] = [
        Language::Ar,
        Language::De,
        Language::En,
        Language::EnGb,
        Language::EnUs,
        Language::Es,
        Language::Fa,
        Language::Fr,
        Language::He,
        Language::Hi,
        Language::It,
        Language::Ja,
        Language::Ko,
        Language::Nl,
        Language::Pl,
        Language::Pt,
        Language::Ru,
        Language::Th,
        Language::Tr,
        Language::Vi,
        Language::ZhHans,
        Language::ZhHant,
    ];

    /// Returns its tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Language::Ar => "ar",
            Language::De => "de",
            Language::En => "en",
            Language::EnGb => "en-GB",
            Language::EnUs => "en-US",
            Language::Es => "es",
            Language::Fa => "fa",
            Language::Fr => "fr",
            Language::He => "he",
            Language::Hi => "hi",
            Language::It => "it",
            Language::Ja => "ja",
            Language::Ko => "ko",
            Language::Nl => "nl",
            Language::Pl => "pl",
            Language::Pt => "pt",
            Language::Ru => "ru",
            Language::Th => "th",
            Language::Tr => "tr",
            Language::Vi => "vi",
            Language::ZhHans => "zh-Hans",
            Language::ZhHant => "zh-Hant",
        }
    }

    /// Reads a tag such as `ar`, `pt-BR`, `zh-TW`, or the name of a locale such as `ar_EG.UTF-8`. A region that makes no difference is passed
    /// over; `None` for a language that isn't known.
    pub fn of(tag: &str) -> Option<Self> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let first = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let has = |any: &[&str]| rest.iter().any(|part| any.contains(part));
        Some(match first {
            "en" if has(&["us"]) => Language::EnUs,
            "en" if has(&["gb", "ie", "au", "nz", "za", "in"]) => Language::EnGb,
            "zh" if has(&["hant"]) || has(&["tw", "hk", "mo"]) && !has(&["hans"]) => Language::ZhHant,
            "zh" => Language::ZhHans,
            // Older tags that mail still bears.
            "iw" => Language::He,
            _ => *Self::ALL.iter().find(|language| language.tag() == first)?,
        })
    }

    /// Returns the language of an environment as POSIX has it: the first that is set of `LC_ALL`, `LC_MESSAGES` and `LANG`.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let set = |name: &&str| get(name).filter(|value| !value.is_empty());
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).as_deref().and_then(Self::of)
    }

    /// Notes the language of whoever sits here. The first call counts.
    pub fn read_by(language: Language) {
        READERS.get_or_init(|| language);
    }

    /// Returns the language of whoever sits here; `None` where nobody said.
    pub fn readers() -> Option<Self> {
        READERS.get().copied()
    }

    /// Returns the names of months and weekdays.
    pub(crate) fn names(self) -> &'static Names {
        let row = match self {
            Language::EnGb | Language::EnUs => Language::En,
            other => other,
        };
        NAMES.iter().find(|names| names.language == row).unwrap_or(&cldr::ENGLISH)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl std::str::FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::of(text).ok_or_else(|| UnknownLanguage(crate::model::when::shorten(text)))
    }
}

#[cfg(test)]
#[path = "language_tests.rs"]
mod tests;
