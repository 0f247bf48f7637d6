use proptest::prelude::*;

use super::*;
use crate::keymap::{parse_keys, write_keys};
use crate::model::screen_order::Terminal;
use crate::theme::floor::Rgb;

const ALL: Wanted = Wanted { ground: true, name: true, signs: true };

/// What came: keys as keymaps write them, and what else there was.
fn told(events: &[Event]) -> (String, Vec<&Event>) {
    let keys: Vec<Key> =
        events.iter().filter_map(|event| if let Event::Key(key) = event { Some(*key) } else { None }).collect();
    (write_keys(&keys), events.iter().filter(|event| !matches!(event, Event::Key(_))).collect())
}

/// Puts packets through, with a rest behind each.
fn through(packets: &[&[u8]]) -> Vec<Event> {
    let mut sequences = Sequences::new(ALL);
    let mut out = Vec::new();
    for packet in packets {
        out.extend(sequences.take(packet));
        out.extend(sequences.rest());
    }
    out
}

fn typed(bytes: &[u8]) -> String {
    let events = through(&[bytes]);
    let (keys, others) = told(&events);
    assert!(others.is_empty(), "{others:?}");
    keys
}

fn ground(events: &[Event]) -> Vec<Rgb> {
    events.iter().filter_map(|event| if let Event::Ground(ground) = event { Some(*ground) } else { None }).collect()
}

#[test]
fn keys_are_what_terminals_send_for_them() {
    let keys: [(&[u8], &str); 34] = [
        (b"a", "a"),
        (b"A", "A"),
        ("ñ世🙂".as_bytes(), "ñ世🙂"),
        (b"\r", "<enter>"),
        (b"\n", "<c-j>"),
        (b"\t", "<tab>"),
        (b"\x1b[Z", "<s-tab>"),
        (b"\x7f", "<bs>"),
        (b"\x08", "<c-h>"),
        (b"\x01\x1a", "<c-a><c-z>"),
        (b"\0", "<c-space>"),
        (b"\x1b", "<esc>"),
        (b"\x1b\x1b", "<esc><esc>"),
        (b"\x1bx", "<a-x>"),
        (b"\x1b[", "<a-[>"),
        (b"\x1b]", "<a-]>"),
        (b"\x1bO", "<a-O>"),
        (b"\x1b\x05", "<c-a-e>"),
        (b"\x1b[A\x1bOB\x1b[C\x1bOD", "<up><down><right><left>"),
        (b"\x1b[H\x1b[F\x1bOH\x1b[1~\x1b[4~", "<home><end><home><home><end>"),
        (b"\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "<ins><del><pgup><pgdn>"),
        (b"\x1bOP\x1b[15~\x1b[17~\x1b[24~", "<f1><f5><f6><f12>"),
        (b"\x1b[[A\x1b[[E", "<f1><f5>"),
        (b"\x1b[1;5C", "<c-right>"),
        (b"\x1b[1;3A", "<a-up>"),
        (b"\x1b[3;5~", "<c-del>"),
        (b"\x1b[1;2D", "<left>"),
        (b"\x1b[97;5u", "<c-a>"),
        (b"\x1b[27u", "<esc>"),
        (b"\x1b[1;1:3A", ""),
        (b"\x1b[I\x1b[O\x1b[?62;4cj", "j"),
        (b"\x1b[1\x1b[Aj", "<up>j"),
        (b"\xff\xc3j", "j"),
        (b"\x1b[999999~j", "j"),
    ];
    for (bytes, wanted) in keys {
        // As keymaps write them.
        let wanted = if wanted.is_empty() { String::new() } else { write_keys(&parse_keys(wanted).unwrap()) };
        assert_eq!(typed(bytes), wanted, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_paste_is_one_whatever_stands_in_it_and_however_many_reads_bring_it() {
    let bytes = b"j\x1b[200~one\rtwo \x1b[A ]11; \x1b[1;3R\x1b[201~k";
    for at in 1..bytes.len() {
        let (first, second) = bytes.split_at(at);
        let mut sequences = Sequences::new(ALL);
        let mut events = sequences.take(first);
        events.extend(sequences.take(second));
        let (keys, others) = told(&events);
        assert_eq!(keys, "jk", "{at}");
        assert!(
            matches!(others.as_slice(), [Event::Paste(text)] if text == "one\rtwo \x1b[A ]11; \x1b[1;3R"),
            "{at}: {others:?}"
        );
    }
}

#[test]
fn a_paste_is_one_though_its_beginning_went_on_as_typed() {
    for (first, typed) in [("\x1b", "<esc>"), ("\x1b[", "<a-[>")] {
        let whole = "\x1b[200~delete\r\x1b[201~j";
        let events = through(&[first.as_bytes(), &whole.as_bytes()[first.len()..]]);
        let (keys, others) = told(&events);
        assert_eq!(keys, format!("{typed}j"));
        assert!(matches!(others.as_slice(), [Event::Paste(text)] if text == "delete\r"), "{others:?}");
    }
}

#[test]
fn a_paste_that_comes_byte_by_byte_ends_where_its_end_stands() {
    // The beginning of an end that is none, and an end that follows it.
    let bytes = b"\x1b[200~a\x1b[20\x1b[201\x1b[201~j";
    let mut sequences = Sequences::new(ALL);
    let events: Vec<Event> = bytes.iter().flat_map(|byte| sequences.take(&[*byte])).collect();
    let (keys, others) = told(&events);
    assert_eq!(keys, "j");
    assert!(matches!(others.as_slice(), [Event::Paste(text)] if text == "a\x1b[20\x1b[201"), "{others:?}");
    // A second one is looked through from its own beginning.
    let events = sequences.take(b"\x1b[200~b\x1b[201~");
    assert!(matches!(events.as_slice(), [Event::Paste(text)] if text == "b"), "{events:?}");
}

#[test]
fn the_mouse_is_told_in_each_way_that_terminals_have() {
    let at = |column, row, did| Event::Mouse(Mouse { column, row, did });
    let cases: [(&[u8], Vec<Event>); 8] = [
        (b"\x1b[<0;5;7M", vec![at(4, 6, Did::Press)]),
        (b"\x1b[<0;5;7m", vec![at(4, 6, Did::Release)]),
        (b"\x1b[<32;300;7M", vec![at(299, 6, Did::Drag)]),
        (b"\x1b[<64;1;1M\x1b[<65;1;1M", vec![at(0, 0, Did::WheelUp), at(0, 0, Did::WheelDown)]),
        (b"\x1b[32;5;7M", vec![at(4, 6, Did::Press)]),
        (b"\x1b[M %'", vec![at(4, 6, Did::Press)]),
        (b"\x1b[M#%'", vec![at(4, 6, Did::Release)]),
        // The right button, a place that is none, and numbers that are too large.
        (b"\x1b[<2;5;7M\x1b[<0;0;7M\x1b[<0;99999;7M", vec![]),
    ];
    for (bytes, wanted) in cases {
        assert_eq!(format!("{:?}", through(&[bytes])), format!("{wanted:?}"), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn an_answer_is_a_background_and_no_key_whichever_way_it_ends() {
    for end in ["\x07", "\x1b\\"] {
        let events = through(&[format!("jj\x1b]11;rgb:1e1e/1e1e/2e2e{end}ex").as_bytes()]);
        assert_eq!((told(&events).0.as_str(), ground(&events)), ("jjex", vec![[0x1e, 0x1e, 0x2e]]));
    }
    // Inside tmux both questions may be answered.
    let twice = through(&[b"\x1b]11;rgb:00/00/00\x07\x1b]11;rgb:00/00/00\x1b\\"]);
    assert_eq!((told(&twice).0.as_str(), ground(&twice)), ("", vec![[0; 3], [0; 3]]));
}

#[test]
fn the_column_of_the_cursor_tells_how_wide_a_sign_is() {
    for (bytes, ascii) in [("\x1b[1;2R", false), ("\x1b[24;3R", true)] {
        assert!(matches!(through(&[bytes.as_bytes()]).as_slice(), [Event::Signs(said)] if *said == ascii), "{bytes:?}");
    }
    // What was not asked is no answer: a function key with a modifier is sent likewise.
    let mut sequences = Sequences::new(Wanted::default());
    assert_eq!(told(&sequences.take(b"\x1b[1;5R")).0, "<c-f3>");
    let mut sequences = Sequences::new(ALL);
    assert!(matches!(sequences.take(b"\x1b[1;2R").as_slice(), [Event::Signs(false)]));
    assert_eq!(told(&sequences.take(b"\x1b[1;5R")).0, "<c-f3>");
}

#[test]
fn an_answer_that_two_reads_bring_is_one_wherever_it_is_split() {
    type IsTold = fn(&Event) -> bool;
    let is_told: [(&str, char, IsTold); 3] = [
        ("\x1b]11;rgb:1e1e/1e1e/2e2e\x07", ']', |told| matches!(told, Event::Ground([0x1e, 0x1e, 0x2e]))),
        ("\x1bP>|Konsole 22.12.3\x1b\\", 'P', |told| matches!(told, Event::Terminal(Some(Terminal::Reorders)))),
        ("\x1b[12;3R", '[', |told| matches!(told, Event::Signs(true))),
    ];
    for (answer, opener, is_told) in is_told {
        for at in 1..answer.len() {
            let (first, second) = answer.split_at(at);
            let events = through(&[first.as_bytes(), second.as_bytes()]);
            let (keys, others) = told(&events);
            assert!(matches!(others.as_slice(), [one] if is_told(one)), "{answer:?} at {at}: {others:?}");
            // What a person types as well can't be held back for long.
            let begun = match at {
                1 => "<esc>".to_owned(),
                2 => format!("<a-{opener}>"),
                _ => String::new(),
            };
            assert_eq!(keys, begun, "{answer:?} at {at}");
        }
    }
}

#[test]
fn an_answer_that_is_broken_off_or_none_is_no_key_either() {
    for (bytes, keys) in [
        ("\x1b]11;rgb:1e1e/1e", ""),
        ("\x1b]11;?\x07", ""),
        ("\x1b]11;rgb:zz/zz/zz\x07", ""),
        // A key that comes into a broken answer is a key.
        ("\x1b]11;rgb:1e1e\x1b[B", "<down>"),
    ] {
        let events = through(&[bytes.as_bytes()]);
        assert_eq!((told(&events).0.as_str(), ground(&events)), (keys, vec![]), "{bytes:?}");
    }
}

#[test]
fn a_colour_that_comes_slowly_is_waited_for() {
    let mut sequences = Sequences::new(ALL);
    assert!(sequences.take(b"\x1b]11;rgb:1e1e/").is_empty());
    assert!((0..100).all(|_| sequences.rest().is_empty()));
    assert_eq!(ground(&sequences.take(b"1e1e/2e2e\x07")), [[0x1e, 0x1e, 0x2e]]);
}

#[test]
fn what_nobody_types_is_waited_for_and_at_last_goes_on() {
    let mut sequences = Sequences::new(ALL);
    assert!(sequences.take(b"\x1b]1").is_empty());
    assert!((0..RESTS_MAX).all(|_| sequences.rest().is_empty()));
    assert_eq!(told(&sequences.rest()).0, "<a-]>1");
    assert!(!sequences.holds());
}

#[test]
fn an_answer_that_never_ends_takes_keys_for_ten_seconds_at_most() {
    let (began, mut sequences) = (Instant::now(), Sequences::new(ALL));
    sequences.at(began);
    assert!(sequences.take(b"\x1b]11;rgb:1e").is_empty());
    for seconds in 0..10 {
        sequences.at(began + Duration::from_secs(seconds));
        // Nobody can tell whether these are of the answer.
        assert_eq!((sequences.take(b"e").len(), sequences.rest().len()), (0, 0), "{seconds}");
    }
    sequences.at(began + PATIENCE);
    assert_eq!(told(&sequences.take(b"jk")).0, "jk");
    // A key that can't be of the answer ends it at once, an Escape after half a second.
    for (bytes, keys) in [("\r", "<enter>"), ("\x1b[A", "<up>"), (" ", "<space>")] {
        let events = through(&[b"\x1b]11;rgb:1e", bytes.as_bytes()]);
        assert_eq!(told(&events).0, keys);
    }
    assert!(sequences.take(b"\x1bP>|some terminal\x1b").is_empty());
    assert!((0..RESTS_MAX).all(|_| sequences.rest().is_empty()));
    assert_eq!(told(&sequences.rest()).0, "<esc>");
    assert_eq!(told(&sequences.take(b"j")).0, "j");
}

#[test]
fn the_place_of_the_cursor_is_an_answer_for_ten_seconds_only() {
    let (began, mut sequences) = (Instant::now(), Sequences::new(ALL));
    sequences.at(began);
    assert!(sequences.take(b"\x1b[1").is_empty());
    sequences.at(began + PATIENCE);
    assert_eq!(told(&sequences.take(b";5R")).0, "<c-f3>");
    let mut sequences = Sequences::new(ALL);
    sequences.at(began);
    sequences.at(began + PATIENCE - Duration::from_millis(1));
    assert!(matches!(sequences.take(b"\x1b[1;5R").as_slice(), [Event::Signs(true)]));
}

#[test]
fn a_paste_whose_end_is_lost_is_handed_on_and_keys_are_keys_again() {
    let (began, mut sequences) = (Instant::now(), Sequences::new(ALL));
    sequences.at(began);
    assert!(sequences.take("\x1b[200~größe".as_bytes()).is_empty());
    sequences.at(began + STALL - Duration::from_millis(1));
    assert!(sequences.rest().is_empty());
    sequences.at(began + STALL);
    assert!(matches!(sequences.rest().as_slice(), [Event::Paste(text)] if text == "größe"));
    assert_eq!(told(&sequences.take(b"jk\x1b[201~l")).0, "jkl");
    // What was not quiet for so long is one paste.
    assert!(sequences.take(b"\x1b[200~a").is_empty());
    sequences.at(began + STALL + STALL / 2);
    assert!(sequences.take(b"b").is_empty());
    sequences.at(began + STALL * 2);
    assert!(sequences.rest().is_empty());
    assert!(matches!(sequences.take(b"c\x1b[201~").as_slice(), [Event::Paste(text)] if text == "abc"));
}

#[test]
fn a_paste_without_end_is_handed_on_in_bounded_pieces_of_whole_characters() {
    let mut sequences = Sequences::new(ALL);
    assert!(sequences.take(b"\x1b[200~x").is_empty());
    let some = "世".repeat(1 << 20);
    let (mut came, mut largest) = (String::new(), 0);
    for _ in 0..12 {
        for event in sequences.take(some.as_bytes()) {
            let Event::Paste(text) = event else { panic!("{event:?}") };
            came.push_str(&text);
        }
        largest = largest.max(sequences.bytes.len());
    }
    assert!(largest <= PASTE_MAX + some.len(), "{largest}");
    for event in sequences.take(b"y\x1b[201~j") {
        match event {
            Event::Paste(text) => came.push_str(&text),
            event => assert_eq!(told(&[event]).0, "j"),
        }
    }
    assert!(came == format!("x{}y", some.repeat(12)), "{}", came.len());
}

#[test]
fn keys_are_the_same_where_the_terminal_tells_them_by_number() {
    let keys: [(&[u8], &str); 21] = [
        (b"\x1b[97u", "a"),
        (b"\x1b[97;2u", "A"),
        (b"\x1b[97:65;2u", "A"),
        (b"\x1b[97;65u", "A"),
        (b"\x1b[97;66u", "a"),
        (b"\x1b[49:33;2u", "!"),
        (b"\x1b[228;2u", "Ä"),
        (b"\x1b[97;;229u", "å"),
        (b"\x1b[97;6u", "<c-a>"),
        (b"\x1b[97;3u", "<a-a>"),
        (b"\x1b[97;33u", "<a-a>"),
        (b"\x1b[97;9u", ""),
        (b"\x1b[97;5:3u", ""),
        (b"\x1b[97;5:2u", "<c-a>"),
        (b"\x1b[9;2u\x1b[9u", "<s-tab><tab>"),
        (b"\x1b[13;5u\x1b[127;3u\x1b[32;2u", "<c-enter><a-bs><space>"),
        (b"\x1b[57414u\x1b[57399u\x1b[57416u\x1b[57426;5u", "<enter>0,<c-del>"),
        // Shift by itself, and keys of players.
        (b"\x1b[57441;2u\x1b[57428u", ""),
        (b"\x1b[128578u", "🙂"),
        (b"\x1b[27;5;97~\x1b[27;2;13~", "<c-a><enter>"),
        (b"\x1b[27;6;9~", "<c-s-tab>"),
    ];
    for (bytes, wanted) in keys {
        let wanted = if wanted.is_empty() { String::new() } else { write_keys(&parse_keys(wanted).unwrap()) };
        assert_eq!(typed(bytes), wanted, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_terminal_that_says_what_it_is_types_nothing() {
    for (bytes, terminal) in [
        ("\x1bP>|Konsole 22.12.3\x1b\\", Some(Terminal::Reorders)),
        ("\x1bP>|kitty(0.26.5)\x1b\\", Some(Terminal::Kitty)),
        ("\x1bP>|tmux 3.3a\x1b\\", None),
    ] {
        let events = through(&[bytes.as_bytes()]);
        assert!(matches!(events.as_slice(), [Event::Terminal(said)] if *said == terminal), "{bytes:?}: {events:?}");
    }
    // All answers one behind the other, and a key after them.
    let events = through(&[b"\x1b[1;2R\x1b]11;rgb:00/00/00\x07\x1bP>|XTerm(379)\x1b\\j"]);
    assert!(
        matches!(
            events.as_slice(),
            [Event::Signs(false), Event::Ground(_), Event::Terminal(Some(Terminal::Plain)), Event::Key(_)]
        ),
        "{events:?}"
    );
}

#[test]
fn what_is_typed_long_after_an_escape_is_typed() {
    let packets: [&[u8]; 9] = [b"\x1b", b"]", b"1", b"\x1b]", b">", b"1", b";", b"\x1b", b"j"];
    assert_eq!(told(&through(&packets)).0, write_keys(&parse_keys("<esc>]1<a-]>>1;<esc>j").unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_typed_and_holds_no_answer_goes_on_whole(
        packets in prop::collection::vec(
            prop::sample::select(vec!["\x1b", "]", "1", "11;", "\x1b]", "\x1bP", ">", "|", "j", "\x07", "\x1b[B", "r", "\x1bx", "[", "3", "R"]),
            1..12,
        ),
    ) {
        let ends_in = |two: &[&str], text: &str| two == ["\x1b]", text];
        prop_assume!(!packets.windows(2).any(|two| ends_in(two, "11;")));
        let bytes: Vec<&[u8]> = packets.iter().map(|packet| packet.as_bytes()).collect();
        let wanted: String = packets.iter().map(|packet| typed(packet.as_bytes())).collect();
        let events = through(&bytes);
        prop_assert_eq!(told(&events).0, wanted);
    }

    #[test]
    fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0_usize..200) {
        let (first, second) = bytes.split_at(at.min(bytes.len()));
        let mut sequences = Sequences::new(ALL);
        let _ = (sequences.take(first), sequences.rest(), sequences.take(second));
        (0..=RESTS_MAX).for_each(|_| drop(sequences.rest()));
    }
}
