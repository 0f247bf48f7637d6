//! Which version it is: the same words for the same sources.

use std::path::Path;
use std::process::Command;

use crate::environment::Environment;

#[path = "../../src/build.rs"]
#[allow(dead_code)]
mod build;

fn git(dir: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.arg("-C").arg(dir).args(["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"]);
    let done = git.args(args).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_commit_is_named_where_the_sources_are_of_a_repository_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    assert_eq!(build::commit(root), None, "a tarball");
    git(root, &["init", "-q"]);
    assert_eq!(build::commit(root), None, "no commit yet");
    std::fs::write(root.join("a"), "one").unwrap();
    git(root, &["add", "a"]);
    git(root, &["commit", "-q", "-m", "one"]);
    let commit = build::commit(root).unwrap();
    assert!(commit.len() == 12 && commit.chars().all(|c| c.is_ascii_hexdigit()), "{commit}");
    assert_eq!(build::commit(root), Some(commit.clone()));
    std::fs::write(root.join("untracked"), "").unwrap();
    assert_eq!(build::commit(root), Some(commit.clone()));
    std::fs::write(root.join("a"), "two").unwrap();
    assert_eq!(build::commit(root), Some(format!("{commit}+")));
    let within = root.join("tarball");
    std::fs::create_dir(&within).unwrap();
    assert_eq!(build::commit(&within), None, "a tarball within somebody's repository");
    assert_eq!(build::version_of("1.2.3", Some(&commit)), format!("1.2.3 ({commit})"));
    assert_eq!(build::version_of("1.2.3", None), "1.2.3");
}

#[test]
fn the_version_is_that_of_the_package() {
    let said = Environment::new().run(&["--version"]);
    let of_package = format!("postroom {}", env!("CARGO_PKG_VERSION"));
    let rest = said.stdout.trim_end().strip_prefix(&of_package).unwrap_or_else(|| panic!("{said}"));
    assert!(rest.is_empty() || rest.starts_with(" ("), "{said}");
}
