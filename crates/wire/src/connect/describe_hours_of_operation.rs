//! `DescribeHoursOfOperation`: `GET /hours-of-operations/{InstanceId}/{HoursOfOperationId}`.

use axum::response::Response;
use jiff::civil::Weekday;
use relevo_connect::centre::Opening;
use serde_json::{Value, json};

use super::{NAME, two_labels};
use crate::{Wire, answer, call::Call, error::AwsError};

pub(crate) fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, hours_id) = two_labels(call, "HoursOfOperationId", &NAME)?;
    let hours = wire.centre.describe_hours(&instance_id, &hours_id)?;
    let config = wire.centre.config();
    let hours = answer::structure([
        ("HoursOfOperationId", Some(json!(hours.id))),
        ("HoursOfOperationArn", Some(json!(config.arn("operating-hours", &hours.id)))),
        ("Name", Some(json!(hours.name))),
        ("TimeZone", hours.time_zone.iana_name().map(|name| json!(name))),
        ("Config", Some(hours.week.into_iter().map(opening).collect())),
        ("LastModifiedRegion", Some(json!(config.region))),
    ]);
    Ok(answer::ok(json!({ "HoursOfOperation": hours })))
}

fn opening(opening: Opening) -> Value {
    let day = match opening.day {
        Weekday::Monday => "MONDAY",
        Weekday::Tuesday => "TUESDAY",
        Weekday::Wednesday => "WEDNESDAY",
        Weekday::Thursday => "THURSDAY",
        Weekday::Friday => "FRIDAY",
        Weekday::Saturday => "SATURDAY",
        Weekday::Sunday => "SUNDAY",
    };
    let time = |minute: u16| json!({ "Hours": minute / 60 % 24, "Minutes": minute % 60 });
    json!({ "Day": day, "StartTime": time(opening.from_minute), "EndTime": time(opening.to_minute) })
}
