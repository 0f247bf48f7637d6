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
use crate::service::triage::paper::{self, PlanLine};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ApplyArgs {
    /// The plan, as `triage --dry-run --json` prints it; - reads it from stdin
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb: carries out the operations whose expectation holds, and lists the others (exit code 4). A plan that was carried out
/// expects what it has itself changed, so a second time it changes nothing.
///
/// # Errors
/// When a line of the plan can't be read (nothing is done then), and those of the store and the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &ApplyArgs) -> Result<Exit, UserError> {
    let plan = parse(&read(args)?, &args.plan.display().to_string())?;
    if plan.is_empty() {
        out.talk(&say!("told-plan-empty"));
        return Ok(Exit::Nothing);
    }
    let desk = around.open()?;
    let (plan, refused) = paper::check(&desk.store, plan)?;
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
        std::io::stdin().lock().read_to_string(&mut text)
    } else {
        std::fs::File::open(&args.plan).and_then(|mut file| file.read_to_string(&mut text))
    };
    read.map_err(|error| {
        words::usage(phrase!("plan-unreadable", path = args.plan.display().to_string(), why = error.to_string()))
    })?;
    Ok(text)
}

fn parse(text: &str, name: &str) -> Result<Vec<PlanLine>, UserError> {
    let mut plan = Vec::new();
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let bad = |why: Phrase| {
            words::usage(phrase!("plan-line-wrong", file = name, line = (n + 1).to_string(), why = why))
                .hint(phrase!("hint-plan"))
        };
        let line: PlanLine =
            serde_json::from_str(line).map_err(|error| bad(phrase!("plan-no-line", why = error.to_string())))?;
        if line.schema != SCHEMA || line.r#type != "plan" {
            return Err(bad(phrase!(
                "plan-other-schema",
                schema = format!("{:?}", line.schema),
                kind = format!("{:?}", line.r#type)
            )));
        }
        plan.push(line);
    }
    Ok(plan)
}
