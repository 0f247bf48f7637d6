//! A real SMTP server of a test's own, which can be told to break at any step.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use postroom::config::{Auth, Endpoint, Secret, Security};

/// The password of every user; `token` is everybody's token.
pub const PASSWORD: &str = "pass";

/// A place in the dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Before the greeting.
    Connect,
    /// After EHLO came.
    Ehlo,
    /// After AUTH came.
    Auth,
    /// After MAIL came.
    Mail,
    /// After the first RCPT came.
    Rcpt,
    /// After DATA came.
    Data,
    /// When the first bytes of the mail came.
    Body,
    /// After the final dot, before the mail is taken.
    Dot,
    /// After the mail is taken, before the answer.
    Stored,
    /// After the answer.
    Answered,
}

impl At {
    pub const ALL: [At; 10] =
        [At::Connect, At::Ehlo, At::Auth, At::Mail, At::Rcpt, At::Data, At::Body, At::Dot, At::Stored, At::Answered];
}

/// What goes wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The connection ends.
    Cut,
    /// Nothing comes any more.
    Stall,
    /// The client's process is killed, and with it the connection.
    Kill,
    /// This line instead of the right one.
    Say(String),
}

/// A mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub bytes: Vec<u8>,
    pub parameters: String,
}

type Deliver = Box<dyn Fn(&Received) + Send + Sync>;

struct Shared {
    faults: Mutex<VecDeque<(At, How)>>,
    mails: Mutex<Vec<Received>>,
    lines: Mutex<Vec<String>>,
    deferred: Mutex<HashMap<String, usize>>,
    deliver: Mutex<Option<Deliver>>,
    tokens: Arc<Mutex<HashSet<String>>>,
    connections: AtomicUsize,
    victim: AtomicU32,
    over: AtomicBool,
    setting: Setting,
    identity: native_tls::Identity,
}

/// What the server is like.
#[derive(Clone, Debug)]
pub struct Setting {
    pub size: usize,
    pub auth: &'static str,
    pub utf8: bool,
    pub starttls: bool,
    pub needs_login: bool,
    /// `defer@` is put off so many times.
    pub defers: usize,
    /// Whether the certificate names its host among its alternative names, or as its subject alone.
    pub has_names: bool,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            size: 10_000_000,
            auth: "PLAIN LOGIN XOAUTH2 OAUTHBEARER",
            utf8: true,
            starttls: true,
            needs_login: true,
            defers: 1,
            has_names: true,
        }
    }
}

/// A running server.
pub struct SmtpServer {
    shared: Arc<Shared>,
    pub port: u16,
    pub tls_port: u16,
    dir: tempfile::TempDir,
}

impl SmtpServer {
    pub fn start() -> Self {
        Self::with(Setting::default())
    }

    pub fn with(setting: Setting) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
        let names =
            if setting.has_names { "subjectAltName=DNS:localhost,IP:127.0.0.1" } else { "keyUsage=digitalSignature" };
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"])
            .args(["-subj", "/CN=localhost", "-addext", names, "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&cert)
            .output()
            .unwrap();
        assert!(made.status.success(), "openssl: {}", String::from_utf8_lossy(&made.stderr));
        let identity =
            native_tls::Identity::from_pkcs8(&std::fs::read(&cert).unwrap(), &std::fs::read(&key).unwrap()).unwrap();
        let shared = Arc::new(Shared {
            faults: Mutex::default(),
            mails: Mutex::default(),
            lines: Mutex::default(),
            deferred: Mutex::default(),
            deliver: Mutex::default(),
            tokens: Arc::new(Mutex::new(HashSet::from(["token".to_owned()]))),
            connections: AtomicUsize::new(0),
            victim: AtomicU32::new(0),
            over: AtomicBool::new(false),
            setting,
            identity,
        });
        let port = listen(&shared, false);
        let tls_port = listen(&shared, true);
        Self { shared, port, tls_port, dir }
    }

    /// The next thing that goes wrong; several are met in turn.
    pub fn fault(&self, at: At, how: How) {
        self.shared.faults.lock().unwrap().push_back((at, how));
    }

    /// Says which process [`How::Kill`] kills.
    pub fn victim(&self, pid: u32) {
        self.shared.victim.store(pid, Ordering::SeqCst);
    }

    /// Forgets faults that were not met; tells whether there were any.
    pub fn clear_faults(&self) -> bool {
        let mut faults = self.shared.faults.lock().unwrap();
        let any = !faults.is_empty();
        faults.clear();
        any
    }

    /// What to do with each mail that is taken.
    pub fn deliver(&self, deliver: impl Fn(&Received) + Send + Sync + 'static) {
        *self.shared.deliver.lock().unwrap() = Some(Box::new(deliver));
    }

    /// The tokens that log in.
    pub fn tokens(&self) -> Arc<Mutex<HashSet<String>>> {
        Arc::clone(&self.shared.tokens)
    }

    pub fn mails(&self) -> Vec<Received> {
        self.shared.mails.lock().unwrap().clone()
    }

    /// The lines that clients sent, without mail and secrets.
    pub fn lines(&self) -> Vec<String> {
        self.shared.lines.lock().unwrap().clone()
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    pub fn certificate(&self) -> PathBuf {
        self.dir.path().join("cert.pem")
    }

    pub fn endpoint(&self, security: Security) -> Endpoint {
        Endpoint {
            host: "localhost".to_owned(),
            port: if security == Security::Tls { self.tls_port } else { self.port },
            security,
            user: "alice".to_owned(),
            secret: Secret::Clear(PASSWORD.to_owned()),
            auth: Auth::Password,
            ca_file: Some(self.certificate()),
            timeout: 5,
        }
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = TcpStream::connect(("127.0.0.1", self.tls_port));
    }
}

fn listen(shared: &Arc<Shared>, tls: bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let shared = Arc::clone(shared);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if shared.over.load(Ordering::SeqCst) {
                return;
            }
            let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else { continue };
            shared.connections.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
                Dialogue { shared, login: false, secure: false }.serve(stream, tls);
            });
        }
    });
    port
}

trait Both: Read + Write + Send {}
impl<T: Read + Write + Send> Both for T {}

struct Dialogue {
    shared: Arc<Shared>,
    login: bool,
    secure: bool,
}

/// The dialogue ends here.
struct End;

type Line = BufReader<Box<dyn Both>>;

impl Dialogue {
    fn serve(mut self, tcp: TcpStream, tls: bool) {
        let raw = tcp.try_clone().unwrap();
        let stream: Box<dyn Both> = if tls {
            let Ok(stream) = self.acceptor().accept(tcp) else { return };
            self.secure = true;
            Box::new(stream)
        } else {
            Box::new(tcp)
        };
        let mut line = BufReader::new(stream);
        if self.meet(At::Connect, &mut line).is_err() || say(&mut line, "220 localhost ESMTP test").is_err() {
            return;
        }
        if self.talk(&mut line).is_ok() {
            // STARTTLS: the clear stream is let go, TLS begins on the socket.
            drop(line);
            let Ok(stream) = self.acceptor().accept(raw) else { return };
            self.secure = true;
            let mut line: Line = BufReader::new(Box::new(stream));
            let _ = self.talk(&mut line);
        }
    }

    fn acceptor(&self) -> native_tls::TlsAcceptor {
        native_tls::TlsAcceptor::new(self.shared.identity.clone()).unwrap()
    }

    /// Does what is to go wrong at this place, if anything.
    fn meet(&self, at: At, line: &mut Line) -> Result<(), End> {
        let fault = {
            let mut faults = self.shared.faults.lock().unwrap();
            if faults.front().is_some_and(|(place, _)| *place == at) { faults.pop_front() } else { None }
        };
        match fault {
            None => Ok(()),
            Some((_, How::Cut)) => Err(End),
            Some((_, How::Kill)) => {
                let victim = i32::try_from(self.shared.victim.load(Ordering::SeqCst)).unwrap_or(0);
                if let Some(victim) = rustix::process::Pid::from_raw(victim) {
                    let _ = rustix::process::kill_process(victim, rustix::process::Signal::KILL);
                }
                let mut rest = Vec::new();
                let _ = line.read_to_end(&mut rest);
                Err(End)
            }
            Some((_, How::Stall)) => {
                let mut rest = Vec::new();
                let _ = line.read_to_end(&mut rest);
                Err(End)
            }
            Some((_, How::Say(words))) => {
                let _ = say(line, &words);
                if words.starts_with("421") { Err(End) } else { Ok(()) }
            }
        }
    }

    /// Serves commands; returns `Ok` when TLS is to begin.
    fn talk(&mut self, line: &mut Line) -> Result<(), End> {
        let mut from: Option<(String, String)> = None;
        let mut to: Vec<String> = Vec::new();
        loop {
            let command = read(line)?;
            let verb = command.split([' ', ':']).next().unwrap().to_ascii_uppercase();
            let shown = if verb == "AUTH" { "AUTH …".to_owned() } else { command.clone() };
            self.shared.lines.lock().unwrap().push(shown);
            let place = match verb.as_str() {
                "EHLO" => Some(At::Ehlo),
                "AUTH" => Some(At::Auth),
                "MAIL" => Some(At::Mail),
                "RCPT" if to.is_empty() => Some(At::Rcpt),
                "DATA" => Some(At::Data),
                _ => None,
            };
            if let Some(place) = place {
                let before = self.shared.faults.lock().unwrap().len();
                self.meet(place, line)?;
                if self.shared.faults.lock().unwrap().len() < before {
                    continue;
                }
            }
            match verb.as_str() {
                "EHLO" => self.hello(line)?,
                "STARTTLS" if !self.secure => {
                    say(line, "220 go ahead")?;
                    return Ok(());
                }
                "AUTH" => self.login(line, &command)?,
                "RSET" => {
                    (from, to) = (None, Vec::new());
                    say(line, "250 2.0.0 reset")?;
                }
                "NOOP" => say(line, "250 2.0.0 ok")?,
                "MAIL" if self.shared.setting.needs_login && !self.login => {
                    say(line, "530 5.7.0 Authentication required")?
                }
                "MAIL" => {
                    let (address, parameters) = path(&command);
                    if address.starts_with("forbidden@") {
                        say(line, "550 5.7.60 SMTP; Client does not have permissions to send as this sender")?;
                    } else {
                        (from, to) = (Some((address, parameters)), Vec::new());
                        say(line, "250 2.1.0 sender ok")?;
                    }
                }
                "RCPT" if from.is_some() => {
                    let (address, _) = path(&command);
                    let answer = self.recipient(&address);
                    if answer.starts_with("250") {
                        to.push(address);
                    }
                    say(line, &answer)?;
                }
                "DATA" if !to.is_empty() => {
                    say(line, "354 end with a dot")?;
                    let bytes = self.mail(line)?;
                    let (address, parameters) = from.take().unwrap_or_default();
                    self.take(line, Received { from: address, to: std::mem::take(&mut to), bytes, parameters })?;
                }
                "QUIT" => {
                    let _ = say(line, "221 2.0.0 bye");
                    return Err(End);
                }
                _ => say(line, "503 5.5.1 not now")?,
            }
        }
    }

    fn hello(&self, line: &mut Line) -> Result<(), End> {
        let setting = &self.shared.setting;
        let mut words = vec!["localhost".to_owned(), "PIPELINING".to_owned(), "8BITMIME".to_owned()];
        if setting.size > 0 {
            words.push(format!("SIZE {}", setting.size));
        }
        if setting.utf8 {
            words.push("SMTPUTF8".to_owned());
        }
        if setting.starttls && !self.secure {
            words.push("STARTTLS".to_owned());
        }
        words.push(format!("AUTH {}", setting.auth));
        let last = words.len() - 1;
        let text: Vec<String> =
            words.iter().enumerate().map(|(n, w)| format!("250{}{w}", if n == last { ' ' } else { '-' })).collect();
        say(line, &text.join("\r\n"))
    }

    fn is_token(&self, field: &str) -> bool {
        let token = field.strip_prefix("auth=Bearer ").unwrap_or_default();
        self.shared.tokens.lock().unwrap().contains(token)
    }

    fn login(&mut self, line: &mut Line, command: &str) -> Result<(), End> {
        let mut words = command.split(' ').skip(1);
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        let first = words.next().map(decode);
        let good = match mechanism.as_str() {
            "PLAIN" => first.is_some_and(|f| f.ends_with(&format!("\0{PASSWORD}"))),
            "LOGIN" => {
                say(line, "334 VXNlcm5hbWU6")?;
                let user = decode(&read(line)?);
                say(line, "334 UGFzc3dvcmQ6")?;
                let secret = decode(&read(line)?);
                !user.is_empty() && secret == PASSWORD
            }
            "XOAUTH2" if first.as_ref().is_some_and(|f| f.split('\u{1}').any(|field| self.is_token(field))) => true,
            "XOAUTH2" => {
                say(line, "334 eyJzdGF0dXMiOiI0MDEifQ==")?;
                read(line)?;
                false
            }
            // RFC 7628 section 4: the whole answer is looked at, and a refusal is a question that one byte answers.
            "OAUTHBEARER" => {
                let secure = if self.secure { "yes" } else { "no" };
                self.shared
                    .lines
                    .lock()
                    .unwrap()
                    .push(format!("bearer {secure} {}", first.clone().unwrap_or_default()));
                let good = first.is_some_and(|f| {
                    let fields: Vec<&str> = f.split('\u{1}').collect();
                    fields.len() == 6
                        && fields[0].starts_with("n,a=")
                        && fields[0].ends_with(',')
                        && fields[1] == "host=localhost"
                        && fields[2].strip_prefix("port=").is_some_and(|port| port.parse::<u16>().is_ok())
                        && self.is_token(fields[3])
                        && fields[4..].iter().all(|rest| rest.is_empty())
                });
                if !good {
                    say(line, "334 eyJzdGF0dXMiOiJpbnZhbGlkX3Rva2VuIn0=")?;
                    if decode(&read(line)?) != "\u{1}" {
                        return say(line, "501 5.5.2 one byte was expected");
                    }
                }
                good
            }
            _ => return say(line, "504 5.5.4 no such mechanism"),
        };
        self.login = good;
        say(line, if good { "235 2.7.0 in" } else { "535 5.7.8 Authentication credentials invalid" })
    }

    fn recipient(&self, address: &str) -> String {
        if address.starts_with("reject@") {
            return "550 5.1.1 no such user here".to_owned();
        }
        if address.starts_with("defer@") {
            let mut deferred = self.shared.deferred.lock().unwrap();
            let times = deferred.entry(address.to_owned()).or_default();
            *times += 1;
            if *times <= self.shared.setting.defers {
                return "451 4.7.1 greylisted, come back".to_owned();
            }
        }
        "250 2.1.5 recipient ok".to_owned()
    }

    fn mail(&self, line: &mut Line) -> Result<Vec<u8>, End> {
        let mut bytes = Vec::new();
        let mut first = true;
        loop {
            let mut row = Vec::new();
            if !matches!(line.read_until(b'\n', &mut row), Ok(n) if n > 0) {
                return Err(End);
            }
            if first {
                self.meet(At::Body, line)?;
                first = false;
            }
            if row == b".\r\n" {
                return Ok(bytes);
            }
            bytes.extend_from_slice(row.strip_prefix(b".").unwrap_or(&row));
        }
    }

    fn take(&self, line: &mut Line, mail: Received) -> Result<(), End> {
        let before = self.shared.faults.lock().unwrap().len();
        self.meet(At::Dot, line)?;
        if self.shared.faults.lock().unwrap().len() < before {
            // It said something else than yes: the mail is not taken.
            return Ok(());
        }
        if let Some(deliver) = self.shared.deliver.lock().unwrap().as_ref() {
            deliver(&mail);
        }
        self.shared.mails.lock().unwrap().push(mail);
        self.meet(At::Stored, line)?;
        say(line, "250 2.0.0 taken")?;
        self.meet(At::Answered, line)
    }
}

fn say(line: &mut Line, words: &str) -> Result<(), End> {
    let stream = line.get_mut();
    stream.write_all(format!("{words}\r\n").as_bytes()).map_err(|_| End)?;
    stream.flush().map_err(|_| End)
}

fn read(line: &mut Line) -> Result<String, End> {
    let mut text = String::new();
    match line.read_line(&mut text) {
        Ok(n) if n > 0 => Ok(text.trim_end().to_owned()),
        _ => Err(End),
    }
}

fn decode(text: &str) -> String {
    String::from_utf8_lossy(&data_encoding::BASE64.decode(text.as_bytes()).unwrap_or_default()).into_owned()
}

fn path(command: &str) -> (String, String) {
    let inner = command.split_once('<').map(|(_, rest)| rest).unwrap_or_default();
    let (address, parameters) = inner.split_once('>').unwrap_or_default();
    (address.to_owned(), parameters.trim().to_owned())
}
