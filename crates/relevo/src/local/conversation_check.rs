//! What neither room can check alone: the conversation's section against the agents and languages of its definition.

mod functions;

use relevo_agents::definition::{Definition, FILE_NAME, Place, Problem};
use relevo_bot::{Name, Policy, Words};

use functions::placeholders;
pub(super) use functions::warnings;

/// The longest name of a participant, in characters.
const MOST_OF_NAME: usize = 256;
/// Connect refuses a message of more (`Content` of `SendMessage`).
const PART_BYTES: std::ops::RangeInclusive<usize> = 256..=16_384;

/// Texts in every language of the bot and in no other, sensible limits, and functions that exist.
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
    match &policy.display_name {
        Name::ByLanguage(names) => {
            problems.extend(words_problems("displayName", names, &definition.languages, &place));
            let place = place.value("displayName");
            problems.extend(names.iter().filter_map(|(language, name)| name_problem(name, &place.value(language))));
        }
        Name::One(name) => problems.extend(name_problem(name, &place.value("displayName"))),
    }
    for (name, words) in [("confirm", &texts.confirm), ("goodbye", &texts.goodbye)] {
        if !words.is_empty() {
            problems.extend(words_problems(name, words, &definition.languages, &place.value("texts")));
        }
    }
    for (language, text) in &texts.confirm {
        let unknown = placeholders(text).into_iter().filter(|name| *name != "values");
        problems.extend(unknown.map(|name| {
            let at = place.value("texts").value("confirm").value(language).spot();
            let message = format!("nothing is filled in for `{{{name}}}`");
            let hint = "`{values}` stands for what it would be done with".to_owned();
            Problem::new(FILE_NAME, at, message).with_hint(Some(hint))
        }));
    }
    let handoff = place.value("handoff");
    for (at, phrases) in [
        (handoff.value("wishes"), &policy.handoff.wishes),
        (handoff.value("promises"), &policy.handoff.promises),
        (handoff.value("clarifications"), &policy.handoff.clarifications),
        (place.value("endCommands"), &policy.end_commands),
    ] {
        let foreign = phrases.keys().filter(|language| !definition.languages.contains(language));
        problems.extend(foreign.map(|language| unknown_language(language, &definition.languages, &at)));
        for (language, list) in phrases.iter().filter(|(_, list)| list.iter().any(|phrase| phrase.trim().is_empty())) {
            let message = format!("an empty phrase in `{language}` of {} would fit everything", list.len());
            problems.push(Problem::new(FILE_NAME, at.entry(language).spot(), message));
        }
    }
    problems.extend(limit_problems(policy, &place));
    problems.extend(functions::check(definition, &place));
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

/// Connect takes no participant with a longer one (`DisplayName` of `CreateParticipant`): the bot would not come in.
fn name_problem(name: &str, place: &Place<'_>) -> Option<Problem> {
    let length = name.trim().chars().count();
    let message = format!("displayName has {length} characters; it must have 1 to {MOST_OF_NAME}");
    (length > MOST_OF_NAME).then(|| Problem::new(FILE_NAME, place.spot(), message))
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
        (!PART_BYTES.contains(&limits.part_bytes), at.entry("partBytes"), "partBytes must be 256 to 16384"),
        (limits.agent_timeout_ms < 1_000, at.entry("agentTimeoutMs"), "agentTimeoutMs must be 1000 or more"),
        (
            limits.still_working_after_ms.iter().any(|after| *after < 1_000),
            at.entry("stillWorkingAfterMs"),
            "stillWorkingAfterMs must be 1000 or more, each",
        ),
        (limits.typing_every_ms < 1_000, at.entry("typingEveryMs"), "typingEveryMs must be 1000 or more"),
    ]
    .into_iter()
    .filter(|(wrong, ..)| *wrong)
    .map(|(_, place, message)| Problem::new(FILE_NAME, place.spot(), message))
    .collect()
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
            ("partBytes: 16384", "partBytes: 0", "partBytes must be 256 to 16384"),
            ("partBytes: 16384", "partBytes: 16385", "partBytes must be 256 to 16384"),
            ("agentTimeoutMs: 120000", "agentTimeoutMs: 0", "agentTimeoutMs must"),
            ("stillWorkingAfterMs: [15000, 60000]", "stillWorkingAfterMs: [0, 60000]", "stillWorkingAfterMs must"),
            ("typingEveryMs: 8000", "typingEveryMs: 5", "typingEveryMs must"),
            ("afterFailures: 2", "afterFailures: 0", "afterFailures must"),
        ] {
            let found = problems(from, to);
            assert!(found.len() == 1 && found[0].contains(said), "{to}: {found:?}");
        }
        let long = "A".repeat(257);
        for to in [format!("displayName: {long}"), format!("displayName: {{es: Asistente, en: {long}}}")] {
            let found = problems("displayName: {es: Asistente, en: Assistant}", &to);
            let said = "displayName has 257 characters; it must have 1 to 256";
            assert!(found.len() == 1 && found[0].contains(said), "{found:?}");
        }
        let found = problems("functions: [escalate]", "functions: []");
        assert!(found.len() == 1 && found[0].contains("known here: escalate"), "{found:?}");
    }

    #[test]
    fn what_is_optional_is_complete_where_it_is() {
        for (add, said) in [
            ("  endCommands: {pt: [sair]}", "does not speak `pt`"),
            ("  verifiedBy: [getOrderStatuz]", "no agent has the function `getOrderStatuz`"),
            ("  verifiedBy: [getTicket, escalate]", "`escalate` hands over to a person"),
            ("  endCommands: {es: ['']}", "an empty phrase in `es`"),
            ("  confirmations: {escalate: {es: ¿Seguro?}}", "is missing in `en`"),
            ("  confirmations: {escalat: {es: ¿Seguro?, en: Sure?}}", "`escalat`"),
            ("  confirmations: {escalate: {es: '¿{why}?', en: Sure?}}", "`{why}`"),
            ("  handlers: {refund: {lambda: {function: f}}}", "`refund`"),
            ("  handlers: {escalate: {lambda: {function: f}}}", "hands over"),
            ("  handlers: {escalate: {lambda: {function: ' '}}}", "names no Lambda function"),
            ("  handlers: {escalate: {http: {url: crm.example}}}", "must begin with https://"),
            ("  handlers: {escalate: {http: {url: 'https://'}}}", "the host must be written out"),
            (
                "  handlers: {escalate: {http: {url: 'https://crm.example', bearerFrom: sk-1}}}",
                "bearerFrom is not the name",
            ),
            ("  handlers: {escalate: {http: {url: 'https://crm.example', timeoutMs: 5}}}", "timeoutMs"),
        ] {
            let found = problems("conversation:", &format!("conversation:\n{add}"));
            assert!(found.len() == 1 && found[0].contains(said), "{add}: {found:?}");
        }
        assert_eq!(problems("conversation:", "conversation:\n  endCommands: {es: [salir], en: [quit]}"), [""; 0]);
    }

    #[test]
    fn every_text_is_there_in_every_language() {
        let found = problems("  texts:\n", "  texts:\n    confirm: {es: '¿{values}?', en: 'Sure {value}?'}\n");
        let said = "nothing is filled in for `{value}` (`{values}` stands for";
        assert!(found.len() == 1 && found[0].contains(said), "{found:?}");
        let found = problems("languages: [es, en]", "languages: [es, en, pt]");
        let missing = found.iter().filter(|problem| problem.contains("is missing in `pt`")).count();
        assert_eq!(missing, 7, "{found:?}");
    }
}
