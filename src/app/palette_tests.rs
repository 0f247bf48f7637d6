use super::*;

#[test]
fn lines_are_remembered_once_each_and_walked_over_from_the_newest() {
    let mut palette = Palette::default();
    for line in ["close", "assign bob", "close", "tag vip"] {
        palette.remember(line);
    }
    assert_eq!(palette.recent, ["tag vip", "close", "assign bob"]);
    assert_eq!(palette.walk(true), None);
    let mut walk = |back| palette.walk(back).cloned();
    assert_eq!(walk(false).as_deref(), Some("tag vip"));
    assert_eq!(walk(false).as_deref(), Some("close"));
    assert_eq!(walk(false).as_deref(), Some("assign bob"));
    assert_eq!(walk(false), None);
    assert_eq!(walk(true).as_deref(), Some("close"));
}
