//! The question before something is done to many conversations at once.

use std::collections::BTreeMap;

use crate::app::picker::{Choice, Picked, Picker};
use crate::app::{App, Effect, Layer};
use crate::command::Action;
use crate::model::view::ConversationRow;
use crate::op::wish::Wish;

/// From so many conversations on it is asked before something is done to them.
const MANY: u64 = 20;

impl App {
    /// Tells whether so many are marked that it is asked before something is done to them.
    pub(super) fn is_many(&self) -> bool {
        !self.marks.is_empty() && self.marked_count().is_none_or(|count| count >= MANY)
    }

    /// Asks whether it is to be done to all that are marked, and says whose are among them.
    pub(super) fn ask_of_many(&mut self, wish: Wish) -> Vec<Effect> {
        let words = self.words_of_wish(&wish);
        let (title, label) = match self.marked_count() {
            Some(count) => (say!("many-title", wish = words, count = count), say!("many-do", count = count)),
            None => (say!("many-title-all", wish = words), say!("many-do-all")),
        };
        let choice = Choice::new(label, self.whose_are_marked(), Picked::Wish(Box::new(wish)));
        self.push(Layer::Picker(Picker::new(title, vec![choice])))
    }

    /// Says whose the marked are and which are new, as far as they are in the window.
    fn whose_are_marked(&self) -> String {
        let marked: Vec<&ConversationRow> = self.list.rows.iter().filter(|row| self.is_marked(row)).collect();
        let mut others: BTreeMap<&str, usize> = BTreeMap::new();
        let owners = marked.iter().filter_map(|row| row.assignee.as_ref());
        owners.filter(|who| **who != self.around.me).for_each(|who| *others.entry(who.as_str()).or_default() += 1);
        let unread = marked.iter().filter(|row| row.unread).count();
        let mut said = Vec::new();
        if !others.is_empty() {
            let who: Vec<String> = others.iter().map(|(who, count)| format!("{who} {count}")).collect();
            said.push(say!("many-others", count = others.values().sum::<usize>(), who = who.join(", ")));
        }
        if unread > 0 {
            said.push(say!("many-unread", count = unread));
        }
        said.push(say!("many-undo"));
        said.join(" · ")
    }

    /// Writes a wish as it would be typed.
    fn words_of_wish(&self, wish: &Wish) -> String {
        let line = |action: Action, what: String| format!("{} {what}", action.name());
        match wish {
            Wish::Assign { to: None } => Action::Unassign.name().to_owned(),
            Wish::Assign { to: Some(who) } => line(Action::Assign, who.to_string()),
            Wish::Status { to } => line(Action::Status, to.name().to_owned()),
            Wish::Tag { add, remove } => {
                let added = add.iter().map(|tag| format!("+{tag}"));
                let tags: Vec<String> = added.chain(remove.iter().map(|tag| format!("-{tag}"))).collect();
                line(Action::Tag, tags.join(" "))
            }
            Wish::Note { .. } => Action::Note.name().to_owned(),
            Wish::EditNote { .. } => Action::EditNote.name().to_owned(),
            Wish::Snooze { until: None } => Action::Wake.name().to_owned(),
            Wish::Snooze { until: Some(at) } => line(Action::Snooze, self.say(*at)),
            Wish::Title { .. } => Action::Title.name().to_owned(),
            Wish::Move { inbox } => line(Action::Move, inbox.to_string()),
            Wish::Follow { on: true, .. } => Action::Follow.name().to_owned(),
            Wish::Follow { .. } => Action::Unfollow.name().to_owned(),
            Wish::Merge { .. } => Action::Merge.name().to_owned(),
            Wish::Split { .. } => Action::Split.name().to_owned(),
            Wish::SeenMentions => Action::Seen.name().to_owned(),
        }
    }
}
