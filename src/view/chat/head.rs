//! The head of a message: who, when, and what its reader has to know of it beside its words.

use std::collections::btree_map::Entry;

use super::{Chat, Piece, Sign, TEXT_AT, blank};
use crate::app::words;
use crate::model::conversation::{MessageItem, Party};
use crate::model::message::{Authorship, Direction, Origin, TextPart};
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, width};

/// The fewest columns of a name beside what is told at the right.
const NAME_MIN: usize = 12;

impl Chat<'_> {
    pub(super) fn message(&mut self, message: &MessageItem) {
        self.gap();
        self.head(message);
        self.why_not_sent(message);
        self.wrote(message);
        if let Some(who) = &message.new_here {
            self.say(&say!("new-here", who = who), Role::Dim);
        }
        self.goes_to(message);
        let is_form = message.authorship == Authorship::Form;
        if let Some(reply_to) = message.reply_to.as_ref().filter(|_| !is_form) {
            self.warn(&say!("answers-go-to", who = reply_to), Role::Warning);
        }
        if !same_subject(&message.subject, &self.data.row.title) && !message.subject.is_empty() {
            self.say(&say!("head-subject", subject = &message.subject), Role::Dim);
        }
        match &message.left {
            Some(left) => self.say(&text::render(left), Role::Dim),
            None if message.gone => self.warn(&say!("mail-gone-from-server"), Role::Warning),
            None => {}
        }
        if !message.shares.is_empty() {
            let who: Vec<&str> = message.shares.iter().map(|other| other.who.as_str()).collect();
            self.warn(&say!("shares-id", who = who.join(", ")), Role::Warning);
        }
        self.no_body(message);
        self.body(message);
        for fate in &message.bounced {
            self.warn(&say!("outgoing-bounced", who = fate), Role::Error);
        }
        for fate in &message.delayed {
            self.say(&say!("outgoing-delayed", who = fate), Role::Pending);
        }
    }

    /// The line with the name at the left and what is told in a few words at the right.
    fn head(&mut self, message: &MessageItem) {
        let (sign, state, role) = fate(message);
        let ours = message.direction == Direction::Outbound;
        let name_role = if ours { Role::Team } else { Role::Customer };
        let mut right = self.told(message);
        let room = self.edge().saturating_sub(TEXT_AT);
        let taken = |right: &[String]| right.iter().map(|one| width(one) + 3).sum::<usize>();
        while right.len() > 1 && taken(&right) + NAME_MIN > room {
            right.pop();
        }
        let right = right.join(" · ");
        let mut room = room.saturating_sub(width(&right) + 2);
        let mut pieces = vec![blank(TEXT_AT - 1)];
        let mut put = |text: String, role: Role| {
            let text = cut(&text, room);
            room = room.saturating_sub(width(&text));
            pieces.push(Piece { text, role, hit: None });
        };
        if let Some(state) = state {
            put(format!("{state} "), role);
        }
        let (name, address) = self.name(message);
        put(name, name_role);
        if let Some(address) = address {
            put(format!(" <{address}>"), Role::Dim);
        }
        let used: usize = pieces.iter().map(|piece| width(&piece.text)).sum();
        pieces.push(blank((self.edge() - 1).saturating_sub(used + width(&right))));
        pieces.push(Piece { text: right, role: Role::Dim, hit: None });
        let line = self.out.all.len();
        self.push(sign, role, pieces);
        self.mark_head(line);
    }

    /// Returns what stands at the right of a head, what yields first at the end.
    fn told(&self, message: &MessageItem) -> Vec<String> {
        let goes = message.leaving.as_ref().filter(|way| way.state == OutState::Held);
        let mut told = vec![match goes {
            Some(way) if words::day_number(way.due, &self.setting.zone) == self.setting.today => {
                say!("fate-goes", at = self.clock(way.due))
            }
            Some(way) => say!("fate-goes", at = words::minute(way.due, &self.setting.zone)),
            None => self.clock(message.at),
        }];
        match message.origin {
            Origin::Human => {}
            Origin::Automatic => told.push(say!("origin-automatic")),
            Origin::Bounce => told.push(say!("origin-report")),
            Origin::Loop => told.push(say!("origin-loop")),
        }
        if message.direction == Direction::Inbound && self.is_new() {
            told.push(say!("chat-new"));
        }
        if self.setting.under.contains(&message.id) {
            told.push(say!("new-under-draft"));
        }
        let files = message.body.attachments.len();
        if files > 0 {
            told.push(say!("chat-files", count = files));
        }
        let key = &self.setting.part_key;
        match message.body.part {
            Some(TextPart::Html) => told.push(say!("part-html", key = key)),
            Some(TextPart::Plain) => told.push(say!("part-plain", key = key)),
            None => {}
        }
        let related = self.data.related_to(&message.id).count();
        if related > 0 {
            told.push(say!("chat-related", count = related));
        }
        told
    }

    /// Names who wrote a message. The address stands beside a name that is new here, or that somebody else bore before; and beside one that
    /// looks like an address itself.
    fn name(&mut self, message: &MessageItem) -> (String, Option<String>) {
        if let Some(agent) = &message.agent {
            return (agent.to_string(), None);
        }
        let ours = message.direction == Direction::Outbound;
        let is_form = message.authorship == Authorship::Form;
        let parties = if is_form { &message.parties.author } else { &message.parties.from };
        let whole = if is_form { &message.author } else { &message.from };
        let [Party { name, email }] = parties.as_slice() else { return (whole.to_string(), None) };
        // Where a sender differs that is named behind `via`.
        if name.is_empty() || whole.as_str().contains(" via ") {
            self.know(message, email);
            return (whole.to_string(), None);
        }
        let key = email.as_str().to_lowercase();
        let is_same = match self.names.entry(name.as_str().to_lowercase()) {
            Entry::Vacant(free) => {
                free.insert(key.clone());
                false
            }
            Entry::Occupied(mut known) => known.insert(key.clone()) == key,
        };
        // What is ours is proven to be.
        let is_plain = ours || is_same && self.known.contains(&key) && !name.as_str().contains('@');
        self.know(message, email);
        (name.to_string(), (!is_plain).then(|| email.to_string()))
    }

    fn know(&mut self, message: &MessageItem, email: &SafeText) {
        let parties = [&message.parties.author, &message.parties.reply_to];
        let others = parties.into_iter().flatten().map(|party| party.email.as_str().to_lowercase());
        self.known.extend(others.chain([email.as_str().to_lowercase()]));
    }

    /// Says whom a message went to, where that is not just the other side: to several, with copies, or of ours to somebody who did not write
    /// here before.
    fn goes_to(&mut self, message: &MessageItem) {
        let is_known = |party: &Party| self.known.contains(&party.email.as_str().to_lowercase());
        let is_plain = match message.parties.to.as_slice() {
            [one] => message.direction == Direction::Inbound || is_known(one),
            _ => false,
        };
        if is_plain && message.cc.is_empty() {
            return;
        }
        let words = match message.cc.is_empty() {
            true => say!("head-to", to = &message.to),
            false => say!("head-to-cc", to = &message.to, cc = &message.cc),
        };
        self.line(Sign::None, words, Role::Dim);
    }

    /// Says of a mail of ours that is not simply sent why that is so, and which key helps.
    fn why_not_sent(&mut self, message: &MessageItem) {
        let Some(way) = &message.leaving else { return };
        let why = way.reason.as_ref().map(text::render);
        let key = &self.setting.outbox_key;
        let (words, role) = match way.state {
            OutState::Stopped | OutState::Failed | OutState::Uncertain => {
                (Some(say!("fate-key", key = key)), Role::Error)
            }
            OutState::Sent => (Some(say!("sending-unfiled")), Role::Dim),
            _ => (None, Role::Pending),
        };
        let said: Vec<String> = why.into_iter().chain(words).collect();
        if !said.is_empty() {
            self.say(&said.join(" · "), role);
        }
    }

    /// Says how it is known who wrote a mail, where that is not simply who its `From` names.
    fn wrote(&mut self, message: &MessageItem) {
        message.doubts.iter().for_each(|doubt| self.warn(doubt.as_str(), Role::Warning));
        let Some(mark) = message.authorship.mark(message.author.as_str()).map(|mark| text::render(&mark)) else {
            return;
        };
        match message.authorship {
            Authorship::Forged => self.warn(&mark, Role::Warning),
            Authorship::Form => {
                let from = say!("wrote-from", from = &message.from);
                self.say(&format!("{mark}; {from}"), Role::Dim);
            }
            _ => self.say(&mark, Role::Dim),
        }
    }
}

/// Returns the sign before a message, which way it went, or how it stands where it did not simply go out, with the words for that.
fn fate(message: &MessageItem) -> (Sign, Option<String>, Role) {
    let state = message.leaving.as_ref().map(|way| way.state);
    match (message.direction, state) {
        (Direction::Inbound, _) => (Sign::Customer, None, Role::Customer),
        (_, Some(OutState::Held)) => (Sign::Pending, Some(say!("fate-held")), Role::Pending),
        (_, Some(OutState::Sending)) => (Sign::Pending, Some(say!("fate-sending")), Role::Pending),
        (_, Some(OutState::Stopped | OutState::Failed)) => (Sign::Failed, Some(say!("fate-not-sent")), Role::Error),
        (_, Some(OutState::Uncertain)) => (Sign::Uncertain, Some(say!("fate-uncertain")), Role::Error),
        _ if !message.bounced.is_empty() => (Sign::Failed, Some(say!("fate-bounced")), Role::Error),
        _ => (Sign::Ours, None, Role::Team),
    }
}

/// Tells whether a message's subject only repeats the title, reply prefixes aside.
fn same_subject(subject: &SafeText, title: &SafeText) -> bool {
    let bare = |text: &SafeText| text.as_str().rsplit(": ").next().unwrap_or_default().trim().to_lowercase();
    bare(subject) == bare(title)
}
