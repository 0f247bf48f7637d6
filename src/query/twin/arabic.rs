//! Arabic and Persian words without what is written onto them: conjunctions, prepositions and the article in front, plurals and pronouns
//! behind. After the light stemmers of Larkey and others (light10, 2007), but for these: no bare ta marbuta is taken off, so that a
//! library (`مكتبة`) is no office (`مكتب`); and a lone letter in front only where no common word has it as its first.
//!
//! All words are as [`super::super::fold_text`] folds them: one alef, one ya, no hamza alone, `ه` for ta marbuta.

use super::chars;

/// Adds what is left of a folded word, each beginning and end once.
pub(super) fn stems(word: &str, out: &mut Vec<String>) {
    let mut fronts = Vec::new();
    without_front(word, &mut fronts);
    for front in std::iter::once(word).chain(fronts.iter().map(String::as_str)) {
        if front != word {
            out.push(front.to_owned());
        }
        without_end(front, out);
        persian(front, out);
    }
}

/// Takes off a conjunction, a preposition and the article, in this order, each where it stands.
fn without_front(word: &str, out: &mut Vec<String>) {
    if WHOLE.contains(&word) {
        return;
    }
    let rooted = ROOTED.iter().any(|rooted| word.starts_with(rooted));
    for (lone, least) in [('و', 3), ('ف', 4)] {
        if let Some(rest) = word.strip_prefix(lone).filter(|rest| chars(rest) >= least) {
            if article(rest, out) {
                out.push(rest.to_owned());
            } else if !rooted && (lone == 'و' || preposition(rest, &mut Vec::new())) {
                out.push(rest.to_owned());
                preposition(rest, out);
            }
        }
    }
    if !article(word, out) {
        preposition(word, out);
    }
}

/// What can be written onto a word, `و` and `ف` alone and before a preposition.
pub(super) fn fronts() -> impl Iterator<Item = &'static str> {
    ["و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل"].into_iter()
}

/// Writes it onto the first word of a phrase: `ل` and `ال` make `لل`.
pub(super) fn fronted(front: &str, phrase: &str) -> String {
    match phrase.strip_prefix("ال").filter(|_| front.ends_with('ل')) {
        Some(rest) => format!("{front}ل{rest}"),
        None => format!("{front}{phrase}"),
    }
}

/// Takes off `ال`, `بال`, `كال`, `لل`. Tells whether one stood there.
fn article(word: &str, out: &mut Vec<String>) -> bool {
    if WHOLE.contains(&word) {
        return false;
    }
    for article in ["بال", "كال", "لل", "ال"] {
        if let Some(rest) =
            word.strip_prefix(article).filter(|rest| chars(rest) >= if article == "ال" { 2 } else { 3 })
        {
            out.push(rest.to_owned());
            return true;
        }
    }
    false
}

/// Takes off `ب`, `ل`, `ك`. Tells whether one stood there.
fn preposition(word: &str, out: &mut Vec<String>) -> bool {
    if ROOTED.iter().any(|rooted| word.starts_with(rooted)) || WHOLE.contains(&word) {
        return false;
    }
    for (letter, least) in [('ب', 3), ('ل', 3), ('ك', 4)] {
        if let Some(rest) = word.strip_prefix(letter).filter(|rest| chars(rest) >= least && !rest.starts_with("ال")) {
            out.push(rest.to_owned());
            return true;
        }
    }
    false
}

/// Takes off a pronoun, and a plural behind which it stood.
fn without_end(word: &str, out: &mut Vec<String>) {
    if ENDS_SO.contains(&word) {
        return;
    }
    let mut stem = word;
    for pronoun in ["ها", "هم", "هن", "كم", "نا", "ي", "ك"] {
        if let Some(rest) = word.strip_suffix(pronoun).filter(|rest| chars(rest) >= 3) {
            out.push(rest.to_owned());
            // `شركتنا` is of `شركة`.
            if let Some(front) = rest.strip_suffix('ت').filter(|front| chars(front) >= 3 && !front.ends_with('ا')) {
                out.push(format!("{front}ه"));
            }
            stem = rest;
            break;
        }
    }
    if let Some(rest) = stem.strip_suffix("ات").filter(|rest| chars(rest) >= 3) {
        out.push(rest.to_owned());
        out.push(format!("{rest}ه"));
        return;
    }
    for plural in ["ون", "ين"] {
        if let Some(rest) = stem.strip_suffix(plural).filter(|rest| chars(rest) >= 4) {
            out.push(rest.to_owned());
            return;
        }
    }
}

/// Takes off a Persian plural or comparison that is written onto its word, and `می` of a verb.
fn persian(word: &str, out: &mut Vec<String>) {
    for end in ["هايي", "هاي", "ها", "ترين"] {
        if let Some(rest) = word.strip_suffix(end).filter(|rest| chars(rest) >= 3) {
            out.push(rest.to_owned());
            return;
        }
    }
    for front in ["نمي", "مي"] {
        if let Some(rest) = word.strip_prefix(front)
            && chars(rest) >= 4
            && ["م", "يم", "يد", "ند", "د"].iter().any(|end| rest.ends_with(end))
        {
            out.push(rest.to_owned());
            out.push(front.to_owned());
            return;
        }
    }
}

/// Tells whether a Persian word goes with the next one, written with a space, a joiner or nothing between: `می خواهم`.
pub(super) fn joins_next(word: &str) -> bool {
    matches!(word, "مي" | "نمي")
}

/// Tells whether a Persian word goes with the one before: `کتاب ها`.
pub(super) fn joins_last(word: &str) -> bool {
    matches!(word, "ها" | "هاي" | "هايي" | "تر" | "ترين")
}

/// Words that begin like one with an article and have none.
const WHOLE: [&str; 22] = [
    "الله",
    "والله",
    "بالله",
    "الان",
    "الي",
    "الا",
    "التي",
    "الذي",
    "الذين",
    "الف",
    "اللي",
    "والا",
    "والد",
    "والدي",
    "والده",
    "والدك",
    "والدتي",
    "والدته",
    "والدين",
    "والدينا",
    "بالغ",
    "بالون",
];

/// Words that end as with a pronoun and have none.
const ENDS_SO: [&str; 14] = [
    "تركي",
    "محلي",
    "رسمي",
    "كرسي",
    "حسنا",
    "التركي",
    "المحلي",
    "الرسمي",
    "الكرسي",
    "هاتفي",
    "قانوني",
    "شباك",
    "اشتراك",
    "الاشتراك",
];

/// Beginnings of common words whose first letter is one of their own: what is left without it would be another word, or none.
#[rustfmt::skip]
const ROOTED: [&str; 102] = [
    // و
    "واحد", "وارد", "واضح", "واسع", "وثيق", "وثايق", "وحد", "وداع", "ورق", "وزار", "وزير", "وسط", "وسيل", "وسايل",
    "وصل", "وصول", "وضع", "وظيف", "وظايف", "وعد", "وفا", "وقت", "وقود", "وكال", "وكيل", "ولاي", "ولد", "وهم",
    // ف
    "فاتور", "فواتير", "فكر", "فتر", "فرص", "فرع", "فصل", "فضل", "فندق", "فنادق", "فريق", "فيلم", "فلسط", "فرنس", "فارغ", "فاصل",
    // ب
    "بطاق", "بضاع", "بضايع", "بداي", "بريد", "برنامج", "برامج", "بيان", "بلاد", "بلد", "بقر", "بحر", "بشر", "بدون",
    "بعيد", "بارد", "بنا", "بديل", "باقي", "باب", "بنك", "بنوك", "بيت", "بيوت", "بيع", "بسيط", "بنزين", "بسكو",
    // ل
    "لباس", "لسان", "لبنان", "لجن", "لغ", "لوح", "ليمون", "لحظ", "لون", "ليل", "لقا", "لديك", "لدي", "لازم",
    // ك
    "كتاب", "كامل", "كبير", "كلام", "كلم", "كريم", "كمال", "كهرب", "كمي", "كراسي", "كثير", "كامير", "كمبيوتر", "كرت", "كابل",
    "كاتب",
];
