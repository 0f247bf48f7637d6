//! The state of the whole screen, and how it answers to what happens.
//!
//! [`App::update`] is pure: no I/O, no clock, no waiting. Everything comes in as an [`Event`], everything it wants done goes out as an
//! [`Effect`]. So a bug report is a list of events, and a test is that list. It never names the store or the sync.

pub mod closing;
pub mod compose;
pub mod conversation;
pub mod customer;
pub mod effect;
pub mod event;
pub mod following;
pub mod geometry;
pub mod help;
pub mod layer;
pub mod line;
pub mod list;
pub mod marks;
pub mod mouse;
pub mod notice;
pub mod palette;
pub mod picker;
pub mod presence;
pub mod prompt;
pub mod queue;
pub mod sheet;
pub mod source;
pub mod tickets;
mod update;
pub mod views;
pub mod words;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::config::{AfterClose, Notify};
use crate::keymap::{Context, Key, Keymap};
use crate::model::agent::RecordTeam;
use crate::model::change::{Connectivity, SyncStatus};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, Handle, InboxId, Tag};
use crate::model::keyboard::Layout;
use crate::model::list_look::ListLook;
use crate::model::own::OwnView;
use crate::model::pace::Pace;
use crate::model::screen_order::{ScreenOrder, TerminalBidi};
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Counts, ListOrder, Sort, View};
use crate::model::workload::Workload;
use crate::op::wish::Wish;

pub use closing::Closing;
pub use compose::{
    Answered, Caret, Completion, Compose, Desk, DraftRow, Field, Folded, Hand, Leaving, Looking, Next, OnTheWay,
    OutList, OutRow, Quitting, SavedText,
};
pub use conversation::{Find, Laid, Open};
pub use customer::CustomerPane;
pub use effect::{Ask, Beginning, Deed, Effect, Range, Saving, Targets, Timer};
pub use event::{Answer, Event};
pub use geometry::{Geometry, Pane};
pub use help::HelpPage;
pub use layer::{Layer, Page};
pub use list::List;
pub use marks::Marks;
pub use mouse::{Hit, Hits, Mouse};
pub use notice::{Notice, Severity, Until};
pub use palette::Palette;
pub use picker::{Choice, Picked, Picker, PickerKind};
pub use presence::Presence;
pub use prompt::{Prompt, PromptKind};
pub use queue::Queue;
pub use source::Source;
pub use tickets::Ticket;
pub use update::Idle;
pub use update::Mark;

/// What the screen has to know of its surroundings; it never changes while the program runs.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Who sits here.
    pub me: Handle,
    /// The agents of the config: handle and name.
    pub agents: Vec<(Handle, String)>,
    /// The inboxes.
    pub inboxes: Vec<InboxId>,
    /// The account of each inbox.
    pub accounts: BTreeMap<InboxId, AccountId>,
    /// The time zone in which times are shown.
    pub zone: jiff::tz::TimeZone,
    /// Who lays out right-to-left text; known once the terminal has said what it is.
    pub screen_order: ScreenOrder,
    /// What `[ui] terminal_bidi` says of it.
    pub terminal_bidi: TerminalBidi,
    /// The layout of the keyboard, where it is none of Latin letters.
    pub layout: Option<Layout>,
    /// Whether signs are drawn with ASCII alone.
    pub ascii: bool,
    /// Whether whoever begins to write is put into the external editor at once.
    pub editor_first: bool,
    /// Whether mail goes out while this screen runs.
    pub sends: bool,
    /// Where one goes when a conversation was closed, or answered and closed.
    pub after_close: AfterClose,
    /// Whether a reply takes what nobody has.
    pub reply_takes: bool,
    /// By what the lists of what is open are sorted at first.
    pub sort: Sort,
    /// How lists look where their view says nothing of it.
    pub look: ListLook,
    /// Whether the terminal tells what the mouse does.
    pub mouse: bool,
    /// Whether the screen is told in lines.
    pub linear: bool,
    /// Whether nothing on the screen changes but by a key, or by what happens: no digit counts down, ages grow at a key only.
    pub reduced_motion: bool,
    /// What of the news is told, and how.
    pub notify: Notify,
    /// The bindings.
    pub keymap: Arc<Keymap>,
    /// The views of one's own, in the order of the config.
    pub own_views: Vec<OwnView>,
    /// The names of the themes that there are.
    pub themes: Vec<String>,
    /// The name of the theme that the config chose.
    pub theme: String,
}

/// What is done again by one key.
#[derive(Clone, Debug, PartialEq)]
pub enum Repeat {
    /// Something that was wished.
    Wish(Wish),
    /// What was on the screen was closed, or seen.
    Close,
}

/// The whole state of the screen.
#[derive(Clone, Debug)]
pub struct App {
    /// Its surroundings.
    pub around: Surroundings,
    /// The present moment, as of the last tick.
    pub now: Timestamp,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pane that has the keys while no layer lies above.
    pub focus: Pane,
    /// What lies over the panes, topmost last.
    pub layers: Vec<Layer>,
    /// The views, in the order of the screen.
    pub views: Vec<View>,
    /// The view whose list is shown.
    pub view: usize,
    /// The view that was shown before that one.
    pub last_view: Option<View>,
    /// The row under the cursor in the column of views.
    pub view_cursor: usize,
    /// The counts beside the views.
    pub counts: Counts,
    /// Since when messages are derived again, and how many were to be then.
    pub deriving: Option<(Pace, u64)>,
    /// How many conversations the views of one's own hold, by their names, as far as that is counted.
    pub own_counts: BTreeMap<String, u64>,
    /// The orders that were chosen for views, by their names.
    pub sorts: BTreeMap<String, ListOrder>,
    /// The looks that were chosen for views, by their names; that of searches has an empty one.
    pub looks: BTreeMap<String, ListLook>,
    /// How long nine of ten answers of the team let their customer wait at most, in milliseconds; `None` where too few tell.
    pub usual_wait: Option<i64>,
    /// Since when that is known or asked for.
    pub judged_at: Option<Timestamp>,
    /// Whether the tags are unfolded in the column of views.
    pub tags_unfolded: bool,
    /// Whether something changed while they were being counted.
    count_again: bool,
    /// The theme that was chosen, by its name.
    pub theme: String,
    /// The theme that is seen: the chosen one, or another while it is looked at.
    pub theme_seen: String,
    /// The list of conversations.
    pub list: List,
    /// The marked conversations.
    pub marks: Marks,
    /// The conversation that is open or previewed.
    pub open: Option<Open>,
    /// Who that is with, where it is shown.
    pub customer: CustomerPane,
    /// What the layers over the panes were opened for, as it was shown then: the list below may change meanwhile.
    pub subject: Option<ConversationRow>,
    /// The keys of a sequence that is not complete.
    pub pending: Vec<Key>,
    /// What was typed while a mail is being opened.
    ahead: VecDeque<Event>,
    /// Whether it is shown what can follow them.
    pub which: bool,
    /// What was drawn where, for the mouse.
    pub hits: Hits,
    /// The column that the line between list and conversation was dragged to.
    pub split: Option<u16>,
    /// Who else is at which conversation, as far as that is told live.
    pub presence: Presence,
    /// The queue, while it is worked off.
    pub queue: Option<Queue>,
    /// What was told, oldest first.
    pub notices: Vec<Notice>,
    /// What the row of notices shows, and since when.
    pub shown: Option<((Timestamp, SafeText), Timestamp)>,
    /// How each account stands.
    pub sync: BTreeMap<String, SyncStatus>,
    /// Since when accounts have no connection.
    pub offline_since: BTreeMap<String, Timestamp>,
    /// The accounts whose log may be read and not written.
    pub read_only: BTreeSet<String>,
    /// Tags in use, for completion.
    pub tags: Vec<Tag>,
    /// Those that were put on lately by anybody, the last one first, with how often.
    pub tag_uses: Vec<(Tag, u64)>,
    /// Those of them that were set here, the last one first.
    pub tags_used: Vec<Tag>,
    /// The names of the saved replies, for completion.
    pub replies: Vec<String>,
    /// What the palette remembers.
    pub palette: Palette,
    /// The line by which something was last put to sleep.
    pub snoozed: Option<String>,
    /// What was last done to a conversation, to be done again.
    pub done: Option<Repeat>,
    /// The saved reply that goes into the draft that is being begun: by its name, or one that is to be chosen.
    pub wanted_reply: Option<Option<String>>,
    /// The mail that was sent last, by its number in the outbox, and where the cursor stood in its text.
    pub sent_at: Option<(i64, usize)>,
    /// Where the cursor goes in the draft that is being begun, where that is a mail taken back.
    pub comes_back: Option<Caret>,
    /// Agents that the log names besides the config's.
    pub others: Vec<Handle>,
    /// The teams, each with its members.
    pub teams: Vec<RecordTeam>,
    /// What those have to whom something is being given, as far as that is known.
    pub workloads: BTreeMap<Handle, Workload>,
    /// Questions without an answer yet.
    pub tickets: tickets::Tickets,
    /// The mail that was just sent and can still be taken back.
    pub leaving: Option<Leaving>,
    /// What was open before the conversation was that a mail is written in; `None` inside where nothing was.
    pub set_aside: Option<Option<Box<Open>>>,
    /// What closed by itself a moment ago, and what is asked to close.
    pub closing: Closing,
    /// Attachments that a prompt asks about.
    pub chosen_files: Vec<(crate::model::ids::MessageId, usize)>,
    /// Of how many mails that were left here it is told; `None` before the first look.
    pub told_left: Option<u64>,
    /// How much is new by the title of the window, where it says that.
    pub entitled: Option<u64>,
    /// Whether the program is to end.
    pub quitting: bool,
}

impl App {
    /// Makes the state of a screen of `size` (columns, rows) at `now`, and what must be done first.
    pub fn new(around: Surroundings, now: Timestamp, size: (u16, u16)) -> (Self, Vec<Effect>) {
        let mut views: Vec<View> = View::FIXED.to_vec();
        if around.inboxes.len() > 1 {
            views.extend(around.inboxes.iter().cloned().map(View::Inbox));
        }
        views.extend(around.own_views.iter().cloned().map(|view| View::Own(Arc::new(view))));
        let theme = around.theme.clone();
        let first = views.iter().position(|view| *view == View::Unassigned).unwrap_or(0);
        let mut app = Self {
            around,
            now,
            size,
            focus: Pane::List,
            layers: Vec::new(),
            views,
            view: first,
            last_view: None,
            view_cursor: first,
            counts: Counts::default(),
            deriving: None,
            own_counts: BTreeMap::new(),
            sorts: BTreeMap::new(),
            looks: BTreeMap::new(),
            usual_wait: None,
            judged_at: None,
            tags_unfolded: false,
            count_again: false,
            theme: theme.clone(),
            theme_seen: theme,
            list: List::default(),
            marks: Marks::default(),
            open: None,
            customer: CustomerPane::default(),
            subject: None,
            pending: Vec::new(),
            ahead: VecDeque::new(),
            which: false,
            hits: Hits::default(),
            split: None,
            presence: Presence::default(),
            queue: None,
            notices: Vec::new(),
            shown: None,
            sync: BTreeMap::new(),
            offline_since: BTreeMap::new(),
            read_only: BTreeSet::new(),
            tags: Vec::new(),
            tag_uses: Vec::new(),
            tags_used: Vec::new(),
            replies: Vec::new(),
            palette: Palette::default(),
            snoozed: None,
            done: None,
            wanted_reply: None,
            sent_at: None,
            comes_back: None,
            others: Vec::new(),
            teams: Vec::new(),
            workloads: BTreeMap::new(),
            tickets: tickets::Tickets::default(),
            leaving: None,
            set_aside: None,
            closing: Closing::default(),
            chosen_files: Vec::new(),
            told_left: None,
            entitled: None,
            quitting: false,
        };
        let mut effects = app.show_view(first);
        effects.push(app.ask(tickets::Purpose::Names, Ask::Names));
        (app, effects)
    }

    /// Returns where everything stands on the screen.
    pub fn geometry(&self) -> Geometry {
        self.geometry_with(self.focus)
    }

    /// Returns where everything would stand if a pane had the keys.
    pub(crate) fn geometry_with(&self, focus: Pane) -> Geometry {
        let panes = Geometry::of(self.size, focus, self.has_something_to_tell());
        panes.with_customer(focus, self.customer.shown).with_split(self.split).with_density(self.list_look().density)
    }

    /// Returns which table of the keymap the next key is looked up in.
    pub fn context(&self) -> Context {
        self.context_of(self.layers.last())
    }

    /// Returns the context of what lies below the topmost layer.
    pub(crate) fn context_below(&self) -> Context {
        self.context_of(self.layers.iter().rev().nth(1))
    }

    fn context_of(&self, layer: Option<&Layer>) -> Context {
        match layer {
            Some(Layer::Prompt(_) | Layer::Picker(_) | Layer::Page(Page::Help(_))) => Context::Input,
            Some(Layer::Compose(compose)) if compose.review.is_some() => Context::Review,
            Some(Layer::Compose(compose)) if compose.hand == Hand::Mail => Context::Mail,
            Some(Layer::Compose(_)) => Context::Compose,
            Some(Layer::Collision(_)) => Context::Collision,
            Some(Layer::Out(_)) => Context::Outbox,
            Some(Layer::Page(_) | Layer::Quit(_)) => Context::Page,
            None => match self.focus {
                Pane::Views => Context::Views,
                Pane::List => Context::List,
                Pane::Conversation if self.open.as_ref().is_some_and(Open::has_hits) => Context::Find,
                Pane::Conversation => Context::Conversation,
                Pane::Customer => Context::Customer,
            },
        }
    }

    /// Returns the view whose list is shown; `None` while a search is.
    pub fn shown_view(&self) -> Option<&View> {
        if self.list.search.is_some() { None } else { self.views.get(self.view) }
    }

    /// Returns the query whose conversations the list shows.
    pub fn query(&self) -> String {
        match (&self.list.search, self.views.get(self.view)) {
            (Some(search), _) => search.clone(),
            (None, Some(view)) => view.query(),
            (None, None) => View::All.query(),
        }
    }

    /// Returns how many conversations the list has on all its pages, where that is known.
    pub fn total(&self) -> Option<u64> {
        match self.shown_view() {
            Some(View::Own(_)) => self.list.found,
            Some(view) => Some(self.counts.conversations(view)),
            None => self.list.found,
        }
    }

    /// Returns how long it takes until all messages are derived again, as far as that is known.
    pub fn deriving_left(&self) -> Option<i64> {
        let (pace, all) = self.deriving?;
        pace.left(self.now, all.checked_sub(self.counts.to_derive)?, all)
    }

    /// Returns the worst state among the accounts, with its account; `None` without accounts.
    pub fn connectivity(&self) -> Option<(&SyncStatus, Connectivity)> {
        self.sync.values().max_by_key(|status| status.state).map(|status| (status, status.state))
    }

    /// Returns the agents of the team: those of the config, then those that only the log names.
    pub fn team(&self) -> Vec<(Handle, String)> {
        let mut team = self.around.agents.clone();
        for handle in &self.others {
            if !team.iter().any(|(known, _)| known == handle) {
                team.push((handle.clone(), String::new()));
            }
        }
        team
    }

    /// Says a moment in this screen's time zone, with the zone.
    pub fn say(&self, at: Timestamp) -> String {
        words::moment(at, &self.around.zone)
    }

    /// Says since when something is so, in this screen's time zone.
    pub fn since(&self, at: Timestamp) -> String {
        words::since(at, self.now, &self.around.zone)
    }

    /// Tells whether nothing is asked that has no answer yet: tests wait for it.
    pub fn is_idle(&self) -> bool {
        self.tickets.is_empty()
    }

    /// Tells whether a pane is empty only because its answer is on its way: drawn now it would be drawn twice.
    pub fn is_filling(&self) -> bool {
        let list = !self.list.loaded;
        let conversation = self.open.as_ref().is_some_and(|open| open.data.is_none());
        (list || conversation) && self.tickets.is_filling()
    }

    /// Returns the mail that is being written.
    pub fn compose(&self) -> Option<&Compose> {
        self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Compose(compose) => Some(&**compose),
            _ => None,
        })
    }

    /// Returns it, to be changed.
    pub(crate) fn compose_mut(&mut self) -> Option<&mut Compose> {
        self.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Compose(compose) => Some(&mut **compose),
            _ => None,
        })
    }

    fn ask(&mut self, purpose: tickets::Purpose, ask: Ask) -> Effect {
        Effect::Ask { ticket: self.tickets.open(purpose), ask }
    }
}

#[cfg(test)]
#[path = "app_tests.rs"]
mod tests;
