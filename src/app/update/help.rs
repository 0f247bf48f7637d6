//! The page of help: looked through by words, and what is found there is done.

use crate::app::help::HelpPage;
use crate::app::line::Line;
use crate::app::{App, Effect, Layer, Page};
use crate::keymap::{Action, Bound};

impl App {
    pub(super) fn open_help(&mut self) -> Vec<Effect> {
        let context = self.context();
        self.push(Layer::Page(Page::Help(HelpPage::new(context))))
    }

    pub(super) fn help_page(&mut self) -> Option<&mut HelpPage> {
        match self.layers.last_mut() {
            Some(Layer::Page(Page::Help(page))) => Some(page),
            _ => None,
        }
    }

    /// Types in the line of help, and finds anew.
    pub(super) fn edit_help(&mut self, how: impl FnOnce(&mut Line)) -> Vec<Effect> {
        let Some(page) = self.help_page() else { return Vec::new() };
        how(&mut page.line);
        page.scroll = 0;
        let page = page.clone();
        let first = (!page.line.is_empty() && !self.help_lines(&page).is_empty()).then_some(0);
        if let Some(page) = self.help_page() {
            page.at = first;
        }
        Vec::new()
    }

    pub(super) fn act_help(&mut self, action: Action) -> Vec<Effect> {
        let half = usize::from(self.size.1 / 2).max(1) as isize;
        match action {
            Action::Cancel => {
                self.pop_layer();
            }
            Action::Accept => return self.do_from_help(),
            Action::Complete => {
                if let Some(page) = self.help_page() {
                    (page.every, page.at, page.scroll) = (!page.every, None, 0);
                    page.line.clear();
                }
            }
            Action::NextChoice => self.step_in_help(1),
            Action::PreviousChoice => self.step_in_help(-1),
            Action::PageDown => self.scroll_help(half),
            Action::PageUp => self.scroll_help(-half),
            Action::EraseBack => return self.edit_help(Line::erase_back),
            Action::EraseForward => return self.edit_help(Line::erase_forward),
            Action::EraseWord => return self.edit_help(Line::erase_word),
            Action::EraseLine => return self.edit_help(Line::clear),
            Action::CursorLeft => self.move_in_help(Line::left),
            Action::CursorRight => self.move_in_help(Line::right),
            Action::WordLeft => self.move_in_help(Line::word_left),
            Action::WordRight => self.move_in_help(Line::word_right),
            Action::LineStart => self.move_in_help(Line::start),
            Action::LineEnd => self.move_in_help(Line::end),
            _ => {}
        }
        Vec::new()
    }

    fn move_in_help(&mut self, how: impl FnOnce(&mut Line)) {
        if let Some(page) = self.help_page() {
            how(&mut page.line);
        }
    }

    /// Moves the cursor over what can be done.
    fn step_in_help(&mut self, by: isize) {
        let Some(page) = self.help_page().map(|page| page.clone()) else { return };
        let count = self.help_lines(&page).iter().filter(|line| line.does.is_some()).count();
        if let Some(page) = self.help_page().filter(|_| count > 0) {
            let from = page.at.map_or(if by > 0 { -1 } else { 0 }, |at| at as isize);
            page.at = Some((from + by).rem_euclid(count as isize) as usize);
        }
    }

    /// Scrolls by half a screen; the cursor goes along where there is one.
    fn scroll_help(&mut self, by: isize) {
        let Some(page) = self.help_page().map(|page| page.clone()) else { return };
        let lines = self.help_lines(&page);
        let count = lines.iter().filter(|line| line.does.is_some()).count();
        if let Some(page) = self.help_page() {
            match page.at {
                Some(at) => page.at = Some(at.saturating_add_signed(by).min(count.saturating_sub(1))),
                None => page.scroll = page.scroll.saturating_add_signed(by).min(lines.len().saturating_sub(1)),
            }
        }
    }

    /// Does what the cursor is on, where help was asked for; what can't be done says why and stays.
    fn do_from_help(&mut self) -> Vec<Effect> {
        let Some(page) = self.help_page().map(|page| page.clone()) else { return Vec::new() };
        let lines = self.help_lines(&page);
        let chosen = page.at.and_then(|at| lines.into_iter().filter(|line| line.does.is_some()).nth(at));
        let Some(bound) = chosen.and_then(|line| line.does) else { return Vec::new() };
        if let Some(action) = bound.action()
            && self.why_not(action).is_some()
        {
            return self.act(action);
        }
        self.pop_layer();
        match bound {
            Bound::Action(action) => self.act(action),
            Bound::Line(line) => self.run_line(&line),
        }
    }
}
