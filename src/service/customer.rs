//! The customer beside a conversation: who it is and what else there is of them, and the programs of the config that are asked about them.

use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use crate::error::UserError;
use crate::model::customer::Customer;
use crate::model::ids::ConversationId;
use crate::model::panel::{PANEL_LINE_MAX, PANEL_LINES_MAX, Panel, PanelHead, PanelSaid};
use crate::model::stop::Stop;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::program::{End, Ended, Program};
use crate::query::{self, Context};
use crate::store::Store;

/// The most bytes of what a panel prints that are read.
const OUTPUT_MAX: usize = 32 << 10;

/// Returns the customer of a conversation with at most `limit` of their other conversations, an empty one where nobody from outside takes
/// part; `None` where the conversation is gone.
///
/// # Errors
/// When the store can't be read.
pub fn of_conversation(store: &Store, id: &ConversationId, limit: usize) -> Result<Option<Customer>, UserError> {
    Ok(store.customer_of(id, limit)?)
}

/// Returns what there is of an address, with at most `limit` of its conversations; `None` where there is nothing.
///
/// # Errors
/// When the store can't be read.
pub fn of_address(store: &Store, address: &str, limit: usize) -> Result<Option<Customer>, UserError> {
    Ok(store.customer(address, limit)?)
}

/// Makes what a panel reads on its standard input.
pub type Payload = Arc<dyn Fn(&Panel, &ConversationRow, &Customer) -> Vec<u8> + Send + Sync>;

/// The panels of a config, with what each is given.
#[derive(Clone)]
pub struct Panels {
    /// In the order of the config.
    pub all: Vec<Panel>,
    /// Makes what one reads.
    pub payload: Payload,
    /// Variables that each gets.
    pub variables: Vec<(&'static str, OsString)>,
}

impl Default for Panels {
    fn default() -> Self {
        Self { all: Vec::new(), payload: Arc::new(|_, _, _| Vec::new()), variables: Vec::new() }
    }
}

impl Panels {
    /// Returns the panels that are to be asked about a conversation: none where there is no customer; where only a form names them, those
    /// that say so.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn heads(
        &self,
        store: &Store,
        context: &Context,
        id: &ConversationId,
        customer: &Customer,
    ) -> Result<Vec<PanelHead>, UserError> {
        let mut heads = Vec::new();
        for panel in self.all.iter().filter(|panel| is_about(panel, customer)) {
            if answers(store, context, panel, id)? {
                heads.push(panel.head());
            }
        }
        Ok(heads)
    }

    /// Asks one of them about a conversation and waits for its end, or until `stop` says that nobody waits any more. It is not run where
    /// it is not to be asked about the conversation as that stands now.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn ask(
        &self,
        store: &Store,
        context: &Context,
        name: &str,
        id: &ConversationId,
        stop: &Stop,
    ) -> Result<PanelSaid, UserError> {
        let panel = self.all.iter().find(|panel| panel.name == name);
        let (row, customer) = (store.row_now(id)?, store.customer_of(id, 0)?);
        let (Some(panel), Some(row), Some(customer)) = (panel, row, customer) else { return Ok(PanelSaid::Stopped) };
        if !is_about(panel, &customer) || !answers(store, context, panel, id)? {
            return Ok(PanelSaid::Stopped);
        }
        Ok(self.run(panel, &row, &customer, stop))
    }

    /// Runs a panel.
    pub fn run(&self, panel: &Panel, row: &ConversationRow, customer: &Customer, stop: &Stop) -> PanelSaid {
        // A variable can hold no NUL, and an address of a mail can be anything. It must not become somebody else's by what is taken out.
        let address = customer.addresses.first().map(|one| one.key.replace('\0', "\u{fffd}")).unwrap_or_default();
        let ended = Program::new(&panel.run)
            .input((self.payload)(panel, row, customer))
            .variables(&self.variables)
            .variable("POSTROOM_PANEL", &panel.name)
            .variable("POSTROOM_CUSTOMER", address)
            .variable("POSTROOM_CONVERSATION", row.id.as_str())
            .limit(Duration::from_secs(u64::from(panel.timeout)))
            .output_max(OUTPUT_MAX)
            .until(stop.clone())
            .run();
        said(&ended)
    }
}

/// Tells whether there is anybody that a panel can be asked about.
fn is_about(panel: &Panel, customer: &Customer) -> bool {
    !customer.addresses.is_empty() && (panel.claims || !customer.is_claimed)
}

/// Tells whether a conversation is one that a panel is for.
fn answers(store: &Store, context: &Context, panel: &Panel, id: &ConversationId) -> Result<bool, UserError> {
    // The config was read with it; one that can't be read finds nothing.
    let Ok(query) = query::parse(&panel.when) else { return Ok(false) };
    if panel.when.trim().is_empty() {
        return Ok(true);
    }
    let facts = store.query_facts(std::slice::from_ref(id), query.asks_words())?;
    Ok(facts.first().is_some_and(|facts| query.matches(facts, context)))
}

/// Reads how a panel ended.
fn said(ended: &Ended) -> PanelSaid {
    match &ended.end {
        End::Stopped => return PanelSaid::Stopped,
        End::Slow(limit) => return PanelSaid::Slow(limit.as_secs()),
        _ => {}
    }
    if let Some(why) = ended.why() {
        return PanelSaid::Failed(why);
    }
    let mut lines: Vec<SafeText> =
        ended.lines().iter().map(|line| SafeText::line_max(line.as_str().trim_end(), PANEL_LINE_MAX)).collect();
    while lines.last().is_some_and(SafeText::is_empty) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    let cut = ended.cut || lines.len() > PANEL_LINES_MAX;
    lines.truncate(PANEL_LINES_MAX);
    PanelSaid::Lines { lines, cut }
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
