//! A small IMAP server that keeps folders and mails, and fails at the mails, folders and commands that it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use postroom::config::Endpoint;

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fail {
    /// Hangs up before a byte of it was sent.
    HangUp,
    /// Hangs up in the middle of it.
    BreakOff,
    /// Says NO when it comes to it.
    No,
    /// Leaves it out.
    LeaveOut,
    /// Sends this many megabytes instead.
    Flood(usize),
    /// Sends what can't be read.
    Garble,
}

/// What a mail fails at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Everything that looks into it, but for ENVELOPE.
    Content,
    /// Everything that looks into it, ENVELOPE too.
    All,
    /// Everything but its flags, its size too.
    Size,
}

#[derive(Default)]
pub struct State {
    /// The mails of each folder by UID.
    pub folders: BTreeMap<String, BTreeMap<u32, String>>,
    /// Which mails fail, in any folder.
    pub mails: BTreeMap<u32, (At, Fail)>,
    /// Which folders hang up when they are opened (`EXAMINE`), or are refused when asked about (`STATUS`).
    pub closed: BTreeMap<String, &'static str>,
    /// Whether every mail fails so.
    pub all_fail: Option<(At, Fail)>,
    /// What HIGHESTMODSEQ is, in STATUS.
    pub modseq: Option<&'static str>,
    /// The flags of every mail.
    pub flags: &'static str,
    pub connections: usize,
    pub commands: Vec<String>,
    stopped: bool,
}

pub struct Faulty {
    port: u16,
    pub state: Arc<Mutex<State>>,
    thread: Option<JoinHandle<()>>,
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Reads a quoted string, or a word, off the front.
fn word(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        return (word.to_owned(), rest);
    };
    let mut word = String::new();
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (word, inner[at + 1..].trim_start()),
            '\\' => word.extend(chars.next().map(|(_, c)| c)),
            c => word.push(c),
        }
    }
    (word, "")
}

fn in_set(set: &str, uid: u32) -> bool {
    set.split(',').any(|part| {
        let (from, to) = part.split_once(':').unwrap_or((part, part));
        let number = |text: &str| if text == "*" { u32::MAX } else { text.parse().unwrap() };
        (number(from)..=number(to)).contains(&uid)
    })
}

impl Faulty {
    /// Starts one with `mails` mails in INBOX, numbered from 1.
    pub fn start(mails: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut state = State::default();
        let all = (1..=mails).map(|n| (n, mail(n))).collect();
        state.folders.insert("INBOX".to_owned(), all);
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                shared.lock().unwrap().connections += 1;
                if shared.lock().unwrap().stopped {
                    return;
                }
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || serve(stream.unwrap(), &shared));
            }
        });
        Self { port, state, thread: Some(thread) }
    }

    pub fn fail(&self, uid: u32, at: At, how: Fail) {
        self.state.lock().unwrap().mails.insert(uid, (at, how));
    }

    pub fn mend(&self, uid: u32) {
        self.state.lock().unwrap().mails.remove(&uid);
    }

    pub fn folder(&self, name: &str, mails: std::ops::RangeInclusive<u32>) {
        let all = mails.map(|n| (n, mail(n))).collect();
        self.state.lock().unwrap().folders.insert(name.to_owned(), all);
    }

    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    pub fn endpoint(&self) -> Endpoint {
        super::scripted_imap::endpoint(self.port)
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.state.lock().unwrap().stopped = true;
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// The mail with this number.
pub fn mail(n: u32) -> String {
    format!(
        "From: Carol <carol{n}@example.org>\r\nSubject: Mail {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nBody {n}\r\n"
    )
}

/// One connection. It ends with the client, or where a fault wants it.
fn serve(stream: TcpStream, shared: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    let mut open = String::new();
    let _ = reader.get_mut().write_all(b"* OK hello\r\n");
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or(("", ""));
        let mut state = shared.lock().unwrap();
        state.commands.push(command.to_owned());
        if let Some(name) = command.strip_prefix("CREATE ") {
            state.folders.entry(word(name).0).or_default();
        }
        if let Some(rest) = command.strip_prefix("APPEND ") {
            let size: usize = rest.rsplit_once('{').unwrap().1.trim_end_matches('}').parse().unwrap();
            let mut bytes = vec![0; size + 2];
            let _ = reader.get_mut().write_all(b"+ go\r\n");
            let _ = reader.read_exact(&mut bytes);
            bytes.truncate(size);
            let mails = state.folders.entry(word(rest).0).or_default();
            let next = mails.keys().next_back().map_or(1, |uid| uid + 1);
            mails.insert(next, String::from_utf8(bytes).unwrap());
        }
        let (bytes, goes_on) = answer(&state, command, &mut open);
        drop(state);
        let mut bytes = bytes;
        if let Some(words) = goes_on {
            bytes.extend(format!("{tag} {words}\r\n").bytes());
        }
        if reader.get_mut().write_all(&bytes).is_err() || goes_on.is_none() {
            return;
        }
    }
}

/// Answers one command: the bytes, and the words of the tagged line where the connection goes on.
fn answer(state: &State, command: &str, open: &mut String) -> (Vec<u8>, Option<&'static str>) {
    let (verb, rest) = command.split_once(' ').unwrap_or((command, ""));
    let ok = |text: String| (text.into_bytes(), Some("OK done"));
    let modseq = state.modseq.map(|n| format!(" HIGHESTMODSEQ {n}")).unwrap_or_default();
    match verb {
        "CAPABILITY" => {
            let condstore = if state.modseq.is_some() { " CONDSTORE" } else { "" };
            ok(format!("* CAPABILITY IMAP4rev1{condstore}\r\n"))
        }
        "LIST" => ok(state.folders.keys().map(|name| format!("* LIST () \"/\" {}\r\n", quoted(name))).collect()),
        "STATUS" => {
            let (name, _) = word(rest);
            if state.closed.get(&name) == Some(&"STATUS") {
                return (Vec::new(), Some("NO [NOPERM] you may not look at it"));
            }
            let Some(mails) = state.folders.get(&name) else { return (Vec::new(), Some("NO no such mailbox")) };
            let next = mails.keys().next_back().map_or(1, |uid| uid + 1);
            let (name, many) = (quoted(&name), mails.len());
            ok(format!("* STATUS {name} (MESSAGES {many} UIDNEXT {next} UIDVALIDITY 7{modseq})\r\n"))
        }
        "EXAMINE" | "SELECT" => {
            let (name, _) = word(rest);
            if state.closed.get(&name) == Some(&"EXAMINE") {
                return (b"* BYE Internal error\r\n".to_vec(), None);
            }
            let Some(mails) = state.folders.get(&name) else { return (Vec::new(), Some("NO no such mailbox")) };
            let next = mails.keys().next_back().map_or(1, |uid| uid + 1);
            *open = name;
            let nomodseq = if state.modseq.is_some() { "* OK [NOMODSEQ] none\r\n" } else { "" };
            ok(format!("* {} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT {next}] x\r\n{nomodseq}", mails.len()))
        }
        "UID" if rest.starts_with("SEARCH") => {
            let set = rest.strip_prefix("SEARCH UID ").unwrap_or("1:*");
            let mails = state.folders.get(open).unwrap();
            let found: Vec<String> = mails.keys().filter(|uid| in_set(set, **uid)).map(u32::to_string).collect();
            ok(format!("* SEARCH {}\r\n", found.join(" ")))
        }
        "UID" => fetch(state, rest.strip_prefix("FETCH ").unwrap(), open),
        "LOGOUT" => (b"* BYE\r\n".to_vec(), None),
        _ => ok(String::new()),
    }
}

fn fetch(state: &State, rest: &str, open: &str) -> (Vec<u8>, Option<&'static str>) {
    let (set, items) = rest.split_once(' ').unwrap();
    let mut out = Vec::new();
    for (at, (uid, mail)) in state.folders.get(open).unwrap().iter().enumerate() {
        if !in_set(set, *uid) {
            continue;
        }
        let fault = state.mails.get(uid).copied().or(state.all_fail);
        let fault = fault.filter(|(at, _)| match at {
            At::Content => items.contains("BODY"),
            At::All => items.contains("BODY") || items.contains("ENVELOPE"),
            At::Size => items != "(UID FLAGS)",
        });
        let seq = at + 1;
        match fault.map(|(_, how)| how) {
            Some(Fail::HangUp) => return (out, None),
            Some(Fail::BreakOff) => {
                out.extend(format!("* {seq} FETCH (UID {uid} BODY[] {{5000}}\r\nFrom: half").bytes());
                return (out, None);
            }
            Some(Fail::No) => return (out, Some("NO [SERVERBUG] it is corrupt")),
            Some(Fail::LeaveOut) => continue,
            Some(Fail::Flood(megabytes)) => {
                let bytes = megabytes << 20;
                out.extend(format!("* {seq} FETCH (UID {uid} BODY[] {{{bytes}}}\r\n").bytes());
                out.resize(out.len() + bytes, b'x');
                out.extend(b")\r\n");
                continue;
            }
            Some(Fail::Garble) => {
                out.extend(format!("* {seq} FETCH (BODY[] ) UID {uid}\r\n").bytes());
                continue;
            }
            None => {}
        }
        let flags = state.flags;
        out.extend(
            format!("* {seq} FETCH (UID {uid} FLAGS ({flags}) INTERNALDATE \"22-Nov-2026 08:00:00 +0000\"").bytes(),
        );
        out.extend(format!(" RFC822.SIZE {}", mail.len()).bytes());
        let header = mail.split_once("\r\n\r\n").unwrap().0;
        if items.contains("ENVELOPE") {
            let from = format!("((\"Carol\" NIL \"carol{uid}\" \"example.org\"))");
            out.extend(
                format!(" ENVELOPE (NIL \"Mail {uid}\" {from} {from} {from} NIL NIL NIL NIL \"<{uid}@example.org>\")")
                    .bytes(),
            );
        } else if items.contains("HEADER") {
            out.extend(format!(" BODY[HEADER]<0> {{{}}}\r\n{header}\r\n\r\n", header.len() + 4).bytes());
        } else if let Some((_, range)) = items.split_once("BODY.PEEK[]<") {
            let (from, most) = range.split_once('>').unwrap().0.split_once('.').unwrap();
            let (from, most): (usize, usize) = (from.parse().unwrap(), most.parse().unwrap());
            let piece = &mail[from.min(mail.len())..(from + most).min(mail.len())];
            out.extend(format!(" BODY[]<{from}> {{{}}}\r\n{piece}", piece.len()).bytes());
        } else if items.contains("BODY") {
            out.extend(format!(" BODY[] {{{}}}\r\n{mail}", mail.len()).bytes());
        }
        out.extend(b")\r\n");
    }
    (out, Some("OK done"))
}
