//! A guardrail of a template as the bot's own: what words and patterns can keep of it.

use relevo_agents::guardrail::config::{ContentFilter, PiiEntity, RegexEntity, Topic, Word};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{Note, note, resolve::resolved, sources::Named, template};
use crate::document::{camel, template as resources};

/// `Type` of a guardrail.
const RESOURCE: &str = "AWS::Bedrock::Guardrail";

/// The guardrail that an agent of a template refers to, with the template's file: its properties, as the API has them.
pub(super) fn referred(templates: &[Named<Value>]) -> Option<Named<Value>> {
    templates.iter().find_map(|Named { file, it }| {
        let all = template::resources(it);
        let id = resources::of_type(all, resources::AGENT).find_map(|(_, agent)| {
            let id = resources::referred(agent.pointer("/GuardrailConfiguration/GuardrailIdentifier")?)?;
            all.contains_key(id).then_some(id)
        })?;
        let properties = resources::of_type(all, RESOURCE).find(|(own, _)| *own == id)?.1;
        Some(Named { file: file.clone(), it: camel(&resolved(properties, it)) })
    })
}

/// `guardrail:` in `bot.yaml`.
pub(super) fn own(found: &Named<Value>, language: &str, notes: &mut Vec<Note>) -> Value {
    let mut whole = Map::new();
    for key in ["blockedInputMessaging", "blockedOutputsMessaging"] {
        if let Some(Value::String(text)) = found.it.get(key) {
            whole.insert(key.into(), json!({language: text}));
        }
    }
    let mut keep = Keep { found, whole: &mut whole, notes };
    keep.list::<Topic>(
        "topicPolicyConfig",
        "topicsConfig",
        &["name", "definition", "examples", "type"],
        "it is found by the words of examples",
    );
    keep.list::<Word>("wordPolicyConfig", "wordsConfig", &["text"], "it is no word");
    let sides = ["type", "name", "description", "pattern", "action", "inputEnabled", "outputEnabled"];
    let pii = "sensitiveInformationPolicyConfig";
    keep.list::<PiiEntity>(pii, "piiEntitiesConfig", &sides, "this kind has no pattern and needs a model");
    keep.list::<RegexEntity>(pii, "regexesConfig", &sides, "its pattern is none here");
    keep.list::<ContentFilter>("contentPolicyConfig", "filtersConfig", &["type", "inputStrength"], "it needs a model");
    let lists = found.it.pointer("/wordPolicyConfig/managedWordListsConfig");
    let others = ["contextualGroundingPolicyConfig", "automatedReasoningPolicyConfig"]
        .into_iter()
        .filter(|key| found.it.get(key).is_some());
    for key in others.chain(lists.map(|_| "managedWordListsConfig")) {
        note(notes, &found.file, format!("guardrail: {key}"), "it needs a model or Bedrock's own lists");
    }
    note(
        notes,
        &found.file,
        "guardrail",
        "it is the whole bot's here, and found by words and patterns: with the id of Bedrock's own, set `guardrailConfiguration`",
    );
    whole.into()
}

struct Keep<'k> {
    found: &'k Named<Value>,
    whole: &'k mut Map<String, Value>,
    notes: &'k mut Vec<Note>,
}

impl Keep<'_> {
    /// Keeps the items of a policy's list that our own guardrail reads.
    fn list<T: DeserializeOwned>(&mut self, policy: &str, list: &str, keys: &[&str], why: &str) {
        let mut kept = Vec::new();
        for item in self.found.it.get(policy).and_then(|it| it.get(list)?.as_array()).into_iter().flatten() {
            let own: Map<String, Value> =
                keys.iter().filter_map(|key| Some(((*key).to_owned(), item.get(*key)?.clone()))).collect();
            let own = Value::Object(own);
            let empty = own.get("examples").and_then(Value::as_array).is_some_and(Vec::is_empty);
            if serde_json::from_value::<T>(own.clone()).is_ok() && !empty {
                kept.push(own);
            } else {
                let name = ["name", "type", "text"].iter().find_map(|key| item.get(*key)?.as_str()).unwrap_or("?");
                note(self.notes, &self.found.file, format!("guardrail: {list}: {name}"), why);
            }
        }
        if !kept.is_empty() {
            let policy = self.whole.entry(policy).or_insert_with(|| json!({}));
            drop(policy.as_object_mut().map(|policy| policy.insert(list.into(), kept.into())));
        }
    }
}
