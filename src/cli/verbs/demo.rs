//! `postroom demo`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{demo, screen};
use crate::error::{ErrorKind, UserError};

/// The arguments. `--store DIR` keeps the sample there, for other verbs to work on.
#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    /// Make the sample store and do not open the screen
    #[arg(long)]
    no_screen: bool,
    /// Tell the screen in lines, for screen readers: no boxes, nothing drawn anew
    #[arg(long)]
    linear: bool,
}

impl DemoArgs {
    /// The sample on the screen, told in lines or drawn.
    pub fn on_screen(linear: bool) -> Self {
        Self { no_screen: false, linear }
    }
}

/// Runs the verb.
///
/// # Errors
/// When a config is named, or the folder can't be written.
pub fn run(around: &Surroundings, out: &mut Output, args: &DemoArgs) -> Result<Exit, UserError> {
    // What stands in the environment is for the other verbs; a flag was meant for this one.
    if let Some(named) = &around.global.config {
        let what = phrase!("demo-config", file = named.display().to_string());
        return Err(UserError::new(ErrorKind::Usage, what).hint(phrase!("hint-demo-config")));
    }
    let place = demo::Place::new(around.layers.store.as_deref())?;
    demo::build(around, place.dir())?;
    let mut layers = around.layers.clone();
    layers.store = Some(place.dir().to_owned());
    layers.config = None;
    let inside = Surroundings { layers, ..around.clone() };
    let mut config = inside.config()?;
    config.ui.linear |= args.linear;
    if !args.no_screen && screen::is_possible() {
        return screen::open(&inside, config);
    }
    if place.is_kept() {
        out.talk(&say!("told-sample-ready", path = place.dir().display().to_string()));
    } else {
        out.talk(&say!("told-sample-removed"));
    }
    Ok(Exit::Done)
}
