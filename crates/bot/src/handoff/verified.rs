//! Whether a function that verifies the customer has answered without an error, read off the agents' traces.
//!
//! A trace of a result does not name its function, and results of calls side by side may come in any order: where another
//! function was called beside it, all of them must have answered well. Rather unknown than wrongly verified.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tried::{function, is_returned};

/// The calls of a turn that nothing has come back for, by collaborator.
#[derive(Debug, Default)]
pub(crate) struct Answers(BTreeMap<String, Calls>);

#[derive(Debug, Default)]
struct Calls {
    waiting: usize,
    verifying: bool,
    others: bool,
    failed: bool,
}

impl Answers {
    /// Takes a trace in: whether it shows that one of `functions` has answered without an error. Calls that control is
    /// returned for are not looked at: whoever executes them knows.
    pub(crate) fn see(&mut self, trace: &Value, functions: &[String]) -> bool {
        let who = trace.get("collaboratorName").and_then(Value::as_str).unwrap_or_default();
        if trace.pointer("/trace/failureTrace").is_some() {
            self.0.remove(who);
            return false;
        }
        let Some(step) = trace.pointer("/trace/orchestrationTrace") else { return false };
        if let Some(input) = step.pointer("/invocationInput/actionGroupInvocationInput") {
            if !is_returned(input) {
                let is_one = function(input).is_some_and(|name| functions.contains(&name));
                let calls = self.0.entry(who.to_owned()).or_default();
                calls.waiting += 1;
                calls.verifying |= is_one;
                calls.others |= !is_one;
            }
            return false;
        }
        let source = step.pointer("/observation/repromptResponse/source").and_then(Value::as_str);
        let failed = source == Some("ACTION_GROUP");
        if !failed && step.pointer("/observation/actionGroupInvocationOutput").is_none() {
            return false;
        }
        let Some(calls) = self.0.get_mut(who) else { return false };
        calls.waiting = calls.waiting.saturating_sub(1);
        calls.failed |= failed;
        let verified = calls.verifying && if calls.others { calls.waiting == 0 && !calls.failed } else { !failed };
        if calls.waiting == 0 {
            self.0.remove(who);
        }
        verified
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_good_answer_of_the_function_counts() {
        let part = |who: &str, step: Value| json!({"collaboratorName": who, "trace": {"orchestrationTrace": step}});
        let input =
            |who: &str, input: Value| part(who, json!({"invocationInput": {"actionGroupInvocationInput": input}}));
        let call = |who: &str, name: &str| input(who, json!({"function": name, "executionType": "LAMBDA"}));
        let good = |who: &str| part(who, json!({"observation": {"actionGroupInvocationOutput": {}}}));
        let bad = |who: &str| part(who, json!({"observation": {"repromptResponse": {"source": "ACTION_GROUP"}}}));
        let parser = |who: &str| part(who, json!({"observation": {"repromptResponse": {"source": "PARSER"}}}));
        let failure = json!({"collaboratorName": "a", "trace": {"failureTrace": {"failureReason": "x"}}});
        let api = input("a", json!({"verb": "post", "apiPath": "/pin"}));
        let returned = input("a", json!({"function": "verify", "executionType": "RETURN_CONTROL"}));
        let table = [
            (vec![call("a", "verify"), good("a")], true),
            (vec![api, good("a")], true),
            (vec![call("a", "verify"), bad("a")], false),
            (vec![call("a", "verify"), failure, good("a")], false),
            (vec![call("a", "verify")], false),
            (vec![call("a", "other"), good("a")], false),
            (vec![returned, good("a")], false),
            // A slip of the model's is no answer of the function.
            (vec![call("a", "verify"), parser("a")], false),
            (vec![call("a", "verify"), parser("a"), good("a")], true),
            // Whose answer it is, is known by who called.
            (vec![call("a", "verify"), call("b", "other"), good("b")], false),
            (vec![call("a", "verify"), bad("a"), call("a", "verify"), good("a")], true),
            // Side by side, in whichever order they answer.
            (vec![call("a", "verify"), call("a", "other"), good("a")], false),
            (vec![call("a", "verify"), call("a", "other"), good("a"), bad("a")], false),
            (vec![call("a", "verify"), call("a", "other"), bad("a"), good("a")], false),
            (vec![call("a", "verify"), call("a", "other"), good("a"), good("a")], true),
            (vec![call("a", "verify"), call("a", "verify"), bad("a"), good("a")], true),
            (vec![json!(null), json!({"trace": {}})], false),
        ];
        let functions = ["verify".to_owned(), "POST /pin".to_owned()];
        for (traces, expected) in table {
            let mut answers = Answers::default();
            // Every trace is looked at, whatever came of those before.
            let seen: Vec<bool> = traces.iter().map(|trace| answers.see(trace, &functions)).collect();
            let seen = seen.contains(&true);
            assert_eq!(seen, expected, "{traces:?}");
        }
    }
}
