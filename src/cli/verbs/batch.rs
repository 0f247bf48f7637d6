//! `postroom batch`.

mod line;
pub mod told;

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::{Path, PathBuf};

use self::line::{Parser, Typed, Work};
use self::told::{Told, Way};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::{self, Dry};
use crate::cli::exit::Exit;
use crate::cli::going::Going;
use crate::cli::output::Output;
use crate::cli::{act, remote, words};
use crate::error::UserError;
use crate::model::ids::{ConversationId, Handle, OpId};
use crate::service::batch::{self, Came};
use crate::store::Keep;

/// After so many lines it is told how far it is.
const TOLD: u64 = 100;
/// The most bytes that are read: some million lines.
const FILE_MAX: u64 = 512 << 20;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct BatchArgs {
    /// The lines, each as it would stand behind `postroom`, or as JSON; - reads them from stdin
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Do all of it or nothing: where a line fails, nothing is changed
    #[arg(long)]
    atomic: bool,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb: carries out the lines one after the other, each finding what those before it did, and brings it to the server once. What
/// came of each is data.
///
/// # Errors
/// When the lines can't be read, mean another number of conversations than was said (nothing is done then), or the store fails.
pub fn run(around: &Surroundings, out: &mut Output, args: &BatchArgs) -> Result<Exit, UserError> {
    let lines = line::all(&read(&args.file)?);
    if lines.is_empty() {
        out.talk(&say!("told-batch-empty"));
        return Ok(Exit::Nothing);
    }
    let mut desk = around.open()?;
    desk.stdin_is_taken = true;
    let batch = Batch { desk: &desk, lines: &lines, args };
    if args.dry.run {
        return batch.rehearse(out);
    }
    if args.dry.may_ask() && !args.dry.admits(out, meant(&batch.as_one(|_| Ok(Keep::Nothing))?))? {
        return Ok(Exit::Nothing);
    }
    let (came, ended) = if args.atomic || args.dry.is_bounded() {
        (batch.as_one(|came| batch.keep(came))?, None)
    } else {
        batch.in_portions(out)
    };
    if args.atomic && came.iter().any(Told::has_failed) {
        return Ok(batch.nothing_done(out, &came));
    }
    let claims = claims(&came);
    out.answer_for(&claims.keys().map(|id| (*id).clone()).collect::<Vec<_>>());
    if let Some(error) = ended {
        batch.show(out, &came, &[]);
        return Err(error.within(phrase!("batch-ended", count = came.len())));
    }
    if claims.is_empty() {
        batch.show(out, &came, &[]);
        return Ok(batch.summed_up(out, &came).or_worse(remote::bring(around, &desk, out, Exit::Done)?));
    }
    // Whether a claim holds is known when the server has it.
    let brought = remote::bring(around, &desk, out, Exit::Done)?;
    let lost = lost(&desk, &came, &claims)?;
    batch.show(out, &came, &lost);
    let exit = if lost.is_empty() { Exit::Done } else { Exit::Precondition };
    Ok(batch.summed_up(out, &came).or_worse(exit).or_worse(brought))
}

fn read(file: &Path) -> Result<String, UserError> {
    let mut text = String::new();
    let read = if file.as_os_str() == "-" {
        std::io::stdin().lock().take(FILE_MAX + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(FILE_MAX + 1).read_to_string(&mut text))
    };
    let path = || file.display().to_string();
    read.map_err(|error| words::usage(phrase!("batch-unreadable", path = path(), why = error.to_string())))?;
    if text.len() as u64 > FILE_MAX {
        return Err(words::usage(phrase!("batch-too-long", path = path())).hint(phrase!("hint-batch-parts")));
    }
    Ok(text)
}

/// The lines, and what they are carried out with.
struct Batch<'a> {
    desk: &'a Desk,
    lines: &'a [Typed],
    args: &'a BatchArgs,
}

impl Batch<'_> {
    /// Carries out the lines as one transaction; a line that fails is part of what came of them.
    fn as_one(&self, keep: impl FnOnce(&[Told]) -> Result<Keep, UserError>) -> Result<Vec<Told>, UserError> {
        let (mut parser, mut kept) = (Parser::new(), None);
        // One command, which one undo takes back.
        let command = self.args.atomic.then(|| self.desk.store.author().ids.next());
        let came = batch::as_one(
            &self.desk.store,
            self.lines,
            |line| self.one(&mut parser, line, command),
            |came| {
                let told = self.told(came);
                let keep = keep(&told)?;
                kept = Some(told);
                Ok(keep)
            },
        )?;
        Ok(kept.unwrap_or_else(|| self.told(&came)))
    }

    /// Carries out the lines, many in each transaction.
    fn in_portions(&self, out: &mut Output) -> (Vec<Told>, Option<UserError>) {
        let (mut parser, mut going, mut done) = (Parser::new(), Going::new(&self.desk.clock), 0_u64);
        let all = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        let (came, ended) = batch::in_portions(&self.desk.store, self.lines, |line| {
            if done > 0 && done.is_multiple_of(TOLD) {
                let pace = going.pace("lines", done, all);
                out.progress(&format!("{}{pace}", say!("batch-progress", done = done, all = all)));
            }
            done += 1;
            self.one(&mut parser, line, None)
        });
        out.end_progress();
        (self.told(&came), ended)
    }

    /// Says whether all of it stays: where the numbers are as was said and, of a batch that is all or nothing, no line failed.
    fn keep(&self, came: &[Told]) -> Result<Keep, UserError> {
        self.args.dry.check(meant(came))?;
        let fails = self.args.atomic && came.iter().any(Told::has_failed);
        Ok(if fails { Keep::Nothing } else { Keep::All })
    }

    fn told(&self, came: &Came<Told>) -> Vec<Told> {
        let told = |(line, came): (&Typed, &Result<Told, UserError>)| match came {
            Ok(told) => told.clone(),
            Err(error) => Told::failed(line, error.clone()),
        };
        self.lines.iter().zip(came).map(told).collect()
    }

    /// Carries out one line where the batch stands.
    fn one(&self, parser: &mut Parser, line: &Typed, command: Option<OpId>) -> Result<Told, UserError> {
        let (verb, work) = parser.read(self.desk, line)?;
        let told = Told::new(line, verb);
        match work {
            Work::Change(request) => {
                let (mut request, dry) = (request, self.args.dry.run);
                request.dry.check(request.shown.len())?;
                request.dry.run |= dry;
                self.change(told, &request, command)
            }
            Work::Undo(_) | Work::Redo if command.is_some() => {
                Err(words::usage(phrase!("batch-atomic-undo")).hint(phrase!("hint-batch-atomic-undo")))
            }
            Work::Undo(of) => told.undone(self.desk, of),
            Work::Redo => told.redone(self.desk),
        }
    }

    fn change(&self, mut told: Told, request: &act::Request, command: Option<OpId>) -> Result<Told, UserError> {
        told.meant = request.shown.iter().map(|shown| shown.id.clone()).collect();
        if request.shown.is_empty() {
            told.way = Way::Nothing;
            return Ok(told);
        }
        let mut plan = request.plan(self.desk)?;
        told.left_out = std::mem::take(&mut plan.left_out);
        // A rehearsal takes it back with all else.
        let looked = if request.dry.run && !self.args.dry.run { None } else { request.look(self.desk)? };
        if let Some(count) = looked.filter(|_| plan.steps.is_empty()) {
            return Ok(told.looked(request, count));
        }
        if plan.steps.is_empty() {
            told.way = Way::Already;
            return Ok(told);
        }
        if request.dry.run {
            told.way = Way::Planned;
            told.steps = plan.steps.clone();
            if !self.args.dry.run {
                return Ok(told);
            }
        }
        let plan = match command {
            Some(command) => plan.part_of(command),
            None => plan,
        };
        told.carry_out(self.desk, plan)
    }

    /// Prints what would be done, and does nothing.
    fn rehearse(&self, out: &mut Output) -> Result<Exit, UserError> {
        let came = self.as_one(|_| Ok(Keep::Nothing))?;
        self.args.dry.check(meant(&came))?;
        for told in &came {
            match &told.error {
                Some(error) => out.error(&error.clone().within(told.place())),
                None if told.steps.is_empty() => out.talk(&told.line().to_string()),
                None => dry::print(self.desk, out, &told.steps),
            }
            act::tell_left_out(out, &told.left_out);
        }
        let planned: usize = came.iter().map(|told| told.steps.len()).sum();
        out.talk(&say!("told-planned", count = planned));
        if self.args.atomic && came.iter().any(Told::has_failed) {
            return Ok(Self::none_can_be(out, &came));
        }
        Ok(self.faults(out, &came).unwrap_or(Exit::Done))
    }

    /// Tells what failed of a batch that is all or nothing.
    fn nothing_done(&self, out: &mut Output, came: &[Told]) -> Exit {
        let shown: Vec<Told> = came.iter().cloned().map(Told::held_back).collect();
        self.show(out, &shown, &[]);
        Self::none_can_be(out, came)
    }

    /// Names the lines for which a batch that is all or nothing is not done. Ends with 2 where a line is wrong, else with 4.
    fn none_can_be(out: &mut Output, came: &[Told]) -> Exit {
        out.warn(&say!("batch-nothing-done", lines = numbers(came.iter().filter(|told| told.has_failed()))));
        let is_wrong = came.iter().any(|told| told.has_failed() && told.exit() == Exit::Usage);
        if is_wrong { Exit::Usage } else { Exit::Precondition }
    }

    /// Prints a line for each that was read.
    fn show(&self, out: &mut Output, came: &[Told], lost: &[Lost]) {
        let mut lost = lost.iter().peekable();
        for (at, told) in came.iter().enumerate() {
            let mut told = told.clone();
            while let Some((_, row, why)) = lost.next_if(|(of, _, _)| *of == at) {
                told.lost.push((row.clone(), why.clone()));
            }
            told.print(self.desk, out);
        }
    }

    /// Says how many lines were carried out, or failed, and which; tells how the command ends.
    fn summed_up(&self, out: &mut Output, came: &[Told]) -> Exit {
        self.faults(out, came).unwrap_or_else(|| {
            out.talk(&say!("batch-done", count = came.len()));
            Exit::Done
        })
    }

    /// Says what is wrong with the lines, and how the command ends by that; `None` where it is nothing.
    fn faults(&self, out: &mut Output, came: &[Told]) -> Option<Exit> {
        let failed: Vec<&Told> = came.iter().filter(|told| told.has_failed()).collect();
        if !failed.is_empty() {
            let (count, numbers) = (failed.len(), numbers(failed.into_iter()));
            out.warn(&say!("batch-failed", count = count, all = came.len().to_string(), lines = numbers));
            return Some(Exit::Precondition);
        }
        if came.iter().all(|told| told.way == Way::Nothing) {
            out.talk(&say!("told-nothing-matched"));
            return Some(Exit::Nothing);
        }
        None
    }
}

/// The most line numbers that are said in one sentence.
const NUMBERS_MAX: usize = 20;

fn numbers<'a>(told: impl Iterator<Item = &'a Told>) -> String {
    let all: Vec<String> = told.map(|told| told.number.to_string()).collect();
    let more = if all.len() > NUMBERS_MAX { ", …" } else { "" };
    format!("{}{more}", all.into_iter().take(NUMBERS_MAX).collect::<Vec<_>>().join(", "))
}

/// Counts the conversations that the lines mean, each once.
fn meant(came: &[Told]) -> usize {
    came.iter().flat_map(|told| &told.meant).collect::<BTreeSet<_>>().len()
}

/// The last claim of each conversation: of which line it is, and for whom.
type Claims<'a> = HashMap<&'a ConversationId, (usize, &'a Option<Handle>)>;

fn claims(came: &[Told]) -> Claims<'_> {
    let mut claims = Claims::new();
    for (at, told) in came.iter().enumerate() {
        for id in &told.taken_back {
            claims.remove(id);
        }
        claims.extend(told.claims.iter().map(|(id, to)| (id, (at, to))));
    }
    claims
}

/// A claim that was lost: of which line, of which conversation, and to whom.
type Lost = (usize, crate::model::view::ConversationRow, crate::model::phrase::Phrase);

/// Returns the claims that do not hold, in the order of the lines.
fn lost(desk: &Desk, came: &[Told], claims: &Claims<'_>) -> Result<Vec<Lost>, UserError> {
    let ids: Vec<ConversationId> = came
        .iter()
        .flat_map(|told| &told.claims)
        .map(|(id, _)| id.clone())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut lost = Vec::new();
    for row in desk.store.rows(&ids)? {
        let claim = claims.get(&row.id).filter(|(_, to)| row.assignee != **to);
        lost.extend(claim.map(|(at, _)| (*at, row.clone(), act::holder(&row))));
    }
    lost.sort_by_key(|(at, _, _)| *at);
    Ok(lost)
}
