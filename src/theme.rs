//! How things look, by what they mean.
//!
//! A role that a theme leaves out takes the look of its fallback, so a new role never breaks an old theme. Colour is never the only
//! sign of anything: the mono theme must be as usable as the others.

pub mod floor;
mod load;
mod themes;

use std::collections::BTreeMap;

use ratatui::style::Style;

pub use themes::{AUTO, Themes};

macro_rules! roles {
    ($($variant:ident $name:literal $(<- $fallback:ident)? $doc:literal;)*) => {
        /// What a piece of the screen means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Role {
            $(#[doc = $doc] $variant,)*
        }
        impl Role {
            /// Every role.
            pub const ALL: &'static [Role] = &[$(Role::$variant,)*];

            /// Returns the name used in theme files.
            pub fn name(self) -> &'static str {
                match self { $(Role::$variant => $name,)* }
            }

            /// Returns the role whose look it takes where a theme doesn't name it.
            pub fn fallback(self) -> Option<Role> {
                match self { $(Role::$variant => roles!(@ $($fallback)?),)* }
            }
        }
    };
    (@ $fallback:ident) => { Some(Role::$fallback) };
    (@) => { None };
}

roles! {
    Text "text" "Plain text.";
    Dim "dim" <- Text "What matters less.";
    Strong "strong" <- Text "What matters more.";
    Border "border" <- Dim "Lines between panes.";
    Heading "heading" <- Strong "Titles of panes and windows.";
    HeadingFocused "heading-focused" <- Heading "The title of the pane that has the keys.";
    Cursor "cursor" <- Strong "The row under the cursor.";
    CursorAway "cursor-away" <- Cursor "The row under the cursor of a pane that does not have the keys.";
    Marked "marked" <- Strong "A marked row's sign.";
    Unassigned "unassigned" <- Strong "A row that nobody has.";
    Mine "mine" <- Strong "Assigned to me.";
    Others "others" <- Dim "Assigned to somebody else.";
    Open "open" <- Strong "Status open.";
    InProgress "in-progress" <- Text "Status in progress.";
    Waiting "waiting" <- Dim "Status waiting.";
    Closed "closed" <- Dim "Status closed.";
    Snoozed "snoozed" <- Dim "Asleep.";
    Tag "tag" <- Dim "A tag.";
    ShortId "id" <- Dim "A short id.";
    Age "age" <- Dim "How long ago.";
    Late "late" <- Error "Who waits longer than nearly all whom the team answered.";
    Soon "soon" <- Warning "Who waits half as long.";
    Snippet "snippet" <- Dim "The beginning of the newest message.";
    Count "count" <- Dim "A count beside a view.";
    Customer "customer" <- Strong "The name over an inbound message.";
    Team "team" <- Strong "The name over an outbound message.";
    Quote "quote" <- Dim "Quoted text.";
    Signature "signature" <- Quote "A signature.";
    Note "note" <- Text "An internal note.";
    NoteHead "note-head" <- Note "The line over an internal note.";
    Event "event" <- Dim "A line of history.";
    Day "day" <- Dim "The line between days.";
    Link "link" <- Text "A link.";
    Warning "warning" <- Strong "A warning.";
    Error "error" <- Warning "An error.";
    Good "good" <- Text "Something that went well.";
    Status "status" <- Text "The status line.";
    Offline "offline" <- Warning "The sign of a lost connection.";
    Key "key" <- Strong "A key in hints and help.";
    Hint "hint" <- Dim "The words of hints and help.";
    Window "window" <- Text "Windows over the screen.";
    Prompt "prompt" <- Strong "The sign before a line of text.";
    Choice "choice" <- Cursor "The chosen entry of a list.";
    Disabled "disabled" <- Dim "What can't act now.";
    Match "match" <- Strong "The letters that were looked for.";
    Found "found" <- Match "A hit of what is looked for.";
    FoundHere "found-here" <- Found "The hit that one is at.";
    Pending "pending" <- Dim "Not on the server yet.";
    Replying "replying" <- Warning "Somebody is replying.";
    News "news" <- Key "What came and was not looked at.";
}

/// The look of every role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The theme's name.
    pub name: String,
    styles: BTreeMap<Role, Style>,
}

impl Theme {
    /// Returns the look of `role`: its own, or its fallback's.
    pub fn style(&self, role: Role) -> Style {
        let mut at = Some(role);
        while let Some(role) = at {
            if let Some(style) = self.styles.get(&role) {
                return *style;
            }
            at = role.fallback();
        }
        Style::new()
    }

    /// Returns what every cell that says nothing of its own looks like, where the theme paints its own background.
    pub fn ground(&self) -> Option<Style> {
        Some(self.style(Role::Text)).filter(|text| text.bg.is_some())
    }

    /// Returns the theme with every colour that is read, and too near to `ground`, moved away from it. Lines between panes are no text, and
    /// a theme that paints its own background knows it.
    fn readable_on(self, ground: floor::Rgb) -> Self {
        if self.ground().is_some() {
            return self;
        }
        let moved = |(role, style): (Role, Style)| match style.fg {
            Some(fg) if role != Role::Border && style.bg.is_none() => (role, style.fg(floor::readable(fg, ground))),
            _ => (role, style),
        };
        Self { styles: self.styles.into_iter().map(moved).collect(), ..self }
    }
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
