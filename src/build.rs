//! Says which version this is: that of the package, and in a release build from a git tree the commit too. Nothing else of the machine or the
//! moment goes in, so that the same sources give the same words. Other builds are without the commit: each commit would build all anew.

#![allow(clippy::print_stdout, reason = "what a build script prints is what cargo reads")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What goes into the program: where one of these changes, it may be of no commit any more.
const SOURCES: [&str; 5] = ["src", "keymaps", "themes", "Cargo.toml", "Cargo.lock"];

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo::rerun-if-changed=src/build.rs");
    let commit = if is_release { commit(&root) } else { None };
    if commit.is_some() {
        // Another commit, or other sources; git's index changes with neither.
        let of_git = ["HEAD", "logs/HEAD"].iter().filter_map(|name| git(&root, &["rev-parse", "--git-path", name]));
        let of_sources = SOURCES.iter().map(|&name| name.to_owned());
        let watched = of_git.chain(of_sources).map(|path| root.join(path)).filter(|path| path.exists());
        watched.for_each(|path| println!("cargo::rerun-if-changed={}", path.display()));
    }
    println!("cargo::rustc-env=POSTROOM_VERSION={}", version_of(&version, commit.as_deref()));
}

/// Returns the version as it is shown.
pub fn version_of(version: &str, commit: Option<&str>) -> String {
    commit.map_or(version.to_owned(), |commit| format!("{version} ({commit})"))
}

/// Returns the commit that the sources in `root` are of, with `+` where they were changed since. `None` where they are of no repository of
/// their own: a tarball, also one that was unpacked within somebody's repository.
pub fn commit(root: &Path) -> Option<String> {
    let top = PathBuf::from(git(root, &["rev-parse", "--show-toplevel"])?);
    if top.canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    let commit = git(root, &["rev-parse", "--short=12", "HEAD"])?;
    // Without the locks it leaves the index as it is: a look changes nothing.
    let status = ["--no-optional-locks", "status", "--porcelain", "--untracked-files=no"];
    let is_changed = git(root, &status).is_none_or(|changed| !changed.is_empty());
    Some(if is_changed { format!("{commit}+") } else { commit })
}

/// Runs git and returns the first line of what it prints; `None` where it is not there, or says no.
fn git(root: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(args).output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?.lines().next().unwrap_or_default().to_owned();
    output.status.success().then_some(line)
}
