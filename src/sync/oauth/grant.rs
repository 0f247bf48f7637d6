//! What a person agreed to: a token that lasts an hour or so, and one that renews it. Kept in a file that its owner alone can read, or in the
//! keyring of the desktop; never in a message or a log.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{OAuthError, Why};
use super::http::post;
use crate::config::{Kept, OAuth2};
use crate::model::clock::{Clock, Timestamp};
use crate::model::ids::AccountId;

/// A token is renewed so many milliseconds before it ends: a login with it takes its time.
const EARLY: i64 = 120_000;
/// How long a token is good of which the provider does not say it, in seconds: RFC 6749 section 5.1 leaves it to us.
const USUAL: i64 = 3600;
/// The service under which the keyring of the desktop knows us.
const SERVICE: &str = "postroom";

/// What was granted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The token that logs in.
    access_token: String,
    /// The one that renews it; `None` where the provider gave none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    /// Until when the first one is good, in milliseconds.
    expires: i64,
}

impl std::fmt::Debug for Grant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Grant").field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Grant {
    /// Reads an answer with tokens (RFC 6749 section 5.1). A refresh token that it does not repeat goes on.
    pub(super) fn read(
        oauth: &OAuth2,
        answer: &Value,
        before: Option<String>,
        now: Timestamp,
    ) -> Result<Self, OAuthError> {
        let text = |key: &str| answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
        let no_token = || OAuthError {
            account: oauth.account.clone(),
            why: Why::Nonsense("no access_token stands in it".to_owned()),
        };
        let access_token = text("access_token").ok_or_else(no_token)?.to_owned();
        let lasts = answer.get("expires_in").and_then(|lasts| {
            // Some write it as a text.
            lasts.as_i64().or_else(|| lasts.as_str()?.parse().ok())
        });
        let expires = now.0.saturating_add(lasts.unwrap_or(USUAL).max(0).saturating_mul(1000));
        Ok(Self { access_token, refresh_token: text("refresh_token").map(str::to_owned).or(before), expires })
    }

    /// Returns the token that logs in.
    pub fn access_token(&self) -> &str {
        &self.access_token
    }

    /// Tells whether it renews itself.
    pub fn renews(&self) -> bool {
        self.refresh_token.is_some()
    }

    /// Returns until when the token is good.
    pub fn expires(&self) -> Timestamp {
        Timestamp(self.expires)
    }
}

/// Where the grants of all accounts are.
#[derive(Clone, Debug)]
pub struct Grants {
    dir: PathBuf,
    clock: Clock,
}

impl Grants {
    /// Keeps files below the folder of the store.
    pub fn beside(store: &Path, clock: Clock) -> Self {
        Self { dir: store.join("oauth2"), clock }
    }

    /// Returns the present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns a token that is good now, renewed where it must be.
    ///
    /// # Errors
    /// Where nobody logged in, the grant is over, or the provider can't be reached.
    pub fn token(&self, oauth: &OAuth2) -> Result<String, OAuthError> {
        let grant = self.read(oauth)?.ok_or_else(|| error(oauth, Why::NoGrant))?;
        if self.is_good(&grant) {
            return Ok(grant.access_token);
        }
        self.renew(oauth, &grant.access_token)
    }

    /// Returns another token in the place of one that a server refused.
    ///
    /// # Errors
    /// As [`Grants::token`].
    pub fn renew(&self, oauth: &OAuth2, refused: &str) -> Result<String, OAuthError> {
        // Some providers take a refresh token once. Nobody waits for this lock but whoever is to renew the same grant; who logs in or forgets
        // does not.
        let _alone = self.lock(oauth, "lock")?;
        let grant = self.read(oauth)?.ok_or_else(|| error(oauth, Why::NoGrant))?;
        if grant.access_token != refused && self.is_good(&grant) {
            return Ok(grant.access_token);
        }
        let refresh = grant.refresh_token.clone().ok_or_else(|| error(oauth, Why::Revoked(String::new())))?;
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
        let renewed = post(oauth, &oauth.token_url, &form)
            .and_then(|answer| Grant::read(oauth, &answer, Some(refresh.clone()), self.clock.now()));
        // Somebody may have logged in or had it forgotten while the provider answered: that counts, whatever came of this.
        let _whole = self.lock(oauth, "change")?;
        match self.read(oauth)? {
            None => Err(error(oauth, Why::NoGrant)),
            Some(other) if other != grant => Ok(other.access_token),
            Some(_) => {
                let renewed = renewed?;
                self.write(oauth, &renewed)?;
                Ok(renewed.access_token)
            }
        }
    }

    fn is_good(&self, grant: &Grant) -> bool {
        grant.expires.saturating_sub(EARLY) > self.clock.now().0
    }

    /// Returns what was granted; `None` where nobody logged in.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(&self, oauth: &OAuth2) -> Result<Option<Grant>, OAuthError> {
        let text = match oauth.kept {
            Kept::File => match std::fs::read_to_string(self.file(&oauth.account)) {
                Ok(text) => text,
                Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(why) => return Err(self.not_kept(oauth, &why)),
            },
            Kept::Keyring => match entry(oauth)?.get_password() {
                Ok(text) => text,
                Err(keyring::Error::NoEntry) => return Ok(None),
                Err(why) => return Err(error(oauth, Why::NotKept(why.to_string()))),
            },
        };
        // What is no grant is as good as none: whoever logs in writes it anew.
        Ok(serde_json::from_str(&text).ok())
    }

    /// Keeps what was granted to somebody who has just agreed. Whoever renews an older one meanwhile uses this.
    ///
    /// # Errors
    /// When it can't be kept.
    pub fn keep(&self, oauth: &OAuth2, grant: &Grant) -> Result<(), OAuthError> {
        let _whole = self.lock(oauth, "change")?;
        self.write(oauth, grant)
    }

    fn write(&self, oauth: &OAuth2, grant: &Grant) -> Result<(), OAuthError> {
        let text = serde_json::to_string(grant).map_err(|why| error(oauth, Why::NotKept(why.to_string())))?;
        match oauth.kept {
            Kept::File => self.write_file(&oauth.account, &text).map_err(|why| self.not_kept(oauth, &why)),
            Kept::Keyring => {
                entry(oauth)?.set_password(&text).map_err(|why| error(oauth, Why::NotKept(why.to_string())))
            }
        }
    }

    /// Forgets what was granted, and tells whether there was something. Whoever renews it meanwhile keeps nothing of it.
    ///
    /// # Errors
    /// When it stands there and can't be taken away.
    pub fn forget(&self, oauth: &OAuth2) -> Result<bool, OAuthError> {
        let _whole = self.lock(oauth, "change")?;
        match oauth.kept {
            Kept::File => match std::fs::remove_file(self.file(&oauth.account)) {
                Ok(()) => Ok(true),
                Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(false),
                Err(why) => Err(self.not_kept(oauth, &why)),
            },
            Kept::Keyring => match entry(oauth)?.delete_credential() {
                Ok(()) => Ok(true),
                Err(keyring::Error::NoEntry) => Ok(false),
                Err(why) => Err(error(oauth, Why::NotKept(why.to_string()))),
            },
        }
    }

    /// Writes a file whole, under another name first: whoever reads finds the old one or the new.
    fn write_file(&self, account: &AccountId, text: &str) -> std::io::Result<()> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
        let path = self.file(account);
        let fresh = path.with_extension(format!("{}.new", std::process::id()));
        let written = private(&fresh).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.and_then(|()| std::fs::rename(&fresh, &path)).inspect_err(|_| {
            let _ = std::fs::remove_file(&fresh);
        })
    }

    /// Takes one of the two locks of a grant, until what is returned is dropped: `lock`, held while a provider answers, and `change`, held
    /// for the moment of a change.
    fn lock(&self, oauth: &OAuth2, name: &str) -> Result<File, OAuthError> {
        let locked = || {
            std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.dir)?;
            let path = self.file(&oauth.account).with_extension(name);
            let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|why: std::io::Error| self.not_kept(oauth, &why))
    }

    fn file(&self, account: &AccountId) -> PathBuf {
        self.dir.join(format!("{account}.json"))
    }

    fn not_kept(&self, oauth: &OAuth2, why: &std::io::Error) -> OAuthError {
        error(oauth, Why::NotKept(format!("{}: {why}", self.file(&oauth.account).display())))
    }
}

/// Makes a file that its owner alone can read.
fn private(path: &Path) -> std::io::Result<File> {
    let _ = std::fs::remove_file(path);
    OpenOptions::new().create_new(true).write(true).mode(0o600).open(path)
}

fn entry(oauth: &OAuth2) -> Result<keyring::Entry, OAuthError> {
    keyring::Entry::new(SERVICE, &format!("oauth2 {}", oauth.account))
        .map_err(|why| error(oauth, Why::NotKept(why.to_string())))
}

fn error(oauth: &OAuth2, why: Why) -> OAuthError {
    OAuthError { account: oauth.account.clone(), why }
}
