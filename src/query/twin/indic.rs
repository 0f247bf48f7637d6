//! Devanagari and Gurmukhi as people write them without the dot below and with one sign for every nasal.

const NUKTA: [char; 2] = ['\u{93C}', '\u{A3C}'];
const VIRAMA: char = '\u{94D}';
const ANUSVARA: char = '\u{902}';
const CANDRABINDU: char = '\u{901}';

/// Returns a word, in NFKC, with the dots left out, candrabindu as anusvara, and a nasal before a letter of its own row as anusvara:
/// `हिन्दी` is `हिंदी`.
pub(super) fn plain(word: &str) -> String {
    let letters: Vec<char> = word.chars().filter(|c| !NUKTA.contains(c)).collect();
    let mut out = String::with_capacity(word.len());
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        let next = (letters.get(at + 1), letters.get(at + 2));
        match (c, next) {
            (CANDRABINDU, _) => out.push(ANUSVARA),
            (nasal, (Some(&VIRAMA), Some(&letter)))
                if !out.is_empty() && row(nasal).is_some_and(|row| row.contains(letter)) =>
            {
                out.push(ANUSVARA);
                at += 1;
            }
            _ => out.push(c),
        }
        at += 1;
    }
    out
}

/// The letters before which a nasal is the one of their row.
fn row(nasal: char) -> Option<&'static str> {
    Some(match nasal {
        'ङ' => "कखगघ",
        'ञ' => "चछजझ",
        'ण' => "टठडढ",
        'न' => "तथदध",
        'म' => "पफबभ",
        _ => return None,
    })
}
