//! `postroom list`.

use clap::ValueEnum;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::ConversationJson;
use crate::cli::output::Output;
use crate::cli::table::{Column, age};
use crate::cli::targets::Use;
use crate::cli::verbs::views;
use crate::cli::{act, post, targets};
use crate::error::UserError;
use crate::model::ids::ConversationId;
use crate::model::shown::Mark;
use crate::model::text::{SafeText, in_quotes};
use crate::model::view::{ConversationRow, ListOrder, Sort, View};
use crate::query::Query;
use crate::service::meant;

/// How many rows are read at a time: a table is laid out from these, and a reader that goes away stops the rest.
const PAGE: usize = 500;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// The query; without one, everything that is not closed and not snoozed
    query: Vec<String>,
    /// Print at most so many
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<usize>,
    /// Print those of this view, in its order; `postroom views` lists them
    #[arg(long, value_name = "VIEW")]
    view: Option<String>,
    /// Put them in this order: activity, where no view says otherwise
    #[arg(long, value_name = "ORDER")]
    sort: Option<SortWord>,
    /// Turn the order round
    #[arg(long)]
    reverse: bool,
    /// With --json: say when each was answered and by whom, when it was closed, and how long its customer waited
    #[arg(long)]
    stats: bool,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SortWord {
    /// Whoever has waited longest first; what nobody waits for last
    Waiting,
    /// The newest conversation first
    Created,
    /// The newest activity first
    Activity,
}

impl From<SortWord> for Sort {
    fn from(word: SortWord) -> Self {
        match word {
            SortWord::Waiting => Sort::Waiting,
            SortWord::Created => Sort::Created,
            SortWord::Activity => Sort::Activity,
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the query and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &ListArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    post::tell_left(&desk, out, true)?;
    let view = args.view.as_deref().map(|name| views::named(&desk, name)).transpose()?;
    let query = targets::asked(&desk, &words(args, view.as_ref())?, Use::Read(out))?;
    let context = desk.context();
    let order = order(args, view.as_ref());
    if order != ListOrder::default() {
        return sorted(&desk, out, &query, order, args);
    }
    let mut left = args.limit.unwrap_or(usize::MAX);
    let mut after = None;
    let mut any = false;
    while left > 0 && !out.is_closed() {
        let page = desk.store.page(&query, &context, after.as_ref(), left.min(PAGE))?;
        let Some(last) = page.last() else { break };
        after = Some(last.key());
        left = left.saturating_sub(page.len());
        any = true;
        print_with(&desk, out, &page, args.stats)?;
    }
    if any { Ok(Exit::Done) } else { nothing(&desk, out, &query) }
}

/// Returns the words of the query: those of the view and those given, which together find what both find.
fn words(args: &ListArgs, view: Option<&View>) -> Result<Vec<String>, UserError> {
    Ok(match (view, args.query.is_empty()) {
        (None, true) => vec!["is:active".to_owned()],
        (None, false) => args.query.clone(),
        (Some(view), true) => vec![view.query()],
        (Some(view), false) => {
            // Those given by themselves first, so that what is wrong is told where it stands.
            targets::query(&args.query)?;
            vec![format!("({}) ({})", view.query(), args.query.join(" "))]
        }
    })
}

/// Returns the order that is asked for: that of the view, unless another is; either turned round.
fn order(args: &ListArgs, view: Option<&View>) -> ListOrder {
    let own = view.map(View::order).unwrap_or_default();
    let order = args.sort.map_or(own, |word| ListOrder { sort: word.into(), reverse: false });
    ListOrder { reverse: order.reverse != args.reverse, ..order }
}

/// Prints all that match in another order than the list's.
fn sorted(desk: &Desk, out: &mut Output, query: &Query, order: ListOrder, args: &ListArgs) -> Result<Exit, UserError> {
    let mut ids = desk.store.ids_by(query, &desk.context(), order.sort, order.reverse)?;
    ids.truncate(args.limit.unwrap_or(usize::MAX));
    for page in ids.chunks(PAGE) {
        if out.is_closed() {
            break;
        }
        print_with(desk, out, &desk.store.rows(page)?, args.stats)?;
    }
    if ids.is_empty() { nothing(desk, out, query) } else { Ok(Exit::Done) }
}

/// Says that nothing matched, and what may have been meant.
fn nothing(desk: &Desk, out: &mut Output, query: &Query) -> Result<Exit, UserError> {
    let exit = act::nothing(out)?;
    if let Some(meant) = meant::meant(&desk.store, query, &desk.context())? {
        let words = say!("hint-meant", meant = in_quotes(&meant.query), count = meant.count);
        if !out.is_quiet() {
            out.hint(&words);
        }
    }
    Ok(exit)
}

/// Prints rows in the format that was asked for; JSON with what reports ask for, where that is wanted.
fn print_with(desk: &Desk, out: &mut Output, rows: &[ConversationRow], stats: bool) -> Result<(), UserError> {
    if !stats || out.format() != Format::Json {
        print(desk, out, rows);
        return Ok(());
    }
    let ids: Vec<ConversationId> = rows.iter().map(|row| row.id.clone()).collect();
    let stats = desk.store.stats(&ids)?;
    rows.iter().zip(&stats).for_each(|(row, stats)| out.json(&ConversationJson::row(row).with_stats(Some(stats))));
    Ok(())
}

/// Prints rows in the format that was asked for.
pub fn print(desk: &Desk, out: &mut Output, rows: &[ConversationRow]) {
    match out.format() {
        Format::Json => rows.iter().for_each(|row| out.json(&ConversationJson::row(row))),
        Format::Ids => rows.iter().for_each(|row| {
            let mark = Mark::of_row(row);
            out.line(&SafeText::line(&format!("{}@{mark}", row.id)));
        }),
        Format::Table => {
            let columns = [
                Column::FIXED,
                Column::FIXED,
                Column::FIXED,
                Column::between(2, 10),
                Column::between(6, 20),
                Column::between(8, 200),
            ];
            let cells: Vec<Vec<SafeText>> = rows.iter().map(|row| cells(desk, row)).collect();
            out.table(&columns, &cells);
        }
    }
}

fn cells(desk: &Desk, row: &ConversationRow) -> Vec<SafeText> {
    let now = desk.clock.now();
    let status = if row.snoozed_until.is_some() { "snoozed" } else { row.status.name() };
    let holder = row.assignee.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
    let tags: String = row.tags.iter().map(|tag| format!(" #{tag}")).collect();
    let count = if row.messages > 1 { format!(" ({})", row.messages) } else { String::new() };
    // Where there is no server nothing waits for it.
    let unsent = row.pending && desk.config.has_server();
    let marks = [
        (row.failed, " +failed"),
        (row.unread, " +new"),
        (row.mentioned, " +mention"),
        (row.worker.is_some(), " +leased"),
        (unsent, " +unsent"),
        (row.draft, " +draft"),
        (row.attachments, " +file"),
    ];
    let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
    vec![
        SafeText::line(&row.short),
        SafeText::line(&age(row.last_at, now, &desk.zone)),
        SafeText::line(status),
        SafeText::line(&holder),
        row.people.clone(),
        SafeText::line(&format!("{}{count}{marks}{tags}", crate::text::titled(row.title.as_str()))),
    ]
}
