//! A look before the deed: at what would become one, and at what is marked.

use postroom::app::{Layer, Page};
use postroom::model::ids::ConversationId;
use postroom::runtime::Harness;

use super::bulk::{crowd, give_bob};
use super::seed::{Desk, look};
use super::wishes::id;

fn is_page(screen: &Harness) -> bool {
    matches!(screen.app().layers.last(), Some(Layer::Page(Page::Compared { .. } | Page::Marked { .. })))
}

/// The rows of a question, without what was told meanwhile and how time went on.
fn sheet_of(screen: &str) -> Vec<&str> {
    screen
        .lines()
        .skip_while(|row| !row.contains("─ "))
        .filter(|row| row.contains("stays") || row.contains("type"))
        .collect()
}

#[test]
fn conversations_of_two_customers_are_compared_before_they_become_one() {
    let desk = Desk::new();
    for size in [(80, 24), (140, 40)] {
        let mut screen = desk.screen(size);
        screen.keys("<space><space>M").unwrap();
        let sheet = screen.screen();
        assert!(screen.hints().contains("p compare them"), "{}", screen.hints());
        screen.keys("p").unwrap();
        let shown = screen.screen();
        insta::assert_snapshot!(format!("compared_{}x{}", size.0, size.1), shown);
        if size.0 >= 100 {
            let both = |row: &str| row.contains("ana@lima.example") && row.contains("jonas@north.example");
            assert!(shown.lines().any(both), "beside each other: {shown}");
        }
        // A key in the hand acts on nothing behind the question.
        let (asked, unbound) = ("a question stands below", "i does nothing here");
        for (key, told) in [("e", asked), ("i", unbound), ("u", asked), ("3", asked), (".", asked), ("gm", asked)] {
            screen.keys(key).unwrap();
            assert!(is_page(&screen), "{key}: {}", screen.screen());
            assert!(screen.status().contains(told), "{key}: {}", screen.screen());
        }
        screen.wait(60_000).unwrap().keys("<esc>").unwrap();
        assert_eq!(sheet_of(&screen.screen()), sheet_of(&sheet), "the question stands as it stood");
        assert_eq!(desk.store.unpushed(10).unwrap(), []);
    }
}

#[test]
fn what_is_compared_is_scrolled_to_its_end_and_no_further() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 12));
    screen.keys("<space><space>Mp").unwrap();
    let begin = screen.screen();
    screen.keys("G").unwrap();
    let end = screen.screen();
    assert_ne!(begin, end);
    assert!(!screen.hints().contains("j scroll"), "{}", screen.hints());
    screen.keys("jjk").unwrap();
    assert_ne!(screen.screen(), end, "each key up shows the line above: {end}");
    screen.keys("gg").unwrap();
    assert_eq!(screen.screen(), begin);
    screen.happen(postroom::app::Event::Resize(140, 40)).unwrap();
    assert!(screen.screen().lines().nth(1).is_some_and(|row| row.matches('│').count() >= 1), "{}", screen.screen());
}

#[test]
fn the_key_that_compares_is_never_the_first_letter_of_an_id() {
    let desk = crowd(120);
    let short = |id: &ConversationId| desk.store.row_now(id).unwrap().unwrap().short;
    let ids: Vec<String> = (0..120).map(|n| short(&id(&desk, &format!("m{n}@x")))).collect();
    let with_p = ids.iter().find(|id| id.starts_with('p')).unwrap();
    let without = ids.iter().find(|id| !id.starts_with('p')).unwrap();
    let mut screen = desk.screen((100, 30));
    screen.keys("/").unwrap().text(&format!("id:{with_p} or id:{without}")).unwrap();
    screen.keys("<enter>*M").unwrap();
    assert!(screen.hints().contains("= compare them"), "{}", screen.screen());
    screen.keys("p").unwrap();
    assert!(!is_page(&screen), "{}", screen.screen());
    screen.keys("<bs>=").unwrap();
    assert!(is_page(&screen), "{}", screen.screen());
}

#[test]
fn ids_to_merge_are_read_as_ids_are_everywhere() {
    // Capitals, and the letters that look like the digits.
    let desk = crowd(400);
    let short = |n: u32| desk.store.row_now(&id(&desk, &format!("m{n}@x"))).unwrap().unwrap().short;
    let with = |digit: char, but: Option<u32>| {
        (0..400)
            .find(|n| Some(*n) != but && short(*n).contains(digit) && short(*n).contains(char::is_alphabetic))
            .unwrap()
    };
    let one = with('0', None);
    let other = with('1', Some(one));
    let mut screen = desk.screen((100, 30));
    screen.keys("/").unwrap().text(&format!("id:{} or id:{}", short(one), short(other))).unwrap();
    screen.keys("<enter>*M").unwrap();
    let typed = |n: u32| short(n).to_uppercase().replace('0', "o").replace('1', "l");
    let (first, second) = (typed(one), typed(other));
    screen.text(&format!("{first} {second}")).unwrap().keys("<enter>").unwrap();
    assert_eq!(id(&desk, &format!("m{one}@x")), id(&desk, &format!("m{other}@x")), "{}", screen.screen());
}

#[test]
fn what_is_marked_is_looked_through_before_something_is_done_to_it() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        give_bob(&desk, &["invoice@north"]);
        let mut screen = desk.screen(size);
        screen.keys("4*").unwrap();
        desk.mail(
            60,
            &super::seed::Mail {
                id: "more@south",
                from: "Mia South <mia@south.example>",
                subject: "Re: A quote for 200 lamps",
                refs: "quote@south",
                ago: -1,
                body: "Any news?",
            },
        );
        look(&mut screen);
        screen.keys("e").unwrap();
        let sheet = screen.screen();
        assert!(screen.hints().contains("l look through them"), "{}", screen.hints());
        screen.keys("l").unwrap();
        let shown = screen.screen();
        insta::assert_snapshot!(format!("marked_{}x{}", size.0, size.1), shown);
        assert!(!shown.contains("do it to all"), "the page covers the question: {shown}");
        let places = ["Mia South", "Jonas Berg", "Ana Lima"].map(|who| shown.find(who).unwrap());
        assert!(places.is_sorted(), "what is to be looked at twice stands first: {shown}");
        screen.keys("jG").unwrap();
        assert!(is_page(&screen));
        screen.keys("<esc>").unwrap();
        assert_eq!(screen.screen(), sheet, "the question stands as it stood");
        assert_eq!(desk.store.unpushed(10).unwrap().len(), 1, "nothing but what was given to bob");
        // Nor does the list change below it: what is to be done would be done to something else.
        screen.keys("lgi").unwrap();
        assert!(is_page(&screen) && screen.status().contains("a question stands below"), "{}", screen.screen());
        screen.keys("<esc><enter>").unwrap();
        assert!(desk.store.unpushed(10).unwrap().len() > 1);
    }
}

#[test]
fn of_many_that_are_marked_on_all_pages_the_first_are_shown_and_the_others_counted() {
    let desk = crowd(520);
    let mut screen = desk.screen((80, 24));
    screen.keys("*el").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("520 marked") && shown.contains("Question 0"), "{shown}");
    screen.keys("G").unwrap();
    assert!(screen.screen().contains("20 more"), "{}", screen.screen());
}
