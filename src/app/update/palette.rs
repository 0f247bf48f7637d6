//! The palette, which is the command line: every action by its name, each with what it takes. What can't be done now stays, with its reason.

use std::sync::OnceLock;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::app::help::USUAL;
use crate::app::line::Line;
use crate::app::picker::{Choice, Picked, Picker, PickerKind, begin_all, begin_in, words};
use crate::app::{App, Effect, Layer};
use crate::command::{self, Action, Command};
use crate::keymap::Need;
use crate::model::view::View;
use crate::op::wish::Wish;
use crate::text;

/// From so many letters on an id is looked for, and scattered letters are.
const ID_MIN: usize = 2;
/// The most that is found by scattered letters.
const SCATTERED_MAX: usize = 8;

impl App {
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        self.palette.walked = None;
        let effects = self.push(Layer::Picker(Picker::of(PickerKind::Palette, ":", Vec::new())));
        self.find_choices();
        effects
    }

    /// Finds anew what the palette offers.
    pub(super) fn find_in_palette(&mut self) {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return };
        let typed = picker.line.text();
        let (choices, begins) = match self.choices_of_line(&typed) {
            Some(choices) => {
                let count = choices.len();
                (choices, count)
            }
            None => self.choices_of_name(typed.trim()),
        };
        if let Some(Layer::Picker(picker)) = self.layers.last_mut() {
            picker.show(choices, begins);
        }
    }

    /// Returns what is called so, exactly before by its beginning before by the beginning of a word, and how many these are; then what only
    /// speaks of it.
    fn choices_of_name(&self, typed: &str) -> (Vec<Choice>, usize) {
        if typed.is_empty() {
            let choices = self.usual_choices();
            let count = choices.len();
            return (choices, count);
        }
        let lower = typed.to_lowercase();
        let meant = words(&lower);
        let selection = self.selection();
        let rank = |action: Action| match action.name() {
            name if name == lower => Some(0),
            name if name.starts_with(&lower) => Some(1),
            name => begin_all(&lower, name).then_some(2),
        };
        let mut named: Vec<(i32, Action)> =
            Action::ALL.iter().filter_map(|action| Some((rank(*action)?, *action))).collect();
        named.sort_by_key(|(rank, action)| (*rank, usual_place(*action)));
        let mut choices: Vec<Choice> = self.rows_called(&lower);
        choices.extend(named.iter().map(|(_, action)| self.choice_of(*action, &selection)));
        let begins = choices.len();
        choices.extend(self.views_called(&lower));
        let is_new = |action: &Action| !named.iter().any(|(_, known)| known == action);
        let speaking = spoken_of().iter().filter(|(action, known)| is_new(action) && begin_in(&meant, known));
        let spoken: Vec<Action> = speaking.map(|(action, _)| *action).collect();
        choices.extend(spoken.iter().map(|action| self.choice_of(*action, &selection)));
        let is_new = |action: &Action| is_new(action) && !spoken.contains(action);
        choices.extend(scattered(&lower, is_new).into_iter().map(|action| self.choice_of(action, &selection)));
        (choices, begins)
    }

    /// Returns what is offered before anything is typed: what was done last, then what is done most, then all else.
    fn usual_choices(&self) -> Vec<Choice> {
        let selection = self.selection();
        let recent = self.palette.recent.iter().map(|line| match Action::from_name(line) {
            Some(action) => self.choice_of(action, &selection),
            None => self.choice_of_line(line.clone(), String::new()),
        });
        let mut choices: Vec<Choice> = recent.collect();
        let mut all: Vec<Action> = Action::ALL.to_vec();
        all.sort_by_key(|action| usual_place(*action));
        all.retain(|action| !choices.iter().any(|choice| choice.means == Picked::Act(*action)));
        choices.extend(all.into_iter().map(|action| self.choice_of(action, &selection)));
        choices
    }

    fn choice_of(&self, action: Action, selection: &str) -> Choice {
        let keys = self.around.keymap.label(self.context_below(), action);
        Choice {
            key: keys,
            disabled: self.why_not_below(action).as_ref().map(text::render),
            target: target_of(action, selection),
            ..Choice::new(action.name(), action.sentence(), Picked::Act(action))
        }
    }

    /// Offers the conversations in sight whose id begins so.
    fn rows_called(&self, typed: &str) -> Vec<Choice> {
        if typed.chars().count() < ID_MIN {
            return Vec::new();
        }
        let called = self.list.rows.iter().filter(|row| row.short.to_lowercase().starts_with(typed));
        let choice = |row: &crate::model::view::ConversationRow| {
            let about = say!("palette-row", who = row.people.as_str(), title = text::titled(row.title.as_str()));
            Choice::new(row.short.clone(), about, Picked::Row(Box::new(row.clone())))
        };
        called.take(SCATTERED_MAX).map(choice).collect()
    }

    /// Offers the views of whose name a word begins so.
    fn views_called(&self, typed: &str) -> Vec<Choice> {
        let called = self
            .views
            .iter()
            .enumerate()
            .filter(|(_, view)| begin_all(typed, &format!("{} {}", view.name(), text::render(&view.title()))));
        let choice = |(place, view): (usize, &View)| {
            let line = format!("{} {}", Action::View.name(), view.name());
            let key = self.digit_of_view(place).map(|digit| digit.to_string()).unwrap_or_default();
            Choice { key, ..Choice::new(line.clone(), text::render(&view.title()), Picked::Line(line)) }
        };
        called.map(choice).collect()
    }

    /// Returns what can be chosen while a line is typed: the line as it stands, and what its action can go on with. `None` while an action
    /// is looked for.
    fn choices_of_line(&self, typed: &str) -> Option<Vec<Choice>> {
        let begun = typed.trim_start();
        let (name, _) = begun.split_once(char::is_whitespace)?;
        let action = Action::from_name(name).filter(|action| !action.params().is_empty())?;
        let found = self.in_context(|context| command::complete(begun, context));
        let kept: String = begun.chars().take(found.at).collect();
        let typed_line = begun.trim().to_owned();
        let offers = found.offers.into_iter().map(|offer| (format!("{kept}{}", offer.word), offer.about));
        let mut choices: Vec<Choice> = offers
            .filter(|(text, _)| *text != typed_line)
            .map(|(text, about)| self.choice_of_line(text, about))
            .collect();
        if typed_line != action.name() || choices.is_empty() {
            let own = self.choice_of_line(typed_line, String::new());
            // A line that is whole is meant; of one that is not, the first offer is.
            let place = if own.disabled.is_none() { 0 } else { choices.len() };
            choices.insert(place, own);
        }
        Some(choices)
    }

    /// Offers a line: with what it means where that is to be seen, such as the moment of a time, else with `about`.
    fn choice_of_line(&self, line: String, about: String) -> Choice {
        let read = self.in_context(|context| command::parse(&line, context));
        let action = line.split_whitespace().next().and_then(Action::from_name);
        let why = action
            .and_then(|action| self.why_not_below(action))
            .or(read.as_ref().err().map(|error| error.problem.what()));
        let detail = match read {
            Ok(Command::Wish(Wish::Snooze { until: Some(at) })) => self.say(at),
            _ if about.is_empty() => action.map(Action::sentence).unwrap_or_default(),
            _ => about,
        };
        Choice {
            disabled: why.as_ref().map(text::render),
            key: action.map(|action| self.around.keymap.label(self.context_below(), action)).unwrap_or_default(),
            target: action.map(|action| target_of(action, &self.selection())).unwrap_or_default(),
            ..Choice::new(line.clone(), detail, Picked::Line(line))
        }
    }

    /// Completes the line of the palette by the choice under the cursor.
    pub(super) fn complete_in_palette(&mut self) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return Vec::new() };
        let text = match picker.chosen().or(picker.choices.first()).map(|choice| &choice.means) {
            Some(Picked::Act(action)) if !action.params().is_empty() => format!("{} ", action.name()),
            Some(Picked::Act(action)) => action.name().to_owned(),
            Some(Picked::Line(line)) => line.clone(),
            _ => return Vec::new(),
        };
        picker.line = Line::new(&text);
        self.find_choices();
        Vec::new()
    }

    /// Walks over what was done from the palette; tells whether there was a line to go to.
    pub(super) fn walk_in_palette(&mut self, by: isize) -> bool {
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return false };
        let is_at_top = picker.at.is_none_or(|at| at == 0);
        if picker.kind != PickerKind::Palette || !is_at_top {
            return false;
        }
        let Some(line) = self.palette.walk(by > 0) else { return false };
        picker.line = Line::new(line);
        self.find_choices();
        true
    }
}

/// Names what an action would act on; nothing where it acts on no conversation.
fn target_of(action: Action, selection: &str) -> String {
    if action.need() == Need::Nothing { String::new() } else { selection.to_owned() }
}

/// Returns the words of the name and the sentence of every action. They are made once: each letter is looked for in all of them.
fn spoken_of() -> &'static [(Action, Vec<String>)] {
    static SPOKEN: OnceLock<Vec<(Action, Vec<String>)>> = OnceLock::new();
    let spoken = |action: &Action| (*action, words(&format!("{} {}", action.name(), action.sentence())));
    SPOKEN.get_or_init(|| Action::ALL.iter().map(spoken).collect())
}

/// Returns where an action stands among those that are done most; the others behind them in the order of the table.
fn usual_place(action: Action) -> (usize, Action) {
    (USUAL.iter().position(|usual| *usual == action).unwrap_or(USUAL.len()), action)
}

/// Returns the actions in whose names the letters occur in their order, the nearest first.
fn scattered(typed: &str, is_wanted: impl Fn(&Action) -> bool) -> Vec<Action> {
    if typed.chars().count() < ID_MIN {
        return Vec::new();
    }
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut buffer = Vec::new();
    let mut score = |action: &Action| pattern.score(Utf32Str::new(action.name(), &mut buffer), &mut matcher);
    let mut found: Vec<(std::cmp::Reverse<u32>, Action)> = Action::ALL
        .iter()
        .filter(|action| is_wanted(action))
        .filter_map(|action| Some((std::cmp::Reverse(score(action)?), *action)))
        .collect();
    found.sort();
    found.into_iter().map(|(_, action)| action).take(SCATTERED_MAX).collect()
}
