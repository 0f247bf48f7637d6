//! The file in which a domain tells mail programs of its servers: `config-v1.1.xml`, as Thunderbird reads it.

use std::time::Duration;

use reqwest::Url;
use reqwest::redirect::Policy;
use roxmltree::{Document, Node};

use super::Servers;
use super::names::is_host;
use crate::config::Security;
use crate::config::providers::Listens;

/// The longest file, in bytes. Elements within each other that each declare a prefix take time by the third power of their number to read:
/// of a quarter of a megabyte minutes, of this much a second.
const FILE_MAX: usize = 32 << 10;

/// How often we are sent on.
const REDIRECTS_MAX: usize = 3;

/// Gets the file; `None` where there is none, whatever the reason.
pub(super) fn fetch(url: &str, patience: Duration) -> Option<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let fetched = runtime.block_on(async {
        let safe = Policy::custom(|attempt| match follows(attempt.url(), attempt.previous().len()) {
            true => attempt.follow(),
            false => attempt.stop(),
        });
        // Whom we are sent on to is not told the address that stands in the first question.
        let client = reqwest::Client::builder().timeout(patience).redirect(safe).referer(false).build().ok()?;
        let mut answer = client.get(url).send().await.ok().filter(|answer| answer.status().is_success())?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.ok()? {
            if body.len() + chunk.len() > FILE_MAX {
                return None;
            }
            body.extend_from_slice(&chunk);
        }
        String::from_utf8(body).ok()
    });
    // A name that is still looked up can't be stopped: the C library may wait for it much longer than we do.
    runtime.shutdown_background();
    fetched
}

/// Tells whether the next redirect is followed, after so many addresses: a few, to the hoster's name perhaps, and over HTTPS alone.
pub(super) fn follows(url: &Url, before: usize) -> bool {
    url.scheme() == "https" && before <= REDIRECTS_MAX
}

/// Reads the file: the first IMAP server and the first for outgoing mail whose connections are secured. `None` where it is no such file,
/// or names no IMAP server.
pub(super) fn read(xml: &str, address: &str) -> Option<Servers> {
    let document = Document::parse(xml).ok()?;
    let provider = document.descendants().find(|node| node.has_tag_name("emailProvider"))?;
    let of = |tag: &str, kind: &str| {
        let is_one = |node: &Node<'_, '_>| node.has_tag_name(tag) && node.attribute("type") == Some(kind);
        provider.children().filter(is_one).find_map(|node| server(node, address))
    };
    let (imap, user) = of("incomingServer", "imap")?;
    let smtp = of("outgoingServer", "smtp").map(|(smtp, _)| smtp);
    Some(Servers { imap: Some(imap), smtp, user, ..Servers::default() })
}

fn server(node: Node<'_, '_>, address: &str) -> Option<(Listens, Option<String>)> {
    let text = |tag: &str| node.children().find(|child| child.has_tag_name(tag))?.text().map(str::trim);
    let security = match text("socketType")? {
        "SSL" => Security::Tls,
        "STARTTLS" => Security::StartTls,
        _ => return None,
    };
    let host = filled(text("hostname")?, address)?;
    let port = text("port")?.parse().ok().filter(|port| *port > 0)?;
    is_host(&host).then(|| (Listens { host, port, security }, text("username").and_then(|user| filled(user, address))))
}

/// Puts the parts of an address in place of `%EMAILADDRESS%` and its like.
fn filled(text: &str, address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let known = [("%EMAILADDRESS%", address), ("%EMAILLOCALPART%", local), ("%EMAILDOMAIN%", domain)];
    let filled = known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value));
    (!filled.contains('%')).then_some(filled)
}
