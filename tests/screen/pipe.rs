//! Mail given to a command.

use postroom::app::{Layer, Page};
use postroom::runtime::Harness;

use super::seed::Desk;

fn piping(desk: &Desk, size: (u16, u16), before: &str, command: &str) -> Harness {
    let mut screen = desk.screen(size);
    screen.keys(&format!("{before}|")).unwrap().text(command).unwrap().keys("<enter>").unwrap();
    screen
}

#[test]
fn what_a_command_makes_of_the_message_is_shown_with_how_it_ended() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let screen = piping(&desk, (columns, rows), "<enter>K", "grep -i ^subject; echo oops >&2; exit 3");
        insta::assert_snapshot!(format!("a_command_that_failed_{columns}x{rows}"), screen.screen());
    }
}

#[test]
fn in_a_conversation_it_is_the_message_under_the_cursor_and_in_the_list_the_newest() {
    let desk = Desk::new();
    let read = "sed -n 's/^Message-ID: //p' | tr -d '\\r'";
    for (before, id) in [("", "<order3@shop>"), ("<enter>", "<order3@shop>"), ("<enter>gg", "<order@shop>")] {
        let screen = piping(&desk, (100, 24), before, read);
        assert!(screen.screen().contains(id), "{before}: {}", screen.screen());
    }
}

#[test]
fn of_what_is_marked_all_mails_go_to_it_as_one_mbox_and_the_line_may_be_typed_whole() {
    let desk = Desk::new();
    let screen = piping(&desk, (100, 24), "<space><space>", "grep -c '^From '");
    assert!(screen.screen().contains("It read 4 mails and ended well."), "{}", screen.screen());
    assert!(screen.app().marks.is_empty());
    let mut screen = desk.screen((100, 24));
    screen.keys(":").unwrap().text("pipe wc -c").unwrap().keys("<enter>").unwrap();
    assert!(matches!(screen.app().layers.last(), Some(Layer::Page(Page::Piped { piped: Some(_), .. }))));
    screen.keys("<esc>").unwrap();
    assert!(screen.app().layers.is_empty());
}

#[test]
fn nothing_that_a_command_prints_steers_the_terminal_and_a_long_text_is_scrolled() {
    let desk = Desk::new();
    let mut screen = piping(&desk, (80, 24), "", "printf 'a\\033]52;c;x\\007b\\n'; seq 100");
    let printed = screen.screen().lines().skip(1).collect::<Vec<_>>().join("\n");
    assert!(printed.contains(" ab\n") && !printed.contains("]52"), "{printed}");
    screen.keys("G").unwrap();
    assert!(screen.screen().contains("100"), "{}", screen.screen());
    assert!(!screen.hints().contains("j "), "the end is in view: {}", screen.hints());
}

#[test]
fn without_a_command_nothing_is_run_and_that_is_said() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("|<enter>").unwrap();
    assert!(screen.screen().contains("type the command"), "{}", screen.screen());
    screen.keys("<esc>").unwrap();
    assert!(screen.app().layers.is_empty());
}

#[test]
fn a_command_that_goes_wrong_says_how_and_the_screen_goes_on() {
    // A line of the shell, and what the page says of it.
    let cases: [(&str, &[&str]); 7] = [
        ("no-such-command-here", &["no command of that name (status 127)"]),
        ("/etc/passwd", &["can't be run (status 126)"]),
        ("exit 4", &["it ended with status 4", "It printed nothing."]),
        ("kill -TERM $$", &["it ended by signal 15 (TERM)", "It printed nothing."]),
        ("sh -c 'kill -9 $$'; exit $?", &["it ended by signal 9 (KILL)"]),
        ("exec <&-; echo read nothing", &["It read a mail and ended well.", "read nothing"]),
        ("echo 'it has no end", &["it ended with status 2", "It said beside that:"]),
    ];
    let desk = Desk::new();
    for (line, said) in cases {
        let mut screen = piping(&desk, (120, 24), "", line);
        let shown = screen.screen();
        assert!(said.iter().all(|words| shown.contains(words)), "{line}: {shown}");
        screen.keys("<esc>").unwrap();
        assert!(screen.app().layers.is_empty(), "{line}: {}", screen.screen());
    }
}

#[test]
fn of_a_hundred_megabytes_the_beginning_is_shown_and_that_there_is_more() {
    let desk = Desk::new();
    for line in ["head -c 100000000 /dev/zero | tr '\\0' 'x'", "yes | head -c 100000000"] {
        let mut screen = piping(&desk, (80, 24), "", line);
        let shown = screen.screen();
        assert!(
            shown.contains("It read a mail and ended well.") && shown.contains("It printed more"),
            "{line}: {shown}"
        );
        screen.keys("Gk").unwrap();
        assert!(
            screen.screen().lines().nth(4).is_some_and(|row| row.contains(['x', 'y'])),
            "{line}: {}",
            screen.screen()
        );
        screen.keys("<esc>").unwrap();
    }
}

#[test]
fn what_a_command_leaves_running_is_not_waited_for() {
    let desk = Desk::new();
    let screen = piping(&desk, (100, 24), "", "sleep 600 & echo begun");
    assert!(screen.screen().contains("begun"), "{}", screen.screen());
}
