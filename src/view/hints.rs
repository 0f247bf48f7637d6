//! The last row: the keys that work now, each whole or not at all. Nothing ever covers it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget as _};

use crate::app::customer::Entry;
use crate::app::{Answered, App, Layer, OutList, Page, Pane, Picked, Prompt, PromptKind, Quitting, words};
use crate::keymap::{Action, Bound, Context, Resolved, write_keys};
use crate::model::reply::OutState;
use crate::theme::Role;
use crate::view::layout::width;
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

/// A key and the few words that say what it does.
type Live = (String, String);

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    Clear.render(area, frame.buffer_mut());
    let mut pieces = Pieces::new();
    for (key, words) in live(brush.app) {
        let words = format!(" {words} ");
        if key.is_empty() || paint::span(&pieces) + width(&key) + width(&words) + 1 > usize::from(area.width) {
            continue;
        }
        pieces.push((format!(" {key}"), brush.style(Role::Key)));
        pieces.push((words, brush.style(Role::Hint)));
    }
    paint::pieces(frame, area, &pieces);
}

/// Returns the keys that work now, those that help most first.
fn live(app: &App) -> Vec<Live> {
    let fixed = |keys: &[(&str, String)]| keys.iter().map(|(key, words)| ((*key).to_owned(), words.clone())).collect();
    if !app.pending.is_empty() {
        return following(app);
    }
    let is_asked = match app.layers.last() {
        Some(Layer::Out(list)) => list.asking.is_some(),
        _ => app.compose().is_some_and(|compose| compose.asking),
    };
    if is_asked {
        return fixed(&[("y", say!("hint-key-discard")), ("<esc>", say!("hint-key-back"))]);
    }
    if let Some(Layer::Quit(quitting)) = app.layers.last() {
        return fixed(&quit_keys(app, quitting));
    }
    let label = |action: &Action| app.around.keymap.label(app.context(), *action);
    wanted(app).iter().filter(|action| app.why_not(**action).is_none()).map(|a| (label(a), short(app, *a))).collect()
}

/// Returns the few words of an action as it acts now.
fn short(app: &App, action: Action) -> String {
    match (action, app.layers.last()) {
        (Action::NextField, Some(Layer::Compose(compose))) if compose.fills_in() => say!("hint-key-fill-in"),
        (Action::Open, Some(Layer::Page(Page::Messages { .. }))) => say!("page-opens"),
        (Action::Open, Some(Layer::Page(Page::Changed { .. }))) => say!("page-uses"),
        (Action::Open, None) if app.focus == Pane::Customer && is_on_panel(app) => say!("hint-key-ask-again"),
        (Action::Down, Some(Layer::Page(_))) => say!("page-scrolls"),
        (Action::TakeBack, _) => say!("page-undoes"),
        // In the in-tray closing means something else for a mention.
        (Action::Close, _) if app.close_is_seen() => say!("short-mention-seen"),
        _ => action.short(),
    }
}

/// Returns the answers to the question whether to leave with mail on its way.
fn quit_keys(app: &App, quitting: &Quitting) -> Vec<(&'static str, String)> {
    let last = quitting.mail.soon.iter().map(|mail| mail.due.since(app.now)).max().unwrap_or(0);
    let wait = match last {
        ..=0 => say!("quit-key-wait-out"),
        _ => say!("quit-key-wait", span = words::span(last + 500)),
    };
    let mut keys = match quitting.answered {
        Answered::Leaves(_) => return vec![("l", say!("quit-key-at-once")), ("<esc>", say!("quit-key-stay"))],
        Answered::Not if app.around.sends => vec![("w", wait), ("s", say!("quit-key-send"))],
        Answered::Waits if app.around.sends => vec![("s", say!("quit-key-send"))],
        _ => Vec::new(),
    };
    keys.extend([("l", say!("quit-key-leave")), ("<esc>", say!("quit-key-stay"))]);
    keys
}

fn is_on_panel(app: &App) -> bool {
    matches!(app.customer.entry(), Some(Entry::Panel(_)))
}

/// Returns what can follow the keys that were pressed.
fn following(app: &App) -> Vec<Live> {
    let Resolved::Pending(hints) = app.around.keymap.resolve(app.context(), &app.pending) else { return Vec::new() };
    let words = |bound: Option<Bound>| match bound {
        Some(Bound::Action(action)) => action.short(),
        Some(Bound::Line(line)) => line,
        None => "…".to_owned(),
    };
    hints.into_iter().map(|hint| (hint.key.to_string(), words(hint.bound))).collect()
}

fn wanted(app: &App) -> &'static [Action] {
    use Action::*;
    match (app.layers.last(), app.focus) {
        (Some(Layer::Out(list)), _) => outgoing(list),
        (Some(Layer::Page(page)), _) => match page {
            Page::Help { .. } => &[Back, Down, PageDown],
            Page::Messages { .. } => &[Back, Down, Open, PageDown],
            Page::Changed { .. } => &[Back, Open, Down, PageDown],
            Page::Log { .. } => &[Back, Down, TakeBack, PageDown],
        },
        (Some(Layer::Prompt(prompt)), _) => typing(prompt),
        (Some(Layer::Picker(picker)), _) if picker.choices.iter().any(|c| matches!(c.means, Picked::Act(_))) => {
            &[Accept, Cancel, NextChoice, PreviousChoice, EraseLine]
        }
        (Some(Layer::Picker(_)), _) => &[Accept, Cancel, NextChoice, PreviousChoice],
        _ if app.context() == Context::Review => &[Send, SendClose, SendKeep, SendLater, Edit, DiscardDraft],
        (Some(Layer::Compose(compose)), _) if compose.fills_in() => {
            &[NextField, Review, KeepDraft, SavedReplies, Attach, Editor, Quoting, Markdown, UndoTyping]
        }
        _ if app.context() == Context::Compose => {
            &[Review, KeepDraft, NextField, SavedReplies, Attach, Editor, Quoting, Markdown, UndoTyping]
        }
        (_, Pane::List) if !app.marks.is_empty() => &[Close, Assign, Tag, Snooze, Merge, Back, Help],
        (_, Pane::List) => &[Open, Reply, Assign, Close, Tag, Help, Note, Search, Snooze, Mark, Customer, Quit],
        (_, Pane::Conversation) => {
            &[Back, Reply, Assign, Close, Note, Help, Tag, Unfold, JoinRelated, Snooze, NextConversation, Customer, Log]
        }
        (_, Pane::Customer) => &[Open, Merge, Back, CopyAddress, Customer, Help],
        (_, Pane::Views) => &[Open, NextPane, Search, Help, Quit],
    }
}

fn typing(prompt: &Prompt) -> &'static [Action] {
    use Action::*;
    match prompt.kind {
        PromptKind::Note | PromptKind::EditNote(_) => &[Accept, Cancel, NewLine, Complete],
        PromptKind::Search | PromptKind::Tag | PromptKind::Attach | PromptKind::SaveTo | PromptKind::SaveAllTo => {
            &[Accept, Cancel, Complete, EraseLine]
        }
        _ => &[Accept, Cancel, EraseLine],
    }
}

/// Returns the keys that can act on what is under the cursor.
fn outgoing(list: &OutList) -> &'static [Action] {
    use Action::*;
    if list.is_drafts {
        return &[Edit, DiscardDraft, Back, Help];
    }
    match list.mail().map(|mail| mail.state) {
        Some(OutState::Stopped) => &[Edit, SendAnyway, ToNote, DiscardDraft, Back, Help],
        Some(OutState::Failed) => &[Retry, Edit, CancelMail, DiscardDraft, Back, Help],
        Some(OutState::Uncertain) => &[SendAnyway, Edit, CancelMail, DiscardDraft, Back, Help],
        Some(OutState::Held) => &[Edit, Retry, CancelMail, DiscardDraft, Back, Help],
        _ => &[Back, Help],
    }
}

/// Draws what can follow the keys of a sequence, in sentences.
pub(super) fn draw_pending(brush: &Brush<'_>, frame: &mut Frame<'_>, body: Rect) {
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
    let w = u16::try_from(wide).unwrap_or(body.width).min(body.width);
    let h = u16::try_from(rows.len() + 2).unwrap_or(3).min(body.height);
    let place = Rect::new(body.right() - w, body.bottom() - h, w, h);
    let inside =
        paint::window(frame, place, &write_keys(&app.pending), brush.style(Role::Border), brush.style(Role::Key));
    for (n, (key, words)) in rows.iter().enumerate() {
        let pieces = [(format!(" {key} "), brush.style(Role::Key)), (words.clone(), brush.style(Role::Text))];
        paint::pieces(frame, paint::line(inside, n), &pieces);
    }
}
