use super::*;

#[test]
fn fields_of_delivery_tell_a_mail_that_was_delivered_from_one_that_was_put_there() {
    for field in
        ["Received: x", "return-path:<>", "Delivered-To : a@b", "X-Original-To:\ta@b", "Envelope-to: a", "X-Sieve: 3"]
    {
        let mail = format!("Subject: a\r\n{field}\r\n\r\nbody\r\n");
        assert!(is_delivered(mail.as_bytes()), "{field}");
        assert!(is_delivered(mail.replace("\r\n", "\n").as_bytes()), "{field}");
    }
    for mail in [
        "Subject: a\r\n\r\nReceived: x\r\n",
        "X-Received-By: x\r\nSubject: received: x\r\n\r\n",
        "Subject: a customer says\r\n Received: your parcel\r\n\treturn-path: none\r\n\r\n",
        "",
        "no header at all",
    ] {
        assert!(!is_delivered(mail.as_bytes()), "{mail:?}");
    }
}

fn key(uid: Option<u32>, replaces: &[&Counted]) -> Counted {
    let replaces = replaces.iter().map(|other| other.key.fingerprint()).collect();
    Counted { key: Key::random().unwrap(), uid, here: uid, replaces }
}

#[test]
fn a_replaced_key_counts_up_to_the_lowest_that_replaces_it_and_the_last_that_stands_signs() {
    let old = key(Some(1), &[]);
    let (one, other) = (key(Some(9), &[&old]), key(Some(7), &[&old]));
    let mut trust = Trust::new(5);
    [&old, &one, &other].into_iter().for_each(|counted| trust.add(counted.clone()));
    let mark = |by: &Counted, uid| Mark { uid, signature: Signature::Good(by.key.fingerprint()), delivered: true };
    assert!(trust.accepts(&mark(&old, 7)) && !trust.accepts(&mark(&old, 8)));
    assert!(trust.accepts(&mark(&one, 2)) && trust.accepts(&mark(&other, 20)));
    assert_eq!(trust.newest(), Some(one.key));
    assert!(!trust.accepts(&mark(&key(None, &[]), 2)), "nobody knows that one");
}

#[test]
fn a_key_that_does_not_stand_in_the_folder_yet_ends_no_other_and_signs_next() {
    let old = key(Some(1), &[]);
    let mut new = key(None, &[&old]);
    let mut trust = Trust::new(5);
    [&old, &new].into_iter().for_each(|counted| trust.add(counted.clone()));
    let mark = |uid| Mark { uid, signature: Signature::Good(old.key.fingerprint()), delivered: true };
    assert!(trust.accepts(&mark(40)));
    assert_eq!(trust.newest(), Some(new.key));
    new.uid = Some(50);
    trust.add(new);
    assert!(trust.accepts(&mark(50)) && !trust.accepts(&mark(51)));
}

#[test]
fn the_team_may_want_signatures_and_no_more() {
    let mut trust = Trust::new(5);
    let place = |validity, uid| LogPlace { epoch: 1, validity, uid, index: 0 };
    trust.signing = vec![(place(4, 90), true), (place(5, 10), false), (place(5, 20), true)];
    let unsigned = |uid| Mark { uid, signature: Signature::None, delivered: false };
    let accepted: Vec<bool> = [5, 10, 11, 20, 21].map(|uid| trust.accepts(&unsigned(uid))).to_vec();
    assert_eq!(accepted, [false, false, true, true, false]);
}
