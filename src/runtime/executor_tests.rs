use std::sync::mpsc::channel;

use super::*;
use crate::app::Answer;
use crate::mime::AttachmentBytes;
use crate::model::ids::ConversationId;
use crate::model::panel::PanelSaid;

/// A backend whose panels run until they are stopped, and say so.
struct Endless(Mutex<mpsc::Sender<String>>);

impl Backend for Endless {
    fn answer(&self, _: &Ask) -> Result<(Answer, Option<Change>), UserError> {
        Ok((Answer::Parsed, None))
    }

    fn version(&self) -> Result<i64, UserError> {
        Ok(0)
    }

    fn wake(&self) -> Result<Option<Change>, UserError> {
        Ok(None)
    }

    fn panel(&self, _: &ConversationId, name: &str, stop: &Stop) -> Result<Answer, UserError> {
        assert_ne!(name, "breaks");
        self.0.lock().unwrap().send(format!("begins {name}")).unwrap();
        while !stop.is_asked() {
            std::thread::yield_now();
        }
        self.0.lock().unwrap().send(format!("ends {name}")).unwrap();
        Ok(Answer::Panel(PanelSaid::Stopped))
    }

    fn changes(&self) -> Option<Receiver<Change>> {
        None
    }

    fn attachment(&self, _: &MessageId, _: usize) -> Result<Option<AttachmentBytes>, UserError> {
        Ok(None)
    }
}

#[test]
fn panels_hold_up_no_question_and_end_when_nobody_waits_for_them() {
    let ((say, said), (queue, events)) = (channel(), channel());
    let executor = Executor::start(Arc::new(Endless(Mutex::new(say))), Sender::new(queue), String::new());
    let ask = |n: u64, name: &str| {
        executor.ask(Ticket(n), Ask::Panel { of: ConversationId::from_kept("x"), name: name.into() });
    };
    (1..=4).for_each(|n| ask(n, "a"));
    (1..=4).for_each(|_| assert_eq!(said.recv().unwrap(), "begins a"));
    executor.ask(Ticket(9), Ask::Count("x".into()));
    assert!(matches!(events.recv().unwrap().1, Event::Answer(Ticket(9), Ok(Answer::Parsed))));
    executor.stop_panels();
    (1..=4).for_each(|_| assert_eq!(said.recv().unwrap(), "ends a"));
    ask(10, "b");
    assert_eq!(said.recv().unwrap(), "begins b");
    drop(executor);
    assert_eq!(said.recv().unwrap(), "ends b");
    assert!(events.try_iter().all(|(_, event)| !matches!(event, Event::Answer(..))), "nobody is told of them");
}

#[test]
fn a_panel_whose_question_breaks_is_answered_with_an_error() {
    let ((say, _said), (queue, events)) = (channel(), channel());
    let executor = Executor::start(Arc::new(Endless(Mutex::new(say))), Sender::new(queue), String::new());
    executor.ask(Ticket(1), Ask::Panel { of: ConversationId::from_kept("x"), name: "breaks".into() });
    assert!(matches!(events.recv().unwrap().1, Event::Answer(Ticket(1), Err(_))));
}
