//! Flags as archives keep them: letters in a Maildir's file name, `Status` and `X-Status` in an mbox.

use super::header;
use super::mbox::field;

/// Returns the letters behind the name of a file in a Maildir.
fn letters(name: &str) -> &str {
    name.rsplit_once(":2,").or_else(|| name.rsplit_once(";2,")).map_or("", |(_, letters)| letters)
}

/// Tells whether a program marked the mail in this file as a draft, or as thrown away.
pub fn is_left_out(name: &str) -> bool {
    letters(name).contains(['D', 'T'])
}

/// Reads the flags of a file's name.
pub fn of_name(name: &str) -> Vec<String> {
    flags(letters(name), &[('S', "\\Seen"), ('R', "\\Answered"), ('F', "\\Flagged")])
}

/// Reads the flags that a mail program wrote into the header; `None` where it wrote none.
pub fn of_mbox(raw: &[u8]) -> Option<Vec<String>> {
    let header = header(raw);
    let (status, more) = (field(header, b"status:"), field(header, b"x-status:"));
    if status.is_none() && more.is_none() {
        return None;
    }
    let mut all = flags(&status.unwrap_or_default(), &[('R', "\\Seen")]);
    all.extend(flags(&more.unwrap_or_default(), &[('A', "\\Answered"), ('F', "\\Flagged")]));
    Some(all)
}

fn flags(letters: &str, known: &[(char, &str)]) -> Vec<String> {
    known.iter().filter(|(letter, _)| letters.contains(*letter)).map(|(_, flag)| (*flag).to_owned()).collect()
}
