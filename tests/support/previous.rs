//! The program of the version before this one, built from its commit: it shares one log with this one in the tests.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The last commit whose log mails bear no signature.
const COMMIT: &str = "973a4d0960";

/// Returns the program, or says why it can't be had: a copy of the sources without their history has no older version.
pub fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = PROGRAM.get_or_init(|| {
        let built = build();
        if let Err(why) = &built {
            eprintln!("skipped: the program of {COMMIT} can't be built: {why}");
        }
        built.ok()
    });
    built.as_deref()
}

fn build() -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = root.join("target/previous");
    let sources = place.join("src");
    std::fs::create_dir_all(&sources).map_err(|error| error.to_string())?;
    let archive = place.join("src.tar");
    let mut git = Command::new("git");
    run(git.current_dir(root).args(["archive", "-o"]).arg(&archive).arg(COMMIT))?;
    run(Command::new("tar").arg("-xf").arg(&archive).arg("-C").arg(&sources))?;
    let build = place.join("target");
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    let own = test.parent().and_then(Path::parent).ok_or("no folder of the program")?;
    // What both versions depend on is compiled once. Where it can't be linked, cargo compiles it again.
    for part in ["build", "deps", ".fingerprint"] {
        let _ = link(&own.join(part), &build.join("debug").join(part));
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(&sources).args(["build", "--quiet", "--locked", "--bin", "postroom", "--target-dir"]).arg(&build);
    run(&mut cargo)?;
    Ok(build.join("debug/postroom"))
}

/// Links the files of a folder, and of those within it, but for what is of this program itself.
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (name, place) = (entry.file_name(), to.join(entry.file_name()));
        if name.to_string_lossy().contains("postroom") || place.exists() {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => link(&entry.path(), &place)?,
            false => std::fs::hard_link(entry.path(), &place)?,
        }
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))
}
