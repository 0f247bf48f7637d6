//! Text from right to left in every place of the screen: in its order, in its own field, and nothing beside it turned with it.

use postroom::app::Event;
use postroom::model::screen_order::Terminal;
use postroom::runtime::Harness;
use postroom::runtime::wire::{Ability, Memory, Repeats, Wire};

use super::seed::{Desk, Mail};

const ARABIC: Mail = Mail {
    id: "ar@x",
    from: "عمر السيد <omar@said.example>",
    subject: "استفسار عن الطلب 4412 (عاجل)",
    refs: "",
    ago: 30,
    body: "مرحبا،\n\nدفعت \u{200e}$25.00\u{200e} يوم ٢٠ نوفمبر ولم يصل الطلب رقم 4412 بعد، والرابط https://shop.example/orders/4412/ لا يعمل. أرجو الرد قبل الساعة 10:30 من فضلكم لأن العميل ينتظر (منذ أسبوع).\n\nشكرا",
};
const HEBREW: Mail = Mail {
    id: "he@x",
    from: "\"לוי, דנה\" <dana@levi.example>",
    subject: "Re: חשבונית PDF מס' 118",
    refs: "",
    ago: 95,
    body: "שלום,\n\nהחשבונית (PDF) לא נפתחת ב-Windows 11.\nPDF לא נפתח, ראו «error 12».\n\nדנה",
};
const PERSIAN: Mail = Mail {
    id: "fa@x",
    from: "زهرا کریمی <zahra@karimi.example>",
    subject: "می\u{200c}خواهم سفارش ۴۴۱۲ را پس بدهم",
    refs: "",
    ago: 200,
    body: "سلام، می\u{200c}خواهم چراغ را پس بدهم. کتاب\u{200c}ها رسید.",
};
const LATIN: Mail = Mail {
    id: "en@x",
    from: "Ana Lima <ana@lima.example>",
    subject: "Refund for order 4412",
    refs: "",
    ago: 300,
    body: "Can I have my money back?",
};

fn desk() -> Desk {
    let desk = Desk::empty();
    [ARABIC, HEBREW, PERSIAN, LATIN].iter().zip(1..).for_each(|(mail, uid)| desk.mail(uid, mail));
    desk
}

fn shot(size: (u16, u16), keys: &[&str]) -> String {
    let desk = desk();
    let mut screen = desk.screen(size);
    typed(&mut screen, keys);
    screen.screen()
}

/// Presses keys; what begins with a quote is typed as it is.
fn typed(screen: &mut Harness, keys: &[&str]) {
    for keys in keys {
        match keys.strip_prefix('"') {
            Some(text) => screen.text(text).unwrap(),
            None => screen.keys(keys).unwrap(),
        };
    }
}

#[test]
fn the_list_has_each_field_in_its_own_direction_and_place() {
    insta::assert_snapshot!("list_80x24", shot((80, 24), &[]));
    insta::assert_snapshot!("list_140x40", shot((140, 40), &["j"]));
}

#[test]
fn a_conversation_has_whole_paragraphs_in_their_order() {
    insta::assert_snapshot!("arabic_80x24", shot((80, 24), &["<enter>"]));
    insta::assert_snapshot!("hebrew_80x24", shot((80, 24), &["j<enter>"]));
    insta::assert_snapshot!("persian_140x40", shot((140, 40), &["jj<enter>"]));
}

#[test]
fn tags_and_notes_stand_in_their_order_in_the_list_the_head_and_the_conversation() {
    let keys =
        ["t", "\"عاجل", "<enter>", "t", "\"דחוף", "<enter>", "n", "\"اتصلت بالعميل 3 مرات (Ana)", "<enter>", "<enter>"];
    insta::assert_snapshot!("tags_80x24", shot((80, 24), &keys));
    insta::assert_snapshot!("tags_140x40", shot((140, 40), &keys));
}

#[test]
fn a_search_and_what_it_found_stand_in_their_order() {
    insta::assert_snapshot!("search_80x24", shot((80, 24), &["/", "\"from:عمر 4412", "<enter>"]));
    insta::assert_snapshot!("no_match_80x24", shot((80, 24), &["/", "\"ארנב 12", "<enter>"]));
}

#[test]
fn what_is_looked_for_in_a_conversation_is_marked_in_its_place() {
    insta::assert_snapshot!("find_80x24", shot((80, 24), &["<enter>", "/", "\"الطلب", "<enter>"]));
}

#[test]
fn pickers_and_sheets_stand_in_their_order() {
    insta::assert_snapshot!("palette_80x24", shot((80, 24), &[":", "\"tag عاجل"]));
    insta::assert_snapshot!("tag_picker_80x24", shot((80, 24), &["t", "\"عاجل", "<enter>", "t"]));
    insta::assert_snapshot!("customer_140x40", shot((140, 40), &["<enter>", "p"]));
    insta::assert_snapshot!("log_80x24", shot((80, 24), &["t", "\"عاجل", "<enter>", "L"]));
}

#[test]
fn a_reply_has_its_fields_and_its_text_in_their_order() {
    insta::assert_snapshot!("reply_80x24", shot((80, 24), &["j<enter>", "r"]));
    insta::assert_snapshot!("reply_140x40", shot((140, 40), &["<enter>", "r"]));
}

#[test]
fn files_are_named_alike_in_the_conversation_and_in_their_picker() {
    let desk = desk();
    let part = |name: &str| {
        format!(
            "--x\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"{name}\"\n\nx\n"
        )
    };
    desk.raw_mail(
        60,
        &format!(
            "Message-ID: <files@x>\nFrom: Fay <fay@files.example>\nTo: support@team.example\nSubject: Files\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nThe files.\n{}{}--x--\n",
            part("חשבונית 118.pdf"),
            part("صورة"),
        ),
    );
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let shown = screen.screen();
    screen.keys("A").unwrap();
    let listed = screen.screen();
    for name in ["תינובשח 118.pdf", "ةروص"] {
        assert!(shown.contains(name), "{shown}");
        assert!(listed.contains(name), "{listed}");
    }
    // The size stands behind the name that runs from right to left.
    assert!(shown.contains("ةروص 1 "), "{shown}");
}

#[test]
fn a_terminal_that_joins_nothing_gets_joined_letters_at_the_same_columns() {
    let desk = desk();
    let mut screen = desk.screen((100, 24));
    let before = screen.screen();
    screen.happen(Event::Terminal(Some(Terminal::Plain))).unwrap();
    let after = screen.screen();
    assert!(before.contains("ديسلا رمع") && !after.contains("ديسلا رمع"), "{after}");
    assert!(after.contains("\u{FEAA}\u{FEF4}\u{FEB4}\u{FEDF}\u{FE8D}"), "{after}");
    let columns = |screen: &str| screen.lines().map(postroom::view::layout::width).collect::<Vec<_>>();
    // A joiner that takes no column is said by the forms.
    assert_eq!(columns(&before), columns(&after));
}

#[test]
fn a_terminal_that_turns_text_gets_runs_as_they_are_read_between_fences() {
    let desk = desk();
    let mut screen = desk.screen((100, 24));
    let before = screen.screen();
    screen.happen(Event::Terminal(Some(Terminal::Reorders))).unwrap();
    let after = screen.screen();
    assert!(after.contains("\u{200e}عمر السيد\u{200e}"), "{after}");
    for (plain, fenced) in before.lines().zip(after.lines()) {
        let turns = postroom::model::text::runs_right_to_left(plain);
        assert_eq!(turns, fenced.contains('\u{200e}'), "{fenced}");
        assert!(turns || plain == fenced, "{fenced}");
    }
}

/// What a terminal is written that shows nothing yet: in how many frames a screen came to be, and so where the cursor was left, depends on
/// when the store answers.
fn drawn_at_once(screen: &Harness) -> String {
    let buffer = screen.buffer().unwrap();
    let memory = Memory { written: Vec::new(), size: buffer.area.as_size() };
    let mut wire = Wire::new(memory, Ability { repeats: Repeats::Nothing, colours: true });
    wire.frame(buffer);
    wire.finish(None).unwrap();
    String::from_utf8(wire.device().written.clone()).unwrap()
}

#[test]
fn no_fence_is_written_where_nothing_runs_from_right_to_left() {
    let written = |terminal: Terminal| {
        let desk = Desk::empty();
        desk.mail(1, &LATIN);
        let mut screen = desk.screen((80, 24));
        screen.happen(Event::Terminal(Some(terminal))).unwrap();
        screen.keys("<enter>").unwrap();
        drawn_at_once(&screen)
    };
    let plain = written(Terminal::Vte);
    assert!(plain.contains("Refund") && !plain.contains('\u{200e}'), "{plain}");
    assert_eq!(written(Terminal::Reorders), plain);
    assert_eq!(written(Terminal::Kitty), plain);
}

#[test]
fn the_outbox_the_help_and_the_keys_that_can_follow_stand_in_their_order() {
    for (name, size) in [("80x24", (80, 24)), ("140x40", (140, 40))] {
        let reply = ["r", "\"شكرا لرسالتك، سنرد غدا الساعة 10:30.", "<c-s><enter>"];
        let outbox = [&reply[..], &["O"]].concat();
        insta::assert_snapshot!(format!("outbox_{name}"), shot(size, &outbox));
        insta::assert_snapshot!(format!("help_{name}"), shot(size, &["?"]));
        insta::assert_snapshot!(format!("help_found_{name}"), shot(size, &["?", "\"שלח reply"]));
        let desk = desk();
        let mut screen = desk.screen(size);
        screen.typed_and_then("g", Event::Key(postroom::keymap::Key::char('?'))).unwrap();
        insta::assert_snapshot!(format!("which_{name}"), screen.screen());
    }
}

#[test]
fn no_mark_of_direction_that_a_sender_set_comes_to_a_terminal() {
    for terminal in [Terminal::Plain, Terminal::Vte, Terminal::Kitty] {
        let desk = desk();
        let mut screen = desk.screen((80, 24));
        screen.happen(Event::Terminal(Some(terminal))).unwrap();
        screen.keys("<enter>").unwrap();
        let written = String::from_utf8_lossy(&screen.written()).into_owned();
        assert!(!written.contains(postroom::model::text::is_direction_control), "{terminal:?}");
        assert!(screen.screen().contains("$25.00"), "{}", screen.screen());
    }
}
