//! `models:`: settings that a provider takes, and an order in which each is asked.

use super::{Check, Place, address::variable};
use crate::definition::{
    address::address_fault,
    agent::Agent,
    models::{BedrockChoice, InferenceConfiguration, ModelChoice, OpenAiChoice, RUNTIME_MS, timeouts, unguarded},
};

/// Bedrock's agents and OpenAI take so many.
const MOST_STOPS: usize = 4;

pub(super) fn check(check: &mut Check<'_>, models: Option<&[ModelChoice]>, agent: &Agent, place: Place<'_>) {
    guarded(check, models, agent, place);
    let Some(models) = models else { return };
    if models.is_empty() {
        check.hinted(place, "`models` is empty".into(), Some("`[offline]` needs nothing else".into()));
    }
    let together: u128 = timeouts(models).into_iter().flatten().map(|time| time.as_millis()).sum();
    if together >= u128::from(RUNTIME_MS) {
        let hint = Some(format!("the runtime waits {RUNTIME_MS} ms for all of them; shorten their timeoutMs"));
        check.hinted(place, format!("the models before the last may take {together} ms together"), hint);
    }
    for (index, choice) in models.iter().enumerate() {
        let entry = place.item(index);
        let settings = entry.value(choice.provider());
        match choice {
            ModelChoice::Bedrock(it) => bedrock(check, it, settings),
            ModelChoice::OpenAi(it) => openai(check, it, settings),
            ModelChoice::Offline if index + 1 < models.len() => {
                let hint = Some("make `offline` the last".to_owned());
                check.hinted(entry, "`offline` always answers: what stands after it is never asked".into(), hint);
            }
            ModelChoice::Offline => {}
        }
    }
}

fn bedrock(check: &mut Check<'_>, choice: &BedrockChoice, place: Place<'_>) {
    if let Some(id) = &choice.model_id {
        check.length(place.value("modelId"), "modelId", id.trim(), 1, 2_048);
    }
    inference(check, &choice.inference_configuration, place);
    times(check, choice.timeout_ms, choice.silence_ms, place);
}

fn openai(check: &mut Check<'_>, choice: &OpenAiChoice, place: Place<'_>) {
    check.length(place.value("model"), "model", choice.model.trim(), 1, 2_048);
    endpoint(check, (&choice.base_url, "/chat/completions"), choice.api_key_from.as_deref(), place);
    inference(check, &choice.inference_configuration, place);
    times(check, choice.timeout_ms, choice.silence_ms, place);
}

/// An endpoint, given by what stands before its path, and the variable of its key.
pub(super) fn endpoint(check: &mut Check<'_>, (address, path): (&str, &str), key_from: Option<&str>, place: Place<'_>) {
    let url = place.value("baseUrl");
    let plain = address.strip_prefix("http://");
    if plain.or_else(|| address.strip_prefix("https://")).is_none_or(|rest| rest.is_empty() || rest.starts_with('/')) {
        let hint = Some("such as `https://api.openai.com/v1` or `http://127.0.0.1:11434/v1`".to_owned());
        check.hinted(url, "baseUrl must begin with https:// or http:// and a host".into(), hint);
    } else if let Some(fault) = address_fault(address) {
        check.at(url, format!("baseUrl: {fault}"));
    } else if address.contains(path) {
        check.at(url, format!("baseUrl is what stands before `{path}`"));
    } else if let Some(rest) = plain
        && key_from.is_some()
        && !is_this_machine(rest)
    {
        check.at(url, "a key would go out unencrypted: baseUrl must begin with https:// here".into());
    }
    variable(check, "apiKeyFrom", key_from, place.value("apiKeyFrom"));
}

fn is_this_machine(rest: &str) -> bool {
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host == "::1" || (host.starts_with("127.") && host.split('.').count() == 4)
}

fn inference(check: &mut Check<'_>, inference: &InferenceConfiguration, place: Place<'_>) {
    let place = place.value("inferenceConfiguration");
    if inference.maximum_length == Some(0) {
        check.at(place.value("maximumLength"), "maximumLength is 0; it must be at least 1".into());
    }
    for (name, value) in [("temperature", inference.temperature), ("topP", inference.top_p)] {
        if let Some(value) = value
            && !(0.0..=1.0).contains(&value)
        {
            check.at(place.value(name), format!("{name} is {value}; it must be 0 to 1"));
        }
    }
    let stops = &inference.stop_sequences;
    if stops.len() > MOST_STOPS {
        let message = format!("{} stopSequences; there can be {MOST_STOPS}", stops.len());
        check.at(place.value("stopSequences"), message);
    }
    if let Some(index) = stops.iter().position(String::is_empty) {
        check.at(place.value("stopSequences").item(index), "a stop sequence is empty".into());
    }
}

fn times(check: &mut Check<'_>, timeout_ms: Option<u64>, silence_ms: u64, place: Place<'_>) {
    if let Some(timeout_ms) = timeout_ms
        && !(1_000..=RUNTIME_MS).contains(&timeout_ms)
    {
        let message = format!("timeoutMs is {timeout_ms}; it must be 1000 to {RUNTIME_MS}");
        check.at(place.value("timeoutMs"), message);
    }
    if !(500..=RUNTIME_MS).contains(&silence_ms) {
        let message = format!("silenceMs is {silence_ms}; it must be 500 to {RUNTIME_MS}");
        check.at(place.value("silenceMs"), message);
    }
}

/// No agent is answered for without its guardrail.
pub(super) fn guarded(check: &mut Check<'_>, models: Option<&[ModelChoice]>, agent: &Agent, place: Place<'_>) {
    if let Some(name) = models.and_then(|models| unguarded(agent, models)) {
        let message = format!(
            "`{name}` has a guardrailConfiguration, which only `bedrock` applies: `openai` in `models` would answer without it"
        );
        check.hinted(place, message, Some("take one of the two out".into()));
    }
}

/// An agent's `guardrailConfiguration`, by the lengths of Bedrock's request.
pub(super) fn guardrail(check: &mut Check<'_>, agent: &Agent, place: Place<'_>) {
    if let Some(guardrail) = &agent.guardrail_configuration {
        let place = place.value("guardrailConfiguration");
        let (id, version) = (guardrail.guardrail_identifier.trim(), guardrail.guardrail_version.trim());
        check.length(place.value("guardrailIdentifier"), "guardrailIdentifier", id, 1, 2_048);
        check.length(place.value("guardrailVersion"), "guardrailVersion", version, 1, 5);
    }
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;

    #[test]
    fn this_machine_by_its_names() {
        for here in ["localhost:11434/v1", "127.0.0.1/v1", "127.9.9.9:1", "[::1]:80/v1", "localhost"] {
            assert!(is_this_machine(here), "{here}");
        }
        for there in ["10.0.0.1/v1", "localhost.evil.example", "127.0.0.1.evil.example/v1", "example.com", ""] {
            assert!(!is_this_machine(there), "{there}");
        }
    }
}
