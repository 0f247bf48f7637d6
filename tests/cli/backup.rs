use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::environment::Environment;

/// Every file below a folder with its mode, and each folder.
fn listed(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let mode = path.metadata().unwrap().permissions().mode() & 0o777;
            found.push(format!("{mode:o} {}", path.strip_prefix(root).unwrap().display()));
            if path.is_dir() {
                open.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A sample with what people write beside the config.
fn sample() -> Environment {
    let env = Environment::demo();
    for (folder, file) in
        [("keymaps", "mine.toml"), ("themes", "dusk.toml"), ("replies", "thanks.md"), ("replies", "notes.txt")]
    {
        fs::create_dir_all(env.path("store").join(folder)).unwrap();
        fs::write(env.path("store").join(folder).join(file), "# nothing\n").unwrap();
    }
    env
}

/// What is the same wherever the sample lies.
fn said(env: &Environment, args: &[&str]) -> String {
    let digits = |word: &str| word.chars().all(|c| c.is_ascii_digit());
    let told = env.run(args).to_string();
    let told: Vec<String> = told
        .split_inclusive("\"size\":")
        .map(|part| {
            let (number, rest) = part.split_once(',').unwrap_or(("", part));
            if number.is_empty() || !digits(number) { part.to_owned() } else { format!("SIZE,{rest}") }
        })
        .collect();
    format!("$ {}\n{}", args.join(" "), told.concat())
}

#[test]
fn a_backup_is_made_looked_at_and_replaced_only_when_that_is_said() {
    let env = sample();
    let steps: [&[&str]; 10] = [
        &["backup", "out", "--json"],
        &["backup", "out", "--check", "--json"],
        &["backup", "out"],
        &["backup", "out", "--overwrite"],
        &["backup", "out", "--check"],
        &["backup", "store", "--overwrite"],
        &["backup", "home", "--check"],
        &["backup", "no/such/folder"],
        &["backup", ".."],
        &["backup", "out", "--check", "--overwrite"],
    ];
    let told: String = steps.iter().map(|args| said(&env, args)).collect();
    insta::assert_snapshot!(told);
    insta::assert_snapshot!("files", listed(&env.path("out")).join("\n"));
    assert_eq!(env.path("out").metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert!(!env.path("out.part").exists() && !env.path("out.old").exists());
    // It stands in for the store.
    let list = |store: &str| env.run(&["list", "is:any", "--store", store]).stdout;
    assert_eq!(list("out"), list("store"));
}

#[test]
fn a_backup_that_is_damaged_was_changed_or_lacks_something_is_told() {
    let env = sample();
    assert_eq!(env.run(&["backup", "out", "--quiet"]).status, 0);
    fs::write(env.path("out/replies/thanks.md"), "# other\n").unwrap();
    fs::remove_file(env.path("out/keymaps/mine.toml")).unwrap();
    let mut told = said(&env, &["backup", "out", "--check"]);
    // One letter of a mail, as a disk forgets it: SQLite itself sees nothing wrong.
    let file = env.path("out/postroom.db");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, &bytes).unwrap();
    told.push_str(&said(&env, &["backup", "out", "--check", "--json"]));
    fs::write(&file, "").unwrap();
    told.push_str(&said(&env, &["backup", "out", "--check"]));
    let list = fs::read_to_string(env.path("out/backup.json")).unwrap();
    fs::write(env.path("out/backup.json"), list.replace("\"backup\": 1", "\"backup\": 9")).unwrap();
    told.push_str(&said(&env, &["backup", "out", "--check"]));
    insta::assert_snapshot!(told);
}

#[test]
fn what_an_interrupted_backup_left_is_taken_away_by_the_next() {
    let env = sample();
    fs::create_dir_all(env.path("out.part/replies")).unwrap();
    fs::write(env.path("out.part/replies/old.md"), "").unwrap();
    let other = env.run(&["backup", "out"]);
    assert_eq!(other.status, 2, "a folder of this name may be somebody's: {other}");
    fs::write(env.path("out.part/.postroom-backup"), "").unwrap();
    fs::write(env.path("out.part/postroom.db"), "half").unwrap();
    let said = env.run(&["backup", "out"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(!env.path("out/replies/old.md").exists() && !env.path("out.part").exists());
    assert_eq!(env.run(&["backup", "out", "--check"]).status, 0);
}

#[test]
fn one_backup_at_a_time_is_written_to_a_place() {
    let env = sample();
    fs::create_dir(env.path("out.part")).unwrap();
    let held = fs::File::create(env.path("out.part/.postroom-backup")).unwrap();
    held.try_lock().unwrap();
    let said = env.run(&["backup", "out"]);
    assert_eq!(said.status, 4, "{said}");
    assert!(!env.path("out").exists());
    held.unlock().unwrap();
    assert_eq!(env.run(&["backup", "out"]).status, 0);
}

#[test]
fn a_list_that_names_files_outside_reads_none_of_them() {
    let env = sample();
    assert_eq!(env.run(&["backup", "out", "--quiet"]).status, 0);
    let list = fs::read_to_string(env.path("out/backup.json")).unwrap();
    fs::write(env.path("out/backup.json"), list.replace("config.toml", "../home/config.toml")).unwrap();
    let said = env.run(&["backup", "out", "--check"]);
    assert!(said.status == 5 && said.stderr.contains("../home/config.toml"), "{said}");
}
