//! Operations on the marked conversations, or on the one under the cursor.

use crate::app::effect::{Bulk, Seen, Targets};
use crate::app::picker::Picked;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Pane, Severity, words};
use crate::keymap::Action;
use crate::model::ids::ConversationId;
use crate::op::describe::predicate;
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::NewOperation;

impl App {
    /// Does `op` to what is marked, or else to the current conversation.
    pub(super) fn operate(&mut self, op: Known) -> Vec<Effect> {
        self.operate_as(op)
    }

    /// Does `op` to the current conversation without telling it.
    pub(super) fn operate_quietly(&mut self, op: Known) -> Vec<Effect> {
        let Some(id) = self.current_id() else { return Vec::new() };
        let purpose = Purpose::Commit { said: String::new(), quiet: true, on: Some(id.clone()) };
        // Marks are for what the agent asks for.
        vec![self.ask(purpose, Ask::Bulk(Targets::These(vec![Seen { id, expect: None }]), Bulk::Op(op)))]
    }

    fn operate_as(&mut self, op: Known) -> Vec<Effect> {
        let said = predicate(&op, &self.around.me, &|at| words::moment(at, &self.around.zone));
        if self.marks.is_empty()
            && self.focus == Pane::Conversation
            && let Some(target) = self.open_target(&op)
        {
            let ask = Ask::Commit(vec![NewOperation::new(op, vec![target])]);
            let on = self.current_id();
            return vec![self.ask(Purpose::Commit { said, quiet: false, on }, ask)];
        }
        let Some(targets) = self.take_targets() else { return Vec::new() };
        let on = match &targets {
            Targets::These(seen) if seen.len() == 1 => seen.first().map(|seen| seen.id.clone()),
            _ => None,
        };
        let purpose = Purpose::Commit { said, quiet: false, on };
        vec![self.ask(purpose, Ask::Bulk(targets, Bulk::Op(op)))]
    }

    /// Returns the open conversation as a target: what stands on the screen is what the agent has seen.
    fn open_target(&self, op: &Known) -> Option<Target> {
        let data = self.open.as_ref()?.data.as_ref()?;
        let mut target = Target::on(data.anchor.clone());
        if op.covers_messages() {
            target.as_of = data.as_of.clone();
        }
        if matches!(op, Known::Assign { .. }) {
            target.expect = Some(Expect::of(data.row.assignee.as_ref()));
        }
        Some(target)
    }

    /// Returns what is marked, or else the current conversation; marks are taken away.
    fn take_targets(&mut self) -> Option<Targets> {
        if let Some((query, _)) = self.marks.all.clone() {
            let except = std::mem::take(&mut self.marks.except);
            self.marks.clear();
            return Some(Targets::Matching { query, except });
        }
        let mut ids: Vec<ConversationId> = self.marks.these.iter().cloned().collect();
        if self.marks.range.is_some() {
            let open = self.list.rows.iter().filter(|row| self.is_marked(row) && !self.marks.contains(&row.id));
            ids.extend(open.map(|row| row.id.clone()));
        }
        self.marks.clear();
        if ids.is_empty() {
            ids.extend(self.current_id());
        }
        let seen = ids.into_iter().map(|id| {
            let row = self.list.rows.iter().find(|row| row.id == id);
            Seen { expect: row.map(|row| Expect::of(row.assignee.as_ref())), id }
        });
        let seen: Vec<Seen> = seen.collect();
        (!seen.is_empty()).then_some(Targets::These(seen))
    }

    pub(super) fn follow(&mut self) -> Vec<Effect> {
        let me = self.around.me.clone();
        let follows = self.current_row().is_some_and(|row| row.followed);
        self.operate(Known::Follow { who: me, on: !follows || !self.marks.is_empty() })
    }

    /// Merges what is marked into the current conversation.
    pub(super) fn merge(&mut self) -> Vec<Effect> {
        let Some(into) = self.current_id() else { return Vec::new() };
        let short = self.current_row().map(|row| row.short.clone()).unwrap_or_default();
        let Some(targets) = self.take_targets() else { return Vec::new() };
        let targets = match targets {
            Targets::These(seen) => Targets::These(seen.into_iter().filter(|seen| seen.id != into).collect()),
            Targets::Matching { query, mut except } => {
                except.insert(into.clone());
                Targets::Matching { query, except }
            }
        };
        if targets == Targets::These(Vec::new()) {
            self.tell(Severity::Info, "Can't merge: only this one is marked", "mark the others with Space");
            return Vec::new();
        }
        let purpose =
            Purpose::Commit { said: format!("merged this into {short}"), quiet: false, on: Some(into.clone()) };
        vec![self.ask(purpose, Ask::Bulk(targets, Bulk::MergeInto(into)))]
    }

    /// Splits off the message under the cursor, with the answers to it.
    pub(super) fn split(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let messages = open.messages().count();
        let Some(message) = open.message().map(|message| message.id.clone()) else { return Vec::new() };
        let earlier = open.data.as_ref().map_or(0, |data| data.earlier);
        if messages + earlier < 2 {
            self.tell(Severity::Info, "Can't split: there is only one message", "");
            return Vec::new();
        }
        let ask = Ask::Commit(vec![NewOperation::new(Known::Split, vec![Target::on(message)])]);
        vec![self.ask(Purpose::Commit { said: "split this off".into(), quiet: false, on: None }, ask)]
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
            return self.open_links("Copy a link", Picked::CopyLink);
        }
        let text = match action {
            Action::CopyId => Some(row.short.clone()),
            Action::CopyTitle => Some(row.title.to_string()),
            Action::CopyAddress => customer,
            Action::CopyLink => self.links().first().map(|(_, link)| link.target.to_string()),
            _ => None,
        };
        let Some(text) = text else {
            self.tell(Severity::Info, "There is nothing to copy: open the conversation first", "");
            return Vec::new();
        };
        self.copy_text(text)
    }

    pub(super) fn copy_text(&mut self, text: String) -> Vec<Effect> {
        self.tell(
            Severity::Info,
            &format!("Copied {text}"),
            "your terminal must allow OSC 52; in tmux `set -g set-clipboard on`",
        );
        vec![Effect::Copy(text)]
    }
}
