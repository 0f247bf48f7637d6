//! `format=flowed` (RFC 3676): lines that end in a space go on in the next one.

/// Joins flowed lines. Quote depth is kept: a line goes on only in one of the same depth. With `delsp` the space at the end is no
/// part of the text (section 4.1), as in scripts without spaces.
pub(super) fn unflow(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let depth = line.bytes().take_while(|b| *b == b'>').count();
        let rest = line.get(depth..).unwrap_or_default();
        let content = rest.strip_prefix(' ').unwrap_or(rest);
        // The signature's mark is never flowed (section 4.3).
        let mark = content == "-- ";
        match open {
            Some(before) if before == depth && !mark => {}
            previous => {
                if previous.is_some() || !out.is_empty() {
                    out.push('\n');
                }
                (0..depth).for_each(|_| out.push('>'));
                if depth > 0 && !content.is_empty() {
                    out.push(' ');
                }
            }
        }
        let soft = content.ends_with(' ') && !mark;
        out.push_str(if soft && delsp { content.get(..content.len() - 1).unwrap_or(content) } else { content });
        open = None;
        if soft {
            open = Some(depth);
        }
    }
    out
}

#[cfg(test)]
#[path = "flowed_tests.rs"]
mod tests;
