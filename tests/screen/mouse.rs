//! The mouse: what it points at is what was drawn there, and what moved under the hand takes no click.

use postroom::app::mouse::{Did, Mouse};
use postroom::app::{Event, Layer, Pane};
use postroom::runtime::Harness;

use super::seed::{Desk, Mail};

fn with_mouse() -> Desk {
    let mut desk = Desk::new();
    desk.mouse = true;
    desk
}

/// Returns where a text stands: column and row.
fn place(screen: &Harness, text: &str) -> (u16, u16) {
    let shown = screen.screen();
    let found = shown.lines().enumerate().find_map(|(y, line)| {
        let at = line.find(text)?;
        Some((line.get(..at)?.chars().count() as u16, y as u16))
    });
    found.unwrap_or_else(|| panic!("{text}: {shown}"))
}

fn did(screen: &mut Harness, (column, row): (u16, u16), did: Did) {
    screen.happen(Event::Mouse(Mouse { column, row, did })).unwrap();
}

fn click(screen: &mut Harness, text: &str) {
    let at = place(screen, text);
    did(screen, at, Did::Press);
    did(screen, at, Did::Release);
}

#[test]
fn a_click_moves_the_cursor_and_a_second_opens() {
    for size in [(40, 12), (80, 24), (140, 40)] {
        let desk = with_mouse();
        let mut screen = desk.screen(size);
        click(&mut screen, "Jonas Berg");
        assert_eq!((screen.app().list.cursor, screen.app().focus), (1, Pane::List));
        click(&mut screen, "Jonas Berg");
        assert_eq!(screen.app().focus, Pane::Conversation);
        assert_eq!(screen.app().current_row().unwrap().people.as_str(), "Jonas Berg");
    }
}

#[test]
fn a_row_that_came_under_the_mouse_just_now_takes_no_click() {
    let desk = with_mouse();
    let mut screen = desk.screen((80, 24));
    let aimed = place(&screen, "Jonas Berg");
    screen.wait(1_000).unwrap();
    let fresh =
        Mail { id: "now@x", from: "Eve <eve@later.example>", subject: "Late", refs: "", ago: 0, body: "Am I late?" };
    desk.mail(90, &fresh);
    screen.look().unwrap();
    // Another stands there now.
    let current = screen.app().list.current().unwrap().id.clone();
    assert_ne!(place(&screen, "Jonas Berg"), aimed);
    did(&mut screen, aimed, Did::Press);
    assert_eq!(screen.app().list.current().unwrap().id, current, "{}", screen.screen());
    assert_eq!(screen.app().focus, Pane::List);
    assert!(screen.status().contains("moved under the mouse"), "{}", screen.status());
    screen.wait(300).unwrap();
    // Whoever sees what stands there now means it: the cursor is on it, and a click opens.
    did(&mut screen, aimed, Did::Press);
    assert_eq!((screen.app().focus, screen.app().current_id()), (Pane::Conversation, Some(current)));
}

#[test]
fn the_wheel_scrolls_what_is_under_it_whichever_pane_has_the_keys() {
    let desk = with_mouse();
    let mut screen = desk.screen((120, 10));
    let top = |screen: &Harness| {
        let open = screen.app().open.as_ref().unwrap();
        open.laid.top(open.top)
    };
    let was = top(&screen);
    did(&mut screen, (100, 5), Did::WheelUp);
    assert!(top(&screen) < was, "{was}: {}", screen.screen());
    assert_eq!((screen.app().focus, screen.app().list.cursor), (Pane::List, 0));
    did(&mut screen, (30, 5), Did::WheelDown);
    assert_eq!(screen.app().list.cursor, 1);
}

#[test]
fn the_line_between_list_and_conversation_is_dragged_and_both_keep_room() {
    let desk = with_mouse();
    let mut screen = desk.screen((140, 40));
    let line = |screen: &Harness| screen.app().geometry().list.unwrap().right();
    let was = line(&screen);
    did(&mut screen, (was, 5), Did::Press);
    did(&mut screen, (was + 10, 5), Did::Drag);
    assert_eq!(line(&screen), was + 10);
    did(&mut screen, (139, 5), Did::Drag);
    did(&mut screen, (139, 5), Did::Release);
    let geometry = screen.app().geometry();
    assert_eq!(geometry.conversation.unwrap().width, 30);
    did(&mut screen, (was, 5), Did::Drag);
    assert_eq!(screen.app().geometry(), geometry, "a mouse that passes drags nothing");
    screen.happen(Event::Resize(100, 30)).unwrap();
    assert!(screen.app().geometry().conversation.unwrap().width >= 30);
}

#[test]
fn hints_and_choices_can_be_clicked() {
    let desk = with_mouse();
    let mut screen = desk.screen((80, 24));
    click(&mut screen, "a assign");
    assert!(matches!(screen.app().layers.last(), Some(Layer::Picker(_))), "{}", screen.screen());
    click(&mut screen, "Bob Dale");
    assert!(desk.store.unpushed(10).unwrap().is_empty(), "the first click only chooses");
    click(&mut screen, "Bob Dale");
    assert!(screen.status().contains("you assigned this to bob"), "{}", screen.status());
}

#[test]
fn what_lies_under_a_layer_takes_no_click() {
    let desk = with_mouse();
    let mut screen = desk.screen((80, 24));
    let row = place(&screen, "Omar Said");
    screen.keys("n").unwrap();
    did(&mut screen, row, Did::Press);
    assert_eq!(screen.app().list.cursor, 0);
    assert!(matches!(screen.app().layers.last(), Some(Layer::Prompt(_))));
}

#[test]
fn a_view_is_shown_by_a_click() {
    let desk = with_mouse();
    let mut screen = desk.screen((140, 40));
    click(&mut screen, "4 Open");
    assert_eq!(screen.app().shown_view(), Some(&postroom::model::view::View::Open));
}
