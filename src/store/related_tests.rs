use super::super::testing::{Bench, incoming, main, mid, raw};
use crate::model::conversation::{Conversation, Relation};
use crate::model::status::Status;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::store::FolderRole;

/// A notice of alice's to Ben and, unseen by him, to others, as it stands among sent mail.
fn notice(bench: &Bench, seconds: i64) {
    let sent = bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id;
    let raw = String::from_utf8(raw("notice@x", "alice@team.example", "Outage tonight", &[])).unwrap();
    let raw = raw.replace("To: ana@example.net", "To: ben@example.net\r\nBcc: ana@example.net, cleo@example.net");
    bench.store.ingest(sent, vec![incoming(1, seconds, raw.into_bytes())]).unwrap();
}

fn shown(bench: &Bench, message: &str) -> Conversation {
    bench.store.conversation(&bench.id(message), 100).unwrap().unwrap()
}

fn related(bench: &Bench, message: &str) -> Vec<(String, Relation)> {
    shown(bench, message).related.into_iter().map(|other| (other.row.id.to_string(), other.relation)).collect()
}

#[test]
fn each_who_answers_a_notice_has_a_conversation_with_the_notice_above_it() {
    let bench = Bench::new();
    bench.mail(30, "cleo@x", "cleo@example.net", "Re: Outage tonight", &["notice@x"]);
    notice(&bench, 10);
    bench.mail(20, "ana@x", "ana@example.net", "Re: Outage tonight", &["notice@x"]);
    bench.mail(25, "ana2@x", "ana@example.net", "One more thing", &["notice@x"]);
    bench.mail(40, "ben@x", "ben@example.net", "Re: Outage tonight", &["notice@x"]);
    bench.sound();
    assert_eq!(bench.id("ana@x"), bench.id("ana2@x"));
    assert_eq!(bench.id("ben@x"), bench.id("notice@x"), "whom it names openly answers it there");
    assert_ne!(bench.id("ana@x"), bench.id("cleo@x"));
    assert_ne!(bench.id("ana@x"), bench.id("notice@x"));
    let context =
        |message: &str| shown(&bench, message).context.iter().map(|one| one.message.id.to_string()).collect::<Vec<_>>();
    assert_eq!(context("ana@x"), ["notice@x"]);
    assert_eq!(context("cleo@x"), ["notice@x"]);
    assert_eq!(context("notice@x"), Vec::<String>::new());
    assert_eq!(bench.row("notice@x").answered, 2);
    assert_eq!(related(&bench, "ana@x"), []);
    assert_eq!((bench.row("ana@x").status, bench.row("ana@x").people.as_str()), (Status::Open, "Somebody"));
}

#[test]
fn strangers_that_name_one_absent_id_are_related_until_they_are_merged() {
    let bench = Bench::new();
    for (n, who) in ["lea", "max", "ned"].into_iter().enumerate() {
        let (id, from) = (format!("{who}@x"), format!("{who}@example.net"));
        bench.mail(n as i64, &id, &from, &format!("Ticket of {who}"), &["constant@crm"]);
    }
    bench.sound();
    let ids = ["lea@x", "max@x", "ned@x"].map(|id| bench.id(id));
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    let mut others = related(&bench, "lea@x");
    others.sort();
    let mut wanted = vec![(ids[1].to_string(), Relation::Shares), (ids[2].to_string(), Relation::Shares)];
    wanted.sort();
    assert_eq!(others, wanted);
    let _ = bench.act("lea@x", Known::Merge { into: mid("max@x") });
    bench.sound();
    assert_eq!(bench.id("lea@x"), bench.id("max@x"));
    assert_eq!(related(&bench, "lea@x"), [(ids[2].to_string(), Relation::Shares)]);
    // What they name comes: now it is a mail that is here, and answers join it.
    bench.mail(9, "constant@crm", "crm@example.org", "A ticket", &[]);
    bench.sound();
    assert_eq!(bench.id("ned@x"), bench.id("constant@crm"));
    assert_eq!(bench.id("lea@x"), bench.id("constant@crm"));
}

#[test]
fn a_mail_that_names_two_cases_stands_in_the_last_and_tells_of_the_other() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "First", &[]);
    bench.mail(2, "b@x", "ben@example.net", "Second", &[]);
    let _ = bench.act("a@x", Known::Note { text: "Ana is angry".into(), mentions: [].into() });
    bench.mail(3, "c@x", "cleo@example.net", "Both", &["a@x", "b@x"]);
    bench.sound();
    assert_eq!(bench.id("c@x"), bench.id("b@x"));
    assert_ne!(bench.id("a@x"), bench.id("b@x"));
    assert_eq!(bench.row("a@x").notes, 1);
    assert_eq!(related(&bench, "b@x"), [(bench.id("a@x").to_string(), Relation::Names)]);
    assert_eq!(related(&bench, "a@x"), [(bench.id("b@x").to_string(), Relation::NamedBy)]);
    // Two cases of one customer are one case.
    bench.mail(4, "d@x", "dee@example.net", "Third", &[]);
    bench.mail(5, "e@x", "dee@example.net", "Fourth", &[]);
    bench.mail(6, "f@x", "dee@example.net", "Both of mine", &["d@x", "e@x"]);
    bench.sound();
    assert_eq!(bench.id("d@x"), bench.id("e@x"));
    let split = NewOperation::new(Known::Split, vec![Target::on(mid("e@x"))]);
    let _ = bench.store.commit(vec![split]).unwrap();
    bench.sound();
    assert_ne!(bench.id("d@x"), bench.id("e@x"));
    assert_eq!(related(&bench, "e@x"), [(bench.id("d@x").to_string(), Relation::Names)]);
}

/// The messages of a conversation by which it has to do with others.
fn by(bench: &Bench, message: &str) -> Vec<Vec<String>> {
    let others = shown(bench, message).related;
    others.into_iter().map(|other| other.messages.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn it_is_told_by_which_message_conversations_have_to_do_with_each_other() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "First", &[]);
    bench.mail(2, "b@x", "ben@example.net", "Second", &[]);
    let _ = bench.act("a@x", Known::Note { text: "Ana is angry".into(), mentions: [].into() });
    bench.mail(3, "c@x", "cleo@example.net", "Both", &["a@x", "b@x"]);
    bench.mail(4, "d@x", "ben@example.net", "Re: Second", &["b@x"]);
    assert_eq!(by(&bench, "b@x"), [["c@x"]], "the one that names the other's mail");
    assert_eq!(by(&bench, "a@x"), [["a@x"]], "the one that is named");
    bench.mail(5, "lea@x", "lea@example.net", "Ticket", &["gone@crm"]);
    bench.mail(6, "lea2@x", "lea@example.net", "Re: Ticket", &["lea@x"]);
    bench.mail(7, "mia@x", "mia@example.net", "Of another", &["gone@crm"]);
    assert_eq!(by(&bench, "lea@x"), [["lea@x"]], "the one that names what both name");
}

#[test]
fn an_id_that_a_copy_named_too_is_of_the_one_conversation_that_still_names_it() {
    let first = raw("twice@x", "max@example.net", "Ticket of max", &["constant@crm"]);
    // The same mail with more words, and without what it names: the other is a copy of it.
    let mut whole = raw("twice@x", "max@example.net", "Ticket of max", &[]);
    whole.extend(b"And more.\r\n");
    let other = raw("lea@x", "lea@example.net", "Ticket of lea", &["constant@crm"]);
    let in_order = |order: [usize; 3]| {
        let bench = Bench::new();
        for at in order {
            let mail = incoming(at as u32 + 1, at as i64, [&first, &whole, &other][at].clone());
            bench.store.ingest(bench.inbox, vec![mail]).unwrap();
        }
        bench.sound();
        bench.dump()
    };
    let all = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    let [wanted, others @ ..] = all.map(in_order);
    for (order, dump) in all.iter().skip(1).zip(&others) {
        assert_eq!(*dump, wanted, "{order:?}");
    }
    assert!(wanted.contains("| constant@crm\n"), "{wanted}");
}

#[test]
fn those_that_alone_name_an_id_of_a_copy_are_threaded_at_once_however_many_ids_it_named() {
    let threaded = |others: usize| {
        let bench = Bench::new();
        let ids: Vec<String> = (0..others).map(|n| format!("c{n}@crm")).collect();
        for (n, id) in ids.iter().enumerate() {
            let from = format!("c{n}@example.net");
            bench.mail(n as i64, &format!("m{n}@x"), &from, &format!("Order {n}"), &[id.as_str()]);
        }
        let all: Vec<&str> = ids.iter().map(String::as_str).collect();
        let first = raw("twice@x", "max@example.net", "Ticket of max", &all);
        bench.store.ingest(bench.inbox, vec![incoming(1001, 1001, first)]).unwrap();
        let owned = || {
            let of = |id: &String| bench.store.read(|tx| super::super::batch::conversation_of(tx, &mid(id))).unwrap();
            ids.iter().filter(|id| of(id).is_some()).count()
        };
        assert_eq!(owned(), 0, "two name each");
        let mut whole = raw("twice@x", "max@example.net", "Ticket of max", &[]);
        whole.extend(b"And more.\r\n");
        let before = bench.store.inner.work.lock().unwrap().1;
        bench.store.ingest(bench.inbox, vec![incoming(1002, 1002, whole)]).unwrap();
        let after = bench.store.inner.work.lock().unwrap().1;
        assert_eq!(owned(), others, "one is left that names it");
        bench.sound();
        after - before
    };
    let (few, many) = (threaded(4), threaded(60));
    assert!(few > 0 && few == many, "{few} and {many}");
}
