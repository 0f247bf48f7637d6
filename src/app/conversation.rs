//! The conversation on the screen: what was loaded, where it is scrolled to, which message has the cursor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::conversation::{Conversation, Item, ItemId, MessageItem};
use crate::model::ids::{ConversationId, MessageId};
use crate::model::invitation::Method;
use crate::model::message::TextPart;
use crate::model::text::SafeText;
use crate::query::{self, Needle, find_in};

/// Items asked for at first; `E` asks for as many more.
pub const NEWEST: usize = 50;
/// Lines above the first new message that stay in view: that of what is new, with room around it, and the end of what is older.
const ABOVE_NEW: usize = 4;

/// An open or previewed conversation.
#[derive(Clone, Debug)]
pub struct Open {
    /// Which.
    pub id: ConversationId,
    /// What was loaded; `None` while it is on its way.
    pub data: Option<Arc<Conversation>>,
    /// How many items are asked for.
    pub newest: usize,
    /// The line at the top of the pane; `None` stays at the newest message.
    pub top: Option<usize>,
    /// The message that the cursor is on; `None` is the newest.
    pub selected: Option<MessageId>,
    /// The message that is being answered: it stays in view until somebody scrolls.
    pub anchor: Option<MessageId>,
    /// Whether quotes and signatures are shown.
    pub unfolded: bool,
    /// The mails that are shown by another of their texts than usual.
    pub parts: BTreeMap<MessageId, TextPart>,
    /// How it was last laid out.
    pub laid: Laid,
    /// Whether earlier items are on their way, so that the lines on the screen are to stay where they are.
    pub growing: bool,
    /// The mails whose bodies were asked for.
    pub asked: BTreeSet<MessageId>,
    /// Those whose bodies can't come, and why.
    pub cannot_come: BTreeMap<MessageId, SafeText>,
    /// Whether it is no conversation any more: what was loaded stays on the screen.
    pub gone: bool,
    /// The first of what had not been looked at when it was shown: a line stands above it until the conversation is left.
    pub since: Option<ItemId>,
    /// Whether that is still to be brought into view.
    pub seeks_new: bool,
    /// Whether it was remembered that it was looked at.
    pub looked: bool,
    /// Whether the attachments are to be listed as soon as the bodies are here.
    pub list_files: bool,
    /// What is looked for in it.
    pub find: Option<Find>,
    /// The message or note that was gone to last.
    pub gone_to: Option<ItemId>,
}

/// What is looked for in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// What is looked for, as it is compared.
    pub needles: Vec<Needle>,
    /// Whether it is looked for in a Turkish text.
    pub turkish: bool,
    /// The hit that was gone to; `None` while it is still to be found.
    pub at: Option<usize>,
    /// The line from which on the first is looked for.
    pub from: usize,
    /// Whether it is what the search looked for that led here.
    pub of_search: bool,
    /// Whether it is found.
    pub holds: bool,
    /// How many hits on one went before the first was found.
    pub ahead: isize,
}

impl Find {
    /// Looks for what is typed, from a line on; `None` of nothing.
    pub fn typed(text: &str, from: usize) -> Option<Self> {
        let needles = Needle::typed(text);
        let find = Self { needles, turkish: false, at: None, from, of_search: false, holds: false, ahead: 0 };
        (!find.needles.is_empty()).then_some(find)
    }

    /// Looks for the words of a search; `None` where it has none.
    pub fn of_search(text: &str) -> Option<Self> {
        let needles = query::parse(text).map(|query| Needle::of_query(&query)).unwrap_or_default();
        let find = Self { needles, turkish: false, at: None, from: 0, of_search: true, holds: false, ahead: 0 };
        (!find.needles.is_empty()).then_some(find)
    }
}

/// How many lines a conversation takes on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// All lines.
    pub lines: usize,
    /// Lines of the pane.
    pub height: usize,
    /// The first line of each message and note, by the item's place.
    pub starts: Vec<(usize, usize)>,
    /// The line behind the last of each.
    pub ends: Vec<usize>,
    /// The line of each hit of what is looked for, in order.
    pub hits: Vec<usize>,
    /// How many hits stand in what is folded.
    pub folded: usize,
}

impl Laid {
    /// Returns the highest line that can stand at the top.
    pub fn last_top(&self) -> usize {
        self.lines.saturating_sub(self.height)
    }

    /// Returns the line at the top of the pane where `top` is asked for. Without, it is the end, or the beginning of the newest message
    /// where that is longer than the pane.
    pub fn top(&self, top: Option<usize>) -> usize {
        let newest = self.starts.last().map_or(usize::MAX, |(_, line)| *line);
        top.unwrap_or(newest).min(self.last_top())
    }
}

impl Open {
    /// Makes one that is still to be loaded.
    pub fn new(id: ConversationId) -> Self {
        Self {
            id,
            data: None,
            newest: NEWEST,
            top: None,
            selected: None,
            anchor: None,
            unfolded: false,
            parts: BTreeMap::new(),
            laid: Laid::default(),
            growing: false,
            asked: BTreeSet::new(),
            cannot_come: BTreeMap::new(),
            gone: false,
            since: None,
            seeks_new: false,
            looked: false,
            list_files: false,
            find: None,
            gone_to: None,
        }
    }

    /// The same, with what a search looked for shown in it.
    #[must_use]
    pub fn found_by(self, search: Option<&str>) -> Self {
        Self { find: search.and_then(Find::of_search), ..self }
    }

    /// Takes what was loaded. Where something of it is new, and nothing was before, the first of that is brought into view.
    pub fn take_data(&mut self, data: Conversation) {
        let is_first = self.data.is_none();
        if self.since.is_none() {
            self.since = data.items.iter().filter_map(Item::id).find(|id| data.new.contains(id));
            self.seeks_new = is_first && self.since.is_some();
        }
        (self.data, self.gone) = (Some(Arc::new(data)), false);
        self.note_hits();
    }

    /// Looks for something else, or for nothing.
    pub fn look_for(&mut self, find: Option<Find>) {
        self.find = find;
        // Those of what was looked for before.
        (self.laid.hits, self.laid.folded) = (Vec::new(), 0);
        self.note_hits();
    }

    /// Notes whether what is looked for is in what is loaded.
    fn note_hits(&mut self) {
        let turkish = self.find.is_some() && self.is_turkish();
        let holds = self.find.as_ref().is_some_and(|find| self.holds(&find.needles, turkish));
        if let Some(find) = &mut self.find {
            (find.holds, find.turkish) = (holds, turkish);
        }
    }

    fn items(&self) -> &[Item] {
        self.data.as_ref().map(|data| data.items.as_slice()).unwrap_or_default()
    }

    /// Tells whether any mail of it is Turkish: one line alone may have none of the letters that tell.
    fn is_turkish(&self) -> bool {
        self.items().iter().any(|item| match item {
            Item::Message(message) => {
                let lines = message.body.blocks.iter().flat_map(|block| block.lines());
                query::is_turkish(&lines.map(SafeText::as_str).collect::<Vec<_>>().join(" "))
            }
            Item::Note(_) | Item::Event(_) => false,
        })
    }

    fn holds(&self, needles: &[Needle], turkish: bool) -> bool {
        let holds = |line: &SafeText| !find_in(line.as_str(), needles, turkish).is_empty();
        self.items().iter().any(|item| match item {
            Item::Message(message) => {
                let body = &message.body;
                body.blocks.iter().flat_map(|block| block.lines()).any(holds)
                    || body.attachments.iter().any(|file| holds(&file.name))
                    || body.links.iter().any(|link| holds(&link.target))
            }
            Item::Note(note) => note.lines.iter().any(holds),
            Item::Event(_) => false,
        })
    }

    /// Returns the item above which the line of what is new stands; `None` where nothing is new, or nothing is older.
    pub fn first_new(&self) -> Option<usize> {
        let (since, data) = (self.since.as_ref()?, self.data.as_ref()?);
        let place = data.items.iter().position(|item| item.id().as_ref() == Some(since))?;
        let any_before = data.items.iter().take(place).any(|item| item.id().is_some());
        (any_before || data.earlier > 0).then_some(place)
    }

    /// Returns the line that stands at the top where what is new is still to be brought into view: as much of what is older as shows that
    /// it is above.
    pub fn top_of_new(&self, laid: &Laid) -> Option<usize> {
        let place = self.first_new().filter(|_| self.seeks_new)?;
        let line = laid.starts.iter().find(|(item, _)| *item == place).map(|(_, line)| *line)?;
        Some(line.saturating_sub(ABOVE_NEW).min(laid.last_top()))
    }

    /// Returns the line that stands at the top where a message is being answered: its first, as far as the end leaves room.
    pub fn top_of_anchor(&self, laid: &Laid) -> Option<usize> {
        let anchor = self.anchor.as_ref()?;
        let (place, _) = self.messages().find(|(_, message)| message.id == *anchor)?;
        let line = laid.starts.iter().find(|(item, _)| *item == place).map(|(_, line)| *line)?;
        Some(line.min(laid.last_top()))
    }

    /// Returns the conversations that something of is shown: itself, those of the notices above it, those that are related.
    pub fn shows(&self) -> impl Iterator<Item = &ConversationId> {
        let data = || self.data.iter();
        let context = data().flat_map(|data| data.context.iter().map(|notice| &notice.conversation));
        let related = data().flat_map(|data| data.related.iter().map(|other| &other.row.id));
        std::iter::once(&self.id).chain(context).chain(related)
    }

    /// Returns the mails whose bodies are on their way.
    pub fn coming(&self) -> Vec<MessageId> {
        self.partial().map(|message| message.id.clone()).filter(|id| !self.cannot_come.contains_key(id)).collect()
    }

    /// Returns the mails of which only the headers are here, the notices above the conversation first.
    pub fn partial(&self) -> impl Iterator<Item = &MessageItem> {
        let context = self.data.iter().flat_map(|data| data.context.iter().map(|notice| &notice.message));
        context.chain(self.messages().map(|(_, message)| message)).filter(|message| message.partial)
    }

    /// Takes a layout; lines that came in front don't move what is read.
    pub fn take_layout(&mut self, laid: Laid) {
        if self.growing && laid.lines > self.laid.lines {
            let more = laid.lines - self.laid.lines;
            self.top = Some(self.laid.top(self.top) + more);
            self.growing = false;
            let earlier_hits = laid.hits.len().saturating_sub(self.laid.hits.len());
            if let Some(at) = self.find.as_mut().and_then(|find| find.at.as_mut()) {
                *at += earlier_hits;
            }
        }
        if let Some(top) = self.top_of_new(&laid).filter(|_| self.anchor.is_none()) {
            self.top = Some(top);
        }
        self.seeks_new = false;
        self.laid = laid;
        self.go_to_first_hit();
        self.follow_view();
    }

    /// Goes to the first hit where none was gone to yet.
    fn go_to_first_hit(&mut self) {
        let hits = &self.laid.hits;
        let Some(find) = self.find.as_mut() else { return };
        find.holds = !hits.is_empty();
        if find.at.is_some() || hits.is_empty() {
            find.at = find.at.map(|at| at.min(hits.len().saturating_sub(1)));
            return;
        }
        let first = hits.iter().position(|line| *line >= find.from).unwrap_or(0);
        let at = (first as isize + std::mem::take(&mut find.ahead)).rem_euclid(hits.len() as isize) as usize;
        find.at = Some(at);
        if self.anchor.is_none() {
            self.show_hit(at);
        }
    }

    /// Brings a hit into view, with room above it, and the cursor to the message that it stands in.
    fn show_hit(&mut self, at: usize) {
        let Some(line) = self.laid.hits.get(at).copied() else { return };
        let seen = self.seen_top();
        self.anchor = None;
        if line < seen || line >= seen + self.laid.height {
            self.top = Some(line.saturating_sub(self.laid.height / 3).min(self.laid.last_top()));
        } else {
            self.top = Some(seen);
        }
        let holds = self.message_lines().find(|(_, from, to)| *from <= line && line < *to).map(|(id, ..)| id.clone());
        if holds.is_some() {
            self.selected = holds;
        }
    }

    /// Returns the line at the top of the view: where a message is being answered that one's, until somebody scrolls.
    pub fn seen_top(&self) -> usize {
        self.top_of_anchor(&self.laid).unwrap_or_else(|| self.laid.top(self.top))
    }

    /// Tells whether hits stand that can be walked.
    pub fn has_hits(&self) -> bool {
        self.find.as_ref().is_some_and(|find| find.holds)
    }

    /// Goes `by` hits on, around the ends.
    pub fn walk_hits(&mut self, by: isize) {
        let count = self.laid.hits.len() as isize;
        let Some(find) = &mut self.find else { return };
        let Some(at) = find.at.filter(|_| count > 0) else {
            find.ahead += by;
            return;
        };
        let at = (at as isize + by).rem_euclid(count) as usize;
        find.at = Some(at);
        self.show_hit(at);
    }

    /// Tells whether what is loaded holds nothing of what a search looked for, though earlier items may.
    pub fn lacks_hits(&self) -> bool {
        let earlier = self.data.as_ref().map_or(0, |data| data.earlier);
        earlier > 0 && self.find.as_ref().is_some_and(|find| find.of_search && !find.holds)
    }

    /// Returns the number of the message whose head is topmost in view, or which fills the view, and how many there are.
    pub fn place(&self) -> Option<(usize, usize)> {
        let data = self.data.as_ref()?;
        let loaded = self.messages().count();
        let all = if data.earlier == 0 { loaded } else { loaded.max(data.row.messages as usize) };
        let top = self.seen_top();
        let begins = |from: usize| from >= top && from < top + self.laid.height;
        let nth = self.message_lines().position(|(_, from, _)| begins(from));
        let nth = nth.or_else(|| self.message_lines().filter(|(_, from, _)| *from < top).count().checked_sub(1))?;
        Some((all - loaded + nth + 1, all))
    }

    /// Goes to the next of these items by its place, or with -1 to the one before. Tells whether there is one.
    pub fn go_to_item(&mut self, by: isize, is_meant: impl Fn(&Item) -> bool) -> bool {
        let items = self.data.as_ref().map(|data| data.items.as_slice()).unwrap_or_default();
        let here = self.place_of_last().unwrap_or(0);
        let meant = |(place, _): &&(usize, usize)| items.get(*place).is_some_and(&is_meant);
        let found = match by {
            1.. => self.laid.starts.iter().filter(meant).find(|(place, _)| *place > here),
            _ => self.laid.starts.iter().filter(meant).rev().find(|(place, _)| *place < here),
        };
        let Some((place, line)) = found.copied() else { return false };
        let gone_to = items.get(place).and_then(Item::id);
        if let Some(ItemId::Message(id)) = &gone_to {
            self.selected = Some(id.clone());
        }
        self.go_to(line);
        self.gone_to = gone_to;
        true
    }

    /// Returns the place of the item that was gone to last, while it is in view; else that of the message under the cursor.
    pub(in crate::app) fn place_of_last(&self) -> Option<usize> {
        let items = self.data.as_ref().map(|data| data.items.as_slice()).unwrap_or_default();
        let top = self.seen_top();
        let is_in_view = |place: usize| {
            let line = self.laid.starts.iter().find(|(at, _)| *at == place).map(|(_, line)| *line);
            line.is_some_and(|line| line >= top && line < top + self.laid.height)
        };
        let of = |id: ItemId| items.iter().position(|item| item.id().as_ref() == Some(&id));
        let last = self.gone_to.clone().and_then(of).filter(|place| is_in_view(*place));
        last.or_else(|| self.message().and_then(|message| of(ItemId::Message(message.id.clone()))))
    }

    /// Moves to a line of the conversation, and the cursor to a message that is in view there.
    pub fn go_to(&mut self, top: usize) {
        self.top = Some(top.min(self.laid.last_top()));
        self.anchor = None;
        self.gone_to = None;
        self.follow_view();
    }

    /// Leaves the cursor on a message that is in view: what acts on a message acts on one that can be read.
    fn follow_view(&mut self) {
        if self.top.is_none() || self.anchor.is_some() || self.laid.height == 0 {
            return;
        }
        let top = self.seen_top();
        let bottom = top + self.laid.height;
        let on = self.message().map(|message| &message.id);
        let seen = || self.message_lines().filter(|(_, from, to)| *from < bottom && *to > top);
        if seen().any(|(id, ..)| Some(id) == on) {
            return;
        }
        // One that begins in view before one that only ends there.
        let begins = seen().find(|(_, from, _)| *from >= top).or_else(|| seen().last());
        if let Some(id) = begins.map(|(id, ..)| id.clone()) {
            self.selected = Some(id);
        }
    }

    /// Returns the first line of each message and the line behind its last.
    fn message_lines(&self) -> impl Iterator<Item = (&MessageId, usize, usize)> {
        let starts = &self.laid.starts;
        let items = self.data.as_ref().map(|data| data.items.as_slice()).unwrap_or_default();
        starts.iter().zip(&self.laid.ends).filter_map(|((place, from), to)| match items.get(*place)? {
            Item::Message(message) => Some((&message.id, *from, *to)),
            _ => None,
        })
    }

    /// Scrolls by `by` lines.
    pub fn scroll(&mut self, by: isize) {
        let top = self.seen_top();
        self.go_to(top.saturating_add_signed(by));
    }

    /// Returns the messages, oldest first.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = (usize, &MessageItem)> {
        let items = self.data.iter().flat_map(|data| data.items.iter().enumerate());
        items
            .filter_map(|(place, item)| match item {
                Item::Message(message) => Some((place, &**message)),
                _ => None,
            })
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// Returns the message that the cursor is on.
    pub fn message(&self) -> Option<&MessageItem> {
        let wanted = self.selected.as_ref();
        let found = self.messages().find(|(_, message)| Some(&message.id) == wanted);
        found.or_else(|| self.messages().next_back()).map(|(_, message)| message)
    }

    /// Tells whether something of the message under the cursor is in view: not where a long note fills it.
    pub fn is_message_in_view(&self) -> bool {
        let top = self.seen_top();
        let bottom = top + self.laid.height;
        let on = self.message().map(|message| &message.id);
        self.laid.height == 0 || self.message_lines().any(|(id, from, to)| Some(id) == on && from < bottom && to > top)
    }

    /// Tells whether any message that is shown holds an invitation or a cancellation, or may hold one.
    pub fn is_asked(&self) -> bool {
        let asks = |message: &MessageItem| {
            let mut all = message.body.invitations.iter();
            message.partial || all.any(|one| matches!(one.method, Method::Request | Method::Cancel))
        };
        self.data.as_ref().is_some_and(|data| data.earlier > 0) || self.messages().any(|(_, message)| asks(message))
    }

    /// Moves the cursor by `by` messages and brings it on the screen.
    pub fn select(&mut self, by: isize) {
        let messages: Vec<(usize, MessageId)> = self.messages().map(|(at, m)| (at, m.id.clone())).collect();
        let Some(last) = messages.len().checked_sub(1) else { return };
        let now = messages.iter().position(|(_, id)| Some(id) == self.selected.as_ref()).unwrap_or(last);
        let next = now.saturating_add_signed(by).min(last);
        if let Some((place, id)) = messages.get(next) {
            self.selected = Some(id.clone());
            self.gone_to = None;
            let line = self.laid.starts.iter().find(|(at, _)| at == place).map(|(_, line)| *line);
            self.top = line.map(|line| line.min(self.laid.last_top()));
        }
    }
}
