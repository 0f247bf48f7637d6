use crate::model::ids::MessageId;
use crate::store::testing::{Bench, incoming, main, mid};
use crate::store::{FolderRole, Store};

/// Dee wrote, we forwarded to a factory, the factory answered.
fn forwarded() -> Bench {
    let bench = Bench::new();
    bench.mail(0, "a@d", "dee@example.net", "Frame cracked", &[]);
    let sent = bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id;
    let raw = "Message-ID: <fwd@team>\r\nFrom: support@team.example\r\nTo: factory@supplier.example\r\n\
               Subject: Fwd: Frame cracked\r\nReferences: <a@d>\r\n\r\nWarranty?\r\n";
    bench.store.ingest(sent, vec![incoming(90, 10, raw.as_bytes().to_vec())]).unwrap();
    bench.mail(20, "c@s", "factory@supplier.example", "Re: Fwd: Frame cracked", &["fwd@team"]);
    bench
}

fn answered(bench: &Bench) -> MessageId {
    bench.store.to_answer(&bench.id("a@d")).unwrap().unwrap().1
}

fn thirds(store: &Store, bench: &Bench) -> Vec<String> {
    let thirds = store.by_third_parties(&bench.id("a@d")).unwrap();
    thirds.into_iter().map(|(id, who)| format!("{id} {}", who.email)).collect()
}

#[test]
fn what_answers_a_forward_is_passed_over_while_the_customers_mail_is_there() {
    let bench = forwarded();
    assert_eq!(answered(&bench), mid("a@d"));
    assert_eq!(thirds(&bench.store, &bench), ["c@s factory@supplier.example"]);
    bench.mail(30, "c2@s", "factory@supplier.example", "Re: Fwd: Frame cracked", &["fwd@team", "c@s"]);
    bench.mail(31, "c3@s", "sales@supplier.example", "Re: Fwd: Frame cracked", &["fwd@team", "c2@s"]);
    assert_eq!(answered(&bench), mid("a@d"), "nor what comes of it");
    bench.mail(40, "a2@d", "dee@example.net", "Re: Frame cracked", &["a@d"]);
    bench.mail(50, "c4@s", "factory@supplier.example", "Re: Fwd: Frame cracked", &["c3@s"]);
    assert_eq!(answered(&bench), mid("a2@d"), "the newest of the customer's");
    assert_eq!(thirds(&bench.store, &bench).len(), 4);
    bench.sound();
}

#[test]
fn where_no_customer_wrote_a_third_party_is_answered() {
    let bench = Bench::new();
    bench.mail(0, "a@d", "alice@team.example", "Offer", &[]);
    let sent = bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id;
    let raw = "Message-ID: <fwd@team>\r\nFrom: support@team.example\r\nTo: factory@supplier.example\r\n\
               Subject: Fwd: Offer\r\nReferences: <a@d>\r\n\r\nPrice?\r\n";
    bench.store.ingest(sent, vec![incoming(90, 10, raw.as_bytes().to_vec())]).unwrap();
    bench.mail(20, "c@s", "factory@supplier.example", "Re: Fwd: Offer", &["fwd@team"]);
    bench.mail(30, "d@s", "sales@supplier.example", "Re: Fwd: Offer", &["c@s"]);
    assert_eq!(answered(&bench), mid("d@s"));
}

#[test]
fn who_joined_by_a_reference_and_was_named_by_nobody_is_new_and_why_says_so() {
    let bench = forwarded();
    bench.mail(60, "x@b", "ben@b.example", "Re: Frame cracked", &["a@d"]);
    let of = |id: &str| bench.store.why(&bench.id("a@d")).unwrap().into_iter().find(|one| one.id == mid(id)).unwrap();
    for known in ["a@d", "fwd@team", "c@s"] {
        assert_eq!(of(known).new_here, None, "{known}");
    }
    let new = of("x@b");
    assert_eq!(new.new_here.unwrap().as_str(), "ben@b.example");
    assert!(new.why.as_str().ends_with("; new here: ben@b.example"), "{}", new.why);
    // What only claims to be from us brings nobody in.
    let bench = Bench::new();
    bench.mail(0, "a@d", "dee@example.net", "Frame", &[]);
    let forged = "Message-ID: <f@x>\r\nFrom: support@team.example\r\nTo: support@team.example, eve@evil.example\r\n\
                  Subject: Re: Frame\r\nReferences: <a@d>\r\n\r\nAsk Eve.\r\n";
    bench.store.ingest(bench.inbox, vec![incoming(91, 10, forged.as_bytes().to_vec())]).unwrap();
    bench.mail(20, "e@e", "eve@evil.example", "Re: Frame", &["a@d"]);
    let why = bench.store.why(&bench.id("a@d")).unwrap();
    let new: Vec<&str> = why.iter().filter(|one| one.new_here.is_some()).map(|one| one.id.as_str()).collect();
    assert_eq!(new, ["e@e"]);
}
