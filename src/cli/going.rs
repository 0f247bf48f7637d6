//! How far a long piece of work is: how fast it goes, and how long the rest takes.

use crate::model::clock::Clock;
use crate::model::pace::Pace;
use crate::store::Opening;

/// One piece of work after the other.
pub struct Going {
    clock: Clock,
    /// Which piece of work it is, and since when.
    pace: Option<(String, Pace)>,
}

impl Going {
    /// Nothing is begun.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), pace: None }
    }

    fn of(&mut self, what: &str, done: u64) -> Pace {
        match &self.pace {
            Some((of, pace)) if of == what => *pace,
            _ => {
                let pace = Pace::begin(self.clock.now(), done);
                self.pace = Some((what.to_owned(), pace));
                pace
            }
        }
    }

    /// Says how fast it goes and how long the rest takes, as far as that is known, to be put behind how far it is. With another name another
    /// piece of work begins.
    pub fn pace(&mut self, what: &str, done: u64, total: u64) -> String {
        let (pace, now) = (self.of(what, done), self.clock.now());
        let rate = pace.rate(now, done).filter(|rate| *rate > 0);
        let rate = rate.map(|rate| say!("progress-rate", rate = rate.to_string()));
        behind(rate.into_iter().chain(left(pace.left(now, done, total))))
    }

    /// As [`Going::pace`], of parts that are no things that somebody counts.
    pub fn left(&mut self, what: &str, done: u64, total: u64) -> String {
        let pace = self.of(what, done);
        behind(left(pace.left(self.clock.now(), done, total)))
    }

    /// Says how far the opening of a store is.
    pub fn opening(&mut self, at: Opening) -> String {
        match at {
            Opening::Migrating { done, all } => {
                let left = self.left("migrate", done, all);
                say!("store-migrates", done = done.saturating_add(1), all = all) + &left
            }
            Opening::Indexing { done, all } => {
                say!("store-indexes", done = done, all = all) + &self.pace("index", done, all)
            }
            Opening::Tidying => say!("store-tidies"),
        }
    }
}

fn left(left: Option<i64>) -> Option<String> {
    left.map(|left| say!("progress-left", left = crate::text::span(left)))
}

fn behind(said: impl IntoIterator<Item = String>) -> String {
    said.into_iter().map(|said| format!(", {said}")).collect()
}

#[cfg(test)]
#[path = "going_tests.rs"]
mod tests;
