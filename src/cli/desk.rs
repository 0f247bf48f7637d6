//! What a verb works with: where it runs, the config, and the store.

use std::ffi::OsString;

use jiff::tz::TimeZone;

use super::global::Global;
use super::going::Going;
use super::output::Output;
use crate::config::{Config, Layers};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::language::Language;
use crate::model::phrase::Phrase;
use crate::op::record::Author;
use crate::query::Context;
use crate::runtime::opened;
use crate::store::{Store, StoreOptions};

/// The surroundings of the process: flags, environment, clock, ids, host, zone.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The flags that every verb takes.
    pub global: Global,
    /// What flags and the environment say about the config.
    pub layers: Layers,
    /// The clock; `POSTROOM_CLOCK` fixes it in tests.
    pub clock: Clock,
    /// The ids; `POSTROOM_IDS` fixes them in tests.
    pub ids: Ids,
    /// The machine's name.
    pub host: String,
    /// The time zone.
    pub zone: TimeZone,
}

impl Surroundings {
    /// Looks around.
    ///
    /// # Errors
    /// When one of the variables for tests can't be read.
    pub fn of_process(global: &Global) -> Result<Self, UserError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let flags = Layers {
            config: global.config.clone(),
            store: global.store.clone(),
            agent: global.agent.clone(),
            ..Layers::default()
        };
        let unreadable = |name: &str, wants: Phrase| {
            UserError::new(ErrorKind::Usage, phrase!("variable-unreadable", name = name)).hint(phrase!(
                "hint-for-tests",
                name = name,
                wants = wants
            ))
        };
        let clock = match variable("POSTROOM_CLOCK") {
            Some(text) => {
                let at: jiff::Timestamp =
                    text.parse().map_err(|_| unreadable("POSTROOM_CLOCK", phrase!("wants-moment")))?;
                Clock::fixed(Timestamp(at.as_millisecond()))
            }
            None => Clock::System,
        };
        let ids = match variable("POSTROOM_IDS") {
            Some(text) => Ids::counted(text.parse().map_err(|_| unreadable("POSTROOM_IDS", phrase!("wants-number")))?),
            None => Ids::Random,
        };
        let host = variable("POSTROOM_HOST")
            .unwrap_or_else(|| rustix::system::uname().nodename().to_string_lossy().chars().take(255).collect());
        let layers = flags.with_environment(&variable);
        Ok(Self { global: global.clone(), layers, clock, ids, host, zone: TimeZone::system() })
    }

    /// Reads the config.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn config(&self) -> Result<Config, UserError> {
        let config = Config::load(&self.layers)?;
        crate::program::pass_too(&config.environment);
        if let Some(zone) = &config.timezone {
            crate::text::read_in(zone.clone());
        }
        if let Some(language) = config.ui.language {
            Language::read_by(language);
        }
        super::output::lay_out_by(config.ui.terminal_bidi);
        Ok(config)
    }

    /// Reads the config and opens the store.
    ///
    /// # Errors
    /// When either can't be had.
    pub fn open(&self) -> Result<Desk, UserError> {
        self.open_with(self.config()?)
    }

    /// Opens the store of `config`.
    ///
    /// # Errors
    /// When the store can't be opened.
    pub fn open_with(&self, config: Config) -> Result<Desk, UserError> {
        let author = Author {
            actor: config.me.clone(),
            host: self.host.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        };
        if Store::tighten(&config.data_dir)? {
            let told = phrase!("store-was-open", path = config.data_dir.display().to_string());
            Output::new(&self.global).warn(&crate::text::render(&told));
        }
        let (mut out, mut going) = (Output::new(&self.global), Going::new(&self.clock));
        let opened = Store::open_told(&config.data_dir, options(&config, author), &mut |at| {
            out.progress(&going.opening(at));
        });
        out.end_progress();
        let store = opened?;
        let first = config.served().first().map(|account| &account.id);
        if let Some(first) = first.or(config.inboxes.first().map(|inbox| &inbox.account)) {
            store.adopt_log(first)?;
        }
        crate::log::start(&config.data_dir, std::env::var("POSTROOM_LOG").ok().as_deref());
        store.wake()?;
        opened::sweep(&config.data_dir, self.clock.now());
        let zone = config.timezone.clone().unwrap_or_else(|| self.zone.clone());
        let allow_unknown = self.global.allow_unknown;
        Ok(Desk { config, store, clock: self.clock.clone(), zone, stdin_is_taken: false, allow_unknown })
    }
}

/// Returns what the store must know.
pub fn options(config: &Config, author: Author) -> StoreOptions {
    let days = config.accounts.iter().filter_map(|account| account.history_days().map(i64::from)).max();
    // A local account has no history: nothing of it was there before postroom.
    let history_after = days.map_or(i64::MAX, |days| days.saturating_mul(Timestamp::DAY));
    StoreOptions { author, team: config.team(), history_after }
}

/// The config and the store, open.
pub struct Desk {
    /// The config.
    pub config: Config,
    /// The store.
    pub store: Store,
    /// The clock.
    pub clock: Clock,
    /// The time zone.
    pub zone: TimeZone,
    /// Whether stdin is no argument's to read: lines of a batch share one.
    pub stdin_is_taken: bool,
    /// Whether queries may name agents, inboxes and tags that are not known.
    pub allow_unknown: bool,
}

impl Desk {
    /// Lets an argument that is `-` read stdin.
    ///
    /// # Errors
    /// Where that is not for it.
    pub fn take_stdin(&self) -> Result<(), UserError> {
        if self.stdin_is_taken {
            return Err(UserError::new(ErrorKind::Usage, phrase!("stdin-taken")).hint(phrase!("hint-stdin-taken")));
        }
        Ok(())
    }

    /// Returns what `me`, `today` and the like mean in queries.
    pub fn context(&self) -> Context {
        Context { me: self.config.me.clone(), now: self.clock.now(), zone: self.zone.clone() }
    }

    /// Returns what postroom's verbs need in a program that is run here, so that they work on the same store.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        let config = &self.config;
        vec![
            ("POSTROOM_CONFIG", config.file.clone().into_os_string()),
            ("POSTROOM_STORE", config.data_dir.clone().into_os_string()),
            ("POSTROOM_AGENT", config.me.as_str().into()),
        ]
    }

    /// Writes a moment with its weekday and zone: `Tue 2026-12-01 14:00 CET`.
    pub fn time(&self, at: Timestamp) -> String {
        crate::text::moment(at, &self.zone)
    }

    /// Writes a moment for a column of such: `2026-12-01 14:00`.
    pub fn minute(&self, at: Timestamp) -> String {
        let zoned = jiff::Timestamp::from_millisecond(at.0).map(|t| t.to_zoned(self.zone.clone()));
        zoned.map(|z| z.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    }
}
