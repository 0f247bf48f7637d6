//! Views of one's own.

use std::sync::Arc;

use postroom::model::own::OwnView;
use postroom::model::view::{Sort, View};
use postroom::runtime::Harness;

use super::seed::Desk;

fn desk() -> Desk {
    let mut desk = Desk::new();
    let lamps = OwnView { key: Some(9), ..OwnView::new("lamps", "lamp is:any") };
    let long = OwnView { sort: Sort::Waiting, ..OwnView::new("long", "is:any") };
    let quiet = OwnView { count: false, sort: Sort::Created, reverse: true, ..OwnView::new("quiet", "is:any") };
    desk.own_views = vec![lamps, long, quiet];
    desk
}

fn titles(screen: &Harness) -> Vec<String> {
    screen.app().list.rows.iter().map(|row| row.title.to_string()).collect()
}

fn shown(screen: &Harness) -> String {
    screen.app().shown_view().map(View::name).unwrap_or_default()
}

#[test]
fn views_of_ones_own_stand_under_their_heading_with_key_and_number() {
    let screen = desk().screen((140, 40));
    insta::assert_snapshot!(screen.screen());
    let lamps = screen.app().views.iter().find(|view| view.name() == "lamps").unwrap();
    assert_eq!(screen.app().count_of_view(lamps), Some(2));
}

#[test]
fn a_digit_the_list_of_views_and_the_palette_show_a_view_by_its_name() {
    let desk = desk();
    let mut screen = desk.screen((80, 24));
    screen.keys("9").unwrap();
    assert_eq!((shown(&screen).as_str(), screen.app().total()), ("lamps", Some(2)));
    screen.keys("'").unwrap().text("long").unwrap().keys("<enter>").unwrap();
    assert_eq!(shown(&screen), "long");
    screen.keys(":").unwrap().text("view qui").unwrap().keys("<enter>").unwrap();
    assert_eq!(shown(&screen), "quiet");
    screen.keys("4").unwrap();
    assert_eq!(screen.app().shown_view(), Some(&View::Open));
}

#[test]
fn a_view_stands_in_the_order_that_it_asks_for() {
    let desk = desk();
    let mut screen = desk.screen((80, 24));
    screen.keys(":").unwrap().text("view quiet").unwrap().keys("<enter>").unwrap();
    let oldest: Vec<i64> = screen.app().list.rows.iter().map(|row| row.created.0).collect();
    assert!(oldest.is_sorted() && oldest.len() == 7, "{oldest:?}");
    screen.keys(":").unwrap().text("view long").unwrap().keys("<enter>").unwrap();
    let waits: Vec<i64> =
        screen.app().list.rows.iter().map(|row| row.waiting_since.map_or(i64::MAX, |at| at.0)).collect();
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!(titles(&screen)[0], "Thank you!");
    screen.keys("G").unwrap();
    assert_eq!(screen.app().list.cursor, 6);
}

#[test]
fn what_a_colleague_does_counts_in_a_view_of_ones_own() {
    let desk = desk();
    let mut screen = desk.screen((140, 40));
    screen.keys(":").unwrap().text("save-view").unwrap().keys("<enter>").unwrap();
    assert!(screen.status().contains("no search is shown"), "{}", screen.status());
    screen.keys("<esc>/").unwrap().text("status:closed").unwrap().keys("<enter>").unwrap();
    screen.keys("Vs").unwrap().text("done").unwrap().keys("<enter>").unwrap();
    let done = |screen: &Harness| screen.app().own_counts.get("done").copied();
    assert_eq!(done(&screen), Some(0));
    screen.keys("3e").unwrap();
    assert_eq!(done(&screen), Some(1));
}

#[test]
fn a_search_is_kept_as_a_view_and_is_there_the_next_time() {
    let mut desk = desk();
    let mut screen = desk.screen((140, 40));
    screen.keys("/").unwrap().text("from:jonas or from:mia").unwrap().keys("<enter>Vs").unwrap();
    for (name, wrong) in
        [("two words", "is no name"), ("long", "there is a view long"), ("Waiting", "there is a view Waiting")]
    {
        screen.keys("<c-u>").unwrap().text(name).unwrap().keys("<enter>").unwrap();
        assert!(screen.screen().contains(wrong), "{name}: {}", screen.screen());
    }
    screen.keys("<c-u>").unwrap().text("two").unwrap().keys("<enter>").unwrap();
    assert_eq!((shown(&screen).as_str(), titles(&screen).len()), ("two", 2));
    assert!(
        screen.status().contains("Kept as the view two") && screen.status().contains("views.toml"),
        "{}",
        screen.status()
    );
    let kept = std::fs::read_to_string(desk.views_file()).unwrap();
    assert!(kept.ends_with("[view.two]\nquery = \"from:jonas or from:mia\"\n"), "{kept}");
    // Tags stand behind views of one's own, and take nothing of theirs.
    screen.keys("t").unwrap().text("vip").unwrap().keys("<enter>").unwrap();
    let names: Vec<String> = screen.app().views.iter().map(View::name).collect();
    assert_eq!(names.iter().rev().take(2).collect::<Vec<_>>(), ["tag:vip", "two"]);
    desk.own_views.push(OwnView::new("two", "from:jonas or from:mia"));
    let again = desk.screen((140, 40));
    assert!(again.app().views.contains(&View::Own(Arc::new(OwnView::new("two", "from:jonas or from:mia")))));
}

#[test]
fn a_view_tells_which_name_of_its_query_is_not_known_as_long_as_it_is_shown() {
    let mut desk = desk();
    desk.own_views.push(OwnView::new("typo", "tag:vpi"));
    let mut screen = desk.screen((80, 24));
    screen.keys("'").unwrap().text("typo").unwrap().keys("<enter>").unwrap();
    assert!(screen.status().contains("vpi"), "{}", screen.screen());
    screen.keys("1").unwrap();
    assert!(!screen.status().contains("vpi"), "{}", screen.screen());
}

#[test]
fn a_range_is_marked_in_the_order_of_the_view() {
    let desk = desk();
    let mut screen = desk.screen((80, 24));
    screen.keys(":").unwrap().text("view long").unwrap().keys("<enter>jvjjv").unwrap();
    let marked: Vec<usize> = (0..7).filter(|place| screen.app().is_marked(&screen.app().list.rows[*place])).collect();
    assert_eq!(marked, [1, 2, 3]);
}

#[test]
fn the_list_of_views_is_shown_with_keys_and_queries() {
    let desk = desk();
    let mut screen = desk.screen((80, 24));
    screen.keys("'").unwrap();
    insta::assert_snapshot!(screen.screen());
}

#[test]
fn what_i_follow_is_a_view_with_its_number_that_stands_in_the_column_while_there_is_any() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    assert!(!screen.screen().contains("Followed"), "{}", screen.screen());
    screen.keys("FjF").unwrap();
    assert_eq!(screen.app().counts.get(&View::Followed), 2);
    assert!(screen.screen().lines().any(|line| line.contains("   Followed        2")), "{}", screen.screen());
    screen.keys("gf").unwrap();
    assert_eq!((screen.app().shown_view(), screen.app().list.rows.len()), (Some(&View::Followed), 2));
    // What is closed needs nobody who follows it.
    screen.keys("e").unwrap();
    assert_eq!(screen.app().counts.get(&View::Followed), 1);
    screen.keys("1:").unwrap().text("view followed").unwrap().keys("<enter>").unwrap();
    assert_eq!((screen.app().shown_view(), screen.app().list.rows.len()), (Some(&View::Followed), 1));
}
