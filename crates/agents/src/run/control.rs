//! Return of control: what goes out, and what is accepted as its results.

use serde_json::{Value, json};

use super::{
    Run, history,
    state::{CallState, Control, ControlInput, Frame, Phase, What},
};
use crate::{
    ports::Ids,
    runtime::{
        FunctionInvocationInput, FunctionParameter, FunctionResult, InvocationInput, InvocationResult, ReturnControl,
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
        let parameter = |(name, r#type, value): &(String, String, String)| FunctionParameter {
            name: name.clone(),
            r#type: r#type.clone(),
            value: value.clone(),
        };
        Some(InvocationInput::FunctionInvocationInput(FunctionInvocationInput {
            action_group: function.action_group.clone(),
            action_invocation_type: action_invocation_type.to_owned(),
            agent_id: member.id.clone(),
            collaborator_name: member.collaborator_name().map(str::to_owned),
            function: function.function.clone(),
            parameters: arguments.iter().map(parameter).collect(),
        }))
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
        let results: Vec<&FunctionResult> =
            results.iter().map(|InvocationResult::FunctionResult(result)| result).collect();
        let control = self.turn().and_then(|turn| turn.control.clone());
        let Some(control) = control.filter(|control| invocation_id.is_none_or(|id| id == control.invocation_id)) else {
            return Err(unexpected(results.first().copied(), invocation_id.unwrap_or_default()));
        };
        let matched = pair(&control, &results)?;
        let raw: Vec<Value> = results.iter().map(|result| json!({"functionResult": result})).collect();
        self.trace_resume(&control.invocation_id, &control.inputs, &raw);
        if results.iter().any(|result| result.response_state.as_deref() == Some("FAILURE")) {
            self.cancel_turn("The function failed.");
            return Err(ControlError::Failure);
        }
        if let Some(turn) = self.turn_mut() {
            turn.control = None;
        }
        for (input, result) in matched {
            self.accept(input, result);
        }
        Ok(())
    }

    fn accept(&mut self, input: &ControlInput, result: &FunctionResult) {
        let InvocationInput::FunctionInvocationInput(asked) = &input.input;
        let denied = result.confirmation_state.as_deref() == Some("DENY");
        let confirm_only = asked.action_invocation_type == "USER_CONFIRMATION";
        let Some(agent) = self.frame(input.frame).map(|frame| frame.agent.clone()) else { return };
        if confirm_only && result.confirmation_state.as_deref() == Some("CONFIRM") {
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
        let text = if denied { "The customer does not want this to be done.".to_owned() } else { body(result) };
        let error = denied || confirm_only || result.response_state.as_deref() == Some("REPROMPT");
        self.trace_function_result(&agent, &text);
        self.done(input.frame, history::result(&input.call, &text, error));
    }
}

fn outgoing(control: &Control) -> ReturnControl {
    ReturnControl {
        invocation_id: control.invocation_id.clone(),
        invocation_inputs: control.inputs.iter().map(|input| input.input.clone()).collect(),
    }
}

/// The text of a result: `TEXT` where it is given, else any body.
fn body(result: &FunctionResult) -> String {
    let body = result.response_body.get("TEXT").or_else(|| result.response_body.values().next());
    body.and_then(|content| content.get("body")).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// Brings each input together with its result; alike ones in their order.
fn pair<'c, 'r>(
    control: &'c Control,
    results: &[&'r FunctionResult],
) -> Result<Vec<(&'c ControlInput, &'r FunctionResult)>, ControlError> {
    let mut waiting: Vec<&ControlInput> = control.inputs.iter().collect();
    let mut matched = Vec::new();
    for result in results {
        let fits = |input: &&ControlInput| {
            let InvocationInput::FunctionInvocationInput(asked) = &input.input;
            asked.action_group == result.action_group
                && result.function.as_ref().is_none_or(|function| *function == asked.function)
                && result.agent_id.as_ref().is_none_or(|agent| *agent == asked.agent_id)
        };
        let Some(index) = waiting.iter().position(fits) else {
            return Err(unexpected(Some(result), &control.invocation_id));
        };
        let input = waiting.remove(index);
        let InvocationInput::FunctionInvocationInput(asked) = &input.input;
        let confirmation = result.confirmation_state.as_deref();
        let state = result.response_state.as_deref();
        let name = format!("actionGroup: {} and function : {}", asked.action_group, asked.function);
        if !matches!(confirmation, None | Some("CONFIRM" | "DENY"))
            || !matches!(state, None | Some("FAILURE" | "REPROMPT"))
        {
            let text = format!("Validation failed: Unknown confirmationState or responseState for {name}");
            return Err(ControlError::Mismatch(text));
        }
        if asked.action_invocation_type != "RESULT" && confirmation.is_none() && state.is_none() {
            let text = format!("Validation failed: Missing confirmationState for {name}");
            return Err(ControlError::Mismatch(text));
        }
        matched.push((input, *result));
    }
    if waiting.is_empty() {
        return Ok(matched);
    }
    let missing: Vec<String> = waiting
        .iter()
        .map(|input| {
            let InvocationInput::FunctionInvocationInput(asked) = &input.input;
            format!("actionGroup: {} and function : {}", asked.action_group, asked.function)
        })
        .collect();
    Err(ControlError::Mismatch(format!(
        "Validation failed: Missing results for {} for invocationId: {}",
        missing.join(", "),
        control.invocation_id
    )))
}

/// In the service's wording.
fn unexpected(result: Option<&FunctionResult>, invocation_id: &str) -> ControlError {
    let group = result.map(|result| result.action_group.as_str()).unwrap_or_default();
    let function = result.and_then(|result| result.function.as_deref()).unwrap_or_default();
    ControlError::Mismatch(format!(
        "Validation failed: Unexpected actionGroup: {group} or function : {function} encountered for invocationId: {invocation_id}"
    ))
}
