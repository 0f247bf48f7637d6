//! Which language a mail is written in, for the dates and words of the answer. A guess is made where an answer begins, never while mail is
//! fetched; where it is not sure there is none, and the inbox's language counts.

use unicode_normalization::UnicodeNormalization as _;

use super::Parsed;
use super::header::{self, Headers};
use super::lines::slice;
use crate::model::language::Language;
use crate::model::message::Block;
use crate::model::text::is_direction_control;

/// So many letters tell; what stands behind them is not looked at.
const LETTERS_MAX: usize = 4_000;
/// Fewer letters than this tell nothing by words.
const LETTERS_MIN: usize = 12;

/// Returns the language of a mail: what its own text is written in, else what its header says.
///
/// The header comes second: programs write into it what they are set to, whatever their user writes.
pub fn language(parsed: &Parsed, raw: &[u8]) -> Option<Language> {
    let own = |block: &Block| match block {
        // Lines that are marked as somebody else's, though nothing says so above them, don't count either.
        Block::Text(lines) => {
            lines.iter().filter(|line| !line.as_str().starts_with('>')).map(|line| format!("{line}\n")).collect()
        }
        Block::Quote(_) | Block::Signature(_) => String::new(),
    };
    let text: String = parsed.readable.blocks.iter().map(own).collect();
    guess(&text).or_else(|| named(raw))
}

/// Returns the language that the header names (RFC 3282); of several none.
fn named(raw: &[u8]) -> Option<Language> {
    let (block, _) = header::block(raw);
    let headers = Headers::parse(slice(raw, block));
    let named = headers.text("content-language")?;
    if named.contains(',') { None } else { Language::of(&named) }
}

/// Guesses the language of a text by its script, and where several share one by letters and small words; `None` where that is not sure.
pub fn guess(text: &str) -> Option<Language> {
    // Letters whose marks stand behind them are put together: some programs write Vietnamese and Korean so.
    let drawn = text.nfc().filter(|c| !is_direction_control(*c)).take(LETTERS_MAX);
    let letters: Vec<char> = drawn.flat_map(char::to_lowercase).collect();
    let count = |is: &dyn Fn(char) -> bool| letters.iter().filter(|c| is(**c)).count();
    let all = count(&char::is_alphabetic);
    let within = |low: u32, high: u32| count(&|c: char| (low..=high).contains(&u32::from(c)) && c.is_alphabetic());
    let (arabic, hebrew) = (within(0x600, 0x6ff), within(0x590, 0x5ff));
    let (thai, hindi) = (within(0xe00, 0xe7f), within(0x900, 0x97f));
    let (kana, hangul, han) = (within(0x3040, 0x30ff), within(0xac00, 0xd7a3), within(0x4e00, 0x9fff));
    let cyrillic = within(0x400, 0x4ff);
    // Names, products and addresses stand in Latin letters anywhere: other scripts win with a third.
    let leads = |found: usize| found >= 2 && found * 3 >= all;
    if leads(kana) || kana >= 2 && leads(kana + han) {
        Some(Language::Ja)
    } else if leads(hangul) {
        Some(Language::Ko)
    } else if leads(han) {
        chinese(&letters)
    } else if leads(thai) {
        Some(Language::Th)
    } else if leads(hebrew) {
        Some(Language::He)
    } else if leads(hindi) {
        Some(Language::Hi)
    } else if leads(arabic) {
        arabic_script(&letters)
    } else if leads(cyrillic) {
        cyrillic_script(&letters)
    } else if all >= LETTERS_MIN {
        latin(&letters.iter().collect::<String>())
    } else {
        None
    }
}

/// Characters of everyday Chinese that one of the two writings has and the other has not, pair by pair.
const SIMPLIFIED: &str = "这们个来时说国会对发为问没还过样从现进经实两头长开间关东动书见车话请谢订单货钱买卖电钟点红后听写给让应该网页账户认证邮费热线员无";
const TRADITIONAL: &str = "這們個來時說國會對發為問沒還過樣從現進經實兩頭長開間關東動書見車話請謝訂單貨錢買賣電鐘點紅後聽寫給讓應該網頁賬戶認證郵費熱線員無";

fn chinese(letters: &[char]) -> Option<Language> {
    let of = |set: &str, other: &str| letters.iter().filter(|c| set.contains(**c) && !other.contains(**c)).count();
    let (simplified, traditional) = (of(SIMPLIFIED, TRADITIONAL), of(TRADITIONAL, SIMPLIFIED));
    match simplified.cmp(&traditional) {
        std::cmp::Ordering::Less => Some(Language::ZhHant),
        std::cmp::Ordering::Greater => Some(Language::ZhHans),
        // What both have alike is more often written in the one that more people write.
        std::cmp::Ordering::Equal => Some(Language::ZhHans),
    }
}

/// Arabic or Persian; Urdu, Pashto, Kurdish and Uyghur, which have letters of their own, are neither.
fn arabic_script(letters: &[char]) -> Option<Language> {
    let has = |set: &str| letters.iter().filter(|c| set.contains(**c)).count();
    if has("ٹڈڑںےۓھەۆێڵڕۇۈېټډړښځڅ") > 0 {
        return None;
    }
    let persian = has("پچژگکی");
    let arabic = has("كيىةأإئؤ");
    match () {
        () if persian > arabic => Some(Language::Fa),
        () => Some(Language::Ar),
    }
}

/// Russian; a language with letters or words that Russian has not is another.
fn cyrillic_script(letters: &[char]) -> Option<Language> {
    let has = |set: &str| letters.iter().any(|c| set.contains(*c));
    if has("іїєґўјљњћђџѓќѕәғқңөұүһҷӣӯ") {
        return None;
    }
    // Bulgarian and Macedonian have neither letter.
    has("ыэё").then_some(Language::Ru)
}

/// Small words that a language can't do without, and letters that hint at it.
const LATIN: [(Language, &str, &str); 10] = [
    (
        Language::De,
        "der die das und ist ich nicht sie mit für auf ein eine den dem wir haben bitte wurde auch noch aber meine bei zu von im habe kann guten hallo",
        "ßäöü",
    ),
    (
        Language::En,
        "the and is to of you my for have please with your not this that it are was can we hello hi thanks but when from has been would i on our could still",
        "",
    ),
    (
        Language::Es,
        "el la los las de que y en un una por para con mi su es no hola gracias pero cuando pedido buenos está como del al lo se ha han muy",
        "ñ¿¡",
    ),
    (
        Language::Fr,
        "le la les de des et est je vous nous que pour dans un une mon ma pas avec bonjour merci mais sur ce cette ai qui du au votre suis été ne j'ai n'ai",
        "çœêèù",
    ),
    (
        Language::It,
        "il lo la gli le di che e è un una per con non mi sono del della buongiorno grazie ma ho questo alla nel vostro ordine ancora ciao come più salve",
        "òìù",
    ),
    (
        Language::Nl,
        "de het een en van ik is niet dat op te voor met mijn zijn aan er maar ook bij u we hallo bedankt heb nog wat kan naar uw deze graag goedemorgen",
        "",
    ),
    (
        Language::Pl,
        "i w na z się nie to jest do że o jak za po mi proszę czy dzień dobry ale moje od mam dla przez już co być państwa dziękuję jeszcze moja mojego",
        "łąęśżźćń",
    ),
    (
        Language::Pt,
        "o a os as de que e em um uma para com não meu minha por é do da no na obrigado obrigada olá mas você está pedido ainda bom dia foi ao são seu",
        "ãõ",
    ),
    (
        Language::Tr,
        "ve bir bu için ile de da ne var mı mi çok ama merhaba lütfen teşekkürler sipariş değil benim olarak daha gibi kadar ben siz bana size hala henüz nasıl iyi günler",
        "ğışİ",
    ),
    (
        Language::Vi,
        "và của tôi không là có cho được với này một các trong khi đã xin chào cảm ơn bạn đơn hàng nhưng tại anh chị đến chưa thể nào",
        "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    ),
];

/// A language of Latin letters is told by its small words: a tenth of all words and clearly more than any other's. Letters of its own count as
/// half a word.
fn latin(text: &str) -> Option<Language> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphabetic() && c != '\'').filter(|word| !word.is_empty()).collect();
    let mut scores: Vec<(usize, Language)> = LATIN
        .iter()
        .map(|(language, small, letters)| {
            // Letters that stand alone are words in half of these languages, and lists and sums everywhere.
            let is_known = |word: &str| word.len() > 1 && small.split(' ').any(|small| small == word);
            let known = words.iter().filter(|word| is_known(word)).count();
            let own = text.chars().filter(|c| letters.contains(*c)).count().min(words.len());
            (known * 2 + own, *language)
        })
        .collect();
    scores.sort_by(|a, b| b.cmp(a));
    let [(best, language), (second, _), ..] = scores.as_slice() else { return None };
    let enough = *best >= 4 && best * 5 >= words.len() && best * 3 >= second * 4;
    enough.then_some(*language)
}

#[cfg(test)]
#[path = "tongue_tests.rs"]
mod tests;
