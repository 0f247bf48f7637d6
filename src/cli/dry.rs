//! Dry runs: what a command would do, on paper, and nothing done.

use super::ask::Asker;
use super::desk::Desk;
use super::exit::Exit;
use super::global::Format;
use super::output::Output;
use crate::error::{ErrorKind, UserError};
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
    #[command(flatten)]
    bounds: Bounds,
}

impl Dry {
    /// Tells whether so many conversations may be changed: as the flags say, or somebody on the terminal.
    ///
    /// # Errors
    /// As [`Bounds::check`]. When the terminal goes away.
    pub fn admits(&self, out: &mut Output, count: usize) -> Result<bool, UserError> {
        self.bounds.check(count)?;
        let asker = Asker::new();
        if self.run || count <= ASKED_ABOVE || self.bounds.are_given() || !asker.is_terminal() {
            return Ok(true);
        }
        let yes = asker.yes(&say!("ask-many", count = count))?;
        if !yes {
            out.talk(&say!("told-nothing-changed"));
        }
        Ok(yes)
    }
}

impl Dry {
    /// Refuses another number of conversations than was said.
    ///
    /// # Errors
    /// As [`Bounds::check`].
    pub fn check(&self, count: usize) -> Result<(), UserError> {
        self.bounds.check(count)
    }

    /// Tells whether a number was said.
    pub fn is_bounded(&self) -> bool {
        self.bounds.are_given()
    }

    /// Tells whether somebody would be asked about many.
    pub fn may_ask(&self) -> bool {
        !self.run && !self.is_bounded() && Asker::new().is_terminal()
    }
}

/// More conversations than this are asked for on a terminal.
const ASKED_ABOVE: usize = 50;

/// How many conversations a command may be about.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Bounds {
    /// Do nothing where more than N conversations are meant: exit code 4
    #[arg(long, value_name = "N")]
    max: Option<usize>,
    /// Do nothing where not just N conversations are meant: exit code 4
    #[arg(long, value_name = "N")]
    expect: Option<usize>,
}

impl Bounds {
    fn are_given(self) -> bool {
        self.max.is_some() || self.expect.is_some()
    }

    /// Refuses another number than was said.
    ///
    /// # Errors
    /// Says how many there are.
    pub fn check(self, count: usize) -> Result<(), UserError> {
        if let Some(max) = self.max.filter(|max| count > *max) {
            let what = phrase!("over-max", count = count, max = max.to_string());
            return Err(
                UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-over-max", count = count.to_string()))
            );
        }
        match self.expect {
            Some(expected) => expect(expected, count),
            None => Ok(()),
        }
    }
}

/// Refuses another number of conversations than was expected.
///
/// # Errors
/// Says how many there are.
pub fn expect(expected: usize, count: usize) -> Result<(), UserError> {
    if count == expected {
        return Ok(());
    }
    let what = phrase!("not-as-expected", count = count, expected = expected.to_string());
    Err(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-not-as-expected")))
}

/// Prints the operations, one a line, each with what it expects to find, and says how many there are.
pub fn show(desk: &Desk, out: &mut Output, steps: &[Step]) -> Exit {
    print(desk, out, steps);
    out.talk(&say!("told-planned", count = steps.len()));
    Exit::Done
}

/// Prints the operations, one a line, each with what it expects to find.
pub fn print(desk: &Desk, out: &mut Output, steps: &[Step]) {
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
}
