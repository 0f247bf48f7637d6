//! The last row: the keys that work now, each whole or not at all. Nothing ever covers it.

use ratatui::layout::Rect;

use crate::app::customer::Entry;
use crate::app::{
    Answered, App, Choice, Compose, Hand, Hit, Layer, OutList, Page, Pane, Picked, Picker, PickerKind, Prompt,
    PromptKind, Quitting, words,
};
use crate::keymap::{Action, Context};
use crate::model::reply::OutState;
use crate::theme::Role;
use crate::view::layout::width;
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// A key and the few words that say what it does.
type Live = (String, String);

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    paint::clear(frame, area);
    let mut pieces = Pieces::new();
    for (key, words) in live(brush) {
        let words = format!(" {words} ");
        if key.is_empty() || paint::span(&pieces) + width(&key) + width(&words) + 1 > usize::from(area.width) {
            continue;
        }
        let x = area.x + u16::try_from(paint::span(&pieces)).unwrap_or(area.width);
        let span = u16::try_from(width(&key) + 1 + width(&words)).unwrap_or(0);
        brush.hit(Rect::new(x, area.y, span, area.height), Hit::Key(key.clone()));
        pieces.push((format!(" {key}"), brush.style(Role::Key)));
        pieces.push((words, brush.style(Role::Hint)));
    }
    paint::pieces(frame, area, &pieces);
}

/// Returns the keys that work now, those that help most first.
fn live(brush: &Brush<'_>) -> Vec<Live> {
    let app = brush.app;
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
    let mut keys = match app.layers.last() {
        Some(Layer::Picker(picker)) if picker.kind == PickerKind::Tags => {
            let can = |choice: &Choice| choice.disabled.is_none() && matches!(choice.means, Picked::Tag(_));
            match picker.chosen().is_some_and(can) {
                true => fixed(&[("<space>", say!("tag-key-set"))]),
                false => Vec::new(),
            }
        }
        _ => Vec::new(),
    };
    let looks = match app.layers.last() {
        Some(Layer::Picker(picker)) if picker.line.is_empty() => look_before(picker),
        _ => None,
    };
    let helps = |action: &&Action| app.why_not(**action).is_none() && !brush.idle.has(**action);
    let others = wanted(app).iter().filter(helps).map(|a| (label(a), short(app, *a)));
    keys.extend(others);
    if let Some(looks) = looks {
        keys.insert(keys.len().min(1), looks);
    }
    keys
}

/// Returns the key of the look at what a sheet is about.
fn look_before(picker: &Picker) -> Option<Live> {
    match picker.compare_key() {
        Some(key) => Some((key.to_string(), say!("hint-key-compare"))),
        None => picker.is_deed_on_many().then(|| ("l".to_owned(), say!("hint-key-look-through"))),
    }
}

/// Returns the few words of an action as it acts now.
fn short(app: &App, action: Action) -> String {
    match (action, app.layers.last()) {
        (Action::NextField, Some(Layer::Compose(compose))) if compose.fills_in() => say!("hint-key-fill-in"),
        (Action::LeaveText, Some(Layer::Compose(compose))) if compose.hand == Hand::Reading => {
            say!("short-back-to-text")
        }
        (Action::PageUp, Some(Layer::Compose(_))) => say!("hint-key-read"),
        (Action::Open, Some(Layer::Out(list))) if list.mail().is_some_and(|mail| mail.state == OutState::Stopped) => {
            say!("short-open-stopped")
        }
        (Action::Open, Some(Layer::Out(_))) => say!("short-go-on-writing"),
        (Action::Edit, Some(Layer::Compose(_))) => say!("short-text"),
        (Action::ToNote, Some(Layer::Collision(_))) => say!("short-make-note"),
        (Action::SendAnyway, Some(Layer::Collision(_))) => say!("short-send-too"),
        (Action::Back, Some(Layer::Collision(_))) => say!("short-leave-it"),
        (Action::Open, Some(Layer::Page(Page::Messages { .. }))) => say!("page-opens"),
        (Action::Open, Some(Layer::Page(Page::Changed { .. }))) => say!("page-uses"),
        (Action::Open, None) if app.focus == Pane::List && app.list.current().is_none() => say!("short-meant"),
        (Action::Open, None) if app.focus == Pane::Customer && is_on_panel(app) => say!("hint-key-ask-again"),
        (Action::Accept, Some(Layer::Page(_))) => say!("help-does-it"),
        (Action::NextChoice, Some(Layer::Page(_))) => say!("help-chooses"),
        (Action::Complete, Some(Layer::Page(Page::Help(page)))) if !page.every => say!("help-every-key"),
        (Action::Complete, Some(Layer::Page(_))) => say!("help-tasks"),
        (Action::Accept, Some(Layer::Picker(picker))) => accept_words(picker),
        (Action::PreviousChoice, Some(Layer::Picker(picker)))
            if picker.kind == PickerKind::Palette && picker.at.is_none_or(|at| at == 0) =>
        {
            say!("palette-last-ones")
        }
        (Action::Cancel, Some(Layer::Picker(_) | Layer::Prompt(_) | Layer::Page(_))) => say!("hint-key-back"),
        (Action::Down, Some(Layer::Page(_))) => say!("page-scrolls"),
        (Action::Back, None) if app.queue.is_some() && app.focus != Pane::Customer => say!("short-leave-queue"),
        (Action::TakeBack, _) => say!("page-undoes"),
        // In the in-tray closing means something else for a mention.
        (Action::Close, _) if app.close_is_seen() => say!("short-mention-seen"),
        _ => action.short(),
    }
}

/// Says what Enter does in a sheet of choices.
fn accept_words(picker: &Picker) -> String {
    match picker.chosen().map(|choice| &choice.means) {
        Some(Picked::Assign(_)) => say!("pick-assigns"),
        Some(Picked::Column(_)) => say!("pick-shows-or-hides"),
        Some(Picked::Move(_)) => say!("pick-moves"),
        Some(Picked::Saved(_)) => say!("pick-puts-in"),
        Some(Picked::MergeInto(_) | Picked::MergeTheirs(..)) => say!("pick-merges"),
        Some(Picked::Split(_)) => say!("pick-splits"),
        Some(Picked::Act(_) | Picked::Line(_) | Picked::Tag(_)) => say!("help-does-it"),
        _ => say!("pick-takes"),
    }
}

/// Returns the answers to the question whether to leave with mail on its way.
fn quit_keys(app: &App, quitting: &Quitting) -> Vec<(&'static str, String)> {
    let last = quitting.mail.soon.iter().map(|mail| mail.due.since(app.now)).max().unwrap_or(0);
    let wait = match last {
        _ if app.around.reduced_motion => say!("quit-key-wait-out"),
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
    let mut keys = app.following();
    keys.push(("<esc>".to_owned(), say!("hint-key-back")));
    if !app.which {
        keys.push(("?".to_owned(), say!("hint-key-which")));
    }
    keys
}

fn wanted(app: &App) -> &'static [Action] {
    use Action::*;
    match (app.layers.last(), app.focus) {
        (Some(Layer::Out(list)), _) => outgoing(list),
        (Some(Layer::Page(page)), _) => match page {
            Page::Help(page) => match page.at {
                Some(_) => &[Accept, Cancel, NextChoice, PreviousChoice, Complete],
                None => &[NextChoice, Cancel, Complete, PageDown],
            },
            Page::Messages { .. } => &[Back, Down, Open, PageDown],
            Page::Changed { .. } => &[Back, Open, Down, PageDown],
            Page::Log { .. } => &[Back, Down, TakeBack, PageDown],
            Page::Source { .. } => &[Back, Headers, Down, PageDown],
            Page::Piped { .. } | Page::Compared { .. } | Page::Marked { .. } => &[Back, Down, PageDown],
        },
        (Some(Layer::Prompt(prompt)), _) => typing(prompt),
        (Some(Layer::Picker(picker)), _) => picking(picker),
        _ if app.context() == Context::Review => &[Send, SendClose, SendKeep, SendLater, Edit, DiscardDraft],
        (Some(Layer::Collision(_)), _) => &[Edit, ToNote, SendAnyway, DiscardDraft, Back],
        (Some(Layer::Compose(compose)), _) => composing(compose),
        (_, Pane::List) if !app.marks.is_empty() => &[Close, Assign, Tag, Snooze, Merge, Back, Help],
        (_, Pane::List) => &[Open, Reply, Assign, Close, Tag, Help, Note, Search, Snooze, Mark, Customer, Quit],
        _ if app.context() == Context::Find => {
            &[NextHit, PreviousHit, EndFind, Reply, Close, Unfold, NextMessage, Find, Help]
        }
        (_, Pane::Conversation) if app.queue.is_some() => {
            &[Close, Reply, GiveBack, Back, Note, Assign, Tag, Snooze, Help, TakeNext, Unfold, Customer, Log]
        }
        (_, Pane::Conversation) => &[
            Back,
            Reply,
            Assign,
            Close,
            Note,
            Help,
            Unfold,
            NextMessage,
            NextInbound,
            Find,
            Tag,
            JoinRelated,
            Snooze,
            NextConversation,
            Customer,
            Log,
        ],
        (_, Pane::Customer) => &[Open, Merge, Back, CopyAddress, Customer, Help],
        (_, Pane::Views) => &[Open, NextPane, Search, Help, Quit],
    }
}

fn picking(picker: &Picker) -> &'static [Action] {
    use Action::*;
    match picker.kind {
        _ if picker.at.is_none() && !picker.shown.is_empty() => &[NextChoice, Cancel, Complete, EraseLine],
        PickerKind::Palette => &[Accept, Complete, PreviousChoice, Cancel, NextChoice, EraseLine],
        PickerKind::Tags => &[Accept, Complete, NextChoice, Cancel],
        _ => &[Accept, Cancel, NextChoice, PreviousChoice],
    }
}

/// Returns the keys that help while a mail is written, by what its letters do.
fn composing(compose: &Compose) -> &'static [Action] {
    use Action::*;
    match compose.hand {
        Hand::Reading => &[LeaveText, PageDown, PageUp],
        Hand::Mail => &[
            Review,
            GoText,
            KeepDraft,
            SavedReplies,
            Attach,
            FieldTo,
            FieldCc,
            FieldBcc,
            FieldSubject,
            Detach,
            Quoting,
            Markdown,
            Editor,
            UnfoldRest,
        ],
        Hand::Typing if compose.fills_in() && compose.conversation().is_some() => {
            &[NextField, LeaveText, PageUp, Review, SavedReplies, Attach, Editor, Quoting, Markdown, UndoTyping]
        }
        Hand::Typing if compose.conversation().is_some() => {
            &[LeaveText, PageUp, NextField, Review, SavedReplies, Attach, Editor, Quoting, Markdown, UndoTyping]
        }
        Hand::Typing => &[LeaveText, NextField, Review, SavedReplies, Attach, Editor, Markdown, UndoTyping],
    }
}

fn typing(prompt: &Prompt) -> &'static [Action] {
    use Action::*;
    match prompt.kind {
        PromptKind::Note | PromptKind::EditNote(_) => &[Accept, Cancel, NewLine, Complete],
        PromptKind::Search | PromptKind::Attach | PromptKind::SaveTo | PromptKind::SaveAllTo => {
            &[Accept, Cancel, Complete, EraseLine]
        }
        _ => &[Accept, Cancel, EraseLine],
    }
}

/// Returns the keys that can act on what is under the cursor.
fn outgoing(list: &OutList) -> &'static [Action] {
    use Action::*;
    if list.is_drafts {
        return &[Open, DiscardDraft, Back, Help];
    }
    match list.mail().map(|mail| mail.state) {
        Some(OutState::Stopped) => &[Open, Edit, SendAnyway, ToNote, DiscardDraft, Back, Help],
        Some(OutState::Failed) => &[Retry, Edit, CancelMail, DiscardDraft, Back, Help],
        Some(OutState::Uncertain) => &[SendAnyway, Edit, CancelMail, DiscardDraft, Back, Help],
        Some(OutState::Held) => &[Edit, Retry, CancelMail, DiscardDraft, Back, Help],
        _ => &[Back, Help],
    }
}
