//! An authorization server of a test's own (RFC 6749, 7636, 8628) over real HTTP on this machine. Its tokens are JWTs that the Dovecot of the
//! tests takes.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use data_encoding::BASE64URL_NOPAD;
use hmac::{KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

/// What the server knows.
#[derive(Default)]
struct State {
    /// Codes that were not redeemed: the challenge and the address of each.
    codes: HashMap<String, (String, String)>,
    /// How often a code for another device is still pending, and who refused it.
    pending: usize,
    slow: usize,
    refuses: bool,
    /// The refresh token that counts; each is good once.
    refresh: Option<String>,
    issued: usize,
    /// For how many seconds a token is said to be good.
    lasts: i64,
    /// Answers with trouble so many times.
    trouble: usize,
    /// What was asked, as `grant_type`, in order.
    asked: Vec<String>,
    tokens: Vec<Arc<Mutex<HashSet<String>>>>,
    /// Whether tokens are given that no mail server takes.
    bad: bool,
    /// What happens elsewhere while the next token is renewed.
    meanwhile: Option<Box<dyn FnOnce() + Send>>,
}

/// A running server.
pub struct AuthServer {
    state: Arc<Mutex<State>>,
    over: Arc<AtomicBool>,
    pub port: u16,
    user: String,
}

/// The client that it knows.
pub const CLIENT: &str = "postroom-test";
/// Its secret.
pub const SECRET: &str = "s3cret";

impl AuthServer {
    /// Starts a server that gives out tokens of `user`.
    pub fn start(user: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { lasts: 3600, ..State::default() }));
        let over = Arc::new(AtomicBool::new(false));
        let (shared, ends, of) = (Arc::clone(&state), Arc::clone(&over), user.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let (state, user) = (Arc::clone(&shared), of.clone());
                std::thread::spawn(move || serve(&stream, &state, &user, port));
            }
        });
        Self { state, over, port, user: user.to_owned() }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    /// The section of the config that leads here.
    pub fn section(&self, account: &str) -> String {
        let at = format!("http://127.0.0.1:{}", self.port);
        format!(
            "[account.{account}.oauth2]\nclient_id = \"{CLIENT}\"\nclient_secret = \"{SECRET}\"\n\
             authorize_url = \"{at}/authorize\"\ntoken_url = \"{at}/token\"\ndevice_url = \"{at}/device\"\n\
             scopes = [\"mail\", \"offline_access\"]\n"
        )
    }

    /// Has its tokens taken by a server of outgoing mail too.
    pub fn known_by(&self, tokens: Arc<Mutex<HashSet<String>>>) {
        self.change(|state| state.tokens.push(tokens));
    }

    /// Says of tokens that they are good for so many seconds.
    pub fn lasting(&self, seconds: i64) {
        self.change(|state| state.lasts = seconds);
    }

    /// Ends what was granted.
    pub fn revoke(&self) {
        self.change(|state| state.refresh = None);
    }

    /// Has whoever is asked say no.
    pub fn refuse(&self) {
        self.change(|state| state.refuses = true);
    }

    /// Has a code for another device pend so often, and be asked too often first.
    pub fn pend(&self, slow: usize, pending: usize) {
        self.change(|state| (state.slow, state.pending) = (slow, pending));
    }

    /// Answers with HTTP 503 so many times.
    pub fn in_trouble(&self, times: usize) {
        self.change(|state| state.trouble = times);
    }

    /// Gives tokens that no mail server takes.
    pub fn give_bad_tokens(&self, bad: bool) {
        self.change(|state| state.bad = bad);
    }

    /// Does something once the next renewal has been asked for, before it is answered.
    pub fn while_renewing(&self, meanwhile: impl FnOnce() + Send + 'static) {
        self.change(|state| state.meanwhile = Some(Box::new(meanwhile)));
    }

    /// What was asked so far, by the kinds of grants.
    pub fn asked(&self) -> Vec<String> {
        self.change(|state| state.asked.clone())
    }
}

impl Drop for AuthServer {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(stream: &TcpStream, state: &Mutex<State>, user: &str, port: u16) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let mut length = 0;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).unwrap_or(0) == 0 || header == "\r\n" {
            break;
        }
        if let Some(n) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let form = fields(&String::from_utf8_lossy(&body));
    if form.get("grant_type").is_some_and(|kind| kind == "refresh_token") {
        let meanwhile = state.lock().unwrap().meanwhile.take();
        if let Some(meanwhile) = meanwhile {
            meanwhile();
        }
    }
    let (status, extra, answer) = match path {
        "/authorize" => authorize(&mut state.lock().unwrap(), &fields(query)),
        "/device" => device(&form, port),
        "/token" => token(&mut state.lock().unwrap(), &form, user),
        _ => ("404 Not Found", String::new(), "{}".to_owned()),
    };
    let mut out = stream;
    let _ = write!(
        out,
        "HTTP/1.1 {status}\r\n{extra}Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{answer}",
        answer.len()
    );
}

type Answer = (&'static str, String, String);

fn error(code: &str) -> Answer {
    ("400 Bad Request", String::new(), format!("{{\"error\":\"{code}\",\"error_description\":\"told by the test\"}}"))
}

/// Whoever comes agrees at once, or says no.
fn authorize(state: &mut State, query: &HashMap<String, String>) -> Answer {
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    assert_eq!((get("response_type").as_str(), get("client_id").as_str()), ("code", CLIENT));
    assert_eq!((get("code_challenge_method").as_str(), get("scope").as_str()), ("S256", "mail offline_access"));
    let back = get("redirect_uri");
    let to = match state.refuses {
        true => format!("{back}/?error=access_denied&state={}", get("state")),
        false => {
            let code = format!("code{}", state.codes.len() + 1);
            state.codes.insert(code.clone(), (get("code_challenge"), back.clone()));
            format!("{back}/?code={code}&state={}", get("state"))
        }
    };
    ("302 Found", format!("Location: {to}\r\n"), String::new())
}

fn device(form: &HashMap<String, String>, port: u16) -> Answer {
    assert_eq!(form.get("client_id").map(String::as_str), Some(CLIENT));
    let answer = format!(
        "{{\"device_code\":\"dev1\",\"user_code\":\"ABCD-EFGH\",\"verification_uri\":\"http://127.0.0.1:{port}/activate\",\
         \"interval\":1,\"expires_in\":40}}"
    );
    ("200 OK", String::new(), answer)
}

fn token(state: &mut State, form: &HashMap<String, String>, user: &str) -> Answer {
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    let kind = get("grant_type").rsplit(':').next().unwrap_or_default().to_owned();
    state.asked.push(kind.clone());
    if state.trouble > 0 {
        state.trouble -= 1;
        return ("503 Service Unavailable", String::new(), "{}".to_owned());
    }
    if (get("client_id").as_str(), get("client_secret").as_str()) != (CLIENT, SECRET) {
        return error("invalid_client");
    }
    match kind.as_str() {
        "authorization_code" => {
            let Some((challenge, back)) = state.codes.remove(&get("code")) else { return error("invalid_grant") };
            let verified = BASE64URL_NOPAD.encode(&Sha256::digest(get("code_verifier").as_bytes()));
            if verified != challenge || back != get("redirect_uri") {
                return error("invalid_grant");
            }
        }
        "device_code" if state.refuses => return error("access_denied"),
        "device_code" if state.slow > 0 => {
            state.slow -= 1;
            return error("slow_down");
        }
        "device_code" if state.pending > 0 => {
            state.pending -= 1;
            return error("authorization_pending");
        }
        "device_code" => assert_eq!(get("device_code"), "dev1"),
        // Each is good once: whoever renews twice with one loses all.
        "refresh_token" if state.refresh.as_ref() == Some(&get("refresh_token")) => {}
        _ => {
            state.refresh = None;
            return error("invalid_grant");
        }
    }
    state.issued += 1;
    let refresh = format!("refresh{}", state.issued);
    state.refresh = Some(refresh.clone());
    let access = if state.bad { format!("bad{}", state.issued) } else { jwt(user, state.issued) };
    state.tokens.iter().for_each(|tokens| {
        if !state.bad {
            tokens.lock().unwrap().insert(access.clone());
        }
    });
    let answer = format!(
        "{{\"access_token\":\"{access}\",\"token_type\":\"Bearer\",\"expires_in\":{},\"refresh_token\":\"{refresh}\"}}",
        state.lasts
    );
    ("200 OK", String::new(), answer)
}

/// An HS256 token that the key of the Dovecot of the tests signed.
fn jwt(user: &str, number: usize) -> String {
    let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
    let claims = format!(r#"{{"sub":"{user}","email":"{user}","jti":"{number}","iat":1500000000,"exp":4102444800}}"#);
    let signed = format!("{header}.{}", BASE64URL_NOPAD.encode(claims.as_bytes()));
    let mut mac = hmac::Hmac::<Sha256>::new_from_slice(b"secretkey").unwrap();
    mac.update(signed.as_bytes());
    format!("{signed}.{}", BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

fn fields(text: &str) -> HashMap<String, String> {
    let url = reqwest::Url::parse(&format!("http://x/?{text}")).unwrap();
    url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}
