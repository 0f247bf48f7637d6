//! Every action is reached by keys and does what it is for: one row an action, and none is missing.

use std::collections::BTreeSet;

use postroom::app::{Field, Hand, Layer, Page, Pane, PromptKind};
use postroom::keymap::{Action, Keymap};
use postroom::model::status::Status as Stands;
use postroom::model::view::View as Shown;
use postroom::op::operation::Known;
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;

use super::operations::Counted;
use super::seed::{Desk, MAILS, Mail, keys_and_ids};
use super::wishes::{id, records};

/// What shows that an action was done.
enum Shows {
    /// A record of this kind is the last.
    Record(&'static str),
    /// The screen stands so.
    Screen(fn(&Harness) -> bool),
    /// The store holds this.
    Store(fn(&Desk) -> bool),
    /// The sync was asked to work at once.
    Nudge,
}

use Shows::{Nudge, Record, Screen, Store};

/// An action, what is there before, the keys that reach it, and what shows that they did.
type Row = (Action, fn(&Desk), &'static str, Shows);

fn nothing(_: &Desk) {}

fn with_files(desk: &Desk) {
    desk.raw_mail(
        60,
        "Message-ID: <files@x>\nFrom: Fay <fay@files.example>\nTo: support@team.example\nSubject: Files\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nThe files.\n--x\n\
         Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"report.pdf\"\n\nthe report\n--x--\n",
    );
}

fn with_invitation(desk: &Desk) {
    desk.raw_mail(
        61,
        "Message-ID: <i1@lima.example>\nFrom: Ana Lima <ana@lima.example>\nTo: support@team.example\nSubject: Pallets\n\
         MIME-Version: 1.0\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\n\
         BEGIN:VEVENT\nUID:u1\nDTSTART:20261130T090000Z\nDTEND:20261130T100000Z\nSUMMARY:Delivery\n\
         ORGANIZER;CN=Ana Lima:mailto:ana@lima.example\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:support@team.example\n\
         END:VEVENT\nEND:VCALENDAR\n",
    );
}

/// A long conversation, the newest of all.
fn with_many(desk: &Desk) {
    for n in 0..60 {
        let mail = Mail {
            id: Box::leak(format!("long{n}@x").into_boxed_str()),
            from: "Lea Long <lea@long.example>",
            subject: "A long story",
            refs: if n == 0 { "" } else { "long0@x" },
            ago: 0,
            body: "And then?",
        };
        desk.mail(70 + n, &mail);
    }
}

/// A mail that names another case, the newest of all.
fn with_related(desk: &Desk) {
    let mail = |uid: u32, id: &str, from: &str, refs: &str| {
        desk.raw_mail(
            uid,
            &format!(
                "Message-ID: <{id}>\nFrom: {from}\nTo: support@team.example\nSubject: {id}\nReferences: {refs}\n\
                 Date: Fri, 20 Nov 2026 09:59:00 +0000\n\nHello.\n"
            ),
        );
    };
    mail(62, "one@d.example", "Dee <dee@d.example>", "");
    mail(63, "two@a.example", "Ann <ann@a.example>", "");
    mail(64, "both@a.example", "Ann <ann@a.example>", "<one@d.example> <two@a.example>");
}

/// A mail to more people than the answer to it.
fn with_left_out(desk: &Desk) {
    let mail = |uid: u32, id: &str, cc: &str, refs: &str| {
        desk.raw_mail(
            uid,
            &format!(
                "Message-ID: <{id}>\nFrom: Zoe <zoe@z.example>\nTo: support@team.example\n{cc}Subject: Party\nReferences: {refs}\n\
                 Date: Fri, 20 Nov 2026 09:5{}:00 +0000\n\nHello.\n",
                uid % 10
            ),
        );
    };
    mail(65, "p1@z.example", "Cc: Max <max@m.example>\n", "");
    mail(66, "p2@z.example", "", "<p1@z.example>");
}

/// A mail with a text and an HTML that says something else, the newest of all.
fn with_html(desk: &Desk) {
    desk.raw_mail(
        67,
        "Message-ID: <html@x>\nFrom: Hal <hal@html.example>\nTo: support@team.example\nSubject: Two texts\n\
         Date: Fri, 20 Nov 2026 09:59:30 +0000\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=x\n\n\
         --x\nContent-Type: text/plain\n\nThe plain words.\n--x\nContent-Type: text/html\n\n<p>The rich words.</p>\n--x--\n",
    );
}

/// A note of bob's that mentions alice in the conversation under the cursor.
fn with_mention(desk: &Desk) {
    let bob = desk.other("bob");
    let (_, target) = bob.targets(&[id(desk, "order@shop")]).unwrap().remove(0);
    let text = "@alice please look".to_owned();
    let note = Known::Note { mentions: postroom::op::operation::mentions_in(&text), text };
    let _ = bob.commit(vec![NewOperation::new(note, vec![target])]).unwrap();
}

fn with_a_file_to_attach(desk: &Desk) {
    std::fs::write(desk.dir().join("note.txt"), "text").unwrap();
}

fn text_of(screen: &Harness) -> String {
    match screen.app().layers.last() {
        Some(Layer::Prompt(prompt)) => prompt.line.text(),
        Some(Layer::Compose(compose)) => compose.text().lines().next().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn is_view(screen: &Harness, digit: usize) -> bool {
    screen.app().view == Shown::of_digit(&screen.app().views, digit).unwrap()
}

fn cursor(screen: &Harness) -> usize {
    screen.app().list.cursor
}

fn last(screen: &Harness) -> usize {
    screen.app().list.rows.len() - 1
}

fn selected(screen: &Harness) -> Option<String> {
    Some(screen.app().open.as_ref()?.selected.as_ref()?.to_string())
}

fn title(screen: &Harness) -> String {
    screen.app().current_row().map(|row| row.title.to_string()).unwrap_or_default()
}

fn picked(screen: &Harness) -> Option<usize> {
    match screen.app().layers.last() {
        Some(Layer::Picker(picker)) => picker.at,
        _ => None,
    }
}

fn moves() -> Vec<Row> {
    use Action::*;
    vec![
        (Down, nothing, "j", Screen(|s| cursor(s) == 1)),
        (Up, nothing, "jjk", Screen(|s| cursor(s) == 1)),
        (PageDown, nothing, "<pgdn>", Screen(|s| cursor(s) > 1)),
        (PageUp, nothing, "<end><pgup>", Screen(|s| cursor(s) < last(s))),
        (Top, nothing, "<end><home>", Screen(|s| cursor(s) == 0)),
        (Bottom, nothing, "<end>", Screen(|s| cursor(s) == last(s))),
        (Open, nothing, "<enter>", Screen(|s| s.app().focus == Pane::Conversation)),
        (Back, nothing, "<enter><esc>", Screen(|s| s.app().focus == Pane::List && s.app().open.is_some())),
        (NextPane, nothing, "<tab>", Screen(|s| s.app().focus == Pane::Conversation)),
        (PreviousPane, nothing, "<s-tab>", Screen(|s| s.app().focus == Pane::Views)),
        (Customer, nothing, "p", Screen(|s| s.app().focus == Pane::Customer)),
        (NextMessage, nothing, "<enter>KKJ", Screen(|s| selected(s).as_deref() == Some("order2@team"))),
        (PreviousMessage, nothing, "<enter>K", Screen(|s| selected(s).as_deref() == Some("order2@team"))),
        (NextInbound, nothing, "<enter>gg}", Screen(|s| selected(s).as_deref() == Some("order3@shop"))),
        (PreviousInbound, nothing, "<enter>{", Screen(|s| selected(s).as_deref() == Some("order@shop"))),
        (NextNote, nothing, "<enter>nhi<enter>gggngn", Screen(|s| s.status().contains("no note below"))),
        (PreviousNote, nothing, "<enter>nhi<enter>GgNgN", Screen(|s| s.status().contains("no note above"))),
        (
            Headers,
            nothing,
            "<enter>H",
            Screen(|s| matches!(s.app().layers.last(), Some(Layer::Page(Page::Source { .. })))),
        ),
        (
            Find,
            nothing,
            "<enter>/",
            Screen(|s| matches!(s.app().layers.last(), Some(Layer::Prompt(p)) if p.kind == PromptKind::Find)),
        ),
        (NextHit, nothing, "<enter>gg/lamp<enter>n", Screen(|s| s.screen().contains("hit 2/"))),
        (PreviousHit, nothing, "<enter>gg/lamp<enter>nN", Screen(|s| s.screen().contains("hit 1/"))),
        (
            EndFind,
            nothing,
            "<enter>gg/lamp<enter><esc>",
            Screen(|s| !s.screen().contains("hit 1/") && selected(s).is_some()),
        ),
        (NextConversation, nothing, "<enter>)", Screen(|s| title(s).starts_with("Invoice"))),
        (PreviousConversation, nothing, "<enter>)(", Screen(|s| title(s).starts_with("Refund"))),
        (Unfold, nothing, "<enter>x", Screen(|s| s.app().open.as_ref().unwrap().unfolded)),
        (TextOrHtml, with_html, "/from:hal<enter><enter>b", Screen(is_other_text)),
        (Earlier, with_many, "<enter>E", Screen(|s| s.app().open.as_ref().unwrap().newest > 50)),
        (View, nothing, "'closed<enter>", Screen(|s| s.app().shown_view() == Some(&Shown::Closed))),
        (
            SaveView,
            nothing,
            "/lamp<enter>Vslamps<enter>",
            Screen(|s| s.app().views.iter().any(|v| v.name() == "lamps")),
        ),
        (Sort, nothing, "Vw", Screen(|s| s.app().list.order.sort == postroom::model::view::Sort::Waiting)),
        (Density, nothing, "Vd<down><enter>", Screen(|s| s.app().geometry().row_height == 2)),
        (
            Columns,
            nothing,
            "Vxid<enter><esc>",
            Screen(|s| !s.app().list_look().columns.contains(&postroom::model::list_look::Column::Id)),
        ),
        (LastView, nothing, "45-", Screen(|s| is_view(s, 4))),
        (NextView, nothing, "]", Screen(|s| s.app().shown_view() == Some(&Shown::Open))),
        (PreviousView, nothing, "[", Screen(|s| s.app().shown_view() == Some(&Shown::Mine))),
        (View1, nothing, "1", Screen(|s| is_view(s, 1))),
        (View2, nothing, "2", Screen(|s| is_view(s, 2))),
        (View3, nothing, "23", Screen(|s| is_view(s, 3))),
        (View4, nothing, "4", Screen(|s| is_view(s, 4))),
        (View5, nothing, "5", Screen(|s| is_view(s, 5))),
        (View6, nothing, "6", Screen(|s| is_view(s, 6))),
        (View7, nothing, "7", Screen(|s| is_view(s, 7))),
        (View8, nothing, "8", Screen(|s| is_view(s, 8))),
        (View9, nothing, "9", Screen(|s| is_view(s, 9))),
        (TakeNext, nothing, "w", Record("assign")),
        (GiveBack, nothing, "wWbusy<enter>", Store(|d| records(d).iter().any(|(op, _)| op.contains("busy")))),
        (Search, nothing, "/lamp<enter>", Screen(|s| s.app().list.search.as_deref() == Some("lamp"))),
        (Mark, nothing, "<space>", Screen(|s| s.app().marked_count() == Some(1))),
        (MarkRange, nothing, "vjv", Screen(|s| s.app().marked_count() == Some(2))),
        (MarkAll, nothing, "*", Screen(|s| s.app().marked_count().is_some_and(|count| count > 2))),
    ]
}

fn operations() -> Vec<Row> {
    use Action::*;
    vec![
        (Status, nothing, ":status<enter>wait<enter>", Record("set-status")),
        (StatusOpen, nothing, "<enter>siso", Record(r#""to":"open""#)),
        (StatusInProgress, nothing, "si", Record(r#""to":"in-progress""#)),
        (StatusWaiting, nothing, "sw", Record(r#""to":"waiting""#)),
        (StatusClosed, nothing, "sc", Record(r#""to":"closed""#)),
        (Close, nothing, "e", Record(r#""to":"closed""#)),
        (Assign, nothing, "abo<enter>", Record(r#""to":"bob""#)),
        (AssignMe, nothing, "i", Record(r#""to":"alice""#)),
        (Unassign, nothing, "<enter>i:unassign<enter>", Record(r#""to":null"#)),
        (Tag, nothing, "tvip<enter>", Record("vip")),
        (Note, nothing, "nhi<enter>", Record(r#""note""#)),
        (EditNote, nothing, "<enter>nhi<enter>N<c-u>ho<enter>", Record("edit-note")),
        (Snooze, nothing, "zzmon<space>9:00<enter>", Record("snooze")),
        (Wake, nothing, "<enter>zzmon<space>9:00<enter>Z", Record(r#""until":null"#)),
        (SnoozeTomorrow, nothing, "zt", Record("snooze")),
        (SnoozeMonday, nothing, "zm", Record("snooze")),
        (SnoozeWeek, nothing, "zw", Record("snooze")),
        (SnoozeHours, nothing, "zh", Record("snooze")),
        (SnoozeEvening, nothing, "ze", Record("snooze")),
        (
            SnoozeLast,
            nothing,
            "ztjzl",
            Store(|d| records(d).iter().filter(|(op, _)| op.contains("snooze")).count() == 2),
        ),
        (
            Again,
            nothing,
            "ij.",
            Store(|d| records(d).iter().filter(|(op, _)| op.contains(r#""to":"alice""#)).count() == 2),
        ),
        (Delete, nothing, "d", Screen(|s| s.status().contains("deleted"))),
        (SavedReply, nothing, ";", Screen(|s| s.app().compose().is_some())),
        (Reply, nothing, "r", Screen(|s| s.app().compose().is_some())),
        (ReplyAll, nothing, "R", Screen(|s| s.app().compose().is_some())),
        (
            AcceptInvitation,
            with_invitation,
            "/subject:Pallets<enter><enter>Ia",
            Screen(|s| s.app().compose().is_some()),
        ),
        (
            DeclineInvitation,
            with_invitation,
            "/subject:Pallets<enter><enter>Id",
            Screen(|s| s.app().compose().is_some()),
        ),
        (
            TentativeInvitation,
            with_invitation,
            "/subject:Pallets<enter><enter>It",
            Screen(|s| s.app().compose().is_some()),
        ),
        (Forward, nothing, "f", Screen(|s| s.app().compose().unwrap().subject.text().starts_with("Fwd"))),
        (ForwardFile, nothing, "<c-f>", Screen(|s| !s.app().compose().unwrap().draft.files.is_empty())),
        (NewConversation, nothing, "c", Screen(|s| s.app().compose().unwrap().conversation().is_none())),
        (Move, nothing, "msales<enter>", Record("move")),
        (Merge, nothing, "<space><space>kkMIDS<enter>", Record("merge")),
        (JoinRelated, with_related, "/subject:both<enter><enter>+IDS<enter>", Record("merge")),
        (Related, with_related, "/subject:both<enter><enter>gr", Screen(|s| title(s) == "one@d.example")),
        (Split, nothing, "<enter>KS<enter>", Record("split")),
        (Title, nothing, "T<c-u>Lamp<enter>", Record("title")),
        (Follow, nothing, "F", Record("follow")),
        (Unfollow, nothing, "<enter>F:unfollow<enter>", Record(r#""on":false"#)),
        (Seen, with_mention, "ss", Record("seen-mentions")),
        (Unread, nothing, "su", Screen(|s| s.app().list.rows[0].unread)),
        (LogOfAll, nothing, "gl", Screen(|s| matches!(s.app().layers.last(), Some(Layer::Page(Page::Log { .. }))))),
        (Log, nothing, "L", Screen(|s| matches!(s.app().layers.last(), Some(Layer::Page(Page::Log { .. }))))),
        (CopyId, nothing, "yi", Screen(|s| s.asked().copied == ["t1z9"])),
        (CopyAddress, nothing, "<enter>ya", Screen(|s| s.asked().copied == ["ana@lima.example"])),
        (CopyLink, nothing, "<enter>yl", Screen(|s| s.asked().copied == ["https://shop.example/orders/4412"])),
        (CopyTitle, nothing, "yt", Screen(|s| s.asked().copied == ["Refund for order 4412"])),
        (OpenLink, nothing, "<enter>o<enter>", Screen(|s| s.asked().opened == ["https://shop.example/orders/4412"])),
        (Pipe, nothing, "|sed<space>-n<space>3p<enter>", Screen(|s| s.screen().contains("To: support@team.example"))),
        (Attachments, with_files, "<enter>A", Screen(|s| s.screen().contains("report.pdf") && picked(s).is_some())),
        (Undo, nothing, "eu", Record("undo")),
        (Redo, nothing, "euU", Store(|d| records(d).iter().filter(|(op, _)| op.contains("undo")).count() == 2)),
        (TakeBack, nothing, "<enter>scLx", Record("undo")),
    ]
}

fn program() -> Vec<Row> {
    use Action::*;
    vec![
        (Outbox, nothing, "O", Screen(|s| matches!(s.app().layers.last(), Some(Layer::Out(list)) if !list.is_drafts))),
        (Drafts, nothing, "D", Screen(|s| matches!(s.app().layers.last(), Some(Layer::Out(list)) if list.is_drafts))),
        (Messages, nothing, "!", Screen(|s| matches!(s.app().layers.last(), Some(Layer::Page(Page::Messages { .. }))))),
        (Palette, nothing, ":", Screen(|s| picked(s).is_some())),
        (Help, nothing, "?", Screen(|s| matches!(s.app().layers.last(), Some(Layer::Page(Page::Help { .. }))))),
        (SyncNow, nothing, "$", Nudge),
        (Theme, nothing, ":theme<enter>light<enter>", Screen(|s| s.app().theme == "light")),
        (Redraw, nothing, "<c-l>", Screen(|s| s.screen().contains("Refund"))),
        (Suspend, nothing, "<c-z>", Screen(|s| s.asked().suspended == 1)),
        (Quit, nothing, "q", Screen(|s| s.app().quitting)),
        (Accept, nothing, "/lamp<enter>", Screen(|s| s.app().list.search.is_some())),
        (Cancel, nothing, "/lamp<esc>", Screen(|s| s.app().list.search.is_none() && s.app().layers.is_empty())),
        (NextChoice, nothing, "a<down>", Screen(|s| picked(s) == Some(1))),
        (PreviousChoice, nothing, "a<down><up>", Screen(|s| picked(s) == Some(0))),
        (Complete, nothing, "/is:unas<tab>", Screen(|s| text_of(s) == "is:unassigned")),
        (CursorLeft, nothing, "/ab<left>c", Screen(|s| text_of(s) == "acb")),
        (CursorRight, nothing, "/ab<left><left><right>c", Screen(|s| text_of(s) == "acb")),
        (WordLeft, nothing, "/ab<space>cd<c-left>x", Screen(|s| text_of(s) == "ab xcd")),
        (WordRight, nothing, "/ab<space>cd<home><c-right>x", Screen(|s| text_of(s) == "abx cd")),
        (LineStart, nothing, "/ab<home>c", Screen(|s| text_of(s) == "cab")),
        (LineEnd, nothing, "/ab<home><end>c", Screen(|s| text_of(s) == "abc")),
        (EraseBack, nothing, "/ab<bs>", Screen(|s| text_of(s) == "a")),
        (EraseForward, nothing, "/ab<home><del>", Screen(|s| text_of(s) == "b")),
        (EraseWord, nothing, "/ab<space>cd<c-w>", Screen(|s| text_of(s) == "ab ")),
        (EraseLine, nothing, "/ab<c-u>", Screen(|s| text_of(s).is_empty())),
        (NewLine, nothing, "na<c-j>b", Screen(|s| text_of(s) == "a\nb")),
    ]
}

fn writing() -> Vec<Row> {
    use Action::*;
    vec![
        (EraseToEnd, nothing, "rab<home><c-k>", Screen(|s| text_of(s).is_empty())),
        (UndoTyping, nothing, "rab<c-w><c-u>", Screen(|s| text_of(s) == "ab")),
        (RedoTyping, nothing, "rab<c-w><c-u><c-y>", Screen(|s| text_of(s).is_empty())),
        (LeaveText, nothing, "r<esc>", Screen(|s| s.app().compose().unwrap().hand == Hand::Mail)),
        (GoText, nothing, "r<esc>i", Screen(|s| s.app().compose().unwrap().hand == Hand::Typing)),
        (FieldTo, nothing, "r<esc>t", Screen(|s| s.app().compose().unwrap().field == Field::To)),
        (FieldCc, nothing, "r<esc>c", Screen(|s| s.app().compose().unwrap().field == Field::Cc)),
        (FieldBcc, nothing, "r<esc>b", Screen(|s| s.app().compose().unwrap().field == Field::Bcc)),
        (FieldSubject, nothing, "r<esc>s", Screen(|s| s.app().compose().unwrap().field == Field::Subject)),
        (
            UnfoldRest,
            nothing,
            "r<esc>x",
            Screen(|s| s.screen().lines().any(|line| line.trim_start().starts_with("> "))),
        ),
        (NextField, nothing, "r<tab>", Screen(|s| s.app().compose().unwrap().field != Field::Body)),
        (PreviousField, nothing, "r<s-tab>", Screen(|s| s.app().compose().unwrap().field == Field::Subject)),
        (Review, nothing, "rab<c-s>", Screen(|s| s.app().compose().unwrap().review.is_some())),
        (Editor, nothing, "r<c-e>", Screen(|s| s.asked().edited.len() == 1)),
        (SavedReplies, nothing, "r<c-r>", Screen(|s| picked(s).is_some() || s.status().contains("saved"))),
        (
            Attach,
            nothing,
            "r<c-o>",
            Screen(|s| matches!(s.app().layers.last(), Some(Layer::Prompt(p)) if p.kind == PromptKind::Attach)),
        ),
        (
            Detach,
            with_a_file_to_attach,
            "r<c-o>FILE<enter><c-x>",
            Screen(|s| picked(s).is_some() || s.app().compose().unwrap().draft.files.is_empty()),
        ),
        (AddPeople, with_left_out, "R<c-g>", Screen(|s| picked(s).is_some())),
        (Quoting, nothing, "r<c-q>", Screen(|s| !s.app().compose().unwrap().text().contains("> "))),
        (Markdown, nothing, "r<c-t>", Screen(|s| s.app().compose().unwrap().draft.markdown)),
        (KeepDraft, nothing, "rab<esc>", Store(|d| d.store.drafts().unwrap().len() == 1)),
        (
            DiscardDraft,
            nothing,
            "rab<c-s>dy",
            Store(|d| d.store.drafts().unwrap().is_empty() && d.store.discarded_drafts().unwrap().len() == 1),
        ),
        (Send, nothing, "rab<c-s><enter>", Store(|d| goes_out(d, Stands::Waiting))),
        (SendClose, nothing, "rab<c-s>c", Store(|d| goes_out(d, Stands::Closed))),
        (SendKeep, nothing, "rab<c-s>k", Store(|d| goes_out(d, Stands::Open))),
        (
            SendLater,
            nothing,
            "rab<c-s>lmon<space>9:00<enter>",
            Store(|d| d.store.outgoing().unwrap()[0].due.since(d.clock.now()) > 3_600_000),
        ),
        (SendAnyway, nothing, "rab<c-s><enter>Os", Store(goes_out_anyway)),
        (ToNote, nothing, "rab<c-s><enter>On", Record(r#""note""#)),
        (Retry, nothing, "rab<c-s><enter>Or", Store(|d| d.store.outgoing().unwrap()[0].due <= d.clock.now())),
        (Edit, nothing, "rab<c-s><enter>O<enter>", Screen(|s| s.app().compose().is_some())),
        (CancelMail, nothing, "rab<c-s><enter>Ox", Store(|d| d.store.drafts().unwrap().len() == 1)),
    ]
}

/// Tells whether the one mail of the outbox goes out, and how its conversation stands then.
fn goes_out(desk: &Desk, then: Stands) -> bool {
    desk.clock.advance(11_000);
    let status = || desk.store.row_now(&id(desk, "order@shop")).unwrap().unwrap().status;
    desk.store.outgoing().unwrap().len() == 1 && desk.deliver() == 1 && status() == then
}

/// Tells whether the mail goes out though the customer wrote meanwhile, which stops any other.
fn goes_out_anyway(desk: &Desk) -> bool {
    let late = Mail { id: "late@shop", refs: "order@shop", ago: 0, ..MAILS[2] };
    desk.mail(68, &late);
    desk.clock.advance(11_000);
    desk.deliver() == 1
}

fn is_other_text(screen: &Harness) -> bool {
    let shown = screen.screen();
    shown.contains("The rich words.") && !shown.contains("The plain words.")
}

fn is_shown(desk: &Desk, screen: &Harness, shows: &Shows, counted: &Counted) -> bool {
    match shows {
        Nudge => counted.nudges() == 1,
        Record(of) => records(desk).last().is_some_and(|(op, _)| op.contains(of)),
        Screen(is) => is(screen),
        Store(is) => is(desk),
    }
}

#[test]
fn every_action_is_reached_by_keys_and_does_what_it_is_for() {
    let rows: Vec<Row> = [moves(), operations(), program(), writing()].into_iter().flatten().collect();
    let mut wrong = Vec::new();
    let known: BTreeSet<Action> = rows.iter().map(|(action, ..)| *action).collect();
    wrong.extend(
        Action::ALL.iter().filter(|action| !known.contains(action)).map(|action| format!("{action:?} has no row")),
    );
    for (action, before, keys, shows) in rows {
        let desk = Desk::new();
        before(&desk);
        let mut screen = desk.screen((80, 24));
        let counted = Counted::default();
        screen.engine.sync = Some(Box::new(counted.clone()));
        for (n, part) in keys.split("FILE").enumerate() {
            if n > 0 {
                screen.text(desk.dir().join("note.txt").to_str().unwrap()).unwrap();
            }
            keys_and_ids(&mut screen, part);
        }
        if !is_shown(&desk, &screen, &shows, &counted) {
            wrong.push(format!("{action:?} by {keys}: {:?}\n{}", records(&desk).last(), screen.screen()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_has_no_key_of_its_own_is_in_the_palette_and_all_else_has_one() {
    let keymap = Keymap::builtin();
    let bound: BTreeSet<Action> = postroom::keymap::Context::ALL
        .iter()
        .flat_map(|context| keymap.bindings(*context))
        .filter_map(|(_, bound)| bound.action())
        .collect();
    let without: Vec<&str> =
        Action::ALL.iter().filter(|action| !bound.contains(action)).map(|action| action.name()).collect();
    assert_eq!(without, ["status", "unassign", "unfollow", "theme"]);
}
