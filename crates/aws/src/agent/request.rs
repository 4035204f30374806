//! Bedrock's shapes of a question and of return control, from and to the bot's.

use aws_sdk_bedrockagentruntime::types as aws;
use relevo_bot::ports::{
    AgentError, AgentEvent, Confirmation, ConfirmationAnswer, FunctionInput, FunctionResult, Input, Question,
    RequestBody, ResultState, operation,
};

/// The body's key of a function's result, and of an API's.
const TEXT: &str = "TEXT";
const JSON: &str = "application/json";

/// `sessionState` of a question.
pub(super) fn state(question: &Question) -> Result<aws::SessionState, AgentError> {
    let owned = |(name, value): (&String, &String)| (name.clone(), value.clone());
    let some =
        |map: &std::collections::BTreeMap<String, String>| (!map.is_empty()).then(|| map.iter().map(owned).collect());
    let state = aws::SessionState::builder()
        .set_session_attributes(some(&question.session_attributes))
        .set_prompt_session_attributes(some(&question.prompt_session_attributes));
    let state = match &question.input {
        Input::Text(_) => state,
        Input::Results { invocation_id, results } => {
            let results = results.iter().map(result).collect::<Result<Vec<_>, _>>()?;
            state.invocation_id(invocation_id).set_return_control_invocation_results(Some(results))
        }
    };
    Ok(state.build())
}

fn result(result: &FunctionResult) -> Result<aws::InvocationResultMember, AgentError> {
    let body = aws::ContentBody::builder().body(&result.body).build();
    let state = match result.state {
        ResultState::Done => None,
        ResultState::Failure => Some(aws::ResponseState::Failure),
        ResultState::Reprompt => Some(aws::ResponseState::Reprompt),
    };
    let confirmation = result.confirmation.map(|answer| match answer {
        ConfirmationAnswer::Confirm => aws::ConfirmationState::Confirm,
        ConfirmationAnswer::Deny => aws::ConfirmationState::Deny,
    });
    let unbuilt = |_| AgentError::Refused("a result without an action group".into());
    if let Some((method, path)) = operation(&result.function) {
        let status = match result.state {
            ResultState::Done => 200,
            ResultState::Failure => 500,
            ResultState::Reprompt => 400,
        };
        let result = aws::ApiResult::builder()
            .action_group(&result.action_group)
            .http_method(method)
            .api_path(path)
            .http_status_code(status)
            .set_agent_id(result.agent_id.clone())
            .set_response_state(state)
            .set_confirmation_state(confirmation)
            .response_body(JSON, body)
            .build();
        return result.map(aws::InvocationResultMember::ApiResult).map_err(unbuilt);
    }
    let result = aws::FunctionResult::builder()
        .action_group(&result.action_group)
        .function(&result.function)
        .set_agent_id(result.agent_id.clone())
        .set_response_state(state)
        .set_confirmation_state(confirmation)
        .response_body(TEXT, body)
        .build();
    result.map(aws::InvocationResultMember::FunctionResult).map_err(unbuilt)
}

/// A `returnControl` event; an error when there is nothing in it that can be done.
pub(super) fn return_control(payload: aws::ReturnControlPayload) -> Result<AgentEvent, AgentError> {
    let unusable = |what: &str| AgentError::Unavailable(format!("return control {what}"));
    let invocation_id = payload.invocation_id.filter(|id| !id.is_empty()).ok_or_else(|| unusable("without an id"))?;
    let given = payload.invocation_inputs.unwrap_or_default();
    let inputs: Option<Vec<_>> = given.into_iter().map(input).collect();
    // An answer must have a result for each input: with one unknown input the others cannot be answered either.
    let inputs = inputs.ok_or_else(|| unusable("with an unknown input"))?;
    if inputs.is_empty() {
        return Err(unusable("without an input"));
    }
    Ok(AgentEvent::ReturnControl { invocation_id, inputs })
}

fn input(member: aws::InvocationInputMember) -> Option<FunctionInput> {
    match member {
        aws::InvocationInputMember::FunctionInvocationInput(input) => Some(FunctionInput {
            action_group: input.action_group,
            function: input.function.filter(|name| !name.is_empty())?,
            agent_id: input.agent_id,
            collaborator_name: input.collaborator_name,
            parameters: named(input.parameters.unwrap_or_default().into_iter().map(|it| (it.name, it.value))),
            body: None,
            confirmation: confirmation(input.action_invocation_type.as_ref()),
        }),
        aws::InvocationInputMember::ApiInvocationInput(input) => {
            let function = format!("{} {}", input.http_method?.to_uppercase(), input.api_path?);
            operation(&function)?;
            let parameters = input.parameters.unwrap_or_default().into_iter().map(|it| (it.name, it.value));
            let bodies = input.request_body.and_then(|it| it.content).unwrap_or_default().into_iter();
            // One body goes out; of several media types the first by name.
            let body = bodies.min_by(|one, other| one.0.cmp(&other.0)).map(|(content_type, body)| RequestBody {
                content_type,
                properties: named(body.properties.unwrap_or_default().into_iter().map(|it| (it.name, it.value))),
            });
            Some(FunctionInput {
                action_group: input.action_group,
                function,
                agent_id: input.agent_id,
                collaborator_name: input.collaborator_name,
                parameters: named(parameters),
                body,
                confirmation: confirmation(input.action_invocation_type.as_ref()),
            })
        }
        _ => None,
    }
}

/// Parameters that have a name; one without a value is empty.
fn named(given: impl Iterator<Item = (Option<String>, Option<String>)>) -> Vec<(String, String)> {
    given.filter_map(|(name, value)| Some((name?, value.unwrap_or_default()))).collect()
}

fn confirmation(kind: Option<&aws::ActionInvocationType>) -> Confirmation {
    match kind {
        Some(aws::ActionInvocationType::UserConfirmation) => Confirmation::Ask,
        Some(aws::ActionInvocationType::UserConfirmationAndResult) => Confirmation::AskAndRun,
        _ => Confirmation::NotNeeded,
    }
}
