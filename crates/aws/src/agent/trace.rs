//! A trace of `InvokeAgent` in Bedrock's JSON, as far as the bot reads it: which function is called, and by whom. What
//! was said stays behind.

use aws_sdk_bedrockagentruntime::types::{InvocationInput, OrchestrationTrace, Trace, TracePart};
use serde_json::{Map, Value, json};

/// The trace of a call; none for anything else.
pub(super) fn of_call(part: TracePart) -> Option<Value> {
    let Some(Trace::OrchestrationTrace(OrchestrationTrace::InvocationInput(input))) = part.trace else { return None };
    let InvocationInput { action_group_invocation_input: function, knowledge_base_lookup_input: lookup, .. } = input;
    let input = match (function, lookup) {
        (Some(it), _) => json!({"actionGroupInvocationInput": members([
            ("actionGroupName", it.action_group_name),
            ("function", it.function),
            ("verb", it.verb),
            ("apiPath", it.api_path),
        ])}),
        (None, Some(_)) => json!({"knowledgeBaseLookupInput": {}}),
        (None, None) => return None,
    };
    let mut trace = members([("agentId", part.agent_id), ("collaboratorName", part.collaborator_name)]);
    trace.insert("trace".into(), json!({"orchestrationTrace": {"invocationInput": input}}));
    Some(Value::Object(trace))
}

fn members<const N: usize>(given: [(&str, Option<String>); N]) -> Map<String, Value> {
    given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect()
}
