use super::*;

fn by_answers(answers: &[&str], in_tmux: bool) -> ScreenOrder {
    let answers: Vec<String> = answers.iter().map(|answer| (*answer).to_owned()).collect();
    ScreenOrder::of(TerminalBidi::Auto, Terminal::named(&answers, in_tmux))
}

#[test]
fn each_terminal_is_drawn_for_as_it_was_seen_to_do() {
    for (answers, in_tmux, order, fences, joins) in [
        (vec!["XTerm(379)"], false, Order::Ours, false, true),
        (vec!["VTE(7006)"], false, Order::Ours, false, false),
        (vec!["Konsole 22.12.3"], false, Order::Words, true, false),
        (vec!["mlterm(3.9.0)"], false, Order::Words, true, false),
        (vec!["kitty(0.26.5)"], false, Order::Words, false, false),
        (vec!["tmux 3.3a", "VTE(7006)"], true, Order::Words, true, false),
        (vec!["tmux 3.3a", "XTerm(379)"], true, Order::Ours, false, true),
        (vec!["tmux 3.3a"], true, Order::Ours, false, false),
        (vec!["foot(1.13.1)"], false, Order::Ours, false, false),
        (vec!["xtermish 1"], false, Order::Ours, false, false),
        (vec![], false, Order::Ours, false, false),
    ] {
        assert_eq!(by_answers(&answers, in_tmux), ScreenOrder { order, fences, joins }, "{answers:?}");
    }
}

#[test]
fn the_setting_goes_before_what_the_terminal_is() {
    assert_eq!(ScreenOrder::of(TerminalBidi::Terminal, Some(Terminal::Plain)).order, Order::Terminal);
    assert_eq!(ScreenOrder::of(TerminalBidi::Words, None).order, Order::Words);
    let ours = ScreenOrder::of(TerminalBidi::Us, Some(Terminal::Reorders));
    // Where a terminal insists, columns are kept apart all the same.
    assert_eq!((ours.order, ours.fences), (Order::Ours, true));
}

#[test]
fn the_environment_tells_where_nobody_asks() {
    let of = |set: &[(&str, &str)]| {
        Terminal::of_environment(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into()))
    };
    assert_eq!(of(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7006")]), Some(Terminal::Vte));
    assert_eq!(of(&[("TERM", "tmux-256color"), ("VTE_VERSION", "7006"), ("TMUX", "/tmp/x")]), Some(Terminal::Reorders));
    assert_eq!(of(&[("TERM", "alacritty")]), Some(Terminal::Plain));
    assert_eq!(of(&[("TERM", "xterm-256color"), ("XTERM_VERSION", "XTerm(379)")]), Some(Terminal::Plain));
    assert_eq!(of(&[("TERM", "xterm-256color")]), None, "any terminal calls itself so");
}
