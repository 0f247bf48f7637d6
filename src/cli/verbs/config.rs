//! `postroom config`.

use clap::Subcommand;
use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::cli::screen;
use crate::config::{Config, Paths};
use crate::error::{ErrorKind, UserError};
use crate::model::text::SafeText;
use crate::query;
use crate::service::known;
use crate::store::Store;
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    what: What,
}

/// `"type":"config-check"`: a config in which nothing is wrong.
#[derive(Serialize, JsonSchema)]
pub struct CheckJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    config: &'a str,
    accounts: usize,
    inboxes: usize,
    agents: usize,
}

/// `"type":"paths"`: where things are.
#[derive(Serialize, JsonSchema)]
pub struct PathsJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    config: &'a str,
    store: &'a str,
    /// The configs for all users of this machine that lie under it, the most important first.
    shared: Vec<String>,
}

/// `"type":"config"`: what the TOML says, without passwords.
#[derive(Serialize, JsonSchema)]
pub struct ConfigJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    #[schemars(with = "serde_json::Map<String, serde_json::Value>")]
    config: &'a toml::Table,
}

/// What to do with the config.
#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Print the config as it stands after all layers; passwords are not shown
    Show,
    /// Read the config and tell what is wrong with it
    Check,
    /// Print where config, store and saved replies are
    Path,
}

/// Runs the verb.
///
/// # Errors
/// Those of the config.
pub fn run(around: &Surroundings, out: &mut Output, args: &ConfigArgs) -> Result<Exit, UserError> {
    match args.what {
        What::Show => {
            let config = around.config()?;
            if out.format() == Format::Json {
                return as_json(out, &config);
            }
            // Text of the config's own owner; still nothing in it may reprogram the terminal.
            SafeText::lines(config.to_toml().trim_end()).iter().for_each(|line| out.line(line));
        }
        What::Check => {
            let config = around.config()?;
            let wrong = problems(&config);
            wrong.iter().for_each(|problem| out.error(problem));
            if !wrong.is_empty() {
                return Ok(Exit::Usage);
            }
            for older in &config.older {
                out.warn(&older.message());
                out.hint(&older.advice());
            }
            check_queries(around, out, &config)?;
            let accounts = phrase!("accounts-of", count = config.accounts.len());
            let inboxes = phrase!("inboxes-of", count = config.inboxes.len());
            let agents = phrase!("agents-of", count = config.agents.len());
            let path = config.file.display().to_string();
            if out.format() == Format::Json {
                out.json(&CheckJson {
                    schema: SCHEMA,
                    r#type: "config-check",
                    config: &path,
                    accounts: config.accounts.len(),
                    inboxes: config.inboxes.len(),
                    agents: config.agents.len(),
                });
            }
            out.talk(&say!("told-config-fine", path = path, accounts = accounts, inboxes = inboxes, agents = agents));
        }
        What::Path => {
            let paths = Paths::of(&around.layers)?;
            match out.format() {
                Format::Json => out.json(&PathsJson {
                    schema: SCHEMA,
                    r#type: "paths",
                    config: &paths.config.to_string_lossy(),
                    store: &paths.data.to_string_lossy(),
                    shared: paths.shared.iter().map(|file| file.to_string_lossy().into_owned()).collect(),
                }),
                _ => {
                    out.line(&SafeText::line(&format!("config  {}", paths.config.display())));
                    for file in &paths.shared {
                        out.line(&SafeText::line(&format!("shared  {}", file.display())));
                    }
                    out.line(&SafeText::line(&format!("store   {}", paths.data.display())));
                }
            }
        }
    }
    Ok(Exit::Done)
}

/// Tells where the query of a hook, a panel or a view names what is not known: it would find nothing, or everything. Where there is no
/// store yet, nobody knows.
fn check_queries(around: &Surroundings, out: &mut Output, config: &Config) -> Result<(), UserError> {
    let hooks = config.hooks.iter().map(|hook| (format!("hook.{}", hook.name), "query", &hook.query));
    let panels = config.panels.iter().map(|panel| (format!("panel.{}", panel.name), "when", &panel.when));
    let views = config.views.iter().map(|view| (format!("view.{}", view.name), "query", &view.query));
    let asked: Vec<_> = hooks.chain(panels).chain(views).filter(|(.., query)| !query.trim().is_empty()).collect();
    if asked.is_empty() || !Store::is_at(&config.data_dir) {
        return Ok(());
    }
    let desk = around.open_with(config.clone())?;
    for (section, key, query) in asked {
        let Ok(query) = query::parse(query) else { continue };
        for unknown in known::unknown(&desk.store, &query)? {
            let what = phrase!("config-query-unknown", section = section.as_str(), key = key, what = unknown.phrase());
            out.warn(&text::render(&what));
            if let Some(meant) = unknown.meant() {
                out.hint(&text::render(&meant));
            }
        }
    }
    Ok(())
}

/// Prints the config as one object: what the TOML says.
fn as_json(out: &mut Output, config: &Config) -> Result<Exit, UserError> {
    let table: toml::Table = toml::from_str(&config.to_toml())
        .map_err(|error| UserError::new(ErrorKind::Internal, phrase!("config-not-json", why = error.to_string())))?;
    out.json(&ConfigJson { schema: SCHEMA, r#type: "config", config: &table });
    Ok(Exit::Done)
}

/// Returns what is wrong with the config, the keymap and the theme, and stops nothing.
pub fn problems(config: &Config) -> Vec<UserError> {
    let mut problems = config.problems.clone();
    problems.extend(screen::keymap(config).1);
    problems.extend(screen::themes(config).load(&config.ui.theme).1);
    problems
}
