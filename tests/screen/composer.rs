//! Writing with the conversation in sight, by keys that need no Ctrl, and the look before it goes out.

use std::path::Path;

use postroom::app::{Event, Field};
use postroom::model::ids::MessageId;
use postroom::model::reply::OutState;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;

use super::seed::{Desk, Mail, look, replying};

const SIZES: [(u16, u16); 3] = [(80, 24), (140, 40), (40, 12)];

fn everywhere(name: &str, draw: impl Fn((u16, u16)) -> String) {
    for (columns, rows) in SIZES {
        insta::assert_snapshot!(format!("{name}_at_{columns}x{rows}"), draw((columns, rows)));
    }
}

/// A mail of the customer that comes in while the answer is written.
fn late(desk: &Desk) {
    desk.clock.advance(5_000);
    let late = Mail {
        id: "late@shop",
        from: "Ana Lima <ana@lima.example>",
        subject: "Re: Refund for order 4412",
        refs: "order@shop",
        ago: 0,
        body: "It is urgent, the courier comes at five!",
    };
    desk.mail(50, &late);
}

fn file(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join(name), text).unwrap();
}

fn body(screen: &Harness) -> String {
    screen.app().compose().unwrap().text()
}

#[test]
fn the_composer_the_fields_and_the_review_at_every_size() {
    everywhere("composer", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size);
        screen.text("Hello Ana,\n\na new lamp is on its way.").unwrap().screen()
    });
    everywhere("composer_with_fields", |size| {
        let desk = Desk::new();
        replying(&desk, size).keys("<esc>c").unwrap().text("mi").unwrap().screen()
    });
    everywhere("composer_keys", |size| {
        let desk = Desk::new();
        replying(&desk, size).text("A new lamp").unwrap().keys("<esc>").unwrap().screen()
    });
    everywhere("review", |size| {
        let desk = Desk::new();
        let mut screen = replying(&desk, size);
        late(&desk);
        look(&mut screen).text("Hello Ana, a new lamp is on its way.").unwrap().keys("<c-s>").unwrap().screen()
    });
}

/// Lets a colleague answer, and the own answer be stopped by that.
fn collided(desk: &Desk, size: (u16, u16)) -> Harness {
    let mut screen = replying(desk, size);
    screen.text("Hello Ana, your lamp goes out today.").unwrap().keys("<c-s><enter>").unwrap();
    desk.clock.advance(5_000);
    let theirs = "From: Support <support@team.example>\r\nTo: ana@lima.example\r\nSubject: Re: Refund for order 4412\r\n\
                  Message-ID: <theirs@team>\r\nIn-Reply-To: <order3@shop>\r\nReferences: <order3@shop>\r\n\
                  Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nDone, your money is on its way. Best, Bob\r\n";
    desk.raw_mail(60, theirs);
    let replied = Known::Replied { message: MessageId::new("theirs@team").unwrap(), then: None, hash: None };
    let target = Target::on(MessageId::new("order@shop").unwrap());
    desk.other("bob").commit(vec![NewOperation::new(replied, vec![target])]).map(drop).unwrap();
    desk.clock.advance(6_000);
    assert_eq!(desk.deliver(), 0);
    look(&mut screen);
    screen
}

#[test]
fn a_mail_that_was_stopped_stands_beside_what_stopped_it() {
    everywhere("collision", |size| {
        let desk = Desk::new();
        collided(&desk, size).keys("O<enter>").unwrap().screen()
    });
}

#[test]
fn each_key_of_a_stopped_mail_does_what_it_says() {
    let open = |desk: &Desk| {
        let mut screen = collided(desk, (80, 24));
        screen.keys("O<enter>").unwrap();
        assert!(screen.screen().contains("Done, your money is on its way."), "{}", screen.screen());
        assert!(screen.screen().contains("Hello Ana, your lamp goes out today."), "{}", screen.screen());
        screen
    };
    let desk = Desk::new();
    let mut screen = open(&desk);
    screen.keys("e").unwrap();
    assert!(body(&screen).starts_with("Hello Ana, your lamp"), "{}", screen.screen());
    let desk = Desk::new();
    open(&desk).keys("n").unwrap();
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Cancelled);
    let desk = Desk::new();
    open(&desk).keys("s").unwrap();
    assert_eq!(desk.deliver(), 1);
    let desk = Desk::new();
    let mut screen = open(&desk);
    screen.keys("dn").unwrap();
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Stopped, "only `y` discards");
    screen.keys("<enter><esc>").unwrap();
    assert_eq!(desk.store.outgoing().unwrap()[0].state, OutState::Stopped);
}

#[test]
fn the_message_that_is_answered_keeps_four_rows_in_sight_however_long_the_answer_gets() {
    for (columns, rows) in [(80, 24), (80, 30), (100, 30), (120, 24), (140, 40), (200, 50)] {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        screen.keys("<enter>r").unwrap();
        for _ in 0..24 {
            screen.keys("x<enter>").unwrap();
            let shown = screen.screen();
            let lines: Vec<&str> = shown.lines().collect();
            let find = |words: &str| lines.iter().position(|line| line.contains(words));
            let first = find("Here it is. The shade").unwrap_or_else(|| panic!("{columns}x{rows}:\n{shown}"));
            let head = lines[..first].iter().rposition(|line| line.contains("‹ Ana Lima")).unwrap();
            let end = if columns < 120 { find("Reply as").unwrap() } else { lines.len() - 2 };
            assert!(end - head >= 4, "{columns}x{rows}:\n{shown}");
        }
    }
}

#[test]
fn the_composer_grows_with_its_text_and_the_conversation_is_moved_by_its_own_keys() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    let at = |screen: &Harness| screen.screen().lines().position(|line| line.contains("Reply as")).unwrap();
    let before = at(&screen);
    screen.keys("a<enter>b<enter>c<enter>d<enter>e<enter>f<enter>g<enter>h<enter>i<enter>j<enter>k").unwrap();
    assert!(at(&screen) < before, "{}", screen.screen());
    let above = |screen: &Harness| screen.screen().lines().take(at(screen)).collect::<Vec<_>>().join("\n");
    let shown = above(&screen);
    screen.keys("<pgup>").unwrap();
    assert_ne!(above(&screen), shown);
    let text = body(&screen);
    screen.keys("<pgdn>").unwrap();
    assert_eq!(above(&screen), shown);
    assert_eq!(body(&screen), text);
}

#[test]
fn where_there_is_no_room_a_key_shows_the_conversation_and_any_letter_comes_back() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (40, 12));
    screen.text("Half").unwrap().keys("<pgup>").unwrap();
    insta::assert_snapshot!("reading_while_writing_at_40x12", screen.screen());
    assert!(!screen.screen().contains("Half"), "{}", screen.screen());
    screen.keys("<pgup><down><esc>").unwrap();
    assert!(screen.screen().contains("Half"), "{}", screen.screen());
    screen.keys("<pgup><space>").unwrap().text("!").unwrap();
    assert!(screen.screen().contains("Half!"), "{}", screen.screen());
    assert!(body(&screen).starts_with("Half!"));
}

#[test]
fn what_was_open_before_a_draft_of_another_conversation_comes_back() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen(size);
        screen.keys("r").unwrap().text("Kept").unwrap().keys("<esc><esc>").unwrap();
        screen.keys("j<enter>").unwrap();
        let (open, shown) = (screen.app().open.as_ref().unwrap().id.clone(), screen.screen());
        screen.keys("D<enter>").unwrap();
        assert!(screen.screen().contains("Here it is. The shade"), "{}", screen.screen());
        screen.keys("<esc><esc>").unwrap();
        assert_eq!(screen.app().open.as_ref().unwrap().id, open);
        let heading = |shown: &str| shown.lines().next().unwrap().to_owned();
        assert_eq!(heading(&screen.screen()), heading(&shown));
    }
}

#[test]
fn the_mail_goes_out_without_ctrl_in_three_keys_and_never_in_one() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.text("Yes.").unwrap().keys("<esc><enter><enter>").unwrap();
    assert_eq!(desk.store.outgoing().unwrap().len(), 1);
    let keymap = screen.app().around.keymap.clone();
    for context in [postroom::keymap::Context::Compose, postroom::keymap::Context::Mail] {
        let sends = |bound: &postroom::keymap::Bound| bound.name().starts_with("send");
        assert!(!keymap.bindings(context).iter().any(|(_, bound)| sends(bound)), "{context:?}");
    }
}

#[test]
fn every_key_of_the_mail_acts_and_any_other_letter_is_typed() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (140, 40));
    screen.text("ab").unwrap().keys("<esc>").unwrap();
    assert!(screen.hints().contains("<enter> send…"), "{}", screen.hints());
    screen.keys("z").unwrap();
    assert!(body(&screen).starts_with("abz"), "{}", screen.screen());
    screen.keys("<esc>i").unwrap().text("c").unwrap();
    assert!(body(&screen).starts_with("abzc"), "{}", screen.screen());
    screen.keys("<esc>x").unwrap();
    assert!(screen.screen().contains("> Here it is."), "{}", screen.screen());
    screen.keys("x").unwrap();
    assert!(!screen.screen().contains("> Here it is."), "{}", screen.screen());
    let whole = body(&screen);
    assert!(whole.contains("> Here it is."), "what is sent is whole: {whole}");
    screen.keys("q").unwrap();
    assert!(!body(&screen).contains("> Here it is."));
    screen.keys("qm").unwrap();
    assert!(screen.screen().contains("Markdown"), "{}", screen.screen());
    screen.keys("s").unwrap().text("!").unwrap().keys("<esc>b").unwrap().text("x@y.example").unwrap();
    let compose = screen.app().compose().unwrap();
    assert!(compose.subject.text().ends_with('!') && compose.bcc.text() == "x@y.example", "{compose:?}");
    screen.keys("<esc><esc>").unwrap();
    assert!(screen.app().layers.is_empty() && screen.status().contains("The draft is kept"), "{}", screen.screen());
}

#[test]
fn a_warning_stands_while_its_cause_does_and_tab_fills_in_one_after_the_other() {
    let desk = Desk::new();
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "x.md", "name: Address\n---\nyour order {order} leaves on {date.of_leaving}.\n");
    let mut screen = desk.screen_with_replies((80, 24), dir.path());
    screen.keys("r<esc>r<enter>").unwrap();
    assert!(screen.screen().contains("! 2 to fill in: {order} {date.of_leaving}"), "{}", screen.screen());
    screen.text("4440").unwrap();
    assert!(screen.screen().contains("your order 4440 leaves"), "{}", screen.screen());
    assert!(screen.screen().contains("! 1 to fill in: {date.of_leaving}"), "{}", screen.screen());
    screen.keys("<tab>").unwrap().text("30 Nov").unwrap();
    assert!(!screen.screen().contains("to fill in"), "{}", screen.screen());
    assert!(body(&screen).starts_with("your order 4440 leaves on 30 Nov."), "{}", body(&screen));
    screen.keys("<tab>").unwrap();
    assert_ne!(screen.app().compose().unwrap().field, postroom::app::Field::Body, "then the fields");
}

#[test]
fn typing_is_undone_word_by_word_a_saved_reply_at_once_and_the_kept_draft_follows() {
    let desk = Desk::new();
    let dir = tempfile::tempdir().unwrap();
    file(dir.path(), "x.md", "name: Hours\n---\nMonday to Friday.\n");
    let mut screen = desk.screen_with_replies((80, 24), dir.path());
    screen.keys("r").unwrap().text("one two three ").unwrap().keys("<c-r><enter>").unwrap();
    let own = |screen: &Harness| body(screen).lines().next().unwrap_or_default().to_owned();
    assert_eq!(own(&screen), "one two three Monday to Friday.");
    screen.keys("<c-u>").unwrap();
    assert_eq!(own(&screen), "one two three ");
    screen.keys("<c-u>").unwrap();
    assert_eq!(own(&screen), "one two ");
    screen.happen(Event::Paste("pasted words\nof two lines".into())).unwrap();
    screen.keys("<c-u><c-u><c-y><c-y>").unwrap();
    assert!(body(&screen).starts_with("one two pasted words\nof two lines"), "{}", body(&screen));
    screen.keys("<c-u><c-u><c-u><c-u><esc><esc>").unwrap();
    let kept = desk.store.drafts().unwrap();
    assert_eq!(kept.len(), 1, "an empty text is a draft all the same");
    assert!(kept[0].body.contains("> Here it is."), "{}", kept[0].body);
}

#[test]
fn addresses_are_completed_from_the_mail_that_is_here_and_a_stranger_is_told_once() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("c").unwrap().text("so").unwrap();
    assert!(screen.screen().contains("Mia South  mia@south.example  1 conversation, last 3d"), "{}", screen.screen());
    screen.keys("<tab>").unwrap();
    assert_eq!(screen.app().compose().unwrap().to.text(), "Mia South <mia@south.example>, ");
    // Whoever types the comma all the same has one.
    screen.text(", ber").unwrap().keys("<down><enter>").unwrap();
    let to = screen.app().compose().unwrap().to.text();
    assert_eq!(to, "Mia South <mia@south.example>, Jonas Berg <jonas@north.example>, ");
    screen.text(", new@nowhere.example").unwrap().keys("<tab>").unwrap();
    assert!(screen.screen().contains("! new@nowhere.example was never written to from here"), "{}", screen.screen());
    screen.keys("<esc>t").unwrap();
    assert!(!screen.screen().contains("was never written to"), "who looks at it has seen it: {}", screen.screen());
}

#[test]
fn what_came_under_a_draft_is_named_above_the_text_on_the_message_and_in_the_review_also_later() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (140, 40));
    screen.text("Half").unwrap().keys("<esc><esc>").unwrap();
    late(&desk);
    look(&mut screen).keys("r").unwrap();
    let words = "under your draft: “It is urgent, the courier comes at five!”";
    assert!(screen.screen().replace("\n", " ").contains("Ana Lima wrote at"), "{}", screen.screen());
    assert!(screen.screen().contains("· new under your draft"), "{}", screen.screen());
    screen.keys("<c-s>").unwrap();
    let flat = screen.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("under your draft:"), "{words}: {}", screen.screen());
    // The first key only points at it.
    screen.keys("<enter>").unwrap();
    assert!(screen.status().contains("Not sent: Ana Lima wrote at"), "{}", screen.status());
    assert!(desk.store.outgoing().unwrap().is_empty());
    screen.keys("<enter>").unwrap();
    assert_eq!(desk.store.outgoing().unwrap().len(), 1);
}

#[test]
fn a_key_to_send_that_was_on_its_way_when_the_review_came_up_is_not_taken() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.text("Yes.").unwrap().keys_at_once("<c-s><enter>").unwrap();
    assert!(desk.store.outgoing().unwrap().is_empty(), "{}", screen.screen());
    assert!(screen.status().contains("only just came up"), "{}", screen.status());
    desk.clock.advance(499);
    screen.keys_at_once("c").unwrap();
    assert!(desk.store.outgoing().unwrap().is_empty());
    desk.clock.advance(1);
    screen.keys_at_once("c").unwrap();
    assert_eq!(desk.store.outgoing().unwrap().len(), 1);
}

#[test]
fn the_review_names_whom_what_then_is_and_what_it_hides() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let next = screen.app().list.rows[1].clone();
    screen.keys("r").unwrap();
    screen.text("Hello Ana,\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten").unwrap();
    screen.keys("<c-s>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Send to Ana Lima?"), "{shown}");
    assert!(
        shown.contains(&format!("waiting for the customer · c closes: next {} {}", next.short, next.people)),
        "{shown}"
    );
    assert!(shown.contains("+ ") && shown.contains("quoted lines · <space> scrolls"), "{shown}");
    screen.keys("c").unwrap();
    assert_eq!(screen.app().current_row().unwrap().id, next.id, "what it says comes next does");
}

#[test]
fn the_editor_begins_where_the_cursor_is_and_the_hand_comes_back_there() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.text("one\ntwo\nthree").unwrap().keys("<up>").unwrap();
    screen.editor("To: a@b.example\nSubject: x\n\none\ntwo\nthree and four").keys("<esc>e").unwrap();
    let asked = screen.asked();
    let line = asked.edited[0].lines().nth(asked.edited_at[0] - 1).unwrap().to_owned();
    assert_eq!(line, "two", "{}", asked.edited[0]);
    screen.keys("i").unwrap().text("!").unwrap();
    assert!(body(&screen).starts_with("one\ntwo!"), "{}", body(&screen));
}

#[test]
fn the_rows_of_a_quoted_line_stand_in_one_column_behind_their_sign() {
    for size in [(80, 24), (140, 40), (40, 12)] {
        let desk = Desk::new();
        let mut screen = replying(&desk, size);
        screen.keys("<esc>x<down><down><down><down><down><down>").unwrap();
        let shown = screen.screen();
        let left = shown.lines().map(|line| line.split('│').next().unwrap_or_default().trim_end());
        let rows: Vec<&str> = left.filter(|line| line.trim_start().starts_with("> ")).collect();
        assert!(rows.len() >= 2, "{shown}");
        let column = |line: &&str| line.find(|c: char| c != '>' && c != ' ').unwrap();
        assert!(rows.iter().all(|line| column(line) == column(&rows[0])), "{shown}");
    }
}

#[test]
fn a_draft_is_kept_within_a_second_and_a_signal_keeps_it_with_its_fields() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.text("Half a").unwrap().keys("<esc>s").unwrap().text("!").unwrap();
    screen.happen(Event::Quit).unwrap();
    let draft = &desk.store.drafts().unwrap()[0];
    assert!(draft.body.starts_with("Half a") && draft.subject.ends_with('!'), "{draft:?}");
}

#[test]
fn what_is_typed_right_behind_the_key_that_answers_is_the_answer_and_no_command() {
    let desk = Desk::new();
    let before = super::wishes::records(&desk);
    let mut screen = desk.screen((80, 24));
    screen.text("rHe emits a line").unwrap();
    assert!(body(&screen).starts_with("He emits a line"), "{}", screen.screen());
    let acts = |desk: &Desk| {
        let all = super::wishes::records(desk);
        all.into_iter().filter(|(op, _)| !op.contains("replying") && !op.contains("lease")).collect::<Vec<_>>()
    };
    assert_eq!(acts(&desk), before);
    // A mail that is new begins with whom it goes to.
    let mut screen = desk.screen((80, 24));
    screen.text("ce").unwrap();
    assert_eq!(screen.app().compose().unwrap().to.text(), "e");
    assert_eq!(acts(&desk), before);
}

#[test]
fn a_paste_keeps_its_lines_whichever_way_the_terminal_ends_them() {
    for text in ["one\rtwo\rthree", "one\ntwo\nthree", "one\r\ntwo\r\nthree"] {
        let desk = Desk::new();
        let mut screen = replying(&desk, (80, 24));
        screen.happen(Event::Paste(text.to_owned())).unwrap();
        assert!(body(&screen).starts_with("one\ntwo\nthree"), "{text:?}: {:?}", body(&screen));
    }
}

/// What stands before the cursor in the author's own text.
fn before_cursor(screen: &Harness) -> String {
    let compose = screen.app().compose().unwrap();
    compose.text().split_at(compose.body.offset()).0.to_owned()
}

#[test]
fn a_mail_that_is_taken_back_has_the_cursor_where_it_stood_when_it_was_sent() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = replying(&desk, size);
        screen.text("A new lamp is on its way.").unwrap().keys("<left><left><left><left><c-s><enter>").unwrap();
        screen.keys("u").unwrap();
        assert_eq!(before_cursor(&screen), "A new lamp is on its ", "{}", screen.screen());
        screen.text("slow ").unwrap();
        assert!(screen.screen().contains("A new lamp is on its slow way."), "{}", screen.screen());
    }
}

#[test]
fn a_mail_that_another_screen_sent_comes_back_with_the_cursor_behind_ones_own_words() {
    let desk = Desk::new();
    replying(&desk, (80, 24)).text("A new lamp is on its way.").unwrap().keys("<c-s><enter>").unwrap();
    let mut screen = desk.screen((80, 24));
    screen.keys("O<enter>").unwrap();
    assert_eq!(before_cursor(&screen), "A new lamp is on its way.", "{}", screen.screen());
}

#[test]
fn up_on_the_first_line_of_the_text_stays_in_the_text() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen.text("Hello").unwrap().keys("<up><up>").unwrap().text("!").unwrap();
    let compose = screen.app().compose().unwrap();
    assert_eq!(compose.field, Field::Body);
    assert!(!compose.subject.text().contains('!'), "{}", compose.subject.text());
    screen.keys("<s-tab>").unwrap();
    assert_eq!(screen.app().compose().unwrap().field, Field::Subject, "the key that goes there is another");
}

#[test]
fn names_and_addresses_are_whole_before_it_is_said_how_many_mails_there_are() {
    let mail = Mail {
        id: "long@names",
        from: "Zacharias Oberleitner <zacharias.zimmer@oberleitner.example>",
        subject: "Hello",
        refs: "",
        ago: 30,
        body: "Hello.",
    };
    for (columns, counted) in [(80, false), (100, true)] {
        let desk = Desk::new();
        desk.mail(50, &mail);
        let mut screen = replying(&desk, (columns, 24));
        screen.keys("<esc>c").unwrap().text("zach").unwrap();
        let shown = screen.screen();
        let row = shown.lines().find(|line| line.contains("Zacharias")).unwrap_or_else(|| panic!("{shown}"));
        assert!(row.contains("Zacharias Oberleitner  zacharias.zimmer@oberleitner.example"), "{shown}");
        assert_eq!(row.contains("1 conversation"), counted, "{row}");
    }
}

#[test]
fn who_is_completed_in_cc_stays_parted_from_the_one_before() {
    let desk = Desk::new();
    let mut screen = replying(&desk, (80, 24));
    screen
        .keys("<esc>c")
        .unwrap()
        .text("mia")
        .unwrap()
        .keys("<tab>")
        .unwrap()
        .text("jonas")
        .unwrap()
        .keys("<tab>")
        .unwrap();
    let line = |screen: &Harness| screen.app().compose().unwrap().cc.text();
    assert_eq!(line(&screen), "Mia South <mia@south.example>, Jonas Berg <jonas@north.example>, ");
    screen.keys("<tab>").unwrap();
    assert_eq!(line(&screen), "Mia South <mia@south.example>, Jonas Berg <jonas@north.example>");
    assert_eq!(screen.app().compose().unwrap().whole().cc.len(), 2);
}
