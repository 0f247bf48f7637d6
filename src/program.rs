//! The one place that runs other programs: what the config or a person names, never what a mail or the log does.
//!
//! A program is started from its words, without a shell, in a process group of its own that is killed at its time limit, when the work is
//! stopped and when postroom ends. Its environment is a short list ([`PASSED`]). What it prints is bounded, and shown as [`SafeText`] only.
//! How it ended is a value; words are made of it in `text`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::model::phrase::Phrase;
use crate::model::stop::Stop;
use crate::model::text::SafeText;

/// Variables that every program gets, where they are set.
pub const PASSED: [&str; 14] = [
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TERM",
    "COLORTERM",
    "TMPDIR",
    "POSTROOM_CONFIG",
    "POSTROOM_STORE",
    "POSTROOM_AGENT",
];
/// Beginnings of the names of further ones.
pub const PASSED_BEGINNINGS: [&str; 1] = ["LC_"];
/// What openers and password commands get too: how the desktop, its keyring and the agents of keys are reached.
pub const SESSION: [&str; 10] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "BROWSER",
    "SSH_AUTH_SOCK",
    "SSH_CONNECTION",
    "GPG_TTY",
    "GNUPGHOME",
];
/// Beginnings of the names of further ones: of the desktop, and of programs that keep passwords.
pub const SESSION_BEGINNINGS: [&str; 5] = ["XDG_", "PASSWORD_STORE_", "BW_", "OP_", "VAULT_"];

/// What the config adds to these.
static PASSED_TOO: OnceLock<Vec<String>> = OnceLock::new();

/// Gives every program these variables of postroom's own environment too. The first call counts.
pub fn pass_too(names: &[String]) {
    PASSED_TOO.get_or_init(|| names.to_vec());
}

/// How often it is looked whether a program has ended, is to be stopped, or has reached its limit.
const LOOK: Duration = Duration::from_millis(5);
/// How long what a program leaves running may keep its output open.
const LINGER: Duration = Duration::from_millis(500);
/// The most characters of a program's own words in a sentence.
const WORDS_MAX: usize = 200;

/// Which variables a program gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passes {
    /// [`PASSED`].
    Few,
    /// [`SESSION`] too.
    Session,
}

/// A program that is to be run.
#[derive(Clone, Debug)]
pub struct Program {
    argv: Vec<OsString>,
    input: Vec<u8>,
    passes: Passes,
    variables: Vec<(String, OsString)>,
    limit: Duration,
    output_max: usize,
    stop: Stop,
}

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With status 0.
    Well,
    /// With another status.
    Status(i32),
    /// By a signal.
    Signal(i32),
    /// It was killed at its limit.
    Slow(Duration),
    /// It was killed because the work was stopped.
    Stopped,
    /// It could not be started: what the system says.
    NotStarted(String),
    /// It could not be watched: what the system says.
    Broke(String),
}

impl End {
    fn of(status: ExitStatus) -> Self {
        match (status.code(), status.signal()) {
            (Some(0), _) => Self::Well,
            (Some(code), _) => Self::Status(code),
            (None, signal) => Self::Signal(signal.unwrap_or_default()),
        }
    }

    /// Tells whether it ended with status 0.
    pub fn is_well(&self) -> bool {
        *self == Self::Well
    }

    /// Says how it ended, where that was not well.
    pub fn why(&self) -> Option<Phrase> {
        Some(match self {
            Self::Well => return None,
            Self::Status(status) => phrase!("program-status", status = status.to_string()),
            Self::Signal(signal) => match name_of_signal(*signal) {
                Some(name) => phrase!("program-signal-named", signal = signal.to_string(), name = name),
                None => phrase!("program-signal", signal = signal.to_string()),
            },
            Self::Slow(limit) => phrase!("program-slow", seconds = limit.as_secs().to_string()),
            Self::Stopped => phrase!("program-stopped"),
            Self::NotStarted(why) => phrase!("program-no-start", why = why),
            Self::Broke(why) => phrase!("program-broke", why = why),
        })
    }
}

/// Returns the name of a signal that programs end by.
fn name_of_signal(signal: i32) -> Option<&'static str> {
    const NAMES: [(Signal, &str); 13] = [
        (Signal::HUP, "HUP"),
        (Signal::INT, "INT"),
        (Signal::QUIT, "QUIT"),
        (Signal::ILL, "ILL"),
        (Signal::ABORT, "ABRT"),
        (Signal::BUS, "BUS"),
        (Signal::FPE, "FPE"),
        (Signal::KILL, "KILL"),
        (Signal::SEGV, "SEGV"),
        (Signal::PIPE, "PIPE"),
        (Signal::ALARM, "ALRM"),
        (Signal::TERM, "TERM"),
        (Signal::XCPU, "XCPU"),
    ];
    NAMES.into_iter().find(|(known, _)| known.as_raw() == signal).map(|(_, name)| name)
}

/// What came of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How it ended.
    pub end: End,
    /// The beginning of what it printed, up to the bound.
    pub stdout: Vec<u8>,
    /// The beginning of what it said, up to the bound.
    pub stderr: Vec<u8>,
    /// Whether there was more of either.
    pub cut: bool,
}

impl Ended {
    fn without_output(end: End) -> Self {
        Self { end, stdout: Vec::new(), stderr: Vec::new(), cut: false }
    }

    /// Says why it did not end well, with the last line that it said; `None` where it did.
    pub fn why(&self) -> Option<Phrase> {
        let why = self.end.why()?;
        let said = String::from_utf8_lossy(&self.stderr);
        let last = said.lines().map(str::trim).rfind(|line| !line.is_empty());
        Some(match last.map(|line| SafeText::line_max(line, WORDS_MAX)) {
            Some(words) => phrase!("program-with-words", why = why, words = words),
            None => why,
        })
    }

    /// Returns the lines that it printed, safe to show.
    pub fn lines(&self) -> Vec<SafeText> {
        SafeText::lines(&String::from_utf8_lossy(&self.stdout))
    }
}

impl Program {
    /// Makes a program of its words, the first being its name: with no input, ten seconds and 64 KiB of output.
    pub fn new<W: Into<OsString>>(argv: impl IntoIterator<Item = W>) -> Self {
        Self {
            argv: argv.into_iter().map(Into::into).collect(),
            input: Vec::new(),
            passes: Passes::Few,
            variables: Vec::new(),
            limit: Duration::from_secs(10),
            output_max: 64 << 10,
            stop: Stop::never(),
        }
    }

    /// Gives it this on its standard input.
    #[must_use]
    pub fn input(self, input: impl Into<Vec<u8>>) -> Self {
        Self { input: input.into(), ..self }
    }

    /// Gives it the variables of the desktop's session too.
    #[must_use]
    pub fn of_session(self) -> Self {
        Self { passes: Passes::Session, ..self }
    }

    /// Sets a variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Sets several.
    #[must_use]
    pub fn variables(mut self, variables: &[(&str, OsString)]) -> Self {
        self.variables.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self
    }

    /// Kills it after so long.
    #[must_use]
    pub fn limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Keeps so many bytes of each of its outputs.
    #[must_use]
    pub fn output_max(self, bytes: usize) -> Self {
        Self { output_max: bytes, ..self }
    }

    /// Kills it when this says so.
    #[must_use]
    pub fn until(self, stop: Stop) -> Self {
        Self { stop, ..self }
    }

    fn command(&self) -> Option<Command> {
        let (program, words) = self.argv.split_first()?;
        let mut command = Command::new(program);
        command.args(words).env_clear();
        command.envs(std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(|name| self.gets(name))));
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        Some(command)
    }

    fn gets(&self, name: &str) -> bool {
        let among = |names: &[&str], beginnings: &[&str]| {
            names.contains(&name) || beginnings.iter().any(|begin| name.starts_with(begin))
        };
        among(&PASSED, &PASSED_BEGINNINGS)
            || self.passes == Passes::Session && among(&SESSION, &SESSION_BEGINNINGS)
            || PASSED_TOO.get().is_some_and(|names| names.iter().any(|passed| passed == name))
    }

    /// Runs it and waits for its end.
    pub fn run(&self) -> Ended {
        let Some(mut command) = self.command() else { return Ended::without_output(nameless()) };
        let piped = || Stdio::piped();
        let started = command.stdin(piped()).stdout(piped()).stderr(piped()).process_group(0).spawn();
        let child = match started {
            Ok(child) => child,
            Err(error) => return Ended::without_output(End::NotStarted(error.to_string())),
        };
        match Running::new(child, self) {
            Ok(running) => running.end(self),
            Err(error) => Ended::without_output(End::Broke(error.to_string())),
        }
    }

    /// Starts it and leaves it to itself, without input or output: a viewer outlives the screen that opened it.
    ///
    /// # Errors
    /// When it can't be started: what the system says.
    pub fn launch(&self) -> Result<(), End> {
        let Some(mut command) = self.command() else { return Err(nameless()) };
        let null = || Stdio::null();
        let started = command.stdin(null()).stdout(null()).stderr(null()).process_group(0).spawn();
        let mut child = started.map_err(|error| End::NotStarted(error.to_string()))?;
        // Only so that no dead process stays behind.
        let _ = beside(move || drop(child.wait()));
        Ok(())
    }
}

fn nameless() -> End {
    End::NotStarted(std::io::Error::from(std::io::ErrorKind::NotFound).to_string())
}

/// Returns the words of a command that is written on one line: parted by spaces, `'…'` and `"…"` are of one word, a backslash takes the
/// meaning from the next sign outside `'…'`. Nothing is expanded. `None` where a quote has no end.
pub fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match signs.next()? {
                        end if end == sign => break,
                        '\\' if sign == '"' => word.push(signs.next()?),
                        other => word.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(signs.next()?),
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// Runs what a person typed on this terminal: with a shell, the whole environment, and the terminal's own output, where Ctrl-C reaches it.
/// `input` is what it reads.
pub fn on_terminal(line: &str, input: &[u8]) -> End {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    foreground(&mut command, Some(input), false)
}

/// As [`on_terminal`], beside a screen: what it prints is thrown away.
pub fn behind_screen(line: &str, input: &[u8]) -> End {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    foreground(&mut command, Some(input), true)
}

/// Runs a program with the terminal's own input and output and waits for it, such as an opener without a desktop.
pub fn attended<W: Into<OsString>>(argv: impl IntoIterator<Item = W>) -> End {
    match Program::new(argv).of_session().command() {
        Some(mut command) => foreground(&mut command, None, false),
        None => nameless(),
    }
}

fn foreground(command: &mut Command, input: Option<&[u8]>, quiet: bool) -> End {
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    if quiet {
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return End::NotStarted(error.to_string()),
    };
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(input.unwrap_or_default()));
    let ended = child.wait();
    match (written, ended) {
        // A program may stop reading when it has enough; how it ends tells whether that was well.
        (Err(error), _) if error.kind() != std::io::ErrorKind::BrokenPipe => End::Broke(error.to_string()),
        (_, Ok(status)) => End::of(status),
        (_, Err(error)) => End::Broke(error.to_string()),
    }
}

/// The groups that run now.
static GROUPS: Mutex<BTreeSet<i32>> = Mutex::new(BTreeSet::new());

fn groups() -> MutexGuard<'static, BTreeSet<i32>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Kills all that runs. For the end of the process.
pub fn end_all() {
    std::mem::take(&mut *groups()).into_iter().for_each(kill);
}

fn kill(group: i32) {
    if let Some(group) = Pid::from_raw(group) {
        // It may have ended by itself.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// What was read of an output so far, and whether there was more.
type Kept = Arc<Mutex<(Vec<u8>, bool)>>;

/// A program that runs. Its group dies with the value.
struct Running {
    child: Child,
    group: i32,
    out: Kept,
    err: Kept,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Begins to watch it. Where the system gives no thread for that it is killed.
    fn new(child: Child, program: &Program) -> std::io::Result<Self> {
        let group = i32::try_from(child.id()).unwrap_or_default();
        groups().insert(group);
        let mut running = Self { child, group, out: Kept::default(), err: Kept::default(), readers: Vec::new() };
        if let Some(mut stdin) = running.child.stdin.take() {
            let input = program.input.clone();
            // It ends when the program reads no more, at its death at the latest.
            beside(move || drop(stdin.write_all(&input)))?;
        }
        if let Some(from) = running.child.stdout.take() {
            running.readers.push(gather(from, &running.out, program.output_max)?);
        }
        if let Some(from) = running.child.stderr.take() {
            running.readers.push(gather(from, &running.err, program.output_max)?);
        }
        Ok(running)
    }

    fn end(mut self, program: &Program) -> Ended {
        let end = self.wait(program);
        let linger = Instant::now() + LINGER;
        let all_read = |readers: &[JoinHandle<()>]| readers.iter().all(JoinHandle::is_finished);
        while matches!(end, End::Well | End::Status(_)) && !all_read(&self.readers) && Instant::now() < linger {
            std::thread::park_timeout(LOOK);
        }
        kill(self.group);
        let take = |kept: &Kept| std::mem::take(&mut *kept.lock().unwrap_or_else(PoisonError::into_inner));
        let ((stdout, out_cut), (stderr, err_cut)) = (take(&self.out), take(&self.err));
        Ended { end, stdout, stderr, cut: out_cut || err_cut }
    }

    fn wait(&mut self, program: &Program) -> End {
        let limit = Instant::now() + program.limit;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return End::of(status),
                Ok(None) => {}
                Err(error) => return End::Broke(error.to_string()),
            }
            if program.stop.is_asked() {
                return End::Stopped;
            }
            if Instant::now() >= limit {
                return End::Slow(program.limit);
            }
            std::thread::park_timeout(LOOK);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        kill(self.group);
        // Only so that no dead process stays behind.
        let _ = self.child.wait();
        groups().remove(&self.group);
    }
}

/// Reads an output to its end, and keeps its beginning: a program must not stand still because nobody reads.
fn gather(mut from: impl Read + Send + 'static, into: &Kept, max: usize) -> std::io::Result<JoinHandle<()>> {
    let into = Arc::clone(into);
    beside(move || {
        let mut buffer = [0; 8192];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let mut kept = into.lock().unwrap_or_else(PoisonError::into_inner);
            let room = max.saturating_sub(kept.0.len());
            let some = buffer.get(..read.min(room)).unwrap_or_default();
            kept.0.extend_from_slice(some);
            kept.1 |= read > room;
        }
    })
}

/// Does work on a thread of its own.
fn beside(work: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().spawn(work)
}

#[cfg(test)]
#[path = "program_tests.rs"]
mod tests;
