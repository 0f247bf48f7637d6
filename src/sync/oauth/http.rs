//! One question to a provider: a form is sent, JSON comes back.

use std::time::Duration;

use reqwest::redirect::Policy;
use serde_json::Value;

use super::error::{OAuthError, Why};
use crate::config::{OAuth2, Secret};
use crate::sync::secret::of_command;

/// How long a provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The longest answer, in bytes.
const ANSWER_MAX: usize = 64 << 10;

/// Sends a form, with what names the client, and returns what came back.
///
/// # Errors
/// As the provider's code says (RFC 6749 section 5.2), or what kept it from answering.
pub(super) fn post(oauth: &OAuth2, url: &str, form: &[(&str, &str)]) -> Result<Value, OAuthError> {
    let failed = |why: Why| OAuthError { account: oauth.account.clone(), why };
    let mut fields = form.to_vec();
    fields.push(("client_id", &oauth.client_id));
    let secret = client_secret(oauth).map_err(failed)?;
    if let Some(secret) = &secret {
        fields.push(("client_secret", secret));
    }
    let (status, body) = ask(oauth, url, &fields).map_err(|why| failed(Why::Unreachable(why)))?;
    let answer: Option<Value> = serde_json::from_slice(&body).ok();
    match (status, answer) {
        (200..=299, Some(answer)) if answer.is_object() => Ok(answer),
        (429 | 500.., _) => Err(failed(Why::Unreachable(format!("HTTP {status}")))),
        (_, Some(answer)) if answer.get("error").is_some_and(Value::is_string) => Err(failed(refusal(&answer))),
        _ => Err(failed(Why::Nonsense(format!("HTTP {status}")))),
    }
}

/// Returns the secret of the client, where it has one.
fn client_secret(oauth: &OAuth2) -> Result<Option<String>, Why> {
    match &oauth.client_secret {
        None => Ok(None),
        Some(Secret::Clear(secret)) => Ok(Some(secret.clone())),
        Some(other) => of_command(other).transpose().map_err(Why::NoClientSecret),
    }
}

/// Returns what a provider's refusal means.
fn refusal(answer: &Value) -> Why {
    let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    // Microsoft adds lines with numbers of traces.
    let words = text("error_description").lines().next().unwrap_or_default().to_owned();
    match text("error").as_str() {
        "invalid_grant" => Why::Revoked(words),
        "access_denied" => Why::Denied,
        "expired_token" => Why::TooLate,
        "temporarily_unavailable" | "server_error" => Why::Unreachable(words),
        code => Why::Refused(code.to_owned(), words),
    }
}

/// Asks over HTTP; an error is told as the way or the server has it.
fn ask(oauth: &OAuth2, url: &str, fields: &[(&str, &str)]) -> Result<(u16, Vec<u8>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let mut builder = reqwest::Client::builder().timeout(TIMEOUT).redirect(Policy::none());
        if let Some(file) = &oauth.ca_file {
            let pem = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
            for certificate in reqwest::Certificate::from_pem_bundle(&pem).map_err(|e| whole(&e))? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        let client = builder.build().map_err(|e| whole(&e))?;
        let mut answer = client.post(url).form(fields).send().await.map_err(|e| whole(&e))?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| whole(&e))? {
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err("the answer has no end".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        Ok((status, body))
    })
}

/// Says an error with its cause, which is what tells something.
fn whole(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
