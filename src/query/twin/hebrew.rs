//! Hebrew words without the letters that are written onto them: `ו`, `ש`, `כש`, `ב`, `כ`, `ל`, `מ`, `ה`.

use super::chars;

/// What can be written onto a word without changing it.
pub(super) const FRONTS: [&str; 13] = ["ו", "ש", "ב", "כ", "ל", "מ", "כש", "וש", "וב", "ול", "ומ", "שב", "של"];

/// Adds what is left of a folded word, without each letter in front in turn.
pub(super) fn stems(word: &str, out: &mut Vec<String>) {
    let mut rest = word;
    // In this order and each once: `וכשמהאתר`.
    for step in [&["ו"][..], &["כש", "ש"], &["ב", "כ", "ל", "מ"], &["ה"]] {
        if is_rooted(rest) {
            return;
        }
        for letters in step {
            if let Some(left) = rest.strip_prefix(letters).filter(|left| chars(left) >= least(letters, left)) {
                out.push(left.to_owned());
                rest = left;
                break;
            }
        }
    }
}

/// How many letters are left at least. So many nouns begin with `מ`, and enough with `ש`, that a short rest is none of a word.
fn least(letters: &str, left: &str) -> usize {
    match letters {
        // `מה`, `שה`, `כשה`: the article tells.
        "מ" | "ש" | "כש" if left.starts_with('ה') => 4,
        "מ" => 5,
        "ש" => 4,
        _ => 3,
    }
}

/// Words whose first letter is their own, in all their forms.
fn is_rooted(word: &str) -> bool {
    ROOTED.iter().any(|rooted| word.starts_with(rooted)) || WHOLE.contains(&word)
}

/// Whole words likewise.
const WHOLE: [&str; 21] = [
    "הבנה",
    "הנחה",
    "הרבה",
    "הכנה",
    "הקלה",
    "הורה",
    "הזמן",
    "בקשה",
    "ברכה",
    "בחור",
    "בעלים",
    "כדור",
    "כמות",
    "כניסה",
    "לבנה",
    "לבנים",
    "הודו",
    "לילה",
    "לבן",
    "לחם",
    "לוח",
];

/// Beginnings of common words.
#[rustfmt::skip]
const ROOTED: [&str; 47] = [
    "מספר", "מכתב", "מחיר", "משלוח", "מוצר", "מערכ", "מנהל", "מחשב", "מכונ", "מדינ", "מקום", "מטבע", "משרד", "מסמך", "מסמכ",
    "מידע", "מבצע", "מחלק", "מחסן", "מספיק", "מכירה", "מכירו", "מלאי", "ממשל",
    "הפסק", "השכר", "הודע", "הזמנ", "החלט", "החזר", "הסבר", "הוצא", "הפעל",
    "שאלה", "שאלו", "שלום", "שירות", "שחור", "שולח",
    "בקשות", "בדיק", "ביטול", "בעיה", "בעיו", "כתוב", "כרטיס", "לקוח",
];
