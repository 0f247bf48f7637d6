//! What of a mail is hidden: in what others have collected, and in cases where a customer's own words could be taken for a quote.

use crate::corpora::{files, mails};
use postroom::mime;
use postroom::model::message::{Block, Origin, Readable};

/// Expected results that ask for more than is certain: what is forwarded is to be folded, a signature without `-- `, or unmarked text behind
/// an attribution or headers.
const ASK_FOR_GUESSES: &[&str] = &[
    "delimiters.txt",
    "dual_embedded.txt",
    "email_headers_1.txt",
    "email_headers_3.txt",
    "email_headers_4.txt",
    "email_headers_5.txt",
    "embedded_ception.txt",
    "embedded_email_1.txt",
    "embedded_email_10.txt",
    "embedded_email_11.txt",
    "embedded_email_12.txt",
    "embedded_email_16.txt",
    "embedded_email_17.txt",
    "embedded_email_18.txt",
    "embedded_email_2.txt",
    "embedded_email_4.txt",
    "embedded_email_5.txt",
    "embedded_email_8.txt",
    "embedded_email_9.txt",
    "embedded_email_german_1.txt",
    "embedded_email_german_5.txt",
    "embedded_email_italian.txt",
    "embedded_email_norwegian.txt",
    "embedded_email_polish_1.txt",
    "embedded_email_swedish.txt",
    "forwarded_apple.txt",
    "forwarded_gmail.txt",
    "forwarded_message.txt",
    "signatures.txt",
    "usenet.txt",
];

/// HTML mails whose expected results ask for a bare blockquote to be folded, which forms and pages put around what somebody says to them.
const BARE_BLOCKQUOTES: &[u32] = &[13, 15, 26];

/// Joins the words of lines, so that only what is kept counts, not how it is broken into lines or ruled off.
fn words(text: &str) -> String {
    let said = |word: &&str| word.chars().any(char::is_alphanumeric);
    text.split_whitespace().filter(said).collect::<Vec<_>>().join(" ")
}

/// Returns the words that are shown of a mail, and those that are folded.
fn shown(readable: &Readable) -> (String, String) {
    let (mut own, mut folded) = (String::new(), String::new());
    for block in &readable.blocks {
        let target = if matches!(block, Block::Text(_)) { &mut own } else { &mut folded };
        block.lines().iter().for_each(|line| target.push_str(&format!("{line}\n")));
    }
    (own, folded)
}

fn of(media: &str, text: &[u8]) -> Readable {
    mime::readable(
        &[format!("From: a@example.com\nSubject: Re: a\nContent-Type: {media}; charset=utf-8\n\n").as_bytes(), text]
            .concat(),
    )
}

#[test]
fn replies_are_told_from_what_they_quote() {
    let Some(root) = crate::corpora::category("quotes") else { return };
    let base = root.path().join("email-reply-trimmer/test");
    let (mut seen, mut trimmed, mut elided) = (0, 0, 0);
    for path in files(&base.join("emails")) {
        let name = path.file_name().expect("a file has a name");
        if ASK_FOR_GUESSES.iter().any(|left_out| *left_out == name) {
            continue;
        }
        let own = std::fs::read_to_string(base.join("trimmed").join(name)).unwrap_or_default();
        let rest = std::fs::read_to_string(base.join("elided").join(name)).unwrap_or_default();
        let (mine, others) = shown(&of("text/plain", &std::fs::read(&path).expect("text")));
        seen += 1;
        trimmed += usize::from(words(&mine) == words(&own));
        elided += usize::from(words(&others) == words(&rest));
        if words(&mine) != words(&own) {
            println!("--- {}\n  want {}\n  have {}", name.display(), words(&own), words(&mine));
        }
    }
    println!("email-reply-trimmer: {trimmed} of {seen} replies right, {elided} rests right");
    assert!(trimmed * 64 >= seen * 57 && elided * 64 >= seen * 55, "{trimmed} and {elided} of {seen}");
}

/// The words that the author wrote, of an HTML mail. Numbers of links differ where links were stripped.
fn own_words(markup: &[u8]) -> String {
    let text = words(&shown(&of("text/html", markup)).0);
    text.split(' ').filter(|word| !(word.starts_with('[') && word.ends_with(']'))).collect::<Vec<_>>().join(" ")
}

#[test]
fn quotes_of_html_mails_are_found() {
    let Some(root) = crate::corpora::category("quotes") else { return };
    let base = root.path().join("mailspring/app/spec/fixtures/emails");
    let (mut seen, mut right) = (0, 0);
    for number in (1..40).filter(|number| !BARE_BLOCKQUOTES.contains(number)) {
        let (Ok(whole), Ok(stripped)) = (
            std::fs::read(base.join(format!("email_{number}.html"))),
            std::fs::read(base.join(format!("email_{number}_stripped.html"))),
        ) else {
            continue;
        };
        let (have, want) = (own_words(&whole), own_words(&stripped));
        seen += 1;
        right += usize::from(have == want);
        if have != want {
            println!("--- email_{number}\n  want {want}\n  have {have}");
        }
    }
    println!("mailspring: {right} of {seen} HTML mails right");
    assert!(seen >= 14 && right == seen, "{right} of {seen}");
}

/// Each case, and words that have to be shown of it, or all of it.
const SHOWN: &[(&str, &str)] = &[
    ("address-block-to", ""),
    ("agent-said-colon", ""),
    ("begin-forwarded-text", ""),
    ("bounce-text-with-a-header-block", ""),
    ("changelog-under-a-rule", ""),
    ("chat-transcript", ""),
    ("dash-dash-shell", ""),
    ("dashes-as-a-heading-rule", ""),
    ("dashes-first-line", ""),
    ("dates-and-subject-list", ""),
    ("flight-from-to", ""),
    ("form-with-from-and-to", ""),
    ("forward-under-a-sentence", ""),
    ("html-all-in-gmail-quote", ""),
    ("inline-answers-no-gt", ""),
    ("log-lines-with-an-address", ""),
    ("on-date-somebody-wrote-inside-a-story", ""),
    ("price-list", ""),
    ("reply-and-attribution-on-one-line", "Yes, please refund it."),
    ("danish-original-message", "Nej tak."),
    ("android-name-wrote", "Test reply"),
];

#[test]
fn no_case_hides_the_customers_own_words() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/mail");
    if !folder.exists() {
        println!("skipped: no cases at {}", folder.display());
        return;
    }
    for (name, own) in SHOWN {
        let raw = std::fs::read(folder.join(format!("{name}.eml"))).expect("a case can be read");
        let (mine, folded) = shown(&mime::readable(&raw));
        if own.is_empty() {
            assert_eq!(folded, "", "{name}");
        } else {
            assert!(mine.contains(own) && !folded.contains(own), "{name}: {mine:?}, folded {folded:?}");
        }
    }
    for name in ["danish-original-message", "android-name-wrote"] {
        let raw = std::fs::read(folder.join(format!("{name}.eml"))).expect("a case can be read");
        assert_eq!(
            words(&shown(&mime::readable(&raw)).0),
            words(SHOWN.iter().find(|(case, _)| *case == name).expect("a case").1)
        );
    }
}

/// Says why a block may be folded, by other eyes than those that folded it; `None` where it may not.
fn certainty(block: &Block) -> Option<&'static str> {
    let lines: Vec<&str> =
        block.lines().iter().map(|line| line.as_str().trim()).filter(|line| !line.is_empty()).collect();
    let marked = |line: &&str| line.starts_with('>');
    match block {
        Block::Text(_) => Some("shown"),
        Block::Signature(_) => {
            (lines[0].starts_with("--") && lines[0].trim_matches(['-', ' ', '\u{a0}']).is_empty() && lines.len() <= 13)
                .then_some("signature")
        }
        // Attributions stand above marked lines, in five lines at most.
        Block::Quote(_) if lines.windows(6).all(|six| six.iter().any(marked)) && lines.last().is_some_and(marked) => {
            Some("marked")
        }
        Block::Quote(_) => {
            // What is marked may stand right above the separator.
            let from = lines
                .iter()
                .position(|line| line.starts_with("--") || line.starts_with("__") || line.starts_with("――"));
            let below = lines.get(from?..).unwrap_or_default();
            let head = &below[..below.len().min(12)];
            let labels = head.iter().filter(|line| line.contains([':', '：'])).count();
            let dated = head.iter().any(|line| line.chars().any(char::is_numeric));
            let addressed = head.iter().any(|line| line.contains('@')) || head[0].starts_with('―');
            (labels >= 3 && dated && addressed).then_some("separator")
        }
    }
}

#[test]
fn of_what_people_wrote_only_what_is_certain_is_folded() {
    let (mut seen, mut silent, mut quotes, mut wrong) = (0, 0, 0, Vec::new());
    for category in ["volume", "threading", "features", "languages", "calendar", "tickets", "quotes", "nasty"] {
        let Some(root) = crate::corpora::category(category) else { return };
        for path in files(root.path()) {
            let bytes = std::fs::read(&path).expect("a corpus file can be read");
            for raw in mails(&bytes) {
                let parsed = mime::parse(raw);
                if parsed.envelope.origin != Origin::Human {
                    continue;
                }
                seen += 1;
                let blocks = &parsed.readable.blocks;
                silent +=
                    usize::from(!blocks.is_empty() && !blocks.iter().any(|block| matches!(block, Block::Text(_))));
                quotes += blocks.iter().filter(|block| !matches!(block, Block::Text(_))).count();
                for block in blocks.iter().filter(|block| certainty(block).is_none()) {
                    wrong.push(format!("{}: {:?}", path.display(), block.lines()));
                }
            }
        }
    }
    println!(
        "{seen} mails of people, {silent} show nothing; {quotes} blocks folded, {} of them on a guess",
        wrong.len()
    );
    wrong.iter().take(40).for_each(|block| println!("  {}", block.chars().take(900).collect::<String>()));
    assert_eq!((silent, wrong.len()), (0, 0));
}
