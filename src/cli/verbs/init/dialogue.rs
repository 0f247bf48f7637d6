//! Which question comes next, what is proposed, and what an answer means. Pure: it reads no line and asks no server, so that every answer
//! can be tested.

use super::answers::{Answers, Login, More, NONE, PasswordFrom, SecurityWord, Server};
use super::reading::{self, address, host, mail_name, name, port};
use crate::config::providers::{OWN, PRESETS, Preset};
use crate::model::ids::{Handle, InboxId};
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::sync::Found;
use crate::sync::discover::Servers;

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Address,
    Fits,
    ImapHost,
    ImapPort,
    ImapSecurity,
    SmtpHost,
    SmtpPort,
    SmtpSecurity,
    User,
    Login,
    ClientId,
    ClientSecret,
    From,
    Command,
    Environment,
    Password,
    InboxFolder,
    LogFolder,
    Sent,
    Me,
    Name,
    Inbox,
    Aliases,
    More,
    Agrees,
    TestMail,
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A question is to be answered.
    Ask(Question),
    /// It is to be found out which servers the address's domain has.
    LookUp,
    /// Somebody has to agree that tokens are given.
    LogIn,
    /// The mail server is to be logged in to, and looked at.
    TryImap,
    /// The server for outgoing mail is to be logged in to.
    TrySmtp,
    /// All is answered.
    Done,
}

/// What is known beside the answers.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// What was answered the last time, proposed again.
    pub kept: Answers,
    /// How whoever sits here is called by the machine.
    pub agent: Option<String>,
    /// Whether the desktop has a keyring.
    pub keyring: bool,
    /// Whether servers are looked for.
    pub looks_up: bool,
    /// Whether the login is tried.
    pub tries: bool,
    /// Whether somebody can be asked.
    pub asks: bool,
    /// What was found of the domain.
    pub servers: Option<Servers>,
    /// Whether somebody agreed that tokens are given.
    pub has_tokens: bool,
    /// What the mail server turned out to hold, and for which folders it was asked.
    pub found: Option<(Folders, Found)>,
    /// Whether the server for outgoing mail lets us in.
    pub sends: bool,
}

impl Known {
    /// Forgets what was answered the last time, where that was of another address: its servers and its login are not those of this one.
    pub fn keep_to(&mut self, address: Option<&str>) {
        let Some(address) = address else { return };
        if self.kept.address.as_deref() != Some(address) {
            self.kept = Answers { address: Some(address.to_owned()), ..Answers::default() };
        }
    }
}

/// The folders that an account is told to use.
pub type Folders = [Option<String>; 3];

/// Returns the folders that were answered.
pub fn folders(answers: &Answers) -> Folders {
    [answers.team_folder().map(str::to_owned), answers.log_folder.clone(), answers.sent.clone()]
}

/// Returns the provider that the address, the answer or the name system speaks of.
pub fn preset(answers: &Answers, known: &Known) -> Option<&'static Preset> {
    match answers.provider.as_deref() {
        Some(name) => Preset::named(name),
        None => {
            let domain = answers.address.as_deref().and_then(|address| address.rsplit_once('@'));
            let of_domain = domain.and_then(|(_, domain)| Preset::of_domain(domain));
            of_domain.or(known.servers.as_ref().and_then(|servers| servers.preset))
        }
    }
}

/// Returns the servers that are proposed: those of the provider, those that the domain told; else those of the usual names, of which
/// nobody knows whether they are there.
pub fn proposed(answers: &Answers, known: &Known) -> (Server, Server, bool) {
    if let Some(preset) = preset(answers, known) {
        return (Server::of(&preset.imap()), Server::of(&preset.smtp()), true);
    }
    let domain =
        answers.address.as_deref().and_then(|address| address.rsplit_once('@')).map_or("", |(_, domain)| domain);
    let usual = |kind: &str| match domain {
        "" => Server::default(),
        "localhost" => Server { host: Some("localhost".to_owned()), ..Server::default() },
        domain => Server { host: Some(format!("{kind}.{}", domain.to_lowercase())), ..Server::default() },
    };
    let told = |listens: Option<&_>, kind: &str| listens.map_or_else(|| usual(kind), Server::of);
    let servers = known.servers.as_ref();
    let (imap, smtp) = (servers.and_then(|s| s.imap.as_ref()), servers.and_then(|s| s.smtp.as_ref()));
    (told(imap, "imap"), told(smtp, "smtp"), imap.is_some() && smtp.is_some())
}

/// Returns what comes next.
pub fn next(answers: &Answers, known: &Known) -> Next {
    use Question as Q;
    let a = answers;
    if a.address.is_none() {
        return Next::Ask(Q::Address);
    }
    let has_hosts = a.imap.host.is_some() && a.smtp.host.is_some();
    if known.looks_up && known.servers.is_none() && a.provider.is_none() && !has_hosts && preset(a, known).is_none() {
        return Next::LookUp;
    }
    let untold = a.imap == Server::default() && a.smtp == Server::default();
    let preset = preset(a, known);
    let mut questions = vec![(Q::Fits, untold && a.fits.is_none() && proposed(a, known).2)];
    questions.extend([
        (Q::ImapHost, a.imap.host.is_none()),
        (Q::ImapPort, a.imap.port.is_none()),
        (Q::ImapSecurity, a.imap.security.is_none()),
        (Q::SmtpHost, a.smtp.host.is_none()),
        (Q::SmtpPort, a.smtp.port.is_none() && !a.smtp.is_none()),
        (Q::SmtpSecurity, a.smtp.security.is_none() && !a.smtp.is_none()),
        (Q::User, a.user.is_none()),
        (
            Q::Login,
            a.login.is_none() && (preset.is_some_and(|preset| preset.tokens.is_some()) || a.token_url.is_some()),
        ),
    ]);
    if a.by_tokens() {
        questions.extend([(Q::ClientId, a.client_id.is_none()), (Q::ClientSecret, a.client_secret.is_none())]);
    } else {
        questions.extend([
            (Q::From, a.from.is_none()),
            (Q::Command, a.from == Some(PasswordFrom::Command) && a.command.is_none()),
            (Q::Environment, a.from == Some(PasswordFrom::Environment) && a.environment.is_none()),
            (Q::Password, needs_password(a, known)),
        ]);
    }
    if let Some((question, _)) = questions.into_iter().find(|(_, open)| *open) {
        return Next::Ask(question);
    }
    if a.by_tokens() && !known.has_tokens && known.tries {
        return Next::LogIn;
    }
    trying(a, known)
}

/// A password that is typed is needed where it is to be put away, or is asked for each time and to be tried.
fn needs_password(answers: &Answers, known: &Known) -> bool {
    let typed = match answers.from {
        Some(PasswordFrom::File) => true,
        // A script has put it there itself.
        Some(PasswordFrom::Keyring) => known.asks,
        Some(PasswordFrom::Prompt) => known.asks && known.tries,
        _ => false,
    };
    typed && answers.password.is_none()
}

/// What comes once it is told how to log in.
fn trying(a: &Answers, known: &Known) -> Next {
    use Question as Q;
    let looked = known.found.as_ref();
    if known.tries && looked.is_none() {
        return Next::TryImap;
    }
    // One that was named and is not there is asked for too: nobody's own INBOX stands in for it unsaid.
    let shared = looked.is_some_and(|(of, found)| !found.shared.is_empty() || of.first().is_some_and(Option::is_some));
    let own = a.team_folder().is_some();
    let sends = !a.smtp.is_none();
    for (question, open) in [
        (Q::InboxFolder, a.inbox_folder.is_none() && shared),
        (Q::LogFolder, own && a.log_folder.is_none()),
        (Q::Sent, own && sends && a.sent.is_none()),
    ] {
        if open {
            return Next::Ask(question);
        }
    }
    if known.tries && looked.is_none_or(|(of, _)| *of != folders(a)) {
        return Next::TryImap;
    }
    if known.tries && sends && !known.sends {
        return Next::TrySmtp;
    }
    for (question, open) in [
        (Q::Me, a.me.is_none()),
        (Q::Name, a.name.is_none()),
        (Q::Inbox, a.inbox.is_none()),
        (Q::Aliases, a.aliases.is_none()),
        (Q::More, !a.no_more),
        (Q::Agrees, a.agrees.is_none()),
        (Q::TestMail, a.test_mail.is_none() && known.tries && sends),
    ] {
        if open {
            return Next::Ask(question);
        }
    }
    Next::Done
}

/// Returns what Enter alone answers; `None` where there is nothing to propose.
pub fn proposal(question: Question, answers: &Answers, known: &Known) -> Option<String> {
    use Question as Q;
    let kept = &known.kept;
    let (imap, smtp, _) = proposed(answers, known);
    let text = |kept: &Option<String>, other: Option<String>| kept.clone().or(other);
    let port_of = |server: &Server, kept: &Server, proposed: &Server, usual: [u16; 3]| {
        let fits = server.host.is_some() && server.host == proposed.host;
        let told = kept.port.filter(|_| kept.host == server.host).or(proposed.port.filter(|_| fits));
        let by_security = match server.security.unwrap_or(SecurityWord::Tls) {
            SecurityWord::Tls => usual[0],
            SecurityWord::Starttls => usual[1],
            SecurityWord::Plain => usual[2],
        };
        Some(told.unwrap_or(by_security).to_string())
    };
    let security_of = |server: &Server, kept: &Server, proposed: &Server| {
        let told = [kept, proposed].into_iter().find(|one| one.host == server.host && one.port == server.port);
        let by_port = match server.port {
            Some(143 | 587 | 25) => SecurityWord::Starttls,
            _ => SecurityWord::Tls,
        };
        Some(told.and_then(|one| one.security).unwrap_or(by_port).word().to_owned())
    };
    match question {
        Q::Address => kept.address.clone(),
        Q::Fits | Q::Agrees => Some(yes(true)),
        Q::TestMail => Some(yes(false)),
        Q::ImapHost => text(&kept.imap.host, imap.host),
        Q::ImapPort => port_of(&answers.imap, &kept.imap, &imap, [993, 143, 143]),
        Q::ImapSecurity => security_of(&answers.imap, &kept.imap, &imap),
        Q::SmtpHost => text(&kept.smtp.host, smtp.host),
        Q::SmtpPort => port_of(&answers.smtp, &kept.smtp, &smtp, [465, 587, 25]),
        Q::SmtpSecurity => security_of(&answers.smtp, &kept.smtp, &smtp),
        Q::User => {
            let told = known.servers.as_ref().and_then(|servers| servers.user.clone());
            kept.user.clone().or(told).or_else(|| answers.address.clone())
        }
        Q::Login => {
            let tokens = preset(answers, known).map_or(answers.token_url.is_some(), |preset| preset.tokens_only);
            let login = kept.login.unwrap_or(if tokens { Login::Oauth2 } else { Login::Password });
            Some(if login == Login::Oauth2 { "oauth2" } else { "password" }.to_owned())
        }
        Q::ClientId => kept.client_id.clone(),
        Q::ClientSecret => Some(String::new()),
        Q::From => {
            let usual = if known.keyring { PasswordFrom::Keyring } else { PasswordFrom::File };
            // Nothing is said about it in a script: it has to say where from.
            known.asks.then(|| kept.from.unwrap_or(usual).word().to_owned())
        }
        Q::Command => kept.command.clone(),
        Q::Environment => kept.environment.clone(),
        Q::Password => None,
        Q::InboxFolder => text(&kept.inbox_folder, Some("INBOX".to_owned())),
        Q::LogFolder => kept.log_folder.clone().or_else(|| beside(answers, known, "Postroom")),
        Q::Sent => kept.sent.clone().or_else(|| beside(answers, known, "Sent")),
        Q::Me => kept.me.clone().or_else(|| known.agent.clone()).filter(|me| Handle::new(me).is_ok()),
        Q::Name => text(&kept.name, answers.me.clone()),
        Q::Inbox => {
            let local = answers.address.as_deref().and_then(|address| address.split('@').next()).map(str::to_owned);
            text(&kept.inbox, local).filter(|name| InboxId::new(name).is_ok())
        }
        Q::Aliases => Some(kept.aliases.clone().unwrap_or_default().join(" ")),
        Q::More => Some(kept.more.get(answers.more.len()).map_or_else(String::new, More::written)),
    }
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// Returns what a folder of the team's mailbox is called: one that is there by that name in any case, else as it is to be made.
fn beside(answers: &Answers, known: &Known, last: &str) -> Option<String> {
    let inbox = answers.team_folder()?;
    let shared = known.found.as_ref().map(|(_, found)| found.shared.as_slice()).unwrap_or_default();
    let delimiter = shared.iter().find(|(name, _)| name == inbox).and_then(|(_, delimiter)| *delimiter).unwrap_or('/');
    let name = crate::sync::folder_beside(inbox, Some(delimiter), last)?;
    let there = shared.iter().find(|(there, _)| there.to_lowercase() == name.to_lowercase());
    Some(there.map_or(name, |(there, _)| there.clone()))
}

/// Takes an answer; a wrong one is told with its reason, and changes nothing.
///
/// # Errors
/// Why it can't be taken.
pub fn accept(question: Question, answers: &mut Answers, known: &Known, given: &str) -> Result<(), Phrase> {
    use Question as Q;
    // A password may begin or end with a blank.
    let (typed, given) = (given, given.trim());
    match question {
        Q::Address => answers.address = Some(address(given)?),
        Q::Fits => {
            let fits = reading::yes(given)?;
            if fits {
                let (imap, smtp, _) = proposed(answers, known);
                (answers.imap, answers.smtp) = (imap, smtp);
            }
            answers.fits = Some(fits);
        }
        Q::ImapHost => answers.imap = host(given, &answers.imap)?,
        Q::SmtpHost if given.eq_ignore_ascii_case(NONE) => answers.smtp.host = Some(NONE.to_owned()),
        Q::SmtpHost => answers.smtp = host(given, &answers.smtp)?,
        Q::ImapPort => answers.imap.port = Some(port(given)?),
        Q::SmtpPort => answers.smtp.port = Some(port(given)?),
        Q::ImapSecurity => answers.imap.security = Some(reading::security(given, answers.imap.host.as_deref())?),
        Q::SmtpSecurity => answers.smtp.security = Some(reading::security(given, answers.smtp.host.as_deref())?),
        Q::User => answers.user = Some(name(given)?),
        Q::Login => answers.login = Some(reading::login(given, preset(answers, known))?),
        Q::ClientId => answers.client_id = Some(name(given)?),
        Q::ClientSecret => answers.client_secret = Some(given.to_owned()),
        Q::From => {
            let found = PasswordFrom::ALL.into_iter().find(|from| from.word() == given.to_lowercase());
            let first = || {
                PasswordFrom::ALL
                    .into_iter()
                    .find(|from| !given.is_empty() && from.word().starts_with(&given.to_lowercase()))
            };
            answers.from =
                Some(found.or_else(first).ok_or_else(|| phrase!("password-no-place", given = in_quotes(given)))?);
        }
        Q::Command => answers.command = Some(name(given)?),
        Q::Environment => {
            let fits = given.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !given.is_empty();
            answers.environment = Some(
                fits.then(|| given.to_owned()).ok_or_else(|| phrase!("answer-variable", given = in_quotes(given)))?,
            );
        }
        Q::Password => {
            if given.is_empty() {
                return Err(phrase!("password-not-given"));
            }
            answers.password = Some(typed.to_owned());
        }
        Q::InboxFolder => answers.inbox_folder = Some(name(given)?),
        Q::LogFolder => answers.log_folder = Some(name(given)?),
        Q::Sent => answers.sent = Some(name(given)?),
        Q::Me => answers.me = Some(Handle::new(given).map_err(|bad| bad.phrase())?.to_string()),
        Q::Name => answers.name = Some(mail_name(given)?),
        Q::Inbox => answers.inbox = Some(InboxId::new(given).map_err(|bad| bad.phrase())?.to_string()),
        Q::Aliases => {
            let words = given.split([' ', ',']).filter(|word| !word.is_empty());
            let aliases: Vec<String> = words.map(address).collect::<Result<_, _>>()?;
            let mut all: Vec<&String> = answers.address.iter().collect();
            for alias in &aliases {
                once(alias, all.iter().copied())?;
                all.push(alias);
            }
            answers.aliases = Some(aliases);
        }
        Q::More if given.is_empty() => answers.no_more = true,
        Q::More => {
            let more = more(given)?;
            let taken = |one: &More| one.name == more.name || one.address == more.address;
            if answers.more.iter().any(taken) || answers.inbox.as_ref() == Some(&more.name) {
                return Err(phrase!("answer-inbox-twice", given = in_quotes(&more.name)));
            }
            once(&more.address, answers.address.iter().chain(answers.aliases.iter().flatten()))?;
            answers.more.push(more);
        }
        Q::Agrees => answers.agrees = Some(reading::yes(given)?),
        Q::TestMail => answers.test_mail = Some(reading::yes(given)?),
    }
    Ok(())
}

/// Refuses an address that mail comes to at an inbox already: the team's record takes none twice.
fn once<'a>(address: &str, mut taken: impl Iterator<Item = &'a String>) -> Result<(), Phrase> {
    match taken.any(|one| one.eq_ignore_ascii_case(address)) {
        true => Err(phrase!("team-address-twice", address = address)),
        false => Ok(()),
    }
}

/// Reads a further inbox: `sales=sales@example.com`, or the address alone, whose first part is the name then.
///
/// # Errors
/// When it is no address, or makes no name.
fn more(given: &str) -> Result<More, Phrase> {
    let (name, written) =
        given.split_once('=').map_or((None, given), |(name, address)| (Some(name.trim()), address.trim()));
    let address = address(written)?;
    let name = name.unwrap_or_else(|| address.split('@').next().unwrap_or_default());
    let name = InboxId::new(name).map_err(|bad| bad.phrase())?.to_string();
    Ok(More { name, address })
}

/// Reads the name of a provider; `own` is a server of one's own.
///
/// # Errors
/// Names those that there are.
pub fn provider(given: &str) -> Result<String, Phrase> {
    let known = PRESETS.iter().map(|preset| preset.name).chain([OWN]);
    let found = known.clone().find(|name| name.eq_ignore_ascii_case(given));
    found.map(str::to_owned).ok_or_else(|| {
        phrase!("answer-provider", given = in_quotes(given), known = known.collect::<Vec<_>>().join(", "))
    })
}

/// Returns the answers to ask for again when a server was not to be logged in to: a login that was refused lies with the password, what
/// else went wrong with the server.
pub fn forget(answers: &mut Answers, known: &mut Known, outgoing: bool, what: Mend) {
    let server = if outgoing { &mut answers.smtp } else { &mut answers.imap };
    match what {
        Mend::Server => {
            let kept = if outgoing { &mut known.kept.smtp } else { &mut known.kept.imap };
            *kept = std::mem::take(server);
            answers.fits = Some(false);
        }
        Mend::User => {
            known.kept.user = answers.user.take();
            untry(known);
        }
        Mend::Password => {
            known.kept.from = answers.from.take();
            known.kept.command = answers.command.take();
            known.kept.environment = answers.environment.take();
            answers.password = None;
            known.has_tokens = false;
            untry(known);
        }
        Mend::Login => {
            known.kept.login = answers.login.take();
            known.kept.client_id = answers.client_id.take();
            answers.client_secret = None;
            known.has_tokens = false;
            untry(known);
        }
        Mend::Again | Mend::Leave => {}
    }
}

/// Both servers are logged in to with the same name and password: with another one both are tried.
fn untry(known: &mut Known) {
    known.found = None;
    known.sends = false;
}

/// What is to be done about a server that can't be logged in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Host, port and security are told again.
    Server,
    /// The login name is.
    User,
    /// The password is, or where it comes from.
    Password,
    /// How to log in is: by which client, where that is done with tokens.
    Login,
    /// It is tried once more as it is.
    Again,
    /// The questions are left.
    Leave,
}

impl Mend {
    const ALL: [(&'static str, Mend); 6] = [
        ("server", Mend::Server),
        ("user", Mend::User),
        ("password", Mend::Password),
        ("login", Mend::Login),
        ("again", Mend::Again),
        ("leave", Mend::Leave),
    ];

    /// Returns what can be told anew, as it is asked: with tokens there is no password, and before they are there no server was tried.
    pub fn offered(by_tokens: bool, has_tokens: bool) -> &'static [Mend] {
        match (by_tokens, has_tokens) {
            (false, _) => &[Mend::Server, Mend::User, Mend::Password, Mend::Again, Mend::Leave],
            (true, true) => &[Mend::Server, Mend::User, Mend::Login, Mend::Again, Mend::Leave],
            (true, false) => &[Mend::User, Mend::Login, Mend::Again, Mend::Leave],
        }
    }

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, mend)| *mend == self).map_or("", |(word, _)| word)
    }

    /// # Errors
    /// When it is none of the words that are offered, nor the beginning of one.
    pub fn read(given: &str, offered: &[Mend]) -> Result<Self, Phrase> {
        let given = given.trim().to_lowercase();
        let found = offered.iter().find(|mend| !given.is_empty() && mend.word().starts_with(&given));
        found.copied().ok_or_else(|| phrase!("answer-mend", given = in_quotes(given), offered = Self::words(offered)))
    }

    /// Returns the words in a row.
    pub fn words(offered: &[Mend]) -> String {
        offered.iter().map(|mend| mend.word()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
#[path = "dialogue_tests.rs"]
mod tests;
