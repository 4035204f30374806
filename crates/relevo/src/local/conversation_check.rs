//! What neither room can check alone: the conversation's section against the agents and languages of its definition.

use relevo_agents::definition::{
    Definition, FILE_NAME, Place, Problem,
    agent::{ActionGroupExecutor, Agent},
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
    let mut returning = Vec::new();
    returns_control(&definition.agent, &mut returning);
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

fn returns_control<'a>(agent: &'a Agent, functions: &mut Vec<&'a str>) {
    for group in &agent.action_groups {
        if matches!(group.action_group_executor, Some(ActionGroupExecutor::CustomControl(_))) {
            functions.extend(group.function_schema.iter().flat_map(|s| &s.functions).map(|f| f.name.as_str()));
        }
    }
    for collaborator in &agent.collaborators {
        returns_control(collaborator, functions);
    }
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
    fn every_text_is_there_in_every_language() {
        let found = problems("languages: [es, en]", "languages: [es, en, pt]");
        let missing = found.iter().filter(|problem| problem.contains("is missing in `pt`")).count();
        assert_eq!(missing, 7, "{found:?}");
    }
}
