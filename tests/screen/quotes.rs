//! Quotes and signatures: what is folded says how much it is, and a key opens it.

use super::seed::{Desk, Mail};

/// The details that support sent, longer than a few words.
const OURS: Mail = Mail {
    id: "details@team",
    from: "Support <support@team.example>",
    subject: "Re: Interview about lighting",
    refs: "press@daily",
    ago: 200,
    body: "Dear Daily,\n\nwe are glad to talk. Which day suits you next week, and who will come?\n\nOur studio is in Hafengasse 3, Kiel.\n\nSupport of the lamp shop",
};

/// An answer as Outlook writes it, with no separator and no marks, and an answer between the lines.
const ANSWER: Mail = Mail {
    id: "answer@daily",
    from: "Daily <press@daily.example>",
    subject: "RE: Interview about lighting",
    refs: "press@daily details@team",
    ago: 3,
    body: "Thanks, see below.\n\nFrom: Support\nSent: Friday, November 20, 2026 6:40\nTo: Daily\nSubject: Re: Interview about lighting\n\nDear Daily,\n\nwe are glad to talk. Which day suits you next week, and who\nwill come?\n\nTuesday at nine, Kim and I.\n\nOur studio is in Hafengasse 3, Kiel.\n\nSupport of the lamp shop\n",
};

const FORM: Mail = Mail {
    id: "form@web",
    from: "Ana <ana@form.example>",
    subject: "Booking request",
    refs: "",
    ago: 1,
    body: "Name: Ana Lopes\nFrom: Berlin\nTo: Hamburg\nDate: 3 March 2027\nSubject: Moving a piano\n\nWe need two men and a van.\n\n---\nFourth floor, no lift.",
};

#[test]
fn an_answer_is_told_from_what_it_quotes_by_the_mail_that_is_here() {
    let desk = Desk::new();
    desk.mail(100, &OURS);
    desk.mail(101, &ANSWER);
    for size in [(80, 24), (140, 40)] {
        let mut screen = desk.screen(size);
        screen.keys("<enter>").unwrap();
        let folded = screen.screen();
        insta::assert_snapshot!(format!("outlook_answer_{}x{}", size.0, size.1), folded);
        assert!(folded.contains("Tuesday at nine, Kim and I.") && folded.contains("quoted lines"), "{folded}");
        screen.keys("x").unwrap();
        let open = screen.screen();
        insta::assert_snapshot!(format!("outlook_answer_open_{}x{}", size.0, size.1), open);
        assert!(!open.contains("quoted lines"), "{open}");
    }
}

#[test]
fn a_form_and_a_rule_hide_nothing() {
    let desk = Desk::new();
    desk.mail(100, &FORM);
    let mut screen = desk.screen((80, 24));
    screen.keys("<enter>").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Fourth floor, no lift.") && !shown.contains("+ "), "{shown}");
}
