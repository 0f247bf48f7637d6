//! Signals that end the program: the loop is told, and where it does not end in time, the terminal is given back without it.

use tokio::signal::unix::{SignalKind, signal};

use crate::app::Event;
use crate::runtime::engine::PATIENCE;
use crate::runtime::executor::Sender;
use crate::runtime::terminal;

/// Watches for SIGTERM, SIGHUP, SIGINT and SIGQUIT on a thread of its own.
pub(crate) fn watch(sender: Sender) {
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let kinds = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()];
            let mut signals: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
            let [terminate, hangup, interrupt, quit] = signals.as_mut_slice() else { return };
            let number = tokio::select! {
                _ = terminate.recv() => 15,
                _ = hangup.recv() => 1,
                _ = interrupt.recv() => 2,
                _ = quit.recv() => 3,
            };
            sender.send(Event::Quit);
            // The loop ends by itself once what was typed is kept, which takes it twice its own patience at most.
            tokio::time::sleep(PATIENCE * 2).await;
            terminal::leave();
            std::process::exit(128 + number);
        });
    });
}
