//! Text as search sees it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// The version of [`fold_text`]. The store keeps it beside its index and indexes anew where it differs.
pub const FOLD_VERSION: u32 = 1;

/// Folds text for search, both when it is indexed and when it is looked for: case, width, diacritics, Arabic letter forms, Turkish i.
/// Replaceable as a whole: the store indexes what this returns and asks for what [`fold_wanted`] returns.
///
/// The result holds letters, digits and single spaces only, so a tokeniser that splits at spaces reads it right:
/// - Letters are lower case (`ß` is `ss`), in their plain form (NFKC; fullwidth and halfwidth are one).
/// - Latin, Greek and Cyrillic lose their accents (`é` is `e`, `ё` is `е`, `ø` is `o`), but `й`, `ї` and `ў` are letters of their own
///   and stay.
/// - Arabic and Hebrew lose points and tatweel; alef, hamza, ya and ta marbuta have one form each, Persian kaf and ya the Arabic one.
/// - Digits of all scripts are `0` to `9`.
/// - Scripts without spaces between words, and Hangul, become overlapping pairs of letters with the last letter behind them: `東京都` is
///   `東京 京都 都`. So any part of a run is found as a phrase, and a single letter as the beginning of a pair.
/// - Vowel signs of Indic and South-East Asian scripts are kept, as private-use characters, because tokenisers split words at them.
pub fn fold_text(text: &str) -> String {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut folder = Folder::with_capacity(text.len());
    text.nfkc().for_each(|c| folder.push(c));
    folder.finish()
}

/// Folds text as [`Folder`] does. Nearly all text of nearly all mail is ASCII: word by word instead of letter by letter spares 2 % of the
/// processor time of a first sync (27,500 mails, 10.0 to 9.8 s, three runs each in turn).
fn fold_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out.make_ascii_lowercase();
    out
}

/// Folds text that is looked for, as a phrase of [`fold_text`]; the second value tells whether its last word is only a beginning. A single
/// letter of a script without spaces always is, because the index holds it in front of others.
pub fn fold_wanted(text: &str) -> (String, bool) {
    let folded = fold_text(text);
    let Some(last) = folded.rsplit(' ').next().filter(|last| is_one_of_a_run(last)) else {
        return (folded, false);
    };
    let rest = folded.strip_suffix(last).unwrap_or_default().trim_end();
    let before = rest.rsplit(' ').next().unwrap_or_default();
    // The letter behind the last pair is the end of the run in the index; in what is wanted the run may go on.
    if before.chars().count() == 2 && before.chars().all(is_of_a_run) && before.ends_with(last) {
        (rest.to_owned(), false)
    } else {
        (folded, true)
    }
}

fn is_one_of_a_run(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(is_of_a_run) && letters.next().is_none()
}

struct Folder {
    out: String,
    /// The last letter of a run of a script without spaces.
    run: Option<char>,
    /// Whether the run is longer than one letter.
    paired: bool,
    /// The last letter written, for the marks behind it.
    base: char,
}

impl Folder {
    fn with_capacity(bytes: usize) -> Self {
        Self { out: String::with_capacity(bytes), run: None, paired: false, base: ' ' }
    }

    /// Takes one character of NFKC.
    fn push(&mut self, c: char) {
        if c.is_ascii() {
            return self.plain(c.to_ascii_lowercase());
        }
        if is_ignored(c) || self.drops(c) {
            return;
        }
        for upper in c.to_uppercase() {
            for lower in upper.to_lowercase() {
                self.letter(lower);
            }
        }
    }

    /// Takes one letter in lower case, perhaps with an accent.
    fn letter(&mut self, c: char) {
        if matches!(c, 'й' | 'ї' | 'ў') {
            return self.plain(c);
        }
        if let Some(folded) = special(c) {
            return folded.chars().for_each(|c| self.plain(c));
        }
        if let Some(digit) = digit(c) {
            return self.plain(digit);
        }
        let mut base = c;
        let mut first = true;
        decompose_canonical(c, |part| {
            if std::mem::take(&mut first) {
                base = part;
            }
        });
        if base != c && drops_marks(base) {
            // One accent less may leave a letter with a form of its own, such as `ǿ`.
            return match special(base) {
                Some(folded) => folded.chars().for_each(|c| self.plain(c)),
                None => self.plain(base),
            };
        }
        if !self.drops(c) {
            self.plain(sign(c));
        }
    }

    /// Tells whether `c` is an accent or point that search leaves out. The vowel signs of U+0900 to U+1AAF never are.
    fn drops(&self, c: char) -> bool {
        is_combining_mark(c) && !('\u{900}'..='\u{1AAF}').contains(&c) && drops_marks(self.base)
    }

    /// Takes one character as it will stand in the index; what is no letter or digit ends the word.
    fn plain(&mut self, c: char) {
        if is_of_a_run(c) {
            match self.run {
                Some(before) => {
                    self.space();
                    self.out.push(before);
                    self.out.push(c);
                    self.paired = true;
                }
                None => self.paired = false,
            }
            self.run = Some(c);
            self.base = c;
            return;
        }
        self.end_run();
        if c.is_alphanumeric() || is_private(c) || is_combining_mark(c) {
            self.out.push(c);
            self.base = c;
        } else {
            self.space();
            self.base = ' ';
        }
    }

    fn end_run(&mut self) {
        if let Some(last) = self.run.take() {
            self.space();
            self.out.push(last);
            self.out.push(' ');
        }
    }

    fn space(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
        }
    }

    fn finish(mut self) -> String {
        self.end_run();
        self.out.truncate(self.out.trim_end().len());
        self.out
    }
}

/// What is written or not without a difference in meaning: soft hyphen, joiners, direction marks, tatweel, hamza alone.
fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}'
        | '\u{640}' | '\u{621}')
}

/// Scripts whose combining marks are left out by people who search.
fn drops_marks(base: char) -> bool {
    matches!(base, ' '..='\u{52F}' | '\u{590}'..='\u{8FF}' | '\u{1C80}'..='\u{1C8F}' | '\u{1D00}'..='\u{1FFF}'
        | '\u{2C60}'..='\u{2C7F}' | '\u{A640}'..='\u{A69F}' | '\u{A720}'..='\u{A7FF}')
}

/// Letters with a plain form that no decomposition gives.
fn special(c: char) -> Option<&'static str> {
    Some(match c {
        'ı' => "i",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' => "d",
        'ħ' => "h",
        'ł' => "l",
        'ŧ' => "t",
        'þ' => "th",
        'æ' => "ae",
        'œ' => "oe",
        'ə' => "e",
        'ё' => "е",
        'ѐ' => "е",
        'ґ' => "г",
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' => "ا",
        'ؤ' => "و",
        'ئ' | 'ى' | 'ی' | 'ے' | 'ۍ' => "ي",
        'ة' | 'ۀ' | 'ہ' | 'ۂ' | 'ۃ' | 'ە' | 'ھ' => "ه",
        'ک' | 'ڪ' => "ك",
        _ => return None,
    })
}

/// The first digit of each decimal row that NFKC leaves alone.
const ZEROS: [char; 21] =
    ['٠', '۰', '߀', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '෦', '๐', '໐', '༠', '၀', '႐', '០', '᠐', '᧐'];

/// Returns a decimal digit of another script as one of `0` to `9`.
pub(super) fn digit(c: char) -> Option<char> {
    let row = ZEROS.iter().find(|zero| (0..10).contains(&(i64::from(u32::from(c)) - i64::from(u32::from(**zero)))))?;
    char::from_digit(u32::from(c) - u32::from(*row), 10)
}

/// Puts a vowel sign where tokenisers take it for a letter: U+0900 to U+1FFF move to U+E000 and on.
fn sign(c: char) -> char {
    if is_combining_mark(c) && ('\u{900}'..='\u{1FFF}').contains(&c) {
        return char::from_u32(u32::from(c) - 0x900 + 0xE000).unwrap_or(c);
    }
    c
}

fn is_private(c: char) -> bool {
    ('\u{E000}'..='\u{F8FF}').contains(&c)
}

/// Scripts that put no spaces between words, their vowel signs moved by [`sign`], and Hangul, whose words carry endings.
pub(super) fn is_of_a_run(c: char) -> bool {
    let back = if is_private(c) { char::from_u32(u32::from(c) - 0xE000 + 0x900).unwrap_or(c) } else { c };
    matches!(back,
        '\u{E01}'..='\u{E4E}' | '\u{E81}'..='\u{ECD}' | '\u{EDC}'..='\u{EDF}' // Thai, Lao
        | '\u{1000}'..='\u{103F}' | '\u{1050}'..='\u{108F}' | '\u{109A}'..='\u{109D}' // Myanmar
        | '\u{1780}'..='\u{17D3}' | '\u{17DC}' | '\u{17DD}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}' | '\u{303B}'
        | '\u{3041}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}' | '\u{3105}'..='\u{312F}'
        | '\u{31A0}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' // kana, bopomofo
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' // Han
        | '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}') // Hangul
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
