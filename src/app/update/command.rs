//! Lines of the command language, as keys are bound to them: `assign bob`, `tag +vip`.

use crate::app::line::Line;
use crate::app::{App, Effect, Severity};
use crate::command::{self, Action, Command, Context, Problem, Screen};
use crate::model::ids::Handle;
use crate::model::view::View;
use crate::op::wish::Wish;
use crate::text;

/// The most conversations that are named for completion.
const NAMED_MAX: usize = 50;

impl App {
    /// Reads something as a line of the language.
    pub(in crate::app) fn in_context<T>(&self, read: impl FnOnce(&Context<'_>) -> T) -> T {
        let agents: Vec<Handle> = self.team().into_iter().map(|(handle, _)| handle).collect();
        let teams: Vec<Handle> = self.teams.iter().map(|team| team.name.clone()).collect();
        read(&Context {
            me: &self.around.me,
            now: self.now,
            zone: &self.around.zone,
            agents: &agents,
            teams: &teams,
            inboxes: &self.around.inboxes,
            tags: &self.tags,
            views: &self.views.iter().map(View::name).collect::<Vec<_>>(),
            themes: &self.around.themes,
            replies: &self.replies,
            conversations: &self.rows_to_name(),
        })
    }

    /// Returns the conversations in sight as they are named in a line.
    fn rows_to_name(&self) -> Vec<(String, String)> {
        let here = self.current_id();
        let others = self.list.rows.iter().filter(|row| Some(&row.id) != here.as_ref());
        others.take(NAMED_MAX).map(|row| (row.short.clone(), row.people.to_string())).collect()
    }

    /// Makes a wish of an action and of what was typed for it.
    pub(super) fn wish_of(&self, action: Action, given: &[&str]) -> Result<Wish, Problem> {
        self.in_context(|context| command::wish(action, given, context)).map_err(|error| error.problem)
    }

    /// Returns what the word before the cursor can become, where the line is what an action takes.
    pub(super) fn offers_of(&self, action: Action, line: &Line) -> Vec<String> {
        let whole = format!("{} {}", action.name(), line.before());
        let found = self.in_context(|context| command::complete(&whole, context));
        let word_at = whole.chars().count() - line.word().chars().count();
        // Of a word such as `vip,-la` only the end is completed.
        let Some(kept) = found.at.checked_sub(word_at) else { return Vec::new() };
        let kept: String = line.word().chars().take(kept).collect();
        found.offers.into_iter().map(|offer| format!("{kept}{}", offer.word)).collect()
    }

    /// Does what a line asks for to what is marked, or else to the current conversation; or tells why it can't be read.
    pub(super) fn run_line(&mut self, line: &str) -> Vec<Effect> {
        match self.in_context(|context| command::parse(line, context)) {
            Ok(Command::Action(action)) => self.act(action),
            Ok(_) if self.is_at_a_look() => {
                self.tell(Severity::Info, &say!("cant-act", what = line, why = phrase!("not-while-asked")), "");
                Vec::new()
            }
            Ok(Command::Wish(_)) if self.say_beside(line) || self.say_left() => Vec::new(),
            Ok(Command::Wish(wish)) => {
                if matches!(wish, Wish::Snooze { until: Some(_) }) {
                    self.snoozed = Some(line.to_owned());
                }
                self.operate(wish)
            }
            Ok(Command::Screen(screen)) => self.show(&screen),
            Err(error) => {
                let hint = text::render_any(error.problem.hint().as_ref());
                self.tell(Severity::Info, &say!("cant-act", what = line, why = error.problem.what()), &hint);
                Vec::new()
            }
        }
    }

    fn show(&mut self, screen: &Screen) -> Vec<Effect> {
        match screen {
            Screen::View(name) => {
                let place = self.views.iter().position(|view| view.name() == *name);
                place.map_or_else(Vec::new, |place| self.show_view(place))
            }
            Screen::Sort(sort) => match self.why_not(Action::Sort) {
                Some(_) => self.act_now(Action::Sort),
                None => self.sort(*sort),
            },
            Screen::Density(density) => self.set_density(*density),
            Screen::Column(column) => self.turn_column(*column),
            Screen::Theme(name) => {
                self.choose_theme(name);
                Vec::new()
            }
            Screen::Search(text) => self.search(text),
            Screen::Pipe(_) if self.why_not(Action::Pipe).is_some() => self.act(Action::Pipe),
            Screen::Pipe(command) => self.pipe(command),
            Screen::Reply(_) if self.why_not(Action::Reply).is_some() => self.act(Action::Reply),
            Screen::Reply(_) if self.say_left() => {
                self.closing.refuse(self.now, 0);
                Vec::new()
            }
            Screen::Reply(name) => self.reply_with(Some(name.clone())),
            Screen::SaveView(name) => match self.why_not(Action::SaveView) {
                Some(_) => self.act_now(Action::SaveView),
                None => self.save_view(name).unwrap_or_else(|why| {
                    self.tell(Severity::Info, &text::render(&why), "");
                    Vec::new()
                }),
            },
        }
    }
}
