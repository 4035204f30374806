//! Return of control: what goes out, and what is accepted as its results.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Run, history,
    state::{CallState, Control, ControlInput, Frame, Phase, What},
};
use crate::{
    definition::operation::{ArgumentPlace, Operation},
    ports::Ids,
    runtime::{
        ApiInvocationInput, ApiRequestBody, FunctionInvocationInput, FunctionParameter, InvocationInput,
        InvocationResult, PropertyParameters, ReturnControl,
    },
};

/// Bedrock's limit of inputs in one return of control.
const MAX_INPUTS: usize = 5;

/// Why results are not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// They do not fit what was returned. Nothing was changed.
    #[error("{0}")]
    Mismatch(String),
    /// The caller reports `FAILURE`. The turn was ended; its calls were answered with an error.
    #[error("the caller reports that a function failed")]
    Failure,
}

impl Run {
    /// What goes out when nothing else can be done.
    pub(super) fn return_control(&mut self, ids: &dyn Ids) -> Option<ReturnControl> {
        if let Some(control) = &self.turn()?.control {
            return Some(outgoing(control));
        }
        let mut inputs = Vec::new();
        for (id, frame) in &self.turn()?.frames {
            let Phase::Calls(calls) = &frame.phase else { continue };
            for call in calls {
                if let What::Function { tool, arguments } = &call.what
                    && let Some(input) = self.invocation_input(frame, tool, arguments, &call.state)
                {
                    inputs.push(ControlInput { frame: *id, call: call.id.clone(), input });
                }
            }
        }
        inputs.truncate(MAX_INPUTS);
        if inputs.is_empty() {
            return None;
        }
        let control = Control { invocation_id: ids.new_id(), inputs };
        self.trace_outgoing(&control);
        let outgoing = outgoing(&control);
        self.turn_mut()?.control = Some(control);
        Some(outgoing)
    }

    fn invocation_input(
        &self,
        frame: &Frame,
        tool: &str,
        arguments: &[(String, String, String)],
        state: &CallState,
    ) -> Option<InvocationInput> {
        let member = self.team.member(&frame.agent)?;
        let function = member.function(tool)?;
        let action_invocation_type = match state {
            CallState::Control if function.confirm => "USER_CONFIRMATION_AND_RESULT",
            CallState::Control => "RESULT",
            CallState::Confirm => "USER_CONFIRMATION",
            _ => return None,
        };
        let (action_group, agent_id) = (function.action_group.clone(), member.id.clone());
        let action_invocation_type = action_invocation_type.to_owned();
        let collaborator_name = member.collaborator_name().map(str::to_owned);
        Some(match &function.operation {
            Some(operation) => {
                let (parameters, body) = placed(operation, arguments);
                let request_body = body.map(|(mime, properties)| ApiRequestBody {
                    content: BTreeMap::from([(mime, PropertyParameters { properties })]),
                });
                InvocationInput::ApiInvocationInput(ApiInvocationInput {
                    action_group,
                    action_invocation_type,
                    agent_id,
                    collaborator_name,
                    api_path: operation.path.clone(),
                    http_method: operation.method.clone(),
                    parameters,
                    request_body,
                })
            }
            None => InvocationInput::FunctionInvocationInput(FunctionInvocationInput {
                action_group,
                action_invocation_type,
                agent_id,
                collaborator_name,
                function: function.function.clone(),
                parameters: arguments.iter().map(parameter).collect(),
            }),
        })
    }

    fn trace_outgoing(&mut self, control: &Control) {
        for input in &control.inputs {
            let Some(frame) = self.frame(input.frame) else { continue };
            let Phase::Calls(calls) = &frame.phase else { continue };
            let Some(call) = calls.iter().find(|call| call.id == input.call) else { continue };
            if let What::Function { tool, arguments } = call.what.clone() {
                let agent = frame.agent.clone();
                self.trace_function(&agent, &tool, &arguments, Some(&control.invocation_id));
            }
        }
        self.trace_control(&control.invocation_id, &control.inputs);
    }

    /// The results of a return of control.
    ///
    /// # Errors
    /// When they do not fit (nothing was changed), or report a failure (the turn was ended).
    pub fn resume(&mut self, invocation_id: Option<&str>, results: &[InvocationResult]) -> Result<(), ControlError> {
        let control = self.turn().and_then(|turn| turn.control.clone());
        let Some(control) = control.filter(|control| invocation_id.is_none_or(|id| id == control.invocation_id)) else {
            return Err(unexpected(results.first(), invocation_id.unwrap_or_default()));
        };
        let matched = pair(&control, results)?;
        let raw: Vec<Value> = results.iter().map(|result| json!(result)).collect();
        self.trace_resume(&control.invocation_id, &control.inputs, &raw);
        if results.iter().any(|result| result.response_state() == Some("FAILURE")) {
            self.cancel_turn("The function failed.");
            return Err(ControlError::Failure);
        }
        if let Some(turn) = self.turn_mut() {
            turn.control = None;
        }
        self.part_with_told();
        for (input, result) in matched {
            self.accept(input, result);
        }
        Ok(())
    }

    fn accept(&mut self, input: &ControlInput, result: &InvocationResult) {
        let denied = result.confirmation_state() == Some("DENY");
        let confirm_only = input.input.action_invocation_type() == "USER_CONFIRMATION";
        let Some(agent) = self.frame(input.frame).map(|frame| frame.agent.clone()) else { return };
        if confirm_only && result.confirmation_state() == Some("CONFIRM") {
            if let Some(Frame { phase: Phase::Calls(calls), .. }) = self.frame_mut(input.frame)
                && let Some(call) = calls.iter_mut().find(|call| call.id == input.call)
            {
                call.state = CallState::Due;
                if let What::Function { tool, arguments } = call.what.clone() {
                    self.trace_function(&agent, &tool, &arguments, None);
                }
            }
            return;
        }
        let text = if denied { "The customer does not want this to be done." } else { result.body() };
        let error = denied || confirm_only || result.is_error();
        self.trace_function_result(&agent, text, error);
        self.done(input.frame, history::result(&input.call, text, error));
    }
}

/// Arguments as an operation's call has them: parameters, and the body's media type and properties.
pub(super) fn placed(
    operation: &Operation,
    arguments: &[(String, String, String)],
) -> (Vec<FunctionParameter>, Option<(String, Vec<FunctionParameter>)>) {
    let (body, parameters): (Vec<_>, Vec<_>) =
        arguments.iter().partition(|(name, ..)| operation.place(name) == Some(ArgumentPlace::Body));
    let named = |argument: &(String, String, String)| FunctionParameter {
        name: operation.wire_name(&argument.0).to_owned(),
        ..parameter(argument)
    };
    let body = operation.body.clone().map(|mime| (mime, body.into_iter().map(named).collect()));
    (parameters.into_iter().map(named).collect(), body)
}

fn parameter((name, r#type, value): &(String, String, String)) -> FunctionParameter {
    FunctionParameter { name: name.clone(), r#type: r#type.clone(), value: value.clone() }
}

fn outgoing(control: &Control) -> ReturnControl {
    ReturnControl {
        invocation_id: control.invocation_id.clone(),
        invocation_inputs: control.inputs.iter().map(|input| input.input.clone()).collect(),
    }
}

/// Brings each input together with its result; alike ones in their order.
fn pair<'c, 'r>(
    control: &'c Control,
    results: &'r [InvocationResult],
) -> Result<Vec<(&'c ControlInput, &'r InvocationResult)>, ControlError> {
    let mut waiting: Vec<&ControlInput> = control.inputs.iter().collect();
    let mut matched = Vec::new();
    for result in results {
        let Some(index) = waiting.iter().position(|input| result.answers(&input.input)) else {
            return Err(unexpected(Some(result), &control.invocation_id));
        };
        let input = waiting.remove(index);
        let (confirmation, state) = (result.confirmation_state(), result.response_state());
        let name = named(&input.input);
        if !matches!(confirmation, None | Some("CONFIRM" | "DENY"))
            || !matches!(state, None | Some("FAILURE" | "REPROMPT"))
        {
            let text = format!("Validation failed: Unknown confirmationState or responseState for {name}");
            return Err(ControlError::Mismatch(text));
        }
        if input.input.action_invocation_type() != "RESULT" && confirmation.is_none() && state.is_none() {
            let text = format!("Validation failed: Missing confirmationState for {name}");
            return Err(ControlError::Mismatch(text));
        }
        matched.push((input, result));
    }
    if waiting.is_empty() {
        return Ok(matched);
    }
    let missing: Vec<String> = waiting.iter().map(|input| named(&input.input)).collect();
    Err(ControlError::Mismatch(format!(
        "Validation failed: Missing results for {} for invocationId: {}",
        missing.join(", "),
        control.invocation_id
    )))
}

fn named(input: &InvocationInput) -> String {
    format!("actionGroup: {} and function : {}", input.action_group(), input.called())
}

/// In the service's wording.
fn unexpected(result: Option<&InvocationResult>, invocation_id: &str) -> ControlError {
    let group = result.map(InvocationResult::action_group).unwrap_or_default();
    let function = result.map(InvocationResult::called).unwrap_or_default();
    ControlError::Mismatch(format!(
        "Validation failed: Unexpected actionGroup: {group} or function : {function} encountered for invocationId: {invocation_id}"
    ))
}
