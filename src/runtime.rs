//! What makes the screen live: the terminal, the event loop, and the only place where effects are carried out.
//!
//! One thread runs the loop and draws. Keys, signals, the store's changes and the sync's state come in over one queue; questions to the
//! store are answered by a few worker threads, so that neither a long query nor the network ever holds up a key.

pub mod backend;
mod background;
mod editor;
mod engine;
mod executor;
pub(crate) mod files;
pub mod harness;
mod host;
mod input;
mod notifier;
mod notify;
pub(crate) mod opened;
mod replies;
mod sequences;
mod signals;
mod signs;
pub mod stats;
pub mod terminal;
pub mod wire;
mod writing;

use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Instant;

use crate::app::{App, Event, Surroundings};
use crate::config::{Config, Glyphs};
use crate::error::{ErrorKind, UserError};
use crate::keymap::Keymap;
use crate::model::change::SyncStatus;
use crate::model::clock::Clock;
use crate::model::ids::ConversationId;
use crate::model::presence::Present;
use crate::model::refusal::Refusals;
use crate::model::screen_order::{ScreenOrder, Terminal, TerminalBidi};
use crate::theme::Themes;

pub use backend::Backend;
pub use engine::Engine;
pub use executor::Sender;
pub use harness::Harness;
pub use host::Host;
pub use signs::{draws_signs_wide, is_utf8};

pub use crate::service::compose::Writing;

/// A sync that runs beside the screen.
pub trait Syncing {
    /// Somebody asked for everything now: nothing waits on, after a wrong password neither.
    fn nudge(&self);

    /// Something stands in the store that is to be pushed or fetched: look now.
    fn look(&self);
}

impl Syncing for crate::sync::Supervisor {
    fn nudge(&self) {
        crate::sync::Supervisor::nudge(self);
    }

    fn look(&self) {
        crate::sync::Supervisor::look(self);
    }
}

/// What a sync that runs beside the screen has to say.
#[derive(Clone, Debug)]
pub enum Report {
    /// How an account stands.
    Status(SyncStatus),
    /// Something that somebody must read, and acknowledge.
    Told(UserError),
    /// Whether the log of an account may be read and not written.
    ReadOnly(String, bool),
    /// What somebody did here and what does not stand.
    Refused(Refusals),
    /// Who is at a conversation just now: of a source that knows it live.
    Present(ConversationId, Vec<Present>),
}

/// Takes reports, from any thread.
pub type Reporter = Arc<dyn Fn(Report) + Send + Sync>;

/// Starts a sync that reports to the given sink.
pub type StartSync = Box<dyn FnOnce(Reporter) -> Box<dyn Syncing>>;

/// Everything that the screen runs on.
pub struct Setup {
    /// The config.
    pub config: Config,
    /// The store, or what stands for it.
    pub backend: Arc<dyn Backend>,
    /// The bindings.
    pub keymap: Keymap,
    /// The themes that there are; the config names the one to begin with.
    pub themes: Themes,
    /// What went wrong on the way here; it is shown on the screen.
    pub problems: Vec<UserError>,
    /// The clock.
    pub clock: Clock,
    /// How the sync is started; `None` runs without.
    pub sync: Option<StartSync>,
}

/// Returns what the screen knows of its surroundings, from the config.
pub fn surroundings(config: &Config, keymap: Keymap) -> Surroundings {
    Surroundings {
        me: config.me.clone(),
        agents: config.agents.iter().map(|agent| (agent.handle.clone(), agent.name.clone())).collect(),
        inboxes: config.inboxes.iter().map(|inbox| inbox.id.clone()).collect(),
        accounts: config.inboxes.iter().map(|inbox| (inbox.id.clone(), inbox.account.clone())).collect(),
        zone: config.timezone.clone().unwrap_or_else(jiff::tz::TimeZone::system),
        screen_order: ScreenOrder::of(config.ui.terminal_bidi, None),
        terminal_bidi: config.ui.terminal_bidi,
        layout: config.ui.layout,
        editor_first: config.ui.external_editor_first,
        after_close: config.ui.after_close,
        reply_takes: config.ui.reply_takes,
        ascii: config.ui.glyphs == Glyphs::Ascii,
        sort: config.ui.sort,
        look: config.ui.look.clone(),
        mouse: config.ui.mouse && !config.ui.linear,
        linear: config.ui.linear,
        reduced_motion: config.ui.reduced_motion,
        sends: true,
        notify: config.notify.clone(),
        keymap: Arc::new(keymap),
        own_views: config.views.clone(),
        themes: Vec::new(),
        theme: config.ui.theme.clone(),
    }
}

/// Runs the screen until it is left. The terminal is put back however that comes about.
///
/// # Errors
/// When the terminal can't be used.
pub fn run(setup: Setup) -> Result<(), UserError> {
    let broken = |error: std::io::Error| {
        UserError::new(ErrorKind::Usage, phrase!("terminal-unusable", why = error.to_string()))
            .hint(phrase!("hint-use-terminal"))
    };
    let sends = setup.sync.is_some();
    let mut around = Surroundings { sends, ..surroundings(&setup.config, setup.keymap) };
    around.themes = setup.themes.names();
    let name = around.theme.clone();
    let (theme, wrong) = setup.themes.load(&name);
    let (sender, queue) = channel();
    let sender = Sender::new(sender);
    let guard = terminal::Guard::enter(terminal::Use::of(&setup.config.ui)).map_err(broken)?;
    signals::watch(sender.clone());
    let variable = |name: &str| std::env::var(name).ok();
    let mut asks_signs = setup.config.ui.glyphs == Glyphs::Auto && !setup.config.ui.linear;
    if asks_signs {
        around.ascii = !signs::is_utf8(variable);
        asks_signs = !around.ascii && signs::ask();
    }
    around.screen_order = ScreenOrder::of(around.terminal_bidi, Terminal::of_environment(variable));
    // `false` leaves everything to this program but wants to know whether the terminal insists.
    let wants_name = matches!(around.terminal_bidi, TerminalBidi::Auto | TerminalBidi::Us);
    let wanted = match setup.config.ui.linear {
        // Lines are read aloud or written to a file: nothing is asked there.
        true => background::Wanted::default(),
        false => background::Wanted { ground: setup.themes.wants_ground(&name), name: wants_name, signs: false },
    };
    let asked = background::Wanted { signs: asks_signs, ..background::ask(wanted) };
    let asked_at = Instant::now();
    let gate = input::read_keys(sender.clone(), asked);
    let tty = wire::Tty::stdout().map_err(broken)?;
    let size = wire::Device::size(&tty).map_err(broken)?;
    let screen = wire::Wire::new(tty, terminal::ability());
    let (app, first) = App::new(around, setup.clock.now(), (size.width, size.height));
    for problem in setup.problems.into_iter().chain(wrong) {
        sender.send(Event::Failed(problem));
    }
    let reports = sender.clone();
    let reporter: Reporter = Arc::new(move |report| {
        reports.send(match report {
            Report::Status(status) => Event::Sync(status),
            Report::Told(error) => Event::Failed(error),
            Report::ReadOnly(account, read_only) => Event::ReadOnly(account, read_only),
            Report::Refused(refused) => Event::Refused(refused),
            Report::Present(of, who) => Event::Present(of, who),
        });
    });
    let sync = setup.sync.map(|start| start(reporter));
    let host = host::TerminalHost::new(&setup.config, gate);
    let executor = executor::Executor::start(setup.backend, sender, setup.config.ui.opener.clone());
    let engine = Engine::new(app, theme, screen, queue, executor, Box::new(host), setup.clock);
    let mut engine = engine.map_err(broken)?;
    engine.sync = sync;
    engine.themes = setup.themes;
    (engine.awaited, engine.awaited_until) = (asked, asked_at + background::LAST);
    engine.perform(first);
    let ended = engine.run();
    if asked.any() {
        engine.hear_out(asked_at + background::LAST);
    }
    drop(guard);
    ended.map_err(broken)
}
