//! Threading of real mail against what other programs make of it. The corpora stand beside the repository; without them nothing is tested.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::corpora::{files, unpacked};
use mailparse::MailHeaderMap;
use postroom::mime;
use postroom::model::agent::Team;
use postroom::model::clock::Timestamp;
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::MessageId;
use postroom::model::ids::{AccountId, Handle};
use postroom::model::message::{Direction, Origin};

use postroom::op::record::Author;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions, names_in};
use postroom::thread::{Node, Outside, base_subject, thread};

/// Takes an mbox apart. A `From ` line counts where it follows an empty line and a header line follows it: some of these boxes don't quote.
fn mails(box_: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    let mut at = 0;
    let mut blank = true;
    let lines: Vec<&[u8]> = box_.split_inclusive(|b| *b == b'\n').collect();
    for (n, line) in lines.iter().enumerate() {
        let is_header = |line: &&[u8]| {
            let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
            name > 0 && line.get(name) == Some(&b':')
        };
        if blank && line.starts_with(b"From ") && lines.get(n + 1).is_some_and(is_header) {
            starts.push((at, at + line.len()));
        }
        blank = line.iter().all(|b| b.is_ascii_whitespace());
        at += line.len();
    }
    if starts.is_empty() {
        return vec![box_];
    }
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([box_.len()]);
    starts.iter().zip(ends).map(|((_, from), to)| &box_[*from..to]).collect()
}

/// The ids between angle brackets.
fn ids(header: Option<String>) -> Vec<MessageId> {
    let header = header.unwrap_or_default();
    header.split('<').skip(1).filter_map(|part| part.split_once('>')).filter_map(|(id, _)| MessageId::new(id)).collect()
}

/// `pipermail` writes addresses as `eve at example.com`.
fn customer(from: Option<String>) -> String {
    let from = from.unwrap_or_default().to_lowercase().replace(" at ", "@");
    from.split(|c: char| c.is_whitespace() || "<>()\"".contains(c))
        .find(|word| word.contains('@'))
        .unwrap_or_default()
        .to_owned()
}

/// Reads a mail of an archive; `list` is the list of one that dropped `List-Id`.
fn node(mail: &[u8], list: &str) -> Option<Node> {
    let (headers, _) = mailparse::parse_headers(mail).ok()?;
    let id = ids(headers.get_first_value("Message-ID")).into_iter().next()?;
    let mut parents = ids(headers.get_first_value("References"));
    parents.extend(ids(headers.get_first_value("In-Reply-To")));
    let (base_subject, is_reply) = base_subject(&headers.get_first_value("Subject").unwrap_or_default());
    let date = headers.get_first_value("Date").and_then(|date| mailparse::dateparse(&date).ok()).unwrap_or_default();
    let author = customer(headers.get_first_value("From"));
    let list_id = headers.get_first_value("List-Id").or_else(|| headers.get_first_value("X-Mailing-List"));
    let list_id = list_id.map_or_else(|| list.to_owned(), |id| id.trim().to_lowercase());
    Some(Node {
        id,
        parents,
        base_subject,
        is_reply,
        bound: Vec::new(),
        outside: Outside::One(author.clone()),
        customer: author.clone(),
        author,
        list_id,
        notice: None,
        arrived: Timestamp::from_seconds(date),
        direction: Direction::Inbound,
        origin: Origin::Human,
    })
}

/// The list that a box is of: archives drop `List-Id`. A folder of boxes is a list; else the name of the box is, without its month.
fn list_of(file: &Path) -> String {
    if !is_mbox(file) {
        return String::new();
    }
    let folder = file.parent().and_then(Path::file_name).unwrap().to_string_lossy().into_owned();
    let stem = file.file_stem().unwrap().to_string_lossy().to_lowercase();
    if folder == "corpus" { stem.trim_matches(|c: char| !c.is_alphabetic()).to_owned() } else { folder }
}

/// Each id once, as notmuch counts it.
fn nodes(dir: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<Node> {
    let mut by_id: BTreeMap<MessageId, Node> = BTreeMap::new();
    for file in files(dir).into_iter().filter(|file| wanted(file)) {
        let list = list_of(&file);
        for node in mails(&std::fs::read(&file).unwrap()).into_iter().filter_map(|mail| node(mail, &list)) {
            by_id.entry(node.id.clone()).or_insert(node);
        }
    }
    by_id.into_values().collect()
}

/// The threads of notmuch: each message's thread by number.
fn notmuch(dir: &Path) -> HashMap<MessageId, usize> {
    fn walk(value: &serde_json::Value, thread: usize, found: &mut HashMap<MessageId, usize>) {
        let Some(pair) = value.as_array() else { return };
        if let Some(id) = pair.first().and_then(|v| v.as_str()).and_then(MessageId::new) {
            found.insert(id, thread);
        }
        for child in pair.get(1).and_then(|v| v.as_array()).into_iter().flatten() {
            walk(child, thread, found);
        }
    }
    let text = std::fs::read_to_string(dir.join("threads.notmuch-0.37.json")).unwrap();
    let forest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut found = HashMap::new();
    for (number, tops) in forest.as_array().unwrap().iter().enumerate() {
        tops.as_array().unwrap().iter().for_each(|top| walk(top, number, &mut found));
    }
    found
}

/// Pairs of messages that both, only we, only they put together.
fn compare(nodes: &[Node], theirs: &HashMap<MessageId, usize>, show: usize) -> (u64, u64, u64) {
    let placed = thread(nodes, &HashSet::new(), &[]).placements;
    let known: Vec<(&MessageId, &MessageId, usize)> =
        placed.iter().filter_map(|p| Some((&p.message, &p.root, *theirs.get(&p.message)?))).collect();
    let pairs = |n: u64| n * n.saturating_sub(1) / 2;
    let mut both: HashMap<(&MessageId, usize), u64> = HashMap::new();
    let (mut ours, mut their): (HashMap<&MessageId, u64>, HashMap<usize, u64>) = (HashMap::new(), HashMap::new());
    for (_, root, thread) in &known {
        *both.entry((root, *thread)).or_default() += 1;
        *ours.entry(root).or_default() += 1;
        *their.entry(*thread).or_default() += 1;
    }
    let both_pairs: u64 = both.values().copied().map(pairs).sum();
    let our_pairs: u64 = ours.values().copied().map(pairs).sum();
    let their_pairs: u64 = their.values().copied().map(pairs).sum();
    for (root, count) in ours.iter().filter(|(root, n)| both.iter().any(|((r, _), m)| r == *root && m < *n)).take(show)
    {
        println!("  ours together, theirs apart: {root} ({count} messages)");
    }
    for (thread, count) in their.iter().filter(|(t, n)| both.iter().any(|((_, u), m)| u == *t && m < *n)).take(show) {
        let members: Vec<String> =
            known.iter().filter(|k| k.2 == *thread).map(|k| format!("{} in {}", k.0, k.1)).collect();
        println!("  theirs together, ours apart: {count} messages: {}", members.join(", "));
    }
    println!(
        "  {} messages of {} known to notmuch; we {} conversations, notmuch {}",
        known.len(),
        nodes.len(),
        ours.len(),
        their.len()
    );
    (both_pairs, our_pairs, their_pairs)
}

fn check(name: &str, wanted: &dyn Fn(&Path) -> bool, precision: f64, recall: f64) {
    let Some(dir) = unpacked(&format!("{name}.tar.zst")) else { return };
    let dir = files(dir.path())
        .iter()
        .find(|f| f.ends_with("threads.notmuch-0.37.json"))
        .unwrap()
        .parent()
        .unwrap()
        .to_path_buf();
    let theirs = notmuch(&dir);
    let all = nodes(&dir, wanted);
    // By references alone.
    let plain: Vec<Node> = all.iter().map(|node| Node { base_subject: String::new(), ..node.clone() }).collect();
    println!("{name}, by references:");
    let (both, ours, their) = compare(&plain, &theirs, 12);
    let (p, r) = (both as f64 / ours.max(1) as f64, both as f64 / their.max(1) as f64);
    println!("  pairs: both {both}, ours {ours}, theirs {their}: precision {p:.4}, recall {r:.4}");
    println!("{name}, with subjects of one customer:");
    let (both, ours, _) = compare(&all, &theirs, 0);
    println!("  pairs that notmuch does not have: {}", ours - both);
    assert!(p >= precision && r >= recall, "{name}: precision {p}, recall {r}");
}

fn is_mbox(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "mbox")
}

#[test]
fn r_lists_thread_as_notmuch_does() {
    check("volume/r-lists", &is_mbox, 1.0, 1.0);
}

#[test]
fn usrp_users_thread_as_notmuch_does() {
    check("volume/usrp-users", &is_mbox, 1.0, 1.0);
}

#[test]
fn ponymail_threads_as_notmuch_does() {
    check("volume/ponymail-unit-tests", &is_mbox, 1.0, 1.0);
}

#[test]
fn spamassassin_threads_as_notmuch_does() {
    // What is apart here are strangers that name an id which nobody holds, in mail that no list carried.
    check("volume/spamassassin-public-corpus", &|path| path.to_string_lossy().contains("ham-1/"), 1.0, 0.98);
}

#[test]
fn the_notmuch_corpus_threads_as_notmuch_does() {
    // Series of patches of several lists name the id `<yes>`: one thread of notmuch, and a conversation each here.
    check("threading/notmuch", &|path| path.to_string_lossy().contains("/corpora/"), 1.0, 0.94);
}

/// Reads the answer of RFC 5256 section 4: of each message number the number above it, and the thread it is in.
fn answer(text: &str) -> BTreeMap<usize, (Option<usize>, usize)> {
    let mut found = BTreeMap::new();
    let (mut above, mut stack, mut thread, mut number) = (None, Vec::new(), 0, String::new());
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if let Ok(n) = std::mem::take(&mut number).parse::<usize>() {
            found.insert(n, (above, thread));
            above = Some(n);
        }
        match c {
            '(' => {
                thread += usize::from(stack.is_empty());
                stack.push(above);
            }
            ')' => above = stack.pop().unwrap(),
            _ => {}
        }
    }
    found
}

/// Where we leave RFC 5256 on purpose.
const DIFFERENCES: [(&str, &str); 3] = [
    (
        "thread",
        "two mails name each other: the earlier stands on top here, the later there, which also loses what the earlier names",
    ),
    ("thread3", "a subject joins only one customer's mail"),
    ("thread4", "a subject joins only one customer's mail, and none that has references"),
];

#[test]
fn imaptest_boxes_thread_as_rfc_5256_says() {
    let Some(dir) = unpacked("threading/imaptest.tar.zst") else { return };
    let all = files(dir.path());
    let mut tried = 0;
    for script in all.iter().filter(|path| path.extension().is_none()) {
        let box_ = script.with_extension("mbox");
        let name = script.file_name().unwrap().to_string_lossy().into_owned();
        let text = String::from_utf8_lossy(&std::fs::read(script).unwrap()).to_lowercase();
        let Some(expected) = text.lines().find_map(|line| line.strip_prefix("* thread ")) else { continue };
        // `thread-orderedsubject` is another way of threading, by subject alone.
        if !name.starts_with("thread") || name.contains('-') || !box_.exists() {
            continue;
        }
        let bytes = std::fs::read(&box_).unwrap();
        let expected = answer(expected);
        // A mail without an id, or with one that was there before, gets one of its own, as the RFC says.
        let mut nodes: Vec<Node> = Vec::new();
        for (n, mail) in mails(&bytes).into_iter().take(expected.len()).enumerate() {
            let own = format!("Message-ID: <own-{n}@x>\n{}", String::from_utf8_lossy(mail));
            let mut read = node(mail, "")
                .filter(|node| nodes.iter().all(|other| other.id != node.id))
                .or(node(own.as_bytes(), ""))
                .unwrap();
            read.customer = String::new();
            // The RFC threads a mailbox; what nobody holds joins the mail of one list.
            read.list_id = "imaptest".into();
            read.arrived = Timestamp::from_seconds(n as i64);
            nodes.push(read);
        }
        let placed = thread(&nodes, &HashSet::new(), &[]).placements;
        let number = |id: &MessageId| nodes.iter().position(|node| &node.id == id).map(|n| n + 1);
        let ours: BTreeMap<usize, Option<usize>> =
            placed.iter().map(|p| (number(&p.message).unwrap(), p.parent.as_ref().and_then(&number))).collect();
        let theirs: BTreeMap<usize, Option<usize>> = expected.iter().map(|(n, (above, _))| (*n, *above)).collect();
        println!("{name}: ours {ours:?}, RFC {theirs:?}");
        if let Some((_, why)) = DIFFERENCES.iter().find(|(other, _)| *other == name) {
            println!("  differs on purpose: {why}");
            assert_ne!(ours, theirs, "{name} differs no longer: take it off the list");
            continue;
        }
        assert_eq!(ours, theirs, "{name}");
        for (a, one) in placed.iter().enumerate() {
            for (b, two) in placed.iter().enumerate() {
                assert_eq!(
                    one.root == two.root,
                    expected[&(a + 1)].1 == expected[&(b + 1)].1,
                    "{name}: {} and {}",
                    a + 1,
                    b + 1
                );
            }
        }
        tried += 1;
    }
    println!("{tried} boxes");
    assert!(tried >= 3);
}

/// The words of a mail, with one space before the first and behind the last.
fn words(raw: &[u8]) -> String {
    format!(" {} ", mime::words_of(&mime::readable(raw)))
}

#[test]
fn no_mail_of_the_corpora_is_hidden_behind_another() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
    let author = Author { actor: Handle::new("alice").unwrap(), host: "box".into(), clock, ids: Ids::counted(1) };
    let options = StoreOptions { author, team: Team::default(), history_after: 0 };
    let store = Store::open(dir.path(), options).unwrap();
    let folder = store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap().id;
    let mut all: Vec<Vec<u8>> = Vec::new();
    for category in ["bounces", "calendar", "features", "languages", "nasty", "threading", "tickets", "volume"] {
        let Some(root) = crate::corpora::category(category) else { return };
        for file in files(root.path()) {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let is_mail =
                [".eml", ".mbox", ".msg", ".txt"].iter().any(|end| name.ends_with(end)) || !name.contains('.');
            if is_mail && !["SOURCE.txt", "COMMIT"].contains(&name.as_str()) {
                all.extend(mails(&std::fs::read(&file).unwrap()).into_iter().map(<[u8]>::to_vec));
            }
        }
    }
    all.retain(|raw| node(raw, "").is_some() || mime::envelope(raw).date.is_some());
    for (first, chunk) in all.chunks(200).enumerate() {
        let incoming = |(n, raw): (usize, &Vec<u8>)| Incoming {
            uid: u32::try_from(first * 200 + n + 1).unwrap(),
            flags: Vec::new(),
            arrived: mime::envelope(raw).date.unwrap_or(Timestamp(0)),
            size: raw.len() as u64,
            modseq: None,
            content: Content::Whole(raw.clone()),
        };
        store.ingest(folder, chunk.iter().enumerate().map(incoming).collect()).unwrap();
    }
    let (mut hidden, mut shared) = (0, 0);
    for raw in &all {
        let (bears, name) = names_in(raw);
        let kept = store.raw(&bears).unwrap().unwrap_or_default();
        let mut shown = vec![words(&kept)];
        if names_in(&kept).1 != name {
            shared += 1;
            let conversation = store.conversation_of(&name).unwrap();
            for id in conversation.map(|id| store.message_ids(&id).unwrap()).unwrap_or_default() {
                shown.extend(store.raw(&id).unwrap().map(|raw| words(&raw)));
            }
        }
        let own = words(raw);
        let tight = |text: &str| text.replace(' ', "");
        let there = own.trim().is_empty() || shown.iter().any(|text| text.contains(&own) || tight(text) == tight(&own));
        hidden += usize::from(!there);
    }
    println!(
        "{} mails, {shared} differ from what their Message-ID leads to, {hidden} hidden behind another",
        all.len()
    );
    assert_eq!(hidden, 0);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
