use std::time::SystemTime;

use super::*;

fn file() -> AttachmentBytes {
    AttachmentBytes { name: "invoice.pdf".into(), media: "application/pdf".into(), bytes: b"%PDF".to_vec() }
}

fn at(time: SystemTime) -> Timestamp {
    Timestamp(i64::try_from(time.duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap())
}

#[test]
fn an_opened_attachment_stays_a_day_for_its_reader_and_is_then_taken_away() {
    let dir = tempfile::tempdir().unwrap();
    let path = lay(dir.path(), &file()).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"%PDF");
    let made = std::fs::metadata(path.parent().unwrap()).unwrap().modified().unwrap();
    sweep(dir.path(), at(made + KEPT - Duration::from_secs(1)));
    assert!(path.exists());
    sweep(dir.path(), at(made + KEPT + Duration::from_secs(1)));
    assert!(!path.exists());
    assert_eq!(std::fs::read_dir(folder(dir.path())).unwrap().count(), 0);
}

#[test]
fn what_nobody_opened_is_taken_away_at_once_and_a_clock_that_went_back_takes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (kept, gone) = (lay(dir.path(), &file()).unwrap(), lay(dir.path(), &file()).unwrap());
    take_away(&gone);
    assert!(kept.exists() && !gone.exists());
    sweep(dir.path(), Timestamp(0));
    sweep(dir.path(), Timestamp(-5));
    assert!(kept.exists());
}
