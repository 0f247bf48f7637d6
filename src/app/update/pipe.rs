//! Mail given to a command: what is typed behind `|` gets the message under the cursor, or all of what is marked, and what it prints is
//! shown.

use std::borrow::Cow;

use crate::app::effect::Piping;
use crate::app::prompt::Prompt;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Page, Pane, PromptKind};
use crate::model::piped::Piped;
use crate::model::text::SafeText;

impl App {
    /// Asks for the command. What it gets is what was current when it was asked for.
    pub(super) fn open_pipe(&mut self) -> Vec<Effect> {
        let piping = self.piping();
        self.push(Layer::Prompt(Prompt { piping, ..Prompt::new(PromptKind::PipeMail, "") }))
    }

    /// Returns what a command would get; `None` where that is what is marked.
    fn piping(&self) -> Option<Piping> {
        if !self.marks.is_empty() {
            return None;
        }
        let id = self.current_id()?;
        let open = self.open.as_ref().filter(|open| self.focus == Pane::Conversation && open.id == id);
        let message = open.and_then(|open| open.message()).map(|message| message.id.clone());
        Some(message.map_or(Piping::Newest(id), Piping::Message))
    }

    pub(super) fn accept_pipe(&mut self, text: &str) -> Vec<Effect> {
        let command = text.trim().to_owned();
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return Vec::new() };
        if command.is_empty() {
            prompt.error = Some(say!("pipe-no-command"));
            return Vec::new();
        }
        let piping = prompt.piping.clone();
        self.pop_layer();
        self.pipe_to(command, piping)
    }

    /// Gives what is current, or marked, to a command.
    pub(super) fn pipe(&mut self, command: &str) -> Vec<Effect> {
        let piping = self.piping();
        self.pipe_to(command.trim().to_owned(), piping)
    }

    fn pipe_to(&mut self, command: String, piping: Option<Piping>) -> Vec<Effect> {
        let what = match piping {
            Some(what) => what,
            None => match self.take_targets() {
                Some(targets) => Piping::All(targets),
                None => return Vec::new(),
            },
        };
        let mut effects = self.push(Layer::Page(Page::Piped { command: command.clone(), piped: None, scroll: 0 }));
        effects.push(self.ask(Purpose::Pipe, Ask::Pipe { command, what }));
        effects
    }

    pub(super) fn take_piped(&mut self, came: Piped) {
        let page = self.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Page(Page::Piped { piped, .. }) => Some(piped),
            _ => None,
        });
        if let Some(page) = page {
            *page = Some(Box::new(came));
        }
    }

    /// Takes the page away that waited for what could not be run.
    pub(super) fn close_pipe(&mut self) {
        self.layers.retain(|layer| !matches!(layer, Layer::Page(Page::Piped { piped: None, .. })));
    }

    /// Stops the command whose page was left: nobody waits for what it prints.
    pub(super) fn stop_left_pipe(&mut self) -> Option<Effect> {
        let is_shown = self.layers.iter().any(|layer| matches!(layer, Layer::Page(Page::Piped { piped: None, .. })));
        if is_shown || !self.tickets.has(&Purpose::Pipe) {
            return None;
        }
        self.tickets.forget(&Purpose::Pipe);
        Some(Effect::StopPipe)
    }

    /// Returns what is said of a command and of what it printed, a line each.
    pub fn piped_lines<'p>(&self, piped: Option<&'p Piped>) -> Vec<(bool, Cow<'p, str>)> {
        let ours = |words: String| (true, Cow::from(words));
        let theirs = |line: &'p SafeText| (false, Cow::from(line.as_str()));
        let Some(piped) = piped else { return vec![ours(say!("pipe-runs"))] };
        let mut lines = vec![ours(match &piped.why {
            None => say!("pipe-well", count = piped.mails),
            Some(why) => say!("pipe-not-well", count = piped.mails, why = why.clone()),
        })];
        // Nobody reads on to the end of much to learn that there is more.
        lines.extend(piped.cut.then(|| ours(say!("pipe-cut"))));
        if piped.lines.is_empty() && piped.said.is_empty() {
            lines.push(ours(say!("pipe-nothing")));
        }
        lines.extend(piped.lines.iter().map(theirs));
        if !piped.said.is_empty() {
            lines.push(ours(say!("pipe-said")));
            lines.extend(piped.said.iter().map(theirs));
        }
        lines
    }

    /// Returns how many rows of the screen that takes.
    pub(super) fn piped_rows(&self, piped: Option<&Piped>) -> usize {
        let columns = usize::from(self.geometry().body.width.saturating_sub(2)).max(8);
        let rows = |line: &str| crate::model::text::columns(line).div_ceil(columns).max(1);
        self.piped_lines(piped).iter().map(|(_, line)| rows(line)).sum()
    }
}
