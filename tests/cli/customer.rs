use serde_json::Value;

use crate::environment::Environment;

/// What is known of a customer.
fn of(env: &Environment, args: &[&str]) -> Value {
    let said = env.run(&[&["customer"], args, &["--json"]].concat());
    assert_eq!(said.status, 0, "{said}");
    serde_json::from_str(said.stdout.trim()).unwrap()
}

#[test]
fn a_customer_is_printed_by_address_and_by_conversation() {
    let env = Environment::demo();
    let id = env.run(&["list", "subject:4398", "--format", "ids"]).stdout.trim().to_owned();
    assert_eq!(env.run(&["note", "pays late", "subject:4398"]).status, 0);
    insta::assert_snapshot!(env.run(&["customer", "Tom.Whitfield@example.org"]));
    let by_address = of(&env, &["tom.whitfield@example.org"]);
    assert_eq!(by_address["type"], "customer");
    assert_eq!(by_address["conversations"][0]["type"], "conversation");
    assert_eq!(by_address["notes"][0]["lines"][0], "pays late");
    let by_conversation = of(&env, &[&id]);
    assert_eq!(by_conversation["addresses"], by_address["addresses"]);
    assert_eq!((&by_conversation["claimed"], &by_conversation["name"]), (&Value::Bool(false), &by_address["name"]));
    let (all, others) =
        (by_address["conversations"].as_array().unwrap(), by_conversation["conversations"].as_array().unwrap());
    assert_eq!(all.len(), others.len() + 1, "the one that is asked about is not among the others");
}

#[test]
fn nobody_of_an_address_ends_with_1_and_an_id_that_leads_nowhere_is_told() {
    let env = Environment::demo();
    for who in ["nobody@nowhere.example", "support@example.com"] {
        let said = env.run(&["customer", who]);
        assert_eq!((said.status, said.stdout.as_str()), (1, ""), "{said}");
    }
    let said = env.run(&["customer", "zzzz"]);
    assert!(said.status == 1 && said.stderr.contains("zzzz"), "{said}");
}

#[test]
fn a_panel_of_the_config_is_checked_with_the_line_of_its_mistake() {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let before = std::fs::read_to_string(&config).unwrap();
    let line = before.lines().count() + 2;
    std::fs::write(&config, format!("{before}\n[panel.shop]\ntitle = \"Shop\"\n")).unwrap();
    let said = env.run(&["config", "check"]);
    assert_ne!(said.status, 0, "{said}");
    assert!(said.stderr.contains(&format!("config.toml:{line}:")) && said.stderr.contains("panel.shop"), "{said}");
    std::fs::write(&config, format!("{before}\n[panel.shop]\nrun = \"orders\"\n")).unwrap();
    assert_eq!(env.run(&["config", "check"]).status, 0);
    let shown = env.run(&["config", "show"]).stdout;
    assert!(shown.contains("[panel.shop]\nrun = [\"orders\"]\ntitle = \"shop\"\n"), "{shown}");
}

#[test]
fn a_panel_whose_query_names_what_is_not_known_is_told() {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let before = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{before}\n[panel.shop]\nrun = \"orders\"\nwhen = \"inbox:suport\"\n")).unwrap();
    let said = env.run(&["config", "check"]);
    assert!(
        said.status == 0 && said.stderr.contains("[panel.shop] when: ") && said.stderr.contains("support"),
        "{said}"
    );
}
