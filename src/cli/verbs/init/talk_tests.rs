use std::collections::VecDeque;

use super::*;
use crate::cli::verbs::init::answers::{SecurityWord, Server};

/// Stands in front of a question whose answer is not shown.
const UNSEEN: &str = "unseen: ";

/// Answers these lines, one after the other.
#[derive(Default)]
struct Lines {
    given: VecDeque<&'static str>,
    said: Vec<String>,
}

impl Person for Lines {
    fn line(&mut self, question: &str) -> Result<String, UserError> {
        self.said.push(question.to_owned());
        let next = self.given.pop_front();
        next.map(str::to_owned).ok_or_else(|| UserError::new(ErrorKind::Usage, phrase!("questions-left")))
    }

    fn hidden(&mut self, question: &str) -> Result<String, UserError> {
        self.line(&format!("{UNSEEN}{question}"))
    }

    fn tell(&mut self, words: &str) {
        self.said.push(words.to_owned());
    }
}

/// Servers that refuse in turn what stands here.
#[derive(Default)]
struct Fake {
    imap: VecDeque<UserError>,
    smtp: VecDeque<UserError>,
    found: Found,
    kept: Vec<Answers>,
    tokens: VecDeque<UserError>,
}

impl World for Fake {
    fn servers(&mut self, _: &str) -> Servers {
        Servers::default()
    }

    fn log_in(&mut self, _: &Answers) -> Result<(), UserError> {
        self.tokens.pop_front().map_or(Ok(()), Err)
    }

    fn look(&mut self, _: &Answers) -> Result<Found, UserError> {
        self.imap.pop_front().map_or_else(|| Ok(self.found.clone()), Err)
    }

    fn try_sending(&mut self, _: &Answers) -> Result<(), UserError> {
        self.smtp.pop_front().map_or(Ok(()), Err)
    }

    fn keep(&mut self, answers: &Answers) {
        self.kept.push(answers.clone());
    }
}

fn run(lines: &[&'static str], world: &mut Fake) -> (Result<(), UserError>, Answers, Vec<String>) {
    let mut person = Lines { given: lines.iter().copied().collect(), ..Lines::default() };
    let mut answers = Answers::default();
    let mut known = Known { asks: true, tries: true, agent: Some("alice".to_owned()), ..Known::default() };
    let ended = go_through(&mut person, world, &mut answers, &mut known);
    (ended, answers, person.said)
}

fn refused(code: Phrase) -> UserError {
    UserError::new(ErrorKind::Remote, code)
}

#[test]
fn a_wrong_answer_is_told_and_asked_again_and_nothing_is_lost() {
    let lines = [
        "shop",
        "shop@localhost",
        "local host",
        "localhost",
        "x",
        "1143",
        "ssl3",
        "plain",
        "none",
        "",
        "",
        "",
        "pass",
        "",
        "Alice Moreau",
        "",
        "",
        "",
        "what",
        "y",
    ];
    let (ended, answers, said) = run(&lines, &mut Fake::default());
    ended.unwrap();
    assert_eq!((answers.imap.host.as_deref(), answers.imap.port), (Some("localhost"), Some(1143)));
    assert_eq!(answers.name.as_deref(), Some("Alice Moreau"));
    let reasons: Vec<&String> = said.iter().filter(|words| words.starts_with("Not so: ")).collect();
    assert_eq!(reasons.len(), 6, "{reasons:?}");
}

#[test]
fn a_refused_password_is_asked_for_again_and_an_unreachable_server_with_all_of_it() {
    let mut world = Fake::default();
    world.imap.push_back(refused(phrase!("secret-missing", account = "main", why = "no")));
    world.smtp.push_back(refused(phrase!("smtp-test-failed", what = "can't be reached", port = "1")));
    let lines = [
        "shop@localhost",
        "",
        "1143",
        "plain",
        "localhost:1",
        "",
        "",
        "",
        "bad",
        // The mail server refuses the login: Enter has the password told anew.
        "",
        "",
        "good",
        // The other one is not there: Enter has host, port and security told anew.
        "",
        "localhost",
        "2525",
        "plain",
        "",
        "",
        "",
        "",
        "",
        "y",
        "n",
    ];
    let (ended, answers, said) = run(&lines, &mut world);
    ended.unwrap_or_else(|error| panic!("{error}: {said:#?}"));
    assert_eq!((answers.password.as_deref(), answers.smtp.port), (Some("good"), Some(2525)), "{said:#?}");
    assert!(said.iter().any(|words| words.contains("can't be reached")), "{said:#?}");
}

#[test]
fn a_client_that_the_provider_refuses_is_told_anew_and_its_secret_is_typed_unseen() {
    let mut world = Fake::default();
    world
        .tokens
        .push_back(refused(phrase!("oauth-refused", code = "invalid_client")).hint(phrase!("hint-oauth-client")));
    let lines = ["", "oauth2", "wrong", "", "", "", "right", "hush", "", "", "", "", "", "y", "n"];
    let mut person = Lines { given: lines.into(), ..Lines::default() };
    let server = |host: &str, port, security| Server { host: Some(host.to_owned()), port: Some(port), security };
    let mut answers = Answers {
        address: Some("shop@gmail.com".to_owned()),
        imap: server("imap.gmail.com", 993, Some(SecurityWord::Tls)),
        smtp: server("smtp.gmail.com", 465, Some(SecurityWord::Tls)),
        ..Answers::default()
    };
    let mut known = Known { asks: true, tries: true, agent: Some("alice".to_owned()), ..Known::default() };
    let ended = go_through(&mut person, &mut world, &mut answers, &mut known);
    ended.unwrap_or_else(|error| panic!("{error}: {:#?}", person.said));
    assert_eq!((answers.client_id.as_deref(), answers.client_secret.as_deref()), (Some("right"), Some("hush")));
    let secrets: Vec<&String> = person.said.iter().filter(|said| said.contains("Client secret")).collect();
    assert!(secrets.len() == 2 && secrets.iter().all(|said| said.starts_with(UNSEEN)), "{secrets:?}");
    assert!(person.said.iter().any(|said| said.contains("user, login, again, leave")), "{:#?}", person.said);
}

#[test]
fn whoever_leaves_has_said_everything_that_is_kept() {
    let mut world = Fake::default();
    let (ended, _, _) = run(&["shop@localhost", "", "1143"], &mut world);
    assert!(ended.unwrap_err().is("questions-left"));
    assert_eq!(world.kept.last().unwrap().imap.port, Some(1143));
    world.imap.push_back(refused(phrase!("smtp-no-starttls", host = "h")));
    let lines = ["shop@localhost", "", "1143", "plain", "none", "", "f", "pass", "leave"];
    let (ended, _, said) = run(&lines, &mut world);
    let error = ended.unwrap_err();
    assert!(error.is("questions-left") && error.kind == ErrorKind::Remote, "{error}: {said:#?}");
}

#[test]
fn whoever_leaves_a_second_time_and_sooner_loses_nothing_of_the_first() {
    let kept = Answers {
        address: Some("shop@localhost".to_owned()),
        user: Some("postbox".to_owned()),
        name: Some("Alice".to_owned()),
        ..Answers::default()
    };
    let last = |address: &'static str| {
        let mut world = Fake::default();
        let mut known = Known { asks: true, kept: kept.clone(), ..Known::default() };
        let mut person = Lines { given: [address, "", "1143"].into(), ..Lines::default() };
        go_through(&mut person, &mut world, &mut Answers::default(), &mut known).unwrap_err();
        world.kept.pop().unwrap()
    };
    let again = last("");
    assert_eq!((again.user.as_deref(), again.name.as_deref()), (Some("postbox"), Some("Alice")));
    assert_eq!((again.imap.host.as_deref(), again.imap.port), (Some("localhost"), Some(1143)));
    assert_eq!(last("other@localhost").user, None, "of another address nothing is taken");
}

#[test]
fn whoever_does_not_agree_to_what_is_shared_shares_nothing() {
    let mut world = Fake::default();
    world.found.rights.readers = vec!["bob".to_owned(), "anyone".to_owned()];
    let lines = ["shop@localhost", "", "1143", "plain", "none", "", "f", "pass", "", "", "", "", "", "no"];
    let (ended, _, said) = run(&lines, &mut world);
    assert!(ended.unwrap_err().is("init-not-agreed"), "{said:#?}");
    assert!(said.iter().any(|words| words.contains("bob, anyone")), "{said:#?}");
}

#[test]
fn a_folder_of_the_team_that_is_not_there_is_asked_for_again() {
    let mut world = Fake::default();
    world.found.shared = vec![("shared/support".to_owned(), Some('/'))];
    world.found.missing = vec![("shared/suport".to_owned(), None)];
    let lines = [
        "shop@localhost",
        "",
        "1143",
        "plain",
        "none",
        "",
        "f",
        "pass",
        "shared/suport",
        "",
        "shared/support",
        "",
        "",
        "",
        "",
        "",
        "",
        "y",
    ];
    let (ended, answers, said) = run(&lines, &mut world);
    ended.unwrap_or_else(|error| panic!("{error}: {said:#?}"));
    assert_eq!(answers.team_folder(), Some("shared/support"), "{said:#?}");
    assert_eq!(answers.log_folder.as_deref(), Some("shared/support/Postroom"));
}

#[test]
fn a_folder_that_a_flag_names_and_that_is_not_there_is_asked_for_where_nothing_is_shared_too() {
    let mut world = Fake::default();
    world.found.missing = vec![("Suport".to_owned(), None)];
    let lines =
        ["shop@localhost", "", "1143", "plain", "none", "", "f", "pass", "Support", "", "", "", "", "", "", "y"];
    let mut person = Lines { given: lines.into(), ..Lines::default() };
    let mut answers = Answers { inbox_folder: Some("Suport".to_owned()), ..Answers::default() };
    let mut known = Known { asks: true, tries: true, agent: Some("alice".to_owned()), ..Known::default() };
    let ended = go_through(&mut person, &mut world, &mut answers, &mut known);
    ended.unwrap_or_else(|error| panic!("{error}: {:#?}", person.said));
    assert_eq!(answers.team_folder(), Some("Support"), "{:#?}", person.said);
}
