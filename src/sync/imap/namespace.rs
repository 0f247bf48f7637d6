//! Where a server wants folders to stand: the NAMESPACE response (RFC 2342), which the parser of the crate does not know. Pure.

/// A person's own folders: every name begins with the prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Namespace {
    /// What stands in front of every name but INBOX, as on the wire: `INBOX.`, `Mail/`, or nothing.
    pub prefix: String,
    /// What stands between the levels of a name; `None` where there are no levels.
    pub delimiter: Option<char>,
    /// The prefixes of what others share and of what is everybody's: `user.`, `shared/`. One that is empty stands for no place of its own.
    pub elsewhere: Vec<String>,
}

impl Namespace {
    /// Returns `name` below the prefix; `None` where it stands there already, or with others, or there is no prefix.
    pub fn below(&self, name: &str) -> Option<String> {
        let inside = self.prefix.is_empty() || name.starts_with(&self.prefix) || self.is_elsewhere(name);
        (!inside).then(|| format!("{}{name}", self.prefix))
    }

    /// Tells whether a folder is none of one's own: another person's that is shared, or everybody's.
    pub fn is_elsewhere(&self, name: &str) -> bool {
        self.elsewhere.iter().any(|prefix| name.starts_with(prefix.as_str()))
    }
}

/// Reads a line `* NAMESPACE ...`, its literals in place: the first personal namespace, and the prefixes of those of others. `None` where
/// it names none of one's own or can't be read.
pub(super) fn parse(line: &[u8]) -> Option<Namespace> {
    let rest = line.get(..NAMESPACE.len()).filter(|begin| is_namespace(begin)).and(line.get(NAMESPACE.len()..))?;
    let mut rest = rest.strip_prefix(b"((")?;
    let prefix = string(&mut rest)??;
    rest = rest.strip_prefix(b" ")?;
    let delimiter = string(&mut rest)?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    let delimiter = match delimiter {
        Some(bytes) => text(bytes)?.chars().next(),
        None => None,
    };
    let elsewhere = elsewhere(rest).into_iter().filter_map(text).filter(|prefix| !prefix.is_empty()).collect();
    Some(Namespace { prefix: text(prefix)?, delimiter, elsewhere })
}

/// Reads the prefixes of the second and third list, from within the first entry of the first. What can't be read ends it: the prefixes
/// only spare a name a wrong place.
fn elsewhere(mut rest: &[u8]) -> Vec<Vec<u8>> {
    let (mut prefixes, mut depth, mut list) = (Vec::new(), 2_usize, 0_usize);
    while let Some((byte, after)) = rest.split_first() {
        match byte {
            b'(' => {
                depth += 1;
                rest = after;
                if depth == 2 && list > 0 {
                    let Some(Some(prefix)) = string(&mut rest) else { break };
                    prefixes.push(prefix);
                }
            }
            b')' if depth > 0 => {
                depth -= 1;
                list += usize::from(depth == 0);
                rest = after;
            }
            b' ' => rest = after,
            _ => match string(&mut rest) {
                Some(None) if depth == 0 => list += 1,
                Some(_) => {}
                None => break,
            },
        }
    }
    prefixes
}

const NAMESPACE: &[u8] = b"* NAMESPACE ";

/// Tells whether a line is a NAMESPACE response.
pub(super) fn is_namespace(line: &[u8]) -> bool {
    line.get(..NAMESPACE.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(NAMESPACE))
}

/// Takes a string or NIL off the front (RFC 3501 section 4.3); the outer `None` is neither.
fn string(rest: &mut &[u8]) -> Option<Option<Vec<u8>>> {
    let bytes = *rest;
    if bytes.get(..3)?.eq_ignore_ascii_case(b"NIL") {
        *rest = bytes.get(3..)?;
        return Some(None);
    }
    if let Some(literal) = bytes.strip_prefix(b"{") {
        let end = literal.iter().position(|b| *b == b'}')?;
        let length: usize = std::str::from_utf8(literal.get(..end)?).ok()?.parse().ok()?;
        let data = literal.get(end + 1..)?.strip_prefix(b"\r\n")?;
        *rest = data.get(length..)?;
        return data.get(..length).map(|data| Some(data.to_vec()));
    }
    let (text, after) = unquote(bytes)?;
    *rest = after;
    Some(Some(text))
}

/// Reads a quoted string and returns it without its escapes, and what stands behind it.
fn unquote(bytes: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let inner = bytes.strip_prefix(b"\"")?;
    let mut text = Vec::new();
    let mut escaped = false;
    for (at, byte) in inner.iter().enumerate() {
        match byte {
            _ if escaped => {
                escaped = false;
                text.push(*byte);
            }
            b'\\' => escaped = true,
            b'"' => return Some((text, inner.get(at + 1..)?)),
            _ => text.push(*byte),
        }
    }
    None
}

#[cfg(test)]
#[path = "namespace_tests.rs"]
mod tests;
