use super::*;
use crate::model::ids::Handle;

fn looks(who: &str, until: i64) -> Present {
    Present { who: Handle::new(who).unwrap(), does: Does::Looks, until: Timestamp(until) }
}

#[test]
fn whoever_is_not_heard_of_any_more_is_forgotten() {
    let mut presence = Presence::default();
    let id = ConversationId::from_kept("abcd".to_owned());
    presence.take(id.clone(), vec![looks("bob", 10), looks("cleo", 20)]);
    presence.expire(Timestamp(10));
    assert_eq!(presence.0.get(&id), Some(&vec![looks("cleo", 20)]));
    presence.expire(Timestamp(20));
    assert_eq!(presence, Presence::default());
}

#[test]
fn what_is_told_takes_the_place_of_what_was() {
    let mut presence = Presence::default();
    let id = ConversationId::from_kept("abcd".to_owned());
    presence.take(id.clone(), vec![looks("bob", 10)]);
    presence.take(id.clone(), vec![looks("cleo", 10)]);
    assert_eq!(presence.0.get(&id), Some(&vec![looks("cleo", 10)]));
    presence.take(id, Vec::new());
    assert_eq!(presence, Presence::default());
}
