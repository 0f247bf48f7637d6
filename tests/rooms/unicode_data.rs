//! Lines and letters end where the data of Unicode says (Debian's package unicode-data), and lines of Thai, Lao, Khmer and Burmese between
//! words. Where the data or the cases are missing a line says so.

use std::collections::BTreeSet;
use std::path::Path;

use postroom::mime;
use postroom::model::message::Block;
use postroom::model::text::breaks::line_breaks;
use postroom::model::text::steps::{Words, back, next, word_back, word_on};
use postroom::model::text::wrap::wrap;
use postroom::view::layout::lay_out;

/// Reads a file of samples: each a text with the places, in bytes, at which it may be parted, the beginning left out.
fn samples(name: &str) -> Vec<(String, Vec<usize>)> {
    let path = Path::new("/usr/share/unicode/auxiliary").join(name);
    let Ok(data) = std::fs::read_to_string(&path) else {
        println!("skipped: no {}", path.display());
        return Vec::new();
    };
    // Which samples differ is known of one version alone.
    if !data.lines().next().is_some_and(|first| first.contains("-15.0.")) {
        println!("skipped: {} is not of Unicode 15.0", path.display());
        return Vec::new();
    }
    let sample = |line: &str| {
        let (mut text, mut places) = (String::new(), Vec::new());
        for sign in line.split('#').next()?.split_whitespace() {
            match sign {
                "÷" if !text.is_empty() => places.push(text.len()),
                "÷" | "×" => {}
                // Half a pair of UTF-16 is no text.
                code => text.push(char::from_u32(u32::from_str_radix(code, 16).ok()?)?),
            }
        }
        (!text.is_empty()).then_some((text, places))
    };
    data.lines().filter_map(sample).collect()
}

/// U+2701 is no pictograph any more since Unicode 16, and the data of 15.0 has it as one.
const LETTERS: [&str; 1] = ["2701 200D 2701"];

/// Numbers: the data of 15.0 is made by the tailoring of UAX #14 section 8.2 (example 7), ICU keeps rule 25 itself, and 15.1 lets a line end
/// between a full stop and the space behind the number that follows it.
const NUMBERS: [&str; 34] = [
    "007D 0025",
    "007D 0308 0025",
    "007D 0024",
    "007D 0308 0024",
    "002C 0030",
    "002C 0308 0030",
    "0025 2329",
    "0025 0308 2329",
    "0025 0028",
    "0025 0308 0028",
    "0024 2329",
    "0024 0308 2329",
    "0024 0028",
    "0024 0308 0028",
    "002F 0030",
    "002F 0308 0030",
    "0029 0025",
    "0029 0308 0025",
    "0029 0024",
    "0029 0308 0024",
    "0065 0071 0075 0061 006C 0073 0020 002E 0033 0035 0020 0063 0065 006E 0074 0073",
    "0063 006F 0064 0065 005C 0028 0073 005C 0029",
    "0063 006F 0064 0065 005C 007B 0073 005C 007D",
    "0061 002E 0032 0020",
    "0061 002E 0032 0020 0915",
    "0061 002E 0032 0020 672C",
    "0061 002E 0032 3000 672C",
    "0061 002E 0032 3000 307E",
    "0061 002E 0032 3000 0033",
    "0041 002E 0031 0020 BABB",
    "BD24 C5B4 002E 0020 0041 002E 0032 0020 BCFC",
    "BD10 C694 002E 0020 0041 002E 0033 0020 BABB",
    "C694 002E 0020 0041 002E 0034 0020 BABB",
    "0061 002E 0032 3000 300C",
];

/// Quotes: since 15.1 rules 15a and 15b ask whether one opens or closes.
const QUOTES: [&str; 8] = [
    "0022 0020 2329",
    "0022 0308 0020 2329",
    "0022 0020 0028",
    "0022 0308 0020 0028",
    "0061 006D 0062 0069 0067 0075 0028 00AB 0020 0308 0020 00BB 0029 0028 0065 0308 0029",
    "0061 006D 0062 0069 0067 0075 00AB 0020 0028 0020 0308 0020 0029 0020 00BB 0028 0065 0308 0029",
    "0061 006D 0062 0069 0067 0075 007B 00AB 0020 0308 0020 00BB 007D 0028 0065 0308 0029",
    "0061 006D 0062 0069 0067 0075 00AB 0020 007B 0020 0308 0020 007D 0020 00BB 0028 0065 0308 0029",
];

/// Checks that no samples differ but those that are known, and that all of these do.
fn assert_known(other: &[String], known: &[&[&str]], all: usize, what: &str) {
    let is_known = |codes: &&String| !known.iter().any(|group| group.contains(&codes.as_str()));
    let new: Vec<&String> = other.iter().filter(is_known).collect();
    assert!(new.is_empty(), "{what}, {} of {all}: {new:#?}", new.len());
    let gone = |codes: &&&str| !other.iter().any(|one| one == **codes);
    let gone: Vec<_> = known.iter().copied().flatten().filter(gone).collect();
    assert!(all == 0 || gone.is_empty(), "{what} that differ no more: {gone:#?}");
}

fn codes(text: &str) -> String {
    text.chars().map(|c| format!("{:04X}", c as u32)).collect::<Vec<_>>().join(" ")
}

#[test]
fn letters_end_where_unicode_says() {
    let mut other = Vec::new();
    let all = samples("GraphemeBreakTest.txt");
    for (text, places) in all.clone() {
        let (mut at, mut found) = (0, Vec::new());
        while at < text.len() {
            at = next(&text, at);
            found.push(at);
        }
        if found != places {
            other.push(codes(&text));
            continue;
        }
        let (mut at, mut found) = (text.len(), Vec::new());
        while at > 0 {
            found.push(at);
            at = back(&text, at);
        }
        found.reverse();
        assert_eq!(found, places, "backwards {}", codes(&text));
    }
    assert_known(&other, &[&LETTERS], all.len(), "letters");
}

#[test]
fn a_step_over_a_word_goes_on_and_parts_no_letter() {
    // What is stepped over is a line, which has no line ends in it.
    for (text, _) in samples("WordBreakTest.txt").into_iter().filter(|(text, _)| !text.contains(['\r', '\n'])) {
        for words in [Words::Spaces, Words::Signs] {
            let mut at = 0;
            while at < text.len() {
                let to = word_on(&text, at, words);
                assert!(
                    to > at && (to == text.len() || back(&text, next(&text, to)) == to),
                    "{} at {at}",
                    codes(&text)
                );
                at = to;
            }
            while at > 0 {
                let to = word_back(&text, at, words);
                assert!(to < at && (to == 0 || next(&text, back(&text, to)) == to), "{} at {at}", codes(&text));
                at = to;
            }
        }
    }
}

#[test]
fn lines_end_where_unicode_says() {
    let mut other = Vec::new();
    let all = samples("LineBreakTest.txt");
    for (text, places) in &all {
        let found: Vec<usize> = line_breaks(text).collect();
        if found != *places {
            other.push(codes(text));
        }
    }
    assert_known(&other, &[&NUMBERS, &QUOTES], all.len(), "lines");
}

/// Texts as ICU 72 and a reader part them into words.
const SAMPLES: [(&str, &str); 4] = [
    (
        "Thai",
        "ประเทศไทย|มี|ประชากร|ประมาณ|เจ็ด|สิบ|ล้าน|คน|และ|มี|ภาษา|ไทย|เป็น|ภาษา|ราชการ|ซึ่ง|เป็น|ภาษา|ที่|ไม่มี|การ|เว้น|วรรค|ระหว่าง|คำ|ทำให้|การ|\
         ตัด|คำ|เป็น|เรื่อง|ยาก|สำหรับ|คอมพิวเตอร์|โดย|เฉพาะ|อย่าง|ยิ่ง|ใน|โปรแกรม|ที่|ทำงาน|บน|เทอร์มินัล|ซึ่ง|ไม่มี|พจนานุกรม|สำหรับ|ตัด|คำ|จึง|อาจ|ตัด|บรรทัด|\
         กลาง|คำ|ได้|และ|ทำให้|ผู้|อ่าน|สับสน|ว่า|คำ|นั้น|หมายความ|ว่า|อย่างไร|กรุณา|ช่วย|ตรวจ|สอบ|และ|แก้ไข|ด้วย|เพราะ|ลูกค้า|ของ|เรา|จำนวน|มาก|เขียน|\
         ข้อความ|ใน|ลักษณะ|นี้|ทุก|วัน",
    ),
    ("Lao", "ປະເທດ|ລາວ|ມີ|ປະຊາກອນ|ປະມານ|ເຈັດ|ລ້ານ|ຄົນ|ແລະ|ມີ|ພາສາ|ລາວ|ເປັນ|ພາສາ|ທາງການ"),
    ("Khmer", "ប្រទេស|កម្ពុជា|មាន|ប្រជាជន|ប្រមាណ|ដប់ប្រាំ|ពីរ|លាន|នាក់|ហើយ|ភាសា|ខ្មែរ|ជា|ភាសា|ផ្លូវការ"),
    (
        "Burmese",
        "လူ|တိုင်း|သည်|တူညီ|လွတ်လပ်|သော|ဂုဏ်သိက္ခာ|ဖြင့်|လည်းကောင်း|တူညီ|လွတ်လပ်|သော|အခွင့်အရေး|များ|ဖြင့်|လည်းကောင်း|မွေး|ဖွား|လာ|သူများ|ဖြစ်သည်",
    ),
];

#[test]
fn lines_of_scripts_without_spaces_end_between_words() {
    for (script, words) in SAMPLES {
        let text = words.replace('|', "");
        let mut ends = BTreeSet::new();
        words.split('|').fold(0, |at, word| {
            ends.insert(at + word.len());
            at + word.len()
        });
        let (mut between, mut all) = (0, 0);
        for columns in 20..=100 {
            for line in wrap(&text, columns) {
                all += usize::from(line.end < text.len());
                between += usize::from(line.end < text.len() && ends.contains(&line.end));
            }
        }
        assert!(between * 100 >= all * 95, "{script}: {between} of {all}");
    }
}

#[test]
fn lines_of_the_cases_end_where_icu_or_their_writer_parts_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/languages");
    for name in ["th1", "th2", "th3", "lo1", "km1"] {
        let Ok(raw) = std::fs::read(folder.join(format!("{name}.eml"))) else {
            println!("skipped: no {name}.eml in {}", folder.display());
            return;
        };
        let readable = mime::parse(&raw).readable;
        for line in readable.blocks.iter().flat_map(Block::lines) {
            if line.is_empty() {
                continue;
            }
            let marked = line.directed().into_owned();
            assert_eq!(marked.contains('\u{200B}'), name == "th3", "{name}: {marked}");
            let mut allowed: BTreeSet<usize> = BTreeSet::new();
            let mut seen = 0;
            for part in marked.split('\u{200B}') {
                allowed.extend(line_breaks(part).map(|end| seen + part.split_at(end).0.trim_end().len()));
                seen += part.len();
            }
            // An address that is wider than a line is parted anywhere.
            for columns in 40..=100 {
                let (mut rest, mut at) = (line.as_str(), 0);
                for row in lay_out(&marked, columns, false) {
                    rest = rest.strip_prefix(row.text.as_str()).expect("no mark is drawn");
                    at += row.text.len();
                    assert!(allowed.contains(&at), "{name} in {columns}: {}", row.text);
                    at += rest.len() - rest.trim_start().len();
                    rest = rest.trim_start();
                }
                assert_eq!(rest, "", "{name} in {columns}");
            }
        }
    }
}
