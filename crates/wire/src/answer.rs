//! What the answers have in common: JSON bodies and the two ways AWS writes a time.

use std::time::Duration;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A JSON answer with status 200.
pub(crate) fn ok(body: Value) -> Response {
    Json(body).into_response()
}

/// The answer of an operation that has nothing to say: `{}`.
pub(crate) fn empty() -> Response {
    ok(json!({}))
}

/// A structure without its absent members.
pub(crate) fn structure<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

/// Connect's time: seconds since the epoch, with a fraction.
pub(crate) fn epoch_seconds(ms: i64) -> Value {
    json!(Duration::from_millis(u64::try_from(ms).unwrap_or(0)).as_secs_f64())
}

/// Connectparticipant's time: `2021-09-08T13:28:24.656Z`.
pub(crate) fn iso_8601(ms: i64) -> Value {
    let time = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    json!(format!("{time:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_both_services() {
        assert_eq!(epoch_seconds(1_631_107_704_656).to_string(), "1631107704.656");
        assert_eq!(iso_8601(1_631_107_704_656), "2021-09-08T13:28:24.656Z");
        assert_eq!(iso_8601(1_631_107_704_000), "2021-09-08T13:28:24.000Z");
        assert_eq!(iso_8601(i64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
