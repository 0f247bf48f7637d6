//! The order and the mirrored signs, held against the data that Unicode gives for that. Debian's package `unicode-data` has it; without it
//! these tests pass over it with a line.

use std::collections::BTreeMap;

use super::*;

/// Reads a file of Unicode's data: its lines without remarks.
fn data(name: &str) -> Option<Vec<String>> {
    let path = std::path::Path::new("/usr/share/unicode").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("{name} of the package unicode-data is not here: skipped");
        return None;
    };
    // Which signs have a mirror image changes with the version.
    if !text.lines().next().is_some_and(|first| first.contains("-15.0.")) {
        println!("{name} of the package unicode-data is not of Unicode 15.0: skipped");
        return None;
    }
    let bare = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    Some(text.lines().map(bare).filter(|line| !line.is_empty()).collect())
}

fn code_points(text: &str) -> Vec<char> {
    text.split_whitespace().map(|hex| char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap()).collect()
}

fn mirrors() -> Option<BTreeMap<char, char>> {
    let pairs = data("BidiMirroring.txt")?.into_iter().map(|line| {
        let (one, other) = line.split_once(';').unwrap();
        (code_points(one)[0], code_points(other)[0])
    });
    Some(pairs.collect())
}

/// Returns what we draw of a text from left to right, each letter with its place in the text; `None` where letters make one grapheme, or
/// where it is of several paragraphs, of which we lay out one at a time.
fn ours(letters: &[char], base: Option<Level>) -> Option<(Vec<(usize, String)>, bool)> {
    // Nor does safe text have what takes no place and directs nothing.
    let is_end = |c: &char| match bidi_class(*c) {
        BidiClass::B => true,
        BidiClass::BN => !is_direction_control(*c),
        _ => false,
    };
    let text: String = letters.iter().collect();
    if letters.iter().any(is_end) || text.graphemes(true).count() != letters.len() {
        return None;
    }
    let places: BTreeMap<usize, usize> = text.char_indices().enumerate().map(|(n, (at, _))| (at, n)).collect();
    let source = Source::of(&text);
    let paragraph = Paragraph::of(&source, base);
    let glyphs = paragraph.line(0..text.len());
    Some((glyphs.iter().map(|glyph| (places[&glyph.at], glyph.text.to_string())).collect(), paragraph.is_right()))
}

/// What Unicode says is drawn, without what takes no place.
fn theirs(letters: &[char], levels: &[&str], order: &[usize], mirrors: &BTreeMap<char, char>) -> Vec<(usize, String)> {
    let is_drawn = |at: &&usize| !is_direction_control(letters[**at]);
    let drawn = |at: &usize| {
        let is_turned = levels[*at].parse::<u8>().unwrap() % 2 == 1;
        let c = letters[*at];
        (*at, if is_turned { mirrors.get(&c).copied().unwrap_or(c) } else { c }.to_string())
    };
    order.iter().filter(is_drawn).map(drawn).collect()
}

fn base_of(direction: &str) -> Option<Level> {
    match direction {
        "0" => Some(Level::ltr()),
        "1" => Some(Level::rtl()),
        _ => None,
    }
}

#[test]
fn texts_stand_in_the_order_that_unicode_gives_them_and_with_their_brackets_turned() {
    let (Some(lines), Some(mirrors)) = (data("BidiCharacterTest.txt"), mirrors()) else { return };
    let mut tried = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(';').map(str::trim).collect();
        let [letters, direction, level, levels, order] = fields[..] else { panic!("{line}") };
        let letters = code_points(letters);
        let Some((drawn, right)) = ours(&letters, base_of(direction)) else { continue };
        let levels: Vec<&str> = levels.split_whitespace().collect();
        let order: Vec<usize> = order.split_whitespace().map(|at| at.parse().unwrap()).collect();
        assert_eq!(drawn, theirs(&letters, &levels, &order, &mirrors), "{line}");
        assert_eq!(right, level == "1", "{line}");
        tried += 1;
    }
    assert!(tried > 50_000, "only {tried} of them were tried");
}

/// A letter of each class.
const LETTERS: [(&str, char); 22] = [
    ("L", 'a'),
    ("R", '\u{5D0}'),
    ("AL", '\u{628}'),
    ("EN", '1'),
    ("ES", '+'),
    ("ET", '%'),
    ("AN", '\u{661}'),
    ("CS", ','),
    ("BN", '\u{1}'),
    ("S", '\t'),
    ("WS", ' '),
    ("ON", '!'),
    ("LRE", '\u{202A}'),
    ("RLE", '\u{202B}'),
    ("LRO", '\u{202D}'),
    ("RLO", '\u{202E}'),
    ("PDF", '\u{202C}'),
    ("LRI", '\u{2066}'),
    ("RLI", '\u{2067}'),
    ("FSI", '\u{2068}'),
    ("PDI", '\u{2069}'),
    ("NSM", '\u{300}'),
];

#[test]
fn classes_of_letters_stand_in_the_order_that_unicode_gives_them() {
    let Some(lines) = data("BidiTest.txt") else { return };
    let letters: BTreeMap<&str, char> = LETTERS.into_iter().collect();
    let (mut levels, mut order): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut tried = 0;
    for (n, line) in lines.into_iter().enumerate() {
        if let Some(given) = line.strip_prefix("@Levels:") {
            levels = given.split_whitespace().map(str::to_owned).collect();
            continue;
        }
        if let Some(given) = line.strip_prefix("@Reorder:") {
            order = given.split_whitespace().map(|at| at.parse().unwrap()).collect();
            continue;
        }
        // One in seven: there are half a million, and those next to each other are much alike.
        let Some((classes, directions)) = line.split_once(';').filter(|_| n % 7 == 0) else { continue };
        let text: Option<Vec<char>> = classes.split_whitespace().map(|class| letters.get(class).copied()).collect();
        // What removes itself from the order is none of what we draw.
        let Some(text) = text.filter(|text| !text.contains(&'\u{1}')) else { continue };
        let directions: u8 = directions.trim().parse().unwrap();
        let levels: Vec<&str> = levels.iter().map(String::as_str).collect();
        for (bit, base) in [(1, None), (2, Some(Level::ltr())), (4, Some(Level::rtl()))] {
            let Some((drawn, _)) = (directions & bit > 0).then(|| ours(&text, base)).flatten() else { continue };
            let drawn: Vec<usize> = drawn.into_iter().map(|(at, _)| at).collect();
            let wanted = theirs(&text, &levels, &order, &BTreeMap::new());
            assert_eq!(drawn, wanted.into_iter().map(|(at, _)| at).collect::<Vec<_>>(), "{line} from {bit}");
            tried += 1;
        }
    }
    assert!(tried > 50_000, "only {tried} of them were tried");
}

#[test]
fn every_sign_with_a_mirror_image_is_known() {
    let Some(mirrors) = mirrors() else { return };
    for (sign, twin) in mirrors {
        assert_eq!(mirrored(&sign.to_string()), twin.to_string(), "{sign}");
    }
}
