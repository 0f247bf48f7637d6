use super::*;
use crate::model::reply::DraftKind;

fn begun(body: &str) -> ComposeSession {
    let draft = Draft {
        to: vec![Address::new("Ana Lima", "ana@lima.example")],
        subject: "Re: Lamp".into(),
        body: body.into(),
        kind: DraftKind::Reply,
        ..Draft::default()
    };
    let quote = "Ana wrote:\n> one\n> two\n".to_owned();
    ComposeSession {
        draft,
        resumed: false,
        instead: None,
        senders: Vec::new(),
        quote,
        news: Vec::new(),
        other: None,
        left_out: Vec::new(),
        unrecorded: None,
    }
}

#[test]
fn addresses_are_read_back_as_they_are_written() {
    let list = vec![
        Address::new("Ana Lima", "ana@lima.example"),
        Address::new("Berg, Jonas \"Jo\"", "jonas@x.example"),
        Address::new("", "li@x.example"),
    ];
    assert_eq!(parse_addresses(&write_addresses(&list)), list);
    assert_eq!(parse_addresses("a@x; b@x ,, <c@x>").len(), 3);
    assert_eq!(parse_addresses("\"never closed, a@x").len(), 1);
    assert!(parse_addresses(" , ").is_empty());
}

#[test]
fn a_draft_survives_the_file_of_an_external_editor() {
    let draft = Compose::new(begun("Hello\n\n> quoted\n-- \nme")).whole();
    let back = from_file(&to_file(&draft));
    assert_eq!((back.to, back.subject, back.body), (draft.to, draft.subject, draft.body));
    let bare = from_file("no headers here\nat all\n");
    assert_eq!(bare.body, "no headers here\nat all");
    let colon = from_file("Dear Ana:\nsee below");
    assert_eq!(colon.body, "Dear Ana:\nsee below");
}

#[test]
fn paths_are_read_as_terminals_drop_them() {
    assert_eq!(paths_in(r"/tmp/a\ b.pdf '/tmp/c d.pdf'"), ["/tmp/a b.pdf", "/tmp/c d.pdf"]);
    assert_eq!(paths_in("file:///tmp/a%20b.pdf\nfile://host/x"), ["/tmp/a b.pdf", "/x"]);
    assert!(paths_in("  ").is_empty());
}

#[test]
fn the_quote_can_be_taken_out_and_put_back_above_the_signature() {
    let mut compose = Compose::new(begun("Hello\n\nAna wrote:\n> one\n> two\n\n-- \nShop"));
    compose.toggle_quote();
    assert!(!compose.text().contains('>'), "{}", compose.text());
    compose.toggle_quote();
    let text = compose.text();
    assert!(text.find("> two").unwrap() < text.find("-- ").unwrap(), "{text}");
    assert!(text.starts_with("Hello"), "{text}");
}

#[test]
fn nothing_that_could_command_the_terminal_gets_into_the_text() {
    let mut compose = Compose::new(begun("a\u{1b}[2Jb"));
    compose.body.insert("x\u{202e}\u{7}\n");
    assert!(!compose.text().chars().any(|c| c.is_control() && c != '\n'), "{:?}", compose.text());
    compose.body.replace("y\u{9b}31mz", 0);
    assert_eq!(compose.text(), "yz");
}

#[test]
fn the_cursor_goes_to_the_first_thing_to_fill() {
    let mut begun = begun("Hello\nyour order {order} is");
    begun.draft.variables = vec!["order".to_owned()];
    let compose = Compose::new(begun);
    assert_eq!(compose.body.offset(), "Hello\nyour order ".len());
}

#[test]
fn empty_lines_at_the_end_of_the_own_words_stay_there_when_typing_is_undone() {
    let mut compose = Compose::new(begun("Hello\n\nAna wrote:\n> one"));
    compose.body.jump("Hello".len());
    for c in "\n\nbye now".chars() {
        let stroke = if c == '\n' { Stroke::Whole } else { Stroke::Letter };
        compose.body.change(stroke, |area| area.insert(c.encode_utf8(&mut [0; 4])));
    }
    assert!(compose.body.step(false));
    assert_eq!(
        (compose.text().as_str(), compose.body.offset()),
        ("Hello\n\nbye \n\nAna wrote:\n> one", "Hello\n\nbye ".len())
    );
    assert!(compose.body.step(false));
    assert_eq!(compose.body.area.lines(), ["Hello", "", ""], "the cursor stays on the line it was on");
    assert_eq!(compose.body.offset(), "Hello\n\n".len());
    compose.body.turn_fold();
    compose.body.turn_fold();
    assert_eq!(compose.body.area.lines(), ["Hello"]);
    assert_eq!(compose.text(), "Hello\n\n\n\nAna wrote:\n> one", "nothing of it is lost");
}
