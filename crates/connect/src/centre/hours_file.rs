//! Hours of operation as people write them.

use std::{collections::BTreeMap, fmt::Display};

use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};
use serde::{Deserialize, Deserializer, de::Error as _};

use super::hours::{HoursOfOperation, Opening, Override};

/// As it is written: days in English, times as `09:00-17:30`; `24:00` and `00:00` are the end of the day. Each value is read by
/// itself, so that a fault is told at its own place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    #[serde(deserialize_with = "id")]
    id: String,
    name: Option<String>,
    #[serde(deserialize_with = "zone")]
    time_zone: TimeZone,
    open: BTreeMap<Days, Vec<Span>>,
    #[serde(default)]
    overrides: Vec<WrittenOverride>,
    #[serde(default)]
    queues: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenOverride {
    #[serde(deserialize_with = "date")]
    from: Date,
    to: Option<Day>,
    /// Every one of the days.
    #[serde(default)]
    open: Vec<Span>,
}

/// A day, or several of them: `monday`, `monday-friday`, `daily`. By its name, so that two ways to say the same add up.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Days {
    name: String,
    first: usize,
    last: usize,
}

/// In minutes after midnight.
#[derive(Debug)]
struct Span {
    from_minute: u16,
    to_minute: u16,
}

#[derive(Debug)]
struct Day(Date);

impl<'de> Deserialize<'de> for HoursOfOperation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(read(Written::deserialize(deserializer)?))
    }
}

impl<'de> Deserialize<'de> for Days {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer, days)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer, span)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        date(deserializer).map(Self)
    }
}

fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let some = |text: &str| match text.trim() {
        "" => Err("the id is empty; CheckHoursOfOperation names the hours by it".to_owned()),
        _ => Ok(text.to_owned()),
    };
    text(deserializer, some)
}

fn zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TimeZone, D::Error> {
    let known = |name: &str| {
        TimeZone::get(name).map_err(|_| format!("there is no time zone \"{name}\" (such as Europe/Madrid)"))
    };
    text(deserializer, known)
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    text(deserializer, |text| text.parse().map_err(|_| format!("\"{text}\" is no date, such as 2026-12-24")))
}

fn text<'de, D: Deserializer<'de>, T, E: Display>(
    deserializer: D,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<T, D::Error> {
    read(&String::deserialize(deserializer)?).map_err(D::Error::custom)
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

fn read(written: Written) -> HoursOfOperation {
    let opening = |day: Weekday, span: &Span| Opening { day, from_minute: span.from_minute, to_minute: span.to_minute };
    let mut week = Vec::new();
    for (days, spans) in &written.open {
        for span in spans {
            let of_days = DAYS.iter().skip(days.first).take(days.last + 1 - days.first);
            week.extend(of_days.map(|(_, day)| opening(*day, span)));
        }
    }
    let overrides = written.overrides.into_iter().map(|other| {
        let all = other.open.iter().flat_map(|span| DAYS.iter().map(move |(_, day)| opening(*day, span)));
        Override { from: other.from, to: other.to.map_or(other.from, |day| day.0), week: all.collect() }
    });
    HoursOfOperation {
        name: written.name.unwrap_or_else(|| written.id.clone()),
        id: written.id,
        time_zone: written.time_zone,
        week,
        overrides: overrides.collect(),
        queues: written.queues,
    }
}

fn days(name: &str) -> Result<Days, String> {
    let place = |day: &str| {
        let day = day.trim().to_lowercase();
        DAYS.iter()
            .position(|(known, _)| *known == day)
            .ok_or_else(|| format!("\"{day}\" is no day: monday to sunday, a span such as monday-friday, or daily"))
    };
    let (first, last) = match name.split_once('-') {
        _ if name.eq_ignore_ascii_case("daily") => (0, DAYS.len() - 1),
        Some((first, last)) => (place(first)?, place(last)?),
        None => (place(name)?, place(name)?),
    };
    if first > last {
        return Err(format!("\"{name}\" runs backwards"));
    }
    Ok(Days { name: name.to_owned(), first, last })
}

fn span(text: &str) -> Result<Span, String> {
    let wrong = || format!("\"{text}\" is no span of time, such as 09:00-17:30");
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let minute = |text: &str| {
        let (hours, minutes) = text.trim().split_once(':')?;
        let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
        (hours <= 24 && minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some((hours * 60 + minutes) % (24 * 60))
    };
    Ok(Span { from_minute: minute(from).ok_or_else(wrong)?, to_minute: minute(to).ok_or_else(wrong)? })
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
            (json!({"id": " "}), "the id is empty"),
            (json!({"overrides": [{"from": "24.12.2026"}]}), "is no date, such as 2026-12-24"),
        ] {
            let mut hours = json!({"id": "h", "timeZone": "UTC", "open": {}});
            hours.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let error = serde_json::from_value::<HoursOfOperation>(hours).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
