//! The question before something is done to many conversations at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::picker::{Choice, Picked, Picker};
use crate::app::{App, Effect, Layer};
use crate::model::ids::Handle;
use crate::op::wish::Wish;
use crate::text;

/// From so many conversations on it is asked before something is done to them.
const MANY: u64 = 20;

/// What is to be known of the marked before something is done to them.
#[derive(Default)]
struct Among {
    /// How many are assigned to whom, but for me and the teams that I am in.
    others: BTreeMap<Handle, usize>,
    /// How many have mail that came in since they were marked.
    newer: usize,
    /// How many are new for me.
    unread: usize,
}

impl App {
    /// Tells whether it is asked before a wish is fulfilled: where many are marked, and where among several there are some that somebody
    /// else has or that have mail which came in since.
    pub(super) fn is_asked(&self, wish: &Wish) -> bool {
        if self.marks.is_empty() {
            return false;
        }
        match self.marked_count() {
            None | Some(MANY..) => return true,
            Some(0 | 1) => return false,
            Some(_) => {}
        }
        // What one follows or has seen is nobody else's.
        if matches!(wish, Wish::Follow { .. } | Wish::SeenMentions) {
            return false;
        }
        let among = self.among_marked();
        !among.others.is_empty() || among.newer > 0
    }

    /// Asks whether it is to be done to all that are marked, and says whose and which new ones are among them.
    pub(super) fn ask_of_many(&mut self, wish: Wish) -> Vec<Effect> {
        let count = self.marked_count();
        let time = |at| self.say(at);
        let number = count.map_or(0, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let what = text::planned_for(&self.act_of(&wish), number, &time);
        let among = self.among_marked();
        let mut which = Vec::new();
        if !among.others.is_empty() {
            let who: Vec<String> = among.others.iter().map(|(who, count)| format!("{who} {count}")).collect();
            which.push(say!("many-others", count = among.others.values().sum::<usize>(), who = who.join(", ")));
        }
        if among.newer > 0 {
            which.push(say!("many-newer", count = among.newer));
        }
        let title = match which.is_empty() {
            true => say!("many-title", what = capital(&what)),
            false => say!("many-title-which", what = capital(&what), which = which.join("; ")),
        };
        let label = count.map_or_else(|| say!("many-do-all"), |count| say!("many-do", count = count));
        let unread = (among.unread > 0).then(|| say!("many-unread", count = among.unread));
        let detail: Vec<String> = unread.into_iter().chain([say!("many-undo")]).collect();
        let choice = Choice::new(label, detail.join(" · "), Picked::Wish(Box::new(wish)));
        self.push(Layer::Picker(Picker::new(title, vec![choice])))
    }

    /// Returns what is to be known of the marked, as far as they are in the window or were marked one by one.
    fn among_marked(&self) -> Among {
        let mut among = Among::default();
        let mut in_window = BTreeSet::new();
        for row in self.list.rows.iter().filter(|row| self.is_marked(row)) {
            in_window.insert(&row.id);
            among.count(row.assignee.as_ref().filter(|who| self.is_others(who)));
            among.newer += usize::from(self.marks.is_newer(row));
            among.unread += usize::from(row.unread);
        }
        for shown in self.marks.these.values().filter(|shown| !in_window.contains(&shown.id)) {
            among.count(shown.assignee.as_ref().filter(|who| self.is_others(who)));
        }
        among
    }

    /// Tells whether what is assigned so is somebody else's: neither mine nor a team's that I am in.
    pub(super) fn is_others(&self, who: &Handle) -> bool {
        let me = &self.around.me;
        who != me && !self.teams.iter().any(|team| team.name == *who && team.members.contains(me))
    }
}

impl Among {
    fn count(&mut self, who: Option<&Handle>) {
        if let Some(who) = who {
            *self.others.entry(who.clone()).or_default() += 1;
        }
    }
}

/// Begins with a capital letter.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
