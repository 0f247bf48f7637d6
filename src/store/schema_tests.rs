use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::connection::{MIGRATIONS, SCHEMA};

/// Each table, index, view and trigger by its kind and name, with its statement without comments and blanks: columns that a migration added
/// stand on the last line.
fn things(db: &Connection) -> BTreeMap<(String, String), String> {
    let mut find = db.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema").unwrap();
    let found = find.query_map([], |row| {
        let sql: String = row.get(2)?;
        let code: String = sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
        Ok(((row.get(0)?, row.get(1)?), code.chars().filter(|letter| !letter.is_whitespace()).collect()))
    });
    found.unwrap().collect::<Result<_, _>>().unwrap()
}

fn rows(db: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut all = db.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
    let columns = all.column_count();
    let found = all.query_map([], |row| (0..columns).map(|at| row.get(at)).collect());
    found.unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_new_store_is_what_all_migrations_make() {
    let (made, migrated) = (Connection::open_in_memory().unwrap(), Connection::open_in_memory().unwrap());
    made.execute_batch(SCHEMA).unwrap();
    MIGRATIONS.iter().for_each(|sql| migrated.execute_batch(sql).unwrap());
    let all = things(&migrated);
    for (what, sql) in &all {
        assert_eq!(things(&made).get(what), Some(sql), "{what:?} in schema.sql is not what the migrations make");
    }
    assert_eq!(things(&made).len(), all.len(), "schema.sql makes more than the migrations");
    let is_table =
        |((kind, _), sql): &(&(String, String), &String)| kind == "table" && !sql.starts_with("CREATEVIRTUAL");
    for ((_, table), _) in all.iter().filter(is_table) {
        assert_eq!(rows(&made, table), rows(&migrated, table), "the rows of a new {table}");
    }
}
