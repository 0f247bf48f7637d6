//! The laws of the house, kept by a test: which room may name which, how long a file may get, what a test may not do, and what the
//! README promises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The rooms that each room may name, beside itself. `error` is for all. A room may be yet to be built.
const LADDER: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("text", &["model"]),
    ("error", &["model", "text"]),
    ("op", &["model", "text"]),
    ("program", &["model", "text"]),
    ("mime", &["model", "text", "op"]),
    ("thread", &["model", "text", "op"]),
    ("query", &["model", "text", "op"]),
    ("command", &["model", "text", "op", "mime", "thread", "query"]),
    ("policy", &["model", "text", "op", "mime", "thread", "query"]),
    ("store", &["model", "text", "op", "mime", "thread", "query", "command", "policy"]),
    ("service", &["model", "text", "op", "mime", "thread", "query", "command", "policy", "store", "config", "program"]),
    (
        "sync",
        &[
            "model", "text", "op", "mime", "thread", "query", "command", "policy", "store", "service", "config",
            "program",
        ],
    ),
    ("keymap", &["model", "text", "op", "query", "command"]),
    // keymap, theme and config stand on one rung, so each could name the others; only this one does.
    ("theme", &["model", "text", "op", "query", "command", "keymap"]),
    ("config", &["model", "text", "op", "program", "query", "command"]),
    ("app", &["model", "text", "op", "query", "command", "keymap", "theme", "config"]),
    ("view", &["model", "text", "op", "query", "command", "keymap", "theme", "config", "app"]),
    ("log", &[]),
    ("build", &[]),
    ("runtime", &["*"]),
    ("cli", &["*"]),
];

/// What front ends leave to `service`: making operations of what is wished, and committing them.
const OF_SERVICE: &[&str] = &["NewOperation", "Target", ".commit("];

/// A file of code has no more lines than this.
const LINES_MAX: usize = 600;

/// A function of this many lines is never fine; 60 are usual.
const FUNCTION_LINES_MAX: usize = 120;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every file below `folder` with that ending, with its path from the root, sorted.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn is_test(name: &str) -> bool {
    name.ends_with("_tests.rs") || name.starts_with("tests/")
}

/// Returns the room of a file in `src`.
fn room(name: &str) -> &str {
    let below = name.strip_prefix("src/").unwrap_or(name);
    below.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// Returns the rooms that code names as `crate::room`, comments left out.
fn named(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms: Vec<String> = Vec::new();
    for after in code.split("crate::").skip(1) {
        if let Some(group) = after.strip_prefix('{') {
            // `use crate::{a::b, c}`: what stands behind a comma at the first level.
            let mut depth = 0;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => rooms.push(std::mem::take(&mut word)),
                    c if depth == 0 => word.push(c),
                    _ => {}
                }
            }
            rooms.push(word);
        } else {
            rooms.push(after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    let mut rooms: Vec<String> = rooms
        .iter()
        .map(|r| r.trim().split("::").next().unwrap_or_default().to_owned())
        .filter(|r| !r.is_empty())
        .collect();
    rooms.sort();
    rooms.dedup();
    rooms
}

#[test]
fn every_room_names_only_those_below_it() {
    let ladder: BTreeMap<&str, &[&str]> = LADDER.iter().copied().collect();
    let mut broken = Vec::new();
    for (name, text) in files("src", "rs") {
        let room = room(&name);
        if is_test(&name) || matches!(room, "lib" | "main") {
            continue;
        }
        let allowed = ladder.get(room).unwrap_or_else(|| panic!("{name}: the room {room} is not on the ladder"));
        for other in named(&text) {
            let fine = other == room || other == "error" || allowed.contains(&"*") || allowed.contains(&other.as_str());
            if ladder.contains_key(other.as_str()) && !fine {
                broken.push(format!("{name} names {other}"));
            }
        }
    }
    assert!(broken.is_empty(), "the ladder is broken:\n{}", broken.join("\n"));
}

#[test]
fn the_ladder_test_sees_every_way_of_naming_a_room() {
    let text =
        "use crate::store::Store;\n// crate::view\nuse crate::{app::{App, x}, sync};\nfn f() { crate::runtime::run() }";
    assert_eq!(named(text), ["app", "runtime", "store", "sync"]);
}

/// Tells whether code names a word: alone, not as a part of another.
fn names_word(text: &str, word: &str) -> bool {
    if word.starts_with('.') {
        return text.contains(word);
    }
    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

#[test]
fn front_ends_wish_and_leave_the_operations_to_the_service() {
    let mut broken = Vec::new();
    for (name, text) in files("src", "rs") {
        let front_end = matches!(room(&name), "runtime" | "cli" | "server") && !is_test(&name);
        if !front_end || name.starts_with("src/cli/demo") {
            continue;
        }
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let named: Vec<&&str> = OF_SERVICE.iter().filter(|word| names_word(&code, word)).collect();
        if !named.is_empty() {
            broken.push(format!("{name} names {named:?}"));
        }
    }
    assert!(broken.is_empty(), "wish it, and let `service` do it:\n{}", broken.join("\n"));
}

/// Where other programs are started: the one runner, the editor, to which the terminal is handed over, and what asks git for the commit while
/// postroom is built.
const STARTING: [&str; 3] = ["src/build.rs", "src/program.rs", "src/runtime/editor.rs"];

#[test]
fn one_runner_starts_other_programs() {
    let starts = |text: &str| text.contains("Command::new(") || text.contains("process::Command");
    let started: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|(name, text)| !is_test(name) && starts(text))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(started, STARTING, "run it by `program`: it bounds time, output and environment");
}

/// Where text is written as code has it, for those who work on the program: how secrets are debugged, and cells that no store of ours holds.
const AS_CODE: [&str; 3] = ["src/config.rs", "src/store/testing.rs", "src/store/code.rs"];

/// Returns the lines that write something as code has it: `"พร\u{e38}"` is nothing that people read.
fn as_code(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.filter(|line| line.contains(":?}") && !line.contains("tracing::")).collect()
}

#[test]
fn no_sentence_for_people_writes_text_as_code_has_it() {
    let found: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|(name, _)| !is_test(name) && !AS_CODE.contains(&name.as_str()))
        .flat_map(|(name, text)| as_code(&text).into_iter().map(|line| format!("{name}: {line}")).collect::<Vec<_>>())
        .collect();
    assert!(found.is_empty(), "quote it by `model::text::in_quotes`:\n{}", found.join("\n"));
    assert_eq!(as_code("say(format!(\"{name:?} is no name\"))").len(), 1);
    assert!(as_code("tracing::debug!(\"{name:?}\");\n// {:?}").is_empty());
}

/// What puts text into cells by itself. What is drawn so is laid out by nobody: neither put in its order, nor cut, nor kept apart.
const PAST_THE_STROKES: [&str; 11] = [
    "buffer_mut",
    "render_widget",
    "set_string",
    "set_stringn",
    "set_line",
    "set_span",
    "set_symbol",
    "set_char",
    "Paragraph",
    "Span",
    "Buffer",
];

/// Where cells are at hand: the strokes themselves, the door to them, the twins of signs, and the reader of what was drawn.
const AT_THE_CELLS: [&str; 4] = ["src/view/paint.rs", "src/view.rs", "src/view/glyphs.rs", "src/view/linear.rs"];

#[test]
fn nothing_is_drawn_but_by_the_strokes_which_lay_text_out() {
    let mut broken = Vec::new();
    for (name, text) in files("src/view", "rs")
        .into_iter()
        .chain(files("src", "rs").into_iter().filter(|(name, _)| name == "src/view.rs"))
    {
        if is_test(&name) || AT_THE_CELLS.contains(&name.as_str()) || name.starts_with("src/view/layout") {
            continue;
        }
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        broken.extend(
            PAST_THE_STROKES.iter().filter(|word| names_word(&code, word)).map(|word| format!("{name}: {word}")),
        );
        // `ratatui::Frame` gives away its cells; ours keeps them.
        broken.extend(code.contains("ratatui::Frame").then(|| format!("{name}: ratatui::Frame")));
    }
    assert!(broken.is_empty(), "draw it by `view::paint`:\n{}", broken.join("\n"));
}

#[test]
fn columns_are_counted_in_one_place() {
    let counts = |text: &str| {
        ["unicode_width", "UnicodeWidthStr", "UnicodeWidthChar", "cell_width"].iter().any(|word| names_word(text, word))
    };
    let counting: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|(name, text)| !is_test(name) && counts(text))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(counting, ["src/model/columns.rs"], "count them by `model::text::columns`");
}

#[test]
fn the_word_test_knows_a_word_from_a_part_of_another() {
    assert!(names_word("Target::on(x)", "Target") && names_word("(store.commit(ops))", ".commit("));
    assert!(!names_word("Targets::These, as_Target", "Target"));
}

/// Where the kinds of remotes stand: each in its own folder, one factory, and the config's enum, which `init` writes.
const OF_KINDS: [&str; 7] = [
    "src/sync/imap",
    "src/sync/smtp",
    "src/sync/local.rs",
    "src/sync/scripted.rs",
    "src/sync/remotes.rs",
    "src/config",
    "src/cli/verbs/init",
];

/// What names a kind of remote, where code stands that is for all of them. A word that ends in `*` is the beginning of one.
const KINDS: [&str; 9] =
    ["imap::", "local::", "smtp::", "scripted::", "Imap*", "Smtp*", "Scripted*", "LocalRemote", "Remote::"];

/// Names that IMAP alone gives to things. The store's rows, and the old records on the log, have some of them too.
const IMAP_WORDS: [&str; 21] = [
    "Session",
    "uid",
    "uids",
    "uid_next",
    "validity",
    "modseq",
    "highestmodseq",
    "FolderState",
    "IdleEnd",
    "Capabilities",
    "capabilities",
    "expunge",
    "UIDVALIDITY",
    "UIDNEXT",
    "UIDPLUS",
    "HIGHESTMODSEQ",
    "MODSEQ",
    "NOTIFY",
    "QRESYNC",
    "CONDSTORE",
    "INTERNALDATE",
];

/// Where a word is another thing of that name.
const OTHER_THINGS: [(&str, &str); 2] = [
    // The UID of a calendar's event (RFC 5545 section 3.8.4.7).
    ("src/service/invite.rs", "uid"),
    ("src/cli/invite_json.rs", "uid"),
];

/// Returns the code of a file, comments left out.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Tells whether code names a word, the beginning of one, or a path.
fn names_kind(code: &str, word: &str) -> bool {
    if let Some(beginning) = word.strip_suffix('*') {
        return code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part.starts_with(beginning));
    }
    if let Some(path) = word.strip_suffix("::") {
        let follows = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        return code.match_indices(word).any(|(at, _)| follows(at)) || names_in_braces(code, path);
    }
    names_word(code, word)
}

/// Tells whether a `use` of the sync takes a room of that name out of braces.
fn names_in_braces(code: &str, room: &str) -> bool {
    code.split("sync::{").skip(1).any(|rest| {
        let group = rest.split(';').next().unwrap_or_default();
        group.split([',', '{', '}']).any(|part| part.trim() == room)
    })
}

#[test]
fn no_room_asks_which_kind_of_remote_stands_behind_an_account() {
    let mut broken = Vec::new();
    for (name, text) in files("src", "rs") {
        if is_test(&name) || OF_KINDS.iter().any(|place| name.starts_with(place)) {
            continue;
        }
        let code = code(&text);
        broken.extend(KINDS.iter().filter(|word| names_kind(&code, word)).map(|word| format!("{name} names {word}")));
    }
    assert!(broken.is_empty(), "ask the connection, or the account, what it can do:\n{}", broken.join("\n"));
}

#[test]
fn words_of_imap_stand_below_sync_imap_only() {
    let mut broken = Vec::new();
    for (name, text) in files("src", "rs") {
        let above = matches!(room(&name), "sync" | "service" | "app" | "view" | "runtime" | "cli");
        if !above || is_test(&name) || name.starts_with("src/sync/imap") {
            continue;
        }
        let code = code(&text);
        let other = |word: &str| OTHER_THINGS.contains(&(name.as_str(), word));
        let found = IMAP_WORDS.iter().filter(|word| names_word(&code, word) && !other(word));
        broken.extend(found.map(|word| format!("{name}: {word}")));
    }
    assert!(broken.is_empty(), "IMAP's words above it:\n{}", broken.join("\n"));
}

#[test]
fn the_tests_of_kinds_see_every_way_of_naming_one() {
    assert!(
        names_kind("use crate::sync::imap::Session;", "imap::") && names_kind("use super::{imap::x, y};", "imap::")
    );
    assert!(names_kind("use crate::sync::{error, imap, log};", "imap::") && !names_kind("an_imap::x", "imap::"));
    assert!(names_kind("fn f(s: &ImapConnection)", "Imap*") && !names_kind("MyImap", "Imap*"));
    assert!(names_kind("match remote { Remote::Local => {} }", "Remote::"));
    assert!(!names_kind("SyncError::Remote(x)", "Remote::"));
    // The lists would catch nothing where the kinds are called otherwise by now.
    let below: Vec<String> = files("src/sync", "rs").into_iter().map(|(_, text)| code(&text)).collect();
    for word in KINDS {
        assert!(below.iter().any(|code| names_kind(code, word)), "nothing is called {word}");
    }
    let imap: Vec<String> = files("src/sync/imap", "rs").into_iter().map(|(_, text)| code(&text)).collect();
    for word in IMAP_WORDS {
        assert!(imap.iter().any(|code| names_word(code, word)), "nothing is called {word}");
    }
}

#[test]
fn no_file_grows_beyond_what_can_be_read() {
    let long: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|(name, _)| !is_test(name))
        .map(|(name, text)| (name, text.lines().count()))
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "over {LINES_MAX} lines:\n{}", long.join("\n"));
}

/// What only code that speaks SQL holds.
const SQL: [&str; 8] =
    ["rusqlite", "SELECT ", "INSERT INTO", "INSERT OR ", "DELETE FROM", "UPDATE ", "CREATE TABLE", "PRAGMA "];

#[test]
fn sql_stands_in_the_store_only() {
    let mut elsewhere = Vec::new();
    for (name, text) in files("src", "rs").into_iter().filter(|(name, _)| !is_test(name) && room(name) != "store") {
        elsewhere.extend(SQL.iter().filter(|word| text.contains(**word)).map(|word| format!("{name}: {word}")));
    }
    assert!(elsewhere.is_empty(), "SQL outside the store:\n{}", elsewhere.join("\n"));
}

/// Returns what stands behind each comparison of `column` in SQL.
fn compared<'t>(text: &'t str, column: &str) -> Vec<&'t str> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices(column) {
        let whole = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = &text[at + column.len()..];
        let signs = [" = ", " <> ", " IN (", " NOT IN (", " IS "];
        found.extend(signs.iter().filter(|_| whole).find_map(|sign| rest.strip_prefix(sign)));
    }
    found
}

#[test]
fn no_number_or_word_for_a_value_of_the_model_stands_in_sql() {
    let mut broken = Vec::new();
    for (name, text) in files("src/store", "rs").into_iter().filter(|(name, _)| !is_test(name)) {
        for column in ["status", "direction", "origin", "role"] {
            let literal = |rest: &&str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '\'');
            let found = compared(&text, column).into_iter().filter(literal);
            broken.extend(found.map(|rest| format!("{name}: {column} {}", rest.lines().next().unwrap_or_default())));
        }
    }
    assert!(broken.is_empty(), "bind a Code (src/store/code.rs):\n{}", broken.join("\n"));
}

#[test]
fn the_states_of_outgoing_mail_that_sql_names_are_states() {
    let mut seen = 0;
    for (name, text) in files("src/store", "rs").into_iter().filter(|(name, _)| !is_test(name)) {
        for list in compared(&text, "state").into_iter().filter(|rest| rest.starts_with('\'')) {
            let end = list.find([')', '"', '\n']).unwrap();
            for word in list[..end].split('\'').skip(1).step_by(2) {
                let state = serde_json::from_value::<postroom::model::reply::OutState>(word.into());
                assert_eq!(state.map(|state| state.name()).ok(), Some(word), "{name}: state {list:.40}");
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "the test sees only {seen} states");
}

#[test]
fn the_test_of_sql_sees_comparisons() {
    let text = "WHERE c.status = 3 AND m.origin IN (0, 1) AND old_status = 4 AND state NOT IN ('sent')";
    assert_eq!(compared(text, "status")[0].chars().next(), Some('3'));
    assert_eq!(compared(text, "status").len(), 1);
    assert_eq!(compared(text, "origin"), ["0, 1) AND old_status = 4 AND state NOT IN ('sent')"]);
    assert_eq!(compared(text, "state"), ["'sent')"]);
}

/// Returns every function with its number of lines, as rustfmt lays them out: the closing brace stands below the `fn`.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (begin, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.strip_suffix(code).unwrap_or_default();
        let bare =
            ["pub ", "pub(super) ", "pub(crate) ", "const "].iter().fold(code, |c, w| c.strip_prefix(w).unwrap_or(c));
        if let Some(name) = bare.strip_prefix("fn ") {
            let end = lines[begin..].iter().position(|line| *line == format!("{indent}}}"));
            let name = name.split(['(', '<']).next().unwrap_or_default();
            found.extend(end.map(|lines| (name.to_owned(), lines + 1)));
        }
    }
    found
}

#[test]
fn no_function_grows_beyond_what_can_be_read() {
    let mut long = Vec::new();
    for (name, text) in files("src", "rs") {
        let over = functions(&text).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES_MAX);
        long.extend(over.map(|(function, lines)| format!("{name}: {function}: {lines} lines")));
    }
    assert!(long.is_empty(), "over {FUNCTION_LINES_MAX} lines:\n{}", long.join("\n"));
}

#[test]
fn the_function_test_counts_from_the_name_to_the_brace() {
    let text = "impl A {\n    pub fn one(&self) {\n        if x {\n        }\n    }\n}\nfn two<T>() {\n}\n";
    assert_eq!(functions(text), [("one".to_owned(), 4), ("two".to_owned(), 2)]);
}

#[test]
fn no_test_sleeps() {
    // Written in two halves, so that this file does not find itself.
    let sleep = concat!("thread::", "sleep(");
    let all = files("src", "rs").into_iter().filter(|(name, _)| is_test(name)).chain(files("tests", "rs"));
    let sleeping: Vec<String> = all.filter(|(_, text)| text.contains(sleep)).map(|(name, _)| name).collect();
    assert!(sleeping.is_empty(), "wait for what happens, not for time: {}", sleeping.join(", "));
}

/// A program of tests costs a link and its own copy of what the tests share, and runs alone: with 46 of them the whole took a third longer.
/// So there are a few, and a file that no program names would never run.
#[test]
fn every_file_of_tests_belongs_to_one_of_a_few_programs() {
    let all = files("tests", "rs");
    let programs: BTreeSet<&str> = all.iter().filter_map(|(name, _)| name.strip_suffix("/main.rs")).collect();
    assert!(programs.len() <= 5, "{programs:?}");
    let of_none: Vec<&str> = all
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| !name.ends_with("/main.rs"))
        .filter(|name| {
            let (folder, file) = name.rsplit_once('/').unwrap();
            let owners = [format!("{folder}/main.rs"), format!("{folder}/mod.rs")];
            let line = format!("mod {};", file.trim_end_matches(".rs"));
            let path = format!("#[path = \"../{}\"]", name.trim_start_matches("tests/"));
            let is_named = |(owner, text): &(String, String)| {
                text.contains(&path) || owners.contains(owner) && text.lines().any(|l| l.ends_with(&line))
            };
            !all.iter().any(is_named)
        })
        .collect();
    assert_eq!(of_none, Vec::<&str>::new());
}

#[test]
fn every_file_says_why_it_exists() {
    let silent: Vec<String> = files("src", "rs")
        .into_iter()
        .filter(|(name, text)| !is_test(name) && !text.starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "without a header: {}", silent.join(", "));
}

#[test]
fn migrations_are_numbered_without_a_gap_and_all_of_them_run() {
    let migrations = files("src/store/migrations", "sql");
    let connection = std::fs::read_to_string(root().join("src/store/connection.rs")).unwrap();
    for (n, (name, _)) in migrations.iter().enumerate() {
        let file = Path::new(name).file_name().unwrap().to_str().unwrap();
        assert!(file.starts_with(&format!("{:04}_", n + 1)), "{name} is not number {}", n + 1);
        assert!(connection.contains(&format!("migrations/{file}")), "{name} never runs");
    }
    assert!(!migrations.is_empty());
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

#[test]
fn the_key_table_of_the_readme_is_the_keymap() {
    let readme = readme();
    let begin = "<!-- keys: made by `postroom keys --builtin` -->\n";
    let shown = readme.split(begin).nth(1).and_then(|rest| rest.split("<!-- end of keys -->").next()).unwrap();
    let made = postroom::keymap::table_markdown(&postroom::keymap::Keymap::builtin());
    assert_eq!(shown.trim(), made.trim(), "put the output of `postroom keys --builtin` between the marks of README.md");
}

#[test]
fn the_query_language_of_the_readme_is_the_one_that_is_read() {
    let readme = readme();
    let section = readme.split("## The query language").nth(1).unwrap().split("\n## ").next().unwrap();
    for key in postroom::query::KEYS {
        assert!(section.contains(&format!("`{key}:")), "the query language lacks {key}:");
    }
    for (form, meaning) in postroom::query::guide() {
        let row = format!("| `{form}` | {meaning} |");
        assert!(section.contains(&row), "README.md lacks or changes this row:\n{row}");
    }
}

#[test]
fn the_map_of_the_readme_names_every_room() {
    let readme = readme();
    let map = readme.split("## The map of src/").nth(1).unwrap().split("\n## ").next().unwrap();
    let built =
        |room: &str| root().join(format!("src/{room}")).exists() || root().join(format!("src/{room}.rs")).exists();
    for (room, _) in LADDER.iter().filter(|(room, _)| built(room)) {
        assert!(map.contains(&format!("{room}/")) || map.contains(&format!("{room}.rs")), "the map lacks {room}");
    }
}

#[test]
fn every_verb_stands_in_the_readme() {
    let readme = readme();
    for (name, _) in files("src/cli/verbs", "rs") {
        let is_verb = |verb: &&str| !verb.contains('/') && !verb.ends_with("_tests.rs");
        let Some(verb) = name.strip_prefix("src/cli/verbs/").filter(is_verb) else { continue };
        let verb = verb.trim_end_matches(".rs").trim_end_matches("_to");
        assert!(
            readme.contains(&format!("`postroom {verb}")) || readme.contains(&format!("| `{verb}")),
            "README lacks {verb}"
        );
    }
}

/// The methods by which code asks what a text says.
const ASKING: [&str; 12] = [
    ".contains(\"",
    ".starts_with(\"",
    ".ends_with(\"",
    ".strip_prefix(\"",
    ".strip_suffix(\"",
    ".trim_start_matches(\"",
    ".trim_end_matches(\"",
    ".split_once(\"",
    ".replace(\"",
    ".find(\"",
    "== \"",
    "!= \"",
];

/// Rooms that read what others wrote: mail, mail servers, style sheets. There only whole phrases are looked at.
const READERS: [&str; 5] = ["src/mime", "src/thread", "src/sync/imap/", "src/sync/smtp/", "src/sync/log/codec.rs"];

/// Words of protocols and of other programs, by which a file may decide.
const PROTOCOL: &[(&str, &str)] = &[
    ("src/runtime/host.rs", "https://"),
    // OpenSSL gives its errors as text alone.
    ("src/sync/tls.rs", "error:"),
    ("src/sync/tls.rs", "certificate verify failed"),
    ("src/sync/tls.rs", "hostname mismatch"),
    ("src/sync/tls.rs", "ip address mismatch"),
    ("src/runtime/host.rs", "http://"),
    ("src/runtime/host.rs", "mailto:"),
    ("src/view/chat/body.rs", "https://"),
    ("src/runtime/terminal.rs", "xterm"),
    ("src/app/compose/file.rs", "file://"),
    ("src/cli/writing.rs", "{cursor}"),
    ("src/store/log_mail.rs", "compressed"),
    ("src/sync/log/payload.rs", "-- postroom "),
    ("src/sync/log/payload.rs", ", format "),
    ("src/store/testing.rs", "team.example"),
    ("src/store/testing.rs", "To: support@team.example"),
    ("src/sync/smtp/wire.rs", "BEGIN CERTIFICATE"),
    // What OpenSSL says.
    ("src/sync/imap/connect.rs", "hostname mismatch"),
    ("src/sync/imap/quirks.rs", "suggested backoff time:"),
    ("src/sync/imap/quirks.rs", "account exceeded command or bandwidth"),
    ("src/sync/imap/quirks.rs", "too many simultaneous"),
    ("src/sync/imap/quirks.rs", "maximum number of connections"),
    ("src/sync/imap/quirks.rs", "try again later"),
    ("src/sync/imap/quirks.rs", "authenticated but not connected"),
    // How clap begins what it says.
    ("src/cli/mistyped.rs", "error: "),
    // The line of resolv.conf, and what stands for a part of an address of autoconfig.
    ("src/sync/discover/names.rs", "nameserver"),
    ("src/sync/discover.rs", "{domain}"),
    ("src/sync/discover.rs", "{address}"),
    // What terminals call themselves.
    ("src/cli/doctor/terminal.rs", "256color"),
    ("src/cli/doctor/terminal.rs", "-direct"),
    ("src/model/screen_order.rs", "mlterm"),
    ("src/model/screen_order.rs", "xterm-kitty"),
    ("src/model/screen_order.rs", "alacritty"),
    // Names that machines give themselves, and what lists write below a mail.
    ("src/mime/origin.rs", "mail delivery s"),
    ("src/mime/quote.rs", "mailing list"),
];

/// Returns the literals that a text asks for by one of [`ASKING`].
fn asked(code: &str) -> Vec<&str> {
    let behind = |sign: &&'static str| code.split(*sign).skip(1).filter_map(|rest| rest.split('"').next());
    ASKING.iter().flat_map(behind).collect()
}

/// Tells whether a literal has so many words of at least `letters` letters.
fn has_words(literal: &str, words: usize, letters: usize) -> bool {
    literal.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() >= letters).count() >= words
}

#[test]
fn nothing_decides_by_a_sentence() {
    let mut deciding = Vec::new();
    for (name, text) in files("src", "rs") {
        if is_test(&name) || room(&name) == "text" {
            continue;
        }
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let reads = READERS.iter().any(|room| name.starts_with(room));
        for literal in asked(&code) {
            // `==` compares names of the program too, which are one word.
            let spoken = has_words(literal, 2, 2) && literal.contains(' ');
            let told = spoken || !reads && has_words(literal, 1, 4) && !code.contains(&format!("= \"{literal}\""));
            if told && !PROTOCOL.contains(&(name.as_str(), literal)) {
                deciding.push(format!("{name}: {literal:?}"));
            }
        }
    }
    assert!(deciding.is_empty(), "decide by the code of a phrase, or name the protocol here:\n{}", deciding.join("\n"));
}

#[test]
fn the_sentence_test_sees_what_a_text_is_asked_for() {
    let code = "if a.contains(\"is full\") || b.starts_with(\"tagged\") || c == \"x y\" {}";
    assert_eq!(asked(code), ["is full", "tagged", "x y"]);
    assert!(has_words("is full", 2, 2) && has_words("tagged", 1, 4) && !has_words("a/b", 1, 2));
}

#[test]
fn operations_hold_no_sentences() {
    let mut spoken = Vec::new();
    for (name, text) in files("src/op", "rs").into_iter().filter(|(name, _)| !is_test(name)) {
        // What is told to who writes code is no sentence of the program.
        let coders = |line: &str| ["//", "#[must_use"].iter().any(|sign| line.trim_start().starts_with(sign));
        for line in text.lines().filter(|line| !coders(line) && !line.contains("#[error(")) {
            let literals = line.split('"').skip(1).step_by(2);
            spoken.extend(literals.filter(|l| l.contains(' ') && has_words(l, 2, 2)).map(|l| format!("{name}: {l:?}")));
        }
    }
    assert!(spoken.is_empty(), "words are made in text:\n{}", spoken.join("\n"));
}

/// What the screen shows, or comes to it: rooms that say nothing but what the catalogue has.
const SILENT: [&str; 9] = ["app", "view", "keymap", "command", "query", "model", "config", "service", "runtime"];

/// Literals of theirs with several words that are not said: what is typed, kept, or told to who writes code.
const UNSAID: &[(&str, &str)] = &[
    // A line of documentation each, which a test compares with the catalogue.
    ("src/command/action.rs", "*"),
    // Names of months and weekdays, and what is typed for a moment, in other languages.
    ("src/model/language/cldr.rs", "*"),
    ("src/model/when/words.rs", "*"),
    ("src/model/when/foreign.rs", "next week"),
    // What is typed for a moment, or searched for.
    ("src/command/param.rs", "next week"),
    ("src/model/when.rs", "3h, 2d, tomorrow 9, tonight, mon 14:30, next week, 1 dec, 18:00 or 2026-12-01 14:00"),
    ("src/query/guide.rs", "refund order"),
    ("src/model/view.rs", "is:unassigned status:open,in-progress"),
    ("src/model/view.rs", "is:followed -status:closed"),
    ("src/model/view.rs", "status:open -is:snoozed"),
    ("src/model/view.rs", "status:in-progress -is:snoozed"),
    ("src/model/view.rs", "status:waiting -is:snoozed"),
    ("src/model/view.rs", "assignee: is:active"),
    ("src/model/view.rs", "inbox: is:active"),
    ("src/model/view.rs", "tag: is:active"),
    // Words by which a text in another language promises an attachment.
    ("src/service/review.rs", "im anhang"),
    // Names of providers.
    ("src/config/providers.rs", "*"),
    // What programs call folders.
    ("src/service/import/maildir.rs", "*"),
    ("src/service/review.rs", "pièce jointe"),
    // What a test is told that waits in vain.
    ("src/runtime/engine.rs", "an answer of the store stays out"),
    // The table of keys and the config, as files.
    ("src/model/reply.rs", "---------- Forwarded message ----------"),
    ("src/keymap/table.rs", "### \\n\\n| key | action | does |\\n|---|---|---|\\n"),
    ("src/config/show.rs", "# password = (not shown)\\n"),
    ("src/config/oauth2.rs", "# client_secret = (not shown)\\n"),
];

/// Returns a literal without what is filled in.
fn without_holes(literal: &str) -> String {
    let mut depth = 0;
    let keeps = |c: &char| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => return depth == 0,
        }
        false
    };
    literal.chars().filter(keeps).collect()
}

#[test]
fn verbs_tell_nothing_that_the_catalogue_lacks() {
    let mut spoken = Vec::new();
    for (name, text) in files("src/cli", "rs").into_iter().filter(|(name, _)| !is_test(name)) {
        for call in ["out.talk(", "out.warn(", "out.hint("] {
            for (_, told) in text.match_indices(call).map(|(at, _)| text.split_at(at)) {
                let told = told.split(';').next().unwrap_or_default();
                let literals = told.split('"').skip(1).step_by(2).map(without_holes);
                let said = literals.filter(|l| l.contains(' ') && has_words(l, 1, 2) && l != "postroom: ");
                spoken.extend(said.map(|l| format!("{name}: {l:?}")));
            }
        }
    }
    assert!(spoken.is_empty(), "write it into src/text/en.ftl, and say it with say!:\n{}", spoken.join("\n"));
}

#[test]
fn the_screen_says_nothing_that_the_catalogue_lacks() {
    let (mut spoken, mut met) = (Vec::new(), BTreeSet::new());
    let silent = |name: &String| !is_test(name) && SILENT.contains(&room(name));
    for (name, text) in files("src", "rs").into_iter().filter(|(name, _)| silent(name)) {
        let coders = |line: &str| ["//", "#["].iter().any(|sign| line.trim_start().starts_with(sign));
        for line in text.lines().filter(|line| !coders(line)).map(|line| line.replace("'\"'", "' '")) {
            let literals = line.split('"').skip(1).step_by(2).map(without_holes);
            for said in literals.filter(|l| l.contains(' ') && has_words(l, 2, 2)) {
                match UNSAID.iter().find(|(file, what)| *file == name && (*what == said || *what == "*")) {
                    Some(unsaid) => drop(met.insert(unsaid)),
                    None => spoken.push(format!("{name}: {said:?}")),
                }
            }
        }
    }
    assert!(spoken.is_empty(), "write it into src/text/en.ftl, and say it with say!:\n{}", spoken.join("\n"));
    let stale: Vec<_> = UNSAID.iter().filter(|unsaid| !met.contains(unsaid)).collect();
    assert!(stale.is_empty(), "these stand nowhere: {stale:?}");
}
