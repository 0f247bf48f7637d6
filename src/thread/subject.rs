//! Base subjects: what is left of a subject once the marks of answering and forwarding are taken off.

use unicode_normalization::UnicodeNormalization;

/// The most characters of a subject that are looked at.
const SUBJECT_MAX: usize = 2000;

/// Reply and forward prefixes, as mail programs of other languages than English write them, folded. Sources: RFC 5256 section 2.1 and
/// the prefixes that Outlook, Lotus Notes and webmail put there by language.
const PREFIXES: &[&str] = &[
    "re",
    "fw",
    "fwd", // English, and RFC 5256
    "aw",
    "antwort",
    "wg", // German
    "sv",
    "vs",
    "vb",
    "vl",
    "vid", // Scandinavian, Finnish
    "antw",
    "betr",
    "doorst", // Dutch
    "rv",
    "res",
    "enc",
    "fs", // Spanish, Portuguese, Icelandic
    "ré",
    "tr", // French
    "rif",
    "r",
    "i", // Italian
    "odp",
    "pd",
    "yb", // Polish, Tagalog
    "ynt",
    "yan",
    "ilt",
    "i\u{307}lt",
    "cvp", // Turkish
    "vá",
    "továbbítás",
    "tov", // Hungarian
    "atb",
    "bls",
    "trs",
    "ats",
    "pers",
    "nyt", // Welsh, Indonesian, Latvian, Lithuanian
    "απ",
    "σχετ",
    "πρθ", // Greek
    "ответ",
    "отв",
    "на",
    "ha",
    "пересл",
    "пер",
    "відп",
    "перес", // Russian, Ukrainian
    "回复",
    "回覆",
    "答复",
    "答覆",
    "转发",
    "轉寄",
    "轉發", // Chinese
    "返信",
    "転送", // Japanese
    "답장",
    "회신",
    "전달", // Korean
    "رد",
    "الرد",
    "إعادة توجيه",
    "تحويل", // Arabic
    "پاسخ",
    "ارسال مجدد",
    "باز ارسال",
    "فوروارد", // Persian
    "תגובה",
    "השב",
    "הועבר",
    "רה",
    "רֶה", // Hebrew
    "ตอบกลับ",
    "ตอบ",
    "ส่งต่อ", // Thai
    "ຕອບກັບ",
    "ສົ່ງຕໍ່", // Lao
    "ឆ្លើយតប",
    "បញ្ជូនបន្ត", // Khmer
    "trả lời",
    "tl",
    "chuyển tiếp",
    "ct", // Vietnamese
    "उत्तर",
    "अग्रेषित", // Hindi
];

/// Returns the base subject (RFC 5256 section 2.1, with the prefixes that other languages use), folded to lower case, and whether a
/// reply or forward prefix stood before it.
///
/// Empty where nothing but prefixes is there. `[list]` marks in front are taken off, unless nothing would be left.
pub fn base_subject(subject: &str) -> (String, bool) {
    let folded = fold(subject);
    let mut rest = folded.as_str();
    let mut reply = false;
    loop {
        let before = rest;
        rest = rest.trim();
        if let Some(cut) = rest.strip_suffix("(fwd)") {
            (rest, reply) = (cut, true);
        }
        if let Some(inner) = rest.strip_prefix("[fwd:").and_then(|r| r.strip_suffix(']')) {
            (rest, reply) = (inner, true);
        }
        if let Some(cut) = without_prefix(rest) {
            (rest, reply) = (cut, true);
        } else if let Some(cut) = without_blob(rest)
            && !cut.is_empty()
        {
            rest = cut;
        }
        if rest == before {
            return (rest.to_owned(), reply);
        }
    }
}

/// NFKC, lower case, and single spaces.
fn fold(subject: &str) -> String {
    let mut out = String::with_capacity(subject.len().min(SUBJECT_MAX));
    let kept = subject.chars().take(SUBJECT_MAX).filter(|c| !crate::model::text::is_direction_control(*c));
    for c in kept.nfkc().take(SUBJECT_MAX) {
        if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// Takes off `re:`, `re[2]:`, `re (3) :`, `re^2:`, and marks in front such as `[list] re:`.
fn without_prefix(text: &str) -> Option<&str> {
    let mut start = text;
    while let Some(rest) = without_blob(start) {
        start = rest;
    }
    // No prefix is longer; a colon further on belongs to the subject.
    let colon = start.char_indices().take(40).find(|(_, c)| *c == ':').map(|(at, _)| at)?;
    let (word, after) = start.split_at_checked(colon)?;
    let after = after.strip_prefix(':')?;
    let word = without_count(word.trim_end());
    PREFIXES.contains(&word).then(|| after.trim_start())
}

fn without_count(word: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    for (open, close) in [('[', "]"), ('(', ")"), ('^', ""), ('*', "")] {
        if let Some((name, count)) = word.split_once(open)
            && count.strip_suffix(close).is_some_and(digits)
        {
            return name.trim_end();
        }
    }
    // `Re [list]:`, which RFC 5256 allows.
    match word.split_once('[') {
        Some((name, rest)) if rest.find(']') == Some(rest.len().saturating_sub(1)) => name.trim_end(),
        _ => word,
    }
}

/// Takes off one `[…]` in front.
fn without_blob(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('[')?;
    let (blob, rest) = inner.split_once(']')?;
    (!blob.contains('[')).then(|| rest.trim_start())
}
