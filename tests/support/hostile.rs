//! Text that means harm to a terminal, and a reader of what is written to one, which knows the sequences that are ours and no other.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

/// A number that stands in every sequence of [`payloads`] and in none of ours.
const MARK: &str = "4242";

/// Texts of which nothing may reach a terminal but letters: every control character alone and in front of a letter, every kind of sequence
/// in seven and in eight bits, ended and not, marks of direction, letters that take no cell or look like others.
pub fn payloads() -> Vec<String> {
    let mut all: Vec<String> = (0u8..=0x9f)
        .filter(|byte| !(0x20..0x7f).contains(byte))
        .map(|byte| format!("c{byte:02x}{}x", char::from(byte)))
        .collect();
    for (name, seven, eight) in [
        ("csi", "[", "\u{9b}"),
        ("osc", "]", "\u{9d}"),
        ("dcs", "P", "\u{90}"),
        ("apc", "_", "\u{9f}"),
        ("pm", "^", "\u{9e}"),
        ("sos", "X", "\u{98}"),
    ] {
        let bodies = [
            "4242m",
            "4242;1H",
            "52;c;NDI0Mg==",
            "8;;https://evil.example/4242",
            "2;4242",
            "?4242h",
            ">4242q",
            "4242t",
        ];
        let ends = ["\u{7}", "\u{1b}\\", "\u{9c}", ""];
        for (n, body) in bodies.iter().enumerate() {
            all.push(format!("{name}\u{1b}{seven}{body}{}y", ends[n % 4]));
            all.push(format!("{name}{eight}{body}{}y", ends[(n + 1) % 4]));
        }
    }
    for sequence in ["c", "7", "8", "=", ">", "#8", "(0", "%G", "N", "O", "n", "|", "}", "~"] {
        all.push(format!("esc\u{1b}{sequence}{MARK}"));
    }
    // ESC that only comes together once something else is taken out.
    all.push("split\u{1b}\u{200b}[4242m".to_owned());
    all.push("split\u{1b}\u{0}[4242m\u{1b}\u{1b}[4242m".to_owned());
    for unseen in UNSEEN {
        all.push(format!("un{unseen}seen"));
    }
    all.extend(
        [
            "suppоrt@teаm.example",
            "ѕupport",
            "ⓢⓤⓟⓟⓞⓡⓣ",
            "admin\u{338}",
            "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        ]
        .map(str::to_owned),
    );
    all
}

/// Characters that nobody sees and that join nothing, or that turn what stands around them.
const UNSEEN: [char; 34] = [
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{115f}',
    '\u{180e}',
    '\u{200b}',
    '\u{200e}',
    '\u{200f}',
    '\u{2028}',
    '\u{2029}',
    '\u{202a}',
    '\u{202b}',
    '\u{202c}',
    '\u{202d}',
    '\u{202e}',
    '\u{2060}',
    '\u{2061}',
    '\u{2064}',
    '\u{2066}',
    '\u{2067}',
    '\u{2068}',
    '\u{2069}',
    '\u{206a}',
    '\u{3164}',
    '\u{feff}',
    '\u{fff9}',
    '\u{fffb}',
    '\u{13430}',
    '\u{1bca0}',
    '\u{1d173}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
    '\u{f0000}',
];

/// Returns what stands in bytes written to a terminal that is neither text nor a sequence of ours: nothing, as a rule.
pub fn foreign(bytes: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return vec!["no UTF-8".to_owned()] };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\u{1b}' => ours(rest).unwrap_or_else(|| {
                found.push(format!("a sequence: {:?}", rest.chars().take(30).collect::<String>()));
                1
            }),
            // Backspace goes a cell to the left, a line feed one down.
            '\n' | '\r' | '\u{8}' => 1,
            c => {
                if c.is_control() || UNSEEN.contains(&c) {
                    let around: String = rest.chars().take(20).collect();
                    found.push(format!("U+{:04X} in front of {around:?}", u32::from(c)));
                }
                c.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    found
}

/// Returns how long the sequence of ours is that a text begins with; `None` where it is none.
fn ours(text: &str) -> Option<usize> {
    let after = text.strip_prefix('\u{1b}')?;
    // Reverse index.
    if after.starts_with('M') {
        return Some(2);
    }
    let body = after.strip_prefix('[')?;
    let end = body.find(|c: char| !(c.is_ascii_digit() || ";:?".contains(c)))?;
    let (parameters, last) = (body.get(..end)?, body.get(end..)?.chars().next()?);
    let numbers = || parameters.trim_start_matches('?').split([';', ':']).filter(|n| !n.is_empty());
    let is_known = match (parameters.strip_prefix('?'), last) {
        // The cursor is shown or hidden, a frame begins or ends.
        (Some("25" | "2026"), 'h' | 'l') => true,
        (Some(_), _) => false,
        // The cursor is moved; lines and cells are cleared, moved and repeated; colours.
        (None, 'A' | 'B' | 'C' | 'D' | 'G' | 'H' | 'J' | 'K' | 'L' | 'M' | 'X' | 'b' | 'd' | 'm' | 'r') => {
            numbers().all(|number| number.len() <= 3)
        }
        (None, _) => false,
    };
    is_known.then_some(1 + 1 + end + 1)
}

/// Returns what stands in text for people or programs beside letters and ends of lines.
pub fn foreign_in_lines(bytes: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return vec!["no UTF-8".to_owned()] };
    text.lines()
        .flat_map(|line| {
            let bad = line.chars().find(|c| c.is_control() || UNSEEN.contains(c));
            bad.map(|c| format!("U+{:04X} in {:?}", u32::from(c), line.chars().take(200).collect::<String>()))
        })
        .collect()
}

/// A mail in which a text stands in every field that is shown, both as it is and encoded, so that it comes through whole.
pub fn mail(number: usize, text: &str) -> Vec<u8> {
    let word = format!("=?utf-8?b?{}?=", data_encoding::BASE64.encode(text.as_bytes()));
    let raw = text.replace(['\r', '\n'], " ");
    let html = text.replace('<', "&lt;");
    let calendar = data_encoding::BASE64_MIME.encode(
        format!(
            "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:{raw}\r\nDTSTART:20261124T090000Z\r\nSUMMARY:{raw}\r\nLOCATION:{raw}\r\n\
             DESCRIPTION:{raw}\r\nORGANIZER;CN=\"{raw}\":mailto:a@x.example\r\nATTENDEE;CN=\"{raw}\":mailto:b@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        .as_bytes(),
    );
    format!(
        "From: {word} {raw} <ann{raw}@x.example>\r\nTo: {word} <support@team.example>, \"{raw}\" <b{raw}@y.example>\r\nCc: {raw}\r\nReply-To: {word} <r@x.example>\r\n\
         Subject: {word} {raw}\r\nMessage-ID: <m{number}{raw}@x.example>\r\nReferences: <r{number}{raw}@x.example>\r\nList-Id: {word} <{raw}.x.example>\r\n\
         Authentication-Results: mx.team.example; dmarc=fail header.from={raw}x.example\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n\
         --c\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n> {text}\r\nhttps://x.example/{raw}\r\n-- \r\n{text}\r\n\
         --c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>{html}<a href=\"https://x.example/{html}\">{html}</a><img alt=\"{html}\"></p><table><tr><td>{html}</td></tr></table>\r\n--c--\r\n\
         --b\r\nContent-Type: application/x{raw}; name=\"{word}\"\r\nContent-Disposition: attachment; filename=\"{raw}.txt\"\r\n\r\nx\r\n\
         --b\r\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{calendar}\r\n--b--\r\n"
    )
    .into_bytes()
}
