//! Views of one's own: `[view.NAME]` of the config, and of `views.toml` beside it, where the screen keeps those that it is asked to keep.

use std::collections::BTreeSet;
use std::path::Path;

use super::reader::{Reader, Section};
use super::show::{columns_line, key, line, plain, section};
use crate::error::{ErrorKind, UserError};
use crate::model::list_look::{Column, Density};
use crate::model::nearest::nearest;
use crate::model::own::OwnView;
use crate::model::text::in_quotes;
use crate::model::view::{Sort, View};
use crate::query;

/// The file beside the config in which views are kept that were saved on the screen.
pub const VIEWS_FILE: &str = "views.toml";

/// What is said of a view's order: which stands first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Oldest,
    Newest,
}

/// Reads all views below `section`. One that can't be had is told and left out; `known` are those that are there already.
pub(super) fn views(section: &Section<'_, '_>, known: &[OwnView]) -> Vec<OwnView> {
    let mut names: BTreeSet<String> = known.iter().map(|view| view.name.to_lowercase()).collect();
    names.extend(View::FIXED.iter().map(View::name));
    let mut digits: BTreeSet<u8> = known.iter().filter_map(|view| view.key).collect();
    let mut views = Vec::new();
    for (name, section) in section.sections_below() {
        let is_free = names.insert(name.to_lowercase());
        if !OwnView::is_name(&name) {
            section.complain("", phrase!("view-name-bad", name = in_quotes(&name)), phrase!("hint-view-name"));
        } else if !is_free {
            section.complain("", phrase!("view-name-taken", name = &name), phrase!("hint-other-name"));
        }
        let view = view(&name, &section, &mut digits);
        section.finish();
        views.extend(view.filter(|_| is_free && OwnView::is_name(&name)));
    }
    views
}

/// Reads one view; `None` where its query can't be read.
fn view(name: &str, section: &Section<'_, '_>, digits: &mut BTreeSet<u8>) -> Option<OwnView> {
    let query = section.required("query", phrase!("hint-view-query"));
    let sorts = [("waiting", Sort::Waiting), ("activity", Sort::Activity), ("created", Sort::Created)];
    let sort = section.word("sort", &sorts).unwrap_or_default();
    let order = section.word("order", &[("oldest", Order::Oldest), ("newest", Order::Newest)]);
    let own = if sort == Sort::Waiting { Order::Oldest } else { Order::Newest };
    let reverse = order.is_some_and(|order| order != own);
    let count = section.yes("count").unwrap_or(true);
    let (density, columns) = (density(section), columns(section));
    let key = digit(section).filter(|digit| {
        let is_free = digits.insert(*digit);
        if !is_free {
            section.complain(
                "key",
                phrase!("view-key-taken", key = digit.to_string()),
                phrase!("hint-other-key-of-view"),
            );
        }
        is_free
    });
    match query::parse(&query) {
        _ if query.is_empty() => None,
        Ok(_) => Some(OwnView { name: name.to_owned(), query, key, count, sort, reverse, density, columns }),
        Err(error) => {
            section.complain("query", error.phrase(), error.hint.clone().unwrap_or("".into()));
            None
        }
    }
}

/// Reads how many lines a row of a list takes.
pub(super) fn density(section: &Section<'_, '_>) -> Option<Density> {
    section.word("density", &Density::ALL.map(|density| (density.name(), density)))
}

/// Reads which columns a list has.
pub(super) fn columns(section: &Section<'_, '_>) -> Option<BTreeSet<Column>> {
    let names = section.texts("columns")?;
    let mut columns = BTreeSet::new();
    for name in names {
        match Column::ALL.into_iter().find(|column| column.name() == name) {
            Some(column) => drop(columns.insert(column)),
            None => {
                let key = format!("{}.columns", section.name);
                let all = Column::ALL.map(Column::name);
                let hint = match nearest(&name, all) {
                    Some(near) => phrase!("hint-use", words = in_quotes(near)),
                    None => phrase!("hint-use", words = all.map(in_quotes).join(", ")),
                };
                section.complain("columns", phrase!("config-cant-be", key = key, given = in_quotes(&name)), hint);
            }
        }
    }
    Some(columns)
}

/// Reads the digit that shows a view.
fn digit(section: &Section<'_, '_>) -> Option<u8> {
    let given = section.text("key")?;
    let digit = given.parse().ok().filter(|digit| (1..=9).contains(digit));
    if digit.is_none() {
        let what = phrase!("config-cant-be", key = format!("{}.key", section.name), given = in_quotes(given));
        section.complain("key", what, phrase!("hint-view-key"));
    }
    digit
}

/// Reads the views that were saved on the screen, beside those of the config; what is wrong is told, and the rest counts.
pub(super) fn saved(file: &Path, known: &[OwnView]) -> (Vec<OwnView>, Vec<UserError>) {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Vec::new(), Vec::new()),
        Err(error) => {
            let error = UserError::new(ErrorKind::Config, error.to_string()).within(file.display().to_string());
            return (Vec::new(), vec![error]);
        }
    };
    let reader = Reader::new(file, &text);
    let table = reader.parse();
    let root = reader.root(&table);
    let views = views(&root.section("view"), known);
    root.finish();
    (views, reader.finish_mildly())
}

/// Keeps a view in the file beside the config: behind what stands there, as it was written by hand or by us. Two screens do so one after the
/// other.
///
/// # Errors
/// When the file can't be written, or another screen kept a view of that name since: two of one name are a mistake in the file.
pub fn keep_view(file: &Path, view: &OwnView) -> Result<(), UserError> {
    let is_free = append_view(file, view).map_err(|error| {
        let what =
            phrase!("view-not-kept", name = &view.name, file = file.display().to_string(), why = error.to_string());
        UserError::new(ErrorKind::Config, what).hint(phrase!("hint-check-rights-of-folder"))
    })?;
    if is_free {
        return Ok(());
    }
    Err(UserError::new(ErrorKind::Config, phrase!("view-name-taken", name = &view.name))
        .hint(phrase!("hint-other-name")))
}

/// Writes a view behind what stands in the file; `false` where one of its name stands there.
fn append_view(file: &Path, view: &OwnView) -> std::io::Result<bool> {
    use std::io::{Read as _, Write as _};
    let mut open = std::fs::OpenOptions::new().create(true).read(true).append(true).open(file)?;
    // A file system without locks has one screen at most that matters.
    let _ = open.lock();
    let mut there = String::new();
    open.read_to_string(&mut there)?;
    if names_in(file, &there).contains(&view.name.to_lowercase()) {
        return Ok(false);
    }
    let mut text = String::new();
    write_view(&mut text, view);
    if there.is_empty() {
        text.insert_str(0, &format!("# {}\n", say!("views-file-head")));
    } else if !there.ends_with('\n') {
        text.insert(0, '\n');
    }
    open.write_all(text.as_bytes())?;
    Ok(true)
}

/// Returns the names of the views that a file holds, whether they can be had or not, in lower case.
fn names_in(file: &Path, text: &str) -> BTreeSet<String> {
    let reader = Reader::new(file, text);
    let table = reader.parse();
    let below = reader.root(&table).section("view").sections_below();
    below.into_iter().map(|(name, _)| name.to_lowercase()).collect()
}

#[cfg(test)]
#[path = "views_tests.rs"]
mod tests;

/// Writes a view as the config has it.
pub(super) fn write_view(out: &mut String, view: &OwnView) {
    section(out, &format!("view.{}", key(&view.name)));
    line(out, "query", &view.query);
    if let Some(digit) = view.key {
        line(out, "key", &digit.to_string());
    }
    if !view.count {
        plain(out, "count", false);
    }
    let (sort, oldest) = match view.sort {
        Sort::Waiting => ("waiting", !view.reverse),
        Sort::Activity => ("activity", view.reverse),
        Sort::Created => ("created", view.reverse),
    };
    if (view.sort, view.reverse) != (Sort::Activity, false) {
        line(out, "sort", sort);
        line(out, "order", if oldest { "oldest" } else { "newest" });
    }
    if let Some(density) = view.density {
        line(out, "density", density.name());
    }
    if let Some(columns) = &view.columns {
        columns_line(out, columns);
    }
}
