use super::*;
use crate::service::compose::tests::store;

const MAIL: &str = "From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\nFrom me\r\n";

fn first(store: &Store) -> MessageId {
    let all = crate::query::Query::any();
    let context = crate::query::Context {
        me: store.author().actor.clone(),
        now: store.author().clock.now(),
        zone: jiff::tz::TimeZone::UTC,
    };
    let ids = store.ids(&all, &context).unwrap();
    mails_of(store, &ids).unwrap().remove(0)
}

fn lines(piped: &[SafeText]) -> Vec<&str> {
    piped.iter().map(SafeText::as_str).collect()
}

#[test]
fn one_mail_is_handed_over_as_it_came_and_what_is_printed_is_safe() {
    let (_dir, store) = store(MAIL);
    let mail = first(&store);
    let run = |line: &str| to_command(&store, line, std::slice::from_ref(&mail), &Stop::never()).unwrap();
    let done = run("sed -n 's/^Subject: //p' | tr -d '\\r'; printf 'a\\033[2Jb\\n'");
    assert_eq!((lines(&done.lines), done.why, done.mails), (vec!["Refund", "ab"], None, 1));
    let failed = run("echo out; echo no >&2; exit 3");
    assert_eq!((lines(&failed.lines), lines(&failed.said)), (vec!["out"], vec!["no"]));
    assert!(crate::text::render(&failed.why.unwrap()).contains('3'));
    // A command that reads nothing, and one that prints without an end.
    assert_eq!(run("true").why, None);
    let much = run("yes | head -c 1000000");
    assert!(much.cut && much.lines.len() <= OUTPUT_MAX);
}

#[test]
fn several_are_one_mbox_and_a_command_that_nobody_waits_for_is_killed() {
    let (_dir, store) = store(MAIL);
    let mail = first(&store);
    let two = [mail.clone(), mail];
    let done = to_command(&store, "grep -c '^From '; grep -c x", &two, &Stop::never()).unwrap();
    assert_eq!((lines(&done.lines).first().copied(), done.mails), (Some("2"), 2));
    let stopped = to_command(&store, "sleep 100", &two, &Stop::when(|| true)).unwrap();
    assert!(stopped.why.is_some());
}

#[test]
fn what_is_not_here_or_too_much_is_told_before_anything_is_run() {
    let (_dir, store) = store(MAIL);
    let unknown = MessageId::new("nobody@knows.example").unwrap();
    let run = |mails: &[MessageId]| to_command(&store, "touch /nowhere/at/all", mails, &Stop::never()).unwrap_err();
    assert!(run(&[]).to_string().contains("no mail"));
    assert!(run(std::slice::from_ref(&unknown)).to_string().contains("not here"));
    assert!(run(&vec![unknown; MAILS_MAX + 1]).to_string().contains("64 MB"));
}
