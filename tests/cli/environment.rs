//! A clean room for each test: no variable of the machine, a home of its own, a clock and ids that stand still.

use std::cell::Cell;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The moment at which every test begins; each command comes a second later.
pub const BEGIN: i64 = 1_795_339_200;

/// Gives each process of a script ids of its own: they come from a number in a file, which one process at a time raises.
const SHIM: &str = r#"#!/bin/sh
exec 9>>"$SHIM_COUNT.lock"
flock 9
n=$(($(cat "$SHIM_COUNT" 2>/dev/null || echo 100000) + 10))
echo "$n" >"$SHIM_COUNT"
exec 9>&-
POSTROOM_IDS=$((n + SHIM_SEED * 1000)) exec "$SHIM_PROGRAM" "$@"
"#;

/// The room.
pub struct Environment {
    dir: TempDir,
    commands: Cell<u64>,
    /// Where its ids begin: people on one mailbox must not make the same ones.
    seed: u64,
    /// The program that its commands run.
    program: PathBuf,
}

/// What a command said. Its text is what a person would see.
#[must_use = "look at the output or at the status"]
pub struct Said {
    /// stdout.
    pub stdout: String,
    /// stderr.
    pub stderr: String,
    /// The exit status; 128 and more for a signal.
    pub status: i32,
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.stdout)?;
        for line in self.stderr.lines() {
            writeln!(f, "! {line}")?;
        }
        writeln!(f, "[{}]", self.status)
    }
}

impl Environment {
    /// Makes an empty room.
    pub fn new() -> Self {
        let dir = TempDir::with_prefix("postroom-cli-").unwrap();
        std::fs::create_dir(dir.path().join("home")).unwrap();
        Self { dir, commands: Cell::new(0), seed: 0, program: env!("CARGO_BIN_EXE_postroom").into() }
    }

    /// Makes the room of one of several people who share a mailbox; each has a number of their own.
    #[allow(dead_code, reason = "used by the tests with a server")]
    pub fn of_person(number: u64) -> Self {
        Self { seed: number * 10_000, ..Self::new() }
    }

    /// Runs the commands from now on with this program.
    #[allow(dead_code, reason = "used by the tests with an older program")]
    pub fn use_program(&mut self, program: &Path) {
        self.program = program.to_owned();
    }

    /// Sets up an agent of the mailbox `team` on a server with this IMAPS port and certificate.
    #[allow(dead_code, reason = "used by the tests with a server")]
    pub fn init(&self, agent: &str, port: u16, certificate: &Path) -> Said {
        let port = port.to_string();
        let mut args = vec!["init", "--me", agent, "--address", "team@example.com", "--inbox", "support"];
        args.extend(["--user", "team", "--imap-host", "localhost", "--imap-port", &port, "--smtp-host", "none"]);
        args.extend(["--password-command", "echo pass", "--ca-file", certificate.to_str().unwrap()]);
        self.run(&args)
    }

    /// Makes a room with the sample inbox in it, which every command then works on.
    pub fn demo() -> Self {
        let env = Self::new();
        let made = env.run(&["demo"]);
        assert_eq!(made.status, 0, "{made}");
        env
    }

    /// Returns a path within the room.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file into the room and returns its path.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Returns the command, ready to run.
    pub fn command(&self, args: &[&str]) -> Command {
        let number = self.commands.get() + 1;
        self.commands.set(number);
        let at = jiff::Timestamp::from_second(BEGIN + i64::try_from(number).unwrap()).unwrap();
        let mut command = Command::new(&self.program);
        command
            .args(args)
            .env_clear()
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.dir.path())
            .env("TZ", "UTC")
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("POSTROOM_STORE", self.path("store"))
            .env("POSTROOM_CLOCK", at.to_string())
            .env("POSTROOM_IDS", (self.seed + number).to_string())
            .env("POSTROOM_HOST", "test-host")
            .current_dir(self.dir.path());
        command
    }

    /// Returns the command that runs a script of `examples/scripts`, as cron would: with a short environment.
    #[allow(dead_code, reason = "used by the tests of the scripts")]
    pub fn script(&self, name: &str, args: &[&str]) -> Command {
        let shims = self.path("shims");
        if !shims.exists() {
            std::fs::create_dir(&shims).unwrap();
            std::fs::write(shims.join("postroom"), SHIM).unwrap();
            std::fs::set_permissions(shims.join("postroom"), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        let command = self.command(args);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/scripts").join(name);
        let program = command.get_program().to_owned();
        let variables: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(Into::into))).collect();
        let mut script = Command::new(path);
        script.args(args).env_clear().current_dir(self.dir.path());
        script.envs(
            variables.into_iter().filter_map(|(name, value): (_, Option<std::ffi::OsString>)| Some((name, value?))),
        );
        let path = std::env::var("PATH").unwrap();
        script
            .env("PATH", format!("{}:{path}", shims.display()))
            .env("SHIM_PROGRAM", program)
            .env("SHIM_SEED", self.seed.to_string())
            .env("SHIM_COUNT", self.path("count"));
        script
    }

    /// Runs a command without stdin.
    pub fn run(&self, args: &[&str]) -> Said {
        self.run_with(self.command(args), "")
    }

    /// Runs a command and hands it `input`.
    pub fn pipe(&self, args: &[&str], input: &str) -> Said {
        self.run_with(self.command(args), input)
    }

    /// Runs a command that the test has changed.
    pub fn run_with(&self, mut command: Command, input: &str) -> Said {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that does not read its input may end first.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| self.normal(&String::from_utf8_lossy(bytes));
        let status = output.status.code().unwrap_or(128);
        Said { stdout: text(&output.stdout), stderr: text(&output.stderr), status }
    }

    /// Puts `$ROOM` where the room's path stands.
    fn normal(&self, text: &str) -> String {
        let path: &Path = self.dir.path();
        let real = path.canonicalize().unwrap();
        text.replace(real.to_str().unwrap(), "$ROOM").replace(path.to_str().unwrap(), "$ROOM")
    }
}
