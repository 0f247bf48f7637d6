//! A message as it came: `H` shows its headers, `H` again the whole.

use std::sync::Arc;

use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Page, Source, words};
use crate::model::ids::MessageId;

impl App {
    /// Shows the headers of the message under the cursor.
    pub(super) fn open_source(&mut self) -> Vec<Effect> {
        let Some(message) = self.open.as_ref().and_then(|open| open.message()) else { return Vec::new() };
        let (of, who) = (message.id.clone(), message.author.to_string());
        let name = say!("source-of", who = who, at = words::minute(message.at, &self.around.zone));
        let page = Page::Source { of: of.clone(), name, source: None, raw: false, scroll: 0 };
        let mut effects = self.push(Layer::Page(page));
        effects.push(self.ask(Purpose::Source(of.clone()), Ask::Source(of)));
        effects
    }

    /// Returns how many lines a message as it came has on the screen, its ends told.
    pub(super) fn source_rows(&self, source: Option<&Source>, raw: bool) -> usize {
        let columns = usize::from(self.geometry().body.width.saturating_sub(2)).max(8);
        source.map_or(1, |source| source.rows(raw, columns).count() + source.ends(raw).len())
    }

    /// Shows the whole instead of the headers, or back. Tells whether such a page is shown.
    pub(super) fn turn_source(&mut self) -> bool {
        let Some(Layer::Page(Page::Source { raw, scroll, .. })) = self.layers.last_mut() else { return false };
        (*raw, *scroll) = (!*raw, 0);
        true
    }

    pub(super) fn take_source(&mut self, id: &MessageId, found: Option<Arc<Source>>) -> Vec<Effect> {
        let page = self.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Page(Page::Source { of, source, .. }) if of == id => Some(source),
            _ => None,
        });
        if let Some(source) = page {
            *source = Some(found.unwrap_or_else(|| Arc::new(Source::read(&[], true))));
        }
        Vec::new()
    }
}
