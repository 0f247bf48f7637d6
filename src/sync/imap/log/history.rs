//! Where history ends is said in the server's time: that of the mail which says it.

use super::folder::LogFolder;
use super::imap_log::{ImapLog, LogError, LogPass};
use crate::op::operation::Known;
use crate::op::record::Record;

impl ImapLog {
    /// Says on the log where history ends, where it does not say so yet, and sets right what a clock that was off has said. To be called
    /// after [`ImapLog::sync`]: only who has read the log knows what it says.
    ///
    /// # Errors
    /// As [`ImapLog::sync`].
    pub fn settle_history(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        if self.store.settle_history(&self.account)? {
            pass.and(self.sync(folder)?);
        }
        let arrived = self.reading.as_mut().map(|reading| std::mem::take(&mut reading.arrived)).unwrap_or_default();
        let validity = self.state.as_ref().map_or(0, |state| state.validity);
        if self.store.correct_history(&self.account, validity, &arrived)? {
            pass.and(self.sync(folder)?);
        }
        Ok(())
    }
}

/// Tells whether a record says where history ends.
pub(super) fn is_founding(json: &str) -> bool {
    Record::parse(json).is_ok_and(|record| matches!(record.known(), Some(Known::HistoryBefore { .. })))
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
