use std::fmt::Debug;

use super::*;

fn cells<T: Coded>() -> Vec<Cell> {
    T::ALL.iter().map(|value| value.cell()).collect()
}

fn reads_back<T: Coded + Debug + PartialEq>() {
    for value in T::ALL {
        assert_eq!(Code::<T>::column_result(Code(*value).value()).unwrap(), Code(*value));
    }
}

#[test]
fn the_cells_of_every_value_are_those_that_rows_hold_since_the_first_version() {
    use Cell::{Number, Word};
    let numbers = |all: [i64; 4]| all.map(Number).to_vec();
    assert_eq!(Status::ALL, [Status::Open, Status::InProgress, Status::Waiting, Status::Closed]);
    assert_eq!(cells::<Status>(), numbers([0, 1, 2, 3]));
    assert_eq!(cells::<Origin>(), numbers([0, 1, 2, 3]));
    assert_eq!(cells::<Direction>(), [Number(0), Number(1)]);
    assert_eq!(cells::<Side>(), [Number(0), Number(1)]);
    assert_eq!(cells::<MailFlag>(), [Number(0), Number(1)]);
    assert_eq!(cells::<FolderRole>(), ["inbox", "sent", "drafts", "other", "log", "archive"].map(Word));
    let states = ["held", "stopped", "sending", "uncertain", "failed", "sent", "filed", "cancelled"];
    assert_eq!(cells::<OutState>(), states.map(Word));
    let reasons = ["refused", "ended", "too-much", "too-slow", "unreadable", "not-sent", "store"];
    assert_eq!(cells::<AsideReason>(), reasons.map(Word));
}

#[test]
fn every_value_is_read_back_as_what_was_written() {
    reads_back::<Status>();
    reads_back::<Origin>();
    reads_back::<Direction>();
    reads_back::<Side>();
    reads_back::<MailFlag>();
    reads_back::<FolderRole>();
    reads_back::<OutState>();
    reads_back::<AsideReason>();
}

#[test]
fn what_a_newer_program_wrote_is_read_as_its_type_says() {
    let read = Code::<Status>::column_result(ValueRef::Integer(77)).unwrap();
    assert_eq!(read, Code(Status::Open));
    let read = Code::<FolderRole>::column_result(ValueRef::Text(b"attic")).unwrap();
    assert_eq!(read, Code(FolderRole::Other));
    assert!(Code::<OutState>::column_result(ValueRef::Text(b"scheduled")).is_err());
}

#[test]
fn a_word_in_a_column_of_numbers_is_a_fault_and_no_newer_value() {
    assert!(Code::<Status>::column_result(ValueRef::Text(b"closed")).is_err());
    assert!(Code::<Origin>::column_result(ValueRef::Null).is_err());
    assert!(Code::<FolderRole>::column_result(ValueRef::Integer(0)).is_err());
}
