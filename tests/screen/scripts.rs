//! Writing in the scripts of the world: the cursor on the letter behind it, rows in the order of the screen, a letter with its marks as one.

use postroom::app::Event;
use postroom::app::mouse::{Did, Mouse};
use postroom::runtime::Harness;

use super::seed::Desk;

const SIZES: [(u16, u16); 2] = [(80, 24), (140, 40)];

const TEXTS: [(&str, &str); 5] = [
    (
        "arabic",
        "مرحبا آنا، شكرا على رسالتك. رقم الطلب 4412 وسنرسل لك مصباحا جديدا غدا إن شاء الله (مجانا).\n\nSupport مع التحية",
    ),
    (
        "hebrew",
        "שלום אנה,\n\nהמנורה החדשה תישלח אליך מחר בבוקר, והכתובת היא https://shop.example/orders/4412 כרגיל.\nתודה",
    ),
    (
        "thai",
        "สวัสดีครับ\n\nประเทศไทยมีประชากรประมาณเจ็ดสิบล้านคนและมีภาษาไทยเป็นภาษาราชการซึ่งเป็นภาษาที่ไม่มีการเว้นวรรคระหว่างคำ\nขอบคุณครับ",
    ),
    (
        "devanagari",
        "नमस्ते आना,\n\nआपका नया दीपक कल सुबह भेजा जाएगा। क्षमा करें, विलंब के लिए हमें खेद है और हम आपको इसकी सूचना देंगे।\nधन्यवाद",
    ),
    ("family", "Hello 👨\u{200D}👩\u{200D}👧 and 👍🏽 from 🇩🇪!\n\nSee you."),
];

/// The screen, with the cell of the cursor told below it.
fn shown(screen: &Harness) -> String {
    let at = screen.cursor().map_or_else(|| "none".to_owned(), |(x, y)| format!("column {x}, row {y}"));
    format!("{}cursor: {at}\n", screen.screen())
}

/// Returns what stands in the cell of the cursor.
fn under_cursor(screen: &Harness) -> String {
    let (x, y) = screen.cursor().unwrap();
    screen.buffer().unwrap().cell((x, y)).unwrap().symbol().to_owned()
}

fn writing(desk: &Desk, size: (u16, u16), text: &str) -> Harness {
    let mut screen = desk.screen(size);
    screen.keys("r").unwrap().text(text).unwrap();
    screen
}

fn body(screen: &Harness) -> String {
    screen.app().compose().unwrap().body.area.text().to_owned()
}

#[test]
fn mail_is_written_in_every_script_with_the_cursor_where_the_next_letter_will_stand() {
    for (name, text) in TEXTS {
        for size in SIZES {
            let desk = Desk::new();
            let screen = writing(&desk, size, text);
            insta::assert_snapshot!(format!("writing_{name}_{}x{}", size.0, size.1), shown(&screen));
        }
    }
}

#[test]
fn the_header_fields_hold_every_script() {
    for (name, text) in TEXTS {
        for size in SIZES {
            let desk = Desk::new();
            let mut screen = writing(&desk, size, "x");
            screen.keys("<esc>s").unwrap();
            assert!(!screen.app().compose().unwrap().subject.is_empty());
            screen.keys("<c-a><c-k>").unwrap().text(text.lines().next().unwrap()).unwrap();
            insta::assert_snapshot!(format!("subject_{name}_{}x{}", size.0, size.1), shown(&screen));
        }
    }
}

#[test]
fn what_is_asked_for_in_one_line_stands_at_its_side_and_is_scrolled_with_its_cursor() {
    for (name, text) in TEXTS {
        for size in SIZES {
            for (key, what) in [("/", "search"), ("n", "note"), ("T", "title"), ("t", "tag")] {
                let desk = Desk::new();
                let mut screen = desk.screen(size);
                screen.keys(key).unwrap().text(text.lines().next().unwrap()).unwrap();
                insta::assert_snapshot!(format!("{what}_{name}_{}x{}", size.0, size.1), shown(&screen));
            }
        }
    }
}

#[test]
fn the_cursor_stands_on_the_letter_behind_it_wherever_it_goes() {
    let desk = Desk::new();
    for text in ["שלום רב", "hello שלום you", "مرحبا", "ที่นี่ กำลัง", "नमस्ते", "小林 x"]
    {
        let mut screen = writing(&desk, (80, 24), text);
        let mut letters = text.chars().rev().filter(|c| !is_mark(*c));
        for _ in 0..60 {
            screen.keys("<left>").unwrap();
            let offset = screen.app().compose().unwrap().body.offset();
            let letter = letters.next().unwrap();
            assert!(text.get(offset..).unwrap().starts_with(letter), "{text} {offset}");
            assert!(under_cursor(&screen).starts_with(letter), "{text} at {offset}: {}", under_cursor(&screen));
            if offset == 0 {
                break;
            }
        }
        assert_eq!(letters.next(), None, "{text}");
        screen.keys("<esc>D").unwrap().keys("y").unwrap();
    }
}

fn is_mark(c: char) -> bool {
    // Joined to the letter before it by a virama, `त` is one letter with that.
    matches!(c, '\u{E31}' | '\u{E33}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}' | '\u{93E}'..='\u{94D}' | 'त')
}

#[test]
fn delete_takes_a_letter_with_its_marks_and_backspace_its_last_mark() {
    let desk = Desk::new();
    let mut screen = writing(&desk, (80, 24), "ที่नि");
    screen.keys("<bs>").unwrap();
    assert_eq!(body(&screen), "ที่न");
    screen.keys("<home><del>").unwrap();
    assert_eq!(body(&screen), "न");
    screen.keys("<end>").unwrap().text("👨\u{200D}👩\u{200D}👧🇩🇪").unwrap().keys("<bs>").unwrap();
    assert_eq!(body(&screen), "न👨\u{200D}👩\u{200D}👧");
    screen.keys("<bs>").unwrap();
    assert_eq!(body(&screen), "न");
}

#[test]
fn words_are_moved_over_and_erased_one_at_a_time_in_thai() {
    let desk = Desk::new();
    let mut screen = writing(&desk, (80, 24), "Dear สอบถามเรื่อง");
    screen.keys("<c-w>").unwrap();
    assert_eq!(body(&screen), "Dear สอบถาม");
    screen.keys("<c-left><c-left><del>").unwrap();
    assert_eq!(body(&screen), "ear สอบถาม");
    screen.keys("<c-right>").unwrap().text("!").unwrap();
    assert_eq!(body(&screen), "ear! สอบถาม");
}

#[test]
fn a_click_brings_the_cursor_of_a_mail_to_the_letter_that_stands_there() {
    let mut desk = Desk::new();
    desk.mouse = true;
    let mut screen = writing(&desk, (80, 24), "one\nשלום רב");
    let (x, y) = screen.cursor().unwrap();
    let mut press = |column: u16, row: u16| {
        screen.happen(Event::Mouse(Mouse { column, row, did: Did::Press })).unwrap();
        screen.happen(Event::Mouse(Mouse { column, row, did: Did::Release })).unwrap();
        assert_eq!(screen.cursor(), Some((column, row)));
        screen.app().compose().unwrap().body.offset()
    };
    assert_eq!(press(x + 1, y), "one\nשלום ר".len(), "on the last letter, left of which the cursor was");
    assert_eq!(press(x + 7, y), "one\n".len());
    assert_eq!(press(x, y), "one\nשלום רב".len());
}

#[test]
fn a_click_in_a_header_field_brings_the_cursor_to_the_letter_that_stands_there() {
    let mut desk = Desk::new();
    desk.mouse = true;
    let mut screen = writing(&desk, (80, 24), "x");
    screen.keys("<esc>s<c-a><c-k>").unwrap().text("שלום רב").unwrap();
    let (x, y) = screen.cursor().unwrap();
    screen.keys("<s-tab>").unwrap();
    let (column, row) = (x + 3, y);
    screen.happen(Event::Mouse(Mouse { column, row, did: Did::Press })).unwrap();
    let compose = screen.app().compose().unwrap();
    assert_eq!((compose.field, compose.subject.before()), (postroom::app::Field::Subject, "שלום"));
    assert_eq!(screen.cursor(), Some((column, row)));
}

#[test]
fn a_long_line_that_runs_from_right_to_left_is_scrolled_so_that_its_cursor_is_seen() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap();
    screen.text(&"אבגדהוז".repeat(20)).unwrap();
    assert!(screen.cursor().is_some_and(|(x, _)| x < 80));
    let mut screen = writing(&desk, (80, 24), "x");
    screen.keys("<esc>s<c-a><c-k>").unwrap().text(&"אבגדהוזח".repeat(20)).unwrap();
    let (x, y) = screen.cursor().unwrap();
    let cell = |x: u16| screen.buffer().unwrap().cell((x, y)).unwrap().symbol().to_owned();
    assert_eq!((cell(x + 1).as_str(), cell(x + 2).as_str()), ("ח", "ז"));
    screen.keys("<c-a>").unwrap();
    assert_eq!(under_cursor(&screen), "א");
}

#[test]
fn a_click_in_what_is_asked_for_brings_the_cursor_to_the_letter_that_stands_there() {
    let mut desk = Desk::new();
    desk.mouse = true;
    let click = |screen: &mut Harness, column: u16, row: u16| {
        screen.happen(Event::Mouse(Mouse { column, row, did: Did::Press })).unwrap();
        screen.happen(Event::Mouse(Mouse { column, row, did: Did::Release })).unwrap();
    };
    // A letter is typed at the cursor, to be seen where that is.
    for (key, text, by, expected) in [
        ("/", "from:ana", 3, "from:Xana"),
        ("/", "שלום רב", 2, "שלום X"),
        ("T", "A new title", 5, "A new Xtitle"),
        ("t", "دحوف", 2, "دحX"),
        ("?", "reply", 2, "repX"),
    ] {
        let mut screen = desk.screen((80, 24));
        screen.keys(key).unwrap().text(text).unwrap();
        let (x, y) = screen.cursor().unwrap();
        let is_right = postroom::model::text::runs_right_to_left(text);
        let column = if is_right { x + by } else { x - by };
        click(&mut screen, column, y);
        assert_eq!(screen.cursor(), Some((column, y)), "{text}");
        screen.text("X").unwrap();
        let typed = match screen.app().layers.last() {
            Some(postroom::app::Layer::Prompt(prompt)) => prompt.line.text(),
            Some(postroom::app::Layer::Picker(picker)) => picker.line.text(),
            Some(postroom::app::Layer::Page(postroom::app::Page::Help(page))) => page.line.text(),
            _ => String::new(),
        };
        assert!(typed.contains(expected), "{typed}");
    }
}

#[test]
fn a_click_in_a_note_of_several_rows_comes_to_the_row_that_was_hit() {
    let mut desk = Desk::new();
    desk.mouse = true;
    let mut screen = desk.screen((80, 24));
    screen.keys("n").unwrap().text("first line").unwrap().keys("<c-j>").unwrap().text("שורה שנייה").unwrap();
    let (_, y) = screen.cursor().unwrap();
    screen.happen(Event::Mouse(Mouse { column: 7, row: y - 1, did: Did::Press })).unwrap();
    assert_eq!(screen.cursor(), Some((7, y - 1)));
    screen.text("X").unwrap();
    let Some(postroom::app::Layer::Prompt(prompt)) = screen.app().layers.last() else { panic!("no note") };
    assert_eq!(prompt.line.text(), "first Xline\nשורה שנייה");
}

#[test]
fn where_a_line_may_end_stays_in_a_mail_and_takes_no_column() {
    let desk = Desk::new();
    let mut screen = writing(&desk, (80, 24), "");
    screen.happen(Event::Paste("ไทย\u{200b}แบบ".to_owned())).unwrap();
    screen.text("\u{200b}x").unwrap();
    assert_eq!(body(&screen), "ไทย\u{200b}แบบ\u{200b}x");
    assert!(screen.screen().contains("ไทยแบบx"), "{}", screen.screen());
    let (end, _) = screen.cursor().unwrap();
    screen.keys("<home>").unwrap();
    assert_eq!(screen.cursor().unwrap().0 + 7, end);
    screen.keys("<end><bs><bs>").unwrap();
    assert_eq!(body(&screen), "ไทย\u{200b}แบบ");
}
