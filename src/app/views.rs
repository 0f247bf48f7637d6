//! In which order the column of views stands: by what they are for.

use crate::app::App;
use crate::model::view::View;

/// What the views of a part of the column are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What waits for me.
    ForYou,
    /// What waits for the team.
    Queue,
    /// Views of one's own.
    Yours,
    /// The inboxes.
    Inboxes,
    /// The tags.
    Tags,
}

/// A line of the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The heading of a part.
    Heading(Part),
    /// The view at a place.
    View(usize),
    /// All tags, folded into one line, or the line that folds them.
    Tags,
    /// Nothing.
    Blank,
}

impl App {
    /// Returns the lines of the column of views.
    pub fn view_entries(&self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for part in [Part::ForYou, Part::Queue, Part::Yours, Part::Inboxes] {
            let views: Vec<Entry> = self.views_of(part).map(Entry::View).collect();
            if views.is_empty() {
                continue;
            }
            if !entries.is_empty() {
                entries.push(Entry::Blank);
            }
            entries.push(Entry::Heading(part));
            let is_all =
                |entry: &&Entry| matches!(entry, Entry::View(place) if self.views.get(*place) == Some(&View::All));
            let (all, others): (Vec<&Entry>, Vec<&Entry>) = views.iter().partition(is_all);
            // All of them stand behind each of them.
            entries.extend(others.into_iter().chain(all).copied());
        }
        let tags: Vec<Entry> = self.views_of(Part::Tags).map(Entry::View).collect();
        if !tags.is_empty() {
            entries.extend([Entry::Blank, Entry::Tags]);
        }
        let shown = |entry: &Entry| self.tags_unfolded || *entry == Entry::View(self.view);
        entries.extend(tags.into_iter().filter(shown));
        entries
    }

    fn views_of(&self, part: Part) -> impl Iterator<Item = usize> {
        let is_of = move |(place, view): (usize, &View)| {
            (part_of(view) == part && self.is_listed(place, view)).then_some(place)
        };
        self.views.iter().enumerate().filter_map(is_of)
    }

    /// Tells whether a view has a line in the column: of what one follows only where there is any, or it is shown.
    fn is_listed(&self, place: usize, view: &View) -> bool {
        *view != View::Followed || self.counts.get(view) > 0 || place == self.view || place == self.view_cursor
    }

    /// Returns how many tags are in use.
    pub fn count_of_tags(&self) -> u64 {
        self.views.iter().filter(|view| part_of(view) == Part::Tags).count() as u64
    }

    /// Returns the line under the cursor of the column of views.
    pub(crate) fn view_entry(&self) -> Entry {
        if self.view_cursor < self.views.len() { Entry::View(self.view_cursor) } else { Entry::Tags }
    }

    /// Returns the place of the line that is `by` lines on, headings left out.
    pub(crate) fn view_cursor_by(&self, by: isize) -> usize {
        let places = self.view_entries().into_iter().filter_map(|entry| match entry {
            Entry::View(place) => Some(place),
            Entry::Tags => Some(self.views.len()),
            Entry::Heading(_) | Entry::Blank => None,
        });
        let places: Vec<usize> = places.collect();
        let at = places.iter().position(|place| *place == self.view_cursor.min(self.views.len())).unwrap_or(0);
        let next = at.saturating_add_signed(by).min(places.len().saturating_sub(1));
        places.get(next).copied().unwrap_or(0)
    }
}

fn part_of(view: &View) -> Part {
    match view {
        View::InTray | View::Mine | View::Mentions | View::Followed | View::Drafts => Part::ForYou,
        View::Unassigned | View::Team(_) | View::Open | View::InProgress | View::Waiting => Part::Queue,
        View::Closed | View::Snoozed | View::Outbox => Part::Queue,
        View::Own(_) => Part::Yours,
        View::Inbox(_) | View::All => Part::Inboxes,
        View::Tag(_) => Part::Tags,
    }
}
