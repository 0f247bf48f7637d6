//! Draws the state. It reads [`App`] and never changes it; what costs time to lay out is kept in a [`Cache`].
//!
//! Text from outside comes as `SafeText` and is laid out per field, so that no direction of one can reach into another.

mod chat;
mod collision;
mod compose;
mod conversation;
mod customer;
mod field;
mod glyphs;
mod help;
mod hints;
pub mod layout;
pub mod linear;
mod list;
mod looking;
mod marked;
mod outgoing;
mod pages;
mod paint;
mod pickers;
mod prompts;
mod queue;
mod quit;
mod review;
mod sheet;
mod status;
mod views;
mod which;

use std::cell::RefCell;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::{App, Hit, Idle, Laid, Layer, Pane};
use crate::theme::{Role, Theme};
use crate::view::paint::Frame;

pub use conversation::Cache;

/// What drawing needs beside the state.
pub(crate) struct Brush<'a> {
    pub app: &'a App,
    pub theme: &'a Theme,
    /// The keys that would change nothing, and what is known to tell them.
    pub idle: Idle<'a>,
    /// What is drawn where, for the mouse.
    hits: RefCell<Vec<(Rect, Hit)>>,
}

impl Brush<'_> {
    pub(crate) fn style(&self, role: Role) -> ratatui::style::Style {
        self.theme.style(role)
    }

    /// Notes what stands at a place, for the mouse.
    pub(crate) fn hit(&self, place: Rect, hit: Hit) {
        if self.app.around.mouse {
            self.hits.borrow_mut().push((place, hit));
        }
    }
}

/// A smaller screen says that it is: nothing is lost meanwhile.
const COLUMNS_MIN: u16 = 40;
const ROWS_MIN: u16 = 8;

/// Draws the whole screen on blank paper, and returns how the conversation was laid out, for the state to know how far it can be scrolled,
/// and where the cursor is to be seen.
pub fn draw(paper: &mut Buffer, app: &App, theme: &Theme, cache: &mut Cache) -> (Option<Laid>, Option<Position>) {
    let mut paper = Frame::on(paper, app.around.screen_order);
    let laid = draw_all(&mut paper, app, theme, cache);
    if app.around.ascii {
        paint::to_ascii(&mut paper);
    }
    if let Some(ground) = theme.ground() {
        paint::ground(&mut paper, ground);
    }
    (laid, paper.cursor())
}

fn draw_all(frame: &mut Frame<'_>, app: &App, theme: &Theme, cache: &mut Cache) -> Option<Laid> {
    let brush = Brush { app, theme, idle: app.idle(), hits: RefCell::default() };
    let laid = draw_with(&brush, frame, cache);
    cache.hits = brush.hits.into_inner();
    laid
}

fn draw_with(brush: &Brush<'_>, frame: &mut Frame<'_>, cache: &mut Cache) -> Option<Laid> {
    let (app, theme) = (brush.app, brush.theme);
    let area = frame.area();
    if area.width < COLUMNS_MIN || area.height < ROWS_MIN {
        paint::text(frame, area, &say!("screen-too-small"), theme.style(Role::Text));
        return None;
    }
    let places = app.geometry();
    let writing = app.compose().map(|compose| compose::desk(brush, compose));
    let panes = [
        (places.views, Pane::Views),
        (places.list, Pane::List),
        (places.customer, Pane::Customer),
        // Where a mail is written it stands over the others.
        (writing.map_or(places.conversation, |desk| desk.conversation), Pane::Conversation),
    ];
    for (place, pane) in panes.into_iter().filter_map(|(place, pane)| Some((place?, pane))) {
        brush.hit(place, Hit::Pane(pane));
    }
    if let (Some(list), Some(conversation)) = (places.list, places.conversation)
        && list.right() + 1 == conversation.x
    {
        brush.hit(Rect::new(list.right(), list.y, 1, list.height), Hit::Split);
    }
    if let Some(place) = places.views.filter(|_| !places.views_lie_over()) {
        views::draw(brush, frame, place);
    }
    if let Some(place) = places.list {
        list::draw(brush, frame, place);
    }
    let read = writing.map_or(places.conversation, |desk| desk.conversation.or(places.conversation));
    if let Some(place) = read.filter(|_| writing.is_some()) {
        // Where it stands in the place of others, nothing of them shows through.
        paint::clear(frame, place);
    }
    let read = read.map(|place| queue::draw(brush, frame, place));
    let laid = read.and_then(|place| conversation::draw(brush, frame, place, cache));
    if let Some(place) = places.conversation.filter(|_| app.focus == Pane::List && !app.marks.is_empty()) {
        marked::draw(brush, frame, place);
    }
    if let Some(place) = places.customer {
        customer::draw(brush, frame, place);
    }
    let panes = match writing {
        Some(desk) if !desk.beside => Vec::new(),
        _ => vec![places.list, places.conversation, places.customer],
    };
    for place in panes.into_iter().flatten().filter(|place| place.x > 0) {
        let line = Rect::new(place.x - 1, place.y, 1, place.height);
        paint::column(frame, line, '│', theme.style(Role::Border));
    }
    if let Some(place) = places.views.filter(|_| places.views_lie_over()) {
        brush.hit(place, Hit::Pane(Pane::Views));
        views::draw_over(brush, frame, place);
    }
    if let Some(place) = places.status {
        status::draw(brush, frame, place);
    }
    // A page covers the sheets below it, which would begin elsewhere.
    let page = app.layers.iter().rposition(|layer| matches!(layer, Layer::Page(_))).unwrap_or(0);
    for (place, layer) in app.layers.iter().enumerate() {
        if place < page && matches!(layer, Layer::Prompt(_) | Layer::Picker(_) | Layer::Quit(_)) {
            continue;
        }
        let sheet = app.sheet_of(layer).unwrap_or_default();
        match layer {
            Layer::Prompt(prompt) => prompts::draw(brush, frame, sheet, prompt, laid.as_ref()),
            Layer::Picker(picker) => pickers::draw(brush, frame, sheet, picker),
            Layer::Page(page) => pages::draw(brush, frame, page, cache),
            Layer::Compose(compose) => compose::draw(brush, frame, compose, &mut cache.text_top),
            Layer::Collision(collision) => collision::draw(brush, frame, collision),
            Layer::Out(list) => outgoing::draw(brush, frame, list),
            Layer::Quit(quitting) => quit::draw(brush, frame, sheet, quitting),
        }
    }
    if let Some(sheet) = app.sheet().filter(|_| app.which) {
        which::draw(brush, frame, sheet);
    }
    hints::draw(brush, frame, places.hints);
    laid
}
