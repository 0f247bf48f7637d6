//! The screen in lines: seed, keys, lines.

use super::seed::Desk;

fn linear() -> Desk {
    let mut desk = Desk::new();
    desk.linear = true;
    desk
}

/// Returns the lines that were told since the last time.
fn lines(screen: &mut postroom::runtime::Harness) -> Vec<String> {
    let written = String::from_utf8(screen.written()).unwrap();
    assert!(written.chars().all(|c| !c.is_control() || c == '\r' || c == '\n'), "no box, no colour: {written:?}");
    assert!(!written.chars().any(|c| "│┌┐└┘─".contains(c)), "{written}");
    written.split("\r\n").map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

/// The lines of these keys, behind those of the beginning.
fn told(keys: &str) -> Vec<String> {
    let desk = linear();
    let mut screen = desk.screen((80, 24));
    lines(&mut screen);
    screen.keys(keys).unwrap();
    lines(&mut screen)
}

#[test]
fn the_list_is_told_and_each_step_by_one_sentence() {
    let desk = linear();
    let mut screen = desk.screen((80, 24));
    assert_eq!(
        lines(&mut screen),
        [
            "postroom.",
            "Unassigned, 7 conversations.",
            "Ana Lima. Refund for order 4412. waits 12 min. open. nobody. t1z9."
        ]
    );
    screen.keys("j").unwrap();
    assert_eq!(
        lines(&mut screen),
        ["> j", "Jonas Berg. Invoice 2026-118 has the wrong address. waits 1 h. open. nobody. fvmq."]
    );
    // Time alone tells nothing.
    screen.wait(60_000).unwrap();
    assert!(lines(&mut screen).is_empty());
}

#[test]
fn a_conversation_is_told_with_its_newest_message_and_the_others_by_their_keys() {
    let open = told("<enter>");
    assert!(open.contains(&"3 messages.".to_owned()), "{open:?}");
    assert!(open.iter().any(|line| line.contains("The shade has a crack")), "{open:?}");
    assert!(!open.iter().any(|line| line.contains("send us a photo of the lamp")), "only the newest: {open:?}");
    let earlier = told("<enter>K");
    assert!(earlier.iter().any(|line| line.contains("please send us a photo")), "{earlier:?}");
}

#[test]
fn a_reply_is_written_looked_over_and_sent_by_the_same_keys() {
    let desk = linear();
    let mut screen = desk.screen((80, 24));
    lines(&mut screen);
    screen.keys("r").unwrap();
    let begun = lines(&mut screen);
    assert!(begun.iter().any(|line| line.contains("ana@lima.example") && line.contains("quoted")), "{begun:?}");
    screen.text("Hello").unwrap();
    assert_eq!(lines(&mut screen), ["Hello"]);
    screen.keys("<c-s>").unwrap();
    let review = lines(&mut screen);
    assert!(review.iter().any(|line| line.contains("Hello")), "{review:?}");
    screen.keys("<enter>").unwrap();
    let _ = lines(&mut screen);
    assert_eq!(desk.store.outgoing().unwrap().len(), 1);
}

#[test]
fn notes_owners_tags_and_snoozes_are_told_by_what_they_did() {
    for (keys, says) in [
        ("ncall her<enter>", "Ana Lima t1z9: you noted: call her"),
        ("abo<enter>", "Ana Lima t1z9: you assigned this to bob"),
        ("tvip<enter>", "Ana Lima t1z9: you tagged this #vip"),
        ("zmon<space>9:00<enter>", "Ana Lima t1z9: you snoozed this until Mon 2026-11-23 09:00 UTC"),
        ("e", "Ana Lima t1z9: you closed this"),
        ("w", "Omar Said xtm8: yours until 10:10"),
    ] {
        let told = told(&keys.replace("call her", "call<space>her"));
        assert!(told.iter().any(|line| line.starts_with(says)), "{keys}: {told:?}");
    }
}

#[test]
fn what_is_typed_is_echoed_once_and_a_choice_is_told_with_its_place() {
    let desk = linear();
    let mut screen = desk.screen((80, 24));
    lines(&mut screen);
    screen.keys("a").unwrap();
    let opened = lines(&mut screen);
    assert!(opened.iter().any(|line| line.starts_with("Assign")), "{opened:?}");
    assert!(opened.last().unwrap().contains("1 of 5"), "{opened:?}");
    screen.text("bo").unwrap();
    let typed = lines(&mut screen);
    assert_eq!(typed[0], "bo");
    assert!(typed.last().unwrap().starts_with("bob, Bob Dale, 0 open. 1 of"), "{typed:?}");
}

#[test]
fn a_search_tells_what_it_found_and_the_keys_come_by_asking() {
    let search = told("/lamp<enter>");
    assert!(search.iter().any(|line| line.starts_with("/ lamp, ")), "{search:?}");
    let help = told("?");
    assert!(help.iter().any(|line| line.contains("r reply")), "{help:?}");
}

#[test]
fn a_page_is_told_once_and_then_what_is_new_of_it() {
    let desk = linear();
    let mut screen = desk.screen((80, 24));
    screen.keys("eL").unwrap();
    lines(&mut screen);
    screen.keys("<esc>").unwrap();
    let back = lines(&mut screen);
    assert_eq!(back[0], "> <esc>");
    assert!(back[1].contains("Ana Lima") || back[1].contains("Jonas Berg"), "{back:?}");
}

#[test]
fn an_empty_search_is_told_with_what_may_have_been_meant() {
    let search = told("/refnud<enter>");
    let words = "Nothing for refnud. Did you mean refund (1)? <enter> looks for that.";
    assert!(search.iter().any(|line| line == words), "{search:?}");
}

#[test]
fn signs_are_those_of_ascii_where_the_config_says_so() {
    let mut desk = linear();
    desk.ascii = true;
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let told = lines(&mut screen);
    assert!(told.iter().all(|line| line.is_ascii()), "{told:?}");
}

#[test]
fn the_head_of_a_message_is_told_without_the_gap_between_its_words() {
    let open = told("<enter>");
    let head = open.iter().find(|line| line.contains("Ana Lima") && line.contains("09:48")).unwrap();
    assert!(!head.contains("  "), "{head}");
}

#[test]
fn an_answer_is_told_once_and_what_comes_in_beside_it_too() {
    let desk = linear();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>r").unwrap().text("On its way.").unwrap().keys("<c-s>").unwrap();
    lines(&mut screen);
    screen.keys("<enter>").unwrap();
    let sent = lines(&mut screen);
    assert_eq!(sent.iter().filter(|line| *line == "On its way.").count(), 1, "{sent:?}");
    assert!(!sent.iter().any(|line| line.contains("The shade has a crack")), "that was told before: {sent:?}");
    // It stays the last while it is held, and what comes in stands above it.
    let mail = super::seed::Mail {
        id: "more@shop",
        from: "Ana Lima <ana@lima.example>",
        subject: "Re: Refund for order 4412",
        refs: "order@shop",
        ago: 1,
        body: "Are you there?",
    };
    desk.mail(77, &mail);
    screen.look().unwrap();
    let came = lines(&mut screen);
    assert_eq!(came.iter().filter(|line| *line == "Are you there?").count(), 1, "{came:?}");
    assert!(!came.iter().any(|line| line == "On its way."), "{came:?}");
    screen.wait(11_000).unwrap();
    desk.deliver();
    screen.look().unwrap();
    let left = lines(&mut screen);
    assert!(!left.iter().any(|line| line == "On its way." || line == "Are you there?"), "{left:?}");
}
