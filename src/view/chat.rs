//! A conversation as lines: newest at the end, quotes and signatures folded, notes in place, events as thin lines.

use crate::app::words;
use crate::model::clock::Timestamp;
use crate::model::conversation::{ContextItem, Conversation, EventItem, Item, MessageItem, NoteItem};
use crate::model::ids::MessageId;
use crate::model::message::{Authorship, Block, Direction, Origin, TextPart};
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, lay_out, visual_fields, width};

/// The most lines of one block that are laid out: a log of a million lines in a mail stays readable at its beginning.
const BLOCK_LINES: usize = 4_000;

/// The lines of a notice that stand above an answer to it while it is folded.
const CONTEXT_LINES: usize = 3;

/// One line of the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChatLine {
    /// The text, in the order of the screen.
    pub text: String,
    /// Its look.
    pub role: Role,
    /// Whether it begins at the right edge.
    pub right: bool,
    /// The item it belongs to.
    pub item: usize,
    /// Whether it is the head of its item.
    pub head: bool,
}

/// How a conversation is to be laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub columns: usize,
    pub unfolded: bool,
    pub terminal_bidi: bool,
    pub zone: jiff::tz::TimeZone,
    /// The present day; moments of other days are shown with theirs.
    pub today: Option<jiff::civil::Date>,
    pub now: Timestamp,
    pub unfold_key: String,
    pub earlier_key: String,
    pub part_key: String,
    pub outbox_key: String,
    /// The item above which it is said that all below is new.
    pub first_new: Option<usize>,
    /// What stands in the place of bodies that are not here.
    pub bodies: Vec<(MessageId, String)>,
}

/// Lays out a whole conversation.
pub(crate) fn lines(data: &Conversation, setting: &Setting) -> Vec<ChatLine> {
    let mut chat = Chat { setting, out: Vec::new(), item: 0 };
    data.context.iter().for_each(|notice| chat.context(notice));
    if data.earlier > 0 {
        let key = &setting.earlier_key;
        chat.thin(&say!("earlier", count = data.earlier, key = key), Role::Day);
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
            chat.thin(&words::day(item.at(), setting.now, &setting.zone), Role::Day);
        }
        if setting.first_new == Some(place) {
            chat.thin(&say!("new-since-look"), Role::News);
        }
        match item {
            Item::Message(message) => chat.message(message, &data.row.title),
            Item::Note(note) => chat.note(note),
            Item::Event(event) => chat.event(event),
        }
    }
    chat.out
}

struct Chat<'a> {
    setting: &'a Setting,
    out: Vec<ChatLine>,
    item: usize,
}

impl Chat<'_> {
    fn push(&mut self, text: String, role: Role) {
        self.out.push(ChatLine { text, role, right: false, item: self.item, head: false });
    }

    fn blank(&mut self) {
        if self.out.last().is_some_and(|line| !line.text.is_empty()) {
            self.push(String::new(), Role::Text);
        }
    }

    /// A line across the pane with words in its middle.
    fn thin(&mut self, words: &str, role: Role) {
        self.blank();
        let side = self.setting.columns.saturating_sub(width(words) + 2) / 2;
        let text = format!("{} {words} {}", "─".repeat(side), "─".repeat(side));
        self.push(text, role);
    }

    fn head(&mut self, text: &str, role: Role) {
        let text = visual_fields(&cut(text, self.setting.columns), self.setting.terminal_bidi);
        self.out.push(ChatLine { text, role, right: false, item: self.item, head: true });
    }

    fn paragraph(&mut self, indent: &'static str, line: &SafeText, role: Role) {
        let columns = self.setting.columns.saturating_sub(width(indent)).max(1);
        for laid in lay_out(line.as_str(), columns, self.setting.terminal_bidi) {
            let text = format!("{indent}{}", laid.text);
            self.out.push(ChatLine { text, role, right: laid.right, item: self.item, head: false });
        }
    }

    fn clock(&self, at: Timestamp) -> String {
        words::clock(at, &self.setting.zone)
    }

    /// A notice of another conversation, dimmed, with its first lines.
    fn context(&mut self, notice: &ContextItem) {
        self.blank();
        let message = &notice.message;
        let at = words::minute(message.at, &self.setting.zone);
        let words = say!("context-is", at = at, short = &notice.short);
        self.paragraph("", &SafeText::line(&words), Role::Dim);
        self.paragraph("  ", &message.subject, Role::Dim);
        self.no_body(message);
        if self.setting.unfolded {
            return message.body.blocks.iter().for_each(|block| self.block(block.lines(), Role::Dim));
        }
        let lines = message.body.blocks.iter().flat_map(Block::lines);
        let lines: Vec<&SafeText> = lines.filter(|line| !line.is_empty()).collect();
        lines.iter().take(CONTEXT_LINES).for_each(|line| self.paragraph("  ", line, Role::Dim));
        if lines.len() > CONTEXT_LINES {
            let key = &self.setting.unfold_key;
            let words = say!("context-more", count = lines.len() - CONTEXT_LINES, key = key);
            self.push(format!("  ··· {words}"), Role::Dim);
        }
    }

    /// Says why the text of a mail is not here, where it is not.
    fn no_body(&mut self, message: &MessageItem) {
        if let Some(why) = &message.missing {
            return self.paragraph("  ", &SafeText::line(&text::render(why)), Role::Dim);
        }
        if !message.partial {
            return;
        }
        let words = self.setting.bodies.iter().find(|(id, _)| *id == message.id).map(|(_, words)| words.clone());
        self.paragraph("  ", &SafeText::line(&words.unwrap_or_else(|| say!("body-not-yet"))), Role::Dim);
    }

    fn message(&mut self, message: &MessageItem, title: &SafeText) {
        self.blank();
        let (sign, role) = fate(message);
        let kind = match message.origin {
            Origin::Human => String::new(),
            Origin::Automatic => format!(" {}", say!("origin-automatic")),
            Origin::Bounce => format!(" {}", say!("origin-report")),
            Origin::Loop => format!(" {}", say!("origin-loop")),
        };
        let time = self.clock(message.at);
        let is_form = message.authorship == Authorship::Form;
        let from = if is_form { &message.author } else { &message.from };
        let who = message.agent.as_ref().unwrap_or(from);
        self.head(&format!("{sign} {who} · {time}{kind}"), role);
        self.why_not_sent(message);
        self.wrote(message);
        if let Some(who) = &message.new_here {
            self.head_rest(&format!("  {}", say!("new-here", who = who)));
        }
        let to = match message.cc.is_empty() {
            true => say!("head-to", to = &message.to),
            false => say!("head-to-cc", to = &message.to, cc = &message.cc),
        };
        self.head_rest(&format!("  {to}"));
        if let Some(reply_to) = message.reply_to.as_ref().filter(|_| !is_form) {
            self.paragraph("  ! ", &SafeText::line(&say!("answers-go-to", who = reply_to)), Role::Warning);
        }
        if !same_subject(&message.subject, title) && !message.subject.is_empty() {
            self.head_rest(&format!("  {}", say!("head-subject", subject = &message.subject)));
        }
        let key = &self.setting.part_key;
        match message.body.part {
            Some(TextPart::Html) => self.head_rest(&format!("  {}", say!("part-html", key = key))),
            Some(TextPart::Plain) if message.body.turned => {
                self.head_rest(&format!("  {}", say!("part-plain", key = key)));
            }
            _ => {}
        }
        match &message.left {
            Some(left) => self.paragraph("  ", &SafeText::line(&text::render(left)), Role::Dim),
            None if message.gone => {
                self.paragraph("  ! ", &SafeText::line(&say!("mail-gone-from-server")), Role::Warning);
            }
            None => {}
        }
        if !message.shares.is_empty() {
            let who: Vec<&str> = message.shares.iter().map(|other| other.who.as_str()).collect();
            self.paragraph("  ! ", &SafeText::line(&say!("shares-id", who = who.join(", "))), Role::Warning);
        }
        self.push(String::new(), Role::Text);
        self.no_body(message);
        self.body(message);
        for fate in &message.bounced {
            self.paragraph("  ! ", &SafeText::line(&say!("outgoing-bounced", who = fate)), Role::Error);
        }
        for fate in &message.delayed {
            self.paragraph("  ", &SafeText::line(&say!("outgoing-delayed", who = fate)), Role::Pending);
        }
    }

    /// Says of a mail of ours that is not simply sent when it goes out, or why it does not and which key helps.
    fn why_not_sent(&mut self, message: &MessageItem) {
        let Some(way) = &message.leaving else { return };
        let why = way.reason.as_ref().map(text::render);
        let key = &self.setting.outbox_key;
        let (words, role) = match way.state {
            OutState::Held => (Some(say!("fate-goes", at = words::minute(way.due, &self.setting.zone))), Role::Pending),
            OutState::Stopped | OutState::Failed | OutState::Uncertain => {
                (Some(say!("fate-key", key = key)), Role::Error)
            }
            OutState::Sent => (Some(say!("sending-unfiled")), Role::Dim),
            _ => (None, Role::Pending),
        };
        let said: Vec<String> = why.into_iter().chain(words).collect();
        if !said.is_empty() {
            self.paragraph("  ", &SafeText::line_max(&said.join(" · "), 600), role);
        }
    }

    /// Says how it is known who wrote a mail, where that is not simply who its `From` names.
    fn wrote(&mut self, message: &MessageItem) {
        let Some(mark) = message.authorship.mark(message.author.as_str()).map(|mark| text::render(&mark)) else {
            return;
        };
        match message.authorship {
            Authorship::Forged => self.paragraph("  ! ", &SafeText::line(&mark), Role::Warning),
            Authorship::Form => {
                let from = say!("wrote-from", from = &message.from);
                self.head_rest(&format!("  {mark}; {from}"));
            }
            _ => self.head_rest(&format!("  {mark}")),
        }
    }

    fn head_rest(&mut self, text: &str) {
        let text = visual_fields(&cut(text, self.setting.columns), self.setting.terminal_bidi);
        self.push(text, Role::Dim);
    }

    fn body(&mut self, message: &MessageItem) {
        let body = &message.body;
        for (at, block) in body.blocks.iter().enumerate() {
            if let Some(one) = body.invitations.iter().find(|one| one.block == at) {
                self.block(&text::invitation(one, Some(&self.setting.zone)), Role::Text);
                self.blank();
                continue;
            }
            match block {
                Block::Text(lines) => self.block(lines, Role::Text),
                Block::Quote(lines) => self.folded(lines, Role::Quote),
                Block::Signature(lines) => self.folded(lines, Role::Signature),
            }
        }
        for file in &body.attachments {
            let words = say!("file-line", name = &file.name, size = words::size(file.size), media = &file.media);
            self.paragraph("  ", &SafeText::line(&words), Role::Link);
        }
        for link in &body.links {
            self.paragraph("  ", &SafeText::line(&format!("[{}] {}", link.number, link.target)), Role::Link);
            if let Some(warning) = &link.warning {
                self.paragraph("      ! ", warning, Role::Warning);
            }
        }
        for warning in &body.warnings {
            self.paragraph("  ! ", warning, Role::Warning);
        }
    }

    fn block(&mut self, lines: &[SafeText], role: Role) {
        let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
        let start = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
        for line in lines.iter().take(end.min(BLOCK_LINES)).skip(start) {
            self.paragraph("  ", line, role);
        }
        if end > BLOCK_LINES {
            self.push(format!("  … {}", say!("more-lines", count = end - BLOCK_LINES)), Role::Dim);
        }
    }

    fn folded(&mut self, lines: &[SafeText], role: Role) {
        if self.setting.unfolded {
            return self.block(lines, role);
        }
        let count = lines.iter().filter(|line| !line.is_empty()).count();
        if count > 0 {
            let key = &self.setting.unfold_key;
            let words = match role {
                Role::Signature => say!("folded-signature", count = count, key = key),
                _ => say!("folded-quote", count = count, key = key),
            };
            self.push(format!("  ··· {words}"), Role::Dim);
        }
    }

    fn note(&mut self, note: &NoteItem) {
        self.blank();
        let mark = |on: bool, words: fn() -> String| if on { format!(" · {}", words()) } else { String::new() };
        let edited = mark(note.edited.is_some(), || say!("note-edited"));
        let pending = mark(note.pending, || say!("not-on-server"));
        let time = self.clock(note.at);
        self.head(
            &format!("│ {} · {time}{edited}{pending}", say!("note-by", who = note.actor.to_string())),
            Role::NoteHead,
        );
        if let Some(erased) = &note.erased {
            let words = say!("note-erased", who = erased.who.to_string(), at = self.clock(erased.at));
            self.paragraph("│ ", &SafeText::line(&words), Role::Dim);
            return;
        }
        for line in &note.lines {
            self.paragraph("│ ", line, Role::Note);
        }
    }

    fn event(&mut self, event: &EventItem) {
        let follows = self.out.last().is_some_and(|line| line.role == Role::Event || line.role == Role::Day);
        if !follows {
            self.blank();
        }
        let void = event.void.as_ref().map_or_else(String::new, |why| format!(" ({})", text::render(why)));
        let pending = if event.pending { " ^" } else { "" };
        let time = self.clock(event.at);
        let text = format!("· {}{void} · {time}{pending}", event.sentence);
        self.paragraph("  ", &SafeText::line(&text), Role::Event);
    }
}

/// Returns what stands before the name over a message: which way it went, or how it stands where it did not simply go out.
fn fate(message: &MessageItem) -> (String, Role) {
    let state = message.leaving.as_ref().map(|way| way.state);
    match (message.direction, state) {
        (Direction::Inbound, _) => ("<".to_owned(), Role::Customer),
        (_, Some(OutState::Held)) => (format!("~ {}", say!("fate-held")), Role::Pending),
        (_, Some(OutState::Sending)) => (format!("~ {}", say!("fate-sending")), Role::Pending),
        (_, Some(OutState::Stopped | OutState::Failed)) => (format!("! {}", say!("fate-not-sent")), Role::Error),
        (_, Some(OutState::Uncertain)) => (format!("? {}", say!("fate-uncertain")), Role::Error),
        _ if !message.bounced.is_empty() => (format!("! {}", say!("fate-bounced")), Role::Error),
        _ => (">".to_owned(), Role::Team),
    }
}

/// Tells whether a message's subject only repeats the title, reply prefixes aside.
fn same_subject(subject: &SafeText, title: &SafeText) -> bool {
    let bare = |text: &SafeText| text.as_str().rsplit(": ").next().unwrap_or_default().trim().to_lowercase();
    bare(subject) == bare(title)
}
