//! What the offline model is told: references, patterns, templates, languages.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Definition, Place, functions, parameters};
use crate::definition::templates::faults;

/// What each kind of template is given.
const OF_RESULT: [&str; 3] = ["result", "parameters", "language"];
const OF_QUESTION: [&str; 2] = ["missing", "language"];
const OF_PHRASE: [&str; 1] = ["language"];

pub(super) fn check<C>(check: &mut Check<'_>, definition: &Definition<C>, place: Place<'_>) {
    let languages = &definition.languages;
    let by_function = parameters(&definition.agent);
    for (name, function) in &definition.offline.functions {
        let entry = place.value("functions").entry(name);
        if check.unread.is_empty() && !by_function.contains_key(name.as_str()) {
            check.unknown(entry, "function", name, by_function.keys().copied());
        }
        let groups: BTreeSet<&str> = functions(&definition.agent)
            .into_iter()
            .filter(|(_, function)| function.is_called(name))
            .map(|(group, _)| group.action_group_name.as_str())
            .collect();
        if groups.len() > 1 {
            let groups = groups.into_iter().collect::<Vec<_>>().join(", ");
            check.at(entry, format!("`{name}` is ambiguous: several action groups have it ({groups})"));
        }
        let place = place.value("functions").value(name);
        by_language(check, languages, &function.examples, place.value("examples"));
        templates(check, languages, &function.ask, &OF_QUESTION, place.value("ask"));
        templates(check, languages, &function.say, &OF_RESULT, place.value("say"));
        for (before, examples) in &function.after {
            if check.unread.is_empty() && !by_function.contains_key(before.as_str()) {
                check.unknown(place.value("after").entry(before), "function", before, by_function.keys().copied());
            }
            by_language(check, languages, examples, place.value("after").value(before));
        }
    }
    let known: BTreeSet<&str> = by_function.values().flatten().copied().collect();
    for (name, parameter) in &definition.offline.parameters {
        let entry = place.value("parameters").entry(name);
        if check.unread.is_empty() && !known.contains(name.as_str()) {
            check.unknown(entry, "parameter", name, known.iter().copied());
        }
        let place = place.value("parameters").value(name);
        for (index, pattern) in parameter.patterns.iter().enumerate() {
            if let Err(error) = regex::Regex::new(pattern) {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                check.at(place.value("patterns").item(index), format!("not a regular expression: {reason}"));
            }
        }
        by_language(check, languages, &parameter.ask, place.value("ask"));
        by_language(check, languages, &parameter.label, place.value("label"));
        for (value, words) in &parameter.values {
            by_language(check, languages, words, place.value("values").value(value));
        }
    }
    for (index, smalltalk) in definition.offline.smalltalk.iter().enumerate() {
        let place = place.value("smalltalk").item(index);
        by_language(check, languages, &smalltalk.examples, place.value("examples"));
        templates(check, languages, &smalltalk.say, &OF_PHRASE, place.value("say"));
    }
    let offline = &definition.offline;
    templates(check, languages, &offline.ask, &OF_QUESTION, place.value("ask"));
    for (name, texts) in [
        ("clarify", &offline.clarify),
        ("retry", &offline.retry),
        ("failed", &offline.failed),
        ("notFound", &offline.not_found),
    ] {
        templates(check, languages, texts, &OF_PHRASE, place.value(name));
    }
}

fn by_language<T>(check: &mut Check<'_>, languages: &[String], texts: &BTreeMap<String, T>, place: Place<'_>) {
    for language in texts.keys().filter(|language| !languages.contains(language)) {
        let hint = Some(format!("`languages` has {}", languages.join(", ")));
        check.hinted(place.entry(language), format!("the bot does not speak `{language}`"), hint);
    }
}

fn templates(
    check: &mut Check<'_>,
    languages: &[String],
    texts: &BTreeMap<String, String>,
    variables: &[&str],
    place: Place<'_>,
) {
    by_language(check, languages, texts, place);
    for (language, template) in texts {
        for (message, hint) in faults(template, variables) {
            check.hinted(place.value(language), message, hint);
        }
    }
}
