//! A request, signed: for clients of our own, and to see whether somebody else's was signed with the same key.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningInstructions, SigningSettings, sign},
    sign::v4,
};
use secrecy::ExposeSecret as _;

use super::Key;

/// What a request is signed for.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The service's name in the scope: `connect`.
    pub service: &'a str,
    /// `us-east-1`.
    pub region: &'a str,
}

/// The headers that make a request of JSON a signed one; it must be sent with the content type `application/json`. None: it
/// cannot be signed at all, as its URL is none.
pub fn sign_json(
    key: &Key,
    scope: Scope<'_>,
    at: SystemTime,
    method: &str,
    url: &str,
    body: &[u8],
) -> Option<Vec<(String, String)>> {
    let headers = [("content-type", "application/json")].into_iter();
    let request = SignableRequest::new(method, url, headers, SignableBody::Bytes(body)).ok()?;
    let token = key.session_token.as_ref().map(|token| token.expose_secret().to_owned());
    let (signed, _) = signed(key, token, scope, at, SigningSettings::default(), request)?;
    Some(signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

/// The headers to add, and the signature among them.
pub(super) fn signed(
    key: &Key,
    session_token: Option<String>,
    scope: Scope<'_>,
    at: SystemTime,
    settings: SigningSettings,
    request: SignableRequest<'_>,
) -> Option<(SigningInstructions, String)> {
    let identity = Credentials::new(&key.id, key.secret.expose_secret(), session_token, None, "relevo").into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(at)
        .settings(settings)
        .build()
        .ok()?
        .into();
    Some(sign(request, &params).ok()?.into_parts())
}
