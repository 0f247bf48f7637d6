//! Where a folder stands that the config names: servers keep folders below a prefix of their own, and people write the name without it.

use super::{Listed, Session};
use crate::sync::imap::error::ImapError;
use crate::sync::imap::names::{is_inbox, same_name};

impl Session {
    /// Finds the folder that the config calls `name`, among those that LIST gave: under this name, below the prefix of the namespace
    /// (RFC 2342), else below INBOX.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn find_folder(&mut self, listed: &[Listed], name: &str) -> Result<Option<String>, ImapError> {
        let there = |name: &str| listed.iter().find(|folder| folder.is_selectable() && same_name(&folder.name, name));
        if let Some(folder) = there(name) {
            return Ok(Some(folder.name.clone()));
        }
        let below = self.namespace()?.and_then(|namespace| namespace.below(name));
        let places = below.into_iter().chain(below_inbox(listed, name));
        Ok(places.filter_map(|place| there(&place)).map(|folder| folder.name.clone()).next())
    }

    /// Returns the names under which a folder that is not there yet can be made, the right one first.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn places_for(&mut self, listed: &[Listed], name: &str) -> Result<Vec<String>, ImapError> {
        let first = self.namespace()?.and_then(|namespace| namespace.below(name)).unwrap_or_else(|| name.to_owned());
        let mut places = vec![first];
        let below = below_inbox(listed, name).filter(|below| !places.contains(below));
        places.extend(below);
        Ok(places)
    }

    /// Returns what the folder that the config calls `name` is called here: as it is found, or as it is to be made.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn called(&mut self, listed: &[Listed], name: &str) -> Result<String, ImapError> {
        match self.find_folder(listed, name)? {
            Some(found) => Ok(found),
            None => Ok(self.places_for(listed, name)?.into_iter().next().unwrap_or_else(|| name.to_owned())),
        }
    }

    /// Makes the folder that the config calls `name` where this server wants it, subscribes to it, and returns what it is called.
    ///
    /// # Errors
    /// The refusal of the right place where every place is refused; errors of the connection.
    pub fn make_folder(&mut self, listed: &[Listed], name: &str) -> Result<String, ImapError> {
        let mut refused = None;
        for place in self.places_for(listed, name)? {
            match self.create(&place) {
                Ok(()) => {}
                Err(ImapError::No { code, .. }) if code == "ALREADYEXISTS" => {}
                Err(error) if error.leaves_session_usable() => {
                    refused.get_or_insert(error);
                    continue;
                }
                Err(error) => return Err(error),
            }
            // Not being subscribed only hides the folder from other programs.
            return match self.subscribe(&place) {
                Err(error) if !error.leaves_session_usable() => Err(error),
                _ => Ok(place),
            };
        }
        Err(refused.unwrap_or_else(|| ImapError::NoFolder(name.to_owned())))
    }
}

/// Returns the name below INBOX, where the server has levels.
fn below_inbox(listed: &[Listed], name: &str) -> Option<String> {
    let inbox = listed.iter().find(|folder| is_inbox(&folder.name))?;
    let delimiter = inbox.delimiter?;
    (!name.starts_with(&format!("{}{delimiter}", inbox.name))).then(|| format!("{}{delimiter}{name}", inbox.name))
}
