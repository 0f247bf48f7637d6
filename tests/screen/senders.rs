//! What speaks against a sender stands at the sender, in words.

use super::seed::Desk;

const FALSE_BANK: &str = "Authentication-Results: mx.team.example; dmarc=fail header.from=bank.example\nMessage-ID: <false@bank>\n\
    From: \"support@team.example\" <accounts@bank.example>\nTo: support@team.example\nSubject: Change of our account\n\n\
    Please pay to the new account.\n";
const LOOK_ALIKE: &str = "Message-ID: <like@team>\nFrom: Support <support@team.example.pay.example>\nTo: support@team.example\n\
    Subject: Your mailbox is full\n\nSign in here.\n";
const HONEST: &str = "Authentication-Results: mx.team.example; dmarc=pass header.from=north.example\nMessage-ID: <true@north>\n\
    From: Jonas Berg <jonas@north.example>\nTo: support@team.example\nSubject: Thanks\n\nAll is well.\n";

#[test]
fn what_speaks_against_a_sender_stands_at_the_sender_and_an_honest_one_bears_nothing() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::empty();
        desk.raw_mail(1, FALSE_BANK);
        let mut screen = desk.screen(size);
        screen.keys("<enter>").unwrap();
        let shown = screen.screen();
        insta::assert_snapshot!(format!("false_sender_{}x{}", size.0, size.1), shown);
        assert!(shown.contains("our mail server says that this is not from bank.example"), "{shown}");
        assert!(shown.contains("the name carries an address of somebody else:"), "{shown}");
    }
    let told = |mail: &str| {
        let desk = Desk::empty();
        desk.raw_mail(1, mail);
        let mut screen = desk.screen((80, 24));
        screen.keys("<enter>").unwrap();
        screen.screen()
    };
    let like = told(LOOK_ALIKE);
    assert!(like.contains("team.example.pay.example is not our team.example"), "{like}");
    let honest = told(HONEST);
    assert!(!honest.contains("our mail server") && !honest.contains("is not our"), "{honest}");
}
