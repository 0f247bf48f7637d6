//! Mail that others have collected, where it lies beside the project.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Unpacks one archive, `bounces/mails.tar.zst`, into a folder of its own; `None`, and a line that says so, where it is not on this machine.
pub fn unpacked(archive: &str) -> Option<TempDir> {
    let source = found(archive)?;
    let target = tempfile::tempdir().unwrap();
    unpack(&source, target.path());
    Some(target)
}

/// Unpacks all archives of a category into one folder, likewise.
pub fn category(name: &str) -> Option<TempDir> {
    let source = found(name)?;
    let target = tempfile::tempdir().unwrap();
    for archive in files(&source).iter().filter(|file| file.to_string_lossy().ends_with(".tar.zst")) {
        unpack(archive, target.path());
    }
    Some(target)
}

/// All files below a folder, in order; none where it is missing.
pub fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn found(name: &str) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    if !source.exists() {
        println!("skipped: no corpora at {}", source.display());
        return None;
    }
    Some(source)
}

fn unpack(archive: &Path, target: &Path) {
    let done = Command::new("tar").arg("--zstd").arg("-xf").arg(archive).arg("-C").arg(target).status();
    assert!(done.is_ok_and(|status| status.success()), "tar can't unpack {}", archive.display());
}

/// Splits an mbox; a file that is none is one mail.
pub fn mails(bytes: &[u8]) -> Vec<&[u8]> {
    if !bytes.starts_with(b"From ") {
        return vec![bytes];
    }
    let mut starts = vec![0];
    let mut at = 0;
    while let Some(next) = memchr::memmem::find(&bytes[at..], b"\n\nFrom ").map(|n| at + n) {
        starts.push(next + 2);
        at = next + 2;
    }
    starts.push(bytes.len());
    starts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}
