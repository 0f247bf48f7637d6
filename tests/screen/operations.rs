//! Dialogues that work on conversations.

use std::cell::Cell;
use std::rc::Rc;

use postroom::app::{Event, Layer};
use postroom::model::change::{Change, Connectivity, SyncStatus};
use postroom::model::ids::{MessageId, Tag};
use postroom::model::status::Status;
use postroom::model::view::View;
use postroom::op::operation::{Expect, Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Syncing;
use postroom::runtime::harness::Harness;

use super::seed::{Desk, Mail, type_ids};

#[test]
fn e_closes_and_u_undoes_and_says_so() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("e").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1);
    assert!(screen.status().contains("you closed this · u undoes it"), "{}", screen.status());
    screen.keys("u").unwrap();
    assert_eq!(screen.app().list.rows.len(), before);
    assert!(screen.status().contains("Ana Lima t1z9: undone: closed this · U redoes it"), "{}", screen.status());
    screen.keys("U").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1);
}

/// A sync that counts how often somebody asked for everything, and how often it is to look.
#[derive(Clone, Default)]
pub struct Counted(Rc<Cell<(usize, usize)>>);

impl Counted {
    /// How often somebody asked for everything.
    pub fn nudges(&self) -> usize {
        self.0.get().0
    }
}

impl Syncing for Counted {
    fn nudge(&self) {
        let (nudges, looks) = self.0.get();
        self.0.set((nudges + 1, looks));
    }

    fn look(&self) {
        let (nudges, looks) = self.0.get();
        self.0.set((nudges, looks + 1));
    }
}

#[test]
fn what_is_done_has_the_sync_look_and_only_who_asks_ends_its_waits() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let counted = Counted::default();
    screen.engine.sync = Some(Box::new(counted.clone()));
    screen.keys("e").unwrap();
    assert_eq!(counted.0.get(), (0, 1), "closed");
    screen.keys("u").unwrap();
    assert_eq!(counted.0.get(), (0, 2), "undone");
    screen.happen(Event::Due).unwrap();
    assert_eq!(counted.0.get(), (0, 3), "a held mail is due");
    screen.keys("$").unwrap();
    assert_eq!(counted.0.get(), (1, 4), "asked, and mail that was put off is due");
}

#[test]
fn s_and_a_letter_set_the_status() {
    for (key, status) in
        [("so", Status::Open), ("si", Status::InProgress), ("sw", Status::Waiting), ("sc", Status::Closed)]
    {
        let desk = Desk::new();
        let mut screen = desk.screen((80, 24));
        screen.keys("<enter>").unwrap().keys(key).unwrap();
        assert_eq!(screen.app().current_row().unwrap().status, status);
    }
}

#[test]
fn a_a_takes_a_conversation() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>aa").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "alice");
}

#[test]
fn a_and_a_few_letters_assign_to_somebody_else() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>abo<enter>").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "bob");
    assert!(screen.status().contains("you assigned this to bob"), "{}", screen.status());
}

#[test]
fn tags_are_put_on_and_taken_off_and_become_views() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>tvip<space>late<enter>t-late<enter>").unwrap();
    let tags: Vec<String> = screen.app().current_row().unwrap().tags.iter().map(ToString::to_string).collect();
    assert_eq!(tags, ["vip"]);
    assert!(screen.app().views.iter().any(|view| *view == View::Tag(Tag::new("vip").unwrap())));
}

#[test]
fn a_tag_with_a_space_in_its_place_is_refused_in_words() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("t").unwrap().text("a(b").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("can't be used"), "{}", screen.screen());
    assert_eq!(desk.store.unpushed(10).unwrap().len(), 0);
}

#[test]
fn a_note_stands_in_the_conversation_in_its_place() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen
        .keys("<enter>n")
        .unwrap()
        .text("ask @bob first")
        .unwrap()
        .keys("<c-j>")
        .unwrap()
        .text("second line")
        .unwrap();
    screen.keys("<enter>").unwrap();
    let shown = screen.screen();
    assert!(
        shown.contains("▎ note by alice") && shown.contains("▎ ask @bob first") && shown.contains("▎ second line"),
        "{shown}"
    );
}

#[test]
fn a_note_that_was_cancelled_is_kept_and_taken_up_where_it_was_begun() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys("<enter>n").unwrap().text("ask @bob about").unwrap().keys("<esc>").unwrap();
    assert!(
        screen.status().contains("What you typed of the note is kept · n takes it up again"),
        "{}",
        screen.status()
    );
    screen.keys(")n").unwrap();
    assert!(!screen.screen().contains("ask @bob about"), "another conversation: {}", screen.screen());
    screen.keys("<esc>(n").unwrap().text(" the glass").unwrap().keys("<enter>").unwrap();
    assert!(screen.screen().contains("▎ ask @bob about the glass"), "{}", screen.screen());
    screen.keys("n").unwrap();
    let Some(Layer::Prompt(prompt)) = screen.app().layers.last() else { panic!("no line") };
    assert!(prompt.line.is_empty(), "{prompt:?}");
}

#[test]
fn an_edited_note_and_one_on_all_marked_are_kept_too() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys("<enter>n").unwrap().text("first").unwrap().keys("<enter>N").unwrap().text(" second").unwrap();
    screen.keys("<esc>N").unwrap();
    let Some(Layer::Prompt(prompt)) = screen.app().layers.last() else { panic!("no line") };
    assert_eq!(prompt.line.text(), "first second");
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("▎ first second"), "{}", screen.screen());
    screen.keys("h<space><space>n").unwrap().text("both of them").unwrap().keys("<esc>n").unwrap();
    let Some(Layer::Prompt(prompt)) = screen.app().layers.last() else { panic!("no line") };
    assert_eq!(prompt.line.text(), "both of them");
}

#[test]
fn a_note_whose_last_letters_came_with_the_end_of_the_program_is_kept() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys("n").unwrap().typed_and_then("ask bob first", Event::Quit).unwrap();
    drop(screen);
    let mut screen = desk.screen((120, 24));
    screen.keys("n").unwrap();
    assert!(screen.screen().contains("ask bob first"), "{}", screen.screen());
    screen.keys("<c-u><esc>n").unwrap();
    assert!(!screen.screen().contains("ask bob first"), "{}", screen.screen());
}

fn status_of(account: &str, state: Connectivity) -> Event {
    Event::Sync(SyncStatus { account: account.into(), state, ..SyncStatus::default() })
}

#[test]
fn what_waits_to_be_pushed_names_the_account_that_lags_and_why() {
    let desk = Desk::of_two_accounts();
    let mut screen = desk.screen((120, 24));
    screen.keys("e").unwrap();
    screen.happen(status_of("main", Connectivity::Current)).unwrap();
    screen.happen(status_of("second", Connectivity::Current)).unwrap();
    assert!(screen.status().contains(" 1 to push connected"), "{}", screen.status());
    screen.happen(status_of("main", Connectivity::Offline)).unwrap();
    screen.wait(120_000).unwrap();
    screen.happen(status_of("main", Connectivity::Connecting)).unwrap();
    screen.happen(status_of("main", Connectivity::Offline)).unwrap();
    assert!(screen.status().contains(" 1 to push: main offline since 10:00"), "{}", screen.status());
    screen.happen(status_of("main", Connectivity::Current)).unwrap();
    screen.happen(Event::ReadOnly("main".into(), true)).unwrap();
    assert!(screen.status().contains(" 1 to push: main is read-only"), "{}", screen.status());
    screen.happen(Event::ReadOnly("main".into(), false)).unwrap();
    assert!(screen.status().contains(" 1 to push connected"), "{}", screen.status());
}

#[test]
fn what_was_done_for_an_account_that_is_gone_is_told_once_and_counted_apart() {
    let desk = Desk::new();
    let mut screen = desk.screen((160, 24));
    screen.keys("e").unwrap();
    drop(screen);
    let desk = desk.of_another_account();
    let mut screen = desk.screen((160, 24));
    let said = screen.status();
    assert!(said.contains("1 operation stays on this machine: the config no longer names the account main"), "{said}");
    assert!(said.contains("1 stay here") && !said.contains("to push"), "{said}");
    screen.wait(9_000).unwrap().keys("j").unwrap().happen(Event::StoreChanged(Change::Counts)).unwrap();
    assert!(!screen.status().contains("no longer names"), "{}", screen.status());
}

#[test]
fn snooze_takes_words_and_puts_the_conversation_to_sleep() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("zz").unwrap().text("mon 9:00").unwrap();
    assert!(screen.screen().contains("Mon 2026-11-23 09:00 UTC"), "{}", screen.screen());
    screen.keys("<enter>").unwrap();
    assert!(screen.screen().contains("· it sleeps"), "{}", screen.screen());
    screen.keys("j").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1);
    screen.keys("8").unwrap();
    assert_eq!(screen.app().list.rows.len(), 1);
    screen.keys("Z").unwrap();
    assert_eq!(screen.app().total(), Some(0));
}

#[test]
fn a_claim_that_comes_too_late_says_who_was_first_and_a_again_takes_it_over() {
    let desk = Desk::new();
    let mut screen = desk.screen((120, 24));
    screen.keys("<enter>").unwrap();
    let anchor = MessageId::new("order@shop").unwrap();
    let target = Target { expect: Some(Expect::Nobody), ..Target::on(anchor) };
    let bob = postroom::model::ids::Handle::new("bob").unwrap();
    let theirs = vec![NewOperation::new(Known::Assign { to: Some(bob) }, vec![target])];
    let _ = desk.other("bob").commit(theirs).unwrap();
    desk.clock.advance(2_000);
    screen.keys("aa").unwrap();
    assert!(
        screen.status().contains("bob took it first, 2 s ago · press a again to take it over"),
        "{}",
        screen.status()
    );
    screen.keys("aa").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "alice");
}

#[test]
fn the_cursor_stays_on_its_conversation_when_mail_comes_in_above_it() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("jj").unwrap();
    let on = screen.app().current_id();
    let mail = Mail { id: "new@x", from: "New <new@x.example>", subject: "New", refs: "", ago: 0, body: "Hello." };
    desk.mail(50, &mail);
    screen.happen(postroom::app::Event::StoreChanged(postroom::model::change::Change::Everything)).unwrap();
    assert_eq!(screen.app().current_id(), on);
    assert_eq!(screen.app().list.cursor, 3);
}

#[test]
fn title_follow_and_move_change_the_conversation() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>T<c-u>").unwrap().text("Broken lamp").unwrap().keys("<enter>Fmsales<enter>").unwrap();
    let open = screen.app().open.as_ref().unwrap().data.clone().unwrap();
    assert_eq!(open.row.title.as_str(), "Broken lamp");
    assert_eq!(open.followers.len(), 1);
    assert_eq!(open.row.inbox.as_str(), "sales");
}

#[test]
fn a_move_to_an_inbox_of_another_account_says_why_it_can_not_be() {
    let desk = Desk::of_two_accounts();
    let mut screen = desk.screen((160, 24));
    screen.keys("<enter>msales<enter>").unwrap();
    let said = screen.status();
    let why = "Can't move to sales: it belongs to the account second, the conversation to main";
    assert!(said.contains(why), "{said}");
    screen.keys("<esc>").unwrap();
    assert_eq!(screen.app().current_row().unwrap().inbox.as_str(), "support");
}

#[test]
fn merge_and_split_can_be_undone() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().list.rows.len();
    screen.keys("<space><space>kkM").unwrap();
    type_ids(&mut screen).keys("<enter>").unwrap();
    assert_eq!(screen.app().list.rows.len(), before - 1, "{}", screen.screen());
    screen.keys("u").unwrap();
    assert_eq!(screen.app().list.rows.len(), before);
    screen.keys("gg<enter>S<enter><esc><esc>").unwrap();
    assert_eq!(screen.app().list.rows.len(), before + 1, "{}", screen.screen());
}

#[test]
fn the_log_of_a_conversation_says_who_did_what() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>sisoL").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("alice opened this") && shown.contains("alice started on this"), "{shown}");
}

/// The desk with a note of bob's that mentions alice in the conversation under the cursor.
fn mentioned() -> Desk {
    let desk = Desk::new();
    let bob = desk.other("bob");
    let id = desk.store.conversation_of(&postroom::model::ids::MessageId::new("order@shop").unwrap()).unwrap().unwrap();
    let target = bob.targets(&[id]).unwrap().remove(0).1;
    let text = "@alice please look".to_owned();
    let note = Known::Note { mentions: postroom::op::operation::mentions_in(&text), text };
    let _ = bob.commit(vec![NewOperation::new(note, vec![target])]).unwrap();
    desk
}

#[test]
fn a_mention_counts_until_its_conversation_was_opened_from_wherever() {
    let desk = mentioned();
    let mut screen = desk.screen((80, 24));
    assert_eq!(screen.app().counts.get(&postroom::model::view::View::Mentions), 1);
    assert!(screen.screen().contains(" @"), "{}", screen.screen());
    // A mark on another conversation stays, and is not meant.
    screen.keys("j<space>gggg<enter>").unwrap();
    assert_eq!(screen.app().counts.get(&postroom::model::view::View::Mentions), 0);
    assert_eq!(screen.app().marks.count(), Some(1));
}

#[test]
fn a_note_is_edited_with_several_lines_and_the_old_text_stays_in_the_log() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>nfirst<enter>").unwrap();
    screen.keys("N<c-j>second<enter>").unwrap();
    assert!(screen.status().contains("you edited the note"), "{}", screen.status());
    assert!(screen.screen().contains("▎ second"), "{}", screen.screen());
    screen.keys("L").unwrap();
    insta::assert_snapshot!(screen.screen());
    screen.keys("qu").unwrap();
    assert!(!screen.screen().contains("▎ second"), "{}", screen.screen());
    screen.keys("N<enter>").unwrap();
    assert!(screen.status().contains("The note is as it was"), "{}", screen.status());
}

#[test]
fn an_edited_note_that_was_put_back_as_it_was_leaves_nothing_to_take_up() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>nfirst<enter>N").unwrap().text("!").unwrap().keys("<esc>N").unwrap();
    let taken_up = |screen: &Harness| {
        screen
            .app()
            .notices
            .iter()
            .filter(|notice| notice.text.as_str().contains("This is what you had typed before"))
            .count()
    };
    assert_eq!(taken_up(&screen), 1);
    screen.keys("<bs><enter>").unwrap();
    assert!(screen.status().contains("The note is as it was"), "{}", screen.status());
    screen.keys("N").unwrap();
    assert_eq!(taken_up(&screen), 1);
}

#[test]
fn of_several_notes_one_is_chosen_to_be_edited() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>nfirst<enter>nlast<enter>N").unwrap();
    insta::assert_snapshot!(screen.screen());
    screen.keys("<down><enter><space>again<enter>").unwrap();
    assert!(screen.screen().contains("▎ first again"), "{}", screen.screen());
}

#[test]
fn the_log_page_undoes_the_entry_under_its_cursor_whoever_did_it() {
    let desk = mentioned();
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>sct+late<enter>L").unwrap();
    insta::assert_snapshot!(screen.screen());
    screen.keys("jjjx").unwrap();
    assert!(screen.screen().contains("undone: noted: @alice please look"), "{}", screen.screen());
    insta::assert_snapshot!(screen.screen());
    screen.keys("x").unwrap();
    assert!(screen.screen().contains("It is undone already"), "{}", screen.screen());
}

#[test]
fn the_log_page_at_140x40() {
    let desk = mentioned();
    let mut screen = desk.screen((140, 40));
    screen.keys("<enter>t+late<enter>uL").unwrap();
    insta::assert_snapshot!(screen.screen());
}

#[test]
fn capital_f_follows_and_stops_from_the_list_too() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("F").unwrap();
    assert!(screen.status().contains("you followed this"), "{}", screen.status());
    screen.keys("F").unwrap();
    assert!(screen.status().contains("you stopped following this"), "{}", screen.status());
}

#[test]
fn what_a_person_wrote_is_not_changed_in_the_line_that_tells_a_bulk() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("<space><space>nread<space>this<enter>").unwrap();
    assert!(screen.status().contains("You noted: read this (2 conversations)"), "{}", screen.status());
}

#[test]
fn taking_what_one_has_already_puts_nothing_on_the_log() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("i/is:mine<enter>").unwrap();
    let before = screen.app().counts.to_push;
    screen.keys("i").unwrap();
    assert_eq!(screen.app().counts.to_push, before);
    assert!(screen.status().contains("You have it already"), "{}", screen.status());
}

#[test]
fn lost_claims_stay_on_the_row_of_notices_until_each_was_read() {
    use postroom::app::Event;
    use postroom::error::{ErrorKind, UserError};
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    for what in ["bob took it first, 2 s ago: ab12 Lamp", "bob took it first, 5 s ago: cd34 Shade"] {
        let lost = UserError::new(ErrorKind::Precondition, what).hint("assign it again to take it over");
        screen.happen(Event::Failed(lost)).unwrap();
    }
    screen.wait(60_000).unwrap();
    let shown = "! bob took it first, 5 s ago: cd34 Shade · assign it again to take it over · one more: !";
    assert!(screen.status().contains(shown), "{}", screen.status());
    screen.keys("jk").unwrap();
    assert!(screen.status().contains("! bob took it first, 2 s ago: ab12 Lamp"), "{}", screen.status());
    screen.wait(9_000).unwrap().keys("j").unwrap();
    assert!(!screen.status().contains("bob took it first"), "{}", screen.status());
}

/// What did not stand after a day offline: the conversations of the two newest mails.
fn a_day_offline(desk: &Desk) -> postroom::model::refusal::Refusals {
    use postroom::model::refusal::{Refusal, Refusals};
    let screen = desk.screen((80, 24));
    let rows = &screen.app().list.rows;
    let mut refused = Refusals { more: 9_990, ..Refusals::default() };
    for (row, operation, did, why) in [
        (&rows[0], "assign", "took this", "bob took it first, 3 h ago"),
        (&rows[1], "set-status", "closed this", "the customer wrote meanwhile: it is open"),
        (&rows[2], "title", "titled this Lamp", "then bob titled this Shade"),
    ] {
        refused.push(Refusal {
            conversation: row.id.clone(),
            short: row.short.clone(),
            title: row.title.clone(),
            operation: operation.into(),
            did: did.into(),
            why: why.into(),
        });
    }
    refused
}

#[test]
fn what_did_not_stand_is_one_notice_whose_list_opens_the_conversations() {
    let desk = Desk::new();
    let refused = a_day_offline(&desk);
    let second = refused.listed[1].conversation.clone();
    for size in [(80, 24), (140, 40)] {
        let mut screen = desk.screen(size);
        screen.happen(postroom::app::Event::Refused(refused.clone())).unwrap();
        screen.wait(60_000).unwrap();
        assert!(screen.status().contains("! 9,993 changes that you made do not stand"), "{}", screen.status());
        screen.keys("!").unwrap();
        insta::assert_snapshot!(format!("not_stood_{}x{}", size.0, size.1), screen.screen());
        screen.keys("<enter>").unwrap();
        assert!(screen.status().contains("Can't open: choose one of those below"), "{}", screen.status());
        screen.keys("jj<enter>").unwrap();
        let app = screen.app();
        assert!(app.layers.is_empty());
        assert_eq!(app.open.as_ref().map(|open| &open.id), Some(&second));
        assert_eq!(app.current_id(), Some(second.clone()));
        assert!(app.open.as_ref().is_some_and(|open| open.data.is_some()));
    }
}

#[test]
fn one_change_that_did_not_stand_is_told_in_full() {
    let desk = Desk::new();
    let mut refused = a_day_offline(&desk);
    refused.more = 0;
    refused.listed.truncate(1);
    let mut screen = desk.screen((140, 40));
    screen.happen(postroom::app::Event::Refused(refused)).unwrap();
    assert!(screen.status().contains(": you took this, but bob took it first, 3 h ago"), "{}", screen.status());
}

#[test]
fn a_notice_about_a_conversation_opens_it() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let closed = screen.app().current_id().unwrap();
    screen.keys("e").unwrap();
    assert_ne!(screen.app().current_id().unwrap(), closed);
    screen.keys("!<enter>").unwrap();
    assert_eq!(screen.app().current_id(), Some(closed));
    // What is about none says so, and the list stays.
    screen.keys("h$!<enter>").unwrap();
    assert!(screen.status().contains("this notice is about no conversation"), "{}", screen.status());
    assert!(!screen.app().layers.is_empty());
}

#[test]
fn a_title_left_as_it_stands_is_no_operation() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = screen.app().counts.to_push;
    screen.keys("T<enter>").unwrap();
    assert!(screen.status().contains("The title is as it was: nothing was changed"), "{}", screen.status());
    assert_eq!(screen.app().counts.to_push, before);
}

#[test]
fn a_tag_that_no_conversation_has_any_more_leaves_the_views() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    let has = |screen: &Harness| screen.app().views.iter().any(|view| *view == View::Tag(Tag::new("vip").unwrap()));
    screen.keys("tvip<enter>").unwrap();
    assert!(has(&screen), "{}", screen.screen());
    screen.keys("t-vip<enter>").unwrap();
    assert!(!has(&screen), "{}", screen.screen());
    // What is closed counts in no view of a tag.
    screen.keys("tvip<enter>e").unwrap();
    assert!(!has(&screen), "{}", screen.screen());
}

#[test]
fn a_snooze_in_the_time_line_names_its_zone() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen.keys("<enter>zztomorrow<space>9:00<enter>").unwrap();
    let zone = jiff::Timestamp::from_millisecond(screen.app().now.0).unwrap();
    let zone = zone.to_zoned(jiff::tz::TimeZone::system()).strftime("%Z").to_string();
    let shown = screen.screen();
    let line = shown.lines().find(|line| line.contains("· alice snoozed this until")).unwrap_or_default();
    assert!(line.contains(&format!(":00 {zone}")), "{line}: {shown}");
}

#[test]
fn nobody_is_given_a_conversation_by_letters_that_stand_somewhere_in_a_name() {
    let desk = Desk::new();
    for (typed, offered) in [
        ("bo", &["bob", "billing"][..]),
        ("dale", &["bob"]),
        ("bd", &["bob"]),
        ("bil", &["billing"]),
        ("dan", &[]),
        ("no", &[]),
        ("nobody", &["nobody"]),
    ] {
        let mut screen = desk.screen((80, 24));
        screen.keys("<enter>a").unwrap().text(typed).unwrap();
        let Some(Layer::Picker(picker)) = screen.app().layers.last() else { panic!("no picker") };
        let shown: Vec<&str> = picker.shown.iter().map(|place| picker.choices[*place].label.as_str()).collect();
        assert_eq!(shown, offered, "{typed}");
    }
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>abo<enter>adan<enter>").unwrap();
    assert_eq!(screen.app().current_row().unwrap().assignee.as_ref().unwrap().as_str(), "bob");
}
