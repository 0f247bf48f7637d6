//! What reads bytes that somebody else wrote, each as a function from bytes: tests run it over saved inputs, `cargo run --example fuzz` for
//! minutes. A target asserts what must hold of every input, and returns a print of what came of it: inputs that leave a print which none
//! left before are worth changing further.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a target stops at the first surprise"
)]

pub mod mutate;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};

use postroom::config::{Config, Layers, Paths};
use postroom::keymap::{Context, Keymap};
use postroom::mime::compose::{Mail, build};
use postroom::mime::quote::{Around, Kind};
use postroom::mime::{self, quote};
use postroom::model::address::Address;
use postroom::model::clock::Timestamp;
use postroom::model::ids::MessageId;
use postroom::model::message::{Block, Direction, FoldMessage, Origin, Readable};
use postroom::model::template::{self, Template};
use postroom::model::text::SafeText;
use postroom::op::fold::fold;
use postroom::op::record::Record;
use postroom::query;
use postroom::sync::imap::fetched;
use postroom::sync::imap::log::codec::{self, Decoded};
use words::{CALENDAR, CONFIG, FETCH, HTML, KEYMAP, LOG, MARKDOWN, MIME, QUERY, QUOTE, RECORDS, TEMPLATE, TEXT};

/// Something that reads bytes.
pub struct Target {
    /// Its name, and that of its folder in `tests/fuzz`.
    pub name: &'static str,
    /// Reads, and returns the print.
    pub run: fn(&[u8]) -> u64,
    /// What its language is made of, for changes that mean something.
    pub words: &'static [&'static str],
    /// How many bytes may be allocated, in all, whatever the input is, and for each of its bytes.
    pub allocated: (usize, usize),
}

/// An input has no more bytes than this: costs are told per byte, and what grows faster shows at this length.
pub const INPUT_MAX: usize = 32 << 10;

/// The targets.
pub const TARGETS: &[Target] = &[
    Target { name: "mime", run: mail, words: MIME, allocated: (1_000_000, 1_500) },
    Target { name: "html", run: html, words: HTML, allocated: (200_000, 400) },
    Target { name: "quote", run: quotes, words: QUOTE, allocated: (100_000, 400) },
    Target { name: "query", run: queries, words: QUERY, allocated: (100_000, 400) },
    Target { name: "template", run: templates, words: TEMPLATE, allocated: (100_000, 1_200) },
    Target { name: "config", run: config, words: CONFIG, allocated: (1_500_000, 4_000) },
    Target { name: "keymap", run: keymap, words: KEYMAP, allocated: (3_000_000, 1_000) },
    Target { name: "log-mail", run: log_mail, words: LOG, allocated: (300_000, 2_000) },
    Target { name: "records", run: records, words: RECORDS, allocated: (100_000, 400) },
    Target { name: "fetch", run: fetch, words: FETCH, allocated: (20_000, 200) },
    Target {
        name: "tnef",
        run: tnef,
        words: &["\u{78}\u{9f}\u{3e}\u{22}", "\u{2}\u{10}", "\u{1}"],
        allocated: (300_000, 400),
    },
    Target { name: "calendar", run: calendar, words: CALENDAR, allocated: (300_000, 400) },
    Target { name: "markdown", run: markdown, words: MARKDOWN, allocated: (500_000, 3_000) },
    Target { name: "text", run: text, words: TEXT, allocated: (20_000, 200) },
];

/// Returns the target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Returns the folder with the saved inputs of a target.
pub fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz").join(target.name)
}

/// Returns the saved inputs of a target, each with its name, in order.
pub fn saved(target: &Target) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder(target)).unwrap_or_else(|error| panic!("{}: {error}", target.name));
    let mut all: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

fn print(of: impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The order of magnitude of a count: prints that tell each count from the next would all be new.
fn about(count: usize) -> u32 {
    usize::BITS - count.leading_zeros()
}

/// Asserts what holds of everything that is shown.
fn shown(readable: &Readable) -> u64 {
    let kinds: Vec<u8> = readable
        .blocks
        .iter()
        .map(|block| match block {
            Block::Text(_) => 0,
            Block::Quote(_) => 1,
            Block::Signature(_) => 2,
        })
        .collect();
    for line in readable.blocks.iter().flat_map(Block::lines).chain(&readable.warnings) {
        is_safe(line);
    }
    let warnings: Vec<&str> = readable.warnings.iter().map(SafeText::as_str).collect();
    print((kinds, about(readable.links.len()), readable.attachments.len(), readable.invitations.len(), warnings))
}

fn is_safe(line: &SafeText) {
    let has_control = line.as_str().chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
    assert!(!has_control, "a control character is drawn: {:?}", line.as_str());
    assert_eq!(SafeText::lines(line.as_str()).len(), 1, "a line is two");
}

fn mail(raw: &[u8]) -> u64 {
    let parsed = mime::parse(raw);
    assert_eq!(parsed, mime::parse(raw), "what is read of a mail is the same each time");
    let envelope = mime::envelope(raw);
    assert!(parsed.search_text.len() <= 256 << 10, "{}", parsed.search_text.len());
    assert_eq!(mime::text_hash(raw), mime::hash_of(&mime::readable(raw)));
    for index in 0..parsed.readable.attachments.len().min(4) {
        assert!(mime::attachment(raw, index).is_some(), "attachment {index} is listed and can't be had");
    }
    print((shown(&parsed.readable), envelope.from.len(), envelope.references.len(), envelope.vouches.len()))
}

fn html(body: &[u8]) -> u64 {
    let raw = [&b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n"[..], body].concat();
    shown(&mime::parse(&raw).readable)
}

fn quotes(body: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(body);
    let mut all = 0;
    for (first, markup) in [(false, false), (true, false), (false, true)] {
        let mut around = Around { first, markup, ..Around::default() };
        let runs = quote::split(&text, &mut around);
        // Each line is in exactly one run, but for our own mark of where a signature ends.
        let lines: Vec<&str> = runs.iter().flat_map(|(_, lines)| lines.iter().copied()).collect();
        let wanted: Vec<&str> = text.lines().filter(|line| !line.ends_with("\u{2060}\u{2060}")).collect();
        assert_eq!(lines, wanted);
        let kinds: Vec<u8> = runs
            .iter()
            .map(|(kind, _)| match kind {
                Kind::Text => 0,
                Kind::Quote => 1,
                Kind::Signature => 2,
            })
            .collect();
        all ^= print((kinds, first, markup));
    }
    all
}

fn queries(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    match query::parse(&text) {
        Ok(read) => {
            let written = read.to_string();
            let again = query::parse(&written);
            assert_eq!(again.as_ref().ok(), Some(&read), "{written:?} is read otherwise than {text:?}");
            print((true, about(written.len()), written.split(':').next().map(str::to_owned)))
        }
        Err(error) => {
            assert!(error.at <= text.chars().count(), "{error}");
            print((false, error.to_string().split('"').next().map(str::to_owned)))
        }
    }
}

fn templates(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let template = Template::parse("x", &text);
    let values = BTreeMap::from([("customer.first".to_owned(), "Ann".to_owned())]);
    let rendered = template.render(&values);
    assert!(rendered.text.is_char_boundary(rendered.cursor));
    for left in &rendered.unresolved {
        assert!(rendered.text.get(left.offset..left.offset + left.length).is_some(), "{left:?}");
    }
    for left in template::placeholders(&text) {
        assert!(text.get(left.offset..left.offset + left.length).is_some(), "{left:?}");
    }
    let faults: Vec<String> = template::lint(&text, &[]).iter().map(|fault| fault.message.code.to_string()).collect();
    let lines = text.lines().count();
    assert!(template::lint(&text, &[]).iter().all(|fault| fault.line <= lines + 1));
    print((
        rendered.unresolved.len().min(9),
        faults.first().cloned(),
        template.tags.len().min(5),
        template.fill.len().min(5),
    ))
}

fn config(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let paths = Paths { config: "config.toml".into(), data: "data".into(), shared: Vec::new() };
    match Config::parse(&text, &paths, &Layers::default(), true) {
        Ok(config) => print((config.accounts.len(), config.inboxes.len(), config.views.len(), config.problems.len())),
        Err(error) => print(error.message()),
    }
}

fn keymap(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let (keymap, errors) = Keymap::with_user(Keymap::builtin(), Path::new("mine.toml"), &text);
    let found = postroom::keymap::parse_keys("x").map(|keys| format!("{:?}", keymap.resolve(Context::List, &keys)));
    let first = errors.first().map(|error| error.message());
    print((errors.len().min(9), first, found.ok()))
}

fn log_mail(raw: &[u8]) -> u64 {
    match codec::decode(raw) {
        Decoded::Foreign => 0,
        Decoded::Newer(format) => print((1, about(format as usize))),
        Decoded::Records { values, damaged, .. } => print((2, about(values.len()), damaged)),
        Decoded::Key(key) => print((3, about(key.len()))),
        Decoded::Snapshot { lines, damaged, .. } => print((4, about(lines.len()), damaged)),
    }
}

/// The lines are records on three messages of one conversation.
fn records(bytes: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(bytes);
    let records: Vec<Record> = text.lines().filter_map(|line| Record::parse(line).ok()).collect();
    for record in &records {
        let json = record.to_json();
        assert_eq!(Record::parse(&json).ok().as_ref(), Some(record), "{json}");
    }
    let messages: Vec<FoldMessage> = (0..3)
        .map(|n| FoldMessage {
            id: MessageId::new(&format!("m{n}@x")).unwrap(),
            direction: if n == 1 { Direction::Outbound } else { Direction::Inbound },
            origin: Origin::Human,
            arrived: Timestamp(1_795_000_000_000 + n),
            history: false,
            gone: false,
        })
        .collect();
    let all: Vec<&Record> = records.iter().collect();
    let state = fold(&messages, &BTreeSet::new(), &all);
    let twice: Vec<&Record> = all.iter().chain(&all).copied().collect();
    assert_eq!(state, fold(&messages, &BTreeSet::new(), &twice), "a record counts once");
    print((
        records.len().min(9),
        format!("{:?}", state.status),
        state.assignee.is_some(),
        state.tags.len().min(5),
        state.undone.len().min(5),
    ))
}

/// The first line is the server's, the rest its literals, each up to a byte of 255.
fn fetch(bytes: &[u8]) -> u64 {
    let (line, rest) = bytes.split_at(bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len()));
    let literals = rest.split(|byte| *byte == 255).map(<[u8]>::to_vec).collect();
    let Some(fetched) = fetched::read(line, literals) else { return 0 };
    let held = fetched.body.as_ref().map_or(0, Vec::len) + fetched.header.as_ref().map_or(0, Vec::len);
    assert!(held <= bytes.len(), "more was read than there is");
    print((
        fetched.uid != 0,
        fetched.flags.map(|flags| about(flags.len())),
        fetched.date.is_some(),
        fetched.size.is_some(),
        fetched.modseq.is_some(),
        (
            fetched.body.map(|body| about(body.len())),
            fetched.header.is_some(),
            fetched.envelope.map(|one| about(one.len())),
        ),
    ))
}

fn tnef(body: &[u8]) -> u64 {
    let head = b"From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n";
    let raw = [&head[..], data_encoding::BASE64_MIME.encode(body).as_bytes()].concat();
    let parsed = mime::parse(&raw);
    for index in 0..parsed.readable.attachments.len().min(4) {
        assert!(mime::attachment(&raw, index).is_some(), "attachment {index} is listed and can't be had");
    }
    let lengths: Vec<u32> =
        parsed.readable.attachments.iter().take(4).map(|one| about(one.name.as_str().len())).collect();
    let text: usize = parsed.readable.blocks.iter().flat_map(Block::lines).map(|line| line.as_str().len()).sum();
    print((shown(&parsed.readable), lengths, about(text)))
}

fn calendar(body: &[u8]) -> u64 {
    let raw = [&b"From: a@b.example\nContent-Type: text/calendar; method=REQUEST\n\n"[..], body].concat();
    let parsed = mime::parse(&raw);
    for invitation in &parsed.readable.invitations {
        let _ = mime::invitation_source(&raw, &invitation.uid);
    }
    let first = parsed.readable.invitations.first();
    print((
        shown(&parsed.readable),
        first.map(|one| (format!("{:?}", one.method), one.task, one.instance_at.is_some())),
    ))
}

fn markdown(bytes: &[u8]) -> u64 {
    let body = String::from_utf8_lossy(bytes).into_owned();
    let mail = Mail {
        message_id: MessageId::new("a@shop.example"),
        inbox: Address::new("Shop", "shop@shop.example"),
        to: vec![Address::new("", "ann@x.example")],
        subject: "x".into(),
        agent: Some(Address::new("Bob", "bob@shop.example")),
        markdown: true,
        body,
        ..Mail::default()
    };
    let built = build(&mail).expect("a text is no reason to refuse a mail");
    // RFC 5322 section 2.1.1, without the line's end.
    assert!(built.copy.split(|byte| *byte == b'\n').all(|line| line.len() <= 999), "a line is too long");
    // The plain text has it as it was written; in the HTML it is text.
    let html = memchr::memmem::find(&built.copy, b"text/html").map_or(&[][..], |at| &built.copy[at..]);
    assert!(!html.windows(7).any(|part| part.eq_ignore_ascii_case(b"<script")), "a script goes out");
    let tags = ["<ul", "<ol", "<table", "<pre", "<a ", "<strong", "<em", "<h1", "<blockquote", "<del", "<hr", "<code"];
    let found = tags.map(|tag| memchr::memmem::find_iter(html, tag.as_bytes()).take(3).count());
    print((shown(&mime::parse(&built.copy).readable), about(html.len()), found))
}

fn text(bytes: &[u8]) -> u64 {
    let raw = String::from_utf8_lossy(bytes);
    let line = SafeText::line(&raw);
    is_safe(&line);
    assert_eq!(SafeText::line(line.as_str()).as_str(), line.as_str(), "what is safe stays as it is");
    let lines = SafeText::lines(&raw);
    lines.iter().for_each(is_safe);
    let width = postroom::model::text::columns(line.as_str());
    assert!(SafeText::line_max(&raw, 20).as_str().chars().count() <= 20);
    print((
        about(width),
        about(lines.len()),
        about(line.as_str().len()),
        about(line.directed().len() - line.as_str().len()),
    ))
}
