//! What real terminals show of mail in many scripts, where they are installed: `tests/languages/real/compare.py` does it, for every terminal
//! that it knows where it is run by hand; here for two, since each takes minutes.

use std::process::Command;

#[test]
fn every_field_looks_as_its_reference_line_in_the_real_terminals_that_are_installed() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/languages/real/compare.py");
    let started = Command::new("python3")
        .args([script, "--program", env!("CARGO_BIN_EXE_postroom"), "--terminals", "xterm,vte"])
        .output();
    let Ok(output) = started else {
        eprintln!("skipped: there is no python3");
        return;
    };
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    assert!(output.status.success(), "{said}");
}
