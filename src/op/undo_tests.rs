use super::*;
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{Handle, MessageId};
use crate::model::status::Status;
use crate::op::record::Author;

fn author() -> Author {
    Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp(0)),
        ids: Ids::counted(1),
    }
}

fn close() -> NewOperation {
    NewOperation::new(Known::SetStatus { to: Status::Closed }, vec![Target::on(MessageId::new("m@x").unwrap())])
}

fn flags(records: &[Record]) -> Vec<bool> {
    active(&records.iter().collect::<Vec<_>>())
}

#[test]
fn undo_then_redo_then_undo_follows_the_last_word() {
    let author = author();
    let mut log = author.batch(0, None, vec![close()]);
    let undo = undo_of(&log).unwrap();
    log.extend(author.batch(1, None, vec![undo]));
    assert_eq!(flags(&log), [false, true]);
    let redo = undo_of(&log[1..]).unwrap();
    log.extend(author.batch(2, None, vec![redo]));
    assert_eq!(flags(&log), [true, false, true]);
    let again = undo_of(&log[2..]).unwrap();
    log.extend(author.batch(3, None, vec![again]));
    assert_eq!(flags(&log), [false, true, false, true]);
}

#[test]
fn one_undo_takes_back_a_whole_batch() {
    let author = author();
    let mut log = author.batch(0, None, vec![close(), NewOperation::new(Known::Assign { to: None }, close().on)]);
    let undo = undo_of(&log).unwrap();
    assert_eq!(undo.on.len(), 1, "each target once");
    log.extend(author.batch(2, None, vec![undo]));
    assert_eq!(flags(&log), [false, false, true]);
}

#[test]
fn an_undo_that_names_itself_changes_nothing() {
    let author = author();
    let mut log = author.batch(0, None, vec![close()]);
    let mut own = author.batch(1, None, vec![close()]).remove(0);
    own.op = Known::Undo { of: own.id }.into();
    log.push(own);
    assert_eq!(flags(&log), [true, true]);
}

#[test]
fn what_has_gone_out_can_not_be_undone() {
    let author = author();
    let sent = Known::Replied { message: MessageId::new("r@x").unwrap(), then: None, hash: None };
    let log = author.batch(0, None, vec![NewOperation::new(sent, close().on)]);
    assert_eq!(undo_of(&log), None);
}

#[test]
fn undoing_a_batch_with_a_reply_in_it_takes_back_all_but_the_reply() {
    let author = author();
    let sent = Known::Replied { message: MessageId::new("r@x").unwrap(), then: None, hash: None };
    let tag = NewOperation::new(Known::Title { text: "t".into() }, close().on);
    let mut log = author.batch(0, None, vec![NewOperation::new(sent, close().on), close(), tag]);
    let undo = undo_of(&log).unwrap();
    log.extend(author.batch(3, None, vec![undo]));
    assert_eq!(flags(&log), [true, false, false, true]);
}

#[test]
fn a_record_that_says_it_undoes_mail_that_went_out_changes_nothing() {
    let author = author();
    let sent = Known::Replied { message: MessageId::new("r@x").unwrap(), then: None, hash: None };
    let mut log = author.batch(0, None, vec![NewOperation::new(sent, close().on)]);
    let of = log[0].id;
    log.extend(author.batch(1, None, vec![NewOperation::new(Known::Undo { of }, close().on)]));
    assert_eq!(flags(&log), [true, true]);
}
