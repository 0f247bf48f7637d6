//! The SQL that a query becomes, run on a real database with the columns of the store, against an evaluation without SQL.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout,
    reason = "a test may stop at the first surprise"
)]

use jiff::civil::Date;
use jiff::tz::TimeZone;
use postroom::model::clock::Timestamp;
use postroom::model::ids::Handle;
use postroom::model::status::Status;
use postroom::query::{
    Age, Compare, Context, Day, Expr, Field, Has, Is, Param, Pattern, Query, Role, Term, Unit, Who, fold_text,
    fold_wanted, parse,
};
use proptest::prelude::*;
use rusqlite::{Connection, params, params_from_iter, types::Value};

const NOW: i64 = 1_795_000_000_000;
const DAY: i64 = Timestamp::DAY;

const SCHEMA: &str = "
CREATE TABLE conversation (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, root TEXT, inbox TEXT, status INTEGER, assignee TEXT,
  snoozed_until INTEGER, active INTEGER, last_at INTEGER, first_at INTEGER, waiting_since INTEGER, subject TEXT, title TEXT,
  people TEXT, snippet TEXT, messages INTEGER, notes INTEGER, attachments INTEGER, last_inbound_at INTEGER,
  last_outbound_at INTEGER, bounced TEXT) STRICT;
CREATE TABLE conversation_alias (id TEXT PRIMARY KEY, message_id TEXT) STRICT;
CREATE TABLE member (message_id TEXT PRIMARY KEY, conversation INTEGER) STRICT;
CREATE TABLE conversation_tag (conversation INTEGER, tag TEXT) STRICT;
CREATE TABLE conversation_follower (conversation INTEGER, agent TEXT) STRICT;
CREATE TABLE conversation_mention (conversation INTEGER, agent TEXT) STRICT;
CREATE TABLE conversation_person (conversation INTEGER, email TEXT, name TEXT, role INTEGER) STRICT;
CREATE TABLE draft (id INTEGER PRIMARY KEY, conversation TEXT, actor TEXT, discarded_at INTEGER) STRICT;
CREATE TABLE outgoing (id INTEGER PRIMARY KEY, conversation TEXT, state TEXT) STRICT;
CREATE TABLE message (rowid INTEGER PRIMARY KEY, message_id TEXT, conversation INTEGER) STRICT;
CREATE VIRTUAL TABLE search USING fts5(subject, people, body, notes, attachments, content='', contentless_delete=1,
  tokenize=\"unicode61 remove_diacritics 0 tokenchars ''\");
CREATE VIEW search_owner(docid, conversation) AS SELECT rowid, conversation FROM message;
";

#[derive(Clone, Debug)]
struct Row {
    rowid: i64,
    id: String,
    inbox: &'static str,
    status: Status,
    assignee: Option<&'static str>,
    snoozed: bool,
    active: bool,
    last_at: i64,
    waiting_since: Option<i64>,
    subject: String,
    title: Option<String>,
    messages: u32,
    notes: u32,
    attachments: bool,
    tags: Vec<&'static str>,
    followers: Vec<&'static str>,
    bounced: bool,
    mentions: Vec<&'static str>,
    people: Vec<(&'static str, &'static str, i64)>,
    /// Five columns of search each.
    documents: Vec<[String; 5]>,
    drafts: Vec<(&'static str, bool)>,
    outgoing: Vec<&'static str>,
}

const WORDS: [&str; 14] = [
    "refund",
    "refunds",
    "Order",
    "4412",
    "東京都",
    "大阪",
    "إعادة",
    "café",
    "İstanbul",
    "กินข้าว",
    "100%",
    "a_b",
    "€",
    "x",
];
const PEOPLE: [(&str, &str); 5] = [
    ("ann@x.org", "Ann Lee"),
    ("joanna@y.org", "Joanna"),
    ("bob@sub.x.org", "Bób Ü"),
    ("a_b%c@x.org", ""),
    ("tokyo@z.jp", "山田太郎"),
];
const AGENTS: [&str; 3] = ["me", "bob", "eve"];

fn some<T: Copy>(rng: &mut fastrand::Rng, from: &[T], most: usize) -> Vec<T> {
    (0..rng.usize(0..=most)).map(|_| from[rng.usize(..from.len())]).collect()
}

fn row(rng: &mut fastrand::Rng, rowid: i64) -> Row {
    let text = |rng: &mut fastrand::Rng| some(rng, &WORDS, 4).join(" ");
    let status = Status::ALL[rng.usize(..4)];
    let snoozed = status != Status::Closed && rng.u8(..4) == 0;
    let age = |rng: &mut fastrand::Rng| NOW - [0, 1, DAY / 24, DAY, 2 * DAY, 40 * DAY, 800 * DAY][rng.usize(..7)];
    Row {
        rowid,
        id: format!("{}{rowid:04}", ["ab", "ac", "b0"][rng.usize(..3)]),
        inbox: ["support", "sales"][rng.usize(..2)],
        status,
        assignee: [None, Some("me"), Some("bob")][rng.usize(..3)],
        snoozed,
        active: status != Status::Closed && !snoozed,
        last_at: age(rng),
        waiting_since: rng.bool().then(|| age(rng)),
        subject: text(rng),
        title: rng.bool().then(|| text(rng)),
        messages: rng.u32(0..12),
        notes: rng.u32(0..2),
        attachments: rng.bool(),
        tags: some(rng, &["vip", "late", "a*b"], 2),
        followers: some(rng, &AGENTS, 2),
        bounced: rng.u8(..4) == 0,
        mentions: some(rng, &AGENTS, 1),
        people: some(rng, &PEOPLE, 3).into_iter().map(|(email, name)| (email, name, rng.i64(0..2))).collect(),
        documents: (0..rng.usize(0..3)).map(|_| std::array::from_fn(|_| text(rng))).collect(),
        drafts: some(rng, &[("me", false), ("me", true), ("bob", false)], 1),
        outgoing: some(rng, &["held", "failed", "sent", "filed", "cancelled"], 1),
    }
}

fn database(rows: &[Row]) -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(SCHEMA).unwrap();
    // Rows of new mails, which belong to no conversation yet.
    db.execute("INSERT INTO draft(conversation, actor) VALUES (NULL, 'me')", []).unwrap();
    db.execute("INSERT INTO outgoing(conversation, state) VALUES (NULL, 'held')", []).unwrap();
    // A mail that is in no conversation yet.
    db.execute("INSERT INTO message VALUES (1000,'',NULL)", []).unwrap();
    db.execute("INSERT INTO search(rowid, subject, body) VALUES (1000, 'refund', 'refund x')", []).unwrap();
    let mut document = 0;
    for row in rows {
        let status = Status::ALL.iter().position(|s| *s == row.status).unwrap();
        db.execute(
            "INSERT INTO conversation(rowid, id, inbox, status, assignee, snoozed_until, active, last_at, waiting_since, subject, title,
             messages, notes, attachments, bounced) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            params![row.rowid, row.id, row.inbox, status as i64, row.assignee, row.snoozed.then_some(NOW + 1), row.active, row.last_at,
                row.waiting_since, row.subject, row.title, row.messages, row.notes, row.attachments, row.bounced.then_some("me")],
        )
        .unwrap();
        let by = |sql: &str, value: &str| db.execute(sql, params![row.rowid, value]).map(drop).unwrap();
        row.tags.iter().for_each(|tag| by("INSERT INTO conversation_tag VALUES (?,?)", tag));
        row.followers.iter().for_each(|who| by("INSERT INTO conversation_follower VALUES (?,?)", who));
        row.mentions.iter().for_each(|who| by("INSERT INTO conversation_mention VALUES (?,?)", who));
        for (email, name, role) in &row.people {
            let person = params![row.rowid, email, fold_text(name), role];
            db.execute("INSERT INTO conversation_person VALUES (?,?,?,?)", person).unwrap();
        }
        for texts in &row.documents {
            document += 1;
            db.execute("INSERT INTO message VALUES (?,'',?)", params![document, row.rowid]).unwrap();
            let [a, b, c, d, e] = texts.each_ref().map(|text| fold_text(text));
            let values = params![document, a, b, c, d, e];
            db.execute(
                "INSERT INTO search(rowid, subject, people, body, notes, attachments) VALUES (?,?,?,?,?,?)",
                values,
            )
            .unwrap();
        }
        for (actor, discarded) in &row.drafts {
            let values = params![row.id, actor, discarded.then_some(1)];
            db.execute("INSERT INTO draft(conversation, actor, discarded_at) VALUES (?,?,?)", values).unwrap();
        }
        row.outgoing.iter().for_each(|state| {
            db.execute("INSERT INTO outgoing(conversation, state) VALUES (?,?)", params![row.id, state]).unwrap();
        });
    }
    db
}

fn context() -> Context {
    Context { me: Handle::new("me").unwrap(), now: Timestamp(NOW), zone: TimeZone::get("Europe/Istanbul").unwrap() }
}

fn found(db: &Connection, query: &Query) -> Vec<i64> {
    let sql = query.to_sql(&context());
    let values = sql.params.into_iter().map(|param| match param {
        Param::Text(text) => Value::Text(text),
        Param::Int(int) => Value::Integer(int),
    });
    let text = format!("SELECT c.rowid FROM conversation AS c WHERE {} ORDER BY c.rowid", sql.condition);
    let mut statement = db.prepare(&text).unwrap_or_else(|e| panic!("{query}: {e}: {text}"));
    let rows = statement.query_map(params_from_iter(values), |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap_or_else(|e| panic!("{query}: {e}"))
}

fn holds(expr: &Expr, row: &Row) -> bool {
    match expr {
        Expr::Any => true,
        Expr::Not(inner) => !holds(inner, row),
        Expr::And(parts) => parts.iter().all(|part| holds(part, row)),
        Expr::Or(parts) => parts.iter().any(|part| holds(part, row)),
        Expr::Term(term) => term_holds(term, row),
    }
}

fn day(day: &Day) -> Date {
    let today = jiff::Timestamp::from_millisecond(NOW).unwrap().to_zoned(context().zone).date();
    match day {
        Day::Today => today,
        Day::Yesterday => today.yesterday().unwrap(),
        Day::Date(date) => *date,
    }
}

fn date_of(at: i64) -> Date {
    jiff::Timestamp::from_millisecond(at).unwrap().to_zoned(context().zone).date()
}

fn is_over(age: &Age, at: i64) -> bool {
    let (Age::Over(span) | Age::Under(span)) = age;
    let count = i64::from(span.count);
    let unit = match span.unit {
        Unit::Minute => 60_000,
        Unit::Hour => DAY / 24,
        Unit::Day => DAY,
        Unit::Week => 7 * DAY,
        // The cases use numbers far from the edges of a month.
        Unit::Month => 30 * DAY,
        Unit::Year => 365 * DAY,
    };
    at <= NOW - count * unit
}

fn term_holds(term: &Term, row: &Row) -> bool {
    match term {
        Term::Status(list) => list.contains(&row.status),
        Term::Assignee(list) => list.iter().any(|who| match who {
            Who::Me => row.assignee == Some("me"),
            Who::Nobody => row.assignee.is_none(),
            Who::Agent(agent) => row.assignee == Some(agent.as_str()),
        }),
        Term::Tag(list) => list.iter().any(|tag| row.tags.contains(&tag.as_str())),
        Term::Inbox(list) => list.iter().any(|inbox| row.inbox == inbox.as_str()),
        Term::Person { role, who } => row.people.iter().any(|(email, name, at)| {
            let in_role = match role {
                Role::From => *at == 0,
                Role::To => *at == 1,
                Role::With => true,
            };
            in_role && who.iter().any(|pattern| person_holds(pattern, email, name))
        }),
        Term::Text { field, text, prefix } => text_holds(*field, text, *prefix, row),
        Term::Is(is) => match is {
            Is::Any => true,
            Is::Active => row.active,
            Is::Snoozed => row.snoozed,
            Is::Unassigned => row.active && row.assignee.is_none(),
            Is::Mine => row.active && row.assignee == Some("me"),
            Is::Mentioned => row.mentions.contains(&"me"),
            Is::Followed => row.followers.contains(&"me"),
            Is::Bounced => row.bounced,
        },
        Term::Has(has) => match has {
            Has::Attachment => row.attachments,
            Has::Note => row.notes > 0,
            Has::Draft => row.drafts.contains(&("me", false)),
            Has::Outbox => row.bounced || row.outgoing.iter().any(|state| matches!(*state, "held" | "failed")),
            Has::Tag => !row.tags.is_empty(),
        },
        Term::Activity(age) => is_over(age, row.last_at) == matches!(age, Age::Over(_)),
        Term::Waiting(age) => row.waiting_since.is_some_and(|at| is_over(age, at) == matches!(age, Age::Over(_))),
        Term::Before(d) => date_of(row.last_at) < day(d),
        Term::After(d) => date_of(row.last_at) >= day(d),
        Term::On(d) => date_of(row.last_at) == day(d),
        Term::Id(prefix) => row.id.starts_with(prefix),
        Term::Messages(compare, count) => match compare {
            Compare::Over => row.messages > *count,
            Compare::AtLeast => row.messages >= *count,
            Compare::Under => row.messages < *count,
            Compare::AtMost => row.messages <= *count,
            Compare::Equal => row.messages == *count,
        },
    }
}

fn person_holds(pattern: &Pattern, email: &str, name: &str) -> bool {
    match pattern {
        Pattern::Address(address) => email == address,
        Pattern::Domain(domain) => email.ends_with(&format!("@{domain}")),
        Pattern::Part(part) => {
            let wanted = fold_wanted(part).0;
            email.contains(&part.to_lowercase())
                || (!wanted.is_empty() && format!(" {}", fold_text(name)).contains(&format!(" {wanted}")))
        }
    }
}

fn text_holds(field: Field, text: &str, prefix: bool, row: &Row) -> bool {
    let (wanted, begins) = if prefix { (fold_text(text), true) } else { fold_wanted(text) };
    if wanted.is_empty() {
        let all = format!("{} {}", row.subject, row.title.as_deref().unwrap_or_default());
        return all.to_ascii_lowercase().contains(&text.trim().to_ascii_lowercase());
    }
    let columns = match field {
        Field::Any => 0..5,
        Field::Subject => 0..1,
        Field::Body => 2..3,
        Field::Note => 3..4,
        Field::Attachment => 4..5,
    };
    row.documents.iter().flat_map(|texts| &texts[columns.clone()]).any(|column| {
        let folded = fold_text(column);
        let have: Vec<&str> = folded.split(' ').collect();
        let want: Vec<&str> = wanted.split(' ').collect();
        have.windows(want.len()).any(|window| {
            window.iter().zip(&want).enumerate().all(|(i, (have, want_word))| {
                have == want_word || (begins && i + 1 == want.len() && have.starts_with(want_word))
            })
        })
    })
}

fn terms() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "refund",
        "refun*",
        "\"refunds order\"",
        "東京",
        "京",
        "京都",
        "阪",
        "اعاده",
        "CAFE",
        "istanbul",
        "ข้าว",
        "100%",
        "€",
        "%",
        "_",
        "a_b",
        "\"order 4412\"",
        "x",
        "subject:refund",
        "body:東京都",
        "note:x",
        "attachment:order*",
        "subject:€",
        "\"\\\"\"",
        "no\\where",
        "status:open",
        "status:open,closed",
        "is:waiting",
        "assignee:me,none",
        "assignee:bob",
        "tag:vip,late",
        "tag:a*b",
        "inbox:support",
        "from:ann",
        "to:ann",
        "with:@x.org",
        "with:@sub.x.org",
        "with:ann@x.org",
        "with:_",
        "with:b%",
        "with:bob",
        "with:太郎",
        "with:郎",
        "with:u",
        "with:€",
        "is:mine",
        "is:active",
        "is:snoozed",
        "is:unassigned",
        "is:any",
        "is:mentioned",
        "is:followed",
        "is:bounced",
        "has:attachment",
        "has:note",
        "has:draft",
        "has:outbox",
        "has:tag",
        "older:1d",
        "newer:36h",
        "older:2w",
        "newer:20mo",
        "older:1y",
        "newer:99999y",
        "waiting:>30h",
        "waiting:<1w",
        "before:2026-11-16",
        "after:yesterday",
        "on:today",
        "on:2026-11-17",
        "id:ab",
        "id:ac0001",
        "messages:>3",
        "messages:<=5",
        "messages:0",
        "\"*\"",
        "ß",
        "\u{10FFFF}",
    ]);
    let joined = prop::sample::select(vec![" ", " or ", " -", " not ", " and "]);
    proptest::collection::vec((word, joined, 0u8..6), 1..6).prop_map(|parts| {
        let mut text = String::new();
        for (word, between, shape) in parts {
            if !text.is_empty() {
                text.push_str(between);
            }
            match shape {
                0 => text = format!("({text} {word})"),
                1 => text = format!("-({text}{word})"),
                _ => text.push_str(word),
            }
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sql_finds_what_a_plain_evaluation_finds(seed in any::<u64>(), texts in proptest::collection::vec(terms(), 8)) {
        let mut rng = fastrand::Rng::with_seed(seed);
        let rows: Vec<Row> = (1..=12).map(|rowid| row(&mut rng, rowid)).collect();
        let db = database(&rows);
        for text in texts {
            let Ok(query) = parse(&text) else { continue };
            let expected: Vec<i64> = rows.iter().filter(|row| holds(&query.expr, row)).map(|row| row.rowid).collect();
            prop_assert_eq!(found(&db, &query), expected, "{} in {:?}", text, rows);
        }
    }

    #[test]
    fn any_query_that_is_read_runs(texts in proptest::collection::vec("\\PC{1,30}|[ -~\\x00\\n]{1,40}|[\"*(){}:^+%_\\\\a-c東ำ -]{1,30}", 12)) {
        let db = database(&[]);
        for text in texts {
            if let Ok(query) = parse(&text) {
                found(&db, &query);
            }
            for key in ["subject:", "from:", "with:", "body:"] {
                let quoted = format!("{key}\"{}\"", text.replace(['"', '\\'], ""));
                if let Ok(query) = parse(&quoted) {
                    found(&db, &query);
                }
            }
        }
    }
}

#[test]
fn the_largest_query_still_runs() {
    let db = database(&[]);
    for text in
        ["a ".repeat(200), vec!["from:a"; 200].join(" or "), format!("{}a{}", "-(b ".repeat(64), ")".repeat(64))]
    {
        found(&db, &parse(&text).unwrap());
    }
    let wide = "\u{fdfa}".repeat(500);
    found(&db, &parse(&format!("{wide} from:{wide} {}", "%".repeat(500))).unwrap());
}
