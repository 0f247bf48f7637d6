//! Which mail is which, in the store.

use proptest::prelude::*;

use crate::model::ids::{AccountId, MessageId};
use crate::store::testing::{Bench, incoming, mid};
use crate::store::{Content, FolderRole, Incoming, Store};

/// A mail with these headers and this text.
fn mail(id: &str, from: &str, subject: &str, text: &str) -> Vec<u8> {
    let to = if from.ends_with("team.example") { "ana@example.net" } else { "support@team.example" };
    let id = if id.is_empty() { String::new() } else { format!("Message-ID: <{id}>\r\n") };
    format!(
        "{id}From: Somebody <{from}>\r\nTo: {to}\r\nSubject: {subject}\r\n\
         Date: Thu, 14 Jan 2027 08:00:00 +0000\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

fn order(text: &str) -> Vec<u8> {
    mail("f07@shop.example", "form@shop.example", "New order", text)
}

/// Each mail that is shown: id, whether it went out, snippet.
fn shown(store: &Store) -> Vec<(String, bool, String)> {
    store
        .read(|tx| {
            let mut find = tx.prepare(
                "SELECT message_id, direction, snippet FROM message WHERE hidden = 0 ORDER BY snippet, message_id",
            )?;
            Ok(find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

fn snippets(store: &Store) -> Vec<String> {
    shown(store).into_iter().map(|(_, _, snippet)| snippet).collect()
}

fn sent(bench: &Bench) -> i64 {
    bench.store.folder(&AccountId::new("main").unwrap(), "Sent", FolderRole::Sent).unwrap().id
}

fn headers(uid: u32, seconds: i64, raw: &[u8]) -> Incoming {
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    Incoming {
        size: raw.len() as u64,
        content: Content::Headers(raw[..end + 4].to_vec()),
        ..incoming(uid, seconds, Vec::new())
    }
}

#[test]
fn two_mails_of_one_id_with_other_texts_are_both_there_in_one_conversation() {
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, order("Order 1"))]).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(2, 2, order("Order 2, express please"))]).unwrap();
    assert_eq!(snippets(&bench.store), ["Order 1", "Order 2, express please"]);
    assert_eq!(bench.row("f07@shop.example").messages, 2);
    let ids = bench.store.message_ids(&bench.id("f07@shop.example")).unwrap();
    assert_eq!(ids.len(), 2);
    let second = ids.iter().find(|id| **id != mid("f07@shop.example")).unwrap();
    let raw = bench.store.raw(second).unwrap().unwrap();
    assert!(String::from_utf8(raw).unwrap().contains("Order 2"));
    bench.sound();
}

#[test]
fn two_mails_without_an_id_and_with_equal_headers_are_both_there() {
    let bench = Bench::new();
    let form = |text: &str| mail("", "form@example.com", "Contact form", text);
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, form("I want my money back"))]).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(2, 1, form("Please deliver"))]).unwrap();
    assert_eq!(snippets(&bench.store), ["I want my money back", "Please deliver"]);
    bench.sound();
}

#[test]
fn a_copy_with_the_footer_of_a_list_is_one_mail_and_its_folder_counts() {
    let bench = Bench::new();
    let other = bench.store.folder(&AccountId::new("main").unwrap(), "List", FolderRole::Other).unwrap().id;
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, order("Order 1"))]).unwrap();
    bench.store.ingest(other, vec![incoming(1, 2, order("Order 1\r\nTo unsubscribe write us"))]).unwrap();
    assert_eq!(bench.row("f07@shop.example").messages, 1);
    assert!(snippets(&bench.store)[0].starts_with("Order 1 "), "{:?}", snippets(&bench.store));
    let _ = bench.store.expunge(other, &[1]).unwrap();
    assert!(!bench.row("f07@shop.example").gone, "it stands in INBOX still");
    let _ = bench.store.expunge(bench.inbox, &[1]).unwrap();
    assert!(bench.row("f07@shop.example").gone);
    bench.store.ingest(bench.inbox, vec![incoming(2, 1, order("Order 1"))]).unwrap();
    assert!(!bench.row("f07@shop.example").gone, "its copy came back");
    bench.sound();
}

#[test]
fn another_subject_under_the_id_is_another_mail_in_another_conversation() {
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, order("Order 1"))]).unwrap();
    let other = mail("f07@shop.example", "form@shop.example", "A complaint", "Order 1");
    bench.store.ingest(bench.inbox, vec![incoming(2, 2, other)]).unwrap();
    let ids: Vec<String> = shown(&bench.store).into_iter().map(|(id, ..)| id).collect();
    let conversations: std::collections::BTreeSet<_> =
        ids.iter().map(|id| bench.store.conversation_of(&mid(id)).unwrap().unwrap()).collect();
    assert_eq!((ids.len(), conversations.len()), (2, 2));
    bench.sound();
}

#[test]
fn a_mail_that_forges_the_id_of_ours_gives_the_same_whether_it_is_read_before_or_after() {
    let own = mail("ours@team.example", "support@team.example", "Your order", "All is paid.");
    let forged = mail("ours@team.example", "eve@bad.example", "Your order", "Pay again, to us.");
    let dump = |first_sent: bool| {
        let bench = Bench::new();
        let sent = sent(&bench);
        let put_sent = || drop(bench.store.ingest(sent, vec![incoming(1, 60, own.clone())]).unwrap());
        if first_sent {
            put_sent();
        }
        bench.store.ingest(bench.inbox, vec![incoming(1, 1, forged.clone())]).unwrap();
        if !first_sent {
            put_sent();
        }
        bench.sound();
        let conversation = bench.store.conversation_of(&mid("ours@team.example")).unwrap().unwrap();
        assert_eq!(bench.store.message_ids(&conversation).unwrap(), [mid("ours@team.example")]);
        let kept = bench.store.raw(&mid("ours@team.example")).unwrap().unwrap();
        assert_eq!(kept, own);
        bench.dump()
    };
    assert_eq!(dump(true), dump(false));
}

#[test]
fn the_second_body_is_compared_once_it_is_here() {
    for same in [true, false] {
        let bench = Bench::new();
        let first = order("Order 1");
        let second = if same { first.clone() } else { order("Order 2") };
        bench.store.ingest(bench.inbox, vec![headers(1, 1, &first), headers(2, 2, &second)]).unwrap();
        assert_eq!(shown(&bench.store).len(), 1, "it counts as the first");
        let wanted = bench.store.wanted_bodies(bench.inbox, 10).unwrap();
        assert_eq!(wanted.len(), 2, "both bodies come");
        let _ = bench.store.ingest_body(bench.inbox, 2, &second).unwrap();
        assert_eq!(snippets(&bench.store), [if same { "Order 1" } else { "Order 2" }]);
        let _ = bench.store.ingest_body(bench.inbox, 1, &first).unwrap();
        let expected: &[&str] = if same { &["Order 1"] } else { &["Order 1", "Order 2"] };
        assert_eq!(snippets(&bench.store), expected);
        assert_eq!(bench.store.wanted_bodies(bench.inbox, 10).unwrap(), []);
        bench.sound();
    }
}

#[test]
fn a_large_mail_that_was_moved_is_not_fetched_again() {
    let bench = Bench::new();
    let mut raw = b"Received: from a by b with SMTP id 1; Thu, 14 Jan 2027 08:00:00 +0000\r\n".to_vec();
    raw.extend(order("Order 1"));
    let other = bench.store.folder(&AccountId::new("main").unwrap(), "Archive", FolderRole::Other).unwrap().id;
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, raw.clone())]).unwrap();
    bench.store.ingest(other, vec![headers(1, 1, &raw)]).unwrap();
    assert_eq!(bench.store.wanted_bodies(other, 10).unwrap(), []);
    assert_eq!(shown(&bench.store).len(), 1);
}

#[test]
fn a_restored_folder_finds_both_mails_of_one_id_again() {
    let bench = Bench::new();
    let mails = [order("Order 1"), order("Order 2")];
    let batch = |first: u32| vec![incoming(first, 1, mails[0].clone()), incoming(first + 1, 2, mails[1].clone())];
    bench.store.ingest(bench.inbox, batch(1)).unwrap();
    bench.finish();
    let before = shown(&bench.store);
    bench.store.reset_folder(bench.inbox, 2).unwrap();
    let variant = crate::store::Identity::read(&mails[0]).variant;
    let at = |uid| crate::store::Relocated {
        uid,
        message: mid("f07@shop.example"),
        variant: Some(variant),
        flags: Vec::new(),
        size: 1,
    };
    let unknown = bench.store.relocate(bench.inbox, vec![at(5), at(6)]).unwrap();
    assert_eq!(unknown, [5, 6], "their headers don't tell them apart");
    bench.store.ingest(bench.inbox, batch(5)).unwrap();
    assert_eq!(shown(&bench.store), before);
    assert_eq!(bench.store.lost(bench.inbox).unwrap(), 0);
    bench.sound();
}

#[test]
fn messages_of_a_chat_are_never_split() {
    let bench = Bench::new();
    let id = "abc.chat.msg@postroom.invalid";
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, mail(id, "a@x.example", "chat", "one"))]).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(2, 2, mail(id, "a@x.example", "chat", "two"))]).unwrap();
    assert_eq!(snippets(&bench.store), ["one"]);
}

#[test]
fn what_was_done_to_a_mail_stays_with_it_when_the_id_goes_to_another() {
    use crate::op::operation::Known;
    let bench = Bench::new();
    let sent = sent(&bench);
    let forged = mail("ours@team.example", "eve@bad.example", "Your order", "Pay again, to us.");
    let later = mail("ours@team.example", "ana@example.net", "Your order", "I never got it.");
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, forged), incoming(2, 2, later)]).unwrap();
    let apart = shown(&bench.store).into_iter().find(|(_, _, text)| text.starts_with("I never")).unwrap().0;
    let _ = bench.act(&apart, Known::Note { text: "a note on Ana's mail".into(), mentions: Default::default() });
    let own = mail("ours@team.example", "support@team.example", "Your order", "All is paid.");
    bench.store.ingest(sent, vec![incoming(1, 60, own)]).unwrap();
    assert_eq!(bench.row(&apart).notes, 1);
    assert!(String::from_utf8(bench.store.raw(&mid(&apart)).unwrap().unwrap()).unwrap().contains("I never"));
    bench.sound();
}

#[test]
fn both_mails_say_that_they_share_their_id_and_a_second_name_is_told() {
    use crate::model::conversation::Item;
    let bench = Bench::new();
    let sent = sent(&bench);
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, order("Order 1")), incoming(2, 2, order("Order 2"))]).unwrap();
    let id = bench.id("f07@shop.example");
    let told = |item: Item| match item {
        Item::Message(message) => message.shares.iter().map(|other| other.who.to_string()).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let told: Vec<Vec<String>> =
        bench.store.conversation(&id, 10).unwrap().unwrap().items.into_iter().map(told).collect();
    assert!(
        told.len() == 2 && told.iter().all(|who| who.len() == 1 && who[0].starts_with("the message of")),
        "{told:?}"
    );
    let why = bench.store.why(&id).unwrap();
    assert!(why.iter().all(|item| item.why.as_str().contains("shares its Message-ID with the message of")), "{why:?}");
    bench.store.ingest(sent, vec![incoming(1, 1, relayed("ours@team.example", "It left."))]).unwrap();
    bench.store.ingest(sent, vec![incoming(2, 2, relayed("0100@relay.example", "It left."))]).unwrap();
    let why = bench.store.why(&bench.id("ours@team.example")).unwrap();
    assert!(why[0].why.as_str().ends_with("it is also known as <0100@relay.example>"), "{why:?}");
}

#[test]
fn a_draft_follows_the_mail_that_it_answers_when_another_takes_its_id() {
    use crate::model::reply::Draft;
    let bench = Bench::new();
    let sent = sent(&bench);
    let later = mail("ours@team.example", "ana@example.net", "Your order", "I never got it.");
    bench.store.ingest(bench.inbox, vec![incoming(2, 2, later)]).unwrap();
    let draft = Draft {
        parent: Some(mid("ours@team.example")),
        conversation: Some(bench.id("ours@team.example")),
        ..Draft::default()
    };
    let draft = bench.store.save_draft(&draft).unwrap();
    let own = mail("ours@team.example", "support@team.example", "Your order", "All is paid.");
    bench.store.ingest(sent, vec![incoming(1, 60, own)]).unwrap();
    let draft = bench.store.draft(draft.id).unwrap().unwrap();
    let parent = draft.parent.unwrap();
    assert!(String::from_utf8(bench.store.raw(&parent).unwrap().unwrap()).unwrap().contains("I never got it"));
    assert_eq!(draft.conversation, bench.store.conversation_of(&parent).unwrap());
}

#[test]
fn only_the_mail_that_was_named_is_erased_with_its_copies_and_it_does_not_come_back() {
    let bench = Bench::new();
    let footer = order("Order 2\r\nTo unsubscribe write us");
    let all = [order("Order 1"), order("Order 2"), footer];
    for (uid, raw) in (1..).zip(&all) {
        bench.store.ingest(bench.inbox, vec![incoming(uid, i64::from(uid), raw.clone())]).unwrap();
    }
    let second = shown(&bench.store).into_iter().find(|(_, _, text)| text.starts_with("Order 2")).unwrap().0;
    let reach = bench.store.reach_of_message(&mid(&second)).unwrap();
    let mail = &reach.values().next().unwrap().mails[0];
    assert_eq!((mail.copies.len(), mail.shares.1.len()), (1, 1));
    let messages = mail.copies.iter().cloned().chain([mail.id.clone()]).collect();
    let _ = bench.act(&second, crate::op::operation::Known::Erase { records: Default::default(), messages });
    assert_eq!(snippets(&bench.store), ["Order 1"]);
    for (uid, raw) in (11..).zip(&all) {
        bench.store.ingest(bench.inbox, vec![incoming(uid, i64::from(uid), raw.clone())]).unwrap();
    }
    assert_eq!(snippets(&bench.store), ["Order 1"]);
    bench.sound();
}

#[test]
fn a_mail_erased_by_the_name_that_tells_it_from_others_is_met_where_no_other_came() {
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, order("Order 2"))]).unwrap();
    let (_, name) = crate::store::names_in(&order("Order 2"));
    let op = crate::op::operation::Known::Erase { records: Default::default(), messages: [name].into() };
    let _ = bench.act("f07@shop.example", op);
    assert_eq!(snippets(&bench.store), Vec::<String>::new());
    bench.store.ingest(bench.inbox, vec![incoming(2, 1, order("Order 2")), incoming(3, 2, order("Order 1"))]).unwrap();
    assert_eq!(snippets(&bench.store), ["Order 1"]);
    bench.sound();
}

#[test]
fn twins_of_an_old_store_are_mails_of_their_own_once_they_are_derived_again() {
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, order("Order 1")), incoming(2, 2, order("Order 2"))]).unwrap();
    let after = (shown(&bench.store), bench.dump());
    let (_, name) = crate::store::names_in(&order("Order 2"));
    bench
        .store
        .write(|tx| {
            tx.execute("UPDATE member SET second = 0, message = NULL WHERE second = 1", [])?;
            tx.execute("DELETE FROM member WHERE message_id = ?1 OR message IS NULL", [name.as_str()])?;
            tx.execute(
                "UPDATE message SET message_id = claimed, claimed = NULL, twin = 1, beside = NULL, why = ''
                 WHERE claimed IS NOT NULL",
                [],
            )?;
            tx.execute("UPDATE message SET text_hash = NULL, derived = derived - 1", [])?;
            Ok(())
        })
        .unwrap();
    let _ = bench.store.derive_behind(u64::MAX, &crate::model::stop::Stop::never(), &mut |_| {}).unwrap();
    assert_eq!((shown(&bench.store), bench.dump()), after);
    bench.sound();
}

fn relayed(id: &str, text: &str) -> Vec<u8> {
    mail(id, "support@team.example", "Your order 4411", text)
}

#[test]
fn the_copy_that_a_relay_gave_another_id_is_no_second_mail_and_its_id_leads_home() {
    for swapped in [false, true] {
        let bench = Bench::new();
        let sent = sent(&bench);
        let mut batch = vec![
            incoming(1, 1, relayed("ours@team.example", "It left today.")),
            incoming(2, 2, relayed("0100@relay.example", "It left today.")),
        ];
        if swapped {
            batch.reverse();
        }
        for mail in batch {
            bench.store.ingest(sent, vec![mail]).unwrap();
        }
        let answer =
            String::from_utf8(mail("a@phone.example", "ana@example.net", "Re: Something else", "Tomorrow.")).unwrap();
        let answer = format!("In-Reply-To: <0100@relay.example>\r\n{answer}").into_bytes();
        bench.store.ingest(bench.inbox, vec![incoming(1, 90, answer)]).unwrap();
        let ids: Vec<MessageId> = bench.store.message_ids(&bench.id("ours@team.example")).unwrap();
        assert_eq!(ids, [mid("ours@team.example"), mid("a@phone.example")]);
        assert_eq!(bench.id("0100@relay.example"), bench.id("ours@team.example"));
        bench.sound();
    }
}

#[test]
fn the_mail_that_a_record_names_is_the_mail_whichever_came_first() {
    use crate::op::operation::Known;
    let bench = Bench::new();
    let sent = sent(&bench);
    bench.store.ingest(sent, vec![incoming(1, 1, relayed("0100@relay.example", "It left."))]).unwrap();
    bench.store.ingest(sent, vec![incoming(2, 2, relayed("ours@team.example", "It left."))]).unwrap();
    assert_eq!(shown(&bench.store)[0].0, "0100@relay.example");
    let _ = bench
        .act_blind("ours@team.example", Known::Replied { message: mid("ours@team.example"), then: None, hash: None });
    assert_eq!(shown(&bench.store)[0].0, "ours@team.example");
    assert_eq!(shown(&bench.store).len(), 1);
    bench.sound();
}

/// A mail of the law: which text, whether the subject has a list's tag, whether in Sent.
#[derive(Clone, Debug)]
struct Sample {
    text: usize,
    subject: usize,
    from: usize,
    in_sent: bool,
    seconds: i64,
    partial: bool,
}

fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let one = (0usize..4, 0usize..3, 0usize..2, 0u8..4, 0i64..3, any::<bool>()).prop_map(
        |(text, subject, from, sent, seconds, partial)| Sample {
            text,
            subject,
            from,
            in_sent: sent == 0,
            seconds,
            partial,
        },
    );
    proptest::collection::vec(one, 1..6)
}

fn raw_of(sample: &Sample) -> Vec<u8> {
    let text = ["one", "one two", "two", "two three"][sample.text];
    let subject = ["Order", "Re: Order", "Refund"][sample.subject];
    let from =
        if sample.in_sent { "support@team.example" } else { ["ana@example.net", "eve@bad.example"][sample.from] };
    mail("same@x.example", from, subject, text)
}

/// Takes them in, in that order, a transaction each, bodies behind.
fn taken_in(samples: &[(u32, Sample)]) -> Bench {
    let bench = Bench::new();
    let sent = sent(&bench);
    let folder = |sample: &Sample| if sample.in_sent { sent } else { bench.inbox };
    for (uid, sample) in samples {
        let raw = raw_of(sample);
        let one =
            if sample.partial { headers(*uid, sample.seconds, &raw) } else { incoming(*uid, sample.seconds, raw) };
        bench.store.ingest(folder(sample), vec![one]).unwrap();
    }
    for (uid, sample) in samples.iter().filter(|(_, sample)| sample.partial) {
        let _ = bench.store.ingest_body(folder(sample), *uid, &raw_of(sample)).unwrap();
    }
    bench
}

/// Two headers of one mail look like two mails until the second body is here.
#[test]
fn a_mail_that_turns_out_to_be_alone_with_its_id_keeps_no_second_name() {
    let sample = |partial| Sample { text: 1, subject: 1, from: 0, in_sent: false, seconds: 0, partial };
    let whole = taken_in(&[(1, sample(false)), (2, sample(false))]);
    for (one, two) in [(true, true), (true, false), (false, true)] {
        let parts = taken_in(&[(1, sample(one)), (2, sample(two))]);
        parts.sound();
        assert_eq!(parts.dump(), whole.dump(), "{one} {two}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_order_of_arrival_and_of_bodies_gives_the_same_store(samples in samples(), seed in any::<u64>()) {
        let numbered: Vec<(u32, Sample)> = (1..).zip(samples).collect();
        let mut other = numbered.clone();
        let mut state = seed | 1;
        for at in (1..other.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            other.swap(at, (state >> 33) as usize % (at + 1));
        }
        for (n, (_, sample)) in other.iter_mut().enumerate() {
            sample.partial ^= (seed >> n) & 1 == 1;
        }
        let (one, two) = (taken_in(&numbered), taken_in(&other));
        one.sound();
        two.sound();
        prop_assert_eq!(one.dump(), two.dump());
        prop_assert_eq!(shown(&one.store), shown(&two.store));
    }
}
