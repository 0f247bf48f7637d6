//! Moments in other languages than English: the words are looked up in [`WORDS`] and put as English would have them.
//!
//! A text is read in each language in which all of it has a meaning. Languages that agree are one reading; where they don't, nobody guesses.

use std::sync::OnceLock;

use jiff::Zoned;
use jiff::civil::{Date, Weekday};
use unicode_normalization::UnicodeNormalization as _;

use super::words::{Part, WORDS, Word, Words};
use super::{UNITS, Unit};
use crate::model::calendar::{MONTHS, WEEKDAYS, month_name, weekday_name};
use crate::model::language::{Language, NAMES};

/// The longest text that is a moment, in characters.
const LENGTH_MAX: usize = 80;
/// The most ways in which one text is tried in one language.
const WAYS_MAX: usize = 64;

/// Returns a text as words of moments are compared: in lower case and without accents, half and full width alike, digits of all scripts as
/// 0 to 9, Arabic letters in their plain forms.
pub(super) fn fold(text: &str) -> String {
    let lower = text.trim().nfkc().flat_map(char::to_lowercase);
    let bare = lower.nfd().filter(|c| !is_mark(*c)).nfc();
    bare.filter_map(plain).collect()
}

/// Tells whether a character is an accent, or a vowel sign that is mostly left out. The marks of Thai are letters.
fn is_mark(c: char) -> bool {
    matches!(u32::from(c), 0x300..=0x36f | 0x591..=0x5bd | 0x5bf..=0x5c7 | 0x610..=0x61a | 0x64b..=0x65f | 0x670)
}

fn plain(c: char) -> Option<char> {
    Some(match c {
        'ı' => 'i',
        'آ' | 'أ' | 'إ' | 'ٱ' => 'ا',
        'ى' | 'ي' => 'ی',
        'ك' => 'ک',
        'ة' => 'ه',
        '’' | '‘' | '´' | '`' => '\'',
        '׳' => '\'',
        '״' | '”' | '“' => '"',
        '：' | '︰' => ':',
        // Tatweel, what joins and parts without being seen, and marks of direction.
        'ـ' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}' => {
            return None;
        }
        c => digit(c).unwrap_or(c),
    })
}

/// Where the ten digits of each script begin (Unicode, general category Nd).
const ZEROS: [u32; 36] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
    0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// Returns a digit of any script as the one of ASCII.
fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

/// A language's words, folded, the longest first.
struct Lexicon {
    language: Language,
    unspaced: bool,
    prefixes: &'static [char],
    entries: Vec<(String, Word)>,
}

impl Lexicon {
    fn of(words: &Words) -> Self {
        let mut entries: Vec<(String, Word)> = Vec::new();
        let mut add = |forms: &str, word: Word| {
            entries.extend(forms.split('|').filter(|form| !form.is_empty()).map(|form| (fold(form), word)));
        };
        words.words.iter().for_each(|(word, forms)| add(forms, *word));
        // Both kinds of Chinese are one language here.
        let is_own =
            |language| language == words.language || words.language == Language::ZhHans && language == Language::ZhHant;
        for names in NAMES.iter().filter(|names| is_own(names.language)) {
            let months = names.months.iter().zip(&names.months_also).zip(1..);
            months.filter(|((name, _), _)| !name.starts_with(|c: char| c.is_ascii_digit())).for_each(
                |((name, also), month)| {
                    add(name, Word::Month(month));
                    add(also, Word::Month(month));
                },
            );
            names.weekdays.iter().zip(WEEKDAYS).for_each(|(forms, (_, day))| add(forms, Word::Weekday(day)));
        }
        entries.sort_by_key(|(form, _)| std::cmp::Reverse(form.len()));
        Self { language: words.language, unspaced: words.unspaced, prefixes: words.prefixes, entries }
    }

    /// Returns what the longest word at the front of `rest` may mean, and its length.
    fn at(&self, rest: &str) -> Option<(usize, Vec<Word>)> {
        let is_whole = |length: usize| {
            self.unspaced || !rest.get(length..).unwrap_or_default().starts_with(|c: char| c.is_alphabetic())
        };
        let fits = |(form, _): &&(String, Word)| rest.starts_with(form.as_str()) && is_whole(form.len());
        let length = self.entries.iter().find(fits)?.0.len();
        let same = self.entries.iter().filter(|entry| entry.0.len() == length && fits(entry));
        let mut meanings: Vec<Word> = Vec::new();
        same.for_each(|(_, word)| {
            if !meanings.contains(word) {
                meanings.push(*word);
            }
        });
        Some((length, meanings))
    }
}

fn lexicons() -> &'static [Lexicon] {
    static ALL: OnceLock<Vec<Lexicon>> = OnceLock::new();
    ALL.get_or_init(|| WORDS.iter().map(Lexicon::of).collect())
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// One of the words of the language, with all that it may mean.
    Word(Vec<Word>),
    /// A number.
    Number(u32),
    /// An hour with its minutes.
    Clock(u32, u32),
    /// A word that the language does not have: English, or a date in numbers.
    Raw(String),
}

/// Returns what `text`, folded, means in other languages, each as a text that English has; empty where it means nothing in any.
pub(super) fn readings(text: &str, now: &Zoned, read: impl Fn(&[&str]) -> Option<Zoned>) -> Vec<Zoned> {
    let mut found: Vec<Zoned> = Vec::new();
    if text.chars().count() > LENGTH_MAX {
        return found;
    }
    for lexicon in lexicons() {
        let Some(tokens) = tokens(lexicon, text) else { continue };
        let mut of_language: Vec<Zoned> = Vec::new();
        for (way, is_weak) in ways(&tokens) {
            if is_weak && !of_language.is_empty() {
                continue;
            }
            for first in first_days(lexicon.language) {
                let english = English { now, first: *first, thai: lexicon.language == Language::Th, out: Vec::new() };
                let Some(words) = english.put(&way) else { continue };
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                of_language.extend(read(&words));
            }
        }
        found.extend(of_language);
    }
    found.sort_by_key(Zoned::timestamp);
    found.dedup_by_key(|found| found.timestamp());
    found
}

/// On which day a week may begin for people who speak a language.
fn first_days(language: Language) -> &'static [Weekday] {
    match language {
        Language::He => &[Weekday::Sunday],
        Language::Fa => &[Weekday::Saturday],
        Language::Ar => &[Weekday::Saturday, Weekday::Sunday, Weekday::Monday],
        Language::Ja | Language::Ko | Language::Th => &[Weekday::Sunday, Weekday::Monday],
        _ => &[Weekday::Monday],
    }
}

/// Returns the pieces of a text; `None` where a piece means nothing in the language, or none is its own.
fn tokens(lexicon: &Lexicon, text: &str) -> Option<Vec<Token>> {
    let mut out: Vec<Token> = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    let mut is_own = false;
    while let Some(c) = rest.chars().next() {
        let begins = lexicon.unspaced || !before.is_alphabetic();
        if let Some((length, meanings)) = lexicon.at(rest).filter(|_| begins) {
            let is_nothing = meanings == [Word::Skip] || meanings == [Word::Lead] && out.is_empty();
            if !is_nothing {
                out.push(Token::Word(meanings));
            }
            is_own = true;
            before = rest.get(..length)?.chars().next_back()?;
            rest = rest.get(length..)?;
        } else if let Some((length, token)) = iso(rest).or_else(|| number(rest)) {
            out.push(token);
            (before, rest) = ('0', rest.get(length..)?);
        } else if is_separator(c) {
            (before, rest) = (c, rest.get(c.len_utf8()..)?);
        } else if let Some((length, number)) = han_number(rest).filter(|_| lexicon.unspaced) {
            out.push(Token::Number(number));
            (before, rest) = ('0', rest.get(length..)?);
        } else if begins && lexicon.prefixes.contains(&c) {
            (before, rest) = (' ', rest.get(c.len_utf8()..)?);
        } else if c.is_ascii_alphanumeric() && begins {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
            out.push(Token::Raw(rest.get(..length)?.to_owned()));
            (before, rest) = ('a', rest.get(length..)?);
        } else {
            return None;
        }
    }
    is_own.then_some(out)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '،' | '、' | '。' | '.' | '-' | '־' | '・' | '\'' | '(' | ')')
}

/// `2026-12-01`.
fn iso(text: &str) -> Option<(usize, Token)> {
    let date = text.get(..10).filter(|date| date.parse::<Date>().is_ok())?;
    Some((10, Token::Raw(date.to_owned())))
}

/// `9`, `9:30`, `9.30`.
fn number(text: &str) -> Option<(usize, Token)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let length = digits(text);
    let number = text.get(..length).filter(|digits| (1..=6).contains(&digits.len()))?.parse().ok()?;
    if let Some(behind) = text.get(length..).and_then(|rest| rest.strip_prefix([':', '.']))
        && digits(behind) == 2
        && length <= 2
    {
        return Some((length + 3, Token::Clock(number, behind.get(..2)?.parse().ok()?)));
    }
    Some((length, Token::Number(number)))
}

/// Numbers below a hundred as Chinese and Japanese write them: 三, 十二, 二十五, 两.
fn han_number(text: &str) -> Option<(usize, u32)> {
    let (mut length, mut tens, mut ones) = (0, None, None);
    for c in text.chars() {
        match (c, "〇一二三四五六七八九".chars().position(|digit| digit == c)) {
            ('十', _) if tens.is_none() => tens = Some(ones.take().unwrap_or(1)),
            ('两' | '兩', _) if ones.is_none() => ones = Some(2),
            (_, Some(digit)) if ones.is_none() => ones = u32::try_from(digit).ok(),
            _ => break,
        }
        length += c.len_utf8();
    }
    (length > 0).then_some((length, tens.unwrap_or(0) * 10 + ones.unwrap_or(0)))
}

/// Returns each way to take the words, one meaning each, and whether it takes one by its lesser meaning; those come last.
fn ways(tokens: &[Token]) -> Vec<(Vec<Token>, bool)> {
    let mut ways: Vec<(Vec<Token>, bool)> = vec![(Vec::new(), false)];
    for token in tokens {
        let meanings = match token {
            Token::Word(meanings) => meanings.iter().map(|word| Token::Word(vec![*word])).collect(),
            other => vec![other.clone()],
        };
        let longer = |(way, is_weak): &(Vec<Token>, bool)| {
            let each = |meaning: &Token| {
                let is_lesser =
                    matches!(meaning, Token::Word(words) if matches!(words.as_slice(), [Word::ElsePart(_)]));
                let mut way = way.clone();
                way.push(meaning.clone());
                (way, *is_weak || is_lesser)
            };
            meanings.iter().map(each).collect::<Vec<_>>()
        };
        ways = ways.iter().flat_map(longer).take(WAYS_MAX).collect();
    }
    ways.sort_by_key(|(_, is_weak)| *is_weak);
    ways
}

/// Puts words in a row as English has them.
struct English<'a> {
    now: &'a Zoned,
    /// On which day a week begins.
    first: Weekday,
    /// Whether years may be those of the Buddhist calendar.
    thai: bool,
    out: Vec<String>,
}

/// What the pieces before tell of a number.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// The part of the day, and whether it can do without an hour.
    part: Option<(Part, bool)>,
    /// Whether `at` stands there.
    at: bool,
    /// Whether `in` stands there.
    ahead: bool,
    year: Option<u32>,
    month: Option<i8>,
}

impl English<'_> {
    fn put(mut self, tokens: &[Token]) -> Option<Vec<String>> {
        let mut before = Before::default();
        let mut rest = tokens;
        while let Some((token, behind)) = rest.split_first() {
            rest = match token {
                Token::Raw(word) => {
                    self.out.push(word.clone());
                    behind
                }
                Token::Clock(hour, minute) => {
                    let behind = skip(behind, |word| matches!(word, Word::Hour | Word::HourOrUnit));
                    self.clock(*hour, *minute, &mut before, behind)?
                }
                Token::Number(number) => self.number(*number, &mut before, behind)?,
                Token::Word(words) => self.word(*words.first()?, &mut before, behind)?,
            };
        }
        self.end(&before)?;
        Some(self.out)
    }

    /// What waits for something that did not come.
    fn end(&mut self, before: &Before) -> Option<()> {
        if before.year.is_some() || before.at {
            return None;
        }
        if let Some((part, _)) = before.part.filter(|(_, is_soft)| !is_soft) {
            self.out.push(alone(part).to_owned());
        }
        Some(())
    }

    fn word<'t>(&mut self, word: Word, before: &mut Before, behind: &'t [Token]) -> Option<&'t [Token]> {
        let mut say = |text: &str| self.out.extend(text.split(' ').map(str::to_owned));
        match word {
            Word::Say("next week") => match behind.split_first() {
                Some((Token::Word(words), rest)) if matches!(words.as_slice(), [Word::Weekday(_)]) => {
                    let [Word::Weekday(day)] = words.as_slice() else { return None };
                    self.next_week(*day)?;
                    return Some(rest);
                }
                _ => say("next week"),
            },
            Word::Say(text) => say(text),
            Word::Tonight => {
                say("tonight");
                before.part = Some((Part::Evening, true));
            }
            Word::Weekday(day) => match behind.split_first() {
                Some((Token::Word(words), rest)) if words.as_slice() == [Word::Say("next week")] => {
                    self.next_week(day)?;
                    return Some(rest);
                }
                _ => say(weekday_name(day)),
            },
            Word::NextWeek(day) => self.next_week(day)?,
            Word::Month(month) => say(month_name(month)?),
            Word::Number(number) => return self.number(number, before, behind),
            Word::Unit(unit) if before.ahead => {
                before.ahead = false;
                say(&format!("1{}", short(unit)));
            }
            Word::Units(count, unit) => {
                before.ahead = false;
                say(&format!("{count}{}", short(unit)));
            }
            Word::Part(part) | Word::ElsePart(part) => {
                if before.part.is_some() {
                    return None;
                }
                before.part = Some((part, false));
            }
            Word::In => before.ahead = true,
            Word::At | Word::AtOrHours => before.at = true,
            Word::Skip => {}
            // These have a number before them.
            _ => return None,
        }
        Some(behind)
    }

    fn number<'t>(&mut self, number: u32, before: &mut Before, behind: &'t [Token]) -> Option<&'t [Token]> {
        let next = match behind.first() {
            Some(Token::Word(words)) => words.first().copied(),
            _ => None,
        };
        let rest = behind.get(1..).unwrap_or_default();
        let is_later = matches!(rest.first(), Some(Token::Word(words)) if words.as_slice() == [Word::Later]);
        match next {
            Some(Word::Unit(unit)) => self.length(number, unit, before, rest),
            Some(Word::DayMark) if is_later => self.length(number, Unit::Day, before, rest),
            Some(Word::HourOrUnit) if before.ahead || self.out.is_empty() && !before.at && !is_minutes(rest) => {
                self.length(number, Unit::Hour, before, rest)
            }
            Some(Word::Hour | Word::HourOrUnit) if !before.ahead => self.hour(number, before, rest),
            Some(Word::ThaiHour) => {
                let is_told = before.part.is_some()
                    || matches!(rest.first(), Some(Token::Word(w)) if matches!(w.as_slice(), [Word::Part(_)]));
                // Four o'clock alone is ten in the morning to some and four in the afternoon to others.
                if is_told || (6..=11).contains(&number) { self.hour(number, before, rest) } else { None }
            }
            Some(Word::ThaiEvening) if (1..=5).contains(&number) => self.hour(number + 18, before, rest),
            Some(Word::Half) if before.at || before.part.is_some() || !self.out.is_empty() => {
                self.clock(number, 30, before, rest)
            }
            Some(Word::YearMark) => {
                before.year = Some(number);
                Some(rest)
            }
            Some(Word::MonthMark) => {
                let month = i8::try_from(number).ok()?;
                month_name(month)?;
                before.month = Some(month);
                matches!(rest.first(), Some(Token::Number(_))).then_some(rest)
            }
            Some(Word::DayMark) => {
                let day = i8::try_from(number).ok()?;
                let Some(month) = before.month.take() else {
                    // Behind a month that has a name of its own.
                    let is_behind = self.out.last().is_some_and(|last| MONTHS.contains(&last.as_str()));
                    self.out.push(day.to_string());
                    return is_behind.then_some(rest);
                };
                match before.year.take() {
                    Some(year) => self.out.push(Date::new(i16::try_from(year).ok()?, month, day).ok()?.to_string()),
                    None => self.out.extend([day.to_string(), month_name(month)?.to_owned()]),
                }
                Some(rest)
            }
            Some(Word::Part(_) | Word::ElsePart(_)) if before.part.is_none() => self.clock(number, 0, before, behind),
            _ if before.at || before.part.is_some() => self.clock(number, 0, before, behind),
            _ if before.ahead => None,
            _ => {
                // Behind a day of the month stands a year; Thailand counts from 543 before.
                let year = if self.thai && (2400..2700).contains(&number) { number - 543 } else { number };
                self.out.push(year.to_string());
                Some(behind)
            }
        }
    }

    fn length<'t>(&mut self, count: u32, unit: Unit, before: &mut Before, rest: &'t [Token]) -> Option<&'t [Token]> {
        before.ahead = false;
        self.out.push(format!("{count}{}", short(unit)));
        Some(skip(rest, |word| word == Word::Later))
    }

    /// An hour behind which its mark stood: the minutes may follow.
    fn hour<'t>(&mut self, hour: u32, before: &mut Before, rest: &'t [Token]) -> Option<&'t [Token]> {
        match rest {
            [Token::Number(minute), rest @ ..] if *minute < 60 => {
                let rest = skip(rest, |word| matches!(word, Word::Minute));
                // What stands behind is a unit: it was no minute.
                let is_unit =
                    matches!(rest.first(), Some(Token::Word(words)) if matches!(words.as_slice(), [Word::Unit(_)]));
                if is_unit { None } else { self.clock(hour, *minute, before, rest) }
            }
            [Token::Word(words), rest @ ..] if words.as_slice() == [Word::Half] => self.clock(hour, 30, before, rest),
            _ => self.clock(hour, 0, before, rest),
        }
    }

    /// A time of the day; its part may stand before or behind it.
    fn clock<'t>(&mut self, hour: u32, minute: u32, before: &mut Before, rest: &'t [Token]) -> Option<&'t [Token]> {
        if before.ahead {
            return None;
        }
        before.at = false;
        let mut rest = rest;
        let (mut part, is_soft) = before.part.take().map_or((None, true), |(part, is_soft)| (Some(part), is_soft));
        if let Some((Token::Word(words), behind)) = rest.split_first()
            && let [Word::Part(found) | Word::ElsePart(found)] = words.as_slice()
        {
            // Tonight at 8 in the evening; in the morning at 8 in the evening is nothing.
            if !is_soft {
                return None;
            }
            part = Some(*found);
            rest = behind;
        }
        if let Some((Token::Word(words), behind)) = rest.split_first()
            && words.as_slice() == [Word::Half]
            && minute == 0
        {
            return self.at(hour, 30, part).map(|()| behind);
        }
        self.at(hour, minute, part).map(|()| rest)
    }

    fn at(&mut self, hour: u32, minute: u32, part: Option<Part>) -> Option<()> {
        let hour = part.map_or(Some(hour), |part| in_part(hour, part))?;
        if hour > 23 || minute > 59 {
            return None;
        }
        self.out.push(format!("{hour}:{minute:02}"));
        Some(())
    }

    /// That day of the week behind this one.
    fn next_week(&mut self, day: Weekday) -> Option<()> {
        let today = self.now.date();
        let since = today.weekday().since(self.first);
        let begins = today.checked_sub(jiff::Span::new().days(i64::from(since))).ok()?;
        let ahead = 7 + i64::from(day.since(self.first));
        let date = begins.checked_add(jiff::Span::new().days(ahead)).ok()?;
        self.out.push(date.to_string());
        Some(())
    }
}

/// Returns the hour of 24 that an hour of a part of the day is; `None` where that part has none of it, or it is unclear which day's.
fn in_part(hour: u32, part: Part) -> Option<u32> {
    Some(match (part, hour) {
        (Part::Morning, 1..=11) => hour,
        (Part::Noon, 11 | 12) => hour,
        (Part::Noon, 1..=3) => hour + 12,
        (Part::Afternoon, 12) => 12,
        (Part::Afternoon, 1..=7) => hour + 12,
        (Part::Evening, 1..=11) => hour + 12,
        (Part::Night, 1..=6) => hour,
        (Part::Night, 8..=11) => hour + 12,
        (Part::Noon | Part::Afternoon | Part::Evening | Part::Night, 13..=23) => hour,
        _ => return None,
    })
}

/// Returns what English calls a part of the day that has no hour.
fn alone(part: Part) -> &'static str {
    match part {
        Part::Morning => "morning",
        Part::Noon => "noon",
        Part::Afternoon => "afternoon",
        Part::Evening => "evening",
        Part::Night => "night",
    }
}

/// Passes over one word of that kind.
fn skip(tokens: &[Token], is: impl Fn(Word) -> bool) -> &[Token] {
    match tokens.split_first() {
        Some((Token::Word(words), rest)) if words.first().is_some_and(|word| is(*word)) => rest,
        _ => tokens,
    }
}

fn is_minutes(rest: &[Token]) -> bool {
    matches!(rest.first(), Some(Token::Number(minute)) if *minute < 60)
}

fn short(unit: Unit) -> &'static str {
    UNITS.iter().find(|(_, known)| *known == unit).map_or("", |(word, _)| word)
}
