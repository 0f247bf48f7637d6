use super::*;
use crate::model::clock::Ids;
use crate::sync::imap::log::codec::Decoded;

fn built(lines: &[LogLine]) -> Vec<Vec<u8>> {
    let ids = Ids::counted(3);
    let actor = Handle::new("alice").unwrap();
    let from = Address::new("", "support@shop.example");
    let header = Header::new(ids.next(), 2, 77, 900, Timestamp(1_795_318_527_000));
    let mut builder = Builder::new(Making { header, actor: &actor, from: &from, key: None });
    lines.iter().for_each(|line| builder.push(line.clone()));
    builder.finish()
}

fn lines(count: u32, size: usize) -> Vec<LogLine> {
    (0..count)
        .map(|n| LogLine {
            place: LogPlace { epoch: 1, validity: 70, uid: n / 3, index: n % 3 },
            json: serde_json::json!({ "id": format!("00000000-0000-7000-8000-{n:012x}"), "text": "ä b ".repeat(size / 5) }).to_string(),
        })
        .collect()
}

fn read(raw: &[u8]) -> (Header, Vec<LogLine>) {
    match codec::decode(raw) {
        Decoded::Snapshot { lines, damaged: false, .. } => decode(lines).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_snapshot_gives_back_every_record_with_its_place() {
    let made = lines(200, 50);
    let mails = built(&made);
    assert_eq!(mails.len(), 1);
    let (header, claims) = read(&mails[0]);
    assert_eq!((header.epoch, header.validity, header.covers, header.digest.is_some()), (2, 77, 900, true));
    assert_eq!(claims, made);
}

#[test]
fn a_large_log_becomes_several_parts_that_stand_alone() {
    let made = lines(40, 500_000);
    let mails = built(&made);
    assert!(mails.len() > 1);
    let mut claims = Vec::new();
    for (n, mail) in mails.iter().enumerate() {
        let (header, part) = read(mail);
        assert_eq!((header.part as usize, header.last), (n, n + 1 == mails.len()));
        claims.extend(part);
    }
    assert_eq!(claims, made);
}

#[test]
fn an_empty_log_has_a_snapshot_too() {
    assert_eq!(read(&built(&[])[0]).1, []);
}

#[test]
fn a_snapshot_that_uses_up_all_epochs_is_none() {
    let mail = |epoch: u32| {
        let header = serde_json::json!({
            "snapshot": "00000000-0000-7000-8000-000000000001", "part": u32::MAX, "last": true,
            "epoch": epoch, "validity": 1, "covers": u32::MAX, "at": i64::MAX,
        });
        decode(vec![header.to_string(), "[1,1,1,0]".to_owned(), "{}".to_owned()])
    };
    assert!(mail(EPOCH_MAX).is_some());
    assert!(mail(EPOCH_MAX + 1).is_none());
    assert!(mail(u32::MAX).is_none());
}
