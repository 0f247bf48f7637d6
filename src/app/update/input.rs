//! Typing: what all lines of text have in common.

use crate::app::effect::Timer;
use crate::app::line::Line;
use crate::app::tickets::Purpose;
use crate::app::{App, Effect, Layer, Page, PromptKind};
use crate::keymap::{Action, Key};

/// Milliseconds after the last key until what was typed is read.
const READ_AFTER: u64 = 120;
/// How many choices a page is.
const PAGE: isize = 7;

impl App {
    pub(super) fn type_key(&mut self, key: Key) -> Vec<Effect> {
        if let Some(effects) = self.picker_shortcut(key) {
            return effects;
        }
        match key.typed() {
            Some(c) => match self.find_everywhere(c) {
                Some(effects) => effects,
                None => self.insert(c.encode_utf8(&mut [0; 4])),
            },
            None => Vec::new(),
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        // Terminals send the end of a line as the key Enter does.
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        let keep_lines = matches!(self.layers.last(), Some(Layer::Prompt(prompt)) if matches!(prompt.kind, PromptKind::Note | PromptKind::EditNote(_)));
        let clean: Vec<String> = crate::model::text::SafeText::lines(text).iter().map(ToString::to_string).collect();
        let clean = clean.join(if keep_lines { "\n" } else { " " });
        match self.layers.last() {
            Some(Layer::Compose(compose)) if compose.review.is_none() => self.paste_text(text),
            Some(Layer::Prompt(_) | Layer::Picker(_)) => self.insert(clean.trim_end()),
            Some(Layer::Page(Page::Help(_))) => self.edit_help(|line| line.insert(clean.trim_end())),
            _ => {
                self.tell(crate::app::Severity::Info, &say!("paste-left-out"), "");
                Vec::new()
            }
        }
    }

    pub(super) fn act_input(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Cancel if self.is_finding() => self.leave_find(),
            Action::Cancel => self.leave_line(),
            Action::Accept => match self.layers.last() {
                Some(Layer::Picker(_)) => self.accept_choice(),
                _ => self.accept_prompt(),
            },
            Action::NextChoice => self.choose(1),
            Action::PreviousChoice => self.choose(-1),
            Action::PageDown => self.choose(PAGE),
            Action::PageUp => self.choose(-PAGE),
            Action::Complete if matches!(self.layers.last(), Some(Layer::Picker(_))) => self.complete_choice(),
            Action::Complete => self.complete(),
            Action::CursorLeft => self.move_cursor(Line::left),
            Action::CursorRight => self.move_cursor(Line::right),
            Action::WordLeft => self.move_cursor(Line::word_left),
            Action::WordRight => self.move_cursor(Line::word_right),
            Action::LineStart => self.move_cursor(Line::start),
            Action::LineEnd => self.move_cursor(Line::end),
            Action::EraseBack if self.is_fresh() => self.edit(Line::clear),
            Action::EraseBack => self.edit(Line::erase_back),
            Action::EraseForward => self.edit(Line::erase_forward),
            Action::EraseWord => self.edit(Line::erase_word),
            Action::EraseLine => self.edit(Line::clear),
            Action::NewLine => match self.layers.last() {
                Some(Layer::Prompt(prompt)) if matches!(prompt.kind, PromptKind::Note | PromptKind::EditNote(_)) => {
                    self.edit(|line| line.insert("\n"))
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn choose(&mut self, by: isize) -> Vec<Effect> {
        if by.abs() == 1 && self.walk_in_palette(by) {
            return Vec::new();
        }
        if let Some(Layer::Picker(picker)) = self.layers.last_mut() {
            picker.step(by);
        }
        Vec::new()
    }

    pub(super) fn move_cursor(&mut self, how: impl FnOnce(&mut Line)) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Prompt(prompt)) => {
                prompt.fresh = false;
                how(&mut prompt.line);
            }
            Some(Layer::Picker(picker)) => how(&mut picker.line),
            Some(Layer::Page(Page::Help(page))) => how(&mut page.line),
            _ => {}
        }
        Vec::new()
    }

    /// Types a text, in the place of an earlier one that stands there.
    fn insert(&mut self, text: &str) -> Vec<Effect> {
        let fresh = self.is_fresh();
        self.edit(|line| {
            if fresh {
                line.clear();
            }
            line.insert(text);
        })
    }

    fn is_finding(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Find)
    }

    fn is_fresh(&self) -> bool {
        matches!(self.layers.last(), Some(Layer::Prompt(prompt)) if prompt.fresh)
    }

    pub(super) fn edit(&mut self, how: impl FnOnce(&mut Line)) -> Vec<Effect> {
        let kind = match self.layers.last_mut() {
            Some(Layer::Picker(picker)) => {
                how(&mut picker.line);
                self.palette.walked = None;
                self.find_choices();
                return Vec::new();
            }
            Some(Layer::Prompt(prompt)) => {
                prompt.fresh = false;
                how(&mut prompt.line);
                prompt.offered = None;
                prompt.when = None;
                prompt.kind
            }
            _ => return Vec::new(),
        };
        match kind {
            PromptKind::Find => {
                self.find_typed();
                Vec::new()
            }
            PromptKind::Search | PromptKind::Snooze | PromptKind::SendLater => {
                self.tickets.forget(&Purpose::When);
                self.tickets.forget(&Purpose::Parse);
                let number = self.tickets.newest();
                vec![Effect::SetTimer(Timer::Typed(number), READ_AFTER)]
            }
            _ => {
                if let Some(Layer::Prompt(prompt)) = self.layers.last_mut() {
                    prompt.error = None;
                }
                self.touch_note()
            }
        }
    }
}
