//! One HTTP request as an operation reads it: labels of the path, bearer token, JSON body.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::{
    error::{AwsError, Kind},
    input::{self, Bounds, Faults},
    routes::Labels,
};

/// The header that carries a participant's token.
const BEARER: &str = "x-amz-bearer";
/// Longest token of the service model, in characters.
const MAX_TOKEN: usize = 1000;

/// One request.
pub(crate) struct Call {
    pub(crate) labels: Labels,
    /// The query of the address, still encoded.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Call {
    /// The body's members. An empty body is an empty structure, because clients send none where nothing is required.
    pub(crate) fn members(&self) -> Result<Map<String, Value>, AwsError> {
        if self.body.is_empty() {
            return Ok(Map::new());
        }
        check_media_type(&self.headers)?;
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(map)) => Ok(map),
            Ok(_) => Err(AwsError::new(Kind::Serialization, "The request body must be a JSON object")),
            Err(error) => {
                let message =
                    format!("The request body is not valid JSON (line {}, column {})", error.line(), error.column());
                Err(AwsError::new(Kind::Serialization, message))
            }
        }
    }

    /// The members that the address carries behind its `?`, by their names there, in a map as [`Members`](input::Members)
    /// reads it. What is written more than once stays so; others are dropped.
    pub(crate) fn query_members(&self, names: &[(&str, &str, InQuery)]) -> Result<Map<String, Value>, AwsError> {
        let mut members = Map::new();
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            let Some((_, member, kind)) = names.iter().find(|(in_query, _, _)| *in_query == name) else { continue };
            let value = match kind {
                InQuery::Number => value.parse::<i64>().map_or(Value::String(value), Value::from),
                InQuery::Text | InQuery::List => Value::String(value),
            };
            match (kind, members.get_mut(*member)) {
                (InQuery::List, Some(Value::Array(list))) => list.push(value),
                (InQuery::List, _) => drop(members.insert((*member).to_owned(), Value::Array(vec![value]))),
                _ => drop(members.insert((*member).to_owned(), value)),
            }
        }
        Ok(members)
    }

    /// A label of the path, decoded.
    pub(crate) fn label(&self, name: &str, length: &Bounds, faults: &Faults) -> String {
        let path = &input::path_of("", name);
        let encoded = self.labels.get(name).unwrap_or_default();
        let Ok(text) = percent_decode_str(encoded).decode_utf8() else {
            faults.constraint(path, "Member must be valid UTF-8");
            return String::new();
        };
        faults.length(path, &text, length);
        text.into_owned()
    }

    /// The participant's token. Without one there is nobody to ask for.
    pub(crate) fn bearer(&self) -> Result<SecretString, AwsError> {
        let mut tokens = self.headers.get_all(BEARER).iter();
        let token = match (tokens.next(), tokens.next()) {
            (Some(token), None) => token.to_str().unwrap_or_default(),
            _ => "",
        };
        if token.is_empty() || token.len() > MAX_TOKEN {
            return Err(AwsError::new(Kind::AccessDenied, "Access denied"));
        }
        Ok(SecretString::from(token))
    }
}

/// What a member of the query is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum InQuery {
    Text,
    Number,
    List,
}

/// A part of a query; `+` is a space there.
fn decoded(part: &str) -> Result<String, AwsError> {
    let spaced = part.replace('+', " ");
    let text = percent_decode_str(&spaced).decode_utf8();
    text.map(Into::into).map_err(|_| AwsError::new(Kind::Serialization, "The query of the address must be valid UTF-8"))
}

/// Reads a body of at most `limit` bytes; a longer one is not read to its end.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, AwsError> {
    let too_large = || AwsError::new(Kind::TooLarge, format!("The request body must not be longer than {limit} bytes"));
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut parts = body.into_data_stream();
    let mut whole = Vec::new();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| AwsError {
            cause: Some(error.to_string()),
            ..AwsError::new(Kind::Serialization, "The request body ended early")
        })?;
        if whole.len() + part.len() > limit {
            return Err(too_large());
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.into())
}

/// JSON alone is read. That a form or plain text is refused also keeps a web page from sending a request without
/// the browser's asking first.
fn check_media_type(headers: &HeaderMap) -> Result<(), AwsError> {
    let Some(media_type) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = media_type.to_str().ok().and_then(|text| text.split(';').next()).unwrap_or_default().trim();
    let json = ["application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1"];
    if json.iter().any(|known| known.eq_ignore_ascii_case(essence)) {
        return Ok(());
    }
    Err(AwsError::new(Kind::UnsupportedMediaType, "The content type must be application/json"))
}
