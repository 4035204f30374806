//! The bot's own guardrail as one of Bedrock's, with a version that changes with it.

use relevo_agents::definition::offline::ByLanguage;
use serde_json::{Map, Value, json};

use super::{CONDITION, Obstacle, Source, names};
use crate::document::{parts::list, pascal};

const GUARDRAIL: &str = "AgentsGuardrail";
const VERSION: &str = "AgentsGuardrailVersion";
/// Kinds that Bedrock does not have; it takes them as a pattern.
const OURS: [&str; 4] = ["CL_RUT", "BR_CPF", "BR_CNPJ", "ES_DNI"];
/// Bedrock's limits of a topic.
const EXAMPLES: usize = 5;
const EXAMPLE_CHARS: usize = 100;
/// What is said where the definition has no words of its own.
const BLOCKED: &str = "Sorry, I cannot help with this.";

/// The guardrail's resources.
pub(super) struct Guardrail {
    /// Its logical id.
    pub(super) id: String,
    /// Its version's.
    pub(super) version: String,
    /// By logical id.
    pub(super) resources: Map<String, Value>,
    /// Of its text.
    pub(super) hash: String,
    /// What is different there.
    pub(super) notes: Vec<String>,
}

/// The guardrail of a definition that has one.
pub(super) fn resources(source: &Source, obstacles: &mut Vec<Obstacle>) -> Option<Guardrail> {
    let config = source.definition.guardrail.as_ref()?;
    let document = source.document.get("guardrail")?;
    check(document, &source.definition.agent.agent_name, obstacles);
    let language = source.definition.languages.first().map(String::as_str).unwrap_or_default();
    let message = |texts: &ByLanguage| {
        let text = texts.get(language).or_else(|| texts.values().next());
        json!(text.map_or(BLOCKED, |text| text.trim()))
    };
    // A stack's name may have 128 characters, a guardrail's 50: it is called by the last part of the stack's id, which is unique.
    let unique = json!({"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]});
    let mut properties = Map::from_iter([
        ("Name".to_owned(), json!({"Fn::Join": ["-", ["relevo", unique]]})),
        ("BlockedInputMessaging".to_owned(), message(&config.blocked_input_messaging)),
        ("BlockedOutputsMessaging".to_owned(), message(&config.blocked_outputs_messaging)),
    ]);
    if let Value::Object(policies) = pascal(document) {
        let policies = policies.into_iter().filter(|(key, value)| key.ends_with("PolicyConfig") && !value.is_null());
        properties.extend(policies.map(|(key, value)| (key, completed(value))));
    }
    let hash = names::hash(&json!(properties));
    let version = json!({
        "GuardrailIdentifier": {"Fn::GetAtt": [GUARDRAIL, "GuardrailId"]},
        "Description": hash,
    });
    let resources = Map::from_iter([
        (
            GUARDRAIL.to_owned(),
            json!({"Type": "AWS::Bedrock::Guardrail", "Condition": CONDITION, "Properties": properties}),
        ),
        (
            VERSION.to_owned(),
            json!({
                "Type": "AWS::Bedrock::GuardrailVersion",
                "Condition": CONDITION,
                "DeletionPolicy": "Delete",
                // Agents' versions that are still asked name the one before; it goes with its guardrail.
                "UpdateReplacePolicy": "Retain",
                "Properties": version,
            }),
        ),
    ]);
    let mut notes = Vec::new();
    if source.definition.languages.len() > 1 {
        notes.push(format!("guardrail: Bedrock has one message for all languages, here the one in `{language}`"));
    }
    Some(Guardrail { id: GUARDRAIL.into(), version: VERSION.into(), resources, hash, notes })
}

/// What Bedrock wants said and the definition has defaults for.
fn completed(mut policy: Value) -> Value {
    for filter in policy
        .get_mut("FiltersConfig")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        filter.entry("InputStrength").or_insert_with(|| json!("HIGH"));
        // Attacks are looked for in what the customer says.
        filter.insert("OutputStrength".into(), json!("NONE"));
    }
    for topic in policy
        .get_mut("TopicsConfig")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        topic.entry("Type").or_insert_with(|| json!("DENY"));
    }
    policy
}

fn check(document: &Value, supervisor: &str, obstacles: &mut Vec<Obstacle>) {
    let mut obstacle = |field: String, message: String| {
        obstacles.push(Obstacle {
            agent: supervisor.to_owned(),
            field: format!("guardrail.{field}"),
            message,
            adjustable: false,
        });
    };
    let items = |pointer: &str| document.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    for entity in items("/sensitiveInformationPolicyConfig/piiEntitiesConfig") {
        let kind = entity.get("type").and_then(Value::as_str).unwrap_or_default();
        if OURS.contains(&kind) {
            let field = "sensitiveInformationPolicyConfig.piiEntitiesConfig".to_owned();
            obstacle(field, format!("Bedrock does not know `{kind}`; write it as a pattern in `regexesConfig`"));
        }
    }
    for topic in items("/topicPolicyConfig/topicsConfig") {
        let name = topic.get("name").and_then(Value::as_str).unwrap_or_default();
        let field = || format!("topicPolicyConfig.topicsConfig.{name}");
        if topic.get("definition").and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
            obstacle(field(), "Bedrock needs a `definition`".into());
        }
        let examples: Vec<&str> = list(topic, "examples").filter_map(Value::as_str).collect();
        if examples.len() > EXAMPLES {
            obstacle(field(), format!("it has {} examples; Bedrock takes {EXAMPLES}", examples.len()));
        }
        if examples.iter().any(|example| example.chars().count() > EXAMPLE_CHARS) {
            obstacle(field(), format!("an example has more than {EXAMPLE_CHARS} characters"));
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || "-_ !?.".contains(c)) {
            obstacle(field(), "Bedrock takes letters, digits and `-_ !?.` in a name".into());
        }
    }
}
