//! Dry runs: what a command would do, on paper, and nothing done.

use super::desk::Desk;
use super::exit::Exit;
use super::global::Format;
use super::output::Output;
use crate::model::text::SafeText;
use crate::op::describe::{self, Names};
use crate::service::triage::Step;
use crate::service::triage::paper::PlanLine;
use crate::text;

/// The flag of all verbs that change conversations.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Dry {
    /// Print what would be done, and do nothing; with --json a plan for `apply`
    #[arg(long = "dry-run")]
    pub run: bool,
}

/// Prints the operations, one a line, each with what it expects to find.
pub fn show(desk: &Desk, out: &mut Output, steps: &[Step]) -> Exit {
    let time = |at| desk.time(at);
    let subject = |id: &crate::model::ids::MessageId| desk.store.message_subject(id).ok().flatten();
    let names = Names { subject: &subject, behind: &|_| Vec::new() };
    for step in steps {
        let id = (out.format() == Format::Json).then(|| desk.store.author().ids.next());
        let Some(line) = PlanLine::of(step, id) else { continue };
        let Step { row, op, .. } = step;
        match out.format() {
            Format::Json => out.json(&line),
            Format::Ids => out.line(&SafeText::line(row.id.as_str())),
            Format::Table => {
                let what = text::planned(&describe::act(op, &desk.config.me, names), &time);
                let would = phrase!("plan-would", who = desk.config.me.as_str(), what = what);
                let would = match line.expect.phrase() {
                    Some(now) => phrase!("plan-would-now", what = would, now = now),
                    None => would,
                };
                let text = format!("{}  {} · {}", row.short, text::render(&would), text::titled(row.title.as_str()));
                out.line(&SafeText::line(&text));
            }
        }
    }
    out.talk(&say!("told-planned", count = steps.len()));
    Exit::Done
}
