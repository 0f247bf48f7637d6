//! Addresses: what completes them while they are typed, and which of them nobody here knows.

use crate::app::compose::complete;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Completion, Effect, Field};
use crate::keymap::Action;
use crate::model::addresses::parse_addresses;
use crate::model::reply::Known;

impl App {
    /// Asks whom what is typed of an address can mean.
    pub(super) fn ask_people(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.completion = None;
        let typed = match compose.field {
            Field::To | Field::Cc | Field::Bcc => {
                compose.line().and_then(|line| complete::typed(line).map(str::to_owned))
            }
            _ => None,
        };
        self.tickets.forget(&Purpose::People);
        match typed {
            Some(typed) => vec![self.ask(Purpose::People, Ask::People(typed))],
            None => Vec::new(),
        }
    }

    pub(super) fn take_people(&mut self, typed: String, found: Vec<Known>) {
        let Some(compose) = self.compose_mut() else { return };
        let is_so = compose.line().is_some_and(|line| complete::typed(line) == Some(typed.as_str()));
        // A whole address that is known lacks nothing.
        let is_whole = found.iter().any(|known| known.address.email.eq_ignore_ascii_case(typed.trim()));
        compose.completion = (is_so && !is_whole && !found.is_empty()).then_some(Completion { typed, found, at: None });
    }

    /// Does what a key does while people are offered; `None` where it does what it does else.
    pub(super) fn act_completion(&mut self, action: Action) -> Option<Vec<Effect>> {
        let compose = self.compose_mut()?;
        let completion = compose.completion.as_mut()?;
        match action {
            Action::Down => completion.step(1),
            Action::Up if completion.at.is_some() => completion.step(-1),
            Action::LeaveText => compose.completion = None,
            Action::NextField => return Some(self.put_person()),
            Action::NewLine if completion.at.is_some() => return Some(self.put_person()),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn put_person(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let chosen = compose.completion.take().and_then(|completion| completion.choice().cloned());
        if let (Some(known), Some(line)) = (chosen, compose.line()) {
            complete::put(line, &known);
        }
        self.touch()
    }

    /// Asks which recipients nobody here knows, where somebody has done with a line of them.
    pub(super) fn ask_strangers(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.completion = None;
        let all = [&compose.to, &compose.cc, &compose.bcc].map(|line| parse_addresses(&line.text())).concat();
        vec![self.ask(Purpose::Strangers, Ask::Strangers(all))]
    }
}
