//! Signatures of version 4, verified: the request is signed again with the key that it names, and must come to the same. The
//! signing is that of the AWS SDK itself.
//!
//! Participants speak by bearer tokens, and what they sign besides has no effect, as at AWS. The signature stands in the header
//! or in the URL's query (a presigned request).

mod header;
mod keys;
mod presigned;
mod refusal;
mod sign;

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, header as names, request::Parts},
    response::Response,
};
use jiff::Timestamp;
use relevo_connect::ports::{Clock, Ids};
use subtle::ConstantTimeEq as _;

use self::{
    header::Authorization,
    presigned::Presigned,
    refusal::{Refusal, Shape},
};
pub use self::{
    keys::{Key, read_keys},
    sign::{Scope, sign_json},
};
use crate::routes;

/// How far the clocks may be apart.
const SKEW_MS: i64 = 5 * 60 * 1_000;
/// What is read of a request at most: the longest that the wire takes.
const LONGEST_BODY_BYTES: usize = 15 * 1024 * 1024;

/// Verifies requests. Cheap to clone.
#[derive(Clone)]
pub struct Verifier {
    keys: Arc<[Key]>,
    region: Arc<str>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// What is signed for: the service's name in the scope, and how it writes a refusal.
struct Addressed {
    service: &'static str,
    shape: Shape,
}

impl Verifier {
    /// For these keys, in this region.
    pub fn new(keys: Vec<Key>, region: &str, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { keys: keys.into(), region: region.into(), clock, ids }
    }

    /// Gives the request back if nobody need have signed it, or a key has.
    ///
    /// # Errors
    /// The refusal, as the service writes it.
    pub async fn check(&self, request: Request) -> Result<Request, Box<Response>> {
        let Some(Addressed { service, shape }) = addressed(&request) else { return Ok(request) };
        let refuse = |refusal: &Refusal| {
            tracing::info!(service, reason = refusal.name(), "signature refused");
            Box::new(refusal.response(shape, &self.ids.uuid()))
        };
        let (parts, body) = request.into_parts();
        // Before anything is read: who has signed nothing is told so.
        let in_header = parts.headers.contains_key(names::AUTHORIZATION);
        let query = parts.uri.query().unwrap_or_default();
        if !in_header && !Presigned::is_in(query) {
            return Err(refuse(&Refusal::Missing));
        }
        let body = to_bytes(body, LONGEST_BODY_BYTES).await.map_err(|_| refuse(&Refusal::TooLarge))?;
        let verified = match Presigned::parse(query) {
            _ if in_header => self.verify(service, &parts, &body),
            Ok(presigned) => self.verify_presigned(service, &presigned, &parts, &body),
            Err(problem) => Err(Refusal::Incomplete(problem)),
        };
        match verified {
            Ok(()) => Ok(Request::from_parts(parts, Body::from(body))),
            Err(refusal) => Err(refuse(&refusal)),
        }
    }

    fn verify(&self, service: &str, parts: &Parts, body: &Bytes) -> Result<(), Refusal> {
        let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let signed = text("authorization").ok_or(Refusal::Missing)?;
        let signed = Authorization::parse(signed).map_err(Refusal::Incomplete)?;
        let date = text("x-amz-date").ok_or_else(|| {
            Refusal::Incomplete(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.".into(),
            )
        })?;
        let time =
            header::time(date).ok_or_else(|| Refusal::Incomplete("Date must be in ISO-8601 'basic format'.".into()))?;
        let now_ms = self.clock.now_ms();
        let key = self.key(&signed, text("x-amz-security-token"), now_ms)?;
        check_scope(&signed, service, &self.region, date)?;
        check_time(time, date, now_ms)?;
        // The session token is among the headers where it was signed; so none is given.
        let signer = Signer { key, session_token: None, time, settings: SigningSettings::default() };
        compare(&signed, signer, parts.uri.path_and_query().map_or("/", |it| it.as_str()), parts, body)
    }

    fn verify_presigned(
        &self,
        service: &str,
        presigned: &Presigned,
        parts: &Parts,
        body: &Bytes,
    ) -> Result<(), Refusal> {
        let Presigned { credential, date, expires_s, signed_headers, signature, session_token, rest } = presigned;
        let signed = Authorization::of(credential, signed_headers, signature).map_err(Refusal::Incomplete)?;
        let time = header::time(date)
            .ok_or_else(|| Refusal::Incomplete("X-Amz-Date must be in ISO-8601 'basic format'.".into()))?;
        let now_ms = self.clock.now_ms();
        let key = self.key(&signed, session_token.as_deref(), now_ms)?;
        check_scope(&signed, service, &self.region, date)?;
        check_expiry(time, date, *expires_s, now_ms)?;
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = u64::try_from(*expires_s).ok().map(Duration::from_secs);
        let path = parts.uri.path();
        let query = if rest.is_empty() { String::new() } else { format!("?{rest}") };
        let signer = Signer { key, session_token: session_token.clone(), time, settings };
        compare(&signed, signer, &format!("{path}{query}"), parts, body)
    }

    /// The key that has signed, if it may.
    fn key(&self, signed: &Authorization, session_token: Option<&str>, now_ms: i64) -> Result<&Key, Refusal> {
        let key = self.keys.iter().find(|key| key.id == signed.key_id).ok_or(Refusal::UnknownKey)?;
        if !key.has_token(session_token) {
            return Err(Refusal::UnknownKey);
        }
        if key.expires_ms.is_some_and(|end_ms| end_ms <= now_ms) {
            return Err(Refusal::TokenExpired);
        }
        Ok(key)
    }
}

/// Whose request it is, if it must be signed.
fn addressed(request: &Request) -> Option<Addressed> {
    let (uri, headers) = (request.uri(), request.headers());
    if uri.path() == "/" {
        let dynamodb = headers.contains_key("x-amz-target");
        return Some(if dynamodb {
            Addressed { service: "dynamodb", shape: Shape::Coral }
        } else {
            Addressed { service: "sns", shape: Shape::Query }
        })
        .filter(|_| request.method() == axum::http::Method::POST);
    }
    match routes::operation_name(request.method(), uri.path())?.service {
        "connect" => Some(Addressed { service: "connect", shape: Shape::Rest }),
        "bedrock-agent-runtime" => Some(Addressed { service: "bedrock", shape: Shape::Rest }),
        _ => None,
    }
}

fn check_scope(signed: &Authorization, service: &str, region: &str, date: &str) -> Result<(), Refusal> {
    let wrong = |message: String| Err(Refusal::Scope(message));
    if signed.region != region {
        return wrong(format!(
            "Credential should be scoped to a valid region, not '{}'. It is {region}.",
            signed.region
        ));
    }
    if signed.service != service {
        return wrong(format!("Credential should be scoped to correct service: '{service}'."));
    }
    if !date.starts_with(signed.date) {
        return wrong(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{date}'.",
            signed.date
        ));
    }
    if !signed.signed_headers.contains(&"host") {
        return wrong("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".into());
    }
    Ok(())
}

fn check_time(time: Timestamp, date: &str, now_ms: i64) -> Result<(), Refusal> {
    let now = written(now_ms);
    if time.as_millisecond() < now_ms - SKEW_MS {
        let least = written(now_ms - SKEW_MS);
        return Err(Refusal::Time(format!("Signature expired: {date} is now earlier than {least} ({now} - 5 min.)")));
    }
    check_future(time, date, now_ms)
}

/// A URL's time begins when it was signed.
fn check_expiry(time: Timestamp, date: &str, expires_s: i64, now_ms: i64) -> Result<(), Refusal> {
    if time.as_millisecond() + expires_s * 1_000 < now_ms {
        let (least, now) = (written(now_ms - expires_s * 1_000), written(now_ms));
        let message = format!("Signature expired: {date} is now earlier than {least} ({now} - {expires_s} s)");
        return Err(Refusal::Time(message));
    }
    check_future(time, date, now_ms)
}

fn check_future(time: Timestamp, date: &str, now_ms: i64) -> Result<(), Refusal> {
    if time.as_millisecond() > now_ms + SKEW_MS {
        let (most, now) = (written(now_ms + SKEW_MS), written(now_ms));
        return Err(Refusal::Time(format!(
            "Signature not yet current: {date} is still later than {most} ({now} + 5 min.)"
        )));
    }
    Ok(())
}

fn written(ms: i64) -> String {
    header::written(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Who signs again, and how.
struct Signer<'a> {
    key: &'a Key,
    session_token: Option<String>,
    time: Timestamp,
    settings: SigningSettings,
}

/// Whether the key makes the same signature of this request.
fn compare(signed: &Authorization, by: Signer, path: &str, parts: &Parts, body: &Bytes) -> Result<(), Refusal> {
    let ours = sign_again(signed, by, path, parts, body).ok_or(Refusal::Mismatch)?;
    if bool::from(ours.as_bytes().ct_eq(signed.signature.as_bytes())) { Ok(()) } else { Err(Refusal::Mismatch) }
}

/// The signature that the key makes of this request; none: it cannot be signed at all.
fn sign_again(signed: &Authorization, by: Signer, path: &str, parts: &Parts, body: &Bytes) -> Option<String> {
    let Signer { key, session_token, time, mut settings } = by;
    // What was signed is what the client says; only the rest is left out.
    settings.excluded_headers = None;
    let seconds = u64::try_from(time.as_second()).ok()?;
    let at = UNIX_EPOCH + Duration::from_secs(seconds);
    let scope = Scope { service: signed.service, region: signed.region };
    let headers = signed_headers(signed, &parts.headers)?;
    let host = parts.headers.get(names::HOST).and_then(|host| host.to_str().ok())?;
    let uri = format!("http://{host}{path}");
    let headers = headers.iter().map(|(name, value)| (*name, *value));
    let request = SignableRequest::new(parts.method.as_str(), uri, headers, SignableBody::Bytes(body)).ok()?;
    Some(sign::signed(key, session_token, scope, at, settings, request)?.1)
}

/// The headers that are said to be signed; every one of them must be there.
fn signed_headers<'a>(signed: &Authorization<'a>, headers: &'a HeaderMap) -> Option<Vec<(&'a str, &'a str)>> {
    let mut found = Vec::new();
    for name in &signed.signed_headers {
        let before = found.len();
        for value in headers.get_all(*name) {
            found.push((*name, value.to_str().ok()?));
        }
        if found.len() == before {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests;
