//! The rows of the list: columns, words that never give way, signs, and the panes around them.

use postroom::app::Pane;
use postroom::model::ids::MessageId;
use postroom::model::view::{Sort, View};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use super::seed::{Desk, Mail};

fn mail(n: u32, subject: &'static str, from: &'static str) -> (u32, Mail) {
    let id = Box::leak(format!("row{n}@shop").into_boxed_str());
    (n, Mail { id, from, subject, refs: "", ago: i64::from(n) * 47 + 3, body: "Hello, is anybody there?" })
}

/// A desk whose mail is in ASCII, with an empty subject.
fn plain() -> Desk {
    let desk = Desk::empty();
    let mails = [
        mail(1, "Bikes for the Harbour Lights parade", "Marisol Vega <marisol@vega.example>"),
        mail(2, "", "Greg Dawson <greg@dawson.example>"),
        mail(3, "Login code never arrives", "Samuel Okafor <samuel@okafor.example>"),
        mail(4, "Refund for order 4398", "Tom Whitfield <tom@whitfield.example>"),
        mail(5, "Can my dog ride along?", "Tilda Berg <tilda@berg.example>"),
    ];
    mails.iter().for_each(|(uid, mail)| desk.mail(*uid, mail));
    desk
}

fn line(screen: &mut Harness, line: &str) {
    screen.keys(":").unwrap().text(line).unwrap().keys("<enter>").unwrap();
}

/// The cells of a line of the screen from a column on.
fn cells(buffer: &Buffer, y: u16, x: std::ops::Range<u16>) -> String {
    x.filter_map(|x| buffer.cell((x, y))).map(ratatui::buffer::Cell::symbol).collect()
}

#[test]
fn columns_stand_at_the_same_place_in_every_row_at_every_width() {
    for width in (60..100).chain([180, 200, 230]) {
        let desk = Desk::new();
        let mut screen = desk.screen((width, 30));
        line(&mut screen, "view all");
        screen.keys("<space>").unwrap();
        let place = screen.app().geometry().list.unwrap();
        let buffer = screen.buffer().unwrap();
        let has_id = place.width >= 71;
        for (n, row) in screen.app().list.rows.iter().enumerate() {
            let y = u16::try_from(n).unwrap() + 1;
            let at = |from: u16, to: u16| cells(buffer, y, place.x + from..place.x + to);
            let told = format!("{width}: {}", at(0, place.width));
            assert!([" ", "z", "!", "~"].contains(&at(0, 1).as_str()) && at(5, 6) == " ", "{told}");
            assert!([" ", "✓"].contains(&at(6, 7).as_str()) && [" ", "●"].contains(&at(7, 8).as_str()), "{told}");
            assert!("OIWC".contains(at(8, 9).as_str()) && at(9, 10) == " ", "{told}");
            let end = place.width - if has_id { 5 } else { 0 };
            if has_id {
                assert_eq!(at(end + 1, place.width), row.short, "{told}");
            }
            let owner = at(end - 8, end);
            assert!(owner.starts_with(" –  ") || owner.starts_with(" me "), "{told}");
        }
    }
}

#[test]
fn what_the_view_fixes_has_no_column() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    line(&mut screen, "view open");
    assert!(!screen.screen().lines().nth(1).unwrap().contains(" O "), "{}", screen.screen());
    line(&mut screen, "view unassigned");
    assert!(!screen.screen().lines().nth(1).unwrap().contains(" – "), "{}", screen.screen());
    line(&mut screen, "view all");
    assert!(screen.screen().lines().nth(1).unwrap().contains(" O "), "{}", screen.screen());
    assert!(screen.screen().lines().nth(1).unwrap().contains(" – "), "{}", screen.screen());
}

#[test]
fn an_empty_subject_is_said_to_be_none() {
    for size in [(40, 12), (80, 24), (140, 40), (200, 50)] {
        let desk = plain();
        let screen = desk.screen(size);
        assert!(screen.screen().contains("(no subject)"), "{}", screen.screen());
    }
}

#[test]
fn why_a_row_left_is_read_whole_at_forty_columns() {
    let desk = plain();
    let mut screen = desk.screen((40, 20));
    screen.keys("i").unwrap();
    assert!(screen.screen().contains(" · you took it"), "{}", screen.screen());
    assert!(screen.screen().contains("Bikes fo"), "{}", screen.screen());
}

#[test]
fn a_colleague_who_writes_is_named_in_place_of_the_owner_and_else_among_the_words() {
    let desk = plain();
    let until = desk.clock.now().plus(60_000);
    let on = vec![Target::on(MessageId::new("row3@shop").unwrap())];
    desk.other("bob").commit(vec![NewOperation::new(Known::Replying { until, waiting: None }, on)]).map(drop).unwrap();
    let mut screen = desk.screen((80, 24));
    line(&mut screen, "view all");
    let row = |screen: &Harness| {
        screen.screen().lines().find(|line| line.contains("Samuel Okafor")).unwrap_or_default().to_owned()
    };
    assert!(row(&screen).contains(" bob… "), "{}", screen.screen());
    line(&mut screen, "view unassigned");
    assert!(row(&screen).contains(" bob… "), "{}", screen.screen());
}

#[test]
fn the_cursor_is_the_six_cells_of_the_time_and_without_focus_they_are_underlined() {
    let desk = plain();
    let mut screen = desk.screen((140, 40));
    screen.keys("j").unwrap();
    let place = screen.app().geometry().list.unwrap();
    let with = |screen: &Harness, modifier: Modifier| {
        let buffer = screen.buffer().unwrap();
        let xs = (place.x..place.right()).filter(|x| buffer.cell((*x, 3)).unwrap().modifier.contains(modifier));
        xs.collect::<Vec<u16>>()
    };
    let tab: Vec<u16> = (place.x..place.x + 6).collect();
    assert_eq!(with(&screen, Modifier::REVERSED), tab);
    screen.keys("<enter>").unwrap();
    assert_eq!(with(&screen, Modifier::REVERSED), Vec::<u16>::new());
    assert_eq!(with(&screen, Modifier::UNDERLINED), tab);
}

#[test]
fn with_ascii_signs_every_cell_is_ascii_and_stands_where_it_stood() {
    for size in [(40, 12), (80, 24), (140, 40), (200, 50)] {
        for keys in ["", "<space><space>", "i", "<enter>", "r", "?", ":", "h", "O"] {
            let shown = |ascii| {
                let mut desk = plain();
                desk.ascii = ascii;
                let mut screen = desk.screen(size);
                if !keys.is_empty() {
                    screen.keys(keys).unwrap();
                }
                screen.buffer().unwrap().clone()
            };
            let (all, ascii) = (shown(false), shown(true));
            for (n, (sign, twin)) in all.content.iter().zip(&ascii.content).enumerate() {
                let at = (n % usize::from(size.0), n / usize::from(size.0));
                assert!(twin.symbol().is_ascii(), "{keys} at {size:?} {at:?}: {:?}", twin.symbol());
                let same = sign.symbol() == twin.symbol() || !sign.symbol().is_ascii();
                assert!(same, "{keys} at {size:?} {at:?}: {:?} {:?}", sign.symbol(), twin.symbol());
            }
        }
    }
}

#[test]
fn below_140_columns_h_lays_the_views_over_the_left_of_the_list() {
    let desk = plain();
    for size in [(40, 12), (80, 24), (120, 30)] {
        let mut screen = desk.screen(size);
        let before = screen.screen();
        screen.keys("h").unwrap();
        assert_eq!(screen.app().focus, Pane::Views);
        let over = screen.screen();
        assert!(over.starts_with(" For you             │"), "{over}");
        for (was, is) in before.lines().zip(over.lines()).skip(1).take(4) {
            let right = |line: &str| line.chars().skip(22).collect::<String>();
            assert_eq!(right(was), right(is), "{over}");
        }
        screen.keys("<esc>").unwrap();
        assert_eq!(screen.screen(), before);
        screen.keys("hjj<enter>").unwrap();
        assert_ne!(screen.app().shown_view(), Some(&View::Unassigned));
        assert_eq!(screen.app().focus, Pane::List);
    }
}

#[test]
fn the_views_stand_in_parts_and_tags_are_one_line_until_it_is_opened() {
    let desk = plain();
    let mut screen = desk.screen((140, 40));
    screen.keys("t").unwrap().text("vip").unwrap().keys("<enter>h").unwrap();
    let column = |screen: &Harness| {
        let lines = screen.screen();
        let lines = lines
            .lines()
            .filter(|line| line.contains('│'))
            .map(|line| line.split('│').next().unwrap_or_default().trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    let parts = column(&screen);
    let place = |name: &str| parts.iter().position(|line| line == name).unwrap_or_else(|| panic!("{name}: {parts:?}"));
    assert!(place("For you") < place("Queue") && place("Queue") < place("Inboxes"), "{parts:?}");
    assert!(parts.iter().any(|line| line.starts_with("+ Tags")), "{parts:?}");
    assert!(!parts.iter().any(|line| line.contains("#vip")), "{parts:?}");
    screen.keys("G<enter>").unwrap();
    assert!(column(&screen).iter().any(|line| line.contains("#vip")), "{:?}", column(&screen));
    screen.keys("j<enter>").unwrap();
    assert!(matches!(screen.app().shown_view(), Some(View::Tag(_))), "{:?}", screen.app().shown_view());
}

#[test]
fn an_empty_list_says_what_is_true_and_the_key_that_helps() {
    let desk = plain();
    let mut screen = desk.screen((80, 24));
    line(&mut screen, "view in-progress");
    assert!(screen.screen().contains("Nothing in In progress. / looks everywhere."), "{}", screen.screen());
    line(&mut screen, "view in-tray");
    assert!(screen.screen().contains("5 conversations are nobody's: 3 shows them."), "{}", screen.screen());
    screen.keys("/").unwrap().text("refnud").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("Nothing for refnud."), "{}", screen.screen());
}

#[test]
fn beside_the_list_it_says_what_keys_would_act_on_while_something_is_marked() {
    let desk = plain();
    let mut screen = desk.screen((140, 40));
    screen.keys("<space><space>").unwrap();
    assert!(screen.screen().contains("2 marked: 2 open, oldest"), "{}", screen.screen());
    screen.keys("<esc>").unwrap();
    assert!(!screen.screen().contains("2 marked"), "{}", screen.screen());
}

#[test]
fn a_wait_longer_than_nine_of_ten_of_the_teams_own_bears_a_sign_and_half_of_it_another() {
    let mut desk = Desk::empty();
    desk.sort = Sort::Waiting;
    let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    for n in 0..20_i64 {
        let (id, again) = (text(format!("w{n}@shop")), text(format!("a{n}@team")));
        let (from, subject) = ("Ana Lima <ana@lima.example>", text(format!("Question {n}")));
        let uid = u32::try_from(n).unwrap() * 2 + 1;
        desk.mail(uid, &Mail { id, from, subject, refs: "", ago: 10_000 + n * 10, body: "Hello?" });
        // Each is answered after a hundred minutes.
        let answer = Mail {
            id: again,
            from: "Support <support@team.example>",
            subject: text(format!("Re: Question {n}")),
            refs: id,
            ago: 9_900 + n * 10,
            body: "Yes.",
        };
        desk.mail(uid + 1, &answer);
    }
    let waits = [
        ("late@shop", "Late Lara <lara@shop.example>", 120),
        ("soon@shop", "Soon Sam <sam@shop.example>", 60),
        ("new@shop", "New Nia <nia@shop.example>", 10),
    ];
    for (n, (id, from, ago)) in waits.into_iter().enumerate() {
        desk.mail(100 + u32::try_from(n).unwrap(), &Mail { id, from, subject: "Help", refs: "", ago, body: "Help!" });
    }
    let screen = desk.screen((80, 24));
    let row = |name: &str| screen.screen().lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
    assert!(row("Late Lara").starts_with("!  2h "), "{}", screen.screen());
    assert!(row("Soon Sam").starts_with("~1h00 "), "{}", screen.screen());
    assert!(row("New Nia").starts_with("  10m "), "{}", screen.screen());
    assert_eq!(screen.app().usual_wait, Some(100 * 60_000));
}
