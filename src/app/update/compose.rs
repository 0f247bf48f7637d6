//! Writing: what the keys do in the header fields and in the text.

use ratatui_textarea::{CursorMove, Scrolling};

use crate::app::compose::paths_in;
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
            Action::NextField if compose.field == Field::Body && compose.take_next_unfilled() => {}
            Action::NextField => compose.turn_field(1),
            Action::PreviousField => compose.turn_field(-1),
            _ => return self.act_field(action),
        }
        Vec::new()
    }

    fn act_field(&mut self, action: Action) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let changed = match compose.field {
            Field::Body => act_text(compose, action),
            Field::From => act_sender(compose, action),
            _ => act_line(compose, action),
        };
        if changed { self.touch() } else { Vec::new() }
    }

    /// Takes a letter.
    pub(super) fn type_text(&mut self, key: Key) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
        let Some(c) = key.typed() else { return Vec::new() };
        if compose.field == Field::Body {
            compose.area.insert_char(c);
        } else if let Some(line) = compose.line() {
            line.insert(c.encode_utf8(&mut [0; 4]));
        } else if c == ' ' {
            compose.turn_sender(1);
        }
        self.touch()
    }

    /// Takes a paste. Paths alone are files that were dropped on the terminal.
    pub(super) fn paste_text(&mut self, text: &str) -> Vec<Effect> {
        let Some(compose) = self.compose_mut() else { return Vec::new() };
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
        compose.insert(text);
        self.touch()
    }
}

/// Does `action` in the text, and tells whether that changed it.
fn act_text(compose: &mut Compose, action: Action) -> bool {
    let area = &mut compose.area;
    let replaces = matches!(action, Action::NewLine | Action::EraseBack | Action::EraseForward | Action::EraseWord);
    if !replaces {
        area.cancel_selection();
    }
    let before = area.cursor();
    match action {
        Action::NewLine => {
            area.insert_newline();
            return true;
        }
        Action::EraseBack => return area.delete_char(),
        Action::EraseForward => return area.delete_next_char(),
        Action::EraseWord => return area.delete_word(),
        Action::EraseToEnd => return area.delete_line_by_end(),
        Action::UndoTyping => return area.undo(),
        Action::RedoTyping => return area.redo(),
        Action::Up => {
            area.move_cursor(CursorMove::Up);
            if area.cursor() == before && before.0 == 0 {
                compose.field = Field::Subject;
            }
        }
        Action::Down => area.move_cursor(CursorMove::Down),
        Action::CursorLeft => area.move_cursor(CursorMove::Back),
        Action::CursorRight => area.move_cursor(CursorMove::Forward),
        Action::LineStart => area.move_cursor(CursorMove::Head),
        Action::LineEnd => area.move_cursor(CursorMove::End),
        Action::PageUp => area.scroll(Scrolling::HalfPageUp),
        Action::PageDown => area.scroll(Scrolling::HalfPageDown),
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
