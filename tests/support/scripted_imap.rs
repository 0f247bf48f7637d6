//! An IMAP server that does what a script says, to the byte: for everything that a decent server never does.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use postroom::config::{Auth, Endpoint, Secret, Security};

/// The connection, as a script sees it.
pub struct Peer {
    reader: BufReader<TcpStream>,
}

impl Peer {
    /// Reads one command; returns its tag and the rest. Empty at the end.
    pub fn command(&mut self) -> (String, String) {
        let mut line = String::new();
        let _ = self.reader.read_line(&mut line);
        let line = line.trim_end();
        let (tag, rest) = line.split_once(' ').unwrap_or((line, ""));
        (tag.to_owned(), rest.to_owned())
    }

    /// Reads exactly `n` bytes.
    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        let mut bytes = vec![0; n];
        let _ = self.reader.read_exact(&mut bytes);
        bytes
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let stream = self.reader.get_mut();
        let _ = stream.write_all(bytes.as_ref());
        let _ = stream.flush();
    }

    /// Sends bytes as they are; tells whether the client takes them.
    pub fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.reader.get_mut().write_all(bytes.as_ref()).is_ok()
    }

    /// Sends the greeting and answers everything up to the end of the login.
    pub fn log_in(&mut self, capabilities: &str) {
        self.send(format!("* OK [CAPABILITY IMAP4rev1 {capabilities}] hello\r\n"));
        let (tag, command) = self.command();
        assert!(command.starts_with("LOGIN "), "{command}");
        self.send(format!("{tag} OK [CAPABILITY IMAP4rev1 {capabilities}] in\r\n"));
    }

    /// Reads one command, which must begin with `begin`, and answers `untagged` and OK.
    pub fn answer(&mut self, begin: &str, untagged: &str) {
        let (tag, command) = self.command();
        assert!(command.starts_with(begin), "{command:?} is not {begin:?}");
        self.send(format!("{untagged}{tag} OK done\r\n"));
    }
}

/// How to reach a server that takes every login, in clear.
pub fn endpoint(port: u16) -> Endpoint {
    Endpoint {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        user: "alice".to_owned(),
        secret: Secret::Clear("pass".to_owned()),
        auth: Auth::Password,
        ca_file: None,
        timeout: 20,
    }
}

/// A server that serves one script to each of its connections in turn.
pub struct Scripted {
    port: u16,
    thread: Option<JoinHandle<()>>,
}

type Script = Box<dyn FnOnce(&mut Peer) + Send>;

impl Scripted {
    /// Starts a server for one connection.
    pub fn once(script: impl FnOnce(&mut Peer) + Send + 'static) -> Self {
        Self::each(vec![Box::new(script)])
    }

    /// Starts a server that serves the first connection with the first script, and so on.
    pub fn each(scripts: Vec<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let thread = std::thread::spawn(move || {
            for script in scripts {
                let (stream, _) = listener.accept().unwrap();
                let mut peer = Peer { reader: BufReader::new(stream) };
                script(&mut peer);
            }
        });
        Self { port, thread: Some(thread) }
    }

    /// How to reach it.
    pub fn endpoint(&self) -> Endpoint {
        endpoint(self.port)
    }

    /// Waits for the scripts to end and reports their failures.
    pub fn finish(mut self) {
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}
