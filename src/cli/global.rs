//! What every verb takes, and how it prints data. It names no verb, so that all that serves the verbs can name it.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// The heading of the flags that every verb takes.
const ALWAYS: &str = "Options of every verb";

/// The flags that every verb takes.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
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
    /// Print only these fields of the JSON, in this order: id,title,lease.agent; it implies --json
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "A,B", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// Print what this jq expression makes of each object, strings without quotes; it implies --json
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "EXPR", conflicts_with = "fields")]
    pub jq: Option<String>,
    /// Print data in this format
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, value_name = "FORMAT", conflicts_with = "json")]
    #[arg(value_parser = formats(&[FormatWord::Table, FormatWord::Ids, FormatWord::Json]))]
    pub format: Option<FormatWord>,
    /// Queue what is to go to the server and do not connect
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000, conflicts_with = "wait")]
    pub offline: bool,
    /// Return when the server has what was done
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub wait: bool,
    /// End with 0, not 1, where nothing matched
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub ok_if_empty: bool,
    /// Take a query as it is, also where it names an agent, an inbox or a tag that is not known
    #[arg(long, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub allow_unknown: bool,
    /// Say only what must be read
    #[arg(long, short, global = true, help_heading = ALWAYS, display_order = 1000)]
    pub quiet: bool,
}

impl Global {
    /// Tells whether something else is made of each JSON object before it is printed.
    pub fn is_shaped(&self) -> bool {
        self.jq.is_some() || !self.fields.is_empty()
    }

    /// Returns the format of data.
    pub fn format(&self) -> Format {
        match self.format {
            _ if self.json || self.is_shaped() => Format::Json,
            Some(FormatWord::Json) => Format::Json,
            Some(FormatWord::Ids) => Format::Ids,
            _ => Format::Table,
        }
    }
}

/// Tells whether a command line that can't be read asks for JSON.
pub fn wants_json(words: impl Iterator<Item = OsString>) -> bool {
    let words: Vec<String> =
        words.skip(1).map(|word| word.to_string_lossy().into_owned()).take_while(|word| word != "--").collect();
    let is_format = |pair: &[String]| matches!(pair, [flag, format] if flag == "--format" && format == "json");
    let is_option = |word: &String| {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        matches!(name, "--json" | "--jq" | "--fields") || word == "--format=json"
    };
    words.iter().any(is_option) || words.windows(2).any(is_format)
}

/// How data is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A table for people.
    #[default]
    Table,
    /// Ids, one a line, for pipes.
    Ids,
    /// JSON, one object a line.
    Json,
}

/// What `--format` takes: of all verbs the first three, of `export` what stands behind those and `json`. It is one type because clap hands
/// what is given to a verb up to the flags that every verb takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatWord {
    /// A table for people
    Table,
    /// Ids, one a line, for pipes
    Ids,
    /// JSON, one object a line
    Json,
    /// One mbox with the mails (mboxrd)
    Mbox,
    /// A folder for each conversation with its mails as they came, notes and history beside them
    Eml,
    /// One table; --rows says of what
    Csv,
    /// A page to read for each conversation, with notes and history
    Markdown,
}

/// Returns what reads one of these words, and no other.
pub fn formats(of: &'static [FormatWord]) -> impl TypedValueParser<Value = FormatWord> {
    let words = of.iter().filter_map(FormatWord::to_possible_value);
    PossibleValuesParser::new(words.collect::<Vec<_>>())
        .try_map(|word: String| <FormatWord as ValueEnum>::from_str(&word, false))
}
