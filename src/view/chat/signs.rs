//! The signs in the first column of a conversation, all in one place.

/// What stands in the first column of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Nothing.
    #[default]
    None,
    /// From the customer.
    Customer,
    /// From us.
    Ours,
    /// A row of a note.
    Note,
    /// Something that somebody did.
    Event,
    /// More stands above.
    Earlier,
    /// Not out yet.
    Pending,
    /// It failed.
    Failed,
    /// Nobody knows whether it went out.
    Uncertain,
}

impl Sign {
    /// Returns the glyph, one column wide.
    pub(crate) fn glyph(self) -> &'static str {
        match self {
            Sign::None => " ",
            Sign::Customer => "‹",
            Sign::Ours => "›",
            Sign::Note => "▎",
            Sign::Event => "·",
            Sign::Earlier => "▴",
            Sign::Pending => "~",
            Sign::Failed => "!",
            Sign::Uncertain => "?",
        }
    }
}
