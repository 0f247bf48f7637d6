//! How values of the model stand in columns: each as one fixed number or word, which is the value's for good.
//!
//! A [`Code`] is the only way for such a value into SQL and out of it. So a column of numbers is never compared with a word, and a value
//! that is put into the middle of its type's list renumbers no row.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, Value, ValueRef};

use super::mail_flag::MailFlag;
use super::set_aside::AsideReason;
use super::types::FolderRole;
use crate::model::message::{Authorship, Direction, Origin};
use crate::model::reply::OutState;
use crate::model::status::Status;
use crate::query::Side;

/// A value of the model as its column holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code<T>(pub T);

/// What stands in a column for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Number(i64),
    Word(&'static str),
}

/// A type of the model whose values stand in a column. A new value takes a cell that none ever had; no cell is ever given to another.
pub(super) trait Coded: Copy + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// As which value a cell is read that only a newer program knows; `None` where that must not be guessed.
    const UNKNOWN: Option<Self>;

    fn cell(self) -> Cell;
}

impl<T: Coded> Code<T> {
    /// Returns the cell for a row that is written as values.
    pub(super) fn value(self) -> ValueRef<'static> {
        match self.0.cell() {
            Cell::Number(number) => ValueRef::Integer(number),
            Cell::Word(word) => ValueRef::Text(word.as_bytes()),
        }
    }

    /// Returns the cell for SQL that is put together with its values.
    pub(super) fn owned(self) -> Value {
        match self.0.cell() {
            Cell::Number(number) => Value::Integer(number),
            Cell::Word(word) => Value::Text(word.to_owned()),
        }
    }
}

impl<T: Coded> ToSql for Code<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.value()))
    }
}

impl<T: Coded> FromSql for Code<T> {
    fn column_result(cell: ValueRef<'_>) -> FromSqlResult<Self> {
        let all = || T::ALL.iter().copied().map(Code);
        if let Some(code) = all().find(|code| code.value() == cell) {
            return Ok(code);
        }
        // A word in a column of numbers is no newer value: the wrong column was read.
        if all().any(|code| code.value().data_type() != cell.data_type()) {
            return Err(FromSqlError::InvalidType);
        }
        T::UNKNOWN.map(Code).ok_or_else(|| FromSqlError::Other(format!("{cell:?} is none of the known values").into()))
    }
}

impl Coded for Status {
    const ALL: &'static [Self] = &Status::ALL;
    const UNKNOWN: Option<Self> = Some(Status::Open);

    fn cell(self) -> Cell {
        Cell::Number(match self {
            Status::Open => 0,
            Status::InProgress => 1,
            Status::Waiting => 2,
            Status::Closed => 3,
        })
    }
}

impl Coded for Direction {
    const ALL: &'static [Self] = &[Direction::Inbound, Direction::Outbound];
    const UNKNOWN: Option<Self> = Some(Direction::Inbound);

    fn cell(self) -> Cell {
        Cell::Number(match self {
            Direction::Inbound => 0,
            Direction::Outbound => 1,
        })
    }
}

impl Coded for Authorship {
    const ALL: &'static [Self] = &[
        Authorship::Sender,
        Authorship::Form,
        Authorship::Colleague,
        Authorship::Ourselves,
        Authorship::Filed,
        Authorship::Recorded,
        Authorship::Vouched,
        Authorship::Unproven,
        Authorship::Forged,
    ];
    const UNKNOWN: Option<Self> = Some(Authorship::Sender);

    fn cell(self) -> Cell {
        Cell::Number(match self {
            Authorship::Sender => 0,
            Authorship::Form => 1,
            Authorship::Colleague => 2,
            Authorship::Ourselves => 3,
            Authorship::Filed => 4,
            Authorship::Recorded => 5,
            Authorship::Vouched => 6,
            Authorship::Unproven => 7,
            Authorship::Forged => 8,
        })
    }
}

impl Coded for Origin {
    const ALL: &'static [Self] = &[Origin::Human, Origin::Automatic, Origin::Bounce, Origin::Loop];
    const UNKNOWN: Option<Self> = Some(Origin::Human);

    fn cell(self) -> Cell {
        Cell::Number(match self {
            Origin::Human => 0,
            Origin::Automatic => 1,
            Origin::Bounce => 2,
            Origin::Loop => 3,
        })
    }
}

impl Coded for Side {
    const ALL: &'static [Self] = &[Side::Author, Side::Recipient];
    const UNKNOWN: Option<Self> = Some(Side::Recipient);

    fn cell(self) -> Cell {
        Cell::Number(match self {
            Side::Author => 0,
            Side::Recipient => 1,
        })
    }
}

impl Coded for FolderRole {
    const ALL: &'static [Self] = &[
        FolderRole::Inbox,
        FolderRole::Sent,
        FolderRole::Drafts,
        FolderRole::Other,
        FolderRole::Log,
        FolderRole::Archive,
    ];
    const UNKNOWN: Option<Self> = Some(FolderRole::Other);

    fn cell(self) -> Cell {
        Cell::Word(self.name())
    }
}

impl Coded for OutState {
    const ALL: &'static [Self] = &[
        OutState::Held,
        OutState::Stopped,
        OutState::Sending,
        OutState::Uncertain,
        OutState::Failed,
        OutState::Sent,
        OutState::Filed,
        OutState::Cancelled,
    ];
    // A mail in a state that is not known must not be sent, nor taken for sent.
    const UNKNOWN: Option<Self> = None;

    fn cell(self) -> Cell {
        Cell::Word(self.name())
    }
}

impl Coded for AsideReason {
    const ALL: &'static [Self] = &[
        AsideReason::Refused,
        AsideReason::Ended,
        AsideReason::TooMuch,
        AsideReason::TooSlow,
        AsideReason::Unreadable,
        AsideReason::NotSent,
        AsideReason::Store,
    ];
    const UNKNOWN: Option<Self> = Some(AsideReason::Unreadable);

    fn cell(self) -> Cell {
        Cell::Word(self.name())
    }
}

impl Coded for MailFlag {
    const ALL: &'static [Self] = &[MailFlag::Seen, MailFlag::Answered];
    const UNKNOWN: Option<Self> = None;

    fn cell(self) -> Cell {
        Cell::Number(match self {
            MailFlag::Seen => 0,
            MailFlag::Answered => 1,
        })
    }
}

#[cfg(test)]
#[path = "code_tests.rs"]
mod tests;
