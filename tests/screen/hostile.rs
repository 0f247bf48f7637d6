//! Text that means harm, in every field of every mail and record, through every screen: what is written to the terminal holds nothing but
//! text and sequences of our own.
//!
//! All mails of the corpora, and each text in a mail of its own, take many minutes: `POSTROOM_TEST_WHOLE=1` reads them, else some mails are
//! taken and several texts stand in one, the same each time.

use postroom::app::Event;
use postroom::model::own::OwnView;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;
use postroom::store::FolderRole;

use super::corpora;
use super::hostile_text::{foreign, mail, payloads};
use super::seed::Desk;

/// Keys that lead through the screens and sheets of a list and of its first conversation, and change nothing that the next ones need.
const ALL: &[&str] = &[
    "ga",
    "gg",
    "Vd",
    "Vd",
    "a",
    "<esc>",
    "t",
    "<esc>",
    "m",
    "<esc>",
    "zz",
    "<esc>",
    "T",
    "<esc>",
    "M",
    "<esc>",
    "p",
    "<esc>",
    "gl",
    "G",
    "<esc>",
    "gD",
    "<esc>",
    "go",
    "<esc>",
    "'",
    "<esc>",
    ":",
    "<esc>",
    "?",
    "<esc>",
    "!",
    "<esc>",
    "gr",
    "<esc>",
    "gc",
    "gi",
    "ga",
    "/4242<enter>",
    "<esc>",
    "<esc>",
    "ga",
    "gg",
    "<enter>",
    "A",
    "<esc>",
    "o",
    "<esc>",
    "L",
    "<esc>",
    "r",
    "<esc>",
    "<esc>",
    "f",
    "<esc>",
    "<esc>",
    "n",
    "<esc>",
    "gg",
];

/// Keys for each conversation, which is open; the last goes to the next one.
const EACH: &[&str] = &["x", "H", "b", ")"];

/// How much is read: some, the same each time, or with `POSTROOM_TEST_WHOLE=1` all.
fn is_whole() -> bool {
    std::env::var_os("POSTROOM_TEST_WHOLE").is_some_and(|value| value == "1")
}

/// Walks through the screens of so many conversations and asserts that nothing foreign was written, and that notifications and titles hold
/// none.
fn walk(screen: &mut Harness, conversations: usize, what: &str) {
    let each = if is_whole() { EACH } else { &EACH[2..] };
    for key in ALL.iter().chain(std::iter::repeat_n(each, conversations).flatten()) {
        // A key that means nothing where it is pressed is no fault of a mail's.
        let _ = screen.keys(key);
        let found = foreign(&screen.written());
        assert!(found.is_empty(), "{what}, after {key}: {found:?}");
    }
    let asked = screen.asked();
    for text in asked.notified.iter().chain(&asked.titles) {
        assert!(foreign(text.as_bytes()).is_empty() && !text.contains('\n'), "{what}: {text:?}");
    }
}

/// Puts several texts into one, those last of which a sequence has no end: it may take along what stands behind it.
fn packed(texts: Vec<String>) -> Vec<String> {
    let (open, ended): (Vec<String>, Vec<String>) = texts.into_iter().partition(|text| is_open(text));
    let most = if is_whole() { 1 } else { ended.len().div_ceil(open.len()) };
    let mut ended = ended.chunks(most);
    let mut all: Vec<String> =
        open.into_iter().map(|last| [ended.next().unwrap_or_default(), &[last]].concat().join(" ")).collect();
    all.extend(ended.map(|rest| rest.join(" ")));
    all
}

fn is_open(text: &str) -> bool {
    let begins =
        ["\u{1b}]", "\u{9d}", "\u{1b}P", "\u{90}", "\u{1b}_", "\u{9f}", "\u{1b}^", "\u{9e}", "\u{1b}X", "\u{98}"];
    let ends = ["\u{7}", "\u{1b}\\", "\u{9c}"];
    begins.iter().any(|begin| text.contains(begin)) && !ends.iter().any(|end| text.contains(end))
}

/// Puts several texts into one desk: a mail with each in all its fields, in folders that are called so, and records of colleagues.
fn desk(texts: &[String]) -> Desk {
    let desk = Desk::empty();
    let bob = desk.other("bob");
    for (n, text) in texts.iter().enumerate() {
        let uid = u32::try_from(n).unwrap() + 1;
        let raw = mail(n, text);
        let role = if n.is_multiple_of(3) { FolderRole::Other } else { FolderRole::Inbox };
        let folder = if n.is_multiple_of(3) { format!("F{text}") } else { "INBOX".to_owned() };
        desk.bytes_in(&folder, role, uid, &raw);
        let Some(id) = postroom::mime::envelope(&raw).message_id else { continue };
        let on = || vec![Target::on(id.clone())];
        let _ = bob.commit(vec![
            NewOperation::new(Known::Note { text: format!("@alice {text}"), mentions: Default::default() }, on()),
            NewOperation::new(Known::Title { text: text.clone() }, on()),
        ]);
    }
    desk
}

#[test]
fn no_sign_of_a_mail_or_record_reaches_the_terminal_but_as_text() {
    for (n, texts) in packed(payloads()).chunks(30).enumerate() {
        let mut desk = desk(texts);
        desk.own_views = vec![OwnView::new(texts[0].clone(), "is:open")];
        desk.linear = n % 4 == 1;
        let mut screen = desk.screen([(80, 24), (140, 40), (40, 12)][n % 3]);
        walk(&mut screen, texts.len(), &format!("{n}: {:?}", texts[0]));
    }
}

#[test]
fn what_a_server_says_reaches_the_terminal_as_text_alone() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.written();
    for text in payloads().iter().step_by(5) {
        screen
            .happen(Event::Failed(postroom::error::UserError::new(postroom::error::ErrorKind::Remote, text.clone())))
            .unwrap();
        let found = foreign(&screen.written());
        assert!(found.is_empty(), "{text:?}: {found:?}");
    }
}

#[test]
fn no_mail_of_others_reaches_the_terminal_but_as_text() {
    let (files, mails) = if is_whole() { (usize::MAX, usize::MAX) } else { (8, 2) };
    let mut all: Vec<Vec<u8>> = Vec::new();
    for category in ["hostile", "nasty", "bounces", "calendar", "languages", "quotes"] {
        let Some(dir) = corpora::category(category) else { return };
        let there = corpora::files(dir.path());
        for file in there.iter().step_by(there.len().div_ceil(files).max(1)) {
            let bytes = std::fs::read(file).unwrap();
            let short = corpora::mails(&bytes).into_iter().filter(|mail| mail.len() < 100_000);
            all.extend(short.take(mails).map(<[u8]>::to_vec));
        }
    }
    println!("{} mails", all.len());
    for (n, mails) in all.chunks(60).enumerate() {
        let desk = Desk::empty();
        for (uid, raw) in (1..).zip(mails) {
            desk.bytes_in("INBOX", FolderRole::Inbox, uid, raw);
        }
        walk(&mut desk.screen((80, 24)), mails.len(), &format!("mails from {} on", n * 60));
    }
}

#[test]
fn the_reader_of_sequences_knows_ours_and_finds_all_others() {
    for fine in [
        "a\u{1b}[1;31mb\u{1b}[m",
        "\u{1b}[?2026h\u{1b}[12;3Hx\u{1b}[K\u{1b}[?2026l",
        "\u{1b}[5b\u{8}\u{1b}M",
        "\u{1b}[38;2;10;20;30m",
        "👨‍👩‍👧 小",
    ] {
        assert!(foreign(fine.as_bytes()).is_empty(), "{fine:?}");
    }
    for bad in payloads().iter().filter(|text| text.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{0}'])) {
        assert!(!foreign(bad.as_bytes()).is_empty(), "{bad:?}");
    }
}
