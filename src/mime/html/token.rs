//! HTML cut into tags and text, in linear time. It takes what is no tag as text, as browsers do.

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text with its references still in it.
    Text(&'a str),
    /// A tag that opens: its name in lower case and its attributes as they stand.
    Open(String, &'a str),
    /// A tag that closes.
    Close(String),
}

/// Elements whose content is no text of the mail.
const OPAQUE: &[&str] =
    &["script", "style", "title", "iframe", "noembed", "noframes", "template", "svg", "math", "object", "xml"];

/// Cuts HTML into pieces.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Whether a comment's end can still come.
    comments: bool,
    /// Opaque elements that are not closed any more from here on.
    unclosed: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    /// Begins at the start of a document.
    pub fn new(markup: &'a str) -> Self {
        Self { rest: markup, comments: true, unclosed: Vec::new() }
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn skip_past(&mut self, end: &str) -> bool {
        match self.rest.find(end) {
            Some(at) => {
                self.advance(at + end.len());
                true
            }
            None => false,
        }
    }

    /// Passes over `<!…>` and `<?…>`.
    fn declaration(&mut self) {
        if self.rest.starts_with("<!--") && self.comments {
            self.advance(4);
            if self.rest.starts_with('>') {
                self.advance(1);
                return;
            }
            // A comment never closed hides nothing: what stands in it is shown.
            self.comments = self.skip_past("-->");
            return;
        }
        if !self.skip_past(">") {
            self.rest = "";
        }
    }

    fn tag(&mut self) -> Option<Token<'a>> {
        let close = self.rest.starts_with("</");
        self.advance(if close { 2 } else { 1 });
        let name_len = self.rest.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(self.rest.len());
        let mut name = super::cut(self.advance(name_len), 40).to_ascii_lowercase();
        if let Some((_, local)) = name.split_once(':') {
            // Office writes `o:p`, `v:shape`.
            name = if local == "p" { "span".to_owned() } else { local.to_owned() };
        }
        let end = tag_end(self.rest);
        let attributes = self.advance(end);
        self.advance(1);
        if close {
            return Some(Token::Close(name));
        }
        if let Some(opaque) = OPAQUE.iter().find(|opaque| **opaque == name) {
            if !attributes.ends_with('/') {
                self.skip_opaque(opaque);
            }
            return None;
        }
        Some(Token::Open(name, attributes))
    }

    fn skip_opaque(&mut self, name: &'static str) {
        if self.unclosed.contains(&name) {
            return;
        }
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|rest| rest.find("</")).map(|at| at + from) {
            let tail = self.rest.get(at + 2..).unwrap_or_default();
            if tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                self.advance(at + 2 + name.len());
                self.skip_past(">");
                return;
            }
            from = at + 2;
        }
        self.unclosed.push(name);
    }
}

/// Returns where a tag ends: the first `>` outside quotes that open an attribute's value.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    let mut before = b' ';
    let mut first = None;
    // A quote never closed must not swallow the mail: past this the first `>` counts.
    for (at, b) in rest.bytes().enumerate().take(64 * 1024) {
        match (quote, b) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') if before == b'=' => quote = Some(b),
            (Some(open), _) if open == b => quote = None,
            (Some(_), b'>') if first.is_none() => first = Some(at),
            _ => {}
        }
        if !b.is_ascii_whitespace() {
            before = b;
        }
    }
    first.unwrap_or_else(|| rest.find('>').unwrap_or(rest.len()))
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let at = self.rest.find('<').unwrap_or(self.rest.len());
            if at > 0 {
                return Some(Token::Text(self.advance(at)));
            }
            let mut next = self.rest.bytes().skip(1);
            let second = next.next().unwrap_or(b' ');
            let is_tag = second.is_ascii_alphabetic()
                || (second == b'/' && next.next().is_some_and(|b| b.is_ascii_alphabetic()));
            if matches!(second, b'!' | b'?') {
                self.declaration();
            } else if is_tag {
                if let Some(token) = self.tag() {
                    return Some(token);
                }
            } else {
                return Some(Token::Text(self.advance(1)));
            }
        }
    }
}

/// Returns an attribute's value with its references decoded.
pub(super) fn attribute(attributes: &str, name: &str) -> Option<String> {
    let mut rest = super::cut(attributes, 64 * 1024);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let key_len = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len()).max(1);
        let (key, after) = rest.split_at_checked(key_len)?;
        let tail = after.trim_start();
        let (value, next) = match tail.strip_prefix('=') {
            None => ("", after),
            Some(text) => value(text.trim_start()),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(super::entity::decode(value));
        }
        rest = next;
    }
}

fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let len = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at_checked(len).unwrap_or((text, ""))
}
