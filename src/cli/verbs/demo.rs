//! `postroom demo`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{demo, screen};
use crate::error::UserError;

/// The arguments. `--store DIR` keeps the sample there, for other verbs to work on.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Make the sample store and do not open the screen
    #[arg(long)]
    no_screen: bool,
}

/// Runs the verb.
///
/// # Errors
/// When the folder can't be written.
pub fn run(around: &Surroundings, out: &mut Output, args: &DemoArgs) -> Result<Exit, UserError> {
    let place = demo::Place::new(around.layers.store.as_deref())?;
    demo::build(around, place.dir())?;
    let mut layers = around.layers.clone();
    layers.store = Some(place.dir().to_owned());
    layers.config = None;
    let inside = Surroundings { layers, ..around.clone() };
    let config = inside.config()?;
    if !args.no_screen && screen::is_possible() {
        return screen::open(&inside, config);
    }
    if place.is_kept() {
        out.talk(&format!("the sample inbox is ready: postroom --store {} list", place.dir().display()));
    } else {
        out.talk("the sample inbox was made and, with no terminal to show it on, removed: use --store DIR to keep it");
    }
    Ok(Exit::Done)
}
