//! What goes to the terminal so that somebody is told of news: the bell, notifications of the desktop, the window's title.
//!
//! Customers' words stand in it. They are [`SafeText`], which holds no control sign, so none of them ends a sequence or begins another; what
//! parts the fields of one is taken out of them besides.

use serde::Serialize;

use crate::config::Desktop;
use crate::model::news::Telling;
use crate::model::text::SafeText;

/// What rings.
pub(crate) const BELL: &str = "\x07";
/// What ends a sequence (ECMA-48 8.3.143).
const END: &str = "\x1b\\";
/// The name in the head of a notification.
const NAME: &str = "postroom";

/// Returns the sequence that has the terminal show a notification. Through tmux it goes by its passthrough.
pub(crate) fn notification(desktop: Desktop, words: &SafeText, tmux: bool) -> String {
    let words = words.as_str();
    let sequence = match desktop {
        // Windows Terminal and ConEmu take OSC 9 with a number in front for other things.
        Desktop::Osc9 => format!("\x1b]9;{NAME}: {words}{END}"),
        Desktop::Osc777 => format!("\x1b]777;notify;{NAME};{}{END}", words.replace(';', ",")),
        Desktop::Osc99 => {
            let encoded = |text: &str| data_encoding::BASE64.encode(text.as_bytes());
            format!(
                "\x1b]99;i=postroom:d=0:e=1;{}{END}\x1b]99;i=postroom:d=1:e=1:p=body;{}{END}",
                encoded(NAME),
                encoded(words)
            )
        }
    };
    if tmux { passed_through(&sequence) } else { sequence }
}

/// Returns the sequence that sets the title of the window. tmux takes it for its own.
pub(crate) fn title(words: &SafeText) -> String {
    format!("\x1b]2;{words}{END}")
}

/// Keeps the title of the window for later (xterm's XTWINOPS), and brings it back.
pub(crate) const KEEP_TITLE: &str = "\x1b[22;2t";
pub(crate) const BRING_TITLE: &str = "\x1b[23;2t";

/// Wraps what tmux hands on to the terminal outside.
fn passed_through(sequence: &str) -> String {
    format!("\x1bPtmux;{}{END}", sequence.replace('\x1b', "\x1b\x1b"))
}

/// `"type":"news"`: what the program of the config reads on its standard input.
#[derive(Serialize)]
struct NewsJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    event: &'static str,
    at: String,
    actor: Option<&'a str>,
    conversation: &'a str,
    short: &'a str,
    title: &'a SafeText,
    people: &'a SafeText,
    words: String,
}

/// Returns the line that it reads.
pub(crate) fn json(told: &Telling) -> Vec<u8> {
    let json = NewsJson {
        schema: "postroom/1",
        r#type: "news",
        event: told.event.name(),
        at: jiff::Timestamp::from_millisecond(told.at.0).map(|at| at.to_string()).unwrap_or_default(),
        actor: told.who.as_ref().map(crate::model::ids::Handle::as_str),
        conversation: told.conversation.as_str(),
        short: &told.short,
        title: &told.title,
        people: &told.people,
        words: crate::text::telling(told),
    };
    // Every value is made of strings, which always serialise.
    let mut line = serde_json::to_vec(&json).unwrap_or_default();
    line.push(b'\n');
    line
}

#[cfg(test)]
#[path = "notify_tests.rs"]
mod tests;
