//! The queues: the flow's own, those that the flow names beside it, and those that a person can transfer to.

use std::collections::BTreeMap;

use relevo_agents::definition::{Definition, FILE_NAME, Place, Problem, suggest};
use relevo_connect::{centre::QueueConfig, flow::Flow};

use super::identity::Identity;

/// All of them, the flow's own first. Queues that a flow names are called as its metadata says, else by their id (the first
/// one: `BasicQueue`); `names` of `bot.yaml` have only names, and get ids like the first queue's.
pub(super) fn queues(
    flow: &Flow,
    identity: &Identity,
    names: &[String],
    capacity: &BTreeMap<String, u32>,
    staffed: u32,
) -> (QueueConfig, Vec<QueueConfig>) {
    let id_of = |named: &str| named.rsplit('/').next().unwrap_or(named).to_owned();
    let own = flow.queues().find(|named| id_of(named) == identity.queue_id);
    let own = own.and_then(|named| flow.queue_name(named)).unwrap_or_else(|| "BasicQueue".into());
    let mut more: Vec<(String, String)> = Vec::new();
    for named in flow.named_queues() {
        let id = id_of(named);
        let known = id == identity.queue_id || more.iter().any(|(it, _)| *it == id);
        if !known && !id.contains(['$', ':']) {
            let is_free = |name: &String| *name != own && more.iter().all(|(_, taken)| taken != name);
            let name = flow.queue_name(named).filter(is_free).unwrap_or_else(|| id.clone());
            more.push((id, name));
        }
    }
    let stem = identity.queue_id.get(..identity.queue_id.len().saturating_sub(12)).unwrap_or_default();
    for (number, name) in names.iter().enumerate() {
        if *name != own && more.iter().all(|(_, taken)| taken != name) {
            more.push((format!("{stem}{:012}", 100 + number), name.clone()));
        }
    }
    let queue = |(id, name): (String, String)| {
        let capacity = capacity.get(&name).or_else(|| capacity.get(&id)).copied();
        QueueConfig { id, name, staffed_agents: staffed, capacity }
    };
    let first = queue((identity.queue_id.clone(), own));
    (first, more.into_iter().map(queue).collect())
}

/// All of them, as a bot's folder has them.
pub(super) fn of_bot<C>(definition: &Definition<C>, flow: &Flow) -> Vec<QueueConfig> {
    let desk = &definition.desk;
    let (first, more) = queues(flow, &Identity::of(flow), &desk.queues, &desk.queue_capacity, 0);
    std::iter::once(first).chain(more).collect()
}

/// Capacities of queues that there are.
pub(super) fn check<C>(definition: &Definition<C>, flow: &Flow, root: Place<'_>) -> Vec<Problem> {
    let queues = of_bot(definition, flow);
    let place = root.value("desk").value("queueCapacity");
    let unknown =
        definition.desk.queue_capacity.keys().filter(|key| !queues.iter().any(|it| it.name == **key || it.id == **key));
    let problem = |key: &String| {
        let hint = suggest(key, queues.iter().map(|queue| queue.name.as_str()));
        Problem::new(FILE_NAME, place.entry(key).spot(), format!("there is no queue `{key}`")).with_hint(hint)
    };
    unknown.map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_queue_has_its_own_capacity() {
        let flow = Flow::parse(
            r#"{"Version":"2019-10-30","StartAction":"target","Actions":[
                {"Identifier":"target","Type":"UpdateContactTargetQueue","Parameters":{"QueueId":"first"},
                 "Transitions":{"NextAction":"second","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
                {"Identifier":"second","Type":"UpdateContactTargetQueue","Parameters":{"QueueId":"second"},
                 "Transitions":{"NextAction":"end","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
                {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#,
        )
        .unwrap();
        let identity = Identity::of(&flow);
        let names = ["Claims".to_owned()];
        let capacity = |pairs: &[(&str, u32)]| pairs.iter().map(|(name, most)| ((*name).to_owned(), *most)).collect();
        let given = capacity(&[("BasicQueue", 5), ("second", 2)]);
        let (first, more) = queues(&flow, &identity, &names, &given, 1);
        let told: Vec<_> = std::iter::once(&first).chain(&more).map(|it| (it.name.as_str(), it.capacity)).collect();
        assert_eq!(told, [("BasicQueue", Some(5)), ("second", Some(2)), ("Claims", None)]);
        let known = queues(&flow, &identity, &["second".to_owned()], &capacity(&[]), 1).1;
        assert_eq!(known.len(), 1, "a queue that the flow has is not made again");
        let bot = include_str!("../../../../examples/envios/bot.yaml");
        let bot = format!("{bot}\ndesk:\n  queues: [Claims]\n  queueCapacity:\n    second: 1\n    Claim: 5\n");
        let problems = Definition::<relevo_bot::Policy>::parse_with(&bot, FILE_NAME, |it, root| check(it, &flow, root));
        let problems = problems.unwrap_err();
        let line = bot.lines().count();
        let said = format!("bot.yaml:{line}:5: there is no queue `Claim` (did you mean `Claims`?)");
        assert!(problems.len() == 1 && problems[0].to_string() == said, "{problems:?}");
    }

    #[test]
    fn queues_are_called_as_the_consoles_export_says() {
        let target = |identifier: &str, id: &str, next: &str| {
            format!(
                r#"{{"Identifier":"{identifier}","Type":"UpdateContactTargetQueue","Parameters":{{"QueueId":"{id}"}},
                 "Transitions":{{"NextAction":"{next}","Errors":[{{"NextAction":"end","ErrorType":"NoMatchingError"}}]}}}}"#
            )
        };
        let actions = [target("a", "one", "b"), target("b", "two", "c"), target("c", "three", "end")].join(",");
        let named = |name: &str| format!(r#"{{"parameters":{{"QueueId":{{"displayName":"{name}"}}}}}}"#);
        let flow = format!(
            r#"{{"Version":"2019-10-30","StartAction":"a","Metadata":{{"ActionMetadata":{{"a":{},"b":{},"c":{}}}}},
                "Actions":[{actions},{{"Identifier":"end","Type":"DisconnectParticipant","Parameters":{{}},"Transitions":{{}}}}]}}"#,
            named("Trips"),
            named("Known"),
            named("Trips"),
        );
        let flow = Flow::parse(&flow).unwrap();
        let (first, more) = queues(&flow, &Identity::of(&flow), &["Known".into()], &BTreeMap::new(), 1);
        let told: Vec<_> = std::iter::once(&first).chain(&more).map(|it| (it.id.as_str(), it.name.as_str())).collect();
        assert_eq!(told, [("one", "Trips"), ("two", "Known"), ("three", "three")], "a name is that of one queue");
    }
}
