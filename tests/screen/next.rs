//! What a worker of a colleague has from `next`, on the screen of another.

use postroom::query::{Context, Query};
use postroom::store::{Claim, Wanted};

use super::seed::Desk;

#[test]
fn which_worker_is_at_a_conversation_is_seen_in_the_list_and_in_the_conversation() {
    for (columns, rows) in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let bob = desk.other("bob");
        let me = bob.author().actor.clone();
        let (query, context) = (Query::any(), Context { me, now: desk.clock.now(), zone: jiff::tz::TimeZone::UTC });
        let wanted = Wanted { query: &query, context: &context, teams: &[], count: 1 };
        let claim = Claim { worker: "box/7".into(), until: desk.clock.now().plus(600_000) };
        assert_eq!(bob.claim_next(&wanted, &claim).unwrap().ids.len(), 1);
        let mut screen = desk.screen((columns, rows));
        screen.keys("/").unwrap().text("assignee:bob").unwrap().keys("<enter>").unwrap();
        let list = screen.screen();
        assert!(list.contains("bob…"), "{list}");
        let shown = screen.keys("<enter>").unwrap().screen();
        insta::assert_snapshot!(format!("a_worker_is_at_it_at_{columns}x{rows}"), shown);
    }
}
