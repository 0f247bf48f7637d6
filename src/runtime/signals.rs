//! Signals: the loop is told of another size of the terminal, and that it is to end; where it does not end in time, the terminal is given
//! back without it.

use tokio::signal::unix::{SignalKind, signal};

use crate::app::Event;
use crate::runtime::engine::PATIENCE;
use crate::runtime::executor::Sender;
use crate::runtime::terminal;

/// Watches for SIGWINCH, SIGTERM, SIGHUP, SIGINT and SIGQUIT on a thread of its own.
pub(crate) fn watch(sender: Sender) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            use SignalKind as Kind;
            let kinds = [Kind::window_change(), Kind::terminate(), Kind::hangup(), Kind::interrupt(), Kind::quit()];
            let mut signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
            let [resize, terminate, hangup, interrupt, quit] = signals.as_mut_slice() else { return };
            let number = loop {
                break tokio::select! {
                    _ = resize.recv() => {
                        if let Ok((columns, rows)) = crossterm::terminal::size() {
                            sender.send(Event::Resize(columns, rows));
                        }
                        continue;
                    }
                    _ = terminate.recv() => 15,
                    _ = hangup.recv() => 1,
                    _ = interrupt.recv() => 2,
                    _ = quit.recv() => 3,
                };
            };
            sender.send(Event::Quit);
            // The loop ends by itself once what was typed is kept, which takes it twice its own patience at most.
            tokio::time::sleep(PATIENCE * 2).await;
            terminal::leave();
            std::process::exit(128 + number);
        });
    });
}
