use super::*;
use crate::config::{Auth, Security};

fn endpoint(secret: Secret) -> Endpoint {
    Endpoint {
        host: "localhost".to_owned(),
        port: 993,
        security: Security::Tls,
        user: "alice".to_owned(),
        secret,
        auth: Auth::Password,
        ca_file: None,
        timeout: 20,
    }
}

fn obtain(secret: Secret) -> Result<String, UserError> {
    let found = Configured { prompt: |_: &AccountId, _: &Endpoint| None, grants: None }
        .secret(&AccountId::new("main").unwrap(), &endpoint(secret));
    found.map_err(|error| match error {
        SyncError::User(error) => error,
        other => panic!("{other}"),
    })
}

#[test]
fn a_command_gives_its_first_line_and_no_more() {
    assert_eq!(obtain(Secret::Command("printf 'hunter 2 \\nmore\\n'".to_owned())).unwrap(), "hunter 2 ");
}

#[test]
fn a_command_that_fails_tells_why_without_the_secret() {
    for (command, words) in [
        ("echo hunter2; exit 3", "failed"),
        ("echo hunter2; echo 'pass: no such entry' >&2; exit 1", "no such entry"),
        ("true", "nothing"),
        ("printf '\\377'", "UTF-8"),
    ] {
        let error = obtain(Secret::Command(command.to_owned())).unwrap_err();
        assert!(error.message().contains(words) && error.message().contains("main"), "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }
}

#[test]
fn a_command_that_hangs_is_ended() {
    let error = run(Program::new(["sh", "-c", "sleep 600 & sleep 600"]), Duration::from_millis(50)).unwrap_err();
    assert!(error.is("secret-command-slow"), "{error:?}");
}

#[test]
fn a_command_that_hangs_after_it_closed_its_stdout_is_ended() {
    let error =
        run(Program::new(["sh", "-c", "echo hunter2; exec >&-; sleep 600"]), Duration::from_millis(50)).unwrap_err();
    assert!(error.is("secret-command-slow") && !crate::text::render(&error).contains("hunter2"), "{error:?}");
}

#[test]
fn nobody_to_ask_and_an_unset_variable_are_told() {
    assert!(obtain(Secret::Prompt).unwrap_err().to_string().contains("password command"));
    assert!(obtain(Secret::Env("POSTROOM_NO_SUCH".to_owned())).unwrap_err().message().contains("POSTROOM_NO_SUCH"));
}

#[test]
fn a_command_in_words_is_run_without_a_shell() {
    let words = ["printf", "%s", "$HOME; hunter 2"].map(str::to_owned);
    assert_eq!(obtain(Secret::Program(words.to_vec())).unwrap(), "$HOME; hunter 2");
}
