//! A terminal of a test's own: runs the program in a pty, presses keys, and reads the screen as a person would see it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// What has not come by then will not come.
const LONG: Duration = Duration::from_secs(60);

/// What the program has drawn so far.
struct Drawn {
    screen: vt100::Parser,
    bytes: Vec<u8>,
    over: bool,
}

/// A program on its terminal; it is killed with the value.
pub struct Terminal {
    child: Child,
    keys: File,
    drawn: Arc<(Mutex<Drawn>, Condvar)>,
}

impl Terminal {
    /// Runs a command on a terminal of so many columns and rows.
    pub fn run(mut command: Command, (columns, rows): (u16, u16)) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave = rustix::fs::open(name.as_c_str(), OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&slave, size).unwrap();
        let end = || Stdio::from(slave.try_clone().unwrap());
        command.env("TERM", "xterm-256color").stdin(end()).stdout(end()).stderr(end());
        let child = command.spawn().unwrap();
        drop((command, slave));
        let keys = File::from(master);
        let screen = vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0);
        let drawn = Arc::new((Mutex::new(Drawn { screen, bytes: Vec::new(), over: false }), Condvar::new()));
        let (source, sink) = (keys.try_clone().unwrap(), Arc::clone(&drawn));
        std::thread::spawn(move || draw(source, &sink));
        Self { child, keys, drawn }
    }

    /// As [`Terminal::run`], with the terminal as the one of the program's session: passwords are read from that.
    #[allow(dead_code, reason = "used by the tests that set up an account")]
    pub fn run_in_session(command: &Command, size: (u16, u16)) -> Self {
        let mut session = Command::new("setsid");
        // A shell without job control starts what runs beside it with Ctrl-C ignored, and all of its children inherit that.
        session.args(["-c", "env", "--default-signal=INT"]);
        session.arg(command.get_program()).args(command.get_args()).env_clear();
        session.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        if let Some(folder) = command.get_current_dir() {
            session.current_dir(folder);
        }
        Self::run(session, size)
    }

    /// Presses keys, written as keymaps write them. `<esc>` comes last: what follows it at once would be read as one sequence with it.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        let keys = postroom::keymap::parse_keys(keys).unwrap();
        let bytes: Vec<Vec<u8>> = keys.iter().map(|key| bytes(&postroom::keymap::write_keys(&[*key]))).collect();
        let last = bytes.len().saturating_sub(1);
        assert!(bytes.iter().take(last).all(|key| key != b"\x1b"), "<esc> comes last");
        self.write(&bytes.concat())
    }

    /// Types text as it is.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.write(text.as_bytes())
    }

    fn write(&mut self, bytes: &[u8]) -> &mut Self {
        self.keys.write_all(bytes).unwrap();
        self
    }

    /// The screen, a line each, without spaces at the ends.
    pub fn screen(&self) -> String {
        self.drawn.0.lock().unwrap().screen.screen().contents()
    }

    /// Everything that the program wrote to the terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.drawn.0.lock().unwrap().bytes.clone()
    }

    /// Waits until the screen shows all of these, and returns it.
    pub fn shows(&self, parts: &[&str]) -> String {
        self.until(&format!("{parts:?}"), |screen| parts.iter().all(|part| screen.contains(part)))
    }

    /// Waits until the screen no longer shows this, and returns it.
    pub fn shows_no(&self, part: &str) -> String {
        self.until(&format!("no {part:?}"), |screen| !screen.contains(part))
    }

    /// Waits until the screen is as it should be, and returns it.
    pub fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + LONG;
        let (drawn, news) = &*self.drawn;
        let mut drawn = drawn.lock().unwrap();
        loop {
            let screen = drawn.screen.screen().contents();
            if is_so(&screen) {
                return screen;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || drawn.over {
                drop(drawn);
                panic!("waited for {what}, and the screen shows:\n{screen}");
            }
            drawn = news.wait_timeout(drawn, left).unwrap().0;
        }
    }

    /// Gives the terminal another size, and tells the program as the system would of the terminal that controls it.
    pub fn resize(&self, (columns, rows): (u16, u16)) {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.keys, size).unwrap();
        self.drawn.0.lock().unwrap().screen.set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        self.signal(Signal::WINCH);
    }

    /// Lets the program stand still, as if its machine slept.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Tells whether the terminal shows what is typed, line by line, and has its keys that interrupt.
    #[allow(dead_code, reason = "used by the tests that set up an account")]
    pub fn is_plain(&self) -> bool {
        let plain = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        tcgetattr(&self.keys).unwrap().local_modes.contains(plain)
    }

    /// Waits until the program has ended by itself.
    pub fn ends(mut self) -> ExitStatus {
        self.ended()
    }

    /// As [`Terminal::ends`], where the terminal is looked at afterwards.
    pub fn ended(&mut self) -> ExitStatus {
        let (drawn, news) = &*self.drawn;
        let over = news.wait_timeout_while(drawn.lock().unwrap(), LONG, |drawn| !drawn.over).unwrap().0.over;
        assert!(over, "the program goes on and shows:\n{}", self.screen());
        self.child.wait().unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Takes what the program writes until it closes the terminal.
fn draw(mut source: File, (drawn, news): &(Mutex<Drawn>, Condvar)) {
    let mut buffer = [0; 8192];
    loop {
        // Linux answers EIO when the last one who held the terminal is gone.
        let read = source.read(&mut buffer).unwrap_or(0);
        let mut drawn = drawn.lock().unwrap();
        drawn.screen.process(&buffer[..read]);
        drawn.bytes.extend_from_slice(&buffer[..read]);
        drawn.over = read == 0;
        news.notify_all();
        if drawn.over {
            return;
        }
    }
}

/// What a terminal sends for a key.
fn bytes(key: &str) -> Vec<u8> {
    match key {
        "<enter>" => b"\r".to_vec(),
        "<esc>" => b"\x1b".to_vec(),
        "<tab>" => b"\t".to_vec(),
        "<bs>" => b"\x7f".to_vec(),
        "<space>" => b" ".to_vec(),
        "<up>" => b"\x1b[A".to_vec(),
        "<down>" => b"\x1b[B".to_vec(),
        key => match key.strip_prefix("<c-").and_then(|rest| rest.strip_suffix('>')) {
            Some(letter) => vec![letter.as_bytes()[0] & 0x1f],
            None => key.as_bytes().to_vec(),
        },
    }
}
