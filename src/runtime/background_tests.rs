use proptest::prelude::*;

use super::*;
use crate::keymap::parse_keys;
use crate::theme::floor::Rgb;

/// Returns the keys that the library that reads the terminal makes of bytes.
fn keys(bytes: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut chars = bytes.chars().peekable();
    while let Some(c) = chars.next() {
        keys.push(match c {
            '\x1b' => match chars.next() {
                Some(next) => Key { alt: true, ..Key::char(next) },
                None => Key::plain(Code::Esc),
            },
            '\x07' => BEL,
            c => Key::char(c),
        });
    }
    keys
}

/// Puts keys through, and after them a rest; returns what came out.
fn through(keys: &[Key]) -> (Vec<Key>, Vec<Rgb>) {
    let mut answers = Answers::default();
    let mut out: Vec<Event> = keys.iter().flat_map(|key| answers.take(Event::Key(*key))).collect();
    out.extend((0..=RESTS_MAX).flat_map(|_| answers.rest()));
    let (mut typed, mut grounds) = (Vec::new(), Vec::new());
    for event in out {
        match event {
            Event::Key(key) => typed.push(key),
            Event::Ground(ground) => grounds.push(ground),
            other => panic!("{other:?}"),
        }
    }
    (typed, grounds)
}

#[test]
fn an_answer_is_a_background_and_no_key_whichever_way_it_ends() {
    for end in ["\x07", "\x1b\\"] {
        let answer = keys(&format!("\x1b]11;rgb:1e1e/1e1e/2e2e{end}"));
        assert_eq!(through(&answer), (vec![], vec![[0x1e, 0x1e, 0x2e]]));
    }
    // Inside tmux both questions may be answered.
    let twice = keys("\x1b]11;rgb:00/00/00\x07\x1b]11;rgb:00/00/00\x1b\\");
    assert_eq!(through(&twice), (vec![], vec![[0; 3], [0; 3]]));
}

#[test]
fn what_is_typed_around_an_answer_goes_on_in_its_order() {
    let mut all = keys("jj");
    all.extend(keys("\x1b]11;rgb:ffff/ffff/ffff\x07"));
    all.extend(keys("ex"));
    assert_eq!(through(&all), (keys("jjex"), vec![[255; 3]]));
}

#[test]
fn an_answer_in_two_packets_is_no_key_though_its_escape_came_alone() {
    let mut split = vec![Key::plain(Code::Esc)];
    split.extend(keys("]11;rgb:0000/2b2b/3636"));
    split.push(Key::plain(Code::Esc));
    split.push(Key::char('\\'));
    assert_eq!(through(&split), (vec![], vec![[0, 0x2b, 0x36]]));
}

#[test]
fn an_answer_that_is_broken_off_or_no_colour_is_no_key_either() {
    assert_eq!(through(&keys("\x1b]11;rgb:1e1e/1e")), (vec![], vec![]));
    assert_eq!(through(&keys("\x1b]11;?\x07")).1, Vec::<Rgb>::new());
    assert_eq!(through(&keys("\x1b]11;rgb:zz/zz/zz\x07")), (vec![], vec![]));
    // A key that comes into a broken answer is a key.
    let mut broken = keys("\x1b]11;rgb:1e1e");
    broken.push(Key::plain(Code::Down));
    assert_eq!(through(&broken), (vec![Key::plain(Code::Down)], vec![]));
}

#[test]
fn a_colour_that_comes_slowly_is_waited_for() {
    let mut answers = Answers::default();
    for key in keys("\x1b]11;rgb:1e1e/") {
        assert!(answers.take(Event::Key(key)).is_empty());
    }
    assert!(answers.rest().is_empty());
    let rest: Vec<Event> = keys("1e1e/2e2e\x07").into_iter().flat_map(|key| answers.take(Event::Key(key))).collect();
    assert!(matches!(rest.as_slice(), [Event::Ground([0x1e, 0x1e, 0x2e])]), "{rest:?}");
}

/// Puts an answer through that two reads bring, with a rest between them; what was typed, and what was told.
fn split_at(answer: &str, at: usize) -> (Vec<Key>, Vec<Event>) {
    let (first, second) = answer.split_at(at);
    let mut answers = Answers::default();
    let mut out = Vec::new();
    for part in [first, second] {
        out.extend(keys(part).into_iter().flat_map(|key| answers.take(Event::Key(key))));
        out.extend(answers.rest());
    }
    let (typed, told): (Vec<Event>, Vec<Event>) = out.into_iter().partition(|event| matches!(event, Event::Key(_)));
    (typed.into_iter().filter_map(|event| if let Event::Key(key) = event { Some(key) } else { None }).collect(), told)
}

#[test]
fn an_answer_that_two_reads_bring_is_one_wherever_it_is_split() {
    use crate::model::screen_order::Terminal;
    type IsTold = fn(&Event) -> bool;
    let is_told: [(&str, char, IsTold); 2] = [
        ("\x1b]11;rgb:1e1e/1e1e/2e2e\x07", ']', |told| matches!(told, Event::Ground([0x1e, 0x1e, 0x2e]))),
        ("\x1bP>|Konsole 22.12.3\x1b\\", 'P', |told| matches!(told, Event::Terminal(Some(Terminal::Reorders)))),
    ];
    for (answer, opener, is_told) in is_told {
        for at in 1..answer.len() {
            let (typed, told) = split_at(answer, at);
            assert!(matches!(told.as_slice(), [one] if is_told(one)), "{answer:?} at {at}: {told:?}");
            // What a person types as well can't be held back for long.
            let begun: &[Key] = match at {
                1 => &[Key::plain(Code::Esc)],
                2 => &[Key { alt: true, ..Key::char(opener) }],
                _ => &[],
            };
            assert_eq!(typed, begun, "{answer:?} at {at}");
        }
    }
}

#[test]
fn what_is_typed_long_after_an_escape_is_typed() {
    let mut answers = Answers::default();
    let mut typed = Vec::new();
    for key in parse_keys("<esc>]1<a-]>1;<esc>j").unwrap() {
        typed.extend(answers.take(Event::Key(key)));
        typed.extend(answers.rest());
    }
    let typed: Vec<Key> =
        typed.into_iter().map(|event| if let Event::Key(key) = event { key } else { panic!() }).collect();
    assert_eq!(typed, parse_keys("<esc>]1<a-]>1;<esc>j").unwrap());
}

#[test]
fn an_escape_that_was_typed_goes_on_once_nothing_follows_it() {
    let mut answers = Answers::default();
    assert!(answers.take(Event::Key(Key::plain(Code::Esc))).is_empty());
    assert!(answers.holds());
    assert!(matches!(answers.rest().as_slice(), [Event::Key(key)] if key.code == Code::Esc));
    assert_eq!(through(&parse_keys("<esc><esc>j<a-]>x").unwrap()).0, parse_keys("<esc><esc>j<a-]>x").unwrap());
}

#[test]
fn inside_tmux_the_question_is_passed_through_too() {
    let ground = Wanted { ground: true, name: false };
    assert_eq!(question(ground, false), "\x1b]11;?\x1b\\");
    assert_eq!(question(ground, true), "\x1b]11;?\x1b\\\x1bPtmux;\x1b\x1b]11;?\x1b\x1b\\\x1b\\");
    let both = Wanted { ground: true, name: true };
    assert_eq!(question(both, false), "\x1b]11;?\x1b\\\x1b[>q");
    assert!(question(both, true).ends_with("\x1b[>q\x1bPtmux;\x1b\x1b[>q\x1b\\"));
}

#[test]
fn a_terminal_that_says_what_it_is_types_nothing() {
    let told = |bytes: &str| {
        let mut answers = Answers::default();
        let mut out: Vec<Event> = keys(bytes).into_iter().flat_map(|key| answers.take(Event::Key(key))).collect();
        out.extend(answers.rest());
        out
    };
    use crate::model::screen_order::Terminal;
    for (bytes, terminal) in [
        ("\x1bP>|Konsole 22.12.3\x1b\\", Some(Terminal::Reorders)),
        ("\x1bP>|kitty(0.26.5)\x1b\\", Some(Terminal::Kitty)),
        ("\x1bP>|tmux 3.3a\x1b\\", None),
    ] {
        let out = told(bytes);
        assert!(matches!(out.as_slice(), [Event::Terminal(said)] if *said == terminal), "{bytes:?}: {out:?}");
    }
    // Both answers one behind the other, and a key after them.
    let out = told("\x1b]11;rgb:00/00/00\x07\x1bP>|XTerm(379)\x1b\\j");
    assert!(
        matches!(out.as_slice(), [Event::Ground(_), Event::Terminal(Some(Terminal::Plain)), Event::Key(_)]),
        "{out:?}"
    );
    // Alt and P, typed.
    assert!(matches!(told("\x1bPx").as_slice(), [Event::Key(_), Event::Key(_)]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_and_holds_no_answer_goes_on_whole(
        text in prop::collection::vec(prop::sample::select(vec!["<esc>", "]", "1", "11;", "<a-]>", "<a-P>", ">", "|", "j", "<c-g>", "<down>", "r", "<a-x>"]), 1..12),
    ) {
        let typed = parse_keys(&text.concat()).unwrap();
        let head = parse_keys("<a-]>11;").unwrap();
        let late = parse_keys("<esc>]11;").unwrap();
        prop_assume!(!typed.windows(4).any(|four| four == head.as_slice()));
        prop_assume!(!typed.windows(5).any(|five| five == late.as_slice() || five.get(1..) == Some(head.as_slice())));
        let alt = parse_keys("<esc><a-]>11;").unwrap();
        prop_assume!(!typed.windows(5).any(|five| five == alt.as_slice()));
        let name = parse_keys("<a-P>>|").unwrap();
        prop_assume!(!typed.windows(3).any(|three| three == name.as_slice()));
        prop_assert_eq!(through(&typed).0, typed);
    }
}
