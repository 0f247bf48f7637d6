//! Mail as another program reads it: Python's `email`.
#![allow(dead_code, clippy::unwrap_used, clippy::print_stderr)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Returns a mail's header fields and parts as Python's `email` reads them (`read_mail.py`); nothing where there is no Python.
pub fn read(mail: &[u8]) -> Option<Value> {
    let started = Command::new("python3")
        .args(["-c", include_str!("read_mail.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        eprintln!("skipped: there is no python3");
        return None;
    };
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "Python can't read this mail");
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Returns one thing about each part, in order; empty where it has none.
pub fn each(mail: &Value, about: &str) -> Vec<String> {
    let parts = mail["parts"].as_array().unwrap();
    parts.iter().map(|part| part[about].as_str().unwrap_or_default().to_owned()).collect()
}
