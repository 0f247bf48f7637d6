//! Writing: what the keys do in the header fields and in the text.

use crate::app::compose::{Hand, Shape, Stroke, Typed, complete, paths_in};
use crate::app::line::Line;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Compose, Effect, Field, Next, PromptKind};
use crate::keymap::{Action, Key};
use crate::model::text::SafeText;

impl App {
    pub(super) fn act_compose(&mut self, action: Action) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        if compose.review.is_some() {
            return self.act_review(action);
        }
        if let Some(effects) = self.act_completion(action).or_else(|| self.act_reading(action)) {
            return effects;
        }
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        match action {
            Action::KeepDraft => {
                self.closing.ask(self.now);
                return self.after_keeping(Next::Leave);
            }
            Action::Review => return self.after_keeping(Next::Review),
            Action::Editor => return self.after_keeping(Next::Editor),
            Action::DiscardDraft => compose.asking = true,
            Action::SavedReplies => {
                let draft = Box::new(compose.whole());
                return vec![self.ask(Purpose::SavedReplies, Ask::SavedReplies(draft))];
            }
            Action::Attach => return self.open_prompt(PromptKind::Attach, ""),
            Action::Detach => return self.open_detach(),
            Action::AddPeople => return self.open_people(),
            Action::Quoting => {
                compose.toggle_quote();
                return self.touch();
            }
            Action::Markdown => {
                compose.draft.markdown = !compose.draft.markdown;
                return self.touch();
            }
            Action::LeaveText => {
                compose.hand = match compose.hand {
                    Hand::Typing => Hand::Mail,
                    Hand::Mail | Hand::Reading => Hand::Typing,
                };
                return self.ask_strangers();
            }
            Action::GoText => return self.go_to_field(Field::Body),
            Action::FieldTo => return self.go_to_field(Field::To),
            Action::FieldCc => return self.go_to_field(Field::Cc),
            Action::FieldBcc => return self.go_to_field(Field::Bcc),
            Action::FieldSubject => return self.go_to_field(Field::Subject),
            Action::UnfoldRest => compose.body.turn_fold(),
            Action::NextField if compose.field == Field::Body && compose.take_next_unfilled() => {
                compose.hand = Hand::Typing;
            }
            Action::NextField => return self.turn_field(1),
            Action::PreviousField => return self.turn_field(-1),
            _ => return self.act_field(action),
        }
        Vec::new()
    }

    /// Gives the keys to a field, or to the text.
    pub(super) fn go_to_field(&mut self, field: Field) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        compose.tidy();
        (compose.field, compose.hand) = (field, Hand::Typing);
        // Who looks at the recipients has seen who of them is new.
        compose.meet_strangers();
        Vec::new()
    }

    fn turn_field(&mut self, by: isize) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let was = compose.field;
        compose.hand = Hand::Typing;
        compose.turn_field(by);
        match was {
            Field::To | Field::Cc | Field::Bcc => self.ask_strangers(),
            _ => Vec::new(),
        }
    }

    /// Scrolls the conversation that is answered, beside or above the text, else in its place.
    fn act_reading(&mut self, action: Action) -> Option<Vec<Effect>> {
        let in_sight = self.reads_beside();
        let compose = self.compose_mut()?;
        let is_reading = compose.hand == Hand::Reading;
        let is_known = compose.conversation().is_some();
        match action {
            Action::LeaveText | Action::KeepDraft | Action::GoText if is_reading => compose.hand = Hand::Typing,
            Action::Up | Action::Down if is_reading => return Some(self.act_conversation(action)),
            Action::PageUp | Action::PageDown if is_reading || in_sight => return Some(self.act_conversation(action)),
            Action::PageUp | Action::PageDown if is_known => compose.hand = Hand::Reading,
            _ => return None,
        }
        Some(Vec::new())
    }

    fn act_field(&mut self, action: Action) -> Vec<Effect> {
        let shape = self.compose().map(|compose| self.text_shape(compose));
        let (Some(compose), Some(shape)) = (self.compose_mut(), shape) else { return Vec::new() };
        compose.hand = Hand::Typing;
        let was = compose.field;
        let changed = match compose.field {
            Field::Body => act_text(compose, action, shape),
            Field::From => act_sender(compose, action),
            _ => act_line(compose, action),
        };
        let now = compose.field;
        let mut effects = if changed { self.touch() } else { Vec::new() };
        if now != was {
            effects.extend(self.ask_strangers());
        } else if now != Field::Body {
            effects.extend(self.ask_people());
        }
        effects
    }

    /// Takes a letter.
    pub(super) fn type_text(&mut self, key: Key) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let Some(c) = key.typed() else { return Vec::new() };
        match compose.hand {
            Hand::Reading if c == ' ' => return self.act_conversation(Action::PageDown),
            Hand::Mail => compose.field = Field::Body,
            Hand::Typing | Hand::Reading => {}
        }
        compose.hand = Hand::Typing;
        if compose.field == Field::Body {
            compose.body.change(Stroke::Letter, |area| area.insert(c.encode_utf8(&mut [0; 4])));
        } else if matches!(compose.field, Field::To | Field::Cc | Field::Bcc)
            && let Some(line) = compose.line()
        {
            complete::type_letter(line, c);
        } else if let Some(line) = compose.line() {
            line.insert(c.encode_utf8(&mut [0; 4]));
        } else if c == ' ' {
            compose.turn_sender(1);
        }
        let mut effects = self.touch();
        effects.extend(self.ask_people());
        effects
    }

    /// Takes a paste. Paths alone are files that were dropped on the terminal.
    pub(super) fn paste_text(&mut self, text: &str) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        if compose.hand == Hand::Mail {
            compose.field = Field::Body;
        }
        compose.hand = Hand::Typing;
        if let Some(line) = compose.line() {
            line.insert(SafeText::line(text).as_str().trim());
            return self.touch();
        }
        let paths = paths_in(text.trim());
        let dropped = !paths.is_empty() && text.len() < 10_000 && paths.iter().all(|path| path.starts_with('/'));
        if dropped {
            let purpose = Purpose::Files { pasted: Some(text.to_owned()) };
            return vec![self.ask(purpose, Ask::Files(paths))];
        }
        compose.body.insert(text);
        self.touch()
    }
}

/// Does `action` in the text, and tells whether that changed it.
fn act_text(compose: &mut Compose, action: Action, shape: Shape) -> bool {
    let body = &mut compose.body;
    match action {
        Action::NewLine => {
            body.change(Stroke::Whole, |area| area.insert("\n"));
            return true;
        }
        Action::EraseBack => return body.change(Stroke::Erase, Typed::erase_back),
        Action::EraseForward => return body.change(Stroke::Erase, Typed::erase_forward),
        Action::EraseWord => return body.change(Stroke::Whole, Typed::erase_word),
        Action::EraseToEnd => return body.change(Stroke::Whole, Typed::erase_to_end),
        Action::UndoTyping => return body.step(false),
        Action::RedoTyping => return body.step(true),
        _ => {}
    }
    body.moved();
    let area = &mut body.area;
    area.cancel_selection();
    match action {
        Action::Up => drop(area.up(shape)),
        Action::Down => drop(area.down(shape)),
        Action::CursorLeft => area.back(),
        Action::CursorRight => area.on(),
        Action::WordLeft => area.word_back(),
        Action::WordRight => area.word_on(),
        Action::LineStart => area.to_line_start(),
        Action::LineEnd => area.to_line_end(),
        Action::PageUp => area.paragraph_up(),
        Action::PageDown => area.paragraph_down(),
        _ => {}
    }
    false
}

/// Does `action` among the ways of sending.
fn act_sender(compose: &mut Compose, action: Action) -> bool {
    match action {
        Action::CursorRight => compose.turn_sender(1),
        Action::CursorLeft => compose.turn_sender(-1),
        Action::Down | Action::NewLine => {
            compose.turn_field(1);
            return false;
        }
        _ => return false,
    }
    true
}

/// Does `action` in a header field.
fn act_line(compose: &mut Compose, action: Action) -> bool {
    match action {
        Action::Up => compose.turn_field(-1),
        Action::Down | Action::NewLine => compose.turn_field(1),
        _ => {}
    }
    let Some(line) = compose.line() else { return false };
    let (how, changes): (fn(&mut Line), bool) = match action {
        Action::CursorLeft => (Line::left, false),
        Action::CursorRight => (Line::right, false),
        Action::WordLeft => (Line::word_left, false),
        Action::WordRight => (Line::word_right, false),
        Action::LineStart => (Line::start, false),
        Action::LineEnd => (Line::end, false),
        Action::EraseBack => (Line::erase_back, true),
        Action::EraseForward => (Line::erase_forward, true),
        Action::EraseWord => (Line::erase_word, true),
        Action::EraseToEnd => (Line::erase_to_end, true),
        _ => return false,
    };
    how(line);
    changes
}
