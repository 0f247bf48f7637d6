//! The programs, and which keys do the same thing in each.

use std::path::{Path, PathBuf};
use std::process::Command;

/// One key that is measured: what is done, the keys that lead to it, the key, how often, and the keys that lead back.
pub struct Deed {
    pub what: &'static str,
    pub before: &'static [&'static str],
    pub key: &'static str,
    pub times: usize,
    pub after: &'static [&'static str],
}

/// A program.
pub struct Client {
    pub name: &'static str,
    pub program: PathBuf,
    /// Its arguments and environment.
    pub setup: fn(&Path, &mut Command),
    pub deeds: Vec<Deed>,
}

const DOWN: [&str; 10] = ["j"; 10];
const EDGE: [&str; 40] = ["j"; 40];

const fn deed(
    what: &'static str,
    before: &'static [&'static str],
    key: &'static str,
    times: usize,
    after: &'static [&'static str],
) -> Deed {
    Deed { what, before, key, times, after }
}

/// Returns the programs that are installed, postroom first.
pub fn clients() -> Vec<Client> {
    let own = std::env::current_exe().unwrap();
    let others = [
        ("aerc", aerc as fn(&Path, &mut Command), aerc_deeds as fn() -> Vec<Deed>),
        ("neomutt", neomutt, neomutt_deeds),
    ];
    let mut out = vec![Client { name: "postroom", program: own, setup: postroom, deeds: postroom_deeds() }];
    for (name, setup, deeds) in others {
        match installed(name) {
            Some(program) => out.push(Client { name, program, setup, deeds: deeds() }),
            None => println!("{name} is not installed and left out (Debian: apt-get install {name})"),
        }
    }
    out
}

fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|program| program.is_file())
}

/// Returns the command that opens the mail in `dir`.
pub fn command(client: &Client, dir: &Path) -> Command {
    // The terminal is to be the program's own: aerc opens /dev/tty.
    let mut command = Command::new("setsid");
    command.arg("-c").arg(&client.program);
    let home = dir.join(client.name);
    std::fs::create_dir_all(&home).unwrap();
    command.env_clear().env("HOME", &home).env("TERM", "xterm-256color").env("LANG", "C.UTF-8").env("TZ", "UTC");
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    (client.setup)(dir, &mut command);
    command
}

fn postroom(dir: &Path, command: &mut Command) {
    // Nobody answers here for the terminal's background, so the colours are named.
    command
        .env(crate::support::fetching::PLAY_POSTROOM, "1")
        .env("POSTROOM_STORE", dir.join("store"))
        .env("POSTROOM_THEME", "dark");
}

fn postroom_deeds() -> Vec<Deed> {
    vec![
        deed("j, k", &["gg", "j", "j"], "jk", 20, &[]),
        deed("j at the edge", &EDGE, "j", 10, &["gg"]),
        deed("page", &[], "\x04", 8, &["gg"]),
        deed("open", &["j"], "\r", 1, &["\x1b"]),
        deed("scroll", &["\r"], "j", 8, &["\x1b", "gg"]),
        deed("mark", &DOWN, " ", 6, &["\x1b", "gg"]),
        deed("command line", &[], ":", 1, &[]),
        deed("typed letter", &[], "s", 1, &["\x1b"]),
        deed("view, folder", &[], "]", 3, &["[", "[", "["]),
    ]
}

fn aerc(dir: &Path, command: &mut Command) {
    let config = dir.join("aerc").join(".config/aerc");
    std::fs::create_dir_all(&config).unwrap();
    let account = config.join("accounts.conf");
    let mail = dir.join("mail");
    let text =
        format!("[bench]\nsource = maildir://{}\ndefault = INBOX\nfrom = Alice <alice@team.example>\n", mail.display());
    std::fs::write(&account, text).unwrap();
    // It refuses a file that others can read.
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&account, private).unwrap();
    command.env("XDG_CONFIG_HOME", dir.join("aerc").join(".config"));
}

fn aerc_deeds() -> Vec<Deed> {
    vec![
        deed("j, k", &["g", "j", "j"], "jk", 20, &[]),
        deed("j at the edge", &EDGE, "j", 10, &["g"]),
        deed("page", &[], "\x06", 8, &["g"]),
        deed("open", &["j"], "\r", 1, &["q"]),
        deed("scroll", &["\r"], "j", 8, &["q", "g"]),
        deed("mark", &DOWN, "v", 6, &["g"]),
        deed("command line", &[], ":", 1, &[]),
        deed("typed letter", &[], "s", 1, &["\x1b"]),
        deed("view, folder", &[], "J", 1, &["K"]),
    ]
}

fn neomutt(dir: &Path, command: &mut Command) {
    let home = dir.join("neomutt");
    let rc = home.join("neomuttrc");
    let mail = dir.join("mail");
    let text = format!(
        "set folder={mail}\nset spoolfile={mail}/INBOX\nset mbox_type=Maildir\nset sort=reverse-date\nset header_cache={cache}\n\
         set confirmappend=no\nset quit=yes\nset wait_key=no\nset menu_scroll=yes\nmacro index J \"<change-folder>=Other<enter>\"\n\
         macro index K \"<change-folder>=INBOX<enter>\"\n",
        mail = mail.display(),
        cache = home.join("cache").display(),
    );
    std::fs::write(&rc, text).unwrap();
    command.arg("-n").arg("-F").arg(rc);
}

fn neomutt_deeds() -> Vec<Deed> {
    vec![
        deed("j, k", &["=", "j", "j"], "jk", 20, &[]),
        deed("j at the edge", &EDGE, "j", 10, &["="]),
        deed("page", &[], "z", 8, &["="]),
        deed("open", &["j"], "\r", 1, &["q"]),
        deed("scroll", &["\r"], "\r", 8, &["q", "="]),
        deed("mark", &DOWN, "t", 6, &["="]),
        deed("command line", &[], ":", 1, &[]),
        deed("typed letter", &[], "s", 1, &["\x07"]),
        deed("view, folder", &[], "J", 1, &["K"]),
    ]
}
