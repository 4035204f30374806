//! `hours.yaml` in a bot's folder: the hours of operation that its flow asks for.

use std::path::Path;

use relevo_agents::definition::{Place, Problem, Spot, read_as, suggest};
use relevo_connect::centre::{HoursOfOperation, QueueConfig};

pub(super) const FILE_NAME: &str = "hours.yaml";

/// The folder's hours; none where there is no such file. `queues`: those that there are, where that is known.
///
/// # Errors
/// Everything that is wrong with the file.
pub(super) fn read(folder: &Path, queues: Option<&[QueueConfig]>) -> Result<Vec<HoursOfOperation>, Vec<Problem>> {
    let file = folder.join(FILE_NAME);
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&file)
        .map_err(|error| vec![Problem::new(FILE_NAME, Spot::START, format!("cannot be read: {error}"))])?;
    parse(&text, queues)
}

fn parse(text: &str, queues: Option<&[QueueConfig]>) -> Result<Vec<HoursOfOperation>, Vec<Problem>> {
    read_as(text, FILE_NAME, |hours: &Vec<HoursOfOperation>, root| {
        let mut problems = Vec::new();
        for (index, own) in hours.iter().enumerate() {
            let place = root.item(index);
            if hours.iter().take(index).any(|before| before.id == own.id) {
                let message = format!("other hours also have the id `{}`", own.id);
                problems.push(Problem::new(FILE_NAME, place.value("id").spot(), message));
            }
            problems.extend(backwards(own, place.value("overrides")));
            problems.extend(queues.into_iter().flat_map(|known| unknown_queues(own, known, place.value("queues"))));
        }
        problems
    })
}

/// Days that are none, because they end before they begin.
fn backwards(hours: &HoursOfOperation, place: Place<'_>) -> Vec<Problem> {
    let backwards = hours.overrides.iter().enumerate().filter(|(_, days)| days.to < days.from);
    let problem = |(index, _)| Problem::new(FILE_NAME, place.item(index).value("to").spot(), "`to` is before `from`");
    backwards.map(problem).collect()
}

/// Hours name queues by id or ARN.
fn unknown_queues(hours: &HoursOfOperation, known: &[QueueConfig], place: Place<'_>) -> Vec<Problem> {
    let is = |queue: &&QueueConfig, named: &str| named.rsplit('/').next() == Some(queue.id.as_str());
    let unknown = hours.queues.iter().enumerate().filter(|(_, named)| !known.iter().any(|it| is(&it, named)));
    let problem = |(index, named): (usize, &String)| {
        let hint = match known.iter().find(|queue| queue.name == *named) {
            Some(queue) => Some(format!("its id is `{}`", queue.id)),
            None => suggest(named, known.iter().map(|queue| queue.id.as_str())),
        };
        Problem::new(FILE_NAME, place.item(index).spot(), format!("there is no queue `{named}`")).with_hint(hint)
    };
    unknown.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let queue =
            |id: &str, name: &str| QueueConfig { id: id.into(), name: name.into(), staffed_agents: 1, capacity: None };
        let queues = [queue("q-1", "Support"), queue("q-2", "Claims")];
        let found = parse(text, Some(&queues)).err().into_iter().flatten();
        found.map(|problem| problem.to_string()).collect()
    }

    #[test]
    fn each_fault_is_told_at_its_own_line() {
        let good = "\
- id: office
  timeZone: Europe/Madrid
  open:
    monday-friday: [\"09:00-17:00\"]
  overrides:
    - {from: 2026-12-24, to: 2026-12-26}
  queues: [q-1, 'arn:aws:connect:us-east-1:1:instance/i/queue/q-2']
- id: night
  timeZone: UTC
  open: {}
";
        assert_eq!(problems(good), [""; 0]);
        for (from, to, said) in [
            ("Europe/Madrid", "Europe/Nowhere", "hours.yaml:2:13: there is no time zone \"Europe/Nowhere\" (such as"),
            ("monday-friday", "moonday", "hours.yaml:4:5: \"moonday\" is no day: monday to sunday"),
            ("09:00-17:00", "25:00-26:00", "hours.yaml:4:21: \"25:00-26:00\" is no span of time, such as 09:00-17:30"),
            ("from: 2026-12-24", "from: 24.12.26", "hours.yaml:6:14: \"24.12.26\" is no date, such as 2026-12-24"),
            ("to: 2026-12-26", "to: 2026-12-20", "hours.yaml:6:30: `to` is before `from`"),
            ("id: night", "id: office", "hours.yaml:8:7: other hours also have the id `office`"),
            ("[q-1,", "[nope,", "hours.yaml:7:12: there is no queue `nope` (known here: q-1, q-2)"),
            ("[q-1,", "[Support,", "hours.yaml:7:12: there is no queue `Support` (its id is `q-1`)"),
            ("timeZone: UTC", "timezone: UTC", "hours.yaml:9:3: unknown key `timezone` (did you mean `timeZone`?)"),
        ] {
            let found = problems(&good.replacen(from, to, 1));
            assert!(found.len() == 1 && found[0].starts_with(said), "{to}: {found:?}");
        }
        let found = problems(&good.replacen("Europe/Madrid", "Nowhere", 1).replacen("monday-friday", "moonday", 1));
        assert_eq!(found.len(), 2, "all at once: {found:?}");
        let found = problems("id: office\n");
        assert!(found[0].starts_with("hours.yaml:1:1: expected a list here, found a mapping"), "{found:?}");
    }
}
