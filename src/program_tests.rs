use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

fn sh(line: &str) -> Program {
    Program::new(["sh", "-c", line])
}

#[test]
fn a_program_gets_its_words_as_they_are_and_its_input() {
    let ended = Program::new(["printf", "%s|", "a b", "$HOME", "; true"]).run();
    assert_eq!((ended.end, ended.stdout.as_slice()), (End::Well, b"a b|$HOME|; true|".as_slice()));
    let ended = Program::new(["cat"]).input("{\"a\":1}").run();
    assert_eq!(ended.stdout, b"{\"a\":1}");
}

#[test]
fn a_program_gets_a_short_list_of_variables() {
    let ended = Program::new(["env"]).variable("POSTROOM_EVENT", "new").run();
    let text = String::from_utf8(ended.stdout).unwrap();
    let names: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    // Tests run with these of cargo.
    assert!(std::env::vars().any(|(name, _)| name.starts_with("CARGO")));
    assert!(!names.iter().any(|name| name.starts_with("CARGO")), "{names:?}");
    assert!(names.contains(&"PATH") && names.contains(&"POSTROOM_EVENT"));
    assert!(
        Program::new(["env"]).of_session().gets("XDG_RUNTIME_DIR") && !Program::new(["env"]).gets("XDG_RUNTIME_DIR")
    );
}

#[test]
fn how_a_program_ended_is_told_with_its_last_line() {
    let ended = sh("echo one >&2; printf '\\033[31mtwo\\n\\n' >&2; exit 3").run();
    assert_eq!(ended.end, End::Status(3));
    let why = crate::text::render(&ended.why().unwrap());
    assert!(why.starts_with("it ended with status 3: ") && why.ends_with("two") && !why.contains('\u{1b}'), "{why:?}");
    assert_eq!(sh("kill -9 $$").run().end, End::Signal(9));
    assert!(matches!(Program::new(["/no/such/program"]).run().end, End::NotStarted(_)));
    assert!(matches!(Program::new([""; 0]).run().end, End::NotStarted(_)));
    assert_eq!(sh("true").run().why(), None);
}

#[test]
fn output_is_kept_up_to_its_bound_and_read_to_its_end() {
    let ended = sh("head -c 1000000 /dev/zero; echo end >&2").output_max(1000).run();
    assert_eq!((ended.end, ended.stdout.len(), ended.cut), (End::Well, 1000, true));
    assert_eq!(ended.stderr, b"end\n");
}

#[test]
fn a_program_that_reads_nothing_of_a_long_input_ends_well() {
    assert_eq!(sh("exec true").input(vec![b'x'; 1 << 20]).run().end, End::Well);
}

/// Tells whether anything of a group still runs.
fn lives(group: i32) -> bool {
    rustix::process::test_kill_process_group(Pid::from_raw(group).unwrap()).is_ok()
}

#[test]
fn all_that_a_program_started_is_killed_at_its_limit() {
    // The shell's number is its group's.
    let ended = sh("echo $$; sleep 600 & sleep 600").limit(Duration::from_millis(300)).run();
    assert_eq!(ended.end, End::Slow(Duration::from_millis(300)));
    let group: i32 = String::from_utf8(ended.stdout).unwrap().trim().parse().unwrap();
    // What was killed is gone once whoever inherited it has waited for it.
    while lives(group) {
        std::thread::yield_now();
    }
}

#[test]
fn what_a_program_leaves_running_does_not_hold_it_up() {
    let ended = sh("echo $$; sleep 600 &").limit(Duration::from_secs(60)).run();
    assert_eq!(ended.end, End::Well);
    let group: i32 = String::from_utf8(ended.stdout).unwrap().trim().parse().unwrap();
    while lives(group) {
        std::thread::yield_now();
    }
}

#[test]
fn a_program_is_killed_when_the_work_is_stopped() {
    let asked = Arc::new(AtomicBool::new(false));
    let stop = Stop::when({
        let asked = Arc::clone(&asked);
        // The first question is asked while it runs.
        move || asked.swap(true, Ordering::SeqCst)
    });
    assert_eq!(sh("sleep 600").limit(Duration::from_secs(60)).until(stop).run().end, End::Stopped);
}

#[test]
fn a_line_is_parted_into_words_and_nothing_is_expanded() {
    let of = |line| words(line).unwrap();
    assert_eq!(of("a  'b c' \"d \\\"e\" f\\ g $HOME *"), ["a", "b c", "d \"e", "f g", "$HOME", "*"]);
    assert_eq!(of("a '' x'y'z"), ["a", "", "xyz"]);
    assert_eq!((words("a 'b"), words("a \\"), of("  ")), (None, None, Vec::new()));
}
