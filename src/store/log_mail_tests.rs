use super::super::testing::{Bench, incoming, mid};
use super::*;
use crate::sync::imap::log::payload::{Kind, write};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

/// A mail with the id of a log mail, that says these values.
fn mail(kind: Kind, values: &[&str]) -> Vec<u8> {
    let head = format!(
        "From: alice (postroom) <s@shop.example>\r\nSubject: [postroom] alice closed this\r\n\
         Message-ID: <{ID}.0a0b0c0d0e0f@log.postroom.invalid>\r\nAuto-Submitted: auto-generated\r\n\r\nalice closed this\r\n\r\n"
    );
    format!("{head}{}", write(kind, values)).into_bytes()
}

fn is(raw: &[u8]) -> bool {
    is_log_mail(&crate::mime::parse(raw), raw, false)
}

#[test]
fn a_log_mail_is_one_whose_id_names_the_first_record_or_snapshot_in_it() {
    let record = format!("{{\"v\":1,\"id\":\"{ID}\",\"op\":\"x\"}}");
    let header = format!("{{\"snapshot\":\"{ID}\",\"part\":0}}");
    assert!(is(&mail(Kind::Log, &[&record])));
    assert!(is(&mail(Kind::Log, &vec![record.as_str(); 2000])), "compressed");
    assert!(is(&mail(Kind::Snapshot, &[&header, "[1,2,3,4]", &record])));
    assert!(!is(&mail(Kind::Log, &["{\"v\":1,\"id\":\"01890a5d-ac96-774b-bcce-000000000000\"}", &record])));
    assert!(!is(&mail(Kind::Log, &[])) && !is(&mail(Kind::Log, &["1,1,1"])));
    let quoted =
        String::from_utf8(mail(Kind::Log, &[&record])).unwrap().replace("@log.postroom.invalid", "@shop.example");
    assert!(!is(quoted.as_bytes()));
}

#[test]
fn headers_alone_must_have_the_form_of_our_own() {
    let raw = String::from_utf8(mail(Kind::Log, &[])).unwrap();
    let head = raw.split_once("\r\n\r\n").unwrap().0;
    let is = |head: &str| is_log_mail(&crate::mime::parse(head.as_bytes()), head.as_bytes(), true);
    assert!(is(head));
    assert!(!is(&head.replace("[postroom]", "Re:")) && !is(&head.replace("Auto-Submitted", "X-Auto")));
}

#[test]
fn log_mails_that_an_older_postroom_took_for_messages_are_hidden_once() {
    let bench = Bench::new();
    let record = format!("{{\"v\":1,\"id\":\"{ID}\",\"op\":\"x\"}}");
    bench.store.ingest(bench.inbox, vec![incoming(900, 1, mail(Kind::Log, &[&record]))]).unwrap();
    bench.mail(2, "b@x", "bea@example.net", "Lamp", &[]);
    let id = mid(&format!("{ID}.0a0b0c0d0e0f@log.postroom.invalid"));
    assert!(bench.store.conversation_of(&id).unwrap().is_none());
    bench
        .store
        .change(|batch| {
            let known = Facts::by_id(batch.tx, &id)?.unwrap();
            batch.update(&known, &Facts { hidden: false, ..known.clone() })?;
            batch.tx.execute("DELETE FROM meta WHERE name = ?1", [DONE])?;
            batch.place_linked()
        })
        .unwrap();
    assert!(bench.store.conversation_of(&id).unwrap().is_some());
    bench.store.hide_log_mails(&mut |_| {}).unwrap();
    assert!(bench.store.conversation_of(&id).unwrap().is_none());
    assert_eq!(bench.row("b@x").messages, 1);
    bench.sound();
}
