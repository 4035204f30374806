//! Why a signature is refused, in the words of AWS's front, which the services write in three ways.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::error::{ERROR_TYPE, REQUEST_ID};

/// How a service writes a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Connect and Bedrock: the name in a header.
    Rest,
    /// `DynamoDB`: 400, the name in the body.
    Coral,
    /// SNS: XML.
    Query,
}

/// Why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Nothing is signed.
    Missing,
    /// The header cannot be read.
    Incomplete(String),
    /// No such key, or not with this session token.
    UnknownKey,
    /// The key's time is over.
    TokenExpired,
    /// Signed for another region, service or day.
    Scope(String),
    /// The clocks are too far apart.
    Time(String),
    /// Not what the key makes of this request.
    Mismatch,
    /// Longer than anything that is taken.
    TooLarge,
}

impl Refusal {
    /// The exception, as the JSON services name it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownKey => "UnrecognizedClientException",
            Self::TokenExpired => "ExpiredTokenException",
            Self::Scope(_) | Self::Time(_) | Self::Mismatch => "InvalidSignatureException",
            Self::TooLarge => "RequestTooLargeException",
        }
    }

    /// As SNS names it.
    fn query_name(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationToken",
            Self::Incomplete(_) => "IncompleteSignature",
            Self::UnknownKey => "InvalidClientTokenId",
            Self::TokenExpired => "ExpiredToken",
            Self::Scope(_) | Self::Time(_) | Self::Mismatch => "SignatureDoesNotMatch",
            Self::TooLarge => "RequestTooLarge",
        }
    }

    fn message(&self) -> &str {
        match self {
            Self::Missing => "Missing Authentication Token",
            Self::Incomplete(message) | Self::Scope(message) | Self::Time(message) => message,
            Self::UnknownKey => "The security token included in the request is invalid.",
            Self::TokenExpired => "The security token included in the request is expired",
            Self::Mismatch => {
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
                 Access Key and signing method. Consult the service documentation for details."
            }
            Self::TooLarge => "The request body is too long",
        }
    }

    fn status(&self, shape: Shape) -> StatusCode {
        match (self, shape) {
            (Self::TooLarge, _) => StatusCode::PAYLOAD_TOO_LARGE,
            (_, Shape::Coral) => StatusCode::BAD_REQUEST,
            _ => StatusCode::FORBIDDEN,
        }
    }

    /// The answer.
    pub(super) fn response(&self, shape: Shape, request_id: &str) -> Response {
        let (status, name, message) = (self.status(shape), self.name(), self.message());
        let mut response = match shape {
            Shape::Rest => (status, [(ERROR_TYPE, name)], Json(json!({ "message": message }))).into_response(),
            Shape::Coral => {
                let body = json!({ "__type": format!("com.amazon.coral.service#{name}"), "message": message });
                (status, [(header::CONTENT_TYPE, "application/x-amz-json-1.0")], body.to_string()).into_response()
            }
            Shape::Query => {
                let escaped = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                let body = format!(
                    "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender</Type>\
                     <Code>{}</Code><Message>{escaped}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
                    self.query_name()
                );
                (status, [(header::CONTENT_TYPE, "text/xml")], body).into_response()
            }
        };
        if let Ok(id) = HeaderValue::from_str(request_id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
}
