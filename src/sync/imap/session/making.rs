//! Folders that are made because they are needed.

use super::Session;
use crate::sync::imap::error::ImapError;

impl Session {
    /// Makes a folder for a purpose such as `\Sent`, and subscribes to it so that other mail programs show it. Where the server takes that,
    /// it is told the purpose (RFC 6154 section 3); else the name has to tell.
    ///
    /// # Errors
    /// As [`Session::create`].
    pub fn make_for(&mut self, name: &str, purpose: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(name)?;
        let told = self.capabilities.has("CREATE-SPECIAL-USE")
            && match self.command(&format!("CREATE {wire} (USE ({purpose}))")) {
                Ok(_) => true,
                // It may have such a folder already, or take none but its own (USEATTR).
                Err(error) if error.leaves_session_usable() => false,
                Err(error) => return Err(error),
            };
        if !told {
            match self.create(name) {
                // Somebody was first.
                Err(ImapError::No { code, .. }) if code == "ALREADYEXISTS" => {}
                made => made?,
            }
        }
        match self.subscribe(name) {
            // Not being subscribed only hides the folder.
            Err(error) if !error.leaves_session_usable() => Err(error),
            _ => Ok(()),
        }
    }
}
