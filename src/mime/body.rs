//! The readable part of a mail, made by its plan: text, quotes, signature, links, warnings.

use super::header::{self, Headers};
use super::lines::{cut, find, slice};
use super::part::{Part, Tree};
use super::plan::{Item, Plan, Source};
use super::{TEXT_MAX, calendar, charset, enriched, flowed, html, name, quote, reply, web, word};
use crate::model::invitation::Invitation;
use crate::model::message::{Attachment, Block, Envelope, Readable};
use crate::model::text::SafeText;
use crate::text;

/// The most bytes that search is given.
const SEARCH_MAX: usize = 256 * 1024;
/// The most encoded bytes that are decoded for one text: quoted-printable takes three for one.
const ENCODED_MAX: usize = 3 * TEXT_MAX + 64 * 1024;
/// The most bytes of HTML taken in: markup is several times its text.
const HTML_MAX: usize = 2 * TEXT_MAX;

/// What is said of a mail with nothing to show.
const EMPTY: &str = "This mail has no text and no attachments.";

/// The most events of all calendars of a mail that are told.
const INVITATIONS_MAX: usize = 20;

/// How deep mails are read that stand, encoded, in one another; each level is a copy.
const ENCODED_DEPTH: usize = 3;

/// What stands around a mail that is read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outer<'h> {
    /// How many encoded mails it stands in.
    depth: usize,
    /// How many links are numbered before it.
    links: usize,
    /// What tells what of its text is quoted.
    around: quote::Around<'h>,
}

impl<'h> Outer<'h> {
    /// Begins a mail beside which others are held.
    pub fn beside(beside: quote::Beside<'h>) -> Self {
        Self { around: quote::Around { beside: Some(beside), ..quote::Around::default() }, ..Self::default() }
    }

    /// Tells it of the mail whose text is read: whether it says that it is forwarded, whether it answers none, and whom it goes to
    /// ([`reply::names_of`]).
    pub fn of(self, envelope: &Envelope, to: &'h [String]) -> Self {
        let (forwarded, first) = (reply::is_forwarded(&envelope.subject), reply::is_first(envelope));
        Self { around: quote::Around { forwarded, first, to, ..self.around }, ..self }
    }
}

/// What is shown and what is searched.
#[derive(Default)]
pub(super) struct Body<'h> {
    pub readable: Readable,
    pub search: String,
    outer: Outer<'h>,
    left: usize,
    cut: bool,
    /// How many copies inside a report are open: they are quotes.
    copies: Vec<bool>,
}

/// Makes a mail readable.
pub(super) fn render<'h>(raw: &[u8], tree: &Tree, plan: &Plan, outer: Outer<'h>) -> Body<'h> {
    let mut body = Body { outer, left: TEXT_MAX, ..Body::default() };
    for item in &plan.items {
        body.item(raw, tree, plan, item);
    }
    show_something(&mut body.readable.blocks);
    leave_out_repeated(&mut body.readable);
    body.readable.attachments = attachments(raw, tree, plan);
    for attachment in &body.readable.attachments {
        if body.search.len() < SEARCH_MAX {
            body.search.push('\n');
            body.search.push_str(attachment.name.as_str());
        }
    }
    body.search.truncate(cut(&body.search, SEARCH_MAX).len());
    body.readable.part = plan.part;
    body.readable.addresses = web::addresses(&body.readable);
    for warning in &plan.warnings {
        body.warn(warning);
    }
    if body.readable.blocks.is_empty() && body.readable.attachments.is_empty() {
        body.warn(EMPTY);
    }
    if body.cut {
        let text = "[This text is longer than postroom shows. Save the mail to read the rest.]";
        body.readable.blocks.push(Block::Text(vec![SafeText::from(""), SafeText::from(text)]));
        body.warn("The text of this mail is too long to show whole.");
    }
    body
}

impl Body<'_> {
    /// What of its texts other mails could tell.
    pub fn asks(&self) -> quote::Asks {
        self.outer.around.asks
    }

    fn warn(&mut self, text: &str) {
        let text = SafeText::line_max(text, 300);
        if !self.readable.warnings.contains(&text) && self.readable.warnings.len() < 50 {
            self.readable.warnings.push(text);
        }
    }

    fn item(&mut self, raw: &[u8], tree: &Tree, plan: &Plan, item: &Item) {
        let part = |index: &usize| tree.parts.get(*index);
        match item {
            Item::Plain(index) => {
                if let Some(part) = part(index) {
                    self.plain(raw, *index, part, plan);
                }
            }
            Item::Html(index) => {
                if let Some(part) = part(index) {
                    self.html(raw, part);
                }
            }
            Item::Calendar(index) => {
                if let Some(part) = part(index) {
                    self.calendar(raw, part);
                }
            }
            Item::Status(index) => {
                if let Some(part) = part(index) {
                    let text = self.text_of(raw, part, 64 * 1024);
                    self.push_quote(&text);
                }
            }
            Item::Headers(index) => {
                if let Some(part) = part(index) {
                    let block = part.transfer.decode(slice(raw, part.body.clone())).into_owned();
                    self.push_quote(&head_lines(&block));
                }
            }
            Item::Enter(index, copy) => {
                self.copies.push(*copy);
                let inner = part(index).and_then(|part| part.children.first()).and_then(|child| tree.parts.get(*child));
                if let Some(inner) = inner {
                    let lines = head_lines(slice(raw, inner.header.clone()));
                    if *copy { self.push_quote(&lines) } else { self.push_text(&lines) }
                }
            }
            Item::Leave => {
                self.copies.pop();
            }
            Item::Encoded(index) => {
                if let Some(part) = part(index).filter(|_| self.outer.depth < ENCODED_DEPTH) {
                    self.encoded(raw, part);
                }
            }
        }
    }

    /// Shows the events of a calendar, each once: programs send the same one as an alternative and as a file.
    fn calendar(&mut self, raw: &[u8], part: &Part) {
        let text = self.calendar_text(raw, part);
        let method = part.content.get("method").unwrap_or_default();
        for mut invitation in calendar::invitations(&text, &method) {
            let known = self.readable.invitations.iter().any(|one| one.is_of(&invitation));
            if known || self.readable.invitations.len() >= INVITATIONS_MAX {
                continue;
            }
            let lines = text::invitation(&invitation, None);
            let lines: Vec<&str> = lines.iter().map(SafeText::as_str).collect();
            invitation.block = self.readable.blocks.len();
            self.push_text(&lines.join("\n"));
            self.readable.invitations.push(invitation);
        }
    }

    /// Decodes a calendar; a line of it may be folded within a character (RFC 5545 section 3.1).
    fn calendar_text(&mut self, raw: &[u8], part: &Part) -> String {
        let encoded = slice(raw, part.body.clone());
        let bounded = slice(encoded, 0..encoded.len().min(ENCODED_MAX));
        let bytes = calendar::unfold(&part.transfer.decode(bounded));
        self.decoded(&bytes, part, TEXT_MAX, bounded.len() < encoded.len())
    }

    /// Decodes a part's text, at most `max` bytes of it.
    fn text_of(&mut self, raw: &[u8], part: &Part, max: usize) -> String {
        let encoded = slice(raw, part.body.clone());
        let bounded = slice(encoded, 0..encoded.len().min(ENCODED_MAX));
        let bytes = part.transfer.decode(bounded);
        self.decoded(&bytes, part, max, bounded.len() < encoded.len())
    }

    fn decoded(&mut self, bytes: &[u8], part: &Part, max: usize, mut short: bool) -> String {
        let label = part.content.get("charset").unwrap_or_default();
        let is_html = part.media() == "text/html";
        let label = if is_html && charset::is_vague(&label) { html::meta_charset(bytes) } else { label };
        let decoded = charset::decode(slice(bytes, 0..bytes.len().min(4 * max)), &label);
        if decoded.lost && decoded.text.contains('\u{FFFD}') {
            self.warn(&match label.as_str() {
                "" => say!("mail-unreadable-unnamed"),
                label => say!("mail-unreadable", charset = cut(label, 40)),
            });
        } else if let Some(charset) = decoded.guessed {
            self.warn(&say!("mail-charset-guessed", charset = charset));
        }
        let text = cut(&decoded.text, max);
        short |= text.len() < decoded.text.len() || bytes.len() > 4 * max;
        self.cut |= short;
        text.to_owned()
    }

    fn plain(&mut self, raw: &[u8], index: usize, part: &Part, plan: &Plan) {
        let files: Vec<&Source> =
            plan.attachments.iter().filter(|source| source.part == index && source.uu.is_some()).collect();
        let text = if files.is_empty() {
            self.text_of(raw, part, TEXT_MAX)
        } else {
            let bytes = part.transfer.decode(slice(raw, part.body.clone()));
            self.decoded(&without(&bytes, &files), part, TEXT_MAX, false)
        };
        let is_flowed = part.content.get("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
        let text = if is_flowed {
            let delsp = part.content.get("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
            flowed::unflow(&text, delsp)
        } else {
            text
        };
        if find(text.as_bytes(), b"-----BEGIN PGP MESSAGE-----").is_some() {
            self.warn(&say!("mail-encrypted-block"));
        } else if find(text.as_bytes(), b"-----BEGIN PGP SIGNED MESSAGE-----").is_some() {
            self.warn(&say!("mail-signed-pgp"));
        }
        let text = match part.media() {
            "text/enriched" | "text/richtext" => enriched::to_text(&text),
            _ => text,
        };
        self.push_split(&text);
    }

    fn links(&self) -> usize {
        self.outer.links + self.readable.links.len()
    }

    /// Shows a mail that is encoded as a whole. Its attachments are in the mail that is itself one.
    fn encoded(&mut self, raw: &[u8], part: &Part) {
        let body = slice(raw, part.body.clone());
        let bytes = part.transfer.decode(slice(body, 0..body.len().min(ENCODED_MAX)));
        self.push_text(&head_lines(slice(&bytes, header::block(&bytes).0)));
        let inner = super::read(&bytes, Outer { depth: self.outer.depth + 1, links: self.links(), ..self.outer });
        self.outer.around.asks = self.outer.around.asks.and(inner.asks);
        self.cut |= body.len() > ENCODED_MAX;
        self.admit(&inner.search_text);
        let above = self.readable.blocks.len();
        let moved = |one: Invitation| Invitation { block: one.block + above, ..one };
        let room = INVITATIONS_MAX.saturating_sub(self.readable.invitations.len());
        self.readable.invitations.extend(inner.readable.invitations.into_iter().map(moved).take(room));
        self.readable.blocks.extend(inner.readable.blocks);
        self.readable.links.extend(inner.readable.links);
        inner.readable.warnings.iter().for_each(|warning| self.warn(warning.as_str()));
    }

    fn html(&mut self, raw: &[u8], part: &Part) {
        let markup = self.text_of(raw, part, HTML_MAX);
        let found = html::to_text(&markup, self.links());
        self.readable.links.extend(found.links);
        for warning in found.warnings {
            self.warn(warning);
        }
        self.outer.around.markup = true;
        self.push_split(&found.text);
        self.outer.around.markup = false;
    }

    /// Takes what may still be shown of a text, and gives it to search.
    fn admit<'t>(&mut self, text: &'t str) -> &'t str {
        let shown = cut(text, self.left);
        self.cut |= shown.len() < text.len();
        self.left -= shown.len();
        if self.search.len() < SEARCH_MAX {
            if !self.search.is_empty() {
                self.search.push('\n');
            }
            self.search.push_str(cut(shown, SEARCH_MAX - self.search.len()));
        }
        shown
    }

    fn push_split(&mut self, text: &str) {
        let text = self.admit(text);
        if self.copies.contains(&true) {
            self.push_block(quote::Kind::Quote, text.lines());
            return;
        }
        for (kind, lines) in quote::split(text, &mut self.outer.around) {
            self.push_block(kind, lines.into_iter());
        }
    }

    fn push_text(&mut self, text: &str) {
        let text = self.admit(text);
        self.push_block(quote::Kind::Text, text.lines());
    }

    fn push_quote(&mut self, text: &str) {
        let text = self.admit(text);
        self.push_block(quote::Kind::Quote, text.lines());
    }

    fn push_block<'t>(&mut self, kind: quote::Kind, lines: impl Iterator<Item = &'t str>) {
        let mut safe: Vec<SafeText> = lines.flat_map(SafeText::lines).collect();
        while safe.last().is_some_and(SafeText::is_empty) {
            safe.pop();
        }
        let blank = safe.iter().take_while(|line| line.is_empty()).count();
        safe.drain(..blank);
        if safe.is_empty() {
            return;
        }
        self.readable.blocks.push(match kind {
            quote::Kind::Text => Block::Text(safe),
            quote::Kind::Quote => Block::Quote(safe),
            quote::Kind::Signature => Block::Signature(safe),
        });
    }
}

/// Leaves the description of an event, or what came along with an answer, out where the mail's own text says the same, as it mostly does.
fn leave_out_repeated(readable: &mut Readable) {
    let words = |lines: &[SafeText]| {
        lines.iter().flat_map(|line| line.as_str().split_whitespace()).collect::<Vec<_>>().join(" ")
    };
    let is_event = |at: usize| readable.invitations.iter().any(|one| one.block == at);
    let texts = readable.blocks.iter().enumerate().filter(|(at, _)| !is_event(*at));
    let said: String = texts.map(|(_, block)| words(block.lines()) + " ").collect();
    for one in &mut readable.invitations {
        let repeats = |lines: &[SafeText]| !lines.is_empty() && said.contains(&words(lines));
        let (description, comment) = (repeats(&one.description), repeats(&one.comment));
        if !description && !comment {
            continue;
        }
        if description {
            one.description.clear();
        }
        if comment {
            one.comment.clear();
        }
        if let Some(block) = readable.blocks.get_mut(one.block) {
            *block = Block::Text(text::invitation(one, None));
        }
    }
}

/// Shows everything of a mail of which nothing would be shown: what stands alone in it is what its sender has to say.
fn show_something(blocks: &mut Vec<Block>) {
    let says =
        |line: &SafeText| line.as_str().chars().any(|c| c.is_alphanumeric() || !c.is_ascii() || matches!(c, '?' | '!'));
    if !blocks.iter().any(|block| matches!(block, Block::Text(lines) if lines.iter().any(says))) {
        for block in blocks {
            *block = Block::Text(block.lines().to_vec());
        }
    }
}

/// Returns what an answer to the event of that id takes over from the mail's calendars.
pub(super) fn source(raw: &[u8], tree: &Tree, plan: &Plan, uid: &str) -> Option<calendar::Source> {
    plan.items.iter().find_map(|item| match item {
        Item::Calendar(index) => {
            let text = Body::default().calendar_text(raw, tree.parts.get(*index)?);
            calendar::source(&text, uid)
        }
        _ => None,
    })
}

/// The headers of a mail inside a mail, as a person wants to see them.
fn head_lines(block: &[u8]) -> String {
    let headers = Headers::parse(block);
    let mut out = String::new();
    for (label, field) in [("From", "from"), ("To", "to"), ("Cc", "cc"), ("Date", "date"), ("Subject", "subject")] {
        if let Some(text) = headers.text(field) {
            out.push_str(&format!("{label}: {}\n", cut(&text, 2_000)));
        }
    }
    out
}

/// Takes uuencoded files out of a text.
fn without(bytes: &[u8], files: &[&Source]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for block in files.iter().filter_map(|source| source.uu.as_ref()) {
        out.extend_from_slice(slice(bytes, at..block.whole.start));
        at = block.whole.end;
    }
    out.extend_from_slice(slice(bytes, at..bytes.len()));
    out
}

fn attachments(raw: &[u8], tree: &Tree, plan: &Plan) -> Vec<Attachment> {
    let mut list = Vec::with_capacity(plan.attachments.len());
    for (index, source) in plan.attachments.iter().enumerate() {
        let Some(part) = tree.parts.get(source.part) else { continue };
        let body = slice(raw, part.body.clone());
        let size = match &source.uu {
            Some(block) => {
                let bytes = part.transfer.decode(body);
                super::transfer::uu_decode(slice(&bytes, block.data.clone())).len().try_into().unwrap_or(u64::MAX)
            }
            None => part.transfer.decoded_len(body),
        };
        list.push(Attachment {
            index,
            name: SafeText::line(&file_name(raw, tree, source, index)),
            media: SafeText::line(media(part, source)),
            size,
            inline: source.inline,
        });
    }
    list
}

/// Returns an attachment's media type.
pub(super) fn media<'p>(part: &'p Part, source: &Source) -> &'p str {
    if source.uu.is_some() { "application/octet-stream" } else { part.media() }
}

/// Returns an attachment's cleaned name; made up where it has none.
pub(super) fn file_name(raw: &[u8], tree: &Tree, source: &Source, index: usize) -> String {
    let Some(part) = tree.parts.get(source.part) else { return name::made_up("", index + 1) };
    let given = match &source.uu {
        Some(block) => Some(word::decode(&block.name)),
        None => part.file_name(),
    };
    given
        .as_deref()
        .and_then(name::clean)
        .or_else(|| message_name(raw, tree, part))
        .unwrap_or_else(|| name::made_up(media(part, source), index + 1))
}

/// A mail inside a mail is called by its subject.
fn message_name(raw: &[u8], tree: &Tree, part: &Part) -> Option<String> {
    let inner = part.children.first().filter(|_| part.media().starts_with("message/"))?;
    let inner = tree.parts.get(*inner)?;
    let headers = Headers::parse(slice(raw, inner.header.clone()));
    let subject = headers.text("subject")?;
    let flat: String = subject.chars().take(80).map(|c| if matches!(c, '/' | '\\') { '_' } else { c }).collect();
    name::clean(&format!("{}.eml", flat.trim()))
}
