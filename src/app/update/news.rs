//! News that came while somebody works: what of it is told aloud.

use std::collections::BTreeSet;

use crate::app::{App, Effect};
use crate::config::Way;
use crate::model::news::{NewsEvent, Telling};
use crate::model::text::SafeText;
use crate::model::view::View;
use crate::text;

/// More events than this at once are told as one.
const SEVERAL: usize = 3;

impl App {
    /// Takes what happened, and returns how somebody is told of it.
    pub(super) fn tell_news(&mut self, told: Vec<Telling>) -> Vec<Effect> {
        let notify = &self.around.notify;
        let now = jiff::Timestamp::from_millisecond(self.now.0).map(|now| now.to_zoned(self.around.zone.clone()));
        if now.is_ok_and(|now| notify.is_quiet(&now)) {
            return Vec::new();
        }
        let goes = |event: NewsEvent, way: Way| notify.ways.get(&event).is_some_and(|ways| ways.contains(&way));
        let by = |way: Way| told.iter().filter(move |one| goes(one.event, way));
        let mut effects = Vec::new();
        if by(Way::Bell).next().is_some() {
            effects.push(Effect::Ring);
        }
        let desktop: Vec<&Telling> = by(Way::Desktop).collect();
        if desktop.len() > SEVERAL {
            let events: BTreeSet<NewsEvent> = desktop.iter().map(|one| one.event).collect();
            let events: Vec<String> = events.into_iter().map(text::news_event).collect();
            let words = say!("news-several", count = desktop.len(), events = events.join(", "));
            effects.push(Effect::Notify(SafeText::line_max(&words, 300)));
        } else {
            effects.extend(desktop.into_iter().map(|one| Effect::Notify(SafeText::line_max(&text::telling(one), 300))));
        }
        effects.extend(by(Way::Command).map(|one| Effect::RunNotifier(Box::new(one.clone()))));
        effects
    }

    /// Has the window's title say how much is new, where that is another number than it says.
    pub(super) fn entitle(&mut self) -> Option<Effect> {
        let count = self.counts.get(&View::InTray);
        if !self.around.notify.title || self.entitled == Some(count) {
            return None;
        }
        self.entitled = Some(count);
        let title = if count == 0 { say!("window-title") } else { say!("window-title-new", count = count) };
        Some(Effect::Entitle(SafeText::line_max(&title, 100)))
    }
}
