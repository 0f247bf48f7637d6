use super::*;
use crate::service::compose::tests::store;

const MAIL: &str = "From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n";

fn shift(name: &str) -> Shift {
    Shift::new(name.into(), TimeZone::UTC)
}

#[test]
fn what_is_taken_is_held_until_it_is_given_back() {
    let (_dir, store) = store(MAIL);
    let shift = shift("w1");
    assert_eq!(shift.stand(&store, None, &[]).unwrap().waiting, 1);
    let taken = shift.take(&store, &[]).unwrap().unwrap();
    let id = taken.row.id;
    let stand = shift.stand(&store, Some(&id), &[]).unwrap();
    assert_eq!((stand.waiting, stand.hand), (0, Some(Hand::Held(taken.until))));
    assert!(shift.take(&store, &[]).unwrap().is_none());
    assert!(shift.give_back(&store, &id).unwrap());
    assert!(!shift.give_back(&store, &id).unwrap(), "it is at work no more");
    let stand = shift.stand(&store, Some(&id), &[]).unwrap();
    assert_eq!((stand.waiting, stand.hand), (1, Some(Hand::Lost(phrase!("nobody-has-it")))));
}

#[test]
fn what_was_passed_over_is_neither_counted_nor_taken() {
    let (_dir, store) = store(MAIL);
    let shift = shift("w1");
    let id = shift.take(&store, &[]).unwrap().unwrap().row.id;
    assert!(shift.give_back(&store, &id).unwrap());
    let passed = [id];
    assert_eq!(shift.stand(&store, None, &passed).unwrap().waiting, 0);
    assert!(shift.take(&store, &passed).unwrap().is_none());
}

#[test]
fn what_one_screen_has_another_of_the_same_agent_has_lost() {
    let (_dir, store) = store(MAIL);
    let (one, two) = (shift("w1"), shift("w2"));
    let id = one.take(&store, &[]).unwrap().unwrap().row.id;
    assert!(two.take(&store, &[]).unwrap().is_none());
    assert!(two.renew(&store, &id).is_err());
    assert!(matches!(two.stand(&store, Some(&id), &[]).unwrap().hand, Some(Hand::Lost(_))));
    assert!(!two.give_back(&store, &id).unwrap(), "it is not given back over the other's head");
}
