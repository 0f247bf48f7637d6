//! Turkish nouns without their endings: plural, possession, case. Endings follow the vowel before them, so that few words of other kinds
//! lose anything; a stem keeps at least four letters, or three before an ending of three letters and more. What is taken off follows the
//! declension of nouns as grammars have it; the Snowball stemmer for Turkish takes more.
//!
//! A word is taken apart as far as it goes, also where its last letters only look like endings: what matters is that all forms of a noun
//! come to the same.

/// Tells whether a text is Turkish, by letters that other languages with Latin letters don't have or hardly.
pub(super) fn is_turkish(text: &str) -> bool {
    let (mut all, mut own, mut other) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        all += usize::from(c.is_alphabetic());
        own += usize::from(matches!(c, 'ş' | 'Ş' | 'ğ' | 'Ğ' | 'ı' | 'İ'));
        // Romanian in its old letters.
        other += usize::from(matches!(c, 'ţ' | 'Ţ' | 'ă' | 'Ă' | 'ț' | 'Ț'));
    }
    own > other && own.saturating_mul(100) >= all
}

/// Returns the stem of a word in small letters; the word where it has no ending.
pub(super) fn stem(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    // `kitabı` is of `kitap`.
    harden(&mut letters);
    for _ in 0..ROUNDS {
        let Some(keep) = without_end(&letters) else { break };
        letters.truncate(keep);
        harden(&mut letters);
    }
    letters.into_iter().collect()
}

/// No noun has more endings.
const ROUNDS: usize = 6;

fn harden(letters: &mut [char]) {
    if let Some(last) = letters.last_mut() {
        *last = match *last {
            'b' => 'p',
            'c' => 'ç',
            'd' => 't',
            'ğ' => 'k',
            other => other,
        };
    }
}

/// Returns how many letters stay without the longest ending.
fn without_end(letters: &[char]) -> Option<usize> {
    ENDINGS.iter().find_map(|(ending, behind)| {
        let len = ending.chars().count();
        let least = if len >= 3 { 3 } else { 4 };
        let keep = letters.len().checked_sub(len).filter(|keep| *keep >= least)?;
        let (stem, end) = letters.split_at_checked(keep)?;
        fits(stem, end, ending, *behind).then_some(keep)
    })
}

/// What an ending stands behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Vowel,
    Consonant,
    Either,
}

/// Whether the letters at the end are this ending, as its sounds follow from the stem: `A` is a or e, `I` is ı, i, u or ü, `D` is d or t.
fn fits(stem: &[char], end: &[char], ending: &str, behind: Behind) -> bool {
    let Some(vowel) = stem.iter().rev().find(|c| is_vowel(**c)).copied() else { return false };
    let last = if stem.last().is_some_and(|c| is_vowel(*c)) { Behind::Vowel } else { Behind::Consonant };
    if behind != Behind::Either && behind != last {
        return false;
    }
    let mut front = is_front(vowel);
    end.iter().zip(ending.chars()).all(|(have, want)| match want {
        'A' => agrees(*have, &['a', 'e'], &mut front),
        'I' => agrees(*have, &['ı', 'i', 'u', 'ü'], &mut front),
        'D' => matches!(have, 'd' | 't'),
        other => *have == other,
    })
}

/// Whether a vowel is one of these, and as far in front as the one before it.
fn agrees(have: char, of: &[char], front: &mut Option<bool>) -> bool {
    let own = is_front(have);
    let same = own.is_none() || front.is_none() || own == *front;
    *front = own.or(*front);
    of.contains(&have) && same
}

/// Whether it is said in front; unknown of those that keyboards without Turkish letters leave.
fn is_front(vowel: char) -> Option<bool> {
    match vowel {
        'a' | 'ı' | 'â' => Some(false),
        'e' | 'ü' | 'ö' => Some(true),
        // i, o and u may be typed for ı, ö and ü.
        _ => None,
    }
}

fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'ı' | 'i' | 'o' | 'ö' | 'u' | 'ü' | 'â' | 'î' | 'û')
}

/// The longest first.
const ENDINGS: [(&str, Behind); 22] = [
    ("ImIz", Behind::Consonant),
    ("InIz", Behind::Consonant),
    ("nDAn", Behind::Vowel),
    ("lAr", Behind::Either),
    ("DAn", Behind::Either),
    ("nDA", Behind::Vowel),
    ("mIz", Behind::Vowel),
    ("nIz", Behind::Vowel),
    ("nIn", Behind::Vowel),
    ("ylA", Behind::Vowel),
    ("yI", Behind::Vowel),
    ("yA", Behind::Vowel),
    ("sI", Behind::Vowel),
    ("nI", Behind::Vowel),
    ("nA", Behind::Vowel),
    ("DA", Behind::Either),
    ("lA", Behind::Either),
    ("Im", Behind::Consonant),
    ("In", Behind::Consonant),
    ("m", Behind::Vowel),
    ("A", Behind::Consonant),
    ("I", Behind::Consonant),
];
