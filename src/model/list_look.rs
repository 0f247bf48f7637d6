//! How a list looks: how many lines a row takes, and which columns it has.

use std::collections::BTreeSet;

use crate::model::phrase::Phrase;

/// How many lines a row of the list takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Density {
    /// One where the list is wide enough for all, else two.
    #[default]
    Auto,
    /// Two, however wide the list is.
    Comfortable,
    /// One, however narrow it is.
    Compact,
}

impl Density {
    /// All, in the order in which they are offered.
    pub const ALL: [Density; 3] = [Density::Auto, Density::Comfortable, Density::Compact];

    /// Returns the name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Density::Auto => "auto",
            Density::Comfortable => "comfortable",
            Density::Compact => "compact",
        }
    }

    /// Says what it does.
    pub fn phrase(self) -> Phrase {
        match self {
            Density::Auto => phrase!("density-auto"),
            Density::Comfortable => phrase!("density-comfortable"),
            Density::Compact => phrase!("density-compact"),
        }
    }
}

/// A column that a list can be without. Time, sender and subject always stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The letter of the status.
    Status,
    /// The tags.
    Tags,
    /// How the newest message begins.
    Snippet,
    /// The inbox.
    Inbox,
    /// Who has it.
    Owner,
    /// The id.
    Id,
}

impl Column {
    /// All, as they follow each other in a row.
    pub const ALL: [Column; 6] =
        [Column::Status, Column::Tags, Column::Snippet, Column::Inbox, Column::Owner, Column::Id];

    /// Returns the name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Column::Status => "status",
            Column::Tags => "tags",
            Column::Snippet => "snippet",
            Column::Inbox => "inbox",
            Column::Owner => "owner",
            Column::Id => "id",
        }
    }

    /// Says what stands in it.
    pub fn phrase(self) -> Phrase {
        match self {
            Column::Status => phrase!("column-status"),
            Column::Tags => phrase!("column-tags"),
            Column::Snippet => phrase!("column-snippet"),
            Column::Inbox => phrase!("column-inbox"),
            Column::Owner => phrase!("column-owner"),
            Column::Id => phrase!("column-id"),
        }
    }
}

/// How a list looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListLook {
    /// How many lines a row takes.
    pub density: Density,
    /// The columns that are drawn where there is room.
    pub columns: BTreeSet<Column>,
}

impl Default for ListLook {
    fn default() -> Self {
        let columns = Column::ALL.into_iter().filter(|column| *column != Column::Inbox).collect();
        Self { density: Density::Auto, columns }
    }
}
