//! Guardrails that can find something.

use super::{Check, Place};
use crate::guardrail::config::GuardrailConfig;

pub(super) fn check(check: &mut Check<'_>, guardrail: &GuardrailConfig, place: Place<'_>) {
    for (name, messages) in [
        ("blockedInputMessaging", &guardrail.blocked_input_messaging),
        ("blockedOutputsMessaging", &guardrail.blocked_outputs_messaging),
    ] {
        for (language, text) in messages {
            check.length(place.value(name).value(language), name, text.trim(), 1, 500);
        }
    }
    let topics = place.value("topicPolicyConfig").value("topicsConfig");
    for (index, topic) in guardrail.topic_policy_config.topics_config.iter().enumerate() {
        let place = topics.item(index);
        check.length(place.value("name"), "name", topic.name.trim(), 1, 100);
        if topic.examples.iter().all(|example| example.trim().is_empty()) {
            let message = format!("the topic `{}` has no examples", topic.name);
            let hint = "a topic is found by the words of its examples; the definition is for people".to_owned();
            check.hinted(place, message, Some(hint));
        }
    }
    let regexes = place.value("sensitiveInformationPolicyConfig").value("regexesConfig");
    for (index, regex) in guardrail.sensitive_information_policy_config.regexes_config.iter().enumerate() {
        check.length(regexes.item(index).value("name"), "name", regex.name.trim(), 1, 100);
    }
}
