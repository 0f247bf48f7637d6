//! The screen as lines, for screen readers: no boxes, nothing drawn anew, a sentence for each thing that happens.
//!
//! It is another view of the same state by the same keys. What has words of its own here is told by them; a page is told by the lines that
//! it has on the screen, those that are new since the last time.

use std::collections::BTreeSet;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::chat::{self, ChatLine, Setting};
use super::layout::width;
use super::paint::Frame;
use super::{Brush, Cache, collision, conversation, customer, glyphs, list, outgoing, pages, quit, review, status};
use crate::app::{App, Compose, Field, Layer, Page, Pane, Picker, Prompt, words};
use crate::keymap::{Action, Context, Key};
use crate::model::clock::Timestamp;
use crate::model::conversation::{Conversation, Item, ItemId};
use crate::model::ids::ConversationId;
use crate::model::screen_order::{Order, ScreenOrder};
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::text;
use crate::theme::Theme;

/// The columns that a text of several lines is broken to.
const COLUMNS: u16 = 100;
/// The most lines of a page that are told.
const LINES: u16 = 200;

/// What was told last: what is so still is not told again.
#[derive(Debug, Default)]
pub struct Linear {
    out: String,
    /// Whether what was written last is a line that is still typed on.
    is_typing: bool,
    list: Option<(String, u64)>,
    at: Option<At>,
    /// What was told of the conversation that is open, also while something lies over it.
    heard: Option<Heard>,
    typed: Option<String>,
    page: Vec<String>,
    asked: Option<String>,
    told: BTreeSet<(Timestamp, SafeText)>,
}

/// What was told of an open conversation.
#[derive(Debug)]
struct Heard {
    of: ConversationId,
    /// The item under the cursor.
    on: Option<usize>,
    /// The items that were there, as [`name_of`] names them: their places change as mail comes in between.
    items: BTreeSet<String>,
}

/// What the cursor is on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum At {
    Row(ConversationId),
    /// A list without rows, and what is said of that.
    Empty(String),
    View(usize),
    /// A conversation, whether it is loaded, the item under the cursor and the number of items.
    Open(ConversationId, bool, Option<usize>, usize),
    Customer,
    Prompt(String),
    Picker(String, String),
    Writing(String, Field, usize),
    Page(Discriminant<Layer>, Option<Discriminant<Page>>),
}

impl Linear {
    /// Takes note of a key, before it acts: one that is no letter of a text is told.
    pub fn pressed(&mut self, app: &App, key: Key) {
        let is_letter = matches!(app.context(), Context::Input | Context::Compose) && key.typed().is_some();
        if !is_letter {
            self.say(&format!("> {key}"));
        }
    }

    /// Returns what is to be written for what happened since the last time.
    pub fn tell(&mut self, app: &App, theme: &Theme) -> String {
        if app.is_filling() {
            return String::new();
        }
        match app.layers.last() {
            None => self.panes(app, theme),
            Some(Layer::Prompt(prompt)) => self.prompt(prompt),
            Some(Layer::Picker(picker)) => self.picker(picker),
            Some(Layer::Compose(compose)) if compose.review.is_none() => self.writing(app, compose),
            Some(layer) => self.layer(app, theme, layer),
        }
        let asked = status::asked(app);
        if self.asked != asked {
            asked.iter().for_each(|question| self.say(question));
            self.asked = asked;
        }
        let new: Vec<_> =
            app.notices.iter().filter(|n| !self.told.contains(&(n.at, n.text.clone()))).cloned().collect();
        for notice in new {
            let hint = notice.hint.as_str();
            let line = if hint.is_empty() { format!("{}.", notice.text) } else { format!("{}. {hint}.", notice.text) };
            self.say(&line);
            self.told.insert((notice.at, notice.text));
        }
        let out = std::mem::take(&mut self.out);
        if app.around.ascii { glyphs::in_ascii(&out) } else { out }
    }

    fn say(&mut self, line: &str) {
        if std::mem::take(&mut self.is_typing) {
            self.out.push_str("\r\n");
        }
        self.out.push_str(SafeText::line(line).as_str());
        self.out.push_str("\r\n");
    }

    fn panes(&mut self, app: &App, theme: &Theme) {
        (self.typed, self.page) = (None, Vec::new());
        if matches!(app.focus, Pane::List | Pane::Views) {
            self.heard = None;
        }
        // The first sentence says how many there are, and waits until that is known.
        if self.list.is_none() && !app.is_idle() {
            return;
        }
        let heading = heading(app);
        if self.list.as_ref() != Some(&heading) {
            let is_other = self.list.as_ref().is_none_or(|(name, _)| *name != heading.0);
            if self.list.is_none() {
                self.say(&say!("linear-begin"));
            }
            if is_other {
                self.say(&say!("linear-list", view = &heading.0, count = heading.1));
                self.at = None;
            }
            self.list = Some(heading);
        }
        let at = match app.focus {
            Pane::Views => Some(At::View(app.view_cursor)),
            Pane::List => Some(match app.list.current() {
                Some(row) => At::Row(row.id.clone()),
                None => At::Empty(list::nothing(app)),
            }),
            Pane::Conversation => app.open.as_ref().map(|open| {
                let items = open.data.as_ref().map_or(0, |data| data.items.len());
                let on = open.messages().find(|(_, m)| Some(&m.id) == open.message().map(|m| &m.id));
                At::Open(open.id.clone(), open.data.is_some(), on.map(|(place, _)| place), items)
            }),
            Pane::Customer => Some(At::Customer),
        };
        if app.focus == Pane::Customer {
            let lines = drawn(app, theme, customer::draw);
            self.at = at;
            return self.lines(lines);
        }
        if at == self.at {
            return;
        }
        match (&at, app.focus) {
            (Some(At::View(place)), _) => {
                let view = app.views.get(*place).map(|view| text::render(&view.title())).unwrap_or_default();
                let count = app.views.get(*place).and_then(|view| app.count_of_view(view)).unwrap_or_default();
                self.say(&say!("linear-view", view = view, count = count));
            }
            (Some(At::Row(_)), _) => {
                if let Some(row) = app.list.current() {
                    self.say(&row_sentence(app, row));
                }
            }
            (Some(At::Open(id, true, on, _)), _) => self.conversation(app, id, *on),
            (Some(At::Empty(words)), _) => self.say(words),
            _ => {}
        }
        self.at = at;
    }

    /// Tells a conversation that was opened, the message that the cursor went to, or what came. What was told of it already is not told again
    /// where a mail that was written over it is done with.
    fn conversation(&mut self, app: &App, id: &ConversationId, on: Option<usize>) {
        let Some(data) = app.open.as_ref().and_then(|open| open.data.clone()) else { return };
        let lines = lines_of(app, &data);
        let of = |place: usize| -> Vec<String> {
            lines.iter().filter(|(item, _)| *item == place).map(|(_, line)| line.clone()).collect()
        };
        let items: Vec<String> = data.items.iter().map(name_of).collect();
        match self.heard.take().filter(|heard| heard.of == *id) {
            Some(heard) => {
                let came = |place: &usize| items.get(*place).is_some_and(|name| !heard.items.contains(name));
                let new: Vec<String> = (0..items.len()).filter(came).flat_map(of).collect();
                // Where something came the cursor went along with it.
                let is_elsewhere = on.and_then(|on| items.get(on)).is_some_and(|name| heard.items.contains(name));
                let moved = on.filter(|_| on != heard.on && new.is_empty() && is_elsewhere);
                let moved = moved.map(of).unwrap_or_default();
                new.iter().chain(&moved).for_each(|line| self.say(line));
            }
            None => {
                self.say(&row_sentence(app, &data.row));
                self.say(&say!("linear-messages", count = data.row.messages));
                on.map(of).unwrap_or_default().iter().for_each(|line| self.say(line));
            }
        }
        self.heard = Some(Heard { of: id.clone(), on, items: items.into_iter().collect() });
    }

    fn prompt(&mut self, prompt: &Prompt) {
        let label = prompt.kind.label().trim().to_owned();
        let at = Some(At::Prompt(label.clone()));
        if self.at != at {
            self.say(&label);
            (self.at, self.typed) = (at, Some(String::new()));
        }
        self.type_on(&prompt.line.text());
        if let Some(error) = &prompt.error {
            self.lines(vec![error.clone()]);
        }
    }

    fn picker(&mut self, picker: &Picker) {
        let chosen = picker.chosen();
        let label = chosen.map(|choice| choice.label.clone()).unwrap_or_default();
        let at = Some(At::Picker(picker.title.clone(), label));
        let is_new = !matches!(&self.at, Some(At::Picker(title, _)) if *title == picker.title);
        if is_new {
            self.say(picker.title.trim());
            self.typed = Some(String::new());
        }
        self.type_on(&picker.line.text());
        if self.at == at {
            return;
        }
        self.at = at;
        match chosen {
            None => self.say(&say!("pick-no-match")),
            Some(choice) => {
                let why = choice.disabled.as_ref().map(|why| say!("pick-not-now", why = why)).unwrap_or_default();
                let key = choice.key.as_str();
                let parts = [choice.label.as_str(), choice.detail.as_str(), key, why.as_str()].into_iter();
                let parts = parts.chain(choice.facts.iter().map(String::as_str));
                let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
                let (n, of) = (picker.at.map_or(0, |at| at + 1), picker.shown.len());
                self.say(&say!("linear-choice", choice = parts.join(", "), n = n, of = of));
            }
        }
    }

    fn writing(&mut self, app: &App, compose: &Compose) {
        let name = compose.conversation().map(ToString::to_string).unwrap_or_default();
        let line = if compose.field == Field::Body { compose.body.area.line() } else { 0 };
        let text = match compose.field {
            Field::From => compose.sender().to_string(),
            Field::To => compose.to.text(),
            Field::Cc => compose.cc.text(),
            Field::Bcc => compose.bcc.text(),
            Field::Subject => compose.subject.text(),
            Field::Body => compose.body.area.lines().get(line).copied().unwrap_or_default().to_owned(),
        };
        let at = Some(At::Writing(name.clone(), compose.field, line));
        let is_begun = matches!(&self.at, Some(At::Writing(before, ..)) if *before == name);
        if !is_begun {
            let (to, quoted) =
                (compose.to.text(), compose.body.area.lines().iter().filter(|l| l.starts_with('>')).count());
            let key = app.compose_key(Action::Review);
            self.say(&say!("linear-writing", to = to, quoted = quoted, key = key));
        }
        if self.at != at {
            let field = match compose.field {
                Field::From => say!("linear-field-from"),
                Field::To => say!("linear-field-to"),
                Field::Cc => say!("linear-field-cc"),
                Field::Bcc => say!("linear-field-bcc"),
                Field::Subject => say!("linear-field-subject"),
                Field::Body => String::new(),
            };
            let said = format!("{field} {text}");
            if !said.trim().is_empty() {
                self.say(said.trim());
            }
            (self.at, self.typed) = (at, Some(text.clone()));
        }
        self.type_on(&text);
    }

    /// Echoes what was typed behind the rest; what was changed otherwise is told whole.
    fn type_on(&mut self, text: &str) {
        let before = self.typed.replace(text.to_owned()).unwrap_or_default();
        if before == text {
            return;
        }
        match text.strip_prefix(before.as_str()) {
            Some(more) => {
                self.out.push_str(SafeText::line(more).as_str());
                self.is_typing = true;
            }
            None if text.is_empty() => self.say(&say!("linear-nothing-typed")),
            None => self.say(text),
        }
    }

    fn layer(&mut self, app: &App, theme: &Theme, layer: &Layer) {
        let page = if let Layer::Page(page) = layer { Some(discriminant(page)) } else { None };
        let at = Some(At::Page(discriminant(layer), page));
        if self.at != at {
            (self.at, self.page) = (at, Vec::new());
        }
        let lines = drawn(app, theme, |brush, frame, area| match layer {
            Layer::Page(page) => pages::draw(brush, frame, page, &mut Cache::default()),
            Layer::Out(list) => outgoing::draw(brush, frame, list),
            Layer::Quit(quitting) => quit::draw(brush, frame, app.sheet_of(layer).unwrap_or(area), quitting),
            Layer::Compose(compose) => review::draw(brush, frame, area, compose),
            Layer::Collision(collision) => collision::draw(brush, frame, collision),
            Layer::Prompt(_) | Layer::Picker(_) => {}
        });
        self.lines(lines);
    }

    /// Tells those of a page's lines that were not told of it before.
    fn lines(&mut self, lines: Vec<String>) {
        let new: Vec<String> = lines.iter().filter(|line| !self.page.contains(line)).cloned().collect();
        new.iter().for_each(|line| self.say(line));
        self.page = lines;
    }
}

/// Names an item of a conversation, whatever becomes of it.
fn name_of(item: &Item) -> String {
    match item {
        Item::Event(event) => format!("event {}", event.id),
        item => match item.id() {
            Some(ItemId::Message(id)) => format!("message {id}"),
            Some(ItemId::Note(id)) => format!("note {id}"),
            None => String::new(),
        },
    }
}

fn heading(app: &App) -> (String, u64) {
    let name = match &app.list.search {
        Some(search) => format!("/ {search}"),
        None => app.shown_view().map(|view| text::render(&view.title())).unwrap_or_default(),
    };
    (name, app.total().unwrap_or(app.list.rows.len() as u64))
}

/// Says a row in a sentence: who, what about, how it stands, whose it is.
fn row_sentence(app: &App, row: &ConversationRow) -> String {
    let mut parts = vec![row.people.to_string(), text::titled(row.title.as_str())];
    if row.unread {
        parts.push(say!("linear-new"));
    }
    parts.extend(row.waiting_since.map(|since| say!("waits", span = words::span(app.now.since(since)))));
    parts.push(match row.snoozed_until {
        Some(until) => say!("snoozed-until", until = app.say(until)),
        None => text::render(&row.status.phrase()),
    });
    parts.push(match &row.assignee {
        None => say!("nobody"),
        Some(who) if *who == app.around.me => say!("me"),
        Some(who) => who.to_string(),
    });
    parts.extend(app.present_at(row).iter().map(|one| text::render(&one.phrase(|at| app.since(at)))));
    parts.extend(row.tags.iter().map(|tag| format!("#{tag}")));
    if app.is_marked(row) {
        parts.push(say!("linear-marked"));
    }
    parts.push(row.short.clone());
    format!("{}.", parts.join(". "))
}

/// Returns the lines of a conversation with the items that they belong to.
fn lines_of(app: &App, data: &Arc<Conversation>) -> Vec<(usize, String)> {
    let Some(open) = &app.open else { return Vec::new() };
    // Whoever reads aloud wants the letters in the order in which they are read.
    let place = Rect::new(0, 0, COLUMNS, 1);
    let setting = Setting { terminal_bidi: true, ..conversation::setting(app, open, place, &Cache::default()) };
    let words = |line: &ChatLine| line.pieces.iter().map(|piece| piece.text.as_str()).collect::<String>();
    let said = |line: &ChatLine| match line.head {
        // What stands at the right of a screen is the next word here.
        true => words(line).split_whitespace().collect::<Vec<_>>().join(" "),
        false => bare(&words(line)).to_owned(),
    };
    let lines = chat::lines(data, &setting).all.into_iter().map(|line| (line.item, said(&line)));
    lines.filter(|(_, line)| has_words(line)).collect()
}

/// Returns the lines of something as it is drawn, without what only frames it.
fn drawn(app: &App, theme: &Theme, draw: impl FnOnce(&Brush<'_>, &mut Frame<'_>, Rect)) -> Vec<String> {
    let mut app = app.clone();
    app.size = (COLUMNS, LINES);
    // Whoever reads aloud wants the letters in the order in which they are read.
    app.around.screen_order = ScreenOrder { order: Order::Terminal, fences: false, joins: false };
    let brush = Brush { app: &app, theme, idle: app.idle(), hits: std::cell::RefCell::default() };
    let area = Rect::new(0, 0, COLUMNS, LINES);
    let mut buffer = Buffer::empty(area);
    draw(&brush, &mut Frame::on(&mut buffer, app.around.screen_order), area);
    let mut lines = Vec::new();
    for y in 0..LINES {
        let (mut line, mut covered) = (String::new(), 0);
        for x in 0..COLUMNS {
            let Some(cell) = buffer.cell((x, y)) else { continue };
            if covered > 0 {
                covered -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            covered = width(cell.symbol()).saturating_sub(1);
        }
        if has_words(&line) {
            // A rule between two words of a title is none of them.
            let parts = line.split("──").map(bare).filter(|part| has_words(part));
            lines.push(parts.collect::<Vec<_>>().join(" · ").split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    lines
}

/// Returns a line without what frames it.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| c.is_whitespace() || "│┌┐└┘─╭╮╰╯".contains(c))
}

fn has_words(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric)
}
