//! `postroom completions`: what a shell runs to complete command lines, and what it asks then.

use clap::CommandFactory;

use crate::cli::args::Args;
use crate::cli::completing::{OfStore, Offer, complete};
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
    /// What is typed behind the program's name so far; the script asks this
    #[arg(last = true, hide = true, allow_hyphen_values = true)]
    words: Option<Vec<String>>,
}

/// A shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Runs the verb.
///
/// # Errors
/// None: what can't be read is left out.
pub fn run(around: &Surroundings, out: &mut Output, args: &CompletionsArgs) -> Result<Exit, UserError> {
    let Some(words) = &args.words else {
        out.own(match args.shell {
            Shell::Bash => include_str!("../completing/postroom.bash"),
            Shell::Zsh => include_str!("../completing/postroom.zsh"),
            Shell::Fish => include_str!("../completing/postroom.fish"),
        });
        return Ok(Exit::Done);
    };
    let around = typed(around, words);
    for offer in complete(&mut Args::command(), words, &OfStore::new(&around)) {
        out.own(&line(args.shell, &offer));
    }
    Ok(Exit::Done)
}

/// Takes over which store, config and agent the typed line itself names.
fn typed(around: &Surroundings, words: &[String]) -> Surroundings {
    let mut around = around.clone();
    let value = |name: &str| {
        let after = words
            .windows(2)
            .find_map(|pair| if let [one, two] = pair { (one == name).then(|| two.clone()) } else { None });
        after.or_else(|| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('=').map(str::to_owned)))
    };
    let layers = &mut around.layers;
    layers.store = value("--store").map(Into::into).or(layers.store.take());
    layers.config = value("--config").map(Into::into).or(layers.config.take());
    layers.agent = value("--agent").or(layers.agent.take());
    around
}

/// Writes an offer as the shell's script reads it.
fn line(shell: Shell, offer: &Offer) -> String {
    match shell {
        Shell::Bash => format!("{}\n", offer.word),
        // `_describe` divides at the first `:`.
        Shell::Zsh => {
            let word = offer.word.replace('\\', "\\\\").replace(':', "\\:");
            if offer.about.is_empty() { format!("{word}\n") } else { format!("{word}:{}\n", offer.about) }
        }
        Shell::Fish => format!("{}\t{}\n", offer.word, offer.about),
    }
}
