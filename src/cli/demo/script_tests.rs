use super::*;
use crate::cli::demo::SCRIPTS;
use crate::model::status::Status;

fn all() -> Vec<Script> {
    SCRIPTS.iter().flat_map(|text| read(text)).collect()
}

#[test]
fn the_sample_has_some_eighty_conversations_in_three_inboxes_and_one_that_is_long() {
    let all = all();
    assert!((78..=90).contains(&all.len()), "{}", all.len());
    let inboxes: std::collections::BTreeSet<_> = all.iter().map(|s| s.inbox.as_str()).collect();
    assert_eq!(inboxes.into_iter().collect::<Vec<_>>(), ["info", "sales", "support"]);
    assert!(all.iter().any(|s| s.mails.len() > 40));
}

#[test]
fn every_line_of_the_sample_makes_sense() {
    for script in all() {
        let subject = &script.subject;
        assert!(script.customer.email.contains('@') && !subject.is_empty(), "{subject}");
        assert!(script.customer.email.contains("example."), "{subject}: {}", script.customer.email);
        assert!(script.mails.first().is_some_and(|mail| mail.agent.is_none()), "{subject}");
        assert!(script.mails.windows(2).all(|pair| pair[0].age > pair[1].age), "{subject}: mails out of order");
        for mail in &script.mails {
            assert!(!mail.text.trim().is_empty() && mail.age > 0, "{subject}: a mail without text");
            assert!(matches!(mail.then.as_str(), "" | "close" | "keep"), "{subject}: {}", mail.then);
        }
        for deed in &script.deeds {
            assert!(["alice", "bob", "carol", "deniz"].contains(&deed.agent.as_str()), "{subject}: {deed:?}");
            assert!(deed.age < script.mails[0].age, "{subject}: {deed:?} comes before the first mail");
            match deed.verb.as_str() {
                "status" => drop(deed.words.parse::<Status>().unwrap()),
                "assign" | "tag" | "note" | "snooze" | "title" => assert!(!deed.words.is_empty()),
                "follow" => {}
                other => panic!("{subject}: {other}"),
            }
        }
    }
}

#[test]
fn a_span_is_read_in_its_parts() {
    assert_eq!(span("1d2h3m"), (1440 + 120 + 3) * 60_000);
    assert_eq!(span("45m"), 45 * 60_000);
}
