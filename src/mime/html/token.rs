//! HTML cut into tags and text by html5ever's tokenizer: its lexing and its references are a browser's. No tree is built of them.
//!
//! What is here bounds it. Mail is fed from tag to tag, so that what opens and never closes (a quote, a comment, a script) is known by its
//! place and read through instead of swallowing the rest; and a tag of very many attributes, each of which the tokenizer compares with
//! all before it, is given up.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token as Lexed, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::cut;
use crate::mime::work::step;

/// A piece of HTML.
pub(super) enum Token<'t> {
    /// Text, its references decoded.
    Text(&'t str),
    /// A tag that opens: its name in lower case and what it says.
    Open(&'t str, Attributes<'t>),
    /// A tag that closes.
    Close(&'t str),
}

/// What a tag says.
#[derive(Clone, Copy)]
pub(super) struct Attributes<'t>(&'t Tag);

impl<'t> Attributes<'t> {
    /// Returns an attribute's value, by its name in lower case.
    pub fn get(self, name: &str) -> Option<&'t str> {
        self.0.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
    }
}

/// Elements whose content is no text of the mail.
const OPAQUE: &[&str] =
    &["script", "style", "title", "iframe", "noembed", "noframes", "template", "svg", "math", "object", "xml"];

/// The most bytes given to the tokenizer at a time.
const PIECE_MAX: usize = 16 * 1024;
/// How many bytes that can part attributes one tag may hold where they stand close together, and at all (base64 has slashes).
const DENSE_MAX: usize = 4 * 1024;
const GAPS_MAX: usize = 40 * 1024;
/// How often what is never closed is read through; a mail made to be read again and again is cut.
const RESTARTS_MAX: usize = 100;

/// Reads a document and gives its pieces to `take`, which tells whether it wants more. Returns whether it was read to its end.
pub(super) fn read(markup: &str, mut take: impl FnMut(Token<'_>) -> bool) -> bool {
    let whole = StrTendril::from_slice(markup);
    let mut ignored = Vec::new();
    let (mut from, mut comments) = (0, true);
    for _ in 0..RESTARTS_MAX {
        let sink = Sink::new(&mut take, &ignored);
        match (Feeder { markup, whole: &whole, at: from, open: None, comments }).run(sink) {
            End::Whole => return true,
            End::Full => return false,
            End::Tag(start) => from = past(markup, start, ">"),
            // Nor is any that follows.
            End::Comment(start) => (from, comments) = (start, false),
            End::Opaque(start, name) => {
                ignored.push(name);
                from = start;
            }
        }
    }
    false
}

/// How reading ended.
enum End {
    /// At the document's end.
    Whole,
    /// Nobody wants more.
    Full,
    /// Inside a tag that begins there.
    Tag(usize),
    /// Inside a comment that begins there: one never closed hides nothing.
    Comment(usize),
    /// Inside an element whose tag begins there: its content is shown after all.
    Opaque(usize, &'static str),
}

fn past(markup: &str, start: usize, end: &str) -> usize {
    let rest = markup.get(start..).unwrap_or_default();
    rest.find(end).map_or(markup.len(), |at| start + at + end.len())
}

struct Feeder<'m> {
    markup: &'m str,
    whole: &'m StrTendril,
    at: usize,
    /// Where the tag or comment begins that is not over yet, and how many bytes of it can part attributes.
    open: Option<(usize, usize)>,
    /// Whether a comment's end can still come.
    comments: bool,
}

impl<'m> Feeder<'m> {
    fn run<F: FnMut(Token<'_>) -> bool>(mut self, sink: Sink<'_, F>) -> End {
        let tokenizer = Tokenizer::new(sink, TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() });
        let sink = &tokenizer.sink;
        let queue = BufferQueue::default();
        // Where the tag begins whose content is skipped.
        let mut opaque = self.at;
        while self.at < self.markup.len() {
            let start = self.at;
            let piece = self.piece();
            self.at += piece.len();
            let Some(shared) = self.shared(start, piece) else { continue };
            if sink.opaque.get().is_none() {
                opaque = self.open.map_or(start, |(start, _)| start);
            }
            sink.seen.set(Seen::Nothing);
            step(shared.len());
            queue.push_back(shared.clone());
            let _ = tokenizer.feed(&queue);
            if sink.full.get() {
                return End::Full;
            }
            self.open = self.still_open(start, &shared, sink.seen.get()).filter(|_| sink.opaque.get().is_none());
            if let Some((begin, gaps)) = self.open
                && (gaps > GAPS_MAX || gaps > DENSE_MAX && gaps * 16 > self.at - begin)
                && !is_comment(self.from(begin))
            {
                return End::Tag(begin);
            }
        }
        if let Some(name) = sink.opaque.get() {
            return End::Opaque(opaque, name);
        }
        match self.open.map(|(begin, _)| (begin, self.from(begin))) {
            Some((begin, text)) if is_comment(text) => return End::Comment(begin),
            Some((begin, text)) if text.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic) => {
                return End::Tag(begin);
            }
            _ => {}
        }
        tokenizer.end();
        if tokenizer.sink.full.get() { End::Full } else { End::Whole }
    }

    fn from(&self, start: usize) -> &'m str {
        self.markup.get(start..).unwrap_or_default()
    }

    /// The next piece: it ends before the next `<`.
    fn piece(&self) -> &'m str {
        let rest = cut(self.from(self.at), PIECE_MAX);
        let end = rest.bytes().skip(1).position(|b| b == b'<').map_or(rest.len(), |at| at + 1);
        rest.get(..end).unwrap_or(rest)
    }

    /// The piece as the tokenizer takes it, sharing the document's bytes; `None` where it is only the beginning of a comment
    /// that never ends.
    fn shared(&mut self, start: usize, piece: &str) -> Option<StrTendril> {
        let skipped = if !self.comments && self.open.is_none() && is_comment(piece) { 4 } else { 0 };
        let offset = u32::try_from(start + skipped).ok()?;
        let length = u32::try_from(piece.len() - skipped).ok().filter(|length| *length > 0)?;
        self.whole.try_subtendril(offset, length).ok()
    }

    /// Where the tag or comment begins that is open after a piece, given what came of the piece.
    fn still_open(&self, start: usize, piece: &str, seen: Seen) -> Option<(usize, usize)> {
        let gaps = || piece.bytes().filter(|b| b.is_ascii_whitespace() || *b == b'/').count();
        let begins =
            matches!(piece.as_bytes(), [b'<', next, ..] if next.is_ascii_alphabetic() || b"/!?".contains(next));
        match (seen, self.open) {
            (Seen::Markup, _) => None,
            (Seen::Nothing, Some((begin, before))) => Some((begin, before + gaps())),
            _ => begins.then(|| (start, gaps())),
        }
    }
}

fn is_comment(text: &str) -> bool {
    text.starts_with("<!--")
}

/// What came of a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Text,
    Markup,
}

/// Takes tokens from html5ever, which hands them to a shared reference.
struct Sink<'s, F> {
    take: RefCell<&'s mut F>,
    /// Opaque elements that are never closed.
    ignored: &'s [&'static str],
    /// The element whose content is being skipped.
    opaque: Cell<Option<&'static str>>,
    /// What came since this was last reset.
    seen: Cell<Seen>,
    /// Whether no more is wanted.
    full: Cell<bool>,
}

impl<'s, F: FnMut(Token<'_>) -> bool> Sink<'s, F> {
    fn new(take: &'s mut F, ignored: &'s [&'static str]) -> Self {
        Self {
            take: RefCell::new(take),
            ignored,
            opaque: Cell::new(None),
            seen: Cell::new(Seen::Nothing),
            full: Cell::new(false),
        }
    }

    fn give(&self, token: Token<'_>) {
        if !(self.take.borrow_mut())(token) {
            self.full.set(true);
        }
    }

    fn text_seen(&self) {
        if self.seen.get() == Seen::Nothing {
            self.seen.set(Seen::Text);
        }
    }

    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        // Office writes `o:p`, `v:shape`.
        let name = match tag.name.split_once(':') {
            Some((_, "p")) => "span",
            Some((_, local)) => local,
            None => &*tag.name,
        };
        if tag.kind == TagKind::EndTag {
            // What is skipped ends with its own tag.
            if self.opaque.take().is_none() {
                self.give(Token::Close(name));
            }
            return TokenSinkResult::Continue;
        }
        if let Some(opaque) = OPAQUE.iter().find(|opaque| **opaque == name) {
            if tag.self_closing || self.ignored.contains(opaque) {
                return TokenSinkResult::Continue;
            }
            self.opaque.set(Some(opaque));
            return TokenSinkResult::RawData(RawKind::Rawtext);
        }
        self.give(Token::Open(name, Attributes(tag)));
        TokenSinkResult::Continue
    }
}

impl<F: FnMut(Token<'_>) -> bool> TokenSink for Sink<'_, F> {
    type Handle = ();

    fn process_token(&self, token: Lexed, _line: u64) -> TokenSinkResult<()> {
        match token {
            Lexed::TagToken(tag) => {
                self.seen.set(Seen::Markup);
                return self.tag(&tag);
            }
            Lexed::CommentToken(_) | Lexed::DoctypeToken(_) => self.seen.set(Seen::Markup),
            Lexed::CharacterTokens(text) => {
                self.text_seen();
                if self.opaque.get().is_none() {
                    self.give(Token::Text(&text));
                }
            }
            Lexed::NullCharacterToken => self.text_seen(),
            Lexed::ParseError(_) | Lexed::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}
