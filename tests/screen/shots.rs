//! Whole screens.

use super::seed::Desk;

fn shot(size: (u16, u16), keys: &str) -> String {
    let desk = Desk::new();
    let mut screen = desk.screen(size);
    if !keys.is_empty() {
        screen.keys(keys).unwrap();
    }
    screen.screen()
}

#[test]
fn the_list_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), ""));
}

#[test]
fn three_panes_at_140x40() {
    insta::assert_snapshot!(shot((140, 40), ""));
}

#[test]
fn two_panes_at_100x30() {
    insta::assert_snapshot!(shot((100, 30), "j"));
}

#[test]
fn a_conversation_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "<enter>"));
}

#[test]
fn a_conversation_with_quotes_unfolded_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "<enter>xG"));
}

#[test]
fn right_to_left_mail_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "jj<enter>"));
}

#[test]
fn chinese_mail_wraps_at_140x40() {
    insta::assert_snapshot!(shot((140, 40), "jjj<enter>"));
}

#[test]
fn help_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "?"));
}

#[test]
fn what_can_follow_a_key_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "s"));
}

#[test]
fn the_palette_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), ":snz"));
}

#[test]
fn the_views_alone_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "<s-tab>jj"));
}

#[test]
fn an_empty_view_says_where_to_go() {
    insta::assert_snapshot!(shot((80, 24), "1"));
}

#[test]
fn the_snooze_prompt_shows_the_moment_with_its_zone() {
    insta::assert_snapshot!(shot((80, 24), "ztomorrow<space>9:00"));
}

#[test]
fn a_mistake_in_a_search_is_shown_under_it() {
    insta::assert_snapshot!(shot((80, 24), "/statsu:open"));
}
