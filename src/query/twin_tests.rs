use super::*;
use crate::query::words::{Wanted, holds_words};
use proptest::prelude::*;

/// Whether a word without quotes is found in a text.
fn finds(wanted: &str, text: &str) -> bool {
    found(wanted, text, false)
}

fn found(wanted: &str, text: &str, exact: bool) -> bool {
    let indexed = indexed_text(text, false);
    match Wanted::of(wanted, false, exact) {
        Wanted::Words(all) => all.iter().any(|s| !s.people && holds_words(&indexed, &s.folded, s.begins)),
        Wanted::Signs { picture, .. } => picture.is_some_and(|name| holds_words(&indexed, &name, false)),
    }
}

/// What is looked for, and texts that it stands in, in another form.
#[rustfmt::skip]
const FOUND: &[(&str, &[&str])] = &[
    // Arabic: conjunctions, prepositions, the article, and their chains.
    ("طلب", &["للطلب", "والطلبات", "الطلب", "بالطلب", "كالطلب", "فالطلب", "وللطلب", "طلبي", "طلبك", "طلباتكم", "وطلب", "بطلب"]),
    ("الطلب", &["طلب", "للطلب", "والطلب", "طلبنا"]),
    ("موظف", &["الموظف", "للموظف", "والموظفين", "موظفون", "بالموظف"]),
    ("طلبات", &["والطلبات", "للطلبات", "طلباتي"]),
    ("شركة", &["شركات", "الشركات", "شركتنا", "وشركتكم", "للشركة"]),
    ("دراجة", &["الدراجة", "دراجتي", "والدراجات", "بدراجتك"]),
    ("فاتورة", &["الفاتورة", "والفاتورة", "بالفاتورة", "فاتورتي"]),
    ("مدرسة", &["المدرسة", "مدرستنا"]),
    ("كتاب", &["الكتاب", "وكتاب", "كتابها", "للكتاب", "بالكتاب"]),
    // Hebrew: the letters in front, and what stands for a word that is cut.
    ("אתר", &["האתר", "באתר", "לאתר", "והאתר", "שהאתר", "מהאתר", "כשהאתר", "ושבאתר"]),
    ("חשבונית", &["החשבונית", "בחשבונית", "וחשבונית", "לחשבונית", "שהחשבונית"]),
    ("ירושלים", &["בירושלים", "לירושלים", "מירושלים", "שבירושלים"]),
    ("אופניים", &["האופניים", "והאופניים", "לאופניים", "כאופניים"]),
    ("צהל", &["צה\"ל", "צה״ל", "בצה\"ל"]),
    ("צה\"ל", &["צה״ל", "צהל", "וצה\"ל"]),
    ("דוח", &["דו\"ח", "הדו״ח"]),
    // Persian: with a joiner, a space, nothing.
    ("میخواهم", &["می‌خواهم", "می خواهم", "ميخواهم"]),
    ("خواهم", &["می‌خواهم", "میخواهم"]),
    ("نمی‌شود", &["نمی شود", "نمیشود"]),
    ("کتاب", &["کتاب‌ها", "کتابها", "کتاب ها", "کتاب‌های"]),
    ("کتابها", &["کتاب‌ها", "کتاب ها", "کتاب"]),
    ("دوچرخه", &["دوچرخه‌ها", "دوچرخه‌ای"]),
    // German and Nordic: two letters for one.
    ("Groesse", &["Größe", "Grösse"]),
    ("Größe", &["Groesse", "GRÖSSE", "grosse"]),
    ("Aalesund", &["Ålesund"]),
    ("Ålesund", &["Aalesund", "Alesund"]),
    ("Duesseldorf", &["Düsseldorf"]),
    ("Koebenhavn", &["København"]),
    ("Aerger", &["Ärger"]),
    ("Straße", &["Strasse", "STRASSE"]),
    ("Rueckfrage", &["Rückfrage"]),
    // Hindi: the dot below, candrabindu, nasals.
    ("जरूरी", &["ज़रूरी", "ज\u{93C}रूरी"]),
    ("ज़रूरी", &["जरूरी"]),
    ("बताएं", &["बताएँ"]),
    ("बताएँ", &["बताएं"]),
    ("हिंदी", &["हिन्दी"]),
    ("हिन्दी", &["हिंदी"]),
    ("नंबर", &["नम्बर"]),
    ("फोन", &["फ़ोन"]),
    // Chinese, both ways.
    ("订单", &["我的訂單號碼", "订单"]),
    ("訂單", &["订单", "請查訂單"]),
    ("台灣", &["臺灣", "台湾", "台灣"]),
    ("头发", &["頭髮"]),
    ("里面", &["裡面"]),
    ("发票", &["發票"]),
    ("后面", &["後面"]),
    // Japanese, both ways.
    ("さぽーと", &["サポート", "ｻﾎﾟｰﾄ"]),
    ("サポート", &["さぽーと"]),
    ("じてんしゃ", &["ジテンシャ"]),
    ("りんご", &["リンゴジュース"]),
    // Pictures.
    ("🇩🇪", &["nach 🇩🇪 bitte"]),
    ("👍", &["ok 👍🏽"]),
    ("👨‍👩‍👧‍👦", &["wir 👨‍👩‍👧‍👦!"]),
    ("❤", &["danke ❤️"]),
];

/// Words of Turkish texts: what is looked for, with what ends in other ways.
#[rustfmt::skip]
const TURKISH_FOUND: &[(&str, &[&str])] = &[
    ("sipariş", &["siparişi", "siparişim", "siparişler", "siparişlerimizden", "siparişin", "siparişinin", "siparişleriniz", "siparişte"]),
    ("siparis", &["siparişi", "siparişlerim"]),
    ("fatura", &["faturası", "faturayı", "faturalar", "faturada", "faturanın", "faturasından", "faturam", "faturanız"]),
    ("faturalar", &["fatura", "faturayı"]),
    ("kitap", &["kitabı", "kitaplar", "kitabın", "kitabım", "kitapları"]),
    ("kitabı", &["kitap", "kitaplar"]),
    ("ürün", &["ürünü", "ürünler", "ürünlerin", "ürününüz"]),
    ("müşteri", &["müşteriler", "müşterimiz", "müşterilerin", "müşteriye"]),
    ("bisiklet", &["bisikleti", "bisikletin", "bisikletler", "bisikletimin"]),
    ("İSTANBUL", &["istanbulda", "İstanbul'dan", "İstanbullar"]),
];

#[test]
fn a_word_is_found_in_each_of_its_forms() {
    let all = FOUND.iter().flat_map(|(wanted, texts)| texts.iter().map(move |text| (*wanted, text.to_string())));
    assert_eq!(missed(all), Vec::<String>::new());
}

fn missed(all: impl Iterator<Item = (&'static str, String)>) -> Vec<String> {
    let told = |(wanted, text): (&str, String)| format!("{wanted} in {text}: {:?}", indexed_text(&text, false));
    all.filter(|(wanted, text)| !finds(wanted, text)).map(told).collect()
}

#[test]
fn a_turkish_noun_is_found_with_whatever_ends_it() {
    let within = |text: &str| format!("çok acil, şimdi: {text} lütfen");
    let all = TURKISH_FOUND.iter().flat_map(|(wanted, texts)| texts.iter().map(move |text| (*wanted, within(text))));
    assert_eq!(missed(all), Vec::<String>::new());
}

/// What looks alike and is another word.
#[rustfmt::skip]
const ALIKE: &[(&str, &str)] = &[
    ("تاب", "كتاب"), ("مكتب", "مكتبة"), ("مدرس", "مدرسة"), ("طاقة", "بطاقة"), ("ريم", "كريم"), ("مال", "كمال"), ("عيد", "بعيد"),
    ("لبن", "لبنان"), ("تام", "تامين"), ("تمر", "تمرين"), ("ريد", "بريد"), ("له", "الله"), ("لد", "ولد"), ("نك", "بنك"), ("حسن", "حسنا"),
    ("ترك", "تركي"), ("شارع", "مشروع"), ("دان", "میدان"),
    ("ספר", "מספר"), ("כתב", "מכתב"), ("לום", "שלום"), ("לוח", "משלוח"), ("אלה", "שאלה"), ("קשה", "בקשה"), ("מות", "כמות"),
    ("דור", "כדור"), ("חור", "שחור"), ("ילה", "לילה"), ("ודעה", "הודעה"), ("ערכת", "מערכת"), ("זמנה", "הזמנה"),
    ("dos", "does"), ("tru", "true"), ("blu", "blue"), ("pot", "poet"), ("sho", "shoe"), ("dol", "dollar"), ("control", "controller"),
    ("order", "orders"), ("refund", "refunding"), ("bar", "baer"), ("Schon", "schoen"),
    ("कम", "काम"), ("फल", "फूल"),
    ("订", "车票"), ("发票", "髮型"), ("かさ", "から傘屋"), ("はし", "はじめ"),
    ("👍", "👎"), ("🇩🇪", "🇩🇰"), ("🇩🇪", "🇪🇩"),
];

#[test]
fn what_only_looks_alike_is_not_found() {
    let told = |(wanted, text): &(&str, &str)| format!("{wanted} in {text}: {:?}", indexed_text(text, false));
    let found: Vec<String> = ALIKE.iter().filter(|(wanted, text)| finds(wanted, text)).map(told).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn an_ending_of_turkish_is_none_in_another_language() {
    let turkish = "Kapıda şu şişe var, ağır: ";
    for (wanted, word) in
        [("kap", "kapı"), ("sor", "sorun"), ("sis", "sistem"), ("kal", "kalem"), ("ara", "araba"), ("mas", "masa")]
    {
        assert!(!finds(wanted, &format!("{turkish}{word}")), "{wanted} in {word}");
    }
    for (wanted, text) in
        [("dollar", "dol"), ("controller", "control"), ("regular", "regu"), ("bandana", "band"), ("item", "it")]
    {
        assert!(!finds(wanted, text), "{wanted} in {text}");
    }
}

#[test]
fn a_quoted_word_is_found_only_as_it_stands() {
    for (wanted, texts) in FOUND.iter().chain(TURKISH_FOUND) {
        for text in *texts {
            let folded = fold_text(text);
            let phrase = Wanted::of(wanted, false, true);
            let Wanted::Words(all) = phrase else { continue };
            assert_eq!(all.len(), 1, "{wanted}");
            let stands = all.iter().any(|s| holds_words(&folded, &s.folded, s.begins));
            assert_eq!(found(wanted, text, true), stands, "{wanted} in {text}");
        }
    }
}

#[test]
fn a_quoted_phrase_may_have_a_conjunction_or_preposition_on_its_first_word_alone() {
    for (phrase, text, is) in [
        ("رقم الطلب", "دراجة برقم الطلب 4440", true),
        ("الطلب الجديد", "وصلت للطلب الجديد", true),
        ("رقم الطلب", "رقم للطلب", false),
        ("رقم الطلب", "الرقم الطلب", false),
        ("מספר הזמנה", "במספר הזמנה 4440", true),
        ("מספר הזמנה", "מספר ההזמנה", false),
        ("order number", "border number", false),
    ] {
        assert_eq!(found(phrase, text, true), is, "{phrase} in {text}");
    }
}

#[test]
fn the_words_of_a_text_stand_in_the_index_as_before() {
    let text = "والطلبات İstanbul'dan siparişi Größe 訂單 צה\"ל می‌خواهم 👍";
    let indexed = indexed_text(text, false);
    assert!(indexed.starts_with(&fold_text(text)), "{indexed:?}");
    assert_eq!(indexed_text("Plain words, nothing else.", false), "plain words nothing else");
}

proptest! {
    #[test]
    fn every_word_is_found_as_it_stands(text in "(\\PC{0,40}|[ابتطلكوفمن ]{0,30}|[אבהוכלמש\" ]{0,30}|[a-zöüşıği ]{0,30}|[订單発ひカ漢]{0,8})") {
        for word in text.split_whitespace() {
            if !fold_text(word).is_empty() {
                prop_assert!(finds(word, &text), "{:?} in {:?}", word, indexed_text(&text, false));
                prop_assert!(found(word, &text, true), "{:?} in {:?}", word, indexed_text(&text, false));
            }
        }
    }

    #[test]
    fn twins_are_single_words_behind_the_text(text in "\\PC{0,60}|[ابتطلكوفمن ]{0,30}|[אבהוכלמש\" ]{0,30}|[a-zöüşıği ]{0,30}") {
        let (folded, indexed) = (fold_text(&text), indexed_text(&text, false));
        prop_assert!(indexed.starts_with(&folded));
        prop_assert!(!indexed.contains("  ") && !indexed.starts_with(' ') && !indexed.ends_with(' '));
    }
}
