//! What can follow a key that begins a sequence.

use crate::app::App;
use crate::command::{self, Command};
use crate::keymap::{Action, Bound, Resolved};
use crate::model::text::columns;
use crate::model::view::View;
use crate::op::wish::Wish;
use crate::text;

/// Columns between two entries.
pub const GAP: usize = 2;
/// The columns of an entry that is no longer than usual.
const USUAL: usize = 16;
/// The columns of an entry at most.
const WIDEST: usize = 42;

impl App {
    /// Returns the keys that can follow those that were pressed, each with the few words of what it does.
    pub fn following(&self) -> Vec<(String, String)> {
        let Resolved::Pending(hints) = self.around.keymap.resolve(self.context(), &self.pending) else {
            return Vec::new();
        };
        let words = |bound: Option<Bound>| match bound {
            Some(bound) => self.words_of(&bound),
            None => "…".to_owned(),
        };
        hints.into_iter().map(|hint| (hint.key.to_string(), words(hint.bound))).collect()
    }

    /// Returns the few words of what is bound: of a view its title and how many it holds.
    fn words_of(&self, bound: &Bound) -> String {
        let line = match bound {
            Bound::Action(Action::Outbox) => return self.view_words(&View::Outbox),
            Bound::Action(Action::Drafts) => return self.view_words(&View::Drafts),
            Bound::Action(action) => return action.short(),
            Bound::Line(line) => line,
        };
        let name = line.strip_prefix(Action::View.name()).map(str::trim);
        let view = self.views.iter().find(|view| Some(view.name().as_str()) == name);
        view.map_or_else(|| line.clone(), |view| self.view_words(view))
    }

    fn view_words(&self, view: &View) -> String {
        let title = text::render(&view.title());
        match self.counts.get(view) {
            0 => title,
            count => format!("{title} {}", crate::app::words::number(count)),
        }
    }

    /// Returns the keys that can follow, each with all that is said of it: of a time its moment, and why something can't be done.
    pub fn which(&self) -> Vec<(String, String)> {
        let Resolved::Pending(hints) = self.around.keymap.resolve(self.context(), &self.pending) else {
            return Vec::new();
        };
        let said = |bound: Option<Bound>| {
            let Some(bound) = bound else { return "…".to_owned() };
            let words = self.words_of(&bound);
            let why = bound.action().and_then(|action| self.why_not(action));
            match (why, self.moment_of(&bound)) {
                (Some(_), _) => say!("which-not-now", words = words),
                (None, Some(moment)) => say!("which-moment", words = words, moment = moment),
                (None, None) => words,
            }
        };
        hints.into_iter().map(|hint| (hint.key.to_string(), said(hint.bound))).collect()
    }

    /// Says until when what is bound would snooze.
    fn moment_of(&self, bound: &Bound) -> Option<String> {
        let line = match bound {
            Bound::Action(Action::SnoozeLast) => self.snoozed.as_deref()?,
            bound => bound.name(),
        };
        match self.in_context(|context| command::parse(line, context)) {
            Ok(Command::Wish(Wish::Snooze { until: Some(at) })) => Some(self.say(at)),
            _ => None,
        }
    }

    /// Returns how many columns an entry of the sheet takes, as wide as most of them need.
    pub fn which_columns(&self) -> usize {
        let wide = |(key, words): &(String, String)| columns(key) + 1 + columns(words) + GAP;
        self.which().iter().map(wide).max().unwrap_or(USUAL).clamp(USUAL, WIDEST)
    }

    /// Returns how many lines the sheet of what can follow takes.
    pub(super) fn which_lines(&self) -> usize {
        let room = usize::from(self.size.0.min(100)).saturating_sub(1);
        let across = (room / self.which_columns()).max(1);
        self.which().len().div_ceil(across).max(1)
    }
}
