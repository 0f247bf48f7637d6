//! The programs that read mail on this machine without a screen: which are here, and how they are called.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Which are installed.
#[derive(Clone, Copy)]
pub struct Peers {
    pub mbsync: bool,
    pub notmuch: bool,
    pub mu: bool,
}

/// Those that are told with their versions, and the Debian package of each.
const ALL: [(&str, &str); 5] =
    [("mbsync", "isync"), ("notmuch", "notmuch"), ("mu", "maildir-utils"), ("neomutt", "neomutt"), ("aerc", "aerc")];

fn installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(name).is_file())
}

impl Peers {
    /// Looks which are here, and says which not.
    pub fn found() -> Self {
        // The screen's own are told where the screen is measured.
        for (name, package) in ALL.iter().take(3).filter(|(name, _)| !installed(name)) {
            println!("{name} is not installed and left out (Debian: apt-get install {package})");
        }
        Self { mbsync: installed("mbsync"), notmuch: installed("notmuch"), mu: installed("mu") }
    }

    /// The version of each that is here.
    pub fn versions(&self) -> Vec<(String, String)> {
        let version = |name: &str| {
            let flag = if name == "neomutt" || name == "aerc" { "-v" } else { "--version" };
            let output = Command::new(name).arg(flag).stderr(Stdio::null()).output().ok()?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
            let word = text.lines().next()?.split_whitespace().find(is_version)?;
            Some((name.to_owned(), word.to_owned()))
        };
        let own = ("postroom".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        std::iter::once(own).chain(ALL.iter().filter_map(|(name, _)| version(name))).collect()
    }
}

/// notmuch with an index of its own, over a Maildir.
pub struct Notmuch {
    dir: PathBuf,
}

impl Notmuch {
    pub fn new(dir: &Path, mail: &Path) -> Self {
        std::fs::create_dir_all(dir).unwrap();
        let text = format!(
            "[database]\npath={}\nmail_root={}\n[user]\nname=a\nprimary_email=a@b.example\n[new]\ntags=inbox\n",
            dir.join("index").display(),
            mail.display()
        );
        std::fs::create_dir_all(dir.join("index")).unwrap();
        std::fs::write(dir.join("config"), text).unwrap();
        Self { dir: dir.to_owned() }
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("notmuch");
        command.args(args).env("NOTMUCH_CONFIG", self.dir.join("config"));
        command
    }

    /// The index's folder.
    pub fn index(&self) -> PathBuf {
        self.dir.join("index")
    }
}

/// mu with an index of its own, over a Maildir.
pub struct Mu {
    dir: PathBuf,
}

impl Mu {
    pub fn new(dir: &Path, mail: &Path) -> Self {
        std::fs::create_dir_all(dir).unwrap();
        let own = Self { dir: dir.to_owned() };
        let mail = format!("--maildir={}", mail.display());
        let made = own.command(&["init", "--my-address=a@b.example", &mail]).stdout(Stdio::null()).status();
        assert!(made.is_ok_and(|status| status.success()), "mu init");
        own
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("mu");
        let (verb, rest) = args.split_first().unwrap();
        command.arg(verb).arg(format!("--muhome={}", self.dir.display())).args(rest);
        command
    }

    /// The index's folder.
    pub fn index(&self) -> PathBuf {
        self.dir.clone()
    }
}

/// The bytes of all files below a folder.
pub fn size(dir: &Path) -> u64 {
    std::fs::read_dir(dir).into_iter().flatten().flatten().fold(0, |sum, entry| {
        let path = entry.path();
        sum + if path.is_dir() { size(&path) } else { entry.metadata().map_or(0, |about| about.len()) }
    })
}
