//! Where frames go: the terminal that the program was started in, or memory.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd as _;

use ratatui::layout::Size;

/// Takes bytes as a terminal does.
pub trait Device: Write {
    /// Returns its columns and rows.
    ///
    /// # Errors
    /// When it can't tell.
    fn size(&self) -> io::Result<Size>;
}

/// The terminal on stdout. What is written goes to it as it is, a frame at a time.
#[derive(Debug)]
pub struct Tty(File);

impl Tty {
    /// Takes stdout.
    ///
    /// # Errors
    /// When the process can open nothing more.
    pub fn stdout() -> io::Result<Self> {
        Ok(Self(File::from(io::stdout().as_fd().try_clone_to_owned()?)))
    }
}

impl Write for Tty {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Device for Tty {
    fn size(&self) -> io::Result<Size> {
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size { width, height })
    }
}

/// Keeps what was written to a terminal of a given size.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What was written since it was last taken.
    pub written: Vec<u8>,
    /// Columns and rows.
    pub size: Size,
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Device for Memory {
    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }
}
