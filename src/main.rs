//! The program `postroom`: everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    postroom::cli::main()
}
