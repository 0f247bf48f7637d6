//! What is held of other mails, and which lines of a text stand in one of them.
//!
//! Words are compared, in their order, so that white space, line breaks, marks of quotes and of bold, and smart quotes make no difference.
//! Web addresses are no words: what is a link in HTML is an address in plain text. One that stands free and is in no mail is new all the same.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::mime::work::step;
use crate::model::message::{Block, Readable};

/// The most texts that are held at a time.
pub const TEXTS_MAX: usize = 48;
/// The most words that are held of one text.
const WORDS_MAX: usize = 20_000;
/// The most words that are held in all.
const ALL_WORDS_MAX: usize = 200_000;
/// The most words that are compared of one mail.
const COMPARED_MAX: usize = 60_000;
/// The most web addresses that are held of one text.
const LINKS_MAX: usize = 2_000;
/// How many words in a row find a place in a text.
const ROW: usize = 4;
/// How much words in a row have to weigh to say anything: four words, or eight characters of a script without spaces.
const WEIGHT_MIN: usize = 8;
/// How many words tell which text is quoted.
const PROBED: usize = 48;
/// How many places of the same words are tried.
const PLACES_MAX: usize = 8;

/// A word's hash, and its weight: 2, or 1 for a character of a script without spaces.
type Word = (u64, u8);

/// The texts of other mails that are here, and the signatures of their authors.
#[derive(Debug, Default)]
pub struct Held {
    texts: Vec<Text>,
    words: usize,
}

/// Which mail a text is of.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'m> {
    /// The same for copies of one text ([`crate::mime::text_hash`]).
    pub key: &'m str,
    /// The same for mails of one person.
    pub author: &'m str,
    /// Where it stands in time. Only what came before can be quoted: of two mails that say the same, one has to show it.
    pub order: (i64, i64, i64),
}

#[derive(Debug)]
struct Text {
    key: String,
    author: String,
    order: (i64, i64, i64),
    words: Vec<u64>,
    /// The web addresses in it and below it.
    links: HashSet<u64>,
    places: HashMap<u64, Vec<u32>>,
    signatures: Vec<u64>,
}

impl Held {
    /// Holds one more mail. Tells whether another can be held after it.
    pub fn add(&mut self, mail: Mail<'_>, readable: &Readable) -> bool {
        let lines = || readable.blocks.iter().flat_map(Block::lines);
        let below = readable.links.iter().flat_map(|link| addresses(link.target.as_str()));
        let links = below.chain(lines().flat_map(|line| addresses(line.as_str()))).take(LINKS_MAX).collect();
        let most = WORDS_MAX.min(ALL_WORDS_MAX.saturating_sub(self.words));
        let words: Vec<u64> = lines().flat_map(|line| words(line.as_str())).take(most).map(|word| word.0).collect();
        let mut places: HashMap<u64, Vec<u32>> = HashMap::new();
        for (at, row) in words.windows(ROW).enumerate() {
            places.entry(hash(row)).or_default().push(u32::try_from(at).unwrap_or(u32::MAX));
        }
        let signed = readable.blocks.iter().filter(|block| matches!(block, Block::Signature(_)));
        let signatures = signed.filter_map(|block| whole(block.lines().iter().map(|line| line.as_str()))).collect();
        self.words += words.len();
        let Mail { key, author, order } = mail;
        self.texts.push(Text {
            key: key.to_owned(),
            author: author.to_owned(),
            order,
            words,
            links,
            places,
            signatures,
        });
        self.texts.len() < TEXTS_MAX && self.words < ALL_WORDS_MAX
    }

    /// Returns what of it is held beside a mail: all but its own text.
    pub fn beside<'h>(&'h self, mail: Mail<'h>) -> Beside<'h> {
        Beside { held: self, mail, left: COMPARED_MAX * 8 }
    }
}

/// What is held beside a mail that is read.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'h> {
    held: &'h Held,
    mail: Mail<'h>,
    /// How many words may still be compared: a hostile mail costs no more than a long one.
    left: usize,
}

impl<'h> Beside<'h> {
    fn texts(&self) -> impl Iterator<Item = &'h Text> + use<'h> {
        let key = self.mail.key;
        self.held.texts.iter().filter(move |text| text.key != key)
    }

    /// Tells whether a mail is held that this one can quote.
    pub(super) fn holds_earlier(&self) -> bool {
        self.texts().any(|text| text.order < self.mail.order)
    }

    /// Tells whether lines are a signature that the same person put under another mail.
    pub(super) fn is_signature(&self, lines: &[&str]) -> bool {
        let theirs = || self.texts().filter(|text| text.author == self.mail.author && !text.author.is_empty());
        theirs().any(|text| !text.signatures.is_empty())
            && whole(lines.iter().copied()).is_some_and(|hash| theirs().any(|text| text.signatures.contains(&hash)))
    }

    /// Returns of each line whether it stands in the mail that the lines quote, `None` for lines without words; nothing at all where they
    /// quote none: that mail's words are to stand in the first of them, or to be half of all.
    pub(super) fn quoted(&mut self, lines: &[&str]) -> Option<Vec<Option<bool>>> {
        let mut all: Vec<Word> = Vec::new();
        let mut ends = Vec::with_capacity(lines.len());
        for line in lines {
            if all.len() < COMPARED_MAX {
                all.extend(words(line));
            }
            ends.push(all.len());
        }
        step(all.len() + 1);
        let text = self.source(&all)?;
        self.left = self.left.saturating_sub(all.len());
        let stands = text.holds(&all);
        let of = |from: usize, to: usize| stands.get(from..to).unwrap_or_default();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let found: Vec<Option<bool>> = starts
            .zip(&ends)
            .zip(lines)
            .map(|((from, to), line)| {
                // What is too long to be compared stands nowhere.
                let known = from < COMPARED_MAX && addresses(line).all(|link| text.links.contains(&link));
                (from < *to || !known).then(|| known && of(from, *to).iter().all(|stands| *stands))
            })
            .collect();
        let half = stands.iter().filter(|stands| **stands).count() * 2 >= stands.len();
        (found.iter().flatten().next() == Some(&true) || half).then_some(found)
    }

    /// Finds the text in which most of the first words stand.
    fn source(&mut self, all: &[Word]) -> Option<&'h Text> {
        let probe = all.get(..all.len().min(PROBED)).unwrap_or_default();
        let mut best: Option<(usize, &Text)> = None;
        let order = self.mail.order;
        for text in self.texts().filter(|text| text.order < order) {
            if self.left < all.len() + probe.len() {
                return None;
            }
            self.left -= probe.len();
            let found = text.holds(probe).into_iter().filter(|stands| *stands).count();
            if found > best.map_or(0, |(most, _)| most) {
                best = Some((found, text));
            }
        }
        best.map(|(_, text)| text)
    }
}

impl Text {
    /// Tells of each word whether it stands in this text, several in a row with it and all in one order.
    fn holds(&self, all: &[Word]) -> Vec<bool> {
        let mut stands = vec![false; all.len()];
        let (mut at, mut behind) = (0, 0);
        while let Some(rest) = all.get(at..).filter(|rest| rest.len() >= ROW) {
            match self.run(rest, behind) {
                Some((place, length)) => {
                    stands.iter_mut().skip(at).take(length).for_each(|stands| *stands = true);
                    (at, behind) = (at + length, place + length);
                }
                None => at += 1,
            }
        }
        stands
    }

    /// Finds where the front of `words` stands in this text, not before `behind`, and how many of them.
    fn run(&self, words: &[Word], behind: usize) -> Option<(usize, usize)> {
        let row: Vec<u64> = words.iter().take(ROW).map(|word| word.0).collect();
        let places = self.places.get(&hash(&row))?;
        let first = places.partition_point(|place| usize::try_from(*place).unwrap_or(usize::MAX) < behind);
        places.iter().skip(first).take(PLACES_MAX).find_map(|place| {
            let place = usize::try_from(*place).ok()?;
            let here = self.words.get(place..).unwrap_or_default();
            let length = here.iter().zip(words).take_while(|(here, word)| **here == word.0).count();
            step(length + 1);
            let weight: usize = words.iter().take(length).map(|word| usize::from(word.1)).sum();
            (weight >= WEIGHT_MIN).then_some((place, length))
        })
    }
}

fn hash<T: Hash + ?Sized>(of: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Returns a hash of all words of some lines; `None` where there are none.
fn whole<'t>(lines: impl Iterator<Item = &'t str>) -> Option<u64> {
    let all: Vec<u64> = lines.flat_map(words).map(|word| word.0).collect();
    (!all.is_empty()).then(|| hash(all.as_slice()))
}

/// Returns the words of a line.
fn words(line: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for word in line.split_whitespace() {
        let end = ["<mailto:", "<http:", "<https:", "[mailto:"].iter().filter_map(|mark| word.find(mark)).min();
        let word = word.get(..end.unwrap_or(word.len())).unwrap_or_default();
        let numbered =
            word.trim_end_matches([',', '.', ')', ';']).strip_prefix('[').and_then(|it| it.strip_suffix(']'));
        if word.contains("://") || numbered.is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit())) {
            continue;
        }
        split(word, &mut found);
    }
    found
}

/// Returns the web addresses that stand free in a line, as somebody writes them: clients put those of links between marks.
fn addresses(line: &str) -> impl Iterator<Item = u64> + '_ {
    let free = line.split_whitespace().filter(|word| word.starts_with("http://") || word.starts_with("https://"));
    free.map(|word| hash(word.trim_end_matches(['/', '.', ',', ';', ':', '!', '?', ')', '>', ']', '"', '\''])))
}

/// Takes a word apart at its marks, and one of a script without spaces into its characters.
fn split(word: &str, found: &mut Vec<Word>) {
    let mut run = String::new();
    for c in word.chars().chain([' ']) {
        let alone = is_picture(c) || is_unspaced(c) && c.is_alphanumeric();
        if c.is_alphanumeric() && !alone {
            run.extend(c.to_lowercase());
            continue;
        }
        if !run.is_empty() {
            found.push((hash(run.as_str()), 2));
            run.clear();
        }
        if alone {
            found.push((hash(&c), 1));
        }
    }
}

/// Tells whether a character is a picture that says something: a tick, a thumb.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}')
}

/// Tells whether a character is of a script that puts no spaces between words, so that lines break anywhere.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{a4cf}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffdf}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
