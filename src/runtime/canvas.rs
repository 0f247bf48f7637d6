//! The paper that frames are drawn on before they are shown: ratatui's backend, which writes nothing. What is shown is compared and written by
//! [`crate::runtime::wire`], which sees whole frames and not only what ratatui finds different.

use std::io::Error;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Knows the size of frames and where they want the cursor.
#[derive(Debug, Default)]
pub(crate) struct Canvas {
    /// Columns and rows of the next frame.
    pub size: Size,
    at: Position,
    visible: bool,
}

impl Canvas {
    /// Makes one of a size.
    pub fn new(size: Size) -> Self {
        Self { size, ..Self::default() }
    }

    /// Returns where the last frame wants the cursor, if it is to be seen.
    pub fn cursor(&self) -> Option<Position> {
        self.visible.then_some(self.at)
    }
}

impl Backend for Canvas {
    type Error = Error;

    fn draw<'a, I>(&mut self, _: I) -> Result<(), Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Error> {
        self.visible = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Error> {
        self.visible = true;
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Error> {
        Ok(self.at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Error> {
        self.at = position.into();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn clear_region(&mut self, _: ClearType) -> Result<(), Error> {
        Ok(())
    }

    fn size(&self) -> Result<Size, Error> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Error> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::default() })
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
