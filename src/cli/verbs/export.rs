//! `postroom export`.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::{FormatWord, formats};
use crate::cli::going::Going;
use crate::cli::json::{ConversationJson, SCHEMA};
use crate::cli::output::Output;
use crate::cli::targets::Use;
use crate::cli::words::usage;
use crate::cli::{act, bodies, targets};
use crate::error::UserError;
use crate::model::conversation::Conversation;
use crate::model::ids::{ConversationId, MessageId};
use crate::service::export::{self, Caller, Destination, Form, Job, Missing, Name, Rows, Summary};
use crate::sync::pass::is_too_large;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// What to make of the conversations
    #[arg(long, required = true, value_name = "FORMAT", value_parser = formats(&FORMS))]
    format: FormatWord,
    /// What the rows of a CSV are; conversations unless named
    #[arg(long, value_name = "WHAT")]
    rows: Option<RowsOf>,
    /// The file, or for eml and markdown the folder; stdout unless named
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// Replace what is there
    #[arg(long, requires = "to")]
    overwrite: bool,
}

const FORMS: [FormatWord; 5] =
    [FormatWord::Mbox, FormatWord::Eml, FormatWord::Json, FormatWord::Csv, FormatWord::Markdown];

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum RowsOf {
    /// A row a conversation
    Conversations,
    /// A row a message, with its text
    Messages,
    /// A row a note and a thing done
    History,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store, and of writing.
pub fn run(around: &Surroundings, out: &mut Output, args: &ExportArgs) -> Result<Exit, UserError> {
    let form = form(args)?;
    let to = args.to.as_deref().filter(|to| *to != Path::new("-"));
    if to.is_none() && form == Form::Eml {
        return Err(usage(phrase!("export-wants-folder")).hint(phrase!("hint-export-to")));
    }
    let desk = around.open()?;
    let ids = targets::find(&desk, &args.targets, Use::Read(out))?;
    if ids.is_empty() {
        return act::nothing(out);
    }
    let job = Job { store: &desk.store, ids: &ids, form, zone: &desk.zone };
    // Where what is exported runs over the same terminal, it shows itself how far it is.
    let shows = to.is_some() || !std::io::stdout().is_terminal();
    let shared = RefCell::new(&mut *out);
    let going = RefCell::new(Going::new(&desk.clock));
    let front = Front { around, desk: &desk, out: shared, all: ids.len(), shows, failed: Cell::new(None), going };
    let summary = match to {
        Some(path) => {
            let mut to = export::open(form, path.to_owned(), &what(form, args), args.overwrite)?;
            export::run(&job, &front, to.as_mut())
        }
        None => export::run(&job, &front, &mut Printed(&front.out)),
    };
    let failed = front.failed.take();
    out.end_progress();
    let summary = summary?;
    tell(around, out, form, to, &summary);
    Ok(ended(out, &summary.missing, failed))
}

fn form(args: &ExportArgs) -> Result<Form, UserError> {
    if args.rows.is_some() && args.format != FormatWord::Csv {
        return Err(usage(phrase!("export-rows-of-csv")));
    }
    Ok(match args.format {
        FormatWord::Mbox => Form::Mbox,
        FormatWord::Eml => Form::Eml,
        FormatWord::Markdown => Form::Markdown,
        FormatWord::Csv => Form::Csv(match args.rows {
            Some(RowsOf::Messages) => Rows::Messages,
            Some(RowsOf::History) => Rows::History,
            Some(RowsOf::Conversations) | None => Rows::Conversations,
        }),
        FormatWord::Json | FormatWord::Table | FormatWord::Ids => Form::Json,
    })
}

/// Says what is exported, so that the same command goes on where it was interrupted, and another one does not.
fn what(form: Form, args: &ExportArgs) -> String {
    let rows = if let Form::Csv(rows) = form { rows.name() } else { "" };
    [form.name(), rows, &args.targets.join(" ")].join(" ")
}

/// Says what came of it.
fn tell(around: &Surroundings, out: &mut Output, form: Form, to: Option<&Path>, summary: &Summary) {
    if let Some(to) = to {
        out.talk(&say!("export-done", count = summary.conversations, to = to.display().to_string()));
    }
    if summary.before > 0 {
        out.talk(&say!("export-before", count = summary.before));
    }
    if around.global.json {
        let line = ExportJson::new(form, to, summary);
        // stdout has the data itself where no file was named.
        match to {
            Some(_) => out.json(&line),
            None => out.json_aside(&line),
        }
    }
}

/// Tells which texts are not in it; says how the command ends.
fn ended(out: &mut Output, missing: &Missing, failed: Option<UserError>) -> Exit {
    if missing.gone > 0 {
        out.warn(&say!("export-gone", count = missing.gone));
    }
    if missing.let_go > 0 {
        out.warn(&say!("export-let-go", count = missing.let_go));
    }
    if missing.damaged > 0 {
        out.warn(&say!("export-damaged", count = missing.damaged));
    }
    if missing.too_large > 0 {
        out.warn(&say!("export-too-large", count = missing.too_large));
    }
    if missing.on_server > 0 {
        out.warn(&say!("export-away", count = missing.on_server));
        match failed {
            Some(error) => out.error(&error),
            None => out.hint(&say!("hint-export-away")),
        }
    }
    match (missing.never(), missing.on_server) {
        (0, 0) => Exit::Done,
        (0, _) => Exit::Remote,
        _ => Exit::Precondition,
    }
}

/// What the export asks of the command line.
struct Front<'a> {
    around: &'a Surroundings,
    desk: &'a Desk,
    out: RefCell<&'a mut Output>,
    all: usize,
    going: RefCell<Going>,
    /// Whether it shows how far it is.
    shows: bool,
    /// What kept mails from being fetched: it is not tried again for each portion.
    failed: Cell<Option<UserError>>,
}

impl Caller for Front<'_> {
    fn fetch(&self, mails: &[MessageId]) -> Result<(), UserError> {
        let mut failed = self.failed.take();
        if failed.is_none() {
            failed = bodies::fetch(self.around, self.desk, *self.out.borrow_mut(), mails)?;
        }
        self.failed.set(failed);
        Ok(())
    }

    fn is_too_large(&self, size: u64) -> bool {
        is_too_large(size)
    }

    fn document(&self, conversation: &Conversation) -> String {
        let stats = self.desk.store.stats(std::slice::from_ref(&conversation.row.id));
        let stats = stats.map_err(|error| self.failed.set(Some(error.into()))).unwrap_or_default();
        self.out.borrow_mut().json_text(&ConversationJson::whole(conversation).with_stats(stats.first()))
    }

    fn is_damaged(&self, what: &str, error: &UserError) {
        self.out.borrow_mut().warn(&say!("export-damaged-one", what = what, why = error.message()));
    }

    fn told(&self, done: usize) {
        // Often enough to be seen, and seldom enough to cost nothing.
        if self.shows && (done.is_multiple_of(20) || done == self.all) {
            let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
            let pace = self.going.borrow_mut().pace("export", wide(done), wide(self.all));
            self.out.borrow_mut().progress(&format!("{}{pace}", say!("export-progress", done = done, all = self.all)));
        }
    }
}

/// stdout.
struct Printed<'a, 'o>(&'a RefCell<&'o mut Output>);

impl Destination for Printed<'_, '_> {
    fn is_empty(&self) -> bool {
        true
    }

    fn has(&self, _: &ConversationId) -> bool {
        false
    }

    fn put(&mut self, _: &Name, bytes: &[u8]) -> Result<bool, UserError> {
        let mut out = self.0.borrow_mut();
        out.raw(bytes);
        Ok(!out.is_closed())
    }

    fn done(&mut self, _: &ConversationId) -> Result<(), UserError> {
        Ok(())
    }

    fn finish(&mut self) -> Result<(), UserError> {
        Ok(())
    }
}

/// `"type":"export"`: what came of an export.
#[derive(Serialize, JsonSchema)]
pub struct ExportJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    format: &'static str,
    to: Option<&'a Path>,
    conversations: usize,
    before: usize,
    mails: usize,
    missing: MissingJson,
}

#[derive(Serialize, JsonSchema)]
struct MissingJson {
    on_server: usize,
    too_large: usize,
    gone: usize,
    let_go: usize,
    damaged: usize,
}

impl<'a> ExportJson<'a> {
    fn new(form: Form, to: Option<&'a Path>, summary: &Summary) -> Self {
        let Missing { on_server, too_large, gone, let_go, damaged } = summary.missing;
        let Summary { conversations, before, mails, .. } = *summary;
        let missing = MissingJson { on_server, too_large, gone, let_go, damaged };
        Self { schema: SCHEMA, r#type: "export", format: form.name(), to, conversations, before, mails, missing }
    }
}
