//! One conversation with its time line: only the newest items are opened.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::OptionalExtension;

use super::code::Code;
use super::connection::Transaction;
use super::facts::{Facts, message_id};
use super::gone::{Departure, stands};
use super::list::{row_by_id, row_by_number};
use super::outgoing;
use super::place::why_of;
use super::refold::{Folded, fold_conversation};
use super::tell::{say_moment, with_names};
use super::{Store, StoreError, erased, held, identity, news, people, related};
use crate::mime;
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::conversation::{
    ContextItem, Conversation, EventItem, Item, MessageItem, NoteItem, OnItsWay, Parties, Party, Related, SharedId,
    WhyItem,
};
use crate::model::ids::{ConversationId, Handle, MessageId, OpId};
use crate::model::message::{Authorship, Direction, Envelope, Fate, Origin, Outcome, Readable};
use crate::model::phrase::Phrase;
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::op::describe;
use crate::op::fold::Note;
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::text;
use crate::thread::doubt;

/// The most mails named that bear the Message-ID of another.
const SHARING_MAX: usize = 20;
/// The most characters of a list of recipients.
const PEOPLE_MAX: usize = 2000;

/// An item before it is opened.
enum Light<'a> {
    Message(&'a Facts),
    Note(&'a Note, bool),
    Event(EventItem),
    Sending(Box<MessageItem>),
}

impl Light<'_> {
    fn at(&self) -> Timestamp {
        match self {
            Light::Message(facts) => facts.arrived,
            Light::Note(note, _) => note.at,
            Light::Event(event) => event.at,
            Light::Sending(message) => message.at,
        }
    }
}

impl Store {
    /// Returns a conversation with the newest `newest` items of its time line; `None` where the id, or any it had before, is unknown.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn conversation(&self, id: &ConversationId, newest: usize) -> Result<Option<Conversation>, StoreError> {
        let now = self.author().clock.now();
        let me = &self.author().actor;
        let team = self.team();
        self.read(|tx| {
            let Some((number, id)) = find(tx, id)? else { return Ok(None) };
            // One whose messages are all hidden is not shown.
            let row = row_by_id(tx, &id, now, me)?.filter(|row| row.as_of.is_some());
            let Some(row) = row else { return Ok(None) };
            let (facts, folded) = fold_conversation(tx, number)?;
            let mut light = with_names(tx, |names| time_line(&facts, &folded, names));
            light.extend(sending(tx, &id, &facts, &team)?);
            light.extend(departure(tx, &facts, &folded)?);
            light.sort_by_key(Light::at);
            let earlier = light.len().saturating_sub(newest);
            let say = |of: &MessageId| who_wrote(tx, of);
            let new = people::new_here(&facts, &team);
            let notices = related::notices(tx, number)?;
            // Whoever asks for no message waits for none to be read.
            let shown = light.iter().skip(earlier).filter_map(|one| match one {
                Light::Message(one) => Some(*one),
                _ => None,
            });
            let mut bodies = held::bodies(tx, &facts, &notices, &shown.chain(&notices).collect::<Vec<_>>())?;
            let mut body = |one: &Facts| bodies.remove(&one.row).unwrap_or_default();
            let mut items = Vec::new();
            for item in light.into_iter().skip(earlier) {
                items.push(match item {
                    Light::Message(one) => {
                        let new_here = new.contains(&one.row).then(|| address_of(one));
                        let mut message = open(tx, &team, one, (&facts, body(one)), new_here, &say)?;
                        message.actor = sender(&folded, one);
                        message.agent = message.actor.as_ref().map(|actor| name_of(&team, actor));
                        Item::Message(Box::new(message))
                    }
                    Light::Note(note, pending) => Item::Note(note_item(tx, note, pending)?),
                    Light::Event(event) => Item::Event(event),
                    Light::Sending(message) => Item::Message(message),
                });
            }
            let mut context = Vec::new();
            for notice in notices {
                let message = open(tx, &team, &notice, (&[], body(&notice)), None, &say)?;
                let home = row_by_number(tx, notice.conversation, now, me)?;
                context.extend(home.map(|row| ContextItem { message, conversation: row.id, short: row.short }));
            }
            let mut near = Vec::new();
            for (other, relation) in related::related(tx, number)? {
                let Some(row) = row_by_number(tx, other, now, me)? else { continue };
                let messages = related::meet(tx, number, (other, relation), &facts)?;
                near.push(Related { row, relation, messages });
            }
            let followers = folded.state.followers.clone();
            let new_items = news::new_items(tx, number, me, &folded)?;
            let mut whole = Conversation { row, followers, items, earlier, context, related: near, new: new_items };
            whole.settle_invitations();
            Ok(Some(whole))
        })
    }

    /// Returns for each message, in time order, its subject, who wrote it and how that is known, and why it is in the conversation.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn why(&self, id: &ConversationId) -> Result<Vec<WhyItem>, StoreError> {
        let team = self.team();
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(Vec::new()) };
            let say = |of: &MessageId| who_wrote(tx, of);
            let mut facts = Facts::of_conversation(tx, number)?;
            facts.retain(|f| !f.hidden);
            let new = people::new_here(&facts, &team);
            let explain = |f: Facts| -> Result<WhyItem, StoreError> {
                let new_here = new.contains(&f.row).then(|| address_of(&f));
                let names = OtherNames::of(tx, &f, &say)?;
                let mut why = reason(&f, new_here.as_ref(), &names, &say);
                if let Some(left) = Departure::of(tx, &f)? {
                    why = SafeText::line_max(&say!("why-and-left", why = &why, how = left.how), 1800);
                }
                Ok(WhyItem {
                    subject: SafeText::line_max(&f.envelope.subject, 500),
                    authorship: f.authorship,
                    author: author_of(&f),
                    why,
                    new_here,
                    id: f.id,
                })
            };
            facts.into_iter().map(explain).collect()
        })
    }

    /// Returns the messages in time order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn message_ids(&self, id: &ConversationId) -> Result<Vec<MessageId>, StoreError> {
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(Vec::new()) };
            let mut find = tx.prepare_cached(
                "SELECT message_id FROM message WHERE conversation = ?1 AND hidden = 0 ORDER BY arrived / 1000, message_id",
            )?;
            let ids = find.query_map([number], |row| row.get::<_, String>(0))?;
            let mut ids: Vec<MessageId> = ids.map(|id| id.map(|id| message_id(&id))).collect::<Result<_, _>>()?;
            ids.dedup();
            Ok(ids)
        })
    }
}

/// Finds a conversation by its id or one that it had before: its number and its present id.
pub(super) fn find(tx: &Transaction<'_>, id: &ConversationId) -> Result<Option<(i64, ConversationId)>, StoreError> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, ConversationId::from_kept(row.get::<_, String>(1)?)));
    let mut now = tx.prepare_cached("SELECT rowid, id FROM conversation WHERE id = ?1")?;
    if let Some(found) = now.query_row([id.as_str()], read).optional()? {
        return Ok(Some(found));
    }
    let mut before = tx.prepare_cached(
        "SELECT c.rowid, c.id FROM conversation_alias a JOIN member m ON m.message_id = a.message_id
             JOIN conversation c ON c.rowid = m.conversation
         WHERE a.id = ?1",
    )?;
    Ok(before.query_row([id.as_str()], read).optional()?)
}

fn time_line<'a>(facts: &'a [Facts], folded: &'a Folded, names: describe::Names<'_>) -> Vec<Light<'a>> {
    let mut light: Vec<Light<'_>> = facts.iter().map(Light::Message).collect();
    let pending: BTreeSet<_> =
        folded.records.iter().filter(|(kept, _)| kept.place.is_none()).map(|(_, record)| record.id).collect();
    light.extend(folded.state.notes.iter().map(|note| Light::Note(note, pending.contains(&note.id))));
    for (_, record) in &folded.records {
        let quiet = match record.known() {
            Some(
                Known::EditNote { .. }
                | Known::SeenMentions
                | Known::Replying { .. }
                | Known::StopReplying
                | Known::Lease { .. }
                | Known::Undo { .. },
            ) => true,
            // The mail itself stands in the time line; only the status that came with it is news.
            Some(Known::Replied { then, .. }) => then.is_none(),
            Some(Known::Note { .. }) => !folded.state.undone.contains(&record.id),
            _ => false,
        };
        if !quiet {
            light.push(Light::Event(EventItem {
                id: record.id,
                at: record.at,
                sentence: text::sentence(&describe::describe(record, 1, names), &say_moment),
                void: why_void(folded, record),
                pending: pending.contains(&record.id),
                undone: folded.state.undone.contains(&record.id),
            }));
        }
    }
    light
}

/// Returns the event that all mail of a conversation left, at the time when the last of it did.
fn departure<'a>(tx: &Transaction<'_>, facts: &[Facts], folded: &Folded) -> Result<Option<Light<'a>>, StoreError> {
    if !folded.state.gone {
        return Ok(None);
    }
    let mut last: Option<(Timestamp, OpId, Phrase)> = None;
    for one in facts {
        if let Some(Departure { how, at, .. }) = Departure::of(tx, one)? {
            let at = at.unwrap_or(one.arrived);
            if last.as_ref().is_none_or(|(before, ..)| *before <= at) {
                last = Some((at, OpId::derived("left", &one.id), how));
            }
        }
    }
    Ok(last.map(|(at, id, how)| {
        let sentence = SafeText::line_max(&say!("all-mail-left", how = how), 500);
        Light::Event(EventItem { id, at, sentence, void: None, pending: false, undone: false })
    }))
}

/// Returns why a record has no effect; `None` where it has.
fn why_void(folded: &Folded, record: &Record) -> Option<Phrase> {
    if let Some(lost) = folded.state.lost.iter().find(|lost| lost.id == record.id) {
        return Some(match &lost.held_by {
            Some((who, _)) => phrase!("void-was-first", who = who.to_string()),
            None => phrase!("void-nobody-had-it"),
        });
    }
    if !folded.state.undone.contains(&record.id) {
        return None;
    }
    Some(match folded.undone_by(record.id) {
        Some(by) if *by != record.actor => phrase!("void-undone-by", who = by.to_string()),
        _ => phrase!("void-undone"),
    })
}

pub(super) fn note_item(tx: &Transaction<'_>, note: &Note, pending: bool) -> Result<NoteItem, StoreError> {
    Ok(NoteItem {
        id: note.id,
        actor: note.actor.clone(),
        at: note.at,
        lines: SafeText::lines(&note.text),
        mentions: note.mentions.iter().cloned().collect(),
        edited: note.edited,
        erased: erased::who(tx, note.id)?,
        pending,
    })
}

/// Returns the name of an agent; the handle where the team knows none.
fn name_of(team: &Team, actor: &Handle) -> SafeText {
    let known = team.agents.iter().find(|agent| agent.handle == *actor).map(|agent| agent.name.trim());
    SafeText::line_max(known.filter(|name| !name.is_empty()).unwrap_or(actor.as_str()), 200)
}

/// Returns mail of ours that is on its way and that no folder holds yet.
fn sending<'a>(
    tx: &Transaction<'_>,
    id: &ConversationId,
    facts: &[Facts],
    team: &Team,
) -> Result<Vec<Light<'a>>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT message_id, state, code, args, created_at, due, bytes, actor FROM outgoing
         WHERE conversation = ?1 AND state NOT IN ('filed', 'cancelled')",
    )?;
    let mut rows = find.query([id.as_str()])?;
    let mut light = Vec::new();
    while let Some(row) = rows.next()? {
        let message = message_id(&row.get::<_, String>(0)?);
        if facts.iter().any(|f| f.id == message) {
            continue;
        }
        let Code(state): Code<OutState> = row.get(1)?;
        let reason = outgoing::reason(row.get(2)?, &row.get::<_, String>(3)?);
        let bytes: Option<Vec<u8>> = row.get(6)?;
        let raw = bytes.map(|packed| zstd::decode_all(packed.as_slice())).transpose();
        let raw = raw.map_err(|error| StoreError::Content(error.to_string()))?.unwrap_or_default();
        let parsed = mime::parse(&raw);
        let made: i64 = row.get(4)?;
        let at = if made > 0 { made } else { row.get(5)? };
        let shown = match state {
            OutState::Held => phrase!("sending-held"),
            OutState::Sending => phrase!("sending-now"),
            OutState::Sent => phrase!("sending-unfiled"),
            other => Phrase::said(other.name()),
        };
        let words = match &reason {
            None => text::render(&shown),
            Some(why) => say!("sending-why", state = shown, why = why.clone()),
        };
        light.push(Light::Sending(Box::new(MessageItem {
            id: message,
            direction: Direction::Outbound,
            origin: Origin::Human,
            at: Timestamp(at),
            authorship: Authorship::Recorded,
            author: people(&parsed.envelope.from),
            doubts: Vec::new(),
            actor: Handle::new(&row.get::<_, String>(7)?).ok(),
            parties: Box::new(parties(&parsed.envelope, &parsed.envelope.from)),
            from: people(&parsed.envelope.from),
            from_email: first_email(&parsed.envelope.from),
            reply_to: None,
            to: people(&parsed.envelope.to),
            cc: people(&parsed.envelope.cc),
            subject: SafeText::line_max(&parsed.envelope.subject, 1000),
            body: parsed.readable,
            partial: false,
            gone: false,
            why: SafeText::default(),
            new_here: None,
            sending: Some(SafeText::line_max(&words, 300)),
            leaving: Some(OnItsWay { state, due: Timestamp(row.get(5)?), reason }),
            agent: Handle::new(&row.get::<_, String>(7)?).ok().map(|actor| name_of(team, &actor)),
            bounced: Vec::new(),
            delayed: Vec::new(),
            left: None,
            missing: None,
            shares: Vec::new(),
            known_as: Vec::new(),
        })));
    }
    Ok(light)
}

fn open(
    tx: &Transaction<'_>,
    team: &Team,
    facts: &Facts,
    (reports, body): (&[Facts], Readable),
    new_here: Option<SafeText>,
    say: &dyn Fn(&MessageId) -> String,
) -> Result<MessageItem, StoreError> {
    let envelope = &facts.envelope;
    let mut from = people(&envelope.from).to_string();
    if let Some(sender) = &envelope.sender
        && !envelope.from.iter().any(|a| a.key() == sender.key())
    {
        from = format!("{from} via {}", written(sender));
    }
    let elsewhere = |a: &Address| envelope.from.iter().all(|f| f.key() != a.key());
    let left = Departure::of(tx, facts)?;
    let names = OtherNames::of(tx, facts, say)?;
    let reply_to = envelope.reply_to.iter().any(elsewhere).then(|| people(&envelope.reply_to));
    Ok(MessageItem {
        id: facts.id.clone(),
        direction: facts.direction,
        origin: facts.origin,
        at: facts.arrived,
        authorship: facts.authorship,
        author: author_of(facts),
        doubts: doubt::doubts(envelope, facts.authorship, team)
            .iter()
            .map(|doubt| SafeText::line_max(&crate::text::render(&doubt.phrase()), PEOPLE_MAX))
            .collect(),
        actor: None,
        parties: Box::new(parties(envelope, &facts.authors().into_iter().cloned().collect::<Vec<_>>())),
        from: SafeText::line_max(&from, PEOPLE_MAX),
        from_email: first_email(&envelope.from),
        reply_to,
        to: people(&envelope.to),
        cc: people(&envelope.cc),
        subject: SafeText::line_max(&envelope.subject, 1000),
        body,
        partial: facts.partial,
        gone: !stands(tx, facts.row)?,
        why: reason(facts, new_here.as_ref(), &names, say),
        new_here,
        sending: None,
        leaving: None,
        agent: None,
        bounced: reported(reports, facts, Outcome::Failed),
        delayed: reported(reports, facts, Outcome::Delayed),
        missing: left.as_ref().and_then(|left| left.why_missing(facts)),
        left: left.map(|left| left.how),
        shares: names.shares,
        known_as: names.known_as,
    })
}

/// The other mails that bear the Message-ID of a mail, and the other ids of it.
struct OtherNames {
    shares: Vec<SharedId>,
    known_as: Vec<MessageId>,
}

impl OtherNames {
    fn of(tx: &Transaction<'_>, facts: &Facts, say: &dyn Fn(&MessageId) -> String) -> Result<Self, StoreError> {
        let others = identity::others_of(tx, facts)?.into_iter().take(SHARING_MAX);
        let shares = others.map(|other| SharedId { who: SafeText::line_max(&say(&other.id), 200), id: other.id });
        Ok(Self { shares: shares.collect(), known_as: identity::copies_of(tx, &facts.id)?.1 })
    }
}

/// Says why a message is in its conversation, and which other mails it could be taken for.
fn why(facts: &Facts, names: &OtherNames, say: &dyn Fn(&MessageId) -> String) -> String {
    let why = why_of(&facts.why);
    let mut sentence = why.sentence(say);
    if !names.shares.is_empty() {
        let who: Vec<&str> = names.shares.iter().map(|other| other.who.as_str()).collect();
        sentence = say!("why-shares-id", why = sentence, who = who.join(", "));
    }
    if !names.known_as.is_empty() {
        let ids: Vec<String> = names.known_as.iter().map(|id| format!("<{id}>")).collect();
        sentence = say!("why-known-as", why = sentence, ids = ids.join(", "));
    }
    sentence
}

/// Returns what reports among `facts` say of the recipients of a mail, the last word on each counting. Whom they name beside those tells
/// nothing of it.
fn reported(facts: &[Facts], mail: &Facts, wanted: Outcome) -> Vec<SafeText> {
    let reports = facts.iter().filter(|f| f.origin == Origin::Bounce && f.envelope.about.as_ref() == Some(&mail.id));
    let mut last: BTreeMap<String, &Fate> = BTreeMap::new();
    let fates = reports.flat_map(|report| &report.envelope.fates);
    for fate in fates.filter(|fate| fate.is_of_mail(&mail.envelope)) {
        // What failed stays failed, though a report of the delay can come in later.
        let known = last.get(&fate.recipient.to_lowercase());
        if known.is_none_or(|known| known.outcome <= fate.outcome) {
            last.insert(fate.recipient.to_lowercase(), fate);
        }
    }
    let told = last.into_values().filter(|fate| fate.outcome == wanted);
    told.map(|fate| SafeText::line_max(&text::render(&fate.phrase()), 400)).collect()
}

fn written(address: &Address) -> String {
    if address.name.trim().is_empty() { address.email.clone() } else { format!("{} <{}>", address.name, address.email) }
}

fn people(addresses: &[Address]) -> SafeText {
    let shown: Vec<String> = addresses.iter().take(50).map(written).collect();
    let mut text = shown.join(", ");
    if addresses.len() > shown.len() {
        text.push_str(&format!(" and {} more", addresses.len() - shown.len()));
    }
    SafeText::line_max(&text, PEOPLE_MAX)
}

/// Says why a message is in its conversation, and that its author is new there where that is so.
fn reason(
    facts: &Facts,
    new_here: Option<&SafeText>,
    names: &OtherNames,
    say: &dyn Fn(&MessageId) -> String,
) -> SafeText {
    let why = why(facts, names, say);
    match new_here {
        None => SafeText::line_max(&why, 1000),
        Some(who) => SafeText::line_max(&say!("why-new-here", why = why, who = who), 1400),
    }
}

/// Returns the address of who wrote a mail.
fn address_of(facts: &Facts) -> SafeText {
    facts.authors().first().map(|author| SafeText::line_max(&author.email, 320)).unwrap_or_default()
}

/// Names who wrote a mail.
fn author_of(facts: &Facts) -> SafeText {
    let authors: Vec<Address> = facts.authors().into_iter().cloned().collect();
    people(&authors)
}

/// Returns who of the team sent a mail of ours, as a record says.
fn sender(folded: &Folded, facts: &Facts) -> Option<Handle> {
    let ours = facts.direction == Direction::Outbound;
    folded.records.iter().filter(|_| ours).find_map(|(_, record)| match record.known() {
        Some(Known::Replied { message, .. }) if *message == facts.id => Some(record.actor.clone()),
        _ => None,
    })
}

fn parties(envelope: &Envelope, author: &[Address]) -> Parties {
    let party = |one: &Address| Party {
        name: SafeText::line_max(one.name.trim(), 500),
        email: SafeText::line_max(one.email.trim(), 320),
    };
    let all = |list: &[Address]| list.iter().map(party).collect();
    Parties {
        author: all(author),
        from: all(&envelope.from),
        reply_to: all(&envelope.reply_to),
        to: all(&envelope.to),
        cc: all(&envelope.cc),
    }
}

fn first_email(addresses: &[Address]) -> SafeText {
    addresses.first().map(|a| SafeText::line_max(&a.email, 320)).unwrap_or_default()
}

/// Names a message to a person: by its sender and date where it is here, else by its id.
fn who_wrote(tx: &Transaction<'_>, id: &MessageId) -> String {
    match Facts::by_id(tx, id) {
        Ok(Some(facts)) => {
            let who = facts.authors().first().map_or("nobody", |author| author.short());
            format!("the message of {who}, {}", say_moment(facts.arrived))
        }
        _ => format!("<{id}>"),
    }
}
