//! No statement that stands in the store's source reads a table that grows from end to end, but those that are named here with what they
//! are for. What is put together while it runs is heard where it runs: [`super::plan_tests`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::plan_tests::{allowed, explained, gone_through, in_a_line};
use super::testing::Bench;

/// What a statement is, by its first word.
const BEGINS: [&str; 6] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "REPLACE "];

/// Parts of statements: they are heard as what they are put into.
const PARTS: [&str; 5] = [
    "SELECT seq, account, epoch, validity, uid, idx FROM record WHERE",
    "SELECT c.rowid, c.waiting_since, c.last_at, c.id, c.assignee FROM conversation c",
    "SELECT c.rowid, c.waiting_since, c.last_at, c.id, c.assignee FROM conversation_worker w",
    "SELECT 1 FROM conversation_lease l WHERE l.conversation = c.rowid",
    // Two in one.
    "DELETE FROM hook_cursor; DELETE FROM hook_event",
];

/// Why a statement may go through a table or an index; what of it; and a piece of the statement.
const MAY: &[(&str, &[(&str, &str)])] = &[
    (
        "a full check reads all there is, and so does an index that is made anew",
        &[
            ("message_conversation", "SELECT conversation FROM message WHERE hidden = 0 UNION"),
            ("conversation", "SELECT conversation FROM message WHERE hidden = 0 UNION"),
            ("tally", "SELECT name, n FROM tally"),
            ("m", "FROM message m LEFT JOIN member b"),
            ("message_derived", "SELECT id FROM message"),
            ("sqlite_autoindex_conversation_1", "SELECT rowid FROM conversation"),
        ],
    ),
    (
        "an agent's drafts, what was attached to them and what is on its way out are few",
        &[
            ("draft", "DELETE FROM draft WHERE discarded_at IS NOT NULL"),
            ("draft_actor", "FROM draft WHERE discarded_at IS NULL AND saved_at > ?1"),
            ("draft_copy", "FROM draft_copy WHERE account = ?1"),
            ("draft", "SELECT id, json FROM draft WHERE instr"),
            ("draft", "UPDATE draft SET conversation = ?2"),
            ("outgoing_file", "DELETE FROM outgoing_file WHERE put_at < ?1"),
            ("draft", "DELETE FROM outgoing_file WHERE put_at < ?1"),
            ("outgoing", "DELETE FROM outgoing_file WHERE put_at < ?1"),
        ],
    ),
    (
        "a word is looked up in the index of words, and counted no further than asked",
        &[("search VIRTUAL TABLE INDEX 0:M5", "SELECT count(*) FROM (SELECT 1 FROM search WHERE search MATCH")],
    ),
    (
        "mails that could not be read are few, and marks wait for the server for seconds",
        &[("set_aside", "UPDATE set_aside SET next_try = 0"), ("q", "DELETE FROM mail_flag AS q")],
    ),
    (
        "an erasure looks everywhere, once",
        &[
            ("log_stray", "DELETE FROM log_stray"),
            ("note_draft", "DELETE FROM note_draft WHERE place = ?1"),
            ("note_draft", "SELECT count(*) FROM note_draft"),
            ("record", "SELECT seq FROM record WHERE kind = 'edit-note'"),
            ("log_copy", "FROM log_copy WHERE json IS NOT NULL"),
            ("message", "FROM message WHERE text_hash IS NOT NULL AND claimed IS NULL"),
            ("set_aside", "DELETE FROM set_aside WHERE EXISTS"),
            ("draft", "SELECT id, json FROM draft WHERE conversation = ?1"),
            ("draft", "SELECT count(*) FROM draft WHERE conversation = ?1"),
            ("outgoing_file", "DELETE FROM outgoing_file WHERE instr(?1, digest)"),
            ("draft", "DELETE FROM outgoing_file WHERE instr(?1, digest)"),
            ("outgoing", "DELETE FROM outgoing_file WHERE instr(?1, digest)"),
            ("record_actor", "SELECT actor, host, json, max(at) FROM record"),
            ("t", "SELECT DISTINCT m.conversation FROM target t JOIN member m"),
            ("erased", "SELECT id FROM erased WHERE kind = ?1"),
            ("erased_mail", "FROM erased_mail GROUP BY 1, 2"),
            ("erased_log", "FROM erased_mail GROUP BY 1, 2"),
            ("e", "FROM erased e JOIN record r ON r.seq = e.record"),
        ],
    ),
    (
        "who is on the log is asked by a person, now and then",
        &[("record_actor", "SELECT actor, host, max(at), json ->> '$.by', count(*) FROM record")],
    ),
    (
        "a log that moves, is renumbered or was taken for mail is gone through once",
        &[
            ("record", "UPDATE record SET account = ?2 WHERE account = ?1"),
            ("message", "FROM message WHERE hidden = 0 AND (message_id LIKE"),
            ("record", "SELECT epoch, validity, uid, idx, seq, id FROM record WHERE account = ?1"),
            ("log_copy_record", "SELECT DISTINCT record FROM log_copy"),
        ],
    ),
    (
        "several logs have no order that an index could hold: their numbers are read, and nothing else",
        &[("record_place", "SELECT seq, account, lamport, id FROM record WHERE epoch IS NOT NULL")],
    ),
    (
        "which tags are mirrored is told in the background, once a round",
        &[("conversation_tag_order", "SELECT tag FROM conversation_tag GROUP BY tag")],
    ),
    ("an upgrade tells of what it changed, until it is told", &[("u", "FROM upgraded u CROSS JOIN member m")]),
    (
        "it ends at the first row, or where enough is found",
        &[
            ("message_derived", "SELECT EXISTS (SELECT 1 FROM message)"),
            ("search VIRTUAL TABLE INDEX 0:=", "SELECT EXISTS (SELECT 1 FROM search WHERE rowid = 0)"),
            ("conversation_order", "FROM conversation ORDER BY last_at DESC, id DESC LIMIT ?1"),
            ("c", "FROM conversation ORDER BY last_at DESC, id DESC LIMIT ?1"),
            ("sqlite_autoindex_folder_1", "SELECT coalesce((SELECT folder FROM adrift"),
            ("record_undo_waiting", "FROM record r INDEXED BY record_undo_waiting"),
        ],
    ),
    (
        "a virtual table is sought by what it is asked for",
        &[
            ("t VIRTUAL TABLE INDEX 3:", "json_each(r.op, '$.add') t"),
            ("search VIRTUAL TABLE INDEX 192:M5", "WHERE search MATCH ?1 ORDER BY rowid DESC"),
            ("search_word VIRTUAL TABLE INDEX 257:", "FROM search_word WHERE term = ?1"),
            ("search_word VIRTUAL TABLE INDEX 513:", "FROM search_word WHERE term >= ?1"),
        ],
    ),
];

/// The statements of a text of Rust, each without line ends and indents; those with something to be filled in are left out.
fn statements(text: &str) -> Vec<String> {
    let all = literals(text).into_iter().map(|literal| in_a_line(&literal));
    all.filter(|sql| BEGINS.iter().any(|word| sql.starts_with(word)) && !sql.contains('{')).collect()
}

/// The texts in quotes of Rust code.
fn literals(code: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let (sign, behind) = rest.split_at(at).1.split_at(1);
        rest = match sign {
            "/" if behind.starts_with('/') => behind.split_once('\n').map_or("", |(_, next)| next),
            "'" if behind.starts_with("\\") => behind.split_at(2).1.split_once('\'').map_or("", |(_, next)| next),
            "'" if behind.chars().nth(1) == Some('\'') => behind.split_once('\'').map_or("", |(_, next)| next),
            "\"" => {
                let (literal, next) = literal(behind);
                all.push(literal);
                next
            }
            _ => behind,
        };
    }
    all
}

/// The text up to the quote that ends it, and what stands behind.
fn literal(code: &str) -> (String, &str) {
    let (mut text, mut signs) = (String::new(), code.char_indices());
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (text, code.split_at(at + 1).1),
            // A line that goes on, or a sign that is quoted: a space does for both.
            '\\' => match signs.next() {
                Some((_, sign @ ('"' | '\\'))) => text.push(sign),
                _ => text.push(' '),
            },
            other => text.push(other),
        }
    }
    (text, "")
}

/// The files of the store that are no tests, and their texts.
fn files(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
        if path.is_dir() {
            files(&path, all);
        } else if name.ends_with(".rs") && !name.ends_with("_tests.rs") && !name.ends_with("testing.rs") {
            all.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn no_statement_of_the_source_reads_a_table_that_grows_from_end_to_end() {
    let bench = Bench::new();
    let mut all = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store"), &mut all);
    let may: Vec<&(&str, &str)> = MAY.iter().flat_map(|(_, all)| *all).collect();
    let (mut wrong, mut used, mut parts, mut count) = (Vec::new(), BTreeSet::new(), Vec::new(), 0);
    for (name, text) in &all {
        for sql in statements(text) {
            count += 1;
            let Ok(steps) = explained(&bench.store, &sql) else {
                if !PARTS.iter().any(|part| sql.starts_with(part)) {
                    parts.push(format!("{name}: {sql}"));
                }
                continue;
            };
            // What daily work does is named where that is heard.
            for step in steps.iter().filter(|step| allowed(step, &sql).is_none()) {
                let Some(what) = gone_through(step) else { continue };
                match may.iter().position(|(of, within)| *of == what && sql.contains(within)) {
                    Some(place) => _ = used.insert(place),
                    None => wrong.push(format!("{name}: {what}\n    {sql}")),
                }
            }
        }
    }
    assert!(count > 300, "{count}");
    assert!(parts.is_empty(), "no statements as they stand:\n{}", parts.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<_> = may.iter().enumerate().filter(|(place, _)| !used.contains(place)).collect();
    assert!(unused.is_empty(), "nothing does this: {unused:?}");
}

#[test]
fn the_test_of_statements_finds_them_in_code() {
    let code = "let a = \"SELECT 1\n    FROM x\"; // \"SELECT no\"\nf('\"', '\\'', \"a \\\" b\", \"DELETE \\\n  FROM y\", \"SELECT {z}\")";
    assert_eq!(statements(code), ["SELECT 1 FROM x", "DELETE FROM y"]);
    assert_eq!(literals(code).len(), 4);
}
