//! Reads `sessionState`. Members nobody knows are ignored; members we know and cannot honour are refused.

use relevo_agents::runtime::{FunctionResult, InvocationResult, SessionState};
use serde_json::{Value, json};

use crate::input::Members;

const ANY: std::ops::RangeInclusive<u64> = 0..=u64::MAX;

/// Members of the service model that would change the answer and have no meaning here.
const NOT_SUPPORTED: [&str; 3] = ["conversationHistory", "files", "knowledgeBaseConfigurations"];

pub(super) fn read(state: &Members<'_>) -> SessionState {
    for name in NOT_SUPPORTED {
        let given = state.value(name).is_some_and(|value| !matches!(value, Value::Array(list) if list.is_empty()));
        if given {
            state.faults().constraint(&state.path_of(name), "This member is not supported by Relevo");
        }
    }
    SessionState {
        session_attributes: state.texts("sessionAttributes", &ANY, &ANY),
        prompt_session_attributes: state.texts("promptSessionAttributes", &ANY, &ANY),
        invocation_id: state.text("invocationId", &ANY),
        return_control_invocation_results: state
            .list_of_structures("returnControlInvocationResults", &(1..=5))
            .iter()
            .filter_map(result)
            .collect(),
    }
}

/// One member of the union `InvocationResultMember`: exactly one of `functionResult` and `apiResult`.
fn result(member: &Members<'_>) -> Option<InvocationResult> {
    if member.value("apiResult").is_some() {
        member.faults().constraint(&member.path_of("apiResult"), "API results are not supported by Relevo");
        return None;
    }
    let result = member.required_structure("functionResult")?;
    Some(InvocationResult::FunctionResult(FunctionResult {
        action_group: result.required_text("actionGroup", &ANY),
        agent_id: result.text("agentId", &ANY),
        function: result.text("function", &ANY),
        confirmation_state: word(&result, "confirmationState", ["CONFIRM", "DENY"]),
        response_state: word(&result, "responseState", ["FAILURE", "REPROMPT"]),
        response_body: result
            .structures("responseBody")
            .into_iter()
            .map(|(content_type, body)| (content_type, content(&body)))
            .collect(),
    }))
}

fn word(members: &Members<'_>, name: &str, words: [&'static str; 2]) -> Option<String> {
    members.word(name, &words.map(|word| (word, word))).map(str::to_owned)
}

/// `ContentBody`: its text. Images are for models that see; none of ours is asked to.
fn content(body: &Members<'_>) -> Value {
    if body.value("images").is_some() {
        body.faults().constraint(&body.path_of("images"), "Images are not supported by Relevo");
    }
    match body.text("body", &ANY) {
        Some(text) => json!({ "body": text }),
        None => json!({}),
    }
}
