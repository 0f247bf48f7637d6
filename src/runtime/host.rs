//! The world around the screen: clipboard, links, the shell.

use std::io::Write as _;

use crate::config::{Config, Notify};
use crate::error::{ErrorKind, UserError};
use crate::model::news::Telling;
use crate::model::text::SafeText;
use crate::program::Program;
use crate::runtime::executor::Sender;
use crate::runtime::input::Gate;
use crate::runtime::notifier::Notifier;
use crate::runtime::{editor, notify, terminal};

/// What the loop asks of the world besides drawing.
pub trait Host {
    /// Copies text to the clipboard of whoever sits at the terminal.
    fn copy(&mut self, text: &str);

    /// Lets the terminal ring.
    fn ring(&mut self);

    /// Has the terminal show a notification of the desktop.
    fn notify(&mut self, words: &SafeText);

    /// Has the title of the terminal's window say this.
    fn entitle(&mut self, words: &SafeText);

    /// Runs the program of the config that is told of news, without waiting for it; `failed` gets what went wrong.
    fn run_notifier(&mut self, told: &Telling, failed: Sender);

    /// Opens a link.
    ///
    /// # Errors
    /// When it is none that may be opened, or nothing opens it.
    fn open(&mut self, target: &str) -> Result<(), UserError>;

    /// Has a text written on in the user's editor, beginning at a line, from 1, and returns it when that ends.
    ///
    /// # Errors
    /// When there is no editor, or it fails; the text is then still the caller's.
    fn edit(&mut self, text: &str, line: usize) -> Result<String, UserError>;

    /// Goes to the background of the shell and returns when the program is back.
    fn suspend(&mut self);
}

/// The terminal that the program was started in.
pub struct TerminalHost {
    opener: String,
    editor: Option<String>,
    how: terminal::Use,
    notify: Notify,
    /// Whether the title of the window is ours and is to be given back.
    entitled: bool,
    gate: Gate,
    notifier: Notifier,
}

impl Drop for TerminalHost {
    fn drop(&mut self) {
        if self.entitled {
            print(notify::BRING_TITLE);
        }
    }
}

/// Writes to the terminal beside what is drawn. One that is gone can't be written to; the loop will learn of it when it draws.
fn print(sequence: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(sequence.as_bytes()).and_then(|()| out.flush());
}

/// Tells whether this runs in tmux.
fn is_tmux() -> bool {
    std::env::var_os("TMUX").is_some_and(|tmux| !tmux.is_empty())
}

impl TerminalHost {
    /// Makes a host that opens links and edits text as the config says.
    pub(crate) fn new(config: &Config, gate: Gate) -> Self {
        let (ui, notify) = (&config.ui, config.notify.clone());
        let (opener, editor) = (ui.opener.clone(), ui.editor.clone());
        let how = terminal::Use::of(ui);
        Self { opener, editor, how, notify, entitled: false, gate, notifier: Notifier::default() }
    }
}

/// Returns the sequence that copies `text` (OSC 52): it works over SSH.
fn osc52(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", data_encoding::BASE64.encode(text.as_bytes()))
}

/// Tells whether a link may be handed to the opener: only what a browser or mail program takes, and nothing that reads as an option. Of
/// mail links only those of RFC 6068: some openers know `attach`, which would send a file of ours to a stranger.
pub(crate) fn may_open(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    let mail = |rest: &str| {
        let fields = rest.split_once('?').map_or("", |(_, fields)| fields).replace("&amp;", "&");
        let known = ["to", "cc", "bcc", "subject", "body", "in-reply-to", ""];
        fields.split(['&', ';', '?']).all(|field| known.contains(&field.split('=').next().unwrap_or_default()))
    };
    let scheme = lower.starts_with("https://")
        || lower.starts_with("http://")
        || lower.strip_prefix("mailto:").is_some_and(mail);
    scheme && !target.chars().any(|c| c.is_control() || c.is_whitespace())
}

impl Host for TerminalHost {
    fn copy(&mut self, text: &str) {
        print(&osc52(text));
    }

    fn ring(&mut self) {
        print(notify::BELL);
    }

    fn notify(&mut self, words: &SafeText) {
        print(&notify::notification(self.notify.desktop, words, is_tmux()));
    }

    fn entitle(&mut self, words: &SafeText) {
        if !std::mem::replace(&mut self.entitled, true) {
            print(notify::KEEP_TITLE);
        }
        print(&notify::title(words));
    }

    fn run_notifier(&mut self, told: &Telling, failed: Sender) {
        let program = Program::new(&self.notify.command).of_session().input(notify::json(told));
        let program = program.variable("POSTROOM_EVENT", told.event.name());
        let program = program.variable("POSTROOM_CONVERSATION", told.conversation.as_str());
        self.notifier.run(program, &failed);
    }

    fn open(&mut self, target: &str) -> Result<(), UserError> {
        if !may_open(target) {
            let what = phrase!("link-not-opened");
            return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-copy-link")));
        }
        let Some(program) = self.opener.split_whitespace().next() else {
            let what = phrase!("no-opener");
            return Err(UserError::new(ErrorKind::Config, what).hint(phrase!("hint-set-opener")));
        };
        let words = self.opener.split_whitespace().chain([target]);
        Program::new(words).of_session().launch().map_err(|end| {
            let what = phrase!("program-not-run", program = program, why = end.why().unwrap_or("".into()));
            UserError::new(ErrorKind::Config, what).hint(phrase!("hint-set-opener-or-copy"))
        })
    }

    fn edit(&mut self, text: &str, line: usize) -> Result<String, UserError> {
        let Some(command) = &self.editor else {
            return Err(UserError::new(ErrorKind::Config, phrase!("no-editor")).hint(phrase!("hint-set-editor")));
        };
        let how = self.how;
        self.gate.closed(|| {
            terminal::leave();
            let edited = editor::edit(command, text, line);
            let _ = terminal::enter(how);
            edited
        })
    }

    fn suspend(&mut self) {
        self.gate.closed(|| {
            terminal::leave();
            // SIGTSTP stops every thread; the call returns when the shell sends SIGCONT.
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
            let _ = terminal::enter(self.how);
        });
    }
}

#[cfg(test)]
#[path = "host_tests.rs"]
mod tests;
