use std::process::Command;

use crate::environment::Environment;

#[test]
fn the_store_s_names_are_offered() {
    let env = Environment::demo();
    let mut said = String::new();
    let long: [&[&str]; 6] = [
        &["list", "tag:b"],
        &["assign", ""],
        &["move", ""],
        &["export", "is:any", "--format", ""],
        &["list", "status:closed", "assignee:"],
        &["exp"],
    ];
    for words in long {
        let args = [&["completions", "fish", "--"], words].concat();
        said.push_str(&format!("$ {}\n{}", words.join(" "), env.run(&args)));
    }
    insta::assert_snapshot!(said);
    let ids = env.run(&["completions", "zsh", "--", "show", ""]);
    assert!(ids.stdout.lines().any(|line| line.ends_with(":Refund for order 4398")), "{ids}");
    assert!(ids.stdout.contains("assignee\\:\n"), "zsh divides at the first colon: {ids}");
}

#[test]
fn a_completion_makes_no_store_and_says_nothing_where_there_is_none() {
    let env = Environment::new();
    let config = env.write("broken.toml", "this is no config");
    for words in [
        &["list", "tag:"][..],
        &["show", "7"],
        &["--config", config.to_str().unwrap(), "assign", "x"],
        &["nonsense", ""],
    ] {
        let said = env.run(&[&["completions", "bash", "--"], words].concat());
        assert_eq!((said.stdout.as_str(), said.stderr.as_str(), said.status), ("", "", 0), "{words:?}");
    }
    let said = env.run(&["completions", "bash", "--", "list", "status:o"]);
    assert_eq!((said.stdout.as_str(), said.stderr.as_str(), said.status), ("status:open\n", "", 0));
    assert!(!env.path("store").exists(), "nothing is made");
}

#[test]
fn the_store_that_the_line_names_is_asked() {
    let env = Environment::demo();
    std::fs::rename(env.path("store"), env.path("other")).unwrap();
    assert_eq!(env.run(&["completions", "bash", "--", "list", "tag:rec"]).stdout, "");
    let other = env.path("other");
    let said = env.run(&["completions", "bash", "--", "--store", other.to_str().unwrap(), "list", "tag:rec"]);
    assert_eq!(said.stdout, "tag:recall\n");
}

#[test]
fn bash_completes_behind_a_colon() {
    let env = Environment::demo();
    let script = env.write("postroom.bash", &env.run(&["completions", "bash"]).stdout);
    let program = env!("CARGO_BIN_EXE_postroom");
    // As bash hands over a line: divided at : and =, the last word up to the cursor.
    let lines = [
        ("list status:", "list status :"),
        ("list is:any tag:rec", "list is : any tag : rec"),
        ("list tag:recall,reb", "list tag : recall,reb"),
        ("list tag:recall,bil", "list tag : recall,bil"),
        ("export x --format=mb", "export x --format = mb"),
        ("ass", "ass"),
        ("list 'tag:rec", "list 'tag : rec"),
    ];
    let mut body = format!("source {}\n", script.display());
    for (line, words) in lines {
        let quoted: Vec<String> = words.split(' ').map(|word| format!("\"{word}\"")).collect();
        body.push_str(&format!(
            "COMP_WORDS=('{program}' {}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             COMP_LINE=\"{program} {line}\"; COMP_POINT=${{#COMP_LINE}}\n\
             _postroom; echo \"{line}: ${{COMPREPLY[*]}}\"\n",
            quoted.join(" ")
        ));
    }
    let file = env.write("try.bash", &body);
    let mut command = Command::new("bash");
    let as_ours = env.command(&[]);
    let variables = as_ours.get_envs().filter_map(|(name, value)| Some((name, value?)));
    command.env_clear().envs(variables).arg("--norc").arg(file).current_dir(env.path(""));
    if Command::new("bash").arg("--version").output().is_err() {
        println!("skipped: there is no bash");
        return;
    }
    insta::assert_snapshot!(env.run_with(command, ""));
}

#[test]
fn each_shell_has_a_script() {
    let env = Environment::new();
    for shell in ["bash", "zsh", "fish"] {
        let said = env.run(&["completions", shell]);
        assert!(said.status == 0 && said.stdout.contains(&format!("completions {shell} -- ")), "{said}");
    }
    insta::assert_snapshot!(env.run(&["completions", "--help"]).stdout.lines().take(12).collect::<Vec<_>>().join("\n"));
    assert_eq!(env.run(&["completions", "tcsh"]).status, 2);
}

/// The files of the store, with their bytes.
fn files(env: &Environment) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(env.path("store"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

#[test]
fn a_store_of_an_older_version_stays_as_it_is() {
    let env = Environment::demo();
    let kept = std::fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/stores/v24.db.zst")).unwrap();
    std::fs::write(env.path("store/postroom.db"), zstd::stream::decode_all(kept).unwrap()).unwrap();
    let before = files(&env);
    for words in [&["list", "tag:"][..], &["show", ""], &["assign", ""]] {
        let said = env.run(&[&["completions", "bash", "--"], words].concat());
        assert_eq!((said.stderr.as_str(), said.status), ("", 0), "{words:?}");
        // Agents are in the config, keys of queries in the program.
        assert!(said.stdout.lines().all(|line| line.ends_with(':') || words[0] == "assign"), "{said}");
    }
    assert!(files(&env) == before, "{:?}", files(&env).iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    assert_eq!(env.run(&["count", "is:any"]).status, 0, "a verb brings it up to date");
    assert!(files(&env) != before);
}

#[test]
fn completing_changes_no_byte_of_a_store() {
    let env = Environment::demo();
    let before = files(&env);
    let said = env.run(&["completions", "bash", "--", "list", "tag:rec"]);
    assert_eq!(said.stdout, "tag:recall\n");
    assert!(files(&env) == before, "{:?}", files(&env).iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
}

#[test]
fn a_script_is_installed_where_its_shell_looks_and_writes_over_nothing_foreign() {
    let env = Environment::new();
    for (shell, file) in [
        ("bash", "home/.local/share/bash-completion/completions/postroom"),
        ("zsh", "home/.local/share/zsh/site-functions/_postroom"),
        ("fish", "home/.config/fish/completions/postroom.fish"),
    ] {
        let file = env.path(file);
        let said = env.run(&["completions", shell, "--install"]);
        assert_eq!(
            (said.status, said.stdout.trim_end().rsplit('/').next()),
            (0, file.file_name().unwrap().to_str()),
            "{said}"
        );
        assert_eq!(std::fs::read_to_string(&file).unwrap(), env.run(&["completions", shell]).stdout);
        // One of an older version gives way; it has the same head.
        let older: String = env.run(&["completions", shell]).stdout.lines().take(2).collect::<Vec<_>>().join("\n");
        std::fs::write(&file, older).unwrap();
        assert_eq!(env.run(&["completions", shell, "--install"]).status, 0);
        std::fs::write(&file, "alias postroom=true\n").unwrap();
        let said = env.run(&["completions", shell, "--install"]);
        assert!(said.status == 4 && said.stderr.contains("none of postroom's"), "{said}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "alias postroom=true\n");
    }
}
