//! How the list looks: how many lines a row takes, and which columns it has.

use std::collections::BTreeSet;

use postroom::app::{Layer, Picker};
use postroom::model::list_look::{Column, Density, ListLook};
use postroom::runtime::Harness;

use super::seed::Desk;

fn picker(screen: &Harness) -> &Picker {
    match screen.app().layers.last() {
        Some(Layer::Picker(picker)) => picker,
        other => panic!("no picker: {other:?}"),
    }
}

fn first_row(screen: &Harness) -> String {
    let place = screen.app().geometry().list.unwrap();
    let line = screen.screen().lines().nth(1).unwrap_or_default().to_owned();
    line.chars().skip(usize::from(place.x)).take(usize::from(place.width)).collect()
}

fn line(screen: &mut Harness, line: &str) {
    screen.keys(":").unwrap().text(line).unwrap().keys("<enter>").unwrap();
}

#[test]
fn rows_take_as_many_lines_as_was_chosen_and_a_view_keeps_that() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        line(&mut screen, "view all");
        line(&mut screen, "density comfortable");
        assert_eq!(screen.app().geometry().row_height, 2);
        insta::assert_snapshot!(format!("comfortable_{columns}x{rows}"), screen.screen());
        line(&mut screen, "density compact");
        assert_eq!(screen.app().geometry().row_height, 1);
        insta::assert_snapshot!(format!("compact_{columns}x{rows}"), screen.screen());
        line(&mut screen, "view open");
        assert_eq!(screen.app().geometry().row_height, if columns == 80 { 1 } else { 2 }, "another view has its own");
        line(&mut screen, "view all");
        assert_eq!(screen.app().geometry().row_height, 1);
    }
}

#[test]
fn the_density_is_chosen_from_a_sheet_with_the_cursor_on_the_present_one() {
    let mut screen = Desk::new().screen((80, 24));
    screen.keys("Vd").unwrap();
    assert_eq!(picker(&screen).chosen().map(|one| one.label.as_str()), Some("auto"));
    insta::assert_snapshot!("density_80x24", screen.screen());
    screen.keys("<down><enter>").unwrap();
    assert_eq!(screen.app().list_look().density, Density::Comfortable);
    line(&mut screen, "density loose");
    assert!(screen.status().contains("rows of a list are not"), "{}", screen.status());
}

#[test]
fn the_cursor_stays_in_sight_when_rows_take_two_lines() {
    let mut desk = super::bytes::busy();
    desk.look.density = Density::Compact;
    let mut screen = desk.screen((80, 24));
    screen.keys("jjjjjjjjjjjjjjjjjj").unwrap();
    let on = screen.app().current_row().unwrap().id.clone();
    line(&mut screen, "density comfortable");
    assert_eq!(screen.app().current_row().unwrap().id, on);
    let (top, cursor) = (screen.app().list.top, screen.app().list.cursor);
    assert!(cursor >= top && cursor < top + screen.app().list_rows(), "{top} {cursor}");
}

#[test]
fn columns_are_shown_and_hidden_while_the_list_is_in_sight() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen((columns, rows));
        line(&mut screen, "view all");
        assert!(!first_row(&screen).contains(" support "), "{}", screen.screen());
        screen.keys("Vx").unwrap();
        insta::assert_snapshot!(format!("columns_{columns}x{rows}"), screen.screen());
        screen.keys("in<enter>").unwrap();
        assert!(first_row(&screen).contains(" support "), "{}", screen.screen());
        assert!(!screen.app().layers.is_empty(), "the sheet stays for the next one");
        screen.keys("<c-u>own<space>").unwrap();
        assert!(!first_row(&screen).contains(" –"), "{}", screen.screen());
        screen.keys("<c-u>st<space><space><esc>").unwrap();
        assert!(first_row(&screen).contains(" O "), "twice is as before: {}", screen.screen());
        insta::assert_snapshot!(format!("inbox_no_owner_{columns}x{rows}"), screen.screen());
    }
}

#[test]
fn a_column_that_the_view_fixes_is_not_drawn_though_it_is_shown_elsewhere() {
    let mut screen = Desk::new().screen((80, 24));
    screen.keys("Vx").unwrap();
    assert!(screen.screen().contains("shown, but the same in all of this view"), "{}", screen.screen());
    screen.keys("<esc>").unwrap();
    line(&mut screen, "columns colour");
    assert!(screen.status().contains("a list has no column"), "{}", screen.status());
}

#[test]
fn the_config_says_how_lists_look_and_a_view_of_ones_own_says_otherwise() {
    let mut desk = Desk::new();
    desk.look = ListLook { density: Density::Comfortable, columns: BTreeSet::from([Column::Status]) };
    let own = postroom::model::own::OwnView {
        density: Some(Density::Compact),
        columns: Some(BTreeSet::from([Column::Owner])),
        ..postroom::model::own::OwnView::new("lamps", "lamp is:any")
    };
    desk.own_views = vec![own];
    let mut screen = desk.screen((80, 24));
    line(&mut screen, "view all");
    assert_eq!(screen.app().geometry().row_height, 2);
    assert!(first_row(&screen).contains(" O ") && !first_row(&screen).contains(" –"), "{}", screen.screen());
    line(&mut screen, "view lamps");
    assert_eq!(screen.app().geometry().row_height, 1);
    assert!(!first_row(&screen).contains(" O ") && first_row(&screen).contains(" –"), "{}", screen.screen());
}

#[test]
fn a_search_that_is_kept_as_a_view_keeps_its_order_and_how_it_looks() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("/lamp<enter>Vc").unwrap();
    line(&mut screen, "density comfortable");
    line(&mut screen, "columns inbox");
    screen.keys("Vslamps<enter>").unwrap();
    assert_eq!(screen.app().geometry().row_height, 2, "{}", screen.screen());
    let kept = std::fs::read_to_string(desk.views_file()).unwrap();
    for words in
        ["sort = \"created\"", "density = \"comfortable\"", "columns = [\"status\", \"tags\", \"snippet\", \"inbox\""]
    {
        assert!(kept.contains(words), "{kept}");
    }
}

#[test]
fn one_column_more_never_takes_one_from_the_subject_in_rows_of_one_line() {
    let mut least = 0;
    // From 71 columns on the id has a column.
    for width in 40..71 {
        let mut desk = Desk::new();
        desk.look.density = Density::Compact;
        let mut screen = desk.screen((width, 24));
        line(&mut screen, "view all");
        let room = first_row(&screen)
            .split("Refund")
            .nth(1)
            .map_or(0, |rest| rest.split(" –").next().unwrap_or_default().chars().count());
        assert!(room >= least, "{width}: {room} after {least}\n{}", screen.screen());
        least = room;
    }
    assert!(least > 0);
}
