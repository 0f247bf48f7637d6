//! What a key costs a slow line: bytes through the production loop, against budgets, and an emulator that shows what was drawn.

use postroom::runtime::harness::Harness;
use postroom::runtime::wire::{Ability, Memory, Repeats, Wire};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::{Buffer, CellWidth};

use super::seed::{Desk, Mail};

const PEOPLE: [&str; 8] = [
    "Marisol Vega",
    "Radio Harbour",
    "Nadia Petrova",
    "小林 誠",
    "سمير سالم",
    "Tom Whitfield",
    "Tilda Berg",
    "Emre Işık",
];

const SUBJECTS: [&str; 8] = [
    "Bikes for the Harbour Lights parade",
    "Press: what is a cargo bike?",
    "Change of address for order 4440",
    "営業時間のお問い合わせ",
    "ما هو الحجم المناسب لي؟",
    "Refund for order 4398",
    "Can my dog ride along?",
    "Yol tarifi",
];

/// A desk with more conversations than a screen has rows.
pub fn busy() -> Desk {
    let desk = Desk::empty();
    for n in 0..70usize {
        let text = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let lines: Vec<String> =
            (0..30).map(|line| format!("Line {line} of what the customer wrote in mail {n}.")).collect();
        desk.mail(
            u32::try_from(n).unwrap() + 1,
            &Mail {
                id: text(format!("m{n}@shop")),
                from: text(format!("{} <c{n}@shop.example>", PEOPLE[n % PEOPLE.len()])),
                subject: text(format!("{} ({n})", SUBJECTS[(n * 5) % SUBJECTS.len()])),
                refs: "",
                ago: i64::try_from(n * n * 3).unwrap() + 61,
                body: text(lines.join("\n")),
            },
        );
    }
    desk
}

/// Presses keys and returns how many bytes each took.
fn each(screen: &mut Harness, keys: &[&str]) -> Vec<usize> {
    screen.written();
    keys.iter()
        .map(|key| {
            screen.keys(key).unwrap();
            screen.written().len()
        })
        .collect()
}

fn median(mut bytes: Vec<usize>) -> usize {
    bytes.sort_unstable();
    bytes[bytes.len() / 2]
}

/// What is done, the keys before, the keys that are measured, and how many bytes one may take in the median. The goal is what the design
/// asks for; where more is allowed, that is what it takes until somebody makes it less, so that nobody makes it more.
struct Budget {
    what: &'static str,
    before: &'static str,
    keys: &'static [&'static str],
    goal: usize,
    allowed: usize,
}

const fn budget(
    what: &'static str,
    before: &'static str,
    keys: &'static [&'static str],
    goal: usize,
    allowed: usize,
) -> Budget {
    Budget { what, before, keys, goal, allowed }
}

const AT_80X24: [Budget; 17] = [
    budget("j, k", "gg", &["j", "j", "j", "k", "j", "j", "k", "k", "j"], 60, 60),
    budget("j at the edge", "ggjjjjjjjjjjjjjjjjjjjjjjjj", &["j", "j", "j", "j", "j"], 260, 260),
    budget("k at the edge", "Gkkkkkkkkkkkkkkkkkkkkkkkk", &["k", "k", "k", "k", "k"], 260, 260),
    budget("mark", "ggjj", &["<space>", "<space>", "<space>"], 110, 110),
    budget("close", "ggjj", &["e", "e", "e"], 350, 350),
    budget("take", "ggjj", &["i"], 350, 350),
    budget("palette", "gg", &[":"], 1_000, 1_000),
    budget("a letter on the command line", "gg:", &["a", "s", "s", "i", "g", "n"], 250, 250),
    budget("another on the command line", "gg:", &["s", "n", "o", "o", "z", "e", "<space>", "2", "d"], 250, 250),
    budget("a sheet opens", "gg", &["a"], 600, 600),
    budget("a sheet closes", "gga", &["<esc>"], 900, 900),
    budget("typing in a sheet", "gga", &["b", "o", "b"], 250, 250),
    budget("open", "ggj", &["<enter>"], 1_450, 1_700),
    budget("view change", "1", &["2"], 2_000, 2_000),
    budget("view change, both full", "4", &["3", "4", "3"], 2_000, 2_000),
    budget("typed letter", "ggjn", &["h", "e", "l", "l", "o"], 24, 24),
    budget("typed letter of a reply", "ggjrx", &["h", "e", "l", "l", "o"], 24, 24),
];

#[test]
fn no_key_takes_more_bytes_than_its_budget() {
    let desk = busy();
    let mut over = Vec::new();
    for Budget { what, before, keys, goal, allowed } in AT_80X24 {
        let mut screen = desk.screen((80, 24));
        screen.keys(before).unwrap();
        let took = median(each(&mut screen, keys));
        println!("{what}: {took} bytes (goal {goal}, allowed {allowed})");
        if took > allowed {
            over.push(format!("{what}: {took} bytes, {allowed} are allowed"));
        }
    }
    assert!(over.is_empty(), "{over:#?}");
}

#[test]
fn a_page_takes_hardly_more_bytes_than_its_text() {
    let desk = busy();
    let mut screen = desk.screen((80, 24));
    screen.keys("gg<c-d>").unwrap();
    let took = median(each(&mut screen, &["<c-d>", "<c-d>", "<c-d>"]));
    let shown = text(screen.engine.wire.shown().unwrap()).len();
    assert!(took <= shown * 115 / 100 + 200, "{took} bytes for {shown} of text");
}

#[test]
fn a_conversation_takes_hardly_more_bytes_than_its_text_to_open_and_to_page() {
    for (desk, keys) in [(busy(), "g"), (super::conversation::long(20), "g"), (super::conversation::rich(), "g")] {
        let mut screen = desk.screen((80, 24));
        screen.keys(keys).unwrap();
        let mut took = vec![("<enter>", each(&mut screen, &["<enter>"])[0])];
        let mut shown = vec![text(screen.engine.wire.shown().unwrap()).len()];
        for key in ["<home>", "<space>", "<space>", "J", "K", "}", "<c-u>"] {
            screen.written();
            screen.keys(key).unwrap();
            took.push((key, screen.written().len()));
            shown.push(text(screen.engine.wire.shown().unwrap()).len());
        }
        println!("{took:?} for {shown:?} of text");
        let over: Vec<_> =
            took.iter().zip(&shown).filter(|((_, took), shown)| *took > **shown * 115 / 100 + 200).collect();
        assert!(over.is_empty(), "{over:?}");
    }
}

const READING: &str =
    "<enter>gg<space><space>JJK}}{gnx<space><c-u>x/line<enter>nnNGN<esc>H<space>H<esc>ggbGA<esc>o<esc>";

#[test]
fn an_emulator_shows_a_conversation_as_it_was_drawn() {
    for (columns, rows) in [(40, 12), (80, 24), (140, 40)] {
        for desk in [super::conversation::long(20), super::conversation::rich()] {
            let mut screen = desk.screen((columns, rows));
            let mut emulator = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
            emulator.process(&screen.written());
            for key in postroom::keymap::parse_keys(READING).unwrap() {
                screen.keys(&key.to_string()).unwrap();
                emulator.process(&screen.written());
                let wanted = text(screen.engine.wire.shown().unwrap());
                let shown: Vec<String> =
                    emulator.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
                assert_eq!(shown.join("\n").trim_end(), wanted, "{columns}x{rows} after {key}");
            }
        }
    }
}

#[test]
fn a_screen_on_which_nothing_happens_writes_no_byte() {
    let desk = busy();
    let mut screen = desk.screen((80, 24));
    screen.wait(1_000).unwrap();
    screen.written();
    (0..30).for_each(|_| drop(screen.wait(1_000).map(|_| ())));
    assert_eq!(String::from_utf8_lossy(&screen.written()), "");
}

/// The text of a frame as it can be read on a screen.
fn text(frame: &Buffer) -> String {
    let mut out = String::new();
    for row in frame.content.chunks(usize::from(frame.area.width)) {
        let mut line = String::new();
        let mut x = 0;
        while let Some(cell) = row.get(x) {
            line.push_str(cell.symbol());
            x += usize::from(cell.cell_width().max(1));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out.trim_end().to_owned()
}

const SESSION: &str = "jjjkjjjjjjjjjjjjjjjjjjjjjjjjjjjjkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk<c-d><c-d><c-u>Ggg<enter>jjjGk<esc>\
                       <space><space><esc>2345[]]1?<esc>:ass<esc>abob<enter>u/refund<enter>jj<esc>nhello<esc>";

#[test]
fn an_emulator_shows_a_session_as_it_was_drawn() {
    let desk = busy();
    for (columns, rows) in [(40, 12), (80, 24), (140, 40)] {
        let mut screen = desk.screen((columns, rows));
        let mut emulator = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        emulator.process(&screen.written());
        for key in postroom::keymap::parse_keys(SESSION).unwrap() {
            screen.keys(&key.to_string()).unwrap();
            emulator.process(&screen.written());
            let wanted = text(screen.engine.wire.shown().unwrap());
            let shown: Vec<String> = emulator.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
            assert_eq!(shown.join("\n").trim_end(), wanted, "{columns}x{rows} after {key}");
        }
    }
}

#[test]
fn no_frame_of_a_session_takes_more_bytes_than_ratatuis_own_backend() {
    let desk = busy();
    for (columns, rows) in [(80, 24), (140, 40)] {
        let mut screen = desk.screen((columns, rows));
        let mut before = screen.engine.wire.shown().unwrap().clone();
        let memory = Memory { written: Vec::new(), size: (columns, rows).into() };
        let mut wire = Wire::new(memory, Ability { repeats: Repeats::Nothing, colours: true });
        wire.frame(&before);
        wire.finish(None).unwrap();
        let (mut all_ours, mut all_theirs) = (0, 0);
        for key in postroom::keymap::parse_keys(SESSION).unwrap() {
            screen.keys(&key.to_string()).unwrap();
            let frame = screen.engine.wire.shown().unwrap();
            wire.device_mut().written.clear();
            wire.frame(frame);
            wire.finish(None).unwrap();
            let ours = wire.device().written.len();
            let mut theirs = Vec::new();
            Backend::draw(&mut CrosstermBackend::new(&mut theirs), before.diff_iter(frame)).unwrap();
            assert!(ours <= theirs.len(), "{columns}x{rows}, {key}: {ours} bytes and {}", theirs.len());
            (all_ours, all_theirs) = (all_ours + ours, all_theirs + theirs.len());
            before = frame.clone();
        }
        println!("{columns}x{rows}: {all_ours} bytes, ratatui's backend {all_theirs}");
        assert!(all_ours * 3 < all_theirs * 2, "{all_ours} and {all_theirs}");
    }
}
