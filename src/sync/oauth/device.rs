//! A code that is typed on another device (RFC 8628): for machines without a browser.

use std::time::Duration;

use serde_json::Value;

use super::error::{OAuthError, Why};
use super::grant::Grant;
use super::http::post;
use crate::config::OAuth2;
use crate::model::clock::Timestamp;
use crate::model::text::SafeText;

/// The kind of grant (section 3.4).
const KIND: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// How often it is asked where the provider does not say (section 3.2).
const INTERVAL: u64 = 5;
/// By how much longer the rests are once it is asked too often (section 3.5).
const SLOWER: u64 = 5;
/// A code is good no longer than that, whatever the provider says.
const LASTS_MAX: u64 = 3600;

/// What is to be typed where.
#[derive(Clone, Debug)]
pub struct Device {
    /// The code that a person types.
    pub user_code: SafeText,
    /// Where.
    pub uri: SafeText,
    /// The same with the code in it, where the provider has that.
    pub uri_complete: Option<SafeText>,
    device_code: String,
    interval: u64,
    lasts: u64,
}

/// Asks for a code.
///
/// # Errors
/// Where the provider gives none.
pub fn begin(oauth: &OAuth2) -> Result<Device, OAuthError> {
    let nonsense = |why: &str| OAuthError { account: oauth.account.clone(), why: Why::Nonsense(why.to_owned()) };
    let url = oauth.device_url.as_ref().ok_or_else(|| nonsense("no device_url is known"))?;
    let answer = post(oauth, url, &[("scope", &oauth.scopes.join(" "))])?;
    let text = |key: &str| answer.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    // Before RFC 8628 the last one was called otherwise, and Google still says so.
    let uri = text("verification_uri").or_else(|| text("verification_url"));
    let (Some(user_code), Some(device_code), Some(uri)) = (text("user_code"), text("device_code"), uri) else {
        return Err(nonsense("no code stands in it"));
    };
    let seconds = |key: &str| answer.get(key).and_then(Value::as_u64);
    Ok(Device {
        user_code: SafeText::line_max(user_code, 100),
        uri: SafeText::line_max(uri, 500),
        uri_complete: text("verification_uri_complete").map(|uri| SafeText::line_max(uri, 500)),
        device_code: device_code.to_owned(),
        interval: seconds("interval").unwrap_or(INTERVAL).clamp(1, 60),
        lasts: seconds("expires_in").unwrap_or(LASTS_MAX).min(LASTS_MAX),
    })
}

/// Asks until somebody agreed. `rest` waits, and tells whether to go on.
///
/// # Errors
/// Where nobody did in time, they said no, or `rest` ended it.
pub fn finish(
    oauth: &OAuth2,
    device: &Device,
    mut rest: impl FnMut(Duration) -> bool,
    now: impl Fn() -> Timestamp,
) -> Result<Grant, OAuthError> {
    let failed = |why: Why| OAuthError { account: oauth.account.clone(), why };
    let (mut interval, mut waited) = (device.interval, 0);
    while waited < device.lasts {
        if !rest(Duration::from_secs(interval)) {
            return Err(failed(Why::Stopped));
        }
        waited += interval;
        let form = [("grant_type", KIND), ("device_code", device.device_code.as_str())];
        match post(oauth, &oauth.token_url, &form) {
            Ok(answer) => return Grant::read(oauth, &answer, None, now()),
            Err(OAuthError { why: Why::Refused(code, _), .. }) if code == "authorization_pending" => {}
            Err(OAuthError { why: Why::Refused(code, _), .. }) if code == "slow_down" => interval += SLOWER,
            // A way that is gone for a moment is asked again, more rarely (section 3.5).
            Err(OAuthError { why: Why::Unreachable(_), .. }) => interval += SLOWER,
            Err(error) => return Err(error),
        }
    }
    Err(failed(Why::TooLate))
}
