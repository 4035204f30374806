//! The content of an attachment, at the URLs that `StartAttachmentUpload` and `GetAttachment` sign: what S3 does for Connect.
//!
//! `PUT` and `GET /participant/attachments/{ContactId}/{AttachmentId}?…`. The signature is the secret, so there is no bearer.
//! Refusals are S3's: XML, with S3's codes.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use relevo_connect::attachment::{Access, Content, Expected, SignedAccess};

use crate::{
    Wire,
    call::{self, Call},
    error::{AwsError, Kind},
    routes::Labels,
};

/// A file that came from a stranger is never a page of this origin: it may load nothing, run nothing, and be taken for
/// nothing but what it was said to be.
const SAFE: [(header::HeaderName, HeaderValue); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// What may stand as it is in `filename*` (RFC 8187).
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');
/// What cannot stand in a quoted string, or means something in a path.
const UNQUOTED: &AsciiSet = &CONTROLS.add(b'"').add(b'\\').add(b'/');

/// The URL of a signed access, on the host that the client itself has called.
pub(super) fn url(wire: &Wire, call: &Call, access: &SignedAccess) -> String {
    let here = format!("127.0.0.1:{}", wire.options.ws_port);
    let host = call.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or(&here);
    let SignedAccess { contact_id, attachment_id, access, expires_ms, signature } = access;
    let access = access.as_str();
    format!(
        "http://{host}/participant/attachments/{contact_id}/{attachment_id}\
         ?access={access}&expires={expires_ms}&signature={signature}"
    )
}

/// Takes or gives the content.
pub(crate) async fn serve(wire: &Wire, labels: &Labels, request: Request) -> Response {
    let Some(access) = signed(labels, request.uri().query().unwrap_or_default()) else {
        return refusal(&AwsError::new(Kind::AccessDenied, "The request is not signed."));
    };
    let served = if request.method() == Method::PUT {
        put(wire, access, request).await
    } else {
        wire.centre.download(&access).await.map(|content| given(content, access.access)).map_err(AwsError::from)
    };
    served.unwrap_or_else(|error| {
        tracing::info!(kind = ?error.kind, cause = error.cause, "the content of an attachment was refused");
        refusal(&error)
    })
}

async fn put(wire: &Wire, access: SignedAccess, request: Request) -> Result<Response, AwsError> {
    // The body of a stranger is not even read.
    let expected = wire.centre.expected_upload(&access).await?;
    let (parts, body) = request.into_parts();
    check_headers(&parts.headers, &expected)?;
    let limit = usize::try_from(expected.size_bytes).unwrap_or(usize::MAX);
    let content = call::read_body(&parts.headers, body, limit).await?;
    wire.centre.upload(access, content.into()).await?;
    Ok(StatusCode::OK.into_response())
}

/// The headers to include are part of what is signed. A length that is not announced is counted.
fn check_headers(headers: &HeaderMap, expected: &Expected) -> Result<(), AwsError> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let wrong = |name: &str, wanted: &str| {
        Err(AwsError::new(Kind::AccessDenied, format!("The header {name} is signed, and must be \"{wanted}\".")))
    };
    let same = text(header::CONTENT_TYPE).is_some_and(|found| found.eq_ignore_ascii_case(&expected.content_type));
    if !same {
        return wrong("Content-Type", &expected.content_type);
    }
    let size = expected.size_bytes.to_string();
    if text(header::CONTENT_LENGTH).is_some_and(|found| found != size) {
        return wrong("Content-Length", &size);
    }
    Ok(())
}

fn given(content: Content, access: Access) -> Response {
    let Content { name, content_type, bytes } = content;
    let how = if access == Access::Inline { "inline" } else { "attachment" };
    // Never a way out of the folder that it is saved to.
    let name = name.replace(['/', '\\'], "_");
    let plain: String = name.chars().map(|char| if char.is_ascii() { char } else { '_' }).collect();
    let (plain, full) = (utf8_percent_encode(&plain, UNQUOTED), utf8_percent_encode(&name, NAME));
    let disposition = format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{full}");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    for (name, value) in [(header::CONTENT_TYPE, content_type), (header::CONTENT_DISPOSITION, disposition)] {
        let value = HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("application/octet-stream"));
        headers.insert(name, value);
    }
    headers.extend(SAFE);
    response
}

fn signed(labels: &Labels, query: &str) -> Option<SignedAccess> {
    let value = |name: &str| {
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name)).map(|(_, value)| value)
    };
    Some(SignedAccess {
        contact_id: labels.get("ContactId")?.to_owned(),
        attachment_id: labels.get("AttachmentId")?.to_owned(),
        access: Access::parse(value("access")?)?,
        expires_ms: value("expires")?.parse().ok()?,
        signature: value("signature")?.to_owned(),
    })
}

fn refusal(error: &AwsError) -> Response {
    let (status, code) = match error.kind {
        Kind::AccessDenied => (StatusCode::FORBIDDEN, "AccessDenied"),
        Kind::Conflict => (StatusCode::CONFLICT, "OperationAborted"),
        Kind::TooLarge => (StatusCode::BAD_REQUEST, "EntityTooLarge"),
        Kind::InvalidParameter | Kind::Serialization => (StatusCode::BAD_REQUEST, "IncompleteBody"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
    };
    let message = error.message.replace('&', "&amp;").replace('<', "&lt;");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    let mut response = (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response();
    response.headers_mut().extend(SAFE);
    response
}
