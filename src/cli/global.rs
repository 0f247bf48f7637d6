//! What every verb takes, and how it prints data. It names no verb, so that all that serves the verbs can name it.

use std::path::PathBuf;

use clap::ValueEnum;

/// The heading of the flags that every verb takes.
const ALWAYS: &str = "Options of every verb";

/// The flags that every verb takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Global {
    /// Read this config file [env: POSTROOM_CONFIG]
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use the store in this folder [env: POSTROOM_STORE]
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "DIR")]
    pub store: Option<PathBuf>,
    /// Act as this agent [env: POSTROOM_AGENT]
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "HANDLE")]
    pub agent: Option<String>,
    /// Print data as JSON, one object a line (schema postroom/1)
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub json: bool,
    /// Print data in this format
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "FORMAT", conflicts_with = "json")]
    pub format: Option<Format>,
    /// Queue what is to go to the server and do not connect
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, conflicts_with = "wait")]
    pub offline: bool,
    /// Return when the server has what was done
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub wait: bool,
    /// End with 0, not 1, where nothing matched
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub ok_if_empty: bool,
    /// Say only what must be read
    #[arg(long, short, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub quiet: bool,
}

impl Global {
    /// Returns the format of data.
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format.unwrap_or_default() }
    }
}

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people.
    #[default]
    Table,
    /// Ids, one a line, for pipes.
    Ids,
    /// JSON, one object a line.
    Json,
}
