//! Hours of operation: when a queue is open, in its own time zone, with days that are otherwise.

use jiff::{Timestamp, civil, tz::TimeZone};

/// When somebody is there.
#[derive(Debug, Clone)]
pub struct HoursOfOperation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its clock hangs.
    pub time_zone: TimeZone,
    /// The week.
    pub week: Vec<Opening>,
    /// Days on which the week does not count, the first that fits before the others.
    pub overrides: Vec<Override>,
    /// The queues, by id or ARN, whose hours these are; none: of every queue that has no hours of its own.
    pub queues: Vec<String>,
}

/// Open on a day of the week, in minutes after midnight. An end that is not after the beginning is on the next day: from 0 to 0 is the
/// whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The day.
    pub day: civil::Weekday,
    /// From here on.
    pub from_minute: u16,
    /// Before this.
    pub to_minute: u16,
}

/// Days that are otherwise.
#[derive(Debug, Clone)]
pub struct Override {
    /// The first of them.
    pub from: civil::Date,
    /// The last of them.
    pub to: civil::Date,
    /// When it is open then; never, where there is nothing.
    pub week: Vec<Opening>,
}

/// Minutes of a day.
const DAY: u32 = 24 * 60;

impl HoursOfOperation {
    /// Whether these are called so: id, name, or the end of an ARN.
    pub fn is(&self, id_or_arn: &str) -> bool {
        id_or_arn == self.id
            || id_or_arn == self.name
            || id_or_arn.rsplit_once("/operating-hours/").is_some_and(|(_, id)| id == self.id)
    }

    /// Whether somebody is there at this time, in ms since the epoch. Out of all calendars nobody is.
    pub fn is_open(&self, now_ms: i64) -> bool {
        let Ok(now) = Timestamp::from_millisecond(now_ms) else { return false };
        let now = now.to_zoned(self.time_zone.clone());
        let minute = u32::try_from(i32::from(now.hour()) * 60 + i32::from(now.minute())).unwrap_or_default();
        let yesterday = now.date().yesterday().unwrap_or(now.date());
        self.open_on(now.date(), minute) || self.open_on(yesterday, minute + DAY)
    }

    /// Whether a minute is within an opening of that day; minutes after the day's end are the next day's.
    fn open_on(&self, date: civil::Date, minute: u32) -> bool {
        let other = self.overrides.iter().find(|other| (other.from..=other.to).contains(&date));
        let week = other.map_or(&self.week, |other| &other.week);
        week.iter().filter(|opening| opening.day == date.weekday()).any(|opening| {
            let (from, to) = (u32::from(opening.from_minute), u32::from(opening.to_minute));
            (from..if to > from { to } else { to + DAY }).contains(&minute)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use civil::Weekday::*;

    fn madrid() -> HoursOfOperation {
        let opening = |day, from: u16, to: u16| Opening { day, from_minute: from * 60, to_minute: to * 60 };
        HoursOfOperation {
            id: "h".into(),
            name: "Office".into(),
            time_zone: TimeZone::get("Europe/Madrid").unwrap(),
            week: vec![opening(Monday, 9, 17), opening(Friday, 22, 2), opening(Sunday, 0, 0)],
            overrides: vec![
                Override { from: civil::date(2026, 12, 21), to: civil::date(2026, 12, 21), week: Vec::new() },
                Override {
                    from: civil::date(2026, 12, 28),
                    to: civil::date(2027, 1, 3),
                    week: vec![opening(Monday, 10, 11)],
                },
            ],
            queues: Vec::new(),
        }
    }

    #[test]
    fn open_and_closed() {
        for (time, open) in [
            // Madrid is an hour ahead in winter, two in summer.
            ("2026-12-14T08:00:00Z", true),
            ("2026-12-14T07:59:59Z", false),
            ("2026-12-14T15:59:59Z", true),
            ("2026-12-14T16:00:00Z", false),
            ("2026-07-13T07:00:00Z", true),
            ("2026-07-13T15:00:00Z", false),
            // Over midnight.
            ("2026-12-18T21:00:00Z", true),
            ("2026-12-19T00:59:00Z", true),
            ("2026-12-19T01:00:00Z", false),
            // All of Sunday.
            ("2026-12-19T23:00:00Z", true),
            ("2026-12-20T22:59:00Z", true),
            ("2026-12-20T23:00:00Z", false),
            // A day off, and a week with other hours.
            ("2026-12-21T10:00:00Z", false),
            ("2026-12-28T09:30:00Z", true),
            ("2026-12-28T11:30:00Z", false),
            ("2027-01-04T11:30:00Z", true),
        ] {
            let at: Timestamp = time.parse().unwrap();
            assert_eq!(madrid().is_open(at.as_millisecond()), open, "{time}");
        }
    }

    #[test]
    fn names() {
        let arn = "arn:aws:connect:r:1:instance/i/operating-hours/h";
        assert!(madrid().is("h") && madrid().is("Office") && madrid().is(arn) && !madrid().is("x"));
    }
}
