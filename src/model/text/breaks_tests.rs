use super::*;

/// Parts a text at the places where its lines may end.
fn parted(text: &str) -> Vec<&str> {
    let ends: Vec<usize> = line_breaks(text).collect();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| text.get(start..*end).unwrap()).collect()
}

#[test]
fn lines_end_between_words_in_scripts_that_write_them_without_spaces() {
    let table = [
        "สอบถาม|เรื่อง|คำ|สั่ง|ซื้อ|หมายเลข |4440 |ยัง|ไม่|ได้|รับ|สินค้า",
        "ສອບຖາມ|ກ່ຽວກັບ|ຄຳສັ່ງ|ຊື້ |4440 |ທີ່|ຍັງ|ບໍ່ໄດ້|ຮັບ",
        "ខ្ញុំ|ចង់|សួរ|អំពី|ការ|បញ្ជាទិញ|លេខ |៤៤៤០ |ដែល|មិនទាន់|បាន|ទទួល",
        "ကျွန်တော်|သည်|စာအုပ်|ကို|ဝယ်|ချင်|ပါသည်",
    ];
    for words in table {
        assert_eq!(parted(&words.replace('|', "")).join("|"), words);
    }
}

#[test]
fn where_a_writer_marks_a_break_a_line_may_end() {
    assert_eq!(parted("กข\u{200B}คง"), ["กข\u{200B}", "คง"]);
    assert_eq!(parted("abc\u{200B}def"), ["abc\u{200B}", "def"]);
}

#[test]
fn no_line_begins_with_a_sign_that_belongs_to_the_word_in_front() {
    assert!(parted("ຂອບໃຈຫຼາຍໆ").iter().all(|part| !part.starts_with('ໆ')));
    assert!(parted("เร็วๆ นี้").iter().all(|part| !part.starts_with('ๆ')));
    // A word that no dictionary has.
    for part in parted("เทอร์มินัลเกตเวย์") {
        assert!(!part.ends_with(['เ', 'แ', 'โ', 'ใ', 'ไ']), "{part}");
    }
}

#[test]
fn chinese_and_japanese_may_be_parted_anywhere_but_in_front_of_a_full_stop() {
    assert_eq!(parted("我想退款。请"), ["我", "想", "退", "款。", "请"]);
}
