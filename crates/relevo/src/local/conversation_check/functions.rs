//! The functions that the conversation's section names: hand-offs, handlers, confirmations.

use relevo_agents::definition::{
    Definition, FILE_NAME, Place, Problem, address_fault,
    agent::{ActionGroup, ActionGroupExecutor, Agent, Function},
    suggest, variable_fault,
};
use relevo_bot::{Policy, Words, handlers::Handler};

use super::words_problems;

/// A handler that has less time could not even be called.
const LEAST_TIMEOUT_MS: u64 = 100;

/// Functions that exist, return control where the bot is to act on them, and have a usable handler.
pub(super) fn check(definition: &Definition<Policy>, place: &Place<'_>) -> Vec<Problem> {
    let policy = &definition.conversation;
    let mut problems = handoffs(policy, &returning(&definition.agent), place);
    let at = place.value("handlers");
    for (name, handler) in &policy.handlers {
        problems.extend(handler_problems(definition, name, handler, &at));
    }
    let at = place.value("confirmations");
    for (name, words) in &policy.confirmations {
        problems.extend(confirmation_problems(definition, name, words, &at));
    }
    problems.extend(verifying_problems(definition, place));
    problems
}

/// Whoever takes over relies on it: a name that is no function would say "not verified" for ever.
fn verifying_problems(definition: &Definition<Policy>, place: &Place<'_>) -> Vec<Problem> {
    let policy = &definition.conversation;
    let functions = || all(&definition.agent).into_iter().map(|(_, function)| function);
    let at = place.value("verifiedBy");
    let checked = policy.verified_by.iter().enumerate().filter_map(|(index, name)| {
        let message = if !functions().any(|function| function.name == *name) {
            format!("no agent has the function `{name}`")
        } else if policy.handoff.functions.contains(name) {
            format!("`{name}` hands over to a person: it verifies nobody")
        } else {
            return None;
        };
        let known: Vec<&Function> = functions().collect();
        Some(Problem::new(FILE_NAME, at.item(index).spot(), message).with_hint(meant(name, known.into_iter())))
    });
    checked.collect()
}

/// What is understood but does not do in a chat what its author may expect.
pub(in crate::local) fn warnings(definition: &Definition<Policy>, root: Place<'_>) -> Vec<Problem> {
    let policy = &definition.conversation;
    let mut placed = Vec::new();
    places(&definition.agent, root.value("agent"), &mut placed);
    let unexecuted = placed.into_iter().filter(|(group, function, _)| {
        returns(group)
            && !policy.handoff.functions.contains(&function.name)
            && !policy.handlers.contains_key(&full_name(group, function))
            && !policy.handlers.contains_key(&function.name)
    });
    let warning = |(group, function, place): (&ActionGroup, &Function, Place<'_>)| {
        let message = format!(
            "the return-control function `{}` is no hand-off and has no handler in `conversation.handlers`: the agent is told \
             that it is not available",
            function.name
        );
        let handler = "{http: {url: …}}";
        let hint = format!("such as `handlers: {{{}: {handler}}}`", full_name(group, function));
        Problem::new(FILE_NAME, place.spot(), message).with_hint(Some(hint))
    };
    unexecuted.map(warning).collect()
}

/// Every function of an agent and its collaborators, with where it is called so; an operation's is its schema.
fn places<'d, 'n>(agent: &'d Agent, place: Place<'n>, all: &mut Vec<(&'d ActionGroup, &'d Function, Place<'n>)>) {
    for (index, group) in agent.action_groups.iter().enumerate() {
        let place = place.value("actionGroups").item(index);
        let list = place.value("functionSchema").value("functions");
        let declared = group.function_schema.iter().flat_map(|schema| &schema.functions).enumerate();
        all.extend(declared.map(|(index, function)| (group, function, list.item(index).value("name"))));
        all.extend(group.operations.iter().map(|function| (group, function, place.entry("apiSchema"))));
    }
    for (index, collaborator) in agent.collaborators.iter().enumerate() {
        places(collaborator, place.value("collaborators").item(index), all);
    }
}

fn handoffs(policy: &Policy, returning: &[(&ActionGroup, &Function)], place: &Place<'_>) -> Vec<Problem> {
    let functions = || returning.iter().map(|(_, function)| *function);
    let names = || functions().map(|function| function.name.as_str());
    let mut problems = Vec::new();
    if policy.handoff.functions.is_empty() {
        let at = place.value("handoff").entry("functions").spot();
        let problem = Problem::new(FILE_NAME, at, "no function hands the customer over to a person");
        problems.push(problem.with_hint(suggest("", names())));
    }
    for (index, function) in policy.handoff.functions.iter().enumerate() {
        if !names().any(|name| name == function) {
            let at = place.value("handoff").value("functions").item(index).spot();
            problems.push(Problem::new(FILE_NAME, at, none_returns(function)).with_hint(meant(function, functions())));
        }
    }
    problems
}

fn none_returns(function: &str) -> String {
    format!("no action group with `customControl: RETURN_CONTROL` has the function `{function}`")
}

fn handler_problems(
    definition: &Definition<Policy>,
    name: &str,
    handler: &Handler,
    handlers: &Place<'_>,
) -> Option<Problem> {
    let returning = returning(&definition.agent);
    let Some((_, function)) =
        returning.iter().find(|(group, function)| function.name == name || full_name(group, function) == name)
    else {
        let hint = meant(name, returning.iter().map(|(_, function)| *function));
        return Some(Problem::new(FILE_NAME, handlers.entry(name).spot(), none_returns(name)).with_hint(hint));
    };
    let message = match handler {
        Handler::Lambda(it) if it.function.trim().is_empty() => {
            format!("the handler `{name}` names no Lambda function")
        }
        Handler::Http(it) if address_fault(&it.url).is_some() => {
            format!("the url of the handler `{name}`: {}", address_fault(&it.url).unwrap_or_default())
        }
        Handler::Http(it) if it.bearer_from.as_deref().and_then(variable_fault).is_some() => {
            format!("bearerFrom is not the name of an environment variable, in the handler `{name}`")
        }
        _ if handler.timeout_ms() < LEAST_TIMEOUT_MS => {
            format!("timeoutMs of the handler `{name}` must be {LEAST_TIMEOUT_MS} or more")
        }
        _ if definition.conversation.handoff.functions.contains(&function.name) => {
            format!("`{name}` hands over to a person: no handler is called for it")
        }
        _ => return None,
    };
    Some(Problem::new(FILE_NAME, handlers.entry(name).spot(), message))
}

/// Words in every language, for a function that there is, with its own parameters.
fn confirmation_problems(
    definition: &Definition<Policy>,
    name: &str,
    words: &Words,
    confirmations: &Place<'_>,
) -> Vec<Problem> {
    let functions = all(&definition.agent);
    let spot = || confirmations.entry(name).spot();
    let Some((_, function)) = functions.iter().find(|(_, function)| function.name == name) else {
        let hint = meant(name, functions.iter().map(|(_, function)| *function));
        return vec![Problem::new(FILE_NAME, spot(), format!("no agent has the function `{name}`")).with_hint(hint)];
    };
    let mut problems = words_problems(name, words, &definition.languages, confirmations);
    for parameter in words.values().flat_map(|text| placeholders(text)) {
        if !function.parameters.contains_key(parameter) {
            let message = format!("`{name}` has no parameter for the placeholder `{{{parameter}}}`");
            let hint = suggest(parameter, function.parameters.keys().map(String::as_str));
            problems.push(Problem::new(FILE_NAME, spot(), message).with_hint(hint));
        }
    }
    problems
}

/// Which function was meant. The conversation calls an operation `METHOD /path`, as an agent of Bedrock does.
fn meant<'f>(name: &str, functions: impl Iterator<Item = &'f Function> + Clone) -> Option<String> {
    let operation = functions.clone().find(|function| function.is_called(name));
    match operation {
        Some(operation) => Some(format!("here it is called `{}`", operation.name)),
        None => suggest(name, functions.map(|function| function.name.as_str())),
    }
}

/// What stands between braces.
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn full_name(group: &ActionGroup, function: &Function) -> String {
    format!("{}.{}", group.action_group_name, function.name)
}

/// The functions that control is returned for.
fn returning(agent: &Agent) -> Vec<(&ActionGroup, &Function)> {
    all(agent).into_iter().filter(|(group, _)| returns(group)).collect()
}

fn returns(group: &ActionGroup) -> bool {
    matches!(group.action_group_executor, Some(ActionGroupExecutor::CustomControl(_)))
}

fn all(agent: &Agent) -> Vec<(&ActionGroup, &Function)> {
    let own = agent.action_groups.iter().flat_map(|group| group.functions().map(move |function| (group, function)));
    own.chain(agent.collaborators.iter().flat_map(all)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: &str = include_str!("../../../../../examples/envios/bot.yaml");

    /// The example with these lines more in its section and another hand-off function.
    fn said(lines: &str) -> Vec<String> {
        let text = BOT.replacen("functions: [escalate]", "functions: [other]", 1);
        let text = text.replacen("conversation:\n", &format!("conversation:\n{lines}"), 1);
        warned(&text)
    }

    fn warned(text: &str) -> Vec<String> {
        let mut said = Vec::new();
        let definition = Definition::<Policy>::parse_with(text, FILE_NAME, |definition, root| {
            said = warnings(definition, root).iter().map(ToString::to_string).collect();
            Vec::new()
        });
        definition.unwrap();
        said
    }

    #[test]
    fn an_operation_is_called_by_method_and_path() {
        let api = r#"{"openapi": "3.0.0", "paths": {"/people": {"post": {"operationId": "callPerson"}}}}"#;
        let group = format!(
            "        - actionGroupName: People\n          actionGroupExecutor: {{customControl: RETURN_CONTROL}}\n          \
             apiSchema: {{payload: '{api}'}}\n        - actionGroupName: UserInputAction"
        );
        let said = |name: &str| {
            let text = BOT.replacen("        - actionGroupName: UserInputAction", &group, 1);
            let text = text.replacen("functions: [escalate]", &format!("functions: [escalate, '{name}']"), 1);
            let check =
                |definition: &Definition<Policy>, place: Place<'_>| check(definition, &place.value("conversation"));
            match Definition::<Policy>::parse_with(&text, FILE_NAME, check) {
                Ok(_) => Vec::new(),
                Err(problems) => problems.iter().map(ToString::to_string).collect(),
            }
        };
        assert_eq!(said("POST /people"), Vec::<String>::new());
        let hinted = said("callPerson");
        assert!(hinted.len() == 1 && hinted[0].contains("here it is called `POST /people`"), "{hinted:?}");
    }

    #[test]
    fn a_function_that_nobody_executes_is_said() {
        let nobody = said("");
        let line = BOT.lines().position(|line| line.trim() == "- name: escalate").unwrap() + 1;
        assert!(nobody.len() == 1 && nobody[0].contains("`escalate`"), "{nobody:?}");
        assert!(nobody[0].starts_with(&format!("bot.yaml:{line}:")), "at the function: {nobody:?}");
        assert!(said("  handlers: {escalate: {http: {url: 'https://crm.example/escalate'}}}\n").is_empty());
        assert!(warned(BOT).is_empty());
    }
}
