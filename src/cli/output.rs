//! What a verb says: data on stdout, talk on stderr. The only place that writes to either.

use std::collections::BTreeSet;
use std::io::{BufWriter, IsTerminal, Stdout, Write};
use std::sync::OnceLock;

use serde::Serialize;

use super::error_json::{ErrorLine, Said, SaidLine};
use super::exit::Exit;
use super::global::{Format, Global};
use super::shape::{Piece, Shape};
use super::table::{Column, FENCE, lay_out};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::ConversationId;
use crate::model::refusal::Refusal;
use crate::model::screen_order::{ScreenOrder, Terminal, TerminalBidi};
use crate::model::text::{SafeText, is_drawable, runs_right_to_left};
use crate::view::layout;

/// The width of a table on a terminal that does not say how wide it is.
const WIDTH: usize = 100;

/// What the config says of who lays out right-to-left text; without a config nobody says.
static BIDI: OnceLock<TerminalBidi> = OnceLock::new();

/// Has right-to-left text put on terminals as the config says. The first call counts.
pub fn lay_out_by(setting: TerminalBidi) {
    BIDI.get_or_init(|| setting);
}

/// Returns how right-to-left text is put on the terminal that this was started in.
fn of_terminal() -> ScreenOrder {
    let setting = BIDI.get().copied().unwrap_or_default();
    ScreenOrder::untaken(setting, Terminal::of_environment(|name| std::env::var(name).ok()))
}

/// Returns how right-to-left text is put where stdout is a terminal.
fn order() -> Option<ScreenOrder> {
    std::io::stdout().is_terminal().then(of_terminal)
}

/// Puts a line in the order of a terminal. Where there is none a program reads, which wants the text as it is.
fn in_order(text: &str, order: Option<ScreenOrder>) -> String {
    let safe = |text: &str| SafeText::lines(text).first().map(ToString::to_string).unwrap_or_default();
    match order.filter(|_| runs_right_to_left(text)) {
        None => safe(text),
        Some(order) if !order.as_is() => layout::written(&safe(text), order),
        // Where a quote begins and ends; the isolates themselves are boxes in some terminals.
        Some(_) => text.split(['\u{2068}', '\u{2069}']).map(safe).collect::<Vec<_>>().join(&FENCE.to_string()),
    }
}

/// Breaks a line between words and puts each piece in the order of a terminal.
fn broken(text: &str, columns: usize, order: ScreenOrder) -> Vec<String> {
    let lines = layout::lay_out(text, columns, order.as_is());
    lines.into_iter().map(|laid| if order.as_is() { laid.text } else { layout::written(&laid.text, order) }).collect()
}

/// The two streams.
pub struct Output {
    stdout: BufWriter<Stdout>,
    /// The first failure to write data.
    failed: Option<std::io::Error>,
    format: Format,
    quiet: bool,
    /// Claims of which the command says by itself what came of them.
    own: BTreeSet<ConversationId>,
    /// Claims that were told to be lost.
    refused: BTreeSet<ConversationId>,
    /// Whether a line of progress stands on the terminal.
    progress: bool,
    /// What is made of each JSON object.
    shape: Option<Shape>,
    /// Why it could not be made of one: no more is printed then.
    misshapen: Option<UserError>,
}

/// The operation that claims.
const CLAIM: &str = "assign";

impl Output {
    /// Makes the output that the flags ask for.
    pub fn new(global: &Global) -> Self {
        let stdout = BufWriter::with_capacity(64 * 1024, std::io::stdout());
        Self {
            stdout,
            failed: None,
            format: global.format(),
            quiet: global.quiet,
            progress: false,
            shape: None,
            misshapen: None,
            own: BTreeSet::new(),
            refused: BTreeSet::new(),
        }
    }

    /// Makes this of each JSON object from here on.
    pub fn shape_by(&mut self, shape: Option<Shape>) {
        self.shape = shape;
    }

    /// Returns the format of data.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Returns how many cells a table may take: as many as COLUMNS says, else as the terminal is wide, and without a bound where a program
    /// reads, since a search must find what a line would be cut of.
    pub fn width(&self) -> usize {
        let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
        if let Some(columns) = columns.filter(|columns| *columns > 0) {
            return columns;
        }
        if !std::io::stdout().is_terminal() {
            return usize::MAX;
        }
        let size = rustix::termios::tcgetwinsize(std::io::stdout());
        size.ok().map(|size| usize::from(size.ws_col)).filter(|w| *w > 0).unwrap_or(WIDTH)
    }

    /// Tells whether nobody reads any more: work that only prints can end.
    pub fn is_closed(&self) -> bool {
        self.failed.is_some() || self.misshapen.is_some()
    }

    /// Lets the command say by itself what came of its claims of these.
    pub fn answer_for(&mut self, claims: &[ConversationId]) {
        self.own.extend(claims.iter().cloned());
    }

    /// Tells whether the command itself says what came of this.
    pub fn answers_for(&self, refusal: &Refusal) -> bool {
        refusal.operation == CLAIM && self.own.contains(&refusal.conversation)
    }

    /// Notes that this was told.
    pub fn has_refused(&mut self, refusal: &Refusal) {
        if refusal.operation == CLAIM {
            self.refused.insert(refusal.conversation.clone());
        }
    }

    /// Tells whether it was told already that a claim of this conversation is lost.
    pub fn has_told(&self, claim: &ConversationId) -> bool {
        self.refused.contains(claim)
    }

    /// Writes a line of data.
    pub fn line(&mut self, text: &SafeText) {
        let line = in_order(text.as_str(), order());
        self.bytes(line.as_bytes());
        self.bytes(b"\n");
    }

    /// Writes a line that somebody wrote to be read: on a terminal it is broken between words, as on the screen.
    pub fn prose(&mut self, text: &SafeText) {
        match order() {
            Some(order) => broken(&text.directed(), self.width(), order).iter().for_each(|line| {
                self.bytes(line.as_bytes());
                self.bytes(b"\n");
            }),
            None => self.line(text),
        }
    }

    /// Writes rows under one another, as wide as the terminal is.
    pub fn table(&mut self, columns: &[Column], rows: &[Vec<SafeText>]) {
        for line in lay_out(columns, rows, self.width(), order()) {
            self.bytes(line.as_bytes());
            self.bytes(b"\n");
        }
    }

    /// Writes text of our own making, line ends included.
    pub fn own(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Writes one JSON object on a line of its own.
    pub fn json(&mut self, value: &impl Serialize) {
        let text = json_line(value);
        let Some(shape) = self.shape.take() else {
            self.bytes(text.as_bytes());
            self.bytes(b"\n");
            return;
        };
        self.shaped(&shape, &text, Self::piece);
        self.shape = Some(shape);
    }

    /// Returns what is printed of one JSON object, without the last end of a line.
    pub fn json_text(&mut self, value: &impl Serialize) -> String {
        let text = json_line(value);
        let Some(shape) = self.shape.take() else { return text };
        let mut lines = Vec::new();
        self.shaped(&shape, &text, |_, piece| {
            lines.push(match piece {
                Piece::Json(json) => harmless(json),
                Piece::Text(text) => text,
            });
        });
        self.shape = Some(shape);
        lines.join("\n")
    }

    fn shaped(&mut self, shape: &Shape, json: &str, mut each: impl FnMut(&mut Self, Piece)) {
        if self.is_closed() {
            return;
        }
        let made = shape.apply(json, &mut |piece| {
            each(self, piece);
            !self.is_closed()
        });
        self.misshapen = made.err();
    }

    fn piece(&mut self, piece: Piece) {
        match piece {
            Piece::Json(json) => {
                self.bytes(harmless(json).as_bytes());
                self.bytes(b"\n");
            }
            Piece::Text(text) => self.raw(format!("{text}\n").as_bytes()),
        }
    }

    /// Writes a mail as it came in. A terminal would obey what stands in it, so there it is made safe to look at.
    pub fn raw(&mut self, bytes: &[u8]) {
        if std::io::stdout().is_terminal() {
            SafeText::lines(&String::from_utf8_lossy(bytes)).iter().for_each(|line| self.line(line));
        } else {
            self.bytes(bytes);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.failed = self.stdout.write_all(bytes).err();
        }
    }

    /// Tells whether what need not be read is kept back.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says something to the person; `--quiet` keeps it back.
    pub fn talk(&mut self, text: &str) {
        if !self.quiet {
            self.say(Said::Info, text);
        }
    }

    /// Says something that must be read.
    pub fn warn(&mut self, text: &str) {
        self.say(Said::Warning, text);
    }

    fn say(&mut self, kind: Said, text: &str) {
        if self.format == Format::Json {
            self.json_aside(&SaidLine::new(kind, text));
            return;
        }
        self.begin_aside();
        let order = std::io::stderr().is_terminal().then(of_terminal);
        for line in text.split('\n') {
            // Nothing can be told when stderr is closed.
            let _ = writeln!(std::io::stderr(), "{}", in_order(line, order));
        }
    }

    /// Writes one JSON object on a line of its own to stderr: stdout has other data.
    pub fn json_aside(&mut self, value: &impl Serialize) {
        self.begin_aside();
        // Nothing can be told when stderr is closed.
        let _ = writeln!(std::io::stderr(), "{}", json_line(value));
    }

    /// What was printed so far comes first where both streams are one terminal.
    fn begin_aside(&mut self) {
        self.flush();
    }

    /// Tells whether a report of how far work is would be read by a program that expects JSON, or by nobody.
    pub fn keeps_progress_back(&self) -> bool {
        self.quiet || (self.format == Format::Json && !std::io::stderr().is_terminal())
    }

    /// Shows how far work is, on a line of its own that the next thing said takes away; only where stderr is a terminal.
    pub fn progress(&mut self, text: &str) {
        if !self.quiet && std::io::stderr().is_terminal() {
            self.progress = true;
            // A line that can't be drawn is no reason to stop working.
            let _ = write!(std::io::stderr(), "\r\x1b[K{}", SafeText::line_max(text, 70));
        }
    }

    /// Takes the line of progress away.
    pub fn end_progress(&mut self) {
        if std::mem::take(&mut self.progress) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }

    /// Says what went wrong and what to do.
    pub fn error(&mut self, error: &UserError) {
        if self.format == Format::Json {
            self.json_aside(&ErrorLine::new(error));
            return;
        }
        self.warn(&format!("postroom: {}", error.message()));
        if error.remedy.is_some() {
            self.hint(&error.advice());
        }
    }

    /// Says what to do now.
    pub fn hint(&mut self, text: &str) {
        if self.format == Format::Json {
            self.say(Said::Hint, text);
        } else {
            self.warn(&say!("told-hint", what = text));
        }
    }

    /// Hands on what was written so far.
    pub fn flush(&mut self) {
        self.end_progress();
        if self.failed.is_none() {
            self.failed = self.stdout.flush().err();
        }
    }

    /// Ends the output. A reader that went away (`| head`) is no error; a full disk is.
    pub fn finish(mut self, exit: Exit) -> Exit {
        self.flush();
        let exit = match self.misshapen.take() {
            Some(error) => {
                self.error(&error);
                Exit::Usage
            }
            None => exit,
        };
        match self.failed.take() {
            Some(error) => unwritten(&error, self.format).unwrap_or(exit),
            None => exit,
        }
    }
}

/// Says that data could not be written, and returns how the command ends with that: as it would have where the reader went away, or closed
/// the output before it began.
pub fn unwritten(error: &std::io::Error, format: Format) -> Option<Exit> {
    const BAD_DESCRIPTOR: i32 = 9;
    if error.kind() == std::io::ErrorKind::BrokenPipe || error.raw_os_error() == Some(BAD_DESCRIPTOR) {
        return None;
    }
    // Nothing can be told when stderr is closed.
    let told = UserError::new(ErrorKind::Store, phrase!("output-unwritable", why = error.to_string()));
    let line = if format == Format::Json { json_line(&ErrorLine::new(&told)) } else { format!("postroom: {told}") };
    let _ = writeln!(std::io::stderr(), "{line}");
    Some(Exit::Store)
}

/// Returns a value as JSON on one line, without its end.
pub fn json_line(value: &impl Serialize) -> String {
    // Every value is made of strings, numbers and maps with string keys, which always serialise.
    harmless(serde_json::to_string(value).unwrap_or_default())
}

/// Escapes what JSON lets stand in a string and nobody sees, or a terminal would obey: control characters, direction marks, letters that take
/// no cell. Two names or ids that are not the same never look the same for one of these. For whoever reads JSON nothing changes; outside
/// strings there is none.
fn harmless(json: String) -> String {
    let is_harmful = |c: char| {
        // Which joins emoji and letters of some scripts, and is seen nowhere else, or chooses between forms of a letter.
        let is_joiner = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
        c >= '\u{7f}' && (is_joiner || !is_drawable(c))
    };
    if !json.contains(is_harmful) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if is_harmful(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
