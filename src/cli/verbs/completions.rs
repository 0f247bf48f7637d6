//! `postroom completions`: what a shell runs to complete command lines, and what it asks then.

use std::path::PathBuf;

use clap::CommandFactory;
use directories::BaseDirs;

use crate::cli::args::Args;
use crate::cli::completing::{OfStore, Offer, complete};
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::error::{ErrorKind, UserError};
use crate::model::text::SafeText;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
    /// Write it to where the shell looks by itself, and say where that is
    #[arg(long, conflicts_with = "words")]
    install: bool,
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

impl Shell {
    /// What the shell runs.
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("../completing/postroom.bash"),
            Self::Zsh => include_str!("../completing/postroom.zsh"),
            Self::Fish => include_str!("../completing/postroom.fish"),
        }
    }

    /// Where it looks for completions of one user: bash-completion and fish do so by themselves, zsh where `fpath` names the folder.
    fn place(self, home: &BaseDirs) -> PathBuf {
        match self {
            Self::Bash => home.data_dir().join("bash-completion/completions/postroom"),
            Self::Zsh => home.data_dir().join("zsh/site-functions/_postroom"),
            Self::Fish => home.config_dir().join("fish/completions/postroom.fish"),
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// Only where it is to be installed: when there is no home folder, the file can't be written, or another one stands there.
pub fn run(around: &Surroundings, out: &mut Output, args: &CompletionsArgs) -> Result<Exit, UserError> {
    let Some(words) = &args.words else {
        if args.install {
            return install(out, args.shell);
        }
        out.own(args.shell.script());
        return Ok(Exit::Done);
    };
    let around = typed(around, words);
    for offer in complete(&mut Args::command(), words, &OfStore::new(&around)) {
        out.own(&line(args.shell, &offer));
    }
    Ok(Exit::Done)
}

/// What stands in each script of ours, of whichever version.
const OURS: &str = "# Completions of postroom for ";

/// Writes the script to where the shell finds it. What is there already is replaced where it is one of ours, and else stays.
fn install(out: &mut Output, shell: Shell) -> Result<Exit, UserError> {
    let home = BaseDirs::new()
        .ok_or_else(|| UserError::new(ErrorKind::Config, phrase!("config-no-home")).hint(phrase!("hint-set-home")))?;
    let (file, script) = (shell.place(&home), shell.script());
    let path = file.display().to_string();
    let failed = |error: std::io::Error| {
        let what = phrase!("completions-unwritable", path = &path, why = error.to_string());
        UserError::new(ErrorKind::Store, what).hint(phrase!("hint-own-folder"))
    };
    match std::fs::read_to_string(&file) {
        Ok(there) if there == script => {}
        Ok(there) if !there.lines().take(3).any(|line| line.starts_with(OURS)) => {
            let what = phrase!("completions-foreign", path = &path);
            return Err(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-completions-foreign")));
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder).map_err(failed)?;
            }
            std::fs::write(&file, script).map_err(failed)?;
        }
    }
    out.line(&SafeText::line(&path));
    match shell {
        Shell::Bash => out.talk(&say!("told-completions-bash")),
        Shell::Zsh => {
            let folder = file.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
            let row = format!("fpath=({folder} $fpath)");
            out.talk(&say!("told-completions-zsh", row = row));
        }
        Shell::Fish => out.talk(&say!("told-completions-fish")),
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
