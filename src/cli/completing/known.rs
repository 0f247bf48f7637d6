//! What completions take from the config and the store. Where there is no store, none is made; one of another version stays as it is, and
//! nobody who writes is waited for. What can't be read is left out.

use std::cell::OnceCell;

use clap::CommandFactory;

use super::{ABOUT_MAX, Offer};
use crate::cli::args::Args;
use crate::cli::desk::{Surroundings, options};
use crate::cli::verbs::help::TOPICS;
use crate::config::Config;
use crate::model::text::SafeText;
use crate::model::view::View;
use crate::op::record::Author;
use crate::query::{self, Context};
use crate::store::Store;

/// How many of the newest conversations are offered by their ids.
const IDS: usize = 200;

/// What is known of names.
pub trait Known {
    /// The tags in use.
    fn tags(&self) -> Vec<String>;
    /// The agents and teams.
    fn agents(&self) -> Vec<String>;
    /// The inboxes of the config.
    fn inboxes(&self) -> Vec<String>;
    /// The accounts of the config.
    fn accounts(&self) -> Vec<String>;
    /// The views, by their names.
    fn views(&self) -> Vec<String>;
    /// The newest conversations, by short ids that begin so.
    fn ids(&self, typed: &str) -> Vec<Offer>;
    /// The topics of the help, and the verbs.
    fn topics(&self) -> Vec<Offer>;
}

/// What the store of these surroundings knows; it is opened when it is asked.
pub struct OfStore<'a> {
    around: &'a Surroundings,
    open: OnceCell<Option<(Config, Option<Store>)>>,
}

impl<'a> OfStore<'a> {
    /// Looks nowhere yet.
    pub fn new(around: &'a Surroundings) -> Self {
        Self { around, open: OnceCell::new() }
    }

    fn config(&self) -> Option<&Config> {
        self.open.get_or_init(|| self.look()).as_ref().map(|(config, _)| config)
    }

    fn store(&self) -> Option<&Store> {
        self.open.get_or_init(|| self.look()).as_ref().and_then(|(_, store)| store.as_ref())
    }

    fn look(&self) -> Option<(Config, Option<Store>)> {
        let config = self.around.config().ok()?;
        let author = Author {
            actor: config.me.clone(),
            host: self.around.host.clone(),
            clock: self.around.clock.clone(),
            ids: self.around.ids.clone(),
        };
        let options = options(&config, author);
        let store = Store::open_to_read(&config.data_dir, options).ok().flatten();
        Some((config, store))
    }
}

impl Known for OfStore<'_> {
    fn tags(&self) -> Vec<String> {
        let tags = self.store().and_then(|store| store.known_tags().ok());
        tags.unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    fn agents(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .config()
            .map(|config| config.agents.iter().map(|agent| agent.handle.to_string()).collect())
            .unwrap_or_default();
        if let Some(store) = self.store() {
            names.extend(store.known_agents().unwrap_or_default().iter().map(ToString::to_string));
            names.extend(store.team().groups.iter().map(|group| group.name.to_string()));
        }
        names.sort();
        names.dedup();
        names
    }

    fn views(&self) -> Vec<String> {
        let mut names: Vec<String> = View::FIXED.iter().map(View::name).collect();
        names.extend(self.inboxes().iter().map(|inbox| format!("inbox:{inbox}")));
        let own = self.config().into_iter().flat_map(|config| &config.views);
        names.extend(own.map(|view| view.name.clone()));
        names.extend(self.tags().iter().map(|tag| format!("tag:{tag}")));
        names
    }

    fn inboxes(&self) -> Vec<String> {
        self.config()
            .map(|config| config.inboxes.iter().map(|inbox| inbox.id.to_string()).collect())
            .unwrap_or_default()
    }

    fn accounts(&self) -> Vec<String> {
        self.config()
            .map(|config| config.accounts.iter().map(|account| account.id.to_string()).collect())
            .unwrap_or_default()
    }

    fn ids(&self, typed: &str) -> Vec<Offer> {
        let (Some(store), Ok(query)) = (self.store(), query::parse("is:any")) else { return Vec::new() };
        let author = store.author();
        let context = Context { me: author.actor.clone(), now: author.clock.now(), zone: self.around.zone.clone() };
        let rows = store.page(&query, &context, None, IDS).unwrap_or_default();
        let fits = rows.into_iter().filter(|row| row.short.starts_with(typed) || row.id.as_str().starts_with(typed));
        // Behind a typed beginning that is longer than the short id stands more of the id.
        let offer = |row: crate::model::view::ConversationRow| {
            let word = if row.short.starts_with(typed) { row.short } else { row.id.to_string() };
            Offer { word, about: SafeText::line_max(row.title.as_str(), ABOUT_MAX) }
        };
        fits.map(offer).collect()
    }

    fn topics(&self) -> Vec<Offer> {
        let topics = TOPICS.iter().map(|(name, about)| super::offer(*name, about));
        let program = Args::command();
        topics.chain(program.get_subcommands().filter(|verb| !verb.is_hide_set()).map(super::verb_offer)).collect()
    }
}
