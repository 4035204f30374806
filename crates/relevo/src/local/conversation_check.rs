//! What neither room can check alone: the conversation's section against the agents and languages of its definition.

use relevo_agents::definition::{
    Definition, FILE_NAME, Place, Problem,
    agent::{ActionGroup, ActionGroupExecutor, Agent, Function, RequireConfirmation},
    suggest,
};
use relevo_bot::{Name, Policy, Words};

/// Texts in every language of the bot and in no other, and hand-off functions that exist and return control.
pub(super) fn check(definition: &Definition<Policy>, root: Place<'_>) -> Vec<Problem> {
    let policy = &definition.conversation;
    let place = root.value("conversation");
    let texts = &policy.texts;
    let mut problems = Vec::new();
    for (name, words) in [
        ("greeting", &texts.greeting),
        ("handoff", &texts.handoff),
        ("stillWorking", &texts.still_working),
        ("failure", &texts.failure),
        ("failureHandoff", &texts.failure_handoff),
        ("unsupported", &texts.unsupported),
    ] {
        problems.extend(words_problems(name, words, &definition.languages, &place.value("texts")));
    }
    if let Name::ByLanguage(names) = &policy.display_name {
        problems.extend(words_problems("displayName", names, &definition.languages, &place));
    }
    let wishes = place.value("handoff").value("wishes");
    for language in policy.handoff.wishes.keys().filter(|language| !definition.languages.contains(language)) {
        problems.push(unknown_language(language, &definition.languages, &wishes));
    }
    problems.extend(limit_problems(policy, &place));
    let returning = returning_functions(&definition.agent);
    if policy.handoff.functions.is_empty() {
        let at = place.value("handoff").entry("functions").spot();
        let hint = suggest("", returning.iter().copied());
        problems.push(Problem::new(FILE_NAME, at, "no function hands the customer over to a person").with_hint(hint));
    }
    for (index, function) in policy.handoff.functions.iter().enumerate() {
        if !returning.contains(&function.as_str()) {
            let at = place.value("handoff").value("functions").item(index).spot();
            let message = format!("no action group with `customControl: RETURN_CONTROL` has the function `{function}`");
            let hint = suggest(function, returning.iter().copied());
            problems.push(Problem::new(FILE_NAME, at, message).with_hint(hint));
        }
    }
    problems
}

fn words_problems(name: &str, words: &Words, languages: &[String], texts: &Place<'_>) -> Vec<Problem> {
    let place = texts.value(name);
    let foreign = words.keys().filter(|language| !languages.contains(language));
    let mut problems: Vec<Problem> = foreign.map(|language| unknown_language(language, languages, &place)).collect();
    for language in languages {
        if words.get(language).is_none_or(|text| text.trim().is_empty()) {
            let hint = format!("`languages` has {}: each needs its text", languages.join(", "));
            let message = format!("the text `{name}` is missing in `{language}`");
            problems.push(Problem::new(FILE_NAME, texts.entry(name).spot(), message).with_hint(Some(hint)));
        }
    }
    problems
}

fn unknown_language(language: &str, languages: &[String], place: &Place<'_>) -> Problem {
    let hint = format!("`languages` has {}", languages.join(", "));
    let message = format!("the bot does not speak `{language}`");
    Problem::new(FILE_NAME, place.entry(language).spot(), message).with_hint(Some(hint))
}

/// Values that would make the bot mute, or a nuisance.
fn limit_problems(policy: &Policy, place: &Place<'_>) -> Vec<Problem> {
    let limits = &policy.limits;
    let (handoff, at) = (place.value("handoff"), place.value("limits"));
    let blank = matches!(&policy.display_name, Name::One(name) if name.trim().is_empty());
    [
        (blank, place.entry("displayName"), "displayName must have a letter at least"),
        (policy.handoff.after_failures == 0, handoff.entry("afterFailures"), "afterFailures must be 1 or more"),
        (limits.part_bytes < 256, at.entry("partBytes"), "partBytes must be 256 or more"),
        (limits.agent_timeout_ms < 1_000, at.entry("agentTimeoutMs"), "agentTimeoutMs must be 1000 or more"),
        (limits.typing_every_ms < 1_000, at.entry("typingEveryMs"), "typingEveryMs must be 1000 or more"),
    ]
    .into_iter()
    .filter(|(wrong, ..)| *wrong)
    .map(|(_, place, message)| Problem::new(FILE_NAME, place.spot(), message))
    .collect()
}

/// What is understood but does not do in a chat yet what its author may expect.
pub(super) fn warnings(definition: &Definition<Policy>) -> Vec<String> {
    let handoffs = &definition.conversation.handoff.functions;
    let returning = returning_functions(&definition.agent).into_iter();
    let unexecuted = returning.filter(|name| !handoffs.iter().any(|handoff| handoff == name)).map(|name| {
        format!(
            "{FILE_NAME}: the return-control function `{name}` is no hand-off: nobody executes it in a chat yet, and the \
             agent is told that it is not available"
        )
    });
    let functions = all_functions(&definition.agent).into_iter().map(|(_, function)| function);
    let confirmed = functions.filter(|function| function.require_confirmation == RequireConfirmation::Enabled);
    let confirmed = confirmed.map(|function| {
        format!(
            "{FILE_NAME}: `{}` requires confirmation: in a chat the customer cannot be asked for it yet, and it is denied",
            function.name
        )
    });
    unexecuted.chain(confirmed).collect()
}

fn returning_functions(agent: &Agent) -> Vec<&str> {
    let returns =
        |group: &ActionGroup| matches!(group.action_group_executor, Some(ActionGroupExecutor::CustomControl(_)));
    all_functions(agent).into_iter().filter(|(group, _)| returns(group)).map(|(_, f)| f.name.as_str()).collect()
}

fn all_functions(agent: &Agent) -> Vec<(&ActionGroup, &Function)> {
    let own = agent.action_groups.iter().flat_map(|group| {
        group.function_schema.iter().flat_map(|schema| &schema.functions).map(move |function| (group, function))
    });
    own.chain(agent.collaborators.iter().flat_map(all_functions)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOT: &str = include_str!("../../../../examples/envios/bot.yaml");

    fn problems(from: &str, to: &str) -> Vec<String> {
        assert!(BOT.contains(from), "{from}");
        let text = BOT.replacen(from, to, 1);
        match Definition::<Policy>::parse_with(&text, FILE_NAME, check) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn the_example_has_none() {
        assert_eq!(problems("languages", "languages"), [""; 0]);
    }

    #[test]
    fn a_handoff_function_that_is_none_is_named_with_its_like() {
        let found = problems("functions: [escalate]", "functions: [esclate]");
        assert!(found.len() == 1 && found[0].contains("esclate") && found[0].contains("`escalate`"), "{found:?}");
        let found = problems("functions: [escalate]", "functions: [getTicket]");
        assert!(found.len() == 1 && found[0].contains("RETURN_CONTROL"), "{found:?}");
    }

    #[test]
    fn a_bot_that_could_not_speak_or_hand_over_is_refused() {
        for (from, to, said) in [
            ("displayName: {es: Asistente, en: Assistant}", "displayName: ' '", "displayName must"),
            ("partBytes: 16384", "partBytes: 0", "partBytes must"),
            ("agentTimeoutMs: 120000", "agentTimeoutMs: 0", "agentTimeoutMs must"),
            ("typingEveryMs: 8000", "typingEveryMs: 5", "typingEveryMs must"),
            ("afterFailures: 2", "afterFailures: 0", "afterFailures must"),
        ] {
            let found = problems(from, to);
            assert!(found.len() == 1 && found[0].contains(said), "{to}: {found:?}");
        }
        let found = problems("functions: [escalate]", "functions: []");
        assert!(found.len() == 1 && found[0].contains("known here: escalate"), "{found:?}");
    }

    #[test]
    fn what_a_chat_cannot_do_yet_is_said() {
        let text = BOT.replacen("functions: [escalate]", "functions: [other]", 1);
        let definition = Definition::<Policy>::parse(&text, FILE_NAME).unwrap();
        let said = warnings(&definition);
        assert!(said.len() == 1 && said[0].contains("`escalate`"), "{said:?}");
        assert!(warnings(&Definition::parse(BOT, FILE_NAME).unwrap()).is_empty());
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        let found = problems("languages: [es, en]", "languages: [es, en, pt]");
        let missing = found.iter().filter(|problem| problem.contains("is missing in `pt`")).count();
        assert_eq!(missing, 7, "{found:?}");
    }
}
