//! The outbox and the drafts, as lists.

use crate::app::event::Answer;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Beginning, Deed, Effect, Layer, OutList, Severity, Until};
use crate::keymap::{Action, Code, Key};
use crate::model::reply::OutState;

impl App {
    pub(super) fn open_outgoing(&mut self, drafts: bool) -> Vec<Effect> {
        if !drafts {
            // The list itself shouts now, and what is done in it must have room to be told.
            self.release(Until::Outbox);
        }
        self.layers.push(Layer::Out(OutList { is_drafts: drafts, ..OutList::default() }));
        self.refresh_outgoing()
    }

    /// Reads the list again that is shown.
    pub(super) fn refresh_outgoing(&mut self) -> Vec<Effect> {
        let shown = self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Out(list) => Some(list.is_drafts),
            _ => None,
        });
        match shown {
            Some(true) => vec![self.ask(Purpose::Outgoing, Ask::Drafts)],
            Some(false) => vec![self.ask(Purpose::Outgoing, Ask::Outbox)],
            None => Vec::new(),
        }
    }

    pub(super) fn take_outgoing(&mut self, purpose: &Purpose, answer: Answer) -> Vec<Effect> {
        if let (Purpose::Sent, Answer::Outbox(rows)) = (purpose, &answer) {
            rows.iter().for_each(|row| self.take_sent(row));
            return Vec::new();
        }
        if let Answer::Did(words) = &answer {
            self.tell(Severity::Info, words.as_str(), "");
            return self.refresh_outgoing();
        }
        let list = self.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Out(list) => Some(list),
            _ => None,
        });
        if let Some(list) = list {
            match answer {
                Answer::Outbox(mails) => list.mails = Some(mails),
                Answer::Drafts(drafts) => list.drafts = Some(drafts),
                _ => {}
            }
            list.at = list.at.min(list.len().saturating_sub(1));
        }
        Vec::new()
    }

    pub(super) fn act_outgoing(&mut self, action: Action) -> Vec<Effect> {
        let Some(Layer::Out(list)) = self.layers.last_mut() else { return Vec::new() };
        let last = list.len().saturating_sub(1);
        match action {
            Action::Down => list.at = (list.at + 1).min(last),
            Action::Up => list.at = list.at.saturating_sub(1),
            Action::Top => list.at = 0,
            Action::Bottom => list.at = last,
            _ if list.is_drafts => return self.act_draft(action),
            Action::Open => {
                let mail = list.mail().map(|mail| (mail.id, mail.state, mail.mine));
                return match mail {
                    Some((id, OutState::Stopped, true)) => self.open_collision(id),
                    _ => self.act_mail(Action::Edit),
                };
            }
            _ => return self.act_mail(action),
        }
        Vec::new()
    }

    /// Asks whether to discard: nothing is discarded without a question.
    pub(super) fn ask_drop(&mut self, id: i64) -> Vec<Effect> {
        if let Some(Layer::Out(list)) = self.layers.last_mut() {
            list.asking = Some(id);
        }
        Vec::new()
    }

    /// Discards the draft, or takes the mail back and discards its draft, when the answer is `y`.
    pub(super) fn answer_drop(&mut self, id: i64, key: Key) -> Vec<Effect> {
        let Some(Layer::Out(list)) = self.layers.last_mut() else { return Vec::new() };
        list.asking = None;
        if key != Key::plain(Code::Char('y')) {
            return Vec::new();
        }
        match list.is_drafts {
            true => vec![self.ask(Purpose::Deed, Ask::Deed(id, Deed::Discard))],
            false => self.do_mail(id, Action::DiscardDraft, Deed::Drop),
        }
    }

    fn act_draft(&mut self, action: Action) -> Vec<Effect> {
        let Some(Layer::Out(list)) = self.layers.last() else { return Vec::new() };
        let Some(draft) = list.draft() else { return Vec::new() };
        let (id, gone) = (draft.id, draft.discarded_at.is_some());
        match action {
            Action::Edit | Action::Open => self.begin_with(Beginning::Kept(id)),
            Action::DiscardDraft | Action::CancelMail if gone => {
                self.tell(Severity::Info, &say!("draft-discarded-already"), &say!("hint-enter-back"));
                Vec::new()
            }
            Action::DiscardDraft | Action::CancelMail => self.ask_drop(id),
            _ => {
                self.tell(Severity::Info, &say!("cant-a-draft", what = action.name().replace('-', " ")), "");
                Vec::new()
            }
        }
    }

    fn act_mail(&mut self, action: Action) -> Vec<Effect> {
        let Some(Layer::Out(list)) = self.layers.last() else { return Vec::new() };
        let Some(mail) = list.mail() else { return Vec::new() };
        let (id, state, mine) = (mail.id, mail.state, mail.mine);
        let settled = matches!(state, OutState::Sending | OutState::Sent | OutState::Filed | OutState::Cancelled);
        let deed = match action {
            Action::Retry => Deed::Retry,
            Action::SendAnyway => Deed::SendAnyway,
            Action::CancelMail => Deed::Cancel,
            Action::DiscardDraft => Deed::Drop,
            Action::ToNote => Deed::Note,
            Action::Edit => Deed::Cancel,
            _ => return Vec::new(),
        };
        let refusal = match state {
            _ if settled => Some(phrase!("not-settled", state = state.name())),
            _ if !mine && action == Action::Edit => Some(phrase!("not-mine")),
            OutState::Uncertain if matches!(deed, Deed::Retry | Deed::SendAnyway) && action != Action::SendAnyway => {
                Some(phrase!("not-before-looking"))
            }
            _ => None,
        };
        if let Some(why) = refusal {
            self.tell(Severity::Info, &say!("cant-act", what = action.name().replace('-', " "), why = why), "");
            return Vec::new();
        }
        if deed == Deed::Drop {
            return self.ask_drop(id);
        }
        self.do_mail(id, action, deed)
    }

    fn do_mail(&mut self, id: i64, action: Action, deed: Deed) -> Vec<Effect> {
        if self.leaving.as_ref().is_some_and(|leaving| leaving.id == id) && deed != Deed::Retry {
            self.leaving = None;
        }
        match action {
            Action::Edit => self.begin_with(Beginning::TakenBack(id)),
            _ => vec![self.ask(Purpose::Deed, Ask::Deed(id, deed))],
        }
    }
}
