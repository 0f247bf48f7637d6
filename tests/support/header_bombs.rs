//! Mails that are nearly all header: the largest that Dovecot takes, and more than one command may bring.

use postroom::sync::imap::Session;

/// How many there are.
pub const BOMBS: usize = 7;
/// The bytes of each.
pub const BOMB_BYTES: usize = 9_800_000;

/// Makes the mail with number `n`. `late` puts the fields that matter behind the filler, beyond what is fetched of a header at first.
pub fn header_bomb(n: usize, late: bool) -> Vec<u8> {
    let fields = format!(
        "From: Mallory {n} <mallory{n}@example.org>\r\nTo: team@example.com\r\nSubject: Bomb {n}\r\n\
         Message-ID: <bomb{n}@example.org>\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\n"
    );
    let body = format!("\r\nThe text of bomb {n}\r\n");
    let mut mail = Vec::with_capacity(BOMB_BYTES);
    if !late {
        mail.extend_from_slice(fields.as_bytes());
    }
    // Lines that no compression makes nothing of, as an attacker's would be.
    let mut dice = fastrand::Rng::with_seed(u64::try_from(n).unwrap_or(0));
    let mut line = 0;
    while mail.len() + fields.len() + body.len() + 120 < BOMB_BYTES {
        let filler: String = std::iter::repeat_with(|| dice.alphanumeric()).take(80).collect();
        mail.extend_from_slice(format!("X-Filler-{line}: {filler}\r\n").as_bytes());
        line += 1;
    }
    if late {
        mail.extend_from_slice(fields.as_bytes());
    }
    mail.extend_from_slice(body.as_bytes());
    mail
}

/// Puts all of them into a folder by APPEND.
pub fn deliver_header_bombs(session: &mut Session, folder: &str, late: bool) {
    for n in 1..=BOMBS {
        if let Err(error) = session.append(folder, &[], None, &header_bomb(n, late)) {
            panic!("a bomb was not delivered: {error}");
        }
    }
}
