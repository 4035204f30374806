//! A trace of `InvokeAgent` in Bedrock's JSON, as far as it is read: which function is called, by whom, and whether it answered. What was said
//! stays behind, unless all of it is asked for, as by a test.

use aws_sdk_bedrockagentruntime::types::{
    ActionGroupInvocationInput, Attribution, Citation, InvocationInput, Observation, OrchestrationTrace, Parameter,
    RetrievedReference, Source, Trace, TracePart,
};
use serde_json::{Map, Value, json};

use crate::knowledge;

/// How much of the traces is handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Traces {
    /// None: they are not asked for.
    None,
    /// Which functions are called, and whether they answered.
    Calls,
    /// Also with which arguments, what came back, and which collaborator is at work.
    Whole,
}

/// The trace of a call, or of an answer without what it says; none for anything else.
pub(super) fn of_call(part: TracePart) -> Option<Value> {
    let body = match part.trace? {
        Trace::OrchestrationTrace(OrchestrationTrace::InvocationInput(input)) => {
            let function = input.action_group_invocation_input;
            let input = match (function, input.knowledge_base_lookup_input) {
                (Some(it), _) => json!({"actionGroupInvocationInput": called(it)}),
                (None, Some(_)) => json!({"knowledgeBaseLookupInput": {}}),
                (None, None) => return None,
            };
            json!({"orchestrationTrace": {"invocationInput": input}})
        }
        Trace::OrchestrationTrace(OrchestrationTrace::Observation(it)) => {
            let observation = match (it.action_group_invocation_output, it.reprompt_response) {
                (Some(_), _) => json!({"actionGroupInvocationOutput": {}}),
                (None, Some(it)) => json!({"repromptResponse": reprompt(it.source.as_ref(), None)}),
                (None, None) => return None,
            };
            json!({"orchestrationTrace": {"observation": observation}})
        }
        Trace::FailureTrace(_) => json!({"failureTrace": {}}),
        _ => return None,
    };
    let mut trace = members([("agentId", part.agent_id), ("collaboratorName", part.collaborator_name)]);
    trace.insert("trace".into(), body);
    Some(Value::Object(trace))
}

fn reprompt(source: Option<&Source>, text: Option<String>) -> Map<String, Value> {
    members([("source", source.map(|source| source.as_str().to_owned())), ("text", text)])
}

/// The trace with what was said: of a call, of what came back, and of anything else who is at work.
pub(super) fn whole(part: TracePart) -> Value {
    let mut trace = members([("agentId", part.agent_id), ("collaboratorName", part.collaborator_name)]);
    let body = match part.trace {
        Some(Trace::OrchestrationTrace(OrchestrationTrace::InvocationInput(InvocationInput {
            action_group_invocation_input: Some(mut it),
            ..
        }))) => {
            let own = it.parameters.take();
            let body = it.request_body.take().and_then(|body| body.content).unwrap_or_default();
            let parameters: Vec<Value> =
                own.into_iter().flatten().chain(body.into_values().flatten()).map(parameter).collect();
            let more = [("invocationId", it.invocation_id.take())];
            let mut input = called(it);
            input.extend(members(more));
            input.insert("parameters".into(), parameters.into());
            json!({"orchestrationTrace": {"invocationInput": {"actionGroupInvocationInput": input}}})
        }
        Some(Trace::OrchestrationTrace(OrchestrationTrace::Observation(Observation {
            action_group_invocation_output: Some(output),
            ..
        }))) => {
            let output = members([("text", output.text)]);
            json!({"orchestrationTrace": {"observation": {"actionGroupInvocationOutput": output}}})
        }
        Some(Trace::OrchestrationTrace(OrchestrationTrace::Observation(Observation {
            reprompt_response: Some(it),
            ..
        }))) => {
            json!({"orchestrationTrace": {"observation": {"repromptResponse": reprompt(it.source.as_ref(), it.text)}}})
        }
        Some(Trace::FailureTrace(_)) => json!({"failureTrace": {}}),
        _ => json!({}),
    };
    trace.insert("trace".into(), body);
    Value::Object(trace)
}

/// The citations of a chunk, as JSON; none where there are none.
pub(super) fn citations(attribution: Attribution) -> Option<Value> {
    let reference = |it: RetrievedReference| knowledge::reference(it.content?, it.location, it.metadata);
    let citation = |it: Citation| {
        let part = it.generated_response_part.and_then(|part| part.text_response_part);
        let (text, span) = part.map(|part| (part.text, part.span)).unwrap_or_default();
        let span = span.map(|span| json!({"start": span.start, "end": span.end}));
        let part =
            json!({"text": text.unwrap_or_default(), "span": span.unwrap_or_else(|| json!({"start": 0, "end": 0}))});
        let references: Vec<_> = it.retrieved_references.into_iter().flatten().filter_map(reference).collect();
        json!({"generatedResponsePart": {"textResponsePart": part}, "retrievedReferences": references})
    };
    let citations: Vec<Value> = attribution.citations.into_iter().flatten().map(citation).collect();
    (!citations.is_empty()).then(|| citations.into())
}

fn called(it: ActionGroupInvocationInput) -> Map<String, Value> {
    members([
        ("actionGroupName", it.action_group_name),
        ("function", it.function),
        ("verb", it.verb),
        ("apiPath", it.api_path),
        ("executionType", it.execution_type.map(|kind| kind.as_str().to_owned())),
    ])
}

fn parameter(it: Parameter) -> Value {
    Value::Object(members([("name", it.name), ("type", it.r#type), ("value", it.value)]))
}

fn members<const N: usize>(given: [(&str, Option<String>); N]) -> Map<String, Value> {
    given.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect()
}
