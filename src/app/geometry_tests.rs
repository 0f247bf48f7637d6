use proptest::prelude::*;
use ratatui::layout::Rect;

use super::{Geometry, Pane};

const PANES: [Pane; 4] = [Pane::Views, Pane::List, Pane::Conversation, Pane::Customer];

fn geometry(size: (u16, u16), focus: Pane, stands: bool, shown: Option<bool>) -> Geometry {
    Geometry::of(size, focus, stands).with_customer(focus, shown)
}

fn width(place: Option<Rect>) -> u16 {
    place.map_or(0, |place| place.width)
}

#[test]
fn the_panes_are_as_wide_as_the_design_draws_them() {
    let of = |columns, focus, shown| {
        let places = geometry((columns, 40), focus, false, shown);
        let widths = [places.views, places.list, places.conversation, places.customer].map(width);
        (widths, places.row_height)
    };
    let list = Pane::List;
    assert_eq!(of(40, list, None), ([0, 40, 0, 0], 2));
    assert_eq!(of(59, list, None), ([0, 59, 0, 0], 2));
    assert_eq!(of(60, list, None), ([0, 60, 0, 0], 1));
    assert_eq!(of(99, list, None), ([0, 99, 0, 0], 1));
    assert_eq!(of(80, Pane::Conversation, None), ([0, 0, 80, 0], 1));
    assert_eq!(of(100, list, None), ([0, 42, 57, 0], 2));
    assert_eq!(of(140, list, None), ([21, 48, 69, 0], 2));
    assert_eq!(of(140, list, Some(true)), ([0, 48, 58, 32], 2));
    assert_eq!(of(180, list, None), ([21, 66, 58, 32], 1));
    assert_eq!(of(200, list, None), ([21, 66, 78, 32], 1));
    assert_eq!(of(238, list, None), ([21, 90, 92, 32], 1));
    assert_eq!(of(300, list, None), ([21, 90, 92, 32], 1));
    // Put away, the customer leaves the conversation its columns.
    assert_eq!(of(200, list, Some(false)), ([21, 66, 92, 0], 1));
}

#[test]
fn the_views_lie_over_the_left_of_a_narrow_screen_while_they_have_the_keys() {
    for columns in [40, 80, 100, 139] {
        let places = geometry((columns, 24), Pane::Views, false, None);
        let without = geometry((columns, 24), Pane::List, false, None);
        assert!(places.views_lie_over(), "{columns}");
        assert_eq!(places.views, Some(Rect::new(0, 0, 21, 22)), "{columns}");
        assert_eq!((places.list, places.conversation), (without.list, without.conversation), "{columns}");
    }
    assert!(!geometry((140, 24), Pane::Views, false, None).views_lie_over());
}

proptest! {
    #[test]
    fn panes_never_overlap_and_fill_the_screen_but_for_the_end_of_a_wide_one(
        columns in 40u16..320, rows in 8u16..80, focus in 0usize..4, stands: bool, shown in proptest::option::of(any::<bool>()),
    ) {
        let focus = PANES[focus];
        let places = geometry((columns, rows), focus, stands, shown);
        let over = places.views_lie_over();
        let views = places.views.filter(|_| !over);
        let mut panes: Vec<Rect> =
            [views, places.list, places.conversation, places.customer].into_iter().flatten().collect();
        panes.sort_by_key(|pane| pane.x);
        let mut x = 0;
        for pane in &panes {
            prop_assert_eq!(pane.x, x, "{:?}", panes);
            prop_assert!(pane.width > 0 && pane.height == places.body.height);
            x = pane.right() + 1;
        }
        prop_assert!(x <= columns + 1, "{:?}", panes);
        // Two conversations beside each other are no easier to read than one.
        let is_full = x == columns + 1;
        prop_assert!(is_full || columns > 180, "{:?}", panes);
        let told = u16::from(places.status.is_some());
        prop_assert_eq!(places.body.height + told + places.hints.height, rows);
    }

    #[test]
    fn a_wider_screen_takes_no_pane_and_no_column_away(columns in 40u16..320, focus in 1usize..4) {
        let focus = PANES[focus];
        let at = |columns| {
            let places = geometry((columns, 40), focus, false, None);
            [places.views, places.list, places.conversation, places.customer].map(|place| place.is_some())
        };
        let (narrow, wide) = (at(columns), at(columns + 1));
        let kept = narrow.iter().zip(wide).all(|(was, is)| !was || is);
        prop_assert!(kept, "{:?} {:?}", narrow, wide);
    }
}
