use super::*;

#[test]
fn a_setting_wants_a_name_and_a_value() {
    assert_eq!(settings(&["a=b=c".to_owned()]).unwrap().get("a").map(String::as_str), Some("b=c"));
    assert!(settings(&["a".to_owned()]).is_err());
}
