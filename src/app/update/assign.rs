//! Whom a conversation is given to: the team by who is likely meant, each with what they have and when they were last heard of.

use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer};
use crate::model::ids::Handle;
use crate::model::workload::Workload;
use crate::text;

impl App {
    pub(super) fn open_assign(&mut self) -> Vec<Effect> {
        // What was known was of another conversation.
        self.workloads.clear();
        let choices = self.assignees();
        let title = say!("title-assign", what = self.selection());
        let mut effects = self.push(Layer::Picker(Picker::of(PickerKind::Assign, title, choices)));
        // Who appeared on the log since is offered too.
        effects.push(self.ask(Purpose::Names, Ask::Names));
        let of = self.current_id().filter(|_| self.marks.is_empty());
        effects.push(self.ask(Purpose::Workloads, Ask::Workloads(of)));
        effects
    }

    /// Offers who is known by now where somebody is being chosen. The cursor stays where somebody put it.
    pub(super) fn refresh_assignees(&mut self) {
        let choices = self.assignees();
        let Some(picker) = self.assigning() else { return };
        let chosen = picker.chosen().map(|choice| choice.means.clone());
        picker.choices = choices;
        picker.find();
        let place = picker.shown.iter().position(|n| picker.choices.get(*n).map(|c| &c.means) == chosen.as_ref());
        picker.at = place.or(picker.at);
    }

    /// Returns the picker in which somebody is being chosen to have conversations.
    pub(super) fn assigning(&mut self) -> Option<&mut Picker> {
        let Some(Layer::Picker(picker)) = self.layers.last_mut() else { return None };
        (picker.kind == PickerKind::Assign).then_some(picker)
    }

    /// Returns me, the others by who is likely meant, the teams, whoever is away, and nobody.
    fn assignees(&self) -> Vec<Choice> {
        let me = self.around.me.clone();
        let mut choices = vec![self.candidate(&me, say!("assign-me", me = me.to_string()), String::new())];
        let mut others: Vec<(Handle, String)> = self.team().into_iter().filter(|(who, _)| *who != me).collect();
        others.sort_by_key(|(who, _)| self.unlikeliness(who));
        let (away, here): (Vec<_>, Vec<_>) = others.into_iter().partition(|(who, _)| self.is_away(who));
        choices.extend(here.into_iter().map(|(who, name)| self.candidate(&who, who.to_string(), name)));
        for team in &self.teams {
            let members = team.members.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            choices.push(self.candidate(&team.name, team.name.to_string(), say!("assign-team", members = members)));
        }
        choices.extend(away.into_iter().map(|(who, name)| self.candidate(&who, who.to_string(), name)));
        choices.push(Choice::new(say!("nobody"), say!("assign-nobody-how"), Picked::Assign(None)));
        choices
    }

    fn candidate(&self, who: &Handle, label: String, name: String) -> Choice {
        let quiet = self.is_away(who);
        Choice { facts: self.facts_of(who), quiet, ..Choice::new(label, name, Picked::Assign(Some(who.clone()))) }
    }

    fn is_away(&self, who: &Handle) -> bool {
        self.workloads.get(who).is_some_and(|known| known.is_away(self.now))
    }

    /// By this they stand in order: who has to do with the conversation first, then those who have little.
    fn unlikeliness(&self, who: &Handle) -> (bool, Option<crate::model::workload::Part>, u64) {
        let known = self.workloads.get(who);
        let part = known.and_then(|known| known.part);
        (part.is_none(), part, known.map_or(0, |known| known.open))
    }

    /// Says how much somebody has, what they have to do with what is given away, and when they were last heard of.
    fn facts_of(&self, who: &Handle) -> Vec<String> {
        let Some(known) = self.workloads.get(who) else { return Vec::new() };
        let open = say!("assign-load", count = known.open);
        vec![open, self.part_of(who, known), self.heard_of(known)]
    }

    fn part_of(&self, who: &Handle, known: &Workload) -> String {
        let rows = self.rows_of_selection();
        let theirs = rows.iter().filter(|row| row.assignee.as_ref() == Some(who)).count();
        match (theirs, rows.len()) {
            (0, _) => known.part.map_or_else(String::new, |part| text::render(&part.phrase())),
            (_, 1) => say!("assign-has-it"),
            (theirs, all) => say!("assign-has-some", count = theirs, of = all),
        }
    }

    fn heard_of(&self, known: &Workload) -> String {
        let Some(at) = known.heard else { return String::new() };
        let age = text::age(at, self.now);
        match known.is_away(self.now) {
            true => say!("assign-away", age = age),
            false if self.now.since(at) < 60_000 => say!("assign-here"),
            false => say!("assign-heard", age = age),
        }
    }
}
