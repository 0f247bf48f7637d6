//! Whole screens.

use super::seed::Desk;

fn shot(size: (u16, u16), keys: &str) -> String {
    let desk = Desk::new();
    let mut screen = desk.screen(size);
    if !keys.is_empty() {
        screen.keys(keys).unwrap();
    }
    screen.screen()
}

#[test]
fn the_list_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), ""));
}

#[test]
fn three_panes_at_140x40() {
    insta::assert_snapshot!(shot((140, 40), ""));
}

#[test]
fn two_panes_at_100x30() {
    insta::assert_snapshot!(shot((100, 30), "j"));
}

#[test]
fn a_conversation_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "<enter>"));
}

#[test]
fn a_conversation_with_quotes_unfolded_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "<enter>xG"));
}

#[test]
fn right_to_left_mail_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "jj<enter>"));
}

#[test]
fn chinese_mail_wraps_at_140x40() {
    insta::assert_snapshot!(shot((140, 40), "jjj<enter>"));
}

#[test]
fn help_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "?"));
}

#[test]
fn what_can_follow_a_key_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "s"));
}

#[test]
fn the_palette_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), ":snz"));
}

#[test]
fn the_views_alone_at_80x24() {
    insta::assert_snapshot!(shot((80, 24), "<s-tab>jj"));
}

#[test]
fn an_empty_view_says_where_to_go() {
    insta::assert_snapshot!(shot((80, 24), "2"));
}

#[test]
fn the_snooze_prompt_shows_the_moment_with_its_zone() {
    insta::assert_snapshot!(shot((80, 24), "zztomorrow<space>9:00"));
}

#[test]
fn a_mistake_in_a_search_is_shown_under_it() {
    insta::assert_snapshot!(shot((80, 24), "/statsu:open"));
}

/// A form's mail, a colleague's, our own, one that claims to be from us, one that our server says is not, and one of a relay that asks for
/// answers elsewhere.
fn who_wrote() -> Desk {
    let desk = Desk::empty();
    let mails = [
        "From: Website <support@team.example>\nReply-To: Sam Lee <sam@s.example>\nTo: support@team.example\nSubject: Contact form: Sam",
        "From: Bob Dale <bob@team.example>\nTo: support@team.example\nSubject: Fwd: printer",
        "From: sales@team.example\nTo: support@team.example\nSubject: Alarm",
        "From: Support <support@team.example>\nTo: ana@lima.example, support@team.example\nSubject: We pay you back",
        "Authentication-Results: mx.team.example; dmarc=fail header.from=team.example\nFrom: Support <support@team.example>\n\
         To: ana@lima.example, support@team.example\nSubject: Call this number",
        "From: Shop <relay@shop.example>\nReply-To: 4711@orders.example\nTo: support@team.example\nSubject: Order 4711",
    ];
    for (uid, headers) in (1..).zip(mails) {
        let date = format!("Date: Fri, 20 Nov 2026 09:0{uid}:00 +0000");
        desk.raw_mail(uid, &format!("Message-ID: <w{uid}@x>\n{headers}\n{date}\n\nHello.\n"));
    }
    desk
}

#[test]
fn who_wrote_is_said_at_80x24() {
    let desk = who_wrote();
    let shots = ["", "<enter>", "j<enter>", "jj<enter>", "jjj<enter>", "jjjj<enter>", "jjjjj<enter>"].map(|keys| {
        let mut screen = desk.screen((80, 24));
        if !keys.is_empty() {
            screen.keys(keys).unwrap();
        }
        screen.screen()
    });
    insta::assert_snapshot!(shots.join("\n=====\n"));
}

#[test]
fn who_wrote_is_said_at_140x40() {
    let desk = who_wrote();
    let shots = ["", "j", "jj", "jjj", "jjjj", "jjjjj"].map(|keys| {
        let mut screen = desk.screen((140, 40));
        if !keys.is_empty() {
            screen.keys(keys).unwrap();
        }
        screen.screen()
    });
    insta::assert_snapshot!(shots.join("\n=====\n"));
}
