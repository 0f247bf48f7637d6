//! Beginning, keeping and leaving a draft.

use crate::app::compose::{Caret, KEEP_AFTER, LEASE};
use crate::app::event::Answer;
use crate::app::picker::{Choice, Picked, Picker};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Beginning, Compose, Effect, Layer, Next, Open, Pane, Severity, Timer};
use crate::error::UserError;
use crate::keymap::{Action, Code, Context, Key};
use crate::model::address::Address;
use crate::model::invitation;
use crate::model::reply::{ComposeSession, Draft, DraftKind, Instead};
use crate::model::shown::Shown;
use crate::model::text::SafeText;
use crate::op::wish::Wish;

impl App {
    /// Begins to write: in the current conversation, or to somebody new. A forward may take the message `as_file`.
    pub(super) fn begin(&mut self, kind: DraftKind, as_file: bool) -> Vec<Effect> {
        let what = match (kind, self.current_id()) {
            (DraftKind::New, _) => Beginning::New,
            (_, None) => return Vec::new(),
            (_, Some(conversation)) => {
                let open =
                    self.open.as_ref().filter(|open| open.id == conversation && self.focus == Pane::Conversation);
                let parent = open.and_then(|open| open.selected.clone());
                Beginning::In { kind, parent, conversation, as_file }
            }
        };
        self.begin_with(what)
    }

    /// Begins a reply with a saved one in it: that of a name, or one that is chosen there.
    pub(super) fn reply_with(&mut self, name: Option<String>) -> Vec<Effect> {
        let effects = self.begin(DraftKind::Reply, false);
        self.wanted_reply = Some(name).filter(|_| !effects.is_empty());
        effects
    }

    /// Begins the answer to an invitation: of the message under the cursor, else the newest.
    pub(super) fn answer_invitation(&mut self, answer: invitation::Answer) -> Vec<Effect> {
        let Some(conversation) = self.current_id() else { return Vec::new() };
        let open = self.open.as_ref().filter(|open| open.id == conversation && self.focus == Pane::Conversation);
        let message = open.and_then(|open| open.selected.clone());
        self.begin_with(Beginning::Answer { conversation, message, answer })
    }

    pub(super) fn begin_with(&mut self, what: Beginning) -> Vec<Effect> {
        self.wanted_reply = None;
        let place = |id| self.sent_at.filter(|(of, _)| *of == id).map(|(_, place)| Caret::At(place));
        self.comes_back = match what {
            Beginning::TakenBack(id) => Some(place(id).unwrap_or(Caret::OwnEnd)),
            _ => None,
        };
        vec![self.ask(Purpose::Begin, Ask::Begin(what))]
    }

    pub(super) fn take_writing(&mut self, purpose: &Purpose, answer: Answer) -> Vec<Effect> {
        match answer {
            Answer::Begun(Some(begun)) => self.open_compose(*begun),
            Answer::Begun(None) => {
                self.tell(Severity::Warning, &say!("too-late-to-take-back"), &say!("hint-shows-outbox"));
                Vec::new()
            }
            Answer::Kept(draft) if *purpose == Purpose::Keep => self.kept(&draft),
            Answer::News { news, other } => {
                if let Some(compose) = self.compose_mut() {
                    (compose.news, compose.other) = (news, other);
                }
                Vec::new()
            }
            Answer::Saved(replies, troubles) => self.open_saved(replies, &troubles),
            _ => Vec::new(),
        }
    }

    fn open_compose(&mut self, begun: ComposeSession) -> Vec<Effect> {
        let mut effects = Vec::new();
        if let Some(before) = self.compose().cloned() {
            // It is the mail that stands there, and what stands there is newer.
            if before.draft.id != 0 && before.draft.id == begun.draft.id {
                self.layers.retain(|layer| !matches!(layer, Layer::Out(_)));
                self.tell_resumed(&begun);
                return effects;
            }
            // What was written before is on the disk before another takes its place.
            if before.dirty || before.saving {
                return self.after_keeping(Next::Open(Box::new(begun)));
            }
            effects = self.let_go(&before);
        }
        self.layers.retain(|layer| !matches!(layer, Layer::Out(_) | Layer::Compose(_)));
        let answers = matches!(begun.draft.kind, DraftKind::Reply | DraftKind::ReplyAll);
        if begun.resumed {
            self.tell_resumed(&begun);
        }
        // Where somebody else is replying, that is to be seen before anything is written.
        let invited = begun.draft.invitation.is_some() && !begun.resumed;
        let editor = self.around.editor_first && begun.other.is_none() && !invited;
        let takes = if answers { self.reply_takes(&begun) } else { None };
        let mut compose = Compose { takes, ..Compose::new(begun) };
        if let Some(caret) = self.comes_back.take() {
            compose.put_caret(caret);
        }
        self.layers.push(Layer::Compose(Box::new(compose)));
        effects.extend(self.lay_open());
        if answers {
            effects.extend(self.renew_lease());
        }
        if self.wanted_reply.is_some() {
            effects.extend(self.act_compose(Action::SavedReplies));
            return effects;
        }
        if editor {
            effects.extend(self.after_keeping(Next::Editor));
        }
        if invited {
            // An answer is written already.
            effects.extend(self.after_keeping(Next::Review));
        }
        effects
    }

    /// Opens the conversation that is answered beside the text, at the message that is. What was open before comes back afterwards.
    fn lay_open(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose() else { return Vec::new() };
        let (Some(id), parent) = (compose.conversation().cloned(), compose.draft.parent.clone()) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        if self.open.as_ref().is_none_or(|open| open.id != id) {
            let before = self.open.replace(Open::new(id));
            self.set_aside.get_or_insert(before.map(Box::new));
            effects = self.load_open();
        }
        if let Some(open) = &mut self.open {
            open.anchor = parent;
        }
        effects
    }

    /// Puts what was open before a mail was written back, once none is written any more.
    pub(super) fn give_back_open(&mut self) -> Vec<Effect> {
        if self.compose().is_some() {
            return Vec::new();
        }
        if let Some(open) = &mut self.open {
            open.anchor = None;
        }
        let Some(before) = self.set_aside.take() else { return Vec::new() };
        self.open = before.map(|open| *open);
        self.load_open()
    }

    /// Returns the conversation that a reply takes, as it is shown: one that nobody has, and that nobody else is answering. It is taken by
    /// the first letter that is written and not before: who only looks leaves it to the others.
    fn reply_takes(&self, begun: &ComposeSession) -> Option<Shown> {
        let id = begun.draft.conversation.as_ref().filter(|_| self.around.reply_takes && begun.other.is_none())?;
        self.shown_row(id).filter(|row| row.assignee.is_none()).map(Shown::from)
    }

    /// Takes the conversation that is being answered, where it was nobody's.
    pub(super) fn take_by_reply(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let Some(shown) = compose.takes.take() else { return Vec::new() };
        compose.took = true;
        let me = self.around.me.clone();
        vec![self.wish_for(Wish::Assign { to: Some(me) }, shown)]
    }

    /// Gives back what a reply took that is discarded now, where it is still mine.
    fn return_by_discard(&mut self, compose: &Compose) -> Vec<Effect> {
        let row = compose.conversation().filter(|_| compose.took).and_then(|id| self.shown_row(id));
        let mine = row.filter(|row| row.assignee.as_ref() == Some(&self.around.me)).map(Shown::from);
        mine.map(|shown| self.wish_for(Wish::Assign { to: None }, shown)).into_iter().collect()
    }

    /// Tells that a kept draft is shown, and where it is not what was asked for, what it is.
    fn tell_resumed(&mut self, begun: &ComposeSession) {
        let at = crate::app::words::clock(begun.draft.saved_at, &self.around.zone);
        let words = match begun.instead {
            None => return self.tell(Severity::Info, &say!("draft-of", at = at), ""),
            Some(Instead::Forward) => say!("draft-instead-of-forward", at = at),
            Some(Instead::File) => say!("draft-instead-of-file"),
            Some(Instead::Reply) => say!("draft-instead-of-reply", at = at),
            Some(Instead::Message) => say!("draft-instead-of-message"),
            Some(Instead::Recipients) => say!("draft-instead-of-recipients"),
        };
        self.tell(Severity::Info, &words, &say!("hint-one-draft"));
    }

    /// Tells the others that a reply is being written, where they don't know or will soon forget.
    fn renew_lease(&mut self) -> Vec<Effect> {
        let now = self.now;
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let Some(conversation) = compose.conversation().cloned() else { return Vec::new() };
        if compose.lease.is_some_and(|until| until.since(now) > LEASE / 2) {
            return Vec::new();
        }
        let until = Some(now.plus(LEASE));
        compose.lease = until;
        vec![self.ask(Purpose::Lease, Ask::Lease(conversation, until))]
    }

    /// Notes that something was written, and sets about keeping it.
    pub(super) fn touch(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        (compose.touched, compose.dirty) = (true, true);
        let mut effects = vec![Effect::SetTimer(Timer::Keep(self.tickets.newest()), KEEP_AFTER)];
        effects.extend(self.take_by_reply());
        if self.compose().is_some_and(|compose| compose.lease.is_some()) {
            effects.extend(self.renew_lease());
        }
        effects
    }

    /// Keeps the draft, unless the store has it or is just keeping it.
    pub(super) fn keep(&mut self) -> Vec<Effect> {
        if self.is_queuing() {
            return Vec::new();
        }
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        if !compose.dirty || compose.saving {
            return Vec::new();
        }
        (compose.dirty, compose.saving) = (false, true);
        let draft = Box::new(compose.whole());
        vec![self.ask(Purpose::Keep, Ask::Keep(draft))]
    }

    /// Does `next` as soon as the store has the draft.
    pub(super) fn after_keeping(&mut self, next: Next) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        if compose.saving {
            compose.next = Some(next);
            return Vec::new();
        }
        // What was never kept has no number yet, and only what has one can be sent.
        if compose.dirty || (compose.draft.id == 0 && !matches!(next, Next::Leave | Next::Quit | Next::Open(_))) {
            compose.next = Some(next);
            compose.dirty = true;
            return self.keep();
        }
        self.go_on(next)
    }

    fn kept(&mut self, draft: &Draft) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.saving = false;
        (compose.draft.id, compose.draft.saved_at) = (draft.id, draft.saved_at);
        match compose.next.take() {
            Some(next) => self.after_keeping(next),
            None if compose.dirty => vec![Effect::SetTimer(Timer::Keep(self.tickets.newest()), KEEP_AFTER)],
            None => Vec::new(),
        }
    }

    /// The store refused: the text stays on the screen, and nothing that waited for it happens.
    pub(super) fn not_kept(&mut self, error: &UserError) {
        self.fail(error);
        self.closing.stay();
        if let Some(compose) = self.compose_mut() {
            (compose.saving, compose.dirty, compose.next) = (false, true, None);
        }
    }

    /// Ends the program as soon as the store has what is being written: nobody can be asked any more.
    pub(super) fn end(&mut self) -> Vec<Effect> {
        let mut effects = self.keep_note();
        effects.push(self.ask(Purpose::Handed, Ask::LeaveMail));
        effects.extend(if self.compose().is_some() { self.after_keeping(Next::Quit) } else { self.quit() });
        effects
    }

    fn go_on(&mut self, next: Next) -> Vec<Effect> {
        let Some(compose) = self.compose() else { return Vec::new() };
        let draft = Box::new(compose.whole());
        match next {
            Next::Leave => self.leave_compose(),
            Next::Quit => self.quit(),
            Next::Open(begun) => self.open_compose(*begun),
            Next::Review => vec![self.ask(Purpose::Review, Ask::Review(draft))],
            Next::Editor => {
                let file = crate::app::compose::to_file(&draft);
                let above = file.split_once("\n\n").map_or(0, |(head, _)| head.lines().count() + 1);
                let line = above + 1 + compose.body.area.line();
                vec![Effect::Edit(file, line)]
            }
            Next::Send { at } => vec![self.ask(Purpose::Queue, Ask::Queue(draft, at))],
        }
    }

    /// Leaves; a draft that was written on stays.
    fn leave_compose(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose().cloned() else { return Vec::new() };
        self.drop_compose();
        if compose.touched {
            let key = self.key_of(Action::Drafts);
            self.tell(Severity::Info, &say!("draft-kept-notice"), &say!("hint-lists-drafts", key = key));
        }
        self.let_go(&compose)
    }

    /// Tells the others that a mail is no longer being written, and forgets one that nothing was written in.
    fn let_go(&mut self, compose: &Compose) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !compose.touched && compose.draft.id != 0 {
            effects.push(self.ask(Purpose::Lease, Ask::Forget(Box::new(compose.draft.clone()))));
        }
        effects.extend(self.end_lease(compose));
        effects
    }

    fn end_lease(&mut self, compose: &Compose) -> Vec<Effect> {
        match (compose.lease, compose.conversation().cloned()) {
            (Some(_), Some(conversation)) => vec![self.ask(Purpose::Lease, Ask::Lease(conversation, None))],
            _ => Vec::new(),
        }
    }

    pub(super) fn drop_compose(&mut self) {
        self.closing.close(self.now);
        let at = self.layers.iter().rposition(|layer| matches!(layer, Layer::Compose(_)));
        self.layers.truncate(at.unwrap_or(self.layers.len()));
        self.tickets.forget(&Purpose::Review);
        self.tickets.forget(&Purpose::News);
    }

    /// Takes the answer to whether the draft is to be discarded: `y`, and nothing else.
    pub(super) fn answer_discard(&mut self, key: Key) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.asking = false;
        if key != Key::plain(Code::Char('y')) || compose.saving {
            return Vec::new();
        }
        let compose = compose.clone();
        self.closing.ask(self.now);
        self.drop_compose();
        let mut effects = self.end_lease(&compose);
        effects.extend(self.return_by_discard(&compose));
        if compose.draft.id != 0 {
            let deed = Ask::Deed(compose.draft.id, crate::app::Deed::Discard);
            effects.push(self.ask(Purpose::Deed, deed));
        }
        effects
    }

    /// Offers the people of earlier mails whom the last left out, by name.
    pub(super) fn open_people(&mut self) -> Vec<Effect> {
        let Some(compose) = self.compose() else { return Vec::new() };
        let people: Vec<Address> = compose.still_left_out().into_iter().cloned().collect();
        let one = |who: &Address| {
            let detail = if who.name.trim().is_empty() { "" } else { who.email.as_str() };
            let (label, detail) = (SafeText::line(who.short()).to_string(), SafeText::line(detail).to_string());
            Choice::new(label, detail, Picked::AddPeople(vec![who.clone()]))
        };
        let mut choices: Vec<Choice> = people.iter().map(one).collect();
        if people.len() > 1 {
            let all = say!("choice-all-people", count = people.len());
            choices.insert(0, Choice::new(all, String::new(), Picked::AddPeople(people)));
        }
        self.push(Layer::Picker(Picker::new(say!("title-add-people"), choices)))
    }

    pub(super) fn add_people(&mut self, people: &[Address]) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.add_people(people);
        self.touch()
    }

    /// Takes what the external editor left.
    pub(super) fn edited(&mut self, text: Result<String, UserError>) -> Vec<Effect> {
        match text {
            Ok(text) => {
                if let Some(compose) = self.compose_mut() {
                    // An editor that was only looked at leaves no draft behind.
                    if text != crate::app::compose::to_file(&compose.whole()) {
                        compose.take_file(&text);
                        return self.touch();
                    }
                }
            }
            Err(error) => self.fail(&error),
        }
        Vec::new()
    }

    /// Returns the key of an action while a mail is written.
    pub fn compose_key(&self, action: Action) -> String {
        self.around.keymap.label(Context::Compose, action)
    }
}
