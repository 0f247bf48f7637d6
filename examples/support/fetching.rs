//! A mailbox on a Dovecot of one's own, and who fetches it: postroom and mbsync.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::servers::dovecot::Dovecot;

/// Set for a process that is to be postroom itself.
pub const PLAY_POSTROOM: &str = "POSTROOM_BENCH_PLAYS_POSTROOM";

/// Tells whether this process is to be postroom: then it is all that the process does.
pub fn plays_postroom() -> bool {
    std::env::var_os(PLAY_POSTROOM).is_some()
}

/// Makes an empty Maildir.
pub fn maildir(dir: &Path) {
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(dir.join(part)).expect("maildir");
    }
}

/// Gives files to the user that Dovecot runs as when it was started by root.
pub fn own(path: &Path) {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    chown(path, Some(65534), Some(65534)).expect("chown");
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("dir") {
            own(&entry.expect("entry").path());
        }
    }
}

/// The config of somebody whose one inbox is at an account.
fn config(account: &str) -> String {
    format!(
        "[me]\nhandle = \"bench\"\n\n[agent.bob]\nname = \"Bob Dale\"\n\n{account}\n[inbox.bench]\naddress = \"bench@example.com\"\n\
         account = \"main\"\n\n[ui]\nsort = \"activity\"\n"
    )
}

/// Postroom with a store of its own, at a mailbox of the server's.
pub struct Ours {
    dir: PathBuf,
}

impl Ours {
    /// Makes the folder; nothing is fetched yet.
    pub fn new(server: &Dovecot, user: &str, dir: &Path) -> Self {
        fs::create_dir_all(dir.join("store")).expect("dir");
        let account = format!(
            "[account.main.imap]\nhost = \"localhost\"\nport = {}\nsecurity = \"tls\"\nuser = {user:?}\n\
             password_env = \"BENCH_PASSWORD\"\nca_file = {:?}\n",
            server.imaps,
            server.certificate()
        );
        fs::write(dir.join("config.toml"), config(&account)).expect("config");
        // The same store without its server, for what is measured of the machine alone.
        fs::write(dir.join("store/config.toml"), config("[account.main]\nlocal = true\n")).expect("config");
        Self { dir: dir.to_owned() }
    }

    /// The store's folder.
    pub fn store(&self) -> PathBuf {
        self.dir.join("store")
    }

    fn base(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("own path"));
        command.env(PLAY_POSTROOM, "1").env("POSTROOM_STORE", self.store()).env_remove("POSTROOM_CONFIG");
        command
    }

    /// A verb that has the server.
    pub fn online(&self, args: &[&str]) -> Command {
        let mut command = self.base();
        command.arg("--config").arg(self.dir.join("config.toml")).env("BENCH_PASSWORD", "pass").args(args);
        command
    }

    /// A verb without the server.
    pub fn offline(&self, args: &[&str]) -> Command {
        let mut command = self.base();
        command.args(args);
        command
    }

    /// What a verb without the server prints.
    pub fn told(&self, args: &[&str]) -> String {
        let output = self.offline(args).stderr(Stdio::inherit()).output().expect("a verb");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// mbsync with a Maildir of its own, at the same mailbox.
pub struct Mbsync {
    rc: PathBuf,
}

impl Mbsync {
    /// Makes the folder; `fsync` is what it does unless told otherwise.
    pub fn new(server: &Dovecot, user: &str, dir: &Path, fsync: bool) -> Self {
        fs::create_dir_all(dir.join("md")).expect("dir");
        let rc = dir.join("mbsyncrc");
        let text = format!(
            "SyncState *\n{}\n\nIMAPAccount a\nHost localhost\nPort {}\nUser {user}\nPass pass\nSSLType IMAPS\nCertificateFile {}\n\
             AuthMechs LOGIN\n\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath {md}/\nInbox {md}/INBOX\nSubFolders Verbatim\n\n\
             Channel c\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\n",
            if fsync { "" } else { "FSync no" },
            server.imaps,
            server.certificate().display(),
            md = dir.join("md").display()
        );
        fs::write(&rc, text).expect("mbsyncrc");
        Self { rc }
    }

    /// Fetches what is new.
    pub fn command(&self) -> Command {
        let mut command = Command::new("mbsync");
        command.arg("-q").arg("-c").arg(&self.rc).arg("c");
        command
    }
}
