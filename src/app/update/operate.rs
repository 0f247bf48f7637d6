//! Operations on the marked conversations, or on the one under the cursor.

use crate::app::effect::Targets;
use crate::app::picker::Picked;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Severity};
use crate::keymap::Action;
use crate::model::description::Act;
use crate::model::ids::ConversationId;
use crate::model::shown::Shown;
use crate::op::describe::{self, Names};
use crate::op::operation::Known;
use crate::op::wish::Wish;

impl App {
    /// Wishes something for what is marked, or else for the current conversation.
    pub(super) fn operate(&mut self, wish: Wish) -> Vec<Effect> {
        let act = self.act_of(&wish);
        let Some(targets) = self.take_targets() else { return Vec::new() };
        vec![self.wish(wish, act, targets)]
    }

    /// Returns what a wish does where nothing of it is so yet, to be told.
    fn act_of(&self, wish: &Wish) -> Act {
        let act = |op: &Known| describe::act(op, &self.around.me, Names::NONE);
        wish.op().as_ref().map_or(Act::Merged(None), act)
    }

    /// Wishes something for the current conversation without telling it.
    pub(super) fn operate_quietly(&mut self, wish: Wish) -> Vec<Effect> {
        // Marks are for what the agent asks for.
        let Some(shown) = self.current_row().map(Shown::from) else { return Vec::new() };
        let (act, on) = (self.act_of(&wish), Some(shown.id.clone()));
        let purpose = Purpose::Commit { wish: wish.clone(), act, quiet: true, on };
        vec![self.ask(purpose, Ask::Triage(wish, Targets::These(vec![shown])))]
    }

    fn wish(&mut self, wish: Wish, act: Act, targets: Targets) -> Effect {
        let on = match &targets {
            Targets::These(shown) => shown.first().filter(|_| shown.len() == 1).map(|shown| shown.id.clone()),
            Targets::Marked { .. } => None,
        };
        let purpose = Purpose::Commit { wish: wish.clone(), act, quiet: false, on };
        self.ask(purpose, Ask::Triage(wish, targets))
    }

    /// Wishes something for the open conversation alone, whatever is marked.
    pub(super) fn operate_open(&mut self, wish: Wish, act: Act) -> Vec<Effect> {
        let shown = self.open.as_ref().and_then(|open| open.data.as_ref()).map(|data| Shown::from(&data.row));
        let Some(shown) = shown else { return Vec::new() };
        vec![self.wish(wish, act, Targets::These(vec![shown]))]
    }

    /// Returns what is marked, or else the current conversation, as it was shown; marks are taken away.
    fn take_targets(&mut self) -> Option<Targets> {
        let mut these: Vec<Shown> = self.marks.these.values().cloned().collect();
        if self.marks.range.is_some() {
            let open = self.list.rows.iter().filter(|row| self.is_marked(row) && !self.marks.contains(&row.id));
            these.extend(open.map(Shown::from));
        }
        let all = self.marks.all.take();
        let except = std::mem::take(&mut self.marks.except);
        self.marks.clear();
        if let Some(all) = all {
            return Some(Targets::Marked { token: all.token, except, and: these });
        }
        if these.is_empty() {
            these.extend(self.current_row().map(Shown::from));
        }
        (!these.is_empty()).then_some(Targets::These(these))
    }

    pub(super) fn follow(&mut self) -> Vec<Effect> {
        let me = self.around.me.clone();
        let follows = self.current_row().is_some_and(|row| row.followed);
        self.operate(Wish::Follow { who: me, on: !follows || !self.marks.is_empty() })
    }

    /// Merges what is marked into the current conversation.
    pub(super) fn merge(&mut self) -> Vec<Effect> {
        let Some(into) = self.current_id() else { return Vec::new() };
        let short = self.current_row().map(|row| row.short.clone()).unwrap_or_default();
        let Some(targets) = self.take_targets() else { return Vec::new() };
        let targets = without(targets, &into);
        if targets == Targets::These(Vec::new()) {
            self.tell(Severity::Info, &say!("merge-only-this"), &say!("hint-mark-others"));
            return Vec::new();
        }
        let wish = Wish::Merge { into: into.clone() };
        let purpose = Purpose::Commit { wish: wish.clone(), act: Act::MergedInto(short), quiet: false, on: Some(into) };
        vec![self.ask(purpose, Ask::Triage(wish, targets))]
    }

    /// Merges another conversation into the open one, whatever is marked.
    pub(super) fn join(&mut self, other: Shown) -> Vec<Effect> {
        let Some(data) = self.open.as_ref().and_then(|open| open.data.as_ref()) else { return Vec::new() };
        let (into, short) = (data.row.id.clone(), data.row.short.clone());
        let wish = Wish::Merge { into: into.clone() };
        let purpose = Purpose::Commit { wish: wish.clone(), act: Act::MergedInto(short), quiet: false, on: Some(into) };
        vec![self.ask(purpose, Ask::Triage(wish, Targets::These(vec![other])))]
    }

    /// Splits off the message under the cursor, with the answers to it.
    pub(super) fn split(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let messages = open.messages().count();
        let Some(message) = open.message().map(|message| message.id.clone()) else { return Vec::new() };
        let earlier = open.data.as_ref().map_or(0, |data| data.earlier);
        if messages + earlier < 2 {
            self.tell(Severity::Info, &say!("split-only-one"), "");
            return Vec::new();
        }
        self.operate_open(Wish::Split { message }, Act::Split)
    }

    pub(super) fn copy(&mut self, action: Action) -> Vec<Effect> {
        let Some(row) = self.current_row().cloned() else { return Vec::new() };
        let open = self.open.as_ref().filter(|open| open.id == row.id);
        let customer = open.and_then(|open| {
            let inbound =
                |m: &crate::model::conversation::MessageItem| m.direction == crate::model::message::Direction::Inbound;
            open.messages().rev().find(|(_, m)| inbound(m)).map(|(_, m)| m.from_email.to_string())
        });
        if action == Action::CopyLink && self.links().len() > 1 {
            return self.open_links(say!("title-copy-link"), Picked::CopyLink);
        }
        let text = match action {
            Action::CopyId => Some(row.short.clone()),
            Action::CopyTitle => Some(row.title.to_string()),
            Action::CopyAddress => customer,
            Action::CopyLink => self.links().first().map(|(_, link)| link.target.to_string()),
            _ => None,
        };
        let Some(text) = text else {
            self.tell(Severity::Info, &say!("nothing-to-copy"), "");
            return Vec::new();
        };
        self.copy_text(text)
    }

    pub(super) fn copy_text(&mut self, text: String) -> Vec<Effect> {
        self.tell(Severity::Info, &say!("copied", text = &text), &say!("hint-clipboard"));
        vec![Effect::Copy(text)]
    }
}

fn without(targets: Targets, id: &ConversationId) -> Targets {
    let others = |shown: Vec<Shown>| shown.into_iter().filter(|shown| shown.id != *id).collect();
    match targets {
        Targets::These(shown) => Targets::These(others(shown)),
        Targets::Marked { token, mut except, and } => {
            except.insert(id.clone());
            Targets::Marked { token, except, and: others(and) }
        }
    }
}
