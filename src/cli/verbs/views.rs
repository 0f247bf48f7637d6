//! `postroom views`.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::cli::table::Column;
use crate::cli::words::usage;
use crate::error::UserError;
use crate::model::nearest::nearest;
use crate::model::text::{SafeText, in_quotes};
use crate::model::view::{Counts, Sort, View};
use crate::query;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ViewsArgs {}

/// `"type":"view"`: a named query.
#[derive(Serialize, JsonSchema)]
pub struct ViewJson {
    schema: &'static str,
    r#type: &'static str,
    name: String,
    query: String,
    /// How many conversations it holds; `null` where they are not counted.
    count: Option<u64>,
    /// The digit that shows it on the screen.
    key: Option<usize>,
    own: bool,
    sort: &'static str,
    reverse: bool,
}

/// Runs the verb: prints the views that the screen has, in its order.
///
/// # Errors
/// Those of the store.
pub fn run(around: &Surroundings, out: &mut Output, _: &ViewsArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    desk.config.problems.iter().for_each(|problem| out.error(problem));
    let counts = desk.store.counts(&desk.config.me)?;
    let views = all(&desk, &counts);
    let mut rows = Vec::new();
    for (place, view) in views.iter().enumerate() {
        let (key, count) = (View::digit(&views, place), count(&desk, view, &counts)?);
        match out.format() {
            Format::Json => out.json(&as_json(view, key, count)),
            Format::Ids => out.line(&SafeText::line(&view.name())),
            Format::Table => rows.push([
                key.map(|key| key.to_string()).unwrap_or_default(),
                view.name(),
                count.map(|count| count.to_string()).unwrap_or_default(),
                view.query(),
            ]),
        }
    }
    let rows: Vec<Vec<SafeText>> =
        rows.iter().map(|row| row.iter().map(|cell| SafeText::line(cell)).collect()).collect();
    let columns = [Column::FIXED, Column::FIXED, Column::FIXED, Column::between(8, 200)];
    out.table(&columns, &rows);
    Ok(Exit::Done)
}

fn as_json(view: &View, key: Option<usize>, count: Option<u64>) -> ViewJson {
    let order = view.order();
    let sort = match order.sort {
        Sort::Activity => "activity",
        Sort::Waiting => "waiting",
        Sort::Created => "created",
    };
    let (name, query, own) = (view.name(), view.query(), matches!(view, View::Own(_)));
    ViewJson { schema: SCHEMA, r#type: "view", name, query, count, key, own, sort, reverse: order.reverse }
}

/// Returns how many a view holds: the kept number, or of one's own what is counted now.
fn count(desk: &Desk, view: &View, counts: &Counts) -> Result<Option<u64>, UserError> {
    match view {
        View::Own(own) if !own.count => Ok(None),
        View::Own(own) => match query::parse(&own.query) {
            Ok(query) => Ok(Some(desk.store.count(&query, &desk.context())?)),
            Err(_) => Ok(None),
        },
        view => Ok(Some(counts.get(view))),
    }
}

/// Returns every view in the order of the screen.
fn all(desk: &Desk, counts: &Counts) -> Vec<View> {
    let mut views = Vec::new();
    for view in View::FIXED {
        let is_last_before_teams = view == View::Unassigned;
        views.push(view);
        if is_last_before_teams {
            views.extend(counts.of.keys().filter(|view| matches!(view, View::Team(_))).cloned());
        }
    }
    if desk.config.inboxes.len() > 1 {
        views.extend(desk.config.inboxes.iter().map(|inbox| View::Inbox(inbox.id.clone())));
    }
    views.extend(desk.config.views.iter().cloned().map(|view| View::Own(Arc::new(view))));
    let held = |view: &&View| matches!(view, View::Tag(_)) && counts.conversations(view) > 0;
    views.extend(counts.of.keys().filter(held).cloned());
    views
}

/// Finds a view by its name.
///
/// # Errors
/// When none is called so; names the nearest.
pub fn named(desk: &Desk, name: &str) -> Result<View, UserError> {
    let views = all(desk, &desk.store.counts(&desk.config.me)?);
    if let Some(view) = views.iter().find(|view| view.name().to_lowercase() == name.to_lowercase()) {
        return Ok(view.clone());
    }
    let names: Vec<String> = views.iter().map(View::name).collect();
    Err(usage(phrase!("no-view", name = in_quotes(name))).hint(match nearest(name, names.iter().map(String::as_str)) {
        Some(near) => phrase!("hint-did-you-mean", near = near),
        None => phrase!("hint-views-lists"),
    }))
}
