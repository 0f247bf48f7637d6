//! The line at the bottom: what was told or which keys help, and how the connection stands.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Layer, OutList, Pane, Severity, words};
use crate::keymap::{Action, Context, Resolved, write_keys};
use crate::model::change::Connectivity;
use crate::model::reply::OutState;
use crate::text;
use crate::theme::Role;
use crate::view::layout::width;
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let right = connection(brush);
    let taken = u16::try_from(paint::span(&right)).unwrap_or(area.width).min(area.width);
    let left = Rect::new(area.x, area.y, area.width - taken, area.height);
    paint::pieces(frame, left, &said(brush, usize::from(left.width)));
    paint::pieces(frame, Rect::new(area.right() - taken, area.y, taken, area.height), &right);
}

fn said(brush: &Brush<'_>, room: usize) -> Pieces {
    let app = brush.app;
    if app.compose().is_some_and(|compose| compose.asking) {
        return vec![(format!(" {}", say!("ask-discard")), brush.style(Role::Warning))];
    }
    if let Some(Layer::Out(list)) = app.layers.last()
        && list.asking.is_some()
    {
        let asked = if list.is_drafts { say!("ask-discard") } else { say!("ask-drop") };
        return vec![(format!(" {asked}"), brush.style(Role::Warning))];
    }
    let error = app.notice().is_some_and(|notice| notice.severity == Severity::Error);
    if let (Some(leaving), false) = (&app.leaving, error) {
        let left = leaving.due.since(app.now);
        if left > 0 {
            let key = app.key_of(Action::Undo);
            let back = if app.layers.is_empty() {
                format!(" · {}", say!("hint-takes-back", key = key))
            } else {
                String::new()
            };
            return vec![
                (
                    format!(" {}", say!("leaving-in", who = &leaving.to, span = words::span(left + 500))),
                    brush.style(Role::Good),
                ),
                (back, brush.style(Role::Hint)),
            ];
        }
    }
    if let Some(notice) = app.notice() {
        let (sign, role) = match notice.severity {
            Severity::Info => (String::new(), Role::Good),
            Severity::Warning => ("! ".to_owned(), Role::Warning),
            Severity::Error => (format!("{} ", say!("notice-error")), Role::Error),
        };
        let more = match app.unread() {
            unread if unread > 1 && notice.severity > Severity::Info => {
                format!("{} ", say!("notice-first", of = unread))
            }
            _ => String::new(),
        };
        let mut pieces = vec![(format!(" {sign}{more}{}", notice.text), brush.style(role))];
        if !notice.hint.is_empty() {
            pieces.push((format!(" · {}", notice.hint), brush.style(Role::Hint)));
        }
        if notice.severity > Severity::Info {
            pieces
                .push((format!(" · {}", say!("hint-closes", key = app.key_of(Action::Back))), brush.style(Role::Hint)));
        }
        return pieces;
    }
    hints(brush, room)
}

/// Returns the keys that help most here, as many as fit.
fn hints(brush: &Brush<'_>, room: usize) -> Pieces {
    use Action::*;
    let app = brush.app;
    let marked = [Close, Assign, Tag, Snooze, Merge, Back, Help];
    let list = [Open, Reply, Assign, Close, Tag, Help, Note, Search, Snooze, Mark, Quit];
    let conversation =
        [Back, Reply, Assign, Close, Note, Help, Tag, Unfold, JoinRelated, Snooze, NextConversation, Log];
    let views = [Open, NextPane, Search, Help, Quit];
    let compose = [Review, KeepDraft, NextField, SavedReplies, Attach, Editor, Quoting, Markdown, UndoTyping];
    let review = [Send, SendClose, SendKeep, SendLater, Edit, DiscardDraft];
    let wanted: &[Action] = match (app.layers.last(), app.focus) {
        (Some(Layer::Out(list)), _) => outgoing(list),
        _ if app.context() == Context::Review => &review,
        _ if app.context() == Context::Compose => &compose,
        (_, Pane::List) if !app.marks.is_empty() => &marked,
        (_, Pane::List) => &list,
        (_, Pane::Conversation) => &conversation,
        (_, Pane::Views) => &views,
    };
    let mut pieces: Pieces = Vec::new();
    for action in wanted.iter().filter(|action| app.why_not(**action).is_none()) {
        let key = app.around.keymap.label(app.context(), *action);
        let words = format!(" {} ", action.short());
        if key.is_empty() || paint::span(&pieces) + width(&key) + width(&words) + 1 > room {
            continue;
        }
        pieces.push((format!(" {key}"), brush.style(Role::Key)));
        pieces.push((words, brush.style(Role::Hint)));
    }
    pieces
}

/// Returns the keys that can act on what is under the cursor.
fn outgoing(list: &OutList) -> &'static [Action] {
    if list.is_drafts {
        return &[Action::Edit, Action::DiscardDraft, Action::Back];
    }
    match list.mail().map(|mail| mail.state) {
        Some(OutState::Stopped) => {
            &[Action::Edit, Action::SendAnyway, Action::ToNote, Action::DiscardDraft, Action::Back]
        }
        Some(OutState::Failed) => {
            &[Action::Retry, Action::Edit, Action::CancelMail, Action::DiscardDraft, Action::Back]
        }
        Some(OutState::Uncertain) => {
            &[Action::SendAnyway, Action::Edit, Action::CancelMail, Action::DiscardDraft, Action::Back]
        }
        Some(OutState::Held) => &[Action::Edit, Action::Retry, Action::CancelMail, Action::DiscardDraft, Action::Back],
        _ => &[Action::Back],
    }
}

fn connection(brush: &Brush<'_>) -> Pieces {
    let app = brush.app;
    let mut pieces: Pieces = Vec::new();
    if app.counts.failed > 0 {
        pieces.push((format!(" ! {}", say!("count-not-sent", count = app.counts.failed)), brush.style(Role::Error)));
    }
    if app.counts.bounced > 0 {
        pieces.push((format!(" ! {}", say!("count-came-back", count = app.counts.bounced)), brush.style(Role::Error)));
    }
    if app.counts.to_derive > 0 {
        pieces.push((format!(" {}", say!("count-to-derive", count = app.counts.to_derive)), brush.style(Role::Dim)));
    }
    if app.counts.to_push > 0 {
        let why = app.why_to_push(app.size.0 >= 100).map(|why| format!(": {why}")).unwrap_or_default();
        pieces
            .push((format!(" {}{why}", say!("count-to-push", count = app.counts.to_push)), brush.style(Role::Pending)));
    }
    if !app.counts.orphaned.is_empty() {
        let stay: u64 = app.counts.orphaned.values().sum();
        pieces.push((format!(" {}", say!("count-stay", count = stay)), brush.style(Role::Dim)));
    }
    if app.counts.to_move > 0 {
        // The reason stands among the notices.
        let (sign, role) = if app.counts.stuck > 0 { ("! ", Role::Warning) } else { ("", Role::Pending) };
        pieces.push((format!(" {sign}{}", say!("count-to-move", count = app.counts.to_move)), brush.style(role)));
    }
    if let Some((status, state)) = app.connectivity() {
        let late = status.last_pass.map(|at| app.now.since(at)).filter(|lag| *lag >= 120_000);
        let lag = late.map(|lag| format!(" {}", say!("sync-behind", lag = words::span(lag)))).unwrap_or_default();
        let next = status.next_try.filter(|at| *at > app.now);
        let again = next.map(|at| format!(", {}", say!("sync-again", at = words::clock(at, &app.around.zone))));
        let again = again.unwrap_or_default();
        let parts = app.parts_in_trouble();
        let is_in_trouble = !parts.is_empty();
        if is_in_trouble {
            let parts = parts.into_iter().map(|part| text::render(&part.phrase())).collect::<Vec<_>>().join(", ");
            let trouble = if app.size.0 >= 100 { say!("trouble-of", parts = parts) } else { parts };
            pieces.push((format!(" ! {trouble}"), brush.style(Role::Warning)));
        }
        let (text, role) = match state {
            Connectivity::Current if app.is_in_sync() && lag.is_empty() => (say!("sync-current"), Role::Good),
            Connectivity::Current if !status.message.is_empty() => (say!("sync-by-another"), Role::Dim),
            Connectivity::Current if is_in_trouble => (lag.trim_start().to_owned(), Role::Dim),
            Connectivity::Current => (format!("{}{lag}", say!("sync-connected")), Role::Dim),
            Connectivity::Working => match status.progress {
                Some((done, of)) if of > 0 => (say!("sync-portion", done = done, of = of), Role::Dim),
                _ => (say!("sync-working"), Role::Dim),
            },
            Connectivity::Connecting => (say!("sync-connecting"), Role::Dim),
            Connectivity::Offline => (format!("{}{lag}{again}", say!("sync-offline")), Role::Offline),
            Connectivity::Blocked => (format!("{}{again}", say!("sync-blocked")), Role::Error),
        };
        pieces.push((format!(" {text} "), brush.style(role)));
    }
    pieces
}

/// Draws what can follow the keys of a sequence.
pub(super) fn draw_pending(brush: &Brush<'_>, frame: &mut Frame<'_>) {
    let app = brush.app;
    if app.pending.is_empty() {
        return;
    }
    let Resolved::Pending(hints) = app.around.keymap.resolve(app.context(), &app.pending) else { return };
    let rows: Vec<(String, String)> = hints
        .iter()
        .map(|hint| {
            let leads_to = hint.bound.as_ref().map_or_else(|| "…".to_owned(), |bound| bound.sentence());
            (hint.key.to_string(), leads_to)
        })
        .collect();
    let wide = rows.iter().map(|(key, words)| width(key) + width(words) + 5).max().unwrap_or(20);
    let area = frame.area();
    let (w, h) =
        (u16::try_from(wide).unwrap_or(area.width).min(area.width), u16::try_from(rows.len() + 2).unwrap_or(3));
    let h = h.min(area.height.saturating_sub(1));
    let place = Rect::new(area.width - w, area.height.saturating_sub(1 + h), w, h);
    let inside =
        paint::window(frame, place, &write_keys(&app.pending), brush.style(Role::Border), brush.style(Role::Key));
    for (n, (key, words)) in rows.iter().enumerate() {
        let pieces = [(format!(" {key} "), brush.style(Role::Key)), (words.clone(), brush.style(Role::Text))];
        paint::pieces(frame, paint::line(inside, n), &pieces);
    }
}
