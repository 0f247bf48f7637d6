//! Tokens in the place of passwords (RFC 6749): a person agrees once, in a browser; from then on tokens renew themselves.
//!
//! The way to the first token leads over a code for another device (RFC 8628) or over a browser that comes back to this machine (RFC 8252),
//! whose address can be pasted where the browser runs elsewhere. Codes are worth nothing to whoever overhears them (RFC 7636).

pub mod browser;
pub mod device;
mod error;
mod grant;
mod http;

pub use error::{OAuthError, Why};
pub use grant::{Grant, Grants};
