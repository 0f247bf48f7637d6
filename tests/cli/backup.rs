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

#[test]
fn a_store_that_was_put_back_is_never_replaced() {
    let env = sample();
    assert_eq!(env.run(&["backup", "out", "--quiet"]).status, 0);
    // Put back for good: the store itself has the list of the backup in it.
    fs::copy(env.path("out/backup.json"), env.path("store/backup.json")).unwrap();
    for path in ["store", "store/", "./home/../store"] {
        let said = env.run(&["backup", path, "--overwrite"]);
        assert_eq!(said.status, 2, "{path}: {said}");
        assert!(said.stderr.contains("is a store that somebody works with"), "{path}: {said}");
    }
    // And elsewhere, where another program works with it.
    assert_eq!(env.run(&["note", "precious", "tag:recall", "--store", "out", "--offline"]).status, 0);
    let said = env.run(&["backup", "out", "--overwrite"]);
    assert!(said.status == 2 && said.stderr.contains("is a store that somebody works with"), "{said}");
    assert!(env.run(&["show", "tag:recall", "--store", "out"]).stdout.contains("precious"));
    assert!(!env.path("out.part").exists());
}

#[test]
fn whatever_moment_a_backup_is_interrupted_at_the_next_one_goes_on() {
    let env = sample();
    let well = |args: &[&str]| {
        let said = env.run(args);
        assert_eq!(said.status, 0, "{args:?}: {said}");
        assert_eq!(env.run(&["backup", "out", "--check"]).status, 0);
        assert!(!env.path("out.part").exists() && !env.path("out/.postroom-backup").exists());
    };
    // Before the mark stands.
    fs::create_dir(env.path("out.part")).unwrap();
    well(&["backup", "out", "--quiet"]);
    // When it is whole, and not in its place.
    fs::rename(env.path("out"), env.path("out.part")).unwrap();
    well(&["backup", "out", "--quiet"]);
    // Between the two moves.
    fs::write(env.path("out/.postroom-backup"), "").unwrap();
    fs::rename(env.path("out"), env.path("out.old")).unwrap();
    let there = env.run(&["backup", "out"]);
    assert!(there.status == 2 && env.path("out/backup.json").exists(), "the old one is back: {there}");
    assert!(!env.path("out.old").exists());
    // Behind them.
    fs::create_dir(env.path("out.old")).unwrap();
    fs::write(env.path("out.old/.postroom-backup"), "").unwrap();
    well(&["backup", "out", "--overwrite", "--quiet"]);
    assert!(!env.path("out.old").exists());
    // One that somebody put away under this name is theirs, and in nobody's way.
    assert_eq!(env.run(&["backup", "out.old", "--quiet"]).status, 0);
    well(&["backup", "out", "--overwrite", "--quiet"]);
    assert_eq!(env.run(&["backup", "out.old", "--check"]).status, 0);
}

#[test]
fn of_backups_that_race_for_one_place_each_is_whole_or_refused() {
    let env = sample();
    for more in [&[][..], &["--overwrite"]] {
        let args = [&["backup", "out", "--quiet"], more].concat();
        let running: Vec<_> =
            (0..6).map(|_| env.command(&args).stderr(std::process::Stdio::null()).spawn().unwrap()).collect();
        let codes: Vec<_> = running.into_iter().map(|mut one| one.wait().unwrap().code().unwrap()).collect();
        assert!(codes.contains(&0), "{codes:?}");
        // 2: there is one already; 4: another one is being written there.
        assert!(codes.iter().all(|code| *code == 0 || *code == 4 || (*code == 2 && more.is_empty())), "{codes:?}");
        assert_eq!(env.run(&["backup", "out", "--check"]).status, 0);
        assert!(!env.path("out.part").exists() && !env.path("out.old").exists());
        assert!(!env.path("out/.postroom-backup").exists());
    }
}

#[test]
fn a_damaged_list_with_sizes_beyond_all_bounds_is_told() {
    let env = sample();
    assert_eq!(env.run(&["backup", "out", "--quiet"]).status, 0);
    let list = fs::read_to_string(env.path("out/backup.json")).unwrap();
    let huge =
        |line: &str| if line.contains("\"size\"") { format!("\"size\": {},", u64::MAX) } else { line.to_owned() };
    fs::write(env.path("out/backup.json"), list.lines().map(huge).collect::<Vec<_>>().join("\n")).unwrap();
    let said = env.run(&["backup", "out", "--check", "--json"]);
    assert!(said.status == 5 && said.stdout.contains(&u64::MAX.to_string()), "{said}");
}
