use super::*;
use crate::model::address::Address;

fn known(name: &str, email: &str) -> Known {
    Known { address: Address::new(name, email), conversations: 1, many: false, last: None }
}

fn line(before: &str, after: &str) -> Line {
    Line::at(&format!("{before}{after}"), before.len())
}

#[test]
fn what_is_being_typed_is_what_stands_behind_the_last_comma() {
    assert_eq!(typed(&line("Ana <ana@x>, na", "")), Some("na"));
    assert_eq!(typed(&line("\"Berg, Jo\" <j@x>; 小", "")), Some("小"));
    assert_eq!(typed(&line("\"Berg, J", "")), Some("\"Berg, J"));
    assert_eq!(typed(&line("Ana <ana@x>", "")), None, "a whole address is none to complete");
    assert_eq!(typed(&line("na", "dia")), None, "inside a word nothing is put in");
    assert_eq!(typed(&line("", "")), None);
}

#[test]
fn a_completion_takes_the_place_of_what_was_typed_and_leaves_the_others() {
    let mut all = line("Ana <ana@x>, na", ", Bob <b@x>");
    put(&mut all, &known("Nadia Petrova", "nadia@x.example"));
    assert_eq!(all.text(), "Ana <ana@x>, Nadia Petrova <nadia@x.example>, Bob <b@x>");
    assert!(all.after().starts_with(", Bob"), "{:?}", all.after());
    let mut family = line("👨‍👩‍👧 e\u{301}m", "");
    put(&mut family, &known("Émile", "e@x.example"));
    assert_eq!(family.text(), "Émile <e@x.example>, ");
}

#[test]
fn arrows_go_round_the_people_and_back_to_what_was_typed() {
    let mut all = Completion { typed: "n".into(), found: vec![known("N", "n@x"), known("M", "m@x")], at: None };
    assert_eq!(all.choice().unwrap().address.name, "N");
    all.step(1);
    all.step(1);
    all.step(1);
    assert_eq!(all.choice().unwrap().address.name, "M");
    all.step(-1);
    all.step(-1);
    assert_eq!(all.at, None);
}

#[test]
fn no_completion_glues_an_address_to_its_neighbours() {
    let nadia = || known("Nadia", "nadia@x.example");
    for (before, after, whole) in [
        ("ana@x, na", "", "ana@x, Nadia <nadia@x.example>, "),
        ("ana@x na", "", "ana@x, Nadia <nadia@x.example>, "),
        ("ana@x,na", "", "ana@x, Nadia <nadia@x.example>, "),
        ("Ana <ana@x> na", "", "Ana <ana@x>, Nadia <nadia@x.example>, "),
        ("ana@x;  na", "", "ana@x; Nadia <nadia@x.example>, "),
        ("na", " ana@x", "Nadia <nadia@x.example>, ana@x"),
        ("ana@x, na", " Bob <b@x>", "ana@x, Nadia <nadia@x.example>, Bob <b@x>"),
        ("ana@x, na", ", Bob <b@x>", "ana@x, Nadia <nadia@x.example>, Bob <b@x>"),
    ] {
        let mut all = line(before, after);
        assert_eq!(typed(&all), Some("na"), "{before}|{after}");
        put(&mut all, &nadia());
        assert_eq!(all.text(), whole, "{before}|{after}");
    }
}

#[test]
fn who_is_typed_behind_a_completed_address_is_somebody_else() {
    let mut all = line("na", "");
    put(&mut all, &known("", "nadia@x.example"));
    all.insert("bo");
    assert_eq!(typed(&all), Some("bo"));
    put(&mut all, &known("Bob", "b@x"));
    assert_eq!(all.text(), "nadia@x.example, Bob <b@x>, ");
    tidy(&mut all);
    assert_eq!((all.text().as_str(), all.before()), ("nadia@x.example, Bob <b@x>", "nadia@x.example, Bob <b@x>"));
    tidy(&mut all);
    assert_eq!(all.text(), "nadia@x.example, Bob <b@x>");
}
