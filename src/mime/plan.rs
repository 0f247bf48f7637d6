//! What of a mail is read as text, in which order, and what is an attachment. Decided without decoding more than a glance, and the same for
//! [`super::parse`] and [`super::attachment`], so that an attachment's index means the same in both.

use super::alternative::{self, Words};
use super::lines::slice;
use super::part::{Kind, Part, Tree};
use super::transfer::{self, Transfer, UuBlock};
use super::unpack::{self, cms};
use super::{charset, html};
use crate::model::message::TextPart;

/// The most attachments listed.
const ATTACHMENTS_MAX: usize = 5_000;
/// The most calendars that are read.
const CALENDARS_MAX: usize = 5;
/// How much of a text is looked at to tell whether it says anything.
const GLANCE: usize = 16 * 1024;
/// The same of HTML: newsletters begin with 60 KB of styles.
const GLANCE_HTML: usize = 128 * 1024;
/// The most alternatives of a mail whose texts are compared.
const COMPARED_MAX: usize = 20;

/// Something to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A plain text.
    Plain(usize),
    /// An HTML text.
    Html(usize),
    /// An invitation.
    Calendar(usize),
    /// A delivery or other report's fields.
    Status(usize),
    /// The headers of a mail inside this one, standing in `text/rfc822-headers`.
    Headers(usize),
    /// A mail inside this one begins: its part, and whether it is only there as a copy (in a report).
    Enter(usize, bool),
    /// It ends.
    Leave,
    /// A mail inside this one that is encoded as a whole, which RFC 2046 section 5.2.1 forbids and programs do.
    Encoded(usize),
}

/// Where an attachment's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// The part.
    pub part: usize,
    /// The uuencoded file inside that part's text, by its place in the decoded body.
    pub uu: Option<UuBlock>,
    /// Whether some text shows it.
    pub inline: bool,
}

/// What is to be done with a mail.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// What is read, in order.
    pub items: Vec<Item>,
    /// The attachments, in order.
    pub attachments: Vec<Source>,
    /// What a person should know.
    pub warnings: Vec<String>,
    /// Which of its texts is read, where the mail has a plain one and HTML that say the same.
    pub part: Option<TextPart>,
}

impl Plan {
    /// Tells whether a text of that kind is read.
    pub fn shows(&self, part: TextPart) -> bool {
        self.items.iter().any(|item| match part {
            TextPart::Plain => matches!(item, Item::Plain(_)),
            TextPart::Html => matches!(item, Item::Html(_)),
        })
    }
}

/// Where in the tree a part is met.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Inside an alternative that was not chosen: only what is attached counts.
    hidden: bool,
    /// Beside the root of a multipart/related.
    related: bool,
    /// Inside a report.
    report: bool,
}

struct Planner<'a> {
    raw: &'a [u8],
    tree: &'a Tree,
    plan: Plan,
    texts: usize,
    /// Which of its texts somebody asks for.
    wish: Option<TextPart>,
    /// How many alternatives were compared.
    compared: usize,
}

/// Decides what to do with a mail; `wish` is the text that somebody asks for, where it has two.
pub(super) fn plan(raw: &[u8], tree: &Tree, wish: Option<TextPart>) -> Plan {
    let mut planner = Planner { raw, tree, plan: Plan::default(), texts: 0, wish, compared: 0 };
    planner.walk(0, Place::default());
    if tree.cut {
        planner.warn("This mail has too many parts; the rest of them is not shown.");
    }
    planner.plan
}

impl<'a> Planner<'a> {
    fn part(&self, index: usize) -> Option<&'a Part> {
        self.tree.parts.get(index)
    }

    fn warn(&mut self, text: &str) {
        if !self.plan.warnings.iter().any(|warning| warning == text) {
            self.plan.warnings.push(text.to_owned());
        }
    }

    /// Recursion is bounded: parts nest no deeper than [`super::part::DEPTH_MAX`].
    fn walk(&mut self, index: usize, place: Place) {
        let Some(part) = self.part(index) else { return };
        match part.kind {
            Kind::Leaf => self.leaf(index, part, place),
            Kind::Message => self.message(index, part, place),
            Kind::Multipart => self.multipart(part, place),
        }
    }

    fn multipart(&mut self, part: &Part, place: Place) {
        match part.media() {
            "multipart/alternative" => self.alternative(part, place),
            "multipart/related" => self.related(part, place),
            "multipart/signed" => {
                let smime = part.content.get("protocol").is_some_and(|protocol| protocol.contains("pkcs7"));
                self.warn(&if smime { say!("mail-signed-smime") } else { say!("mail-signed-pgp") });
                self.each(&part.children, place);
            }
            "multipart/encrypted" => {
                self.warn(&say!("mail-encrypted-pgp"));
                part.children.iter().for_each(|child| self.attach(*child, false));
            }
            "multipart/report" => self.each(&part.children, Place { report: true, ..place }),
            _ => self.each(&part.children, place),
        }
        if part.unbounded {
            self.warn("This mail's parts can't be told apart; it is shown as it is.");
        }
    }

    fn each(&mut self, children: &[usize], place: Place) {
        children.iter().for_each(|child| self.walk(*child, place));
    }

    fn alternative(&mut self, part: &Part, place: Place) {
        let chosen = self.choose(&part.children, place);
        for child in &part.children {
            self.walk(*child, Place { hidden: place.hidden || chosen != Some(*child), ..place });
        }
    }

    /// Chooses among alternatives: the first plain text that is worth reading, else the last HTML, else the first text at all.
    fn choose(&mut self, children: &[usize], place: Place) -> Option<usize> {
        let shapes: Vec<(usize, usize, bool)> = children
            .iter()
            .filter_map(|child| self.first_text(*child).map(|(leaf, html)| (*child, leaf, html)))
            .collect();
        let html = shapes.iter().rfind(|(.., html)| *html).copied();
        let plain = shapes.iter().filter(|(.., html)| !html).find(|(_, leaf, _)| self.says_something(*leaf)).copied();
        let chosen = match (plain, html) {
            (Some(plain), Some(html)) => {
                let part = self.wish.unwrap_or_else(|| self.better(plain.1, html.1));
                if !place.hidden && self.plan.part.is_none() {
                    self.plan.part = Some(part);
                }
                Some(if part == TextPart::Html { html } else { plain })
            }
            (plain, html) => plain.or(html).or(shapes.first().copied()),
        };
        chosen.map(|(child, ..)| child).or_else(|| children.last().copied())
    }

    /// Compares a plain text with the HTML beside it.
    fn better(&mut self, plain: usize, html: usize) -> TextPart {
        self.compared += 1;
        let plain = Words::of(&self.glance(plain, GLANCE));
        if plain.are_many() || self.compared > COMPARED_MAX {
            return TextPart::Plain;
        }
        let text = html::to_text(&self.glance(html, GLANCE_HTML), 0).text;
        let own: String = text.lines().filter(|line| !line.starts_with('>')).flat_map(|line| [line, "\n"]).collect();
        if alternative::is_worth(&plain, &Words::of(&text), &Words::of(&own)) {
            TextPart::Plain
        } else {
            TextPart::Html
        }
    }

    /// Decodes the beginning of a text.
    fn glance(&self, leaf: usize, max: usize) -> String {
        let Some(part) = self.part(leaf) else { return String::new() };
        let body = slice(self.raw, part.body.clone());
        let bytes = part.transfer.decode(slice(body, 0..body.len().min(max)));
        charset::decode(&bytes, &part.content.get("charset").unwrap_or_default()).text.into_owned()
    }

    /// Finds the first text inside a part, and whether it is HTML.
    fn first_text(&self, index: usize) -> Option<(usize, bool)> {
        let mut stack = vec![index];
        while let Some(index) = stack.pop() {
            let part = self.part(index)?;
            match part.kind {
                Kind::Leaf if part.disposition.value == "attachment" => {}
                Kind::Leaf if part.media() == "text/html" => return Some((index, true)),
                Kind::Leaf if is_plain(part.media()) => return Some((index, false)),
                Kind::Leaf | Kind::Message => {}
                Kind::Multipart => stack.extend(part.children.iter().rev()),
            }
        }
        None
    }

    /// Tells whether a text holds anything but white space.
    fn says_something(&self, leaf: usize) -> bool {
        let blank = |c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}' | '\0');
        !self.glance(leaf, GLANCE).chars().all(blank)
    }

    fn related(&mut self, part: &Part, place: Place) {
        let root = part.children.iter().copied().find(|child| self.first_text(*child).is_some());
        for child in &part.children {
            let related = root.is_some_and(|root| root != *child);
            self.walk(*child, Place { related: place.related || related, ..place });
        }
    }

    fn message(&mut self, index: usize, part: &Part, place: Place) {
        if place.hidden && part.disposition.value != "attachment" {
            return;
        }
        self.attach(index, place.report);
        if place.hidden {
            return;
        }
        self.plan.items.push(Item::Enter(index, place.report));
        self.each(&part.children, Place { related: false, ..place });
        self.plan.items.push(Item::Leave);
    }

    fn leaf(&mut self, index: usize, part: &Part, place: Place) {
        if part.too_deep {
            self.warn("Parts of this mail lie too deep in one another; the rest is kept as one attachment.");
            self.attach(index, false);
            return;
        }
        if part.unbounded {
            self.warn("This mail's parts can't be told apart; it is shown as it is.");
        }
        let named = part.file_name().is_some();
        let attached = part.disposition.value == "attachment";
        let readable = !attached && !place.related && (!named || self.texts == 0);
        match part.media() {
            "text/html" | "application/xhtml+xml" if readable => self.text(Item::Html(index), place),
            media if is_plain(media) && readable => self.plain(index, part, place),
            "message/rfc822" | "message/global" | "message/news"
                if part.transfer != Transfer::Plain && !place.hidden =>
            {
                self.attach(index, place.report);
                self.plan.items.push(Item::Encoded(index));
            }
            media if is_calendar(media, part) => {
                self.calendar(index);
                self.attach(index, !attached);
            }
            "message/delivery-status"
            | "message/disposition-notification"
            | "message/feedback-report"
            | "message/global-delivery-status"
                if !place.hidden =>
            {
                self.plan.items.push(Item::Status(index));
            }
            "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers" if !place.hidden => {
                self.plan.items.push(Item::Headers(index));
            }
            _ if place.hidden && !attached && !named && part.media().starts_with("text/") => {}
            _ => self.other(index, part, place),
        }
    }

    /// An invitation stands above the text of its mail, in whichever alternative or attachment it came.
    fn calendar(&mut self, index: usize) {
        let items = &mut self.plan.items;
        if items.iter().filter(|item| matches!(item, Item::Calendar(_))).count() < CALENDARS_MAX {
            let mail = items.iter().rposition(|item| matches!(item, Item::Enter(..) | Item::Leave | Item::Calendar(_)));
            items.insert(mail.map_or(0, |at| at + 1), Item::Calendar(index));
        }
    }

    fn plain(&mut self, index: usize, part: &Part, place: Place) {
        self.text(Item::Plain(index), place);
        if place.hidden {
            return;
        }
        if part.transfer == Transfer::Uu {
            self.attach(index, false);
            return;
        }
        let body = slice(self.raw, part.body.clone());
        if super::lines::find(body, b"begin ").is_none() {
            return;
        }
        let body = part.transfer.decode(body);
        let mut at = 0;
        while let Some(block) = transfer::uu_find(super::lines::from(&body, at)) {
            let whole = block.whole.start + at..block.whole.end + at;
            let data = block.data.start + at..block.data.end + at;
            at = whole.end.max(at + 1);
            self.source(Source { part: index, uu: Some(UuBlock { whole, data, name: block.name }), inline: false });
        }
    }

    fn text(&mut self, item: Item, place: Place) {
        if !place.hidden {
            self.texts += 1;
            self.plan.items.push(item);
        }
    }

    fn other(&mut self, index: usize, part: &Part, place: Place) {
        let unpacked = part.content.get(unpack::UNPACKED);
        match part.media() {
            _ if unpacked.as_deref() == Some("part") => self.warn(&say!("mail-tnef-damaged")),
            _ if unpacked.is_some() => {}
            _ if unpack::is_tnef(part) => self.warn(&say!("mail-tnef-closed")),
            _ if unpack::is_smime(part) => {
                let words = self.smime(part);
                self.warn(&words);
            }
            "application/pgp-encrypted" => self.warn(&say!("mail-encrypted-pgp")),
            "message/partial" => self.warn("This mail is one piece of a longer one that was cut up on its way."),
            "message/external-body" => {
                self.warn("This mail points at a part that is kept elsewhere; postroom does not fetch it.")
            }
            _ => {}
        }
        let signature = part.media().ends_with("-signature") || unpacked.is_some();
        let shown = part.disposition.value != "attachment" && part.referred && part.media().starts_with("image/");
        self.attach(index, signature || shown || (place.related && part.disposition.value != "attachment"));
    }

    /// Says what an S/MIME part is that could not be unpacked: by its bytes, else by what its header says.
    fn smime(&self, part: &Part) -> String {
        let body = slice(self.raw, part.body.clone());
        let bytes = part.transfer.decode(slice(body, 0..body.len().min(GLANCE)));
        let is_bundle = part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".p7c"));
        let said = part.content.get("smime-type").unwrap_or_default().to_ascii_lowercase();
        let said = if is_bundle { "certs-only".to_owned() } else { said };
        match (cms::kind(&bytes), said.as_str()) {
            (Some(cms::Cms::Compressed), _) | (None, "compressed-data") => say!("mail-compressed-smime"),
            (Some(cms::Cms::Signed), "certs-only") => say!("mail-certificates"),
            (Some(cms::Cms::Signed), _) | (None, "signed-data" | "signed-receipt") => say!("mail-signed-closed"),
            (None, "certs-only") => say!("mail-certificates"),
            _ => say!("mail-encrypted-smime"),
        }
    }

    fn attach(&mut self, part: usize, inline: bool) {
        self.source(Source { part, uu: None, inline });
    }

    fn source(&mut self, source: Source) {
        if self.plan.attachments.len() < ATTACHMENTS_MAX {
            self.plan.attachments.push(source);
        } else {
            self.warn("This mail has too many attachments; the rest of them is not listed.");
        }
    }
}

/// Tells whether a part is a calendar, also one that is only called so.
fn is_calendar(media: &str, part: &Part) -> bool {
    match media {
        "text/calendar" | "application/ics" | "text/x-vcalendar" => true,
        "application/octet-stream" => part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(".ics")),
        _ => false,
    }
}

fn is_plain(media: &str) -> bool {
    matches!(media, "text/plain" | "text/enriched" | "text/richtext" | "text/x-patch" | "text/x-diff" | "text/markdown")
        || matches!(media, "text/x-markdown" | "text/flowed" | "text/us-ascii" | "text/x-amp-plain")
}
