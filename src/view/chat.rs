//! A conversation as lines: newest at the end, quotes and signatures folded, notes in place, events as thin lines.
//!
//! The first column holds a sign, the text begins two columns on; what we wrote stands a little further in, so that a conversation can be
//! read like a chat without bubbles.

mod body;
mod head;
mod signs;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::app::words;
use crate::model::clock::Timestamp;
use crate::model::conversation::{ContextItem, Conversation, EventItem, Item, NoteItem};
use crate::model::ids::MessageId;
use crate::model::message::Block;
use crate::model::text::SafeText;
use crate::query::{Needle, find_in};
use crate::text;
use crate::theme::Role;
use crate::view::layout::{Laid, Marked, cut, lay_out, lay_out_marked, lay_out_said, lay_out_said_marked, width};

pub(crate) use signs::Sign;

/// The lines of a notice that stand above an answer to it while it is folded.
const CONTEXT_LINES: usize = 3;
/// The column in which text begins.
const TEXT_AT: usize = 2;
/// How much further in our own text stands where there is room.
const OURS_IN: usize = 4;
/// From this many columns on there is room for that.
const OURS_IN_FROM: usize = 64;
/// The most columns of text: longer lines are hard to follow.
const TEXT_MAX: usize = 80;
/// Below this many columns everything is told in fewer words.
const NARROW: usize = 50;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The text: words of ours as they are read, paragraphs in place.
    pub text: String,
    /// Its look.
    pub role: Role,
    /// Of which hit it is, where something is looked for.
    pub hit: Option<usize>,
}

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChatLine {
    /// What stands in the first column.
    pub sign: Sign,
    /// The look of that.
    pub sign_role: Role,
    /// What stands behind it, from the second column on.
    pub pieces: Vec<Piece>,
    /// The item it belongs to.
    pub item: usize,
    /// Whether it is the head of its item.
    pub head: bool,
}

/// How a conversation is to be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The columns of the pane.
    pub columns: usize,
    /// Whether there is room for a blank line between what was written.
    pub airy: bool,
    pub unfolded: bool,
    pub terminal_bidi: bool,
    pub zone: jiff::tz::TimeZone,
    /// The present day; moments of other days are shown with theirs.
    pub today: Option<jiff::civil::Date>,
    pub now: Timestamp,
    pub earlier_key: String,
    pub unfold_key: String,
    pub part_key: String,
    pub outbox_key: String,
    pub files_key: String,
    /// The item above which it is said that all below is new.
    pub first_new: Option<usize>,
    /// The messages that came under the draft that is being written.
    pub under: Vec<MessageId>,
    /// What stands in the place of bodies that are not here.
    pub bodies: Vec<(MessageId, String)>,
    /// What is looked for.
    pub needles: Vec<Needle>,
    /// Whether it is looked for in a Turkish text.
    pub turkish: bool,
}

/// A conversation as lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    /// The lines.
    pub all: Vec<ChatLine>,
    /// The line of each hit, in order.
    pub hits: Vec<usize>,
    /// How many hits stand in what is folded.
    pub folded: usize,
}

/// Lays out a whole conversation. What is folded stays so, and how many hits it holds is said there; but where nothing else holds any, what
/// holds them is shown.
pub(crate) fn lines(data: &Conversation, setting: &Setting) -> Lines {
    let laid = lay(data, setting, false);
    if laid.hits.is_empty() && laid.folded > 0 { lay(data, setting, true) } else { laid }
}

fn lay(data: &Conversation, setting: &Setting, opens: bool) -> Lines {
    let mut chat =
        Chat { setting, data, out: Lines::default(), item: 0, opens, known: BTreeSet::new(), names: BTreeMap::new() };
    data.context.iter().for_each(|notice| chat.context(notice));
    if data.earlier > 0 {
        let key = &setting.earlier_key;
        chat.line(Sign::Earlier, say!("earlier", count = data.earlier, key = key), Role::Dim);
    }
    let mut day = None;
    for (place, item) in data.items.iter().enumerate() {
        if matches!(item, Item::Event(event) if event.undone) {
            continue;
        }
        chat.item = place;
        let this = words::day_number(item.at(), &setting.zone);
        if this != day {
            day = this;
            chat.gap();
            chat.put(Sign::None, 1, vec![(words::day(item.at(), setting.now, &setting.zone), Role::Day)]);
        }
        if setting.first_new == Some(place) {
            chat.accent(&say!("new-since-look"));
        }
        match item {
            Item::Message(message) => chat.message(message),
            Item::Note(note) => chat.note(note),
            Item::Event(event) => chat.event(event),
        }
    }
    chat.out
}

struct Chat<'a> {
    setting: &'a Setting,
    data: &'a Conversation,
    out: Lines,
    item: usize,
    /// Whether what is folded is shown where it holds a hit.
    opens: bool,
    /// The addresses of those who wrote to us so far.
    known: BTreeSet<String>,
    /// The address of each name so far.
    names: BTreeMap<String, String>,
}

/// Where text stands: what is in the first column, and in which column it begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    sign: Sign,
    role: Role,
    at: usize,
}

impl Place {
    /// Where what belongs to a message stands that is not its text.
    const PLAIN: Place = Place { sign: Sign::None, role: Role::Text, at: TEXT_AT };
}

/// Lays out a text with stretches of it marked.
type LayMarked = fn(&str, usize, bool, &[Range<usize>]) -> Vec<Marked>;

impl Chat<'_> {
    fn is_narrow(&self) -> bool {
        self.setting.columns < NARROW
    }

    /// Returns the column behind the last one that is written in: on a wide pane what stands at the right is not far from the text.
    fn edge(&self) -> usize {
        let widest = TEXT_AT + OURS_IN + TEXT_MAX + 1;
        self.setting.columns.saturating_sub(1).clamp(1, widest)
    }

    /// Returns how many columns text takes that begins in column `at`.
    fn columns_from(&self, at: usize) -> usize {
        self.setting.columns.saturating_sub(at + 2).clamp(8, TEXT_MAX)
    }

    fn push(&mut self, sign: Sign, sign_role: Role, pieces: Vec<Piece>) {
        self.out.all.push(ChatLine { sign, sign_role, pieces, item: self.item, head: false });
    }

    /// Puts one line with what is cut to fit, its text from column `at` on.
    fn put(&mut self, sign: Sign, at: usize, parts: Vec<(String, Role)>) {
        let role = parts.first().map_or(Role::Text, |(_, role)| *role);
        let mut pieces = vec![blank(at - 1)];
        let mut room = self.edge().saturating_sub(at);
        for (text, role) in parts {
            let text = cut(&text, room);
            room = room.saturating_sub(width(&text));
            pieces.push(Piece { text, role, hit: None });
        }
        self.push(sign, role, pieces);
    }

    fn line(&mut self, sign: Sign, text: String, role: Role) {
        self.put(sign, TEXT_AT, vec![(text, role)]);
    }

    /// Parts what is above from what follows, where the pane has the room.
    fn gap(&mut self) {
        // Neither behind another, nor between a day and what happened first on it.
        let is_apart = |line: &ChatLine| {
            let is_day = line.pieces.iter().any(|piece| matches!(piece.role, Role::Day | Role::News));
            is_day || (line.sign == Sign::None && line.pieces.iter().all(|piece| piece.text.trim().is_empty()))
        };
        if self.setting.airy && self.out.all.last().is_some_and(|last| !is_apart(last)) {
            self.push(Sign::None, Role::Text, Vec::new());
        }
    }

    /// A line across the pane with words in its middle.
    fn accent(&mut self, words: &str) {
        self.gap();
        let side = self.edge().saturating_sub(width(words) + 2) / 2;
        let text = format!("{} {words} {}", "─".repeat(side.saturating_sub(1)), "─".repeat(side));
        self.put(Sign::None, 1, vec![(text, Role::News)]);
    }

    /// Lays out a paragraph that somebody wrote.
    fn paragraph(&mut self, place: Place, line: &SafeText, role: Role) {
        let columns = self.columns_from(place.at);
        self.put_lines(place, lay_out(&line.directed(), columns, self.setting.terminal_bidi), role);
    }

    /// Lays out a paragraph of what postroom says, with names in it.
    fn said(&mut self, place: Place, words: &SafeText, role: Role) {
        let columns = self.columns_from(place.at);
        self.put_lines(place, lay_out_said(words.as_str(), columns, self.setting.terminal_bidi), role);
    }

    fn put_lines(&mut self, place: Place, lines: Vec<Laid>, role: Role) {
        let columns = self.columns_from(place.at);
        for laid in lines {
            let gap = before(place, laid.right, columns, width(&laid.text));
            self.push(place.sign, place.role, vec![gap, Piece { text: laid.text, role, hit: None }]);
        }
    }

    /// Lays out a paragraph of what somebody wrote, with what is looked for in it.
    fn text(&mut self, place: Place, line: &SafeText, role: Role) {
        self.searched(place, line, role, lay_out_marked);
    }

    /// Lays out a row of names, of files or of links, with what is looked for in it.
    fn names(&mut self, place: Place, line: &SafeText, role: Role) {
        self.searched(place, line, role, lay_out_said_marked);
    }

    fn searched(&mut self, place: Place, line: &SafeText, role: Role, lay: LayMarked) {
        let (columns, as_is) = (self.columns_from(place.at), self.setting.terminal_bidi);
        let found = find_in(line.as_str(), &self.setting.needles, self.setting.turkish);
        let found: Vec<_> = found.iter().map(|range| line.directed_at(range)).collect();
        let first = self.out.hits.len();
        let here = self.out.all.len();
        self.out.hits.resize(first + found.len(), usize::MAX);
        for (n, laid) in lay(&line.directed(), columns, as_is, &found).into_iter().enumerate() {
            let used = laid.pieces.iter().map(|(text, _)| width(text)).sum();
            let mut pieces = vec![before(place, laid.right, columns, used)];
            for (text, mark) in laid.pieces {
                let hit = mark.map(|mark| first + mark);
                if let Some(line) = hit.and_then(|hit| self.out.hits.get_mut(hit)) {
                    *line = (*line).min(here + n);
                }
                pieces.push(Piece { text, role, hit });
            }
            self.push(place.sign, place.role, pieces);
        }
        // One in blanks at the end of a line is nowhere on the screen.
        self.out.hits.iter_mut().skip(first).filter(|line| **line == usize::MAX).for_each(|line| *line = here);
    }

    /// Lays out a paragraph of what postroom says of a message.
    fn say(&mut self, words: &str, role: Role) {
        self.said(Place::PLAIN, &SafeText::line_max(words, 1_000), role);
    }

    /// Lays out a warning.
    fn warn(&mut self, words: &str, role: Role) {
        self.say(&format!("! {words}"), role);
    }

    fn clock(&self, at: Timestamp) -> String {
        words::clock(at, &self.setting.zone)
    }

    /// Tells whether what stands here came since one looked.
    fn is_new(&self) -> bool {
        self.setting.first_new.is_some_and(|first| self.item >= first)
    }

    /// A notice of another conversation, dimmed, with its first lines.
    fn context(&mut self, notice: &ContextItem) {
        self.gap();
        let message = &notice.message;
        let at = words::minute(message.at, &self.setting.zone);
        self.say(&say!("context-is", at = at, short = &notice.short), Role::Dim);
        let inside = Place { at: TEXT_AT + 2, ..Place::PLAIN };
        self.paragraph(inside, &message.subject, Role::Dim);
        self.no_body(message);
        if self.setting.unfolded {
            let lines = message.body.blocks.iter().flat_map(Block::lines);
            return lines.for_each(|line| self.paragraph(inside, line, Role::Dim));
        }
        let lines = message.body.blocks.iter().flat_map(Block::lines);
        let lines: Vec<&SafeText> = lines.filter(|line| !line.is_empty()).collect();
        lines.iter().take(CONTEXT_LINES).for_each(|line| self.paragraph(inside, line, Role::Dim));
        if lines.len() > CONTEXT_LINES {
            let key = &self.setting.unfold_key;
            self.say(&say!("context-more", count = lines.len() - CONTEXT_LINES, key = key), Role::Dim);
        }
    }

    fn note(&mut self, note: &NoteItem) {
        self.gap();
        let place = Place { sign: Sign::Note, role: Role::NoteHead, at: TEXT_AT };
        let time = self.clock(note.at);
        let mut said = vec![time.clone()];
        let marks = [(note.edited.is_some(), say!("note-edited")), (note.pending, say!("not-on-server"))];
        said.extend(marks.into_iter().filter(|(on, _)| *on).map(|(_, words)| words));
        let start = self.out.all.len();
        let erased = note.erased.as_ref().map(|erased| {
            SafeText::line(&say!("note-erased", who = erased.who.to_string(), at = self.clock(erased.at)))
        });
        let lines = erased.as_ref().map_or(note.lines.as_slice(), std::slice::from_ref);
        let role = if erased.is_some() { Role::Dim } else { Role::Note };
        if self.is_narrow() {
            // One row less: the words follow the name.
            let first = lines.first().map(SafeText::as_str).unwrap_or_default();
            let head = SafeText::line(&format!("{} {} {first}", note.actor, said.join(" · ")));
            self.text(place, &head, role);
            lines.iter().skip(1).for_each(|line| self.text(place, line, role));
        } else {
            let head = format!("{} · {}", say!("note-by", who = note.actor.to_string()), said.join(" · "));
            self.line(Sign::Note, head, Role::NoteHead);
            lines.iter().for_each(|line| self.text(place, line, role));
        }
        self.mark_head(start);
    }

    /// Marks a line as the head of its item.
    fn mark_head(&mut self, line: usize) {
        if let Some(line) = self.out.all.get_mut(line) {
            line.head = true;
        }
    }

    fn event(&mut self, event: &EventItem) {
        if self.out.all.last().is_none_or(|line| line.sign != Sign::Event) {
            self.gap();
        }
        let void = event.void.as_ref().map_or_else(String::new, |why| format!(" ({})", text::render(why)));
        let pending = if event.pending { " ^" } else { "" };
        let text = format!("{}{void} · {}{pending}", event.sentence, self.clock(event.at));
        self.line(Sign::Event, text, Role::Event);
    }
}

/// Returns what stands between the first column and a text: one that runs from right to left ends where it begins.
fn before(place: Place, right: bool, columns: usize, used: usize) -> Piece {
    blank(place.at - 1 + if right { columns.saturating_sub(used) } else { 0 })
}

fn blank(columns: usize) -> Piece {
    Piece { text: " ".repeat(columns), role: Role::Text, hit: None }
}
