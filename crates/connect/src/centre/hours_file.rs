//! Hours of operation as people write them.

use std::collections::BTreeMap;

use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::Deserialize;

use super::hours::{HoursOfOperation, Opening, Override};

/// As it is written: days in English, times as `09:00-17:30`; `24:00` and `00:00` are the end of the day.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    id: String,
    name: Option<String>,
    time_zone: String,
    open: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    overrides: Vec<WrittenOverride>,
    #[serde(default)]
    queues: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenOverride {
    from: Date,
    to: Option<Date>,
    /// Every one of the days.
    #[serde(default)]
    open: Vec<String>,
}

impl<'de> Deserialize<'de> for HoursOfOperation {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Written::deserialize(deserializer).and_then(|written| read(written).map_err(serde::de::Error::custom))
    }
}

const DAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

fn read(written: Written) -> Result<HoursOfOperation, String> {
    let time_zone = TimeZone::get(&written.time_zone)
        .map_err(|_| format!("there is no time zone \"{}\" (such as Europe/Madrid)", written.time_zone))?;
    let mut week = Vec::new();
    for (name, spans) in &written.open {
        let days = days(name)?;
        for span in spans {
            week.extend(openings(&days, span)?);
        }
    }
    let all: Vec<Weekday> = DAYS.iter().map(|(_, day)| *day).collect();
    let overrides = written.overrides.into_iter().map(|other| {
        let mut week = Vec::new();
        for span in &other.open {
            week.extend(openings(&all, span)?);
        }
        Ok(Override { from: other.from, to: other.to.unwrap_or(other.from), week })
    });
    Ok(HoursOfOperation {
        name: written.name.unwrap_or_else(|| written.id.clone()),
        id: written.id,
        time_zone,
        week,
        overrides: overrides.collect::<Result<_, String>>()?,
        queues: written.queues,
    })
}

/// A day, or several of them: `monday`, `monday-friday`, `daily`.
fn days(name: &str) -> Result<Vec<Weekday>, String> {
    let place = |name: &str| {
        let name = name.trim().to_lowercase();
        DAYS.iter()
            .position(|(day, _)| *day == name)
            .ok_or_else(|| format!("\"{name}\" is no day: monday to sunday, a span such as monday-friday, or daily"))
    };
    if name.eq_ignore_ascii_case("daily") {
        return Ok(DAYS.iter().map(|(_, day)| *day).collect());
    }
    let (first, last) = match name.split_once('-') {
        Some((first, last)) => (place(first)?, place(last)?),
        None => (place(name)?, place(name)?),
    };
    if first > last {
        return Err(format!("\"{name}\" runs backwards"));
    }
    Ok(DAYS.iter().skip(first).take(last + 1 - first).map(|(_, day)| *day).collect())
}

fn openings(days: &[Weekday], span: &str) -> Result<Vec<Opening>, String> {
    let wrong = || format!("\"{span}\" is no span of time, such as 09:00-17:30");
    let (from, to) = span.split_once('-').ok_or_else(wrong)?;
    let minute = |text: &str| {
        let (hours, minutes) = text.trim().split_once(':')?;
        let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
        (hours <= 24 && minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some((hours * 60 + minutes) % (24 * 60))
    };
    let (from_minute, to_minute) = (minute(from).ok_or_else(wrong)?, minute(to).ok_or_else(wrong)?);
    Ok(days.iter().map(|day| Opening { day: *day, from_minute, to_minute }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn hours_are_read() {
        let hours: HoursOfOperation = serde_json::from_value(json!({
            "id": "office", "timeZone": "Europe/Madrid", "open": {"monday-friday": ["09:00-14:00", "16:00-24:00"]},
            "overrides": [{"from": "2026-12-25"}],
        }))
        .unwrap();
        assert_eq!((hours.week.len(), hours.name.as_str()), (10, "office"));
        assert_eq!(hours.week[5], Opening { day: Weekday::Monday, from_minute: 960, to_minute: 0 });
        assert_eq!(hours.overrides[0].from, hours.overrides[0].to);
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (change, says) in [
            (json!({"timeZone": "Mars/Base"}), "Mars/Base"),
            (json!({"open": {"funday": []}}), "funday"),
            (json!({"open": {"friday-monday": []}}), "backwards"),
            (json!({"open": {"monday": ["9-17"]}}), "9-17"),
            (json!({"open": {"monday": ["09:00-25:00"]}}), "25:00"),
            (json!({"opens": {}}), "opens"),
        ] {
            let mut hours = json!({"id": "h", "timeZone": "UTC", "open": {}});
            hours.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let error = serde_json::from_value::<HoursOfOperation>(hours).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
