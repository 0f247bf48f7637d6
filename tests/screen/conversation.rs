//! The conversation: where one is in it, moving about, finding, and a message as it came.

use postroom::app::{Layer, Page, Pane, PromptKind};
use postroom::runtime::Harness;
use proptest::prelude::*;
use ratatui::style::Modifier;

use super::seed::Desk;

/// A conversation of so many mails of a customer and us by turns; each line names its mail.
pub(super) fn long(count: u32) -> Desk {
    let desk = Desk::empty();
    add(&desk, 1..=count, 12);
    desk
}

fn add(desk: &Desk, mails: std::ops::RangeInclusive<u32>, lines: u32) {
    for n in mails {
        let refs: String = (1..n).rev().take(20).map(|n| format!("<l{n:02}@x.example> ")).collect();
        let refs: String = refs.split_inclusive(' ').rev().collect();
        let ours = n % 3 == 0;
        let (from, to) = match ours {
            true => ("Support <support@team.example>", "ana@x.example"),
            false => ("Ana Lima <ana@x.example>", "support@team.example"),
        };
        let text: String = (1..=lines).map(|line| format!("Line {line} of mail {n:02}.\n")).collect();
        let mail = format!(
            "Message-ID: <l{n:02}@x.example>\nFrom: {from}\nTo: {to}\nSubject: Long\nReferences: {refs}\n\
             Date: Fri, 20 Nov 2026 09:{:02}:00 +0000\n\n{text}",
            n % 60
        );
        let (folder, role) = match ours {
            true => ("Sent", postroom::store::FolderRole::Sent),
            false => ("INBOX", postroom::store::FolderRole::Inbox),
        };
        desk.raw_mail_in(folder, role, n, &mail);
    }
}

fn on(screen: &Harness) -> String {
    screen.app().open.as_ref().unwrap().message().unwrap().id.to_string()
}

/// The cells that are drawn with a modifier, as text.
fn drawn(screen: &Harness, modifier: Modifier) -> String {
    let buffer = screen.buffer().unwrap();
    buffer.content.iter().filter(|cell| cell.modifier.contains(modifier)).map(|cell| cell.symbol()).collect()
}

fn head(screen: &Harness) -> String {
    screen.screen().lines().next().unwrap_or_default().to_owned()
}

/// All that a conversation can show.
pub(super) fn rich() -> Desk {
    let desk = Desk::empty();
    desk.raw_mail(
        1,
        "Message-ID: <r1@x.example>\nFrom: Marisol Vega <marisol@x.example>\nTo: support@team.example\n\
         Cc: Paul <paul@x.example>\nSubject: Bikes for the Harbour Lights festival\n\
         Date: Thu, 19 Nov 2026 08:00:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\nContent-Type: text/plain; charset=utf-8\n\n\
         We need eight cargo bikes for the weekend, and we would like to know whether your crew fetches them.\n\n\
         -- \nMarisol\nHarbour Lights\n\
         --b\nContent-Type: application/pdf; name=contract.pdf\nContent-Disposition: attachment; filename=contract.pdf\n\n\
         some bytes\n--b\nContent-Type: image/png; name=plan.png\nContent-Disposition: attachment; filename=plan.png\n\n\
         more bytes\n--b--\n",
    );
    desk.raw_mail_in(
        "Sent",
        postroom::store::FolderRole::Sent,
        2,
        "Message-ID: <r2@team.example>\nIn-Reply-To: <r1@x.example>\nReferences: <r1@x.example>\n\
         From: Support <support@team.example>\nTo: marisol@x.example\nSubject: Re: Bikes for the Harbour Lights festival\n\
         Date: Thu, 19 Nov 2026 09:00:00 +0000\n\n\
         If your crew fetches and returns the bikes, delivery falls away: 1,996.\n\nBob\n",
    );
    desk.raw_mail(
        3,
        "Message-ID: <r3@x.example>\nIn-Reply-To: <r2@team.example>\nReferences: <r1@x.example> <r2@team.example>\n\
         From: Marisol Vega <marisol@x.example>\nTo: support@team.example\n\
         Subject: Re: Bikes for the Harbour Lights festival\nDate: Fri, 20 Nov 2026 07:01:00 +0000\nMIME-Version: 1.0\n\
         Content-Type: multipart/alternative; boundary=c\n\n\
         --c\nContent-Type: text/plain; charset=utf-8\n\nThat we can do. Please look at the plan.\n\n\
         On Thu, 19 Nov 2026 at 09:00, Support wrote:\n> If your crew fetches and returns the bikes,\n\
         > delivery falls away: 1,996.\n\
         --c\nContent-Type: text/html; charset=utf-8\n\n<p>That we can do. Please look at \
         <a href=\"https://track.example/c?u=1\">festival.example.com/plan</a>.</p>\n--c--\n",
    );
    desk
}

#[test]
fn a_conversation_at_every_size() {
    for size in [(40, 12), (80, 24), (140, 40), (200, 50)] {
        let desk = rich();
        let mut screen = desk.screen(size);
        screen.keys("<enter>n").unwrap().text("Checked with the neighbours. @bob").unwrap().keys("<enter>i").unwrap();
        insta::assert_snapshot!(format!("rich_{}x{}", size.0, size.1), screen.screen());
        screen.keys("ggb").unwrap();
        insta::assert_snapshot!(format!("rich_top_{}x{}", size.0, size.1), screen.screen());
    }
}

#[test]
fn the_head_says_which_message_is_topmost_of_how_many() {
    let desk = long(45);
    let mut screen = desk.screen((80, 24));
    screen.keys("6<enter>gg").unwrap();
    assert!(head(&screen).ends_with("message 1/45"), "{}", head(&screen));
    screen.keys("JJ").unwrap();
    assert!(head(&screen).ends_with("message 3/45"), "{}", head(&screen));
    screen.happen(postroom::app::Event::Resize(40, 12)).unwrap();
    assert!(head(&screen).ends_with(" 3/45"), "{}", head(&screen));
    // Those that are not loaded count too.
    add(&desk, 46..=60, 1);
    let mut screen = desk.screen((80, 24));
    screen.keys("6<enter>gg").unwrap();
    assert!(head(&screen).ends_with("message 11/60"), "{}", screen.screen());
    assert!(screen.screen().contains("▴ 10 earlier, E loads them"), "{}", screen.screen());
    screen.keys("Egg").unwrap();
    assert!(head(&screen).ends_with("message 1/60"), "{}", screen.screen());
}

#[test]
fn braces_go_by_the_customers_messages_and_others_by_notes() {
    let desk = long(6);
    let mut screen = desk.screen((80, 24));
    screen.keys("6<enter>n").unwrap().text("the first note").unwrap().keys("<enter>n").unwrap();
    screen.text("the second note").unwrap().keys("<enter>gg").unwrap();
    assert_eq!(on(&screen), "l01@x.example");
    screen.keys("}}").unwrap();
    assert_eq!(on(&screen), "l04@x.example", "the third is ours");
    screen.keys("{").unwrap();
    assert_eq!(on(&screen), "l02@x.example");
    screen.keys("}}}").unwrap();
    assert_eq!(on(&screen), "l05@x.example");
    assert!(screen.status().contains("no message of the customer below"), "{}", screen.status());
    screen.keys("gggn").unwrap();
    assert!(screen.screen().contains("▎ the first note"), "{}", screen.screen());
    screen.keys("gn").unwrap();
    assert!(!screen.status().contains("no note below"), "{}", screen.status());
    screen.keys("gn").unwrap();
    assert!(screen.status().contains("no note below"), "{}", screen.status());
    screen.keys("gNgN").unwrap();
    assert!(screen.status().contains("no note above"), "{}", screen.status());
}

#[test]
fn where_a_note_fills_the_view_no_key_acts_on_a_message_that_is_not_seen() {
    let desk = long(4);
    let mut screen = desk.screen((40, 12));
    screen.keys("<enter>n").unwrap();
    for _ in 0..20 {
        screen.text("one line of a note").unwrap().keys("<c-j>").unwrap();
    }
    screen.keys("<enter>gggnjjj").unwrap();
    assert!(screen.screen().lines().filter(|line| line.starts_with('▎')).count() > 6, "{}", screen.screen());
    screen.keys("S").unwrap();
    assert!(screen.app().layers.is_empty(), "{}", screen.screen());
    assert!(screen.status().contains("no message is"), "{}", screen.status());
    screen.keys("KS").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Picker(_))), "{}", screen.screen());
}

#[test]
fn the_message_cursor_is_its_sign_turned_round_and_nothing_else() {
    let desk = long(6);
    let mut screen = desk.screen((80, 24));
    screen.keys("6<enter>gg").unwrap();
    assert_eq!(drawn(&screen, Modifier::REVERSED), "‹");
    screen.keys("JJ").unwrap();
    assert_eq!(drawn(&screen, Modifier::REVERSED), "›");
}

#[test]
fn words_are_found_as_they_are_typed_and_walked_until_escape() {
    let desk = rich();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>gg/").unwrap().text("BIKES").unwrap();
    assert!(screen.screen().contains(" 2 hits, 1 more in what is folded"), "{}", screen.screen());
    screen.keys("<enter>").unwrap();
    assert!(head(&screen).contains("hit 1/2 · message 1/3"), "{}", head(&screen));
    assert!(drawn(&screen, Modifier::REVERSED).contains("bikes"), "{}", screen.screen());
    assert!(screen.hints().starts_with("n next hit  N hit before  <esc> end"), "{}", screen.hints());
    screen.keys("n").unwrap();
    assert!(head(&screen).contains("hit 2/2"), "{}", head(&screen));
    assert_eq!(on(&screen), "r2@team.example");
    assert!(drawn(&screen, Modifier::UNDERLINED).contains("bikes"), "{}", screen.screen());
    screen.keys("n").unwrap();
    assert!(head(&screen).contains("hit 1/2"), "it goes around: {}", head(&screen));
    screen.keys("N").unwrap();
    assert!(head(&screen).contains("hit 2/2"), "{}", head(&screen));
    insta::assert_snapshot!("found_80x24", screen.screen());
    screen.keys("<esc>").unwrap();
    assert_eq!(screen.app().focus, Pane::Conversation);
    assert!(!head(&screen).contains("hit"), "{}", head(&screen));
    screen.keys("n").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Note));
}

#[test]
fn keys_typed_ahead_walk_hits_that_are_not_drawn_yet() {
    let desk = rich();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>gg").unwrap();
    for key in postroom::keymap::parse_keys("/bikes<enter>").unwrap() {
        screen.engine.app.update(postroom::app::Event::Key(key));
    }
    screen.engine.app.update(postroom::app::Event::Key(postroom::keymap::Key::char('n')));
    screen.wait(1).unwrap();
    assert!(screen.app().layers.is_empty(), "{}", screen.screen());
    assert!(head(&screen).contains("hit 2/2"), "{}", screen.screen());
}

#[test]
fn a_hit_in_folded_text_alone_is_shown_and_one_that_is_nowhere_is_told() {
    let desk = rich();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>/").unwrap().text("harbour lights").unwrap().keys("<enter>").unwrap();
    assert!(head(&screen).contains("hit 1/1"), "{}", screen.screen());
    assert!(screen.screen().contains("  Harbour Lights"), "{}", screen.screen());
    screen.keys("<esc>/").unwrap().text("submarine").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("! not in this conversation"), "{}", screen.screen());
    assert!(matches!(screen.app().layers.last(), Some(Layer::Prompt(_))));
    screen.keys("<esc>").unwrap();
    assert!(screen.app().layers.is_empty() && screen.app().focus == Pane::Conversation);
}

#[test]
fn what_a_search_finds_by_another_form_of_a_word_is_a_hit_in_the_conversation() {
    let desk = Desk::empty();
    let mail = |n: u32, text: &str| {
        desk.raw_mail(
            n,
            &format!(
                "Message-ID: <f{n}@x.example>\nFrom: Ana <ana@x.example>\nTo: support@team.example\nSubject: Mail {n}\n\
                 Date: Fri, 20 Nov 2026 09:00:00 +0000\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
                 Content-Transfer-Encoding: 8bit\n\n{text}\n"
            ),
        );
    };
    mail(1, "Die Größe passt nicht.");
    mail(2, "Siparişimi hâlâ almadım.\n\nKargolar geldi mi?");
    for (typed, shown) in [("groesse", "Größe"), ("kargo", "Kargolar"), ("sipariş", "Siparişimi")] {
        let mut screen = desk.screen((80, 24));
        screen.keys("/").unwrap().text(typed).unwrap().keys("<enter><enter>").unwrap();
        assert!(head(&screen).contains("hit 1/1"), "{typed}: {}", screen.screen());
        assert!(drawn(&screen, Modifier::REVERSED).contains(shown), "{typed}: {}", screen.screen());
        screen.keys("<esc>/").unwrap().text(typed).unwrap().keys("<enter>").unwrap();
        assert!(head(&screen).contains("hit 1/1"), "typed {typed}: {}", screen.screen());
    }
}

#[test]
fn a_slash_twice_searches_everywhere_and_a_slash_in_words_is_one() {
    let desk = rich();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>//").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Search));
    screen.keys("<esc>/").unwrap().text("and/or").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Find));
}

#[test]
fn a_search_opens_a_conversation_at_its_first_hit_also_where_that_is_not_loaded_at_first() {
    let desk = long(60);
    add(&desk, 61..=61, 1);
    let mut screen = desk.screen((80, 24));
    screen.keys("/").unwrap().text("\"mail 03\"").unwrap().keys("<enter><enter>").unwrap();
    assert!(head(&screen).contains("hit 1/12 · message"), "{}", screen.screen());
    assert_eq!(on(&screen), "l03@x.example");
    assert!(drawn(&screen, Modifier::REVERSED).contains("mail 03"), "{}", screen.screen());
    screen.keys("<esc><esc>").unwrap();
    assert_eq!(screen.app().focus, Pane::List);
    // A search without words has nothing to show.
    screen.keys("/<c-u>").unwrap().text("is:active").unwrap().keys("<enter><enter>").unwrap();
    assert!(!head(&screen).contains("hit"), "{}", screen.screen());
    assert!(screen.screen().contains("mail 61"), "the newest: {}", screen.screen());
}

#[test]
fn headers_are_shown_then_all_of_a_message_and_nothing_in_it_reaches_the_terminal() {
    let desk = Desk::empty();
    desk.raw_mail(
        1,
        "Message-ID: <h@x.example>\nReceived: from a.example\n\tby b.example\nX-Evil: \u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}end\n\
         From: Ana <ana@x.example>\nTo: support@team.example\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\n=20Hello =E2=82=AC\n",
    );
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>H").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Received: from a.example") && shown.contains("        by b.example"), "{shown}");
    assert!(shown.contains("Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=") && !shown.contains("=20Hello"), "{shown}");
    assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']) && !shown.contains("owned"), "{shown}");
    insta::assert_snapshot!("headers_80x24", shown);
    screen.keys("H").unwrap();
    assert!(screen.screen().contains("=20Hello =E2=82=AC"), "{}", screen.screen());
    insta::assert_snapshot!("as_it_came_80x24", screen.screen());
    screen.keys("H").unwrap();
    assert!(!screen.screen().contains("=20Hello"), "{}", screen.screen());
    screen.keys("<esc>").unwrap();
    assert!(screen.app().layers.is_empty() && screen.app().focus == Pane::Conversation);
}

#[test]
fn of_a_large_message_the_beginning_is_shown_and_its_end_says_so() {
    let desk = Desk::empty();
    let lines = "0123456789".repeat(7) + "\n";
    desk.raw_mail(
        1,
        &format!(
            "Message-ID: <big@x.example>\nFrom: Ana <ana@x.example>\nTo: support@team.example\nSubject: Big\n\n{}{}\n",
            lines.repeat(12_000),
            "x".repeat(5_000)
        ),
    );
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>HHG").unwrap();
    assert!(screen.screen().contains("… 524 KB of 869 KB are shown"), "{}", screen.screen());
    let Some(Layer::Page(Page::Source { scroll, .. })) = screen.app().layers.last() else { panic!() };
    let end = *scroll;
    screen.keys("k").unwrap();
    let Some(Layer::Page(Page::Source { scroll, .. })) = screen.app().layers.last() else { panic!() };
    assert_eq!(*scroll, end - 1, "the end is the last line");
}

#[test]
fn of_a_message_that_is_not_here_the_headers_are_shown() {
    let desk = Desk::empty();
    desk.headers(1, "Message-ID: <p@x.example>\nFrom: Ana <ana@x.example>\nTo: support@team.example\nSubject: Large");
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>H").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Subject: Large") && shown.contains("only its headers are here"), "{shown}");
}

#[test]
fn the_address_stands_beside_a_name_that_is_new_or_that_another_address_bears() {
    let desk = Desk::empty();
    let mail = |uid: u32, from: &str, refs: &str| {
        desk.raw_mail(
            uid,
            &format!(
                "Message-ID: <n{uid}@x.example>\nFrom: {from}\nTo: support@team.example\nSubject: Names\n{refs}\
                 Date: Fri, 20 Nov 2026 09:0{uid}:00 +0000\n\nText {uid}.\n"
            ),
        );
    };
    let refs = "References: <n1@x.example>\n";
    mail(1, "Ana Lima <ana@x.example>", "");
    mail(2, "Ana Lima <ana@x.example>", refs);
    mail(3, "Ana Lima <ana@evil.example>", refs);
    mail(4, "\"ana@x.example\" <other@evil.example>", refs);
    let mut screen = desk.screen((80, 30));
    screen.keys("<enter>gg").unwrap();
    let shown = screen.screen();
    let heads: Vec<&str> = shown.lines().filter(|line| line.starts_with('‹')).collect();
    assert!(heads[0].starts_with("‹ Ana Lima <ana@x.example> "), "{shown}");
    assert!(heads[1].starts_with("‹ Ana Lima    "), "{shown}");
    assert!(heads[2].starts_with("‹ Ana Lima <ana@evil.example> "), "{shown}");
    assert!(heads[3].contains("<other@evil.example>"), "{shown}");
}

#[test]
fn whom_a_mail_of_ours_went_to_is_said_where_that_is_nobody_who_wrote_here() {
    let desk = long(3);
    desk.raw_mail_in(
        "Sent",
        postroom::store::FolderRole::Sent,
        40,
        "Message-ID: <elsewhere@team.example>\nFrom: Support <support@team.example>\nTo: mallory@y.example\nSubject: Long\n\
         References: <l01@x.example>\nDate: Fri, 20 Nov 2026 09:50:00 +0000\n\nElsewhere.\n",
    );
    let mut screen = desk.screen((80, 60));
    screen.keys("6<enter>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("to mallory@y.example") && !shown.contains("to ana@x.example"), "{shown}");
}

#[test]
fn mail_bears_the_agents_name_where_the_inbox_wants_that_in_the_composer_the_review_and_the_sent_mail() {
    let mut desk = Desk::new();
    let mut team = (*desk.store.team()).clone();
    let pattern = postroom::model::sender_name::SenderName::parse("{agent} at {inbox}").unwrap();
    team.sender_names = team.inboxes.iter().map(|inbox| (inbox.id.clone(), pattern.clone())).collect();
    let author = desk.store.author().clone();
    let options = postroom::store::StoreOptions { author, team, history_after: i64::MAX };
    desk.store = postroom::store::Store::open(desk.dir(), options).unwrap();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("A new lamp is on its way.").unwrap();
    let from = "Alice Moor at support <support@team.example>";
    let head = "Reply as Alice Moor at support · support@team.example";
    assert!(screen.screen().contains(head), "{}", screen.screen());
    screen.keys("<c-s>").unwrap();
    assert!(screen.screen().contains(from), "{}", screen.screen());
    screen.keys("<enter>").unwrap();
    desk.clock.advance(11_000);
    let outgoing = desk.store.outgoing().unwrap();
    assert_eq!(desk.deliver(), 1);
    let sent = desk.store.raw(&outgoing[0].message_id).unwrap().unwrap();
    assert!(
        String::from_utf8_lossy(&sent).contains(&format!("From: {from}\r\n")),
        "{}",
        String::from_utf8_lossy(&sent)
    );
    screen.happen(postroom::app::Event::StoreChanged(postroom::model::change::Change::Everything)).unwrap();
    screen.keys("<enter>G").unwrap();
    assert!(screen.screen().lines().any(|line| line.starts_with("› Alice Moor   ")), "{}", screen.screen());
}

#[test]
fn a_digit_opens_a_file_or_a_link_and_all_files_can_be_saved() {
    let desk = rich();
    let dir = tempfile::tempdir().unwrap();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>ggA").unwrap();
    insta::assert_snapshot!("files_80x24", screen.screen());
    screen.keys("2").unwrap();
    assert!(matches!(screen.app().chosen_files.as_slice(), [(_, 1)]), "{:?}", screen.app().chosen_files);
    screen.keys("<esc>A").unwrap().text("save all").unwrap().keys("<enter><c-u>").unwrap();
    screen.text(dir.path().to_str().unwrap()).unwrap().keys("<enter>").unwrap();
    for _ in 0..2_000 {
        if screen.status().contains("Saved 2 files") {
            break;
        }
        screen.wait(1).unwrap();
    }
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 2, "{}", screen.status());
    screen.keys("Gbo").unwrap();
    screen.keys("1").unwrap();
    assert_eq!(screen.asked().opened, ["https://track.example/c?u=1"]);
}

#[test]
fn what_is_cut_ends_in_the_sign_for_that() {
    let desk = Desk::empty();
    let name = "Bartholomew Montgomery of the Honourable Company of Lamp Makers and Sellers";
    desk.raw_mail(
        1,
        &format!(
            "Message-ID: <cut@x.example>\nFrom: {name} <b@x.example>\nTo: support@team.example\n\
             Subject: {}\n\nText.\n",
            "A very long subject 東京都 ".repeat(9)
        ),
    );
    for size in [(40, 12), (80, 24), (140, 40)] {
        let mut screen = desk.screen(size);
        screen.keys("<enter>").unwrap();
        let places = screen.app().geometry().conversation.unwrap();
        let row = |y: usize| -> String {
            let shown = screen.screen();
            let line = shown.lines().nth(y).unwrap_or_default().to_owned();
            if places.x == 0 { line } else { line.rsplit('│').next().unwrap_or_default().to_owned() }
        };
        assert!(row(0).contains("… "), "{size:?}: {}", row(0));
        let head = (2..9).map(row).find(|row| row.starts_with('‹')).unwrap();
        assert!(head.contains("… ") && head.trim_end().ends_with("10:00"), "{size:?}: {head}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn the_message_under_the_cursor_is_in_view_whatever_is_scrolled(
        keys in proptest::collection::vec(0usize..14, 1..30),
        size in prop_oneof![Just((40u16, 12u16)), Just((80, 24)), Just((140, 40))],
    ) {
        const KEYS: [&str; 14] =
            ["j", "k", "<space>", "<c-u>", "gg", "G", "J", "K", "}", "{", "x", "/line<space>7<enter>", "/line<space>3<enter>n", "/mail<space>0<enter>NN<esc>"];
        let desk = long(14);
        let mut screen = desk.screen(size);
        screen.keys("<enter>").unwrap();
        for key in keys {
            screen.keys(KEYS[key]).unwrap();
            let id = on(&screen);
            let number = id.get(1..3).unwrap();
            let shown = screen.screen();
            let seen = shown.contains(&format!("of mail {number}.")) || drawn(&screen, Modifier::REVERSED).contains(['‹', '›']);
            prop_assert!(seen, "{} after {}:\n{}", id, KEYS[key], shown);
        }
    }
}
