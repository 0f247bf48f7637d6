//! `postroom doctor`: looks whether everything is as postroom needs it, and says what mends what is not.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cli::desk::Surroundings;
use crate::cli::doctor::{self, Examined};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::SCHEMA;
use crate::cli::output::Output;
use crate::error::{ErrorKind, UserError};
use crate::model::text::SafeText;
use crate::service::doctor::{Finding, Level};
use crate::text;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Say only what is not as it should be
    #[arg(long)]
    only_wrong: bool,
}

/// `"type":"check"`: what a look at one thing found.
#[derive(Serialize, JsonSchema)]
pub struct CheckedJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    /// What it is about: `config`, `server`, `store` and so on.
    topic: &'static str,
    account: Option<&'a str>,
    /// `ok`, `warning` or `fault`.
    level: &'static str,
    code: &'a str,
    text: String,
    /// What mends it.
    hint: Option<String>,
}

/// The widths of the columns in front of what was found.
const LEVEL_WIDTH: usize = 8;
const TOPIC_WIDTH: usize = 19;

/// Runs the verb. With a fault it ends by the kind of the worst.
///
/// # Errors
/// When there is no home folder to look in.
pub fn run(around: &Surroundings, out: &mut Output, args: &DoctorArgs) -> Result<Exit, UserError> {
    let Examined { findings, redact } = doctor::examine(around, out)?;
    let shown = findings.iter().filter(|finding| !args.only_wrong || finding.level != Level::Ok);
    for finding in shown {
        // JSON is English, as all of it is.
        let said = |phrase| match out.format() {
            Format::Json => redact.take(&text::english(phrase)),
            _ => redact.take(&text::render(phrase)),
        };
        let (what, hint) = (said(&finding.what), finding.remedy.as_ref().map(said));
        if out.format() == Format::Json {
            out.json(&CheckedJson {
                schema: SCHEMA,
                r#type: "check",
                topic: finding.topic.name(),
                account: finding.account.as_deref(),
                level: name(finding.level),
                code: &finding.what.code,
                text: what,
                hint,
            });
        } else {
            print(out, finding, &what, hint.as_deref());
        }
    }
    let faults = findings.iter().filter(|finding| matches!(finding.level, Level::Fault(_))).count();
    let warnings = findings.iter().filter(|finding| finding.level == Level::Warning).count();
    let (faults, warnings) = (phrase!("faults-of", count = faults), phrase!("warnings-of", count = warnings));
    out.talk(&say!("told-doctor", faults = faults, warnings = warnings));
    Ok(exit(&findings))
}

fn print(out: &mut Output, finding: &Finding, what: &str, hint: Option<&str>) {
    let topic = match &finding.account {
        Some(account) => format!("{} {account}", finding.topic.name()),
        None => finding.topic.name().to_owned(),
    };
    let level = match finding.level {
        Level::Ok => say!("doctor-level-ok"),
        Level::Warning => say!("doctor-level-warning"),
        Level::Fault(_) => say!("doctor-level-fault"),
    };
    out.line(&SafeText::line(&format!("{level:<LEVEL_WIDTH$} {topic:<TOPIC_WIDTH$} {what}")));
    if let Some(hint) = hint {
        let indent = " ".repeat(LEVEL_WIDTH + TOPIC_WIDTH + 2);
        out.line(&SafeText::line(&format!("{indent}{}", say!("told-hint", what = hint))));
    }
}

/// The level's name in JSON, which stays.
fn name(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Warning => "warning",
        Level::Fault(_) => "fault",
    }
}

/// Returns how the verb ends: by what must be mended first, since the rest may follow from it.
fn exit(findings: &[Finding]) -> Exit {
    let kinds: Vec<ErrorKind> = findings
        .iter()
        .filter_map(|finding| match finding.level {
            Level::Fault(kind) => Some(kind),
            _ => None,
        })
        .collect();
    let order = [ErrorKind::Store, ErrorKind::Config, ErrorKind::Remote];
    let worst = order.into_iter().find(|kind| kinds.contains(kind));
    worst.or(kinds.first().copied()).map_or(Exit::Done, Exit::from)
}
