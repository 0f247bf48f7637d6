//! Keys that would change nothing where one stands: the foot names none of them.

use std::cell::OnceCell;

use crate::app::conversation::Open;
use crate::app::help::HelpLine;
use crate::app::notice::Part;
use crate::app::{App, HelpPage, Layer, Notice, OutList, Page, Pane, Picker, PickerKind, Prompt, PromptKind};
use crate::keymap::Action;
use crate::model::conversation::Item;
use crate::model::message::{Block, Direction};

/// The keys that would change nothing in one state. What costs time to find is found once, however many keys it is asked for, and only
/// where one of them needs it.
pub struct Idle<'a> {
    app: &'a App,
    help: OnceCell<Vec<HelpLine>>,
    told: OnceCell<Vec<Told<'a>>>,
    end: OnceCell<usize>,
}

/// A line of the page of what was told.
type Told<'a> = (&'a Notice, Option<&'a Part>);

impl App {
    /// Returns the keys that would change nothing now.
    pub fn idle(&self) -> Idle<'_> {
        Idle { app: self, help: OnceCell::new(), told: OnceCell::new(), end: OnceCell::new() }
    }
}

impl<'a> Idle<'a> {
    /// Tells whether `action` would change nothing now, though nothing forbids it: there is nothing to open, nothing further down, no letter
    /// to take away.
    pub fn has(&self, action: Action) -> bool {
        let app = self.app;
        match app.layers.last() {
            Some(Layer::Picker(picker)) => app.is_idle_in_picker(action, picker),
            Some(Layer::Prompt(prompt)) => app.is_idle_in_prompt(action, prompt),
            Some(Layer::Page(page)) => self.is_idle_on_page(action, page),
            Some(Layer::Out(list)) => is_idle_in_outbox(action, list),
            Some(Layer::Compose(_) | Layer::Collision(_) | Layer::Quit(_)) => false,
            None => match app.focus {
                Pane::List => action == Action::Open && app.list.current().is_none() && app.list.meant.is_none(),
                Pane::Conversation => app.open.as_ref().is_some_and(|open| app.is_idle_in(action, open)),
                Pane::Customer => app.is_idle_beside(action),
                Pane::Views => false,
            },
        }
    }

    /// Returns the lines of the page of help that lies topmost.
    pub fn help_lines(&self, page: &HelpPage) -> &[HelpLine] {
        self.help.get_or_init(|| self.app.help_lines(page))
    }

    fn told(&self) -> &[Told<'a>] {
        self.told.get_or_init(|| self.app.told_lines())
    }

    fn page_end(&self) -> usize {
        *self.end.get_or_init(|| self.app.page_end())
    }

    fn is_idle_on_page(&self, action: Action, page: &Page) -> bool {
        match (action, page) {
            (Action::Accept, Page::Help(page)) => {
                let lines = self.help_lines(page);
                let chosen = page.at.and_then(|at| lines.iter().filter(|line| line.does.is_some()).nth(at));
                chosen.is_none_or(|line| line.not_now.is_some())
            }
            (Action::NextChoice | Action::PreviousChoice, Page::Help(page)) => {
                let can = self.help_lines(page).iter().filter(|line| line.does.is_some()).count();
                can < if page.at.is_some() { 2 } else { 1 }
            }
            (Action::PageDown | Action::PageUp, Page::Help(page)) => {
                self.app.help_is_whole(page, self.help_lines(page))
            }
            (Action::Open, Page::Messages { at }) => {
                let told = self.told();
                let on = told.get(*at).and_then(|(notice, part)| match part {
                    Some(part) => Some(&part.conversation),
                    None => notice.on.as_ref(),
                });
                on.is_none() || self.app.layers.len() > 1
            }
            (Action::TakeBack, Page::Log { entries, at, .. }) => {
                entries.as_ref().is_none_or(|entries| entries.get(*at).is_none())
            }
            (Action::Down | Action::PageDown, Page::Messages { at }) => at + 1 >= self.told().len(),
            (Action::Down | Action::PageDown, Page::Marked { rows, at, .. }) => {
                at + 1 >= rows.as_ref().map_or(0, Vec::len)
            }
            (Action::Down | Action::PageDown, Page::Log { entries, at, .. }) => {
                at + 1 >= entries.as_ref().map_or(0, Vec::len)
            }
            (
                Action::Down | Action::PageDown,
                Page::Changed { scroll, .. }
                | Page::Source { scroll, .. }
                | Page::Piped { scroll, .. }
                | Page::Compared { scroll, .. },
            ) => *scroll >= self.page_end(),
            _ => false,
        }
    }
}

impl App {
    fn is_idle_in_picker(&self, action: Action, picker: &Picker) -> bool {
        let is_palette = picker.kind == PickerKind::Palette;
        match action {
            // What can't be chosen only says why.
            Action::Accept => {
                let can = picker.chosen().is_some_and(|choice| choice.disabled.is_none());
                !can && picker.set.is_empty() && !picker.line.text().contains(',')
            }
            Action::Complete if is_palette => picker.shown.is_empty(),
            Action::Complete => match picker.chosen() {
                Some(choice) => picker.line.is_empty() || choice.label == picker.line.text(),
                None => true,
            },
            Action::PreviousChoice if is_palette && !self.palette.recent.is_empty() => false,
            Action::NextChoice | Action::PreviousChoice => match picker.at {
                Some(_) => picker.shown.len() < 2,
                None => picker.shown.is_empty(),
            },
            Action::EraseLine => picker.line.is_empty(),
            _ => false,
        }
    }

    fn is_idle_in_prompt(&self, action: Action, prompt: &Prompt) -> bool {
        match action {
            Action::EraseLine => prompt.line.is_empty(),
            Action::Complete if prompt.offered.is_some() => false,
            Action::Complete => match prompt.kind {
                PromptKind::Note | PromptKind::EditNote(_) => self.offers_of(Action::Note, &prompt.line).is_empty(),
                PromptKind::Search => self.offers_of_search(prompt.line.word()).is_empty(),
                PromptKind::Attach | PromptKind::SaveTo | PromptKind::SaveAllTo => false,
                _ => true,
            },
            _ => false,
        }
    }

    /// Tells it of a key in the open conversation.
    fn is_idle_in(&self, action: Action, open: &Open) -> bool {
        let Some(data) = &open.data else { return false };
        let here = open.place_of_last().unwrap_or(0);
        let is_message = |place: usize, of: Option<Direction>| match data.items.get(place) {
            Some(Item::Message(message)) => of.is_none_or(|direction| message.direction == direction),
            _ => false,
        };
        let any_behind = |of| (here + 1..data.items.len()).any(|place| is_message(place, of));
        match action {
            Action::NextMessage => !any_behind(None),
            Action::NextInbound => !any_behind(Some(Direction::Inbound)),
            Action::NextConversation => self.list.cursor + 1 >= self.list.rows.len() && self.list.at_end,
            Action::Unfold => {
                let folds = |item: &Item| match item {
                    Item::Message(message) => message.body.blocks.iter().any(|block| !matches!(block, Block::Text(_))),
                    _ => false,
                };
                !open.unfolded && data.context.is_empty() && !data.items.iter().any(folds)
            }
            _ => false,
        }
    }

    /// Tells it of a key in the pane of the customer.
    fn is_idle_beside(&self, action: Action) -> bool {
        action == Action::Open && self.customer.entry().is_none()
    }
}

/// Tells it of a key in the outbox or among the drafts.
fn is_idle_in_outbox(action: Action, list: &OutList) -> bool {
    let is_empty = if list.is_drafts { list.draft().is_none() } else { list.mail().is_none() };
    is_empty && matches!(action, Action::Open | Action::DiscardDraft | Action::Edit | Action::Retry)
}
