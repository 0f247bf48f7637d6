//! `postroom apply`.

use std::io::Read;
use std::path::PathBuf;

use crate::cli::act::carry_out;
use crate::cli::desk::Surroundings;
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{RefusedJson, SCHEMA};
use crate::cli::output::Output;
use crate::cli::words;
use crate::error::UserError;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::service::triage::paper::{self, Checked, PlanLine};

/// The longest plan that is read, in bytes: about a million operations.
const PLAN_MAX: u64 = 512 << 20;
/// The longest line of one, in bytes: the longest note several times over.
const LINE_MAX: usize = 4 << 20;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ApplyArgs {
    /// The plan, as `triage --dry-run --json` prints it; - reads it from stdin
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Carry out again what was carried out, or taken back since, where it still holds
    #[arg(long)]
    again: bool,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb: carries out the operations whose expectation holds, and lists the others (exit code 4). Each carries its id, so that it
/// is carried out once, however often the plan is applied and by however many at a time.
///
/// # Errors
/// When a line of the plan can't be read, or says what no verb would (nothing is done then), and those of the store and the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &ApplyArgs) -> Result<Exit, UserError> {
    let name = args.plan.display().to_string();
    let plan = parse(&read(args)?, &name)?;
    if plan.is_empty() {
        out.talk(&say!("told-plan-empty"));
        return Ok(Exit::Nothing);
    }
    let desk = around.open()?;
    let mut plan = paper::validate(&desk.store, plan)?.map_err(|(line, why)| bad_line(&name, line, why))?;
    if args.again {
        plan.iter_mut().for_each(|line| line.id = line.id.map(|_| desk.store.author().ids.next()));
    }
    let Checked { plan, refused, applied } = paper::check(&desk.store, plan)?;
    if applied > 0 {
        out.talk(&say!("told-applied-already", count = applied));
    }
    if !args.dry.admits(out, plan.rows().len())? {
        return Ok(Exit::Nothing);
    }
    for (line, why) in &refused {
        if out.format() == Format::Json {
            out.json(&RefusedJson::new(Some(&line.conversation), line.op.name(), why));
        }
        let of = format!("{} ({})", line.conversation, crate::text::titled(line.title.as_str()));
        out.warn(&say!("told-not-carried-out", what = line.op.name(), of = of, why = why.clone()));
    }
    let done = if plan.steps.is_empty() { Exit::Done } else { carry_out(around, &desk, out, plan, args.dry)? };
    Ok(if refused.is_empty() || done != Exit::Done { done } else { Exit::Precondition })
}

fn read(args: &ApplyArgs) -> Result<String, UserError> {
    let mut text = String::new();
    let read = if args.plan.as_os_str() == "-" {
        std::io::stdin().lock().take(PLAN_MAX + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(&args.plan).and_then(|file| file.take(PLAN_MAX + 1).read_to_string(&mut text))
    };
    let path = || args.plan.display().to_string();
    read.map_err(|error| words::usage(phrase!("plan-unreadable", path = path(), why = error.to_string())))?;
    if text.len() as u64 > PLAN_MAX {
        return Err(words::usage(phrase!("plan-too-long", path = path())).hint(phrase!("hint-plan-parts")));
    }
    Ok(text)
}

fn bad_line(file: &str, line: usize, why: Phrase) -> UserError {
    words::usage(phrase!("plan-line-wrong", file = file, line = line.to_string(), why = why)).hint(phrase!("hint-plan"))
}

/// Reads the lines, each with its number.
fn parse(text: &str, name: &str) -> Result<Vec<(usize, PlanLine)>, UserError> {
    let mut plan = Vec::new();
    for (n, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let bad = |why: Phrase| bad_line(name, n, why);
        if line.len() > LINE_MAX {
            return Err(bad(phrase!("plan-line-long")));
        }
        let line: PlanLine =
            serde_json::from_str(line).map_err(|error| bad(phrase!("plan-no-line", why = error.to_string())))?;
        if line.schema != SCHEMA || line.r#type != "plan" {
            return Err(bad(phrase!(
                "plan-other-schema",
                schema = in_quotes(&line.schema),
                kind = in_quotes(&line.r#type)
            )));
        }
        plan.push((n, line));
    }
    Ok(plan)
}
