use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::environment::Environment;

/// Every file below a folder, by its path within it.
fn files(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
                found.push(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_conversation_is_exported_in_each_form() {
    let env = Environment::demo();
    insta::assert_snapshot!("mbox", env.run(&["export", "tag:recall", "--format", "mbox"]));
    insta::assert_snapshot!("markdown", env.run(&["export", "subject:4398", "--format", "markdown"]));
    insta::assert_snapshot!("csv", env.run(&["export", "tag:press", "--format", "csv"]));
    insta::assert_snapshot!("messages", env.run(&["export", "tag:recall", "--format", "csv", "--rows", "messages"]));
    insta::assert_snapshot!("history", env.run(&["export", "tag:recall", "--format", "csv", "--rows", "history"]));
    let json = env.run(&["export", "tag:recall", "--format", "json"]);
    assert_eq!(json.stdout, env.run(&["show", "tag:recall", "--json"]).stdout, "one shape for both");
}

#[test]
fn a_folder_of_mails_has_names_that_say_what_is_in_it() {
    let env = Environment::demo();
    let said = env.run(&["export", "tag:press", "--format", "eml", "--to", "out", "--json"]);
    let files = files(&env.path("out"));
    insta::assert_snapshot!(format!("{said}\n{}", files.join("\n")));
    let mail = files.iter().find(|name| name.ends_with(".eml")).unwrap();
    let bytes = fs::read_to_string(env.path("out").join(mail)).unwrap();
    assert!(bytes.contains("\r\nSubject: ") && bytes.contains("\r\n\r\n"), "{bytes}");
}

#[test]
fn everything_is_exported_and_what_is_there_is_not_replaced_without_being_told() {
    let env = Environment::demo();
    let mut said = String::new();
    let long: [&[&str]; 6] = [
        &["export", "is:any", "--format", "markdown", "--to", "pages", "--json"],
        &["export", "is:any", "--format", "markdown", "--to", "pages"],
        &["export", "is:any", "--format", "json", "--to", "all.json"],
        &["export", "tag:billing", "--format", "json", "--to", "all.json"],
        &["export", "tag:billing", "--format", "json", "--to", "all.json", "--overwrite", "--quiet"],
        &["export", "tag:billing", "--format", "json", "--to", "no/such/folder.json"],
    ];
    for args in long {
        said.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    insta::assert_snapshot!(said);
    let count = env.run(&["count", "is:any"]).stdout.trim().to_owned();
    assert_eq!(files(&env.path("pages")).len().to_string(), count);
}

#[test]
fn an_export_that_was_interrupted_goes_on_with_the_same_command_only() {
    let env = Environment::demo();
    let whole = env.run(&["export", "is:any", "--format", "csv", "--to", "whole.csv"]);
    assert_eq!(whole.status, 0, "{whole}");
    let whole = fs::read(env.path("whole.csv")).unwrap();
    // As a process leaves it that was killed in the second row.
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[..*at].ends_with(b"\r\n")).collect();
    let first = env.run(&["list", "is:any", "-n", "1", "--json"]);
    let first: serde_json::Value = serde_json::from_str(&first.stdout).unwrap();
    fs::write(env.path("all.csv.part"), &whole[..ends[1] + 7]).unwrap();
    let note = format!(
        "{{\"export\":1,\"what\":\"csv conversations is:any\"}}\n{} {}\n",
        first["id"].as_str().unwrap(),
        ends[1]
    );
    fs::write(env.path("all.csv.part.done"), note).unwrap();
    let other = env.run(&["export", "tag:billing", "--format", "csv", "--to", "all.csv"]);
    let same = env.run(&["export", "is:any", "--format", "csv", "--to", "all.csv", "--json"]);
    insta::assert_snapshot!(format!("{other}{same}"));
    assert_eq!(fs::read(env.path("all.csv")).unwrap(), whole);
    assert!(!env.path("all.csv.part").exists() && !env.path("all.csv.part.done").exists());
}

#[test]
fn what_can_t_be_exported_is_told() {
    let env = Environment::demo();
    let mut said = String::new();
    let long: [&[&str]; 6] = [
        &["export", "is:any", "--format", "eml"],
        &["export", "is:any", "--format", "mbox", "--rows", "messages"],
        &["export", "tag:nobody-has-this", "--format", "mbox"],
        &["export", "is:any", "--format", "table"],
        &["export", "is:any"],
        &["list", "--format", "mbox"],
    ];
    for args in long {
        said.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn what_can_t_be_written_ends_with_five_and_a_closed_pipe_quietly() {
    let env = Environment::demo();
    fs::create_dir(env.path("read-only")).unwrap();
    fs::create_dir(env.path("read-only/x.json.part")).unwrap();
    let said = env.run(&["export", "is:any", "--format", "json", "--to", "read-only/x.json", "--overwrite"]);
    assert_eq!(said.status, 5, "{said}");
    let mut child = env.command(&["export", "is:any", "--format", "mbox"]);
    let mut child = child.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn help_tells_how_an_export_is_made() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["export", "--help"]));
}
