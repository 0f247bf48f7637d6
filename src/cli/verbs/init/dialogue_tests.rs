use super::*;
use crate::model::phrase::Phrase;

fn on_terminal() -> Known {
    Known { asks: true, agent: Some("alice".to_owned()), ..Known::default() }
}

/// Answers everything that is asked with what is proposed, but for these; returns the questions.
fn asked(answers: &mut Answers, known: &Known, given: &[(Question, &str)]) -> Vec<(Question, String)> {
    let mut all = Vec::new();
    while let Next::Ask(question) = next(answers, known) {
        let given = given.iter().find(|(of, _)| *of == question).map(|(_, text)| (*text).to_owned());
        let text = given.or_else(|| proposal(question, answers, known)).unwrap_or_else(|| panic!("{question:?}"));
        accept(question, answers, known, &text).unwrap_or_else(|why| panic!("{question:?}: {why:?}"));
        all.push((question, text));
    }
    all
}

fn refused(question: Question, given: &str) -> Phrase {
    let mut answers = Answers::default();
    let why = accept(question, &mut answers, &Known::default(), given).unwrap_err();
    assert_eq!(answers, Answers::default(), "a wrong answer changes nothing");
    why
}

#[test]
fn an_address_of_a_known_provider_leaves_little_to_be_asked() {
    use Question as Q;
    let mut answers = Answers::default();
    let given = [(Q::Address, "shop@gmail.com"), (Q::Password, "app password")];
    let all: Vec<Question> = asked(&mut answers, &on_terminal(), &given).into_iter().map(|(of, _)| of).collect();
    let expected = [
        Q::Address,
        Q::Fits,
        Q::User,
        Q::Login,
        Q::From,
        Q::Password,
        Q::Me,
        Q::Name,
        Q::Inbox,
        Q::Aliases,
        Q::More,
        Q::Agrees,
    ];
    assert_eq!(all, expected);
    assert_eq!((answers.imap.host.as_deref(), answers.imap.port), (Some("imap.gmail.com"), Some(993)));
    assert_eq!((answers.smtp.host.as_deref(), answers.smtp.port), (Some("smtp.gmail.com"), Some(465)));
    assert_eq!((answers.inbox.as_deref(), answers.me.as_deref()), (Some("shop"), Some("alice")));
}

#[test]
fn of_an_unknown_domain_each_server_is_asked_with_port_and_security() {
    let mut answers = Answers::default();
    let given = [
        (Question::Address, "help@shop.example"),
        (Question::ImapHost, "mail.shop.example:143"),
        (Question::Password, "secret"),
    ];
    let all = asked(&mut answers, &on_terminal(), &given);
    let of = |question| all.iter().find(|(of, _)| *of == question).map(|(_, text)| text.as_str());
    assert_eq!(of(Question::ImapPort), None, "it stood behind the host");
    assert_eq!(of(Question::ImapSecurity), Some("starttls"), "port 143 has it");
    assert_eq!(of(Question::SmtpHost), Some("smtp.shop.example"));
    assert_eq!((of(Question::SmtpPort), of(Question::SmtpSecurity)), (Some("465"), Some("tls")));
}

#[test]
fn servers_that_do_not_fit_are_asked_one_by_one_and_proposed() {
    let mut answers = Answers::default();
    let given = [
        (Question::Address, "shop@fastmail.com"),
        (Question::Fits, "no"),
        (Question::SmtpHost, "none"),
        (Question::From, "p"),
    ];
    let all = asked(&mut answers, &on_terminal(), &given);
    let of = |question| all.iter().find(|(of, _)| *of == question).map(|(_, text)| text.as_str());
    assert_eq!((of(Question::ImapHost), of(Question::ImapPort)), (Some("imap.fastmail.com"), Some("993")));
    assert_eq!((of(Question::SmtpHost), of(Question::SmtpPort)), (Some("none"), None));
    assert!(answers.smtp.is_none() && answers.from == Some(PasswordFrom::Prompt));
}

#[test]
fn where_no_password_lets_in_tokens_are_proposed_and_a_password_is_told() {
    let known = on_terminal();
    let mut answers = Answers { address: Some("shop@outlook.com".to_owned()), ..Answers::default() };
    assert_eq!(proposal(Question::Login, &answers, &known).as_deref(), Some("oauth2"));
    let why = accept(Question::Login, &mut answers, &known, "password").unwrap_err();
    assert!(why.is("answer-tokens-only") && answers.login.is_none());
    let given = [(Question::ClientId, "1234")];
    let all = asked(&mut answers, &known, &given);
    assert!(all.iter().all(|(question, _)| !matches!(question, Question::From | Question::Password)), "{all:?}");
    assert!(answers.by_tokens() && answers.client_secret.as_deref() == Some(""));
}

#[test]
fn each_wrong_answer_has_its_reason() {
    use Question as Q;
    for (question, given, code) in [
        (Q::Address, "help", "no-mail-address"),
        (Q::Address, "@example.com", "no-mail-address"),
        (Q::ImapHost, "", "answer-host"),
        (Q::ImapHost, "two words", "answer-host"),
        (Q::ImapHost, "-", "answer-host"),
        (Q::ImapHost, ".", "answer-host"),
        (Q::ImapHost, "imap..example.com", "answer-host"),
        (Q::ImapHost, "-imap.example.com", "answer-host"),
        (Q::ImapHost, ":", "answer-host"),
        (Q::ImapHost, "1::2::3", "answer-host"),
        (Q::ImapHost, "me@imap.example.com", "answer-host"),
        (Q::ImapHost, "imap.example.com:http", "answer-port"),
        (Q::SmtpPort, "0", "answer-port"),
        (Q::SmtpPort, "65536", "answer-port"),
        (Q::ImapSecurity, "ssh", "answer-security"),
        (Q::User, "", "answer-nothing"),
        (Q::Login, "key", "answer-login"),
        (Q::ClientId, " ", "answer-nothing"),
        (Q::From, "memory", "password-no-place"),
        (Q::From, "", "password-no-place"),
        (Q::Command, "", "answer-nothing"),
        (Q::Environment, "MY PASS", "answer-variable"),
        (Q::Password, "", "password-not-given"),
        (Q::InboxFolder, "", "answer-nothing"),
        (Q::Name, "Alice <a@example.com>", "answer-name"),
        (Q::Aliases, "info@example.com nonsense", "no-mail-address"),
        (Q::More, "sales", "no-mail-address"),
        (Q::Agrees, "maybe", "answer-yes-no"),
    ] {
        let why = refused(question, given);
        assert!(why.is(code), "{question:?} {given:?}: {why:?}");
    }
    assert!(provider("hotmale").unwrap_err().is("answer-provider"));
    let (by_password, by_tokens) = (Mend::offered(false, false), Mend::offered(true, false));
    assert!(Mend::read("x", by_password).unwrap_err().is("answer-mend"));
    assert_eq!(Mend::read("p", by_password).unwrap(), Mend::Password);
    assert!(Mend::read("p", by_tokens).is_err(), "with tokens there is none");
    assert_eq!(Mend::read("lo", by_tokens).unwrap(), Mend::Login);
}

#[test]
fn a_password_is_taken_as_it_is_typed() {
    let mut answers = Answers::default();
    accept(Question::Password, &mut answers, &Known::default(), " two words ").unwrap();
    assert_eq!(answers.password.as_deref(), Some(" two words "));
    assert!(refused(Question::Password, "  ").is("password-not-given"));
}

#[test]
fn in_clear_a_password_goes_to_this_machine_only() {
    let mut answers = Answers::default();
    answers.imap.host = Some("imap.example.com".to_owned());
    let known = Known::default();
    assert!(accept(Question::ImapSecurity, &mut answers, &known, "plain").unwrap_err().is("config-plain-elsewhere"));
    answers.imap.host = Some("localhost".to_owned());
    accept(Question::ImapSecurity, &mut answers, &known, "plain").unwrap();
}

#[test]
fn a_host_is_taken_apart_however_it_is_written() {
    for (given, host, port) in [
        ("imap.example.com", "imap.example.com", None),
        ("imap.example.com:1993", "imap.example.com", Some(1993)),
        ("imaps://imap.example.com:993/", "imap.example.com", Some(993)),
        ("[::1]:143", "::1", Some(143)),
        ("::1", "::1", None),
        ("bücher.example", "bücher.example", None),
        ("imap.example.com.", "imap.example.com.", None),
        ("127.0.0.1:143", "127.0.0.1", Some(143)),
    ] {
        let read = crate::cli::verbs::init::reading::host(given, &Server::default()).unwrap();
        assert_eq!((read.host.as_deref(), read.port), (Some(host), port), "{given}");
    }
}

#[test]
fn further_inboxes_and_addresses_are_taken_and_none_twice() {
    let known = Known::default();
    let mut answers = Answers {
        address: Some("support@example.com".to_owned()),
        inbox: Some("support".to_owned()),
        ..Answers::default()
    };
    for twice in ["a@example.com A@example.com", "a@example.com, support@example.com"] {
        let why = accept(Question::Aliases, &mut answers, &known, twice).unwrap_err();
        assert!(why.is("team-address-twice") && answers.aliases.is_none(), "{twice}");
    }
    accept(Question::Aliases, &mut answers, &known, "help@example.com, hilfe@example.com").unwrap();
    accept(Question::More, &mut answers, &known, "sales@example.com").unwrap();
    accept(Question::More, &mut answers, &known, "press=media@example.com").unwrap();
    for twice in ["sales@example.com", "support=x@example.com"] {
        assert!(accept(Question::More, &mut answers, &known, twice).unwrap_err().is("answer-inbox-twice"), "{twice}");
    }
    for twice in ["again=support@example.com", "hilfe@Example.com"] {
        assert!(accept(Question::More, &mut answers, &known, twice).unwrap_err().is("team-address-twice"), "{twice}");
    }
    accept(Question::More, &mut answers, &known, "").unwrap();
    let names: Vec<&str> = answers.more.iter().map(|more| more.name.as_str()).collect();
    assert_eq!((names, answers.no_more), (vec!["sales", "press"], true));
    assert_eq!(answers.aliases.unwrap().len(), 2);
}

#[test]
fn folders_of_others_have_the_teams_one_asked_for_and_its_log_and_sent_mail_beside_it() {
    let mut answers = Answers { address: Some("support@shop.example".to_owned()), ..Answers::default() };
    let mut known = Known { tries: true, ..on_terminal() };
    answers.login = Some(Login::Password);
    asked(&mut answers, &known, &[(Question::Password, "pass")]);
    assert_eq!(next(&answers, &known), Next::TryImap);
    let shared = |name: &str| (name.to_owned(), Some('.'));
    let found = Found { shared: vec![shared("user.support"), shared("user.support.SENT")], ..Found::default() };
    known.found = Some((folders(&answers), found.clone()));
    assert_eq!(next(&answers, &known), Next::Ask(Question::InboxFolder));
    let all = asked(&mut answers, &known, &[(Question::InboxFolder, "user.support")]);
    let texts: Vec<&str> = all.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["user.support", "user.support.Postroom", "user.support.SENT"]);
    assert_eq!(next(&answers, &known), Next::TryImap, "other folders are to be looked at now");
    known.found = Some((folders(&answers), found));
    assert_eq!(next(&answers, &known), Next::TrySmtp);
}

#[test]
fn what_was_answered_before_is_proposed_again_for_the_same_address_alone() {
    let (address, user) = (Some("a@shop.example".to_owned()), Some("postbox".to_owned()));
    let kept = Answers { address: address.clone(), user, me: Some("al".to_owned()), ..Answers::default() };
    let mut known = Known { kept, ..on_terminal() };
    let answers = Answers { address, ..Answers::default() };
    known.keep_to(answers.address.as_deref());
    assert_eq!(proposal(Question::User, &answers, &known).as_deref(), Some("postbox"));
    assert_eq!(proposal(Question::Me, &answers, &known).as_deref(), Some("al"));
    let other = Answers { address: Some("b@shop.example".to_owned()), ..Answers::default() };
    known.keep_to(other.address.as_deref());
    assert_eq!(proposal(Question::User, &other, &known).as_deref(), Some("b@shop.example"));
    assert_eq!(proposal(Question::Me, &other, &known).as_deref(), Some("alice"));
}

#[test]
fn further_inboxes_are_proposed_again_with_their_names() {
    let more = |name: &str, address: &str| More { name: name.to_owned(), address: address.to_owned() };
    let was = vec![more("sales", "sales@shop.example"), more("press", "media@shop.example")];
    let known = Known { kept: Answers { more: was.clone(), ..Answers::default() }, ..on_terminal() };
    let mut answers = Answers::default();
    for proposed in ["sales@shop.example", "press=media@shop.example", ""] {
        let text = proposal(Question::More, &answers, &known).unwrap();
        assert_eq!(text, proposed);
        accept(Question::More, &mut answers, &known, &text).unwrap();
    }
    assert_eq!((answers.more, answers.no_more), (was, true));
}

#[test]
fn how_to_log_in_with_tokens_is_told_anew_with_its_client() {
    let known = on_terminal();
    let mut answers = Answers { address: Some("shop@outlook.com".to_owned()), ..Answers::default() };
    asked(&mut answers, &known, &[(Question::ClientId, "wrong")]);
    let mut known = Known { tries: true, has_tokens: true, ..known };
    forget(&mut answers, &mut known, false, Mend::Login);
    assert_eq!(proposal(Question::ClientId, &answers, &known).as_deref(), Some("wrong"));
    let all = asked(&mut answers, &known, &[(Question::ClientId, "right")]);
    let questions: Vec<Question> = all.into_iter().map(|(question, _)| question).collect();
    assert_eq!(questions, [Question::Login, Question::ClientId, Question::ClientSecret]);
    assert_eq!((answers.client_id.as_deref(), next(&answers, &known)), (Some("right"), Next::LogIn));
}

#[test]
fn what_is_kept_has_no_secret_in_it() {
    let answers = Answers {
        password: Some("hunter2".to_owned()),
        client_secret: Some("hunter3".to_owned()),
        ..Answers::default()
    };
    let kept = serde_json::to_string(&answers).unwrap();
    assert!(!kept.contains("hunter"), "{kept}");
}

#[test]
fn a_name_or_password_that_is_told_anew_for_one_server_is_tried_at_both() {
    for mend in [Mend::User, Mend::Password] {
        let mut answers = Answers { address: Some("support@shop.example".to_owned()), ..Answers::default() };
        let mut known = Known { tries: true, ..on_terminal() };
        asked(&mut answers, &known, &[(Question::Password, "pass")]);
        known.found = Some((folders(&answers), Found::default()));
        assert_eq!(next(&answers, &known), Next::TrySmtp);
        forget(&mut answers, &mut known, true, mend);
        asked(&mut answers, &known, &[(Question::Password, "another")]);
        assert_eq!(next(&answers, &known), Next::TryImap, "{mend:?}");
    }
}
