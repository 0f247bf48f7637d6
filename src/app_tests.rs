use std::collections::BTreeSet;

use super::*;
use crate::app::list::{PAGE, WINDOW};
use crate::error::{ErrorKind, UserError};
use crate::keymap::parse_keys;
use crate::model::change::Change;
use crate::model::conversation::Conversation;
use crate::model::ids::ConversationId;
use crate::model::screen_order::{ScreenOrder, TerminalBidi};
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, WithCustomers};
use crate::op::wish::Wish;

fn start() -> (App, Vec<Effect>) {
    let around = Surroundings {
        me: Handle::new("alice").unwrap(),
        agents: vec![(Handle::new("bob").unwrap(), "Bob".into())],
        inboxes: vec![InboxId::new("support").unwrap()],
        accounts: BTreeMap::new(),
        zone: jiff::tz::TimeZone::UTC,
        screen_order: ScreenOrder::default(),
        terminal_bidi: TerminalBidi::Auto,
        layout: None,
        ascii: false,
        editor_first: false,
        reply_takes: true,
        mouse: false,
        linear: false,
        reduced_motion: false,
        look: Default::default(),
        after_close: AfterClose::Next,
        sort: crate::model::view::Sort::Activity,
        sends: true,
        own_views: Vec::new(),
        themes: Vec::new(),
        theme: "dark".into(),
        notify: Default::default(),
        keymap: Arc::new(Keymap::builtin()),
    };
    App::new(around, Timestamp::from_seconds(1_000_000), (80, 24))
}

fn row(n: usize) -> ConversationRow {
    ConversationRow {
        id: ConversationId::from_kept(format!("id{n:04}")),
        short: format!("{n:04}"),
        inbox: InboxId::new("support").unwrap(),
        title: SafeText::line(&format!("Title {n}")),
        people: SafeText::line("Ana"),
        snippet: SafeText::default(),
        status: Status::Open,
        assignee: None,
        tags: Vec::new(),
        snoozed_until: None,
        last_at: Timestamp::from_seconds(900_000 - n as i64),
        messages: 1,
        notes: 0,
        attachments: false,
        waiting_since: None,
        replying: None,
        worker: None,
        pending: false,
        draft: false,
        failed: false,
        bounced: false,
        mentioned: false,
        unread: false,
        news: None,
        followed: false,
        answered: 0,
        gone: false,
        created: Timestamp(0),
        last_inbound: None,
        last_outbound: None,
        as_of: None,
    }
}

fn rows(from: usize, count: usize) -> Vec<ConversationRow> {
    (from..from + count).map(row).collect()
}

/// Returns the ticket of the first question that `wanted` takes.
fn ticket(effects: &[Effect], wanted: impl Fn(&Ask) -> bool) -> Option<Ticket> {
    effects.iter().find_map(|effect| match effect {
        Effect::Ask { ticket, ask } if wanted(ask) => Some(*ticket),
        _ => None,
    })
}

fn is_page(ask: &Ask) -> bool {
    matches!(ask, Ask::Page { .. })
}

fn press(app: &mut App, keys: &str) -> Vec<Effect> {
    parse_keys(keys).unwrap().into_iter().flat_map(|key| app.update(Event::Key(key))).collect()
}

fn filled(count: usize) -> App {
    let (mut app, first) = start();
    let page = ticket(&first, is_page).unwrap();
    app.update(Event::Answer(page, Ok(Answer::Rows(rows(0, count)))));
    app
}

#[test]
fn what_is_typed_of_a_note_stays_when_its_conversation_goes() {
    let mut app = filled(3);
    let effects = press(&mut app, "<enter>");
    let opened = ticket(&effects, |ask| matches!(ask, Ask::Conversation { .. })).unwrap();
    press(&mut app, "nab");
    app.update(Event::Answer(opened, Ok(Answer::Conversation(None))));
    press(&mut app, "cd");
    let Some(Layer::Prompt(prompt)) = app.layers.last() else { panic!("{:?}", app.layers) };
    assert_eq!(prompt.line.text(), "abcd");
}

#[test]
fn an_answer_to_an_older_question_is_ignored() {
    let (mut app, first) = start();
    let old = ticket(&first, is_page).unwrap();
    let effects = press(&mut app, "4");
    let new = ticket(&effects, is_page).unwrap();
    app.update(Event::Answer(old, Ok(Answer::Rows(rows(500, 3)))));
    assert!(app.list.rows.is_empty());
    app.update(Event::Answer(new, Ok(Answer::Rows(rows(0, 3)))));
    assert_eq!(app.list.rows.len(), 3);
}

#[test]
fn coming_near_the_windows_end_asks_for_one_page_more_and_never_twice() {
    let mut app = filled(PAGE);
    let mut asked = 0;
    for _ in 0..PAGE {
        asked += usize::from(ticket(&press(&mut app, "j"), is_page).is_some());
    }
    assert_eq!(asked, 1);
}

#[test]
fn the_window_forgets_rows_that_are_far_away() {
    let mut app = filled(PAGE);
    for page in 1..10 {
        app.list.cursor = app.list.rows.len() - 1;
        app.list.follow(20);
        app.list.append(rows(page * PAGE, PAGE), 20);
        assert!(app.list.rows.len() <= WINDOW + PAGE);
    }
    assert!(!app.list.at_start);
    let on = app.list.current().unwrap().id.clone();
    let first: usize = app.list.rows[0].short.parse().unwrap();
    app.list.prepend(rows(first - PAGE, PAGE), 20);
    assert_eq!(app.list.current().unwrap().id, on);
}

#[test]
fn a_refresh_keeps_the_cursor_on_its_conversation_and_its_line() {
    let mut app = filled(50);
    press(&mut app, "jjjjj");
    let effects = app.update(Event::StoreChanged(Change::Everything));
    let page = ticket(&effects, is_page).unwrap();
    let mut anew = rows(100, 2);
    anew.extend(rows(0, 50));
    app.update(Event::Answer(page, Ok(Answer::Rows(anew))));
    assert_eq!(app.list.current().unwrap().id, row(5).id);
    assert_eq!(app.list.cursor, 7);
}

#[test]
fn a_conversation_that_leaves_stays_under_the_cursor_until_it_moves() {
    let mut app = filled(10);
    press(&mut app, "jj");
    let effects = app.update(Event::StoreChanged(Change::Conversations(BTreeSet::from([row(2).id]))));
    let page = ticket(&effects, is_page).unwrap();
    let rest = rows(0, 10).into_iter().filter(|r| r.id != row(2).id).collect();
    app.update(Event::Answer(page, Ok(Answer::Rows(rest))));
    assert_eq!(app.list.current().unwrap().id, row(2).id);
    press(&mut app, "j");
    assert_eq!(app.list.current().unwrap().id, row(3).id);
    assert_eq!(app.list.rows.len(), 9);
}

#[test]
fn what_is_marked_no_longer_is_not_merged() {
    let mut app = filled(5);
    let effects = press(&mut app, "<space><space>M");
    let asked = ticket(&effects, |ask| matches!(ask, Ask::Merging(_))).unwrap();
    press(&mut app, "<esc>");
    let of_ana = |n| WithCustomers { row: row(n), customers: BTreeSet::from(["ana".to_owned()]) };
    let answer = Answer::Merging(vec![of_ana(0), of_ana(1)]);
    assert_eq!(app.update(Event::Answer(asked, Ok(answer))), Vec::new());
}

#[test]
fn a_conversation_that_ends_while_it_is_read_stays_and_no_other_is_answered() {
    let mut app = filled(5);
    let is_read = |ask: &Ask| matches!(ask, Ask::Conversation { .. });
    let asked = ticket(&press(&mut app, "j<enter>"), is_read).unwrap();
    let data = Conversation {
        row: row(1),
        followers: BTreeSet::new(),
        items: Vec::new(),
        earlier: 0,
        context: Vec::new(),
        related: Vec::new(),
        new: Default::default(),
    };
    app.update(Event::Answer(asked, Ok(Answer::Conversation(Some(Box::new(data))))));
    for _ in 0..2 {
        let changed = app.update(Event::StoreChanged(Change::Everything));
        let asked = ticket(&changed, is_read).unwrap();
        app.update(Event::Answer(asked, Ok(Answer::Conversation(None))));
        assert_eq!((app.focus, app.current_id()), (Pane::Conversation, Some(row(1).id)));
    }
    let told = app.notices.iter().filter(|notice| notice.text.as_str().contains("0001: This conversation is gone"));
    assert_eq!(told.count(), 1);
    let begun = press(&mut app, "r");
    let is_of_it =
        |ask: &Ask| matches!(ask, Ask::Begin(Beginning::In { conversation, .. }) if *conversation == row(1).id);
    assert!(ticket(&begun, is_of_it).is_some(), "{begun:?}");
}

#[test]
fn an_error_stays_until_it_was_there_to_be_read_and_small_talk_does_not() {
    let mut app = filled(3);
    app.update(Event::Told(SafeText::line("hello")));
    app.update(Event::Failed(UserError::new(ErrorKind::Store, "the disk is full").hint("free some space")));
    app.update(Event::Told(SafeText::line("later")));
    press(&mut app, "j");
    app.update(Event::Tick(app.now.plus(60_000)));
    assert_eq!(app.notice().unwrap().text.as_str(), "the disk is full");
    press(&mut app, "k");
    assert_eq!(app.notice(), None);
    assert_eq!(app.notices.len(), 3, "all of them are kept for `!`");
}

#[test]
fn a_failed_commit_tells_what_happened_and_what_to_do() {
    let mut app = filled(3);
    let effects = press(&mut app, "e");
    let ticket = ticket(&effects, |ask| matches!(ask, Ask::Triage(..))).unwrap();
    let error = UserError::new(ErrorKind::Store, "the disk is full: nothing was changed").hint("free some space");
    app.update(Event::Answer(ticket, Err(error)));
    assert_eq!(app.notice().unwrap().hint.as_str(), "free some space");
}

#[test]
fn marking_all_fixes_a_set_at_the_press_and_acts_on_that() {
    let mut app = filled(PAGE);
    let effects = press(&mut app, "*<space>e<enter>");
    let asks: Vec<&Ask> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Ask { ask, .. } => Some(ask),
            _ => None,
        })
        .collect();
    let Some(Ask::MarkAll { token, query }) = asks.first() else { panic!("{asks:?}") };
    assert_eq!(query, "is:unassigned status:open,in-progress");
    let targets = Targets::Marked { token: *token, except: BTreeSet::from([row(0).id]), and: Vec::new() };
    assert!(asks.contains(&&Ask::Triage(Wish::Status { to: Status::Closed }, targets)), "{asks:?}");
    assert!(app.marks.is_empty(), "what was acted on is no longer marked");
}

#[test]
fn what_comes_in_after_all_was_marked_is_not_marked_and_can_be_added() {
    let mut app = filled(3);
    let effects = press(&mut app, "*");
    let ticket = ticket(&effects, |ask| matches!(ask, Ask::MarkAll { .. })).unwrap();
    assert_eq!(app.marked_count(), None);
    let Some(token) = app.marks.all.as_ref().map(|all| all.token) else { panic!("nothing is marked") };
    let ids = std::sync::Arc::new([row(1).id, row(2).id].into());
    app.update(Event::Answer(ticket, Ok(Answer::Marked { token, ids })));
    assert_eq!(app.marked_count(), Some(2));
    assert!(!app.is_marked(&row(0)) && app.is_marked(&row(1)));
    press(&mut app, "<space><space>");
    assert!(app.is_marked(&row(0)) && !app.is_marked(&row(1)));
    assert_eq!(app.marked_count(), Some(2));
}

#[test]
fn snooze_never_acts_on_a_moment_that_was_not_shown() {
    let mut app = filled(3);
    let effects = press(&mut app, "zzmon<enter>");
    assert!(ticket(&effects, |ask| matches!(ask, Ask::Triage(..))).is_none());
    let when = ticket(&effects, |ask| matches!(ask, Ask::When(_))).unwrap();
    app.update(Event::Answer(when, Ok(Answer::When(app.now.plus(3_600_000)))));
    let effects = press(&mut app, "<enter>");
    assert!(ticket(&effects, |ask| matches!(ask, Ask::Triage(..))).is_some());
}

#[test]
fn a_moment_read_for_older_words_is_not_taken_for_newer_ones() {
    let mut app = filled(3);
    let effects = press(&mut app, "zzmon<enter>");
    let when = ticket(&effects, |ask| matches!(ask, Ask::When(_))).unwrap();
    press(&mut app, "<bs>");
    app.update(Event::Answer(when, Ok(Answer::When(app.now.plus(3_600_000)))));
    let effects = press(&mut app, "<enter>");
    assert!(ticket(&effects, |ask| matches!(ask, Ask::Triage(..))).is_none());
}

#[test]
fn the_state_can_be_copied_and_written_down() {
    let app = filled(3);
    assert!(format!("{:?}", app.clone()).contains("Title 2"));
}

#[test]
fn that_the_mail_of_a_conversation_of_mine_left_is_told_once_with_its_name() {
    let mut app = filled(3);
    let id = row(1).id;
    for turn in 0..2 {
        let effects = app.update(Event::StoreChanged(Change::Counts));
        let asked = ticket(&effects, |ask| *ask == Ask::Counts).unwrap();
        let departed = [(id.clone(), SafeText::line("Order"))].into();
        let counts = crate::model::view::Counts { departed, ..Default::default() };
        let effects = app.update(Event::Answer(asked, Ok(Answer::Counts(counts))));
        let told = ticket(&effects, |ask| *ask == Ask::DepartedTold(vec![id.clone()]));
        assert_eq!(told.is_some(), turn == 0);
    }
    let notices: Vec<_> = app.notices.iter().filter(|notice| notice.on == Some(id.clone())).collect();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].text.as_str(), "Order is closed: another program archived or deleted its mail");
}

#[test]
fn what_an_upgrade_changed_is_told_once_with_the_query_that_lists_it() {
    let mut app = filled(3);
    for turn in 0..2 {
        let effects = app.update(Event::StoreChanged(Change::Counts));
        let asked = ticket(&effects, |ask| *ask == Ask::Counts).unwrap();
        let counts = crate::model::view::Counts { upgraded: 3, ..Default::default() };
        let effects = app.update(Event::Answer(asked, Ok(Answer::Counts(counts))));
        assert_eq!(ticket(&effects, |ask| *ask == Ask::UpgradeTold).is_some(), turn == 0);
    }
    let told: Vec<_> = app.notices.iter().filter(|notice| notice.hint.as_str().contains("is:upgraded")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].text.as_str().starts_with("3 conversations"));
}

#[test]
fn how_long_it_takes_until_all_is_read_again_is_known_once_some_is() {
    let mut app = filled(3);
    let begun = app.now;
    let counted = |app: &mut App, to_derive: u64, seconds: i64| {
        let _ = app.update(Event::Tick(Timestamp(begun.0 + seconds * 1000)));
        let effects = app.update(Event::StoreChanged(Change::Counts));
        let asked = ticket(&effects, |ask| *ask == Ask::Counts).unwrap();
        let counts = crate::model::view::Counts { to_derive, ..Default::default() };
        let _ = app.update(Event::Answer(asked, Ok(Answer::Counts(counts))));
        app.deriving_left()
    };
    assert_eq!(counted(&mut app, 1000, 0), None);
    assert_eq!(counted(&mut app, 900, 10), Some(90_000));
    // The team changed once more meanwhile: all begins anew.
    assert_eq!(counted(&mut app, 1200, 20), None);
    assert_eq!(counted(&mut app, 600, 30), Some(10_000));
    assert_eq!(counted(&mut app, 0, 40), None);
}

#[test]
fn a_range_holds_the_rows_between_its_ends_also_where_several_are_of_one_moment() {
    let (mut app, first) = start();
    // As the store lists them: newest first, and of one moment the highest id first.
    let mut shown: Vec<ConversationRow> = (0..8).rev().map(row).collect();
    shown.iter_mut().for_each(|row| row.last_at = Timestamp::from_seconds(900_000));
    app.update(Event::Answer(ticket(&first, is_page).unwrap(), Ok(Answer::Rows(shown))));
    press(&mut app, "jvjjv");
    let marked: Vec<&str> = app.marks.these.keys().map(ConversationId::as_str).collect();
    assert_eq!(marked, ["id0004", "id0005", "id0006"]);
    press(&mut app, "<esc>Gvkv");
    let marked: Vec<&str> = app.marks.these.keys().map(ConversationId::as_str).collect();
    assert_eq!(marked, ["id0000", "id0001"]);
}

#[test]
fn what_changes_while_views_of_ones_own_are_counted_has_them_counted_again() {
    let (mut app, _) = start();
    app.views.push(View::Own(Arc::new(crate::model::own::OwnView::new("lamps", "lamp"))));
    let sets = |effects: &[Effect]| effects.iter().any(|one| matches!(one, Effect::SetTimer(Timer::Count, _)));
    let counting = |effects: &[Effect]| ticket(effects, |ask| matches!(ask, Ask::CountAll(_)));
    assert!(sets(&app.update(Event::StoreChanged(Change::Counts))));
    let first = counting(&app.update(Event::Timer(Timer::Count))).unwrap();
    // Something changes before the answer is here; one count at a time.
    assert!(!sets(&app.update(Event::StoreChanged(Change::Counts))));
    assert!(sets(&app.update(Event::Answer(first, Ok(Answer::Counted(vec![Some(1)]))))));
    assert_eq!(app.own_counts.get("lamps"), Some(&1));
    let second = counting(&app.update(Event::Timer(Timer::Count))).unwrap();
    assert!(!sets(&app.update(Event::Answer(second, Ok(Answer::Counted(vec![Some(2)]))))), "nothing changed since");
    assert_eq!(app.own_counts.get("lamps"), Some(&2));
}

#[test]
fn commands_are_the_same_keys_under_another_layout_and_text_stays_what_is_typed() {
    let with = |layout: &str| {
        let (mut app, _) = start();
        app.around.layout = Layout::named(layout);
        app
    };
    for (layout, help, search) in [("ru", "?", "/"), ("ar", "؟", "ظ"), ("th", "ฦ", "ฝ"), ("he", "?", "/")] {
        let mut app = with(layout);
        press(&mut app, help);
        assert!(matches!(app.layers.last(), Some(Layer::Page(_))), "{layout}: {help} is help");
        let mut app = with(layout);
        press(&mut app, search);
        let typed = "فضل ทดสอบ ж？";
        press(&mut app, typed.replace(' ', "<space>").as_str());
        let Some(Layer::Prompt(prompt)) = app.layers.last() else { panic!("{layout}: {search} is no search") };
        assert_eq!(prompt.line.text(), typed, "{layout}: what is typed stays");
    }
    // Without a layout a full-width sign is what it looks like, and a letter of another script is nothing.
    let (mut app, _) = start();
    press(&mut app, "？");
    assert!(matches!(app.layers.last(), Some(Layer::Page(_))));
    let (mut app, _) = start();
    press(&mut app, "о");
    assert!(app.layers.is_empty());
}

#[test]
fn a_key_that_is_bound_means_what_it_is_bound_to_whatever_the_layout() {
    let (mut app, _) = start();
    let (keymap, wrong) =
        Keymap::with_user(Keymap::builtin(), std::path::Path::new("k.toml"), "[global]\n\"ж\" = \"help\"\n");
    assert!(wrong.is_empty(), "{wrong:?}");
    app.around.keymap = Arc::new(keymap);
    app.around.layout = Layout::named("ru");
    press(&mut app, "ж");
    assert!(matches!(app.layers.last(), Some(Layer::Page(_))));
}

#[test]
fn what_the_terminal_says_it_is_decides_how_text_is_put_and_is_drawn_once() {
    let (mut app, _) = start();
    let vte = crate::model::screen_order::Terminal::Reorders;
    let effects = app.update(Event::Terminal(Some(vte)));
    assert!(app.around.screen_order.fences);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Redraw)));
    assert!(!app.update(Event::Terminal(Some(vte))).iter().any(|effect| matches!(effect, Effect::Redraw)));
    assert!(app.update(Event::Terminal(None)).is_empty());
}
