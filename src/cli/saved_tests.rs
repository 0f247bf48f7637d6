use super::*;

#[test]
fn a_typed_text_is_filled_in_and_its_code_is_left_alone() {
    let values = BTreeMap::from([
        ("customer.first_name".to_owned(), "Carla".to_owned()),
        ("order".to_owned(), "4412".to_owned()),
    ]);
    let text = "Hi {customer.first_name}, order {order}: {company|us} {x} {{y}} {agent.title}";
    assert_eq!(fill(text, &values), "Hi Carla, order 4412: us {x} {{y}} {agent.title}");
}

#[test]
fn a_setting_wants_a_name_and_a_value() {
    assert_eq!(settings(&["a=b=c".to_owned()]).unwrap().get("a").map(String::as_str), Some("b=c"));
    assert!(settings(&["a".to_owned()]).is_err());
}
