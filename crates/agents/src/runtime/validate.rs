//! What can be told of a request before anything is done.

use super::{AgentError, InvokeAgent};

const MAX_INPUT_CHARACTERS: usize = 25_000_000;

/// What a valid request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The customer says something.
    Input,
    /// Results of a return of control.
    Results,
    /// Only that the session ends.
    End,
}

/// Looks at ids, lengths and counts.
pub(super) fn validate(request: &InvokeAgent) -> Result<Wanted, AgentError> {
    let id = &request.session_id;
    let length = id.chars().count();
    if !(2..=100).contains(&length) {
        return Err(constraint("sessionId", id, "Member must have length between 2 and 100, inclusive"));
    }
    if !id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._:-".contains(&b)) {
        return Err(constraint("sessionId", id, "Member must satisfy regular expression pattern: [0-9a-zA-Z._:-]+"));
    }
    let results = &request.session_state.return_control_invocation_results;
    match results.len() {
        0 => {}
        1..=5 => return Ok(Wanted::Results),
        _ => {
            let member = "sessionState.returnControlInvocationResults";
            return Err(constraint(member, "[...]", "Member must have length less than or equal to 5"));
        }
    }
    let text = request.input_text.as_deref().unwrap_or_default();
    if text.len() > MAX_INPUT_CHARACTERS && text.chars().count() > MAX_INPUT_CHARACTERS {
        let limit = format!("Member must have length less than or equal to {MAX_INPUT_CHARACTERS}");
        return Err(constraint("inputText", "...", &limit));
    }
    match (text.trim().is_empty(), request.end_session) {
        (false, _) => Ok(Wanted::Input),
        (true, true) => Ok(Wanted::End),
        (true, false) => Err(constraint("inputText", "", "Member must not be empty when no results are given")),
    }
}

fn constraint(member: &str, value: &str, rule: &str) -> AgentError {
    AgentError::validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {rule}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::{AgentErrorKind, FunctionResult, InvocationResult, SessionState};

    fn request(session_id: &str, text: Option<&str>) -> InvokeAgent {
        InvokeAgent { session_id: session_id.into(), input_text: text.map(Into::into), ..InvokeAgent::default() }
    }

    #[test]
    fn ids_and_texts() {
        assert_eq!(validate(&request("a1", Some("hola"))).unwrap(), Wanted::Input);
        let uuid = "7b175a17-0b01-4a8f-bb3f-a5abbbd35149";
        assert_eq!(validate(&request(uuid, Some("hola"))).unwrap(), Wanted::Input);
        for (id, text) in [("a", Some("x")), ("a b", Some("x")), ("a/b", Some("x")), ("ab", None), ("ab", Some(" \n"))]
        {
            assert_eq!(validate(&request(id, text)).unwrap_err().kind, AgentErrorKind::Validation, "{id:?} {text:?}");
        }
        assert!(validate(&request(&"a".repeat(100), Some("x"))).is_ok());
        assert!(validate(&request(&"a".repeat(101), Some("x"))).is_err());
    }

    #[test]
    fn results_come_before_text() {
        let result = InvocationResult::FunctionResult(FunctionResult {
            action_group: "g".into(),
            agent_id: None,
            function: None,
            confirmation_state: None,
            response_state: None,
            response_body: std::collections::BTreeMap::new(),
        });
        let mut with = request("ab", Some("x"));
        let state = |count| SessionState {
            return_control_invocation_results: vec![result.clone(); count],
            ..SessionState::default()
        };
        with.session_state = state(5);
        assert_eq!(validate(&with).unwrap(), Wanted::Results);
        with.session_state = state(6);
        assert!(validate(&with).is_err());
        let end = InvokeAgent { end_session: true, ..request("ab", None) };
        assert_eq!(validate(&end).unwrap(), Wanted::End);
    }
}
