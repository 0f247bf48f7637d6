//! A terminal backend that writes nothing when nothing is new: ratatui hides the cursor and resets colours on every frame, which over SSH
//! is a packet for each second of an idle screen.

use std::io::Error;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Passes on to `inner` only what changes something.
#[derive(Debug)]
pub struct Quiet<B> {
    inner: B,
    shown: Option<bool>,
    at: Option<Position>,
    dirty: bool,
    /// How many cells were drawn, ever.
    pub cells: u64,
}

impl<B> Quiet<B> {
    /// Wraps `inner`.
    pub fn new(inner: B) -> Self {
        Self { inner, shown: None, at: None, dirty: true, cells: 0 }
    }

    /// Returns what is wrapped.
    pub fn inner(&self) -> &B {
        &self.inner
    }

    /// Returns what is wrapped, to be changed.
    pub fn inner_mut(&mut self) -> &mut B {
        &mut self.inner
    }

    /// Forgets what is known of the terminal: somebody else wrote to it.
    pub fn forget(&mut self) {
        self.shown = None;
        self.at = None;
    }
}

impl<B: Backend> Backend for Quiet<B>
where
    B::Error: Send + Sync + 'static,
{
    type Error = Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.dirty = true;
        self.at = None;
        let cells = &mut self.cells;
        self.inner.draw(content.inspect(|_| *cells += 1)).map_err(Error::other)
    }

    fn hide_cursor(&mut self) -> Result<(), Error> {
        if self.shown == Some(false) {
            return Ok(());
        }
        (self.shown, self.dirty) = (Some(false), true);
        self.inner.hide_cursor().map_err(Error::other)
    }

    fn show_cursor(&mut self) -> Result<(), Error> {
        if self.shown == Some(true) {
            return Ok(());
        }
        (self.shown, self.dirty) = (Some(true), true);
        self.inner.show_cursor().map_err(Error::other)
    }

    fn get_cursor_position(&mut self) -> Result<Position, Error> {
        self.inner.get_cursor_position().map_err(Error::other)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Error> {
        let position = position.into();
        if self.at == Some(position) {
            return Ok(());
        }
        (self.at, self.dirty) = (Some(position), true);
        self.inner.set_cursor_position(position).map_err(Error::other)
    }

    fn clear(&mut self) -> Result<(), Error> {
        self.dirty = true;
        self.inner.clear().map_err(Error::other)
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Error> {
        self.dirty = true;
        self.inner.clear_region(region).map_err(Error::other)
    }

    fn size(&self) -> Result<Size, Error> {
        self.inner.size().map_err(Error::other)
    }

    fn window_size(&mut self) -> Result<WindowSize, Error> {
        self.inner.window_size().map_err(Error::other)
    }

    fn flush(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.dirty) { self.inner.flush().map_err(Error::other) } else { Ok(()) }
    }
}
