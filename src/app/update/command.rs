//! Lines of the command language, as keys are bound to them: `assign bob`, `tag +vip`.

use crate::app::{App, Effect, Severity};
use crate::command::{self, Command, Context};
use crate::model::ids::Handle;
use crate::text;

impl App {
    /// Does what a line asks for to what is marked, or else to the current conversation; or tells why it can't be read.
    pub(super) fn run_line(&mut self, line: &str) -> Vec<Effect> {
        let agents: Vec<Handle> = self.team().into_iter().map(|(handle, _)| handle).collect();
        let context = Context {
            me: &self.around.me,
            now: self.now,
            zone: &self.around.zone,
            agents: &agents,
            inboxes: &self.around.inboxes,
            tags: &self.tags,
        };
        match command::parse(line, &context) {
            Ok(Command::Action(action)) => self.act(action),
            Ok(Command::Wish(wish)) => self.operate(wish),
            Err(error) => {
                let hint = text::render_any(error.problem.hint().as_ref());
                self.tell(Severity::Info, &say!("cant-act", what = line, why = error.problem.what()), &hint);
                Vec::new()
            }
        }
    }
}
