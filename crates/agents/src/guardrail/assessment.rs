//! What was found, in the shape of Bedrock's `GuardrailAssessment`.

use serde_json::{Map, Value, json};

use super::config::{Action, Pii};

/// Something that was found.
pub(super) enum Finding {
    /// A denied topic.
    Topic { name: String },
    /// A prompt attack.
    Attack,
    /// A word.
    Word { found: String },
    /// Something of a known kind.
    Pii { kind: Pii, found: String, action: Action },
    /// Something of the definition's own.
    Regex { name: String, pattern: String, found: String, action: Action },
}

/// The assessment of a text.
pub(super) fn of(findings: &[Finding]) -> Value {
    let (mut topics, mut filters, mut words, mut entities, mut regexes) = (vec![], vec![], vec![], vec![], vec![]);
    for finding in findings {
        match finding {
            Finding::Topic { name } => topics.push(json!({"name": name, "type": "DENY", "action": "BLOCKED"})),
            Finding::Attack => {
                filters.push(json!({"type": "PROMPT_ATTACK", "confidence": "HIGH", "action": "BLOCKED"}));
            }
            Finding::Word { found } => words.push(json!({"match": found, "action": "BLOCKED"})),
            Finding::Pii { kind, found, action } => {
                entities.push(json!({"type": kind.name(), "match": found, "action": name(*action)}));
            }
            Finding::Regex { name: regex, pattern, found, action } => {
                regexes.push(json!({"name": regex, "regex": pattern, "match": found, "action": name(*action)}));
            }
        }
    }
    let mut assessment = Map::new();
    let mut put = |policy: &str, value: Value| drop(assessment.insert(policy.to_owned(), value));
    if !topics.is_empty() {
        put("topicPolicy", json!({ "topics": topics }));
    }
    if !filters.is_empty() {
        put("contentPolicy", json!({ "filters": filters }));
    }
    if !words.is_empty() {
        put("wordPolicy", json!({ "customWords": words }));
    }
    if !entities.is_empty() || !regexes.is_empty() {
        put("sensitiveInformationPolicy", json!({"piiEntities": entities, "regexes": regexes}));
    }
    Value::Object(assessment)
}

fn name(action: Action) -> &'static str {
    match action {
        Action::Block => "BLOCKED",
        Action::Anonymize => "ANONYMIZED",
    }
}
