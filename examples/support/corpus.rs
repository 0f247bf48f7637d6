//! Real mail, where it is at hand: two public mailing lists.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Where the mail is looked for.
pub const MAILBOX: &str = "../shared/corpora/large";

/// Tells whether there is real mail.
pub fn is_here() -> bool {
    Path::new(MAILBOX).exists()
}

/// Hands over at most `wanted` mails: a support list with full headers, HTML and attachments first, then questions and answers.
pub fn each(wanted: usize, mut take: impl FnMut(&[u8])) {
    let mut left = wanted;
    for name in ["usrp-users.mbox.zst", "r-help.mbox.zst"] {
        if left == 0 {
            return;
        }
        let mut decoder = zstd::stream::Decoder::new(File::open(Path::new(MAILBOX).join(name)).unwrap()).unwrap();
        decoder.window_log_max(27).unwrap();
        let mut text = Vec::new();
        decoder.read_to_end(&mut text).unwrap();
        for mail in split_mboxrd(&text).into_iter().take(left) {
            left -= 1;
            take(&mail);
        }
    }
}

fn split_mboxrd(text: &[u8]) -> Vec<Vec<u8>> {
    let mut mails: Vec<Vec<u8>> = Vec::new();
    for line in text.split_inclusive(|b| *b == b'\n') {
        if line.starts_with(b"From mboxrd@z") {
            mails.push(Vec::new());
            continue;
        }
        let Some(mail) = mails.last_mut() else { continue };
        let quoted = line.iter().position(|b| *b != b'>').is_some_and(|n| n > 0 && line[n..].starts_with(b"From "));
        mail.extend_from_slice(if quoted { &line[1..] } else { line });
    }
    mails
}
