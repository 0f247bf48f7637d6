//! The transport that the `imap` crate is given: it hands out whole tagged lines and keeps everything else for us.
//!
//! Literals go past every parser straight into their own buffers; untagged responses are read here and put into a queue; lines that
//! nobody can read are set aside instead of ending the session; the data of APPEND and the DONE of IDLE are written here, when the
//! server asks or something happens. A line that has come in part survives a timeout. It must not decide what a response means.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use imap_proto::{Response, parser::parse_response};

use super::error::ImapError;
use super::fetched::{self, Fetched};
use super::mailbox;
use super::meter::Meter;
use super::namespace;
use super::quirks;
use super::wire::{Ready, Wire};
use crate::model::stop::Stop;

/// The longest response kept, without its literals: a SEARCH that finds a million messages fits.
const LINE_MAX: usize = 16 << 20;
/// The most that the literals of one command's responses may hold, unless [`Shared::literal_max`] says otherwise.
const LITERAL_MAX: u64 = 64 << 20;
/// The most bytes that may come in answer to one command beside what [`Shared::literal_max`] allows, unless [`Shared::beside_max`] says
/// otherwise: lines, and what nobody asked for.
const BESIDE_MAX: u64 = 16 << 20;
/// So many more for each message that the open folder is told to have, because one command may ask about all.
const BESIDE_EACH: u64 = 256;
/// Messages beyond these are not believed when it is about what a server may send.
const BELIEVED_MAX: u32 = 1_000_000;
/// Literals of a response that is no FETCH: folder names, at most.
const SMALL_LITERALS: usize = 64 << 10;
/// The most untagged responses to one command, beside two for each message that the open folder is told to have.
const QUEUE_MAX: usize = 200_000;
/// The most bytes of lines that the crate is handed for one command: it keeps them all until the tagged one.
const PASSED_MAX: usize = 4 << 20;
/// Unreadable lines are kept for the log up to here, and a server that sends more is given up.
const STRAYS_MAX: usize = 1000;
/// How much of an unreadable line is kept.
const STRAY_BYTES: usize = 200;
/// Room made for a literal before any of it has come: a server can announce what it likes.
const TRUST: usize = 1 << 20;

/// How a server begins to say that it gives up a NOTIFY. The crate's parser does not know the code.
const OVERFLOW: &[u8] = b"* OK [NOTIFICATIONOVERFLOW";

/// An untagged response.
#[derive(Debug)]
pub(super) enum Untagged {
    Fetch(Fetched),
    /// The server gave up telling what NOTIFY asked for (RFC 5465 section 5.8).
    Overflow,
    /// A NAMESPACE response, its literals in place (RFC 2342).
    Namespace(Vec<u8>),
    Other(Response<'static>),
}

/// What the transport is to do beside passing lines on.
#[derive(Debug, Default)]
pub(super) enum Duty {
    #[default]
    None,
    /// Write this when the server asks for it (RFC 3501 section 7.5).
    Literal(Vec<u8>),
    /// Write this right behind the command (RFC 7888).
    LiteralNow(Vec<u8>),
    /// Wait for something to happen until then, and end the IDLE.
    Idle { until: Instant, begun: bool },
}

/// What ended an IDLE.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleEnd {
    /// The server announced something.
    Changed,
    /// Somebody woke us.
    Woken,
    /// The time was over.
    Timeout,
}

/// What the session and its transport share.
#[derive(Debug)]
pub(super) struct Shared {
    pub queue: VecDeque<Untagged>,
    /// Whether everything is to end.
    pub stop: Stop,
    /// The bytes of literals in the queue.
    pub queued: u64,
    pub queue_max: usize,
    /// The bytes that may come beside literals.
    pub beside_max: u64,
    /// The bytes that have come since the command began.
    pub answered: u64,
    /// How many messages the open folder has, as far as it was told.
    pub exists: u32,
    /// The bytes that the crate was handed since the command began.
    pub passed: usize,
    pub duty: Duty,
    pub idle_end: Option<IdleEnd>,
    /// An IDLE goes on for so long before the server is asked whether it is still there.
    pub idle_turn: Duration,
    /// The newest CAPABILITY list, from wherever it came.
    pub capabilities: Option<String>,
    /// The words of the last tagged response, behind the tag.
    pub tagged: String,
    /// The words of an untagged BYE.
    pub bye: Option<String>,
    pub strays: VecDeque<String>,
    pub stray_count: usize,
    pub literal_max: u64,
    /// Before the greeting is read, every line is passed on.
    pub greeted: bool,
}

pub(super) type Handle = Arc<Mutex<Shared>>;

/// Nothing is left half done while the lock is held, so a panic elsewhere is no reason to give up.
pub(super) fn lock(shared: &Handle) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Literal {
    bytes: Vec<u8>,
    left: usize,
}

/// The transport.
pub struct Divert {
    reader: BufReader<Wire>,
    shared: Handle,
    /// The response so far; each literal is one NUL.
    line: Vec<u8>,
    /// Where the present physical line begins.
    begin: usize,
    literals: Vec<Vec<u8>>,
    held: u64,
    literal: Option<Literal>,
    meter: Meter,
    out: Vec<u8>,
    at: usize,
}

impl Divert {
    /// Wraps a connection; the handle reaches what is kept.
    pub(super) fn new(wire: Wire) -> (Self, Handle) {
        let shared = Arc::new(Mutex::new(Shared {
            queue: VecDeque::new(),
            queued: 0,
            queue_max: QUEUE_MAX,
            beside_max: BESIDE_MAX,
            answered: 0,
            exists: 0,
            passed: 0,
            duty: Duty::None,
            idle_end: None,
            idle_turn: wire.timeout().min(quirks::IDLE_TURN),
            capabilities: None,
            tagged: String::new(),
            bye: None,
            stop: Stop::never(),
            strays: VecDeque::new(),
            stray_count: 0,
            literal_max: LITERAL_MAX,
            greeted: false,
        }));
        let divert = Self {
            reader: BufReader::with_capacity(64 << 10, wire),
            shared: Arc::clone(&shared),
            line: Vec::new(),
            begin: 0,
            literals: Vec::new(),
            held: 0,
            literal: None,
            meter: Meter::default(),
            out: Vec::new(),
            at: 0,
        };
        (divert, shared)
    }

    /// Reads until one response is whole; `false` at the end of the stream.
    fn fill(&mut self) -> io::Result<bool> {
        loop {
            self.idle()?;
            self.receive()?;
            let got = self.reader.fill_buf()?;
            if got.is_empty() {
                return match self.literal {
                    Some(_) => Err(ImapError::Protocol("it broke off inside a message".to_owned()).into_io()),
                    None => Ok(false),
                };
            }
            if let Some(literal) = &mut self.literal {
                let n = literal.left.min(got.len());
                literal.bytes.extend_from_slice(got.get(..n).unwrap_or_default());
                literal.left -= n;
                self.reader.consume(n);
                self.end_literal();
                continue;
            }
            let end = got.iter().position(|b| *b == b'\n');
            let n = end.map_or(got.len(), |at| at + 1);
            if self.line.len() + n > LINE_MAX {
                return Err(ImapError::Protocol("a line has no end".to_owned()).into_io());
            }
            // NUL stands for a literal here, and no line may hold one (RFC 3501 section 9, CHAR).
            self.line.extend(got.iter().take(n).map(|b| if *b == 0 { b'?' } else { *b }));
            self.reader.consume(n);
            if end.is_some() && !self.begin_literal()? {
                return Ok(true);
            }
        }
    }

    /// Waits for bytes where none are left, and gives up a server that sends too few of them or too many.
    fn receive(&mut self) -> io::Result<()> {
        if !self.reader.buffer().is_empty() {
            return Ok(());
        }
        let within = self.literal.is_some() || !self.line.is_empty();
        let begun = Instant::now();
        let got = u64::try_from(self.reader.fill_buf()?.len()).unwrap_or(u64::MAX);
        self.meter.received(begun.elapsed(), got, within).map_err(ImapError::into_io)?;
        let mut shared = lock(&self.shared);
        shared.answered = shared.answered.saturating_add(got);
        let each = BESIDE_EACH.saturating_mul(u64::from(shared.exists.min(BELIEVED_MAX)));
        let most = shared.literal_max.saturating_add(shared.beside_max).saturating_add(each);
        if shared.answered > most {
            let text = format!("{} MiB in answer to one command", shared.answered >> 20);
            return Err(ImapError::TooMuch(text).into_io());
        }
        Ok(())
    }

    /// Where the physical line ends with `{n}`, takes that off and makes room for what follows.
    fn begin_literal(&mut self) -> io::Result<bool> {
        let line = self.line.get(self.begin..).unwrap_or_default();
        let Some((mark, announced)) = literal_mark(line) else { return Ok(false) };
        self.held = self.held.saturating_add(announced);
        if self.held > lock(&self.shared).literal_max {
            let text = format!("it announced {announced} bytes, more than one message may have");
            return Err(ImapError::TooMuch(text).into_io());
        }
        let left = usize::try_from(announced).unwrap_or(usize::MAX);
        self.line.truncate(self.begin + mark);
        self.literal = Some(Literal { bytes: Vec::with_capacity(left.min(TRUST)), left });
        self.end_literal();
        Ok(true)
    }

    fn end_literal(&mut self) {
        if let Some(literal) = self.literal.take_if(|l| l.left == 0) {
            self.literals.push(literal.bytes);
            self.line.push(0);
            self.begin = self.line.len();
        }
    }

    /// Sees to the IDLE, where one is under way and nothing has been buffered: waits, and ends it in time.
    fn idle(&mut self) -> io::Result<()> {
        let until = match lock(&self.shared).duty {
            Duty::Idle { until, begun: true } => until,
            _ => return Ok(()),
        };
        if !self.reader.buffer().is_empty() {
            return Ok(());
        }
        match self.reader.get_ref().wait(until, true)? {
            Ready::Readable => Ok(()),
            Ready::Woken => self.end_idle(IdleEnd::Woken),
            Ready::Late => self.end_idle(IdleEnd::Timeout),
        }
    }

    fn end_idle(&mut self, end: IdleEnd) -> io::Result<()> {
        {
            let mut shared = lock(&self.shared);
            shared.duty = Duty::None;
            shared.idle_end = Some(end);
        }
        let wire = self.reader.get_mut();
        wire.write_all(b"DONE\r\n")?;
        wire.flush()
    }

    /// Sends a whole response to where it belongs.
    fn deliver(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let literals = std::mem::take(&mut self.literals);
        self.begin = 0;
        self.held = 0;
        if !lock(&self.shared).greeted {
            self.note_status(&line);
            return self.pass_on(&line);
        }
        match line.first() {
            Some(b'+') => self.go_ahead(&line),
            Some(b'*') => self.untagged(&line, literals),
            Some(b'a') if is_tagged(&line) => {
                self.note_status(&line);
                self.pass_on(&readable_tagged(line))
            }
            _ => self.stray(&line),
        }
    }

    fn go_ahead(&mut self, line: &[u8]) -> io::Result<()> {
        let duty = std::mem::take(&mut lock(&self.shared).duty);
        match duty {
            Duty::Literal(data) => self.write_literal(&data),
            Duty::Idle { until, begun } => {
                lock(&self.shared).duty = Duty::Idle { until, begun: true };
                if begun { self.stray(line) } else { Ok(()) }
            }
            other => {
                lock(&self.shared).duty = other;
                self.pass_on(line)
            }
        }
    }

    fn pass_on(&mut self, line: &[u8]) -> io::Result<()> {
        {
            let mut shared = lock(&self.shared);
            shared.passed = shared.passed.saturating_add(line.len());
            if shared.passed > PASSED_MAX {
                return Err(ImapError::Protocol("its answer has no end".to_owned()).into_io());
            }
        }
        self.out.extend_from_slice(line);
        Ok(())
    }

    fn enqueue(&mut self, item: Untagged) -> io::Result<()> {
        let mut shared = lock(&self.shared);
        if let Untagged::Other(Response::MailboxData(imap_proto::MailboxDatum::Exists(n))) = &item {
            shared.exists = *n;
        }
        let each = usize::try_from(shared.exists.min(BELIEVED_MAX)).unwrap_or(0);
        if shared.queue.len() >= shared.queue_max + 2 * each {
            return Err(ImapError::TooMuch(format!(
                "its answer has no end: {} responses to one command",
                shared.queue.len()
            ))
            .into_io());
        }
        shared.queue.push_back(item);
        Ok(())
    }

    fn write_literal(&mut self, data: &[u8]) -> io::Result<()> {
        let wire = self.reader.get_mut();
        wire.write_all(data)?;
        wire.write_all(b"\r\n")?;
        wire.flush()
    }

    fn untagged(&mut self, line: &[u8], literals: Vec<Vec<u8>>) -> io::Result<()> {
        if let Some((seq, rest)) = fetched::is_fetch(line) {
            let held = literals.iter().map(|l| u64::try_from(l.len()).unwrap_or(u64::MAX)).fold(0, u64::saturating_add);
            let fetched = fetched::parse(seq, rest, literals);
            {
                let mut shared = lock(&self.shared);
                shared.queued = shared.queued.saturating_add(held);
                if shared.queued > shared.literal_max {
                    let text = format!("over {} bytes, far beyond the sizes it had told", shared.literal_max);
                    return Err(ImapError::TooMuch(text).into_io());
                }
            }
            self.enqueue(Untagged::Fetch(fetched))?;
            return self.something_happened();
        }
        self.note_status(line);
        if line.get(..OVERFLOW.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(OVERFLOW)) {
            lock(&self.shared).queue.push_back(Untagged::Overflow);
            return self.something_happened();
        }
        if namespace::is_namespace(line) {
            return self.enqueue(Untagged::Namespace(put_back(line, &literals)));
        }
        let Some(response) = response(line, &literals) else { return self.stray(line) };
        let news = matches!(
            &response,
            Response::Expunge(_)
                | Response::Vanished { .. }
                | Response::MailboxData(imap_proto::MailboxDatum::Exists(_) | imap_proto::MailboxDatum::Status { .. })
        );
        self.enqueue(Untagged::Other(response))?;
        if news { self.something_happened() } else { Ok(()) }
    }

    /// Ends an IDLE that is under way, because there is something to do.
    fn something_happened(&mut self) -> io::Result<()> {
        let idling = matches!(lock(&self.shared).duty, Duty::Idle { begun: true, .. });
        if idling { self.end_idle(IdleEnd::Changed) } else { Ok(()) }
    }

    fn stray(&mut self, line: &[u8]) -> io::Result<()> {
        let mut shared = lock(&self.shared);
        shared.stray_count += 1;
        if shared.stray_count > STRAYS_MAX {
            return Err(ImapError::Protocol("too many lines that are no IMAP".to_owned()).into_io());
        }
        let kept: Vec<u8> = line.iter().copied().take(STRAY_BYTES).collect();
        if shared.strays.len() >= 16 {
            shared.strays.pop_front();
        }
        shared.strays.push_back(String::from_utf8_lossy(&kept).trim_end().to_owned());
        Ok(())
    }

    /// Keeps what the crate throws away: capabilities, the server's words, its BYE.
    fn note_status(&mut self, line: &[u8]) {
        let kept: Vec<u8> = line.iter().copied().take(4096).collect();
        let text = String::from_utf8_lossy(&kept);
        let text = text.trim_end();
        let upper = text.to_ascii_uppercase();
        let mut shared = lock(&self.shared);
        if let Some(list) = upper.strip_prefix("* CAPABILITY ") {
            shared.capabilities = Some(list.to_owned());
        } else if let Some((_, list)) = upper.split_once("[CAPABILITY ") {
            shared.capabilities = Some(list.split(']').next().unwrap_or_default().to_owned());
        }
        if upper.starts_with("* BYE") {
            shared.bye = Some(text.get(5..).unwrap_or_default().trim().to_owned());
        } else if !upper.starts_with('*') {
            shared.tagged = text.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        }
    }
}

/// Finds `{n}` or `~{n}` at the end of a line: where it begins, and n.
fn literal_mark(line: &[u8]) -> Option<(usize, u64)> {
    let inner = line.strip_suffix(b"}\r\n").or_else(|| line.strip_suffix(b"}\n"))?;
    let open = inner.iter().rposition(|b| *b == b'{')?;
    let digits = std::str::from_utf8(inner.get(open + 1..)?).ok()?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // More digits than fit are more bytes than anybody takes.
    let announced = digits.parse().unwrap_or(u64::MAX);
    let mark = if open > 0 && inner.get(open - 1) == Some(&b'~') { open - 1 } else { open };
    Some((mark, announced))
}

/// Reads an untagged response that is no FETCH.
fn response(line: &[u8], literals: &[Vec<u8>]) -> Option<Response<'static>> {
    if let Some(response) = mailbox::parse(line, literals) {
        return Some(response);
    }
    match parse_response(&put_back(line, literals)) {
        Ok((b"", response)) => Some(response.into_owned()),
        _ => None,
    }
}

/// Puts small literals back as IMAP spells them, for the parser of the crate.
fn put_back(line: &[u8], literals: &[Vec<u8>]) -> Vec<u8> {
    if literals.is_empty() || literals.iter().map(Vec::len).sum::<usize>() > SMALL_LITERALS {
        return line.to_vec();
    }
    let mut whole = Vec::with_capacity(line.len());
    let mut literals = literals.iter();
    for byte in line {
        match (byte, literals.as_slice().first()) {
            (0, Some(literal)) => {
                whole.extend(format!("{{{}}}\r\n", literal.len()).bytes());
                whole.extend(literal);
                literals.next();
            }
            _ => whole.push(*byte),
        }
    }
    whole
}

fn is_tagged(line: &[u8]) -> bool {
    let rest = line.strip_prefix(b"a").unwrap_or_default();
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && rest.get(digits) == Some(&b' ')
}

/// A tagged line that the crate could not read would end the session, so its words are made plain.
fn readable_tagged(line: Vec<u8>) -> Vec<u8> {
    if matches!(parse_response(&line), Ok((b"", _))) {
        return line;
    }
    let text: String =
        String::from_utf8_lossy(&line).chars().map(|c| if c.is_ascii_graphic() { c } else { ' ' }).collect();
    let mut words = text.split_ascii_whitespace();
    let (tag, status) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let rest: Vec<&str> = words.collect();
    format!("{tag} {status} {}\r\n", rest.join(" ").replace(['[', ']'], "|")).into_bytes()
}

impl Read for Divert {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.out.len() {
            self.out.clear();
            self.at = 0;
            if !self.fill()? {
                return Ok(0);
            }
            self.deliver()?;
        }
        let waiting = self.out.get(self.at..).unwrap_or_default();
        let n = waiting.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), waiting.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

impl Write for Divert {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.reader.get_mut().write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.reader.get_mut().flush()?;
        self.meter.begin();
        let duty = std::mem::take(&mut lock(&self.shared).duty);
        match duty {
            Duty::LiteralNow(data) => self.write_literal(&data),
            other => {
                lock(&self.shared).duty = other;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
#[path = "divert_tests.rs"]
mod tests;
