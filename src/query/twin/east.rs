//! Chinese in simplified and traditional letters, Japanese in hiragana and katakana. Nothing of it is indexed: what is looked for is, in
//! both ways of writing, because a mail keeps to one.

/// So many ways of writing one word are looked for at most.
const FORMS_MAX: usize = 16;

/// Letters of one meaning: the simplified one first, the traditional ones behind it.
const HAN: &str = include_str!("han.txt");

/// Adds the other ways of writing a word, the commonest first.
pub(super) fn forms(word: &str, out: &mut Vec<String>) {
    if word.chars().any(is_kana) {
        out.push(word.chars().map(hiragana).collect());
        out.push(word.chars().map(katakana).collect());
    } else if word.chars().any(is_han) {
        han(word, out);
    }
}

/// Returns a run of letters of these scripts parted at each place: `田中太郎` may stand as `田中 太郎`, in a name.
pub(super) fn parted(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    // Names are short, and nobody writes two words of one letter.
    if !(3..=8).contains(&letters.len()) || !letters.iter().all(|c| is_han(*c) || is_kana(*c) || is_hangul(*c)) {
        return Vec::new();
    }
    (1..letters.len())
        .map(|at| {
            let (front, behind) = letters.split_at(at);
            front.iter().chain(&[' ']).chain(behind).collect()
        })
        .collect()
}

fn han(word: &str, out: &mut Vec<String>) {
    let groups: Vec<(char, Vec<char>)> = word.chars().map(|c| (c, group(c))).collect();
    out.push(groups.iter().map(|(c, group)| group.first().copied().unwrap_or(*c)).collect());
    let mut forms = vec![String::new()];
    for (c, group) in &groups {
        let (simplified, traditional) = group.split_first().map_or((*c, &[][..]), |(first, rest)| (*first, rest));
        // A letter that is simplified may be a traditional one of another meaning: `面`.
        let choices: Vec<char> = traditional.iter().copied().chain([simplified]).collect();
        let mut next = Vec::new();
        for choice in &choices {
            next.extend(forms.iter().map(|form| format!("{form}{choice}")));
        }
        next.truncate(FORMS_MAX);
        forms = next;
    }
    out.append(&mut forms);
}

/// Returns the letters that stand for one another with this one, the simplified one first.
fn group(c: char) -> Vec<char> {
    let lines = HAN.lines().filter(|line| !line.starts_with('#'));
    let groups = lines.flat_map(|line| line.split(' ')).filter(|group| group.contains(c));
    // A letter that is simplified from others is looked up as that first.
    let all: Vec<&str> = groups.collect();
    let own = all.iter().find(|group| group.starts_with(c)).or(all.first());
    own.map_or_else(|| vec![c], |group| group.chars().filter(|c| *c != '=').collect())
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}' | '々')
}

fn is_hangul(c: char) -> bool {
    ('\u{AC00}'..='\u{D7A3}').contains(&c)
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | 'ー')
}

fn hiragana(c: char) -> char {
    if ('\u{30A1}'..='\u{30F6}').contains(&c) { moved(c, -0x60) } else { c }
}

fn katakana(c: char) -> char {
    if ('\u{3041}'..='\u{3096}').contains(&c) { moved(c, 0x60) } else { c }
}

fn moved(c: char, by: i32) -> char {
    u32::from(c).checked_add_signed(by).and_then(char::from_u32).unwrap_or(c)
}
