//! The program's own log: a file in the data folder, never the terminal, which belongs to the screen.
//!
//! What is written there must hold no password, token or mail text: rooms log names, numbers and the server's words only.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::filter::LevelFilter;

/// The file is begun anew when it has grown to this many bytes.
const SIZE_MAX: u64 = 16 << 20;

/// Opens the log file of the data folder `dir`. `level` is the value of `POSTROOM_LOG`: `off`, `error`, `warn`, `info`, `debug` or
/// `trace`; `info` where there is none. A log that can't be opened is no reason to stop, so nothing is said.
pub fn start(dir: &Path, level: Option<&str>) {
    let level = level.and_then(|word| word.trim().parse().ok()).unwrap_or(LevelFilter::INFO);
    if level == LevelFilter::OFF || !dir.is_dir() {
        return;
    }
    let Some(file) = open(&dir.join("postroom.log")) else { return };
    let subscriber =
        tracing_subscriber::fmt().with_max_level(level).with_ansi(false).with_writer(Mutex::new(file)).finish();
    // Only the first call of a process counts: a second would be a test's.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

fn open(path: &Path) -> Option<File> {
    if std::fs::metadata(path).is_ok_and(|meta| meta.len() > SIZE_MAX) {
        // Two processes may do so at once; the one that is late renames the new file, and a little of the old log is lost.
        let _ = std::fs::rename(path, path.with_extension("log.old"));
    }
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path).ok()
}
