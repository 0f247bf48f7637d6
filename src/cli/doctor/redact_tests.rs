use super::{Redact, secrets_of};

#[test]
fn secrets_are_found_in_a_config_with_mistakes_too() {
    assert_eq!(secrets_of("password = \"correct horse\"  # mine"), ["correct horse"]);
    assert_eq!(secrets_of("  imap.password = 'single'"), ["single"]);
    assert_eq!(secrets_of("password_command = [\"echo\", \"hunter2\"]"), ["echo", "hunter2"]);
    assert_eq!(secrets_of("client_secret = \"unended"), ["unended"]);
    assert_eq!(secrets_of("host = \"imap.example.com\""), Vec::<String>::new());
}

#[test]
fn a_secret_goes_wherever_it_stands_and_a_word_that_holds_a_short_one_stays() {
    let mut redact = Redact::of_home(Some("/home/alice".to_owned()));
    redact.add(["pass".to_owned(), "correct horse".to_owned(), String::new()]);
    assert_eq!(redact.take("`pass` is refused: correct horse"), "`[hidden]` is refused: [hidden]");
    assert_eq!(redact.take("the password of xcorrect horsey"), "the password of x[hidden]y");
    assert_eq!(redact.take("/home/alice/.config"), "~/.config");
}
