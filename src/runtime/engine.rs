//! The event loop: take all that has happened, then draw once. Nothing is drawn while nothing changes.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::effect::Timer;
use crate::app::{Answer, App, Effect, Event};
use crate::model::change::Change;
use crate::model::clock::{Clock, Timestamp};
use crate::runtime::Syncing;
use crate::runtime::background::Wanted;
use crate::runtime::executor::{Arrived, Executor};
use crate::runtime::host::Host;
use crate::runtime::stats::Stats;
use crate::runtime::wire::{Device, Wire};
use crate::theme::{Theme, Themes};
use crate::view;
use crate::view::linear::Linear;

/// At most so often a second is the screen drawn.
const FRAME: Duration = Duration::from_millis(16);
/// How long a frame waits for what its panes are to show, so that nothing is drawn that the next frame replaces.
const FILLING: Duration = Duration::from_millis(150);
/// How long the end waits for what is being written, at most.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// So often are clocks shown anew and other processes' changes looked for.
const TICK: Duration = Duration::from_secs(1);

/// The loop with all it needs. Tests run the very same one on a screen in memory.
pub struct Engine<D> {
    /// The state.
    pub app: App,
    /// How it looks.
    pub theme: Theme,
    /// The themes that there are.
    pub themes: Themes,
    /// What the terminal was asked and has not answered.
    pub(super) awaited: Wanted,
    /// Until when it may still answer.
    pub(super) awaited_until: Instant,
    /// What was measured.
    pub stats: Stats,
    /// The sync, where one runs.
    pub sync: Option<Box<dyn Syncing>>,
    /// What is shown.
    pub wire: Wire<D>,
    /// What frames are drawn on before they are shown.
    paper: Buffer,
    pub(crate) host: Box<dyn Host>,
    cache: view::Cache,
    linear: Linear,
    /// The moment that ages are shown as of, where they grow at a key only.
    shown_at: Timestamp,
    queue: Receiver<Arrived>,
    executor: Executor,
    clock: Clock,
    timers: Vec<(Instant, Timer)>,
    dirty: bool,
    ended: bool,
    drawn_at: Instant,
    /// Whether an answer came in since the last frame.
    answered: bool,
    key_at: Option<Instant>,
    /// Since when a pane waits for what it is to show.
    filling: Option<Instant>,
    next_tick: Instant,
}

impl<D: Device> Engine<D> {
    /// Makes a loop; effects that the state asked for at its making are handed to [`Engine::perform`].
    ///
    /// # Errors
    /// When the device has no size.
    pub(crate) fn new(
        app: App,
        theme: Theme,
        wire: Wire<D>,
        queue: Receiver<Arrived>,
        executor: Executor,
        host: Box<dyn Host>,
        clock: Clock,
    ) -> std::io::Result<Self> {
        executor.look();
        let shown_at = app.now;
        let paper = Buffer::empty(Rect::from((Position::ORIGIN, wire.device().size()?)));
        Ok(Self {
            app,
            theme,
            themes: Themes::default(),
            awaited: Wanted::default(),
            awaited_until: Instant::now(),
            stats: Stats::default(),
            sync: None,
            wire,
            paper,
            host,
            cache: view::Cache::default(),
            linear: Linear::default(),
            shown_at,
            queue,
            executor,
            clock,
            timers: Vec::new(),
            dirty: true,
            ended: false,
            // An empty screen is drawn only where the first answers take longer than a frame.
            drawn_at: Instant::now(),
            answered: false,
            key_at: None,
            filling: None,
            next_tick: Instant::now() + TICK,
        })
    }

    /// Runs until the program is left.
    ///
    /// # Errors
    /// When the terminal can't be written. What was typed until then is in the store.
    pub fn run(&mut self) -> std::io::Result<()> {
        let mut done = Ok(());
        while !self.ended && done.is_ok() {
            done = self.turn();
        }
        if done.is_err() {
            self.leave();
        }
        self.executor.finish(PATIENCE);
        done
    }

    /// Waits until then for what the terminal was asked, where it has not answered all.
    pub(crate) fn hear_out(&mut self, until: Instant) {
        while self.awaited.any() {
            match self.queue.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok((_, event)) => self.awaited.heard(&event),
                Err(_) => return,
            }
        }
    }

    /// Waits before another program has the terminal for what it was asked, while that may still come: it would be typed there. Returns what
    /// came instead.
    fn hear_before_lending(&mut self) -> Vec<Arrived> {
        let mut came = Vec::new();
        while self.awaited.any() {
            match self.queue.recv_timeout(self.awaited_until.saturating_duration_since(Instant::now())) {
                Ok((_, answer @ (Event::Ground(_) | Event::Terminal(_) | Event::Signs(_)))) => self.happen(answer),
                Ok(other) => came.push(other),
                Err(_) => break,
            }
        }
        came
    }

    /// Ends without a screen: a terminal that is gone must not take with it what was typed on it.
    fn leave(&mut self) {
        let end = Instant::now() + PATIENCE;
        self.happen(Event::Quit);
        while !self.ended {
            match self.queue.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(event) => self.take(event),
                Err(_) => return,
            }
        }
    }

    /// Waits for something to happen, takes all that has happened, and draws.
    fn turn(&mut self) -> std::io::Result<()> {
        let now = Instant::now();
        if self.dirty {
            // A key is drawn at once, and so is the last answer that the screen waited for. What the sync and others do waits for its
            // frame and is drawn as one.
            let urgent = self.key_at.is_some() || (self.answered && self.app.is_idle());
            let wait = match self.filling_since() {
                Some(since) => FILLING.saturating_sub(now - since),
                None if urgent => Duration::ZERO,
                None => FRAME.saturating_sub(now - self.drawn_at),
            };
            if wait.is_zero() {
                self.draw()?;
            } else if let Ok(event) = self.queue.recv_timeout(wait) {
                self.take(event);
            }
            self.drain();
            return Ok(());
        }
        let timer = self.timers.iter().map(|(at, _)| *at).min();
        let until = timer.map_or(self.next_tick, |at| at.min(self.next_tick));
        match self.queue.recv_timeout(until.saturating_duration_since(now)) {
            Ok(event) => self.take(event),
            Err(RecvTimeoutError::Timeout) => self.time_goes_on(),
            Err(RecvTimeoutError::Disconnected) => self.ended = true,
        }
        self.drain();
        Ok(())
    }

    /// Returns since when a pane waits for what it is to show.
    fn filling_since(&mut self) -> Option<Instant> {
        self.filling = self.app.is_filling().then(|| self.filling.unwrap_or_else(Instant::now));
        self.filling
    }

    fn time_goes_on(&mut self) {
        let now = Instant::now();
        let due: Vec<Timer> = self.timers.extract_if(.., |(at, _)| *at <= now).map(|(_, timer)| timer).collect();
        due.into_iter().for_each(|timer| self.happen(Event::Timer(timer)));
        if now >= self.next_tick {
            self.next_tick = now + TICK;
            self.happen(Event::Tick(self.clock.now()));
            self.executor.look();
        }
    }

    /// Takes everything that waits in the queue, and tells whether there was anything. Changes of the store become one.
    fn drain(&mut self) -> bool {
        let mut any = false;
        let mut changed: Option<Change> = None;
        while let Ok((at, event)) = self.queue.try_recv() {
            any = true;
            match event {
                Event::StoreChanged(change) => {
                    changed = Some(match changed {
                        Some(old) => old.and(change),
                        None => change,
                    });
                }
                event => self.take((at, event)),
            }
        }
        if let Some(change) = changed {
            self.happen(Event::StoreChanged(change));
        }
        any
    }

    fn take(&mut self, (at, event): Arrived) {
        if matches!(event, Event::Key(_) | Event::Mouse(_)) {
            self.key_at = self.key_at.or(Some(at));
        }
        if matches!(event, Event::Key(_) | Event::Mouse(_) | Event::Answer(..)) {
            self.happen(Event::Tick(self.clock.now()));
            self.shown_at = self.app.now;
        }
        if let Event::Key(key) = &event
            && self.app.around.linear
        {
            self.linear.pressed(&self.app, *key);
        }
        self.answered |= matches!(event, Event::Answer(..));
        self.happen(event);
    }

    fn happen(&mut self, event: Event) {
        self.dirty = true;
        if let Event::Ground(ground) = &event {
            self.themes.set_ground(*ground);
            let name = self.app.theme_seen.clone();
            self.wear(&name);
        }
        self.awaited.heard(&event);
        // What was drawn of signs that take two columns shifted what stands behind them.
        if matches!(event, Event::Signs(true)) {
            self.wire.forget();
        }
        // Terminals lay out anew what they show, also where the size comes back to what it was before the next frame.
        if matches!(event, Event::Resize(..)) {
            self.wire.forget();
        }
        // What was just done, is asked for or has come due is seen to at once, and not with the next pass. It is no reason to try a login
        // again that was refused.
        let calls = match &event {
            Event::Due => true,
            Event::Answer(_, Ok(answer)) => {
                use Answer::{Bodies, Did, Done, GivenBack, Taken, Undone, Written};
                matches!(
                    answer,
                    Done(_) | Written | Undone(Some(_)) | Did(_) | Bodies(_) | Taken(Some(_), _) | GivenBack(true)
                )
            }
            _ => false,
        };
        if let Some(sync) = self.sync.as_ref().filter(|_| calls) {
            sync.look();
        }
        let effects = self.app.update(event);
        self.perform(effects);
    }

    /// Carries effects out.
    pub fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask { ticket, ask } => self.executor.ask(ticket, ask),
                Effect::Copy(text) => self.host.copy(&text),
                Effect::Ring => self.host.ring(),
                Effect::Notify(words) => self.host.notify(&words),
                Effect::Entitle(words) => self.host.entitle(&words),
                Effect::RunNotifier(told) => self.host.run_notifier(&told, self.executor.sender()),
                Effect::OpenLink(target) => {
                    if let Err(error) = self.host.open(&target) {
                        self.app.fail(&error);
                    }
                }
                Effect::OpenAttachment { message, index } => self.executor.open_attachment(message, index),
                Effect::SaveFiles(files, saving) => self.executor.save_attachments(files, saving),
                Effect::Edit(text, line) => {
                    let came = self.hear_before_lending();
                    let text = self.host.edit(&text, line);
                    self.redraw();
                    self.happen(Event::Edited(text));
                    came.into_iter().for_each(|event| self.take(event));
                }
                Effect::SetTimer(timer, after) => {
                    self.timers.retain(|(_, old)| std::mem::discriminant(old) != std::mem::discriminant(&timer));
                    self.timers.push((Instant::now() + Duration::from_millis(after), timer));
                }
                Effect::StopPanels => self.executor.stop_panels(),
                Effect::StopPipe => self.executor.stop_pipe(),
                Effect::SyncNow => {
                    if let Some(sync) = &self.sync {
                        sync.nudge();
                    }
                }
                Effect::Theme(name) => self.wear(&name),
                Effect::Redraw => self.redraw(),
                Effect::Suspend => {
                    self.host.suspend();
                    self.redraw();
                    self.happen(Event::Resumed);
                    self.measure();
                }
                Effect::Quit => self.ended = true,
            }
        }
    }

    /// Takes the theme of that name, and tells what is wrong with it.
    fn wear(&mut self, name: &str) {
        let (theme, wrong) = self.themes.load(name);
        self.theme = theme;
        wrong.iter().for_each(|error| self.app.fail(error));
    }

    /// Learns a size that the terminal got while this was stopped: SIGWINCH goes to the foreground of a terminal only.
    fn measure(&mut self) {
        let size = self.wire.device().size().map(|size| (size.width, size.height));
        if let Ok((columns, rows)) = size
            && (columns, rows) != self.app.size
        {
            self.happen(Event::Resize(columns, rows));
        }
    }

    fn redraw(&mut self) {
        self.wire.forget();
        self.dirty = true;
    }

    fn draw(&mut self) -> std::io::Result<()> {
        // What grows older while nobody presses a key stands as it stood.
        let now = self.app.now;
        if self.app.around.reduced_motion {
            self.app.now = self.shown_at;
        }
        let drawn = if self.app.around.linear { self.say() } else { self.draw_frame() };
        self.app.now = now;
        drawn?;
        let now = Instant::now();
        self.drawn_at = now;
        (self.dirty, self.answered) = (false, false);
        if let Some(at) = self.key_at.take() {
            self.stats.key(now - at);
        }
        Ok(())
    }

    /// Writes what happened in lines.
    fn say(&mut self) -> std::io::Result<()> {
        let said = self.linear.tell(&self.app, &self.theme);
        let device = self.wire.device_mut();
        device.write_all(said.as_bytes())?;
        device.flush()
    }

    fn draw_frame(&mut self) -> std::io::Result<()> {
        self.paper.resize(Rect::from((Position::ORIGIN, self.wire.device().size()?)));
        self.paper.reset();
        let (laid, cursor) = view::draw(&mut self.paper, &self.app, &self.theme, &mut self.cache);
        self.wire.frame(&self.paper);
        self.wire.finish(cursor)?;
        if let Some(laid) = laid {
            self.app.update(Event::Laid(laid));
        }
        if let Some(lines) = self.cache.take_page() {
            self.app.update(Event::PageLaid(lines));
        }
        if self.app.around.mouse {
            self.app.update(Event::Drawn(self.cache.take_hits()));
        }
        self.stats.frames += 1;
        (self.stats.cells, self.stats.bytes) = (self.wire.cells(), self.wire.bytes);
        Ok(())
    }

    /// Looks at what other processes did, and waits until that is taken in.
    pub(crate) fn look(&self, patience: Duration) {
        self.executor.look();
        self.executor.finish(patience);
    }

    /// Takes what has happened and what follows from it until nothing is left to wait for, then draws. Timers run out at once.
    ///
    /// # Errors
    /// When the screen can't be drawn, or an answer stays out for `patience`.
    pub(crate) fn settle(&mut self, patience: Duration) -> std::io::Result<()> {
        loop {
            if self.drain() {
                continue;
            }
            if self.app.is_filling() && !self.ended {
                let event = self.queue.recv_timeout(patience);
                self.take(event.map_err(|_| std::io::Error::other("an answer of the store stays out"))?);
                continue;
            }
            self.draw()?;
            if self.ended {
                self.executor.finish(patience);
                return Ok(());
            }
            if let Some((_, timer)) = self.timers.pop() {
                self.happen(Event::Timer(timer));
            } else if self.app.is_idle() {
                return self.draw();
            } else {
                match self.queue.recv_timeout(patience) {
                    Ok(event) => self.take(event),
                    Err(_) => return Err(std::io::Error::other("an answer of the store stays out")),
                }
            }
        }
    }
}
