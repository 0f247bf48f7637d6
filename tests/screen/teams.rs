//! Teams on the screen: assigned to, mentioned, each with a view for whoever is in it.

use std::collections::BTreeSet;

use postroom::app::Event;
use postroom::model::change::Change;
use postroom::model::ids::{AccountId, Handle, MessageId};
use postroom::model::stop::Stop;
use postroom::model::team;
use postroom::model::view::View;
use postroom::op::operation::{Known, Target};
use postroom::op::record::{NewOperation, Record};

use super::seed::Desk;

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

/// Whom the newest record mentions.
fn mentioned(desk: &Desk) -> BTreeSet<Handle> {
    let all = desk.store.unpushed(1000).unwrap();
    let record = Record::parse(&all.last().unwrap().1).unwrap();
    let Some(Known::Note { mentions, .. }) = record.known() else { panic!("{record:?}") };
    mentions.clone()
}

/// What a colleague does to the refund while the screen is open.
fn assigned_by(desk: &Desk, who: &str, to: &str) {
    let on = vec![Target::on(MessageId::new("order@shop").unwrap())];
    let op = Known::Assign { to: Some(handle(to)) };
    let _ = desk.other(who).commit(vec![NewOperation::new(op, on)]).unwrap();
}

#[test]
fn the_assign_picker_offers_the_teams_behind_the_agents() {
    for size in [(80, 24), (140, 40)] {
        let mut screen = Desk::in_a_team().screen(size);
        screen.keys("a").unwrap();
        insta::assert_snapshot!(format!("assign_{}x{}", size.0, size.1), screen.screen());
    }
}

#[test]
fn a_team_that_i_am_in_has_a_view_behind_what_nobody_has_and_others_have_none() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::in_a_team();
        assigned_by(&desk, "bob", "care");
        let mut screen = desk.screen(size);
        let views = &screen.app().views;
        assert_eq!(views.get(3), Some(&View::Team(handle("care"))), "{views:?}");
        assert!(!views.contains(&View::Team(handle("billing"))), "{views:?}");
        screen.keys(if size.0 < 100 { "4<s-tab>" } else { "4" }).unwrap();
        insta::assert_snapshot!(format!("view_{}x{}", size.0, size.1), screen.screen());
        assert_eq!(screen.app().counts.get(&View::Team(handle("care"))), 1);
        assert_eq!(screen.app().list.rows.len(), 1);
        assert_eq!(screen.app().counts.get(&View::Mine), 0, "what the team has is not mine");
    }
}

#[test]
fn a_note_that_mentions_a_team_mentions_everybody_in_it() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::in_a_team();
        let mut screen = desk.screen(size);
        screen.keys("<enter>nwho<space>has<space>this?<space>@bil<tab>").unwrap();
        insta::assert_snapshot!(format!("mention_{}x{}", size.0, size.1), screen.screen());
        screen.keys("<enter>").unwrap();
        assert!(screen.status().contains("you noted: who has this? @billing"), "{}", screen.status());
        assert_eq!(mentioned(&desk), BTreeSet::from([handle("bob"), handle("cleo")]));
        assert!(screen.screen().contains("who has this? @billing"), "{}", screen.screen());
        for member in ["bob", "cleo"] {
            let counts = desk.other(member).counts(&handle(member)).unwrap();
            assert_eq!(counts.get(&View::Mentions), 1, "{member}");
        }
    }
}

#[test]
fn a_search_completes_teams_as_those_who_have_it() {
    let desk = Desk::in_a_team();
    let mut screen = desk.screen((120, 24));
    screen.keys("<enter>abil<enter><esc>/assignee:bil<tab><enter>").unwrap();
    assert_eq!(screen.app().list.search.as_deref(), Some("assignee:billing"));
    assert_eq!(screen.app().list.rows.len(), 1);
}

#[test]
fn a_config_that_the_record_overrules_stands_among_the_notices_until_they_agree() {
    let desk = Desk::in_a_team();
    let main = AccountId::new("main").unwrap();
    let said = team::proposal(desk.store.config_team(), &main, None);
    let mut other = said.clone();
    other.teams.retain(|team| team.name != handle("care"));
    desk.store.set_team(&main, other).unwrap();
    let mut screen = desk.screen((140, 40));
    assert_eq!(screen.app().standing(), 1);
    assert!(!screen.app().views.contains(&View::Team(handle("care"))), "the record counts: {:?}", screen.app().views);
    screen.keys("!").unwrap();
    insta::assert_snapshot!(screen.screen());
    screen.keys("<esc>").unwrap();
    desk.store.set_team(&main, said).unwrap();
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
    assert_eq!(screen.app().standing(), 0);
    assert!(screen.app().views.contains(&View::Team(handle("care"))), "{:?}", screen.app().views);
}

#[test]
fn mails_that_the_record_makes_others_of_are_counted_in_the_status_line_until_they_are_looked_at() {
    let desk = Desk::in_a_team();
    let main = AccountId::new("main").unwrap();
    let mut record = team::proposal(desk.store.config_team(), &main, None);
    record.agents[0].addresses.insert("at.home@example.net".into());
    desk.store.set_team(&main, record).unwrap();
    let left = desk.store.to_derive().unwrap();
    assert!(left > 0);
    let mut screen = desk.screen((80, 24));
    assert!(screen.status().contains(&format!("{left} to read again")), "{}", screen.status());
    desk.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
    assert!(!screen.status().contains("to read again"), "{}", screen.status());
}
