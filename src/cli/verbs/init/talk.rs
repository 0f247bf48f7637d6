//! Asks until all is answered: each wrong answer is told with its reason and asked again, each server that lets nobody in too.

use super::answers::Answers;
use super::dialogue::{self, Known, Mend, Next, Question, accept, folders, next, proposal};
use crate::error::{ErrorKind, UserError};
use crate::model::phrase::{Arg, Phrase};
use crate::model::text::in_quotes;
use crate::sync::Found;
use crate::sync::discover::Servers;

/// Whoever answers.
pub trait Person {
    /// Shows a question and reads one line.
    ///
    /// # Errors
    /// When there is nobody any more.
    fn line(&mut self, question: &str) -> Result<String, UserError>;

    /// As [`Person::line`], for what is not to be seen.
    ///
    /// # Errors
    /// When there is nobody any more.
    fn hidden(&mut self, question: &str) -> Result<String, UserError>;

    /// Says something.
    fn tell(&mut self, words: &str);
}

/// What the answers are tried at, and where they are kept.
pub trait World {
    /// Finds out which servers the domain of an address has.
    fn servers(&mut self, address: &str) -> Servers;

    /// Has somebody agree that tokens are given.
    ///
    /// # Errors
    /// Says who refused, and what to do.
    fn log_in(&mut self, answers: &Answers) -> Result<(), UserError>;

    /// Logs in to the mail server and looks around.
    ///
    /// # Errors
    /// Says what the server said, and what to do.
    fn look(&mut self, answers: &Answers) -> Result<Found, UserError>;

    /// Logs in to the server for outgoing mail.
    ///
    /// # Errors
    /// Says what the server said, and what to do.
    fn try_sending(&mut self, answers: &Answers) -> Result<(), UserError>;

    /// Keeps what was answered so far.
    fn keep(&mut self, answers: &Answers);
}

/// Goes through all questions that are open.
///
/// # Errors
/// When the person leaves, does not agree, or a server lets nobody in and nobody can be asked about it.
pub fn go_through(
    person: &mut dyn Person,
    world: &mut dyn World,
    answers: &mut Answers,
    known: &mut Known,
) -> Result<(), UserError> {
    loop {
        known.keep_to(answers.address.as_deref());
        match next(answers, known) {
            Next::Ask(question) => ask(person, question, answers, known)?,
            Next::LookUp => {
                let found = world.servers(answers.address.as_deref().unwrap_or_default());
                known.servers = Some(found);
                introduce(person, answers, known);
            }
            Next::LogIn => match world.log_in(answers) {
                Ok(()) => known.has_tokens = true,
                Err(error) => mend(person, answers, known, error, Tried::Tokens)?,
            },
            Next::TryImap => match world.look(answers) {
                Ok(found) => looked(person, answers, known, found)?,
                Err(error) => mend(person, answers, known, error, Tried::Imap)?,
            },
            Next::TrySmtp => match world.try_sending(answers) {
                Ok(()) => known.sends = true,
                Err(error) => mend(person, answers, known, error, Tried::Smtp)?,
            },
            Next::Done => return Ok(()),
        }
        if known.asks {
            world.keep(&answers.over(&known.kept));
        }
        if answers.agrees == Some(false) {
            return Err(UserError::new(ErrorKind::Usage, phrase!("init-not-agreed")).hint(phrase!("hint-init-folder")));
        }
    }
}

/// Says whose servers are taken, and what password is wanted there.
fn introduce(person: &mut dyn Person, answers: &Answers, known: &Known) {
    if let (true, Some(preset)) = (known.asks, dialogue::preset(answers, known)) {
        person.tell(&say!("init-provider", title = preset.title));
        person.tell(&crate::text::render(&preset.advice()));
    }
}

/// Asks one question until its answer can be taken. A script gets what is proposed.
fn ask(person: &mut dyn Person, question: Question, answers: &mut Answers, known: &Known) -> Result<(), UserError> {
    let proposed = proposal(question, answers, known);
    if !known.asks {
        let Some(given) = proposed else {
            let flag = flag(question);
            let error = UserError::new(ErrorKind::Usage, phrase!("flags-missing", flags = flag));
            return Err(error.hint(phrase!("hint-add", flag = flag)));
        };
        return accept(question, answers, known, &given).map_err(|why| UserError::new(ErrorKind::Usage, why));
    }
    before(person, question, answers, known);
    let shown = words(question, answers, known);
    loop {
        let given = match question {
            Question::Password | Question::ClientSecret => person.hidden(&format!("{shown}: "))?,
            _ => {
                let proposal = proposed.as_deref().filter(|text| !text.is_empty());
                let bracket = proposal.map(|text| format!(" [{text}]")).unwrap_or_default();
                person.line(&format!("{shown}{bracket}: "))?
            }
        };
        let given = match (given.trim().is_empty(), &proposed) {
            (true, Some(proposed)) => proposed.clone(),
            // One that is proposed can be refused too: there are none.
            (false, _) if given.trim() == "-" && matches!(question, Question::Aliases | Question::More) => {
                String::new()
            }
            _ => given,
        };
        match accept(question, answers, known, &given) {
            Ok(()) => break,
            Err(why) => person.tell(&say!("init-again", why = why)),
        }
    }
    if question == Question::Address && dialogue::preset(answers, known).is_some() {
        introduce(person, answers, known);
    }
    Ok(())
}

/// Returns the flag that answers a question for which nothing can be proposed.
pub fn flag(question: Question) -> &'static str {
    match question {
        Question::Address => "--address",
        Question::ImapHost => "--imap-host",
        Question::SmtpHost => "--smtp-host",
        Question::ClientId => "--client-id",
        Question::Me => "--me",
        Question::Inbox => "--inbox",
        Question::LogFolder => "--log-folder",
        Question::Sent => "--sent",
        _ => "--password-command (or -env, -keyring, -prompt, -stdin)",
    }
}

/// What has to be said before a question.
fn before(person: &mut dyn Person, question: Question, answers: &Answers, known: &Known) {
    let shared = known.found.as_ref().map(|(_, found)| found);
    match question {
        Question::InboxFolder => {
            let names = shared.map(|found| found.shared.as_slice()).unwrap_or_default();
            if !names.is_empty() {
                person.tell(&say!("init-shared-with-you"));
            }
            names.iter().for_each(|(name, _)| person.tell(&format!("  {name}")));
        }
        Question::Agrees => share(person, answers, known),
        _ => {}
    }
}

/// Says what will be everybody's, and whose.
fn share(person: &mut dyn Person, answers: &Answers, known: &Known) {
    let folder = answers.team_folder().unwrap_or("INBOX");
    let log = known.found.as_ref().and_then(|(_, found)| found.log.clone());
    let log = log.or_else(|| answers.log_folder.clone()).unwrap_or_else(|| "Postroom".to_owned());
    person.tell(&say!("init-shares", folder = folder, log = log));
    let Some((_, found)) = &known.found else { return };
    let readers = found.rights.readers.join(", ");
    if readers.is_empty() {
        person.tell(&say!("init-shares-unknown"));
    } else {
        person.tell(&say!("init-shares-with", folder = folder, readers = readers));
    }
}

fn words(question: Question, answers: &Answers, known: &Known) -> String {
    let (imap, smtp, _) = dialogue::proposed(answers, known);
    let server = |server: &super::answers::Server| {
        let host = server.host.clone().unwrap_or_default();
        let port = server.port.map(|port| format!(":{port}")).unwrap_or_default();
        let security = server.security.map(|security| format!(" ({})", security.word())).unwrap_or_default();
        format!("{host}{port}{security}")
    };
    match question {
        Question::Address => say!("ask-address"),
        Question::Fits => say!("ask-fits", imap = server(&imap), smtp = server(&smtp)),
        Question::ImapHost => say!("ask-imap-host"),
        Question::ImapPort | Question::SmtpPort => say!("ask-port"),
        Question::ImapSecurity | Question::SmtpSecurity => say!("ask-security"),
        Question::SmtpHost => say!("ask-smtp-host"),
        Question::User => say!("ask-user"),
        Question::Login => say!("ask-login"),
        Question::ClientId => say!("ask-client-id"),
        Question::ClientSecret => say!("ask-client-secret"),
        Question::From => say!("ask-password-from"),
        Question::Command => say!("ask-password-command"),
        Question::Environment => say!("ask-password-variable"),
        Question::Password => say!("ask-password", user = answers.user.as_deref().unwrap_or_default()),
        Question::InboxFolder => say!("ask-inbox-folder"),
        Question::LogFolder => say!("ask-log-folder"),
        Question::Sent => say!("ask-sent"),
        Question::Me => say!("ask-me"),
        Question::Name => say!("ask-name"),
        Question::Inbox => say!("ask-inbox"),
        Question::Aliases => say!("ask-aliases"),
        Question::More => say!("ask-more"),
        Question::Agrees => say!("ask-agrees"),
        Question::TestMail => say!("ask-test-mail", address = answers.address.as_deref().unwrap_or_default()),
    }
}

/// Shows what was found; a folder of the team that is not there is asked for again.
fn looked(person: &mut dyn Person, answers: &mut Answers, known: &mut Known, found: Found) -> Result<(), UserError> {
    person.tell(&say!("told-login-works"));
    crate::cli::connect::folders(&found).iter().for_each(|line| person.tell(&format!("  {line}")));
    if found.rights.log_read_only {
        person.tell(&say!("init-log-read-only"));
    } else if found.rights.mail_read_only {
        person.tell(&say!("init-mail-read-only"));
    }
    let team = answers.team_folder().map(str::to_owned);
    let missing = team.filter(|team| found.missing.iter().any(|(name, _)| name == team));
    known.found = Some((folders(answers), found));
    if let Some(name) = missing {
        let why: Phrase = phrase!("init-no-team-folder", folder = in_quotes(&name));
        if !known.asks {
            return Err(UserError::new(ErrorKind::Usage, why).hint(phrase!("hint-init-folder")));
        }
        person.tell(&say!("init-again", why = why));
        answers.inbox_folder = None;
        answers.log_folder = None;
        answers.sent = None;
    }
    Ok(())
}

/// What was tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tried {
    Imap,
    Smtp,
    Tokens,
}

/// Tells why a server lets nobody in, and asks what is to be answered anew. Without a terminal that is the end.
fn mend(
    person: &mut dyn Person,
    answers: &mut Answers,
    known: &mut Known,
    error: UserError,
    tried: Tried,
) -> Result<(), UserError> {
    if !known.asks {
        let remedy = match &error.remedy {
            Some(remedy) => phrase!("hint-not-written-either", remedy = remedy.clone()),
            None => phrase!("hint-not-written"),
        };
        return Err(error.hint(remedy));
    }
    person.tell(&error.to_string());
    let offered = Mend::offered(answers.by_tokens(), tried != Tried::Tokens);
    let usual = match tried {
        // What the provider refuses is refused again; who came too late, or said no, may think again.
        Tried::Tokens if error.remedy.as_ref().is_some_and(|remedy| remedy.is("hint-oauth-client")) => Mend::Login,
        Tried::Tokens => Mend::Again,
        _ if answers.by_tokens() && is_of_password(&error) => Mend::Login,
        _ if is_of_password(&error) => Mend::Password,
        _ => Mend::Server,
    };
    let mend = loop {
        let given = person.line(&say!("ask-mend", offered = Mend::words(offered), proposed = usual.word()))?;
        let given = if given.trim().is_empty() { usual.word().to_owned() } else { given };
        match Mend::read(&given, offered) {
            Ok(mend) => break mend,
            Err(why) => person.tell(&say!("init-again", why = why)),
        }
    };
    if mend == Mend::Leave {
        return Err(UserError::new(error.kind, phrase!("questions-left")).hint(phrase!("hint-init-kept")));
    }
    dialogue::forget(answers, known, tried == Tried::Smtp, mend);
    Ok(())
}

/// Tells whether the password, or what gives it, is what a server does not take.
fn is_of_password(error: &UserError) -> bool {
    let imap = |arg: &Arg| matches!(arg, Arg::Phrase(why) if why.is("imap-login"));
    error.is("smtp-login-refused") || error.is("secret-missing") || error.what.args.values().any(imap)
}

#[cfg(test)]
#[path = "talk_tests.rs"]
mod tests;
