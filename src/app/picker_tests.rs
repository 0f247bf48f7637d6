use super::*;

fn picker() -> Picker {
    let who = |handle: &str, name: &str| Choice::new(handle, name, Picked::Assign(Some(Handle::new(handle).unwrap())));
    let mut choices = vec![who("bob", "Robert Keller"), who("bea", "Bea Lund"), who("rk", "Rosa Nobody")];
    choices.push(Choice::new("nobody", "", Picked::Assign(None)));
    Picker::of(PickerKind::Assign, "Assign to", choices)
}

fn found(typed: &str) -> Vec<String> {
    let mut picker = picker();
    picker.line.insert(typed);
    picker.find();
    picker.shown.iter().map(|place| picker.choices[*place].label.clone()).collect()
}

#[test]
fn a_choice_is_found_by_the_beginnings_of_its_words_and_by_initials_and_never_by_scattered_letters() {
    assert_eq!(found("b"), ["bob", "bea"]);
    assert_eq!(found("kel"), ["bob"]);
    assert_eq!(found("rk"), ["rk", "bob"]);
    assert_eq!(found("rob kel"), ["bob"]);
    assert_eq!(found("bb"), Vec::<String>::new());
    assert_eq!(found("eller"), Vec::<String>::new());
    assert_eq!(found("nob"), ["rk"], "that nobody is to have it is typed in full");
    assert_eq!(found("nobody"), ["nobody", "rk"]);
}

#[test]
fn where_nothing_is_found_nothing_is_chosen_and_an_arrow_chooses_the_first_or_the_last() {
    let mut picker = picker();
    picker.show(picker.choices.clone(), 0);
    assert_eq!(picker.chosen(), None);
    picker.step(1);
    assert_eq!(picker.chosen().unwrap().label, "bob");
    picker.at = None;
    picker.step(-1);
    assert_eq!(picker.chosen().unwrap().label, "nobody");
}
