//! The row above the last: what was told, and how the connection stands.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::{App, Layer, Notice, Severity, words};
use crate::keymap::Action;
use crate::model::change::{Connectivity, Part};
use crate::model::view::View;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// A row of fewer columns says the least.
const NARROW: usize = 60;

/// A piece at the right with its weight: where there is no room for all, the lightest gives way.
type Weighed = (u8, String, Role);

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let columns = usize::from(area.width);
    let (said, is_leaving_said) = said(brush);
    let mut right = connection(brush.app);
    if let (Some((words, _)), false) = (leaving(brush.app), is_leaving_said) {
        right.insert(0, (9, format!(" {words}"), Role::Good));
    }
    // What is told has two thirds of the row where it needs them, and with a key that takes it back more of a narrow one.
    let share = if said.takes_back && columns < NARROW { columns * 4 / 5 } else { columns * 2 / 3 };
    let right = fitting(right, columns - said.span().min(share));
    let right: Pieces = right.into_iter().map(|(_, text, role)| (text, brush.style(role))).collect();
    let taken = u16::try_from(paint::span(&right)).unwrap_or(area.width).min(area.width);
    let left = Rect::new(area.x, area.y, area.width - taken, area.height);
    paint::pieces(frame, left, &said.within(usize::from(left.width)));
    paint::pieces(frame, Rect::new(area.right() - taken, area.y, taken, area.height), &right);
}

/// Takes the lightest pieces away until the others fit.
fn fitting(mut pieces: Vec<Weighed>, room: usize) -> Vec<Weighed> {
    while pieces.iter().map(|(_, text, _)| width(text)).sum::<usize>() > room {
        let lightest = pieces.iter().enumerate().min_by_key(|(_, (weight, ..))| *weight).map(|(at, _)| at);
        let Some(at) = lightest else { break };
        pieces.remove(at);
    }
    pieces
}

/// What is told, and the keys that are named behind it.
#[derive(Default)]
struct Said {
    words: (String, Style),
    keys: Pieces,
    /// Whether the keys take back what is told: for them the words give way.
    takes_back: bool,
}

impl Said {
    fn span(&self) -> usize {
        width(&self.words.0) + paint::span(&self.keys)
    }

    fn within(self, columns: usize) -> Pieces {
        let Said { words: (words, style), keys, takes_back } = self;
        // Half of the row is for what happened, whatever is to be said of keys.
        let room = columns.saturating_sub(paint::span(&keys)).max(columns / 2);
        let words = if takes_back { cut(&words, room) } else { words };
        std::iter::once((words, style)).chain(keys).collect()
    }
}

/// Returns what is told, and whether that is the mail that was just sent.
fn said(brush: &Brush<'_>) -> (Said, bool) {
    let app = brush.app;
    if let Some(question) = asked(app) {
        let words = (format!(" {question}"), brush.style(Role::Warning));
        return (Said { words, ..Said::default() }, false);
    }
    let notice = app.notice();
    match leaving(app) {
        Some((words, back)) if notice.is_none_or(|notice| notice.severity == Severity::Info) => {
            let words = (format!(" {words}"), brush.style(Role::Good));
            let takes_back = usize::from(app.size.0) >= NARROW;
            (Said { words, keys: vec![(back, brush.style(Role::Hint))], takes_back }, true)
        }
        _ => (notice.map_or_else(Said::default, |notice| told(brush, notice)), false),
    }
}

/// Returns the question that waits for a key.
pub(super) fn asked(app: &App) -> Option<String> {
    if app.compose().is_some_and(|compose| compose.asking) {
        return Some(say!("ask-discard"));
    }
    match app.layers.last() {
        Some(Layer::Out(list)) if list.asking.is_some() => {
            Some(if list.is_drafts { say!("ask-discard") } else { say!("ask-drop") })
        }
        _ => None,
    }
}

/// Says of the mail that was just sent when it goes, and how it is taken back.
fn leaving(app: &App) -> Option<(String, String)> {
    let leaving = app.leaving.as_ref()?;
    let left = leaving.due.since(app.now);
    // When it goes stands behind to whom, and is never what is cut off.
    let who = cut(leaving.to.as_str(), usize::from(app.size.0 / 3));
    let words = || match app.around.reduced_motion {
        true => say!("leaving-at", who = &who, at = words::clock(leaving.due, &app.around.zone)),
        false => say!("leaving-in", who = &who, span = words::span(left + 500)),
    };
    let back = match app.layers.is_empty() {
        true => format!(" · {}", say!("hint-takes-back", key = app.key_of(Action::Undo))),
        false => String::new(),
    };
    (left > 0).then(|| (words(), back))
}

fn told(brush: &Brush<'_>, notice: &Notice) -> Said {
    let app = brush.app;
    let (sign, role) = match notice.severity {
        Severity::Info => (String::new(), Role::Good),
        Severity::Warning => ("! ".to_owned(), Role::Warning),
        Severity::Error => (format!("! {} ", say!("notice-error")), Role::Error),
    };
    let mut keys = Pieces::new();
    if !notice.hint.is_empty() {
        keys.push((format!(" · {}", notice.hint), brush.style(Role::Hint)));
    }
    let others = app.unread() - usize::from(notice.severity > Severity::Info);
    if others > 0 {
        let key = app.key_of(Action::Messages);
        keys.push((format!(" · {}", say!("notice-others", count = others, key = key)), brush.style(Role::Hint)));
    }
    let words = (format!(" {sign}{}", notice.text), brush.style(role));
    Said { words, keys, takes_back: notice.command.is_some() && notice.severity == Severity::Info }
}

fn connection(app: &App) -> Vec<Weighed> {
    let mut pieces: Vec<Weighed> = Vec::new();
    let counts = &app.counts;
    if counts.failed > 0 {
        pieces.push((9, format!(" ! {}", say!("count-not-sent", count = counts.failed)), Role::Error));
    }
    if counts.bounced > 0 {
        pieces.push((8, format!(" ! {}", say!("count-came-back", count = counts.bounced)), Role::Error));
    }
    let news = counts.get(&View::InTray);
    if news > 0 {
        let words = match app.size.0 {
            0..60 => format!(" {}{}", text::NEWS_SIGN, words::number(news)),
            _ => format!(" {} {}", text::NEWS_SIGN, say!("count-new", count = news)),
        };
        pieces.push((5, words, Role::News));
    }
    // Beside other panes the head of the list says it.
    if !app.marks.is_empty() && (60..100).contains(&app.size.0) {
        let words = app.marked_count().map_or_else(|| say!("marked-all"), |count| say!("marked", count = count));
        pieces.push((7, format!(" {words}"), Role::Marked));
    }
    if app.tickets.is_at_many() {
        pieces.push((8, format!(" {}", say!("status-at-many")), Role::Dim));
    }
    if counts.to_derive > 0 {
        let left = app.deriving_left().map(|left| format!(" {}", say!("derive-left", left = words::span(left))));
        let left = left.filter(|_| app.size.0 >= 100).unwrap_or_default();
        pieces.push((1, format!(" {}{left}", say!("count-to-derive", count = counts.to_derive)), Role::Dim));
    }
    if counts.to_push > 0 {
        let why = app.why_to_push(app.size.0 >= 100).map(|why| format!(": {why}")).unwrap_or_default();
        pieces.push((4, format!(" {}{why}", say!("count-to-push", count = counts.to_push)), Role::Pending));
    }
    if !counts.orphaned.is_empty() {
        let stay: u64 = counts.orphaned.values().sum();
        pieces.push((2, format!(" {}", say!("count-stay", count = stay)), Role::Dim));
    }
    if counts.to_move > 0 {
        // The reason stands among the notices.
        let (sign, role) = if counts.stuck > 0 { ("! ", Role::Warning) } else { ("", Role::Pending) };
        pieces.push((3, format!(" {sign}{}", say!("count-to-move", count = counts.to_move)), role));
    }
    pieces.extend(accounts(app));
    pieces
}

/// Says how the accounts stand, and which parts of them are in trouble.
fn accounts(app: &App) -> Vec<Weighed> {
    let mut pieces = Vec::new();
    let Some((status, state)) = app.connectivity() else { return pieces };
    let late = status.last_pass.map(|at| app.now.since(at)).filter(|lag| *lag >= 120_000);
    let lag = late.map(|lag| format!(" {}", say!("sync-behind", lag = words::span(lag)))).unwrap_or_default();
    let next = status.next_try.filter(|at| *at > app.now);
    let again = next.map(|at| format!(", {}", say!("sync-again", at = words::clock(at, &app.around.zone))));
    let again = again.unwrap_or_default();
    let parts = app.parts_in_trouble();
    let is_in_trouble = !parts.is_empty();
    if is_in_trouble {
        // Mail that does not go out is a promise that is being broken.
        let role = if parts.contains(&Part::Outbox) { Role::Error } else { Role::Warning };
        let parts = parts.into_iter().map(|part| text::render(&part.phrase())).collect::<Vec<_>>().join(", ");
        let trouble = if app.size.0 >= 100 { say!("trouble-of", parts = parts) } else { parts };
        pieces.push((7, format!(" ! {trouble}"), role));
    }
    let (text, role) = match state {
        Connectivity::Current if app.is_in_sync() && lag.is_empty() => (say!("sync-current"), Role::Good),
        Connectivity::Current if !status.message.is_empty() => (say!("sync-by-another"), Role::Dim),
        Connectivity::Current if is_in_trouble => (lag.trim_start().to_owned(), Role::Dim),
        Connectivity::Current => (format!("{}{lag}", say!("sync-connected")), Role::Dim),
        Connectivity::Working => match status.progress {
            Some((done, of)) if of > 0 => match status.left.filter(|_| app.size.0 >= 100) {
                Some(left) => (say!("sync-portion-left", done = done, of = of, left = words::span(left)), Role::Dim),
                None => (say!("sync-portion", done = done, of = of), Role::Dim),
            },
            _ => (say!("sync-working"), Role::Dim),
        },
        Connectivity::Connecting => (say!("sync-connecting"), Role::Dim),
        Connectivity::Offline => (format!("{}{lag}{again}", say!("sync-offline")), Role::Offline),
        Connectivity::Blocked => (format!("{}{again}", say!("sync-blocked")), Role::Error),
    };
    let weight = if state >= Connectivity::Offline { 6 } else { 0 };
    pieces.push((weight, format!(" {text} "), role));
    pieces
}
