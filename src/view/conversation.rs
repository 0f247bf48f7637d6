//! The pane of the conversation: a head of two rows, then what was written. Laying out a long one costs more than drawing it, so the lines
//! are kept until something changes.

mod head;

use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::app::{App, Hit, Laid, Open, Pane, words};
use crate::keymap::{Action, Context};
use crate::model::conversation::Conversation;
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::chat::{self, ChatLine, Lines, Setting};
use crate::view::layout::{cut, width};
use crate::view::looking::Compared;
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// From this many lines of text on there is room for blank ones.
const AIRY_FROM: u16 = 24;

/// The lines of the conversation that was last drawn.
#[derive(Debug, Default)]
pub struct Cache {
    of: Option<(Arc<Conversation>, Setting)>,
    lines: Lines,
    starts: Vec<(usize, usize)>,
    ends: Vec<usize>,
    /// What was drawn where, for the mouse.
    pub(super) hits: Vec<(Rect, Hit)>,
    /// How many rows of the text that is written are scrolled away.
    pub(super) text_top: usize,
    /// Conversations that are compared.
    pub(super) compared: Compared,
    /// How many lines the topmost page takes, where the state can't know.
    pub(super) page: Option<usize>,
}

impl Cache {
    /// Takes what was drawn where.
    pub(crate) fn take_hits(&mut self) -> Vec<(Rect, Hit)> {
        std::mem::take(&mut self.hits)
    }

    /// Takes how many lines the page takes that was laid out as it was drawn.
    pub(crate) fn take_page(&mut self) -> Option<usize> {
        self.page.take()
    }

    fn lay_out(&mut self, data: &Arc<Conversation>, setting: Setting) {
        let fresh = self.of.as_ref().is_some_and(|(old, as_of)| Arc::ptr_eq(old, data) && *as_of == setting);
        if fresh {
            return;
        }
        self.lines = chat::lines(data, &setting);
        let heads = self.lines.all.iter().enumerate().filter(|(_, line)| line.head);
        self.starts = heads.map(|(n, line)| (line.item, n)).collect();
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        last.extend(self.lines.all.iter().enumerate().map(|(n, line)| (line.item, n + 1)));
        self.ends = self.starts.iter().map(|(item, n)| last.get(item).copied().unwrap_or(n + 1)).collect();
        self.of = Some((Arc::clone(data), setting));
    }
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, cache: &mut Cache) -> Option<Laid> {
    let app = brush.app;
    let Some(open) = &app.open else {
        paint::text(frame, paint::line(area, 0), &format!(" {}", say!("conversation-none")), brush.style(Role::Dim));
        return None;
    };
    let Some(data) = &open.data else {
        paint::text(frame, paint::line(area, 0), &format!(" {}", say!("loading")), brush.style(Role::Dim));
        return None;
    };
    let top = 2 + related(brush, frame, area, data);
    let body = Rect::new(area.x, area.y + top, area.width, area.height.saturating_sub(top));
    cache.lay_out(data, setting(app, open, body, cache));
    let laid = Laid {
        lines: cache.lines.all.len(),
        height: usize::from(body.height),
        starts: cache.starts.clone(),
        ends: cache.ends.clone(),
        hits: cache.lines.hits.clone(),
        folded: cache.lines.folded,
    };
    // As the state will be once it knows how it was laid out.
    let mut seen = open.clone();
    seen.take_layout(laid.clone());
    head::draw(brush, frame, area, &seen, data);
    let selected = seen.message().map(|message| message.id.clone());
    let place = seen.messages().find(|(_, message)| Some(&message.id) == selected.as_ref()).map(|(place, _)| place);
    let hit = seen.find.as_ref().and_then(|find| find.at);
    let top = seen.seen_top();
    for (n, line) in cache.lines.all.iter().skip(top).take(laid.height).enumerate() {
        let has_cursor = line.head && Some(line.item) == place && app.focus == Pane::Conversation;
        row(brush, frame, paint::line(body, n), line, has_cursor, hit);
    }
    Some(laid)
}

/// Returns how the open conversation is to be laid out.
pub(super) fn setting(app: &App, open: &Open, body: Rect, cache: &Cache) -> Setting {
    let label = |action| app.around.keymap.label(Context::Conversation, action);
    let today = words::day_number(app.now, &app.around.zone);
    Setting {
        columns: usize::from(body.width).max(20),
        airy: body.height >= AIRY_FROM,
        unfolded: open.unfolded,
        terminal_bidi: app.around.screen_order.as_is(),
        zone: app.around.zone.clone(),
        today,
        // Only the day matters, so that time going on lays out nothing anew.
        now: cache.of.as_ref().filter(|(_, old)| old.today == today).map_or(app.now, |(_, old)| old.now),
        unfold_key: label(Action::Unfold),
        earlier_key: label(Action::Earlier),
        part_key: label(Action::TextOrHtml),
        outbox_key: label(Action::Outbox),
        files_key: label(Action::Attachments),
        first_new: open.first_new(),
        under: app
            .compose()
            .into_iter()
            .flat_map(|compose| &compose.news)
            .filter_map(|one| one.message.clone())
            .collect(),
        bodies: open
            .partial()
            .map(|message| (message.id.clone(), text::render(&app.why_no_body(&message.id, false))))
            .collect(),
        needles: open.find.as_ref().map(|find| find.needles.clone()).unwrap_or_default(),
        turkish: open.find.as_ref().is_some_and(|find| find.turkish),
    }
}

/// Draws one line. The cursor is the sign turned round, and nothing else.
fn row(brush: &Brush<'_>, frame: &mut Frame<'_>, row: Rect, line: &ChatLine, has_cursor: bool, hit: Option<usize>) {
    let mut sign = brush.style(line.sign_role);
    if has_cursor {
        sign = sign.patch(brush.style(Role::Cursor));
    }
    let mut pieces: Pieces = vec![(line.sign.glyph().to_owned(), sign)];
    pieces.extend(line.pieces.iter().map(|piece| {
        let style = match piece.hit {
            Some(here) if Some(here) == hit => brush.style(Role::FoundHere),
            Some(_) => brush.style(Role::Found),
            None => brush.style(piece.role),
        };
        (piece.text.clone(), style)
    }));
    paint::pieces(frame, row, &pieces);
}

/// The most lines that tell of related conversations.
const RELATED_MAX: usize = 3;

/// Tells of the related conversations in lines below the heading, and returns how many lines that took.
fn related(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, data: &Conversation) -> u16 {
    let app = brush.app;
    let all = &data.related;
    // A pane of a few lines is for what was written.
    let lines = all.len().min(RELATED_MAX).min(usize::from(area.height) / 6);
    let key = app.around.keymap.label(Context::Conversation, Action::JoinRelated);
    let opens = app.around.keymap.label(Context::Conversation, Action::Related);
    for (n, other) in all.iter().take(lines).enumerate() {
        let mut behind = Vec::new();
        if n + 1 == lines && all.len() > lines {
            behind.push(say!("related-more", count = all.len() - lines));
        }
        if n + 1 == lines && !opens.is_empty() {
            behind.push(say!("related-opens", key = &opens));
        }
        if n + 1 == lines && !key.is_empty() {
            behind.push(if all.len() == 1 {
                say!("related-joins", key = &key)
            } else {
                say!("related-joins-one", key = &key)
            });
        }
        let behind: String = behind.iter().map(|words| format!(" · {words}")).collect();
        let words = SafeText::line(&say!("related-is", other = other.phrase()));
        let room = usize::from(area.width).saturating_sub(2 + width(&behind));
        let words = cut(words.as_str(), room);
        let pieces = [(format!(" {words}"), brush.style(Role::Text)), (behind, brush.style(Role::Hint))];
        paint::pieces(frame, paint::line(area, 2 + n), &pieces);
    }
    u16::try_from(lines).unwrap_or(0)
}
