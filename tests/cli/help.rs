use crate::environment::Environment;

#[test]
fn help_explains_topics_and_verbs_and_names_the_nearest_of_what_it_lacks() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["help", "exit-codes"]));
    insta::assert_snapshot!(env.run(&["help", "troubelshooting"]));
    insta::assert_snapshot!(env.run(&["help", "seen"]));
    let all = env.run(&["help"]);
    for topic in
        ["commands", "exit-codes", "keys", "log", "query", "quotes", "threading", "troubleshooting", "who-wrote"]
    {
        assert!(all.stdout.contains(&format!("  {topic} ")), "{topic}");
    }
}
