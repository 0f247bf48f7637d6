use super::*;
use proptest::prelude::*;

#[test]
fn letters_of_every_script_have_one_form() {
    let cases = [
        ("Straße", "strasse"),
        ("CAFÉ  naïve", "cafe naive"),
        ("e\u{301}", "e"),
        ("Łódź Ærø Þór", "lodz aero thor"),
        ("ΟΔΥΣΣΕΎΣ οδυσσεύς", "οδυσσευσ οδυσσευσ"),
        ("Ёлка ёлка йод", "елка елка йод"),
        ("İstanbul ISTANBUL ıstanbul", "istanbul istanbul istanbul"),
        ("ﬁnance Ｆｕｌｌ", "finance full"),
        ("bob@example.com", "bob example com"),
        ("ORDER-4412/ب", "order 4412 ب"),
        ("٤٤١٢ ۴۴۱۲ ๔๔", "4412 4412 44"),
        ("a\u{0}b\u{1b}[31m", "a b 31m"),
        ("", ""),
        (" !? ", ""),
    ];
    for (text, folded) in cases {
        assert_eq!(fold_text(text), folded, "{text:?}");
    }
}

#[test]
fn arabic_is_found_however_it_is_written() {
    for (one, other) in [
        ("أحمد", "احمد"),
        ("إعادة", "اعاده"),
        ("مُحَمَّد", "محمد"),
        ("مـحـمـد", "محمد"),
        ("على", "علي"),
        ("مسؤول", "مسوول"),
        ("شيء", "شي"),
        ("آمن", "امن"),
        ("کتاب", "كتاب"),
        ("שָׁלוֹם", "שלום"),
    ] {
        assert_eq!(fold_text(one), fold_text(other));
    }
}

#[test]
fn runs_without_spaces_become_pairs() {
    assert_eq!(fold_text("東京都"), "東京 京都 都");
    assert_eq!(fold_text("iPhone修理x"), "iphone 修理 理 x");
    assert_eq!(fold_text("ｶﾞｽ"), "ガス ス");
    assert_eq!(fold_text("か"), "か");
    assert_eq!(fold_text("が"), "が", "a voiced kana is another letter");
    assert_eq!(fold_text("환불은"), "환불 불은 은");
    assert_ne!(fold_text("กิน"), fold_text("กืน"), "Thai vowel signs count");
    assert_ne!(fold_text("की"), fold_text("का"), "so do those of Devanagari");
    assert!(!fold_text("हिन्दी").contains(' '), "and they do not end a word");
}

#[test]
fn what_is_wanted_is_a_phrase_of_what_is_indexed() {
    assert_eq!(fold_wanted("京都"), ("京都".into(), false));
    assert_eq!(fold_wanted("東京都"), ("東京 京都".into(), false));
    assert_eq!(fold_wanted("都"), ("都".into(), true));
    assert_eq!(fold_wanted("x都"), ("x 都".into(), true));
    assert_eq!(fold_wanted("refund"), ("refund".into(), false));
}

fn phrase_found(index: &str, wanted: &str, prefix: bool) -> bool {
    let index: Vec<&str> = index.split(' ').collect();
    let wanted: Vec<&str> = wanted.split(' ').collect();
    index.windows(wanted.len()).any(|window| {
        window
            .iter()
            .zip(&wanted)
            .enumerate()
            .all(|(i, (have, want))| have == want || (prefix && i + 1 == wanted.len() && have.starts_with(want)))
    })
}

proptest! {
    #[test]
    fn ascii_is_folded_as_any_text_is(text in "[\\x00-\\x7f]{0,60}") {
        let mut folder = Folder::with_capacity(0);
        text.chars().for_each(|c| folder.push(c));
        prop_assert_eq!(fold_ascii(&text), folder.finish());
    }

    #[test]
    fn folding_is_idempotent_for_scripts_with_spaces(text in "[a-zA-ZéÉøßıİёЁйÜς أإىةمحمد0-9@.-]{0,30}") {
        let once = fold_text(&text);
        prop_assert_eq!(fold_text(&once), once);
    }

    #[test]
    fn any_part_of_a_run_is_found(run in "[東京都大阪府กินขเ้าカタがひ]{1,12}", from in 0usize..12, len in 1usize..12) {
        // NFKC first: a part must not begin within what composes.
        let letters: Vec<char> = run.nfkc().collect();
        let from = from.min(letters.len() - 1);
        let part: String = letters[from..letters.len().min(from + len)].iter().collect();
        let (wanted, prefix) = fold_wanted(&part);
        prop_assert!(phrase_found(&fold_text(&run), &wanted, prefix), "{:?} in {:?}", wanted, fold_text(&run));
    }

    #[test]
    fn any_text_folds_to_letters_and_single_spaces(text in "\\PC{0,60}|[\\x00-\\x{2ff}\\x{600}-\\x{6ff}]{0,40}") {
        let folded = fold_text(&text);
        prop_assert!(!folded.contains("  ") && !folded.starts_with(' ') && !folded.ends_with(' '));
        prop_assert!(folded.chars().all(|c| !c.is_control() && c != '"'));
    }
}
